"""The double-entry ledger: post a transaction, read a balance. Nothing else writes it.

Amounts are integer minor units, debits positive, credits negative; the legs of a transaction sum
to zero. The key of a transaction is its idempotency key: it is posted once, ever, whoever asks and
however many at once. The database keeps these rules by itself (migration 0002); `post` says them
earlier and by name. After the ideas of TigerBeetle's transfers and of Stripe's Ledger.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from apps.payments.ledger_models import LedgerAccount, LedgerEntry, LedgerTransaction

NAME_CHARACTERS_MAX = 80
KEY_CHARACTERS_MAX = 120
CAUSE_CHARACTERS_MAX = 120


class AccountKind(StrEnum):
    """What an account holds; see `DEBIT_KINDS` and `GUARDED_KINDS`."""

    PSP_CLEARING = "psp_clearing"  # per provider: what he holds for the house
    BANK = "bank"
    DISPUTED_FUNDS = "disputed_funds"  # per provider: taken by buyers' banks for now
    ESCROW = "escrow"  # per hold
    SELLER_PAYABLE = "seller_payable"  # per user
    BUYER_REFUND = "buyer_refund"  # per hold: decided, not yet given back
    TAX_PAYABLE = "tax_payable"
    PLATFORM_FEE = "platform_fee"
    PREMIUM = "premium"
    SUBSCRIPTION = "subscription"
    PSP_FEE = "psp_fee"
    CHARGEBACK_LOSS = "chargeback_loss"


_K = AccountKind
#: Assets and expenses: debits increase them. Credits increase all others.
DEBIT_KINDS = frozenset(
    {_K.PSP_CLEARING, _K.BANK, _K.DISPUTED_FUNDS, _K.PSP_FEE, _K.CHARGEBACK_LOSS}
)
#: What the house owes: never below zero, or it has paid somebody with another's money.
GUARDED_KINDS = frozenset({_K.ESCROW, _K.SELLER_PAYABLE, _K.BUYER_REFUND, _K.TAX_PAYABLE})


@dataclass(frozen=True, slots=True)
class Account:
    """An account, whatever the currency; `owner` is a provider, a hold's or a user's id."""

    kind: AccountKind
    owner: str = ""

    @property
    def name(self) -> str:
        """Return "escrow:12", "psp_clearing:stripe", "platform_fee"."""
        return f"{self.kind.value}:{self.owner}" if self.owner else self.kind.value

    @property
    def sign(self) -> int:
        """Return 1 where debits increase it, -1 where credits do."""
        return 1 if self.kind in DEBIT_KINDS else -1


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a transaction, in minor units: debit positive, credit negative."""

    account: Account
    amount_minor: int


class AlreadyPosted(ValueError):
    """The key has its transaction: what was asked for has been done. `key` is that key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is posted already")
        self.key = key


class AlreadyReversed(AlreadyPosted):
    """Another transaction reverses that one; `key` is the reversed one's."""


class Unbalanced(ValueError):
    """Fewer than two legs, or they do not sum to zero."""


class InsufficientFunds(ValueError):
    """A guarded account would fall below zero: it does not hold that much."""


def post(
    key: str,
    legs: Sequence[Leg],
    *,
    currency: str,
    cause: str,
    at: datetime,
    reverses: str | None = None,
) -> None:
    """Post a transaction inside the caller's database transaction. At most 6 statements.

    `key` names the arrow of money it is ("fund:7"), `cause` the event, request or timer behind it
    (I8), `reverses` the key of a transaction it takes back. Legs of 0 are dropped; accounts are
    made on first use. Entries are written in the order of the accounts' names, so that posts
    at the same time wait for each other in one direction.

    Raises Unbalanced, InsufficientFunds, AlreadyPosted, AlreadyReversed; the caller's database
    transaction can go on after each of them. A `reverses` that does not exist fails at commit.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("post() belongs into the transaction of what it is for")
    moving = _ordered(key, legs, currency=currency, cause=cause)
    try:
        with transaction.atomic():
            ids = _account_ids({leg.account for leg in moving}, currency)
            LedgerEntry.objects.bulk_create(
                LedgerEntry(
                    transaction_id=key,
                    account_id=ids[leg.account.name],
                    currency=currency,
                    amount_minor=leg.amount_minor,
                )
                for leg in moving
            )
            LedgerTransaction.objects.create(
                key=key, cause=cause[:CAUSE_CHARACTERS_MAX], reverses_id=reverses, at=at
            )
    except IntegrityError as error:
        raise _refusal(error, key, reverses) from error


def balance_minor(account: Account, currency: str) -> int:
    """Return what an account holds, positive in its normal direction; 0 if nobody has used it."""
    rows = LedgerAccount.objects.filter(name=account.name, currency=currency)
    found = rows.values_list("balance_minor", flat=True).first()
    return account.sign * (found or 0)


def _ordered(key: str, legs: Sequence[Leg], *, currency: str, cause: str) -> list[Leg]:
    """Return the legs that move something, as they are written; checks everything first."""
    if not 0 < len(key) <= KEY_CHARACTERS_MAX:
        raise ValueError(f"a key has 1 to {KEY_CHARACTERS_MAX} characters")
    if not cause:
        raise ValueError("every transaction has a cause")
    if len(currency) != 3:
        raise ValueError("a currency is three letters")
    for leg in legs:
        if type(leg.amount_minor) is not int:
            raise TypeError("amounts are whole minor units")
        if len(leg.account.name) > NAME_CHARACTERS_MAX:
            raise ValueError(f"an account's name has at most {NAME_CHARACTERS_MAX} characters")
    moving = [leg for leg in legs if leg.amount_minor]
    if len(moving) < 2:
        raise Unbalanced(f"{key} has fewer than two legs")
    if missing := sum(leg.amount_minor for leg in moving):
        raise Unbalanced(f"{key} does not sum to zero: {missing} {currency} too much")
    # Within an account what increases it first: a guard looks after every entry.
    return sorted(moving, key=lambda leg: (leg.account.name, -leg.account.sign * leg.amount_minor))


def _account_ids(accounts: Iterable[Account], currency: str) -> dict[str, int]:
    """Return the accounts' ids by name; makes those that are not there."""
    by_name = {account.name: account for account in accounts}
    ids = _found_ids(by_name, currency)
    if missing := [by_name[name] for name in sorted(by_name.keys() - ids.keys())]:
        ids |= _opened_ids(missing, currency)
    if missing_names := by_name.keys() - ids.keys():  # opened by another session just now
        ids |= _found_ids(missing_names, currency)
    return ids


def _found_ids(names: Iterable[str], currency: str) -> dict[str, int]:
    rows = LedgerAccount.objects.filter(name__in=list(names), currency=currency)
    return dict(rows.values_list("name", "id"))


def _opened_ids(accounts: Sequence[Account], currency: str) -> dict[str, int]:
    row = "(%s, %s, %s, %s, 0)"
    statement = (
        f"INSERT INTO {LedgerAccount._meta.db_table}"  # noqa: S608 - our names
        " (name, currency, sign, guarded, balance_minor)"
        f" VALUES {', '.join([row] * len(accounts))}"
        " ON CONFLICT (name, currency) DO NOTHING RETURNING name, id"
    )
    values = [
        value
        for account in accounts
        for value in (account.name, currency, account.sign, account.kind in GUARDED_KINDS)
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return dict(cursor.fetchall())


def _refusal(error: IntegrityError, key: str, reverses: str | None) -> Exception:
    """Return the exception of ours that a refusal of the database means."""
    said = str(error)
    if "account_not_below_zero" in said:
        return InsufficientFunds(f"{key} takes more than an account holds")
    if "reverses_id" in said:
        return AlreadyReversed(reverses or key)
    if "ledger_sealed" in said or "payments_ledgertransaction" in said:
        return AlreadyPosted(key)
    return error
