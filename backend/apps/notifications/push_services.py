"""Notifications pushed to browsers: subscribed to, ordered when due, sent outside transactions.

The tables are the queue, as everywhere: an order is written in the transaction that takes the
notification off the list, claimed before it is sent, and gone once the push service has it. A
crash in between pushes again; the browser shows the same `tag` in the same place.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from apps.core import clock, mail
from apps.notifications import push_keys
from apps.notifications.kinds import Channel, Kind
from apps.notifications.models import Notification
from apps.notifications.push_delivery import Outcome, Push, deliver
from apps.notifications.push_models import PushOrder, PushSubscription
from apps.notifications.push_rules import URGENT_KINDS, check_subscription, payload
from apps.notifications.selectors import unread_counts
from apps.notifications.settings_services import wishes_of
from apps.users.selectors import live_session_ids

log = logging.getLogger(__name__)

SUBSCRIPTIONS_MAX = 10  # of one account; with the eleventh the oldest goes
ORDERED_AT_ONCE_MAX = 500  # notifications
SENT_AT_ONCE_MAX = 100
SENDERS = 8  # pushes on their way at the same time
TRIES_MAX = 6
TRY_AGAIN_SECONDS = 30  # after the first failure; doubled with each further one
KEEP_SECONDS = 12 * 3600
TOPIC_LENGTH_MAX = 32


def subscribe(
    user_id: int, session_id: str, *, endpoint: str, p256dh: str, auth: str, device: str
) -> tuple[PushSubscription, bool]:
    """Note that a browser is to be pushed to; returns the subscription and whether it is new.

    A browser is one subscription, of whoever logged in with it last. Raises PushRefused.
    """
    check_subscription(endpoint, p256dh, auth, settings.PUSH_SERVICES)
    with transaction.atomic():
        row, is_new = PushSubscription.objects.update_or_create(
            endpoint_digest=sha256(endpoint.encode()).hexdigest(),
            defaults={
                "user_id": user_id,
                "session_id": session_id,
                "endpoint": endpoint,
                "p256dh": p256dh,
                "auth": auth,
                "device": device,
            },
            create_defaults={
                "user_id": user_id,
                "session_id": session_id,
                "endpoint": endpoint,
                "p256dh": p256dh,
                "auth": auth,
                "device": device,
                "created_at": clock.now(),
            },
        )
        own = PushSubscription.objects.filter(user_id=user_id).order_by("-pk")
        kept = list(own.values_list("pk", flat=True)[:SUBSCRIPTIONS_MAX])
        own.exclude(pk__in=[*kept, row.pk]).delete()
    return row, is_new


def unsubscribe(user_id: int, subscription_id: int) -> bool:
    """Push to a browser of this user no longer; False when it is not his or not there."""
    own = PushSubscription.objects.filter(user_id=user_id, pk=subscription_id)
    return bool(own.delete()[0])


# -- ordering -----------------------------------------------------------------------------------


def order_due_pushes(limit: int = ORDERED_AT_ONCE_MAX) -> int:
    """Order the pushes whose time has come; returns how many.

    Only to browsers whose session lives: who is shut out or logged out is pushed nothing.
    """
    now = clock.now()
    due = Notification.objects.filter(push_due_at__lte=now)
    if not due.exists():
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=skip_locked).order_by("push_due_at", "pk")
        rows = list(locked[:limit])
        wishes = wishes_of({row.user_id for row in rows})
        browsers = _browsers_of({row.user_id for row in rows}, now)
        orders = [
            PushOrder(subscription_id=browser_id, notification=row, due_at=now)
            for row in rows
            if wishes[row.user_id].wants(Kind(row.kind), Channel.PUSH)
            for browser_id in browsers.get(row.user_id, ())
        ]
        PushOrder.objects.bulk_create(orders, ignore_conflicts=True)
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(push_due_at=None)
    return len(orders)


def _browsers_of(user_ids: Iterable[int], now: datetime) -> dict[int, list[int]]:
    """Return user -> ids of his subscriptions whose session lives."""
    rows = list(PushSubscription.objects.filter(user_id__in=set(user_ids)).order_by("pk"))
    alive = live_session_ids({str(row.session_id) for row in rows}, now)
    found: dict[int, list[int]] = {}
    for row in rows:
        if str(row.session_id) in alive:
            found.setdefault(row.user_id, []).append(row.pk)
    return found


# -- sending ------------------------------------------------------------------------------------


def send_due_pushes(limit: int = SENT_AT_ONCE_MAX) -> int:
    """Send the pushes whose time has come; returns how many were taken.

    May run twice at once: an order is claimed before it is sent. What was read meanwhile, or
    replaced, is not sent.
    """
    now = clock.now()
    claimed = [order for order in _due_orders(now, limit) if _claim(order, now)]
    wanted = [order for order in claimed if _is_news(order.notification)]
    if claimed:
        stale = {order.pk for order in claimed} - {order.pk for order in wanted}
        PushOrder.objects.filter(pk__in=stale).delete()
    if not wanted:
        return 0
    pushes = _pushes(wanted)
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="push") as senders:
        outcomes = list(senders.map(deliver, pushes))
    for order, outcome in zip(wanted, outcomes, strict=True):
        _settle(order, outcome)
    return outcomes.count(Outcome.TAKEN)


def _due_orders(now: datetime, limit: int) -> list[PushOrder]:
    rows = PushOrder.objects.filter(due_at__lte=now).select_related("subscription", "notification")
    return list(rows.order_by("due_at", "pk")[:limit])


def _claim(order: PushOrder, now: datetime) -> bool:
    """Take an order out of everybody else's sight until it would be tried again."""
    wait = timedelta(seconds=TRY_AGAIN_SECONDS * 2**order.tries)
    own = PushOrder.objects.filter(pk=order.pk, due_at=order.due_at, tries=order.tries)
    return bool(own.update(due_at=now + wait, tries=F("tries") + 1))


def _is_news(row: Notification) -> bool:
    return row.read_at is None and not row.replaced


def _pushes(orders: Sequence[PushOrder]) -> list[Push]:
    key, signed_at_seconds = push_keys.private_key(), int(clock.now().timestamp())
    unread = unread_counts({order.subscription.user_id for order in orders})
    return [
        Push(
            endpoint=order.subscription.endpoint,
            p256dh=order.subscription.p256dh,
            auth=order.subscription.auth,
            content=_content(order.notification, unread[order.subscription.user_id]),
            topic=sha256(_tag(order.notification).encode()).hexdigest()[:TOPIC_LENGTH_MAX],
            is_urgent=Kind(order.notification.kind) in URGENT_KINDS,
            keep_seconds=KEEP_SECONDS,
            private_key=key,
            contact=f"mailto:{mail.sender_address()}",
            signed_at_seconds=signed_at_seconds,
        )
        for order in orders
    ]


def _content(row: Notification, unread_count: int) -> bytes:
    return payload(
        notification_id=row.pk,
        kind=row.kind,
        title=row.title,
        body=row.body,
        url=row.url,
        tag=_tag(row),
        unread_count=unread_count,
    )


def _tag(row: Notification) -> str:
    return row.thread or f"notification:{row.pk}"


def _settle(order: PushOrder, outcome: Outcome) -> None:
    match outcome:
        case Outcome.TAKEN:
            PushSubscription.objects.filter(pk=order.subscription_id).update(used_at=clock.now())
        case Outcome.GONE:
            PushSubscription.objects.filter(pk=order.subscription_id).delete()
            return
        case Outcome.LATER if order.tries + 1 < TRIES_MAX:
            return
        case _:
            log.warning("push %s was not taken (%s); given up", order.pk, outcome.name)
    PushOrder.objects.filter(pk=order.pk).delete()
