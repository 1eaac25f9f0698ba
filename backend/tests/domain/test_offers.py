"""Offers of which the seller picks one: B1-B8 by number, with no HTTP around them."""

from dataclasses import replace

import pytest
from floor import ALICE, BOB, CAROL, SELLER, Floor, at, auction, listing, offer

from domain.auction import Closing, SoftClose, Status
from domain.commands import SellToBid
from domain.engine import buy_now_available, decide, min_next
from domain.reasons import Reason


def told(answer):
    return [event.type for event in answer.events]


def sell(state, target, seconds=10, actor=SELLER):
    state = replace(state, target=target)
    return decide(state, SellToBid(actor_id=actor, bid_id=5), at(seconds))


# -- placing ------------------------------------------------------------------------------------


def test_b3_the_checks_answer_in_the_guide_s_order():
    floor = Floor(listing(end=100))
    floor.knows(CAROL, blocked=True)
    reversed_window = {"valid_from": at(20), "valid_until": at(10)}

    reasons = [
        floor.bid(SELLER, 0, 200, **reversed_window).reason,
        floor.bid(SELLER, 1, 200, **reversed_window).reason,
        floor.bid(SELLER, 1, 200).reason,
        floor.bid(CAROL, 1, 200).reason,
        floor.bid(ALICE, 1, 200).reason,
        floor.bid(ALICE, 1, 50).reason,
    ]

    assert reasons == [
        Reason.INVALID_AMOUNT,
        Reason.INVALID_WINDOW,
        Reason.SELLER_CANNOT_BID,
        Reason.BLOCKED,
        Reason.ENDED,
        Reason.BELOW_START,
    ]


def test_b3_the_starting_price_is_inclusive_and_the_highest_offer_exclusive():
    floor = Floor(listing())
    floor.bid(ALICE, 1_000)

    below = floor.bid(BOB, 1_000)

    assert (below.reason, below.facts) == (
        Reason.BELOW_MINIMUM,
        {"min_next_minor": 1_001, "price_minor": 1_000},
    )
    assert floor.bid(BOB, 999).reason is Reason.BELOW_START
    assert told(floor.bid(BOB, 1_001)) == ["bid_placed", "user_outbid"]


def test_b3_a_window_of_no_length_is_refused():
    answer = Floor(listing()).bid(ALICE, 1_000, valid_from=at(5), valid_until=at(5))

    assert answer.reason is Reason.INVALID_WINDOW


def test_register_8_an_offer_without_a_window_is_valid_from_now_to_the_end():
    (row,) = Floor(listing(end=100)).bid(ALICE, 1_000, 10).rows

    assert (row.valid_from, row.valid_until) == (at(10), at(100))


def test_a_half_given_window_is_completed_and_still_checked():
    floor = Floor(listing(end=100))

    assert floor.bid(ALICE, 1_000, 10, valid_from=at(100)).reason is Reason.INVALID_WINDOW
    assert floor.bid(ALICE, 1_000, 10, valid_until=at(20)).rows[0].valid_from == at(10)


def test_b2_a_pending_offer_counts_as_in_force():
    floor = Floor(listing(end=100))
    floor.bid(ALICE, 2_000, 10, valid_from=at(50), valid_until=at(60))

    assert min_next(floor.state) == 2_001
    assert floor.bid(BOB, 1_500, 11).reason is Reason.BELOW_MINIMUM


def test_b4_an_offer_born_expired_is_taken_and_leads_nobody():
    floor = Floor(listing(end=100))
    floor.bid(ALICE, 2_000, 10)

    answer = floor.bid(BOB, 3_000, 11, valid_from=at(1), valid_until=at(2))

    assert told(answer) == ["bid_placed"]
    assert not answer.rows[0].led
    assert (floor.state.leader_id, floor.state.price_minor) == (ALICE, 2_000)
    assert floor.state.total_bids == 2


def test_b4_a_window_may_outlive_the_listing():
    assert Floor(listing(end=100)).bid(ALICE, 1_000, 10, valid_until=at(9_000)).rows


def test_b2_an_expired_offer_does_not_block_the_next():
    floor = Floor(listing(end=100))
    floor.bid(ALICE, 2_000, 10, valid_until=at(20))

    assert floor.bid(BOB, 1_500, 20).reason is Reason.BELOW_MINIMUM
    answer = floor.bid(BOB, 1_500, 21)

    assert told(answer) == ["bid_placed"]  # nobody is outbid by a lapse
    assert floor.state.leader_id == BOB


def test_b2_the_room_hears_when_the_highest_offer_lapses():
    floor = Floor(listing(end=100))
    floor.bid(ALICE, 2_000, 10, valid_until=at(20))
    second = offer(bidder=BOB, amount=1_500, valid_from=at(5), valid_until=at(90))
    floor.state = replace(floor.state, best_offer=second)

    (changed,) = floor.tick(21).events

    assert (changed.type, changed.leader_id, changed.price_minor) == ("price_changed", BOB, 1_500)
    assert changed.min_next_minor == 1_501
    assert floor.tick(22).events == ()


def test_the_same_bidder_may_raise_his_offer_and_is_not_told_he_was_outbid():
    floor = Floor(listing(allow_self_outbid=False))
    floor.bid(ALICE, 1_000)

    assert told(floor.bid(ALICE, 2_000)) == ["bid_placed"]


def test_there_are_no_maxima_and_no_fixed_price():
    floor = Floor(listing(buy_now_minor=9_000))

    assert floor.auto(ALICE, 5_000).reason is Reason.WRONG_CLOSING
    assert floor.cancel_auto(ALICE).reason is Reason.WRONG_CLOSING
    assert floor.buy_now(ALICE).reason is Reason.WRONG_CLOSING
    assert floor.auto(SELLER, 5_000).reason is Reason.SELLER_CANNOT_BID
    assert not buy_now_available(floor.state)


def test_the_soft_close_is_off_unless_it_is_set():
    quiet = Floor(listing(end=100))
    late = Floor(listing(end=100, soft_close=SoftClose(60, 60)))

    assert told(quiet.bid(ALICE, 1_000, 99)) == ["bid_placed"]
    assert told(late.bid(ALICE, 1_000, 99)) == ["bid_placed", "auction_extended"]


def test_the_reserve_is_told_when_an_offer_meets_it():
    floor = Floor(listing(reserve_minor=2_000))

    assert told(floor.bid(ALICE, 1_500)) == ["bid_placed"]
    assert told(floor.bid(BOB, 2_000)) == ["bid_placed", "reserve_met", "user_outbid"]


# -- the end and the sale -----------------------------------------------------------------------


def test_the_clock_ends_a_listing_unsold():
    floor = Floor(listing(end=100))
    floor.bid(ALICE, 2_000, 10)

    (ended,) = floor.tick(100).events

    assert (ended.winner_id, ended.sold, ended.final_bid_minor) == (None, False, 2_000)


VALID = {"valid_from": at(0), "valid_until": at(10)}


@pytest.mark.parametrize(
    ("given", "actor", "reason"),
    [
        ({"target": None, "sold": True}, ALICE, Reason.FORBIDDEN),
        ({"target": None, "sold": True}, SELLER, Reason.ALREADY_SOLD),
        ({"target": None}, SELLER, Reason.BID_NOT_FOUND),
        ({"target": offer(auction_id=8, void=True)}, SELLER, Reason.BID_OF_OTHER_AUCTION),
        ({"target": offer(void=True, valid_until=at(1))}, SELLER, Reason.BID_NOT_FOUND),
        ({"target": offer(valid_from=at(0), valid_until=at(9))}, SELLER, Reason.BID_EXPIRED),
        ({"target": offer(valid_from=at(11))}, SELLER, Reason.BID_NOT_VALID_YET),
        ({"target": offer(**VALID), "status": Status.CANCELLED}, SELLER, Reason.NOT_ACTIVE),
        ({"target": offer(**VALID)}, SELLER, None),  # its last instant
    ],
)
def test_b7_selling_checks_in_the_guide_s_order(given, actor, reason):
    state = replace(listing(), **given)

    answer = decide(state, SellToBid(actor_id=actor, bid_id=5), at(10))

    assert getattr(answer, "reason", None) == reason


def test_b7_any_valid_offer_may_be_taken_not_only_the_highest():
    floor = Floor(listing(end=100))
    floor.bid(BOB, 3_000, 5)

    answer = sell(floor.state, offer(**VALID))

    sold = answer.state
    assert (sold.status, sold.sold, sold.winner_id, sold.final_minor) == (
        Status.ENDED,
        True,
        ALICE,
        2_000,
    )
    assert (sold.leader_id, sold.price_minor, sold.end_at) == (ALICE, 2_000, at(10))
    assert (answer.sold_bid_id, told(answer)) == (5, ["auction_ended"])
    assert sell(sold, offer(**VALID)).reason is Reason.ALREADY_SOLD


def test_b7_a_listing_is_sold_after_its_end_too():
    floor = Floor(listing(end=100))
    floor.tick(100)

    answer = sell(floor.state, offer(valid_from=at(0), valid_until=at(500)), seconds=300)

    (ended,) = answer.events
    assert (ended.sold, ended.winner_id, ended.at, ended.end_at) == (True, ALICE, at(300), at(100))
    assert answer.state.end_at == at(100)


def test_b8_a_sold_listing_accepts_nothing():
    answer = sell(listing(), offer(**VALID))

    assert Floor(answer.state).bid(BOB, 9_000, 11).reason is Reason.ENDED
    assert min_next(answer.state) is None


def test_register_9_a_timed_auction_ends_early_in_favour_of_a_bid():
    floor = Floor(auction(end=100))
    floor.bid(ALICE, 2_000, 1)
    floor.bid(BOB, 3_000, 2)

    answer = sell(floor.state, offer(valid_until=at(1)))  # a window is moot here

    assert (answer.state.winner_id, answer.state.final_minor) == (ALICE, 2_000)
    assert answer.state.end_at == at(10)


def test_register_9_an_unsold_timed_auction_is_sold_after_its_end():
    floor = Floor(auction(end=100, reserve_minor=9_000))
    floor.bid(ALICE, 2_000, 1)
    floor.tick(100)

    answer = sell(floor.state, offer(), seconds=500)

    assert (answer.state.sold, answer.state.winner_id) == (True, ALICE)
    assert answer.events[0].sold


# -- offers taken back --------------------------------------------------------------------------


def test_cancelled_offers_leave_the_next_highest_in_force():
    floor = Floor(listing(end=1_000))
    floor.bid(ALICE, 1_000, 1, valid_until=at(5))
    floor.bid(BOB, 2_000, 2)
    floor.bid(CAROL, 3_000, 3)
    floor.bid(BOB, 4_000, 4)

    answer = floor.cancel_bids(BOB, 10)

    assert [row.amount_minor for row in answer.rows] == [1_000, 3_000]
    assert [row.led for row in answer.rows] == [False, True]
    assert (floor.state.leader_id, floor.state.price_minor) == (CAROL, 3_000)
    assert floor.state.best_offer.valid_until == at(1_000)
    assert told(answer) == ["bid_retracted", "price_recomputed"]


def test_after_a_cancellation_only_lapsed_offers_may_remain():
    floor = Floor(listing(end=1_000))
    floor.bid(ALICE, 1_000, 1, valid_until=at(5))
    floor.tick(6)
    floor.bid(BOB, 2_000, 6)

    floor.cancel_bids(BOB, 10)

    assert (floor.state.leader_id, floor.state.price_minor, floor.state.best_offer) == (
        None,
        None,
        None,
    )
    assert floor.state.total_bids == 1


def test_offers_is_also_the_name_of_a_format():
    state = auction(format="offers", closing=Closing.SELLER_CHOICE)

    assert told(Floor(state).bid(ALICE, 1_000)) == ["bid_placed"]
