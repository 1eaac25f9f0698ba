"""Examples of `/api/subscriptions/` and `/api/payments/payout-accounts/`."""

from typing import Any

from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Sample, page_of, said

PLANS: list[dict[str, Any]] = [
    {
        "plan": plan,
        "price": price,
        "currency": "USD",
        "listings_max": listings_max,
        "commission_percent": commission_percent,
    }
    for plan, price, listings_max, commission_percent in (
        ("free", 0, 50, None),
        ("pro", 29, 500, 3),
        ("business", 99, None, 1.5),
    )
]
FREE = {
    **PLANS[0],
    "status": "active",
    "current_period_end": None,
    "cancel_at_period_end": False,
    "plans": PLANS,
}
PRO = {**FREE, **PLANS[1], "current_period_end": "2026-03-24T10:30:00Z"}
ASKED = {
    **FREE,
    "plan": "pro",
    "price": 29,
    "status": "incomplete",
    "approve_url": "https://checkout.stripe.com/c/pay/cs_test_a1",
}
ENDING = {**PRO, "cancel_at_period_end": True}
ACCOUNT = {"provider": "stripe", "ready": True}
NOT_READY = {
    "provider": "stripe",
    "ready": False,
    "onboarding_url": "https://connect.stripe.com/setup/e/acct_1/a1",
}
SILENT = said(
    "The payment provider does not answer; nothing is lost, try again in a minute",
    code="provider_silent",
)

SAMPLES = {
    "getSubscription": Sample(answers={200: {"the free plan": FREE, "a paid one": PRO}}),
    "subscribe": Sample(
        sends={"a plan": {"plan": "pro"}, "by PayPal": {"plan": "pro", "payment_method": "paypal"}},
        answers={
            200: {"the one there is": PRO},
            201: {"to be agreed to": ASKED},
            400: {
                "no such plan": {
                    "error": "plan: must be one of: free, pro, business",
                    "fields": ["plan"],
                },
                **said(
                    "Your pro plan has been cancelled and is paid until 2026-03-24; "
                    "subscribe to it again after that, or to another one now",
                    code="plan_still_paid",
                ),
            },
        },
    ),
    "cancelSubscription": Sample(
        answers={
            200: {"ends with its period": ENDING},
            400: said("There is no subscription to cancel", code="no_subscription"),
            503: SILENT,
        }
    ),
    "listPayoutAccounts": Sample(
        answers={
            200: page_of(ACCOUNT, address="/api/payments/payout-accounts/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "openPayoutAccount": Sample(
        sends={
            "Stripe": {"provider": "stripe"},
            "PayPal": {"provider": "paypal", "email": "ada@example.com"},
        },
        answers={
            200: {"ready": ACCOUNT},
            201: {"details are wanted": NOT_READY},
            400: said(
                "email: must be this account's own address; change that at POST /api/users/email/",
                code="address_not_yours",
            ),
            503: SILENT,
        },
    ),
}
