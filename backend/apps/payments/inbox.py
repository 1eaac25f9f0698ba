"""Webhooks: stored as they came before anything else is done, applied later by a worker.

What a webhook says is a hint. The worker reads the object from the provider and settles by that,
so duplicates, disorder and forgeries change nothing. Many hints about one object are one read.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import F

from apps.core import clock
from apps.payments import accounts, services, subscription_services
from apps.payments.bank_disputes import TryLater
from apps.payments.gateways import gateway_named
from apps.payments.integrations.base import GatewayError, InvalidWebhook
from apps.payments.models import InboxEvent, Payment, ProviderCall
from apps.payments.settling import settle_call

log = logging.getLogger(__name__)

TRIES_MAX = 12
WORD_LENGTH_MAX = 100  # of an event's id, its type, the id it is about
CLAIM = timedelta(seconds=30)  # events of a worker that died are taken up after this
WAIT_MAX = timedelta(minutes=30)
_STORED_HEADERS = ("stripe-signature", "paypal-transmission-id", "paypal-transmission-time")


def receive(provider: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Check and store a webhook; one that came before is stored once.

    `headers` has lower-case names. Raises InvalidWebhook, with nothing stored.
    """
    if _came_before(provider, body):
        return
    now = clock.database_now()
    notice = gateway_named(provider).read_webhook(body, headers, now)
    if not all(map(_is_kept, (notice.event_id, notice.kind, notice.ref))):
        raise InvalidWebhook("its id or type is no word")
    known = bool(notice.subject)
    InboxEvent.objects.bulk_create(
        [
            InboxEvent(
                provider=provider,
                event_id=notice.event_id,
                kind=notice.kind,
                object_ref=f"{notice.subject}:{notice.ref}" if known else "",
                body=body,
                headers={name: headers[name] for name in _STORED_HEADERS if name in headers},
                state=InboxEvent.State.WAITING if known else InboxEvent.State.IGNORED,
                next_try_at=now,
                received_at=now,
            )
        ],
        ignore_conflicts=True,
    )


def _is_kept(word: str) -> bool:
    """Whether every database keeps this word as it is."""
    return word.isprintable() and len(word) <= WORD_LENGTH_MAX


def _came_before(provider: str, body: bytes) -> bool:
    """Whether these very bytes are stored: a copy costs one read, and the provider no question."""
    try:
        event_id = msgspec.json.decode(body)["id"]
    except (msgspec.DecodeError, UnicodeDecodeError, LookupError, TypeError, RecursionError):
        return False
    if not isinstance(event_id, str) or not _is_kept(event_id):
        return False
    return InboxEvent.objects.filter(provider=provider, event_id=event_id, body=body).exists()


def apply_waiting(now: datetime, limit: int) -> int:
    """Apply events that wait; returns how many were taken."""
    by_object: dict[tuple[str, str], list[InboxEvent]] = defaultdict(list)
    taken = _take(now, limit)
    for event in taken:
        by_object[event.provider, event.object_ref].append(event)
    for (provider, object_ref), events in by_object.items():
        _apply(provider, object_ref, events)
    return len(taken)


def _take(now: datetime, limit: int) -> list[InboxEvent]:
    due = InboxEvent.objects.filter(state=InboxEvent.State.WAITING, next_try_at__lte=now)
    if not due.exists():
        return []  # without SQLite's one write lock, which bids wait for
    with transaction.atomic():
        rows = due.select_for_update(skip_locked=True).defer("body")
        events = list(rows.order_by("next_try_at", "pk")[:limit])
        InboxEvent.objects.filter(pk__in=[event.pk for event in events]).update(
            next_try_at=now + CLAIM, tries=F("tries") + 1
        )
    return events


def _apply(provider: str, object_ref: str, events: list[InboxEvent]) -> None:
    """Bring what the events are about up to date; all of them share one outcome."""
    cause = f"event:{provider}:{events[0].event_id}"
    try:
        ours = look_at(provider, object_ref, cause=cause)
    except (GatewayError, TryLater) as error:
        _put_back(events, error)
    except Exception as error:
        log.exception("event %s could not be applied", cause)
        _put_back(events, error)
    else:
        state = InboxEvent.State.APPLIED if ours else InboxEvent.State.IGNORED
        _mark(events, state=state, error="")


def look_at(provider: str, object_ref: str, *, cause: str) -> bool:
    """Read the object `subject:ref` from its provider and settle by it; False: it is not ours.

    Raises GatewayError, TryLater.
    """
    subject, _, ref = object_ref.partition(":")
    if subject == "subscription":
        return subscription_services.refresh_by_ref(provider, ref, cause=cause)
    if subject == "account":
        return accounts.refresh_account(provider, ref)
    if subject == "move":
        return _look_at_move(provider, ref, cause=cause)
    payment_id = _payment_of(provider, ref)
    if payment_id is None:
        return False
    services.refresh_payment(payment_id, cause=cause)
    return True


def _payment_of(provider: str, ref: str) -> int | None:
    """Return the payment of a charge; one whose opening nobody heard of is asked for."""
    rows = Payment.objects.filter(provider=provider)
    for field in ("provider_ref", "capture_ref"):
        found = rows.filter(**{field: ref}).values_list("pk", flat=True).first()
        if found is not None:
            return found
    try:
        charge = gateway_named(provider).read_charge(ref)
    except GatewayError as error:
        if error.permanent:
            return None  # of another house that shares the provider's account
        raise
    return rows.filter(pk=charge.payment_id or 0).values_list("pk", flat=True).first()


def _look_at_move(provider: str, ref: str, *, cause: str) -> bool:
    call = ProviderCall.objects.filter(provider=provider, provider_ref=ref).first()
    if call is None:
        return False  # its own worker has not yet heard back; it will ask
    move = gateway_named(provider).read_move(call.kind, ref)
    settle_call(call.pk, move, cause=cause)
    return True


def _put_back(events: list[InboxEvent], error: Exception) -> None:
    now = clock.database_now()
    for event in events:
        tries = event.tries + 1
        poison = tries >= TRIES_MAX
        wait = min(WAIT_MAX, timedelta(seconds=2**tries))
        state = InboxEvent.State.POISON if poison else InboxEvent.State.WAITING
        _mark([event], state=state, error=str(error)[:300], next_try_at=now + wait)
        if poison:
            log.error("event %s of %s failed %s times", event.event_id, event.provider, tries)


def _mark(events: list[InboxEvent], **fields: object) -> None:
    ids = [event.pk for event in events]
    InboxEvent.objects.filter(pk__in=ids, state=InboxEvent.State.WAITING).update(**fields)
