"""Sends webhooks until they are taken: retried, doubled, shuffled, late or lost, as chaos says."""

import base64
import heapq
import http.client
import itertools
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.fakepay.chaos import Chaos
from tests.fakepay.seals import (
    PAYPAL_ALGORITHM,
    PayPalSeal,
    paypal_message,
    stripe_signature,
)

THREADS = 4
TIMEOUT_SECONDS = 10
BACKOFF_SECONDS = 0.05
BACKOFF_SECONDS_MAX = 1.0


@dataclass(frozen=True)
class Endpoint:
    """Where a provider's events go."""

    provider: str
    url: str


@dataclass
class Message:
    """An event for one endpoint. All its copies and tries carry the same PayPal transmission."""

    endpoint: Endpoint
    event_id: str
    body: bytes
    transmission_id: str
    transmission_time: str
    attempts: int = 0


@dataclass(order=True)
class _Job:
    due: float  # time.monotonic()
    order: int
    message: Message = field(compare=False)


class Webhooks:
    """The queue of webhooks and the threads that empty it."""

    def __init__(self, chaos: Chaos, *, stripe_secret: str, paypal_webhook_id: str) -> None:
        self.endpoints: list[Endpoint] = []
        self.seal = PayPalSeal()
        self.counts: Counter[str] = Counter()
        self.undelivered: set[str] = set()
        self.certificate_url = ""
        self._chaos = chaos
        self._stripe_secret = stripe_secret
        self._paypal_webhook_id = paypal_webhook_id
        self._jobs: list[_Job] = []
        self._busy = 0
        self._order = itertools.count()
        self._changed = threading.Condition()

    def start(self) -> None:
        """Start the threads; they end with the process."""
        for _ in range(THREADS):
            threading.Thread(target=self._work, daemon=True).start()

    def register(self, provider: str, url: str) -> None:
        """Send a provider's further events to this address, too."""
        if provider not in {"stripe", "paypal"} or urlsplit(url).scheme != "http":
            raise ValueError("a provider is stripe or paypal, a url begins with http://")
        self.endpoints.append(Endpoint(provider, url))

    def forget(self) -> None:
        """Forget every address and everything that waits."""
        with self._changed:
            self.endpoints.clear()
            self._jobs.clear()

    @property
    def pending(self) -> int:
        """How many copies wait or are under way."""
        with self._changed:
            return len(self._jobs) + self._busy

    def publish(self, provider: str, event_id: str, body: bytes) -> None:
        """Queue an event for every endpoint of its provider."""
        for endpoint in self.endpoints:
            if endpoint.provider == provider:
                self._queue(endpoint, event_id, body, self._chaos.deliveries())

    def resend(self, provider: str, event_id: str, body: bytes) -> None:
        """Queue an event once more, as somebody's click in the dashboard does; never lost."""
        for endpoint in self.endpoints:
            if endpoint.provider == provider:
                self._queue(endpoint, event_id, body, [0.0])

    def _queue(self, endpoint: Endpoint, event_id: str, body: bytes, delays: list[float]) -> None:
        number = next(self._order)
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        transmission = f"{number:08x}-0000-11ef-8000-{event_id[-12:].lower():0>12}"
        now = time.monotonic()
        with self._changed:
            self.undelivered.add(event_id)
            for delay_seconds in delays:
                message = Message(endpoint, event_id, body, transmission, moment)
                heapq.heappush(self._jobs, _Job(now + delay_seconds, next(self._order), message))
            self._changed.notify_all()

    def _next(self) -> Message:
        with self._changed:
            while True:
                now = time.monotonic()
                if self._jobs and self._jobs[0].due <= now:
                    self._busy += 1
                    return heapq.heappop(self._jobs).message
                self._changed.wait(self._jobs[0].due - now if self._jobs else None)

    def _work(self) -> None:
        connections: dict[str, http.client.HTTPConnection] = {}
        while True:
            message = self._next()
            status = self._send(message, connections)
            with self._changed:
                self._busy -= 1
                self.counts["attempts"] += 1
                self.counts[f"answer_{status}"] += 1
                if 200 <= status < 300:
                    self.undelivered.discard(message.event_id)
                    self.counts["delivered"] += 1
                elif message.endpoint in self.endpoints:
                    message.attempts += 1
                    wait_seconds = min(
                        BACKOFF_SECONDS * 2 ** min(message.attempts, 10), BACKOFF_SECONDS_MAX
                    )
                    due = time.monotonic() + wait_seconds
                    heapq.heappush(self._jobs, _Job(due, next(self._order), message))
                self._changed.notify_all()

    def _send(self, message: Message, connections: dict[str, http.client.HTTPConnection]) -> int:
        """Post once; returns the status, 0 if there was none."""
        address = urlsplit(message.endpoint.url)
        connection = connections.get(address.netloc)
        if connection is None:
            connection = http.client.HTTPConnection(address.netloc, timeout=TIMEOUT_SECONDS)
            connections[address.netloc] = connection
        path = address.path + (f"?{address.query}" if address.query else "")
        try:
            connection.request("POST", path or "/", message.body, self._headers(message))
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            return 0
        return response.status

    def _headers(self, message: Message) -> dict[str, str]:
        sign: dict[str, Callable[[Message], dict[str, str]]] = {
            "stripe": self._stripe_headers,
            "paypal": self._paypal_headers,
        }
        return {"Content-Type": "application/json", **sign[message.endpoint.provider](message)}

    def _stripe_headers(self, message: Message) -> dict[str, str]:
        signature = stripe_signature(message.body, self._stripe_secret, int(time.time()))
        return {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature,
        }

    def _paypal_headers(self, message: Message) -> dict[str, str]:
        text = paypal_message(
            message.transmission_id,
            message.transmission_time,
            self._paypal_webhook_id,
            message.body,
        )
        return {
            "User-Agent": "PayPal/AUHD-1.0",
            "PAYPAL-TRANSMISSION-ID": message.transmission_id,
            "PAYPAL-TRANSMISSION-TIME": message.transmission_time,
            "PAYPAL-TRANSMISSION-SIG": base64.b64encode(self.seal.sign(text)).decode(),
            "PAYPAL-CERT-URL": self.certificate_url,
            "PAYPAL-AUTH-ALGO": PAYPAL_ALGORITHM,
        }
