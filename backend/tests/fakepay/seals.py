"""How the two providers sign their webhooks, and why PayPal's signature proves little."""

import hashlib
import hmac
import time
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PAYPAL_COMMON_NAME = "messageverificationcerts.sandbox.paypal.com"
PAYPAL_ALGORITHM = "SHA256withRSA"
VALID_DAYS = 365
FREE_BITS = 64  # of the forged body; 32 would do if all were independent


def stripe_signature(body: bytes, secret: str, at_seconds: int) -> str:
    """Return the Stripe-Signature header of a body (docs: webhooks/signature)."""
    message = str(at_seconds).encode() + b"." + body
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return f"t={at_seconds},v1={digest}"


def paypal_message(transmission_id: str, at: str, webhook_id: str, body: bytes) -> bytes:
    """Return what PayPal signs: of the body only its CRC-32, as a decimal number."""
    return f"{transmission_id}|{at}|{webhook_id}|{zlib.crc32(body)}".encode()


class Authority:
    """A certificate authority of our own, made anew at every start."""

    def __init__(self, name: str = "fakepay root") -> None:
        self._key = _new_key()
        self._name = _named(name)
        usage = x509.KeyUsage(
            **dict.fromkeys(_USES, False), **dict.fromkeys(("key_cert_sign", "crl_sign"), True)
        )
        self.certificate = (
            _begun(self._name, self._name, self._key, timedelta(days=VALID_DAYS))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(usage, critical=True)
            .sign(self._key, hashes.SHA256())
        )
        self.pem = self.certificate.public_bytes(serialization.Encoding.PEM)

    def issue(
        self, name: str, *, ends_in: timedelta = timedelta(days=VALID_DAYS)
    ) -> tuple[bytes, rsa.RSAPrivateKey]:
        """Return a server's certificate as PEM, and its key.

        What the web's rules want of one is there: names, uses, whose key signed it.
        """
        key = _new_key()
        whose = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        leaf = (
            _begun(_named(name), self._name, key, ends_in)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(names, critical=False)
            .add_extension(uses, critical=False)
            .add_extension(whose, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        return leaf.public_bytes(serialization.Encoding.PEM), key


class PayPalSeal:
    """The certificate PayPal's webhooks are signed with, and who vouches for it."""

    def __init__(self) -> None:
        authority = Authority()
        self.authority_pem = authority.pem
        self.leaf_pem, self._key = authority.issue(PAYPAL_COMMON_NAME)

    def sign(self, message: bytes) -> bytes:
        """Sign with PKCS #1 v1.5 and SHA-256."""
        return self._key.sign(message, padding.PKCS1v15(), hashes.SHA256())


_USES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "encipher_only",
    "decipher_only",
)


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, ends_in: timedelta
) -> x509.CertificateBuilder:
    now = datetime.fromtimestamp(time.time(), UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(now, now + ends_in) - timedelta(days=1))
        .not_valid_after(now + ends_in)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def forge_crc32(body: Mapping[str, Any], target: int) -> bytes:
    """Return `body` as JSON, with a field `forged` more, whose CRC-32 is `target`.

    Turning a bit of a message turns always the same bits of its CRC-32, whatever the rest says.
    So 64 digits that may be 0 or 1 are 64 unknowns in 32 linear equations.
    """
    blank = msgspec.json.encode({**body, "forged": "0" * FREE_BITS})
    start = blank.rindex(b"0" * FREE_BITS)
    crc = zlib.crc32(blank)
    rows: list[tuple[int, int]] = []  # (what it turns in the CRC, which digits it turns), reduced
    for position in range(FREE_BITS):
        turned = bytearray(blank)
        turned[start + position] = ord("1")
        effect, digits = zlib.crc32(turned) ^ crc, 1 << position
        for pivot, pivot_digits in rows:
            if effect ^ pivot < effect:
                effect, digits = effect ^ pivot, digits ^ pivot_digits
        if effect:
            rows.append((effect, digits))
            rows.sort(reverse=True)
    wanted, chosen = crc ^ target, 0
    for pivot, pivot_digits in rows:
        if wanted ^ pivot < wanted:
            wanted, chosen = wanted ^ pivot, chosen ^ pivot_digits
    forged = bytearray(blank)
    for position in range(FREE_BITS):
        if chosen >> position & 1:
            forged[start + position] = ord("1")
    if zlib.crc32(forged) != target:
        raise ValueError("these digits do not span every CRC-32")
    return bytes(forged)
