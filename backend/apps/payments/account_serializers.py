"""Payout accounts as JSON."""

from typing import Any

from rest_framework import serializers

from apps.core.fields import WordField
from apps.payments.models import PayoutAccount

METHODS = ("stripe", "paypal")
PROVIDERS = (*METHODS, "sandbox")


def account_body(row: PayoutAccount, onboarding_url: str = "") -> dict[str, Any]:
    """Return an account; where its details are still to be given, the address for that."""
    body: dict[str, Any] = {"provider": row.provider, "ready": row.ready}
    if onboarding_url:
        body["onboarding_url"] = onboarding_url
    return body


class PayoutAccountSerializer(serializers.Serializer[Any]):
    """Where a seller is paid."""

    provider = serializers.ChoiceField(PROVIDERS)
    ready = serializers.BooleanField(help_text="The provider pays out to it")
    onboarding_url = serializers.CharField(
        required=False, help_text="Where to give the provider what it still wants to know"
    )


class OpenPayoutAccountSerializer(serializers.Serializer[Any]):
    """How a seller wants to be paid."""

    provider = WordField(METHODS)
    email = serializers.EmailField(
        required=False, max_length=254, help_text="For PayPal: the address of this account"
    )
