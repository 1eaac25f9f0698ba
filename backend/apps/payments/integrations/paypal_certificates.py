"""The certificates PayPal signs webhooks with: from where they may come, and whether they are good.

The address is a stranger's word. It must be one of PayPal's own hosts (or the very origin this
house is configured to talk to), on a path of certificates; nothing else is ever asked for it, no
redirect is followed, and no more is read than a certificate has.
"""

import logging
import re
import threading
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from apps.payments.integrations.base import InvalidWebhook

log = logging.getLogger(__name__)

HOSTS = ("api.paypal.com", "api.sandbox.paypal.com", "api-m.paypal.com", "api-m.sandbox.paypal.com")
NAME_ENDS = ".paypal.com"
VOUCHER = b"DigiCert"  # whose roots PayPal's certificates lead to; no other of this machine's
BYTES_MAX = 64 * 1024
CACHE_MAX = 16  # addresses
KEY_BITS_MIN = 2048
_PATH = "/v1/notifications/certs/CERT-[A-Za-z0-9-]{1,100}"


class Certificates:
    """Certificates by address, fetched once. Safe to use from many threads.

    `api` is the origin this house talks to; `authorities` the file of those trusted to sign
    certificates, "" for DigiCert's roots as this machine has them.
    """

    def __init__(self, api: str, authorities: str, timeout_seconds: float) -> None:
        origins = (*(f"https://{host}" for host in HOSTS), _origin(api))
        either = "|".join(re.escape(origin) for origin in dict.fromkeys(origins))
        self._allowed = re.compile(f"(?:{either}){_PATH}", re.ASCII)
        self._authorities = authorities
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, list[x509.Certificate]] = OrderedDict()
        self._store: Store | None = None

    def check_address(self, address: str) -> None:
        """Raise InvalidWebhook for an address PayPal's certificates do not come from."""
        if not self._allowed.fullmatch(address):
            raise InvalidWebhook("the certificate is not at PayPal's")

    def key_at(self, address: str, now: datetime) -> rsa.RSAPublicKey:
        """Return the key of the certificate at an address.

        Raises InvalidWebhook: not to be had, not valid at `now`, not PayPal's, not signed by an
        authority this house trusts.
        """
        self.check_address(address)
        chain = self._chain(address)
        try:
            return self._verified(chain[0], chain[1:], now)
        except (VerificationError, UnsupportedAlgorithm, ValueError) as error:
            log.warning("a certificate for PayPal's webhooks is refused: %s", error)
            raise InvalidWebhook("the certificate is not PayPal's, or not valid") from error

    def _verified(
        self, leaf: x509.Certificate, others: list[x509.Certificate], now: datetime
    ) -> rsa.RSAPublicKey:
        name = _common_name(leaf)
        if not name.endswith(NAME_ENDS):
            raise ValueError(f"it is for {name!r}")
        policy = PolicyBuilder().store(self._trusted()).time(now)
        policy.build_server_verifier(x509.DNSName(name)).verify(leaf, others)
        key = leaf.public_key()
        if not isinstance(key, rsa.RSAPublicKey) or key.key_size < KEY_BITS_MIN:
            raise ValueError("its key is of another kind")
        return key

    def _chain(self, address: str) -> list[x509.Certificate]:
        with self._lock:
            kept = self._kept.get(address)
            if kept is not None:
                self._kept.move_to_end(address)
                return kept
        try:
            chain = x509.load_pem_x509_certificates(self._fetched(address))
        except ValueError as error:
            raise InvalidWebhook("there is no certificate at that address") from error
        with self._lock:
            self._kept[address] = chain
            while len(self._kept) > CACHE_MAX:
                self._kept.popitem(last=False)
        return chain

    def _fetched(self, address: str) -> bytes:
        """Return at most BYTES_MAX of what is there. Without our token: it is no API call."""
        found = bytearray()
        try:
            with httpx.stream(
                "GET", address, timeout=self._timeout_seconds, follow_redirects=False
            ) as response:
                if response.status_code != 200:
                    raise InvalidWebhook("there is no certificate at that address")
                for part in response.iter_bytes():
                    found += part
                    if len(found) > BYTES_MAX:
                        raise InvalidWebhook("what is at that address is too long")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise InvalidWebhook("the certificate cannot be had now") from error
        return bytes(found)

    def _trusted(self) -> Store:
        with self._lock:
            if self._store is None:
                self._store = Store(_authorities_of(self._authorities))
            return self._store


def _authorities_of(path: str) -> list[x509.Certificate]:
    if path:
        try:
            return x509.load_pem_x509_certificates(Path(path).read_bytes())
        except OSError as error:
            raise ValueError(f"PAYPAL_WEBHOOK_CA: {error}") from error
    roots = httpx.create_ssl_context().get_ca_certs(binary_form=True)
    return [x509.load_der_x509_certificate(root) for root in roots if VOUCHER in root]


def _common_name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value).lower() if len(names) == 1 else ""


def _origin(api: str) -> str:
    parts = urlsplit(api)
    return f"{parts.scheme}://{parts.netloc}"
