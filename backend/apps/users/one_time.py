"""Secrets that are handed out once, count once, and not for long.

Links of mails, challenges of a login, challenges of passkeys: 256 random bits; the database has
the digest alone, so that a copy of it opens nothing.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe

from django.db.models import F

from apps.core import clock
from apps.users.models import OneTimeSecret

SECRET_BYTES = 32
SECRET_LENGTH_MAX = 200  # characters; ours have 43
WRONG_COUNT_MAX = 5  # codes that may be tried along with one secret


class Purpose(StrEnum):
    """What a secret is good for."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, not a secret
    EMAIL = "email"
    SECOND_FACTOR = "second_factor"
    PASSKEY_NEW = "passkey_new"
    PASSKEY_LOGIN = "passkey_login"


LIFETIMES = {
    Purpose.PASSWORD_RESET: timedelta(hours=1),
    Purpose.EMAIL: timedelta(days=3),  # nothing is lost by it, and people go away for a weekend
    Purpose.SECOND_FACTOR: timedelta(minutes=5),
    Purpose.PASSKEY_NEW: timedelta(minutes=5),
    Purpose.PASSKEY_LOGIN: timedelta(minutes=5),
}


def issue(purpose: Purpose, *, user_id: int | None = None, email: str = "") -> str:
    """Return a new secret, in base64url."""
    secret = token_urlsafe(SECRET_BYTES)
    OneTimeSecret.objects.create(
        digest=_digest(secret),
        purpose=purpose,
        user_id=user_id,
        email=email,
        expires_at=clock.now() + LIFETIMES[purpose],
    )
    return secret


def found(secret: object, purpose: Purpose) -> OneTimeSecret | None:
    """Return the row of a secret that still counts, its user loaded; None for any other value."""
    if not isinstance(secret, str) or not secret.isascii() or len(secret) > SECRET_LENGTH_MAX:
        return None
    return (
        OneTimeSecret.objects.select_related("user")
        .filter(pk=_digest(secret), purpose=purpose, expires_at__gt=clock.now())
        .first()
    )


def use_up(row: OneTimeSecret) -> bool:
    """Take a secret out of use; of two who present it at once, one hears True."""
    deleted, _ = OneTimeSecret.objects.filter(pk=row.pk).delete()
    return bool(deleted)


def count_wrong(row: OneTimeSecret) -> None:
    """Count a wrong code shown with a secret; the last one allowed takes it out of use."""
    tried = OneTimeSecret.objects.filter(pk=row.pk)
    tried.update(wrong_count=F("wrong_count") + 1)
    tried.filter(wrong_count__gte=WRONG_COUNT_MAX).delete()


def waiting_count(user_id: int, purpose: Purpose) -> int:
    """Return how many secrets of a user still count."""
    rows = OneTimeSecret.objects.filter(user_id=user_id, purpose=purpose)
    return rows.filter(expires_at__gt=clock.now()).count()


def forget(user_id: int, *purposes: Purpose) -> None:
    """Take every secret of a user for these purposes out of use."""
    OneTimeSecret.objects.filter(user_id=user_id, purpose__in=purposes).delete()


def forget_expired(now: datetime) -> int:
    """Delete what has expired; returns the rows."""
    deleted, _ = OneTimeSecret.objects.filter(expires_at__lte=now).delete()
    return deleted


def _digest(secret: str) -> str:
    return sha256(f"one-time:{secret}".encode()).hexdigest()
