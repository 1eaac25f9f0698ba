"""What sales of a category bear: its own schedule, else its nearest ancestor's, else the site's.

A schedule counts in whole major units, as its tiers are written; terms are in minor units of one
currency. Rates are basis points. Source: docs/money.md.
"""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.db import connection

from domain.fees import FeeTerms, Tier
from domain.money import exponent_of

GENERATIONS_MAX = 32  # of ancestors looked at: a loop in the tree ends there


class Fees(NamedTuple):
    """A schedule as a value; without a row nobody pays anything."""

    commission_bps: int = 0
    premium_tiers: tuple[tuple[int, int], ...] = ()  # from (major units), basis points
    tax_bps: int = 0
    tax_name: str = "Tax"


class Shelf(NamedTuple):
    """A category as a listing shows it, with what its sales bear. `id` None: no category."""

    id: int | None = None
    name: str = ""
    slug: str = ""
    fees: Fees = Fees()


#: The categories asked for; every schedule on the way up from each, the nearest first; the
#: site's own. In plain SQL because each page of a list asks it.
_SHELVES = """
WITH RECURSIVE above(wanted_id, category_id, generation) AS (
    SELECT id, id, 0 FROM auctions_category WHERE id IN ({ids})
    UNION ALL
    SELECT above.wanted_id, category.parent_id, above.generation + 1
    FROM above JOIN auctions_category category ON category.id = above.category_id
    WHERE category.parent_id IS NOT NULL AND above.generation < %s
)
SELECT above.wanted_id, above.generation, category.name, category.slug,
    fees.commission_bps, fees.premium_tiers, fees.tax_bps, fees.tax_name
FROM above JOIN auctions_category category ON category.id = above.category_id
    LEFT JOIN auctions_feeschedule fees ON fees.category_id = above.category_id
WHERE above.generation = 0 OR fees.id IS NOT NULL
UNION ALL
SELECT NULL, 0, '', '', commission_bps, premium_tiers, tax_bps, tax_name
FROM auctions_feeschedule WHERE category_id IS NULL
ORDER BY generation
"""


def shelves_of(category_ids: Iterable[int | None]) -> dict[int | None, Shelf]:
    """Return each category, and under None what has none; one query."""
    wanted = sorted({pk for pk in category_ids if pk is not None})
    ids = ", ".join(["%s"] * len(wanted)) or "NULL"
    names: dict[int, tuple[str, str]] = {}
    own: dict[int | None, Fees] = {}
    with connection.cursor() as cursor:
        cursor.execute(_SHELVES.format(ids=ids), [*wanted, GENERATIONS_MAX])
        for pk, generation, name, slug, *schedule in cursor.fetchall():
            if pk is not None and generation == 0:
                names[pk] = (name, slug)
            if schedule[0] is not None:
                own.setdefault(pk, _fees(*schedule))
    default = own.get(None, Fees())
    shelves = {pk: Shelf(pk, *name, own.get(pk, default)) for pk, name in names.items()}
    nowhere = Shelf(fees=default)
    return {None: nowhere} | {pk: shelves.get(pk, nowhere) for pk in wanted}


def fees_of(category_ids: Iterable[int | None]) -> dict[int | None, Fees]:
    """Return what the sales of each category bear, and under None the site's own; one query."""
    return {pk: shelf.fees for pk, shelf in shelves_of(category_ids).items()}


def terms_in(fees: Fees, currency: str) -> FeeTerms:
    """Return a schedule in minor units of a currency."""
    return _terms(fees, 10 ** exponent_of(currency))


def _fees(commission_bps: int, premium_tiers: str, tax_bps: int, tax_name: str) -> Fees:
    tiers = tuple((edge, rate) for edge, rate in json.loads(premium_tiers))
    return Fees(commission_bps, tiers, tax_bps, tax_name)


@lru_cache(maxsize=1024)
def _terms(fees: Fees, minor_units: int) -> FeeTerms:
    return FeeTerms(
        commission_bps=fees.commission_bps,
        premium=tuple(Tier(edge * minor_units, rate) for edge, rate in fees.premium_tiers),
        tax_bps=fees.tax_bps,
        tax_name=fees.tax_name,
    )
