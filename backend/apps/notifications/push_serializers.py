"""Browsers that are pushed to as JSON."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from apps.core.fields import IdField, TextField
from apps.core.wire import instant
from apps.notifications.push_models import PushSubscription
from apps.notifications.push_rules import ENDPOINT_LENGTH_MAX, PushReason

KEY_LENGTH_MAX = 100  # characters of base64url
AUTH_LENGTH_MAX = 50

SENTENCES = {
    PushReason.NOT_A_PUSH_SERVICE: "must be the https address of a push service this site knows",
    PushReason.NOT_A_PUBLIC_KEY: "must be a point of P-256, 65 bytes as base64url",
    PushReason.NOT_A_SECRET: "must be 16 bytes as base64url",
}


def subscription_body(row: PushSubscription) -> dict[str, Any]:
    """Return a browser as its owner sees it."""
    return {
        "id": row.pk,
        "device": row.device,
        "created_at": instant(row.created_at),
        "used_at": instant(row.used_at),
    }


def push_body(public_key: str, rows: Sequence[PushSubscription]) -> dict[str, Any]:
    """Return what a browser needs to subscribe, and which ones have."""
    return {"public_key": public_key, "subscriptions": [subscription_body(row) for row in rows]}


class PushKeysSerializer(serializers.Serializer[Any]):
    """`subscription.toJSON().keys` of the Push API."""

    p256dh = TextField(max_length=KEY_LENGTH_MAX)
    auth = TextField(max_length=AUTH_LENGTH_MAX)


class SubscribeToPushSerializer(serializers.Serializer[Any]):
    """`subscription.toJSON()` of the Push API; its `expirationTime` is not read."""

    endpoint = TextField(max_length=ENDPOINT_LENGTH_MAX, help_text="Its push service's, https")
    keys = PushKeysSerializer()


class PushSubscriptionSerializer(serializers.Serializer[Any]):
    """A browser that is pushed to, as long as its session lives."""

    id = IdField()
    device = serializers.CharField(help_text="Its User-Agent")
    created_at = serializers.DateTimeField()
    used_at = serializers.DateTimeField(
        allow_null=True, help_text="When its push service last took something"
    )


class PushSerializer(serializers.Serializer[Any]):
    """What a browser needs to subscribe, and which of one's browsers have."""

    public_key = serializers.CharField(
        help_text="`applicationServerKey` for `pushManager.subscribe()`, base64url"
    )
    subscriptions = PushSubscriptionSerializer(many=True)
