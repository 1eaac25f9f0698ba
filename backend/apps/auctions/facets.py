"""Facets: what a list holds besides its page, counted per category and per band of prices.

Each facet respects every filter but its own, so that one sees what else there is. A band's `min`
and `max` both belong to it and can be sent as `min_price` and `max_price`: as many are found.
"""

from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from apps.auctions import categories
from apps.auctions.filters import AuctionFilter, face_value
from apps.auctions.models import Auction

#: Where bands of prices begin, in major units of each listing's own currency.
BANDS_FROM = (0, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000)
_THOUSANDTHS = 1000

#: Each facet's own filters.
FACETS: dict[str, tuple[str, ...]] = {
    "category": ("category",),
    "price": ("min_price", "max_price"),
}


def facet_names(request: Request) -> list[str] | None:
    """Return the facets asked for, None for a list without; raises ValidationError."""
    text = request.query_params.get("facets")
    if not text:
        return None
    names = [name for name in text.split(",") if name]
    if any(name not in FACETS for name in names):
        raise ValidationError({"facets": [f"must be among: {', '.join(FACETS)}"]})
    return names


def count_facets(
    names: list[str], rows: QuerySet[Auction], *, found: QuerySet[Auction], request: Request
) -> dict[str, list[dict[str, Any]]]:
    """Return the facets of a list: `rows` before its filters, `found` after them."""
    counters = {"category": _categories, "price": _bands}
    asked = request.query_params
    return {
        name: counters[name](
            _without(FACETS[name], rows, asked) if asked.keys() & {*FACETS[name]} else found
        )
        for name in names
    }


def _without(own: tuple[str, ...], rows: QuerySet[Auction], asked: Any) -> QuerySet[Auction]:
    """Return the rows by all filters but these."""
    others = {
        name: value
        for name, value in asked.items()
        if name in AuctionFilter.base_filters and name not in {*own, "ordering"}
    }
    filtered: QuerySet[Auction] = AuctionFilter(data=others, queryset=rows, request=None).qs
    return filtered


def _categories(found: QuerySet[Auction]) -> list[dict[str, Any]]:
    """Count per category, descendants included; the fullest first."""
    counted = found.order_by().filter(category__isnull=False).values_list("category_id")
    own = dict(counted.annotate(number=Count("pk")))
    nodes = categories.category_nodes(own)
    full = sorted(
        (node for node in nodes if node.active_count), key=lambda node: -node.active_count
    )
    return [
        {"id": node.id, "slug": node.slug, "name": node.name, "count": node.active_count}
        for node in full
    ]


def _bands(found: QuerySet[Auction]) -> list[dict[str, Any]]:
    """Count per band of the price shown; empty bands are left out."""
    ends = [*BANDS_FROM[1:], None]
    place = _band_between(0, len(BANDS_FROM) - 1)
    placed = found.order_by().alias(face=face_value()).annotate(band=place).values_list("band")
    counts = dict(placed.annotate(number=Count("pk")))
    return [
        {
            "min": BANDS_FROM[number],
            "max": None if end is None else end - 1 / _THOUSANDTHS,
            "count": counts[number],
        }
        for number, end in enumerate(ends)
        if number in counts
    ]


def _band_between(first: int, last: int) -> Any:
    """Return the number of a price's band by halves: the price is an expression, not a column."""
    if first == last:
        return Value(first)
    middle = (first + last + 1) // 2
    return Case(
        When(face__lt=BANDS_FROM[middle] * _THOUSANDTHS, then=_band_between(first, middle - 1)),
        default=_band_between(middle, last),
        output_field=IntegerField(),
    )
