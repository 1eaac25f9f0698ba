"""The refusal catalogue is complete, in its order, and reachable."""

import re
from pathlib import Path

import domain
from domain.reasons import Reason, Refusal, Refused, refuse

#: docs/bidding-rules.md 1.3, the codes of the vectors.
VECTOR_CODES = """
    invalid_amount seller_cannot_bid blocked not_started ended below_start below_minimum
    below_current_price max_unchanged max_not_raised already_leading no_auto_bid
    buy_now_unavailable nothing_to_retract retraction_window forbidden not_ended
    not_an_underbidder
"""

#: Answered by a door, before the engine is asked.
DOOR_REASONS = {Reason.NOT_AUTHENTICATED, Reason.NOT_FOUND, Reason.IDEMPOTENCY_KEY_REUSED}

#: The order of the guide's "Place Bid" error list.
GUIDE_ORDER = [
    Reason.NOT_AUTHENTICATED,
    Reason.NOT_FOUND,
    Reason.INVALID_AMOUNT,
    Reason.INVALID_WINDOW,
    Reason.SELLER_CANNOT_BID,
    Reason.BLOCKED,
    Reason.LINKED_ACCOUNT,
    Reason.DEPOSIT_NEEDED,
    Reason.ENDED,
    Reason.BELOW_START,
    Reason.BELOW_MINIMUM,
]


def test_every_code_of_the_vectors_is_a_reason():
    assert set(VECTOR_CODES.split()) <= {reason.value for reason in Reason}


def test_members_stand_in_the_guide_s_order():
    places = [list(Reason).index(reason) for reason in GUIDE_ORDER]

    assert places == sorted(places)


def test_every_reason_but_the_doors_own_is_given_by_the_domain():
    sources = [
        path.read_text("utf-8")
        for path in Path(domain.__file__).parent.glob("*.py")
        if path.name != "reasons.py"
    ]
    given = set(re.findall(r"Reason\.([A-Z_]+)", "\n".join(sources)))

    assert given == {reason.name for reason in Reason if reason not in DOOR_REASONS}


def test_a_refusal_is_true_so_that_checks_read_as_an_or_list():
    assert refuse(Reason.ENDED)
    assert (None or refuse(Reason.ENDED) or refuse(Reason.BANNED)).reason is Reason.ENDED


def test_a_refusal_carries_the_facts_of_its_sentence():
    refusal = refuse(Reason.BELOW_CURRENT_PRICE, price_minor=500)

    assert refusal == Refusal(Reason.BELOW_CURRENT_PRICE, {"price_minor": 500})
    assert str(Refused(refusal)) == "below_current_price"
