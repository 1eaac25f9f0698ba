"""Telling who was judged what was done, and how to appeal: by mail, for he may be shut out.

The link carries a signed name of the act and the person; it is good as long as an appeal is.
"""

from datetime import datetime, timedelta

from django.core import signing

from apps.auctions.models import Auction
from apps.backoffice.audit import Act
from apps.backoffice.models import AuditEntry, Report
from apps.notifications.kinds import Kind as NoteKind
from apps.notifications.kinds import Note
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from apps.users import mailbox
from apps.users.letters import Kind

APPEAL_DAYS = 14
SALT = "backoffice.appeal"
_SHUT_OUT = ("suspended", "banned")


def judged_by(act: AuditEntry) -> int | None:
    """Return whom an act was done to; None where nobody can appeal against it."""
    if act.target_id is None:
        return None
    if act.act == Act.USER_BAN:
        return act.target_id
    if act.act == Act.USER_CHANGE:
        return act.target_id if act.after.get("status") in _SHUT_OUT else None
    if act.act == Act.AUCTION_REMOVE:
        found = Auction.objects.filter(pk=act.target_id).values_list("seller_id", flat=True)
        return found.first()
    if act.act == Act.REPORT_RESOLVE and act.after.get("state") == Report.State.UPHELD:
        judged = Report.objects.filter(pk=act.target_id).values_list("judged_id", flat=True)
        return judged.first()
    return None


def is_late(act: AuditEntry, now: datetime) -> bool:
    """Tell whether it is too late to appeal against an act."""
    return now >= act.at + timedelta(days=APPEAL_DAYS)


def token_of(act: AuditEntry, user_id: int) -> str:
    """Return what proves that its bearer was told of an act by mail."""
    return signing.dumps([act.pk, user_id], salt=SALT)


def read_token(token: str) -> tuple[int, int] | None:
    """Return (act, user) of a mailed link; None for what is none of ours."""
    try:
        act_id, user_id = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(act_id), int(user_id)


def tell_sanctioned(act: AuditEntry, what: str) -> None:
    """Mail who was judged `what` was done and the act's reason; in the act's transaction."""
    user_id = judged_by(act)
    if user_id is not None:
        facts: dict[str, str | int] = {
            "what": what,
            "reason": act.reason,
            "days": APPEAL_DAYS,
            "token": token_of(act, user_id),
        }
        mailbox.order(Kind.SANCTION, user_id=user_id, facts=facts)


#: The outcome of a report -> what its reporter is told.
_OUTCOMES = {
    Report.State.UPHELD: (Says.REPORT_UPHELD, "Staff agreed with your report; thank you"),
    Report.State.DISMISSED: (
        Says.REPORT_DISMISSED,
        "Staff looked at your report and found nothing to do",
    ),
}


def tell_outcome(report: Report, at: datetime) -> None:
    """Tell the reporter what came of his report and, where it was upheld, who was judged.

    What staff wrote down for themselves is told to neither.
    """
    data = {"report_id": report.pk, "state": report.state}
    says, title = _OUTCOMES[Report.State(report.state)]
    notes = [
        Note(
            user_id=report.reporter_id,
            kind=NoteKind.REPORT,
            says=says,
            source=f"report:{report.pk}:outcome",
            at=at,
            title=title,
            url="/reports",
            data=data,
        )
    ]
    if report.state == Report.State.UPHELD and report.judged_id is not None:
        says, thing = _JUDGED[report.kind]
        notes.append(
            Note(
                user_id=report.judged_id,
                kind=NoteKind.MODERATION,
                says=says,
                source=f"report:{report.pk}:judged",
                at=at,
                title=f"Staff upheld a report about your {thing}",
                body=f"It was reported as {report.reason}. You can appeal within "
                f"{APPEAL_DAYS} days.",
                url=f"/appeal?report={report.pk}",
                data={**data, "reason": report.reason, "days": APPEAL_DAYS},
            )
        )
    notify(notes)


#: What was reported -> what its owner is told, and what it is called to him.
_JUDGED = {
    "auction": (Says.JUDGED_AUCTION, "auction"),
    "user": (Says.JUDGED_USER, "account"),
    "message": (Says.JUDGED_MESSAGE, "message"),
}


def tell_appellant(user_id: int, appeal_id: int, *, granted: bool, at: datetime) -> None:
    """Tell who appealed how it was decided."""
    note = Note(
        user_id=user_id,
        kind=NoteKind.MODERATION,
        says=Says.APPEAL_GRANTED if granted else Says.APPEAL_DENIED,
        source=f"appeal:{appeal_id}:decided",
        at=at,
        title="Your appeal was granted" if granted else "Your appeal was denied",
        url="/notifications",
        data={"appeal_id": appeal_id, "state": "granted" if granted else "denied"},
    )
    notify([note])
