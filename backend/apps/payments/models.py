"""Money as rows: sales, payments, held funds, calls to providers, what they told us.

Amounts are minor units of the row's currency, instants aware UTC. States move by the tables of
domain/settlement.py only, under the row's lock; every arrow leaves a StateChange.
The ledger is in ledger_models.py, invoices in invoice_models.py, subscriptions in
subscription_models.py: Django finds them through the imports below.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.payments.invoice_models import DocumentSeries, Invoice
from apps.payments.ledger_models import LedgerAccount, LedgerEntry, LedgerTransaction
from apps.payments.sandbox_models import SandboxObject
from apps.payments.subscription_models import Subscription
from domain.settlement import (
    OPEN_CALLS,
    OPEN_PAYMENTS,
    OPEN_SALES,
    CallKind,
    CallStatus,
    EscrowState,
    PaymentStatus,
    SaleStatus,
)

__all__ = [
    "DocumentSeries",
    "Escrow",
    "EscrowDispute",
    "InboxEvent",
    "Invoice",
    "LedgerAccount",
    "LedgerEntry",
    "LedgerTransaction",
    "Payment",
    "PaymentKey",
    "PayoutAccount",
    "ProviderCall",
    "Sale",
    "SandboxObject",
    "StateChange",
    "Strike",
    "Subscription",
]

METHODS = [("stripe", "stripe"), ("paypal", "paypal")]
PROVIDERS = [*METHODS, ("sandbox", "sandbox")]


class Sale(models.Model):
    """A won auction, or one offered to an underbidder: who owes whom what, fixed when sold."""

    auction = models.ForeignKey("auctions.Auction", models.PROTECT, related_name="sales")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    hammer_minor = models.BigIntegerField()
    premium_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    total_minor = models.BigIntegerField()  # what the buyer pays
    commission_minor = models.BigIntegerField(default=0)  # of the hammer, the house's
    tax_bps = models.PositiveIntegerField(default=0)
    tax_name = models.CharField(max_length=40, default="Tax")
    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in SaleStatus])
    due_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["auction"], condition=Q(status__in=OPEN_SALES), name="one_open_sale"
            ),
            models.CheckConstraint(
                condition=Q(
                    total_minor=models.F("hammer_minor")
                    + models.F("premium_minor")
                    + models.F("tax_minor"),
                    hammer_minor__gt=0,
                    commission_minor__lte=models.F("hammer_minor"),
                ),
                name="sale_adds_up",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], name="sale_due", condition=Q(status__in=["due", "offered"])
            ),
            models.Index(fields=["buyer", "-id"], name="sale_by_buyer"),
        ]


class Payment(models.Model):
    """One try of a buyer to pay a sale with one provider."""

    sale = models.ForeignKey(Sale, models.PROTECT, related_name="payments")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payments")
    method = models.CharField(max_length=8, choices=METHODS)  # what the buyer chose
    provider = models.CharField(max_length=8, choices=PROVIDERS)  # who carries it out
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    refunded_minor = models.BigIntegerField(default=0)
    provider_fee_minor = models.BigIntegerField(default=0)
    status = models.CharField(max_length=20, choices=[(s.value, s.value) for s in PaymentStatus])
    provider_ref = models.CharField(max_length=120, blank=True)  # PaymentIntent, order
    capture_ref = models.CharField(max_length=120, blank=True)  # charge, capture
    client_secret = models.CharField(max_length=200, blank=True)
    approve_url = models.CharField(max_length=500, blank=True)
    attempt = models.PositiveIntegerField(default=1)  # counts up after every decline
    failure = models.CharField(max_length=300, blank=True)  # the last decline, for the buyer
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True, blank=True)
    check_at = models.DateTimeField(null=True, blank=True)  # when to ask the provider again

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["sale"], condition=Q(status__in=OPEN_PAYMENTS), name="one_open_payment"
            ),
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="provider_ref_once",
            ),
            models.CheckConstraint(
                condition=Q(
                    amount_minor__gt=0,
                    refunded_minor__gte=0,
                    refunded_minor__lte=models.F("amount_minor"),
                ),
                name="refunds_within_payment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["check_at"], name="payment_to_check", condition=Q(check_at__isnull=False)
            ),
            models.Index(fields=["buyer", "-id"], name="payment_by_buyer"),
            models.Index(fields=["capture_ref"], name="payment_by_capture"),
            models.Index(
                fields=["expires_at"],
                name="payment_expiry",
                condition=Q(status__in=OPEN_PAYMENTS),
            ),
        ]


class PaymentKey(models.Model):
    """An Idempotency-Key of a buyer, what it was sent with, and what it made."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)  # SHA-256 of the request
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="payment_key_once")]


class Escrow(models.Model):
    """The held money of one payment. `amount_minor` = held + released + refunded + lost (I4)."""

    payment = models.OneToOneField(Payment, models.PROTECT, related_name="escrow")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    released_minor = models.BigIntegerField(default=0)  # to the seller, the house and the tax
    refunded_minor = models.BigIntegerField(default=0)
    lost_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=20, choices=[(s.value, s.value) for s in EscrowState])
    held_at = models.DateTimeField()
    release_at = models.DateTimeField(null=True, blank=True)  # by itself; None: not by itself

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    released_minor__gte=0,
                    refunded_minor__gte=0,
                    lost_minor__gte=0,
                    amount_minor__gte=models.F("released_minor")
                    + models.F("refunded_minor")
                    + models.F("lost_minor"),
                ),
                name="hold_within_amount",
            ),
        ]
        indexes = [
            models.Index(
                fields=["release_at"], name="escrow_to_release", condition=Q(state="held")
            ),
            models.Index(fields=["seller", "-id"], name="escrow_by_seller"),
            models.Index(fields=["buyer", "-id"], name="escrow_by_buyer"),
        ]

    @property
    def held_minor(self) -> int:
        """What is still held."""
        return self.amount_minor - self.released_minor - self.refunded_minor - self.lost_minor


class EscrowDispute(models.Model):
    """A disagreement over held money: opened by the buyer or by his bank, and how it ended."""

    escrow = models.ForeignKey(Escrow, models.PROTECT, related_name="disputes")
    opened_by = models.ForeignKey(  # None: the buyer's bank
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    provider_ref = models.CharField(max_length=120, blank=True)  # of the bank's dispute
    reason = models.CharField(max_length=40)
    description = models.TextField(max_length=4000, blank=True)
    amount_minor = models.BigIntegerField()
    opened_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, blank=True)  # release, refund, split, won, lost
    buyer_minor = models.BigIntegerField(null=True, blank=True)  # the buyer's part of a split
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider_ref"], condition=~Q(provider_ref=""), name="bank_dispute_once"
            ),
        ]


class ProviderCall(models.Model):
    """Money a provider is asked to move: written with the decision, carried out after it.

    The key is the provider's idempotency key: `transfer:{escrow}:{attempt}` and the like.
    """

    escrow = models.ForeignKey(Escrow, models.PROTECT, related_name="calls")
    kind = models.CharField(max_length=8, choices=[(k.value, k.value) for k in CallKind])
    provider = models.CharField(max_length=8, choices=PROVIDERS)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)  # the provider's, once it is done
    key = models.CharField(max_length=100, unique=True)
    status = models.CharField(max_length=8, choices=[(s.value, s.value) for s in CallStatus])
    provider_ref = models.CharField(max_length=120, blank=True)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)  # first time it may have happened
    settled_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="call_moves_something"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], name="call_to_try", condition=Q(status__in=OPEN_CALLS)
            ),
            models.Index(fields=["provider", "provider_ref"], name="call_by_ref"),
        ]


class PayoutAccount(models.Model):
    """Where a seller is paid: a connected account, a PayPal address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    provider = models.CharField(max_length=8, choices=PROVIDERS)
    account_ref = models.CharField(max_length=254)
    ready = models.BooleanField(default=False)  # the provider pays out to it
    check_at = models.DateTimeField(null=True, blank=True)  # when to ask the provider again
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "provider"], name="one_payout_account")
        ]
        indexes = [
            models.Index(
                fields=["check_at"], name="account_to_check", condition=Q(check_at__isnull=False)
            ),
            models.Index(fields=["provider", "account_ref"], name="account_by_ref"),
        ]


class InboxEvent(models.Model):
    """A webhook as it came, stored before anything else is done with it."""

    class State(models.TextChoices):
        """How far it got."""

        WAITING = "waiting"
        APPLIED = "applied"
        IGNORED = "ignored"  # a kind we do not act on, an object that is not ours
        POISON = "poison"  # failed too often; staff look at it

    provider = models.CharField(max_length=8, choices=PROVIDERS)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=100)
    object_ref = models.CharField(max_length=200, blank=True)
    body = models.BinaryField()
    headers = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    received_at = models.DateTimeField()
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="inbox_event_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], name="inbox_waiting", condition=Q(state="waiting")
            ),
        ]


class StateChange(models.Model):
    """The history of money: one row per arrow, and an outbox.

    Whoever tells people reads the rows that are not `told`, and says so; whoever tells machines
    those that are not `announced`: ids are no cursor, for they are given out in another order
    than they are committed in.
    """

    kind = models.CharField(max_length=16)  # sale, payment, hold, provider call, ...
    object_id = models.BigIntegerField()
    was = models.CharField(max_length=20, blank=True)  # empty: it began
    became = models.CharField(max_length=20)
    cause = models.CharField(max_length=120)  # event:…, request:…, timer:…, staff:…
    ledger_key = models.CharField(max_length=120, blank=True)  # of its ledger transaction
    at = models.DateTimeField()
    told = models.BooleanField(default=False)
    announced = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "object_id", "id"], name="change_by_object"),
            models.Index(fields=["id"], name="change_to_tell", condition=Q(told=False)),
            models.Index(fields=["id"], name="change_to_announce", condition=Q(announced=False)),
        ]


class Strike(models.Model):
    """A winner did not pay in time (rule book 5.8)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="strikes")
    sale = models.OneToOneField(Sale, models.CASCADE, related_name="strike")
    at = models.DateTimeField()
