"""One arrow of a state machine, written: the row's new state and its history row, together.

Called inside the transaction that holds the row's lock. The ledger transaction of the arrow, if
money moves, is posted beside it under `ledger_key`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import models

from apps.payments.models import StateChange
from domain.settlement import (
    CALL,
    ESCROW,
    INVOICE,
    PAYMENT,
    SALE,
    SUBSCRIPTION,
    CallStatus,
    EscrowState,
    InvoiceStatus,
    Machine,
    PaymentStatus,
    SaleStatus,
    SubscriptionStatus,
)

#: Model name -> the field that holds its state, its table, the state's type.
_MACHINES: dict[str, tuple[str, Machine, type]] = {
    "Sale": ("status", SALE, SaleStatus),
    "Payment": ("status", PAYMENT, PaymentStatus),
    "Escrow": ("state", ESCROW, EscrowState),
    "ProviderCall": ("status", CALL, CallStatus),
    "Invoice": ("status", INVOICE, InvoiceStatus),
    "Subscription": ("status", SUBSCRIPTION, SubscriptionStatus),
}


def began(row: models.Model, *, cause: str, at: datetime, ledger_key: str = "") -> None:
    """Record that a row exists now, in the state it was saved with."""
    field, machine, _ = _MACHINES[type(row).__name__]
    _record(row, machine.name, "", getattr(row, field), cause=cause, at=at, ledger_key=ledger_key)


def all_began(rows: Sequence[models.Model], *, cause: str, at: datetime) -> None:
    """Record that rows of one kind exist now; one statement for all of them."""
    StateChange.objects.bulk_create(
        StateChange(
            kind=machine.name, object_id=row.pk, became=getattr(row, field), cause=cause, at=at
        )
        for row in rows
        for field, machine, _ in (_MACHINES[type(row).__name__],)
    )


def advance(
    row: models.Model, wanted: str, *, cause: str, at: datetime, ledger_key: str = ""
) -> None:
    """Move a locked row to the state `wanted`, save it whole and record the arrow.

    Raises domain.settlement.IllegalTransition, with nothing written. `cause` says what made it
    move: `event:stripe:evt_1`, `request:user:7`, `timer:release`, `staff:3`.
    """
    field, machine, states = _MACHINES[type(row).__name__]
    was = states(getattr(row, field))
    setattr(row, field, machine.move(was, states(wanted)).value)
    row.save()
    _record(row, machine.name, was, wanted, cause=cause, at=at, ledger_key=ledger_key)


def _record(
    row: models.Model,
    kind: str,
    was: str,
    became: str,
    *,
    cause: str,
    at: datetime,
    ledger_key: str,
) -> None:
    StateChange.objects.create(
        kind=kind,
        object_id=row.pk,
        was=was,
        became=became,
        cause=cause[:120],
        ledger_key=ledger_key,
        at=at,
    )
