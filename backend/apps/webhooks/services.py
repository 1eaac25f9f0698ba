"""Endpoints of integrators: everything that writes them. Raises HookRefused.

Nothing is sent here: a test and a replay are ordered and go with the next look of the worker.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from secrets import randbits
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.core import clock, outgoing
from apps.users.models import User
from apps.users.rights import Right, may
from apps.users.sealing import seal
from apps.webhooks import selectors, signing
from apps.webhooks.auction_events import body_of
from apps.webhooks.delivering import disable
from apps.webhooks.kinds import EventKind
from apps.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from apps.webhooks.refusals import HookReason, HookRefused

ENDPOINTS_MAX = 10  # of one account
SECRET_OVERLAP = timedelta(hours=24)  # both secrets sign

_Status = WebhookDelivery.Status


def create_endpoint(
    user: User, *, url: str, kinds: Sequence[str], description: str, everything: bool
) -> tuple[WebhookEndpoint, str]:
    """Make an endpoint; returns it and its secret, which nobody is shown again."""
    _check_url(url)
    _check_everything(user, everything)
    secret = signing.new_secret()
    now = clock.now()
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # or two at once could be one too many
        if selectors.endpoints_of(user.pk).count() >= ENDPOINTS_MAX:
            raise HookRefused(HookReason.TOO_MANY, limit=ENDPOINTS_MAX)
        endpoint = WebhookEndpoint.objects.create(
            user_id=user.pk,
            url=url,
            kinds=list(kinds),
            description=description,
            everything=everything,
            sealed_secret=seal(secret),
            listens_since_at=now,
            created_at=now,
        )
    return endpoint, secret


def _check_url(url: str) -> None:
    try:
        outgoing.check_url(url)
    except outgoing.BadTarget as error:
        raise HookRefused(HookReason.BAD_URL, detail=str(error)) from error


def _check_everything(user: User, everything: bool) -> None:
    if everything and not may(user, Right.MONEY):
        raise HookRefused(HookReason.NOT_STAFF)


def _locked(user_id: int, endpoint_id: int) -> WebhookEndpoint:
    own = WebhookEndpoint.objects.select_for_update().filter(pk=endpoint_id, user_id=user_id)
    endpoint = own.first()
    if endpoint is None:
        raise HookRefused(HookReason.NO_ENDPOINT)
    return endpoint


@transaction.atomic
def change_endpoint(user: User, endpoint_id: int, changes: Mapping[str, Any]) -> WebhookEndpoint:
    """Change what is in `changes`: url, kinds, description, everything, enabled.

    Switched off, it gives up what waits; switched on, it hears what happens from now on.
    """
    endpoint = _locked(user.pk, endpoint_id)
    if "url" in changes:
        _check_url(changes["url"])
    _check_everything(user, changes.get("everything", False))
    named = [name for name in ("url", "kinds", "description", "everything") if name in changes]
    for name in named:
        setattr(endpoint, name, changes[name])
    if named:
        endpoint.save(update_fields=named)
    enabled = changes.get("enabled", endpoint.enabled)
    if enabled and not endpoint.enabled:
        endpoint.enabled, endpoint.disabled_reason, endpoint.failing_since_at = True, "", None
        endpoint.listens_since_at = clock.now()
        endpoint.save()
    elif endpoint.enabled and not enabled:
        disable(endpoint)
    return endpoint


def delete_endpoint(user_id: int, endpoint_id: int) -> None:
    """Delete an endpoint with its log."""
    deleted, _ = WebhookEndpoint.objects.filter(pk=endpoint_id, user_id=user_id).delete()
    if not deleted:
        raise HookRefused(HookReason.NO_ENDPOINT)


@transaction.atomic
def rotate_secret(user_id: int, endpoint_id: int) -> tuple[WebhookEndpoint, str]:
    """Replace the secret; the former one signs along for SECRET_OVERLAP. Returns the new one."""
    endpoint = _locked(user_id, endpoint_id)
    secret = signing.new_secret()
    endpoint.sealed_previous, endpoint.sealed_secret = endpoint.sealed_secret, seal(secret)
    endpoint.previous_until_at = clock.now() + SECRET_OVERLAP
    endpoint.save(update_fields=["sealed_previous", "sealed_secret", "previous_until_at"])
    return endpoint, secret


@transaction.atomic
def send_test(user_id: int, endpoint_id: int) -> WebhookDelivery:
    """Order a test event for an endpoint."""
    endpoint = _locked(user_id, endpoint_id)
    if not endpoint.enabled:
        raise HookRefused(HookReason.SWITCHED_OFF)
    now = clock.now()
    data = {"webhook_id": endpoint.pk, "message": f"A test of {settings.SITE_NAME}"}
    event = WebhookEvent.objects.create(
        source=f"test:{endpoint.pk}:{randbits(64)}",
        kind=EventKind.TEST,
        body=body_of(EventKind.TEST, now, data),
        at=now,
    )
    return WebhookDelivery.objects.create(
        endpoint=endpoint,
        event=event,
        message_id=signing.new_message_id(),
        next_try_at=now,
        created_at=now,
    )


@transaction.atomic
def replay(user_id: int, delivery_id: int) -> WebhookDelivery:
    """Order a delivery once more, under its former id; what waits already simply goes at once."""
    rows = WebhookDelivery.objects.select_for_update(of=("self",))
    own = rows.filter(pk=delivery_id, endpoint__user_id=user_id)
    delivery = own.select_related("endpoint", "event").first()
    if delivery is None:
        raise HookRefused(HookReason.NO_DELIVERY)
    if not delivery.endpoint.enabled:
        raise HookRefused(HookReason.SWITCHED_OFF)
    delivery.status, delivery.tries = _Status.PENDING, 0
    delivery.next_try_at, delivery.finished_at = clock.now(), None
    delivery.save(update_fields=["status", "tries", "next_try_at", "finished_at"])
    return delivery


@transaction.atomic
def replay_since(
    user_id: int, endpoint_id: int, since_at: datetime, *, include_delivered: bool
) -> int:
    """Order again what an endpoint was sent since an instant and did not take; how many.

    With `include_delivered` what it took as well.
    """
    endpoint = _locked(user_id, endpoint_id)
    if not endpoint.enabled:
        raise HookRefused(HookReason.SWITCHED_OFF)
    states = [_Status.FAILED, *([_Status.DELIVERED] if include_delivered else [])]
    rows = WebhookDelivery.objects.filter(
        endpoint=endpoint, status__in=states, event__at__gte=since_at
    )
    ids = list(rows.values_list("pk", flat=True))
    return WebhookDelivery.objects.filter(pk__in=ids).update(
        status=_Status.PENDING, tries=0, next_try_at=clock.now(), finished_at=None
    )
