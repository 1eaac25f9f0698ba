"""The roadmap's phase 5 to the letter: payments, invoices, subscriptions, escrow."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.conf import settings as house

from apps.payments.models import InboxEvent
from tests.fakepay.seals import stripe_signature
from tests.money.post_office import EVENT, Page, running_office
from tests.vocabularies.documents import Row
from tests.vocabularies.test_roadmap import MONEY, Market, id_in, ids

CHECKS: dict[Row, Callable[["Shop"], None]] = {}


def says(what: str, text: str) -> Callable[[Any], Any]:
    """Register the check of a row."""

    def register(check: Callable[["Shop"], None]) -> Callable[["Shop"], None]:
        row = Row("5", what, (text,))
        assert row not in CHECKS, f"twice: {row}"
        CHECKS[row] = check
        return check

    return register


class Shop(Market):
    """A market in which things are sold, by play money unless a check says otherwise."""

    def __init__(self, cast: Any, api: Any, clock: Any, settings: Any) -> None:
        super().__init__(cast, api, clock)
        self.settings = settings

    def sold(self, amount: int = 45000) -> int:
        """Sell an auction to bidder1; returns its id."""
        path = self.auction()
        assert self.bid(path, amount).status_code == 201
        assert self.seller.post(path + "end/").status_code == 200
        return id_in(path)

    def pay(self, auction_id: int, method: str = "stripe", client: Any = None) -> Any:
        body = {"auction_id": auction_id, "payment_method": method}
        return (client or self.bidder).post("/api/payments/", body)

    def paid(self, auction_id: int) -> Any:
        """Pay and confirm; returns the payment as its buyer is shown it."""
        answer = self.bidder.post(f"/api/payments/{self.pay(auction_id).json()['id']}/confirm/")
        assert answer.status_code == 200, answer.json()
        return answer.json()


@pytest.fixture
def shop(cast, api, frozen_clock, settings):
    return Shop(cast, api, frozen_clock, settings)


@pytest.mark.parametrize("row", MONEY, ids=lambda row: f"{row.endpoint}: {row.says[0]}")
def test_row_of_money_is_kept(row, shop):
    assert row in CHECKS, f"no check for {row}"

    CHECKS[row](shop)


def test_every_row_of_money_is_checked():
    covered, documented = set(CHECKS), set(MONEY)

    print(f"money: {len(covered)} covered of {len(documented)} documented")  # noqa: T201

    assert len(MONEY) == len(documented), "a row stands twice"
    assert covered == documented


@says("GET /api/payments/", "the user's payment history")
def _(shop):
    first, second = shop.paid(shop.sold()), shop.pay(shop.sold()).json()

    assert ids(shop.bidder.get("/api/payments/")) == [second["id"], first["id"]]
    for client in (shop.rival, shop.seller, shop.staff):
        assert ids(client.get("/api/payments/")) == []
    assert shop.anonymous.get("/api/payments/").status_code == 401


@says("POST /api/payments/", "auction_id, payment_method: stripe or paypal -> payment")
def _(shop):
    for method in ("stripe", "paypal"):
        auction_id = shop.sold()

        answer = shop.pay(auction_id, method)

        assert answer.status_code == 201, answer.json()
        shown = answer.json()
        assert (shown["auction_id"], shown["payment_method"]) == (auction_id, method)
        assert (shown["amount"], shown["currency"]) == (45000, "USD")
        assert b'"amount":45000,' in answer.content
        assert shown["client_secret"] or shown["approve_url"]
        assert shop.pay(auction_id, method).json()["id"] == shown["id"], "open already"
    assert shop.pay(shop.sold(), "cash").status_code == 400


@says("POST /api/payments/", "only for a won auction")
def _(shop):
    running, sold = shop.auction(), shop.sold()
    shop.bid(running, 45000)

    assert shop.pay(id_in(running)).json()["code"] == "not_sold"
    for client in (shop.rival, shop.seller, shop.staff):
        assert shop.pay(sold, client=client).status_code == 403
    assert shop.pay(sold, client=shop.anonymous).status_code == 401
    assert shop.pay(999_999).status_code == 404
    assert shop.pay(sold).status_code == 201


@says("GET /api/payments/{id}/", "payment details")
def _(shop):
    payment = shop.pay(shop.sold()).json()
    path = f"/api/payments/{payment['id']}/"

    assert shop.bidder.get(path).json() == payment
    assert shop.seller.get(path).status_code == shop.rival.get(path).status_code == 404
    assert shop.staff.get(path).status_code == 200


@says("POST /api/payments/{id}/confirm/", "confirm the payment")
def _(shop):
    confirm = f"/api/payments/{shop.pay(shop.sold()).json()['id']}/confirm/"

    declined = shop.bidder.post(confirm, {"test_card": "4000000000000002"})
    answers = [shop.bidder.post(confirm) for _ in range(2)]

    assert (declined.status_code, declined.json()["code"]) == (402, "declined")
    for answer in answers:
        assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")
    assert shop.rival.post(confirm).status_code == 404


def stored() -> list[tuple[str, str]]:
    """Return the events that providers told, by provider and id."""
    return list(InboxEvent.objects.values_list("provider", "event_id"))


@says("POST /api/payments/stripe-webhook/", "Stripe's events")
def _(shop):
    path, secret = "/api/payments/stripe-webhook/", "whsec_1"
    keys = {"secret_key": "sk_test_1", "webhook_secrets": [secret]}
    shop.settings.STRIPE = house.STRIPE | keys
    event = {"id": "evt_1", "object": "event", "type": "charge.refunded", "livemode": False}
    body = json.dumps(event | {"data": {"object": {"id": "ch_1", "object": "charge"}}}).encode()
    at_seconds = int(shop.clock.instant.timestamp())

    def told(signed_with: str) -> Any:
        header = {"HTTP_STRIPE_SIGNATURE": stripe_signature(body, signed_with, at_seconds)}
        return shop.anonymous.generic("POST", path, body, "application/json", **header)

    assert told("whsec_2").status_code == 400
    assert stored() == []
    assert [told(secret).status_code for _ in range(2)] == [200, 200]
    assert stored() == [("stripe", "evt_1")]


@says("POST /api/payments/paypal-webhook/", "PayPal's events")
def _(shop):
    path, body = "/api/payments/paypal-webhook/", msgspec.json.encode(EVENT)
    headers = {
        "HTTP_PAYPAL_TRANSMISSION_ID": "69cd13f0-d67a-11e5-baa3-778b53f4ae55",
        "HTTP_PAYPAL_TRANSMISSION_TIME": shop.clock.instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "HTTP_PAYPAL_TRANSMISSION_SIG": "c2lnbmF0dXJl",
        "HTTP_PAYPAL_CERT_URL": "https://api.paypal.com/v1/notifications/certs/CERT-1",
        "HTTP_PAYPAL_AUTH_ALGO": "SHA256withRSA",
    }
    with running_office() as office:
        keys = {"client_id": "house", "client_secret": "s", "webhook_id": "WH", "api": office.url}
        shop.settings.PAYPAL = house.PAYPAL | keys | {"webhook_check": "api"}
        office.keep_event(EVENT)

        def told(verdict: str) -> Any:
            page = Page(msgspec.json.encode({"verification_status": verdict}))
            office.pages["/v1/notifications/verify-webhook-signature"] = page
            return shop.anonymous.generic("POST", path, body, "application/json", **headers)

        assert told("FAILURE").status_code == 400
        assert stored() == []
        assert [told("SUCCESS").status_code for _ in range(2)] == [200, 200]
    assert stored() == [("paypal", "WH-1-2")]


@says("GET /api/invoices/", "the user's invoices")
def _(shop):
    payment = shop.paid(shop.sold())

    answer = shop.bidder.get("/api/invoices/")

    assert ids(answer) == [row["id"] for row in payment["invoices"]]
    shown = answer.json()["results"][0]
    assert (shown["kind"], shown["total"]) == ("sale", 45000)
    assert ids(shop.seller.get("/api/invoices/")) == []
    assert shop.anonymous.get("/api/invoices/").status_code == 401


@says("GET /api/invoices/{id}/", "download the invoice as PDF")
def _(shop):
    invoice = shop.paid(shop.sold())["invoices"][0]
    path = f"/api/invoices/{invoice['id']}/"

    answer, again = shop.bidder.get(path), shop.bidder.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert answer.content == again.content
    named = f'attachment; filename="{invoice["number"]}.pdf"'
    assert answer["Content-Disposition"] == named
    as_json = shop.bidder.get(path, HTTP_ACCEPT="application/json")
    assert as_json.json()["number"] == invoice["number"]
    assert shop.rival.get(path).status_code == shop.seller.get(path).status_code == 404


@says("GET /api/subscriptions/", "the subscription's status")
def _(shop):
    answer = shop.seller.get("/api/subscriptions/")

    assert answer.status_code == 200
    assert (answer.json()["plan"], answer.json()["status"]) == ("free", "active")
    assert shop.anonymous.get("/api/subscriptions/").status_code == 401


@says("POST /api/subscriptions/", "upgrade the subscription")
def _(shop):
    for plan in ("pro", "business"):
        answer = shop.seller.post("/api/subscriptions/", {"plan": plan})

        assert answer.status_code == 201, answer.json()
        assert shop.seller.get("/api/subscriptions/").json()["plan"] == plan


@says("POST /api/subscriptions/cancel/", "cancel the subscription")
def _(shop):
    shop.seller.post("/api/subscriptions/", {"plan": "pro"})

    answer = shop.seller.post("/api/subscriptions/cancel/")

    assert (answer.status_code, answer.json()["cancel_at_period_end"]) == (200, True)
    assert answer.json()["current_period_end"] == "2026-03-24T10:30:00Z"


@says("GET /api/escrow/", "the user's escrow transactions")
def _(shop):
    auction_id = shop.sold()
    payment = shop.paid(auction_id)

    for client in (shop.bidder, shop.seller):
        answer = client.get("/api/escrow/")

        assert ids(answer) == [payment["escrow_id"]]
        shown = answer.json()["results"][0]
        assert (shown["auction_id"], shown["payment_id"]) == (auction_id, payment["id"])
        assert (shown["amount"], shown["currency"], shown["state"]) == (45000, "USD", "held")
        assert (shown["buyer"], shown["seller"]) == ("bidder1", "seller")
    assert ids(shop.rival.get("/api/escrow/")) == []
    assert shop.anonymous.get("/api/escrow/").status_code == 401
