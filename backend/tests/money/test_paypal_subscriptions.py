"""Subscriptions at PayPal, and where it pays sellers, at the gateway."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.core import clock
from apps.payments.integrations.base import GatewayError
from apps.payments.integrations.paypal_handler import PayPalGateway
from apps.payments.integrations.paypal_shapes import (
    subscription_of,
)
from domain.settlement import SubscriptionStatus
from tests.fakepay.client import Fakepay
from tests.money.gateways import (
    another_program,
    number,
    paypal_gateway,
    subscription_request,
)

FEE_MINOR = 398  # of 100.00: 3.49 % and 0.49
PAYOUT_FEE_MINOR = 25


@pytest.fixture
def gateway(fakepay: Fakepay) -> PayPalGateway:
    return paypal_gateway(fakepay)


NOW = datetime(2026, 3, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "status", "ends_at", "ending", "is_paid"),
    [
        ({"status": "APPROVAL_PENDING"}, "incomplete", None, False, False),
        ({"status": "APPROVED"}, "incomplete", None, False, False),
        (
            {
                "billing_info": {
                    "next_billing_time": "2026-03-31T10:00:00Z",
                    "last_payment": {"time": "2026-02-28T10:00:00Z"},
                    "failed_payments_count": 0,
                }
            },
            "active",
            datetime(2026, 3, 31, 10, tzinfo=UTC),
            False,
            True,
        ),
        (
            {
                "billing_info": {
                    "next_billing_time": "2026-04-10T00:00:00Z",
                    "last_payment": {"time": "2026-02-10T00:00:00Z"},
                    "failed_payments_count": 1,
                }
            },
            "past_due",
            datetime(2026, 4, 10, tzinfo=UTC),
            False,
            False,
        ),
        ({"status": "SUSPENDED"}, "paused", None, False, False),
        (
            {"status": "SUSPENDED", "billing_info": {"failed_payments_count": 3}},
            "unpaid",
            None,
            False,
            False,
        ),
        (
            {
                "status": "CANCELLED",
                "billing_info": {"last_payment": {"time": "2026-02-28T00:00:00Z"}},
            },
            "active",
            datetime(2026, 3, 28, tzinfo=UTC),
            True,
            True,
        ),
        (
            {
                "status": "CANCELLED",
                "billing_info": {"last_payment": {"time": "2026-01-31T00:00:00Z"}},
            },
            "canceled",
            datetime(2026, 2, 28, tzinfo=UTC),
            False,
            True,
        ),
        ({"status": "CANCELLED"}, "canceled", None, False, False),
        ({"status": "EXPIRED"}, "canceled", None, False, False),
        ({"status": "INVENTED"}, "incomplete", None, False, False),
    ],
)
def test_every_word_for_a_subscription_is_understood(
    change: dict[str, Any],
    status: str,
    ends_at: datetime | None,
    ending: bool,
    is_paid: bool,
) -> None:
    thing = {"id": "I-1", "status": "ACTIVE", "custom_id": "7:pro", **change}
    found = subscription_of(thing, NOW)
    assert found.status is SubscriptionStatus(status)
    assert found.current_period_end == ends_at
    assert (found.cancel_at_period_end, found.is_paid) == (ending, is_paid)
    assert (found.user_id, found.plan, found.checkout_ref) == (7, "pro", "I-1")
    assert found.ref == ("" if status == "incomplete" else "I-1")


def test_a_seller_is_paid_to_his_address(gateway: PayPalGateway) -> None:
    account = gateway.open_payout_account(7, "seller@example.com", "https://a.test/")
    assert account == ("seller@example.com", "")
    assert gateway.read_payout_account("seller@example.com").ready
    assert not gateway.read_payout_account("").ready


def plan_at(fakepay: Fakepay, price: str = "29.00", unit: str = "MONTH") -> str:
    """Make a plan at PayPal, as staff of a house do; returns its id."""
    cycle = {
        "frequency": {"interval_unit": unit, "interval_count": 1},
        "tenure_type": "REGULAR",
        "sequence": 1,
        "pricing_scheme": {"fixed_price": {"value": price, "currency_code": "USD"}},
    }
    with another_program(fakepay) as client:
        product = client.post("/v1/catalogs/products", json={"name": "Plans"}).json()
        body = {"product_id": product["id"], "name": "Pro", "billing_cycles": [cycle]}
        plan_id: str = client.post("/v1/billing/plans", json=body).json()["id"]
        return plan_id


def test_a_subscription_is_agreed_to_paid_and_cancelled(fakepay: Fakepay) -> None:
    gateway = paypal_gateway(fakepay, plans={"pro": plan_at(fakepay)})
    request = subscription_request(number())
    opened = gateway.open_subscription(request)
    assert (opened.ref, opened.status) == ("", SubscriptionStatus.INCOMPLETE)
    assert opened.checkout_ref in opened.approve_url
    assert gateway.open_subscription(request) == opened
    fakepay.control.paypal_subscription_becomes(opened.checkout_ref, "ACTIVE")
    agreed = gateway.read_subscription(ref="", checkout_ref=opened.checkout_ref)
    assert (agreed.ref, agreed.status) == (opened.checkout_ref, SubscriptionStatus.ACTIVE)
    assert not agreed.is_paid
    fakepay.control.paypal_renew(agreed.ref)
    paid = gateway.read_subscription(ref=agreed.ref, checkout_ref="")
    assert (paid.is_paid, paid.cancel_at_period_end) == (True, False)
    assert (paid.user_id, paid.plan) == (request.user_id, "pro")
    for _ in range(2):
        ended = gateway.cancel_subscription(paid.ref)
        assert (ended.status, ended.cancel_at_period_end) == (SubscriptionStatus.ACTIVE, True)
        assert ended.current_period_end is not None
        assert ended.current_period_end > clock.now() + timedelta(days=27)


def test_a_subscription_whose_payment_fails_is_overdue(fakepay: Fakepay) -> None:
    gateway = paypal_gateway(fakepay, plans={"pro": plan_at(fakepay)})
    ref = gateway.open_subscription(subscription_request(number())).checkout_ref
    fakepay.control.paypal_subscription_becomes(ref, "ACTIVE")
    seen = []
    for fails in (False, True, True, True):
        fakepay.control.paypal_renew(ref, fails=fails)
        seen.append(gateway.read_subscription(ref=ref, checkout_ref="").status.value)
    assert seen == ["active", "past_due", "past_due", "unpaid"]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ({}, "no_plan"),
        ({"pro": ("19.00", "MONTH")}, "plan_differs"),
        ({"pro": ("29.00", "YEAR")}, "plan_differs"),
    ],
)
def test_a_plan_that_is_not_ours_at_paypal_is_not_sold(
    fakepay: Fakepay, plan: dict[str, tuple[str, str]], code: str
) -> None:
    plans = {name: plan_at(fakepay, *terms) for name, terms in plan.items()}
    gateway = paypal_gateway(fakepay, plans=plans)
    with pytest.raises(GatewayError) as caught:
        gateway.open_subscription(subscription_request(number()))
    assert (caught.value.permanent, caught.value.code) == (True, code)
