"""The hub over a history in memory: order, gaps, repeats, slow readers, late joiners."""

import asyncio
import random
import threading
from collections.abc import Iterator

import pytest
from django.test import override_settings

from apps.core import hub as hub_module
from apps.core import room as room_module
from apps.core.hub import RoomHub
from tests.realtime.rooms import AUCTION, History, Peer, frame, until


@pytest.fixture
def history() -> History:
    return History()


@pytest.fixture
def hub(history: History) -> RoomHub:
    return RoomHub(history.readers())


@pytest.fixture
def quick_heartbeat() -> Iterator[None]:
    with override_settings(HEARTBEAT_SECONDS=0.05):
        yield


async def joined(hub: RoomHub, user_id: int | None = None, last_seq: int | None = None) -> Peer:
    peer = Peer(user_id)
    hub.join(AUCTION, peer.outlet, last_seq=last_seq)
    await until(lambda: peer.outlet.live or peer.outlet.gone)
    return peer


async def test_joiner_gets_a_snapshot_then_the_frames_after_it(
    hub: RoomHub, history: History
) -> None:
    history.commit(3)

    peer = await joined(hub)
    hub.publish(AUCTION, history.commit(2))

    await until(lambda: len(peer.sent) == 3)
    assert peer.bodies[0]["type"] == "snapshot"
    assert peer.bodies[0]["seq"] == 3
    assert peer.bodies[0]["you"] is None
    assert peer.bodies[0]["server_time"].endswith("Z")
    assert peer.seqs == [4, 5]


async def test_snapshot_carries_the_standing_of_its_reader_alone(
    hub: RoomHub, history: History
) -> None:
    first, second = await joined(hub, user_id=1), await joined(hub, user_id=2)

    assert first.bodies[0]["you"]["user"] == 1
    assert second.bodies[0]["you"]["user"] == 2


async def test_unknown_auction_closes_with_4404(hub: RoomHub, history: History) -> None:
    peer = Peer()
    hub.join(404, peer.outlet)

    await until(lambda: peer.close_code)
    assert peer.close_code == 4404
    assert peer.bodies == []


async def test_frames_reach_every_socket_as_the_same_object(hub: RoomHub, history: History) -> None:
    peers = [await joined(hub) for _ in range(3)]

    hub.publish(AUCTION, history.commit())

    await until(lambda: all(len(peer.sent) == 2 for peer in peers))
    assert len({id(peer.sent[1]) for peer in peers}) == 1


async def test_frames_out_of_order_and_repeated_arrive_once_in_order(
    hub: RoomHub, history: History
) -> None:
    peer = await joined(hub)
    frames = history.commit(200)
    shuffled = [*frames, *frames]
    random.Random(3).shuffle(shuffled)

    for one in shuffled:
        hub.publish(AUCTION, [one])
        if (one.seq or 0) % 17 == 0:
            await asyncio.sleep(0)

    await until(lambda: len(peer.seqs) == 200)
    await asyncio.sleep(0.05)
    assert peer.seqs == list(range(1, 201))


async def test_gap_is_read_once_for_the_whole_room(hub: RoomHub, history: History) -> None:
    peers = [await joined(hub) for _ in range(50)]
    frames = history.commit(10)

    hub.publish(AUCTION, frames[7:])  # 1 to 7 were lost on their way

    await until(lambda: all(len(peer.seqs) == 10 for peer in peers))
    assert history.asked.count("frames") == 1
    assert all(peer.seqs == list(range(1, 11)) for peer in peers)


async def test_frame_that_was_only_overtaken_costs_no_query(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)
    first, second = history.commit(2)

    hub.publish(AUCTION, [second])
    await asyncio.sleep(0.002)
    hub.publish(AUCTION, [first])

    await until(lambda: peer.seqs == [1, 2])
    assert "frames" not in history.asked


async def test_gap_waits_while_the_database_is_away(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)
    frames = history.commit(5)
    history.is_away = True

    hub.publish(AUCTION, frames[4:])
    await asyncio.sleep(0.1)
    before = list(peer.seqs)
    history.is_away = False

    await until(lambda: len(peer.seqs) == 5)
    assert before == []
    assert peer.seqs == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("quick_heartbeat")
async def test_lost_frame_is_found_by_the_heartbeat(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)

    history.commit(3)  # committed, never published

    await until(lambda: len(peer.seqs) == 3)
    await until(lambda: "heartbeat" in peer.kinds())
    beat = next(body for body in peer.bodies if body["type"] == "heartbeat")
    assert set(beat) == {"type", "auction_id", "seq", "server_time"}
    await until(lambda: peer.bodies[-1] == {**peer.bodies[-1], "type": "heartbeat", "seq": 3})


@pytest.mark.usefixtures("quick_heartbeat")
async def test_heartbeat_asks_once_for_all_rooms() -> None:
    history = History(range(1, 41))
    hub = RoomHub(history.readers())
    peers = [Peer() for _ in range(40)]
    for auction_id, peer in enumerate(peers, start=1):
        hub.join(auction_id, peer.outlet)
    await until(lambda: all(peer.outlet.live for peer in peers))
    history.asked.clear()

    await until(lambda: all("heartbeat" in peer.kinds() for peer in peers))

    assert history.asked.count("heads") <= 2


@pytest.mark.usefixtures("quick_heartbeat")
async def test_heartbeat_goes_on_while_the_database_is_away(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)
    history.is_away = True

    await until(lambda: peer.kinds().count("heartbeat") >= 2)

    assert peer.outlet.live


@pytest.mark.usefixtures("quick_heartbeat")
async def test_restored_database_gives_everybody_a_new_snapshot(
    hub: RoomHub, history: History
) -> None:
    peer = await joined(hub)
    hub.publish(AUCTION, history.commit(5))
    await until(lambda: peer.seqs == [1, 2, 3, 4, 5])

    del history.rows[AUCTION][2:]
    await until(lambda: peer.kinds().count("snapshot") == 2)
    hub.publish(AUCTION, history.commit())

    await until(lambda: peer.seqs == [3])
    assert [body["seq"] for body in peer.bodies if body["type"] == "snapshot"] == [0, 2]


async def test_nothing_is_lost_or_doubled_while_joining(hub: RoomHub, history: History) -> None:
    """A bid is committed and published while the snapshot is read, before or after its read."""
    first = await joined(hub)
    late: list[Peer] = []

    def commit_meanwhile() -> None:
        hub.publish(AUCTION, history.commit())

    history.before_answering = commit_meanwhile
    for _ in range(30):
        peer = Peer()
        hub.join(AUCTION, peer.outlet)
        late.append(peer)
        hub.publish(AUCTION, history.commit())
        await asyncio.sleep(0.001)
    await until(lambda: all(peer.outlet.live for peer in late))
    history.before_answering = lambda: None
    hub.publish(AUCTION, history.commit())

    head = len(history.rows[AUCTION])
    await until(lambda: all(peer.seqs[-1:] == [head] for peer in [first, *late]))
    for peer in [first, *late]:
        start = next(body["seq"] for body in peer.bodies if body["type"] == "snapshot")
        assert peer.seqs == list(range(start + 1, head + 1))


async def test_frame_published_while_the_first_snapshot_is_read_waits_for_it(
    hub: RoomHub, history: History
) -> None:
    history.after_snapshot = lambda: hub.publish(AUCTION, history.commit(3))

    peer = await joined(hub)

    await until(lambda: peer.seqs == [1, 2, 3])
    assert peer.kinds()[0] == "snapshot"
    assert "frames" not in history.asked


async def test_thousand_arriving_watchers_share_few_snapshots(
    hub: RoomHub, history: History
) -> None:
    history.commit(4)
    peers = [Peer() for _ in range(1000)]

    for peer in peers:
        hub.join(AUCTION, peer.outlet)
    await until(lambda: all(peer.outlet.live for peer in peers))

    assert history.asked == ["snapshot"]
    assert all(peer.bodies[0]["seq"] == 4 for peer in peers)


async def test_snapshot_is_read_again_after_a_second(
    hub: RoomHub, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "SNAPSHOT_SECONDS", 0.02)
    await joined(hub)
    await asyncio.sleep(0.03)

    await joined(hub)

    assert history.asked == ["snapshot", "snapshot"]


async def test_hot_room_serves_an_older_snapshot_and_the_frames_since(
    hub: RoomHub, history: History
) -> None:
    await joined(hub)
    hub.publish(AUCTION, history.commit(20))

    late = await joined(hub)

    assert history.asked == ["snapshot"]
    assert late.bodies[0]["seq"] == 0
    assert late.seqs == list(range(1, 21))


# --- resuming ---------------------------------------------------------------------------------


async def test_returning_client_gets_what_it_missed_and_no_snapshot(
    hub: RoomHub, history: History
) -> None:
    history.commit(10)

    peer = await joined(hub, last_seq=6)
    hub.publish(AUCTION, history.commit())

    await until(lambda: peer.seqs == [7, 8, 9, 10, 11])
    assert "snapshot" not in peer.kinds()


async def test_returning_clients_share_one_read(hub: RoomHub, history: History) -> None:
    history.commit(100)
    peers = [Peer() for _ in range(200)]

    for peer in peers:
        hub.join(AUCTION, peer.outlet, last_seq=40)
    await until(lambda: all(peer.outlet.live for peer in peers))

    assert history.asked.count("frames") == 1
    assert all(peer.seqs == list(range(41, 101)) for peer in peers)


@pytest.mark.parametrize(
    ("last_seq", "kinds"),
    [(99, ["bid_placed"] * 501), (100, ["bid_placed"] * 500)],
    ids=["501_behind", "500_behind"],
)
async def test_client_far_behind_gets_a_snapshot(
    hub: RoomHub, history: History, last_seq: int, kinds: list[str]
) -> None:
    history.commit(600)

    peer = await joined(hub, last_seq=last_seq)

    if len(kinds) > 500:
        assert peer.kinds() == ["snapshot"]
        assert peer.bodies[0]["seq"] == 600
    else:
        assert peer.seqs == list(range(101, 601))


async def test_client_ahead_of_the_head_gets_a_snapshot(hub: RoomHub, history: History) -> None:
    history.commit(3)

    peer = await joined(hub, last_seq=9)

    assert peer.kinds() == ["snapshot"]
    assert peer.bodies[0]["seq"] == 3


async def test_resume_in_mid_stream_repeats_and_goes_on(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)
    hub.publish(AUCTION, history.commit(5))
    await until(lambda: len(peer.seqs) == 5)

    hub.resume(AUCTION, peer.outlet, 3)
    hub.publish(AUCTION, history.commit(2))

    await until(lambda: peer.seqs == [1, 2, 3, 4, 5, 4, 5, 6, 7])


async def test_current_client_that_resumes_hears_where_the_stream_stands(
    hub: RoomHub, history: History
) -> None:
    history.commit(5)

    peer = await joined(hub, last_seq=5)

    assert peer.kinds() == ["heartbeat"]
    assert peer.bodies[0]["seq"] == 5


# --- one user's frames ------------------------------------------------------------------------


async def test_private_frame_reaches_only_its_user_after_the_frame_it_belongs_to(
    hub: RoomHub, history: History
) -> None:
    mine, other, stranger = [await joined(hub, user_id) for user_id in (1, 2, None)]
    first, second = history.commit(2)

    hub.publish(AUCTION, [frame(2, user_id=1)])
    hub.publish(AUCTION, [second])
    hub.publish(AUCTION, [first])
    hub.publish(AUCTION, [frame(2, user_id=1)])

    await until(lambda: len(mine.sent) == 4)
    await asyncio.sleep(0.03)
    assert mine.kinds() == ["snapshot", "bid_placed", "bid_placed", "user_outbid"]
    assert other.kinds() == stranger.kinds() == ["snapshot", "bid_placed", "bid_placed"]


async def test_slow_reader_gets_his_private_frame_in_its_place(
    hub: RoomHub, history: History
) -> None:
    peer = await joined(hub, user_id=1)
    peer.stop_reading()

    hub.publish(AUCTION, history.commit(2))
    hub.publish(AUCTION, [frame(2, user_id=1)])
    hub.publish(AUCTION, history.commit())
    await asyncio.sleep(0.02)
    peer.read_again()

    await until(lambda: len(peer.sent) == 5)
    assert peer.kinds()[1:] == ["bid_placed", "bid_placed", "user_outbid", "bid_placed"]


# --- slow readers -----------------------------------------------------------------------------


async def test_slow_reader_stalls_nobody_and_catches_up_in_order(
    hub: RoomHub, history: History
) -> None:
    slow, quick = await joined(hub), await joined(hub)
    slow.stop_reading()

    hub.publish(AUCTION, history.commit(100))
    await until(lambda: len(quick.seqs) == 100)
    stalled = len(slow.sent)
    slow.read_again()

    await until(lambda: len(slow.seqs) == 100)
    assert stalled == 1
    assert slow.seqs == quick.seqs
    assert "frames" not in history.asked  # the room's recent messages were enough


async def test_reader_slower_than_the_room_remembers_reads_the_database(
    hub: RoomHub, history: History
) -> None:
    slow, quick = await joined(hub), await joined(hub)
    slow.stop_reading()

    hub.publish(AUCTION, history.commit(400))  # the room keeps SOCKET_QUEUE_MAX = 256
    await until(lambda: len(quick.seqs) == 400)
    slow.read_again()

    await until(lambda: len(slow.seqs) == 400)
    assert slow.seqs == list(range(1, 401))
    assert history.asked.count("frames") == 1


async def test_reader_hopelessly_behind_gets_a_snapshot(hub: RoomHub, history: History) -> None:
    slow, quick = await joined(hub), await joined(hub)
    slow.stop_reading()
    for _ in range(9):
        hub.publish(AUCTION, history.commit(100))
    await until(lambda: len(quick.seqs) == 900)

    slow.read_again()
    await until(lambda: slow.kinds().count("snapshot") == 2)
    hub.publish(AUCTION, history.commit())

    await until(lambda: slow.seqs[-1:] == [901])
    assert slow.seqs == [901]
    assert len(slow.sent) < 40  # the batch under way, the snapshot, the new frame


async def test_slow_reader_holds_no_queue_of_room_frames(hub: RoomHub, history: History) -> None:
    slow = await joined(hub)
    slow.stop_reading()

    for _ in range(50):
        hub.publish(AUCTION, history.commit(100))
        await asyncio.sleep(0)

    assert slow.outlet._direct is None
    room = hub._rooms[AUCTION]
    await until(lambda: room.stream.head == 5000)
    assert len(room.stream._recent) == 256


async def test_answers_wait_for_a_slow_reader_up_to_a_limit(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)
    peer.stop_reading()

    for number in range(40):
        peer.outlet.say({"type": "websocket.send", "text": f'{{"type":"pong","n":{number}}}'})
    peer.read_again()
    await until(lambda: len(peer.sent) == 41)
    peer.stop_reading()
    for number in range(200):
        peer.outlet.say({"type": "websocket.send", "text": f'{{"type":"pong","n":{number}}}'})
    peer.read_again()

    await until(lambda: peer.close_code)
    assert peer.close_code == 1008
    assert len(peer.sent) == 43  # the one already handed over, then the close


async def test_room_that_cannot_keep_up_sends_snapshots(
    hub: RoomHub, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_module, "OVERLOAD_MESSAGES", 5000)
    peers = [await joined(hub) for _ in range(20)]

    hub.publish(AUCTION, history.commit(2000))

    await until(lambda: all(peer.kinds().count("snapshot") == 2 for peer in peers))
    hub.publish(AUCTION, history.commit())
    await until(lambda: all(peer.seqs == [2001] for peer in peers))


# --- sockets that go away ---------------------------------------------------------------------


async def test_socket_whose_peer_is_gone_is_left_alone(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)
    other = await joined(hub)

    async def fail(message: object) -> None:
        raise ConnectionResetError

    peer.outlet.send = fail
    hub.publish(AUCTION, history.commit(3))

    await until(lambda: other.seqs == [1, 2, 3])
    assert peer.outlet.gone


async def test_last_socket_closes_the_room(hub: RoomHub, history: History) -> None:
    peers = [await joined(hub) for _ in range(2)]

    for peer in peers:
        hub.leave(AUCTION, peer.outlet)
        hub.leave(AUCTION, peer.outlet)

    assert hub._rooms == {}


async def test_join_when_the_database_is_away_asks_to_try_again(
    hub: RoomHub, history: History
) -> None:
    history.is_away = True

    peer = await joined(hub)

    assert peer.close_code == 1013


# --- threads and loops ------------------------------------------------------------------------


async def test_publish_from_many_threads_loses_nothing(hub: RoomHub, history: History) -> None:
    peer = await joined(hub)
    frames = history.commit(400)

    def publish(part: int) -> None:
        for one in frames[part::8]:
            hub.publish(AUCTION, [one])

    threads = [threading.Thread(target=publish, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    await until(lambda: len(peer.seqs) == 400)
    for thread in threads:
        thread.join()

    assert peer.seqs == list(range(1, 401))


def test_hub_moves_to_the_next_event_loop_when_the_first_has_ended(
    hub: RoomHub, history: History
) -> None:
    async def watch() -> list[int]:
        peer = await joined(hub)
        hub.publish(AUCTION, history.commit())
        await until(lambda: peer.seqs)
        return peer.seqs

    first = asyncio.run(watch())
    hub.publish(AUCTION, history.commit())  # nobody listens
    second = asyncio.run(watch())

    assert (first, second) == ([1], [3])


# --- how many watch ---------------------------------------------------------------------------


async def test_watchers_are_counted_at_most_once_per_interval_and_only_on_change(
    hub: RoomHub, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub_module, "WATCHERS_SECONDS", 0.1)
    first = await joined(hub)
    for _ in range(20):
        await joined(hub)
    await asyncio.sleep(0.25)
    counts = [body["count"] for body in first.bodies if body["type"] == "watchers"]
    passing = await joined(hub)
    hub.leave(AUCTION, passing.outlet)
    await asyncio.sleep(0.25)

    assert counts == [21]
    assert [body["count"] for body in first.bodies if body["type"] == "watchers"] == [21]


async def test_watchers_of_other_processes_count_until_they_fall_silent(
    hub: RoomHub, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    await joined(hub)

    hub.receive_counts("another", {AUCTION: 4, 99: 1})
    await until(lambda: hub.watchers(AUCTION) == 5)
    monkeypatch.setattr(hub_module, "COUNTS_KEPT_SECONDS", 0.0)

    assert hub.watchers(AUCTION) == 1
