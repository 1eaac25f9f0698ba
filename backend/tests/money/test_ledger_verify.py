"""The proof that money adds up finds nothing in an honest house, and every cent planted in it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.auctions.models import FeeSchedule
from apps.payments import escrow_services, verify, worker
from apps.payments.integrations.sandbox_handler import CARD_IS_DISPUTED, SandboxGateway
from apps.payments.ledger_proofs import LEDGER_PROOFS, ROW_PROOFS
from apps.payments.models import Escrow, LedgerEntry
from tests.cast import Cast
from tests.money.market import held, pay, sell

pytestmark = pytest.mark.django_db

CAUSE = "request:test"


@pytest.fixture
def house(cast: Cast, frozen_clock: Any) -> Cast:
    """Whatever can happen to held money has happened: released, refunded, split, disputed."""
    FeeSchedule.objects.create(commission_bps=1000, premium_tiers=[[0, 1200]], tax_bps=1900)
    released, parted, refunded, split, _ = (held(cast, 1000_00 + step) for step in range(5))
    escrow_services.release_hold(released.pk, cause=CAUSE)
    escrow_services.refund_hold(parted.pk, 333_33, cause=CAUSE)
    escrow_services.refund_hold(refunded.pk, None, cause=CAUSE)
    dispute = {"reason": "damaged", "description": ""}
    escrow_services.open_dispute(split.pk, cast.bidder1.pk, **dispute)
    escrow_services.resolve_dispute(split.pk, cast.staff.pk, outcome="split", buyer_minor=100_01)
    pay(sell(cast), test_card=CARD_IS_DISPUTED)
    worker.do_due_work()
    frozen_clock.advance(60)
    escrow_services.release_hold(parted.pk, cause=CAUSE)
    worker.do_due_work()
    states = sorted(Escrow.objects.values_list("state", flat=True))
    assert states == ["frozen", "held", "refunded", "released", "released", "split"]
    return cast


def test_an_honest_house_has_no_differences(house: Cast) -> None:
    assert verify.check() == []
    assert verify.check_balances() == []


def test_the_provider_says_what_the_ledger_says(house: Cast) -> None:
    theirs = SandboxGateway().balance_minor("USD")

    assert theirs > 0
    assert verify.compare_with_provider("sandbox", "USD", theirs) == []
    (sentence,) = verify.compare_with_provider("sandbox", "USD", theirs + 1)
    assert sentence.startswith("I7: ")
    assert sentence.endswith("(+1)")


def test_the_proof_costs_the_same_however_much_there_is(house: Cast) -> None:
    with CaptureQueriesContext(connection) as before:
        verify.check()
    for step in range(3):
        escrow_services.release_hold(held(house, 500_00 + step).pk, cause=CAUSE)
    with CaptureQueriesContext(connection) as after:
        verify.check()

    assert len(after) == len(before) == len(LEDGER_PROOFS) + len(ROW_PROOFS) + 4


@pytest.mark.django_db(transaction=True)
def test_the_proof_of_one_moment_keeps_no_writer_out(house: Cast) -> None:
    assert verify.check() == []
    held(house, 700_00)
    assert verify.check() == []


# -- planted ------------------------------------------------------------------------------------

OF_RELEASE = "WHERE transaction_id = (SELECT MIN(key) FROM payments_ledgertransaction WHERE key"
RELEASE = f"{OF_RELEASE} LIKE 'release:%') AND account_id IN (SELECT id FROM"
SELLERS = f"{RELEASE} payments_ledgeraccount WHERE name LIKE 'seller_payable:%')"
HOUSES = f"{RELEASE} payments_ledgeraccount WHERE name = 'platform_fee')"
TAKEN = "UPDATE payments_ledgerentry SET amount_minor = amount_minor"
BALANCE = "UPDATE payments_ledgeraccount SET balance_minor = balance_minor"
HISTORY = (
    "INSERT INTO payments_statechange (kind, object_id, was, became, cause, ledger_key, at, told,"
    " announced) SELECT kind, object_id, {was}, {became}, cause, {key}, at, told, announced"
    " FROM payments_statechange WHERE id"
    " = (SELECT MAX(id) FROM payments_statechange WHERE kind = '{kind}')"
)


#: What is done past every guard -> how the sentences begin that tell of it.
PLANTED: list[tuple[list[str], list[str]]] = [
    (
        [f"{TAKEN} + 1 {SELLERS}"],
        [r"I1: the entries in USD sum to 1,", r"I1: release:.* sum to 1,", r"I2: seller_pay"],
    ),
    ([f"{BALANCE} - 1 WHERE name = 'premium'"], [r"I1: the balances in USD", r"I2: premium"]),
    (
        [
            f"{TAKEN} + 1 {SELLERS}",
            f"{TAKEN} - 1 {HOUSES}",
            f"{BALANCE} + 1 WHERE name LIKE 'seller_payable:%'",
            f"{BALANCE} - 1 WHERE name = 'platform_fee'",
        ],
        [r"I3: seller_payable:\d+ is below zero: -1 USD", r"I6: hold \d+ in USD: released as"],
    ),
    (
        [f"DELETE FROM payments_ledgerentry {OF_RELEASE} LIKE 'release:%')"],
        [r"I1: release:\d+ has no legs", r"I2: ", r"I4: hold .* released \d+, .* says 0"],
    ),
    (
        ["DELETE FROM payments_ledgertransaction WHERE key LIKE 'release:%'"],
        [r"I1: entry \d+ belongs to release", r"I5: hold \d+ became .* by release:\d+, which"],
    ),
    (
        [f"UPDATE payments_ledgerentry SET currency = 'EUR' {SELLERS}"],
        [r"I1: entry \d+ is in EUR, its account seller_payable:\d+ in USD"],
    ),
    (["UPDATE payments_ledgertransaction SET cause = ''"], [r"I8: \S+ has no cause"]),
    (
        ["UPDATE payments_ledgeraccount SET guarded = NOT guarded WHERE name LIKE 'escrow:%'"],
        [r"I3: \d+ accounts of escrow have the wrong direction or guard"],
    ),
    (
        ["UPDATE payments_ledgeraccount SET name = 'slush' WHERE name = 'premium'"],
        [r"I3: 1 accounts are of no known kind: slush"],
    ),
    (
        ["UPDATE payments_ledgeraccount SET name = name || '777' WHERE name LIKE 'escrow:%'"],
        [r"I4: escrow:\d+777 in USD is no hold's account", r"I4: hold \d+ in USD: amount"],
    ),
    (
        ["UPDATE payments_escrow SET released_minor = released_minor - 1 WHERE state = 'split'"],
        [r"I4: hold \d+ is split with 1 USD still held", r"I4: hold \d+ in USD: released"],
    ),
    (
        ["UPDATE payments_escrow SET amount_minor = amount_minor + 1 WHERE state = 'held'"],
        [r"I4: payment \d+ of", r"I4: hold \d+ in USD: amount", r"I4: .* its account says"],
    ),
    (
        ["UPDATE payments_payment SET refunded_minor = amount_minor WHERE refunded_minor = 0"],
        [r"I4: payment \d+ of"],
    ),
    (
        ["UPDATE payments_statechange SET ledger_key = 'x' WHERE became = 'release_pending'"],
        [r"I5: hold \d+ became release_pending by x, which", r"I5: x is behind 2 changes of a"],
    ),
    (
        ["UPDATE payments_statechange SET ledger_key = '' WHERE became = 'succeeded'"],
        [
            r"I5: payment \d+ went from .* to succeeded without a l",
            r"I5: nothing changed by fu",
        ],
    ),
    (
        ["UPDATE payments_providercall SET amount_minor = amount_minor + 1"],
        [r"I5: transfer \d+ is of", r"I5: refund \d+ is of"],
    ),
    (
        [HISTORY.format(kind="sale", was="'due'", became="became", key="''")],
        [r"I5: sale \d+ went from due to \w+, but had been"],
    ),
    (
        [HISTORY.format(kind="hold", was="became", became="'frozen'", key="''")],
        [r"I5: hold \d+ is \w+, its history says frozen", r"I5: a hold went from \w+ to froz"],
    ),
    (
        ["UPDATE payments_statechange SET kind = 'barter' WHERE kind = 'provider call'"],
        [r"I5: there are changes of a barter", r"I5: provider call \d+ is .* says nothing"],
    ),
]


def test_what_is_planted_is_found(house: Cast) -> None:
    for statements, sentences in PLANTED:
        with transaction.atomic():
            with guards_aside(), connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            found = [each for each in verify.check() if "guard payments_" not in each]
            transaction.set_rollback(True)
        for sentence in sentences:
            assert any(re.match(sentence, each) for each in found), (sentence, found)
    assert verify.check() == []


@contextmanager
def guards_aside() -> Iterator[None]:
    """Let the owner of the tables do what no guard allows; the caller rolls it back."""
    connection.check_constraints()  # PostgreSQL alters no table that has some to look at
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for name in verify.GUARDS["sqlite"].split():
                cursor.execute(f"DROP TRIGGER payments_ledger_{name}")
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            for table in ("account", "entry", "transaction"):
                cursor.execute(f"ALTER TABLE payments_ledger{table} DISABLE TRIGGER USER")
            cursor.execute(
                "ALTER TABLE payments_ledgeraccount DROP CONSTRAINT account_not_below_zero;"
                "ALTER TABLE payments_ledgertransaction DROP CONSTRAINT ledger_has_cause"
            )
    try:
        yield
    finally:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA ignore_check_constraints = OFF")


def test_a_missing_guard_is_said(house: Cast) -> None:
    with transaction.atomic():
        with guards_aside():
            found = verify.check()
        transaction.set_rollback(True)

    assert len(found) == len(verify.GUARDS[connection.vendor].split())
    assert all("the database's guard payments_ledger_" in sentence for sentence in found)


def test_of_one_kind_of_difference_only_the_first_are_told(house: Cast) -> None:
    with transaction.atomic():
        with guards_aside(), connection.cursor() as cursor:
            cursor.execute("UPDATE payments_ledgerentry SET currency = 'EUR'")
        found = verify.check()
        transaction.set_rollback(True)

    assert LedgerEntry.objects.count() > verify.SENTENCES_MAX
    assert sum("is in EUR, its account" in each for each in found) == verify.SENTENCES_MAX
