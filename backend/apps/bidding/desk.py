"""The desk: every command waits at its auction's desk; one transaction takes all that wait.

Group commit (docs/adr/0003): a hot auction pays one lock and one flushed commit per batch, not
per bid, and gets faster with more bidders. Arrival order is kept. Across processes the row lock
serialises desks. Commit, then acknowledge, then publish: in that order, here and nowhere else.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from django.conf import settings
from django.db import close_old_connections

from apps.bidding.services import Accepted, Batch, Outcome, let_time_pass, place_bids
from apps.core.outbox import dispatch
from domain.commands import Command

Runner = Callable[[int, Sequence[Command]], Iterator[Batch]]


class DeskFull(Exception):
    """Too many commands wait for this auction; the door answers 503 with Retry-After."""


@dataclass(slots=True)
class _Waiting:
    command: Command
    future: "Future[Accepted] | asyncio.Future[Accepted]"
    loop: asyncio.AbstractEventLoop | None = None


@dataclass(slots=True)
class BidDesk:
    """Per-auction queues in front of the bid service. `threads` drain queues of async callers."""

    run: Runner = place_bids
    threads: int = 4
    _queues: dict[int, deque[_Waiting]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(init=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="desk")

    def ask(self, auction_id: int, command: Command) -> Accepted:
        """Run a command from a thread and return its outcome; raises Refused, DeskFull.

        Who finds the desk idle drains it himself, up to his own command.
        """
        future: Future[Accepted] = Future()
        if self._join(auction_id, _Waiting(command, future)):
            self._drain(auction_id, until=future)
        return future.result()

    def let_time_pass(self, auction_ids: Sequence[int]) -> int:
        """Open, warn and close what is due; returns for how many auctions anything happened.

        Needs no queue: an auction somebody is busy with is left to him, by its row's lock.
        """
        told = let_time_pass(auction_ids)
        for auction_id, events in told.items():
            dispatch(auction_id, events)
        return sum(bool(events) for events in told.values())

    async def answer(self, auction_id: int, command: Command) -> Accepted:
        """Run a command from an event loop; raises Refused, DeskFull."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Accepted] = loop.create_future()
        if self._join(auction_id, _Waiting(command, future, loop)):
            self._pool.submit(self._drain_in_pool, auction_id)
        return await future

    def _join(self, auction_id: int, waiting: _Waiting) -> bool:
        """Queue up; True for whoever has to drain because nobody does."""
        with self._lock:
            queue = self._queues.get(auction_id)
            if queue is None:
                self._queues[auction_id] = deque((waiting,))
                return True
            if len(queue) >= settings.DESK_QUEUE_MAX:
                raise DeskFull
            queue.append(waiting)
            return False

    def _take(self, auction_id: int) -> list[_Waiting]:
        """Take the next batch; none left closes the desk until somebody joins again."""
        with self._lock:
            queue = self._queues[auction_id]
            if not queue:
                del self._queues[auction_id]
                return []
            return [queue.popleft() for _ in range(min(len(queue), settings.DESK_BATCH_MAX))]

    def _somebody_waits(self, auction_id: int) -> bool:
        with self._lock:
            return bool(self._queues[auction_id])

    def _drain_in_pool(self, auction_id: int) -> None:
        try:
            self._drain(auction_id)
        finally:
            close_old_connections()  # PostgreSQL: back to the pool; SQLite keeps its own

    def _drain(self, auction_id: int, until: "Future[Accepted] | None" = None) -> None:
        while waiting := self._take(auction_id):
            self._serve(auction_id, waiting)
            if until is not None and until.done() and self._somebody_waits(auction_id):
                # They queued up meanwhile; their bids are not this thread's work.
                self._pool.submit(self._drain_in_pool, auction_id)
                return

    def _serve(self, auction_id: int, waiting: list[_Waiting]) -> None:
        served = 0
        try:
            for batch in self.run(auction_id, [item.command for item in waiting]):
                group = waiting[served : served + len(batch.outcomes)]
                served += len(batch.outcomes)
                _acknowledge(group, batch.outcomes)
                dispatch(auction_id, batch.told)
        except Exception as error:
            left = waiting[served:]
            if len(left) == 1:
                _acknowledge(left, [error])
                return
            for item in left:  # one bad command must not take the others with it
                self._serve(auction_id, [item])


def _acknowledge(group: Sequence[_Waiting], outcomes: Sequence[Outcome]) -> None:
    """Resolve each caller's future; one wake-up per event loop, however many wait in it."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Waiting, Outcome]]] = {}
    for item, outcome in zip(group, outcomes, strict=True):
        if item.loop is None:
            _resolve(item, outcome)
        else:
            by_loop.setdefault(item.loop, []).append((item, outcome))
    for loop, items in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve_all, items)


def _resolve_all(items: list[tuple[_Waiting, Outcome]]) -> None:
    for item, outcome in items:
        _resolve(item, outcome)


def _resolve(item: _Waiting, outcome: Outcome) -> None:
    if item.future.done():  # the caller went away
        return
    if isinstance(outcome, Exception):
        item.future.set_exception(outcome)
    else:
        item.future.set_result(outcome)


desk = BidDesk()
