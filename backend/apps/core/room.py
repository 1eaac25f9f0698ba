"""One auction's sockets in this process.

Frames go out in order, once, to everybody who is live. Who has just arrived, or reads slowly,
gets what it misses from the stream's recent messages; further back it comes from the database,
read once for all who ask; beyond `RESUME_EVENTS_MAX` a new snapshot stands for the messages.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Any, TypeVar

from django.conf import settings

from apps.core import clock
from apps.core.frames import Message, RoomFrame, text_message
from apps.core.json import encode
from apps.core.offload import in_thread
from apps.core.outlet import A_SNAPSHOT, TRY_AGAIN_LATER, UNKNOWN, Delivery, Gone, Outlet, spread
from apps.core.readers import Readers, Snapshot
from apps.core.stream import Entry, Stream
from apps.core.wire import instant

log = logging.getLogger(__name__)

T = TypeVar("T")

UNKNOWN_ROOM = 4404  # close code
SNAPSHOT_SECONDS = 1.0  # how long arriving watchers share one snapshot
GAP_GRACE_SECONDS = 0.01  # another process's frames may overtake; a query costs about as much
RETRY_SECONDS = 0.5  # between two tries to read a gap while the database is away
SLICE_SECONDS = 0.005  # a fan-out lets the event loop do other things this often
SLICE_MESSAGES = 64  # between two looks at the clock
BATCH_FRAMES = 32  # due at once and sent to a socket in a row
OVERLOAD_MESSAGES = 100_000  # about a second's work: a room further behind sends snapshots


class Room:
    """Lives in one event loop, the hub's."""

    def __init__(self, auction_id: int, readers: Readers, opened: Callable[["Room"], None]) -> None:
        self.auction_id = auction_id
        self.readers = readers
        self._opened = opened
        self.outlets: dict[Outlet, None] = {}
        self._outlets_of_user: dict[int, list[Outlet]] = {}
        self.stream = Stream(settings.SOCKET_QUEUE_MAX)
        self.is_open = False  # once a snapshot has said where the stream stands
        self._early: list[RoomFrame] = []  # arrived before that
        self._notices: deque[Callable[[], Message]] = deque()
        self._arrival = asyncio.Event()
        self._pump: asyncio.Task[None] | None = None
        self._slice_began = 0.0
        self._database_away = False
        self._snapshot: Snapshot | None = None
        self._flights: dict[object, asyncio.Task[Any]] = {}
        self._errands: set[asyncio.Task[None]] = set()

    def add(self, outlet: Outlet) -> None:
        """Take a socket in; it is sent nothing before `start`."""
        outlet.source = self
        self.outlets[outlet] = None
        if outlet.user_id is not None:
            self._outlets_of_user.setdefault(outlet.user_id, []).append(outlet)

    def remove(self, outlet: Outlet) -> None:
        """Let a socket go."""
        if self.outlets.pop(outlet, outlet) is outlet:
            return
        if outlet.user_id is not None:
            own = self._outlets_of_user[outlet.user_id]
            own.remove(outlet)
            if not own:
                del self._outlets_of_user[outlet.user_id]
        if not self.outlets and self._pump is not None:
            self._pump.cancel()

    # --- what comes in ------------------------------------------------------------------------

    def accept(self, frames: Sequence[RoomFrame]) -> None:
        """Take committed frames, in whatever order, any number of times."""
        for frame in frames:
            if frame.seq is None:
                self.announce(_constant(text_message(frame.data)))
        numbered = [frame for frame in frames if frame.seq is not None and self._concerns(frame)]
        if self.is_open:
            self.stream.accept(numbered)
        else:
            self._early.extend(numbered)
        self._arrival.set()
        self._run()

    def _concerns(self, frame: RoomFrame) -> bool:
        return frame.user_id is None or frame.user_id in self._outlets_of_user

    def expect(self, seq: int) -> None:
        """Learn that frames up to `seq` exist; those that did not come are fetched."""
        self.stream.target = max(self.stream.target, seq)
        self._run()

    def announce(self, make_message: Callable[[], Message]) -> None:
        """Send everybody a message outside the numbered stream, after what is due already."""
        self._notices.append(make_message)
        self._run()

    def restart(self, seq: int) -> None:
        """Begin anew at `seq`, with a new snapshot for everybody.

        When the database has gone back behind what was sent (it was restored), or when the room
        cannot keep up.
        """
        self.stream.jump(seq)
        self._snapshot = None
        self._flights.clear()
        for outlet in self.outlets:
            self.start(outlet, A_SNAPSHOT)

    def heartbeat(self) -> Message:
        """Return the message that tells where the stream stands."""
        body = {
            "type": "heartbeat",
            "auction_id": self.auction_id,
            "seq": self.stream.head,
            "server_time": instant(clock.now()),
        }
        return text_message(encode(body))

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        """Run something on behalf of the room, beside its pump."""
        task = asyncio.get_running_loop().create_task(errand)
        self._errands.add(task)  # an event loop keeps no strong reference to its tasks
        task.add_done_callback(self._errands.discard)

    # --- the pump: what is due, a slice at a time ---------------------------------------------

    def _run(self) -> None:
        if self._pump is None and self.is_open and self.outlets:
            self._pump = asyncio.get_running_loop().create_task(self._work())

    async def _work(self) -> None:
        self._slice_began = asyncio.get_running_loop().time()
        try:
            while self.outlets and await self._step():
                pass
        except Exception:
            log.exception("room %s stumbled", self.auction_id)
        finally:
            self._pump = None

    async def _step(self) -> bool:
        """Do the next thing that is due; False when nothing is."""
        if self._overloaded():
            log.warning("room %s cannot keep up and sends snapshots", self.auction_id)
            self.restart(self.stream.target)
        elif due := self._due():
            await self._send(due)
        elif self._notices and (self.stream.is_complete or self._database_away):
            await self._send_to_all(self._notices.popleft()())
        elif not self.stream.is_complete:
            await self._close_gap()
        else:
            return False
        return True

    def _overloaded(self) -> bool:
        behind = self.stream.waiting_count
        return (
            behind > settings.RESUME_EVENTS_MAX and behind * len(self.outlets) > OVERLOAD_MESSAGES
        )

    def _due(self) -> list[tuple[int, Entry]]:
        """Take what is due, up to a batch, with positions."""
        due: list[tuple[int, Entry]] = []
        while len(due) < BATCH_FRAMES and (found := self.stream.next()) is not None:
            due.append(found)
        return due

    async def _send(self, batch: list[tuple[int, Entry]]) -> None:
        """Send a batch socket by socket: servers join what one socket is sent in a row."""
        (first, oldest), (last, newest) = batch[0], batch[-1]
        private = {entry.user_id for _, entry in batch} - {None}
        everything = [entry.message for _, entry in batch if entry.user_id is None]
        outlets = tuple(self.outlets)
        step = max(1, SLICE_MESSAGES // len(batch))
        for start in range(0, len(outlets), step):
            ready: list[Delivery] = []
            for outlet in outlets[start : start + step]:
                if not outlet.live or outlet.position > first:
                    continue  # it caught up meanwhile, and so has the batch already
                messages = everything
                if outlet.base >= oldest.seq or outlet.user_id in private:
                    messages = [entry.message for _, entry in batch if _is_for(outlet, entry)]
                outlet.position, outlet.last = last + 1, newest.seq
                if messages:
                    ready.append((outlet, messages))
            spread(ready)
            await self._rest()

    async def _send_to_all(self, message: Message) -> None:
        outlets, messages = tuple(self.outlets), (message,)
        for start in range(0, len(outlets), SLICE_MESSAGES):
            some = outlets[start : start + SLICE_MESSAGES]
            spread([(outlet, messages) for outlet in some if outlet.live])
            await self._rest()

    async def _rest(self) -> None:
        """Let others run if this room has had its slice."""
        now = asyncio.get_running_loop().time()
        if now - self._slice_began > SLICE_SECONDS:
            await asyncio.sleep(0)
            self._slice_began = asyncio.get_running_loop().time()

    async def _close_gap(self) -> None:
        self._arrival.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(GAP_GRACE_SECONDS):
                await self._arrival.wait()
        if self.stream.can_go_on():
            return
        after, limit = self.stream.head, settings.RESUME_EVENTS_MAX
        try:
            frames = await in_thread(self.readers.frames, self.auction_id, after, limit)
        except Exception:
            if not self._database_away:
                log.exception("room %s cannot read what it misses", self.auction_id)
            self._database_away = True
            await asyncio.sleep(RETRY_SECONDS)
            return
        self._database_away = False
        self.stream.accept(frame for frame in frames if self._concerns(frame))
        if self.stream.head == after and not self.stream.can_go_on():
            log.warning("room %s: nothing is stored after seq %s", self.auction_id, after)
            self.stream.skip_gap()

    # --- those who are not live ---------------------------------------------------------------

    def start(self, outlet: Outlet, wants: int) -> None:
        """Let a socket begin after a seq, or with A_SNAPSHOT."""
        outlet.wants = wants
        outlet.catch_up()

    async def advance(self, outlet: Outlet) -> bool:
        """Write what the outlet misses, a step at a time; False when it has all there is."""
        try:
            if not self.is_open and await self.snapshot() is None:
                outlet.close(UNKNOWN_ROOM, "no such auction")
            elif outlet.wants is not None:
                await self._begin(outlet, outlet.wants)
            elif (found := self.stream.since(outlet.position, outlet.last)) is None:
                await self._write_stored(outlet)
            elif found[0]:
                await self._write_recent(outlet, *found)
            elif outlet.owes_heartbeat:
                outlet.owes_heartbeat = False
                await outlet.write(self.heartbeat())
            else:
                outlet.position = found[1]
                return False
        except Gone:
            raise
        except Exception:
            log.exception("room %s cannot be read", self.auction_id)
            outlet.close(TRY_AGAIN_LATER, "try again")
        return True

    async def _begin(self, outlet: Outlet, wants: int) -> None:
        outlet.wants = None
        outlet.position = UNKNOWN
        behind = self.stream.head - wants
        if wants != A_SNAPSHOT and 0 <= behind <= settings.RESUME_EVENTS_MAX:
            outlet.base = outlet.last = wants
            outlet.owes_heartbeat = True
            return
        snapshot = await self.snapshot()
        if snapshot is None:
            outlet.close(UNKNOWN_ROOM, "no such auction")
            return
        standing = None
        if outlet.user_id is not None:
            standing = await in_thread(self.readers.standing, self.auction_id, outlet.user_id)
        outlet.base = outlet.last = snapshot.seq
        await outlet.write(snapshot.message(standing))

    async def _write_recent(self, outlet: Outlet, entries: list[Entry], position: int) -> None:
        for after, entry in enumerate(entries, start=position + 1):
            if outlet.wants is not None:
                return
            outlet.position = after
            outlet.last = entry.seq
            if _is_for(outlet, entry):
                await outlet.write(entry.message)

    async def _write_stored(self, outlet: Outlet) -> None:
        after, limit = outlet.last, settings.RESUME_EVENTS_MAX + 1
        entries = await self._share(("after", after), lambda: self._read_entries(after, limit))
        if len(entries) == limit:
            outlet.wants = A_SNAPSHOT
        elif not entries:
            outlet.position = self.stream.kept_from()
        for entry in entries:
            if outlet.wants is not None:
                return
            outlet.last = outlet.base = entry.seq
            if entry.user_id in (None, outlet.user_id):
                await outlet.write(entry.message)

    async def _read_entries(self, after: int, limit: int) -> list[Entry]:
        frames = await in_thread(self.readers.frames, self.auction_id, after, limit)
        return [Entry(frame.seq or 0, frame.user_id, text_message(frame.data)) for frame in frames]

    # --- the snapshot, read once for all who arrive -------------------------------------------

    async def snapshot(self) -> Snapshot | None:
        """Return a recent snapshot; None if this auction has no room."""
        known = self._snapshot
        if known is not None and self._is_fresh(known):
            return known
        return await self._share("snapshot", self._read_snapshot)

    def _is_fresh(self, snapshot: Snapshot) -> bool:
        age_seconds = asyncio.get_running_loop().time() - snapshot.read_at
        return age_seconds < SNAPSHOT_SECONDS and (
            self.stream.since(UNKNOWN, snapshot.seq) is not None
        )

    async def _read_snapshot(self) -> Snapshot | None:
        read_at = asyncio.get_running_loop().time()
        public = await in_thread(self.readers.snapshot, self.auction_id)
        if public is None:
            return None
        body = encode({"type": "snapshot", "auction_id": self.auction_id, **public})
        snapshot = Snapshot(public["seq"], body.decode()[:-1], read_at)
        if self._flights.get("snapshot") is asyncio.current_task():
            self._snapshot = snapshot
        if not self.is_open:
            self.is_open = True
            self.stream.jump(snapshot.seq)
            self.accept(self._early)
            self._early = []
            self._opened(self)
        return snapshot

    async def _share(self, key: object, read: Callable[[], Awaitable[T]]) -> T:
        """Return what `read` returns, asked once for all who ask while it is under way."""
        task = self._flights.get(key)
        if task is None:
            task = asyncio.get_running_loop().create_task(_awaited(read))
            self._flights[key] = task
            task.add_done_callback(lambda done: self._landed(key, done))
        result: T = await asyncio.shield(task)
        return result

    def _landed(self, key: object, task: asyncio.Task[Any]) -> None:
        if self._flights.get(key) is task:
            del self._flights[key]


async def _awaited(read: Callable[[], Awaitable[T]]) -> T:
    return await read()


def _is_for(outlet: Outlet, entry: Entry) -> bool:
    return entry.seq > outlet.base and entry.user_id in (None, outlet.user_id)


def _constant(message: Message) -> Callable[[], Message]:
    return lambda: message
