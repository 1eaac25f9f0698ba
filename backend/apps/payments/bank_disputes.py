"""A buyer's bank takes a charge back: frozen while it decides, lost or returned afterwards.

The bank takes the money at once; the ledger keeps it as a claim (`disputed_funds`) until the
bank has decided. Amounts are minor units, instants aware UTC.
"""

import logging
from datetime import datetime, timedelta

from apps.core.tunables import tunable
from apps.payments.escrow_services import held_account, order_call
from apps.payments.history import advance
from apps.payments.integrations.base import BankDispute
from apps.payments.ledger import Account, AccountKind, Leg, post
from apps.payments.models import Escrow, EscrowDispute, Payment
from domain.settlement import ESCROW, PAYMENT, CallKind, CallStatus, EscrowState, PaymentStatus

log = logging.getLogger(__name__)

_UNDER_WAY = (
    EscrowState.RELEASE_PENDING,
    EscrowState.REFUND_PENDING,
    EscrowState.SPLIT_PENDING,
    EscrowState.CLAWBACK_PENDING,
)


class TryLater(Exception):
    """The hold's own money is on its way; look again once it has arrived."""


def apply_bank_dispute(payment: Payment, dispute: BankDispute, *, cause: str, at: datetime) -> None:
    """Bring a locked payment and its hold to where the bank's dispute is; idempotent.

    Raises TryLater for a decision that meets a hold whose money is under way.
    """
    escrow = Escrow.objects.select_for_update().filter(payment=payment).first()
    if escrow is None:
        return  # a charge that never succeeded here
    escrow.payment = payment
    row = EscrowDispute.objects.filter(provider_ref=dispute.ref).first()
    if row is None:
        row = _opened(escrow, dispute, cause=cause, at=at)
    if dispute.status == "open" or row.decided_at is not None:
        return
    if escrow.state in _UNDER_WAY:
        raise TryLater(f"hold {escrow.pk} is {escrow.state}")
    if dispute.status == "won":
        _won(escrow, row, dispute, cause=cause, at=at)
    else:
        _lost(escrow, row, dispute, cause=cause, at=at)
    row.outcome, row.decided_at = dispute.status, at
    row.save()


def _opened(escrow: Escrow, dispute: BankDispute, *, cause: str, at: datetime) -> EscrowDispute:
    payment, ledger_key = escrow.payment, f"withdrawn:{dispute.ref}"
    log.warning("payment %s: its buyer's bank disputes it (%s)", payment.pk, dispute.reason)
    clearing = Account(AccountKind.PSP_CLEARING, payment.provider)
    post(
        ledger_key,
        [
            Leg(_claims(payment), dispute.amount_minor),
            Leg(Account(AccountKind.PSP_FEE), dispute.fee_minor),
            Leg(clearing, -dispute.amount_minor - dispute.fee_minor),
        ],
        currency=payment.currency,
        cause=cause,
        at=at,
    )
    if PAYMENT.allows(PaymentStatus(payment.status), PaymentStatus.DISPUTED):
        advance(payment, PaymentStatus.DISPUTED, cause=cause, at=at, ledger_key=ledger_key)
    if ESCROW.allows(EscrowState(escrow.state), EscrowState.FROZEN):
        escrow.release_at = None
        advance(escrow, EscrowState.FROZEN, cause=cause, at=at)
    return EscrowDispute.objects.create(
        escrow=escrow,
        provider_ref=dispute.ref,
        reason=dispute.reason[:40],
        amount_minor=dispute.amount_minor,
        opened_at=at,
    )


def _won(
    escrow: Escrow, row: EscrowDispute, dispute: BankDispute, *, cause: str, at: datetime
) -> None:
    payment, ledger_key = escrow.payment, f"reinstated:{dispute.ref}"
    clearing = Account(AccountKind.PSP_CLEARING, payment.provider)
    legs = [Leg(clearing, row.amount_minor), Leg(_claims(payment), -row.amount_minor)]
    post(ledger_key, legs, currency=payment.currency, cause=cause, at=at)
    if payment.status == PaymentStatus.DISPUTED:
        back = (
            PaymentStatus.PARTIALLY_REFUNDED
            if payment.refunded_minor
            else (PaymentStatus.SUCCEEDED)
        )
        advance(payment, back, cause=cause, at=at, ledger_key=ledger_key)
    if escrow.state == EscrowState.FROZEN:
        escrow.release_at = _next_release(at)
        advance(escrow, EscrowState.HELD, cause=cause, at=at)


def _lost(
    escrow: Escrow, row: EscrowDispute, dispute: BankDispute, *, cause: str, at: datetime
) -> None:
    """What is held bears the loss; what the seller has had is asked back; the house the rest."""
    payment, ledger_key = escrow.payment, f"lost:{dispute.ref}"
    from_hold = min(escrow.held_minor, row.amount_minor)
    legs = [
        Leg(held_account(escrow), from_hold),
        Leg(Account(AccountKind.CHARGEBACK_LOSS), row.amount_minor - from_hold),
        Leg(_claims(payment), -row.amount_minor),
    ]
    post(ledger_key, legs, currency=payment.currency, cause=cause, at=at)
    escrow.lost_minor += from_hold
    whole = row.amount_minor >= payment.amount_minor - payment.refunded_minor
    if payment.status == PaymentStatus.DISPUTED:
        wanted = PaymentStatus.CHARGED_BACK if whole else PaymentStatus.PARTIALLY_REFUNDED
        advance(payment, wanted, cause=cause, at=at, ledger_key=ledger_key)
    if escrow.state == EscrowState.FROZEN:
        left = EscrowState.HELD if escrow.held_minor else EscrowState.LOST
        escrow.release_at = _next_release(at) if escrow.held_minor else None
        advance(escrow, left, cause=cause, at=at, ledger_key=ledger_key)
    elif escrow.state in (EscrowState.RELEASED, EscrowState.SPLIT):
        _claw_back(escrow, row.amount_minor - from_hold, cause=cause, at=at)
    else:
        escrow.save()


def _next_release(at: datetime) -> datetime:
    return at + timedelta(days=tunable("ESCROW_RELEASE_DAYS"))


def _claw_back(escrow: Escrow, amount_minor: int, *, cause: str, at: datetime) -> None:
    done = escrow.calls.filter(kind=CallKind.TRANSFER, status=CallStatus.DONE).last()
    if done is None or amount_minor == 0:
        escrow.save()
        return
    advance(escrow, EscrowState.CLAWBACK_PENDING, cause=cause, at=at)
    wanted = min(amount_minor, done.amount_minor)
    order_call(escrow, CallKind.REVERSAL, wanted, cause=cause, at=at)


def _claims(payment: Payment) -> Account:
    return Account(AccountKind.DISPUTED_FUNDS, payment.provider)
