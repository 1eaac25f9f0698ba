"""Every third request goes wrong, in every way there is; nothing happens twice or not at all."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import pytest
import stripe

from apps.core import clock
from apps.payments.integrations.base import Charge, GatewayError, Move, MoveRequest
from domain.settlement import CallKind, PaymentStatus
from tests.fakepay.client import Fakepay
from tests.money.gateways import (
    charge_request,
    move_request,
    number,
    payout_request,
    paypal_gateway,
    stripe_gateway,
    stripe_seller,
)

PAYMENTS = 40
TRIES_MAX = 60
PAYOUT_FEE_MINOR = 25
MISCHIEF = {
    "error_rate": 0.33,
    "kinds": ["500", "409", "429", "reset_before", "reset_after"],
}

T = TypeVar("T")


@pytest.fixture(autouse=True)
def _sdk_retries_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)


def insisted(ask: Callable[[], T]) -> T:
    """Ask with the same words until there is an answer; a refusal for good is none here."""
    for _ in range(TRIES_MAX):
        try:
            return ask()
        except GatewayError as error:
            if error.permanent:
                raise
    raise AssertionError(f"no answer in {TRIES_MAX} tries")


def moved(ask: Callable[[MoveRequest], Move], request: MoveRequest) -> Move:
    """Ask for a move as calls.py does: after the first try, saying when that was."""
    started_at, tries = clock.now(), iter(range(TRIES_MAX))

    def again() -> Move:
        first = next(tries) == 0
        return ask(request if first else replace(request, first_sent_at=started_at))

    return insisted(again)


def test_stripe_does_everything_once(fakepay: Fakepay) -> None:
    gateway = stripe_gateway(fakepay)
    account = stripe_seller(fakepay, gateway)
    fakepay.control.chaos(**MISCHIEF)

    def pay(_: int) -> Charge:
        request = charge_request()
        charge = insisted(lambda: gateway.open_charge(request))
        fakepay.control.pay(charge.ref)
        charge = insisted(lambda: gateway.read_charge(charge.ref))
        assert charge.status is PaymentStatus.SUCCEEDED
        moved(gateway.refund, move_request(charge, 2_000, "refund"))
        out = moved(gateway.transfer, move_request(charge, 7_000, "transfer", account_ref=account))
        moved(gateway.reverse, move_request(charge, 500, "reversal", transfer_ref=out.ref))
        assert insisted(lambda: gateway.find_charge(request.payment_id, clock.now())) is not None
        return insisted(lambda: gateway.read_charge(charge.ref))

    with ThreadPoolExecutor(4) as pool:
        charges = list(pool.map(pay, range(PAYMENTS)))
    fakepay.control.chaos()
    for charge in charges:
        books = fakepay.control.books(str(charge.payment_id))["payments"]
        assert books[str(charge.payment_id)]["usd"] == {
            "captured": 10_000,
            "fee": charge.fee_minor,
            "refunded": 2_000,
            "transferred": 7_000,
            "reversed": 500,
        }
        assert charge.refunded_minor == 2_000


def test_paypal_does_everything_once(fakepay: Fakepay) -> None:
    gateway = paypal_gateway(fakepay)
    fakepay.control.chaos(**MISCHIEF)

    def pay(_: int) -> Charge:
        request = charge_request()
        charge = insisted(lambda: gateway.open_charge(request))
        fakepay.control.approve(charge.ref)
        key = f"capture:{request.payment_id}"
        charge = insisted(lambda: gateway.confirm_charge(charge.ref, idempotency_key=key))
        assert charge.status is PaymentStatus.SUCCEEDED
        moved(gateway.refund, move_request(charge, 2_000, "refund"))
        receiver = f"s{number()}@example.com"
        out = moved(gateway.transfer, payout_request(charge, 7_000, account_ref=receiver))
        done = insisted(lambda: gateway.read_move(CallKind.TRANSFER, out.ref))
        assert (done.status, done.amount_minor) == ("done", 7_000)
        return insisted(lambda: gateway.read_charge(charge.ref))

    with ThreadPoolExecutor(4) as pool:
        charges = list(pool.map(pay, range(PAYMENTS)))
    fakepay.control.chaos()
    for charge in charges:
        books = fakepay.control.books(str(charge.payment_id))["payments"]
        assert books[str(charge.payment_id)]["USD"] == {
            "captured": 10_000,
            "fee": charge.fee_minor,
            "refunded": 2_000,
            "paid_out": 7_000,
            "payout_fee": PAYOUT_FEE_MINOR,
        }
        assert charge.refunded_minor == 2_000
