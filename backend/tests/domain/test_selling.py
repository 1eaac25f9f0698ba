"""What the seller and the staff decide: block, end, second chance, activate, cancel."""

import pytest
from floor import ALICE, BOB, SELLER, STAFF, STRANGER, Floor, at, auction

from domain import lifecycle
from domain.auction import Status
from domain.commands import ActivateAuction, CancelAuction, OfferSecondChance, SellToBid
from domain.engine import decide, min_next
from domain.reasons import Reason


def told(answer):
    return [event.type for event in answer.events]


def test_4_only_the_seller_blocks_and_standing_bids_stay():
    floor = Floor(auction())
    floor.bid(ALICE, 1_000)

    assert floor.block(ALICE, actor=BOB).reason is Reason.FORBIDDEN
    answer = floor.block(ALICE)

    assert (answer.blocked_id, told(answer)) == (ALICE, ["quiet_change"])
    assert floor.bid(ALICE, 2_000).reason is Reason.BLOCKED
    assert floor.buy_now(ALICE).reason is Reason.BLOCKED
    assert floor.state.leader_id == ALICE


def test_5_6_ending_early_settles_with_the_leader():
    floor = Floor(auction())
    floor.bid(ALICE, 1_000, 5)
    assert floor.end(10, actor=BOB).reason is Reason.FORBIDDEN

    (ended,) = floor.end(10).events

    assert (ended.winner_id, ended.sold, ended.at, ended.end_at) == (ALICE, True, at(10), at(10))
    assert floor.end(11).reason is Reason.ENDED


def test_5_6_only_an_active_auction_is_ended():
    answer = Floor(auction(status=Status.DRAFT)).end(10, actor=STAFF, is_staff=True)

    assert (answer.reason, answer.facts) == (Reason.NOT_ACTIVE, {"status": "draft"})
    assert Floor(auction(end=5)).end(10).reason is Reason.ENDED


def second_chance(floor, bidder, actor=SELLER):
    return floor.send(OfferSecondChance(actor_id=actor, bidder_id=bidder), 500)


def test_5_7_an_underbidder_is_offered_his_own_highest_bid():
    floor = Floor(auction(end=100))
    floor.auto(ALICE, 5_000)
    floor.auto(BOB, 3_000)
    assert second_chance(floor, BOB).reason is Reason.NOT_ENDED
    floor.tick(100)

    (offered,) = second_chance(floor, BOB).events

    assert (offered.user_id, offered.amount_minor, offered.seq) == (BOB, 3_000, floor.state.seq)
    assert second_chance(floor, BOB, actor=BOB).reason is Reason.FORBIDDEN
    assert second_chance(floor, ALICE).reason is Reason.NOT_AN_UNDERBIDDER
    assert second_chance(floor, STRANGER).reason is Reason.NOT_AN_UNDERBIDDER


def test_5_7_the_leader_of_an_unsold_auction_may_be_offered_it():
    floor = Floor(auction(end=100, reserve_minor=9_000))
    floor.auto(ALICE, 5_000)
    floor.tick(100)

    assert second_chance(floor, ALICE).events[0].amount_minor == 1_000


def activate(state, seconds=0, actor=SELLER, **given):
    return decide(state, ActivateAuction(actor_id=actor, **given), at(seconds))


def test_a_draft_is_activated_at_once_or_scheduled():
    at_once = activate(auction(status=Status.DRAFT), 5)
    later = activate(auction(status=Status.DRAFT, start=60), 5)

    assert (at_once.state.status, told(at_once)) == (Status.ACTIVE, ["auction_started"])
    assert at_once.events[0].at == at(5)
    assert (later.state.status, told(later)) == (Status.SCHEDULED, ["quiet_change"])


def test_only_the_seller_and_staff_activate_and_only_once():
    draft = auction(status=Status.DRAFT)

    assert activate(draft, actor=ALICE).reason is Reason.FORBIDDEN
    assert activate(draft, actor=STAFF, is_staff=True).state.status is Status.ACTIVE
    again = activate(auction())
    assert (again.reason, again.facts) == (Reason.ALREADY_STARTED, {"status": "active"})


def cancel(floor, actor=SELLER, **given):
    return floor.send(CancelAuction(actor_id=actor, **given), 50)


def test_the_seller_cancels_before_the_first_bid_and_staff_at_any_time():
    floor = Floor(auction())
    floor.bid(ALICE, 1_000)

    assert cancel(floor, actor=ALICE).reason is Reason.FORBIDDEN
    assert cancel(floor).reason is Reason.HAS_BIDS
    assert cancel(floor, removed=True).reason is Reason.FORBIDDEN
    answer = cancel(floor, actor=STAFF, is_staff=True, removed=True, reason="counterfeit")

    assert floor.state.status is Status.REMOVED
    assert (answer.events[0].reason, answer.events[0].removed) == ("counterfeit", True)
    assert min_next(floor.state) is None


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SCHEDULED, Status.ACTIVE])
def test_an_auction_without_bids_is_cancelled_by_its_seller(status):
    assert cancel(Floor(auction(status=status, start=90))).state.status is Status.CANCELLED


@pytest.mark.parametrize("status", [Status.ENDED, Status.CANCELLED, Status.REMOVED])
def test_a_finished_auction_is_not_cancelled(status):
    answer = cancel(Floor(auction(status=status)), actor=STAFF, is_staff=True)

    assert (answer.reason, answer.facts) == (Reason.NOT_ACTIVE, {"status": status.value})


def test_an_auction_over_by_the_clock_is_not_cancelled():
    assert cancel(Floor(auction(end=10))).facts == {"status": "ended"}


def test_selling_needs_the_bid_to_be_loaded():
    answer = decide(auction(), SellToBid(actor_id=SELLER, bid_id=5), at(1))

    assert answer.reason is Reason.BID_NOT_FOUND


@pytest.mark.parametrize("status", Status)
def test_a_finished_auction_never_moves_again(status):
    if status in lifecycle.FINISHED:
        with pytest.raises(AssertionError):
            lifecycle.move(status, Status.ACTIVE)
    else:
        assert lifecycle.move(status, Status.CANCELLED) is Status.CANCELLED
