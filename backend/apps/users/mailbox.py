"""Mails that wait to be written and sent. The table is the queue, as everywhere in this house.

Ordering a mail is one insert in the caller's transaction: no request waits for a mail server,
and none takes longer because an account exists.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import F

from apps.core import clock
from apps.users.letters import Kind
from apps.users.models import MailOrder

TRIES_MAX = 6
TRY_AGAIN_SECONDS = 60  # after the first failure; doubled with each further one


def order(
    kind: Kind,
    *,
    user_id: int | None = None,
    email: str = "",
    facts: Mapping[str, str | int] | None = None,
) -> None:
    """Note a mail to be sent: to the user's own address, or to `email` whoever that is."""
    now = clock.now()
    MailOrder.objects.create(
        kind=kind, user_id=user_id, email=email, facts=facts or {}, created_at=now, due_at=now
    )


def order_all(kind: Kind, wanted: Iterable[tuple[int, Mapping[str, str | int]]]) -> None:
    """Note a mail of one kind to each of these users, with its facts; one insert."""
    now = clock.now()
    MailOrder.objects.bulk_create(
        MailOrder(kind=kind, user_id=user_id, facts=facts, created_at=now, due_at=now)
        for user_id, facts in wanted
    )


def due_orders(now: datetime, limit: int) -> list[MailOrder]:
    """Return orders whose time has come, the oldest first, their users loaded."""
    return list(
        MailOrder.objects.select_related("user")
        .filter(due_at__lte=now)
        .order_by("due_at", "pk")[:limit]
    )


def claim(row: MailOrder, now: datetime) -> bool:
    """Take an order out of everybody else's sight until it would be tried again."""
    wait = timedelta(seconds=TRY_AGAIN_SECONDS * 2**row.tries)
    claimed = MailOrder.objects.filter(pk=row.pk, due_at=row.due_at, tries=row.tries)
    return bool(claimed.update(due_at=now + wait, tries=F("tries") + 1))


def close(row: MailOrder) -> None:
    """Forget an order: sent, or not worth sending."""
    MailOrder.objects.filter(pk=row.pk).delete()
