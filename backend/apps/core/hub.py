"""The hub: one process's share of every live room.

`publish` may be called from any thread, after the commit. Frames go to this process's sockets at
once, and through the relay to the other processes: the process is the member of a room's group,
not each socket. What the relay loses, the heartbeat finds: it compares the heads of all rooms
with the database, in one query.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from django.conf import settings

from apps.core.frames import RoomFrame
from apps.core.json import encode
from apps.core.offload import in_thread
from apps.core.outlet import A_SNAPSHOT, Outlet
from apps.core.readers import Readers
from apps.core.room import Room

__all__ = ["Outlet", "Readers", "RoomFrame", "RoomHub", "hub"]

log = logging.getLogger(__name__)

HEADS_IN_ONE_QUERY = 5000  # ids; SQLite takes no more than 32,766 parameters
WATCHERS_SECONDS = 2.0  # between two counts told to one room
COUNTS_KEPT_SECONDS = 15.0  # another process that is silent for longer has no watchers


class Relay(Protocol):
    """Takes frames to the other processes; callable from any thread, never blocks or raises."""

    def send(self, auction_id: int, frames: Sequence[RoomFrame]) -> None:
        """Hand frames to every other process with sockets in the room."""

    def enter(self, auction_id: int) -> None:
        """Receive the room's frames from now on."""

    def leave(self, auction_id: int) -> None:
        """Receive them no longer."""

    def tell_counts(self, counts: Mapping[int, int]) -> None:
        """Tell the other processes how many watch each room here."""


class RoomHub:
    """All rooms of this process. Rooms live in one event loop, that of the first `join`."""

    def __init__(self, readers: Readers | None = None) -> None:
        self.relay: Relay | None = None
        self._readers = readers
        self._rooms: dict[int, Room] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._inbox: deque[tuple[int, Sequence[RoomFrame]]] = deque()
        self._inbox_is_due = False
        self._heartbeats: asyncio.Task[None] | None = None
        self._database_away = False
        self._watchers_told: dict[int, int] = {}
        self._watchers_due: dict[int, asyncio.TimerHandle] = {}
        self._remote_counts: dict[str, tuple[float, Mapping[int, int]]] = {}

    def read_with(self, readers: Readers) -> None:
        """Say how rooms read the database."""
        self._readers = readers

    # --- from any thread ----------------------------------------------------------------------

    def publish(self, auction_id: int, frames: Sequence[RoomFrame]) -> None:
        """Send committed frames to everybody in the room, in every process."""
        if not frames:
            return
        self.receive(auction_id, frames)
        if self.relay is not None:
            self.relay.send(auction_id, frames)

    def receive(self, auction_id: int, frames: Sequence[RoomFrame]) -> None:
        """Send frames to this process's sockets of the room."""
        # A room that opens right now reads its snapshot after this commit: nothing is missed.
        if auction_id in self._rooms:
            self._inbox.append((auction_id, frames))
            if not self._inbox_is_due:
                self._inbox_is_due = True
                self._call(self._empty_inbox)

    def check(self, auction_id: int) -> None:
        """Compare a room with the database soon: its frames may have been missed."""
        self._call(self._check_soon, auction_id)

    def receive_counts(self, process: str, counts: Mapping[int, int]) -> None:
        """Learn how many watch in another process."""
        self._call(self._keep_counts, process, counts)

    def _call(self, function: Callable[..., None], *arguments: Any) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # the loop is closed: its sockets are gone with it
                loop.call_soon_threadsafe(function, *arguments)

    # --- in the event loop --------------------------------------------------------------------

    def join(self, auction_id: int, outlet: Outlet, *, last_seq: int | None = None) -> None:
        """Take a socket into a room: from `last_seq` on, else from a snapshot on.

        An auction without a room closes the socket with 4404.
        """
        self._settle()
        room = self._rooms.get(auction_id)
        if room is None:
            room = self._rooms[auction_id] = Room(auction_id, self._known_readers(), self._opened)
        room.add(outlet)
        room.start(outlet, A_SNAPSHOT if last_seq is None else last_seq)
        self._count_changed(auction_id)

    def resume(self, auction_id: int, outlet: Outlet, last_seq: int) -> None:
        """Send a socket again what came after `last_seq`, then let it go on."""
        room = self._rooms.get(auction_id)
        if room is not None and outlet in room.outlets:
            room.start(outlet, last_seq)

    def leave(self, auction_id: int, outlet: Outlet) -> None:
        """Let a socket go; the last one closes the room."""
        outlet.drop()
        room = self._rooms.get(auction_id)
        if room is None or outlet not in room.outlets:
            return
        room.remove(outlet)
        if room.outlets:
            self._count_changed(auction_id)
            return
        del self._rooms[auction_id]
        self._watchers_told.pop(auction_id, None)
        if (timer := self._watchers_due.pop(auction_id, None)) is not None:
            timer.cancel()
        if self.relay is not None and room.is_open:
            self.relay.leave(auction_id)

    def watchers(self, auction_id: int) -> int:
        """Return how many sockets watch: exact for this process, for others as last told.

        Others tell with each heartbeat, so the sum may be some seconds behind.
        """
        room = self._rooms.get(auction_id)
        now = asyncio.get_running_loop().time()
        elsewhere = (
            counts.get(auction_id, 0)
            for told_at, counts in self._remote_counts.values()
            if now - told_at < COUNTS_KEPT_SECONDS
        )
        return (len(room.outlets) if room is not None else 0) + sum(elsewhere)

    def _known_readers(self) -> Readers:
        if self._readers is None:
            raise RuntimeError("hub.read_with() has not been called")
        return self._readers

    def _settle(self) -> None:
        """Make the running event loop the hub's; an earlier one must have ended."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            if self._loop is not None and self._loop.is_running():
                raise RuntimeError("the hub lives in another event loop of this process")
            self._loop = loop
            self._rooms.clear()
            self._inbox.clear()
            self._inbox_is_due = False
            self._watchers_told.clear()
            self._watchers_due.clear()
            self._remote_counts.clear()
            self._heartbeats = None
        if self._heartbeats is None or self._heartbeats.done():
            self._heartbeats = loop.create_task(self._beat())

    def _opened(self, room: Room) -> None:
        if self.relay is not None:
            self.relay.enter(room.auction_id)

    def _empty_inbox(self) -> None:
        self._inbox_is_due = False  # before the work: what is appended from now on calls again
        while self._inbox:
            auction_id, frames = self._inbox.popleft()
            room = self._rooms.get(auction_id)
            if room is not None:
                room.accept(frames)

    # --- the heartbeat ------------------------------------------------------------------------

    async def _beat(self) -> None:
        while self._rooms:
            await asyncio.sleep(settings.HEARTBEAT_SECONDS)
            await self._compare(list(self._rooms.values()))
            for room in list(self._rooms.values()):
                if room.is_open:
                    room.announce(room.heartbeat)
                if self.watchers(room.auction_id) != self._watchers_told.get(room.auction_id):
                    self._count_changed(room.auction_id)
            if self.relay is not None:
                counts = {key: len(room.outlets) for key, room in self._rooms.items()}
                self.relay.tell_counts(counts)

    async def _compare(self, rooms: Sequence[Room]) -> None:
        """Compare the rooms' streams with the database and have them fetch what they miss."""
        known = {room.auction_id: room.stream.head for room in rooms if room.is_open}
        ids = list(known)
        for first in range(0, len(ids), HEADS_IN_ONE_QUERY):
            some = ids[first : first + HEADS_IN_ONE_QUERY]
            try:
                heads = await in_thread(self._known_readers().heads, some)
            except Exception:
                if not self._database_away:
                    log.exception("the heads of %s rooms cannot be read", len(some))
                self._database_away = True
                return
            self._database_away = False
            for auction_id, head in heads.items():
                self._correct(auction_id, head, known[auction_id])

    def _correct(self, auction_id: int, head: int, known: int) -> None:
        room = self._rooms.get(auction_id)
        if room is None or not room.is_open:
            return
        if head > room.stream.head:
            room.expect(head)
        elif head < known:
            log.warning("auction %s went back from seq %s to %s", auction_id, known, head)
            room.restart(head)

    def _check_soon(self, auction_id: int) -> None:
        room = self._rooms.get(auction_id)
        if room is not None:
            room.run(self._compare([room]))

    # --- how many watch -----------------------------------------------------------------------

    def _count_changed(self, auction_id: int) -> None:
        """Tell the room soon how many watch: at most once per WATCHERS_SECONDS."""
        loop = self._loop
        if auction_id not in self._watchers_due and loop is not None:
            self._watchers_due[auction_id] = loop.call_later(
                WATCHERS_SECONDS, self._tell_watchers, auction_id
            )

    def _tell_watchers(self, auction_id: int) -> None:
        self._watchers_due.pop(auction_id, None)
        room = self._rooms.get(auction_id)
        count = self.watchers(auction_id)
        if room is None or self._watchers_told.get(auction_id) == count:
            return
        self._watchers_told[auction_id] = count
        body = {"type": "watchers", "auction_id": auction_id, "count": count}
        room.accept([RoomFrame(seq=None, data=encode(body))])

    def _keep_counts(self, process: str, counts: Mapping[int, int]) -> None:
        now = asyncio.get_running_loop().time()
        self._remote_counts = {
            key: (told_at, told)
            for key, (told_at, told) in self._remote_counts.items()
            if now - told_at < COUNTS_KEPT_SECONDS
        }
        self._remote_counts[process] = (now, counts)


hub = RoomHub()
