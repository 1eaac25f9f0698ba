"""Reports and appeals, one's own and everybody's, newest first."""

from datetime import datetime

from django.db.models import QuerySet

from apps.backoffice.models import Appeal, Report


def reports_of(user_id: int) -> QuerySet[Report]:
    """Return what a user reported."""
    rows = Report.objects.filter(reporter_id=user_id).prefetch_related("evidence")
    return rows.order_by("-pk")


def reports(
    *, state: str = "", kind: str = "", overdue_at: datetime | None = None
) -> QuerySet[Report]:
    """Return the queue of reports; with an instant only the open ones that were due by then."""
    rows = Report.objects.select_related("reporter", "resolved_by", "judged")
    rows = rows.prefetch_related("evidence")
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if overdue_at is not None:
        rows = rows.filter(state=Report.State.OPEN, due_at__lte=overdue_at)
    return rows.order_by("-pk")


def appeals(*, state: str = "", overdue_at: datetime | None = None) -> QuerySet[Appeal]:
    """Return the queue of appeals; with an instant only the open ones that were due by then."""
    rows = Appeal.objects.select_related("user", "decided_by", "act__actor")
    rows = rows.prefetch_related("act__reports")
    if state:
        rows = rows.filter(state=state)
    if overdue_at is not None:
        rows = rows.filter(state=Appeal.State.OPEN, due_at__lte=overdue_at)
    return rows.order_by("-pk")
