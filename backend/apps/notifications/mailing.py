"""Notifications by mail: handed to the mail queue when due, and asked for no more.

A mail is due at once, or a little later where more of the same may follow, or when the quiet
hours are over; what was read until then is not mailed.
"""

from django.core import signing
from django.db import connection, transaction

from apps.core import clock
from apps.notifications.kinds import Channel, Kind, channels_of
from apps.notifications.models import Notification
from apps.notifications.settings_services import change_settings, wishes_of
from apps.users import letters, mailbox

MAILS_AT_ONCE_MAX = 200
SALT = "notifications.unsubscribe"
UNSUBSCRIBE_PATH = "/api/notifications/unsubscribe/"


class BadLink(Exception):
    """Not a link of ours."""


def order_due_mail(limit: int = MAILS_AT_ONCE_MAX) -> int:
    """Order the mails whose time has come; returns how many.

    Order and note are one commit: nothing is mailed twice, nothing is lost. Who has meanwhile
    said that he wants none gets none, and neither does an account that is shut.
    """
    now = clock.now()
    due = Notification.objects.filter(email_due_at__lte=now)
    if not due.exists():
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        locked = due.select_for_update(skip_locked=skip_locked, of=("self",))
        rows = list(locked.select_related("user").order_by("email_due_at", "pk")[:limit])
        wishes = wishes_of({row.user_id for row in rows})
        wanted = [
            row
            for row in rows
            if row.user.is_active
            and row.user.banned_at is None
            and wishes[row.user_id].wants(Kind(row.kind), Channel.EMAIL)
        ]
        mailbox.order_all(letters.Kind.NOTIFICATION, ((row.user_id, _facts(row)) for row in wanted))
        ids = [row.pk for row in rows]
        Notification.objects.filter(pk__in=ids).update(email_due_at=None)
    return len(wanted)


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


def unsubscribe(token: str) -> Kind:
    """Mail a user no more of the kind his link names; raises BadLink."""
    try:
        user_id, word = signing.loads(token, salt=SALT)
        kind = Kind(word)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
    if Channel.EMAIL in channels_of(kind):
        change_settings(user_id, kinds={kind.value: {Channel.EMAIL.value: False}})
    return kind
