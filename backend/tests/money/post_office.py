"""A PayPal that hands out whatever certificates a test wants, and those who sign with them."""

import base64
import contextlib
import threading
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from apps.core import clock
from apps.payments.integrations.base import InvalidWebhook
from apps.payments.integrations.paypal_handler import PayPalGateway

WEBHOOK_ID = "8PT597110X687430LKGECATA"
CERTIFICATES = "/v1/notifications/certs/"
EVENTS = "/v1/notifications/webhooks-events/"
TOKEN = {"access_token": "A21AA", "expires_in": 32400, "token_type": "Bearer"}


@dataclass(frozen=True)
class Page:
    """What is at a path."""

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Office:
    """Where it is, what it has, and what it was asked for."""

    url: str = ""
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    gives_tokens: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gives_tokens.set()

    def keep_certificate(self, name: str, pem: bytes) -> str:
        """Put a certificate up; returns its address."""
        self.pages[CERTIFICATES + name] = Page(pem)
        return f"{self.url}{CERTIFICATES}{name}"

    def keep_event(self, event: Mapping[str, Any]) -> None:
        """Let PayPal know an event."""
        self.pages[EVENTS + event["id"]] = Page(msgspec.json.encode(event))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    office: Office

    def do_GET(self) -> None:
        self.office.asked.append(self.path)
        self._send(self.office.pages.get(self.path, Page(b"{}", 404)))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/oauth2/token":
            self.office.gives_tokens.wait(5)
            self._send(Page(msgspec.json.encode(TOKEN)))
        else:
            self.do_GET()

    def _send(self, page: Page) -> None:
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # hung up on: it was too long
            self.wfile.write(page.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def running_office() -> Iterator[Office]:
    """Listen on a free port of this machine."""
    office = Office()
    handler = type("Handler", (_Handler,), {"office": office})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    office.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield office
    finally:
        server.shutdown()
        server.server_close()


def signed(
    body: bytes,
    key: rsa.RSAPrivateKey,
    address: str,
    at: datetime,
    *,
    webhook_id: str = WEBHOOK_ID,
    algorithm: hashes.HashAlgorithm | None = None,
) -> dict[str, str]:
    """Return the headers of a webhook that was sent at an instant."""
    moment = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    transmission_id = "69cd13f0-d67a-11e5-baa3-778b53f4ae55"
    message = f"{transmission_id}|{moment}|{webhook_id}|{zlib.crc32(body)}"
    signature = key.sign(message.encode(), padding.PKCS1v15(), algorithm or hashes.SHA256())
    return {
        "paypal-transmission-id": transmission_id,
        "paypal-transmission-time": moment,
        "paypal-transmission-sig": base64.b64encode(signature).decode(),
        "paypal-cert-url": address,
        "paypal-auth-algo": "SHA256withRSA",
    }


NAME = "messageverificationcerts.paypal.com"
EVENT: dict[str, Any] = {
    "id": "WH-1-2",
    "event_type": "CHECKOUT.ORDER.APPROVED",
    "resource": {"id": "ORDER1"},
}
GOOD = msgspec.json.encode(EVENT)
READ = ("CHECKOUT.ORDER.APPROVED", "charge", "ORDER1")


@dataclass
class Sender:
    """Somebody with a certificate that is up at an office, and the house that checks it."""

    office: Office
    key: rsa.RSAPrivateKey
    address: str
    gateway: PayPalGateway

    def send(self, body: bytes, *, age_seconds: int = 0, **others: Any) -> dict[str, str]:
        at = clock.now() - timedelta(seconds=age_seconds)
        return signed(body, self.key, self.address, at, **others)

    def read(self, body: bytes, headers: Mapping[str, str]) -> tuple[str, str, str]:
        notice = self.gateway.read_webhook(body, headers, clock.now())
        return notice.kind, notice.subject, notice.ref


def gateway_at(office: Office, authorities: str, **others: Any) -> PayPalGateway:
    """A gateway that checks certificates itself and talks to an office."""
    return PayPalGateway(
        {
            "client_id": "client",
            "client_secret": "secret",
            "webhook_id": WEBHOOK_ID,
            "webhook_check": "cert",
            "webhook_authorities": authorities,
            "plans": {},
            "api": office.url,
            **others,
        }
    )


def refused(sender: Sender, body: bytes, headers: Mapping[str, str]) -> None:
    """Nothing is believed, and PayPal is not even asked for the event."""
    before = len([path for path in sender.office.asked if "webhooks-events" in path])
    with pytest.raises(InvalidWebhook) as caught:
        sender.read(body, headers)
    assert "secret" not in str(caught.value)
    assert len([path for path in sender.office.asked if "webhooks-events" in path]) == before
