"""The key pair push services know this house by: made when first asked for, kept in the database.

All processes of a house sign with the same key, because browsers are bound to it: with another
one every subscription is void. So it is never replaced but when it can no longer be opened
(SECRET_KEY was changed without SECRET_KEY_FALLBACKS), and then the void ones go with it.
"""

import base64

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import transaction

from apps.core import clock
from apps.notifications.push_models import PushKey, PushSubscription
from apps.users.sealing import Unsealable, seal, unseal


def public_key() -> str:
    """Return what a browser needs to subscribe (`applicationServerKey`), base64url."""
    return _key()[0]


def private_key() -> str:
    """Return the private half, as PKCS 8 in DER, base64url."""
    return _key()[1]


def _key() -> tuple[str, str]:
    row = PushKey.objects.first()
    if row is None:
        with transaction.atomic():
            PushKey.objects.bulk_create([_made()], ignore_conflicts=True)
        row = PushKey.objects.get()  # ours, or that of who was faster
    try:
        return row.public_key, unseal(row.sealed_key)
    except Unsealable:
        with transaction.atomic():
            lost = PushKey.objects.select_for_update().get()
            if lost.sealed_key == row.sealed_key:
                PushSubscription.objects.all().delete()
                _made().save(force_update=True)
        row = PushKey.objects.get()
        return row.public_key, unseal(row.sealed_key)


def _made() -> PushKey:
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    der = private.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return PushKey(public_key=_text(point), sealed_key=seal(_text(der)), created_at=clock.now())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
