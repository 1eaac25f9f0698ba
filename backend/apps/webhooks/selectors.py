"""Reads of webhooks: one's own endpoints and what became of each event."""

from django.db.models import Prefetch, QuerySet

from apps.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint


def endpoints_of(user_id: int) -> QuerySet[WebhookEndpoint]:
    """Return an account's endpoints, newest first."""
    return WebhookEndpoint.objects.filter(user_id=user_id).order_by("-pk")


def endpoint_of(user_id: int, endpoint_id: int) -> WebhookEndpoint | None:
    """Return an endpoint of this account."""
    return WebhookEndpoint.objects.filter(pk=endpoint_id, user_id=user_id).first()


def listening() -> QuerySet[WebhookEndpoint]:
    """Return the endpoints that are told: switched on, of accounts that may log in."""
    return WebhookEndpoint.objects.filter(
        enabled=True, user__is_active=True, user__banned_at=None
    ).select_related("user")


def deliveries_of(endpoint_id: int, status: str = "") -> QuerySet[WebhookDelivery]:
    """Return an endpoint's deliveries, newest first."""
    rows = WebhookDelivery.objects.filter(endpoint_id=endpoint_id).select_related("event")
    return (rows.filter(status=status) if status else rows).order_by("-pk")


def delivery_of(user_id: int, delivery_id: int) -> WebhookDelivery | None:
    """Return a delivery to an endpoint of this account, with its attempts, oldest first."""
    attempts = Prefetch("attempts", WebhookAttempt.objects.order_by("pk"))
    return (
        WebhookDelivery.objects.filter(pk=delivery_id, endpoint__user_id=user_id)
        .select_related("event", "endpoint")
        .prefetch_related(attempts)
        .first()
    )
