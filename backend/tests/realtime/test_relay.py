"""The relay over a real Valkey that is killed and comes back, and over none."""

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from channels.layers import InMemoryChannelLayer, channel_layers
from channels_redis.pubsub import RedisPubSubChannelLayer

from apps.core import relay as relay_module
from apps.core.frames import RoomFrame
from apps.core.hub import RoomHub
from apps.core.relay import ChannelRelay
from tests.realtime.doors import Valkey
from tests.realtime.rooms import AUCTION, History, Peer, until


@pytest.fixture
def valkey(tmp_path: Any) -> Iterator[Valkey]:
    server = Valkey(tmp_path)
    server.start()
    yield server
    server.kill()


class Process:
    """What stands for one process: a hub, its relay, its own layer."""

    def __init__(self, history: History, layer: Any) -> None:
        self.hub = RoomHub(history.readers())
        channel_layers.set("default", layer)
        self.hub.relay = ChannelRelay(self.hub)
        assert self.hub.relay._is_running() or isinstance(layer, InMemoryChannelLayer)


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture(autouse=True)
def _own_layer() -> Iterator[None]:
    known = channel_layers.backends.copy()
    yield
    channel_layers.backends = known


def processes(history: History, valkey: Valkey) -> tuple[Process, Process]:
    hosts = [{"address": f"redis://127.0.0.1:{valkey.port}/0", "socket_timeout": None}]
    first, second = (
        Process(history, RedisPubSubChannelLayer(hosts=hosts, prefix="relay-test"))
        for _ in range(2)
    )
    return first, second


async def joined(process: Process) -> Peer:
    peer = Peer()
    process.hub.join(AUCTION, peer.outlet)
    await until(lambda: peer.outlet.live)
    return peer


async def crosses(sender: Process, history: History, peer: Peer) -> bool:
    """Publish one frame in one process; tell whether the other's socket gets it by the layer."""
    head = len(history.rows[AUCTION])
    sender.hub.publish(AUCTION, history.commit())
    with contextlib.suppress(TimeoutError):
        await until(lambda: peer.seqs[-1:] == [head + 1], seconds=0.5)
        return True
    return False


async def test_own_messages_are_not_taken_twice(history: History, valkey: Valkey) -> None:
    first, second = processes(history, valkey)
    here, there = await joined(first), await joined(second)
    async with asyncio.timeout(10):
        while not await crosses(first, history, there):
            pass

    first.hub.publish(AUCTION, [RoomFrame(seq=None, data=b'{"type":"watchers"}')])
    await until(lambda: "watchers" in there.kinds())
    await asyncio.sleep(0.1)

    assert here.kinds().count("watchers") == 1
    assert there.kinds().count("watchers") == 1


async def test_valkey_killed_and_back_again(
    history: History, valkey: Valkey, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = processes(history, valkey)
    there = await joined(second)
    async with asyncio.timeout(10):
        while not await crosses(first, history, there):
            pass
    here = await joined(first)

    valkey.kill()
    for _ in range(5):
        first.hub.publish(AUCTION, history.commit())
        await asyncio.sleep(0.2)
    await until(lambda: here.seqs[-1:] == [len(history.rows[AUCTION])])
    valkey.start()
    async with asyncio.timeout(20):
        while not await crosses(first, history, there):
            pass

    own = [record for record in caplog.records if record.name == "apps.core.relay"]
    assert sum("is away" in record.getMessage() for record in own) <= 2, "said once by each"
    assert there.seqs == list(range(there.seqs[0], len(history.rows[AUCTION]) + 1))


async def test_relay_waits_for_a_valkey_that_is_not_there_yet(
    history: History, valkey: Valkey
) -> None:
    valkey.kill()
    first, second = processes(history, valkey)
    there = await joined(second)
    assert not await crosses(first, history, there)

    valkey.start()

    async with asyncio.timeout(20):
        while not await crosses(first, history, there):
            pass


async def test_frames_for_a_dead_layer_do_not_pile_up(
    history: History, valkey: Valkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    valkey.kill()
    monkeypatch.setattr(relay_module, "OUTBOX_MAX", 100)
    first, _ = processes(history, valkey)

    for _ in range(1000):
        first.hub.publish(AUCTION, history.commit())

    relay = first.hub.relay
    assert isinstance(relay, ChannelRelay)
    assert len(relay._outbox) <= 100


async def test_in_memory_layer_needs_no_relay(history: History) -> None:
    process = Process(history, InMemoryChannelLayer())
    peer = await joined(process)

    process.hub.publish(AUCTION, history.commit())

    await until(lambda: peer.seqs == [1])
    relay = process.hub.relay
    assert isinstance(relay, ChannelRelay)
    assert relay._loop is None, "no thread was started"
