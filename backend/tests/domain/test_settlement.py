"""The state machines of money against copies written by hand: no arrow more, no arrow less."""

from itertools import product

import pytest

from domain.settlement import (
    CALL,
    ESCROW,
    INVOICE,
    OPEN_CALLS,
    OPEN_PAYMENTS,
    OPEN_SALES,
    PAYABLE_SALES,
    PAYMENT,
    SALE,
    SUBSCRIPTION,
    CallStatus,
    EscrowState,
    IllegalTransition,
    InvoiceStatus,
    PaymentStatus,
    SaleStatus,
    SubscriptionStatus,
)

ARROWS = {
    "sale": """
        due       -> paid lapsed cancelled
        offered   -> paid lapsed cancelled
        paid      -> cancelled
        lapsed    ->
        cancelled ->
    """,
    "payment": """
        created            -> requires_action processing succeeded failed canceled expired
        requires_action    -> processing succeeded failed canceled expired
        processing         -> requires_action succeeded failed canceled expired
        succeeded          -> partially_refunded refunded disputed
        partially_refunded -> refunded disputed
        disputed           -> succeeded partially_refunded charged_back
        failed             -> succeeded
        canceled           -> succeeded
        expired            -> succeeded
        refunded           ->
        charged_back       ->
    """,
    "hold": """
        held             -> release_pending refund_pending disputed frozen
        disputed         -> held release_pending refund_pending split_pending frozen
        frozen           -> held lost
        release_pending  -> released
        refund_pending   -> refunded held
        split_pending    -> split
        released         -> clawback_pending
        split            -> clawback_pending
        clawback_pending -> clawed_back loss
        refunded         ->
        lost             ->
        clawed_back      ->
        loss             ->
    """,
    "provider call": """
        waiting -> sent
        sent    -> waiting done failed
        failed  -> waiting
        done    -> failed
    """,
    "invoice": """
        issued -> paid void
        paid   -> void
        void   ->
    """,
    "subscription": """
        incomplete         -> active trialing incomplete_expired canceled past_due
        trialing           -> active past_due unpaid paused canceled
        active             -> past_due unpaid paused canceled
        past_due           -> active unpaid canceled paused
        unpaid             -> active canceled
        paused             -> active past_due canceled
        incomplete_expired ->
        canceled           ->
    """,
}
MACHINES = [SALE, PAYMENT, ESCROW, CALL, INVOICE, SUBSCRIPTION]
STATES = {
    "sale": SaleStatus,
    "payment": PaymentStatus,
    "hold": EscrowState,
    "provider call": CallStatus,
    "invoice": InvoiceStatus,
    "subscription": SubscriptionStatus,
}
each_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)


def arrows_of(machine):
    lines = (line.split("->") for line in ARROWS[machine.name].strip().splitlines())
    return {was.strip(): set(wanted.split()) for was, wanted in lines}


EVERY = [
    pytest.param(machine, was, wanted, id=f"{machine.name}: {was} to {wanted}")
    for machine in MACHINES
    for was, wanted in product(STATES[machine.name], repeat=2)
]


@pytest.mark.parametrize(("machine", "was", "wanted"), EVERY)
def test_an_arrow_is_in_the_copy_or_refused_by_name(machine, was, wanted):
    if wanted.value in arrows_of(machine)[was.value]:
        assert machine.allows(was, wanted)
        assert machine.move(was, wanted) is wanted
        return
    assert not machine.allows(was, wanted)
    with pytest.raises(IllegalTransition) as refused:
        machine.move(was, wanted)
    error = refused.value
    assert (error.machine, error.was, error.wanted) == (machine.name, was.value, wanted.value)
    assert str(error) == f"a {machine.name} cannot go from {was.value} to {wanted.value}"


@each_machine
def test_the_copy_names_every_state(machine):
    assert arrows_of(machine).keys() == {state.value for state in STATES[machine.name]}


@each_machine
def test_what_is_final_is_final(machine):
    finals = {state.value for state in STATES[machine.name] if machine.is_final(state)}

    assert finals == {was for was, wanted in arrows_of(machine).items() if not wanted}


@each_machine
def test_nothing_stays_where_it_is_by_an_arrow(machine):
    assert all(not machine.allows(state, state) for state in STATES[machine.name])


def reachable(machine, first):
    found, waiting = set(), [first]
    while waiting:
        state = waiting.pop()
        found.add(state)
        waiting.extend(set(machine.arrows.get(state, ())) - found)
    return found


@pytest.mark.parametrize(
    ("machine", "first"),
    [
        (SALE, {SaleStatus.DUE, SaleStatus.OFFERED}),
        (PAYMENT, {PaymentStatus.CREATED}),
        (ESCROW, {EscrowState.HELD}),
        (CALL, {CallStatus.WAITING}),
        (INVOICE, {InvoiceStatus.ISSUED}),
        (SUBSCRIPTION, {SubscriptionStatus.INCOMPLETE}),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_every_state_is_reached_from_where_it_begins(machine, first):
    beginnings = {state for state in STATES[machine.name] if not any(
        state in wanted for wanted in machine.arrows.values()
    )}  # fmt: skip

    assert set().union(*(reachable(machine, state) for state in first)) == set(STATES[machine.name])
    assert beginnings <= first


def test_what_may_have_happened_is_resolved_by_its_outcome_alone():
    """A state named pending never goes to another decision: the provider is under way."""
    decisions = {state for state in EscrowState if state.value.endswith("_pending")}

    assert all(not (ESCROW.arrows[state] & decisions) for state in decisions)


def test_what_counts_as_open():
    assert set(OPEN_SALES) == {"due", "offered", "paid"}
    assert set(PAYABLE_SALES) == {s for s in SaleStatus if SALE.allows(s, SaleStatus.PAID)}
    assert set(OPEN_PAYMENTS) == {
        status for status in PaymentStatus if PAYMENT.allows(status, PaymentStatus.EXPIRED)
    }
    assert set(OPEN_CALLS) == {"waiting", "sent"}
