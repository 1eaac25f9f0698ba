"""Held money: who gets it, decided once, carried out afterwards.

Each decision is one transaction: the hold's row locked, its arrow, its ledger transaction, and
the ProviderCall that will move the money. The call is carried out later (calls.py) under a key
of its own; `settle_call` writes what came of it. Callers lock the sale and the payment first
where they need them. Amounts are minor units, instants aware UTC.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.core import clock
from apps.core.tunables import tunable
from apps.core.witness import StaffAct, witness
from apps.payments import invoicing
from apps.payments.history import advance, began
from apps.payments.ledger import Account, AccountKind, Leg, post
from apps.payments.models import Escrow, EscrowDispute, Payment, ProviderCall, Sale
from apps.payments.refusals import MoneyReason, MoneyRefused
from domain.fees import shares
from domain.settlement import ESCROW, CallKind, CallStatus, EscrowState

STAFF_CAUSE = "staff:"  # and the id of who decided


def hold(payment: Payment, *, cause: str, at: datetime, ledger_key: str) -> Escrow:
    """Hold what a locked payment has brought in; returns the hold."""
    escrow = Escrow.objects.create(
        payment=payment,
        seller_id=payment.sale.seller_id,
        buyer_id=payment.buyer_id,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        state=EscrowState.HELD,
        held_at=at,
        release_at=at + timedelta(days=tunable("ESCROW_RELEASE_DAYS")),
    )
    began(escrow, cause=cause, at=at)
    clearing = Account(AccountKind.PSP_CLEARING, payment.provider)
    fee = payment.provider_fee_minor
    post(
        ledger_key,
        [
            Leg(clearing, payment.amount_minor - fee),
            Leg(Account(AccountKind.PSP_FEE), fee),
            Leg(held_account(escrow), -payment.amount_minor),
        ],
        currency=payment.currency,
        cause=cause,
        at=at,
    )
    return escrow


def held_account(escrow: Escrow) -> Account:
    """Return the ledger's account of a hold."""
    return Account(AccountKind.ESCROW, str(escrow.pk))


def release_hold(escrow_id: int, *, cause: str) -> Escrow:
    """Let the seller have what is held. Raises MoneyRefused unless it is held."""
    with transaction.atomic():
        escrow = locked_hold(escrow_id)
        _require(escrow, EscrowState.RELEASE_PENDING, by_parties=True)
        before = _shown(escrow)
        release_held(escrow, cause=cause, at=clock.database_now())
        _witness("escrow.release", escrow, before, cause=cause)
    return escrow


def refund_hold(
    escrow_id: int, amount_minor: int | None, *, cause: str, is_part: bool = False
) -> Escrow:
    """Give the buyer (a part of) what is held; None: all. Raises MoneyRefused.

    `is_part`: of an act of staff that is written down as a whole, such as removing an auction.
    """
    with transaction.atomic():
        escrow = locked_hold(escrow_id)
        _require(escrow, EscrowState.REFUND_PENDING, by_parties=True)
        amount = escrow.held_minor if amount_minor is None else amount_minor
        _require_held(escrow, amount)
        before = _shown(escrow)
        refund_held(escrow, amount, cause=cause, at=clock.database_now())
        if not is_part:
            _witness("escrow.refund", escrow, before, cause=cause)
    return escrow


def open_dispute(escrow_id: int, user_id: int, *, reason: str, description: str) -> EscrowDispute:
    """The buyer disagrees: nothing moves until staff decide. Raises MoneyRefused."""
    with transaction.atomic():
        escrow = locked_hold(escrow_id)
        _require(escrow, EscrowState.DISPUTED, by_parties=True)
        now = clock.database_now()
        escrow.release_at = None
        advance(escrow, EscrowState.DISPUTED, cause=f"request:user:{user_id}", at=now)
        return EscrowDispute.objects.create(
            escrow=escrow,
            opened_by_id=user_id,
            reason=reason,
            description=description,
            amount_minor=escrow.held_minor,
            opened_at=now,
        )


def resolve_dispute(
    escrow_id: int,
    staff_id: int,
    *,
    outcome: str,
    buyer_minor: int | None = None,
    is_part: bool = False,
) -> Escrow:
    """Staff decide: `release`, `refund`, or `split` with the buyer's part. Raises MoneyRefused.

    `is_part` as for refund_hold.
    """
    with transaction.atomic():
        escrow = locked_hold(escrow_id)
        if escrow.state != EscrowState.DISPUTED:
            raise _wrong_state(escrow, outcome)
        now, cause, before = clock.database_now(), f"{STAFF_CAUSE}{staff_id}", _shown(escrow)
        if outcome == "release":
            release_held(escrow, cause=cause, at=now)
        elif outcome == "refund":
            refund_held(escrow, escrow.held_minor, cause=cause, at=now)
        else:
            assert buyer_minor is not None, "the door asks for it"
            _require_held(escrow, buyer_minor + 1)  # a split leaves the seller something
            _split(escrow, buyer_minor, cause=cause, at=now)
        escrow.disputes.filter(decided_at=None, opened_by__isnull=False).update(
            outcome=outcome, buyer_minor=buyer_minor, decided_by_id=staff_id, decided_at=now
        )
        if not is_part:
            _witness("escrow.resolve", escrow, before, cause=cause)
    return escrow


def _shown(escrow: Escrow) -> dict[str, Any]:
    """Return what the log of staff keeps of a hold."""
    return {
        "state": escrow.state,
        "released_minor": escrow.released_minor,
        "refunded_minor": escrow.refunded_minor,
        "currency": escrow.currency,
    }


def _witness(name: str, escrow: Escrow, before: dict[str, Any], *, cause: str) -> None:
    """Write down what staff decided; what parties and time decide is in the history alone."""
    if cause.startswith(STAFF_CAUSE):
        actor_id = int(cause.removeprefix(STAFF_CAUSE))
        after = _shown(escrow)
        witness(
            StaffAct(name=name, actor_id=actor_id, target_id=escrow.pk, before=before, after=after)
        )


def locked_hold(escrow_id: int) -> Escrow:
    """Return a hold; sale, payment and it are locked, in that order."""
    payment_id, sale_id = Escrow.objects.values_list("payment_id", "payment__sale_id").get(
        pk=escrow_id
    )
    sale = Sale.objects.select_for_update().get(pk=sale_id)
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    escrow = Escrow.objects.select_for_update().get(pk=escrow_id)
    payment.sale = sale
    escrow.payment = payment
    return escrow


def _require(escrow: Escrow, wanted: EscrowState, *, by_parties: bool) -> None:
    """Raise MoneyRefused unless the arrow exists; what is disputed, only staff decide."""
    state = EscrowState(escrow.state)
    if not ESCROW.allows(state, wanted) or (by_parties and state is EscrowState.DISPUTED):
        raise _wrong_state(escrow, wanted.value)


def _wrong_state(escrow: Escrow, wanted: str) -> MoneyRefused:
    return MoneyRefused(MoneyReason.HOLD_STATE, escrow.currency, state=escrow.state, wanted=wanted)


def _require_held(escrow: Escrow, amount_minor: int) -> None:
    if amount_minor > escrow.held_minor:
        raise MoneyRefused(
            MoneyReason.NOT_ENOUGH_HELD, escrow.currency, held_minor=escrow.held_minor
        )


# -- decisions on a locked hold -----------------------------------------------------------------


def release_held(escrow: Escrow, *, cause: str, at: datetime) -> None:
    """Decide all that is held for the seller."""
    parts, ledger_key = _parts(escrow, escrow.held_minor), f"release:{escrow.pk}"
    legs = _release_legs(escrow, parts)
    post(ledger_key, legs, currency=escrow.currency, cause=cause, at=at)
    escrow.released_minor += sum(parts)
    escrow.release_at = None
    advance(escrow, EscrowState.RELEASE_PENDING, cause=cause, at=at, ledger_key=ledger_key)
    _pay_seller(escrow, parts, cause=cause, at=at)


def refund_held(escrow: Escrow, amount_minor: int, *, cause: str, at: datetime) -> None:
    """Decide an amount for the buyer."""
    call = order_call(escrow, CallKind.REFUND, amount_minor, cause=cause, at=at)
    ledger_key = f"refund:{call.key}"
    legs = _refund_legs(escrow, amount_minor)
    post(ledger_key, legs, currency=escrow.currency, cause=cause, at=at)
    escrow.refunded_minor += amount_minor
    advance(escrow, EscrowState.REFUND_PENDING, cause=cause, at=at, ledger_key=ledger_key)


def _split(escrow: Escrow, buyer_minor: int, *, cause: str, at: datetime) -> None:
    """Decide a part for the buyer and the rest for the seller, in one ledger transaction."""
    parts, ledger_key = _parts(escrow, escrow.held_minor - buyer_minor), f"split:{escrow.pk}"
    legs = [*_release_legs(escrow, parts), *_refund_legs(escrow, buyer_minor)]
    post(ledger_key, legs, currency=escrow.currency, cause=cause, at=at)
    escrow.released_minor += sum(parts)
    escrow.refunded_minor += buyer_minor
    advance(escrow, EscrowState.SPLIT_PENDING, cause=cause, at=at, ledger_key=ledger_key)
    order_call(escrow, CallKind.REFUND, buyer_minor, cause=cause, at=at)
    _pay_seller(escrow, parts, cause=cause, at=at)


def _parts(escrow: Escrow, amount_minor: int) -> list[int]:
    """Split an amount as the sale's total is made up: seller, commission, premium, tax."""
    sale = escrow.payment.sale
    seller = sale.hammer_minor - sale.commission_minor
    return shares(amount_minor, [seller, sale.commission_minor, sale.premium_minor, sale.tax_minor])


def _release_legs(escrow: Escrow, parts: Sequence[int]) -> list[Leg]:
    accounts = [
        Account(AccountKind.SELLER_PAYABLE, str(escrow.seller_id)),
        Account(AccountKind.PLATFORM_FEE),
        Account(AccountKind.PREMIUM),
        Account(AccountKind.TAX_PAYABLE),
    ]
    gets = [Leg(account, -part) for account, part in zip(accounts, parts, strict=True)]
    return [Leg(held_account(escrow), sum(parts)), *gets]


def _refund_legs(escrow: Escrow, amount_minor: int) -> list[Leg]:
    return [
        Leg(held_account(escrow), amount_minor),
        Leg(Account(AccountKind.BUYER_REFUND, str(escrow.pk)), -amount_minor),
    ]


def _pay_seller(escrow: Escrow, parts: Sequence[int], *, cause: str, at: datetime) -> None:
    seller_minor, commission_minor = parts[:2]
    if commission_minor:
        invoicing.issue_commission_invoice(
            escrow, commission_minor=commission_minor, cause=cause, at=at
        )
    if seller_minor:
        order_call(escrow, CallKind.TRANSFER, seller_minor, cause=cause, at=at)
    else:
        settle_hold(escrow, cause=cause, at=at)


def order_call(
    escrow: Escrow, kind: CallKind, amount_minor: int, *, cause: str, at: datetime
) -> ProviderCall:
    """Write down what the provider will be asked to do."""
    call = ProviderCall.objects.create(
        escrow=escrow,
        kind=kind,
        provider=escrow.payment.provider,
        currency=escrow.currency,
        amount_minor=amount_minor,
        key=f"{kind.value}:{escrow.pk}:{escrow.calls.filter(kind=kind).count() + 1}",
        status=CallStatus.WAITING,
        next_try_at=at,
        created_at=at,
    )
    began(call, cause=cause, at=at)
    return call


#: What a hold becomes once all calls of these kinds are done.
_SETTLED = {
    EscrowState.RELEASE_PENDING: (EscrowState.RELEASED, [CallKind.TRANSFER]),
    EscrowState.REFUND_PENDING: (EscrowState.REFUNDED, [CallKind.REFUND]),
    EscrowState.SPLIT_PENDING: (EscrowState.SPLIT, [CallKind.TRANSFER, CallKind.REFUND]),
    EscrowState.CLAWBACK_PENDING: (EscrowState.CLAWED_BACK, [CallKind.REVERSAL]),
}


def settle_hold(escrow: Escrow, *, cause: str, at: datetime, ledger_key: str = "") -> None:
    """Move a locked hold on, unless a call it waits for is under way or has failed."""
    state = EscrowState(escrow.state)
    if state not in _SETTLED:
        return  # a payout that came back was paid again
    wanted, kinds = _SETTLED[state]
    if escrow.calls.filter(kind__in=kinds).exclude(status=CallStatus.DONE).exists():
        return
    if wanted is EscrowState.REFUNDED and escrow.held_minor:
        wanted = EscrowState.HELD
        escrow.release_at = at + timedelta(days=tunable("ESCROW_RELEASE_DAYS"))
    advance(escrow, wanted, cause=cause, at=at, ledger_key=ledger_key)
