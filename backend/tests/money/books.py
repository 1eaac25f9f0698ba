"""Accounts and short hands for tests of the ledger."""

from django.db import connection, transaction

from apps.core import clock
from apps.payments.ledger import Account, AccountKind, Leg, post

CLEARING = Account(AccountKind.PSP_CLEARING, "stripe")
HELD = Account(AccountKind.ESCROW, "1")
PAYABLE = Account(AccountKind.SELLER_PAYABLE, "7")
FEE = Account(AccountKind.PLATFORM_FEE)
PSP_FEE = Account(AccountKind.PSP_FEE)


def book(key: str, *moves: tuple[Account, int], currency: str = "USD", **more: str) -> None:
    """Post in a database transaction of its own; each move is an account and its debit."""
    legs = [Leg(account, amount_minor) for account, amount_minor in moves]
    with transaction.atomic():
        post(key, legs, currency=currency, cause="request:test", at=clock.now(), **more)


def fund(amount_minor: int, *, currency: str = "USD", key: str = "fund:1") -> None:
    book(key, (CLEARING, amount_minor), (HELD, -amount_minor), currency=currency)


def run_sql(statement: str, *values: object) -> None:
    """Run a statement past the ORM, in a database transaction of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
