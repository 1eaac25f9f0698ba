"""The reserve and the fixed price, R20-R29."""

from floor import ALICE, BOB, CAROL, Floor, at, auction

from domain.auction import Status
from domain.engine import buy_now_available, min_next
from domain.reasons import Reason


def told(answer):
    return [event.type for event in answer.events]


# -- reserve ------------------------------------------------------------------------------------


def test_r20_a_cap_at_the_reserve_lifts_the_price_to_it():
    floor = Floor(auction(reserve_minor=5_000))

    answer = floor.auto(ALICE, 5_000)

    assert told(answer) == ["auto_bid_triggered", "reserve_met"]
    assert floor.state.price_minor == 5_000


def test_r22_the_reserve_is_met_once_until_it_falls_again():
    floor = Floor(auction(reserve_minor=5_000))
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 6_000)
    floor.auto(CAROL, 9_000)
    floor.retract(BOB)
    floor.retract(CAROL)
    assert not floor.state.reserve_met

    floor.auto(BOB, 6_000)

    assert [event.type for event in floor.events].count("reserve_met") == 2


def test_r24_a_takeover_at_the_reserve_shows_the_higher_of_the_two():
    for reserve, price in ((2_050, 2_100), (2_100, 2_100), (2_150, 2_150), (2_501, 2_100)):
        floor = Floor(auction(reserve_minor=reserve))
        floor.auto(ALICE, 2_000)
        floor.auto(BOB, 2_500)

        assert floor.state.price_minor == price


def test_r23_unsold_when_the_reserve_is_not_met():
    floor = Floor(auction(reserve_minor=5_000, end=100))
    floor.bid(ALICE, 2_000)

    (ended,) = floor.tick(100).events

    assert (ended.winner_id, ended.final_bid_minor, ended.sold) == (None, 2_000, False)
    assert (floor.state.winner_id, floor.state.sold, floor.state.final_minor) == (
        None,
        False,
        2_000,
    )
    assert min_next(floor.state) is None


def test_r23_without_bids_there_is_no_final_bid():
    (ended,) = Floor(auction(end=100)).tick(100).events

    assert (ended.winner_id, ended.final_bid_minor, ended.sold) == (None, None, False)


# -- buy-now ------------------------------------------------------------------------------------


def test_r26_a_leader_below_the_reserve_is_bought_out_and_told():
    floor = Floor(auction(reserve_minor=3_000, buy_now_minor=5_000))
    floor.auto(ALICE, 2_000)

    answer = floor.buy_now(BOB, 70)

    assert told(answer) == ["buy_now", "reserve_met", "user_outbid", "auction_ended"]
    assert [event.seq for event in answer.events] == [2, 3, 3, 4]
    assert [row.amount_minor for row in answer.rows] == [5_000]
    assert (floor.state.winner_id, floor.state.sold, floor.state.total_bids) == (BOB, True, 2)
    assert floor.state.end_at == at(70)


def test_r26_a_leader_who_buys_is_not_told_that_he_lost():
    floor = Floor(auction(reserve_minor=3_000, buy_now_minor=5_000))
    floor.auto(ALICE, 2_000)

    assert "user_outbid" not in told(floor.buy_now(ALICE))


def test_r26_the_offer_returns_when_the_only_bid_is_retracted():
    floor = Floor(auction(buy_now_minor=5_000))
    floor.bid(ALICE, 1_000)
    assert not buy_now_available(floor.state)

    floor.retract(ALICE)

    assert buy_now_available(floor.state)


def test_r26_there_is_none_without_a_price_or_before_the_start():
    assert Floor(auction()).buy_now(BOB).reason is Reason.BUY_NOW_UNAVAILABLE
    scheduled = auction(status=Status.SCHEDULED, start=50, buy_now_minor=5_000)
    assert not buy_now_available(scheduled)
    assert Floor(scheduled).buy_now(BOB, 10).reason is Reason.NOT_STARTED


def test_r28_variant_the_offer_stands_below_the_shown_price_under_a_higher_cap():
    floor = Floor(auction(buy_now_minor=2_000, buy_now_policy="price_below"))
    floor.auto(ALICE, 2_500)

    answer = floor.buy_now(BOB)

    assert (floor.state.winner_id, floor.state.final_minor) == (BOB, 2_000)
    assert "user_outbid" in told(answer)


def test_r28_variant_the_offer_is_gone_at_its_price():
    floor = Floor(auction(buy_now_minor=2_000, buy_now_policy="price_below"))
    floor.bid(ALICE, 2_000)

    assert floor.buy_now(BOB).reason is Reason.BUY_NOW_UNAVAILABLE


def test_r29_a_maximum_above_the_fixed_price_is_no_purchase():
    floor = Floor(auction(buy_now_minor=2_000))

    floor.auto(ALICE, 9_000)

    assert (floor.state.status, floor.state.price_minor) == (Status.ACTIVE, 1_000)
