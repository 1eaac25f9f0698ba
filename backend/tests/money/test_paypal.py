"""The PayPal gateway against a PayPal of our own, over real sockets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest

from apps.core import clock
from apps.payments.integrations.base import Declined, GatewayError
from apps.payments.integrations.paypal_handler import PayPalGateway
from apps.payments.integrations.paypal_shapes import (
    dispute_of,
)
from domain.settlement import CallKind, PaymentStatus
from tests.fakepay.client import Fakepay
from tests.money.gateways import (
    another_program,
    approved_paypal,
    books_of,
    charge_request,
    move_request,
    number,
    paid_paypal,
    payout_request,
    paypal_gateway,
)

FEE_MINOR = 398  # of 100.00: 3.49 % and 0.49
PAYOUT_FEE_MINOR = 25


@pytest.fixture
def gateway(fakepay: Fakepay) -> PayPalGateway:
    return paypal_gateway(fakepay)


# -- charges -------------------------------------------------------------------------------------


def test_an_opened_order_waits_for_its_buyer_and_again_with_its_key_is_the_same(
    gateway: PayPalGateway,
) -> None:
    request = charge_request()
    charge = gateway.open_charge(request)
    assert charge.status is PaymentStatus.REQUIRES_ACTION
    assert charge.ref in charge.approve_url
    assert (charge.amount_minor, charge.currency) == (10_000, "USD")
    assert charge.payment_id == request.payment_id
    assert (charge.capture_ref, charge.client_secret, charge.fee_minor) == ("", "", 0)
    assert gateway.open_charge(request).ref == charge.ref


def test_the_buyer_agrees_at_paypal_and_is_led_back(gateway: PayPalGateway) -> None:
    charge = gateway.open_charge(charge_request())

    page = httpx.get(charge.approve_url)
    assert "Pay 100.00 USD" in page.text
    assert f'href="https://a.test/checkout/7?token={charge.ref}"' in page.text
    agreed = httpx.post(charge.approve_url)

    assert (agreed.status_code, agreed.headers["Location"]) == (
        303, f"https://a.test/checkout/7?token={charge.ref}&PayerID=QYR5Z8XDVJNXQ",
    )  # fmt: skip
    assert gateway.read_charge(charge.ref).status is PaymentStatus.PROCESSING


def test_an_order_is_captured_once_the_buyer_has_approved_it(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = gateway.open_charge(charge_request())
    waiting = gateway.confirm_charge(charge.ref, idempotency_key="early")
    assert waiting.status is PaymentStatus.REQUIRES_ACTION, "not approved: just read"
    fakepay.control.approve(charge.ref)
    assert gateway.read_charge(charge.ref).status is PaymentStatus.PROCESSING, "the house's turn"
    charge = gateway.confirm_charge(charge.ref, idempotency_key=f"c:{charge.payment_id}")
    assert charge.status is PaymentStatus.SUCCEEDED
    assert charge.capture_ref
    assert (waiting.payer_ref, waiting.payer_wallet) == ("", "")
    assert (charge.payer_ref, charge.payer_wallet) == ("QYR5Z8XDVJNXQ", "buyer@example.com")
    assert (charge.fee_minor, charge.refunded_minor, charge.disputes) == (FEE_MINOR, 0, ())
    assert gateway.confirm_charge(charge.ref, idempotency_key="again") == charge
    assert gateway.read_charge(charge.ref) == charge
    assert books_of(fakepay, charge)["captured"] == 10_000


def test_many_confirmations_at_once_capture_once(fakepay: Fakepay, gateway: PayPalGateway) -> None:
    charge = approved_paypal(fakepay, gateway)

    def confirm(attempt: int) -> PaymentStatus:
        return gateway.confirm_charge(charge.ref, idempotency_key=f"{number()}:{attempt}").status

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(confirm, range(8))) == {PaymentStatus.SUCCEEDED}
    assert books_of(fakepay, charge)["captured"] == 10_000


def test_a_declined_means_of_payment_is_told_to_the_buyer_who_may_take_another(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = approved_paypal(fakepay, gateway)
    fakepay.control.next_capture("INSTRUMENT_DECLINED")
    with pytest.raises(Declined, match="choose another") as caught:
        gateway.confirm_charge(charge.ref, idempotency_key=f"c:{charge.payment_id}:1")
    assert caught.value.code == "instrument_declined"
    assert gateway.read_charge(charge.ref).status is PaymentStatus.REQUIRES_ACTION
    fakepay.control.approve(charge.ref)
    charge = gateway.confirm_charge(charge.ref, idempotency_key=f"c:{charge.payment_id}:2")
    assert charge.status is PaymentStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("becomes", "status"),
    [("COMPLETED", PaymentStatus.SUCCEEDED), ("DECLINED", PaymentStatus.FAILED)],
)
def test_a_capture_may_be_pending_and_end_either_way(
    fakepay: Fakepay, gateway: PayPalGateway, becomes: str, status: PaymentStatus
) -> None:
    fakepay.control.next_capture("PENDING")
    charge = paid_paypal(fakepay, gateway)
    assert charge.status is PaymentStatus.PROCESSING
    with pytest.raises(GatewayError) as caught:
        gateway.refund(move_request(charge, 100, "refund"))
    assert caught.value.permanent
    again = gateway.confirm_charge(charge.ref, idempotency_key="again")
    assert again.capture_ref == charge.capture_ref, "one capture, however often it is asked for"
    fakepay.control.capture_becomes(charge.capture_ref, becomes)
    charge = gateway.read_charge(charge.ref)
    assert charge.status is status
    assert bool(charge.failure) == (status is PaymentStatus.FAILED)


def test_an_order_given_up_is_never_captured_and_a_paid_one_is_not_given_up(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = approved_paypal(fakepay, gateway)
    assert gateway.cancel_charge(charge.ref).status is PaymentStatus.CANCELED
    taken = paid_paypal(fakepay, gateway)
    assert gateway.cancel_charge(taken.ref) == taken


def test_captured_orders_are_listed_and_unheard_ones_cannot_be(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    since = clock.now() - timedelta(seconds=1)
    taken = [paid_paypal(fakepay, gateway) for _ in range(3)]
    unpaid = gateway.open_charge(charge_request())
    listed = list(gateway.list_charges(since))
    assert all(charge in listed for charge in taken)
    assert unpaid.ref not in [charge.ref for charge in listed]
    assert unpaid.payment_id is not None
    assert gateway.find_charge(unpaid.payment_id, since) is None


# -- moves ---------------------------------------------------------------------------------------


def test_a_refund_gives_back_a_part_and_then_the_rest_and_no_more(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = paid_paypal(fakepay, gateway)
    part = gateway.refund(move_request(charge, 4_000, "refund"))
    assert (part.status, part.amount_minor) == ("done", 4_000)
    assert gateway.refund(move_request(charge, 4_000, "refund")) == part
    assert gateway.read_move(CallKind.REFUND, part.ref) == part
    assert gateway.read_charge(charge.ref).refunded_minor == 4_000
    over = move_request(charge, 6_001, "refund", idempotency_key=f"over:{charge.payment_id}")
    with pytest.raises(GatewayError) as caught:
        gateway.refund(over)
    assert (caught.value.permanent, caught.value.unknown) == (True, False)
    assert caught.value.code == "REFUND_AMOUNT_EXCEEDED"
    rest = move_request(charge, 6_000, "refund", idempotency_key=f"rest:{charge.payment_id}")
    assert gateway.refund(rest).status == "done"
    charge = gateway.read_charge(charge.ref)
    assert (charge.status, charge.refunded_minor) == (PaymentStatus.SUCCEEDED, 10_000)


def test_a_seller_is_paid_once_by_a_payout(fakepay: Fakepay, gateway: PayPalGateway) -> None:
    charge = paid_paypal(fakepay, gateway)
    request = payout_request(charge, 9_000)
    sent = gateway.transfer(request)
    assert (sent.status, sent.amount_minor) == ("pending", 9_000)
    assert gateway.transfer(request) == sent
    done = gateway.read_move(CallKind.TRANSFER, sent.ref)
    assert (done.status, done.amount_minor, done.error) == ("done", 9_000, "")


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("UNCLAIMED", "done"),
        ("PENDING", "pending"),
        ("ONHOLD", "pending"),
        ("FAILED", "failed"),
        ("BLOCKED", "failed"),
        ("RETURNED", "failed"),
    ],
)
def test_a_payout_may_end_otherwise(
    fakepay: Fakepay, gateway: PayPalGateway, outcome: str, status: str
) -> None:
    charge, receiver = paid_paypal(fakepay, gateway), f"r{number()}@example.com"
    fakepay.control.receiver(receiver, outcome)
    sent = gateway.transfer(payout_request(charge, 5_000, account_ref=receiver))
    move = gateway.read_move(CallKind.TRANSFER, sent.ref)
    assert move.status == status
    assert bool(move.error) == (status == "failed")


def test_an_unclaimed_payout_comes_back_after_a_month(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge, receiver = paid_paypal(fakepay, gateway), f"r{number()}@example.com"
    fakepay.control.receiver(receiver, "UNCLAIMED")
    sent = gateway.transfer(payout_request(charge, 5_000, account_ref=receiver))
    with another_program(fakepay) as client:
        batch = client.get(f"/v1/payments/payouts/{sent.ref}").json()
    fakepay.control.payout_item_becomes(batch["items"][0]["payout_item_id"], "RETURNED")
    assert gateway.read_move(CallKind.TRANSFER, sent.ref).status == "failed"


def test_an_empty_account_is_no_reason_to_give_up(fakepay: Fakepay, gateway: PayPalGateway) -> None:
    charge = paid_paypal(fakepay, gateway, currency="NOK")
    request = payout_request(charge, 10_000)
    with pytest.raises(GatewayError) as caught:
        gateway.transfer(request)  # the fee is missing
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    paid_paypal(fakepay, gateway, currency="NOK")
    assert gateway.transfer(request).status == "pending", "the same words, later"


def test_a_batch_sent_before_is_found_though_the_refusal_has_no_link(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = paid_paypal(fakepay, gateway)
    request = payout_request(charge, 3_000)
    with another_program(fakepay) as client:
        item = {"recipient_type": "EMAIL", "receiver": request.account_ref}
        item["amount"] = {"currency": "USD", "value": "30.00"}
        header = {"sender_batch_id": request.idempotency_key}
        body = {"sender_batch_header": header, "items": [item]}
        first = client.post("/v1/payments/payouts", json=body).json()["batch_header"]
    move = gateway.transfer(request)
    assert (move.ref, move.status) == (first["payout_batch_id"], "done")
    assert books_of(fakepay, charge).get("paid_out", 0) + 3_000 <= 10_000


def test_a_payout_first_tried_a_month_ago_is_left_to_staff(
    fakepay: Fakepay, gateway: PayPalGateway
) -> None:
    charge = paid_paypal(fakepay, gateway)
    request = payout_request(charge, 100, first_sent_at=clock.now() - timedelta(days=30))
    with pytest.raises(GatewayError) as caught:
        gateway.transfer(request)
    assert (caught.value.permanent, caught.value.code) == (True, "key_expired")


def test_a_payout_is_never_taken_back(fakepay: Fakepay, gateway: PayPalGateway) -> None:
    charge = paid_paypal(fakepay, gateway)
    with pytest.raises(GatewayError, match="takes no payout back") as caught:
        gateway.reverse(move_request(charge, 100, "reversal", transfer_ref="X"))
    assert (caught.value.permanent, caught.value.code) == (True, "not_supported")
    with pytest.raises(GatewayError):
        gateway.read_move(CallKind.REVERSAL, "X")


def test_the_balance_is_all_the_account_holds(fakepay: Fakepay, gateway: PayPalGateway) -> None:
    before = gateway.balance_minor("USD")
    paid_paypal(fakepay, gateway)
    assert gateway.balance_minor("USD") == before + 10_000 - FEE_MINOR
    assert gateway.balance_minor("THB") == 0


# -- disputes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["won", "lost"])
def test_a_dispute_is_open_until_paypal_decides(
    fakepay: Fakepay, gateway: PayPalGateway, verdict: str
) -> None:
    charge = paid_paypal(fakepay, gateway)
    opened = fakepay.control.paypal_dispute(charge.capture_ref, amount=6_000)
    (dispute,) = gateway.read_charge(charge.ref).disputes
    assert (dispute.ref, dispute.status) == (opened["dispute_id"], "open")
    assert (dispute.amount_minor, dispute.reason) == (6_000, opened["reason"].lower())
    fakepay.control.paypal_resolve(dispute.ref, verdict)
    charge = gateway.read_charge(charge.ref)
    assert charge.status is PaymentStatus.SUCCEEDED, "disputes are told beside the status"
    assert [one.status for one in charge.disputes] == [verdict]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("RESOLVED_BUYER_FAVOUR", "lost"),
        ("ACCEPTED", "lost"),
        ("RESOLVED_SELLER_FAVOUR", "won"),
        ("RESOLVED_WITH_PAYOUT", "won"),
        ("CANCELED_BY_BUYER", "won"),
        ("DENIED", "won"),
        ("NONE", "won"),
        ("INVENTED_TOMORROW", "open"),
    ],
)
def test_every_outcome_of_a_dispute_is_understood(outcome: str, status: str) -> None:
    thing = {
        "dispute_id": "PP-D-1",
        "status": "RESOLVED",
        "reason": "UNAUTHORISED",
        "dispute_amount": {"currency_code": "EUR", "value": "5.00"},
        "dispute_outcome": {"outcome_code": outcome},
    }
    assert dispute_of(thing, "EUR", 9_900).status == status
    assert dispute_of(thing, "EUR", 9_900).amount_minor == 500
    assert dispute_of(thing, "USD", 9_900).amount_minor == 9_900, "no rate is made up"
