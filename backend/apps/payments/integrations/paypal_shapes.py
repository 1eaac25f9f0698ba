"""PayPal's objects as the house's values. Their sets of words are open: see each table's reader."""

import calendar
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.payments.integrations.amounts import from_provider, to_provider
from apps.payments.integrations.base import (
    BankDispute,
    Charge,
    GatewayError,
    Move,
    ProviderSubscription,
)
from apps.payments.integrations.paypal_client import link, unreadable
from domain.money import exponent_of
from domain.settlement import PaymentStatus, SubscriptionStatus

log = logging.getLogger(__name__)

Thing = Mapping[str, Any]

#: developer.paypal.com/api/rest/reference/currency-codes; those first are whole.
_WHOLE = frozenset({"HUF", "JPY", "TWD"})
_WITH_CENTS = "AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD ILS MXN MYR NOK NZD PHP PLN SEK SGD THB USD"
CURRENCIES = _WHOLE.union(_WITH_CENTS.split())
_VALUE = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,3})?", re.ASCII)

#: APPROVED is the house's turn: the buyer has agreed, the capture is still to be asked for.
_ORDERS = {
    "CREATED": PaymentStatus.REQUIRES_ACTION,
    "SAVED": PaymentStatus.REQUIRES_ACTION,
    "PAYER_ACTION_REQUIRED": PaymentStatus.REQUIRES_ACTION,
    "APPROVED": PaymentStatus.PROCESSING,
    "VOIDED": PaymentStatus.CANCELED,
    "COMPLETED": PaymentStatus.PROCESSING,  # until its capture is shown
}
_CAPTURES = {
    "COMPLETED": PaymentStatus.SUCCEEDED,
    "PARTIALLY_REFUNDED": PaymentStatus.SUCCEEDED,
    "REFUNDED": PaymentStatus.SUCCEEDED,
    "PENDING": PaymentStatus.PROCESSING,
    "DECLINED": PaymentStatus.FAILED,
    "FAILED": PaymentStatus.FAILED,
}
_REFUNDS = {"PENDING": "pending", "COMPLETED": "done", "FAILED": "failed", "CANCELLED": "failed"}
#: An unclaimed payout has left the house; when it is not claimed in 30 days it is RETURNED.
_PAYOUTS = {
    "SUCCESS": "done",
    "UNCLAIMED": "done",
    "PENDING": "pending",
    "ONHOLD": "pending",
    "FAILED": "failed",
    "RETURNED": "failed",
    "BLOCKED": "failed",
    "REFUNDED": "failed",
    "REVERSED": "failed",
}
_BATCHES_OVER = ("DENIED", "CANCELED")
#: Outcomes of a resolved dispute: who has the money. A payout is PayPal's own money.
_OUTCOMES = {
    "RESOLVED_BUYER_FAVOUR": "lost",
    "ACCEPTED": "lost",
    "RESOLVED_SELLER_FAVOUR": "won",
    "RESOLVED_WITH_PAYOUT": "won",
    "CANCELED_BY_BUYER": "won",
    "DENIED": "won",
    "NONE": "won",
}
_SUBSCRIPTIONS = {
    "APPROVAL_PENDING": SubscriptionStatus.INCOMPLETE,
    "APPROVED": SubscriptionStatus.INCOMPLETE,
    "ACTIVE": SubscriptionStatus.ACTIVE,
    "SUSPENDED": SubscriptionStatus.PAUSED,
    "CANCELLED": SubscriptionStatus.CANCELED,
    "EXPIRED": SubscriptionStatus.CANCELED,
}


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn an answer that lacks what it must have into GatewayError, unknown."""
    try:
        yield
    except (ArithmeticError, AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise unreadable(f"{what}: {error!r}") from error


def money(amount_minor: int, currency: str, *, code: str = "currency_code") -> dict[str, str]:
    """Return an amount as PayPal writes it. Raises GatewayError for what PayPal cannot express."""
    if currency not in CURRENCIES:
        raise GatewayError(
            f"PayPal does not take {currency}", permanent=True, code="currency_not_supported"
        )
    decimals = _decimals(currency)
    units = to_provider(amount_minor, currency, decimals)
    return {code: currency, "value": f"{Decimal(units).scaleb(-decimals):f}"}


def minor(amount: Thing, *, code: str = "currency_code") -> int:
    """Return PayPal's amount in minor units; raises ValueError."""
    if not _VALUE.fullmatch(amount["value"]):
        raise ValueError(f"{amount['value']!r} is no amount")
    return from_provider(int(Decimal(amount["value"]).scaleb(3)), amount[code], 3)


def _decimals(currency: str) -> int:
    return 0 if currency in _WHOLE else exponent_of(currency)


# -- orders --------------------------------------------------------------------------------------


def charge_of(order: Thing, disputes: tuple[BankDispute, ...] = ()) -> Charge:
    """Return an order as a charge; the house opens orders of one unit and captures them once."""
    with reading("an order"):
        unit = order["purchase_units"][0]
        capture = capture_of(order)
        custom_id = unit.get("custom_id", "")
        payer = order.get("payer") or {}
        return Charge(
            ref=order["id"],
            status=_status(order, capture),
            amount_minor=minor(unit["amount"]),
            currency=unit["amount"]["currency_code"],
            payment_id=int(custom_id) if custom_id.isdecimal() else None,
            capture_ref=capture["id"] if capture is not None else "",
            approve_url=link(order, "payer-action", "approve"),
            refunded_minor=sum(
                minor(one["amount"])
                for one in refunds_of(order)
                if _refund_status(one) in ("done", "pending")
            ),
            fee_minor=_fee_minor(capture, unit["amount"]["currency_code"]),
            failure=_failure(capture),
            payer_ref=payer.get("payer_id", ""),
            payer_wallet=payer.get("email_address", "").casefold(),
            disputes=disputes,
        )


def capture_of(order: Thing) -> Thing | None:
    """Return an order's capture, if there is one."""
    captures = order["purchase_units"][0].get("payments", {}).get("captures")
    return captures[0] if captures else None


def refunds_of(order: Thing) -> list[Thing]:
    """Return an order's refunds."""
    refunds: list[Thing] = order["purchase_units"][0].get("payments", {}).get("refunds", [])
    return refunds


def _status(order: Thing, capture: Thing | None) -> PaymentStatus:
    thing, table = (order, _ORDERS) if capture is None else (capture, _CAPTURES)
    status = table.get(thing["status"])
    if status is None:
        _wonder(thing["id"], thing["status"])
        return PaymentStatus.PROCESSING
    return status


def _fee_minor(capture: Thing | None, currency: str) -> int:
    fee = (capture or {}).get("seller_receivable_breakdown", {}).get("paypal_fee")
    if fee is None:
        return 0
    if fee["currency_code"] != currency:
        log.warning("the fee of a capture in %s is in %s", currency, fee["currency_code"])
        return 0
    return minor(fee)


def _failure(capture: Thing | None) -> str:
    if capture is None or _CAPTURES.get(capture["status"]) is not PaymentStatus.FAILED:
        return ""
    reason = capture.get("status_details", {}).get("reason", "")
    return f"PayPal declined the payment {reason}".rstrip()


def _wonder(ref: str, status: str) -> None:
    log.error("%s is %s: nobody told us of that", ref, status)


# -- disputes, moves -----------------------------------------------------------------------------


def dispute_of(dispute: Thing, currency: str, charge_minor: int) -> BankDispute:
    """Return a dispute, read in full. In another currency than the charge's, it is of it all."""
    with reading("a dispute"):
        amount = dispute["dispute_amount"]
        status = "open"
        if dispute["status"] == "RESOLVED":
            outcome = dispute.get("dispute_outcome", {}).get("outcome_code", "")
            status = _OUTCOMES.get(outcome, "open")
            if outcome not in _OUTCOMES:
                _wonder(dispute["dispute_id"], f"RESOLVED {outcome}")
        return BankDispute(
            ref=dispute["dispute_id"],
            status=status,
            amount_minor=minor(amount) if amount["currency_code"] == currency else charge_minor,
            reason=dispute.get("reason", "").lower(),
        )


def refund_of(refund: Thing) -> Move:
    """Return a refund."""
    with reading("a refund"):
        status = _refund_status(refund)
        reason = refund.get("status_details", {}).get("reason", "")
        return Move(
            ref=refund["id"],
            status=status,
            amount_minor=minor(refund["amount"]),
            error=reason if status == "failed" else "",
        )


def _refund_status(refund: Thing) -> str:
    status = _REFUNDS.get(refund["status"])
    if status is None:
        _wonder(refund["id"], refund["status"])
        return "pending"
    return status


def payout_of(batch: Thing, amount_minor: int = 0) -> Move:
    """Return a payout of one item by its batch, whose id is the move's.

    `amount_minor` stands for the item's as long as the batch does not show it.
    """
    with reading("a payout"):
        header = batch["batch_header"]
        status, error, fee_minor = "pending", "", 0
        for item in batch.get("items") or ():
            amount_minor = minor(item["payout_item"]["amount"], code="currency")
            fee = item.get("payout_item_fee")
            fee_minor = minor(fee, code="currency") if fee else 0
            status = _item_status(item)
            error = (item.get("errors") or {}).get("message") or item["transaction_status"]
        if header["batch_status"] in _BATCHES_OVER:
            status, error = "failed", header["batch_status"]
        return Move(
            ref=header["payout_batch_id"],
            status=status,
            amount_minor=amount_minor,
            fee_minor=fee_minor,
            error=error if status == "failed" else "",
        )


def _item_status(item: Thing) -> str:
    word = item.get("transaction_status", "PENDING")
    status = _PAYOUTS.get(word)
    if status is None:
        _wonder(item["payout_item_id"], word)
        return "pending"
    return status


# -- subscriptions -------------------------------------------------------------------------------


def subscription_of(subscription: Thing, now: datetime) -> ProviderSubscription:
    """Return a subscription; until the user has agreed, its id is only that of its checkout.

    PayPal ends a cancelled one at once; what was paid for is a month from the last payment, so
    until then it counts as active and ending.
    """
    with reading("a subscription"):
        status = _SUBSCRIPTIONS.get(subscription["status"])
        if status is None:
            _wonder(subscription["id"], subscription["status"])
            status = SubscriptionStatus.INCOMPLETE
        billing = subscription.get("billing_info") or {}
        ends_at, ending = _period_end(billing), False
        if status is SubscriptionStatus.CANCELED and ends_at is not None and now < ends_at:
            status, ending = SubscriptionStatus.ACTIVE, True
        elif billing.get("failed_payments_count"):
            status = _OVERDUE.get(status, status)
        agreed = status is not SubscriptionStatus.INCOMPLETE
        user_id, _, plan = subscription.get("custom_id", "").partition(":")
        return ProviderSubscription(
            ref=subscription["id"] if agreed else "",
            status=status,
            plan=plan,
            user_id=int(user_id) if user_id.isdecimal() else None,
            checkout_ref=subscription["id"],
            approve_url=link(subscription, "approve"),
            current_period_end=ends_at,
            is_paid=_is_paid(billing, ends_at),
            cancel_at_period_end=ending,
        )


_BILLING_SLACK = timedelta(days=3)  # periods are billed at PayPal's leisure

#: What a subscription is while its payments fail.
_OVERDUE = {
    SubscriptionStatus.ACTIVE: SubscriptionStatus.PAST_DUE,
    SubscriptionStatus.PAUSED: SubscriptionStatus.UNPAID,
}


def _period_end(billing: Thing) -> datetime | None:
    if billing.get("next_billing_time"):
        return _instant(billing["next_billing_time"])
    last = billing.get("last_payment") or {}
    return _month_after(_instant(last["time"])) if last.get("time") else None


def _is_paid(billing: Thing, ends_at: datetime | None) -> bool:
    """Whether the last payment is one of the period that ends then, and not of one before it."""
    last = (billing.get("last_payment") or {}).get("time")
    if last is None or ends_at is None:
        return False
    return _month_after(_instant(last)) + _BILLING_SLACK >= ends_at


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return instant.astimezone(UTC)


def _month_after(instant: datetime) -> datetime:
    year, month = divmod(instant.year * 12 + instant.month, 12)
    day = min(instant.day, calendar.monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)
