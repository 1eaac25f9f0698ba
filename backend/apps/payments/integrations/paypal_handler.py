"""PayPal: orders captured to the house, sellers paid by payouts of one item each.

An order is approved by the buyer at PayPal and captured by the house: nobody pays before the
house asks for it. PayPal has no way to list orders or to take a payout back.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from apps.core import clock
from apps.payments.integrations.base import (
    BankDispute,
    Charge,
    ChargeRequest,
    GatewayError,
    Move,
    MoveRequest,
    PayoutState,
    ProviderSubscription,
    SubscriptionRequest,
    WebhookNotice,
)
from apps.payments.integrations.paypal_client import (
    NOT_FOUND,
    PAGE_SIZE,
    PayPalClient,
    PayPalRefusal,
    instant,
    link,
    segment,
)
from apps.payments.integrations.paypal_shapes import (
    charge_of,
    dispute_of,
    minor,
    money,
    payout_of,
    reading,
    refund_of,
    refunds_of,
    subscription_of,
)
from apps.payments.integrations.paypal_webhooks import WebhookReader
from domain.settlement import CallKind, PaymentStatus

log = logging.getLogger(__name__)

ORDERS = "/v2/checkout/orders"
PAYOUTS = "/v1/payments/payouts"
SUBSCRIPTIONS = "/v1/billing/subscriptions"
EVENTS = "/v1/notifications/webhooks-events"

#: A sender_batch_id is remembered for 30 days; an older payout may be asked for only by staff.
BATCH_LIFETIME = timedelta(days=29)

#: A capture that says one of these has nothing to do: what the order is now tells the rest.
_SETTLED = ("ORDER_ALREADY_CAPTURED", "ORDER_NOT_APPROVED", "PAYER_ACTION_REQUIRED")


class PayPalGateway:
    """PayPal; see PaymentGateway for what each method promises. Safe to use from many threads.

    Takes settings.PAYPAL: `api`, `client_id`, `client_secret`, `webhook_id`, `webhook_check`,
    `webhook_authorities`, `plans` and, if need be, `timeout_seconds`.
    """

    name = "paypal"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._client = PayPalClient(settings)
        self._webhooks = WebhookReader(self._client, settings)
        self._plans: Mapping[str, str] = settings["plans"]
        self._blind_to_disputes = False

    # -- charges ---------------------------------------------------------------------------------

    def open_charge(self, request: ChargeRequest) -> Charge:
        """Create an order for the buyer to approve."""
        unit = {
            "custom_id": str(request.payment_id),
            "invoice_id": request.idempotency_key,  # PayPal takes money for it once
            "description": request.description[:127],
            "amount": money(request.amount_minor, request.currency),
        }
        context = {
            "user_action": "PAY_NOW",
            "return_url": request.return_url,
            "cancel_url": request.return_url,
        }
        body = {
            "intent": "CAPTURE",
            "purchase_units": [unit],
            "payment_source": {"paypal": {"experience_context": context}},
        }
        return charge_of(self._client.post(ORDERS, body, request_id=request.idempotency_key))

    def read_charge(self, ref: str) -> Charge:
        """Read an order, its capture with its refunds, and the disputes."""
        order = self._client.get(f"{ORDERS}/{segment(ref)}")
        charge = charge_of(order)
        if not charge.capture_ref:
            return charge
        return replace(charge, disputes=tuple(self._disputes(charge)))

    def find_charge(self, payment_id: int, since: datetime) -> Charge | None:
        """Return None: PayPal lists no orders.

        An order nobody heard of is harmless: without its address the buyer cannot approve it,
        and only the house captures.
        """
        return None

    def confirm_charge(self, ref: str, *, idempotency_key: str, test_card: str = "") -> Charge:
        """Capture the order if the buyer has approved it. Raises Declined."""
        charge = self.read_charge(ref)
        if charge.status is not PaymentStatus.PROCESSING or charge.capture_ref:
            return charge
        try:
            self._client.post(f"{ORDERS}/{segment(ref)}/capture", {}, request_id=idempotency_key)
        except PayPalRefusal as refusal:
            if refusal.code not in _SETTLED:
                raise
        return self.read_charge(ref)

    def cancel_charge(self, ref: str) -> Charge:
        """Give an order up: there is no call for it, it is just never captured."""
        charge = self.read_charge(ref)
        if charge.capture_ref:
            return charge
        return replace(charge, status=PaymentStatus.CANCELED)

    def list_charges(self, since: datetime) -> Iterator[Charge]:
        """Every order captured since, at most 30 days ago: PayPal lists its events, not orders."""
        seen = set()
        kind = "PAYMENT.CAPTURE.COMPLETED"
        for event in self._events(kind, since):
            with reading("an event"):
                ref = event["resource"]["supplementary_data"]["related_ids"]["order_id"]
            if ref not in seen:
                seen.add(ref)
                yield self.read_charge(ref)

    def _events(self, kind: str, since: datetime) -> Iterator[dict[str, Any]]:
        return self._client.pages(
            EVENTS,
            "events",
            event_type=kind,
            start_time=instant(since),
            end_time=instant(clock.now() + timedelta(minutes=1)),
            page_size=PAGE_SIZE,
        )

    def _disputes(self, charge: Charge) -> Iterator[BankDispute]:
        try:
            page = self._client.get(
                "/v1/customer/disputes", disputed_transaction_id=charge.capture_ref
            )
        except PayPalRefusal as refusal:
            if refusal.status != 403:
                raise
            if not self._blind_to_disputes:
                log.error("PayPal's app may not read disputes (%s): allow it to", refusal.code)
            self._blind_to_disputes = True
            return
        for item in page.get("items") or ():
            with reading("a list of disputes"):
                ref = item["dispute_id"]
            dispute = self._client.get(f"/v1/customer/disputes/{segment(ref)}")
            yield dispute_of(dispute, charge.currency, charge.amount_minor)

    # -- moves -----------------------------------------------------------------------------------

    def refund(self, request: MoveRequest) -> Move:
        """Refund the capture. PayPal remembers the key for 45 days; then the order tells."""
        mark = request.idempotency_key.replace(":", ".")  # no colon in a custom_id
        if request.first_sent_at is not None:
            order = self._client.get(f"{ORDERS}/{segment(request.charge_ref)}")
            with reading("an order"):
                known = [one for one in refunds_of(order) if one.get("custom_id") == mark]
            if known:
                return refund_of(known[0])
        body = {"amount": money(request.amount_minor, request.currency), "custom_id": mark}
        path = f"/v2/payments/captures/{segment(request.capture_ref)}/refund"
        return refund_of(self._client.post(path, body, request_id=request.idempotency_key))

    def transfer(self, request: MoveRequest) -> Move:
        """Pay a seller by a payout of one item to his address.

        Raises GatewayError, permanent, for one first tried so long ago that PayPal may have
        forgotten it.
        """
        sent_at = request.first_sent_at
        if sent_at is not None and clock.now() - sent_at > BATCH_LIFETIME:
            raise GatewayError(
                "first tried a month ago: look at PayPal whether it was paid out",
                permanent=True,
                code="key_expired",
            )
        item = {
            "recipient_type": "EMAIL",
            "receiver": request.account_ref,
            "amount": money(request.amount_minor, request.currency, code="currency"),
            "sender_item_id": str(request.payment_id),
        }
        header = {
            "sender_batch_id": request.idempotency_key,
            "email_subject": "You have been paid for a sale",
        }
        body = {"sender_batch_header": header, "items": [item]}
        try:
            batch = self._client.post(PAYOUTS, body, request_id=request.idempotency_key)
        except PayPalRefusal as refusal:
            if not _is_duplicate(refusal):
                raise
            batch = self._batch_before(refusal, request)
        return payout_of(batch, request.amount_minor)

    def _batch_before(self, refusal: PayPalRefusal, request: MoveRequest) -> dict[str, Any]:
        """Return the batch sent earlier: by the refusal's link or, without one, by its events."""
        address = link(refusal.body, "self")
        ref = address.rpartition("/")[2]
        if PAYOUTS not in address:
            ref = self._batch_told_of(request)
        batch = self._client.get(f"{PAYOUTS}/{segment(ref)}")
        with reading("a payout"):
            sender = batch["batch_header"]["sender_batch_header"]["sender_batch_id"]
        if sender != request.idempotency_key:
            raise GatewayError("the link leads to another payout", unknown=True, code="unreadable")
        return batch

    def _batch_told_of(self, request: MoveRequest) -> str:
        since = (request.first_sent_at or clock.now()) - timedelta(days=1)
        for status in ("SUCCESS", "PROCESSING", "DENIED"):
            for event in self._events(f"PAYMENT.PAYOUTSBATCH.{status}", since):
                with reading("an event"):
                    header = event["resource"]["batch_header"]
                    sender = header["sender_batch_header"].get("sender_batch_id")
                    if sender == request.idempotency_key:
                        return str(header["payout_batch_id"])
        raise GatewayError("paid out, but PayPal does not say where", unknown=True, code="unnamed")

    def reverse(self, request: MoveRequest) -> Move:
        """Refuse: what a seller was paid by PayPal is his; he can be asked, not debited."""
        raise GatewayError(
            "PayPal takes no payout back; settle it with the seller",
            permanent=True,
            code="not_supported",
        )

    def read_move(self, kind: str, ref: str) -> Move:
        """Read a refund, or a payout by its batch."""
        if kind == CallKind.REFUND:
            return refund_of(self._client.get(f"/v2/payments/refunds/{segment(ref)}"))
        if kind == CallKind.TRANSFER:
            return payout_of(self._client.get(f"{PAYOUTS}/{segment(ref)}"))
        raise GatewayError("PayPal has no reversals", permanent=True, code=NOT_FOUND)

    def balance_minor(self, currency: str) -> int:
        """What the account holds, withheld money included; up to three hours old."""
        answer = self._client.get("/v1/reporting/balances", currency_code=currency)
        with reading("the balance"):
            mine = [one for one in answer["balances"] if one["currency"] == currency]
            return sum(minor(one["total_balance"]) for one in mine)

    # -- subscriptions ---------------------------------------------------------------------------

    def open_subscription(self, request: SubscriptionRequest) -> ProviderSubscription:
        """Open a subscription to the PayPal plan of a plan of ours, at our price or not at all."""
        plan_id = self._plans.get(request.plan)
        if plan_id is None:
            raise GatewayError(
                f"PAYPAL_PLANS names no plan for {request.plan}", permanent=True, code="no_plan"
            )
        self._check_price(plan_id, money(request.price_minor, request.currency))
        subscription = self._client.post(
            SUBSCRIPTIONS,
            {
                "plan_id": plan_id,
                "custom_id": f"{request.user_id}:{request.plan}",
                "subscriber": {"email_address": request.email},
                "application_context": {
                    "user_action": "SUBSCRIBE_NOW",
                    "shipping_preference": "NO_SHIPPING",
                    "return_url": request.return_url,
                    "cancel_url": request.return_url,
                },
            },
            request_id=request.idempotency_key,
        )
        return subscription_of(subscription, clock.now())

    def _check_price(self, plan_id: str, price: dict[str, str]) -> None:
        plan = self._client.get(f"/v1/billing/plans/{segment(plan_id)}")
        with reading("a plan"):
            cycles = [one for one in plan["billing_cycles"] if one["tenure_type"] == "REGULAR"]
            prices = [minor(one["pricing_scheme"]["fixed_price"]) for one in cycles]
            codes = [one["pricing_scheme"]["fixed_price"]["currency_code"] for one in cycles]
            every = [one["frequency"]["interval_unit"] for one in cycles]
        if (prices, codes, every) != ([minor(price)], [price["currency_code"]], ["MONTH"]):
            raise GatewayError(
                f"PayPal's plan {plan_id} is not {price['value']} {price['currency_code']} a month",
                permanent=True,
                code="plan_differs",
            )

    def read_subscription(self, *, ref: str, checkout_ref: str) -> ProviderSubscription:
        """Read a subscription; its checkout has the same id."""
        path = f"{SUBSCRIPTIONS}/{segment(ref or checkout_ref)}"
        return subscription_of(self._client.get(path), clock.now())

    def cancel_subscription(self, ref: str) -> ProviderSubscription:
        """Stop its payments; what is paid for stays."""
        try:
            self._client.post(
                f"{SUBSCRIPTIONS}/{segment(ref)}/cancel", {"reason": "Cancelled by the subscriber"}
            )
        except PayPalRefusal as refusal:
            if refusal.code != "SUBSCRIPTION_STATUS_INVALID":  # it is over already
                raise
        return self.read_subscription(ref=ref, checkout_ref="")

    # -- sellers, webhooks -----------------------------------------------------------------------

    def open_payout_account(self, user_id: int, email: str, return_url: str) -> tuple[str, str]:
        """Pay to his address: whoever has none at PayPal yet is told how to claim it."""
        return email, ""

    def read_payout_account(self, account_ref: str) -> PayoutState:
        """Tell whether it is an address; PayPal says no more before a payout."""
        return PayoutState(ready="@" in account_ref)

    def read_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> WebhookNotice:
        """Check a webhook, fetch its event from PayPal, and say what that is about."""
        return self._webhooks.read(body, headers, now)


def _is_duplicate(refusal: PayPalRefusal) -> bool:
    """Whether PayPal has had this sender_batch_id before."""
    details = refusal.body.get("details")
    fields = [
        f"{one.get('field', '')} {one.get('issue', '')}".lower()
        for one in (details if isinstance(details, list) else ())
        if isinstance(one, dict)
    ]
    return refusal.permanent and any("sender_batch_id" in text for text in fields)
