"""The ledger: what post() says, and what the database refuses to whoever goes past it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from apps.core import clock
from apps.payments.ledger import (
    GUARDED_KINDS,
    Account,
    AccountKind,
    AlreadyPosted,
    AlreadyReversed,
    InsufficientFunds,
    Leg,
    Unbalanced,
    balance_minor,
    post,
)
from apps.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction
from tests.money.books import CLEARING, FEE, HELD, PAYABLE, PSP_FEE, book, fund, run_sql

pytestmark = pytest.mark.django_db


def test_a_sale_from_payment_to_payout_moves_every_cent() -> None:
    book("fund:1", (CLEARING, 10_000), (HELD, -10_000), (PSP_FEE, 320), (CLEARING, -320))
    book("release:1", (HELD, 10_000), (PAYABLE, -9_000), (FEE, -1_000))
    book("transfer:1", (PAYABLE, 9_000), (CLEARING, -9_000))

    assert balance_minor(CLEARING, "USD") == 680
    assert balance_minor(HELD, "USD") == 0
    assert balance_minor(PAYABLE, "USD") == 0
    assert balance_minor(FEE, "USD") == 1_000
    assert balance_minor(PSP_FEE, "USD") == 320


def test_balances_are_positive_in_the_account_s_own_direction() -> None:
    fund(700)

    assert balance_minor(CLEARING, "USD") == 700
    assert balance_minor(HELD, "USD") == 700
    assert balance_minor(HELD, "EUR") == 0
    assert balance_minor(PAYABLE, "USD") == 0


@pytest.mark.parametrize(
    ("account", "name"),
    [
        (HELD, "escrow:1"),
        (CLEARING, "psp_clearing:stripe"),
        (FEE, "platform_fee"),
    ],
)
def test_accounts_are_named_by_kind_and_owner(account: Account, name: str) -> None:
    assert account.name == name


@pytest.mark.parametrize("kind", list(AccountKind))
def test_only_what_the_house_owes_is_guarded(kind: AccountKind) -> None:
    account = Account(kind, "x")
    below_zero = [(account, -account.sign), (Account(AccountKind.BANK, "other"), account.sign)]
    if kind in GUARDED_KINDS:
        with pytest.raises(InsufficientFunds):
            book("below", *below_zero)
    else:
        book("below", *below_zero)
        assert balance_minor(account, "USD") == -1


@pytest.mark.parametrize("accounts_exist", [False, True])
def test_a_post_is_at_most_six_statements(
    django_assert_num_queries: object, accounts_exist: bool
) -> None:
    if accounts_exist:
        fund(1)
    with transaction.atomic(), django_assert_num_queries(5 if accounts_exist else 6):
        post(
            "fund:2",
            [Leg(CLEARING, 700), Leg(HELD, -700)],
            currency="USD",
            cause="request:test",
            at=clock.now(),
        )


def test_legs_of_zero_are_dropped() -> None:
    book("fund:1", (CLEARING, 700), (PSP_FEE, 0), (HELD, -700))

    assert LedgerEntry.objects.count() == 2
    assert not LedgerAccount.objects.filter(name="psp_fee").exists()


def test_what_increases_an_account_is_written_before_what_decreases_it() -> None:
    book("both", (HELD, 300), (HELD, -700), (CLEARING, 400))

    assert balance_minor(HELD, "USD") == 400


def test_a_key_is_posted_once() -> None:
    fund(700)

    with pytest.raises(AlreadyPosted) as refused:
        fund(700)

    assert refused.value.key == "fund:1"
    assert balance_minor(HELD, "USD") == 700


def test_a_transaction_is_reversed_once() -> None:
    fund(700)
    back = ((CLEARING, -300), (HELD, 300))
    book("back:1", *back, reverses="fund:1")

    with pytest.raises(AlreadyReversed) as refused:
        book("back:2", *back, reverses="fund:1")

    assert refused.value.key == "fund:1"
    assert balance_minor(HELD, "USD") == 400


def test_the_caller_s_transaction_goes_on_after_a_refusal() -> None:
    fund(700)
    with transaction.atomic():
        with pytest.raises(AlreadyPosted):
            fund(700)
        with pytest.raises(InsufficientFunds):
            book("release:1", (HELD, 701), (PAYABLE, -701))
        book("release:1", (HELD, 700), (PAYABLE, -700))

    assert balance_minor(PAYABLE, "USD") == 700
    assert LedgerTransaction.objects.count() == 2


@pytest.mark.parametrize(
    "moves",
    [
        [],
        [(CLEARING, 0), (HELD, 0)],
        [(CLEARING, 700)],
        [(CLEARING, 700), (HELD, -699)],
    ],
)
def test_legs_that_do_not_balance_are_refused(moves: list[tuple[Account, int]]) -> None:
    with pytest.raises(Unbalanced):
        book("fund:1", *moves)
    assert not LedgerAccount.objects.exists()


@pytest.mark.parametrize("amount", [1.5, True, "7"])
def test_amounts_are_integers(amount: object) -> None:
    with pytest.raises(TypeError):
        book("fund:1", (CLEARING, amount), (HELD, -700))


@pytest.mark.parametrize("change", [{"key": ""}, {"key": "k" * 121}, {"cause": ""}])
def test_keys_and_causes_are_there_and_fit(change: dict[str, str]) -> None:
    words = {"key": "fund:1", "cause": "request:test", **change}
    key = words.pop("key")
    with pytest.raises(ValueError, match=r"key|cause"), transaction.atomic():
        post(key, [Leg(CLEARING, 1), Leg(HELD, -1)], currency="USD", at=clock.now(), **words)


@pytest.mark.django_db(transaction=True)
def test_a_post_belongs_into_a_transaction() -> None:
    with pytest.raises(TransactionManagementError):
        post(
            "fund:1",
            [Leg(CLEARING, 1), Leg(HELD, -1)],
            currency="USD",
            cause="request:test",
            at=clock.now(),
        )


@pytest.mark.django_db(transaction=True)
def test_a_reversal_of_nothing_fails_at_commit() -> None:
    with pytest.raises(IntegrityError):
        book("back:1", (CLEARING, 1), (HELD, -1), reverses="never")
    assert not LedgerEntry.objects.exists()


# -- past post() --------------------------------------------------------------------------------

ENTRY = (
    "INSERT INTO payments_ledgerentry (transaction_id, account_id, currency, amount_minor)"
    " SELECT %s, id, %s, %s FROM payments_ledgeraccount WHERE name = %s AND currency = %s"
)
SEAL = (
    "INSERT INTO payments_ledgertransaction (key, cause, at)"
    " VALUES (%s, 'by hand', '2026-01-01 00:00:00')"
)
ACCOUNT = (
    "INSERT INTO payments_ledgeraccount (name, currency, sign, guarded, balance_minor)"
    " VALUES ('bank', 'USD', 1, 'f', %s)"
)


def enter(amount_minor: float, account: Account, currency: str = "USD") -> None:
    run_sql(ENTRY, "hand", currency, amount_minor, account.name, currency)


def by_hand(*entries: tuple[int, Account, str]) -> None:
    with transaction.atomic():
        for entry in entries:
            enter(*entry)
        run_sql(SEAL, "hand")


def test_control_by_hand_a_balanced_transaction_is_let_in() -> None:
    fund(700)
    by_hand((5, CLEARING, "USD"), (-5, HELD, "USD"))

    assert balance_minor(HELD, "USD") == 705


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("amounts", [(), (5,), (5, -4), (5, -5, 1)])
def test_the_database_seals_nothing_unbalanced(amounts: tuple[int, ...]) -> None:
    fund(700)

    with pytest.raises(IntegrityError, match="ledger_unbalanced"):
        by_hand(*((amount, CLEARING, "USD") for amount in amounts))

    assert LedgerEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_database_balances_each_currency_by_itself() -> None:
    fund(700)
    book("fund:2", (CLEARING, 5), (FEE, -5), currency="EUR")

    with pytest.raises(IntegrityError, match="ledger_unbalanced"):
        by_hand((5, CLEARING, "USD"), (-5, FEE, "EUR"))

    assert LedgerEntry.objects.count() == 4


@pytest.mark.parametrize(
    ("statement", "values", "refusal"),
    [
        (ENTRY, ("fund:1", "USD", 1, "escrow:1", "USD"), "ledger_sealed"),
        (ENTRY, ("hand", "EUR", 1, "escrow:1", "USD"), "ledger_currency"),
        (ENTRY, ("hand", "USD", 0, "escrow:1", "USD"), "entry_moves_something"),
        (ENTRY, ("hand", "USD", 701, "escrow:1", "USD"), "account_not_below_zero"),
        ("UPDATE payments_ledgerentry SET amount_minor = amount_minor + 1", (), "ledger_kept"),
        ("UPDATE payments_ledgerentry SET transaction_id = 'x'", (), "ledger_kept"),
        ("DELETE FROM payments_ledgerentry", (), "ledger_kept"),
        ("UPDATE payments_ledgertransaction SET cause = 'x'", (), "ledger_kept"),
        ("DELETE FROM payments_ledgertransaction", (), "ledger_kept"),
        ("UPDATE payments_ledgeraccount SET name = name || 'x'", (), "ledger_kept"),
        ("UPDATE payments_ledgeraccount SET currency = 'EUR'", (), "ledger_kept"),
        ("UPDATE payments_ledgeraccount SET sign = -sign", (), "ledger_kept"),
        ("UPDATE payments_ledgeraccount SET guarded = NOT guarded", (), "ledger_kept"),
        ("UPDATE payments_ledgeraccount SET balance_minor = 1", (), "ledger_balance"),
        ("DELETE FROM payments_ledgeraccount", (), "ledger_kept"),
        (ACCOUNT, (1,), "ledger_balance"),
    ],
)
def test_the_database_refuses(statement: str, values: tuple[object, ...], refusal: str) -> None:
    fund(700)
    before = rows()

    with pytest.raises(IntegrityError, match=refusal):
        run_sql(statement, *values)

    assert rows() == before


def rows() -> list[list[tuple[object, ...]]]:
    tables = (LedgerAccount, LedgerEntry, LedgerTransaction)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("table", ["account", "entry", "transaction"])
def test_the_database_replaces_and_truncates_nothing(table: str) -> None:
    fund(700)
    before = rows()
    name = f"payments_ledger{table}"
    statement = (
        f"INSERT OR REPLACE INTO {name} SELECT * FROM {name}"
        if connection.vendor == "sqlite"
        else f"TRUNCATE {name} CASCADE"
    )

    with pytest.raises(IntegrityError, match=r"ledger_kept|ledger_sealed|ledger_balance"):
        run_sql(statement)

    assert rows() == before


def test_the_database_takes_no_fraction_of_a_minor_unit() -> None:
    """PostgreSQL's column rounds it to nothing, which moves nothing."""
    fund(700)
    with pytest.raises(IntegrityError, match=r"ledger_whole|entry_moves_something"):
        enter(0.4, HELD)


@pytest.mark.django_db(transaction=True)
def test_entries_without_their_transaction_fail_at_commit() -> None:
    fund(700)
    with pytest.raises(IntegrityError):
        enter(5, CLEARING)
    assert LedgerEntry.objects.count() == 2
    assert balance_minor(CLEARING, "USD") == 700
