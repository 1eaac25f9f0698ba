"""Frames between processes, over the Channels layer.

One channel per process, one group per room, in a thread and event loop of their own: so a process
without sockets (a closer, a worker) sends just like one with them, and a slow or dead layer holds
nobody up. The layer may lose anything at any time; the hub's heartbeat heals that. With the
in-memory layer there is one process and nothing to do.
"""

import asyncio
import logging
import os
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol
from uuid import uuid4

from channels.layers import InMemoryChannelLayer, get_channel_layer

from apps.core.frames import RoomFrame

log = logging.getLogger(__name__)

LAYER_SECONDS = 2.0  # the longest wait for the layer
RETRY_SECONDS = 1.0  # between two tries while it is away; what should go out meanwhile is lost
OUTBOX_MAX = 10_000  # frames waiting to be sent; beyond it the oldest are lost
COUNTS_GROUP = "watchers"

Message = dict[str, Any]


class Receiver(Protocol):
    """What a relay tells of other processes (the hub); callable from any thread."""

    def receive(self, auction_id: int, frames: Sequence[RoomFrame]) -> None:
        """Take another process's frames."""

    def check(self, auction_id: int) -> None:
        """Frames of this room may have been missed until now."""

    def receive_counts(self, process: str, counts: Mapping[int, int]) -> None:
        """Learn how many watch in another process."""


class ChannelRelay:
    """Implements the hub's Relay."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver
        self._lock = threading.Lock()
        self._reset()

    def _reset(self) -> None:
        self._process_id = os.getpid()
        self._origin = uuid4().hex
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._outbox: deque[tuple[int, Sequence[RoomFrame]]] = deque(maxlen=OUTBOX_MAX)
        self._counts: Mapping[int, int] | None = None
        self._wanted: set[int] = set()
        self._layer_is_away = False

    # --- from any thread ----------------------------------------------------------------------

    def send(self, auction_id: int, frames: Sequence[RoomFrame]) -> None:
        """Hand frames to every other process with sockets in the room."""
        if self._is_running():
            self._outbox.append((auction_id, frames))
            self._call()

    def enter(self, auction_id: int) -> None:
        """Receive the room's frames from now on."""
        if self._is_running():
            self._wanted.add(auction_id)
            self._call()

    def leave(self, auction_id: int) -> None:
        """Receive them no longer."""
        if self._is_running():
            self._wanted.discard(auction_id)
            self._call()

    def tell_counts(self, counts: Mapping[int, int]) -> None:
        """Tell the other processes how many watch each room here."""
        if self._is_running():
            self._counts = counts
            self._call()

    def _is_running(self) -> bool:
        """Start the relay's thread when it is first needed, and again in a forked child."""
        if self._loop is not None and self._process_id == os.getpid():
            return True
        with self._lock:
            if self._process_id != os.getpid():
                self._reset()
            if self._loop is None:
                layer = get_channel_layer()
                if layer is None or isinstance(layer, InMemoryChannelLayer):
                    return False
                # It prints a traceback every second while Redis is away; we say so once.
                logging.getLogger("channels_redis").setLevel(logging.CRITICAL)
                self._loop = asyncio.new_event_loop()
                threading.Thread(
                    target=self._live, args=(self._loop, layer), name="relay", daemon=True
                ).start()
        return True

    def _call(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    # --- in the relay's thread ----------------------------------------------------------------

    def _live(self, loop: asyncio.AbstractEventLoop, layer: Any) -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(self._serve(layer))

    async def _serve(self, layer: Any) -> None:
        channel = await self._open_channel(layer)
        receiving = asyncio.get_running_loop().create_task(self._receive(layer, channel))
        entered: set[int] = set()
        while not receiving.done():
            with suppress(TimeoutError):
                async with asyncio.timeout(RETRY_SECONDS if self._layer_is_away else None):
                    await self._wake.wait()
            self._wake.clear()
            try:
                await self._enter_and_leave(layer, channel, entered)
                await self._send_all(layer)
            except Exception as error:
                self._lost(error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._found()

    async def _open_channel(self, layer: Any) -> str:
        while True:
            try:
                async with asyncio.timeout(LAYER_SECONDS):
                    channel: str = await layer.new_channel()
                    await layer.group_add(COUNTS_GROUP, channel)
                    return channel
            except Exception as error:
                self._lost(error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _enter_and_leave(self, layer: Any, channel: str, entered: set[int]) -> None:
        wanted = set(self._wanted)
        for auction_id in wanted - entered:
            async with asyncio.timeout(LAYER_SECONDS):
                await layer.group_add(_group(auction_id), channel)
            entered.add(auction_id)
            self._receiver.check(auction_id)
        for auction_id in entered - wanted:
            entered.discard(auction_id)
            async with asyncio.timeout(LAYER_SECONDS):
                await layer.group_discard(_group(auction_id), channel)

    async def _send_all(self, layer: Any) -> None:
        rooms: dict[int, list[list[object]]] = {}
        while self._outbox:
            auction_id, frames = self._outbox.popleft()
            packed = rooms.setdefault(auction_id, [])
            packed.extend([frame.seq, frame.data, frame.user_id] for frame in frames)
        for auction_id, packed in rooms.items():
            message = {"auction_id": auction_id, "frames": packed}
            await self._send(layer, _group(auction_id), "hub.frames", message)
        counts, self._counts = self._counts, None
        if counts is not None:
            pairs = {"counts": [[auction_id, count] for auction_id, count in counts.items()]}
            await self._send(layer, COUNTS_GROUP, "hub.counts", pairs)

    async def _send(self, layer: Any, group: str, kind: str, body: Message) -> None:
        async with asyncio.timeout(LAYER_SECONDS):
            await layer.group_send(group, {"type": kind, "origin": self._origin, **body})

    async def _receive(self, layer: Any, channel: str) -> None:
        while True:
            try:
                message = await layer.receive(channel)
                self._take(message)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self._lost(error)
                await asyncio.sleep(RETRY_SECONDS)

    def _take(self, message: Message) -> None:
        if message["origin"] == self._origin:
            return
        if message["type"] == "hub.frames":
            frames = [
                RoomFrame(seq=seq, data=data, user_id=user_id)
                for seq, data, user_id in message["frames"]
            ]
            self._receiver.receive(message["auction_id"], frames)
        elif message["type"] == "hub.counts":
            self._receiver.receive_counts(message["origin"], dict(message["counts"]))

    def _lost(self, error: Exception) -> None:
        if not self._layer_is_away:
            log.warning("the channel layer is away: %r; rooms heal by their heartbeat", error)
        self._layer_is_away = True

    def _found(self) -> None:
        if self._layer_is_away:
            log.warning("the channel layer is back")
        self._layer_is_away = False


def _group(auction_id: int) -> str:
    return f"auction.{auction_id}"
