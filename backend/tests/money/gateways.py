"""Gateways that talk to a fakepay, and what tests ask them for."""

import itertools
import time
from typing import Any

from apps.payments.integrations.base import Charge, ChargeRequest, MoveRequest
from apps.payments.integrations.paypal_handler import PayPalGateway
from apps.payments.integrations.stripe_handler import StripeGateway
from tests.fakepay.client import Fakepay

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
    return StripeGateway(stripe_settings(fakepay, **others))


def paypal_gateway(fakepay: Fakepay, **others: Any) -> PayPalGateway:
    return PayPalGateway(paypal_settings(fakepay, **others))


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
