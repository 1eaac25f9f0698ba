"""Keys of accounts: written down as digests, compared by nothing else.

A digest is keyed with the site's secret: a copy of the database alone tells neither card nor
address, nor whether a given one is there. A new SECRET_KEY begins anew: what was seen before it
links nobody with what is seen after it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from apps.risk.models import AccountKey
from domain.risk.links import KeyKind

_PURPOSE = "apps.risk.keys"  # another use of SECRET_KEY gives another digest


def digest_of(kind: KeyKind, value: str) -> str:
    """Return the keyed digest of a value; equal digests are of one kind."""
    text = f"{kind.value}:{value}"
    return salted_hmac(_PURPOSE, text, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def note_key(user_id: int, kind: KeyKind, value: str, *, at: datetime) -> None:
    """Write down that a key was seen with an account, once for each pair; "" is no key."""
    if not value:
        return
    digest = digest_of(kind, value)
    known = AccountKey.objects.filter(user_id=user_id, kind=kind, digest=digest)
    if not known.exists():
        AccountKey.objects.create(user_id=user_id, kind=kind, digest=digest, seen_at=at)


def note_sightings(seen: Iterable[tuple[int, KeyKind, str, datetime]]) -> int:
    """Write down (user, kind, value, when) as they are; what is known already stays one row."""
    rows = [
        AccountKey(user_id=user_id, kind=kind, digest=digest_of(kind, value), seen_at=at)
        for user_id, kind, value, at in seen
        if value
    ]
    AccountKey.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)
