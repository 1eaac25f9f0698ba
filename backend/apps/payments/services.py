"""Payments: opened for the winner, asked of the provider, settled by what the provider says.

Every payment is settled by one function, `apply_charge`: whatever made us look (the buyer's
confirm, a webhook, the reconciler), the provider's object is read and only that is acted on. A
provider is never called inside a transaction: the row is written first, so a crash in between
leaves a row that says "it may have happened", which the reconciler looks into.

Locks are taken in the order sale, payment, hold. Amounts are minor units, instants aware UTC.
"""

import hashlib
import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.core import clock
from apps.payments import escrow_services, invoicing, sales
from apps.payments.bank_disputes import apply_bank_dispute
from apps.payments.gateways import MethodUnavailable, gateway_for, gateway_named
from apps.payments.history import advance, began
from apps.payments.integrations.base import (
    Charge,
    ChargeRequest,
    Declined,
    GatewayError,
    PaymentGateway,
)
from apps.payments.models import Payment, PaymentKey, Sale
from apps.payments.refusals import MoneyReason, MoneyRefused
from apps.risk.keys import note_key
from domain.risk.links import KeyKind
from domain.settlement import (
    OPEN_PAYMENTS,
    PAYABLE_SALES,
    PAYMENT,
    PaymentStatus,
    SaleStatus,
)

log = logging.getLogger(__name__)

CHECKOUT_PAGE = "/checkout"  # and the auction's id; where a provider sends the buyer back to


class WrongCharge(ValueError):
    """A provider's charge that is not what we asked for; for staff."""


def open_payment(
    user_id: int, auction_id: int, method: str, *, request_key: str | None = None
) -> tuple[Payment, bool]:
    """Open a payment of what the user won, or return the one that is open; (payment, created).

    The amount is the sale's. Raises MoneyRefused.
    """
    try:
        provider = gateway_for(method).name
    except MethodUnavailable as error:
        raise MoneyRefused(MoneyReason.METHOD_UNAVAILABLE, detail=str(error)) from error
    digest = hashlib.sha256(f"{auction_id}:{method}".encode()).hexdigest()
    with transaction.atomic():
        now = clock.database_now()
        sale = sales.sale_of_auction(auction_id)
        if sale is not None:
            sale = Sale.objects.select_for_update().get(pk=sale.pk)
        payment = _answered(user_id, request_key, digest)
        created = False
        if payment is None:
            payment, created = _payment_of(sale, user_id, method, provider, now)
            _remember(user_id, request_key, digest, payment, now)
    return _opened(payment, first_time=created), created


def _answered(user_id: int, key: str | None, digest: str) -> Payment | None:
    """Return what an earlier request with this key made."""
    if key is None:
        return None
    found = PaymentKey.objects.filter(user_id=user_id, key=key).select_related("payment").first()
    if found is None:
        return None
    if found.digest != digest:
        raise MoneyRefused(MoneyReason.KEY_REUSED)
    return found.payment


def _remember(user_id: int, key: str | None, digest: str, payment: Payment, at: datetime) -> None:
    if key is not None:
        PaymentKey.objects.create(
            user_id=user_id, key=key, digest=digest, payment=payment, created_at=at
        )


def _payment_of(
    sale: Sale | None, user_id: int, method: str, provider: str, now: datetime
) -> tuple[Payment, bool]:
    if sale is None:
        raise MoneyRefused(MoneyReason.NOT_SOLD)
    if sale.buyer_id != user_id:
        raise MoneyRefused(MoneyReason.NOT_THE_BUYER)
    if sale.status == SaleStatus.PAID:
        return sale.payments.filter(paid_at__isnull=False).latest("pk"), False
    if sale.status not in PAYABLE_SALES or sale.due_at <= now:
        raise MoneyRefused(MoneyReason.LAPSED)
    found = sale.payments.filter(status__in=OPEN_PAYMENTS).first()
    if found is not None:
        return found, False
    payment = Payment.objects.create(
        sale=sale,
        buyer_id=user_id,
        method=method,
        provider=provider,
        currency=sale.currency,
        amount_minor=sale.total_minor,
        status=PaymentStatus.CREATED,
        created_at=now,
        expires_at=sale.due_at,
        check_at=now + timedelta(seconds=settings.PAYMENT_LOOK_SECONDS),
    )
    began(payment, cause=f"request:user:{user_id}", at=now)
    return payment, True


def _opened(payment: Payment, *, first_time: bool = False) -> Payment:
    """Make sure the provider knows of a payment; a provider that is silent is asked again later."""
    if payment.status != PaymentStatus.CREATED:
        return payment
    cause = f"request:user:{payment.buyer_id}"
    try:
        return ask_for_charge(payment, cause=cause, first_time=first_time)
    except GatewayError as error:
        if error.permanent:
            fail_payment(payment.pk, str(error), cause=cause)
            raise MoneyRefused(MoneyReason.PROVIDER_REFUSED, detail=str(error)) from error
        log.warning("payment %s: %s did not answer: %s", payment.pk, payment.provider, error)
        return payment


def ask_for_charge(payment: Payment, *, cause: str, first_time: bool = False) -> Payment:
    """Open the provider's charge of a payment, or find it; raises GatewayError.

    The key is the same each time, so it is opened once. After the first time it is looked for
    before that: a provider forgets keys, and may have kept an error under this one.
    """
    gateway = gateway_named(payment.provider)
    charge = None if first_time else gateway.find_charge(payment.pk, payment.created_at)
    if charge is None:
        charge = gateway.open_charge(
            ChargeRequest(
                payment_id=payment.pk,
                auction_id=payment.sale.auction_id,
                amount_minor=payment.amount_minor,
                currency=payment.currency,
                description=payment.sale.auction.title,
                idempotency_key=f"pay:{payment.pk}:open",
                return_url=f"{settings.SITE_URL}{CHECKOUT_PAGE}/{payment.sale.auction_id}",
            )
        )
    return apply_charge(payment.pk, charge, cause=cause)


def confirm_payment(user_id: int, payment_id: int, *, test_card: str = "") -> Payment:
    """Settle a payment the buyer says he has paid: ask the provider, believe only it.

    Raises MoneyRefused: not his, over, declined (it can be tried again), the provider is silent.
    """
    payment = Payment.objects.select_related("sale__auction").filter(pk=payment_id).first()
    if payment is None or payment.buyer_id != user_id:
        raise MoneyRefused(MoneyReason.NOT_FOUND)
    if payment.status not in OPEN_PAYMENTS:
        if payment.paid_at is None:
            raise MoneyRefused(MoneyReason.PAYMENT_OVER, status=payment.status)
        return payment
    payment = _opened(payment)
    cause, gateway = f"request:user:{user_id}", gateway_named(payment.provider)
    if payment.status not in OPEN_PAYMENTS or not payment.provider_ref:
        return payment
    try:
        return _take(payment, gateway, cause=cause, test_card=test_card)
    except Declined as declined:
        raise MoneyRefused(MoneyReason.DECLINED, detail=str(declined)) from declined
    except GatewayError as error:
        raise MoneyRefused(MoneyReason.PROVIDER_SILENT) from error


def refresh_payment(payment_id: int, *, cause: str) -> Payment:
    """Read the provider's charge and settle by it; raises GatewayError."""
    payment = Payment.objects.select_related("sale__auction").get(pk=payment_id)
    if not payment.provider_ref:
        return ask_for_charge(payment, cause=cause)
    gateway = gateway_named(payment.provider)
    charge = gateway.read_charge(payment.provider_ref)
    if charge.status is PaymentStatus.PROCESSING and payment.status in OPEN_PAYMENTS:
        return _take(payment, gateway, cause=cause)  # the buyer has agreed and gone
    return apply_charge(payment_id, charge, cause=cause)


def _take(payment: Payment, gateway: PaymentGateway, *, cause: str, test_card: str = "") -> Payment:
    """Ask the provider for the money; a decline is noted. Raises GatewayError, Declined."""
    try:
        charge = gateway.confirm_charge(
            payment.provider_ref,
            idempotency_key=f"pay:{payment.pk}:confirm:{payment.attempt}",
            test_card=test_card,
        )
    except Declined as declined:
        note_decline(payment.pk, str(declined), cause=cause)
        raise
    return apply_charge(payment.pk, charge, cause=cause)


def apply_charge(payment_id: int, charge: Charge, *, cause: str) -> Payment:
    """Settle a payment by the provider's charge, whatever order it is told in; idempotent.

    What the table does not allow is older than what we know, and ignored. Raises WrongCharge
    when the charge is not the one asked for.
    """
    with transaction.atomic():
        payment = locked_payment(payment_id)
        _check_same(payment, charge)
        now = clock.database_now()
        _note_references(payment, charge)
        was, wanted = PaymentStatus(payment.status), charge.status
        if was is not wanted and PAYMENT.allows(was, wanted):
            if wanted is PaymentStatus.SUCCEEDED and was is not PaymentStatus.DISPUTED:
                _succeed(payment, charge, cause=cause, at=now)
            elif wanted is not PaymentStatus.SUCCEEDED:
                advance(payment, wanted, cause=cause, at=now)
        payment.save()
        for dispute in charge.disputes:
            apply_bank_dispute(payment, dispute, cause=cause, at=now)
    return payment


def locked_payment(payment_id: int) -> Payment:
    """Return a payment, its sale's row locked first, then its own."""
    sale_id = Payment.objects.values_list("sale_id", flat=True).get(pk=payment_id)
    sale = Sale.objects.select_for_update().get(pk=sale_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    payment.sale = sale
    return payment


def _check_same(payment: Payment, charge: Charge) -> None:
    ours = (payment.pk, payment.amount_minor, payment.currency)
    theirs = (charge.payment_id, charge.amount_minor, charge.currency)
    if ours != theirs or payment.provider_ref not in ("", charge.ref):
        log.error("payment %s: %s has %s instead of %s", payment.pk, charge.ref, theirs, ours)
        raise WrongCharge(f"charge {charge.ref} is not that of payment {payment.pk}")


def _note_references(payment: Payment, charge: Charge) -> None:
    payment.provider_ref = charge.ref
    payment.capture_ref = charge.capture_ref or payment.capture_ref
    payment.client_secret = charge.client_secret or payment.client_secret
    payment.approve_url = charge.approve_url or payment.approve_url
    payment.failure = charge.failure


def _succeed(payment: Payment, charge: Charge, *, cause: str, at: datetime) -> None:
    """The money is there: hold it. If nobody is owed it any more, give it back at once."""
    payment.provider_fee_minor = charge.fee_minor
    payment.paid_at = at
    payment.check_at = None
    _note_payer(payment, charge, at=at)
    ledger_key = f"fund:{payment.pk}"
    advance(payment, PaymentStatus.SUCCEEDED, cause=cause, at=at, ledger_key=ledger_key)
    escrow = escrow_services.hold(payment, cause=cause, at=at, ledger_key=ledger_key)
    if payment.sale.status in PAYABLE_SALES:
        advance(payment.sale, SaleStatus.PAID, cause=cause, at=at)
        invoicing.issue_sale_invoice(payment, cause=cause, at=at)
    else:
        log.warning("payment %s came too late; it is given back", payment.pk)
        escrow_services.refund_held(escrow, escrow.held_minor, cause=cause, at=at)


def _note_payer(payment: Payment, charge: Charge, *, at: datetime) -> None:
    """Note who paid, where the provider says it: two accounts with one payer are one person."""
    named = {KeyKind.PAYER: charge.payer_ref, KeyKind.WALLET: charge.payer_wallet}
    for kind, ref in named.items():
        if ref:
            note_key(payment.buyer_id, kind, f"{payment.provider}:{ref}", at=at)


def note_decline(payment_id: int, text: str, *, cause: str) -> None:
    """Keep why a means of payment was declined; the buyer may try another."""
    with transaction.atomic():
        payment = locked_payment(payment_id)
        if payment.status not in OPEN_PAYMENTS:
            return
        payment.failure = text[:300]
        payment.attempt += 1
        if payment.status == PaymentStatus.REQUIRES_ACTION:
            payment.save()
        else:
            now = clock.database_now()
            advance(payment, PaymentStatus.REQUIRES_ACTION, cause=cause, at=now)


def fail_payment(payment_id: int, text: str, *, cause: str) -> None:
    """End a payment the provider will never take."""
    with transaction.atomic():
        payment = locked_payment(payment_id)
        if payment.status in OPEN_PAYMENTS:
            payment.failure = text[:300]
            payment.check_at = None
            advance(payment, PaymentStatus.FAILED, cause=cause, at=clock.database_now())


def expire_open_payments(sale: Sale, *, cause: str, at: datetime) -> None:
    """End what is still open of a locked sale; the provider's charge is cancelled soon after.

    Inside the caller's transaction. A charge that is paid in that moment is given back.
    """
    for payment in sale.payments.select_for_update().filter(status__in=OPEN_PAYMENTS):
        payment.check_at = at
        advance(payment, PaymentStatus.EXPIRED, cause=cause, at=at)
