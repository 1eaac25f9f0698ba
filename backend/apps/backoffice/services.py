"""Reports by users, staff's answers to them, and the figures of the house.

Each act of staff and its audit row commit together. Raises HouseRefused.
"""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from apps.auctions import selectors as auctions
from apps.auctions.selectors import Viewer
from apps.backoffice import audit
from apps.backoffice.account_services import ban_user, change_user
from apps.backoffice.market_services import remove_auction
from apps.backoffice.models import Report, SiteSetting
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.backoffice.tuning import FIGURES, present_figures
from apps.core import clock
from apps.users.selectors import public_user

KINDS = ("auction", "user")
REASONS = ("fraud", "counterfeit", "prohibited", "misleading", "harassment", "spam", "other")
#: What staff may do at once when they uphold a report -> what the report is about.
ACTIONS = {"remove_auction": "auction", "suspend_user": "user", "ban_user": "user"}


def open_report(
    reporter_id: int, *, kind: str, target_id: int, reason: str, description: str
) -> tuple[Report, bool]:
    """Store a report, or return the reporter's open one of the same thing; (report, created)."""
    if _owner_id(kind, target_id, reporter_id) == reporter_id:
        raise HouseRefused(HouseReason.YOUR_OWN)
    open_ones = Report.objects.filter(
        reporter_id=reporter_id, kind=kind, target_id=target_id, state=Report.State.OPEN
    )
    found = open_ones.first()
    if found is not None:
        return found, False
    try:
        with transaction.atomic():
            made = Report.objects.create(
                reporter_id=reporter_id,
                kind=kind,
                target_id=target_id,
                reason=reason,
                description=description,
                created_at=clock.now(),
            )
    except IntegrityError:  # the same report, sent twice at once
        return open_ones.get(), False
    return made, True


def _owner_id(kind: str, target_id: int, reporter_id: int) -> int:
    """Return whose the reported thing is, of what the reporter can see."""
    if kind == "user":
        user = public_user(target_id)
        found = None if user is None else user.pk
    else:
        auction = auctions.auction_of(target_id, Viewer(reporter_id))
        found = None if auction is None else auction.seller_id
    if found is None:
        raise HouseRefused(HouseReason.NO_TARGET, kind=kind)
    return found


def resolve_report(
    report_id: int, *, actor_id: int, resolution: str, action: str, note: str
) -> Report:
    """Decide a report, and do what follows from it; that is an act of its own, done first.

    The action is refused as it is at its own door, and then the report stays open.
    """
    if action:
        report = _open_one(Report.objects.all(), report_id)
        _act(action, report, actor_id=actor_id, note=note)
    with transaction.atomic():
        report = _open_one(Report.objects.select_for_update(), report_id)
        now = clock.now()
        report.state = resolution
        report.action = action
        report.note = note
        report.resolved_by_id = actor_id
        report.resolved_at = now
        report.save()
        audit.record(
            audit.Act.REPORT_RESOLVE,
            actor_id=actor_id,
            target_id=report_id,
            before={"state": Report.State.OPEN.value},
            after={"state": resolution, "action": action},
            at=now,
            reason=note,
        )
    return report


def _open_one(rows: QuerySet[Report], report_id: int) -> Report:
    report = rows.filter(pk=report_id).first()
    if report is None:
        raise HouseRefused(HouseReason.NO_REPORT)
    if report.state != Report.State.OPEN:
        raise HouseRefused(HouseReason.ALREADY_RESOLVED, state=report.state)
    return report


def _act(action: str, report: Report, *, actor_id: int, note: str) -> None:
    if ACTIONS[action] != report.kind:
        raise HouseRefused(HouseReason.WRONG_ACTION, kind=report.kind)
    reason = note or f"{report.kind} reported: {report.reason}"
    if action == "remove_auction":
        remove_auction(report.target_id, actor_id=actor_id, reason=reason)
    elif action == "ban_user":
        ban_user(report.target_id, actor_id=actor_id, reason=reason, until_at=None)
    else:
        change_user(report.target_id, actor_id=actor_id, status="suspended", reason=reason)


def change_settings(values: Mapping[str, int], *, actor_id: int) -> dict[str, int]:
    """Set figures by their outer names, already validated; returns all as they hold now.

    What is asked for from now on is decided by them. What is so already leaves no row.
    """
    with transaction.atomic():
        list(SiteSetting.objects.select_for_update().order_by("pk"))
        was, now = present_figures(), clock.now()
        changed = {name: value for name, value in values.items() if was[name] != value}
        SiteSetting.objects.bulk_create(
            (
                SiteSetting(name=FIGURES[name].setting, value=value, changed_at=now)
                for name, value in changed.items()
            ),
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["value", "changed_at"],
        )
        if changed:
            audit.record(
                audit.Act.SETTINGS_CHANGE,
                actor_id=actor_id,
                target_id=None,
                before={name: was[name] for name in changed},
                after=changed,
                at=now,
            )
    return present_figures()
