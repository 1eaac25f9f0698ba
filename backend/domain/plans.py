"""What sellers may subscribe to. Prices are per month, in whole units of the site's currency."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan: its price, how many listings may be live at once, and the house's commission.

    `listings_max` None: as many as wanted. `commission_bps` None: as the category says; else
    the lower of both applies.
    """

    name: str
    price_major: int
    listings_max: int | None
    commission_bps: int | None


#: How long a plan still counts once a payment for it is overdue.
PAST_DUE_GRACE = timedelta(days=7)

FREE = Plan("free", price_major=0, listings_max=50, commission_bps=None)

PLANS: Mapping[str, Plan] = {
    plan.name: plan
    for plan in (
        FREE,
        Plan("pro", price_major=29, listings_max=500, commission_bps=300),
        Plan("business", price_major=99, listings_max=None, commission_bps=150),
    )
}
