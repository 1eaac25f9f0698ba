"""Reads of subscriptions: which one is a user's, what it allows, which one has lost its place."""

from datetime import datetime

from django.db.models import Q, QuerySet

from apps.payments.fee_terms import plans_of
from apps.payments.models import Subscription
from domain.plans import Plan
from domain.settlement import SubscriptionStatus

_S = SubscriptionStatus
ENTITLED = (_S.ACTIVE, _S.TRIALING)
#: Exists at the provider, and may cost its user money.
LIVE = (*ENTITLED, _S.PAST_DUE, _S.UNPAID, _S.PAUSED)
OPEN = (*LIVE, _S.INCOMPLETE)
_BEFORE_OTHERS = {_S.ACTIVE: 3, _S.TRIALING: 3, _S.PAST_DUE: 2, _S.INCOMPLETE: 1}


def subscriptions_of(user_id: int) -> QuerySet[Subscription]:
    """Return all of a user's, whatever became of them."""
    return Subscription.objects.filter(user_id=user_id)


def subscription_of(user_id: int) -> Subscription | None:
    """Return the subscription a user would call his; None: he is on the free plan.

    What goes on counts before what ends, what he pays for before what he has yet to agree to,
    the newer before the older.
    """

    def rank(row: Subscription) -> tuple[bool, int, int]:
        going_on = row.status in ENTITLED and not row.cancel_at_period_end
        return going_on, _BEFORE_OTHERS.get(_S(row.status), 0), row.pk

    return max(subscriptions_of(user_id).filter(status__in=OPEN), key=rank, default=None)


def plan_of(user_id: int, now: datetime) -> Plan:
    """Return the plan whose limits and rates apply to a user now."""
    return plans_of([user_id], now)[user_id]


def is_superseded(row: Subscription) -> bool:
    """Whether its user has agreed to another one since, so that it is to end."""
    if row.live_at is None or row.status not in LIVE or row.cancel_at_period_end:
        return False
    later = Q(live_at__gt=row.live_at) | Q(live_at=row.live_at, pk__gt=row.pk)
    return subscriptions_of(row.user_id).filter(later, status__in=LIVE).exists()
