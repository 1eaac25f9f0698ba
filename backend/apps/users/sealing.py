"""Secrets that must be read again, as they lie in the database: encrypted with the site's key.

A copy of the database alone opens no second factor. Keys come from SECRET_KEY; the keys of
SECRET_KEY_FALLBACKS still open what they sealed.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_PURPOSE = "apps.users.sealing"  # another use of SECRET_KEY gives another key


class Unsealable(Exception):
    """Sealed with a key this site no longer has."""


def seal(text: str) -> str:
    """Return the text encrypted and authenticated, as ASCII."""
    return _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return what was sealed; raises Unsealable."""
    box = _box(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    try:
        return box.decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unsealable from error


@lru_cache(maxsize=4)
def _box(*keys: str) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    digest = salted_hmac(_PURPOSE, "", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
