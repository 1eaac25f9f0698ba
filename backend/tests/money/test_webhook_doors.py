"""The two doors of webhooks: what is believed is stored once, all else changes nothing."""

import json

import pytest

from apps.core import clock
from apps.payments import inbox, worker
from apps.payments.models import InboxEvent, Payment, StateChange
from tests.fakepay.seals import stripe_signature
from tests.money.market import sell

pytestmark = pytest.mark.django_db

SECRET = "whsec_of_the_house"
STRIPE, PAYPAL = "/api/payments/stripe-webhook/", "/api/payments/paypal-webhook/"


@pytest.fixture(autouse=True)
def _keys(settings):
    settings.STRIPE = settings.STRIPE | {"secret_key": "sk_test_1", "webhook_secrets": [SECRET]}


def event(kind="payment_intent.succeeded", **change):
    whole = {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "livemode": False,
        "data": {"object": {"id": "pi_1", "object": "payment_intent"}},
    }
    return json.dumps(whole | change).encode()


def tell(api, body, *, path=STRIPE, secret=SECRET, age_seconds=0, **headers):
    stamp = int(clock.now().timestamp()) - age_seconds
    headers.setdefault("HTTP_STRIPE_SIGNATURE", stripe_signature(body, secret, stamp))
    return api().generic("POST", path, body, content_type="application/json", **headers)


def test_a_signed_event_is_stored_and_nothing_else_is_done(api):
    answer = tell(api, event())

    assert (answer.status_code, answer.json()) == (200, {"received": True})
    row = InboxEvent.objects.get()
    assert (row.event_id, row.object_ref, row.state) == ("evt_1", "charge:pi_1", "waiting")
    assert bytes(row.body) == event()
    assert not StateChange.objects.exists()


def test_a_hundred_replays_are_one_event(api):
    answers = {tell(api, event()).status_code for _ in range(100)}

    assert answers == {200}
    assert InboxEvent.objects.count() == 1


def test_a_copy_is_answered_also_when_its_signature_has_grown_old(api):
    tell(api, event())

    assert tell(api, event(), age_seconds=3600).status_code == 200
    assert tell(api, event(created=1), age_seconds=3600).status_code == 400
    assert InboxEvent.objects.count() == 1


def test_a_kind_we_do_not_know_is_stored_and_left_alone(api):
    assert tell(api, event("customer.tax_id.created")).status_code == 200

    assert InboxEvent.objects.get().state == "ignored"
    assert inbox.apply_waiting(clock.now(), 10) == 0


FORGED = {
    "no signature": {"HTTP_STRIPE_SIGNATURE": ""},
    "nonsense": {"HTTP_STRIPE_SIGNATURE": "t=1,v1=abc"},
    "another secret": {"secret": "whsec_another"},
    "too old": {"age_seconds": 3600},
    "from the future": {"age_seconds": -86_400},
}


@pytest.mark.parametrize("forgery", FORGED.values(), ids=FORGED)
def test_what_stripe_has_not_signed_is_refused(api, forgery):
    answer = tell(api, event(), **forgery)

    assert answer.status_code == 400
    assert "error" in answer.json()
    assert SECRET not in answer.content.decode()
    assert not InboxEvent.objects.exists()


BODIES = {
    "nothing": b"",
    "no JSON": b"hello",
    "an array": b"[1]",
    "a number": b"7",
    "no UTF-8": b'{"id": "\xff"}',
    "no event": b"{}",
    "of live money": event(livemode=True),
    "deep": b"[" * 20_000,
    "an id no database keeps": event(id="evt_\x00"),
    "half a character": b'{"id": "evt_\\ud800", "object": "event"}',
    "an id without end": event(id="e" * 10_000),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_signed_body_that_is_no_event_of_ours_is_refused(api, body):
    answer = tell(api, body)

    assert answer.status_code == 400, answer.content
    assert not InboxEvent.objects.exists()


@pytest.mark.parametrize("path", [STRIPE, PAYPAL])
def test_a_body_too_large_is_refused_unread(api, path):
    answer = tell(api, b"x" * (1024 * 1024), path=path)

    assert answer.status_code == 413


def test_stripes_signature_opens_no_door_of_paypal(api):
    assert tell(api, event(), path=PAYPAL).status_code == 400
    assert not InboxEvent.objects.exists()


@pytest.mark.parametrize("path", [STRIPE, PAYPAL])
def test_a_house_without_keys_believes_nobody(api, settings, path):
    settings.STRIPE = settings.STRIPE | {"secret_key": "", "webhook_secrets": []}

    assert tell(api, event(), path=path, secret="").status_code == 400


@pytest.mark.parametrize("path", [STRIPE, PAYPAL])
@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_a_webhook_is_posted(api, path, method):
    assert getattr(api(), method)(path).status_code == 405


def test_a_believable_event_about_a_payment_of_another_provider_moves_nothing(api, cast):
    auction = sell(cast)
    body = {"auction_id": auction.pk, "payment_method": "paypal"}
    assert api(cast.bidder1).post("/api/payments/", body).status_code == 201
    payment = Payment.objects.get()

    tell(api, event(data={"object": {"id": payment.provider_ref, "object": "payment_intent"}}))
    InboxEvent.objects.filter(provider="sandbox").delete()
    worker.do_due_work()

    payment.refresh_from_db()
    assert payment.status == "requires_action"
