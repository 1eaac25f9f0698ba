"""Open or closed, the soft close, warnings and windows, by the instant (R15, R40-R44, B1)."""

from dataclasses import replace

import pytest
from floor import ALICE, BOB, Floor, at, auction, listing, offer

from domain import engine, timing
from domain.auction import SoftClose, Status
from domain.events import AuctionEnded, AuctionEndingSoon, AuctionExtended, AuctionStarted
from domain.reasons import Reason
from domain.timing import Validity

MICROSECOND = 0.000_001


# -- R15: the accepting interval ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [
        (100 - MICROSECOND, Reason.NOT_STARTED),
        (100, None),
        (200 - MICROSECOND, None),
        (200, Reason.ENDED),
        (201, Reason.ENDED),
    ],
)
def test_r15_bids_are_taken_from_the_start_up_to_before_the_end(seconds, reason):
    floor = Floor(auction(start=100, end=200))

    answer = floor.bid(ALICE, 1_000, seconds)

    assert getattr(answer, "reason", None) == reason


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (Status.DRAFT, Reason.NOT_ACTIVE),
        (Status.SCHEDULED, Reason.NOT_STARTED),
        (Status.ENDED, Reason.ENDED),
        (Status.CANCELLED, Reason.NOT_ACTIVE),
        (Status.REMOVED, Reason.NOT_ACTIVE),
    ],
)
def test_r15_only_an_active_auction_takes_bids(status, reason):
    answer = Floor(auction(status=status)).bid(ALICE, 1_000, 10)

    assert answer.reason == reason
    assert answer.facts == ({"status": status.value} if reason is Reason.NOT_ACTIVE else {})


# -- R40-R43: the soft close --------------------------------------------------------------------


def extended_by(soft_close, seconds, end=1_000, **state):
    before = replace(auction(end=end, soft_close=soft_close), **state)
    return (timing.extended_end(before, at(seconds)) - before.end_at).total_seconds()


RESET = SoftClose(window_seconds=120, extension_seconds=120)
ADD = SoftClose(window_seconds=120, extension_seconds=60, mode="add")


@pytest.mark.parametrize(
    ("soft_close", "seconds", "moved"),
    [
        (None, 999, 0),
        (RESET, 879, 0),
        (RESET, 880, 0),  # in the window, but the end is where the reset would put it
        (RESET, 880.5, 0.5),
        (RESET, 881, 1),
        (RESET, 999.999, 119.999),
        (SoftClose(60, 180), 940, 120),
        (SoftClose(300, 60), 750, 0),  # R43: a reset never shortens
        (ADD, 879, 0),
        (ADD, 880, 60),
        (ADD, 999, 60),
        (SoftClose(120, 120, total_seconds_max=60), 999, 60),
        (SoftClose(120, 120, total_seconds_max=0), 999, 0),
        (SoftClose(120, 60, "add", total_seconds_max=45), 900, 45),
    ],
)
def test_r42_a_late_bid_moves_the_end(soft_close, seconds, moved):
    assert extended_by(soft_close, seconds) == pytest.approx(moved)


def test_r42_the_total_counts_from_the_original_end():
    soft_close = SoftClose(120, 120, total_seconds_max=150)

    assert extended_by(soft_close, 1_099, end_at=at(1_100), extension_count=1) == 50


def test_r42_no_more_extensions_than_allowed():
    soft_close = SoftClose(120, 120, extensions_max=2)

    assert extended_by(soft_close, 999, extension_count=1) == 119
    assert extended_by(soft_close, 999, extension_count=2) == 0


def test_r41_a_proxy_s_answer_extends_but_a_raise_a_lowering_and_a_deletion_do_not():
    floor = Floor(auction(end=1_000, soft_close=RESET))
    floor.auto(ALICE, 5_000)

    for quiet in (
        floor.auto(ALICE, 9_000, 950),
        floor.auto(ALICE, 6_000, 955),
        floor.cancel_auto(ALICE, 960),
        floor.auto(ALICE, 7_000, 965),
    ):
        assert quiet.state.end_at == at(1_000)
    answered = floor.bid(BOB, 2_000, 970)

    assert answered.state.end_at == at(1_090)
    assert answered.state.extension_count == 1
    assert [type(event) for event in answered.events][-1] is AuctionExtended


# -- R44: warnings ------------------------------------------------------------------------------


def seconds_told(floor):
    return [e.seconds_remaining for e in floor.events if isinstance(e, AuctionEndingSoon)]


def test_r44_each_threshold_is_announced_once_at_its_own_time():
    floor = Floor(auction(end=1_000, ending_soon_seconds=(60, 300)))

    for seconds in (699, 700, 701, 939, 940, 999):
        floor.tick(seconds)

    assert seconds_told(floor) == [300, 60]
    assert [event.at for event in floor.events] == [at(700), at(940)]


def test_r44_thresholds_crossed_unnoticed_are_announced_with_the_time_they_were_due():
    floor = Floor(auction(end=1_000, ending_soon_seconds=(60, 300)))

    floor.tick(990)

    assert [(e.seconds_remaining, e.at) for e in floor.events] == [(300, at(700)), (60, at(940))]


def test_r44_nobody_is_warned_of_an_end_that_has_passed():
    floor = Floor(auction(end=1_000, ending_soon_seconds=(60,)))

    floor.tick(1_000)

    assert [type(event) for event in floor.events] == [AuctionEnded]


def test_r44_a_threshold_longer_than_the_auction_is_announced_with_the_start():
    floor = Floor(auction(status=Status.SCHEDULED, start=100, end=150, ending_soon_seconds=(60,)))

    floor.tick(105)

    assert [type(event) for event in floor.events] == [AuctionStarted, AuctionEndingSoon]
    assert [event.at for event in floor.events] == [at(100), at(100)]


def test_r44_an_extension_rearms_only_the_thresholds_below_the_remaining_time():
    soft_close = SoftClose(120, 30, "add")
    floor = Floor(auction(end=1_000, ending_soon_seconds=(60, 30), soft_close=soft_close))
    floor.tick(975)

    floor.bid(ALICE, 1_000, 975)  # 55 seconds remain: above 30, not above 60
    assert floor.state.warned_seconds == (60,)
    floor.tick(1_000)

    assert seconds_told(floor) == [60, 30, 30]


# -- the clockwork: when a Tick is due ----------------------------------------------------------


def test_next_due_walks_through_opening_warning_and_end():
    terms = {"start": 100, "end": 1_000, "ending_soon_seconds": (60,)}
    floor = Floor(auction(status=Status.SCHEDULED, **terms))

    due = []
    while (instant := engine.next_due_at(floor.state)) is not None:
        seconds = (instant - at(0)).total_seconds()
        due.append(seconds)
        early = floor.tick(seconds - MICROSECOND)
        assert (early.events, early.state) == ((), replace(floor.state, past_actions=()))
        assert floor.tick(seconds).events

    assert due == [100, 940, 1_000]
    assert floor.state.status is Status.ENDED


@pytest.mark.parametrize("status", [Status.DRAFT, Status.ENDED, Status.CANCELLED, Status.REMOVED])
def test_nothing_is_due_before_a_draft_is_activated_or_after_the_end(status):
    state = auction(status=status, end=10, ending_soon_seconds=(5,))

    assert engine.next_due_at(state) is None
    assert Floor(state).tick(10_000).events == ()


def test_the_best_offer_lapses_just_after_its_end():
    best = offer(valid_from=at(0), valid_until=at(50))
    state = replace(listing(end=100), best_offer=best, leader_id=ALICE, price_minor=2_000)

    assert engine.next_due_at(state) == at(50 + MICROSECOND)
    assert Floor(state).tick(50).events == ()
    (changed,) = Floor(state).tick(50 + MICROSECOND).events
    assert (changed.type, changed.leader_id, changed.min_next_minor) == (
        "price_changed",
        None,
        1_000,
    )


def test_a_late_tick_opens_and_closes_at_the_times_that_were_due():
    floor = Floor(auction(status=Status.SCHEDULED, start=100, end=200))

    floor.tick(900)

    assert [(event.type, event.at, event.seq) for event in floor.events] == [
        ("auction_started", at(100), 1),
        ("auction_ended", at(200), 2),
    ]
    assert floor.state.end_at == at(200)


# -- B1: an offer's window ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (10 - MICROSECOND, Validity.PENDING),
        (10, Validity.VALID),
        (20, Validity.VALID),
        (20 + MICROSECOND, Validity.EXPIRED),
    ],
)
def test_b1_both_ends_of_a_window_are_inside(seconds, expected):
    assert timing.validity(at(10), at(20), at(seconds)) is expected


def test_b1_an_open_window_is_always_valid():
    assert timing.validity(None, None, at(0)) is Validity.VALID


@pytest.mark.parametrize(("seconds", "counts"), [(0, True), (20, True), (20.5, False)])
def test_b2_pending_and_valid_offers_are_in_force(seconds, counts):
    assert timing.in_force(at(20), at(seconds)) is counts
