"""Browsers that subscribe to pushes: what they send, and how they open what they are sent."""

import base64
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import http_ece
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

PUSH_SERVICE = "https://updates.push.services.mozilla.com"


def text_of(content: bytes) -> str:
    """Return bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Browser:
    """One that can open what is sealed for it."""

    name: str
    service: str = PUSH_SERVICE
    private: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    @property
    def secret(self) -> bytes:
        """The secret of its subscription."""
        return sha256(self.name.encode()).digest()[:16]

    @property
    def endpoint(self) -> str:
        """Where its push service takes pushes for it."""
        return f"{self.service}/wpush/v2/{self.name}"

    def subscription(self) -> dict[str, Any]:
        """Return what `PushSubscription.toJSON()` gives."""
        point = self.private.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
        )
        return {
            "endpoint": self.endpoint,
            "expirationTime": None,
            "keys": {"p256dh": text_of(point), "auth": text_of(self.secret)},
        }

    def opened(self, sealed: bytes) -> bytes:
        """Return what was sealed for it (RFC 8291)."""
        found: bytes = http_ece.decrypt(
            sealed, private_key=self.private, auth_secret=self.secret, version="aes128gcm"
        )
        return found


def browser(name: str) -> dict[str, Any]:
    """Return the subscription of a browser: the same for the same name."""
    number = int.from_bytes(sha256(name.encode()).digest()) >> 1
    subscription = Browser(name, private=ec.derive_private_key(number, ec.SECP256R1()))
    return {key: value for key, value in subscription.subscription().items() if value}
