"""One row per act of staff, written in the act's own transaction."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from apps.backoffice.models import AuditEntry
from apps.core import clock
from apps.core.witness import StaffAct

REASON_LENGTH_MAX = 500  # as the column


class Act(StrEnum):
    """What staff do here."""

    USER_CHANGE = "user.change"
    USER_BAN = "user.ban"
    BAN_LIFT = "user.ban_lift"  # by the house, when a ban's time is up
    AUCTION_REMOVE = "auction.remove"
    REPORT_RESOLVE = "report.resolve"
    REPORT_READ = "report.read"  # the conversation around a message that was reported
    APPEAL_DECIDE = "appeal.decide"
    USER_DEPOSIT = "user.deposit"  # asked for, or no more
    RISK_DECIDE = "risk.decide"
    SETTINGS_CHANGE = "settings.change"
    CATEGORY_ADD = "category.add"
    CATEGORY_CHANGE = "category.change"
    CATEGORY_DELETE = "category.delete"
    FEES_ADD = "fees.add"
    FEES_CHANGE = "fees.change"
    FEES_DELETE = "fees.delete"
    AUCTION_END = "auction.end"  # somebody else's, before its time
    ESCROW_RELEASE = "escrow.release"
    ESCROW_REFUND = "escrow.refund"
    ESCROW_RESOLVE = "escrow.resolve"


def record_witnessed(act: StaffAct) -> None:
    """Write down what staff did at a door of another app; as record."""
    record(
        Act(act.name),
        actor_id=act.actor_id,
        target_id=act.target_id,
        before=act.before,
        after=act.after,
        at=clock.now(),
    )


def record(
    act: Act,
    *,
    actor_id: int | None,
    target_id: int | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    at: datetime,
    reason: str = "",
) -> AuditEntry:
    """Write an act down; raises RuntimeError outside a transaction, which must be the act's."""
    if not connection.in_atomic_block:
        raise RuntimeError("an act and its row are written together: open a transaction")
    return AuditEntry.objects.create(
        at=at,
        actor_id=actor_id,
        act=act.value,
        target_kind=act.value.partition(".")[0],
        target_id=target_id,
        before=dict(before),
        after=dict(after),
        reason=reason[:REASON_LENGTH_MAX],
    )
