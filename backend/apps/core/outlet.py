"""One socket's way out.

While sockets take what they are given, a message to many is one coroutine that awaits one `send`
after the other, stepped by hand: no task is made. A `send` that has to wait marks a slow reader,
and the others go on in a new coroutine. For the slow one a task finishes the old one, then pulls
what the socket still needs from its source at the socket's own pace. So nothing queues up per
socket, whatever it misses, and it stalls nobody.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterator, Sequence
from typing import Any, Protocol

from apps.core.frames import Message

log = logging.getLogger(__name__)

DIRECT_MESSAGES_MAX = 64  # answers waiting for one socket; who never reads them is let go
A_SNAPSHOT = -1
UNKNOWN = -1
TRY_AGAIN_LATER = 1013
POLICY_VIOLATION = 1008


class Gone(Exception):
    """The peer is no longer there."""


class Source(Protocol):
    """Where an outlet that fell behind, or has just arrived, gets what it misses."""

    async def advance(self, outlet: "Outlet") -> bool:
        """Write the outlet's next messages; False when it has all there are."""


class Outlet:
    """Serialises everything one socket is sent. Lives in one event loop.

    `live`: has everything so far, the next message may be pushed. `wants`: asks its room for a new
    start, after this seq or with a snapshot. `base`: nothing up to this seq is sent any more.
    `last`: seq of the last message sent. `position`: of the next one among the room's recent
    messages (UNKNOWN: go by `last`). `owes_heartbeat`: one is due when it has caught up.
    """

    __slots__ = (
        "_direct",
        "_task",
        "base",
        "closing",
        "gone",
        "last",
        "live",
        "owes_heartbeat",
        "position",
        "send",
        "source",
        "user_id",
        "wants",
    )

    def __init__(
        self, send: Callable[[Message], Awaitable[None]], *, user_id: int | None = None
    ) -> None:
        self.send = send
        self._task: asyncio.Task[None] | None = None
        self._direct: deque[Message] | None = None  # made when needed: most sockets never wait
        self.source: Source | None = None
        self.user_id = user_id
        self.live = False
        self.gone = False
        self.closing = False
        self.wants: int | None = None
        self.owes_heartbeat = False
        self.base = 0
        self.last = 0
        self.position = UNKNOWN

    def say(self, message: Message) -> None:
        """Send a message meant for this socket alone, after those that already wait."""
        if self.gone or self.closing:
            return
        if self._task is None:
            spread([(self, (message,))])
            return
        if self._direct is None:
            self._direct = deque()
        if len(self._direct) >= DIRECT_MESSAGES_MAX:
            self._direct.clear()
            self.close(POLICY_VIOLATION, "answers are not read")
        else:
            self._direct.append(message)

    def close(self, code: int, reason: str = "") -> None:
        """Close the socket once what waits for it is sent; nothing is sent afterwards."""
        self.say({"type": "websocket.close", "code": code, "reason": reason})
        self.closing = True
        self.live = False
        if self._task is None:
            self._stop()

    def catch_up(self) -> None:
        """Fetch what this socket misses from its source, then let it live."""
        self.live = False
        if self._task is None and not self.gone:  # a running task will ask the source by itself
            self._task = asyncio.get_running_loop().create_task(self._work())

    def drop(self) -> None:
        """Forget the socket: its consumer is done."""
        self._stop()
        if self._task is not None:
            self._task.cancel()

    def wait(self, sending: Coroutine[Any, Any, None], awaited: Any) -> None:
        """Go on by a task: the peer reads more slowly than it is sent to."""
        self.live = False
        self._task = asyncio.get_running_loop().create_task(self._work(sending, awaited))

    def lose(self, error: Exception) -> None:
        """Note that the peer is gone; its consumer hears of it by itself."""
        log.debug("a socket is gone: %r", error)
        self._stop()

    async def write(self, message: Message) -> None:
        """Send from the source's `advance`, waiting for a slow reader; raises Gone."""
        try:
            await self.send(message)
        except Exception as error:
            self.lose(error)
        if self.gone:
            raise Gone

    async def _work(
        self, sending: Coroutine[Any, Any, None] | None = None, awaited: Any = None
    ) -> None:
        try:
            if sending is not None:
                await _Rest(sending, awaited)
            while not self.gone:
                if self._direct:
                    await self.write(self._direct.popleft())
                elif self.closing:
                    self._stop()
                elif not await self._advance() and not self._direct and not self.closing:
                    self.live = self.source is not None
                    return
        except Gone:
            return
        except asyncio.CancelledError:
            self._stop()
            raise
        except Exception as error:
            self.lose(error)
        finally:
            self._task = None

    async def _advance(self) -> bool:
        return self.source is not None and await self.source.advance(self)

    def _stop(self) -> None:
        self.gone = True
        self.live = False
        self._direct = None


Delivery = tuple[Outlet, Sequence[Message]]


def spread(deliveries: Sequence[Delivery]) -> None:
    """Send each socket its messages; who cannot take them at once stops being live."""
    while True:
        rest = iter(deliveries)
        sending = _spread(rest)
        try:
            awaited = sending.send(None)
        except StopIteration:
            return
        # Taking what is left from the iterator ends that coroutine after the slow socket.
        left = list(rest)
        slow, _ = deliveries[len(deliveries) - len(left) - 1]
        slow.wait(sending, awaited)
        deliveries = left


async def _spread(deliveries: Iterator[Delivery]) -> None:
    for outlet, messages in deliveries:
        try:
            for message in messages:
                await outlet.send(message)
        except Exception as error:  # what a server raises for a lost peer differs by server
            outlet.lose(error)


class _Rest:
    """Finishes a coroutine that was stepped by hand until it had to wait for `awaited`."""

    def __init__(self, sending: Coroutine[Any, Any, None], awaited: Any) -> None:
        self._sending = sending
        self._awaited = awaited

    def __await__(self) -> Generator[Any, Any, None]:
        sending, awaited = self._sending, self._awaited
        try:
            while True:
                try:
                    sent = yield awaited
                except BaseException as error:
                    awaited = sending.throw(error)
                else:
                    awaited = sending.send(sent)
        except StopIteration:
            return
