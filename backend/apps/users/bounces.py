"""Addresses that take no mail: noted, and written to no more until their owner says otherwise.

What an account asks for itself (a link to a new password) is tried all the same. An address is
written to again when it is confirmed anew, when another one is set, or when its owner says so.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from apps.core import clock
from apps.users.models import MailBounce, User

DETAIL_LENGTH_MAX = 300


def note(user_id: int, email: str, detail: str) -> bool:
    """Note that an address would not take a mail; False when it is no longer the account's.

    The first time counts until the address is written to again: it is told once.
    """
    now = clock.now()
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(pk=user_id).first()
        if user is None or user.email.casefold() != email.casefold():
            return False
        known = MailBounce.objects.filter(user_id=user_id).first()
        if known is not None and _counts(known, user):
            return True
        MailBounce.objects.update_or_create(
            user_id=user_id,
            defaults={
                "email": user.email,
                "detail": " ".join(detail.split())[:DETAIL_LENGTH_MAX],
                "at": now,
                "told": False,
            },
        )
    return True


def note_address(email: str, detail: str) -> int:
    """Note it of every account that has this address, as a mail service reports it; how many."""
    owners = User.objects.filter(email__iexact=email).values_list("pk", flat=True)
    return sum(note(user_id, email, detail) for user_id in owners)


def paused_at(user_ids: Iterable[int]) -> dict[int, datetime]:
    """Return which of these accounts are not written to, and since when; one query."""
    rows = MailBounce.objects.filter(user_id__in=set(user_ids)).select_related("user")
    return {row.user_id: row.at for row in rows if _counts(row, row.user)}


def resume(user_id: int) -> None:
    """Write to an account again; what was noted is forgotten."""
    MailBounce.objects.filter(user_id=user_id).delete()


def _counts(row: MailBounce, user: User) -> bool:
    confirmed_at = user.email_verified_at
    is_its_address = row.email.casefold() == user.email.casefold()
    return is_its_address and (confirmed_at is None or confirmed_at <= row.at)
