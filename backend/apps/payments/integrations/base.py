"""What the house asks of a payment provider, in the house's words.

A gateway is the only thing that speaks to a provider. It holds no rows and no rules: it asks,
and says what the provider answered. Never called inside a database transaction.

Every request that moves money carries an idempotency key which is the same for every try of the
same thing. Amounts are minor units; instants aware UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.settlement import PaymentStatus, SubscriptionStatus


class GatewayError(Exception):
    """The provider did not do it, or nobody knows.

    `permanent`: asking again with the same words is pointless. `unknown`: it may have happened
    (time-out, cut connection, 5xx); ask again with the same key or read the object.
    """

    def __init__(
        self, message: str, *, permanent: bool = False, unknown: bool = False, code: str = ""
    ) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.unknown = unknown
        self.code = code


class Declined(GatewayError):
    """The buyer's means of payment was refused; the message is for the buyer."""

    def __init__(self, message: str, code: str = "declined") -> None:
        super().__init__(message, permanent=True, code=code)


class InvalidWebhook(ValueError):
    """A webhook that cannot be trusted or read. The message names no secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargeRequest:
    """A charge to open: what is paid, for which payment of ours.

    `return_url` is where a provider with a page of its own sends the buyer back to.
    """

    payment_id: int
    auction_id: int
    amount_minor: int
    currency: str
    description: str
    idempotency_key: str
    return_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankDispute:
    """What a buyer's bank disputes. `status`: open, won (by the house) or lost."""

    ref: str
    status: str
    amount_minor: int
    reason: str = ""
    fee_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A charge as the provider has it now.

    `status` is the payment's status without our refunds and disputes: created, requires_action,
    processing, succeeded, failed, canceled. `payment_id` is ours, from its metadata; None if it
    is not of this house. `refunded_minor` is what the provider has given back in all.
    `payer_ref` names who paid, where the provider says it: a card's fingerprint, a payer's id;
    `payer_wallet` the account that could be paid to as well, by the address it is paid to at.
    """

    ref: str
    status: PaymentStatus
    amount_minor: int
    currency: str
    payment_id: int | None = None
    capture_ref: str = ""
    client_secret: str = ""
    approve_url: str = ""
    refunded_minor: int = 0
    fee_minor: int = 0
    failure: str = ""
    payer_ref: str = ""
    payer_wallet: str = ""
    disputes: tuple[BankDispute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRequest:
    """A refund, transfer or reversal to ask for.

    `charge_ref` and `capture_ref` are the payment's; `account_ref` the seller's (transfers),
    `transfer_ref` the transfer to take back (reversals).
    """

    idempotency_key: str
    amount_minor: int
    currency: str
    payment_id: int
    charge_ref: str
    capture_ref: str
    account_ref: str = ""
    transfer_ref: str = ""
    first_sent_at: datetime | None = None  # an earlier try may have gone through


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A refund, transfer or reversal as the provider has it. `status`: pending, done, failed.

    `fee_minor` is what the provider takes for it, on top of the amount.
    """

    ref: str
    status: str
    amount_minor: int
    fee_minor: int = 0
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionRequest:
    """A subscription to open for a user."""

    user_id: int
    email: str
    plan: str
    price_minor: int
    currency: str
    idempotency_key: str
    return_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSubscription:
    """A subscription as the provider has it now; `ref` is empty until the user has agreed."""

    ref: str
    status: SubscriptionStatus
    plan: str = ""
    user_id: int | None = None
    checkout_ref: str = ""
    approve_url: str = ""
    current_period_end: datetime | None = None
    is_paid: bool = True  # the period that runs; False while its invoice is still open
    cancel_at_period_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookNotice:
    """A webhook that has passed its checks: a hint that something happened, and to what.

    `subject` says what to read again: charge, dispute, move, subscription, account, or "" for
    kinds that are stored and ignored. `ref` is the provider's id of that subject; for a dispute
    or a move the charge's where the provider tells it.
    """

    event_id: str
    kind: str
    subject: str = ""
    ref: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutState:
    """Whether a provider pays out to an account, and to which bank accounts, as it names them."""

    ready: bool
    bank_refs: tuple[str, ...] = ()


class PaymentGateway(Protocol):
    """One provider. Every method but `read_webhook` may raise GatewayError."""

    name: str

    def open_charge(self, request: ChargeRequest) -> Charge:
        """Open a charge; again with the same key gives the same one."""

    def read_charge(self, ref: str) -> Charge:
        """Read a charge, with its refunds and disputes."""

    def find_charge(self, payment_id: int, since: datetime) -> Charge | None:
        """Look for the charge of a payment of ours whose `open_charge` nobody heard back from."""

    def confirm_charge(self, ref: str, *, idempotency_key: str, test_card: str = "") -> Charge:
        """Take the money if the buyer has agreed (PayPal: capture); else just read.

        Raises Declined. `test_card` is for the sandbox.
        """

    def cancel_charge(self, ref: str) -> Charge:
        """Cancel a charge not yet paid; returns it as it is, also when it was paid meanwhile."""

    def list_charges(self, since: datetime) -> Iterable[Charge]:
        """Every charge opened since, for the daily comparison."""

    def refund(self, request: MoveRequest) -> Move:
        """Give (a part of) a charge back to the buyer."""

    def transfer(self, request: MoveRequest) -> Move:
        """Pay a seller out."""

    def reverse(self, request: MoveRequest) -> Move:
        """Take a transfer back from a seller."""

    def read_move(self, kind: str, ref: str) -> Move:
        """Read a refund, transfer or reversal (`kind` of domain.settlement.CallKind)."""

    def balance_minor(self, currency: str) -> int:
        """What the provider holds for the house, pending included."""

    def open_subscription(self, request: SubscriptionRequest) -> ProviderSubscription:
        """Open a subscription; the user agrees at `approve_url`."""

    def read_subscription(self, *, ref: str, checkout_ref: str) -> ProviderSubscription:
        """Read a subscription by its ref or, before there is one, by its checkout."""

    def cancel_subscription(self, ref: str) -> ProviderSubscription:
        """End it at the end of the paid period."""

    def open_payout_account(self, user_id: int, email: str, return_url: str) -> tuple[str, str]:
        """Return (account ref, address where the seller gives his details; "" if none needed)."""

    def read_payout_account(self, account_ref: str) -> PayoutState:
        """Read whether the provider pays out to it, and where to."""

    def read_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> WebhookNotice:
        """Check a webhook's signature and age and read it; raises InvalidWebhook.

        `headers` has lower-case names. Whatever it says is a hint: the caller reads the object
        itself. Raises InvalidWebhook for whatever cannot be trusted or parsed.
        """
