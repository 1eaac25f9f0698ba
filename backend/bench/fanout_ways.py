"""The ways a frame goes out to the sockets of a room, each a server of its own; see fanout.py.

python -m bench.fanout_ways WAY
"""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import contextmanager
from typing import Any

import django
import uvicorn

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
os.environ["RATE_LIMITS"] = "off"
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.layers import InMemoryChannelLayer  # noqa: E402
from channels_redis.core import RedisChannelLayer  # noqa: E402
from channels_redis.pubsub import RedisPubSubChannelLayer  # noqa: E402

from apps.bidding.consumers import AuctionConsumer  # noqa: E402
from apps.core.hub import Readers, RoomFrame, hub  # noqa: E402

PORT = 9391
AUCTION = 1
FIRST_SEQ = 100_000  # so that every seq has six digits and every frame one length

Send = Callable[[Any], Awaitable[None]]


def made_frame(seq: int) -> bytes:
    """Return a bid's frame, as long as a real one; it carries the instant it was published."""
    body = {
        "type": "bid_placed",
        "auction_id": AUCTION,
        "bidder": "bidder1",
        "amount": 45000,
        "total_bids": 5,
        "current_bid": 45000,
        "highest_bidder": "bidder1",
        "min_next_bid": 46000,
        "reserve_met": True,
        "end_time": "2026-02-22T10:30:00Z",
        "timestamp": "2026-02-22T10:30:00Z",
        "seq": seq,
        "at": f"{time.monotonic():020.9f}",
    }
    return json.dumps(body).encode()


class Way:
    """How frames get from one publisher to all sockets."""

    seq = FIRST_SEQ

    async def serve(self, scope: Any, receive: Any, send: Send) -> None:
        """Serve a watcher's socket."""
        raise NotImplementedError

    async def publish(self, data: bytes) -> None:
        """Send a frame to all of them."""
        raise NotImplementedError

    async def control(self, receive: Any, send: Send) -> None:
        """Publish what the load asks for on its own socket: `[count, seconds between two]`."""
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            count, pause = json.loads(message["text"])
            for _ in range(count):
                self.seq += 1
                await self.publish(made_frame(self.seq))
                if pause:
                    await asyncio.sleep(pause)

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        """Be an ASGI application."""
        if scope["path"] == "/control":
            await self.control(receive, send)
        else:
            await self.serve(scope, receive, send)


class Bare(Way):
    """The limit: a loop over the server's own `send`."""

    def __init__(self) -> None:
        self.sends: set[Send] = set()

    async def serve(self, scope: Any, receive: Any, send: Send) -> None:
        """Keep a socket's `send`."""
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "{}"})
        self.sends.add(send)
        while (await receive())["type"] == "websocket.receive":
            pass
        self.sends.discard(send)

    async def publish(self, data: bytes) -> None:
        """Send the same event to all."""
        event = {"type": "websocket.send", "text": data.decode()}
        for send in tuple(self.sends):
            await send(event)
        await asyncio.sleep(0)


class Hub(Way):
    """Our consumer on the hub."""

    def __init__(self) -> None:
        snapshot = {"auction": {"id": AUCTION}, "bids": [], "seq": FIRST_SEQ}
        hub.read_with(
            Readers(
                frames=lambda auction_id, after_seq, limit: [],
                heads=lambda ids: {},
                snapshot=lambda auction_id: snapshot,
                standing=lambda auction_id, user_id: None,
            )
        )
        self.consumer = AuctionConsumer.as_asgi()

    async def serve(self, scope: Any, receive: Any, send: Send) -> None:
        """Hand over to the consumer as the URL table would."""
        scope["url_route"] = {"kwargs": {"auction_id": str(AUCTION)}}
        await self.consumer(scope, receive, send)

    async def publish(self, data: bytes) -> None:
        """Publish as the desk does."""
        hub.publish(AUCTION, [RoomFrame(seq=self.seq, data=data)])


class PlainConsumer(AsyncWebsocketConsumer):
    """What a Channels tutorial shows."""

    async def connect(self) -> None:
        """Join the room's group."""
        await self.channel_layer.group_add("room", self.channel_name)
        await self.accept()
        await self.send(text_data="{}")

    async def disconnect(self, code: int) -> None:
        """Leave it."""
        await self.channel_layer.group_discard("room", self.channel_name)

    async def frame(self, event: dict[str, str]) -> None:
        """Pass a frame on."""
        await self.send(text_data=event["data"])


class Channels(Way):
    """A plain consumer on a layer; capacities raised so that none of it loses a burst."""

    def __init__(self, layer: Any) -> None:
        self.layer = layer
        self.consumer = PlainConsumer.as_asgi()

    async def serve(self, scope: Any, receive: Any, send: Send) -> None:
        """Hand over to the consumer."""
        await self.consumer(scope, receive, send)

    async def publish(self, data: bytes) -> None:
        """Send to the group."""
        await self.layer.group_send("room", {"type": "frame", "data": data.decode()})


CAPACITY = 100_000


def channels_on(layer: Any) -> Channels:
    """Return the plain way with its layer put where the consumer finds it."""
    from channels.layers import channel_layers  # noqa: PLC0415

    channel_layers.set("default", layer)
    return Channels(layer)


def redis_hosts() -> list[dict[str, Any]]:
    """Return the layer's hosts."""
    address = os.environ["REDIS_URL"]
    # redis-py's own limit of connections is below the core layer's needs at 500 sockets.
    return [{"address": address, "socket_timeout": None, "max_connections": 10_000}]


WAYS: dict[str, Callable[[], Way]] = {
    "bare loop": Bare,
    "hub": Hub,
    "channels, in-memory layer": lambda: channels_on(InMemoryChannelLayer(capacity=CAPACITY)),
    "channels, redis layer": lambda: channels_on(
        RedisChannelLayer(hosts=redis_hosts(), capacity=CAPACITY)
    ),
    "channels, redis pub/sub layer": lambda: channels_on(
        RedisPubSubChannelLayer(hosts=redis_hosts())
    ),
}


def serve(name: str) -> None:
    """Run one way until the process is stopped."""
    uvicorn.run(
        WAYS[name](),
        port=PORT,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_ping_interval=None,  # the load answers no pings
        log_level="warning",
        lifespan="off",
        backlog=4096,
    )


@contextmanager
def server(name: str) -> Any:
    """Run a way in a process of its own; yields its id."""
    command = [sys.executable, "-m", "bench.fanout_ways", name]
    # A plain consumer is loud when 500 sockets leave at once.
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    serve(sys.argv[1])
