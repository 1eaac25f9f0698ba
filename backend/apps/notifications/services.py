"""Telling people: notes become rows, once; what was read is marked.

`notify` writes inside the caller's transaction, so that what a note was made from and the note
are committed together. Instants are aware UTC.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.core import clock
from apps.notifications.kinds import BODY_LENGTH_MAX, Channel, Note
from apps.notifications.models import SHOWN, Notification
from apps.notifications.selectors import with_browsers
from apps.notifications.settings_services import Wishes, wishes_of

MAIL_AFTER = timedelta(minutes=2)  # what follows in the same thread goes into the same mail
MAIL_WITHIN = timedelta(hours=24)  # of what happened: older news are no longer mailed
PUSH_WITHIN = timedelta(hours=1)  # likewise
#: Of what was read or replaced: neither mailed nor pushed any more.
NOWHERE_ELSE = {"email_due_at": None, "push_due_at": None, "digest_due_at": None}
UNREAD_KEPT = timedelta(days=365)
FORGOTTEN_AT_ONCE_MAX = 5000  # rows; the rest goes at the next look


def notify(notes: Sequence[Note]) -> int:
    """Write what is new among these notes; returns how many people's lists it changed.

    A note whose person was told of its source before is passed over. A constant number of
    statements however many notes. Two calls that tell one person of one thread at the same time
    must be ordered by the caller's lock (an auction's reading, a conversation).
    """
    if not notes:
        return 0
    with transaction.atomic():
        known, unread = _before(notes)
        people = {note.user_id for note in notes}
        wishes, pushed_to = wishes_of(people), with_browsers(people)
        now = clock.now()
        rows: list[Notification] = []
        stale: list[Notification] = []
        for note in notes:
            if (note.user_id, note.source) in known:
                continue
            known.add((note.user_id, note.source))
            older = unread.pop((note.user_id, note.thread), None) if note.thread else None
            row = _row(note, wishes[note.user_id], older, now)
            if note.user_id in pushed_to:
                row.push_due_at = _push_due_at(note, wishes[note.user_id], now)
            if older is not None:
                older.replaced = True
                older.email_due_at = older.push_due_at = older.digest_due_at = None
                if older.pk is not None:
                    stale.append(older)
            if note.thread:
                unread[note.user_id, note.thread] = row
            rows.append(row)
        if stale:
            ids = [row.pk for row in stale]
            Notification.objects.filter(pk__in=ids).update(replaced=True, **NOWHERE_ELSE)
        Notification.objects.bulk_create(rows, ignore_conflicts=True)
    return len({row.user_id for row in rows})


Known = set[tuple[int, str]]


def _before(notes: Sequence[Note]) -> tuple[Known, dict[tuple[int, str], Notification]]:
    """Return which sources are told, and what is unread of these threads; one query."""
    threads = {note.thread for note in notes if note.thread}
    known: Known = set()
    unread: dict[tuple[int, str], Notification] = {}
    rows = Notification.objects.filter(user_id__in={note.user_id for note in notes}).filter(
        Q(source__in={note.source for note in notes})
        | Q(thread__in=threads, read_at=None, replaced=False)
    )
    for row in rows.order_by("pk"):
        known.add((row.user_id, row.source))
        if row.thread and row.read_at is None and not row.replaced:
            unread[row.user_id, row.thread] = row
    return known, unread


def _row(note: Note, wishes: Wishes, older: Notification | None, now: datetime) -> Notification:
    count = 1 + (older.count if older is not None else 0)
    due_at = None
    if wishes.wants(note.kind, Channel.EMAIL) and now - note.at < MAIL_WITHIN:
        waiting = older.email_due_at if older is not None else None
        due_at = waiting or wishes.loud_at(now + (MAIL_AFTER if note.thread else timedelta(0)))
    return Notification(
        user_id=note.user_id,
        kind=note.kind.value,
        source=note.source,
        thread=note.thread,
        count=count,
        title=note.title_for(count),
        body=note.body[:BODY_LENGTH_MAX],
        url=note.url,
        data={**note.data, "says": note.says.value},
        in_app=wishes.wants(note.kind, Channel.IN_APP),
        email_due_at=due_at,
        digest_due_at=(
            wishes.digest_after(now) if wishes.wants(note.kind, Channel.DIGEST) else None
        ),
        created_at=note.at,
    )


def _push_due_at(note: Note, wishes: Wishes, now: datetime) -> datetime | None:
    if not wishes.wants(note.kind, Channel.PUSH) or now - note.at >= PUSH_WITHIN:
        return None
    return wishes.loud_at(now)


# -- reading ------------------------------------------------------------------------------------


def mark_read(user_id: int, notification_id: int) -> Notification | None:
    """Note that a person has read one of his; None when it is not his or not there.

    Again is no mistake. What the row replaced is read with it; a mail that waits is not sent.
    """
    own = Notification.objects.filter(user_id=user_id, in_app=True)
    row = own.filter(pk=notification_id).first()
    if row is not None and row.read_at is None:
        row.read_at = clock.now()
        own.filter(pk=row.pk, read_at=None).update(read_at=row.read_at, **NOWHERE_ELSE)
    return row


def mark_all_read(user_id: int) -> int:
    """Note that a person has read all he is shown; returns how many were unread."""
    unread = Notification.objects.filter(SHOWN, user_id=user_id, read_at=None)
    return unread.update(read_at=clock.now(), **NOWHERE_ELSE)


# -- forgetting ---------------------------------------------------------------------------------


def forget_old_notifications(now: datetime, limit: int = FORGOTTEN_AT_ONCE_MAX) -> int:
    """Delete what happened long ago and nobody will look for; returns how many rows.

    What was read, replaced or only mailed goes after settings.NOTIFICATIONS_KEPT_DAYS, what was
    never read after a year. No log is read again: nothing is told a second time.
    """
    kept = timedelta(days=settings.NOTIFICATIONS_KEPT_DAYS)
    done_with = Q(read_at__isnull=False) | Q(replaced=True) | Q(in_app=False)
    old = Q(done_with, created_at__lt=now - kept) | Q(created_at__lt=now - max(UNREAD_KEPT, kept))
    ids = list(Notification.objects.filter(old).order_by("pk").values_list("pk", flat=True)[:limit])
    Notification.objects.filter(pk__in=ids).delete()
    return len(ids)
