"""Starts a fakepay of one's own, and works its controls.

with running_fakepay() as fakepay:
    client = stripe.StripeClient(fakepay.stripe_secret, base_addresses={"api": fakepay.url})
    ...
    fakepay.control.pay(intent.id)
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.fakepay.world import (
    PAYPAL_CLIENT_ID,
    PAYPAL_SECRET,
    PAYPAL_WEBHOOK_ID,
    STRIPE_KEY,
    STRIPE_PUBLISHABLE_KEY,
    STRIPE_WEBHOOK_SECRET,
)

BACKEND = Path(__file__).resolve().parents[2]
STOP_SECONDS_MAX = 5
LOOK_SECONDS = 0.02


class Control:
    """The controls, as methods; amounts are minor units."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/_control/", timeout=30)

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def do(self, name: str, **body: Any) -> Any:
        """Send a control its body; raises AssertionError with what it says is wrong."""
        response = self._http.post(name, json=body)
        assert response.status_code == 200, f"{name}: {response.text}"
        return response.json()

    def get(self, name: str) -> Any:
        """Read a control."""
        response = self._http.get(name)
        assert response.status_code == 200, f"{name}: {response.text}"
        return response.json()

    def advance(self, seconds: float) -> int:
        """Let the provider's time pass; returns its new time."""
        return int(self.do("clock", seconds=seconds)["now"])

    def register(self, provider: str, url: str) -> None:
        """Send a provider's webhooks to this address."""
        self.do("webhooks", provider=provider, url=url)

    def forget_webhooks(self) -> None:
        """Send none any more, those that wait included."""
        self.do("webhooks/forget")

    def resend(self, provider: str, event: str) -> None:
        """Send an event once more."""
        self.do("webhooks/resend", provider=provider, event=event)

    def chaos(self, **knobs: Any) -> None:
        """Turn the knobs of tests.fakepay.chaos; those not named rest. None at all: peace."""
        self.do("chaos", **knobs)

    def pay(self, payment_intent: str, card: str = "4242424242424242", **more: Any) -> Any:
        """Pay a PaymentIntent as the buyer's browser does; returns what became of it."""
        return self.do("stripe/pay", payment_intent=payment_intent, card=card, **more)

    def decline(self, code: str, times: int = 1) -> None:
        """Let the next payments be declined, whatever the card."""
        self.do("stripe/decline", code=code, times=times)

    def dispute(self, charge: str, **more: Any) -> Any:
        """Let the buyer's bank open a dispute."""
        return self.do("stripe/dispute", charge=charge, **more)

    def resolve(self, dispute: str, verdict: str) -> Any:
        """Decide a dispute: won or lost."""
        return self.do("stripe/resolve", dispute=dispute, verdict=verdict)

    def onboard(self, account: str, *, enabled: bool = True) -> Any:
        """Let a seller finish his connected account, or Stripe suspend it."""
        return self.do("stripe/onboard", account=account, enabled=enabled)

    def account_payout(self, account: str, currency: str, *, fails: bool = False) -> Any:
        """Send an account's balance to its bank, which may refuse it."""
        return self.do("stripe/payout", account=account, currency=currency, fails=fails)

    def refund_becomes(self, refund: str, status: str) -> Any:
        """Let a refund fail or a pending one succeed."""
        return self.do("stripe/refund", refund=refund, status=status)

    def complete_session(self, session: str, card: str = "4242424242424242") -> Any:
        """Finish a checkout session as the customer does."""
        return self.do("stripe/session", session=session, card=card)

    def renew(self, subscription: str, *, fails: bool = False) -> Any:
        """End a subscription's period: bill the next, with a declined card if it fails."""
        return self.do("stripe/renew", subscription=subscription, fails=fails)

    def paypal_subscription_becomes(self, subscription: str, status: str) -> Any:
        """Let the buyer approve (ACTIVE), PayPal suspend or end a subscription."""
        return self.do("paypal/subscription", subscription=subscription, status=status)

    def paypal_renew(self, subscription: str, *, fails: bool = False) -> Any:
        """Take a period's price, or fail to."""
        return self.do("paypal/renew", subscription=subscription, fails=fails)

    def approve(self, order: str) -> Any:
        """Approve a PayPal order as the buyer does."""
        return self.do("paypal/approve", order=order)

    def next_capture(self, outcome: str, times: int = 1) -> None:
        """Let the next captures be PENDING, DECLINED or INSTRUMENT_DECLINED."""
        self.do("paypal/outcome", outcome=outcome, times=times)

    def capture_becomes(self, capture: str, status: str) -> Any:
        """Let a pending capture be COMPLETED or DECLINED."""
        return self.do("paypal/capture", capture=capture, status=status)

    def receiver(self, receiver: str, outcome: str) -> None:
        """Say what becomes of payouts to a receiver: UNCLAIMED, FAILED, PENDING and so on."""
        self.do("paypal/receiver", receiver=receiver, outcome=outcome)

    def payout_item_becomes(self, item: str, status: str) -> Any:
        """Let a payout item be claimed, returned, failed, refunded."""
        return self.do("paypal/payout_item", item=item, status=status)

    def paypal_dispute(self, capture: str, **more: Any) -> Any:
        """Let the buyer open a case."""
        return self.do("paypal/dispute", capture=capture, **more)

    def paypal_resolve(self, dispute: str, verdict: str) -> Any:
        """Decide a case: won or lost by the merchant."""
        return self.do("paypal/resolve", dispute=dispute, verdict=verdict)

    def books(self, payment: str | None = None) -> Any:
        """Return the provider's books, audited; of one payment, if it is named."""
        return self.do("books", **({"payment": payment} if payment is not None else {}))

    def stats(self) -> Any:
        """Return what chaos did and how the webhooks fare."""
        return self.get("stats")

    def wait_until_delivered(self, timeout_seconds: float = 30) -> None:
        """Return when no copy of a webhook waits; lost ones do not. Raises AssertionError."""
        end = time.monotonic() + timeout_seconds
        while (stats := self.stats())["pending"]:
            assert time.monotonic() < end, f"not delivered in {timeout_seconds} s: {stats}"
            time.sleep(LOOK_SECONDS)


@dataclass
class Fakepay:
    """A running fakepay: where it is, what its keys are."""

    url: str
    control: Control
    stripe_secret: str = STRIPE_KEY
    stripe_publishable: str = STRIPE_PUBLISHABLE_KEY
    webhook_secret: str = STRIPE_WEBHOOK_SECRET
    paypal_client_id: str = PAYPAL_CLIENT_ID
    paypal_secret: str = PAYPAL_SECRET
    paypal_webhook_id: str = PAYPAL_WEBHOOK_ID

    @property
    def paypal_authority_pem(self) -> bytes:
        """The root certificate that PayPal's leaf chains to."""
        return httpx.get(f"{self.url}/_control/paypal/ca.pem").content


@contextlib.contextmanager
def running_fakepay(*, seed: int = 1) -> Iterator[Fakepay]:
    """Start a fakepay in a process of its own, and stop it in the end."""
    command = [sys.executable, "-m", "tests.fakepay", "--port", "0", "--seed", str(seed)]
    with subprocess.Popen(command, cwd=BACKEND, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        if not url:
            process.wait(STOP_SECONDS_MAX)
            raise RuntimeError(f"fakepay did not start: status {process.returncode}")
        control = Control(url)
        try:
            yield Fakepay(url, control)
        finally:
            control.close()
            process.terminate()
            try:
                process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
