"""Money's refusals in the roadmap's vocabulary: status and sentence."""

from typing import Any

from rest_framework.response import Response

from apps.core.api_errors import SENTENCES
from apps.payments.refusals import MoneyReason, MoneyRefused
from domain.money import to_number
from domain.reasons import Reason

#: Braces are filled with the facts, amounts in major units.
MONEY_SENTENCES: dict[MoneyReason, tuple[int, str]] = {
    MoneyReason.NOT_FOUND: (404, "Not found"),
    MoneyReason.NOT_SOLD: (400, "This auction has not been sold; only a won auction is paid"),
    MoneyReason.NOT_THE_BUYER: (403, "Only the winner can pay for this auction"),
    MoneyReason.LAPSED: (400, "This auction was not paid in time and can no longer be paid"),
    MoneyReason.KEY_REUSED: SENTENCES[Reason.IDEMPOTENCY_KEY_REUSED],
    MoneyReason.METHOD_UNAVAILABLE: (400, "{detail}"),
    MoneyReason.PROVIDER_REFUSED: (400, "The payment provider refused: {detail}"),
    MoneyReason.PROVIDER_SILENT: (
        503,
        "The payment provider does not answer; nothing is lost, try again in a minute",
    ),
    MoneyReason.DECLINED: (402, "{detail}; try another card"),
    MoneyReason.PAYMENT_OVER: (400, "This payment is {status}; start a new one"),
    MoneyReason.HOLD_STATE: (400, "The held money is {state}; it cannot become {wanted}"),
    MoneyReason.NOT_A_PARTY: (403, "You do not have permission to do this"),
    MoneyReason.NOT_ENOUGH_HELD: (400, "amount: must be at most the {held} that are held"),
    MoneyReason.NOT_OVER: (
        400,
        "Only an auction that has ended can be listed again; this one is {status}",
    ),
    MoneyReason.STILL_SOLD: (
        400,
        "This auction is sold; it can be listed again once its buyer has let it go",
    ),
    MoneyReason.PLAN_IS_FREE: (
        400,
        "The free plan is what is left when a subscription ends: POST /api/subscriptions/cancel/",
    ),
    MoneyReason.PLAN_STILL_PAID: (
        400,
        "Your {plan} plan has been cancelled and is paid until {until}; "
        "subscribe to it again after that, or to another one now",
    ),
    MoneyReason.NO_SUBSCRIPTION: (400, "There is no subscription to cancel"),
    MoneyReason.ADDRESS_NOT_YOURS: (
        400,
        "email: must be this account's own address; change that at POST /api/users/email/",
    ),
    MoneyReason.ADDRESS_UNVERIFIED: (
        400,
        "email: confirm this address first; POST /api/auth/verify-email/resend/ sends a new link",
    ),
}
RETRY_AFTER_SECONDS = 60


def refusal_response(error: MoneyRefused) -> Response:
    """Return the answer to a refused request."""
    code, sentence = MONEY_SENTENCES[error.reason]
    facts: dict[str, Any] = {
        name.removesuffix("_minor"): (
            to_number(value, error.currency)
            if name.endswith("_minor") and isinstance(value, int)
            else str(value).replace("_", " ")
            if name in ("state", "wanted", "status")
            else value
        )
        for name, value in error.facts.items()
    }
    body = {"error": sentence.format(**facts), "code": error.reason.value}
    if error.reason is MoneyReason.NOT_ENOUGH_HELD:
        body["fields"] = ["amount"]  # type: ignore[assignment]
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if code == 503 else {}
    return Response(body, status=code, headers=headers)
