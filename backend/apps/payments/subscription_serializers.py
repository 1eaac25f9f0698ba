"""Subscriptions and plans as JSON. Prices are major units per month."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.core.fields import CountField, ShownAmountField, WordField
from apps.core.wire import instant
from apps.payments.models import Subscription
from domain.money import to_number
from domain.plans import FREE, PLANS, Plan
from domain.settlement import SubscriptionStatus

METHODS = ("stripe", "paypal")


def subscription_body(row: Subscription | None, in_force: Plan) -> dict[str, Any]:
    """Return a user's subscription, None for the free plan; the limits are those in force now."""
    body: dict[str, Any] = {
        "plan": FREE.name if row is None else row.plan,
        "status": SubscriptionStatus.ACTIVE.value if row is None else row.status,
        "current_period_end": None if row is None else instant(row.current_period_end),
        "cancel_at_period_end": row is not None and row.cancel_at_period_end,
        "price": 0 if row is None else to_number(row.price_minor, row.currency),
        "currency": settings.SITE_CURRENCY if row is None else row.currency,
        **_limits(in_force),
    }
    if row is not None and row.approve_url:
        body["approve_url"] = row.approve_url
    body["plans"] = [_plan_body(plan) for plan in PLANS.values()]
    return body


def _plan_body(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan.name,
        "price": plan.price_major,
        "currency": settings.SITE_CURRENCY,
        **_limits(plan),
    }


def _limits(plan: Plan) -> dict[str, Any]:
    bps = plan.commission_bps
    # Per cent as an amount of a currency with two decimals: 300 -> 3, 150 -> 1.5.
    return {
        "listings_max": plan.listings_max,
        "commission_percent": None if bps is None else to_number(bps, "USD"),
    }


class _LimitsSerializer(serializers.Serializer[Any]):
    price = ShownAmountField(help_text="Per month")
    currency = serializers.CharField()
    listings_max = CountField(allow_null=True, help_text="Live at once; null: as many as wanted")
    commission_percent = serializers.FloatField(
        min_value=0,
        max_value=100,
        allow_null=True,
        help_text="Of the hammer price, if the category's is not lower; null: that one",
    )


class PlanSerializer(_LimitsSerializer):
    """What can be subscribed to."""

    plan = serializers.ChoiceField(list(PLANS))


class SubscriptionSerializer(_LimitsSerializer):
    """A user's subscription, and what else there is. The limits are those in force now."""

    plan = serializers.CharField()
    status = serializers.ChoiceField([status.value for status in SubscriptionStatus])
    current_period_end = serializers.DateTimeField(allow_null=True, help_text="Paid until")
    cancel_at_period_end = serializers.BooleanField(help_text="It ends with the period")
    approve_url = serializers.CharField(
        required=False, help_text="Where to agree to pay, while it is incomplete"
    )
    plans = PlanSerializer(many=True)


class SubscribeSerializer(serializers.Serializer[Any]):
    """The plan wanted, and who is to be paid for it."""

    plan = WordField(PLANS)
    payment_method = WordField(METHODS, required=False, help_text="The first that is offered here")
