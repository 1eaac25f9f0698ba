"""Statements: what the house held for somebody or owed him, and every movement of it.

The lines are the ledger's own entries on his accounts: the holds of what he bought, refunds on
their way to him, the proceeds of what he sold. A credit is more of his money with the house, a
debit less; the balance is what is there after it, per currency. Amounts are minor units.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import CharField, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from apps.core.wire import instant
from apps.payments.ledger import Account, AccountKind
from apps.payments.models import Escrow, LedgerAccount, LedgerEntry, Sale, StateChange
from domain.money import exponent_of, to_number

LINES_MAX = 10_000  # of a statement: the newest; what was before is in the first balance

#: What the house holds for a buyer, an account per hold.
HELD_KINDS = (AccountKind.ESCROW, AccountKind.BUYER_REFUND)

#: What a line is: the first word of the transaction's key, the account's kind.
WORDS: dict[tuple[str, str], str] = {
    ("fund", "escrow"): "Payment received and held",
    ("release", "escrow"): "Released to the seller",
    ("release", "seller_payable"): "Proceeds of a sale",
    ("split", "escrow"): "Divided by the house",
    ("split", "seller_payable"): "Proceeds of a sale, divided by the house",
    ("split", "buyer_refund"): "Refund on its way",
    ("refund", "escrow"): "Refund decided",
    ("refund", "buyer_refund"): "Refund on its way",
    ("refunded", "buyer_refund"): "Refund paid",
    ("transfer", "seller_payable"): "Paid out",
    ("returned", "seller_payable"): "Payout came back",
    ("returned", "buyer_refund"): "Refund came back",
    ("lost", "escrow"): "Kept by the buyer's bank",
}

COLUMNS = ("date", "what", "reference", "currency", "debit", "credit", "balance")
#: What a spreadsheet would take for the beginning of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """A movement: either debit or credit is 0. `reference` is its ledger transaction."""

    at: datetime
    what: str
    reference: str
    currency: str
    debit_minor: int
    credit_minor: int
    balance_minor: int


@dataclass(frozen=True, slots=True)
class Statement:
    """Lines, oldest first; what is there now, by currency; whether older lines were left out."""

    lines: list[StatementLine]
    balances_minor: dict[str, int]
    shortened: bool


def statement_of_user(user_id: int) -> Statement:
    """Return all that the house has held for a user or owed him."""
    bought = Escrow.objects.filter(buyer_id=user_id)
    own = [_named(_names(kind, bought)) for kind in HELD_KINDS]
    own.append(_named([_proceeds(user_id)]))
    # One after the other: joined by OR, the database would look through all entries.
    accounts = own[0].union(*own[1:], all=True)
    return _statement(LedgerEntry.objects.filter(account__in=accounts))


def statement_of_auction(
    auction_id: int, user_id: int, *, is_staff: bool = False
) -> Statement | None:
    """Return what of it concerns one auction; None for who neither sold nor bought there.

    A party sees its own accounts, staff those of both.
    """
    sales = Sale.objects.filter(auction_id=auction_id)
    if not is_staff:
        sales = sales.filter(Q(seller_id=user_id) | Q(buyer_id=user_id))
    parties = set(sales.values_list("seller_id", "buyer_id"))
    if not parties:
        return None
    holds = Escrow.objects.filter(payment__sale__auction_id=auction_id)
    changes = StateChange.objects.exclude(ledger_key="").filter(
        Q(kind="hold", object_id__in=holds.values("pk"))
        | Q(kind="provider call", object_id__in=holds.values("calls__pk"))
    )
    keys = list(changes.values_list("ledger_key", flat=True))
    entries = Q(pk__in=[])
    for seller_id, buyer_id in parties:
        if is_staff or user_id == buyer_id:
            for kind in HELD_KINDS:
                names = list(_names(kind, holds.filter(buyer_id=buyer_id)))
                entries |= Q(account__in=list(_named(names)))
        if is_staff or user_id == seller_id:
            accounts = list(_named([_proceeds(seller_id)]))
            entries |= Q(account__in=accounts, transaction_id__in=keys)
    return _statement(LedgerEntry.objects.filter(entries))


def _names(kind: AccountKind, holds: QuerySet[Escrow]) -> QuerySet[Any, Any]:
    name = Concat(Value(f"{kind.value}:"), Cast("pk", CharField()), output_field=CharField())
    return holds.annotate(name=name).values_list("name", flat=True)


def _named(names: Iterable[str]) -> QuerySet[Any, Any]:
    return LedgerAccount.objects.filter(name__in=names).values_list("pk", flat=True)


def _proceeds(seller_id: int) -> str:
    return Account(AccountKind.SELLER_PAYABLE, str(seller_id)).name


def _statement(entries: QuerySet[LedgerEntry]) -> Statement:
    """Return a statement of some entries, the balances counted back from what is there now."""
    sums = entries.order_by().values_list("currency").annotate(sum=Sum("amount_minor"))
    now = {currency: -int(total) for currency, total in sums}
    rows = entries.select_related("transaction", "account").order_by("-pk")[: LINES_MAX + 1]
    newest = list(rows)
    shown = newest[:LINES_MAX]
    began = {entry.transaction_id: entry.pk for entry in shown}  # the last is its first
    # Debits first: what only changes its place is never counted twice on the way.
    shown.sort(key=lambda entry: (began[entry.transaction_id], -entry.amount_minor), reverse=True)
    left, lines = dict(now), []
    for entry in shown:
        lines.append(_line(entry, left[entry.currency]))
        left[entry.currency] += entry.amount_minor
    lines.reverse()
    return Statement(lines, now, shortened=len(newest) > LINES_MAX)


def _line(entry: LedgerEntry, balance_minor: int) -> StatementLine:
    return StatementLine(
        at=entry.transaction.at,
        what=_words(entry.transaction_id, entry.account.name),
        reference=entry.transaction_id,
        currency=entry.currency,
        debit_minor=max(0, entry.amount_minor),
        credit_minor=max(0, -entry.amount_minor),
        balance_minor=balance_minor,
    )


def _words(key: str, name: str) -> str:
    move, kind = key.partition(":")[0], name.partition(":")[0]
    return WORDS.get((move, kind), f"{move} {kind}".replace("_", " "))


def as_json(statement: Statement) -> dict[str, Any]:
    """Return a statement with its amounts in major units; what is not moved is null."""
    return {
        "lines": [
            {
                "date": instant(line.at),
                "what": line.what,
                "reference": line.reference,
                "currency": line.currency,
                "debit": to_number(line.debit_minor, line.currency) or None,
                "credit": to_number(line.credit_minor, line.currency) or None,
                "balance": to_number(line.balance_minor, line.currency),
            }
            for line in statement.lines
        ],
        "balances": [
            {"currency": currency, "amount": to_number(amount_minor, currency)}
            for currency, amount_minor in sorted(statement.balances_minor.items())
        ],
        "shortened": statement.shortened,
    }


def as_csv(statement: Statement) -> str:
    """Return the lines for a spreadsheet (RFC 4180), amounts with all of their decimals."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in statement.lines:
        amounts = (line.debit_minor or None, line.credit_minor or None, line.balance_minor)
        shown = (_decimal(amount_minor, line.currency) for amount_minor in amounts)
        cells = (instant(line.at) or "", line.what, line.reference, line.currency, *shown)
        writer.writerow(map(plain_cell, cells))
    return text.getvalue()


def _decimal(amount_minor: int | None, currency: str) -> str:
    return "" if amount_minor is None else str(Decimal(amount_minor).scaleb(-exponent_of(currency)))


def plain_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell
