"""What tests of payments begin with: clients of the two APIs, a seller, an approved order."""

from typing import Any

import httpx
import stripe

from tests.fakepay.client import Fakepay

TIMEOUT_SECONDS = 10


def stripe_client(fakepay: Fakepay, *, retries: int = 0) -> stripe.StripeClient:
    """Return the real SDK, pointed at the fake."""
    return stripe.StripeClient(
        fakepay.stripe_secret,
        base_addresses={"api": fakepay.url},
        max_network_retries=retries,
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
    )


def seller_account(client: stripe.StripeClient, fakepay: Fakepay) -> str:
    """Return the id of a connected account that may be paid."""
    account = client.v1.accounts.create(
        {"type": "express", "capabilities": {"transfers": {"requested": True}}}
    )
    fakepay.control.onboard(account.id)
    return account.id


def paypal_client(fakepay: Fakepay) -> httpx.Client:
    """Return an HTTP client that carries a token."""
    client = httpx.Client(base_url=fakepay.url, timeout=TIMEOUT_SECONDS)
    answer = client.post(
        "/v1/oauth2/token",
        auth=(fakepay.paypal_client_id, fakepay.paypal_secret),
        data={"grant_type": "client_credentials"},
    )
    client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    return client


def paypal_order(
    client: httpx.Client, fakepay: Fakepay, value: str, custom_id: str, *, currency: str = "USD"
) -> str:
    """Return the id of an order that the buyer has approved."""
    unit: Any = {"custom_id": custom_id, "amount": {"currency_code": currency, "value": value}}
    body = {"intent": "CAPTURE", "purchase_units": [unit]}
    order = client.post("/v2/checkout/orders", json=body).json()["id"]
    fakepay.control.approve(order)
    return str(order)


def types_since(client: stripe.StripeClient, of: str) -> list[str]:
    """Return the types of the events about an object, oldest first."""
    events = client.v1.events.list({"limit": 100}).data[::-1]
    return [one.type for one in events if one.to_dict()["data"]["object"]["id"] == of]
