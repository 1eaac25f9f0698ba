"""Deliveries: claimed, sent outside every transaction, written down, tried again.

A delivery is claimed for CLAIM before it is sent, so that no two workers send it; a worker that
dies in between leaves it to be sent again, under the same id: at least once, and once as far as
we know. A dead endpoint costs one request a look and delays nobody else's.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import SystemRandom

from django.conf import settings
from django.db import connection, transaction

from apps.core import clock, outgoing
from apps.core.outgoing import Answer
from apps.notifications.kinds import Kind, Note
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from apps.users.sealing import Unsealable
from apps.webhooks import signing
from apps.webhooks.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint, WebhookEvent

log = logging.getLogger(__name__)

#: Until the next try after the first, second, … failure: about three days in all.
DELAYS_SECONDS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.2  # of a delay, either way: what failed together does not come back together
RETRY_AFTER_SECONDS_MAX = 86_400  # what an endpoint may ask for
DISABLED_AFTER = timedelta(days=3)  # of nothing but failures
CLAIM = timedelta(seconds=60)
SECONDS_MAX = 15.0  # for one request as a whole
LOOKED_AT_MAX = 500  # due deliveries of one look
AT_ONCE_MAX = 32  # requests
OF_ONE_ENDPOINT_MAX = 8
ROUNDS_MAX = 50  # of one call; the next one goes on
ANSWER_LENGTH_MAX = 1024
WEBHOOKS_URL = "/settings"
#: What its owner is told -> why an endpoint is switched off.
_REASONS = {
    Says.WEBHOOK_GONE: "the receiver answered 410 Gone",
    Says.WEBHOOK_FAILING: f"nothing was taken for {DISABLED_AFTER.days} days",
}

_Status = WebhookDelivery.Status
_chance = SystemRandom()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one request."""

    delivery: WebhookDelivery
    sent_at: datetime
    answer: Answer

    @property
    def is_success(self) -> bool:
        """Whether the receiver took it."""
        return self.answer.status is not None and 200 <= self.answer.status < 300


def deliver_due() -> int:
    """Send what is due; returns how many requests were made."""
    sent = 0
    for _ in range(ROUNDS_MAX):
        claimed = _claim()
        if not claimed:
            break
        outcomes = asyncio.run(_send_all(claimed))
        _record(outcomes)
        sent += len(outcomes)
    return sent


def _claim() -> list[WebhookDelivery]:
    """Take some due deliveries for this worker: a few of each endpoint, one of a failing one."""
    now = clock.now()
    due = WebhookDelivery.objects.filter(status=_Status.PENDING, next_try_at__lte=now)
    if not due.exists():
        return []
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=skip_locked, of=("self",))
        rows = locked.select_related("endpoint", "event").order_by("next_try_at", "pk")
        taken: dict[int, int] = {}
        claimed: list[WebhookDelivery] = []
        for row in rows[:LOOKED_AT_MAX]:
            limit = 1 if row.endpoint.failing_since_at else OF_ONE_ENDPOINT_MAX
            if taken.get(row.endpoint_id, 0) < limit and len(claimed) < AT_ONCE_MAX:
                taken[row.endpoint_id] = taken.get(row.endpoint_id, 0) + 1
                claimed.append(row)
        ids = [row.pk for row in claimed]
        WebhookDelivery.objects.filter(pk__in=ids).update(next_try_at=now + CLAIM)
    return claimed


async def _send_all(claimed: Sequence[WebhookDelivery]) -> list[Outcome]:
    return await asyncio.gather(*(_send(row) for row in claimed))


async def _send(delivery: WebhookDelivery) -> Outcome:
    now = clock.now()
    try:
        signed = signing.signature_headers(
            delivery.endpoint, delivery.message_id, delivery.event.body, now
        )
    except Unsealable:
        error = "the secret was sealed with a key this site no longer has; rotate it"
        return Outcome(delivery, now, Answer(None, error=error))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": f"{settings.SITE_NAME}-Webhooks/1",
        **signed,
    }
    answer = await outgoing.post(
        delivery.endpoint.url,
        headers=headers,
        content=delivery.event.body.encode(),
        seconds_max=SECONDS_MAX,
    )
    return Outcome(delivery, now, answer)


@transaction.atomic
def _record(outcomes: Sequence[Outcome]) -> None:
    """Write down how it went, and when to try again."""
    WebhookAttempt.objects.bulk_create(
        WebhookAttempt(
            delivery=outcome.delivery,
            at=outcome.sent_at,
            status=outcome.answer.status,
            answer=outcome.answer.body[:ANSWER_LENGTH_MAX],
            error=outcome.answer.error[:200],
            duration_ms=outcome.answer.duration_ms,
        )
        for outcome in outcomes
    )
    by_endpoint: dict[int, list[Outcome]] = {}
    for outcome in outcomes:
        by_endpoint.setdefault(outcome.delivery.endpoint_id, []).append(outcome)
    locked = WebhookEndpoint.objects.select_for_update().filter(pk__in=by_endpoint)
    for endpoint in locked.order_by("pk"):
        _record_one(endpoint, by_endpoint[endpoint.pk])


def _record_one(endpoint: WebhookEndpoint, outcomes: Sequence[Outcome]) -> None:
    now = clock.now()
    for outcome in outcomes:
        row = outcome.delivery
        row.tries += 1
        if outcome.is_success:
            row.status, row.next_try_at, row.finished_at = _Status.DELIVERED, None, now
        elif row.tries > len(DELAYS_SECONDS):
            row.status, row.next_try_at, row.finished_at = _Status.FAILED, None, now
        else:
            row.next_try_at = now + _delay(row.tries, outcome.answer)
        row.save(update_fields=["tries", "status", "next_try_at", "finished_at"])
    failed = [outcome for outcome in outcomes if not outcome.is_success]
    if not failed:
        _note_success(endpoint)
        return
    if len(failed) < len(outcomes):
        endpoint.failing_since_at = now
    endpoint.failing_since_at = endpoint.failing_since_at or now
    endpoint.save(update_fields=["failing_since_at"])
    if any(outcome.answer.status == 410 for outcome in failed):
        disable(endpoint, Says.WEBHOOK_GONE)
    elif now - endpoint.failing_since_at >= DISABLED_AFTER:
        disable(endpoint, Says.WEBHOOK_FAILING)
    else:
        _put_off(endpoint, failed[-1].delivery.next_try_at or now + _delay(1, failed[-1].answer))


def _note_success(endpoint: WebhookEndpoint) -> None:
    if endpoint.failing_since_at is not None:
        endpoint.failing_since_at = None
        endpoint.save(update_fields=["failing_since_at"])


def _put_off(endpoint: WebhookEndpoint, until_at: datetime) -> None:
    """Let the rest of what is due wait as well: it would fail the same way."""
    due = WebhookDelivery.objects.filter(
        endpoint=endpoint, status=_Status.PENDING, next_try_at__lte=clock.now()
    )
    due.update(next_try_at=until_at)


def _delay(tries: int, answer: Answer) -> timedelta:
    seconds = DELAYS_SECONDS[tries - 1] * _chance.uniform(1 - JITTER, 1 + JITTER)
    asked = min(answer.retry_after_seconds or 0, RETRY_AFTER_SECONDS_MAX)
    return timedelta(seconds=max(seconds, asked))


def disable(endpoint: WebhookEndpoint, says: Says | None = None) -> None:
    """Switch an endpoint off and give up what waits; `says` is what its owner is told.

    The caller holds the endpoint's lock. Without a word its owner did it and is told nothing.
    """
    now = clock.now()
    reason = _REASONS[says] if says is not None else ""
    endpoint.enabled, endpoint.disabled_reason = False, reason
    endpoint.save(update_fields=["enabled", "disabled_reason"])
    waiting = WebhookDelivery.objects.filter(endpoint=endpoint, status=_Status.PENDING)
    waiting.update(status=_Status.FAILED, next_try_at=None, finished_at=now)
    if says is not None:
        note = Note(
            user_id=endpoint.user_id,
            kind=Kind.WEBHOOK_DISABLED,
            says=says,
            source=f"webhook:{endpoint.pk}:disabled:{now:%Y%m%d%H%M%S}",
            at=now,
            title="A webhook of yours was switched off",
            body=f"{endpoint.url}: {reason}. Switch it on again when it works.",
            url=WEBHOOKS_URL,
            data={
                "webhook_id": endpoint.pk,
                "address": endpoint.url,
                "days": DISABLED_AFTER.days,
            },
        )
        notify([note])


def forget_finished() -> int:
    """Delete deliveries that were finished long ago, and events nobody waits for; the rows."""
    before_at = clock.now() - timedelta(days=settings.WEBHOOK_DELIVERIES_KEPT_DAYS)
    finished = WebhookDelivery.objects.filter(finished_at__lt=before_at)
    rows, _ = finished.delete()
    orphans, _ = WebhookEvent.objects.filter(at__lt=before_at, deliveries=None).delete()
    return rows + orphans
