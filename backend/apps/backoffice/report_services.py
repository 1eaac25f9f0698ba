"""Reports by users: an auction, a person, a message; what staff decide, and what follows from it.

Each act of staff and its audit row commit together. Raises HouseRefused.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from apps.auctions import selectors as auctions
from apps.auctions.selectors import Viewer
from apps.backoffice import audit
from apps.backoffice.account_services import ban_user, change_user
from apps.backoffice.market_services import remove_auction
from apps.backoffice.models import AuditEntry, Report, ReportEvidence
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.backoffice.sanctions import tell_outcome
from apps.bidding.models import Bid
from apps.core import clock, uploads
from apps.core.tunables import tunable
from apps.notifications.models import Message
from apps.users.selectors import public_user

KINDS = ("auction", "user", "message")
REASONS = ("fraud", "counterfeit", "prohibited", "misleading", "harassment", "spam", "other")
#: What staff may do at once when they uphold a report -> what the report is about.
ACTIONS = {
    "remove_auction": ("auction",),
    "suspend_user": ("user", "message"),
    "ban_user": ("user", "message"),
}
EVIDENCE_KINDS = ("auction", "bid")  # that a report may point to, beside pictures
EVIDENCE_MAX = 10
IMAGE_FOLDER = "report_images"
AROUND_COUNT = 20  # messages on either side that staff may read with the one that was reported


def open_report(
    reporter_id: int,
    *,
    kind: str,
    target_id: int,
    reason: str,
    description: str,
    evidence: Sequence[dict[str, Any]] = (),
    images: Sequence[uploads.Readable] = (),
) -> tuple[Report, bool]:
    """Store a report, or return the reporter's open one of the same thing; (report, created).

    `evidence` has {kind, id} of auctions and bids the reporter can see. What comes with a second
    try of an open one is not added to it.
    """
    judged_id = _owner_id(kind, target_id, reporter_id)
    if judged_id == reporter_id:
        raise HouseRefused(HouseReason.YOUR_OWN)
    open_ones = Report.objects.filter(
        reporter_id=reporter_id, kind=kind, target_id=target_id, state=Report.State.OPEN
    )
    found = open_ones.first()
    if found is not None:
        return found, False
    pointers = [_pointer(item, reporter_id) for item in evidence]
    try:
        prepared = uploads.prepare_images(images) if images else []  # slow, so before the lock
    except uploads.UploadRefused as refused:
        raise HouseRefused(HouseReason.PICTURE_REFUSED, why=str(refused)) from refused
    now = clock.now()
    try:
        with transaction.atomic():
            made = Report.objects.create(
                reporter_id=reporter_id,
                kind=kind,
                target_id=target_id,
                judged_id=judged_id,
                reason=reason,
                description=description,
                created_at=now,
                due_at=now + timedelta(hours=tunable("REPORT_DUE_HOURS")),
            )
            pictures = [
                ReportEvidence(kind="picture", image=each.image, thumbnail=each.thumbnail)
                for each in uploads.store_prepared(prepared, IMAGE_FOLDER)
            ]
            for shown in (*pointers, *pictures):
                shown.report = made
            ReportEvidence.objects.bulk_create([*pointers, *pictures])
    except IntegrityError:  # the same report, sent twice at once
        return open_ones.get(), False
    return made, True


def _owner_id(kind: str, target_id: int, reporter_id: int) -> int:
    """Return whose the reported thing is, of what the reporter can see."""
    if kind == "user":
        user = public_user(target_id)
        found = None if user is None else user.pk
    elif kind == "message":
        parties = Q(sender_id=reporter_id) | Q(recipient_id=reporter_id)
        senders = Message.objects.filter(parties, pk=target_id).values_list("sender_id", flat=True)
        found = senders.first()
    else:
        auction = auctions.auction_of(target_id, Viewer(reporter_id))
        found = None if auction is None else auction.seller_id
    if found is None:
        raise HouseRefused(HouseReason.NO_TARGET, kind=kind)
    return found


def _pointer(item: dict[str, Any], reporter_id: int) -> ReportEvidence:
    """Return evidence that points to an auction or a bid, of what the reporter can see."""
    kind, target_id = item["kind"], item["id"]
    auction_id = target_id
    if kind == "bid":
        bids = Bid.objects.filter(pk=target_id).values_list("auction_id", flat=True)
        auction_id = bids.first()
    if auction_id is None or auctions.auction_of(auction_id, Viewer(reporter_id)) is None:
        raise HouseRefused(HouseReason.NO_TARGET, kind=kind)
    return ReportEvidence(kind=kind, target_id=target_id)


def resolve_report(
    report_id: int, *, actor_id: int, resolution: str, action: str, note: str
) -> Report:
    """Decide a report, and do what follows from it; that is an act of its own, done first.

    The action is refused as it is at its own door, and then the report stays open. The reporter
    is told the outcome, and so is who was judged; he may appeal.
    """
    done = None
    if action:
        report = _open_one(Report.objects.all(), report_id)
        done = _act(action, report, actor_id=actor_id, note=note)
    with transaction.atomic():
        report = _open_one(Report.objects.select_for_update(), report_id)
        now = clock.now()
        entry = audit.record(
            audit.Act.REPORT_RESOLVE,
            actor_id=actor_id,
            target_id=report_id,
            before={"state": Report.State.OPEN.value},
            after={"state": resolution, "action": action},
            at=now,
            reason=note,
        )
        report.state = resolution
        report.action = action
        report.note = note
        report.resolved_by_id = actor_id
        report.resolved_at = now
        if resolution == Report.State.UPHELD:
            report.act = done or entry
        report.save()
        tell_outcome(report, now)
    return report


def _open_one(rows: "QuerySet[Report]", report_id: int) -> Report:
    report = rows.filter(pk=report_id).first()
    if report is None:
        raise HouseRefused(HouseReason.NO_REPORT)
    if report.state != Report.State.OPEN:
        raise HouseRefused(HouseReason.ALREADY_RESOLVED, state=report.state)
    return report


def _act(action: str, report: Report, *, actor_id: int, note: str) -> AuditEntry | None:
    """Do it; returns the row of the log that says so, None where it was so already."""
    if report.kind not in ACTIONS[action]:
        raise HouseRefused(HouseReason.WRONG_ACTION, kind=report.kind)
    reason = note or f"{report.kind} reported: {report.reason}"
    if action == "remove_auction":
        return remove_auction(report.target_id, actor_id=actor_id, reason=reason)
    person_id = report.target_id if report.kind == "user" else report.judged_id
    assert person_id is not None, "a message has a sender"
    if action == "ban_user":
        return ban_user(person_id, actor_id=actor_id, reason=reason, until_at=None)
    return change_user(person_id, actor_id=actor_id, status="suspended", reason=reason)


def read_conversation(report_id: int, *, actor_id: int) -> list[Message]:
    """Return the message that was reported and those around it, oldest first; written down.

    Nobody of staff reads what people write to each other but where one of them has asked.
    """
    report = Report.objects.filter(pk=report_id).first()
    if report is None:
        raise HouseRefused(HouseReason.NO_REPORT)
    message = None
    if report.kind == "message":
        message = Message.objects.filter(pk=report.target_id).first()
    if message is None:
        raise HouseRefused(HouseReason.NO_CONVERSATION)
    rows = Message.objects.filter(conversation_id=message.conversation_id)
    rows = rows.select_related("sender", "recipient").prefetch_related("images")
    before = rows.filter(pk__lte=message.pk).order_by("-pk")[: AROUND_COUNT + 1]
    after = rows.filter(pk__gt=message.pk).order_by("pk")[:AROUND_COUNT]
    shown = [*reversed(before), *after]
    with transaction.atomic():
        audit.record(
            audit.Act.REPORT_READ,
            actor_id=actor_id,
            target_id=report_id,
            before={},
            after={"conversation_id": message.conversation_id, "messages": len(shown)},
            at=clock.now(),
        )
    return shown
