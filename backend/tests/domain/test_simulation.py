"""Scripts that nobody has seen: whole answers, defaults, and errors that name the place."""

import copy

import pytest

from domain.simulation import simulate

SETTINGS = {"format": "english", "seller": "S", "increment": {"fixed": 100}, "start_price": 1_000}


def play(*actions, **settings):
    steps = [{"action": action} for action in actions]
    (played,) = simulate([{"id": "X1", "settings": SETTINGS | settings, "steps": steps}])
    return played["steps"]


def bid(t, user, amount):
    return {"t": t, "op": "bid", "user": user, "amount": amount}


def test_an_answer_has_all_keys_of_the_vectors():
    (step,) = play(bid(0, "A", 1_000))

    assert step == {
        "result": "ok",
        "state": {
            "leader": "A",
            "price": 1_000,
            "min_next": 1_100,
            "reserve_met": True,
            "end_time": 604_800,
            "status": "active",
            "total_bids": 1,
            "buy_now_available": False,
        },
        "events": [{"type": "bid_placed", "bidder": "A", "amount": 1_000}],
    }


def test_time_passes_before_an_action_even_if_that_is_refused():
    settings = {"end_time": 100, "ending_soon": [60, 10]}

    (step,) = play(bid(500, "A", 1_000), **settings)

    assert step["result"] == "rejected:ended"
    assert step["events"] == [
        {"type": "auction_ending_soon", "seconds_remaining": 60},
        {"type": "auction_ending_soon", "seconds_remaining": 10},
        {"type": "auction_ended", "winner": None, "final_bid": None},
    ]


def test_before_the_start_the_auction_is_scheduled():
    early, late = play(bid(9, "A", 1_000), bid(10, "A", 1_000), start_time=10)

    assert (early["result"], early["state"]["status"]) == ("rejected:not_started", "scheduled")
    assert (late["result"], late["state"]["status"]) == ("ok", "active")
    assert [event["type"] for event in late["events"]] == ["bid_placed"]


@pytest.mark.parametrize("amount", [0, -1, 1.5, 1_000.0, "1000", None, True, [], {}])
@pytest.mark.parametrize(("op", "field"), [("bid", "amount"), ("auto", "max")])
def test_what_is_no_positive_integer_is_an_invalid_amount(amount, op, field):
    (step,) = play({"t": 0, "op": op, "user": "A", field: amount})

    assert step["result"] == "rejected:invalid_amount"


def test_a_retraction_and_a_second_retraction():
    retract = {"t": 10, "op": "retract", "user": "A"}

    *_, first, second = play(bid(0, "A", 1_000), bid(1, "B", 2_000), retract, retract)

    assert first["events"] == [
        {"type": "bid_retracted", "user": "A"},
        {"type": "price_recomputed", "leader": "B", "price": 2_000},
    ]
    assert second["result"] == "rejected:nothing_to_retract"


def test_staff_and_strangers_by_name():
    cancel = {"t": 1, "op": "cancel_bids", "user": "A"}
    results = [
        step["result"]
        for step in play(
            bid(0, "A", 1_000),
            cancel | {"by": "B"},
            cancel | {"by": "admin"},
            bid(2, "A", 2_000),
            {"t": 3, "op": "end", "by": "A"},
            {"t": 3, "op": "end", "by": "S"},
        )
    ]

    assert results == [
        "ok",
        "rejected:forbidden",
        "ok",
        "rejected:blocked",
        "rejected:forbidden",
        "ok",
    ]


def test_a_second_chance_is_shown_with_its_amount():
    *_, offered = play(
        bid(0, "A", 1_000),
        bid(1, "B", 2_000),
        {"t": 100, "op": "second_chance", "user": "A"},
        end_time=100,
    )

    assert offered["events"][-1] == {"type": "second_chance_offer", "user": "A", "amount": 1_000}


def test_blocked_users_variants_and_the_default_table_are_read():
    settings = {"blocked": ["A"], "allow_self_outbid": False, "increment": None}
    first, second, third = play(
        bid(0, "A", 1_000), bid(0, "B", 1_000), bid(0, "B", 5_000), **settings
    )

    assert first["result"] == "rejected:blocked"
    assert second["state"]["min_next"] == 1_050
    assert third["result"] == "rejected:already_leading"


def test_fractions_of_a_second_come_out_as_they_went_in():
    soft_close = {"window": 10, "extension": 2.5}

    (step,) = play(bid(99.25, "A", 1_000), end_time=100, soft_close=soft_close)

    assert step["state"]["end_time"] == 101.75
    assert step["events"][-1] == {"type": "auction_extended", "end_time": 101.75}


def test_users_may_be_numbers():
    (step,) = play(bid(0, 17, 1_000))

    assert step["state"]["leader"] == 17


@pytest.mark.parametrize("name", ["offers", "dutch", "sealed_first", 7])
def test_other_formats_are_skipped_and_not_read(name):
    (played,) = simulate([{"id": "J01", "settings": {"format": name}, "steps": "whatever"}])

    assert played["id"] == "J01"
    assert str(name) in played["skipped"]


def test_scripts_do_not_share_anything():
    script = {"id": "X", "settings": SETTINGS, "steps": [{"action": bid(0, "A", 1_000)}]}

    first, second = simulate([script, script])

    assert first == second


def without(settings, name):
    return {key: value for key, value in settings.items() if key != name}


FIRST = bid(0, "A", 1_000)
MALFORMED = {
    "no object": (["X"], "vector 1: must be an object"),
    "no settings": ([{"id": "X"}], "vector X, settings: is missing"),
    "no start price": (without(SETTINGS, "start_price"), [], "settings, start_price: must be"),
    "a price in words": (SETTINGS | {"start_price": "ten"}, [], "settings, start_price: must be"),
    "an unknown table": (
        SETTINGS | {"increment": {"table": "harrods"}},
        [],
        "settings, increment, table: unknown increment table 'harrods'; known are artsy",
    ),
    "no increment": (SETTINGS | {"increment": {}}, [], "settings, increment, table: is missing"),
    "a list as increment": (SETTINGS | {"increment": [1]}, [], "settings, increment: must be"),
    "an unknown rule": (SETTINGS | {"increment_rule": "lax"}, [], "settings, increment_rule"),
    "a soft close without window": (
        SETTINGS | {"soft_close": {"extension": 5}},
        [],
        "settings, soft_close, window: must be",
    ),
    "warnings that are no list": (SETTINGS | {"ending_soon": 60}, [], "settings, ending_soon"),
    "a flag in words": (SETTINGS | {"allow_lower_max": "no"}, [], "settings, allow_lower_max"),
    "a blocked nobody": (SETTINGS | {"blocked": [None]}, [], "settings, blocked: must name"),
    "a time beyond the calendar": (SETTINGS | {"end_time": 1e300}, [], "settings, end_time"),
    "no action": (SETTINGS, [None], "vector X, step 1, action: is missing"),
    "an unknown op": (SETTINGS, [FIRST, FIRST | {"op": "steal"}], "vector X, step 2, op: must be"),
    "an op that is no word": (SETTINGS, [FIRST | {"op": ["bid"]}], "step 1, op: must be"),
    "no time": (SETTINGS, [without(FIRST, "t")], "vector X, step 1, t: must be"),
    "no number as time": (SETTINGS, [FIRST | {"t": float("nan")}], "step 1, t: nan"),
    "time running back": (SETTINGS, [bid(5, "A", 1_000), FIRST], "step 2, t: 0 lies before"),
    "no user": (SETTINGS, [without(FIRST, "user")], "vector X, step 1, user: must name a user"),
    "no amount": (SETTINGS, [without(FIRST, "amount")], "vector X, step 1, amount: is missing"),
}


@pytest.mark.parametrize("case", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_script_is_refused_with_vector_step_and_field(case):
    if len(case) == 2:
        vectors, place = case
    else:
        settings, actions, place = case
        steps = [{"action": action} for action in actions]
        vectors = [{"id": "X", "settings": settings, "steps": steps}]

    with pytest.raises(ValueError, match=r"^vector ") as problem:
        simulate(copy.deepcopy(vectors))

    assert place in str(problem.value)


def test_a_file_that_holds_no_list_is_refused():
    with pytest.raises(ValueError, match="a list of vectors"):
        simulate({"vectors": []})
