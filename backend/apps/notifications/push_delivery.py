"""One push to one browser, over the network; no transaction is open meanwhile.

The content is sealed for the browser alone (RFC 8291) and signed with the house's key (RFC 8292).
"""

from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

import httpx
from py_vapid import Vapid
from pywebpush import WebPusher

TIMEOUT_SECONDS = 10  # to connect, and of silence
SIGNED_SECONDS = 12 * 3600  # a signature may be for a day at most
ENCODING = "aes128gcm"
GONE = frozenset({404, 410})  # the browser has unsubscribed (RFC 8030, 7.3)
LATER = frozenset({408, 425, 429, 500, 502, 503, 504})


class Outcome(Enum):
    """What became of a push."""

    TAKEN = auto()
    GONE = auto()
    LATER = auto()
    REFUSED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """Everything a push needs; `topic` replaces what waits for the same browser under it."""

    endpoint: str
    p256dh: str
    auth: str
    content: bytes
    topic: str
    is_urgent: bool
    keep_seconds: int  # how long the push service keeps it for a browser that is off
    private_key: str
    contact: str  # whom a push service may write to: mailto: or https:
    signed_at_seconds: int  # Unix time


def deliver(push: Push) -> Outcome:
    """Hand a push to its push service. Raises nothing that a push service could cause."""
    headers = {
        **_signature(push),
        "Content-Encoding": ENCODING,
        "Content-Type": "application/octet-stream",
        "TTL": str(push.keep_seconds),
        "Topic": push.topic,
        "Urgency": "high" if push.is_urgent else "normal",
    }
    try:
        # No proxy of the environment, nobody sends it on elsewhere, and the answer's body is not
        # read: its status is all there is to know.
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client,
            client.stream("POST", push.endpoint, content=_sealed(push), headers=headers) as answer,
        ):
            return _outcome(answer.status_code)
    except (httpx.HTTPError, httpx.InvalidURL):
        return Outcome.LATER


def _sealed(push: Push) -> bytes:
    info = {"endpoint": push.endpoint, "keys": {"p256dh": push.p256dh, "auth": push.auth}}
    body: bytes = WebPusher(info).encode(push.content, ENCODING)["body"]
    return body


def _signature(push: Push) -> dict[str, str]:
    parts = urlsplit(push.endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": push.signed_at_seconds + SIGNED_SECONDS,
        "sub": push.contact,
    }
    signed: dict[str, str] = Vapid.from_string(push.private_key).sign(claims)
    return signed


def _outcome(status: int) -> Outcome:
    if status < 300:
        return Outcome.TAKEN
    if status in GONE:
        return Outcome.GONE
    return Outcome.LATER if status in LATER else Outcome.REFUSED
