"""What goes wrong with PayPal, and what it has not told us of: nothing happens twice."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.payments.integrations.base import GatewayError
from apps.payments.integrations.paypal_handler import PayPalGateway
from apps.payments.integrations.paypal_shapes import (
    charge_of,
    minor,
    money,
    payout_of,
    refund_of,
)
from domain.settlement import PaymentStatus
from tests.fakepay.client import Fakepay, running_fakepay
from tests.money.gateways import (
    another_program,
    books_of,
    charge_request,
    move_request,
    paid_paypal,
    payout_request,
    paypal_gateway,
)

FEE_MINOR = 398  # of 100.00: 3.49 % and 0.49
PAYOUT_FEE_MINOR = 25


@pytest.fixture
def gateway(fakepay: Fakepay) -> PayPalGateway:
    return paypal_gateway(fakepay)


# -- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["500_before", "409", "reset_before", "reset_after", "stall"])
def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(
    fakepay: Fakepay, kind: str
) -> None:
    gateway = paypal_gateway(fakepay, timeout_seconds=0.2)
    charge = paid_paypal(fakepay, gateway)
    fakepay.control.chaos(error_rate=1, kinds=[kind], stall_seconds=2)
    questions = [
        lambda: gateway.open_charge(charge_request()),
        lambda: gateway.read_charge(charge.ref),
        lambda: gateway.refund(move_request(charge, 100, "refund")),
        lambda: gateway.transfer(payout_request(charge, 100)),
    ]
    for question in questions if kind != "stall" else questions[1:2]:
        with pytest.raises(GatewayError) as caught:
            question()
        assert (caught.value.permanent, caught.value.unknown) == (False, True), kind


def test_too_many_requests_mean_later_and_nothing_has_happened(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = paid_paypal(fakepay, gateway)
    fakepay.control.chaos(error_rate=1, kinds=["429"])
    with pytest.raises(GatewayError) as caught:
        gateway.refund(move_request(charge, 100, "refund"))
    assert (caught.value.permanent, caught.value.unknown) == (False, False)


def test_nobody_at_the_address_leaves_the_outcome_unknown(fakepay: Fakepay) -> None:
    gateway = paypal_gateway(fakepay, api="http://127.0.0.1:9")
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request())
    assert (caught.value.permanent, caught.value.unknown) == (False, True)


def test_what_does_not_exist_or_cannot_be_is_refused_for_good(gateway: PayPalGateway) -> None:
    for ref in ("NONE", "", "../../v1/oauth2/token"):
        with pytest.raises(GatewayError) as caught:
            gateway.read_charge(ref)
        assert (caught.value.permanent, caught.value.code) == (True, "not_found")


def test_wrong_credentials_are_neither_the_payments_end_nor_in_the_message(
    fakepay: Fakepay,
) -> None:
    gateway = paypal_gateway(fakepay, client_secret="of-somebody-else")
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request())
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert "somebody-else" not in str(caught.value)


def test_a_token_that_has_ended_is_replaced() -> None:
    with running_fakepay() as fakepay:
        gateway = paypal_gateway(fakepay)
        charge = gateway.open_charge(charge_request())
        fakepay.control.advance(10 * 3600)
        assert gateway.read_charge(charge.ref) == charge


def test_a_request_still_under_way_is_not_sent_past(fakepay: Fakepay) -> None:
    hasty, patient = paypal_gateway(fakepay, timeout_seconds=0.1), paypal_gateway(fakepay)
    request = charge_request()
    patient.open_charge(charge_request())  # connected, and known
    hasty.open_charge(charge_request())
    fakepay.control.chaos(error_rate=1, kinds=["stall"], stall_seconds=1)
    with pytest.raises(GatewayError, match="did not answer"):
        hasty.open_charge(request)
    fakepay.control.chaos()
    with pytest.raises(GatewayError) as caught:
        patient.open_charge(request)  # 409: the first is not done yet
    assert (caught.value.permanent, caught.value.unknown) == (False, True)
    time.sleep(1)
    first = patient.open_charge(request)
    assert patient.open_charge(request).ref == first.ref


# -- once, whatever happens ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["reset_after", "500_after"])
def test_what_nobody_heard_of_happens_once(
    fakepay: Fakepay, gateway: PayPalGateway, kind: str
) -> None:
    def unheard(ask: Any) -> Any:
        fakepay.control.chaos(error_rate=1, kinds=[kind])
        with pytest.raises(GatewayError) as caught:
            ask()
        assert caught.value.unknown
        fakepay.control.chaos()
        return ask()

    gateway.balance_minor("USD")  # has a token
    request = charge_request()
    charge = unheard(lambda: gateway.open_charge(request))
    fakepay.control.approve(charge.ref)
    capture = {"idempotency_key": f"c:{charge.payment_id}"}
    charge = unheard(lambda: gateway.confirm_charge(charge.ref, **capture))
    refund, payout = move_request(charge, 2_000, "refund"), payout_request(charge, 3_000)
    assert unheard(lambda: gateway.refund(refund)).status == "done"
    late = replace(refund, first_sent_at=clock.now())
    assert gateway.refund(late).amount_minor == 2_000, "by its custom_id, not by its key"
    assert unheard(lambda: gateway.transfer(payout)).status == "pending"
    books = books_of(fakepay, charge)
    assert (books["captured"], books["refunded"]) == (10_000, 2_000)


def test_a_refund_whose_key_paypal_has_forgotten_is_found_in_the_order(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = paid_paypal(fakepay, gateway)
    request = move_request(charge, 2_000, "refund")
    with another_program(fakepay) as client:
        body = {
            "amount": {"currency_code": "USD", "value": "20.00"},
            "custom_id": request.idempotency_key.replace(":", "."),
        }
        client.post(f"/v2/payments/captures/{charge.capture_ref}/refund", json=body)
    late = replace(request, first_sent_at=clock.now() - timedelta(days=60))
    assert gateway.refund(late).status == "done"
    assert gateway.read_charge(charge.ref).refunded_minor == 2_000


# -- words and amounts ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "amount_minor", "value"),
    [
        ("USD", 1, "0.01"),
        ("EUR", 123_456, "1234.56"),
        ("EUR", 100, "1.00"),
        ("JPY", 500, "500"),
        ("HUF", 50_000, "500"),
        ("TWD", 12_300, "123"),
    ],
)
def test_amounts_are_decimals_of_the_currency_as_paypal_counts_it(
    currency: str, amount_minor: int, value: str
) -> None:
    written = money(amount_minor, currency)
    assert written == {"currency_code": currency, "value": value}
    assert minor(written) == amount_minor


def test_a_whole_currency_is_charged_and_given_back_whole(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = paid_paypal(fakepay, gateway, amount_minor=500_000, currency="HUF")
    assert (charge.amount_minor, charge.currency) == (500_000, "HUF")
    refund = gateway.refund(move_request(charge, 100_000, "refund"))
    assert refund.amount_minor == 100_000


@pytest.mark.parametrize(
    ("currency", "amount_minor", "code"),
    [
        ("HUF", 12_345, "amount_not_expressible"),
        ("KWD", 1_000, "currency_not_supported"),
        ("XTS", 1_000, "currency_not_supported"),
    ],
)
def test_what_paypal_cannot_express_is_refused_before_it_is_asked(
    fakepay: Fakepay, currency: str, amount_minor: int, code: str
) -> None:
    gateway = paypal_gateway(fakepay, api="http://127.0.0.1:9")
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request(currency=currency, amount_minor=amount_minor))
    assert (caught.value.permanent, caught.value.code) == (True, code)


@pytest.mark.parametrize("value", ["", "1,00", "1e9", "NaN", "0x10", "1.2345", " 1.00", "\u0661"])
def test_what_is_no_amount_is_not_read_as_one(value: str) -> None:
    with pytest.raises(ValueError, match="no amount"):
        minor({"currency_code": "USD", "value": value})


ORDER = {
    "id": "O1",
    "status": "COMPLETED",
    "purchase_units": [
        {
            "amount": {"currency_code": "USD", "value": "10.00"},
            "custom_id": "7",
            "payments": {
                "captures": [{"id": "C1", "status": "COMPLETED"}],
                "refunds": [
                    {
                        "id": "R1",
                        "status": status,
                        "amount": {"currency_code": "USD", "value": "1.00"},
                    }
                    for status in ("COMPLETED", "PENDING", "FAILED", "CANCELLED")
                ],
            },
        }
    ],
}


def test_words_nobody_told_us_of_are_logged_and_mean_under_way(
    caplog: pytest.LogCaptureFixture,
) -> None:
    unit = {name: part for name, part in ORDER["purchase_units"][0].items() if name != "payments"}
    order = {"id": "O1", "status": "INVENTED", "purchase_units": [unit]}
    assert charge_of(order).status is PaymentStatus.PROCESSING
    strange = {**unit, "payments": {"captures": [{"id": "C1", "status": "INVENTED"}]}}
    assert charge_of({**order, "purchase_units": [strange]}).status is PaymentStatus.PROCESSING
    amount = {"currency_code": "USD", "value": "1.00"}
    assert refund_of({"id": "R1", "status": "INVENTED", "amount": amount}).status == "pending"
    item = {
        "payout_item_id": "I1",
        "transaction_status": "INVENTED",
        "payout_item": {"amount": {"currency": "USD", "value": "1.00"}},
    }
    header = {"payout_batch_id": "B1", "batch_status": "SUCCESS"}
    assert payout_of({"batch_header": header, "items": [item]}).status == "pending"
    assert caplog.text.count("INVENTED") == 4


def test_refunds_that_failed_have_given_nothing_back() -> None:
    assert charge_of(ORDER).refunded_minor == 200


@pytest.mark.parametrize(
    "change", [{"purchase_units": []}, {"purchase_units": [{"amount": {}}]}, {"id": None}]
)
def test_an_answer_without_what_it_must_have_leaves_the_outcome_unknown(
    change: dict[str, Any],
) -> None:
    thing = {name: part for name, part in {**ORDER, **change}.items() if part is not None}
    with pytest.raises(GatewayError) as caught:
        charge_of(thing)
    assert (caught.value.unknown, caught.value.code) == (True, "unreadable")
