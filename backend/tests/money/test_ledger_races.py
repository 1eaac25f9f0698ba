"""Races on the ledger, with real threads. First a control in which the race does happen."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from apps.payments.ledger import (
    Account,
    AccountKind,
    AlreadyPosted,
    InsufficientFunds,
    balance_minor,
)
from apps.payments.models import LedgerAccount, LedgerEntry, LedgerTransaction
from tests.money.books import CLEARING, HELD, PAYABLE, book, fund, run_sql

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8
WAIT_SECONDS_MAX = 10
OVERTAKING_SECONDS = 0.5  # enough for a post that need not wait
UNGUARDED = Account(AccountKind.PLATFORM_FEE)


def at_once(work: Callable[[int], object], count: int = THREADS) -> list[object]:
    """Run `work(index)` in threads; exceptions are results."""

    def run(index: int) -> object:
        try:
            return work(index)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def releases_by_all(account: Account) -> list[object]:
    """Let everybody see 700 in an account before anybody takes it out; each under his own key."""
    book("fund:1", (CLEARING, 700), (account, -700))
    all_have_looked = threading.Barrier(THREADS)

    def work(index: int) -> None:
        seen = balance_minor(account, "USD")
        all_have_looked.wait(WAIT_SECONDS_MAX)
        assert seen == 700
        book(f"release:1:{index}", (account, 700), (PAYABLE, -700))

    return at_once(work)


def test_control_without_a_guard_the_race_does_happen() -> None:
    found = releases_by_all(UNGUARDED)

    assert found == [None] * THREADS
    assert balance_minor(UNGUARDED, "USD") == 700 - THREADS * 700


def test_of_releases_of_one_hold_at_once_exactly_one_succeeds() -> None:
    found = releases_by_all(HELD)

    assert found.count(None) == 1
    assert sum(isinstance(item, InsufficientFunds) for item in found) == THREADS - 1
    assert balance_minor(HELD, "USD") == 0
    assert balance_minor(PAYABLE, "USD") == 700
    assert LedgerTransaction.objects.count() == 2


def test_of_posts_of_one_key_at_once_exactly_one_succeeds() -> None:
    all_have_looked = threading.Barrier(THREADS)

    def work(index: int) -> None:
        seen = LedgerTransaction.objects.filter(key="fund:1").exists()
        all_have_looked.wait(WAIT_SECONDS_MAX)
        assert not seen
        book("fund:1", (CLEARING, index + 1), (Account(AccountKind.ESCROW, str(index)), -index - 1))

    found = at_once(work)

    assert found.count(None) == 1
    assert sum(isinstance(item, AlreadyPosted) for item in found) == THREADS - 1
    assert LedgerEntry.objects.count() == 2
    assert balance_minor(CLEARING, "USD") == found.index(None) + 1


def test_accounts_first_used_at_once_are_made_once() -> None:
    start = threading.Barrier(THREADS)

    def work(index: int) -> None:
        start.wait(WAIT_SECONDS_MAX)
        for step in range(5):
            book(
                f"fund:{index}:{step}", (CLEARING, 1), (Account(AccountKind.ESCROW, f"{step}"), -1)
            )

    found = at_once(work)

    assert found == [None] * THREADS
    assert LedgerAccount.objects.count() == 6
    assert balance_minor(CLEARING, "USD") == THREADS * 5


def test_transfers_in_both_directions_at_once_do_not_block_each_other_for_ever() -> None:
    one, other = (Account(AccountKind.PSP_CLEARING, name) for name in ("paypal", "stripe"))
    book("open", (one, 1), (other, -1))
    start = threading.Barrier(THREADS)

    def work(index: int) -> None:
        start.wait(WAIT_SECONDS_MAX)
        source, target = (one, other) if index % 2 else (other, one)
        for step in range(20):
            book(f"move:{index}:{step}", (source, -10), (target, 10))

    found = at_once(work)

    assert found == [None] * THREADS
    assert balance_minor(one, "USD") == 1


def test_entries_left_unsealed_cannot_slip_under_another_s_seal() -> None:
    """One session enters legs under a key and never seals; another posts that key meanwhile.

    They share no account, so that only the key can make one wait for the other.
    """
    fund(700, key="fund:0")
    entered, posted = threading.Event(), threading.Event()

    def leave_open() -> None:
        with transaction.atomic():
            for sign, account in ((1, CLEARING), (-1, HELD)):
                run_sql(
                    "INSERT INTO payments_ledgerentry"
                    " (transaction_id, account_id, currency, amount_minor)"
                    " SELECT 'fund:1', id, 'USD', %s FROM payments_ledgeraccount WHERE name = %s",
                    sign * 999,
                    account.name,
                )
            entered.set()
            posted.wait(OVERTAKING_SECONDS)

    def post_it() -> None:
        entered.wait(WAIT_SECONDS_MAX)
        book("fund:1", (Account(AccountKind.BANK), 300), (PAYABLE, -300))
        posted.set()

    failure, success = at_once(lambda index: (leave_open, post_it)[index](), 2)

    assert isinstance(failure, IntegrityError)
    assert success is None
    assert balance_minor(HELD, "USD") == 700
    assert balance_minor(PAYABLE, "USD") == 300
    assert LedgerEntry.objects.count() == 4
