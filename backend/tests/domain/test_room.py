"""A snapshot and the frames after it give what a later snapshot says."""

import random
from dataclasses import replace

import pytest
from floor import ALICE, BOB, CAROL, Floor, auction

from domain.auction import SoftClose
from domain.engine import min_next
from domain.events import Audience
from domain.room import BIDS_MAX, RoomBid, RoomGap, RoomView

NAMES = {ALICE: "alice", BOB: "bob", CAROL: "carol", None: None}

EMPTY = {
    "current_bid": None,
    "highest_bidder": None,
    "total_bids": 0,
    "min_next_bid": 10,
    "end_time": "2026-02-22T11:00:00Z",
    "status": "active",
    "reserve_met": False,
    "winner": None,
    "sold": False,
    "final_bid": None,
    "seq": 4,
    "bids": [],
}


def frame(kind, seq, **given):
    return {"type": kind, "auction_id": 7, "timestamp": "2026-02-22T10:30:00Z", "seq": seq} | given


def placed(seq, bidder="bob", amount=10, total=1, **given):
    standing = {
        "current_bid": amount,
        "highest_bidder": bidder,
        "total_bids": total,
        "min_next_bid": amount + 1,
        "reserve_met": False,
        "end_time": EMPTY["end_time"],
    }
    body = standing | {"bidder": bidder, "amount": amount} | given
    return frame("bid_placed", seq, **body)


def applied(*frames, **snapshot):
    view = RoomView.from_snapshot(EMPTY | snapshot)
    for each in frames:
        view = view.apply(each)
    return view


def test_a_bid_becomes_the_first_row_and_moves_the_price():
    view = applied(placed(5), placed(6, "carol", 12, total=2))

    assert view.bids == (RoomBid("carol", 12, False, 6), RoomBid("bob", 10, False, 5))
    assert (view.current_bid, view.highest_bidder, view.min_next_bid) == (12, "carol", 13)
    assert (view.total_bids, view.seq) == (2, 6)


def test_an_answer_of_a_maximum_is_a_row_too():
    answer = placed(6, "carol", 12, total=2) | {"type": "auto_bid_triggered"}
    answer["auto_bidder"] = answer.pop("bidder")

    assert applied(placed(5), answer).bids[0] == RoomBid("carol", 12, True, 6)


def test_a_frame_seen_before_changes_nothing():
    view = applied(placed(5))

    assert view.apply(placed(5, amount=99)) is view
    assert view.apply(placed(3, amount=99)) is view


def test_a_missing_frame_is_noticed():
    with pytest.raises(RoomGap, match="after 4 came 6") as gap:
        applied(placed(6))

    assert (gap.value.last_seq, gap.value.seq) == (4, 6)


def test_a_heartbeat_shows_that_frames_are_missing():
    view = applied()

    assert view.apply({"type": "heartbeat", "seq": 4}) is view
    with pytest.raises(RoomGap):
        view.apply({"type": "heartbeat", "seq": 5})


@pytest.mark.parametrize(
    "personal",
    [
        frame("user_outbid", 9, new_bid=12),
        frame("second_chance_offer", 9, amount=12),
        frame("bid_accepted", 9, request_id="a"),
        {"type": "watchers", "count": 3},
        {"type": "error", "error": "throttled"},
    ],
    ids=lambda personal: personal["type"],
)
def test_what_is_not_the_room_s_leaves_it_alone(personal):
    view = applied()

    assert view.apply(personal) is view


def test_an_unknown_frame_of_a_later_version_only_moves_the_number():
    view = applied(frame("something_new", 5, amount=1))

    assert view == applied(seq=5)


def test_only_the_last_bids_are_kept_newest_first():
    rows = [{"bidder": "bob", "amount": n, "auto": False, "seq": n, "id": n} for n in range(1, 31)]
    random.Random(0).shuffle(rows)

    view = applied(placed(31, amount=31, total=31), bids=rows, seq=30)

    assert [bid.seq for bid in view.bids] == list(range(31, 31 - BIDS_MAX, -1))


def test_reserve_met_stays_null_without_a_reserve():
    met = frame("reserve_met", 6, reserve_met=True)

    assert applied(placed(5), met).reserve_met is True
    assert applied(placed(5, reserve_met=True), met, reserve_met=None).reserve_met is None


def test_an_extension_and_a_warning():
    later = "2026-02-22T11:02:00Z"

    view = applied(
        frame("auction_extended", 5, end_time=later),
        frame("auction_ending_soon", 6, seconds_remaining=60),
    )

    assert (view.end_time, view.seq) == (later, 6)


def test_a_start():
    view = applied(
        frame("auction_started", 5, end_time=EMPTY["end_time"], min_next_bid=10),
        status="scheduled",
    )

    assert view.status == "active"


def test_an_unsold_end_keeps_the_price_and_a_sale_shows_the_bid_sold():
    unsold = frame(
        "auction_ended",
        6,
        winner=None,
        final_bid=10,
        sold=False,
        reserve_met=False,
        end_time="2026-02-22T10:50:00Z",
    )
    sold = unsold | {"seq": 7, "winner": "carol", "final_bid": 9, "sold": True}

    view = applied(placed(5), unsold)
    assert (view.status, view.current_bid, view.highest_bidder) == ("ended", 10, "bob")
    assert (view.winner, view.final_bid, view.sold, view.min_next_bid) == (None, 10, False, None)
    assert view.end_time == "2026-02-22T10:50:00Z"
    view = view.apply(sold)
    assert (view.current_bid, view.highest_bidder, view.winner) == (9, "carol", "carol")


@pytest.mark.parametrize(("removed", "status"), [(False, "cancelled"), (True, "removed")])
def test_a_cancellation(removed, status):
    view = applied(frame("auction_cancelled", 5, reason="typo", removed=removed))

    assert (view.status, view.min_next_bid) == (status, None)


def test_after_bids_were_taken_back_the_list_is_unknown_until_fetched():
    recomputed = frame(
        "price_recomputed",
        7,
        current_bid=None,
        highest_bidder=None,
        total_bids=0,
        min_next_bid=10,
        reserve_met=False,
    )

    view = applied(placed(5), frame("bid_retracted", 6, user="bob"), recomputed, placed(8))

    assert view.bids is None
    assert (view.current_bid, view.total_bids) == (10, 1)


def test_a_lapsed_offer():
    lapsed = frame("price_changed", 6, current_bid=None, highest_bidder=None, min_next_bid=10)

    view = applied(placed(5), lapsed)

    assert (view.current_bid, view.highest_bidder, view.min_next_bid) == (None, None, 10)
    assert len(view.bids) == 1


# -- folded over the engine's own events --------------------------------------------------------


def wire(event):
    """Return the frame of an event, in minor units: what the wire says and no more."""
    user = getattr(event, "user_id", None)
    body = {
        "bidder": NAMES[getattr(event, "bidder_id", None)],
        "auto_bidder": NAMES[getattr(event, "auto_bidder_id", None)],
        "user": NAMES[user],
        "amount": getattr(event, "amount_minor", None),
        "current_bid": getattr(event, "price_minor", None),
        "highest_bidder": NAMES[getattr(event, "leader_id", None)],
        "min_next_bid": getattr(event, "min_next_minor", None),
        "winner": NAMES[getattr(event, "winner_id", None)],
        "final_bid": getattr(event, "final_bid_minor", None),
        "end_time": str(event.end_at) if hasattr(event, "end_at") else None,
    }
    named = {key: value for key, value in body.items() if value is not None}
    same = {
        key: getattr(event, key)
        for key in ("total_bids", "reserve_met", "sold", "removed")
        if hasattr(event, key)
    }
    return named | same | {"type": event.type, "seq": event.seq}


def snapshot(floor):
    state = floor.state
    return EMPTY | {
        "current_bid": state.price_minor,
        "highest_bidder": NAMES[state.leader_id],
        "total_bids": state.total_bids,
        "min_next_bid": min_next(state),
        "end_time": str(state.end_at),
        "status": state.status.value,
        "reserve_met": state.reserve_met,
        "winner": NAMES[state.winner_id],
        "sold": state.sold,
        "final_bid": state.final_minor,
        "seq": state.seq,
        "bids": [
            {"bidder": NAMES[r.bidder_id], "amount": r.amount_minor, "auto": r.auto, "seq": r.seq}
            for r in floor.rows
        ],
    }


@pytest.mark.parametrize("number", range(60))
def test_a_snapshot_and_its_frames_give_the_later_snapshot(number):
    chance = random.Random(number)
    floor = Floor(
        auction(
            end=1_000,
            reserve_minor=3_000,
            buy_now_minor=30_000,
            soft_close=SoftClose(120, 60, "add", extensions_max=3),
        )
    )
    view = RoomView.from_snapshot(snapshot(floor))
    for second in range(860, 1_001, 10):
        user, amount = chance.choice([ALICE, BOB, CAROL]), chance.randint(10, 90) * 100
        act = chance.choices(
            [floor.bid, floor.auto, floor.buy_now, floor.tick], weights=[6, 8, 0.3, 2]
        )[0]
        act(
            *{floor.buy_now: (user, second), floor.tick: (second,)}.get(act, (user, amount, second))
        )
    floor.tick(2_000)

    for event in floor.events:
        if event.audience is not Audience.NOBODY:
            view = view.apply(wire(event))

    later = RoomView.from_snapshot(snapshot(floor))
    assert view == later
    assert replace(view, seq=0) != RoomView.from_snapshot(EMPTY)
