"""Subscriptions at a PayPal that answers over the network: approved there, cancelled from here."""

import httpx
import pytest

from apps.payments import inbox
from apps.payments.gateways import gateway_named
from apps.payments.models import Subscription
from tests.factories import UserFactory
from tests.money.gateways import paypal_settings

PATH = "/api/subscriptions/"

pytestmark = pytest.mark.django_db


def plan_at(fakepay, price):
    """Make a monthly plan at PayPal, as staff of a house do; return its id."""
    with httpx.Client(base_url=fakepay.url) as http:
        keys = (fakepay.paypal_client_id, fakepay.paypal_secret)
        grant = {"grant_type": "client_credentials"}
        token = http.post("/v1/oauth2/token", data=grant, auth=keys).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        product = http.post("/v1/catalogs/products", json={"name": "Plans", "type": "SERVICE"})
        cycle = {
            "frequency": {"interval_unit": "MONTH", "interval_count": 1},
            "tenure_type": "REGULAR",
            "sequence": 1,
            "pricing_scheme": {"fixed_price": {"value": price, "currency_code": "USD"}},
        }
        body = {"product_id": product.json()["id"], "name": "A plan", "billing_cycles": [cycle]}
        made = http.post("/v1/billing/plans", json=body)
        return made.raise_for_status().json()["id"]


@pytest.fixture
def client(api, db):
    return api(UserFactory())


def subscribe(client):
    return client.post(PATH, {"plan": "pro", "payment_method": "paypal"})


def test_a_seller_agrees_at_paypal_and_cancels_here(fakepay, settings, client):
    settings.PAYPAL = paypal_settings(fakepay, plans={"pro": plan_at(fakepay, "29.00")})
    asked = subscribe(client)

    assert asked.status_code == 201, asked.json()
    assert asked.json()["status"] == "incomplete"
    assert "ba_token" in asked.json()["approve_url"]
    row = Subscription.objects.get()
    fakepay.control.paypal_subscription_becomes(row.checkout_ref, "ACTIVE")
    hint = f"subscription:{row.checkout_ref}"
    assert inbox.look_at("paypal", hint, cause="test:hint") is True
    body = client.get(PATH).json()
    assert (body["plan"], body["status"], body["listings_max"]) == ("pro", "active", 500)
    assert client.post(f"{PATH}cancel/").status_code == 200
    there = gateway_named("paypal").read_subscription(ref=row.checkout_ref, checkout_ref="")
    assert there.status == "canceled", "nothing was paid yet, so nothing is left of it"
    assert client.get(PATH).json()["plan"] == "free"


def test_a_plan_that_costs_something_else_at_paypal_is_not_sold(fakepay, settings, client):
    settings.PAYPAL = paypal_settings(fakepay, plans={"pro": plan_at(fakepay, "19.00")})

    answer = subscribe(client)

    assert (answer.status_code, answer.json()["code"]) == (400, "provider_refused")
    assert Subscription.objects.get().status == "incomplete_expired"
