"""What every WebSocket of ours needs besides its room: a lean consumer, limits, a live session."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from apps.core import clock
from apps.core.frames import Message
from apps.core.offload import in_thread

log = logging.getLogger(__name__)

UNAUTHENTICATED = 4401  # close codes
SCOPE_MISSING = 4403  # an API key that may not
TOO_MANY_SOCKETS = 4429
SESSION_CHECK_SECONDS = 3.0  # a revoked session closes within 5 s, on a busy machine too
SESSIONS_IN_ONE_QUERY = 5000  # ids
MESSAGE_DEBT_MAX = 15  # messages beyond the rate before a socket that goes on is closed


class LeanConsumer(AsyncWebsocketConsumer):
    """A Channels consumer without a channel, without a task per message.

    Channels would give each socket a channel and a receiving task for it, and look for stale
    database connections before each message; our sockets are fed by the hub and their queries
    run in threads of their own.
    """

    channel_layer_alias = None

    async def __call__(
        self,
        scope: dict[str, Any],
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Serve one socket to its end."""
        self.scope = scope
        self.base_send = send
        try:
            while True:
                await self.dispatch(await receive())
        except StopConsumer:
            return
        finally:
            self.left()

    async def dispatch(self, message: Message) -> None:
        """Hand a server's event to its method."""
        if message["type"] == "websocket.receive":
            await self.websocket_receive(message)
        elif message["type"] == "websocket.connect":
            await self.websocket_connect(message)
        elif message["type"] == "websocket.disconnect":
            raise StopConsumer

    def left(self) -> None:
        """The socket is gone, however it went. Called once."""


class MessageRate:
    """How fast one socket talks: `settings.SOCKET_MESSAGES_PER_SECOND`, as many at once.

    Messages beyond it are a debt that the following seconds work off; a socket that goes on
    regardless exceeds MESSAGE_DEBT_MAX.
    """

    __slots__ = ("_allowance", "_asked_at")

    def __init__(self) -> None:
        self._allowance = float(settings.SOCKET_MESSAGES_PER_SECOND)
        self._asked_at = 0.0

    def take(self, now: float) -> bool:
        """Count a message at an instant of the event loop's clock; False when it is too many."""
        rate = settings.SOCKET_MESSAGES_PER_SECOND
        if self._asked_at:
            self._allowance = min(rate, self._allowance + (now - self._asked_at) * rate)
        self._asked_at = now
        self._allowance -= 1
        return self._allowance >= 0

    @property
    def is_flood(self) -> bool:
        """Whether the socket went on long after it was told."""
        return self._allowance < -MESSAGE_DEBT_MAX


class Socket(Protocol):
    """A socket as the register knows it."""

    user_id: int | None
    session_id: str | None
    address: str | None

    def close_soon(self, code: int, reason: str) -> None:
        """Close the socket."""


class SocketRegister:
    """The open sockets of this process, of one event loop.

    Limits count this process's sockets only: with several web processes a user may have as many
    in each. They guard memory, which is each process's own.
    """

    def __init__(self) -> None:
        self._live_session_ids: Callable[[Iterable[str], datetime], set[str]] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sockets_of_session: dict[str, set[Socket]] = {}
        self._per_user: Counter[int] = Counter()
        self._per_address: Counter[str] = Counter()
        self._watch: asyncio.Task[None] | None = None

    def ask(self, live_session_ids: Callable[[Iterable[str], datetime], set[str]]) -> None:
        """Say who knows which sessions still live; called in threads."""
        self._live_session_ids = live_session_ids

    def admit(self, socket: Socket) -> bool:
        """Register a socket; False when its user or address has too many."""
        self._settle()
        if settings.RATE_LIMITS and (
            self._per_user[socket.user_id or 0] >= settings.SOCKETS_PER_USER_MAX
            or self._per_address[socket.address or ""] >= settings.SOCKETS_PER_IP_MAX
        ):
            return False
        if socket.user_id is not None:
            self._per_user[socket.user_id] += 1
        if socket.address is not None:
            self._per_address[socket.address] += 1
        if socket.session_id is not None:
            self._sockets_of_session.setdefault(socket.session_id, set()).add(socket)
            if self._watch is None or self._watch.done():
                self._watch = asyncio.get_running_loop().create_task(self._watch_sessions())
        return True

    def forget(self, socket: Socket) -> None:
        """Take an admitted socket out."""
        _lower(self._per_user, socket.user_id)
        _lower(self._per_address, socket.address)
        if socket.session_id is not None:
            sockets = self._sockets_of_session.get(socket.session_id, set())
            sockets.discard(socket)
            if not sockets:
                self._sockets_of_session.pop(socket.session_id, None)

    def _settle(self) -> None:
        loop = asyncio.get_running_loop()
        if self._loop is not loop:  # an earlier event loop has ended and its sockets with it
            self._loop = loop
            self._sockets_of_session.clear()
            self._per_user.clear()
            self._per_address.clear()
            self._watch = None

    async def _watch_sessions(self) -> None:
        while self._sockets_of_session:
            await asyncio.sleep(SESSION_CHECK_SECONDS)
            try:
                await self._close_dead_sessions()
            except Exception:
                log.exception("sessions of open sockets cannot be checked")

    async def _close_dead_sessions(self) -> None:
        if self._live_session_ids is None:
            raise RuntimeError("SocketRegister.ask() has not been called")
        known = list(self._sockets_of_session)
        for first in range(0, len(known), SESSIONS_IN_ONE_QUERY):
            some = known[first : first + SESSIONS_IN_ONE_QUERY]
            alive = await in_thread(self._live_session_ids, some, clock.now())
            for session_id in set(some) - alive:
                for socket in list(self._sockets_of_session.get(session_id, ())):
                    socket.close_soon(UNAUTHENTICATED, "the session has ended")


def _lower(counts: Counter[Any], key: object) -> None:
    if key is None:
        return
    counts[key] -= 1
    if counts[key] <= 0:
        del counts[key]


sockets = SocketRegister()
