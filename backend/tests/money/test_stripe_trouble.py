"""What goes wrong with Stripe, and what it has not told us of: nothing happens twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from apps.core import clock
from apps.payments.integrations.base import (
    GatewayError,
    Move,
)
from apps.payments.integrations.stripe_handler import StripeGateway
from apps.payments.integrations.stripe_shapes import (
    charge_of,
    from_stripe,
    move_of,
    to_stripe,
)
from domain.settlement import PaymentStatus
from tests.fakepay.client import Fakepay
from tests.money.gateways import (
    charge_request,
    move_request,
    paid_stripe,
    stripe_gateway,
    stripe_seller,
)

FEE_MINOR = 320  # of 100.00: 2.9 % and 0.30


@pytest.fixture(autouse=True)
def _sdk_retries_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)


@pytest.fixture
def gateway(fakepay: Fakepay) -> StripeGateway:
    return stripe_gateway(fakepay)


# -- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["500_before", "409", "reset_before", "reset_after", "stall"])
def test_an_answer_that_does_not_come_leaves_the_outcome_unknown(
    fakepay: Fakepay, kind: str
) -> None:
    gateway = stripe_gateway(fakepay, timeout_seconds=0.2)
    charge = paid_stripe(fakepay, gateway)
    fakepay.control.chaos(error_rate=1, kinds=[kind], stall_seconds=2)
    questions = [
        lambda: gateway.open_charge(charge_request()),
        lambda: gateway.read_charge(charge.ref),
        lambda: gateway.refund(move_request(charge, 100, "refund")),
    ]
    for question in questions if kind != "stall" else questions[1:2]:
        with pytest.raises(GatewayError) as caught:
            question()
        assert (caught.value.permanent, caught.value.unknown) == (False, True), kind


def test_too_many_requests_mean_later_and_nothing_has_happened(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    fakepay.control.chaos(error_rate=1, kinds=["429"])
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request())
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert caught.value.code == "rate_limit"


def test_nobody_at_the_address_leaves_the_outcome_unknown(fakepay: Fakepay) -> None:
    gateway = stripe_gateway(fakepay, api="http://127.0.0.1:9")
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request())
    assert (caught.value.permanent, caught.value.unknown) == (False, True)


def test_what_does_not_exist_or_cannot_be_is_refused_for_good(gateway: StripeGateway) -> None:
    for ref in ("pi_none", ""):
        with pytest.raises(GatewayError) as caught:
            gateway.read_charge(ref)
        assert (caught.value.permanent, caught.value.code) == (True, "not_found")
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request(amount_minor=1))
    assert (caught.value.permanent, caught.value.code) == (True, "amount_too_small")
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request(currency="XTS"))
    assert caught.value.permanent
    request = charge_request()
    gateway.open_charge(request)
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request(request.payment_id, amount_minor=777))
    assert (caught.value.permanent, caught.value.unknown) == (True, False), "a key has one meaning"


def test_a_wrong_key_of_ours_is_neither_the_payments_end_nor_in_the_message(
    fakepay: Fakepay,
) -> None:
    gateway = stripe_gateway(fakepay, secret_key="sk_test_of_somebody_else")
    with pytest.raises(GatewayError) as caught:
        gateway.open_charge(charge_request())
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert "somebody_else" not in str(caught.value)


def test_a_request_still_under_way_is_not_sent_past(fakepay: Fakepay) -> None:
    hasty, patient = stripe_gateway(fakepay, timeout_seconds=0.1), stripe_gateway(fakepay)
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
def test_a_charge_that_nobody_heard_of_is_opened_once(
    fakepay: Fakepay, gateway: StripeGateway, kind: str
) -> None:
    request, since = charge_request(), clock.now()
    fakepay.control.chaos(error_rate=1, kinds=[kind])
    with pytest.raises(GatewayError):
        gateway.open_charge(request)
    fakepay.control.chaos()
    charge = gateway.open_charge(request)
    assert charge == gateway.find_charge(request.payment_id, since)
    mine = [one for one in gateway.list_charges(since) if one.payment_id == request.payment_id]
    assert mine == [charge]


@pytest.mark.parametrize("kind", ["reset_after", "500_after"])
@pytest.mark.parametrize("retried", [False, True], ids=["same words", "after a while"])
def test_a_move_that_nobody_heard_of_is_made_once(
    fakepay: Fakepay, gateway: StripeGateway, kind: str, retried: bool
) -> None:
    charge, account = paid_stripe(fakepay, gateway), stripe_seller(fakepay, gateway)
    transfer = move_request(charge, 3_000, "transfer", account_ref=account)
    refund = move_request(charge, 2_000, "refund")
    first_sent_at = clock.now() if retried else None
    made: list[Move] = []
    for move, request in ((gateway.transfer, transfer), (gateway.refund, refund)):
        fakepay.control.chaos(error_rate=1, kinds=[kind])
        with pytest.raises(GatewayError) as caught:
            move(request)
        assert caught.value.unknown
        fakepay.control.chaos()
        again = {name: getattr(request, name) for name in request.__dataclass_fields__}
        made.append(move(type(request)(**{**again, "first_sent_at": first_sent_at})))
    fakepay.control.chaos(error_rate=1, kinds=[kind])
    reversal = move_request(charge, 1_000, "reversal", transfer_ref=made[0].ref)
    with pytest.raises(GatewayError):
        gateway.reverse(reversal)
    fakepay.control.chaos()
    made.append(gateway.reverse(reversal))
    assert [move.status for move in made] == ["done"] * 3
    books = fakepay.control.books(str(charge.payment_id))["payments"][str(charge.payment_id)]
    assert (books["usd"]["transferred"], books["usd"]["refunded"]) == (3_000, 2_000)
    assert books["usd"]["reversed"] == 1_000


def test_many_threads_with_one_key_open_one_charge(gateway: StripeGateway) -> None:
    request, since = charge_request(), clock.now()

    def open_it(_: int) -> str:
        return gateway.open_charge(request).ref

    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(open_it, range(16)))
    mine = [one for one in gateway.list_charges(since) if one.payment_id == request.payment_id]
    assert refs == {one.ref for one in mine}
    assert len(refs) == 1


# -- words and amounts ---------------------------------------------------------------------------


def intent(fakepay: Fakepay, gateway: StripeGateway) -> dict[str, Any]:
    client = stripe.StripeClient(fakepay.stripe_secret, base_addresses={"api": fakepay.url})
    ref = paid_stripe(fakepay, gateway).ref
    params: Any = {"expand": ["latest_charge.balance_transaction"]}
    return client.v1.payment_intents.retrieve(ref, params).to_dict()


def test_a_word_nobody_told_us_of_is_logged_and_means_under_way(
    fakepay: Fakepay, gateway: StripeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    thing = {**intent(fakepay, gateway), "status": "invented_tomorrow"}
    assert charge_of(thing).status is PaymentStatus.PROCESSING
    refund = {
        "id": "re_1",
        "object": "refund",
        "status": "invented_tomorrow",
        "amount": 5,
        "currency": "usd",
    }
    assert move_of(refund).status == "pending"
    assert caplog.text.count("invented_tomorrow") == 2


def test_a_fee_in_another_currency_is_not_taken_for_one_in_ours(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    thing = intent(fakepay, gateway)
    assert charge_of(thing).fee_minor == FEE_MINOR
    thing["latest_charge"]["balance_transaction"]["currency"] = "eur"
    assert charge_of(thing).fee_minor == 0


def test_a_charge_of_another_shop_has_no_payment_of_ours(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    thing = intent(fakepay, gateway)
    for metadata in ({}, {"payment_id": "order-7"}, {"payment_id": ""}):
        assert charge_of({**thing, "metadata": metadata}).payment_id is None


@pytest.mark.parametrize(
    ("currency", "amount_minor", "units"),
    [
        ("USD", 1234, 1234),
        ("JPY", 500, 500),
        ("KWD", 1230, 1230),
        ("ISK", 5, 500),
        ("UGX", 5, 500),
        ("MGA", 500, 5),
    ],
)
def test_amounts_are_told_in_stripes_decimals(currency: str, amount_minor: int, units: int) -> None:
    assert to_stripe(amount_minor, currency) == units
    assert from_stripe(units, currency) == amount_minor


def test_an_amount_stripe_cannot_express_is_refused() -> None:
    with pytest.raises(GatewayError) as caught:
        to_stripe(12345, "MGA")
    assert (caught.value.permanent, caught.value.code) == (True, "amount_not_expressible")
    assert from_stripe(1450, "ISK") == 15, "a fee of 14.50 is rounded half up"
