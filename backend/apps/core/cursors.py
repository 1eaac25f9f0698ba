"""Pages by number, or by cursor: a signed place in the order, from which a list goes on.

Page 5000 costs the database 100,000 rows; the next page of a cursor costs a page, and what is
added meanwhile shifts nothing. A cursor says where the last row stood, by the values it was
ordered by, so it works for every order that the database can compare: all but relevance.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.core import signing
from django.db.models import Case, F, IntegerField, Q, QuerySet, When
from django.db.models.expressions import Combinable, OrderBy
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from apps.core.pagination import PageNumberPagination

CURSOR_LENGTH_MAX = 1000  # characters
SALT = "apps.core.cursors"
UNUSABLE = "is not one we gave for this list and order; begin with an empty one"


class Key(NamedTuple):
    """One thing a list is ordered by."""

    by: Combinable
    descending: bool


class Place(NamedTuple):
    """A row's values of the keys, and which way the page lies from it."""

    values: Sequence[Any]
    backwards: bool


class PageOrCursorPagination(PageNumberPagination):
    """`{count, next, previous, results}`; with `cursor` the count is null: nobody counts."""

    cursor_query_param = "cursor"

    def paginate_queryset(
        self, queryset: Any, request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return one page. Raises ValidationError for a cursor that is none of ours."""
        self.links: tuple[str | None, str | None] | None = None
        asked = request.query_params.get(self.cursor_query_param)
        if asked is None:
            return super().paginate_queryset(queryset, request, view)
        if self.page_query_param in request.query_params:
            raise ValidationError({"cursor": ["goes with page_size, not with page"]})
        keys = _keys_of(queryset)
        order = f"{request.path.rstrip('/')}?{request.query_params.get('ordering', '')}"
        place = _place_of(asked, order, len(keys)) if asked else None
        rows, more = _page(queryset, keys, place, self.get_page_size(request))
        self.links = _links(request, order, rows, place=place, more=more)
        for row in rows:
            del row._keys
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        """Return the page with the addresses of those beside it."""
        if self.links is None:
            return super().get_paginated_response(data)
        following, previous = self.links
        return Response({"count": None, "next": following, "previous": previous, "results": data})

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return how the document describes `page`, `page_size` and `cursor`."""
        return [
            *super().get_schema_operation_parameters(view),
            {
                "name": "cursor",
                "in": "query",
                "description": "Empty to begin, then as `next` has it: deep pages at the price of "
                "the first, and nothing shifts. Instead of `page`; any order but relevance. "
                "`count` is null.",
                "allowEmptyValue": True,
                "schema": {"type": "string", "maxLength": CURSOR_LENGTH_MAX},
            },
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page of rows."""
        page = super().get_paginated_response_schema(schema)
        page["properties"]["count"] = {
            "type": ["integer", "null"],
            "minimum": 0,
            "description": "Rows on all pages; null with `cursor`",
        }
        return page


# -- keys ---------------------------------------------------------------------------------------


def _keys_of(queryset: QuerySet[Any]) -> list[Key]:
    """Return what the list is ordered by; where values may lack, first whether they do."""
    keys: list[Key] = []
    for each in queryset.query.order_by:
        order = _ordered(each)
        if order.nulls_last:
            lacks = Case(
                When(Q(**{f"{order.expression.name}__isnull": True}), then=1),
                default=0,
                output_field=IntegerField(),
            )
            keys.append(Key(lacks, descending=False))
        keys.append(Key(order.expression, order.descending))
    return keys


def _ordered(each: Any) -> Any:
    if isinstance(each, OrderBy):
        return each
    name = each.removeprefix("-")
    if name == "relevance":
        text = "goes with any order but relevance; with search send ordering=-created_at, say"
        raise ValidationError({"cursor": [text]})
    return F(name).desc() if each.startswith("-") else F(name).asc()


def _page(
    queryset: QuerySet[Any], keys: list[Key], place: Place | None, size: int
) -> tuple[list[Any], bool]:
    """Return the rows of a page with their `_keys`, and whether more lie that way."""
    backwards = place is not None and place.backwards
    names = [f"_key{number}" for number in range(len(keys))]
    found = queryset.annotate(**{name: key.by for name, key in zip(names, keys, strict=True)})
    if place is not None:
        found = found.filter(_beyond(names, keys, place))
    orders = [
        F(name).desc() if key.descending != backwards else F(name).asc()
        for name, key in zip(names, keys, strict=True)
    ]
    rows = list(found.order_by(*orders)[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    for row in rows:
        row._keys = [getattr(row, name) for name in names]
    return (rows[::-1] if backwards else rows), more


def _beyond(names: Sequence[str], keys: Sequence[Key], place: Place) -> Q:
    """Return what comes after a place: later by a key and equal by all before it."""
    found, equal = Q(pk__in=()), Q()
    for name, key, value in zip(names, keys, place.values, strict=True):
        if value is None:  # and so are all that share the keys before: none is beyond
            equal &= Q(**{f"{name}__isnull": True})
            continue
        step = "lt" if key.descending != place.backwards else "gt"
        found |= equal & Q(**{f"{name}__{step}": value})
        equal &= Q(**{name: value})
    first = place.values[0]
    if first is None:
        return found
    # Follows from the rest, but lets the database begin in the middle of its index.
    step = "lte" if keys[0].descending != place.backwards else "gte"
    return found & Q(**{f"{names[0]}__{step}": first})


# -- cursors ------------------------------------------------------------------------------------


def _links(
    request: Request, order: str, rows: list[Any], *, place: Place | None, more: bool
) -> tuple[str | None, str | None]:
    """Return the addresses of the next page and of the one before."""
    if not rows:
        return None, None
    backwards = place is not None and place.backwards
    address = request.build_absolute_uri()

    def link(row: Any, *, back: bool) -> str:
        cursor = _signed(order, Place(row._keys, back))
        return replace_query_param(address, PageOrCursorPagination.cursor_query_param, cursor)

    has_next = more or backwards
    has_previous = more if backwards else place is not None
    return (
        link(rows[-1], back=False) if has_next else None,
        link(rows[0], back=True) if has_previous else None,
    )


def _signed(order: str, place: Place) -> str:
    values = [_plain(value) for value in place.values]
    return signing.dumps([values, place.backwards], salt=f"{SALT} {order}", compress=True)


def _plain(value: Any) -> Any:
    return {"at": value.isoformat()} if isinstance(value, datetime) else value


def _place_of(cursor: str, order: str, key_count: int) -> Place:
    try:
        if len(cursor) > CURSOR_LENGTH_MAX:
            raise signing.BadSignature
        values, backwards = signing.loads(cursor, salt=f"{SALT} {order}")
    except (signing.BadSignature, ValueError) as error:
        raise ValidationError({"cursor": [UNUSABLE]}) from error
    if len(values) != key_count:
        raise ValidationError({"cursor": [UNUSABLE]})
    return Place([_value(value) for value in values], backwards)


def _value(plain: Any) -> Any:
    return datetime.fromisoformat(plain["at"]) if isinstance(plain, dict) else plain
