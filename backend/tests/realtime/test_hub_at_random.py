"""A room in disorder: sockets come, stall, resume and go while frames are lost, late and doubled.

Whatever happens, each socket hears a snapshot and then every seq after it, once and in order; a
socket that resumes hears every seq after the one it named.
"""

import asyncio
import json
import random
from collections.abc import Iterator

import pytest
from django.test import override_settings

from apps.core import room as room_module
from apps.core.frames import Message, RoomFrame
from apps.core.hub import RoomHub
from tests.realtime.rooms import AUCTION, History, Peer, frame, until

STEPS = 300
PEERS_MAX = 12


class StrictPeer(Peer):
    """Notes the first seq that is out of turn."""

    def __init__(self, user_id: int | None = None, last_seq: int | None = None) -> None:
        self.expected = None if last_seq is None else last_seq + 1
        self.resumed: list[int] = []
        self.wrong: list[str] = []
        self.private: list[int] = []
        super().__init__(user_id)

    async def _send(self, message: Message) -> None:
        await super()._send(message)
        if "text" in message:
            self._check(json.loads(message["text"]))

    def _check(self, body: dict[str, object]) -> None:
        seq = body.get("seq")
        if body["type"] == "snapshot":
            assert isinstance(seq, int)
            self.expected = seq + 1
        elif body["type"] == "user_outbid":
            assert isinstance(seq, int)
            self.private.append(seq)
            if self.expected is not None and seq >= self.expected:
                self.wrong.append(f"private {seq} before its frame")
        elif body["type"] == "bid_placed":
            assert isinstance(seq, int)
            if seq != self.expected and seq not in self.resumed:
                self.wrong.append(f"{seq} instead of {self.expected}")
            self.expected = seq + 1

    @property
    def last(self) -> int:
        return (self.expected or 1) - 1


@pytest.fixture(autouse=True)
def _restless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the room yield after every socket, remember little and give up resuming early."""
    monkeypatch.setattr(room_module, "SLICE_SECONDS", -1.0)
    monkeypatch.setattr(room_module, "SLICE_MESSAGES", 1)
    monkeypatch.setattr(room_module, "SNAPSHOT_SECONDS", 0.02)
    monkeypatch.setattr(room_module, "GAP_GRACE_SECONDS", 0.001)
    with override_settings(SOCKET_QUEUE_MAX=12, RESUME_EVENTS_MAX=40, HEARTBEAT_SECONDS=0.05):
        yield


class Disorder:
    """Does one random thing after the other."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.history = History()
        self.hub = RoomHub(self.history.readers())
        self.peers: list[StrictPeer] = []
        self.gone: list[StrictPeer] = []
        self.late: list[RoomFrame] = []  # told again, or for the first time, some steps later

    def join(self, last_seq: int | None = None) -> None:
        peer = StrictPeer(self.dice.choice([None, 1, 2]), last_seq)
        self.peers.append(peer)
        self.hub.join(AUCTION, peer.outlet, last_seq=last_seq)

    def leave(self) -> None:
        peer = self.peers.pop(self.dice.randrange(len(self.peers)))
        self.gone.append(peer)
        self.hub.leave(AUCTION, peer.outlet)
        if self.dice.random() < 0.5 and peer.expected is not None:
            self.join(last_seq=peer.last)

    def resume(self) -> None:
        peer = self.dice.choice(self.peers)
        if peer.expected is not None:
            last_seq = max(0, peer.last - self.dice.randrange(4))
            peer.resumed.append(last_seq + 1)
            self.hub.resume(AUCTION, peer.outlet, last_seq)

    def commit(self) -> None:
        frames = self.history.commit(self.dice.randrange(1, 8))
        if self.dice.random() < 0.3:
            frames.append(frame(frames[-1].seq, user_id=self.dice.choice([1, 2])))
        told = [one for one in frames if self.dice.random() < 0.8]
        late = [one for one in frames if self.dice.random() < 0.2]
        told += self.late[:5]
        self.late = [*self.late[5:], *late]
        self.dice.shuffle(told)
        self.hub.publish(AUCTION, told)

    async def step(self) -> None:
        choice = self.dice.random()
        if len(self.peers) < 3 or (choice < 0.1 and len(self.peers) < PEERS_MAX):
            self.join()
        elif choice < 0.15:
            self.leave()
        elif choice < 0.25:
            self.resume()
        elif choice < 0.35:
            self.dice.choice(self.peers).stop_reading()
        elif choice < 0.5:
            self.dice.choice(self.peers).read_again()
        else:
            self.commit()
        await asyncio.sleep(self.dice.choice([0, 0, 0, 0.001, 0.003]))


@pytest.mark.parametrize("seed", range(12))
async def test_every_socket_hears_every_seq_once_in_order(seed: int) -> None:
    disorder = Disorder(seed)

    for _ in range(STEPS):
        await disorder.step()
    for peer in disorder.peers:
        peer.read_again()
    head = len(disorder.history.rows[AUCTION])
    await until(lambda: all(peer.last == head for peer in disorder.peers), seconds=5)

    everybody = [*disorder.peers, *disorder.gone]
    assert [peer.wrong for peer in everybody if peer.wrong] == []
    assert all(len(set(peer.private)) == len(peer.private) or peer.resumed for peer in everybody)
    stream = disorder.hub._rooms[AUCTION].stream
    assert (stream.head, stream.waiting_count, stream.is_complete) == (head, 0, True)
