"""Webhooks as JSON."""

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.fields import CountField, IdField, InstantField, TextField, WordField
from apps.core.outgoing import URL_LENGTH_MAX
from apps.core.wire import instant
from apps.webhooks.kinds import CHOOSABLE, EVERY
from apps.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint

OWN, ALL = "own", "all"
DELIVERY_STATUSES = tuple(WebhookDelivery.Status.values)


def endpoint_body(row: WebhookEndpoint) -> dict[str, Any]:
    """Return an endpoint as its owner sees it."""
    return {
        "id": row.pk,
        "url": row.url,
        "description": row.description,
        "kinds": row.kinds,
        "scope": ALL if row.everything else OWN,
        "enabled": row.enabled,
        "disabled_reason": row.disabled_reason or None,
        "failing_since": instant(row.failing_since_at),
        "previous_secret_until": instant(row.previous_until_at),
        "created_at": instant(row.created_at),
    }


def delivery_body(row: WebhookDelivery) -> dict[str, Any]:
    """Return a delivery as a list shows it."""
    return {
        "id": row.pk,
        "webhook_id": row.endpoint_id,
        "message_id": row.message_id,
        "kind": row.event.kind,
        "status": row.status,
        "tries": row.tries,
        "next_try_at": instant(row.next_try_at),
        "event_at": instant(row.event.at),
        "created_at": instant(row.created_at),
        "finished_at": instant(row.finished_at),
    }


def attempt_body(row: WebhookAttempt) -> dict[str, Any]:
    """Return one request and what came of it."""
    return {
        "at": instant(row.at),
        "status": row.status,
        "answer": row.answer,
        "error": row.error or None,
        "duration_ms": row.duration_ms,
    }


def delivery_detail(row: WebhookDelivery) -> dict[str, Any]:
    """Return a delivery with what was sent and every attempt."""
    return {
        **delivery_body(row),
        "url": row.endpoint.url,
        "request": json.loads(row.event.body),
        "attempts": [attempt_body(attempt) for attempt in row.attempts.all()],
    }


class EndpointSerializer(serializers.Serializer[Any]):
    """Where an account wants to be told of what."""

    id = IdField()
    url = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    kinds = serializers.ListField(child=serializers.ChoiceField(CHOOSABLE))
    scope = serializers.ChoiceField([OWN, ALL], help_text="`all`: of every auction, staff only")
    enabled = serializers.BooleanField()
    disabled_reason = serializers.CharField(
        allow_null=True, help_text="Why the house switched it off; null: its owner did, or it is on"
    )
    failing_since = serializers.DateTimeField(allow_null=True)
    previous_secret_until = serializers.DateTimeField(
        allow_null=True, help_text="Until then the former secret signs along"
    )
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: WebhookEndpoint) -> dict[str, Any]:
        """Return the endpoint."""
        return endpoint_body(instance)


class EndpointWithSecretSerializer(EndpointSerializer):
    """An endpoint and its secret, which is shown this once."""

    secret = serializers.CharField(help_text="`whsec_…`, as libraries of Standard Webhooks take it")


class KindsField(serializers.ListField):
    """Which events; none twice."""

    child = WordField(CHOOSABLE)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=len(CHOOSABLE), **kwargs)

    def to_internal_value(self, data: Any) -> list[str]:
        """Return the words in their usual order."""
        if isinstance(data, list) and len(data) > len(CHOOSABLE):
            raise serializers.ValidationError(f"there are {len(CHOOSABLE)} kinds")
        found = set(super().to_internal_value(data))
        return [kind for kind in CHOOSABLE if kind in found]


class CreateEndpointSerializer(serializers.Serializer[Any]):
    """What a new endpoint needs."""

    url = TextField(max_length=URL_LENGTH_MAX)
    kinds = KindsField()
    description = TextField(max_length=200, required=False, allow_blank=True, default="")
    scope = WordField((OWN, ALL), required=False, default=OWN)


class ChangeEndpointSerializer(serializers.Serializer[Any]):
    """What is to change; the rest stays."""

    url = TextField(max_length=URL_LENGTH_MAX, required=False)
    kinds = KindsField(required=False)
    description = TextField(max_length=200, required=False, allow_blank=True)
    scope = WordField((OWN, ALL), required=False)
    enabled = serializers.BooleanField(required=False)


class DeliverySerializer(serializers.Serializer[Any]):
    """One event on its way to one endpoint."""

    id = IdField()
    webhook_id = IdField()
    message_id = serializers.CharField(help_text="`webhook-id` of every try")
    kind = serializers.ChoiceField(EVERY)
    status = serializers.ChoiceField(DELIVERY_STATUSES)
    tries = CountField(help_text="Since it was last ordered")
    next_try_at = serializers.DateTimeField(allow_null=True)
    event_at = serializers.DateTimeField(help_text="When it happened")
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: WebhookDelivery) -> dict[str, Any]:
        """Return the delivery."""
        return delivery_body(instance)


class AttemptSerializer(serializers.Serializer[Any]):
    """One request and what came back."""

    at = serializers.DateTimeField()
    status = serializers.IntegerField(allow_null=True, help_text="null: nothing came back")
    answer = serializers.CharField(help_text="The first 1024 bytes")
    error = serializers.CharField(allow_null=True)
    duration_ms = CountField()


@extend_schema_field(
    {
        "type": "object",
        "required": ["type", "timestamp", "data"],
        "properties": {
            "type": {"type": "string"},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": {"type": "object", "additionalProperties": True},
        },
    }
)
class RequestField(serializers.JSONField):
    """The body as it is signed and sent."""


class DeliveryDetailSerializer(DeliverySerializer):
    """A delivery with what was sent and every attempt."""

    url = serializers.CharField()
    request = RequestField()
    attempts = AttemptSerializer(many=True)


class ReplaySerializer(serializers.Serializer[Any]):
    """From when on."""

    since = InstantField(help_text="When the events happened, or later")
    include_delivered = serializers.BooleanField(required=False, default=False)


class ReplayedSerializer(serializers.Serializer[Any]):
    """How many were ordered again."""

    ordered = CountField()
