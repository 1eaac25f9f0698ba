"""Stripe's objects as the house's values. Their sets of words are open: see each table's reader."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from apps.payments.integrations.amounts import from_provider, to_provider
from apps.payments.integrations.base import BankDispute, Charge, Move, ProviderSubscription
from domain.money import exponent_of
from domain.settlement import PaymentStatus, SubscriptionStatus

log = logging.getLogger(__name__)

Thing = Mapping[str, Any]

#: What a PaymentIntent is read with: the fee is in the balance transaction of its charge.
CHARGE_EXPANSION = "latest_charge.balance_transaction"
#: What a subscription is read with: whether its period is paid is in its invoice.
SUBSCRIPTION_EXPANSION = "latest_invoice"

#: Decimals of amounts in the API where they are not ISO 4217's (docs.stripe.com/currencies).
_DECIMALS = {"ISK": 2, "UGX": 2, "MGA": 0}

_INTENTS = {
    "requires_payment_method": PaymentStatus.REQUIRES_ACTION,
    "requires_confirmation": PaymentStatus.REQUIRES_ACTION,
    "requires_action": PaymentStatus.REQUIRES_ACTION,
    "processing": PaymentStatus.PROCESSING,
    "requires_capture": PaymentStatus.PROCESSING,
    "canceled": PaymentStatus.CANCELED,
    "succeeded": PaymentStatus.SUCCEEDED,
}
#: A lost dispute under appeal stays lost: the bank has the money. `warning_…` and `prevented`
#: are absent: no money was taken (docs.stripe.com/disputes/how-disputes-work).
_DISPUTES = {
    "needs_response": "open",
    "under_review": "open",
    "won": "won",
    "lost": "lost",
    "appeal_needs_response": "lost",
    "appeal_under_review": "lost",
}
_WITHOUT_MONEY = ("prevented", "warning_needs_response", "warning_under_review", "warning_closed")
_REFUNDS = {
    "pending": "pending",
    "requires_action": "pending",
    "succeeded": "done",
    "failed": "failed",
    "canceled": "failed",
}


def to_stripe(amount_minor: int, currency: str) -> int:
    """Return minor units as the API counts them; raises GatewayError."""
    return to_provider(amount_minor, currency, _decimals(currency))


def from_stripe(units: int, currency: str) -> int:
    """Return the API's units as minor units."""
    return from_provider(units, currency, _decimals(currency))


def _decimals(currency: str) -> int:
    return _DECIMALS.get(currency, exponent_of(currency))


def charge_of(intent: Thing, disputes: tuple[BankDispute, ...] = ()) -> Charge:
    """Return a PaymentIntent, read with CHARGE_EXPANSION, as a charge."""
    currency = intent["currency"].upper()
    paid = intent["latest_charge"]
    if paid is not None and not paid["paid"]:
        paid = None  # the charge of a card that was declined
    payment_id = intent["metadata"].get("payment_id", "")
    return Charge(
        ref=intent["id"],
        status=_status(intent),
        amount_minor=from_stripe(intent["amount"], currency),
        currency=currency,
        payment_id=int(payment_id) if payment_id.isdecimal() else None,
        capture_ref=paid["id"] if paid is not None else "",
        client_secret=intent["client_secret"] or "",
        refunded_minor=from_stripe(paid["amount_refunded"], currency) if paid is not None else 0,
        fee_minor=_fee_minor(paid, currency),
        failure=_failure(intent),
        payer_ref=_payer_ref(paid),
        disputes=disputes,
    )


def _status(intent: Thing) -> PaymentStatus:
    status = _INTENTS.get(intent["status"])
    if status is None:
        log.error("%s has a status nobody told us of: %s", intent["id"], intent["status"])
        return PaymentStatus.PROCESSING
    return status


def _failure(intent: Thing) -> str:
    """Return why the last try was declined, while the buyer may try again."""
    error = intent["last_payment_error"]
    if error is None or intent["status"] != "requires_payment_method":
        return ""
    return error.get("message") or "The payment was declined"


def _payer_ref(paid: Thing | None) -> str:
    """Return the fingerprint of the card that paid; "" for a test card, which is everybody's."""
    if paid is None or not paid["livemode"]:
        return ""
    card = (paid.get("payment_method_details") or {}).get("card") or {}
    return card.get("fingerprint") or ""


def bank_refs_of(account: Thing) -> tuple[str, ...]:
    """Return the fingerprints of what a connected account is paid out to.

    For live accounts: test numbers are everybody's.
    """
    places = (account.get("external_accounts") or {}).get("data", ())
    return tuple(place["fingerprint"] for place in places if place.get("fingerprint"))


def _fee_minor(paid: Thing | None, currency: str) -> int:
    """Return Stripe's fee, if it is in the charge's currency.

    Where the house settles in another one, the fee is an amount of that currency.
    """
    transaction = paid["balance_transaction"] if paid is not None else None
    if transaction is None:
        return 0
    if transaction["currency"].upper() != currency:
        log.warning("the fee of a charge in %s is in %s", currency, transaction["currency"])
        return 0
    return from_stripe(transaction["fee"], currency)


def dispute_of(dispute: Thing) -> BankDispute | None:
    """Return a dispute; None while no money has been taken. The fee is what Stripe keeps."""
    if dispute["status"] in _WITHOUT_MONEY:
        return None
    status = _DISPUTES.get(dispute["status"])
    if status is None:
        log.error("%s has a status nobody told us of: %s", dispute["id"], dispute["status"])
        status = "open"
    currency = dispute["currency"]
    fee = sum(one["fee"] for one in dispute["balance_transactions"] if one["currency"] == currency)
    return BankDispute(
        ref=dispute["id"],
        status=status,
        amount_minor=from_stripe(dispute["amount"], currency.upper()),
        reason=dispute["reason"],
        fee_minor=from_stripe(fee, currency.upper()),
    )


def move_of(thing: Thing) -> Move:
    """Return a refund, transfer or reversal. A reversal's ref names its transfer too."""
    ref, status = thing["id"], "done"
    if thing["object"] == "transfer_reversal":
        ref = f"{thing['transfer']}/{ref}"
    elif thing["object"] == "refund":
        status = _refund_status(thing)
    return Move(
        ref=ref,
        status=status,
        amount_minor=from_stripe(thing["amount"], thing["currency"].upper()),
        error=(thing.get("failure_reason") or "") if status == "failed" else "",
    )


def _refund_status(refund: Thing) -> str:
    status = _REFUNDS.get(refund["status"])
    if status is None:
        log.error("%s has a status nobody told us of: %s", refund["id"], refund["status"])
        return "pending"
    return status


def subscription_of(subscription: Thing, checkout_ref: str) -> ProviderSubscription:
    """Return a subscription, read with SUBSCRIPTION_EXPANSION.

    Its period is that of its items: the API has it there since 2025.
    """
    try:
        status = SubscriptionStatus(subscription["status"])
    except ValueError:
        log.error("%s is %s: nobody told us of that", subscription["id"], subscription["status"])
        status = SubscriptionStatus.INCOMPLETE
    ends = [item["current_period_end"] for item in subscription["items"]["data"]]
    invoice = subscription["latest_invoice"]
    marks = subscription["metadata"]
    user_id = marks.get("user_id", "")
    return ProviderSubscription(
        ref=subscription["id"],
        status=status,
        plan=marks.get("plan", ""),
        user_id=int(user_id) if user_id.isdecimal() else None,
        checkout_ref=checkout_ref,
        current_period_end=datetime.fromtimestamp(max(ends), UTC) if ends else None,
        is_paid=invoice is not None and invoice["status"] == "paid",
        cancel_at_period_end=bool(
            subscription["cancel_at_period_end"] or subscription.get("cancel_at")
        ),
    )


def unfinished_of(session: Thing) -> ProviderSubscription:
    """Return a Checkout Session that has made no subscription yet, or never will."""
    over = session["status"] == "expired"
    marks = session["metadata"]
    user_id = marks.get("user_id", "")
    return ProviderSubscription(
        ref="",
        status=SubscriptionStatus.INCOMPLETE_EXPIRED if over else SubscriptionStatus.INCOMPLETE,
        plan=marks.get("plan", ""),
        user_id=int(user_id) if user_id.isdecimal() else None,
        checkout_ref=session["id"],
        approve_url=session["url"] or "",
    )
