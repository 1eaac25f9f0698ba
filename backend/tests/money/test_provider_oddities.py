"""Answers no provider should give, and some they do: read as far as they go, never made up."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import stripe

from apps.payments.integrations.base import Charge, Declined, GatewayError, MoveRequest
from apps.payments.integrations.paypal_client import PayPalClient
from apps.payments.integrations.paypal_handler import PayPalGateway
from apps.payments.integrations.stripe_handler import StripeGateway
from domain.settlement import PaymentStatus
from tests.money.gateways import charge_request, move_request
from tests.money.post_office import Office, Page, gateway_at, running_office

AMOUNT = {"currency_code": "USD", "value": "10.00"}
CAPTURE = {"id": "C1", "status": "COMPLETED", "amount": AMOUNT}
UNIT = {"amount": AMOUNT, "custom_id": "7", "payments": {"captures": [CAPTURE]}}
PAID = Charge(
    ref="O1",
    status=PaymentStatus.SUCCEEDED,
    amount_minor=1_000,
    currency="USD",
    payment_id=7,
    capture_ref="C1",
)
ORDER = {"id": "O1", "status": "COMPLETED", "purchase_units": [UNIT]}


@pytest.fixture(autouse=True)
def _sdk_retries_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)


@pytest.fixture
def odd() -> Iterator[Office]:
    """A provider that answers each path with what a test puts there."""
    with running_office() as office:
        yield office


def say(office: Office, path: str, body: Any, status: int = 200) -> None:
    office.pages[path] = Page(msgspec.json.encode(body), status)


@pytest.fixture
def paypal(odd: Office) -> PayPalGateway:
    return gateway_at(odd, "")


@pytest.fixture
def stripe_gateway(odd: Office) -> StripeGateway:
    return StripeGateway({"secret_key": "sk_test_1", "webhook_secrets": [], "api": odd.url})


def stripe_error(**error: str) -> dict[str, Any]:
    return {"error": {"type": "invalid_request_error", "message": "No.", **error}}


# -- Stripe --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "page", [Page(b"hello"), Page(b"[]"), Page(b"{}"), Page(b"<html>", 502), Page(b"", 200)]
)
def test_stripe_an_answer_that_makes_no_sense_leaves_the_outcome_unknown(
    odd: Office, stripe_gateway: StripeGateway, page: Page
) -> None:
    odd.pages["/v1/payment_intents"] = page
    with pytest.raises(GatewayError) as caught:
        stripe_gateway.open_charge(charge_request())
    assert (caught.value.permanent, caught.value.unknown) == (False, True)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"code": "card_declined", "decline_code": "lost_card"}, "lost_card"),
        ({"code": "expired_card"}, "expired_card"),
        ({}, "declined"),
    ],
)
def test_stripe_402_is_the_buyers_matter(
    odd: Office, stripe_gateway: StripeGateway, error: dict[str, str], code: str
) -> None:
    said = stripe_error(**{"type": "card_error", "message": "Your card says no.", **error})
    say(odd, "/v1/payment_intents", said, 402)
    with pytest.raises(Declined, match="Your card says no") as caught:
        stripe_gateway.open_charge(charge_request())
    assert caught.value.code == code


def test_stripe_a_right_we_lack_is_no_reason_to_give_up(
    odd: Office, stripe_gateway: StripeGateway
) -> None:
    say(odd, "/v1/transfers", stripe_error(code="platform_account_required"), 403)
    request = move_request(PAID, 1, "transfer", account_ref="acct_1")
    with pytest.raises(GatewayError) as caught:
        stripe_gateway.transfer(request)
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert caught.value.code == "platform_account_required"


def test_stripe_a_kept_500_that_nothing_explains_stays_unknown(
    odd: Office, stripe_gateway: StripeGateway
) -> None:
    kept = {"Idempotent-Replayed": "true"}
    odd.pages["/v1/transfers"] = Page(msgspec.json.encode(stripe_error()), 500, kept)
    odd.pages["/v1/transfers?transfer_group=payment_7&limit=100"] = Page(
        b'{"object":"list","data":[],"has_more":false,"url":"/v1/transfers"}'
    )
    request = move_request(PAID, 1, "transfer", account_ref="acct_1")
    with pytest.raises(GatewayError) as caught:
        stripe_gateway.transfer(request)
    assert (caught.value.unknown, caught.value.code) == (True, "replayed")
    assert any("transfer_group=payment_7" in path for path in odd.asked)


# -- PayPal --------------------------------------------------------------------------------------


def test_paypal_a_house_that_may_not_read_disputes_is_told_once(
    odd: Office, paypal: PayPalGateway, caplog: pytest.LogCaptureFixture
) -> None:
    say(odd, "/v2/checkout/orders/O1", ORDER)
    path = "/v1/customer/disputes?disputed_transaction_id=C1"
    say(odd, path, {"name": "NOT_AUTHORIZED", "message": "no"}, 403)
    for _ in range(2):
        charge = paypal.read_charge("O1")
        assert (charge.status, charge.disputes) == (PaymentStatus.SUCCEEDED, ())
    assert caplog.text.count("may not read disputes") == 1
    say(odd, path, {"name": "INTERNAL_SERVER_ERROR"}, 500)
    with pytest.raises(GatewayError):
        paypal.read_charge("O1")


def test_paypal_lists_go_on_at_our_own_address_wherever_a_link_leads(odd: Office) -> None:
    client = PayPalClient({"api": odd.url, "client_id": "a", "client_secret": "b"})
    following = {"rel": "next", "href": "https://example.net/elsewhere?page=2&size=9"}
    say(odd, "/things?page=1", {"items": [{"id": 1}], "links": [following]})
    say(odd, "/things?page=2&size=9", {"items": [{"id": 2}], "links": [{"rel": "self"}, 7]})
    assert [one["id"] for one in client.pages("/things", "items", page=1)] == [1, 2]


def payout() -> MoveRequest:
    return move_request(PAID, 1_000, "transfer", account_ref="s@example.com")


def duplicate(office: Office, links: list[dict[str, str]]) -> None:
    detail = {"field": "SENDER_BATCH_ID", "issue": "Duplicate batch request"}
    body = {"name": "USER_BUSINESS_ERROR", "details": [detail], "links": links}
    say(office, "/v1/payments/payouts", body, 400)


def batch(sender_batch_id: str) -> dict[str, Any]:
    sender = {"sender_batch_id": sender_batch_id}
    header = {"payout_batch_id": "B1", "batch_status": "DENIED", "sender_batch_header": sender}
    return {"batch_header": header, "items": []}


def test_paypal_a_batch_sent_before_is_found_by_the_refusals_link(
    odd: Office, paypal: PayPalGateway
) -> None:
    duplicate(odd, [{"rel": "self", "href": "https://api.paypal.com/v1/payments/payouts/B1"}])
    say(odd, "/v1/payments/payouts/B1", batch(payout().idempotency_key))
    move = paypal.transfer(payout())
    assert (move.ref, move.status, move.error) == ("B1", "failed", "DENIED")


def test_paypal_a_link_to_somebody_elses_batch_is_not_believed(
    odd: Office, paypal: PayPalGateway
) -> None:
    duplicate(odd, [{"rel": "self", "href": "https://api.paypal.com/v1/payments/payouts/B1"}])
    say(odd, "/v1/payments/payouts/B1", batch("of another"))
    with pytest.raises(GatewayError) as caught:
        paypal.transfer(payout())
    assert caught.value.unknown


def test_paypal_a_batch_it_does_not_name_stays_unknown(
    odd: Office, paypal: PayPalGateway, frozen_clock: Any
) -> None:
    duplicate(odd, [])
    start = (frozen_clock() - timedelta(days=1)).strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ")
    end = (frozen_clock() + timedelta(minutes=1)).strftime("%Y-%m-%dT%H%%3A%M%%3A%SZ")
    for status in ("SUCCESS", "PROCESSING", "DENIED"):
        query = f"event_type=PAYMENT.PAYOUTSBATCH.{status}&start_time={start}&end_time={end}"
        other = {"resource": batch("of another")}
        say(odd, f"/v1/notifications/webhooks-events?{query}&page_size=100", {"events": [other]})
    with pytest.raises(GatewayError) as caught:
        paypal.transfer(payout())
    assert (caught.value.permanent, caught.value.unknown) == (False, True)
    assert caught.value.code == "unnamed"


@pytest.mark.parametrize("page", [Page(b"hello"), Page(b"[]"), Page(b"", 302)])
def test_paypal_an_answer_that_makes_no_sense_leaves_the_outcome_unknown(
    odd: Office, paypal: PayPalGateway, page: Page
) -> None:
    odd.pages["/v2/checkout/orders"] = page
    with pytest.raises(GatewayError) as caught:
        paypal.open_charge(charge_request())
    assert (caught.value.permanent, caught.value.unknown) == (False, True)


def test_paypal_nobody_queues_for_a_token_that_does_not_come(odd: Office) -> None:
    client = PayPalClient(
        {"api": odd.url, "client_id": "a", "client_secret": "b", "timeout_seconds": 0.2}
    )
    odd.gives_tokens.clear()

    def ask(_: int) -> GatewayError:
        with pytest.raises(GatewayError) as caught:
            client.get("/things")
        return caught.value

    started = time.monotonic()
    with ThreadPoolExecutor(10) as pool:
        errors = list(pool.map(ask, range(10)))
    waited_seconds = time.monotonic() - started
    odd.gives_tokens.set()
    assert all(error.unknown for error in errors)
    assert waited_seconds < 1.5, "one after the other would take two seconds"
