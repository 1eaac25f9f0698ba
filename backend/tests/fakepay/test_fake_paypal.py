"""PayPal's part of the fake, asked over plain HTTP."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.fakepay.client import Fakepay, running_fakepay
from tests.fakepay.sellers import paypal_client, paypal_order

DAY_SECONDS = 86400


@pytest.fixture(scope="module")
def fakepay() -> Iterator[Fakepay]:
    with running_fakepay() as running:
        yield running


@pytest.fixture
def client(fakepay: Fakepay) -> Iterator[httpx.Client]:
    running = paypal_client(fakepay)
    yield running
    running.close()


def captured(client: httpx.Client, fakepay: Fakepay, value: str, custom_id: str) -> str:
    """Return the id of a completed capture."""
    order = paypal_order(client, fakepay, value, custom_id)
    answer = client.post(f"/v2/checkout/orders/{order}/capture", json={})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["purchase_units"][0]["payments"]["captures"][0]["id"])


def issue(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the issue of an error in PayPal's shape."""
    body = answer.json()
    assert {"name", "message", "debug_id", "details", "links"} <= set(body), body
    return answer.status_code, body["details"][0]["issue"]


def paid_out(client: httpx.Client, batch: str, receiver: str, value: str, item: str) -> Any:
    return client.post(
        "/v1/payments/payouts",
        json={
            "sender_batch_header": {"sender_batch_id": batch, "email_subject": "You are paid"},
            "items": [
                {
                    "recipient_type": "EMAIL",
                    "receiver": receiver,
                    "sender_item_id": item,
                    "amount": {"value": value, "currency": "USD"},
                }
            ],
        },
    )


def test_a_token_is_needed_and_grows_old(fakepay: Fakepay):
    url = f"{fakepay.url}/v1/oauth2/token"
    wrong = httpx.post(url, auth=("who", "knows"), data={"grant_type": "client_credentials"})
    client = paypal_client(fakepay)

    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")
    assert httpx.get(f"{fakepay.url}/v2/checkout/orders/X").status_code == 401
    assert client.get("/v2/checkout/orders/X").status_code == 404
    fakepay.control.advance(9 * 3600 + 1)
    assert client.get("/v2/checkout/orders/X").json()["error"] == "invalid_token"


def test_an_order_is_approved_then_captured_once(client: httpx.Client, fakepay: Fakepay):
    unit = {
        "custom_id": "pay-1",
        "invoice_id": "INV-1",
        "amount": {"currency_code": "USD", "value": "50.00"},
    }
    body = {"intent": "CAPTURE", "purchase_units": [unit]}
    made = client.post("/v2/checkout/orders", json=body, headers={"PayPal-Request-Id": "order-1"})
    again = client.post("/v2/checkout/orders", json=body, headers={"PayPal-Request-Id": "order-1"})
    order = made.json()["id"]
    assert (made.status_code, again.status_code, again.json()["id"]) == (201, 200, order)
    assert {one["rel"] for one in made.json()["links"]} >= {"self", "approve", "capture"}

    capture = f"/v2/checkout/orders/{order}/capture"
    assert issue(client.post(capture, json={})) == (422, "ORDER_NOT_APPROVED")
    fakepay.control.approve(order)
    done = client.post(capture, json={}).json()
    assert issue(client.post(capture, json={})) == (422, "ORDER_ALREADY_CAPTURED")

    money = done["purchase_units"][0]["payments"]["captures"][0]
    assert (done["status"], money["status"], money["custom_id"]) == (
        "COMPLETED",
        "COMPLETED",
        "pay-1",
    )
    parts = money["seller_receivable_breakdown"]
    assert parts["paypal_fee"]["value"] == "2.24"
    assert parts["net_amount"]["value"] == "47.76"
    assert client.get(f"/v2/payments/captures/{money['id']}").json() == money


def test_an_invoice_is_paid_once(client: httpx.Client, fakepay: Fakepay):
    unit = {"invoice_id": "INV-TWICE", "amount": {"currency_code": "USD", "value": "5.00"}}
    orders = []
    for _ in range(2):
        answer = client.post(
            "/v2/checkout/orders", json={"intent": "CAPTURE", "purchase_units": [unit]}
        )
        orders.append(answer.json()["id"])
        fakepay.control.approve(orders[-1])

    first, second = (client.post(f"/v2/checkout/orders/{one}/capture", json={}) for one in orders)

    assert first.status_code == 201
    assert issue(second) == (422, "DUPLICATE_INVOICE_ID")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ({"currency_code": "USD", "value": "1.001"}, (422, "DECIMAL_PRECISION")),
        ({"currency_code": "JPY", "value": "100.5"}, (422, "DECIMALS_NOT_SUPPORTED")),
        ({"currency_code": "KWD", "value": "1.000"}, (422, "CURRENCY_NOT_SUPPORTED")),
        ({"currency_code": "USD", "value": "0.00"}, (422, "CANNOT_BE_ZERO_OR_NEGATIVE")),
        ({"currency_code": "USD", "value": 5}, (400, "INVALID_PARAMETER_SYNTAX")),
        ({"currency_code": "USD"}, (400, "MISSING_REQUIRED_PARAMETER")),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    client: httpx.Client, amount: Any, expected: tuple[int, str]
):
    body = {"intent": "CAPTURE", "purchase_units": [{"amount": amount}]}

    assert issue(client.post("/v2/checkout/orders", json=body)) == expected


def test_a_capture_may_wait_or_be_declined(client: httpx.Client, fakepay: Fakepay):
    fakepay.control.next_capture("PENDING")
    waiting = captured(client, fakepay, "10.00", "waiting")
    fakepay.control.next_capture("INSTRUMENT_DECLINED")
    order = paypal_order(client, fakepay, "10.00", "declined")

    assert issue(client.post(f"/v2/checkout/orders/{order}/capture", json={})) == (
        422,
        "INSTRUMENT_DECLINED",
    )
    assert fakepay.control.books("waiting")["payments"]["waiting"] == {}
    fakepay.control.capture_becomes(waiting, "COMPLETED")
    assert fakepay.control.books("waiting")["payments"]["waiting"]["USD"]["captured"] == 1000
    fakepay.control.approve(order)
    assert client.post(f"/v2/checkout/orders/{order}/capture", json={}).status_code == 201


def test_a_refund_never_exceeds_what_is_left(client: httpx.Client, fakepay: Fakepay):
    capture = captured(client, fakepay, "50.00", "refunded")
    path = f"/v2/payments/captures/{capture}/refund"
    amount = {"currency_code": "USD", "value": "20.00"}
    part = client.post(
        path,
        json={"amount": amount},
        headers={"PayPal-Request-Id": "back", "Prefer": "return=representation"},
    )
    again = client.post(path, json={"amount": amount}, headers={"PayPal-Request-Id": "back"})

    over = client.post(path, json={"amount": {"currency_code": "USD", "value": "30.01"}})
    other = client.post(path, json={"amount": {"currency_code": "EUR", "value": "1.00"}})
    assert again.json()["id"] == part.json()["id"]
    assert issue(over) == (422, "REFUND_AMOUNT_EXCEEDED")
    assert issue(other) == (422, "REFUND_CAPTURE_CURRENCY_MISMATCH")
    state = client.get(f"/v2/payments/captures/{capture}").json()["status"]
    assert state == "PARTIALLY_REFUNDED"
    assert client.post(path, json={}).status_code == 201
    assert issue(client.post(path, json={})) == (422, "CAPTURE_FULLY_REFUNDED")
    shown = client.get(f"/v2/payments/refunds/{part.json()['id']}").json()
    assert shown["seller_payable_breakdown"]["gross_amount"]["value"] == "20.00"
    totals = fakepay.control.books("refunded")["payments"]["refunded"]["USD"]
    assert totals == {"captured": 5000, "fee": 224, "refunded": 5000}


def test_a_batch_is_paid_once_and_only_from_what_is_there(client: httpx.Client, fakepay: Fakepay):
    captured(client, fakepay, "50.00", "sold")
    first = paid_out(client, "batch-1", "seller@example.com", "40.00", "sold")
    batch = first.json()["batch_header"]
    assert (first.status_code, batch["batch_status"]) == (201, "PENDING")

    again = paid_out(client, "batch-1", "seller@example.com", "1.00", "sold")
    poor = paid_out(client, "batch-2", "seller@example.com", "99999.00", "sold")

    assert (again.status_code, again.json()["name"]) == (400, "USER_BUSINESS_ERROR")
    assert (poor.status_code, poor.json()["name"]) == (422, "INSUFFICIENT_FUNDS")
    shown = client.get(f"/v1/payments/payouts/{batch['payout_batch_id']}").json()
    item = shown["items"][0]
    assert shown["batch_header"]["batch_status"] == item["transaction_status"] == "SUCCESS"
    one = client.get(f"/v1/payments/payouts-item/{item['payout_item_id']}").json()
    assert one["payout_item"]["sender_item_id"] == "sold"
    totals = fakepay.control.books("sold")["payments"]["sold"]["USD"]
    assert (totals["paid_out"], totals["payout_fee"]) == (4000, 25)


def test_what_nobody_claims_comes_back_after_thirty_days(fakepay: Fakepay):
    client = paypal_client(fakepay)
    captured(client, fakepay, "50.00", "unclaimed")
    fakepay.control.receiver("nobody@example.com", "UNCLAIMED")
    batch = paid_out(client, "batch-u", "nobody@example.com", "10.00", "unclaimed").json()
    path = f"/v1/payments/payouts/{batch['batch_header']['payout_batch_id']}"
    item = client.get(path).json()["items"][0]
    assert item["transaction_status"] == "UNCLAIMED"
    assert item["errors"]["name"] == "RECEIVER_UNREGISTERED"

    fakepay.control.advance(30 * DAY_SECONDS + 1)

    client = paypal_client(fakepay)
    assert client.get(path).json()["items"][0]["transaction_status"] == "RETURNED"
    totals = fakepay.control.books("unclaimed")["payments"]["unclaimed"]["USD"]
    assert totals["payout_returned"] == totals["paid_out"] == 1000


def test_a_failed_payout_moves_no_money(client: httpx.Client, fakepay: Fakepay):
    captured(client, fakepay, "50.00", "failing")
    fakepay.control.receiver("locked@example.com", "PENDING")
    batch = paid_out(client, "batch-f", "locked@example.com", "10.00", "failing").json()
    path = f"/v1/payments/payouts/{batch['batch_header']['payout_batch_id']}"
    item = client.get(path).json()["items"][0]["payout_item_id"]

    failed = fakepay.control.payout_item_becomes(item, "FAILED")

    assert failed["transaction_status"] == "FAILED"
    totals = fakepay.control.books("failing")["payments"]["failing"]["USD"]
    assert totals["paid_out"] == totals["payout_returned"]
    assert totals["payout_fee"] == totals["payout_fee_returned"]


def test_a_case_holds_the_money_until_it_is_won(client: httpx.Client, fakepay: Fakepay):
    capture = captured(client, fakepay, "50.00", "case")
    case = fakepay.control.paypal_dispute(capture)
    held = client.post(f"/v2/payments/captures/{capture}/refund", json={})
    listed = client.get("/v1/customer/disputes", params={"disputed_transaction_id": capture})

    assert issue(held) == (422, "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK")
    assert [one["dispute_id"] for one in listed.json()["items"]] == [case["dispute_id"]]
    fakepay.control.paypal_resolve(case["dispute_id"], "won")
    shown = client.get(f"/v1/customer/disputes/{case['dispute_id']}").json()
    assert shown["dispute_outcome"]["outcome_code"] == "RESOLVED_SELLER_FAVOUR"
    assert shown["disputed_transactions"][0]["custom"] == "case"
    totals = fakepay.control.books("case")["payments"]["case"]["USD"]
    assert totals["disputed"] == totals["reinstated"] == 5000


def test_events_are_read_back_as_they_were_sent(client: httpx.Client, fakepay: Fakepay):
    capture = captured(client, fakepay, "7.00", "told")
    query = {"event_type": "PAYMENT.CAPTURE.COMPLETED", "transaction_id": capture}
    events = client.get("/v1/notifications/webhooks-events", params=query).json()["events"]

    assert len(events) == 1
    assert events[0]["resource"]["custom_id"] == "told"
    path = f"/v1/notifications/webhooks-events/{events[0]['id']}"
    assert client.get(path).json() == events[0]
    walked, url = [], "/v1/notifications/webhooks-events?page_size=2"
    while url:
        page = client.get(url).json()
        walked += [one["id"] for one in page["events"]]
        url = next((one["href"] for one in page["links"] if one["rel"] == "next"), "")
    assert len(set(walked)) == len(walked) == fakepay.control.stats()["events"]["paypal"]


def test_a_subscription_is_approved_renewed_suspended_and_cancelled(
    client: httpx.Client, fakepay: Fakepay
):
    product = client.post("/v1/catalogs/products", json={"name": "Premium", "type": "SERVICE"})
    plan = client.post(
        "/v1/billing/plans",
        json={
            "product_id": product.json()["id"],
            "name": "Monthly",
            "billing_cycles": [
                {
                    "frequency": {"interval_unit": "MONTH", "interval_count": 1},
                    "sequence": 1,
                    "tenure_type": "REGULAR",
                    "total_cycles": 0,
                    "pricing_scheme": {"fixed_price": {"value": "9.00", "currency_code": "USD"}},
                }
            ],
        },
    )
    body = {"plan_id": plan.json()["id"], "custom_id": "user-1"}
    made = client.post("/v1/billing/subscriptions", json=body).json()
    path = f"/v1/billing/subscriptions/{made['id']}"
    assert made["status"] == "APPROVAL_PENDING"

    fakepay.control.paypal_subscription_becomes(made["id"], "ACTIVE")
    fakepay.control.paypal_renew(made["id"])
    assert len(client.get(f"{path}/transactions").json()["transactions"]) == 1
    for _ in range(3):
        last = fakepay.control.paypal_renew(made["id"], fails=True)
    assert last["status"] == "SUSPENDED"
    assert client.post(f"{path}/activate", json={"reason": "paid"}).status_code == 204
    assert client.post(f"{path}/cancel", json={"reason": "enough"}).status_code == 204
    assert client.get(path).json()["status"] == "CANCELLED"
    assert issue(client.post(f"{path}/cancel", json={})) == (422, "SUBSCRIPTION_STATUS_INVALID")
    assert fakepay.control.books("user-1")["payments"]["user-1"]["USD"]["captured"] == 900
