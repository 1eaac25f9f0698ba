"""Gateways that talk to a fakepay, and what tests ask them for."""

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx

from apps.payments.integrations.base import (
    Charge,
    ChargeRequest,
    MoveRequest,
    SubscriptionRequest,
)
from apps.payments.integrations.paypal_handler import PayPalGateway
from apps.payments.integrations.stripe_handler import StripeGateway
from tests.fakepay.client import Fakepay

Gateway = TypeVar("Gateway", StripeGateway, PayPalGateway)

_numbers = itertools.count(int(time.time() * 1000))


def number() -> int:
    """A payment id no other test has, also not in another run against the same provider."""
    return next(_numbers)


def stripe_settings(fakepay: Fakepay, **others: Any) -> dict[str, Any]:
    return {
        "secret_key": fakepay.stripe_secret,
        "publishable_key": fakepay.stripe_publishable,
        "webhook_secrets": [fakepay.webhook_secret],
        "api": fakepay.url,
        **others,
    }


def paypal_settings(fakepay: Fakepay, **others: Any) -> dict[str, Any]:
    return {
        "client_id": fakepay.paypal_client_id,
        "client_secret": fakepay.paypal_secret,
        "webhook_id": fakepay.paypal_webhook_id,
        "webhook_check": "api",
        "webhook_authorities": "",
        "plans": {},
        "api": fakepay.url,
        **others,
    }


def stripe_gateway(fakepay: Fakepay, **others: Any) -> StripeGateway:
    return _once(StripeGateway, stripe_settings(fakepay, **others))


def paypal_gateway(fakepay: Fakepay, **others: Any) -> PayPalGateway:
    return _once(PayPalGateway, paypal_settings(fakepay, **others))


_built: dict[str, Any] = {}


def _once(gateway: type[Gateway], settings: dict[str, Any]) -> Gateway:
    """Return the gateway of these settings, as a process has one: its connections stay open."""
    key = f"{gateway.name} {sorted(settings.items())}"
    if key not in _built:
        _built[key] = gateway(settings)
    built: Gateway = _built[key]
    return built


def charge_request(
    payment_id: int | None = None,
    amount_minor: int = 10_000,
    currency: str = "USD",
    **others: Any,
) -> ChargeRequest:
    payment_id = number() if payment_id is None else payment_id
    return ChargeRequest(
        payment_id=payment_id,
        auction_id=7,
        amount_minor=amount_minor,
        currency=currency,
        description="A lamp",
        return_url="https://a.test/checkout/7",
        **{"idempotency_key": f"pay:{payment_id}:open", **others},
    )


def move_request(charge: Charge, amount_minor: int, kind: str, **others: Any) -> MoveRequest:
    return MoveRequest(
        amount_minor=amount_minor,
        currency=charge.currency,
        payment_id=charge.payment_id or 0,
        charge_ref=charge.ref,
        capture_ref=charge.capture_ref,
        **{"idempotency_key": f"{kind}:{charge.payment_id}:1", **others},
    )


def subscription_request(user_id: int) -> SubscriptionRequest:
    return SubscriptionRequest(
        user_id=user_id,
        email=f"u{user_id}@example.com",
        plan="pro",
        price_minor=2_900,
        currency="USD",
        idempotency_key=f"subscribe:{user_id}",
        return_url="https://a.test/settings",
    )


def paid_stripe(fakepay: Fakepay, gateway: StripeGateway, **others: Any) -> Charge:
    charge = gateway.open_charge(charge_request(**others))
    fakepay.control.pay(charge.ref)
    return gateway.read_charge(charge.ref)


def stripe_seller(fakepay: Fakepay, gateway: StripeGateway) -> str:
    user_id = number()
    account, _ = gateway.open_payout_account(user_id, f"s{user_id}@example.com", "https://a.test/")
    fakepay.control.onboard(account)
    return account


def approved_paypal(fakepay: Fakepay, gateway: PayPalGateway, **others: Any) -> Charge:
    charge = gateway.open_charge(charge_request(**others))
    fakepay.control.approve(charge.ref)
    return charge


def paid_paypal(fakepay: Fakepay, gateway: PayPalGateway, **others: Any) -> Charge:
    charge = approved_paypal(fakepay, gateway, **others)
    return gateway.confirm_charge(charge.ref, idempotency_key=f"capture:{charge.payment_id}")


def payout_request(charge: Charge, amount_minor: int, **others: Any) -> MoveRequest:
    receiver = others.pop("account_ref", f"s{number()}@example.com")
    return move_request(charge, amount_minor, "transfer", account_ref=receiver, **others)


def books_of(fakepay: Fakepay, charge: Charge) -> dict[str, int]:
    payment = str(charge.payment_id)
    books: dict[str, int] = fakepay.control.books(payment)["payments"][payment]["USD"]
    return books


@contextmanager
def another_program(fakepay: Fakepay) -> Iterator[httpx.Client]:
    """PayPal's API without the gateway: another program of the same merchant."""
    with httpx.Client(base_url=fakepay.url) as client:
        token = client.post(
            "/v1/oauth2/token",
            auth=(fakepay.paypal_client_id, fakepay.paypal_secret),
            data={"grant_type": "client_credentials"},
        ).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client
