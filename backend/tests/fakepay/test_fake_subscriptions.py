"""Subscriptions at the fake Stripe, and the shape of whatever it shows."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import stripe

from tests.fakepay.client import Fakepay, running_fakepay
from tests.fakepay.sdk_shapes import deviations
from tests.fakepay.sellers import seller_account, stripe_client, types_since


@pytest.fixture(scope="module")
def fakepay() -> Iterator[Fakepay]:
    with running_fakepay() as running:
        yield running


@pytest.fixture
def client(fakepay: Fakepay) -> stripe.StripeClient:
    return stripe_client(fakepay)


def sold(client: stripe.StripeClient, card: str) -> Any:
    """Return a paid intent with its charge."""
    return client.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "usd",
            "payment_method": card,
            "confirm": True,
            "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
            "expand": ["latest_charge"],
        }
    )


@pytest.fixture
def subscribe(client: stripe.StripeClient, fakepay: Fakepay) -> Callable[..., str]:
    """Return a function: lookup key, more for the session -> the id of a subscription."""

    def begin(lookup_key: str, **data: Any) -> str:
        product = client.v1.products.create({"name": "Premium"})
        client.v1.prices.create(
            {
                "currency": "usd",
                "unit_amount": 900,
                "product": product.id,
                "recurring": {"interval": "month"},
                "lookup_key": lookup_key,
            }
        )
        price = client.v1.prices.list({"lookup_keys": [lookup_key]}).data[0]
        session = client.v1.checkout.sessions.create(
            {
                "mode": "subscription",
                "success_url": "https://example.com/ok",
                "line_items": [{"price": price.id, "quantity": 1}],
                "client_reference_id": "user-1",
                "subscription_data": data,  # type: ignore[typeddict-item]
            }
        )
        assert (session.status, session.subscription) == ("open", None)
        done = fakepay.control.complete_session(session.id)
        assert (done["status"], done["client_reference_id"]) == ("complete", "user-1")
        return str(done["subscription"])

    return begin


def test_a_subscription_begins_renews_and_ends_with_its_period(
    client: stripe.StripeClient, fakepay: Fakepay, subscribe: Callable[..., str]
):
    id_ = subscribe("monthly", metadata={"user": "1"})
    subscription: Any = client.v1.subscriptions.retrieve(id_)
    end = subscription["items"].data[0].current_period_end
    assert subscription.status == "active"

    fakepay.control.renew(id_)
    renewed: Any = client.v1.subscriptions.retrieve(id_, {"expand": ["latest_invoice"]})
    assert renewed["items"].data[0].current_period_start == end
    assert (renewed.latest_invoice.status, renewed.latest_invoice.amount_paid) == ("paid", 900)
    invoices = client.v1.invoices.list({"subscription": id_})
    assert [one.billing_reason for one in invoices.data] == [
        "subscription_cycle",
        "subscription_create",
    ]

    client.v1.subscriptions.update(id_, {"cancel_at_period_end": True})
    fakepay.control.renew(id_)
    ended = client.v1.subscriptions.retrieve(id_)
    assert (ended.status, ended.cancel_at_period_end) == ("canceled", True)


def test_unpaid_renewals_lapse_and_a_trial_costs_nothing(
    client: stripe.StripeClient, fakepay: Fakepay, subscribe: Callable[..., str]
):
    lapsing, trying = subscribe("lapsing"), subscribe("trying", trial_period_days=14)
    statuses = [fakepay.control.renew(lapsing, fails=True)["status"] for _ in range(4)]
    trial = client.v1.subscriptions.retrieve(trying)
    cancelled = client.v1.subscriptions.cancel(trying)

    assert statuses == ["past_due", "past_due", "past_due", "canceled"]
    assert types_since(client, lapsing)[-1] == "customer.subscription.deleted"
    assert (trial.status, cancelled.status) == ("trialing", "canceled")


def test_every_object_has_the_shape_that_the_sdk_publishes(
    client: stripe.StripeClient,
    fakepay: Fakepay,
    subscribe: Callable[..., str],
):
    paid, seller = sold(client, "pm_card_createDispute"), seller_account(client, fakepay)
    charge = sold(client, "pm_card_visa").latest_charge.id
    client.v1.transfers.create(
        {"amount": 100, "currency": "usd", "destination": seller, "source_transaction": charge}
    )
    transfer = client.v1.transfers.list({"destination": seller}).data[0].id
    client.v1.transfers.reversals.create(transfer, {"amount": 50})
    client.v1.refunds.create({"charge": charge, "amount": 100})
    subscription: Any = client.v1.subscriptions.retrieve(
        subscribe("shapes"), {"expand": ["customer", "latest_invoice"]}
    )
    session = client.v1.checkout.sessions.list({"subscription": subscription.id}).data[0].id
    payout = fakepay.control.account_payout(seller, "usd")
    key = {"Authorization": f"Bearer {fakepay.stripe_secret}"}
    paths = [
        f"payment_intents/{paid.id}?expand[]=latest_charge.balance_transaction"
        "&expand[]=payment_method",
        f"transfers/{transfer}",
        f"transfers/{transfer}/reversals",
        "refunds?limit=3",
        "disputes?limit=3",
        f"accounts/{seller}",
        "balance",
        "events?limit=50",
        f"subscriptions/{subscription.id}?expand[]=customer&expand[]=latest_invoice",
        f"checkout/sessions/{session}",
        "prices?limit=3",
        "products?limit=3",
        "balance_transactions?limit=20",
        "charges?limit=3",
    ]

    found = deviations(payout)
    for path in paths:
        answer = httpx.get(f"{fakepay.url}/v1/{path}", headers=key)
        assert answer.status_code == 200, answer.text
        thing = answer.json()
        for one in thing["data"] if thing["object"] == "list" else [thing]:
            found += deviations(one)
            if one["object"] == "event":
                found += deviations(one["data"]["object"])

    assert not found, "\n".join(sorted(set(found)))
