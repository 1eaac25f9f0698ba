"""Notifications by mail: handed to the mail queue when due, and asked for no more.

One mail each, or one a day with all that one wants to be told that way. A mail is due at once, or
a little later where more of the same may follow, or when the quiet hours are over; what was read
until then is not mailed.
"""

from django.core import signing
from django.db import connection, transaction

from apps.core import clock
from apps.notifications.kinds import Channel, Kind, channels_of
from apps.notifications.models import Notification
from apps.notifications.settings_services import change_settings, wishes_of
from apps.users import bounces, letters, mailbox

MAILS_AT_ONCE_MAX = 200
DIGEST = Channel.DIGEST.value
DIGEST_LINES_MAX = 50  # notifications in one mail, the newest; the list has them all
SALT = "notifications.unsubscribe"
UNSUBSCRIBE_PATH = "/api/notifications/unsubscribe/"


class BadLink(Exception):
    """Not a link of ours."""


def order_due_mail(limit: int = MAILS_AT_ONCE_MAX) -> int:
    """Order the mails whose time has come; returns how many.

    Order and note are one commit: nothing is mailed twice, nothing is lost. Who has meanwhile
    said that he wants none gets none, and neither does an account that is shut or whose address
    takes none.
    """
    now = clock.now()
    due = Notification.objects.filter(email_due_at__lte=now)
    if not due.exists():
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=skip_locked, of=("self",))
        rows = list(locked.select_related("user").order_by("email_due_at", "pk")[:limit])
        people = {row.user_id for row in rows}
        wishes, paused = wishes_of(people), bounces.paused_at(people)
        wanted = [
            row
            for row in rows
            if row.user.is_active
            and row.user.banned_at is None
            and row.user_id not in paused
            and wishes[row.user_id].wants(Kind(row.kind), Channel.EMAIL)
        ]
        mailbox.order_all(letters.Kind.NOTIFICATION, ((row.user_id, _facts(row)) for row in wanted))
        ids = [row.pk for row in rows]
        Notification.objects.filter(pk__in=ids).update(email_due_at=None)
    return len(wanted)


# -- digests ------------------------------------------------------------------------------------


def order_due_digests(limit: int = MAILS_AT_ONCE_MAX) -> int:
    """Order one mail to each person whose digest is due; returns how many.

    What has happened up to the hour is in it; what follows while it is written is in the next.
    """
    now = clock.now()
    due = Notification.objects.filter(digest_due_at__lte=now)
    readers = list(due.order_by("user_id").values_list("user_id", flat=True).distinct()[:limit])
    if not readers:
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=skip_locked, of=("self",))
        rows = list(locked.filter(user_id__in=readers).select_related("user").order_by("pk"))
        wishes, paused = wishes_of(readers), bounces.paused_at(readers)
        told: dict[int, list[Notification]] = {}
        for row in rows:
            is_open = row.user.is_active and row.user.banned_at is None
            wanted = wishes[row.user_id].wants(Kind(row.kind), Channel.DIGEST)
            if is_open and wanted and row.user_id not in paused:
                told.setdefault(row.user_id, []).append(row)
        mailbox.order_all(
            letters.Kind.DIGEST,
            ((user_id, _digest_facts(user_id, own)) for user_id, own in told.items()),
        )
        Notification.objects.filter(pk__in=[row.pk for row in rows]).update(digest_due_at=None)
    return len(told)


def _digest_facts(user_id: int, rows: list[Notification]) -> dict[str, str | int]:
    newest = rows[-DIGEST_LINES_MAX:]
    token = signing.dumps([user_id, DIGEST], salt=SALT)
    return {
        "lines": "\n".join(" ".join(f"{row.title}. {row.body}".split()) for row in newest),
        "count": len(rows),
        "unsubscribe": f"{UNSUBSCRIBE_PATH}?token={token}",
    }


# -- one click ----------------------------------------------------------------------------------


def _facts(row: Notification) -> dict[str, str | int]:
    token = unsubscribe_token(row.user_id, Kind(row.kind))
    return {
        "title": row.title,
        "body": row.body,
        "url": row.url,
        "unsubscribe": f"{UNSUBSCRIBE_PATH}?token={token}",
    }


def unsubscribe_token(user_id: int, kind: Kind) -> str:
    """Return what proves that its bearer got a mail of this kind to this user."""
    return signing.dumps([user_id, kind.value], salt=SALT)


def unsubscribe(token: str) -> str:
    """Mail a user no more of what his link names, a kind or `digest`; raises BadLink."""
    try:
        user_id, word = signing.loads(token, salt=SALT)
        kinds = list(Kind) if word == DIGEST else [Kind(word)]
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
    channel = Channel.DIGEST if word == DIGEST else Channel.EMAIL
    off = {kind.value: {channel.value: False} for kind in kinds if channel in channels_of(kind)}
    change_settings(user_id, kinds=off)
    return str(word)
