"""A security key and a browser in software: real keys, real signatures, real bytes.

Every step can be told to lie, so that a test may see the lie refused.
"""

import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.utils import websafe_decode, websafe_encode

ORIGIN = "http://localhost:8000"  # of settings.SITE_URL in tests
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
ES256, EC2, P256 = -7, 2, 1


@dataclass
class Authenticator:
    """One passkey in one device, used through one browser page."""

    origin: str = ORIGIN
    rp_id: str = "localhost"
    flags: int = PRESENT | VERIFIED
    counts: bool = True  # some devices count their uses, some always say 0
    algorithm: int = ES256
    cross_origin: bool = False
    uses: int = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Return RegistrationResponseJSON for the options of /passkeys/options/."""
        self.handle = websafe_decode(options["user"]["id"])
        data = self._data(ATTESTED) + self._attested()
        attestation = cbor.encode({"fmt": "none", "authData": data, "attStmt": {}})
        return self._answer(
            {
                "clientDataJSON": self._client("webauthn.create", options["challenge"], lies),
                "attestationObject": websafe_encode(attestation),
                "transports": ["internal"],
            }
        )

    def get(self, options: dict[str, Any], **lies: Any) -> dict[str, Any]:
        """Return AuthenticationResponseJSON for the options of /passkeys/login-options/."""
        client = self._client("webauthn.get", options["challenge"], lies)
        data = self._data()
        signed = data + hashlib.sha256(websafe_decode(client)).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": client,
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(self.handle),
            }
        )

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        spelled = websafe_encode(self.credential_id)
        return {
            "id": spelled,
            "rawId": spelled,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": response,
        }

    def _client(self, kind: str, challenge: str, lies: dict[str, Any]) -> str:
        said = {
            "type": kind,
            "challenge": challenge,
            "origin": self.origin,
            "crossOrigin": self.cross_origin,
        }
        return websafe_encode(json.dumps(said | lies).encode())

    def _data(self, more_flags: int = 0) -> bytes:
        self.uses += self.counts
        host = hashlib.sha256(self.rp_id.encode()).digest()
        return host + struct.pack(">BI", self.flags | more_flags, self.uses)

    def _attested(self) -> bytes:
        point = self.key.public_key().public_numbers()
        public = {
            1: EC2,
            3: self.algorithm,
            -1: P256,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        length = struct.pack(">H", len(self.credential_id))
        return bytes(16) + length + self.credential_id + cbor.encode(public)
