"""The back office in the roadmap's words. Amounts go out in major units."""

from typing import Any

from rest_framework import serializers

from apps.auctions.models import Auction
from apps.backoffice.audit import Act
from apps.backoffice.models import AuditEntry
from apps.backoffice.selectors import ROLES, USER_STATUSES, role_of, status_of
from apps.backoffice.tuning import FIGURES
from apps.core.fields import (
    CountField,
    IdField,
    InstantField,
    ShownAmountField,
    StrictIntegerField,
    TextField,
    WordField,
)
from apps.core.wire import instant
from apps.payments.models import Payment
from apps.users.models import User
from domain.auction import Status
from domain.money import to_number
from domain.settlement import PaymentStatus

AUCTION_STATUSES = tuple(status.value for status in Status)
PAYMENT_STATUSES = tuple(status.value for status in PaymentStatus)
PROVIDERS = ("stripe", "paypal", "sandbox")
ACTS = tuple(act.value for act in Act)


class AdminUserSerializer(serializers.Serializer[Any]):
    """An account as staff see it."""

    id = IdField()
    username = serializers.CharField()
    email = serializers.EmailField()
    full_name = serializers.CharField()
    status = serializers.ChoiceField(USER_STATUSES)
    role = serializers.ChoiceField(ROLES)
    banned_reason = serializers.CharField(help_text="Empty unless banned")
    banned_until = serializers.DateTimeField(allow_null=True, help_text="Null: not by itself")
    strikes = CountField(help_text="Auctions won and not paid in time")
    date_joined = serializers.DateTimeField()

    def to_representation(self, instance: User) -> dict[str, Any]:
        """Return the fields above."""
        ban = getattr(instance, "ban", None)
        return {
            "id": instance.pk,
            "username": instance.username,
            "email": instance.email,
            "full_name": instance.full_name,
            "status": status_of(instance),
            "role": role_of(instance),
            "banned_reason": instance.banned_reason,
            "banned_until": None if ban is None else instant(ban.until_at),
            "strikes": getattr(instance, "strike_count", 0),
            "date_joined": instant(instance.date_joined),
        }


class ChangeUserSerializer(serializers.Serializer[Any]):
    """A new status, a new role, or both."""

    status = WordField(USER_STATUSES, required=False)
    role = WordField(ROLES, required=False)
    reason = TextField(max_length=500, required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Ask for one of the two."""
        if "status" not in attrs and "role" not in attrs:
            raise serializers.ValidationError({"status": ["send status, role, or both"]})
        return attrs


class BanSerializer(serializers.Serializer[Any]):
    """Why, and until when; without `until` for good."""

    reason = TextField(max_length=500)
    until = InstantField(required=False, allow_null=True, default=None)


class RemoveAuctionSerializer(serializers.Serializer[Any]):
    """Why; the auction's people are told."""

    reason = TextField(max_length=500)


class AdminAuctionSerializer(serializers.Serializer[Any]):
    """A listing as staff see it."""

    id = IdField()
    title = serializers.CharField()
    status = serializers.ChoiceField(AUCTION_STATUSES)
    seller = serializers.CharField()
    seller_id = IdField()
    currency = serializers.CharField(help_text="ISO 4217")
    starting_price = ShownAmountField()
    current_bid = ShownAmountField(allow_null=True)
    total_bids = CountField()
    sold = serializers.BooleanField()
    winner = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    end_time = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Auction) -> dict[str, Any]:
        """Return the fields above."""
        price, currency = instance.price_minor, instance.currency
        return {
            "id": instance.pk,
            "title": instance.title,
            "status": instance.status,
            "seller": instance.seller.username,
            "seller_id": instance.seller_id,
            "currency": currency,
            "starting_price": to_number(instance.starting_minor, currency),
            "current_bid": None if price is None else to_number(price, currency),
            "total_bids": instance.total_bids,
            "sold": instance.sold,
            "winner": None if instance.winner is None else instance.winner.username,
            "created_at": instant(instance.created_at),
            "end_time": instant(instance.end_at),
        }


class AdminPaymentSerializer(serializers.Serializer[Any]):
    """A payment as staff see it, without what only its buyer needs."""

    id = IdField()
    auction_id = IdField()
    auction_title = serializers.CharField()
    buyer = serializers.CharField()
    seller = serializers.CharField()
    amount = ShownAmountField()
    refunded = ShownAmountField()
    currency = serializers.CharField(help_text="ISO 4217")
    provider = serializers.ChoiceField(PROVIDERS)
    status = serializers.ChoiceField(PAYMENT_STATUSES)
    failure = serializers.CharField(allow_null=True)
    escrow_id = IdField(allow_null=True)
    escrow_state = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Payment) -> dict[str, Any]:
        """Return the fields above."""
        sale, currency = instance.sale, instance.currency
        hold = getattr(instance, "escrow", None)
        return {
            "id": instance.pk,
            "auction_id": sale.auction_id,
            "auction_title": sale.auction.title,
            "buyer": instance.buyer.username,
            "seller": sale.seller.username,
            "amount": to_number(instance.amount_minor, currency),
            "refunded": to_number(instance.refunded_minor, currency),
            "currency": currency,
            "provider": instance.provider,
            "status": instance.status,
            "failure": instance.failure or None,
            "escrow_id": None if hold is None else hold.pk,
            "escrow_state": None if hold is None else hold.state,
            "created_at": instant(instance.created_at),
            "paid_at": instant(instance.paid_at),
        }


class AuditSerializer(serializers.Serializer[Any]):
    """An act of staff."""

    id = IdField()
    at = serializers.DateTimeField()
    actor = serializers.CharField(allow_null=True, help_text="Null: the house itself")
    act = serializers.ChoiceField(ACTS)
    target_kind = serializers.CharField()
    target_id = IdField(allow_null=True)
    before = serializers.DictField()
    after = serializers.DictField()
    reason = serializers.CharField()

    def to_representation(self, instance: AuditEntry) -> dict[str, Any]:
        """Return the fields above."""
        return {
            "id": instance.pk,
            "at": instant(instance.at),
            "actor": None if instance.actor is None else instance.actor.username,
            "act": instance.act,
            "target_kind": instance.target_kind,
            "target_id": instance.target_id,
            "before": instance.before,
            "after": instance.after,
            "reason": instance.reason,
        }


class FiguresSerializer(serializers.Serializer[Any]):
    """The figures of the house; those that are not sent stay."""

    def get_fields(self) -> dict[str, Any]:
        """Return a field for each figure."""
        return {
            name: StrictIntegerField(
                min_value=figure.least,
                max_value=figure.most,
                required=False,
                help_text=figure.meaning,
            )
            for name, figure in FIGURES.items()
        }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what is no setting: a typing error must not look like a change."""
        unknown = sorted(set(self.initial_data) - FIGURES.keys())
        if unknown:
            raise serializers.ValidationError({name: ["is no setting"] for name in unknown})
        return attrs
