"""The provider's own books: double entry, never wrong by a unit, never edited.

Accounts are names: `stripe:platform` is what Stripe holds for the platform, `stripe:acct_…` what
it holds for a seller, `paypal:merchant` the merchant's PayPal balance; `outside:…` is the rest of
the world. A debit-like sign convention is not needed: legs say who has how much more, and add up
to nothing.
"""

from collections import defaultdict
from dataclasses import dataclass

#: What may happen to a payment, in its minor units, as `GET /_control/books` counts it.
KINDS = (
    "captured",
    "fee",
    "refunded",
    "refund_returned",
    "transferred",
    "reversed",
    "paid_out",
    "payout_fee",
    "payout_returned",
    "payout_fee_returned",
    "payout_fee_returned",
    "disputed",
    "dispute_fee",
    "reinstated",
    "account_payout",
    "account_payout_returned",
)

Totals = dict[str, dict[str, int]]


class OutOfBalance(AssertionError):
    """An entry whose legs do not add up to zero: a mistake in the fake itself."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One posting: what kind of thing, of which object, for which payment, who has more."""

    kind: str
    currency: str
    object_id: str
    payment: str
    amount_minor: int
    legs: tuple[tuple[str, int], ...]


class Books:
    """Balances per account and currency, totals per payment and per object."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._balances: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._payments: dict[str, Totals] = {}
        self._objects: dict[str, Totals] = {}

    def post(
        self,
        kind: str,
        currency: str,
        amount_minor: int,
        *,
        giver: str,
        taker: str,
        object_id: str,
        payment: str,
    ) -> None:
        """Move an amount of minor units from one account to another."""
        if kind not in KINDS:
            raise OutOfBalance(f"unknown kind {kind}")
        legs = ((giver, -amount_minor), (taker, amount_minor))
        self.entries.append(Entry(kind, currency, object_id, payment, amount_minor, legs))
        for account, signed_minor in legs:
            self._balances[account, currency] += signed_minor
        for table, name in ((self._payments, payment), (self._objects, object_id)):
            totals = table.setdefault(name, {}).setdefault(currency, {})
            totals[kind] = totals.get(kind, 0) + amount_minor

    def balance_minor(self, account: str, currency: str) -> int:
        """Return what an account has."""
        return self._balances[account, currency]

    def currencies(self, account: str) -> list[str]:
        """Return the currencies an account has ever had."""
        return sorted(currency for name, currency in self._balances if name == account)

    def audit(self) -> dict[str, int]:
        """Add every leg up again: the sum per currency, which must be zero.

        Raises OutOfBalance where a kept balance is not what its entries say.
        """
        derived: defaultdict[tuple[str, str], int] = defaultdict(int)
        sums: defaultdict[str, int] = defaultdict(int)
        for entry in self.entries:
            for account, signed_minor in entry.legs:
                derived[account, entry.currency] += signed_minor
                sums[entry.currency] += signed_minor
        kept = {key: value for key, value in self._balances.items() if value}
        if kept != {key: value for key, value in derived.items() if value}:
            raise OutOfBalance("a balance is not the sum of its entries")
        return dict(sums)

    def report(self, payment: str | None = None) -> dict[str, object]:
        """Return balances by account and currency, totals by payment and by object."""
        balances: Totals = {}
        for (account, currency), amount_minor in sorted(self._balances.items()):
            balances.setdefault(account, {})[currency] = amount_minor
        payments = self._payments
        objects = self._objects
        if payment is not None:
            payments = {payment: payments.get(payment, {})}
            own = {entry.object_id for entry in self.entries if entry.payment == payment}
            objects = {name: self._objects[name] for name in own}
        return {
            "balances": balances,
            "sums": self.audit(),
            "payments": payments,
            "objects": objects,
            "entries": len(self.entries),
        }
