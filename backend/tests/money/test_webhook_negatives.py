"""Stripe's webhooks that must not be believed, and those that must: at the gateway, by table."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core import clock
from apps.payments.integrations.base import InvalidWebhook
from apps.payments.integrations.stripe_handler import StripeGateway
from tests.fakepay.client import Fakepay
from tests.fakepay.receiver import running_receiver
from tests.fakepay.seals import stripe_signature
from tests.money.gateways import charge_request, move_request, stripe_gateway

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
SECRET, OTHER_SECRET = "whsec_one", "whsec_two"
STAMP = int(NOW.timestamp())


def gateway_with(key: str = "sk_test_1", secrets: tuple[str, ...] = (SECRET,)) -> StripeGateway:
    return StripeGateway(
        {"secret_key": key, "webhook_secrets": list(secrets), "api": "http://127.0.0.1:9"}
    )


def event(kind: str = "payment_intent.succeeded", **change: Any) -> bytes:
    whole = {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "livemode": False,
        "data": {"object": {"id": "pi_1"}},
        **change,
    }
    return msgspec.json.encode({name: part for name, part in whole.items() if part is not ...})


def read(
    body: bytes, header: str | None, gateway: StripeGateway | None = None
) -> tuple[str, str, str]:
    headers = {} if header is None else {"stripe-signature": header}
    notice = (gateway or gateway_with()).read_webhook(body, headers, NOW)
    return notice.kind, notice.subject, notice.ref


def header_of(body: bytes, *, secret: str = SECRET, age_seconds: int = 0) -> str:
    return stripe_signature(body, secret, STAMP - age_seconds)


GOOD = event()

SIGNATURES: dict[str, str | None] = {
    "none": None,
    "empty": "",
    "nonsense": "hello",
    "of another secret": header_of(GOOD, secret=OTHER_SECRET),
    "of another body": header_of(GOOD + b" "),
    "too old": header_of(GOOD, age_seconds=301),
    "of the future": header_of(GOOD, age_seconds=-301),
    "of tomorrow": header_of(GOOD, age_seconds=-86400),
    "scheme v0": header_of(GOOD).replace("v1=", "v0="),
    "without a time": header_of(GOOD).partition(",")[2],
    "with two times": f"t={STAMP},{header_of(GOOD, age_seconds=900)}",
    "with a time that is none": header_of(GOOD).replace(f"t={STAMP}", "t=now"),
    "with a negative time": header_of(GOOD).replace("t=", "t=-"),
    "with an endless time": header_of(GOOD).replace("t=", "t=" + "9" * 400),
    "with digits of another script": header_of(GOOD).replace(str(STAMP)[0], "\u0661", 1),
    "cut": header_of(GOOD)[:-1],
    "not ASCII": f"t={STAMP},v1=\u00e9",
    "without a value": f"t={STAMP},v1",
    "of PayPal": "lmI95Jx3Y9nhR5SJWlHVIWpg4AgFk7n9bCHSRxbrd8A9zrhdu2rMyFrmz==",
}


@pytest.mark.parametrize("case", SIGNATURES)
def test_a_signature_that_is_not_ours_is_refused(case: str) -> None:
    with pytest.raises(InvalidWebhook) as caught:
        read(GOOD, SIGNATURES[case])
    assert SECRET not in str(caught.value)


BODIES: dict[str, bytes] = {
    "empty": b"",
    "not JSON": b"hello",
    "half of JSON": GOOD[:-5],
    "not UTF-8": b'{"id":"\xff"}',
    "UTF-16": GOOD.decode().encode("utf-16"),
    "array": b"[" + GOOD + b"]",
    "text": b'"event"',
    "number": b"7",
    "null": b"null",
    "too deep": b"[" * 100_000,
    "another object": event(object="charge"),
    "thin event": event(object="v2.core.event"),
    "envelope": msgspec.json.encode({"detail": msgspec.json.decode(GOOD)}),
    "without id": event(id=...),
    "with an id that is none": event(id=7),
    "with an endless id": event(id="evt_" + "1" * 200),
    "without type": event(type=...),
    "with a type that is none": event(type=["payment_intent.succeeded"]),
    "without data": event(data=...),
    "with data that are none": event(data=[]),
    "without an object": event(data={}),
    "live": event(livemode=True),
    "of no mode": event(livemode=...),
    "of a mode that is none": event(livemode=0),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_signed_body_that_is_no_event_of_ours_is_refused(case: str) -> None:
    body = BODIES[case]
    with pytest.raises(InvalidWebhook):
        read(body, header_of(body))


@given(body=st.binary(max_size=200), header=st.text(max_size=80), is_signed=st.booleans())
def test_whatever_comes_is_an_event_or_an_invalid_webhook(
    body: bytes, header: str, is_signed: bool
) -> None:
    with pytest.raises(InvalidWebhook):
        read(body, header_of(body) if is_signed else header)


def test_without_a_secret_nothing_is_believed() -> None:
    empty = stripe_signature(GOOD, "", STAMP)
    for secrets in ((), ("",)):
        with pytest.raises(InvalidWebhook):
            read(GOOD, empty, gateway_with(secrets=secrets))


@pytest.mark.parametrize(
    "header",
    [
        header_of(GOOD),
        header_of(GOOD, age_seconds=299),
        header_of(GOOD, age_seconds=-299),
        header_of(GOOD, secret=OTHER_SECRET),
        header_of(GOOD, secret="whsec_gone") + "," + header_of(GOOD).partition(",")[2],
    ],
    ids=["fresh", "old", "ahead", "of the second secret", "second of two signatures"],
)
def test_a_signature_that_is_ours_is_believed(header: str) -> None:
    gateway = gateway_with(secrets=(SECRET, OTHER_SECRET))
    assert read(GOOD, header, gateway) == ("payment_intent.succeeded", "charge", "pi_1")


@pytest.mark.parametrize("key", ["sk_live_1", "rk_live_1"])
def test_a_live_house_believes_live_events_only(key: str) -> None:
    live = event(livemode=True)
    assert read(live, header_of(live), gateway_with(key))[1] == "charge"
    with pytest.raises(InvalidWebhook, match="other mode"):
        read(GOOD, header_of(GOOD), gateway_with(key))


CHARGE = {"id": "ch_1", "payment_intent": "pi_1"}
DISPUTE = {"id": "du_1", "charge": "ch_1", "payment_intent": "pi_1"}
INVOICE = {"id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}}
CHECKOUT = {"id": "cs_1", "mode": "subscription", "subscription": "sub_1"}
KINDS: list[tuple[str, dict[str, Any], str, str]] = [
    ("payment_intent.succeeded", {"id": "pi_1"}, "charge", "pi_1"),
    ("payment_intent.payment_failed", {"id": "pi_1"}, "charge", "pi_1"),
    ("payment_intent.canceled", {"id": "pi_1"}, "charge", "pi_1"),
    ("payment_intent.processing", {"id": "pi_1"}, "charge", "pi_1"),
    ("payment_intent.requires_action", {"id": "pi_1"}, "charge", "pi_1"),
    ("charge.refunded", CHARGE, "charge", "pi_1"),
    ("refund.created", {**DISPUTE, "id": "re_1"}, "move", "re_1"),
    ("refund.updated", {"id": "re_1"}, "move", "re_1"),
    ("refund.failed", {"id": "re_1"}, "move", "re_1"),
    ("transfer.created", {"id": "tr_1"}, "move", "tr_1"),
    ("transfer.reversed", {"id": "tr_1"}, "move", "tr_1"),
    ("charge.dispute.created", DISPUTE, "dispute", "pi_1"),
    ("charge.dispute.updated", DISPUTE, "dispute", "pi_1"),
    ("charge.dispute.funds_withdrawn", DISPUTE, "dispute", "pi_1"),
    ("charge.dispute.funds_reinstated", DISPUTE, "dispute", "pi_1"),
    ("charge.dispute.closed", {**DISPUTE, "payment_intent": None}, "dispute", "ch_1"),
    ("customer.subscription.created", {"id": "sub_1"}, "subscription", "sub_1"),
    ("customer.subscription.updated", {"id": "sub_1"}, "subscription", "sub_1"),
    ("customer.subscription.deleted", {"id": "sub_1"}, "subscription", "sub_1"),
    ("customer.subscription.paused", {"id": "sub_1"}, "subscription", "sub_1"),
    ("customer.subscription.resumed", {"id": "sub_1"}, "subscription", "sub_1"),
    ("invoice.paid", INVOICE, "subscription", "sub_1"),
    ("invoice.payment_failed", INVOICE, "subscription", "sub_1"),
    ("invoice.payment_action_required", INVOICE, "subscription", "sub_1"),
    ("invoice.paid", {"id": "in_1", "parent": None}, "", ""),
    ("invoice.paid", {"id": "in_1", "subscription": "sub_1"}, "subscription", "sub_1"),
    ("checkout.session.completed", CHECKOUT, "subscription", "cs_1"),
    ("checkout.session.expired", CHECKOUT, "subscription", "cs_1"),
    ("checkout.session.completed", {**CHECKOUT, "mode": "payment"}, "", ""),
    ("account.updated", {"id": "acct_1"}, "account", "acct_1"),
    ("payout.failed", {"id": "po_1"}, "", ""),
    ("radar.early_fraud_warning.created", {"id": "issfr_1"}, "", ""),
    ("invented.tomorrow", {"id": "x_1"}, "", ""),
    ("payment_intent.succeeded", {"id": {"of": "another type"}}, "", ""),
    ("payment_intent.succeeded", {}, "", ""),
    ("payment_intent.succeeded", {"id": "pi_" + "1" * 300}, "", ""),
]


@pytest.mark.parametrize(("kind", "thing", "subject", "ref"), KINDS)
def test_every_kind_says_what_to_read_again(
    kind: str, thing: dict[str, Any], subject: str, ref: str
) -> None:
    body = event(kind, data={"object": thing})
    assert read(body, header_of(body)) == (kind, subject, ref)


@pytest.mark.parametrize(
    ("kind", "subject", "ref"),
    [
        ("payment_intent.succeeded", "", ""),
        ("refund.created", "", ""),
        ("account.updated", "account", "acct_7"),
        ("payout.failed", "account", "acct_7"),
    ],
)
def test_of_a_sellers_own_business_only_his_account_concerns_us(
    kind: str, subject: str, ref: str
) -> None:
    body = event(kind, account="acct_7")
    assert read(body, header_of(body)) == (kind, subject, ref)


def test_what_stripe_really_sends_is_read(fakepay: Fakepay) -> None:
    gateway = stripe_gateway(fakepay)
    with running_receiver() as receiver:
        fakepay.control.register("stripe", receiver.url)
        charge = gateway.open_charge(charge_request())
        fakepay.control.pay(charge.ref)
        charge = gateway.read_charge(charge.ref)
        refund = gateway.refund(move_request(charge, 100, "refund"))
        fakepay.control.dispute(charge.capture_ref)
        fakepay.control.wait_until_delivered()
    notices = [
        gateway.read_webhook(one.body, one.headers, clock.now()) for one in receiver.arrivals
    ]
    told = {(notice.kind, notice.subject, notice.ref) for notice in notices}
    assert ("payment_intent.succeeded", "charge", charge.ref) in told
    assert ("charge.refunded", "charge", charge.ref) in told
    assert ("refund.created", "move", refund.ref) in told
    assert ("charge.dispute.created", "dispute", charge.ref) in told
    assert ("charge.succeeded", "", "") in told
