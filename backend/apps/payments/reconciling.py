"""What may have happened without our hearing of it: asked of the provider until it is known."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from apps.payments import escrow_services, services
from apps.payments.bank_disputes import TryLater
from apps.payments.gateways import gateway_for, gateway_named, methods
from apps.payments.integrations.base import Charge, GatewayError
from apps.payments.models import Escrow, Payment
from apps.payments.refusals import MoneyRefused
from domain.settlement import OPEN_PAYMENTS, EscrowState, PaymentStatus

log = logging.getLogger(__name__)

OLDER = 10  # an open payment is asked about again after a tenth of its age, at the earliest
SILENT = timedelta(minutes=10)  # until a hold is looked at again whose provider does not answer
LISTED = timedelta(days=3)  # charges compared several times a day
CAUSE = "timer:reconcile"


def look_at_payments(now: datetime, limit: int) -> int:
    """Ask about payments whose `check_at` has come; returns how many."""
    taken = _taken(now, limit)
    for payment in taken:
        try:
            _look_at(payment)
        except (GatewayError, TryLater) as error:
            log.warning("payment %s: %s does not say: %s", payment.pk, payment.provider, error)
        except Exception:
            log.exception("payment %s could not be reconciled", payment.pk)
    return len(taken)


def _taken(now: datetime, limit: int) -> list[Payment]:
    least = timedelta(seconds=settings.PAYMENT_LOOK_SECONDS)
    due = Payment.objects.filter(check_at__lte=now)
    if not due.exists():
        return []
    with transaction.atomic():
        payments = list(due.select_for_update(skip_locked=True).order_by("check_at")[:limit])
        for payment in payments:
            payment.check_at = now + max(least, (now - payment.created_at) / OLDER)
        Payment.objects.bulk_update(payments, ["check_at"])
    return payments


def _look_at(payment: Payment) -> None:
    if payment.status in OPEN_PAYMENTS:
        services.refresh_payment(payment.pk, cause=CAUSE)
        return
    charge = _cancelled(payment)
    if charge is not None:
        services.apply_charge(payment.pk, charge, cause=CAUSE)
    if charge is None or charge.status in (PaymentStatus.CANCELED, PaymentStatus.FAILED):
        Payment.objects.filter(pk=payment.pk).update(check_at=None)


def _cancelled(payment: Payment) -> Charge | None:
    """End the provider's charge of a payment that is over here; None if there is none."""
    gateway = gateway_named(payment.provider)
    if payment.provider_ref:
        return gateway.cancel_charge(payment.provider_ref)
    found = gateway.find_charge(payment.pk, payment.created_at)
    return None if found is None else gateway.cancel_charge(found.ref)


def release_due(now: datetime, limit: int) -> int:
    """Release holds whose time has come, unless the provider tells of a dispute."""
    due = Escrow.objects.filter(state=EscrowState.HELD, release_at__lte=now)
    ids = list(due.order_by("release_at").values_list("pk", "payment_id")[:limit])
    for escrow_id, payment_id in ids:
        try:
            services.refresh_payment(payment_id, cause="timer:release")
            escrow_services.release_hold(escrow_id, cause="timer:release")
        except MoneyRefused:
            log.info("hold %s is held no more", escrow_id)
        except (GatewayError, TryLater) as error:
            log.warning("hold %s waits: %s", escrow_id, error)
            held = Escrow.objects.filter(pk=escrow_id, state=EscrowState.HELD)
            held.update(release_at=now + SILENT)
    return len(ids)


def compare_all(now: datetime) -> int:
    """Compare with every provider this house uses; returns how much was odd."""
    odd = 0
    for provider in sorted({gateway_for(method).name for method in methods()}):
        try:
            odd += len(compare_charges(provider, now))
        except GatewayError as error:
            log.warning("%s cannot be compared with now: %s", provider, error)
    return odd


def compare_charges(provider: str, now: datetime) -> list[str]:
    """List the provider's charges of the last days and settle by each; returns what was odd."""
    odd = []
    for charge in gateway_named(provider).list_charges(now - LISTED):
        payment = Payment.objects.filter(pk=charge.payment_id or 0, provider=provider).first()
        if payment is None:
            odd.append(f"{provider} has {charge.ref}, which no payment knows")
            continue
        try:
            services.apply_charge(payment.pk, charge, cause="timer:compare")
        except (services.WrongCharge, TryLater) as error:
            odd.append(str(error))
        payment.refresh_from_db()
        if charge.refunded_minor < payment.refunded_minor:
            odd.append(f"payment {payment.pk}: refunded here, not at {provider}")
    for sentence in odd:
        log.error("comparison: %s", sentence)
    return odd
