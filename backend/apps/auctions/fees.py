"""What sales of a category bear: its own schedule, else its nearest ancestor's, else the site's.

A schedule counts in whole major units, as its tiers are written; terms are in minor units of one
currency. Rates are basis points. Source: docs/money.md.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from apps.auctions.models import FeeSchedule
from domain.fees import FeeTerms, Tier
from domain.money import exponent_of

GENERATIONS_MAX = 32  # of ancestors looked at: a loop in the tree ends there


class Fees(NamedTuple):
    """A schedule as a value; without a row nobody pays anything."""

    commission_bps: int = 0
    premium_tiers: tuple[tuple[int, int], ...] = ()  # from (major units), basis points
    tax_bps: int = 0
    tax_name: str = "Tax"


#: By category; None: of whatever has none of its own.
FeesByCategory = Mapping[int | None, Fees]

#: Every schedule on the way up from each category, the nearest first, and the site's own.
_SCHEDULES = """
WITH RECURSIVE above(wanted_id, category_id, generation) AS (
    SELECT id, id, 0 FROM auctions_category WHERE id IN ({ids})
    UNION ALL
    SELECT above.wanted_id, category.parent_id, above.generation + 1
    FROM above JOIN auctions_category category ON category.id = above.category_id
    WHERE category.parent_id IS NOT NULL AND above.generation < %s
)
SELECT fees.*, above.wanted_id, above.generation
FROM above JOIN auctions_feeschedule fees ON fees.category_id = above.category_id
UNION ALL
SELECT fees.*, NULL, 0 FROM auctions_feeschedule fees WHERE fees.category_id IS NULL
ORDER BY generation
"""


def fees_of(category_ids: Iterable[int | None]) -> dict[int | None, Fees]:
    """Return what each category's sales bear, and under None the site's default; one query."""
    wanted = sorted({pk for pk in category_ids if pk is not None})
    ids = ", ".join(["%s"] * len(wanted)) or "NULL"
    own: dict[int | None, Fees] = {}
    rows: Iterable[Any] = FeeSchedule.objects.raw(
        _SCHEDULES.format(ids=ids), [*wanted, GENERATIONS_MAX]
    )
    for row in rows:
        tiers = tuple((edge, rate) for edge, rate in row.premium_tiers)
        own.setdefault(row.wanted_id, Fees(row.commission_bps, tiers, row.tax_bps, row.tax_name))
    default = own.get(None, Fees())
    return {None: default} | {pk: own.get(pk, default) for pk in wanted}


def fees_version() -> tuple[object, ...]:
    """Return what changes with every change of a schedule, for answers that are kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), MAX(changed_at) FROM auctions_feeschedule")
        found: tuple[object, ...] = cursor.fetchone()
        return found


def terms_in(fees: Fees, currency: str) -> FeeTerms:
    """Return a schedule in minor units of a currency."""
    return _terms(fees, 10 ** exponent_of(currency))


@lru_cache(maxsize=1024)
def _terms(fees: Fees, minor_units: int) -> FeeTerms:
    return FeeTerms(
        commission_bps=fees.commission_bps,
        premium=tuple(Tier(edge * minor_units, rate) for edge, rate in fees.premium_tiers),
        tax_bps=fees.tax_bps,
        tax_name=fees.tax_name,
    )
