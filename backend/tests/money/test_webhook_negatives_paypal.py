"""PayPal's webhooks that must not be believed, and those that must: at the gateway, by table."""

import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives import hashes
from hypothesis import given
from hypothesis import strategies as st

from apps.core import clock
from apps.payments.integrations.base import InvalidWebhook
from tests.fakepay.client import Fakepay
from tests.fakepay.receiver import Arrival, running_receiver
from tests.fakepay.seals import forge_crc32, stripe_signature
from tests.money.gateways import charge_request, move_request, paypal_gateway
from tests.money.post_office import (
    CERTIFICATES,
    EVENT,
    GOOD,
    READ,
    Page,
    Sender,
    gateway_at,
    refused,
)

# -- signatures ----------------------------------------------------------------------------------


def test_a_signed_webhook_is_believed_as_often_as_it_comes(sender: Sender) -> None:
    headers = sender.send(GOOD)
    assert sender.read(GOOD, headers) == READ
    fetched = sender.office.asked.count(f"{CERTIFICATES}CERT-good")
    for _ in range(100):
        assert sender.read(GOOD, headers) == READ
    assert sender.read(GOOD, sender.send(GOOD, age_seconds=590)) == READ
    assert sender.read(GOOD, sender.send(GOOD, age_seconds=-590)) == READ
    assert sender.office.asked.count(f"{CERTIFICATES}CERT-good") == fetched, "kept by its address"


@pytest.mark.parametrize(
    "name",
    ["transmission-id", "transmission-time", "transmission-sig", "cert-url", "auth-algo"],
)
@pytest.mark.parametrize("value", [None, "", "x", "\u00e9", "x" * 2000])
def test_a_header_that_is_missing_or_none_is_refused(
    sender: Sender, name: str, value: str | None
) -> None:
    headers = {**sender.send(GOOD), f"paypal-{name}": value}
    refused(sender, GOOD, {key: text for key, text in headers.items() if text is not None})


def test_a_signature_that_is_not_of_this_webhook_is_refused(sender: Sender) -> None:
    refused(sender, GOOD, {})
    refused(sender, GOOD + b" ", sender.send(GOOD))
    refused(sender, GOOD, sender.send(GOOD, webhook_id="SOMEBODYELSES"))
    refused(sender, GOOD, sender.send(GOOD, age_seconds=601))
    refused(sender, GOOD, sender.send(GOOD, age_seconds=-601))
    stamp = int(clock.now().timestamp())
    refused(sender, GOOD, {"stripe-signature": stripe_signature(GOOD, "whsec_1", stamp)})
    late = {**sender.send(GOOD, age_seconds=3600)}
    late["paypal-transmission-time"] = sender.send(GOOD)["paypal-transmission-time"]
    refused(sender, GOOD, late)
    naive = {**sender.send(GOOD)}
    naive["paypal-transmission-time"] = naive["paypal-transmission-time"].rstrip("Z")
    refused(sender, GOOD, naive)


def test_a_weaker_algorithm_is_refused_though_it_is_signed_by_it(sender: Sender) -> None:
    weak = sender.send(GOOD, algorithm=hashes.SHA1())
    refused(sender, GOOD, weak)
    refused(sender, GOOD, {**weak, "paypal-auth-algo": "SHA1withRSA"})
    for word in ("SHA256withECDSA", "none", "sha256withrsa"):
        refused(sender, GOOD, {**sender.send(GOOD), "paypal-auth-algo": word})


BODIES: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"hello",
    "not UTF-8": b'{"id":"\xff"}',
    "array": b"[" + GOOD + b"]",
    "text": b'"WH-1-2"',
    "null": b"null",
    "too deep": b"[" * 100_000,
    "without id": b"{}",
    "with an id that is none": b'{"id":7}',
    "with an id that is a path": b'{"id":"../../v1/oauth2/token"}',
    "with an id that asks": b'{"id":"WH-1-2?x=1"}',
    "with an endless id": b'{"id":"' + b"W" * 65 + b'"}',
}


@pytest.mark.parametrize("case", BODIES)
def test_a_signed_body_that_is_no_event_is_refused(sender: Sender, case: str) -> None:
    refused(sender, BODIES[case], sender.send(BODIES[case]))


@given(body=st.binary(max_size=200), is_signed=st.booleans(), text=st.text(max_size=40))
def test_whatever_comes_is_an_event_or_an_invalid_webhook(
    sender: Sender, body: bytes, is_signed: bool, text: str
) -> None:
    headers = sender.send(body) if is_signed else {**sender.send(GOOD), "paypal-cert-url": text}
    refused(sender, body, headers)


def test_without_a_webhook_id_nothing_is_believed(sender: Sender, authorities: str) -> None:
    gateway = gateway_at(sender.office, authorities, webhook_id="")
    with pytest.raises(InvalidWebhook, match="PAYPAL_WEBHOOK_ID"):
        gateway.read_webhook(GOOD, sender.send(GOOD, webhook_id=""), clock.now())


# -- what PayPal itself says ---------------------------------------------------------------------


def test_an_event_paypal_does_not_know_is_refused(sender: Sender) -> None:
    body = msgspec.json.encode({**EVENT, "id": "WH-9-9"})
    with pytest.raises(InvalidWebhook, match="knows no such event"):
        sender.read(body, sender.send(body))


@pytest.mark.parametrize(
    "answer",
    [
        Page(b"{}", 500),
        Page(b"{}", 401),
        Page(b"hello"),
        Page(b"[]"),
        Page(b'{"id":"WH-7-7"}'),
        Page(b'{"id":"WH-8-8","event_type":"X","resource":{}}'),
        Page(b'{"id":"WH-7-7","event_type":7,"resource":{}}'),
        Page(b'{"id":"WH-7-7","event_type":"X","resource":[]}'),
    ],
)
def test_an_event_paypal_does_not_show_is_refused(sender: Sender, answer: Page) -> None:
    sender.office.pages["/v1/notifications/webhooks-events/WH-7-7"] = answer
    body = b'{"id":"WH-7-7"}'
    with pytest.raises(InvalidWebhook):
        sender.read(body, sender.send(body))


def test_a_forged_body_under_a_genuine_signature_changes_nothing(sender: Sender) -> None:
    """PayPal signs of a body its CRC-32 only: whoever has one signature can put it under lies."""
    headers = sender.send(GOOD)
    crc = zlib.crc32(GOOD)
    lie = {
        "id": EVENT["id"],
        "event_type": "PAYMENT.CAPTURE.COMPLETED",
        "resource": {"id": "MINE", "supplementary_data": {"related_ids": {"order_id": "MINE"}}},
    }
    forged = forge_crc32(lie, crc)
    assert b"MINE" in forged
    assert sender.read(forged, headers) == READ, "the signature fits; PayPal's answer counts"
    invented = forge_crc32({**lie, "id": "WH-0-0"}, crc)
    with pytest.raises(InvalidWebhook, match="knows no such event"):
        sender.read(invented, headers)


def arrivals_of(fakepay: Fakepay) -> list[Arrival]:
    """What PayPal really sends of a payment: approved, captured, refunded, disputed, paid out."""
    gateway = paypal_gateway(fakepay)
    with running_receiver() as receiver:
        fakepay.control.register("paypal", receiver.url)
        charge = gateway.open_charge(charge_request())
        fakepay.control.approve(charge.ref)
        charge = gateway.confirm_charge(charge.ref, idempotency_key=f"c:{charge.payment_id}")
        gateway.refund(move_request(charge, 100, "refund"))
        fakepay.control.paypal_dispute(charge.capture_ref, amount=1_000)
        request = move_request(charge, 100, "transfer", account_ref="s@example.com")
        gateway.transfer(request)
        fakepay.control.wait_until_delivered()
    return receiver.arrivals


@pytest.mark.parametrize("check", ["cert", "api"])
def test_what_paypal_really_sends_is_read(fakepay: Fakepay, tmp_path: Path, check: str) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(fakepay.paypal_authority_pem)
    gateway = paypal_gateway(fakepay, webhook_check=check, webhook_authorities=str(roots))
    arrivals = arrivals_of(fakepay)
    told = {}
    for one in arrivals:
        notice = gateway.read_webhook(one.body, one.headers, clock.now())
        told[notice.kind] = (notice.subject, notice.ref)
    captured = told["PAYMENT.CAPTURE.REFUNDED"][1]
    charge = gateway.read_charge(told["CHECKOUT.ORDER.APPROVED"][1])
    assert captured == charge.capture_ref
    assert told["CHECKOUT.ORDER.APPROVED"] == ("charge", charge.ref)
    assert told["PAYMENT.CAPTURE.COMPLETED"] == ("charge", charge.ref)
    assert told["PAYMENT.CAPTURE.REFUNDED"] == ("charge", captured)
    assert told["CUSTOMER.DISPUTE.CREATED"] == ("dispute", captured)
    batch = told["PAYMENT.PAYOUTS-ITEM.SUCCEEDED"]
    assert batch == told["PAYMENT.PAYOUTSBATCH.SUCCESS"]
    assert batch[0] == "move"
    assert gateway.read_move("transfer", batch[1]).amount_minor == 100


@pytest.mark.parametrize("check", ["cert", "api"])
def test_the_same_webhook_tampered_with_is_refused(
    fakepay: Fakepay, tmp_path: Path, check: str
) -> None:
    roots = tmp_path / "roots.pem"
    roots.write_bytes(fakepay.paypal_authority_pem)
    settings = {"webhook_check": check, "webhook_authorities": str(roots)}
    gateway = paypal_gateway(fakepay, **settings)
    arrivals = arrivals_of(fakepay)
    one = next(it for it in arrivals if it.event["event_type"] == "CHECKOUT.ORDER.APPROVED")
    assert gateway.read_webhook(one.body, one.headers, clock.now()).subject == "charge"
    signature = one.headers["paypal-transmission-sig"]
    changes = [
        {"paypal-transmission-sig": signature[:-8] + "AAAAAAA="},
        {"paypal-transmission-id": "another"},
        {"paypal-auth-algo": "SHA1withRSA"},
    ]
    for change in changes:
        with pytest.raises(InvalidWebhook):
            gateway.read_webhook(one.body, {**one.headers, **change}, clock.now())
    tampered = one.body.replace(b"ORDER.APPROVED", b"ORDER.COMPLETED")
    assert tampered != one.body
    with pytest.raises(InvalidWebhook):
        gateway.read_webhook(tampered, one.headers, clock.now())
    other = paypal_gateway(fakepay, **settings, webhook_id="9XL90610J3647323C")
    with pytest.raises(InvalidWebhook):
        other.read_webhook(one.body, one.headers, clock.now())
    fakepay.control.chaos(error_rate=1, kinds=["500_before"])
    with pytest.raises(InvalidWebhook):
        gateway.read_webhook(one.body, one.headers, clock.now())


REFUND = {"id": "R1", "links": [{"rel": "up", "href": "https://x/v2/payments/captures/C1"}]}
CAPTURE = {"id": "C1", "supplementary_data": {"related_ids": {"order_id": "O1"}}}
DISPUTE = {"dispute_id": "PP-1", "disputed_transactions": [{"seller_transaction_id": "C1"}]}
KINDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("CHECKOUT.ORDER.APPROVED", {"id": "O1"}, "charge", "O1"),
    ("CHECKOUT.ORDER.COMPLETED", {"id": "O1"}, "charge", "O1"),
    ("CHECKOUT.PAYMENT-APPROVAL.REVERSED", {"order_id": "O1"}, "charge", "O1"),
    ("PAYMENT.CAPTURE.COMPLETED", CAPTURE, "charge", "O1"),
    ("PAYMENT.CAPTURE.PENDING", CAPTURE, "charge", "O1"),
    ("PAYMENT.CAPTURE.DENIED", CAPTURE, "charge", "O1"),
    ("PAYMENT.CAPTURE.DENIED", {"id": "C1"}, "", ""),
    ("PAYMENT.CAPTURE.REFUNDED", REFUND, "charge", "C1"),
    ("PAYMENT.CAPTURE.REVERSED", REFUND, "dispute", "C1"),
    ("PAYMENT.CAPTURE.REVERSED", CAPTURE, "dispute", "C1"),
    ("PAYMENT.REFUND.PENDING", REFUND, "move", "R1"),
    ("PAYMENT.REFUND.FAILED", REFUND, "move", "R1"),
    ("CUSTOMER.DISPUTE.CREATED", DISPUTE, "dispute", "C1"),
    ("CUSTOMER.DISPUTE.UPDATED", DISPUTE, "dispute", "C1"),
    ("CUSTOMER.DISPUTE.RESOLVED", DISPUTE, "dispute", "C1"),
    ("CUSTOMER.DISPUTE.RESOLVED", {"disputed_transactions": []}, "", ""),
    ("PAYMENT.PAYOUTS-ITEM.RETURNED", {"payout_batch_id": "B1"}, "move", "B1"),
    ("PAYMENT.PAYOUTS-ITEM.UNCLAIMED", {"payout_batch_id": "B1"}, "move", "B1"),
    ("PAYMENT.PAYOUTSBATCH.DENIED", {"batch_header": {"payout_batch_id": "B1"}}, "move", "B1"),
    ("BILLING.SUBSCRIPTION.ACTIVATED", {"id": "I-1"}, "subscription", "I-1"),
    ("BILLING.SUBSCRIPTION.CANCELLED", {"id": "I-1"}, "subscription", "I-1"),
    ("BILLING.SUBSCRIPTION.PAYMENT.FAILED", {"id": "I-1"}, "subscription", "I-1"),
    ("PAYMENT.SALE.COMPLETED", {"billing_agreement_id": "I-1"}, "subscription", "I-1"),
    ("PAYMENT.SALE.COMPLETED", {"id": "S1"}, "", ""),
    ("CHECKOUT.ORDER.APPROVED", {"id": 7}, "", ""),
    ("CHECKOUT.ORDER.APPROVED", {"id": "O" * 300}, "", ""),
    ("CUSTOMER.MERCHANT-INTEGRATION.CAPABILITY-UPDATED", {"id": "M1"}, "", ""),
    ("INVENTED.TOMORROW", {"id": "X1"}, "", ""),
]


@pytest.mark.parametrize(("kind", "resource", "subject", "ref"), KINDS)
def test_every_kind_says_what_to_read_again(
    sender: Sender, kind: str, resource: dict[str, Any], subject: str, ref: str
) -> None:
    event = {"id": "WH-5-5", "event_type": kind, "resource": resource}
    sender.office.keep_event(event)
    body = msgspec.json.encode(event)
    assert sender.read(body, sender.send(body)) == (kind, subject, ref)
