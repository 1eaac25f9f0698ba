"""Stripe, by separate charges and transfers: the house is paid, holds, and pays the seller later.

A charge is a PaymentIntent which the buyer's browser confirms; the house reads it. Refunds and
transfers carry our idempotency key in their metadata too: Stripe keeps the first answer under a
key, also a 500 given after it had done the thing, so what happened is looked up where asking
again would only repeat that answer (docs.stripe.com/api/idempotent_requests).
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import stripe

from apps.core import clock
from apps.payments.integrations import stripe_webhooks
from apps.payments.integrations.base import (
    BankDispute,
    Charge,
    ChargeRequest,
    Declined,
    GatewayError,
    Move,
    MoveRequest,
    PayoutState,
    ProviderSubscription,
    SubscriptionRequest,
    WebhookNotice,
)
from apps.payments.integrations.stripe_errors import NOT_FOUND, REPLAYED, asking, existing
from apps.payments.integrations.stripe_moves import group_of, marks_of, moved
from apps.payments.integrations.stripe_shapes import (
    CHARGE_EXPANSION,
    SUBSCRIPTION_EXPANSION,
    bank_refs_of,
    charge_of,
    dispute_of,
    from_stripe,
    move_of,
    subscription_of,
    to_stripe,
    unfinished_of,
)
from domain.settlement import CallKind, PaymentStatus, SubscriptionStatus

TIMEOUT_SECONDS = 10
NETWORK_RETRIES = 1  # by the SDK, after a cut connection, 409 or 5xx, with the same key
PAGE_SIZE = 100  # the most Stripe gives
KEY_LIFETIME = timedelta(hours=24)
CLOCK_SKEW = timedelta(minutes=5)  # between Stripe's clock and ours

stripe.enable_telemetry = False  # it would send what machine this is


class StripeGateway:
    """Stripe; see PaymentGateway for what each method promises. Safe to use from many threads.

    Takes settings.STRIPE: `secret_key`, `webhook_secrets`, `api` and, if need be,
    `timeout_seconds`.
    """

    name = "stripe"

    def __init__(self, settings: Mapping[str, Any]) -> None:
        key: str = settings["secret_key"]
        timeout_seconds = settings.get("timeout_seconds", TIMEOUT_SECONDS)
        self._live = key.startswith(("sk_live_", "rk_live_"))
        self._webhook_secrets = tuple(settings["webhook_secrets"])
        self._api = stripe.StripeClient(
            key,
            base_addresses={"api": settings["api"]},
            http_client=stripe.RequestsClient(timeout=timeout_seconds),
            max_network_retries=NETWORK_RETRIES,
        ).v1

    # -- charges ---------------------------------------------------------------------------------

    def open_charge(self, request: ChargeRequest) -> Charge:
        """Create a PaymentIntent for the buyer's browser to confirm."""
        try:
            return self._created(request)
        except GatewayError as error:
            if error.code != REPLAYED:
                raise
            found = self.find_charge(request.payment_id, clock.now() - KEY_LIFETIME)
            if found is None:
                raise
            return found

    def _created(self, request: ChargeRequest) -> Charge:
        with asking("open a charge"):
            intent = self._api.payment_intents.create(
                {
                    "amount": to_stripe(request.amount_minor, request.currency),
                    "currency": request.currency.lower(),
                    "description": request.description[:500],
                    "automatic_payment_methods": {"enabled": True},
                    "capture_method": "automatic",  # so that the fee is known with the success
                    "transfer_group": group_of(request.payment_id),
                    "metadata": {
                        "payment_id": str(request.payment_id),
                        "auction_id": str(request.auction_id),
                    },
                    "expand": [CHARGE_EXPANSION],
                },
                {"idempotency_key": request.idempotency_key},
            )
            return charge_of(intent.to_dict())

    def read_charge(self, ref: str) -> Charge:
        """Read a PaymentIntent, its charge and the charge's disputes."""
        return self._with_disputes(self._intent(ref))

    def find_charge(self, payment_id: int, since: datetime) -> Charge | None:
        """Look through the PaymentIntents created since; a paid one goes before others."""
        wanted, found = str(payment_id), None
        for intent in self._intents(since):
            if intent["metadata"].get("payment_id") != wanted:
                continue
            found = found or intent
            if intent["status"] == "succeeded":
                found = intent
                break
        return None if found is None else self._with_disputes(found)

    def confirm_charge(self, ref: str, *, idempotency_key: str, test_card: str = "") -> Charge:
        """Read how it went in the buyer's browser; raises Declined for a card that was refused."""
        intent = self._intent(ref)
        charge = self._with_disputes(intent)
        if charge.status is PaymentStatus.REQUIRES_ACTION and charge.failure:
            error = intent["last_payment_error"]
            code = error.get("decline_code") or error.get("code") or "declined"
            raise Declined(charge.failure, code=code)
        return charge

    def cancel_charge(self, ref: str) -> Charge:
        """Cancel a PaymentIntent; one that is over is returned as it is."""
        try:
            with asking("cancel a charge"):
                intent = self._api.payment_intents.cancel(
                    existing(ref), {"expand": [CHARGE_EXPANSION]}
                )
                return charge_of(intent.to_dict())
        except GatewayError as error:
            if error.code != "payment_intent_unexpected_state":
                raise
        return self.read_charge(ref)

    def list_charges(self, since: datetime) -> Iterator[Charge]:
        """Every PaymentIntent created since, newest first."""
        for intent in self._intents(since):
            yield self._with_disputes(intent)

    def _intent(self, ref: str) -> dict[str, Any]:
        with asking("read a charge"):
            intent = self._api.payment_intents.retrieve(
                existing(ref), {"expand": [CHARGE_EXPANSION]}
            )
            return intent.to_dict()

    def _intents(self, since: datetime) -> Iterator[dict[str, Any]]:
        with asking("list charges"):
            page = self._api.payment_intents.list(
                {
                    "created": {"gte": int((since - CLOCK_SKEW).timestamp())},
                    "limit": PAGE_SIZE,
                    "expand": [f"data.{CHARGE_EXPANSION}"],
                }
            )
            for intent in page.auto_paging_iter():
                yield intent.to_dict()

    def _with_disputes(self, intent: dict[str, Any]) -> Charge:
        with asking("read a charge"):
            paid = intent["latest_charge"]
            disputes: tuple[BankDispute, ...] = ()
            if paid is not None and paid["disputed"]:
                page = self._api.disputes.list({"charge": paid["id"], "limit": PAGE_SIZE})
                every = [dispute_of(one.to_dict()) for one in page.auto_paging_iter()]
                disputes = tuple(one for one in every if one is not None)
            return charge_of(intent, disputes)

    # -- moves -----------------------------------------------------------------------------------

    def refund(self, request: MoveRequest) -> Move:
        """Refund the charge; the platform pays, whatever has been transferred."""

        def ask() -> Any:
            return self._api.refunds.create(
                {
                    "charge": existing(request.capture_ref),
                    "amount": to_stripe(request.amount_minor, request.currency),
                    "metadata": marks_of(request),
                },
                {"idempotency_key": request.idempotency_key},
            )

        return moved(request, ask, lambda: self._refunds(request))

    def transfer(self, request: MoveRequest) -> Move:
        """Transfer to the seller's account, out of this very charge."""

        def ask() -> Any:
            return self._api.transfers.create(
                {
                    "amount": to_stripe(request.amount_minor, request.currency),
                    "currency": request.currency.lower(),
                    "destination": request.account_ref,
                    "source_transaction": existing(request.capture_ref),
                    "transfer_group": group_of(request.payment_id),
                    "metadata": marks_of(request),
                },
                {"idempotency_key": request.idempotency_key},
            )

        return moved(request, ask, lambda: self._transfers(request))

    def reverse(self, request: MoveRequest) -> Move:
        """Reverse a transfer, as far as the seller's balance goes."""

        def ask() -> Any:
            return self._api.transfers.reversals.create(
                existing(request.transfer_ref),
                {
                    "amount": to_stripe(request.amount_minor, request.currency),
                    "metadata": marks_of(request),
                },
                {"idempotency_key": request.idempotency_key},
            )

        return moved(request, ask, lambda: self._reversals(request))

    def _refunds(self, request: MoveRequest) -> Iterable[Any]:
        charge = existing(request.capture_ref)
        page = self._api.refunds.list({"charge": charge, "limit": PAGE_SIZE})
        return page.auto_paging_iter()

    def _transfers(self, request: MoveRequest) -> Iterable[Any]:
        group = group_of(request.payment_id)
        page = self._api.transfers.list({"transfer_group": group, "limit": PAGE_SIZE})
        return page.auto_paging_iter()

    def _reversals(self, request: MoveRequest) -> Iterable[Any]:
        ref = existing(request.transfer_ref)
        page = self._api.transfers.reversals.list(ref, {"limit": PAGE_SIZE})
        return page.auto_paging_iter()

    def read_move(self, kind: str, ref: str) -> Move:
        """Read a refund, transfer or reversal; a reversal's ref names its transfer too."""
        with asking(f"read a {kind}"):
            thing: Any
            if kind == CallKind.REFUND:
                thing = self._api.refunds.retrieve(existing(ref))
            elif kind == CallKind.TRANSFER:
                thing = self._api.transfers.retrieve(existing(ref))
            else:
                transfer, _, reversal = ref.partition("/")
                thing = self._api.transfers.reversals.retrieve(
                    existing(transfer), existing(reversal)
                )
            return move_of(thing.to_dict())

    def balance_minor(self, currency: str) -> int:
        """What is available and what is pending."""
        with asking("read the balance"):
            balance = self._api.balance.retrieve().to_dict()
            parts = [*balance["available"], *balance["pending"]]
            mine = sum(part["amount"] for part in parts if part["currency"] == currency.lower())
            return from_stripe(mine, currency)

    # -- subscriptions ---------------------------------------------------------------------------

    def open_subscription(self, request: SubscriptionRequest) -> ProviderSubscription:
        """Open a Checkout Session; the user subscribes on Stripe's page."""
        marks = {"user_id": str(request.user_id), "plan": request.plan}
        with asking("open a subscription"):
            session = self._api.checkout.sessions.create(
                {
                    "mode": "subscription",
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": request.currency.lower(),
                                "unit_amount": to_stripe(request.price_minor, request.currency),
                                "product_data": {"name": request.plan.capitalize()},
                                "recurring": {"interval": "month"},
                            },
                        }
                    ],
                    "success_url": request.return_url,
                    "cancel_url": request.return_url,
                    "customer_email": request.email,
                    "client_reference_id": str(request.user_id),
                    "metadata": marks,
                    "subscription_data": {"metadata": marks},
                },
                {"idempotency_key": request.idempotency_key},
            )
            return ProviderSubscription(
                ref="",
                status=SubscriptionStatus.INCOMPLETE,
                plan=request.plan,
                user_id=request.user_id,
                checkout_ref=session.id,
                approve_url=session.url or "",
            )

    def read_subscription(self, *, ref: str, checkout_ref: str) -> ProviderSubscription:
        """Read a subscription, or the session it may come from."""
        if ref:
            return self._subscription(ref, checkout_ref)
        with asking("read a checkout"):
            session = self._api.checkout.sessions.retrieve(existing(checkout_ref)).to_dict()
            if session["subscription"] is None:
                return unfinished_of(session)
        return self._subscription(session["subscription"], checkout_ref)

    def _subscription(self, ref: str, checkout_ref: str) -> ProviderSubscription:
        with asking("read a subscription"):
            subscription = self._api.subscriptions.retrieve(
                existing(ref), {"expand": [SUBSCRIPTION_EXPANSION]}
            )
            return subscription_of(subscription.to_dict(), checkout_ref)

    def cancel_subscription(self, ref: str) -> ProviderSubscription:
        """End it at the end of the paid period; one that is over is returned as it is."""
        try:
            with asking("cancel a subscription"):
                subscription = self._api.subscriptions.update(
                    existing(ref),
                    {"cancel_at_period_end": True, "expand": [SUBSCRIPTION_EXPANSION]},
                )
                return subscription_of(subscription.to_dict(), "")
        except GatewayError as error:
            if error.code != NOT_FOUND:  # so Stripe says of a canceled one, which can be read
                raise
        return self._subscription(ref, "")

    # -- sellers, webhooks -----------------------------------------------------------------------

    def open_payout_account(self, user_id: int, email: str, return_url: str) -> tuple[str, str]:
        """Create an Express account, and a link that lives for minutes to set it up."""
        digest = hashlib.sha256(email.encode()).hexdigest()[:16]
        with asking("open a payout account"):
            account = self._api.accounts.create(
                {
                    "type": "express",
                    "email": email,
                    "capabilities": {"transfers": {"requested": True}},
                    "metadata": {"user_id": str(user_id)},
                },
                {"idempotency_key": f"account:{user_id}:{digest}"},
            )
            link = self._api.account_links.create(
                {
                    "account": account.id,
                    "refresh_url": return_url,
                    "return_url": return_url,
                    "type": "account_onboarding",
                }
            )
            return account.id, link.url

    def read_payout_account(self, account_ref: str) -> PayoutState:
        """Read whether it takes transfers and pays them out, and to which bank accounts."""
        with asking("read a payout account"):
            account = self._api.accounts.retrieve(existing(account_ref)).to_dict()
            transfers = (account.get("capabilities") or {}).get("transfers")
            return PayoutState(
                ready=transfers == "active" and bool(account["payouts_enabled"]),
                bank_refs=bank_refs_of(account) if self._live else (),
            )

    def read_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> WebhookNotice:
        """Check a webhook and say what it is about."""
        return stripe_webhooks.read(
            body, headers, now, secrets=self._webhook_secrets, live=self._live
        )
