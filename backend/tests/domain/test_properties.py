"""P1-P14 and P18 of the rule book, over random sequences of commands."""

from dataclasses import replace
from datetime import timedelta

import pytest
from floor import ALICE, BOB, CAROL, HUNDRED, STRANGER, Floor, Play, at, auction
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.auction import ActionKind, SoftClose
from domain.decision import Decision
from domain.engine import min_next
from domain.events import Audience
from domain.increments import Increments
from domain.reasons import Refusal
from domain.tables import increments_of

EXAMPLES = 50  # for each property; the oracle's scripts are the bulk
USERS = (ALICE, BOB, CAROL)
BIDDING = ("bid", "auto", "cancel_auto")
END = 1_000

amounts = st.integers(900, 4_000) | st.sampled_from([999, 1_000, 2_500, 2_501, 3_000])
commands = st.tuples(
    st.sampled_from(["bid", "bid", "auto", "auto", "auto", "cancel_auto", "retract", "tick"]),
    st.sampled_from(USERS),
    amounts,
    st.sampled_from([0, 1, 30, 60, 120]),
)
ladders = st.sampled_from([HUNDRED, Increments.fixed(1), increments_of("ebay_us")])
soft_closes = st.none() | st.builds(
    SoftClose,
    window_seconds=st.sampled_from([60, 300]),
    extension_seconds=st.sampled_from([30, 300]),
    mode=st.sampled_from(["reset", "add"]),
    total_seconds_max=st.none() | st.just(200),
    extensions_max=st.none() | st.just(2),
)
auctions = st.builds(
    lambda **given: auction(end=END, ending_soon_seconds=(60,), **given),
    increments=ladders,
    strict=st.booleans(),
    reserve_minor=st.none() | st.sampled_from([1_500, 2_501]),
    buy_now_minor=st.none() | st.just(5_000),
    soft_close=soft_closes,
)
plays = st.lists(commands, max_size=14)


def last_second(floor):
    """Return the last second in which the auction still takes bids."""
    return (floor.state.end_at - at(1)).total_seconds()


def no_retraction(sequence):
    return [command for command in sequence if command[0] != "retract"]


def property_test(test):
    return settings(max_examples=EXAMPLES, deadline=None)(
        given(state=auctions, sequence=plays)(test)
    )


@property_test
def test_p1_the_price_never_falls_and_rises_with_each_bid_of_another(state, sequence):
    for step in Play(state, no_retraction(sequence)).accepted():
        was, now = step.before.price_minor or 0, step.after.price_minor or 0
        assert now >= was
        if step.op in ("bid", "auto") and step.user != step.before.leader_id:
            assert now > was


@property_test
def test_p2_the_price_lies_between_start_and_cap_and_is_the_highest_row(state, sequence):
    play = Play(state, sequence)

    lead, rows = play.floor.state.position, play.floor.rows
    assert (lead is None) == (not rows)
    if lead:
        assert state.rules.starting_minor <= lead.price_minor <= lead.cap_minor
        assert lead.price_minor == max(row.amount_minor for row in rows)
        at_price = [row.bidder_id for row in rows if row.amount_minor == lead.price_minor]
        assert at_price[-1] == lead.leader_id
    assert play.floor.state.total_bids == len(rows)


@property_test
def test_p3_nobody_else_is_committed_to_more_than_the_price(state, sequence):
    floor = Play(state, sequence).floor

    for user, standing in floor.state.standings.items():
        commitments = (standing.auto_max_minor or 0, standing.highest_visible_minor or 0)
        if user == floor.state.leader_id:
            assert max(commitments) <= floor.state.leader_cap_minor
        else:
            assert max(commitments) <= (floor.state.price_minor or 0)


@property_test
def test_p4_a_cap_at_the_reserve_has_lifted_the_price_to_it(state, sequence):
    after = Play(state, sequence).floor.state

    if after.reserve_met and after.rules.reserve_minor is not None:
        assert after.price_minor >= after.rules.reserve_minor


@property_test
def test_p5_a_leader_s_maximum_moves_the_price_only_to_the_reserve(state, sequence):
    reserve = state.rules.reserve_minor
    for step in Play(state, sequence).accepted("auto"):
        if step.user != step.before.leader_id:
            continue
        price = step.before.price_minor
        if reserve is not None and price < reserve <= step.amount:
            assert step.after.price_minor == reserve
        else:
            assert (step.after.price_minor, step.answer.rows) == (price, ())


@property_test
def test_p6_accepted_reached_the_minimum_and_refused_changed_nothing(state, sequence):
    for step in Play(state, sequence).steps:
        if isinstance(step.answer, Refusal):
            assert step.after is step.before
        elif step.op == "bid" or (step.op == "auto" and step.user != step.before.leader_id):
            assert step.amount >= min_next(step.before)


@property_test
def test_p7_bids_are_taken_while_it_runs_and_nothing_is_told_after_the_end(state, sequence):
    play = Play(state, sequence)
    play.floor.tick(10_000)

    for step in play.accepted(*BIDDING, "retract"):
        assert state.rules.start_at <= at(step.seconds) < step.before.end_at
    kinds = [event.type for event in play.floor.events]
    assert kinds.count("auction_ended") == 1
    assert kinds[-1] == "auction_ended"


@property_test
def test_p8_the_end_moves_later_and_no_further_than_allowed(state, sequence):
    play = Play(state, sequence)

    for step in play.steps:
        assert step.after.end_at >= step.before.end_at
    after, soft_close = play.floor.state, state.rules.soft_close
    if soft_close and soft_close.total_seconds_max is not None:
        limit = state.end_at + timedelta(seconds=soft_close.total_seconds_max)
        assert after.end_at <= limit
    if soft_close and soft_close.extensions_max is not None:
        assert after.extension_count <= soft_close.extensions_max


@property_test
def test_p9_room_numbers_are_gapless_and_rows_are_only_added(state, sequence):
    play = Play(state, sequence)

    room = [event.seq for event in play.floor.events if event.audience is Audience.ROOM]
    assert room == list(range(1, len(room) + 1))
    assert play.floor.state.seq == len(room)
    for step in play.accepted():
        if not step.answer.replayed:
            numbers = [row.seq for row in (*step.rows_before, *step.answer.rows)]
            assert numbers == sorted(numbers)


@property_test
def test_p9_the_log_names_every_accepted_command(state, sequence):
    kinds = {
        "bid": {ActionKind.BID},
        "auto": {ActionKind.AUTO, ActionKind.LOWER},
        "cancel_auto": {ActionKind.CANCEL_AUTO},
        "retract": {"retract"},
        "tick": {"tick"},
    }
    for step in Play(state, sequence).accepted():
        assert step.answer.action.kind in kinds[step.op]
        assert step.answer.action.user_id == (None if step.op == "tick" else step.user)
        assert step.answer.events or step.op == "tick"


@property_test
def test_p10_the_same_commands_give_the_same_auction(state, sequence):
    first, second = Play(state, sequence).floor, Play(state, sequence).floor

    assert first == second


@property_test
def test_p10_replaying_the_surviving_log_gives_the_state(state, sequence):
    """Cancelling a stranger's bid plays everything else again, and finds it as it was."""
    floor = Play(state, sequence, start=100).floor
    before, last = floor.state, last_second(floor)
    floor.bid(STRANGER, 10**6, last)

    floor.cancel_bids(STRANGER, last)

    assert floor.state.position == before.position
    assert floor.state.total_bids == before.total_bids


@property_test
def test_p11_a_retraction_raises_no_price_and_moves_no_end(state, sequence):
    for step in Play(state, sequence).accepted("retract"):
        assert (step.after.price_minor or 0) <= (step.before.price_minor or 0)
        assert step.after.end_at == step.before.end_at
        assert step.after.extension_count == step.before.extension_count


@property_test
def test_p11_an_only_bid_taken_back_and_made_again_restores_the_lead(state, sequence):
    floor = Play(state, no_retraction(sequence), start=100).floor
    before, last = floor.state, last_second(floor)
    maximum = min_next(before) + 700
    floor.auto(STRANGER, maximum, last)
    lead = floor.state.position
    floor.retract(STRANGER, last)
    assert floor.state.position == before.position

    floor.auto(STRANGER, maximum, last)

    assert floor.state.position == lead


@settings(max_examples=EXAMPLES)
@given(
    maxima=st.lists(st.integers(1_000, 5_000), min_size=1, max_size=8),
    ladder=ladders,
    reserve=st.none() | st.integers(1_000, 5_500),
)
def test_p12_one_maximum_each_has_a_closed_form(maxima, ladder, reserve):
    floor = Floor(auction(increments=ladder, reserve_minor=reserve))
    accepted = [
        (maximum, -place)
        for place, maximum in enumerate(maxima)
        if isinstance(floor.auto(100 + place, maximum), Decision)
    ]

    top, *rest = sorted(accepted, reverse=True)
    price = 1_000
    if rest:
        second = rest[0][0]
        price = max(price, min(second + ladder.at(second), top[0]))
    if reserve is not None and reserve <= top[0]:
        price = max(price, reserve)
    assert floor.state.leader_id == 100 - top[1]
    assert floor.state.price_minor == price


@settings(max_examples=EXAMPLES)
@given(
    state=auctions,
    sequence=plays,
    pair=st.tuples(amounts, amounts).filter(lambda pair: pair[0] != pair[1]),
)
def test_p13_two_maxima_commute_when_both_orders_accept_both(state, sequence, pair):
    outcomes = []
    for order in ((98, 99), (99, 98)):
        floor = Play(state, no_retraction(sequence), start=100).floor
        bids = dict(zip((98, 99), pair, strict=True))
        answers = [floor.auto(user, bids[user], 900) for user in order]
        if all(isinstance(answer, Decision) for answer in answers):
            outcomes.append((floor.state.leader_id, floor.state.price_minor))

    if len(outcomes) == 2:
        assert outcomes[0] == outcomes[1]


@property_test
def test_p14_one_user_outbid_for_a_change_of_lead_or_an_instant_answer(state, sequence):
    for step in Play(state, sequence).accepted(*BIDDING):
        led, leads = step.before.leader_id, step.after.leader_id
        told = [event.user_id for event in step.answer.events if event.type == "user_outbid"]
        if led not in (None, leads):
            assert told == [led]
        elif step.answer.rows and leads != step.user:
            assert told == [step.user]
        else:
            assert told == []


@property_test
def test_every_row_has_exactly_one_message_with_its_number(state, sequence):
    for step in Play(state, sequence).accepted(*BIDDING):
        messages = [
            (event.seq, event.type == "auto_bid_triggered", event.amount_minor)
            for event in step.answer.events
            if event.type in ("bid_placed", "auto_bid_triggered")
        ]
        assert messages == [(row.seq, row.auto, row.amount_minor) for row in step.answer.rows]


@property_test
def test_the_standings_of_a_batch_are_those_of_its_decisions(state, sequence):
    """What the state says of a user is what a service would have stored of him."""
    play = Play(state, sequence)
    maxima = {}
    for step in play.accepted():
        maxima |= step.answer.auto_max_minor

    for user in USERS:
        mine = [row.amount_minor for row in play.floor.rows if row.bidder_id == user]
        standing = play.floor.state.standing(user)
        assert standing.highest_visible_minor == max(mine, default=None)
        assert standing.auto_max_minor == maxima.get(user)


# -- P18: scale and shift -----------------------------------------------------------------------


def scaled(state, factor):
    def times(amount):
        return None if amount is None else amount * factor

    terms = state.rules
    ladder = terms.increments
    return replace(
        state,
        rules=replace(
            terms,
            starting_minor=terms.starting_minor * factor,
            reserve_minor=times(terms.reserve_minor),
            buy_now_minor=times(terms.buy_now_minor),
            tick_minor=terms.tick_minor * factor,
            increments=Increments(
                tuple(edge * factor for edge in ladder.edges_minor),
                tuple(step * factor for step in ladder.steps_minor),
            ),
        ),
    )


@pytest.mark.parametrize("factor", [2, 100, 10**6])
@property_test
def test_p18_multiplying_every_amount_multiplies_the_outcome(factor, state, sequence):
    larger = [(op, user, amount * factor, wait) for op, user, amount, wait in sequence]

    plain, large = Play(state, sequence).floor, Play(scaled(state, factor), larger).floor

    assert [(row.bidder_id, row.amount_minor * factor, row.seq) for row in plain.rows] == [
        (row.bidder_id, row.amount_minor, row.seq) for row in large.rows
    ]
    assert [event.type for event in plain.events] == [event.type for event in large.events]


@property_test
def test_p18_shifting_all_times_shifts_the_outcome(state, sequence):
    later = timedelta(days=1_000, microseconds=1)
    terms = replace(
        state.rules,
        start_at=state.rules.start_at + later,
        original_end_at=state.rules.original_end_at + later,
    )
    shifted = replace(state, rules=terms, end_at=state.end_at + later)

    plain = Play(state, sequence).floor
    moved = Play(shifted, sequence, start=600 + later.total_seconds()).floor

    assert plain.rows == moved.rows
    assert [(event.type, event.seq, event.at + later) for event in plain.events] == [
        (event.type, event.seq, event.at) for event in moved.events
    ]
