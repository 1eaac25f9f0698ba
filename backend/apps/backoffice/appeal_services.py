"""Appeals: who was judged asks once, within two weeks; somebody else of staff decides.

What can be undone is undone with it: a suspension, a ban. A removed auction stays removed; its
seller may list it again. Raises HouseRefused.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from apps.backoffice import audit
from apps.backoffice.account_services import change_user
from apps.backoffice.models import Appeal, AuditEntry, Report
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.backoffice.sanctions import (
    APPEAL_DAYS,
    is_late,
    judged_by,
    read_token,
    tell_appellant,
)
from apps.core import clock
from apps.core.tunables import tunable

_LETS_IN = frozenset({audit.Act.USER_BAN.value, audit.Act.USER_CHANGE.value})


def appeal_report(report_id: int, user_id: int, *, text: str) -> Appeal:
    """Appeal against what came of a report about oneself or one's things.

    A report about somebody else does not exist to one; nor does one that is open still.
    """
    report = Report.objects.select_related("act").filter(pk=report_id, judged_id=user_id).first()
    if report is None or report.state == Report.State.OPEN:
        raise HouseRefused(HouseReason.NO_REPORT)
    if report.act is None:
        raise HouseRefused(HouseReason.NOT_APPEALABLE)
    return _appeal(report.act, user_id, text)


def appeal_by_link(token: str, *, text: str) -> Appeal:
    """Appeal with a mailed link, without a login: whoever is shut out has no other way."""
    named = read_token(token)
    if named is None:
        raise HouseRefused(HouseReason.LINK_INVALID)
    act_id, user_id = named
    act = AuditEntry.objects.filter(pk=act_id).first()
    if act is None or judged_by(act) != user_id:
        raise HouseRefused(HouseReason.LINK_INVALID)
    return _appeal(act, user_id, text)


def _appeal(act: AuditEntry, user_id: int, text: str) -> Appeal:
    now = clock.now()
    if is_late(act, now):
        raise HouseRefused(HouseReason.APPEAL_LATE, days=APPEAL_DAYS)
    try:
        with transaction.atomic():
            return Appeal.objects.create(
                act=act,
                user_id=user_id,
                text=text,
                created_at=now,
                due_at=now + timedelta(hours=tunable("REPORT_DUE_HOURS")),
            )
    except IntegrityError:
        raise HouseRefused(HouseReason.APPEALED_ALREADY) from None


def decide_appeal(appeal_id: int, *, actor_id: int, decision: str, note: str) -> Appeal:
    """Grant or deny an appeal; never by who decided first. Letting in again is an act of its own.

    That act comes first and commits by itself: what a crash leaves is decided again.
    """
    appeal = _open_one(appeal_id, actor_id)
    granted = decision == Appeal.State.GRANTED
    if granted and appeal.act.act in _LETS_IN:
        change_user(appeal.user_id, actor_id=actor_id, status="active", reason=note)
    with transaction.atomic():
        appeal = _open_one(appeal_id, actor_id, lock=True)
        now = clock.now()
        appeal.state = decision
        appeal.note = note
        appeal.decided_by_id = actor_id
        appeal.decided_at = now
        appeal.save()
        if granted:
            upheld = Report.objects.filter(act_id=appeal.act_id, state=Report.State.UPHELD)
            upheld.update(state=Report.State.OVERTURNED)
        audit.record(
            audit.Act.APPEAL_DECIDE,
            actor_id=actor_id,
            target_id=appeal_id,
            before={"state": Appeal.State.OPEN.value, "act": appeal.act.act},
            after={"state": decision, "act": appeal.act.act},
            at=now,
            reason=note,
        )
        tell_appellant(appeal.user_id, appeal.pk, granted=granted, at=now)
    return appeal


def _open_one(appeal_id: int, actor_id: int, *, lock: bool = False) -> Appeal:
    rows = Appeal.objects.select_related("act")
    if lock:
        rows = rows.select_for_update(of=("self",))
    appeal = rows.filter(pk=appeal_id).first()
    if appeal is None:
        raise HouseRefused(HouseReason.NO_APPEAL)
    if appeal.state != Appeal.State.OPEN:
        raise HouseRefused(HouseReason.APPEAL_DECIDED, state=appeal.state)
    if actor_id in (appeal.act.actor_id, appeal.user_id):
        raise HouseRefused(HouseReason.SAME_JUDGE)
    return appeal
