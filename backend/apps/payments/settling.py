"""What came of a call to a provider, written: its ledger transaction, its hold, its payment."""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from apps.core import clock
from apps.payments import invoicing
from apps.payments.escrow_services import locked_hold, order_call, settle_hold
from apps.payments.history import advance
from apps.payments.integrations.base import Move
from apps.payments.ledger import Account, AccountKind, Leg, post
from apps.payments.models import Escrow, Invoice, ProviderCall
from domain.settlement import (
    OPEN_CALLS,
    CallKind,
    CallStatus,
    EscrowState,
    PaymentStatus,
    SaleStatus,
)

log = logging.getLogger(__name__)

LOOK_AGAIN = timedelta(minutes=2)  # at what the provider calls pending


def settle_call(call_id: int, move: Move, *, cause: str) -> None:
    """Write what the provider says of a refund, transfer or reversal; idempotent."""
    with transaction.atomic():
        call = locked_call(call_id)
        now = clock.database_now()
        call.provider_ref = move.ref or call.provider_ref
        if move.status == "done" and call.status == CallStatus.SENT:
            call.fee_minor = move.fee_minor
            _done(call, cause=cause, at=now)
        elif move.status == "failed" and call.status in OPEN_CALLS:
            fail_call(call, move.error, cause=cause, at=now)
        elif move.status == "failed" and call.status == CallStatus.DONE:
            _came_back(call, move.error, cause=cause, at=now)
        elif call.status == CallStatus.SENT:
            call.next_try_at = now + LOOK_AGAIN
            call.save()


def locked_call(call_id: int) -> ProviderCall:
    """Return a call, its hold (and sale and payment) locked first."""
    escrow_id = ProviderCall.objects.values_list("escrow_id", flat=True).get(pk=call_id)
    escrow = locked_hold(escrow_id)
    call = ProviderCall.objects.select_for_update().get(pk=call_id)
    call.escrow = escrow
    return call


def fail_call(call: ProviderCall, error: str, *, cause: str, at: datetime) -> None:
    """The provider refuses for good: the money stays where the ledger has it, staff decide."""
    log.error("%s refuses %s: %s", call.provider, call.key, error)
    call.error = error[:300]
    call.next_try_at = None
    advance(call, CallStatus.FAILED, cause=cause, at=at)
    if call.kind == CallKind.REVERSAL:
        advance(call.escrow, EscrowState.LOSS, cause=cause, at=at)


def _done(call: ProviderCall, *, cause: str, at: datetime) -> None:
    ledger_key, legs = _settlement(call)
    post(ledger_key, legs, currency=call.currency, cause=cause, at=at)
    call.settled_at = at
    call.next_try_at = None
    call.error = ""
    advance(call, CallStatus.DONE, cause=cause, at=at, ledger_key=ledger_key)
    if call.kind == CallKind.REFUND:
        _refunded(call.escrow, call.amount_minor, cause=cause, at=at)
    settle_hold(call.escrow, cause=cause, at=at, ledger_key=ledger_key)


def _settlement(call: ProviderCall) -> tuple[str, list[Leg]]:
    """Return the ledger transaction of a call that is done."""
    escrow, amount = call.escrow, call.amount_minor
    clearing = Account(AccountKind.PSP_CLEARING, call.provider)
    fee = [Leg(Account(AccountKind.PSP_FEE), call.fee_minor), Leg(clearing, -call.fee_minor)]
    if call.kind == CallKind.TRANSFER:
        payable = Account(AccountKind.SELLER_PAYABLE, str(escrow.seller_id))
        return call.key, [Leg(payable, amount), Leg(clearing, -amount), *fee]
    if call.kind == CallKind.REFUND:
        owed = Account(AccountKind.BUYER_REFUND, str(escrow.pk))
        return f"refunded:{call.key}", [Leg(owed, amount), Leg(clearing, -amount), *fee]
    loss = Account(AccountKind.CHARGEBACK_LOSS)
    return f"clawed:{call.key}", [Leg(clearing, amount), Leg(loss, -amount), *fee]


def _refunded(escrow: Escrow, amount_minor: int, *, cause: str, at: datetime) -> None:
    """The buyer has it back: his payment, his invoice and the sale follow."""
    payment = escrow.payment
    payment.refunded_minor += amount_minor
    whole = payment.refunded_minor == payment.amount_minor
    wanted = PaymentStatus.REFUNDED if whole else PaymentStatus.PARTIALLY_REFUNDED
    if payment.status == wanted:
        payment.save()
    else:
        advance(payment, wanted, cause=cause, at=at)
    invoice = payment.invoices.filter(kind=Invoice.Kind.SALE).first()
    if invoice is not None:
        invoicing.issue_credit_note(invoice, amount_minor, cause=cause, at=at)
        if whole:
            advance(payment.sale, SaleStatus.CANCELLED, cause=cause, at=at)


def _came_back(call: ProviderCall, error: str, *, cause: str, at: datetime) -> None:
    """A payout returned (an account closed, never claimed): owed again, and ordered again."""
    ledger_key, legs = (
        f"returned:{call.key}",
        [Leg(leg.account, -leg.amount_minor) for leg in _settlement(call)[1]],
    )
    post(ledger_key, legs, currency=call.currency, cause=cause, at=at)
    call.error = error[:300]
    advance(call, CallStatus.FAILED, cause=cause, at=at, ledger_key=ledger_key)
    if call.kind == CallKind.TRANSFER and call.escrow.state != EscrowState.CLAWBACK_PENDING:
        again = order_call(call.escrow, CallKind.TRANSFER, call.amount_minor, cause=cause, at=at)
        again.next_try_at = at + timedelta(days=1)  # for the seller to correct his account
        again.save()
