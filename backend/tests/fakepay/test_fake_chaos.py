"""The fake's mischief, its memory for keys, its signatures, its books."""

import base64
import threading
import zlib
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import stripe
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from tests.fakepay.client import Fakepay, running_fakepay
from tests.fakepay.receiver import Receiver, running_receiver
from tests.fakepay.seals import forge_crc32, paypal_message
from tests.fakepay.sellers import paypal_client, paypal_order, stripe_client

INTENT: Any = {"amount": 5000, "currency": "usd"}
OPERATIONS = 300


@pytest.fixture(scope="module")
def _running() -> Iterator[Fakepay]:
    with running_fakepay(seed=7) as running:
        yield running


@pytest.fixture
def fakepay(_running: Fakepay) -> Iterator[Fakepay]:
    yield _running
    _running.control.chaos()
    _running.control.forget_webhooks()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as running:
        yield running


def intents_made(client: stripe.StripeClient, group: str) -> int:
    page = client.v1.payment_intents.list({"limit": 100})
    return sum(one.transfer_group == group for one in page.data)


def test_same_key_and_parameters_replay_the_first_answer(fakepay: Fakepay):
    client = stripe_client(fakepay)

    first = client.v1.payment_intents.create(INTENT, {"idempotency_key": "replay"})
    second = client.v1.payment_intents.create(INTENT, {"idempotency_key": "replay"})

    assert second.id == first.id
    assert second.last_response is not None
    assert second.last_response.headers["Idempotent-Replayed"] == "true"


def test_same_key_with_other_parameters_is_an_idempotency_error(fakepay: Fakepay):
    client = stripe_client(fakepay)
    client.v1.payment_intents.create(INTENT, {"idempotency_key": "other"})

    with pytest.raises(stripe.IdempotencyError) as parameters:
        client.v1.payment_intents.create({**INTENT, "amount": 1}, {"idempotency_key": "other"})
    with pytest.raises(stripe.IdempotencyError) as endpoint:
        client.v1.customers.create({}, {"idempotency_key": "other"})

    assert parameters.value.http_status == endpoint.value.http_status == 400


def test_a_key_is_forgotten_after_a_day(fakepay: Fakepay):
    client = stripe_client(fakepay)
    first = client.v1.payment_intents.create(INTENT, {"idempotency_key": "old"})

    fakepay.control.advance(25 * 3600)

    assert client.v1.payment_intents.create(INTENT, {"idempotency_key": "old"}).id != first.id


def test_refused_parameters_are_not_kept_under_the_key(fakepay: Fakepay):
    client = stripe_client(fakepay)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.create({**INTENT, "amount": 0}, {"idempotency_key": "fixed"})

    assert client.v1.payment_intents.create(INTENT, {"idempotency_key": "fixed"}).amount == 5000


def test_a_decline_is_kept_under_the_key(fakepay: Fakepay):
    client = stripe_client(fakepay)
    intent = client.v1.payment_intents.create(
        {**INTENT, "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"}}
    )

    def confirm(key: str, card: str) -> str:
        params: Any = {"payment_method": card}
        try:
            answer = client.v1.payment_intents.confirm(intent.id, params, {"idempotency_key": key})
        except stripe.CardError as error:
            return str(error.code)
        return answer.status

    assert confirm("decline:1", "pm_card_chargeDeclined") == "card_declined"
    assert confirm("decline:1", "pm_card_chargeDeclined") == "card_declined"
    assert confirm("decline:2", "pm_card_visa") == "succeeded"


def test_requests_at_the_same_time_with_one_key_conflict(fakepay: Fakepay):
    client = stripe_client(fakepay)
    fakepay.control.chaos(error_rate=1, kinds=["stall"], stall_seconds=0.5)
    slow: list[Any] = []
    options: Any = {"idempotency_key": "twice"}
    thread = threading.Thread(
        target=lambda: slow.append(client.v1.payment_intents.create(INTENT, options))
    )
    thread.start()
    while not fakepay.control.stats()["chaos"].get("request_stall"):
        pass
    fakepay.control.chaos()

    with pytest.raises(stripe.StripeError) as conflict:
        stripe_client(fakepay).v1.payment_intents.create(INTENT, options)
    thread.join()

    assert conflict.value.http_status == 409
    body: Any = conflict.value.json_body
    assert body["error"]["code"] == "idempotency_key_in_use"
    assert client.v1.payment_intents.create(INTENT, options).id == slow[0].id


def test_after_a_reset_the_same_key_shows_the_effect(fakepay: Fakepay):
    client = stripe_client(fakepay)
    params: Any = {**INTENT, "transfer_group": "reset"}
    fakepay.control.chaos(error_rate=1, kinds=["reset_after"])
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create(params, {"idempotency_key": "reset"})
    fakepay.control.chaos()

    again = client.v1.payment_intents.create(params, {"idempotency_key": "reset"})

    assert again.transfer_group == "reset"
    assert intents_made(client, "reset") == 1


def test_a_reset_before_the_effect_leaves_nothing(fakepay: Fakepay):
    client = stripe_client(fakepay)
    fakepay.control.chaos(error_rate=1, kinds=["reset_before"])
    with pytest.raises(stripe.APIConnectionError):
        client.v1.payment_intents.create({**INTENT, "transfer_group": "nothing"})
    fakepay.control.chaos()

    assert intents_made(client, "nothing") == 0


def test_a_500_after_the_effect_stays_a_500_under_its_key(fakepay: Fakepay):
    client = stripe_client(fakepay)
    params: Any = {**INTENT, "transfer_group": "spoilt"}
    fakepay.control.chaos(error_rate=1, kinds=["500_after"])
    with pytest.raises(stripe.APIError):
        client.v1.payment_intents.create(params, {"idempotency_key": "spoilt"})
    fakepay.control.chaos()

    with pytest.raises(stripe.APIError) as replayed:
        client.v1.payment_intents.create(params, {"idempotency_key": "spoilt"})

    assert replayed.value.http_status == 500
    assert intents_made(client, "spoilt") == 1


def test_a_500_before_the_effect_is_not_kept(fakepay: Fakepay):
    client = stripe_client(fakepay)
    fakepay.control.chaos(error_rate=1, kinds=["500_before"])
    with pytest.raises(stripe.APIError):
        client.v1.payment_intents.create(INTENT, {"idempotency_key": "early"})
    fakepay.control.chaos()

    assert client.v1.payment_intents.create(INTENT, {"idempotency_key": "early"}).amount == 5000


def test_paypal_shows_again_what_a_lost_answer_did(fakepay: Fakepay):
    client = paypal_client(fakepay)
    order = paypal_order(client, fakepay, "10.00", "lost")
    path, key = f"/v2/checkout/orders/{order}/capture", {"PayPal-Request-Id": "lost"}
    fakepay.control.chaos(error_rate=1, kinds=["500_after"])
    assert client.post(path, json={}, headers=key).status_code == 500
    fakepay.control.chaos()

    again = client.post(path, json={}, headers=key)
    without = client.post(path, json={})

    assert (again.status_code, again.json()["status"]) == (200, "COMPLETED")
    assert without.status_code == 422
    assert without.json()["details"][0]["issue"] == "ORDER_ALREADY_CAPTURED"


def test_paypal_forgets_a_capture_key_after_six_hours(fakepay: Fakepay):
    client = paypal_client(fakepay)
    order = paypal_order(client, fakepay, "10.00", "forgotten")
    path, key = f"/v2/checkout/orders/{order}/capture", {"PayPal-Request-Id": "forgotten"}
    assert client.post(path, json={}, headers=key).status_code == 201

    fakepay.control.advance(7 * 3600)

    assert client.post(path, json={}, headers=key).status_code == 422


def test_the_same_seed_does_the_same_mischief(fakepay: Fakepay):
    key = {"Authorization": f"Bearer {fakepay.stripe_secret}"}

    def statuses(seed: int) -> list[int]:
        fakepay.control.chaos(seed=seed, error_rate=0.5, kinds=["500_before", "429", "409"])
        with httpx.Client(base_url=fakepay.url, headers=key) as client:
            return [client.get("/v1/balance").status_code for _ in range(40)]

    first = statuses(3)

    assert set(first) == {200, 409, 429, 500}
    assert first == statuses(3)
    assert first != statuses(4)


def test_stripe_webhooks_are_signed_retried_and_doubled(fakepay: Fakepay, receiver: Receiver):
    client = stripe_client(fakepay)
    fakepay.control.register("stripe", receiver.url)
    fakepay.control.chaos(webhook_duplicates_max=5, webhook_shuffle=True)
    receiver.refusals = 3

    for _ in range(5):
        intent = client.v1.payment_intents.create(INTENT)
        fakepay.control.pay(intent.id)
    fakepay.control.wait_until_delivered()

    for arrival in receiver.arrivals:
        event = stripe.Webhook.construct_event(
            arrival.body, arrival.headers["stripe-signature"], fakepay.webhook_secret
        )
        assert client.v1.events.retrieve(event.id).type == event.type
    ids = [arrival.event["id"] for arrival in receiver.arrivals]
    assert len(set(ids)) == 15
    assert len(ids) > 15
    assert receiver.refusals == 0
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(
            receiver.arrivals[0].body + b" ",
            receiver.arrivals[0].headers["stripe-signature"],
            fakepay.webhook_secret,
        )


def test_a_lost_webhook_is_found_in_the_list_of_events(fakepay: Fakepay, receiver: Receiver):
    client = stripe_client(fakepay)
    fakepay.control.register("stripe", receiver.url)
    fakepay.control.chaos(webhook_loss_rate=1)

    intent = client.v1.payment_intents.create(INTENT)
    fakepay.control.wait_until_delivered()
    lost = client.v1.events.list({"delivery_success": False, "type": "payment_intent.created"})

    assert receiver.arrivals == []
    assert intent.id in {event.to_dict()["data"]["object"]["id"] for event in lost.data}
    fakepay.control.resend("stripe", lost.data[0].id)
    fakepay.control.wait_until_delivered()
    assert receiver.types == ["payment_intent.created"]
    left = client.v1.events.list({"delivery_success": False}).data
    assert lost.data[0].id not in {event.id for event in left}


def paypal_arrival(fakepay: Fakepay, receiver: Receiver, custom_id: str) -> Any:
    client = paypal_client(fakepay)
    fakepay.control.register("paypal", receiver.url)
    paypal_order(client, fakepay, "10.00", custom_id)
    fakepay.control.wait_until_delivered()
    return receiver.arrivals[0]


def leaf_key(fakepay: Fakepay, url: str) -> rsa.RSAPublicKey:
    """Return the key of the leaf at this address, its chain to the root checked."""
    leaf = x509.load_pem_x509_certificate(httpx.get(url).content)
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(fakepay.paypal_authority_pem))
    name = leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    assert str(name).endswith(".paypal.com")
    key = leaf.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    return key


def test_paypal_webhooks_verify_offline_and_by_the_api(fakepay: Fakepay, receiver: Receiver):
    arrival = paypal_arrival(fakepay, receiver, "signed")
    said = {
        name: arrival.headers[f"paypal-{name.replace('_', '-')}"]
        for name in (
            "auth_algo",
            "cert_url",
            "transmission_id",
            "transmission_sig",
            "transmission_time",
        )
    }
    message = paypal_message(
        said["transmission_id"], said["transmission_time"], fakepay.paypal_webhook_id, arrival.body
    )

    leaf_key(fakepay, said["cert_url"]).verify(
        base64.b64decode(said["transmission_sig"]), message, padding.PKCS1v15(), hashes.SHA256()
    )
    client = paypal_client(fakepay)
    path = "/v1/notifications/verify-webhook-signature"
    body = {**said, "webhook_id": fakepay.paypal_webhook_id, "webhook_event": arrival.event}
    right = client.post(path, json=body).json()
    wrong = client.post(path, json={**body, "webhook_id": "WRONG"}).json()

    assert right == {"verification_status": "SUCCESS"}
    assert wrong == {"verification_status": "FAILURE"}


def test_a_forged_paypal_body_passes_the_signature(fakepay: Fakepay, receiver: Receiver):
    arrival = paypal_arrival(fakepay, receiver, "forged")
    forged = forge_crc32({"event_type": "PAYMENT.CAPTURE.COMPLETED"}, zlib.crc32(arrival.body))
    headers = arrival.headers
    message = paypal_message(
        headers["paypal-transmission-id"],
        headers["paypal-transmission-time"],
        fakepay.paypal_webhook_id,
        forged,
    )

    leaf_key(fakepay, headers["paypal-cert-url"]).verify(
        base64.b64decode(headers["paypal-transmission-sig"]),
        message,
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    assert forged != arrival.body
