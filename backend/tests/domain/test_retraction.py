"""Bids taken back: who may, what goes, and what the rest comes to (sections 5.1-5.5)."""

import pytest
from floor import ALICE, BOB, CAROL, STAFF, Floor, at, auction

from domain.auction import SoftClose
from domain.reasons import Reason

HOUR = 3_600


def told(answer):
    return [event.type for event in answer.events]


def shown(floor):
    return [(row.bidder_id, row.amount_minor, row.auto) for row in floor.rows]


def test_5_1_a_bidder_may_not_retract_where_the_policy_is_none():
    floor = Floor(auction(retraction="none"))
    floor.bid(ALICE, 1_000)

    assert floor.retract(ALICE).reason is Reason.FORBIDDEN


@pytest.mark.parametrize(
    ("left", "waited", "reason"),
    [
        (12 * HOUR + 1, 5 * HOUR, None),
        (12 * HOUR, HOUR, None),
        (12 * HOUR, HOUR + 1, Reason.RETRACTION_WINDOW),
    ],
)
def test_5_1_the_last_twelve_hours_allow_an_hour_of_second_thoughts(left, waited, reason):
    end = 200_000
    floor = Floor(auction(end=end))
    floor.bid(ALICE, 1_000, end - left - waited)

    assert getattr(floor.retract(ALICE, end - left), "reason", None) == reason


def test_5_1_late_only_the_last_bid_goes():
    floor = Floor(auction(end=40_000))
    floor.bid(ALICE, 1_000, 0)
    floor.bid(BOB, 2_000, 10)
    floor.bid(ALICE, 3_000, 20)

    answer = floor.retract(ALICE, 30)

    assert shown(floor) == [(ALICE, 1_000, False), (BOB, 2_000, False)]
    assert answer.action.removed == (3,)
    assert told(answer) == ["bid_retracted", "price_recomputed"]


def test_5_2_cancelled_bids_are_void_and_their_bidder_blocked():
    floor = Floor(auction())
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 5_000)

    answer = floor.cancel_bids(BOB)

    assert (answer.blocked_id, answer.auto_max_minor) == (BOB, {BOB: None})
    assert shown(floor) == [(ALICE, 1_000, True)]
    assert floor.bid(BOB, 9_000).reason is Reason.BLOCKED


def test_5_2_only_the_seller_and_staff_cancel_bids():
    floor = Floor(auction())
    floor.bid(BOB, 1_000)

    assert floor.cancel_bids(BOB, actor_id=ALICE).reason is Reason.FORBIDDEN
    assert floor.cancel_bids(ALICE).reason is Reason.NOTHING_TO_RETRACT
    assert floor.cancel_bids(BOB, actor_id=STAFF, is_staff=True).blocked_id == BOB


def test_5_3_rows_keep_their_numbers_and_maxima_are_restored():
    floor = Floor(auction(end=40_000))
    floor.auto(ALICE, 2_000, 0)
    floor.auto(BOB, 3_000, 10)
    floor.auto(BOB, 9_000, 20)
    floor.auto(CAROL, 4_000, 30)

    answer = floor.retract(BOB, 40)

    assert answer.replayed
    assert answer.auto_max_minor == {BOB: 3_000}
    assert [(row.bidder_id, row.amount_minor, row.seq) for row in answer.rows] == [
        (ALICE, 1_000, 1),
        (ALICE, 2_000, 2),
        (BOB, 2_100, 3),
        (BOB, 3_000, 4),
        (CAROL, 3_100, 5),
    ]
    assert floor.state.standing(BOB).auto_max_minor == 3_000
    assert floor.state.standing(BOB).highest_visible_minor == 3_000


def test_5_3_a_lowering_survives_the_retraction_of_the_raise_before_it():
    floor = Floor(auction(end=40_000))
    floor.auto(ALICE, 6_000, 0)
    floor.auto(ALICE, 9_000, 10)
    floor.auto(ALICE, 4_000, 20)

    floor.retract(ALICE, 30)

    assert floor.state.leader_cap_minor == 4_000
    assert floor.state.standing(ALICE).auto_max_minor == 4_000


def test_5_3_a_lowering_without_its_maximum_lowers_nothing():
    floor = Floor(auction(end=40_000))
    floor.auto(ALICE, 9_000, 10)
    floor.auto(ALICE, 4_000, 20)

    floor.retract(ALICE, 30)

    assert floor.state.position is None
    assert floor.state.standing(ALICE).auto_max_minor is None
    assert floor.bid(BOB, 1_000, 40).state.leader_id == BOB


def test_5_3_what_was_shown_before_a_maximum_was_deleted_stays_committed():
    """R17: the deletion lowered the maximum to a bid that everybody had seen."""
    floor = Floor(auction())
    floor.auto(ALICE, 9_000)
    floor.auto(BOB, 4_000)
    floor.cancel_auto(ALICE)
    floor.retract(BOB)

    floor.bid(CAROL, 3_000)

    assert (floor.state.leader_id, floor.state.price_minor) == (ALICE, 3_100)


def test_5_4_extensions_stay_when_the_bid_that_caused_them_goes():
    floor = Floor(auction(end=1_000, soft_close=SoftClose(120, 120)))
    floor.bid(ALICE, 1_000, 990)

    floor.retract(ALICE, 995)

    assert floor.state.end_at == at(1_110)


def test_5_5_nobody_is_told_that_he_leads_again_but_the_room():
    floor = Floor(auction())
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 5_000)

    _retracted, recomputed = floor.retract(BOB).events

    assert (recomputed.leader_id, recomputed.price_minor) == (ALICE, 1_000)
    assert (recomputed.min_next_minor, recomputed.total_bids) == (1_100, 1)
