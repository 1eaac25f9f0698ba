"""The English auction's rules by their numbers, above all those without a vector."""

import pytest
from floor import ALICE, BOB, CAROL, SELLER, STRANGER, Floor, at, auction

from domain.auction import ActionKind
from domain.engine import min_next
from domain.events import Audience
from domain.increments import Increments
from domain.reasons import Reason
from domain.tables import increments_of


def told(answer):
    return [event.type for event in answer.events]


def shown(floor):
    return [(row.bidder_id, row.amount_minor, row.auto) for row in floor.rows]


# -- leader, price, ties ------------------------------------------------------------------------


def test_r01_the_highest_cap_leads_whatever_the_order():
    for first, second in ((5_000, 3_000), (3_000, 5_000)):
        floor = Floor(auction())
        floor.auto(ALICE, first)
        floor.auto(BOB, second)

        assert floor.state.leader_id == (ALICE if first > second else BOB)
        assert floor.state.price_minor == 3_100


def test_r02_a_third_bidder_with_the_same_cap_cannot_even_reach_the_minimum():
    floor = Floor(auction())
    floor.auto(ALICE, 5_000)
    floor.auto(BOB, 5_000)

    assert floor.auto(CAROL, 5_000).reason is Reason.BELOW_MINIMUM
    assert (floor.state.leader_id, floor.state.price_minor) == (ALICE, 5_000)


def test_r02_lowering_keeps_the_place_in_the_queue():
    floor = Floor(auction())
    floor.auto(ALICE, 9_000)
    floor.auto(ALICE, 5_000)
    floor.auto(BOB, 5_000)

    assert floor.state.leader_id == ALICE


def test_r03_the_increment_is_that_of_the_amount_beaten():
    floor = Floor(auction(starting_minor=100, increments=increments_of("ebay_us")))
    floor.auto(ALICE, 499)  # the increment below 5.00 is 0.25, from there on 0.50
    floor.auto(BOB, 10_000)

    assert floor.state.price_minor == 524
    floor.auto(CAROL, 574)
    assert floor.state.price_minor == 574 + 50


def test_r05_a_hidden_cap_may_be_topped_by_a_cent():
    floor = Floor(auction())
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 2_001)

    assert (floor.state.leader_id, floor.state.price_minor) == (BOB, 2_001)
    assert min_next(floor.state) == 2_101


def test_r07_a_manual_bid_over_the_cap_leads_and_the_proxy_stays_silent():
    floor = Floor(auction())
    floor.auto(ALICE, 2_000)

    answer = floor.bid(BOB, 2_500)

    assert told(answer) == ["bid_placed", "user_outbid"]
    assert shown(floor) == [(ALICE, 1_000, True), (BOB, 2_500, False)]


# -- one's own maximum --------------------------------------------------------------------------


def test_r08_a_raise_is_silent_even_at_a_capped_price():
    floor = Floor(auction())
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 1_950)
    assert floor.state.price_minor == 2_000  # capped: 1,950 and an increment would be 2,050

    answer = floor.auto(ALICE, 9_000)

    assert told(answer) == ["quiet_change"]
    assert answer.events[0].audience is Audience.NOBODY
    assert answer.events[0].seq == floor.state.seq
    assert (answer.action.kind, answer.rows) == (ActionKind.AUTO, ())
    assert floor.state.price_minor == 2_000


@pytest.mark.parametrize(
    ("maximum", "reason"),
    [
        (1_999, Reason.BELOW_CURRENT_PRICE),
        (2_000, None),
        (4_999, None),
        (5_000, Reason.MAX_UNCHANGED),
        (5_001, None),
    ],
)
def test_r09_a_leader_may_lower_his_maximum_down_to_the_price(maximum, reason):
    floor = Floor(auction())
    floor.auto(ALICE, 5_000)
    floor.bid(BOB, 1_900)

    answer = floor.auto(ALICE, maximum)

    assert getattr(answer, "reason", None) == reason
    if reason is None:
        kind = ActionKind.LOWER if maximum < 5_000 else ActionKind.AUTO
        assert answer.action.kind is kind
        assert answer.auto_max_minor == {ALICE: maximum}
        assert floor.state.leader_cap_minor == maximum


@pytest.mark.parametrize(
    ("maximum", "reason"),
    [
        (2_499, Reason.BELOW_CURRENT_PRICE),
        (2_500, Reason.MAX_UNCHANGED),  # it is what he is committed to already
        (2_501, None),
    ],
)
def test_r09_a_manual_bid_counts_as_the_leader_s_commitment(maximum, reason):
    floor = Floor(auction())
    floor.bid(ALICE, 2_500)

    assert getattr(floor.auto(ALICE, maximum), "reason", None) == reason


def test_r09_variant_a_maximum_may_only_be_raised():
    floor = Floor(auction(allow_lower_max=False))
    floor.auto(ALICE, 5_000)

    assert floor.auto(ALICE, 4_000).reason is Reason.MAX_NOT_RAISED
    assert floor.auto(ALICE, 500).reason is Reason.MAX_NOT_RAISED
    assert floor.auto(ALICE, 5_000).reason is Reason.MAX_UNCHANGED


def test_r09_deleting_a_maximum_keeps_the_visible_bid():
    floor = Floor(auction())
    floor.auto(ALICE, 5_000)
    floor.bid(BOB, 2_000)

    answer = floor.cancel_auto(ALICE)

    assert told(answer) == ["quiet_change"]
    assert answer.auto_max_minor == {ALICE: None}
    assert (floor.state.leader_cap_minor, floor.state.price_minor) == (2_100, 2_100)
    assert floor.cancel_auto(ALICE).reason is Reason.NO_AUTO_BID


def test_r09_a_loser_may_delete_his_maximum_and_nothing_moves():
    floor = Floor(auction())
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 5_000)
    lead = floor.state.position

    floor.cancel_auto(ALICE)

    assert floor.state.position == lead


def test_r10_a_loser_s_new_maximum_must_reach_the_minimum():
    floor = Floor(auction())
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 5_000)

    answer = floor.auto(ALICE, 2_199)

    assert (answer.reason, answer.facts) == (
        Reason.BELOW_MINIMUM,
        {"min_next_minor": 2_200, "price_minor": 2_100},
    )


def test_r11_a_leader_may_outbid_himself_at_face_value():
    floor = Floor(auction())
    floor.auto(ALICE, 5_000)

    answer = floor.bid(ALICE, 3_000)

    assert told(answer) == ["bid_placed"]
    assert (floor.state.price_minor, floor.state.leader_cap_minor) == (3_000, 5_000)


def test_r11_variant_a_leader_may_not_outbid_himself():
    floor = Floor(auction(allow_self_outbid=False))
    floor.auto(ALICE, 5_000)

    assert floor.bid(ALICE, 1).reason is Reason.ALREADY_LEADING
    assert floor.auto(ALICE, 6_000).action.kind is ActionKind.AUTO


def test_r12_before_any_bid_the_starting_price_is_the_minimum():
    floor = Floor(auction())

    answer = floor.auto(ALICE, 999)

    assert (floor.state.leader_id, floor.state.price_minor) == (None, None)
    assert min_next(floor.state) == 1_000
    assert (answer.reason, answer.facts) == (
        Reason.BELOW_START,
        {"starting_minor": 1_000, "min_next_minor": 1_000},
    )


def test_r15_strict_rule_asks_one_tick_more_but_answers_by_the_increment():
    floor = Floor(auction(strict=True, tick_minor=5))
    floor.auto(ALICE, 9_000)

    assert min_next(floor.state) == 1_105
    assert floor.bid(BOB, 1_104).reason is Reason.BELOW_MINIMUM
    floor.bid(BOB, 1_105)
    assert floor.state.price_minor == 1_205


def test_d09_strict_rule_without_an_increment_means_higher():
    floor = Floor(auction(strict=True, increments=Increments.fixed(0)))
    floor.bid(ALICE, 1_000)

    assert floor.bid(BOB, 1_000).reason is Reason.BELOW_MINIMUM
    assert floor.bid(BOB, 1_001).state.leader_id == BOB


# -- secrecy, refusals, numbers -----------------------------------------------------------------


def test_r16_no_fact_and_no_event_holds_a_maximum_or_the_reserve():
    floor = Floor(auction(reserve_minor=77_777))
    floor.auto(ALICE, 66_666)
    refusals = [floor.bid(BOB, 1_001), floor.auto(BOB, 1_001)]
    floor.bid(BOB, 2_000)

    text = repr(floor.events) + repr([refusal.facts for refusal in refusals])

    assert "66666" not in text
    assert "77777" not in text


def test_r18_a_refusal_changes_nothing_and_takes_no_number():
    floor = Floor(auction())
    floor.bid(ALICE, 1_000)
    before = floor.state

    floor.bid(BOB, 1_050)
    floor.bid(SELLER, 9_000)
    floor.buy_now(BOB)

    assert floor.state is before
    assert floor.bid(BOB, 1_100).events[0].seq == before.seq + 1


def test_section_7_numbers_are_gapless_and_private_events_take_none():
    floor = Floor(auction(reserve_minor=2_500, end=1_000, ending_soon_seconds=(60,)))
    floor.auto(ALICE, 2_000)
    floor.auto(BOB, 3_000)
    floor.auto(BOB, 4_000)
    floor.tick(1_000)

    room = [event.seq for event in floor.events if event.audience is Audience.ROOM]
    assert room == list(range(1, len(room) + 1))
    assert floor.state.seq == room[-1]
    outbid = next(event for event in floor.events if event.type == "user_outbid")
    assert (outbid.seq, outbid.user_id, outbid.new_bid_minor) == (4, ALICE, 2_500)


def test_section_7_events_of_an_action_describe_where_it_led():
    floor = Floor(auction())
    floor.auto(ALICE, 5_000)

    placed, answered, _outbid = floor.bid(BOB, 2_000).events

    for event in (placed, answered):
        assert (event.leader_id, event.price_minor, event.min_next_minor) == (ALICE, 2_100, 2_200)
    assert (placed.total_bids, answered.total_bids) == (2, 3)


def test_1_3_the_first_failing_check_answers():
    floor = Floor(auction(end=100))
    floor.knows(BOB, blocked=True)
    floor.knows(CAROL, blocked=True, banned=True)
    floor.knows(STRANGER, linked=True, deposit_needed=True)

    reasons = [
        floor.bid(SELLER, 0, 200).reason,
        floor.bid(SELLER, 1, 200, valid_from=at(2), valid_until=at(1)).reason,
        floor.bid(SELLER, 1, 200).reason,
        floor.bid(CAROL, 1, 200).reason,
        floor.bid(BOB, 1, 200).reason,
        floor.bid(STRANGER, 1, 200).reason,
        floor.bid(ALICE, 1, 200).reason,
        floor.bid(ALICE, 1, 50).reason,
    ]

    assert reasons == [
        Reason.INVALID_AMOUNT,
        Reason.INVALID_WINDOW,
        Reason.SELLER_CANNOT_BID,
        Reason.BANNED,
        Reason.BLOCKED,
        Reason.LINKED_ACCOUNT,
        Reason.ENDED,
        Reason.BELOW_START,
    ]


def test_register_8_a_window_on_a_timed_auction_is_kept_and_moot():
    floor = Floor(auction())

    (row,) = floor.bid(ALICE, 1_000, 50, valid_from=at(0), valid_until=at(10)).rows

    assert (row.valid_from, row.valid_until) == (at(0), at(10))
    assert floor.state.leader_id == ALICE
