"""What a seller's sale bears: his category's fees, the commission no higher than his plan's.

Terms are in minor units of one currency, rates basis points. Source: docs/money.md.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from apps.auctions.fees import fees_of, terms_in
from apps.payments.models import Subscription
from domain.fees import FeeTerms
from domain.plans import FREE, PAST_DUE_GRACE, PLANS, Plan
from domain.settlement import SubscriptionStatus


def fee_terms(category_id: int | None, currency: str) -> FeeTerms:
    """Return what a category's sales bear in a currency, whoever sells."""
    return terms_in(fees_of([category_id])[category_id], currency)


def plans_of(user_ids: Iterable[int], now: datetime) -> dict[int, Plan]:
    """Return each user's plan as far as it is paid for; one query.

    Active, on trial, or past due for less than the grace; else free, as without a subscription.
    The better of two, while one takes the other's place.
    """
    wanted = set(user_ids)
    paid_for = Q(status__in=(SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING))
    in_grace = Q(status=SubscriptionStatus.PAST_DUE, past_due_at__gt=now - PAST_DUE_GRACE)
    rows = Subscription.objects.filter(paid_for | in_grace, user_id__in=wanted)
    plans = dict.fromkeys(wanted, FREE)
    for user_id, name in rows.values_list("user_id", "plan"):
        plan = PLANS.get(name, FREE)  # a plan no longer sold gives nothing
        plans[user_id] = max(plans[user_id], plan, key=lambda each: each.price_major)
    return plans


def on_plan(terms: FeeTerms, plan: Plan) -> FeeTerms:
    """Return the terms of a seller on a plan: the lower commission applies."""
    if plan.commission_bps is None or plan.commission_bps >= terms.commission_bps:
        return terms
    return replace(terms, commission_bps=plan.commission_bps)
