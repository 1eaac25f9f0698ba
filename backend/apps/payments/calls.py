"""Carrying out what was decided: refunds, transfers, reversals, each under its own key.

A call is marked `sent` and committed before the provider is asked: from then on it may have
happened, and only the provider can say. It is asked again with the same key until it does. Kill
any worker at any moment: the next one repeats the question, not the effect.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from apps.core import clock
from apps.payments import accounts
from apps.payments.gateways import gateway_named
from apps.payments.history import advance
from apps.payments.integrations.base import GatewayError, Move, MoveRequest, PaymentGateway
from apps.payments.models import ProviderCall
from apps.payments.settling import fail_call, locked_call, settle_call
from domain.settlement import OPEN_CALLS, CallKind, CallStatus

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=30)  # a worker that has taken a call and died is followed after this
WAIT_MAX = timedelta(minutes=10)
NO_ACCOUNT = "no account to be paid to"

#: Refusals that pass with time; the provider replays a refusal under its old key.
PASSES = frozenset({"balance_insufficient"})


def carry_out_due(now: datetime, limit: int) -> int:
    """Carry out the calls that are due; returns how many were looked at."""
    due = ProviderCall.objects.filter(status__in=OPEN_CALLS, next_try_at__lte=now)
    ids = list(due.order_by("next_try_at").values_list("pk", flat=True)[:limit])
    for call_id in ids:
        try:
            carry_out(call_id)
        except Exception:
            log.exception("provider call %s stumbled", call_id)
    return len(ids)


def carry_out(call_id: int) -> None:
    """Ask the provider once and write what it says. Nothing when another worker has it."""
    taken = _take(call_id)
    if taken is None:
        return
    call, request = taken
    cause = f"call:{call.key}"
    try:
        move = _ask(gateway_named(call.provider), call, request)
    except GatewayError as error:
        _trouble(call_id, error, cause=cause)
    else:
        settle_call(call_id, move, cause=cause)


def _take(call_id: int) -> tuple[ProviderCall, MoveRequest] | None:
    with transaction.atomic():
        call = locked_call(call_id)
        now = clock.database_now()
        if call.status not in OPEN_CALLS or call.next_try_at is None or call.next_try_at > now:
            return None
        payment, account_ref = call.escrow.payment, ""
        if call.kind == CallKind.TRANSFER:
            account = accounts.payout_account(call.escrow.seller_id, call.provider)
            if account is None or not account.ready:
                _wait_for_account(call, now)
                return None
            account_ref = account.account_ref
        call.tries += 1
        call.next_try_at = now + CLAIM
        first_sent_at = call.sent_at
        call.sent_at = call.sent_at or now
        if call.status == CallStatus.WAITING:
            advance(call, CallStatus.SENT, cause=f"call:{call.key}", at=now)
        else:
            call.save()
    return call, MoveRequest(
        idempotency_key=call.key,
        amount_minor=call.amount_minor,
        currency=call.currency,
        payment_id=payment.pk,
        charge_ref=payment.provider_ref,
        capture_ref=payment.capture_ref,
        account_ref=account_ref,
        transfer_ref=_transfer_ref(call),
        first_sent_at=first_sent_at,
    )


def _wait_for_account(call: ProviderCall, now: datetime) -> None:
    """Look again later: a seller who has yet to say where to be paid is not an error."""
    call.error = NO_ACCOUNT
    call.next_try_at = now + WAIT_MAX
    call.save()


def _transfer_ref(call: ProviderCall) -> str:
    if call.kind != CallKind.REVERSAL:
        return ""
    transfers = call.escrow.calls.filter(kind=CallKind.TRANSFER, status=CallStatus.DONE)
    return transfers.latest("pk").provider_ref


def _ask(gateway: PaymentGateway, call: ProviderCall, request: MoveRequest) -> Move:
    if call.provider_ref:
        return gateway.read_move(call.kind, call.provider_ref)
    ask = {
        CallKind.TRANSFER: gateway.transfer,
        CallKind.REFUND: gateway.refund,
        CallKind.REVERSAL: gateway.reverse,
    }
    return ask[CallKind(call.kind)](request)


def _trouble(call_id: int, error: GatewayError, *, cause: str) -> None:
    """Try again later, unless asking again with the same words is pointless."""
    with transaction.atomic():
        call = locked_call(call_id)
        if call.status not in OPEN_CALLS:
            return
        now = clock.database_now()
        call.error = str(error)[:300]
        call.next_try_at = now + min(WAIT_MAX, timedelta(seconds=2 ** min(call.tries, 9)))
        if error.code in PASSES:
            ask_under_new_key(call, cause=cause, at=now)
        elif error.permanent:
            fail_call(call, str(error), cause=cause, at=now)
        else:
            call.save()


def ask_under_new_key(call: ProviderCall, *, cause: str, at: datetime) -> None:
    """Begin a locked call afresh after a refusal that is known to have had no effect."""
    base, _, attempt = call.key.rpartition(".")
    call.key = f"{base}.{int(attempt) + 1}" if base else f"{call.key}.2"
    call.sent_at = None
    call.provider_ref = ""
    advance(call, CallStatus.WAITING, cause=cause, at=at)
