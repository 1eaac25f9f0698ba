"""Cases for people: opened by what was found, renewed by more of it, decided by staff.

Raises HouseRefused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from apps.backoffice import audit
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.core import clock
from apps.risk.models import DepositNeed, RiskCase
from apps.users.models import User
from apps.users.rights import Right, may

LIVE = (RiskCase.State.OPEN, RiskCase.State.WATCHED)

#: What staff decide -> the state it leaves.
DECISIONS: Mapping[str, RiskCase.State] = {
    "dismiss": RiskCase.State.DISMISSED,
    "watch": RiskCase.State.WATCHED,
    "require_deposit": RiskCase.State.DEPOSIT,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a rule found; `subject` tells two cases of one kind and account apart."""

    kind: RiskCase.Kind
    user_id: int
    subject: str
    evidence_at: datetime
    seller_id: int | None = None
    auction_id: int | None = None
    score: float | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def put_before_people(finding: Finding, *, at: datetime) -> bool:
    """Open a case, or renew the one that is live; False when nothing is new.

    What was decided stays decided until something happens after the decision.
    """
    same = RiskCase.objects.filter(
        kind=finding.kind, user_id=finding.user_id, subject=finding.subject
    )
    try:
        with transaction.atomic():
            live = same.select_for_update().filter(state__in=LIVE).first()
            if live is not None:
                return _renew(live, finding)
            if same.filter(decided_at__gte=finding.evidence_at).exists():
                return False
            RiskCase.objects.create(
                kind=finding.kind,
                user_id=finding.user_id,
                subject=finding.subject,
                seller_id=finding.seller_id,
                auction_id=finding.auction_id,
                score=finding.score,
                facts=dict(finding.facts),
                opened_at=at,
                evidence_at=finding.evidence_at,
            )
    except IntegrityError:  # another look has just opened it
        return False
    return True


def _renew(case: RiskCase, finding: Finding) -> bool:
    if finding.evidence_at <= case.evidence_at and finding.score == case.score:
        return False
    case.evidence_at = max(case.evidence_at, finding.evidence_at)
    case.score = finding.score
    case.facts = dict(finding.facts)
    case.save(update_fields=["evidence_at", "score", "facts"])
    return True


def decide_case(case_id: int, *, actor_id: int, decision: str, note: str) -> RiskCase:
    """Dismiss a case, watch it, or ask its account for a deposit; `decision` of DECISIONS."""
    with transaction.atomic():
        cases = RiskCase.objects.select_for_update(of=("self",)).select_related("user")
        case = cases.filter(pk=case_id).first()
        if case is None:
            raise HouseRefused(HouseReason.NO_CASE)
        if actor_id in (case.user_id, case.seller_id):
            raise HouseRefused(HouseReason.OWN_CASE)
        if case.state not in LIVE:
            raise HouseRefused(HouseReason.CASE_DECIDED, state=case.state)
        if decision == "require_deposit":
            _require_right(actor_id, case.user)
        now, was = clock.now(), case.state
        case.state = DECISIONS[decision]
        case.note = note
        case.decided_by_id = actor_id
        case.decided_at = now
        case.save(update_fields=["state", "note", "decided_by", "decided_at"])
        if case.state == RiskCase.State.DEPOSIT:
            _require_deposit(case.user_id, note, at=now)
        audit.record(
            audit.Act.RISK_DECIDE,
            actor_id=actor_id,
            target_id=case_id,
            before={"state": was},
            after={"state": case.state.value, "user_id": case.user_id},
            at=now,
            reason=note,
        )
    return case


def set_deposit(user_id: int, *, actor_id: int, needed: bool, reason: str) -> bool:
    """Ask an account for a deposit, or bid it welcome again; returns whether that was new.

    Lifting is what is done when the deposit is there, or for mercy: `reason` says which.
    """
    if user_id == actor_id:
        raise HouseRefused(HouseReason.NOT_YOURSELF)
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise HouseRefused(HouseReason.NO_USER)
        _require_right(actor_id, user)
        now = clock.now()
        was = _cause_of(DepositNeed.objects.filter(pk=user_id).first(), now)
        if was == (DepositNeed.Cause.STAFF.value if needed else ""):
            return False
        if needed:
            _require_deposit(user_id, reason, at=now)
        else:
            DepositNeed.objects.filter(pk=user_id).delete()
        audit.record(
            audit.Act.USER_DEPOSIT,
            actor_id=actor_id,
            target_id=user_id,
            before={"deposit_needed": bool(was), "cause": was},
            after={"deposit_needed": needed, "cause": "staff" if needed else ""},
            at=now,
            reason=reason,
        )
    return True


def _require_right(actor_id: int, user: User) -> None:
    """Let what others of staff may do be changed by who has all rights only."""
    if user.is_staff and not may(User.objects.get(pk=actor_id), Right.HOUSE):
        raise HouseRefused(HouseReason.NO_RIGHT)


def _cause_of(need: DepositNeed | None, now: datetime) -> str:
    """Return why a deposit is needed now, "" where it is not."""
    if need is None or (need.until_at is not None and need.until_at <= now):
        return ""
    return need.cause


def _require_deposit(user_id: int, reason: str, *, at: datetime) -> None:
    DepositNeed.objects.update_or_create(
        user_id=user_id,
        defaults={
            "cause": DepositNeed.Cause.STAFF,
            "since_at": at,
            "until_at": None,
            "reason": reason[: audit.REASON_LENGTH_MAX],
        },
    )
