"""Where integrators want to be told, what they are told, and how that went. Instants are UTC."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.webhooks.kinds import EventKind


class WebhookEndpoint(models.Model):
    """An address of an account that wants to be told. Its secrets are sealed (users.sealing).

    `everything` is for staff: the events of every auction, not of one's own alone. After a
    rotation the former secret signs along until `previous_until_at`.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="webhook_endpoints"
    )
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=200, blank=True)
    kinds: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    everything = models.BooleanField(default=False)
    sealed_secret = models.TextField()
    sealed_previous = models.TextField(blank=True)
    previous_until_at = models.DateTimeField(null=True, blank=True)
    enabled = models.BooleanField(default=True)
    disabled_reason = models.CharField(max_length=200, blank=True)  # empty: by its owner
    failing_since_at = models.DateTimeField(null=True, blank=True)  # no success since
    listens_since_at = models.DateTimeField()  # made or switched on: what was before is not told
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="webhook_by_user")]


class WebhookEvent(models.Model):
    """Something that happened, as it is told to every endpoint: the very text that is signed.

    `source` names the row of a log it was made from: `auction:7:12`, `money:91`.
    """

    source = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=32, choices=[(k.value, k.value) for k in EventKind])
    body = models.TextField()  # JSON
    at = models.DateTimeField(db_index=True)


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint. `message_id` is the same however often it is sent."""

    class Status(models.TextChoices):
        """How far it got."""

        PENDING = "pending"
        DELIVERED = "delivered"
        FAILED = "failed"  # given up, or its endpoint was switched off

    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    tries = models.PositiveIntegerField(default=0)  # since it was last asked for
    next_try_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="delivery_once"),
        ]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="delivery_by_endpoint"),
            models.Index(
                fields=["next_try_at"], name="delivery_due", condition=Q(status="pending")
            ),
            models.Index(fields=["finished_at"], name="delivery_finished"),
        ]


class WebhookAttempt(models.Model):
    """One POST and what came back: `status` None where nothing did."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=1024, blank=True)  # its beginning
    error = models.CharField(max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField()


class WebhookReading(models.Model):
    """How far an auction's log has been read for webhooks: rows up to `number`."""

    auction = models.OneToOneField(
        "auctions.Auction", models.CASCADE, primary_key=True, related_name="webhook_reading"
    )
    number = models.BigIntegerField(default=0)
