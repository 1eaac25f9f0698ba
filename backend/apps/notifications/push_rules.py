"""What a push subscription may be, and what is pushed. Plain Python.

A browser names the address its pushes go to, so that an account could point us anywhere: only
push services this house knows are asked (settings.PUSH_SERVICES), over HTTPS. An entry of that
list is a domain, which its subdomains share, or an origin such as `http://127.0.0.1:9000`, taken
to the letter.
"""

import base64
import binascii
from collections.abc import Iterable
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from apps.core.json import encode
from apps.notifications.kinds import Kind

ENDPOINT_LENGTH_MAX = 1000
HTTPS_PORT = 443
PUBLIC_KEY_BYTES = 65
AUTH_BYTES = 16
SHOWN_TITLE_MAX = 120  # characters: what is pushed must fit into 4096 bytes, sealed
SHOWN_BODY_MAX = 200
#: Worth waking a telephone for; other pushes may wait for its next look (RFC 8030, 5.3).
URGENT_KINDS = frozenset({Kind.OUTBID, Kind.ENDING_SOON})


class PushReason(Enum):
    """Why a subscription is refused; the value is the field it is about."""

    NOT_A_PUSH_SERVICE = "endpoint"
    NOT_A_PUBLIC_KEY = "p256dh"
    NOT_A_SECRET = "auth"  # noqa: S105 - a field's name


class PushRefused(Exception):
    """Not a subscription we can push to."""

    def __init__(self, reason: PushReason) -> None:
        super().__init__(reason.name)
        self.reason = reason


def check_subscription(endpoint: str, p256dh: str, auth: str, services: Iterable[str]) -> None:
    """Raise PushRefused for what no browser of a known push service would have sent."""
    if not is_push_service(endpoint, services):
        raise PushRefused(PushReason.NOT_A_PUSH_SERVICE)
    try:
        point = _decoded(p256dh)
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError as error:
        raise PushRefused(PushReason.NOT_A_PUBLIC_KEY) from error
    if len(point) != PUBLIC_KEY_BYTES:
        raise PushRefused(PushReason.NOT_A_PUBLIC_KEY)
    try:
        secret = _decoded(auth)
    except ValueError as error:
        raise PushRefused(PushReason.NOT_A_SECRET) from error
    if len(secret) != AUTH_BYTES:
        raise PushRefused(PushReason.NOT_A_SECRET)


def is_push_service(endpoint: str, services: Iterable[str]) -> bool:
    """Tell whether an address is one of a known push service's."""
    if not endpoint.isascii() or any(character <= " " for character in endpoint):
        return False
    try:
        parts = urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or "\\" in endpoint:
        return False
    for entry in services:
        if "://" in entry:
            if f"{parts.scheme}://{parts.netloc}" == entry.rstrip("/"):
                return True
        elif parts.scheme == "https" and port in (None, HTTPS_PORT):
            host = parts.hostname or ""
            if host == entry or host.endswith(f".{entry}"):
                return True
    return False


def _decoded(text: str) -> bytes:
    """Return base64url without its padding as bytes; raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error


def payload(
    *, notification_id: int, kind: str, title: str, body: str, url: str, tag: str, unread_count: int
) -> bytes:
    """Return what the browser's service worker is handed.

    A push with the `tag` of one that is still shown takes its place.
    """
    told: dict[str, Any] = {
        "id": notification_id,
        "kind": kind,
        "title": _cut(title, SHOWN_TITLE_MAX),
        "body": _cut(body, SHOWN_BODY_MAX),
        "url": url,
        "tag": tag,
        "unread_count": unread_count,
    }
    return bytes(encode(told))


def _cut(text: str, length_max: int) -> str:
    return text if len(text) <= length_max else text[: length_max - 1] + "…"
