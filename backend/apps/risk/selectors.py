"""Reads of cases and deposits for staff."""

from datetime import datetime

from django.db.models import Q, QuerySet

from apps.risk.models import DepositNeed, RiskCase

STATES = tuple(RiskCase.State.values)
KINDS = tuple(RiskCase.Kind.values)


def cases(
    *, state: str = "", kind: str = "", user_id: int | None = None, score_min: float | None = None
) -> QuerySet[RiskCase]:
    """Return cases, newest first; `user_id` is of either side."""
    rows = RiskCase.objects.select_related("user", "seller", "auction", "decided_by")
    rows = rows.defer("auction__description")
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind=kind)
    if user_id is not None:
        rows = rows.filter(Q(user_id=user_id) | Q(seller_id=user_id))
    if score_min is not None:
        rows = rows.filter(score__gte=score_min)
    return rows.order_by("-pk")


def case(case_id: int) -> RiskCase | None:
    """Return one case as the list has it."""
    return cases().filter(pk=case_id).first()


def deposits(now: datetime) -> QuerySet[DepositNeed]:
    """Return who may not bid without a deposit, the newest first."""
    in_force = Q(until_at=None) | Q(until_at__gt=now)
    needs = DepositNeed.objects.filter(in_force).select_related("user")
    return needs.order_by("-since_at", "-pk")


def deposit_of(user_id: int, now: datetime) -> DepositNeed | None:
    """Return why one may not bid without a deposit, None where he may."""
    return deposits(now).filter(pk=user_id).first()
