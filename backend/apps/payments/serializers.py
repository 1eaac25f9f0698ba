"""Payments and held money in the roadmap's words. Amounts go out in major units."""

from typing import Any

from rest_framework import serializers

from apps.core.fields import (
    AmountField,
    IdField,
    ShownAmountField,
    StrictIntegerField,
    TextField,
    WordField,
)
from apps.core.wire import instant
from apps.payments.models import Escrow, Payment
from domain.money import to_number
from domain.settlement import EscrowState, PaymentStatus

METHODS = ("stripe", "paypal")
PROVIDERS = ("stripe", "paypal", "sandbox")
FEE_KINDS = ("price", "premium", "tax")
DISPUTE_REASONS = ("not_received", "not_as_described", "damaged", "counterfeit", "other")
OUTCOMES = ("release", "refund", "split")


def payment_body(payment: Payment, *, for_buyer: bool = True) -> dict[str, Any]:
    """Return a payment; secrets of the provider for its buyer alone, and while he needs them."""
    sale, currency = payment.sale, payment.currency
    parts = (sale.hammer_minor, sale.premium_minor, sale.tax_minor)
    waits = for_buyer and payment.paid_at is None
    hold: Escrow | None = getattr(payment, "escrow", None)
    return {
        "id": payment.pk,
        "auction_id": sale.auction_id,
        "auction_title": sale.auction.title,
        "amount": to_number(payment.amount_minor, currency),
        "currency": currency,
        "fees": [
            {"kind": kind, "amount": to_number(amount_minor, currency)}
            for kind, amount_minor in zip(FEE_KINDS, parts, strict=True)
            if amount_minor
        ],
        "payment_method": payment.method,
        "provider": payment.provider,
        "play_money": payment.provider == "sandbox",
        "status": payment.status,
        "failure": payment.failure or None,
        "client_secret": payment.client_secret if waits else "",
        "approve_url": payment.approve_url if waits else "",
        "refunded": to_number(payment.refunded_minor, currency),
        "created_at": instant(payment.created_at),
        "expires_at": instant(payment.expires_at),
        "paid_at": instant(payment.paid_at),
        "escrow_id": None if hold is None else hold.pk,
        "invoices": [
            {"id": row.pk, "number": row.number}
            for row in payment.invoices.all()
            if row.user_id == payment.buyer_id  # the seller's commission is between him and us
        ],
    }


def escrow_body(escrow: Escrow) -> dict[str, Any]:
    """Return held money as its parties see it."""
    currency = escrow.currency
    return {
        "id": escrow.pk,
        "auction_id": escrow.payment.sale.auction_id,
        "payment_id": escrow.payment_id,
        "amount": to_number(escrow.amount_minor, currency),
        "currency": currency,
        "state": escrow.state,
        "held": to_number(escrow.held_minor, currency),
        "released": to_number(escrow.released_minor, currency),
        "refunded": to_number(escrow.refunded_minor, currency),
        "buyer": escrow.buyer.username,
        "seller": escrow.seller.username,
        "held_at": instant(escrow.held_at),
        "release_at": instant(escrow.release_at),
        "disputes": [
            {
                "reason": row.reason,
                "description": row.description,
                "opened_at": instant(row.opened_at),
                "outcome": row.outcome or None,
            }
            for row in escrow.disputes.all()
        ],
    }


class CreatePaymentSerializer(serializers.Serializer[Any]):
    """`amount` and whatever else comes with it is ignored: the sale says what is owed."""

    auction_id = StrictIntegerField()
    payment_method = WordField(METHODS)


class ConfirmPaymentSerializer(serializers.Serializer[Any]):
    """Only the sandbox looks at the card."""

    test_card = TextField(
        required=False,
        allow_blank=True,
        max_length=23,
        help_text="Play money: 4242424242424242 pays, 4000000000000002 is declined, "
        "4000002500003155 asks first, 4000000000000259 is disputed later",
    )


class FeeSerializer(serializers.Serializer[Any]):
    """A part of the amount."""

    kind = serializers.ChoiceField(FEE_KINDS)
    amount = ShownAmountField()


class InvoiceRefSerializer(serializers.Serializer[Any]):
    """A document of a payment."""

    id = IdField()
    number = serializers.CharField()


class PaymentSerializer(serializers.Serializer[Any]):
    """A payment."""

    id = IdField()
    auction_id = IdField()
    auction_title = serializers.CharField()
    amount = ShownAmountField()
    currency = serializers.CharField(help_text="ISO 4217")
    fees = FeeSerializer(many=True)
    payment_method = serializers.ChoiceField(METHODS)
    provider = serializers.ChoiceField(PROVIDERS)
    play_money = serializers.BooleanField()
    status = serializers.ChoiceField([status.value for status in PaymentStatus])
    failure = serializers.CharField(allow_null=True, help_text="Why it was last declined")
    client_secret = serializers.CharField(help_text="For the provider's form; empty once paid")
    approve_url = serializers.CharField(help_text="Where to agree to pay; empty if not needed")
    refunded = ShownAmountField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    escrow_id = IdField(allow_null=True)
    invoices = InvoiceRefSerializer(many=True)

    def to_representation(self, instance: Payment) -> dict[str, Any]:
        """Return the fields above."""
        return payment_body(instance)


class DisputeSerializer(serializers.Serializer[Any]):
    """A disagreement, as the parties see it."""

    reason = serializers.CharField()
    description = serializers.CharField()
    opened_at = serializers.DateTimeField()
    outcome = serializers.CharField(allow_null=True)


class EscrowSerializer(serializers.Serializer[Any]):
    """Held money."""

    id = IdField()
    auction_id = IdField()
    payment_id = IdField()
    amount = ShownAmountField()
    currency = serializers.CharField(help_text="ISO 4217")
    state = serializers.ChoiceField([state.value for state in EscrowState])
    held = ShownAmountField()
    released = ShownAmountField()
    refunded = ShownAmountField()
    buyer = serializers.CharField()
    seller = serializers.CharField()
    held_at = serializers.DateTimeField()
    release_at = serializers.DateTimeField(allow_null=True, help_text="By itself; null: not")
    disputes = DisputeSerializer(many=True)

    def to_representation(self, instance: Escrow) -> dict[str, Any]:
        """Return the fields above."""
        return escrow_body(instance)


class OpenDisputeSerializer(serializers.Serializer[Any]):
    """Why the buyer disagrees."""

    reason = WordField(DISPUTE_REASONS)
    description = TextField(max_length=4000, allow_blank=True, default="")


class HeldAmountField(AmountField):
    """An amount of held money: in the hold's currency, `context["currency"]`, and no other."""

    def currency(self) -> str:
        """Return the hold's; whatever the body calls it, a yen is not a hundredth of a dollar."""
        return str(self.context["currency"])


class RefundSerializer(serializers.Serializer[Any]):
    """How much; nothing: all that is held."""

    amount = HeldAmountField(required=False)


class ResolveSerializer(serializers.Serializer[Any]):
    """Staff's decision; `amount` is the buyer's part of a split."""

    outcome = WordField(OUTCOMES)
    amount = HeldAmountField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for the amount where there is one to say."""
        if (attrs["outcome"] == "split") != ("amount" in attrs):
            text = "the buyer's part; required for split, and for nothing else"
            raise serializers.ValidationError({"amount": [text]})
        return attrs
