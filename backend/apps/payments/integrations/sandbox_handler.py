"""The sandbox: a provider inside the house, for play money where there are no keys.

It has books of its own (SandboxObject) and tells of every change through the same inbox as the
others, so that inbox, worker, tables, ledger and invoices run as they do with real money. The
test cards are Stripe's, with their published meaning (docs.stripe.com/testing).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.core import clock
from apps.payments.integrations.base import (
    BankDispute,
    Charge,
    ChargeRequest,
    Declined,
    GatewayError,
    InvalidWebhook,
    Move,
    MoveRequest,
    PayoutState,
    ProviderSubscription,
    SubscriptionRequest,
    WebhookNotice,
)
from apps.payments.models import InboxEvent, SandboxObject
from domain.settlement import CallKind, PaymentStatus, SubscriptionStatus

CARD_PAYS = "4242424242424242"
CARD_ASKS_FIRST = "4000002500003155"  # the buyer's bank wants him to confirm
CARD_IS_DISPUTED = "4000000000000259"  # pays, and the bank takes it back
DECLINES = {
    "4000000000000002": "Your card was declined",
    "4000000000009995": "Your card has insufficient funds",
    "4000000000000069": "Your card has expired",
}
CARDS = (CARD_PAYS, CARD_ASKS_FIRST, CARD_IS_DISPUTED, *DECLINES)

DISPUTE_OPENS_SECONDS = 10  # after the payment
PERIOD_DAYS = 30  # of a subscription

_SUCCEEDED = PaymentStatus.SUCCEEDED.value
_OPEN = (PaymentStatus.REQUIRES_ACTION.value, PaymentStatus.PROCESSING.value)


class SandboxGateway:
    """Play money; see PaymentGateway for what each method promises."""

    name = "sandbox"

    # -- charges ---------------------------------------------------------------------------------

    def open_charge(self, request: ChargeRequest) -> Charge:
        """Open a charge that waits for its buyer."""
        row = _kept(
            request.idempotency_key,
            kind="charge",
            payment_id=request.payment_id,
            currency=request.currency,
            amount_minor=request.amount_minor,
            status=PaymentStatus.REQUIRES_ACTION.value,
        )
        return _charge(row)

    def read_charge(self, ref: str) -> Charge:
        """Read a charge."""
        return _charge(_found(ref))

    def find_charge(self, payment_id: int, since: datetime) -> Charge | None:
        """Look for a payment's charge."""
        found = SandboxObject.objects.filter(kind="charge", payment_id=payment_id)
        row = found.filter(created_at__gte=since).first()
        return None if row is None else _charge(row)

    def confirm_charge(self, ref: str, *, idempotency_key: str, test_card: str = "") -> Charge:
        """Pay with a test card; without one, with the card that always pays. Raises Declined."""
        card = test_card.replace(" ", "") or CARD_PAYS
        if card not in CARDS:
            raise Declined(f"Not a test card; use one of {', '.join(CARDS)}", code="not_test_card")
        with transaction.atomic():
            row = _found(ref, lock=True)
            if row.status not in _OPEN:
                return _charge(row)
            self._pay(row, card)
        if card in DECLINES:
            raise Declined(DECLINES[card])
        return _charge(row)

    def _pay(self, row: SandboxObject, card: str) -> None:
        if card in DECLINES:
            row.data["failure"] = DECLINES[card]
        elif card == CARD_ASKS_FIRST and not row.data.get("asked"):
            row.data["asked"] = True
        else:
            row.status = _SUCCEEDED
            row.data.pop("failure", None)
            _tell(row, "charge.succeeded", "charge")
        if card == CARD_IS_DISPUTED:
            opens_at = clock.now() + timedelta(seconds=DISPUTE_OPENS_SECONDS)
            row.data["dispute"] = {"status": "open", "opens_at": opens_at.isoformat()}
            _tell(row, "charge.disputed", "charge", at=opens_at)
        row.save()

    def cancel_charge(self, ref: str) -> Charge:
        """Cancel a charge that nobody has paid."""
        with transaction.atomic():
            row = _found(ref, lock=True)
            if row.status in _OPEN:
                row.status = PaymentStatus.CANCELED.value
                row.save()
        return _charge(row)

    def list_charges(self, since: datetime) -> Iterable[Charge]:
        """Every charge opened since."""
        rows = SandboxObject.objects.filter(kind="charge", created_at__gte=since)
        return [_charge(row) for row in rows.order_by("pk")]

    # -- moves -----------------------------------------------------------------------------------

    def refund(self, request: MoveRequest) -> Move:
        """Give back at most what was paid."""
        with transaction.atomic():
            charge = _found(request.charge_ref, lock=True)
            left = charge.amount_minor - charge.data.get("refunded_minor", 0)
            known = SandboxObject.objects.filter(ref=_move_ref(request)).exists()
            if not known and request.amount_minor > left:
                raise GatewayError("more than is left of the charge", permanent=True)
            if not known:
                charge.data["refunded_minor"] = charge.amount_minor - left + request.amount_minor
                charge.save()
            return self._move(request, CallKind.REFUND)

    def transfer(self, request: MoveRequest) -> Move:
        """Pay a seller out, at once."""
        return self._move(request, CallKind.TRANSFER)

    def reverse(self, request: MoveRequest) -> Move:
        """Take a transfer back; a sandbox seller always has the money."""
        return self._move(request, CallKind.REVERSAL)

    def _move(self, request: MoveRequest, kind: CallKind) -> Move:
        row = _kept(
            request.idempotency_key,
            kind=kind.value,
            payment_id=request.payment_id,
            currency=request.currency,
            amount_minor=request.amount_minor,
            status="done",
        )
        if not row.data.get("told"):
            _tell(row, f"{kind.value}.done", "move")
        return _moved(row)

    def read_move(self, kind: str, ref: str) -> Move:
        """Read a refund, transfer or reversal."""
        return _moved(_found(ref))

    def balance_minor(self, currency: str) -> int:
        """Charges less refunds, transfers and what banks have taken, plus reversals."""
        now, total = clock.now(), 0
        signs = {"charge": 1, "refund": -1, "transfer": -1, "reversal": 1}
        for row in SandboxObject.objects.filter(currency=currency, kind__in=signs).iterator():
            if row.kind == "charge" and row.status != _SUCCEEDED:
                continue
            total += signs[row.kind] * row.amount_minor
            total -= sum(d.amount_minor for d in _disputes(row, now) if d.status != "won")
        return total

    # -- disputes, for staff and tests -----------------------------------------------------------

    def decide_dispute(self, ref: str, *, won: bool) -> None:
        """Let the buyer's bank decide, as the other providers' test panels can."""
        with transaction.atomic():
            row = _found(ref, lock=True)
            if row.data.get("dispute", {}).get("status") != "open":
                raise GatewayError("this charge has no open dispute", permanent=True)
            row.data["dispute"]["status"] = "won" if won else "lost"
            row.save()
            _tell(row, "charge.dispute.closed", "charge")

    # -- subscriptions ---------------------------------------------------------------------------

    def open_subscription(self, request: SubscriptionRequest) -> ProviderSubscription:
        """Open a subscription; play money agrees to everything at once."""
        now = clock.now()
        row = _kept(
            request.idempotency_key,
            kind="subscription",
            currency=request.currency,
            amount_minor=request.price_minor,
            status=SubscriptionStatus.ACTIVE.value,
            data={"plan": request.plan, "user_id": request.user_id},
        )
        if not row.data.get("told"):
            _tell(row, "subscription.created", "subscription")
        return _subscription(row, now)

    def read_subscription(self, *, ref: str, checkout_ref: str) -> ProviderSubscription:
        """Read a subscription as it is today."""
        return _subscription(_found(ref or checkout_ref), clock.now())

    def cancel_subscription(self, ref: str) -> ProviderSubscription:
        """End it at the end of the period that runs."""
        with transaction.atomic():
            row = _found(ref, lock=True)
            now = clock.now()
            row.data.setdefault("ends_at", _period_end(row, now).isoformat())
            row.save()
            _tell(row, "subscription.updated", "subscription")
        return _subscription(row, now)

    # -- sellers ---------------------------------------------------------------------------------

    def open_payout_account(self, user_id: int, email: str, return_url: str) -> tuple[str, str]:
        """Every seller has one."""
        return f"sandbox:seller:{user_id}", ""

    def read_payout_account(self, account_ref: str) -> PayoutState:
        """Play money always arrives."""
        return PayoutState(ready=True)

    def read_webhook(self, body: bytes, headers: Mapping[str, str], now: datetime) -> WebhookNotice:
        """Refuse: the sandbox tells through the database, never over the network."""
        raise InvalidWebhook("the sandbox sends no webhooks")


def _kept(idempotency_key: str, **fields: Any) -> SandboxObject:
    """Return the object of a key, made by the first who asks."""
    row = SandboxObject(ref=f"sandbox:{idempotency_key}", created_at=clock.now(), **fields)
    SandboxObject.objects.bulk_create([row], ignore_conflicts=True)
    return SandboxObject.objects.get(ref=row.ref)


def _found(ref: str, *, lock: bool = False) -> SandboxObject:
    rows = SandboxObject.objects.select_for_update() if lock else SandboxObject.objects.all()
    row = rows.filter(ref=ref).first()
    if row is None:
        raise GatewayError("no such object", permanent=True, code="not_found")
    return row


def _move_ref(request: MoveRequest) -> str:
    return f"sandbox:{request.idempotency_key}"


def _charge(row: SandboxObject) -> Charge:
    return Charge(
        ref=row.ref,
        status=PaymentStatus(row.status),
        amount_minor=row.amount_minor,
        currency=row.currency,
        payment_id=row.payment_id,
        capture_ref=row.ref if row.status == _SUCCEEDED else "",
        client_secret=f"{row.ref}_secret",
        refunded_minor=row.data.get("refunded_minor", 0),
        failure=row.data.get("failure", ""),
        disputes=_disputes(row, clock.now()),
    )


def _disputes(row: SandboxObject, now: datetime) -> tuple[BankDispute, ...]:
    dispute: dict[str, Any] | None = row.data.get("dispute")
    if dispute is None or datetime.fromisoformat(dispute["opens_at"]) > now:
        return ()
    return (
        BankDispute(
            ref=f"{row.ref}:dispute",
            status=dispute["status"],
            amount_minor=row.amount_minor,
            reason="fraudulent",
        ),
    )


def _moved(row: SandboxObject) -> Move:
    return Move(ref=row.ref, status=row.status, amount_minor=row.amount_minor)


def _period_end(row: SandboxObject, now: datetime) -> datetime:
    period = timedelta(days=PERIOD_DAYS)
    # `now` may have been asked for before the row was written.
    return row.created_at + period * (max(now - row.created_at, timedelta()) // period + 1)


def _subscription(row: SandboxObject, now: datetime) -> ProviderSubscription:
    ends = row.data.get("ends_at")
    over = ends is not None and datetime.fromisoformat(ends) <= now
    return ProviderSubscription(
        ref=row.ref,
        status=SubscriptionStatus.CANCELED if over else SubscriptionStatus.ACTIVE,
        plan=row.data["plan"],
        user_id=row.data["user_id"],
        checkout_ref=row.ref,
        current_period_end=datetime.fromisoformat(ends) if ends else _period_end(row, now),
        cancel_at_period_end=ends is not None,
    )


def _tell(row: SandboxObject, kind: str, subject: str, at: datetime | None = None) -> None:
    """Put an event into the inbox, as a webhook of another provider would."""
    now = clock.now()
    count = row.data["told"] = row.data.get("told", 0) + 1
    event_id = f"{row.ref}:{count}:{kind}"
    SandboxObject.objects.filter(pk=row.pk).update(data=row.data)
    InboxEvent.objects.get_or_create(
        provider="sandbox",
        event_id=event_id,
        defaults={
            "kind": kind,
            "object_ref": f"{subject}:{row.ref}",
            "body": b"",
            "next_try_at": at or now,
            "received_at": now,
        },
    )
