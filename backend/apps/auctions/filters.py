"""What lists of listings can be narrowed by and put in order by: the query string.

A name that is not here, or a value that means nothing, is an error that says what there is: a
filter silently ignored would show the wrong listings with a straight face.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from math import ceil, floor
from typing import Any

import django_filters
from django import forms
from django.db.models import BigIntegerField, Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.drainage import get_override
from drf_spectacular.extensions import OpenApiFilterExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.auctions import categories
from apps.auctions.models import Auction
from apps.auctions.search import search_auctions
from apps.core.fields import instant_of, whole_number
from apps.core.routing import ID_MAX
from domain.auction import Closing, Status
from domain.money import CURRENCIES, exponent_of

SEARCH_LENGTH_MAX = 200  # characters
NAME_LENGTH_MAX = 150  # of a user name or a slug, as the columns
PAGING = frozenset({"cursor", "facets", "page", "page_size"})  # read elsewhere

_PRICE = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,40})?", re.ASCII)
_PRICE_MAX = Decimal("9999999999.999")
_FINEST_EXPONENT = 3  # of any currency

Order = str | OrderBy


def face_value() -> Case:
    """Return the price shown, in thousandths: yen, dollars and dinars stand in one order.

    The price shown is the current bid, before the first one the starting price.
    """
    price = Coalesce(F("price_minor"), F("starting_minor"))
    coarse = [code for code in sorted(CURRENCIES) if exponent_of(code) == 0]
    fine = [code for code in sorted(CURRENCIES) if exponent_of(code) == _FINEST_EXPONENT]
    whole = BigIntegerField()
    return Case(
        When(currency__in=coarse, then=price * Value(1000, whole)),
        When(currency__in=fine, then=price),
        default=price * Value(10, whole),
        output_field=whole,
    )


# -- values -------------------------------------------------------------------------------------


class WordsField(forms.CharField):
    """One word of a list, or several with commas between them."""

    def __init__(self, words: Sequence[str], **kwargs: Any) -> None:
        self.words = tuple(words)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[str]:
        """Return the words."""
        wanted = [word for word in str(value or "").split(",") if word]
        if any(word not in self.words for word in wanted):
            raise forms.ValidationError(f"must be among: {', '.join(self.words)}")
        return wanted


class BooleanField(forms.CharField):
    """true or false."""

    def clean(self, value: Any) -> bool | None:
        """Return the truth, None for nothing."""
        text = str(value or "").lower()
        if text not in ("", "true", "1", "false", "0"):
            raise forms.ValidationError("must be true or false")
        return text in ("true", "1") if text else None


class PriceField(forms.CharField):
    """A bound of a price in major units: any number from 0, however fine."""

    def clean(self, value: Any) -> Decimal | None:
        """Return thousandths, None for nothing."""
        if not value:
            return None
        price = Decimal(value) if _PRICE.fullmatch(value) else None
        if price is None or not 0 <= price <= _PRICE_MAX:
            raise forms.ValidationError("must be a number such as 45000 or 12.50")
        return price.scaleb(_FINEST_EXPONENT)


class InstantField(forms.CharField):
    """A date and time; without an offset UTC."""

    def clean(self, value: Any) -> datetime | None:
        """Return the instant, None for nothing."""
        if not value:
            return None
        instant = instant_of(value)
        if instant is None:
            raise forms.ValidationError("must be a date and time such as 2026-02-22T10:30:00Z")
        return instant


class IdOrNameField(forms.CharField):
    """An id, or a name."""

    def clean(self, value: Any) -> int | str | None:
        """Return a number for an id, text for a name, None for nothing."""
        text = super().clean(value)
        if not text:
            return None
        number = whole_number(text)
        if number is None:
            return text
        if not 1 <= number <= ID_MAX:
            raise forms.ValidationError("must be an id such as 17, or a name")
        return number


class CurrencyField(forms.CharField):
    """A currency code."""

    def clean(self, value: Any) -> str | None:
        """Return the code, None for nothing."""
        if value and value not in CURRENCIES:
            raise forms.ValidationError("must be an ISO 4217 code in capitals, such as USD")
        return value or None


@extend_schema_field({"type": "array", "minItems": 1, "items": {"type": "string"}})
class WordsFilter(django_filters.Filter):
    """One or several of a few words."""

    field_class = WordsField


@extend_schema_field({"type": "boolean"})
class BooleanFilter(django_filters.Filter):
    """true or false."""

    field_class = BooleanField


@extend_schema_field({"type": "number", "minimum": 0, "maximum": 9_999_999_999.999})
class PriceFilter(django_filters.Filter):
    """A bound of the price shown: current bid, before the first one starting price."""

    field_class = PriceField


@extend_schema_field({"type": "string", "anyOf": [{"format": "date-time"}, {"const": ""}]})
class InstantFilter(django_filters.Filter):
    """A bound of the end."""

    field_class = InstantField


@extend_schema_field({"type": "string"})
class IdOrNameFilter(django_filters.Filter):
    """An id or a name."""

    field_class = IdOrNameField


@extend_schema_field({"type": "string", "enum": sorted(CURRENCIES)})
class CurrencyFilter(django_filters.Filter):
    """A currency code."""

    field_class = CurrencyField


@extend_schema_field({"type": "string"})
class TextFilter(django_filters.Filter):
    """Words."""

    field_class = forms.CharField


# -- order --------------------------------------------------------------------------------------

_RUNNING_FIRST = Case(
    When(status=Status.ACTIVE, then=0), default=1, output_field=IntegerField()
).asc()

_COLUMNS: dict[str, str] = {
    "created_at": "created_at",
    "start_time": "start_at",
    "end_time": "end_at",
    "starting_price": "starting_minor",
    "total_bids": "total_bids",
    "title": "title",
    "id": "pk",
}

ORDERINGS: tuple[str, ...] = (
    "ending_soon",
    "relevance",
    *(f"{sign}{name}" for name in (*_COLUMNS, "price", "current_bid") for sign in ("", "-")),
)


def _orders(word: str) -> list[Order]:
    """Return what a word of `ordering` means; rows without a value come last."""
    name, down = word.removeprefix("-"), word.startswith("-")
    if name == "ending_soon":
        return [_RUNNING_FIRST, F("end_at").asc(nulls_last=True)]
    if name == "relevance":
        return ["-relevance"]
    by = face_value() if name in ("price", "current_bid") else F(_COLUMNS[name])
    nullable = name in ("start_time", "end_time")
    options = {"nulls_last": True} if nullable else {}
    return [by.desc(**options) if down else by.asc(**options)]


# -- the filters --------------------------------------------------------------------------------


class AuctionFilter(django_filters.FilterSet):
    """Filters of every list of listings. The order of declaration is the order of application."""

    status = WordsFilter(
        words=[status.value for status in Status],
        method="among",
        help_text="One status, or several with commas between them.",
    )
    condition = WordsFilter(
        words=["new", "used"], method="among", help_text="new, used, or both with a comma."
    )
    closing = WordsFilter(
        words=[closing.value for closing in Closing],
        method="among",
        help_text="timed: ends by the clock; seller_choice: the seller accepts an offer.",
    )
    category = IdOrNameFilter(
        max_length=NAME_LENGTH_MAX,
        method="in_category",
        help_text="Id or slug; its descendants are included, an unknown one has none.",
    )
    seller = IdOrNameFilter(
        max_length=NAME_LENGTH_MAX, method="of_seller", help_text="Id or user name."
    )
    currency = CurrencyFilter(help_text="ISO 4217.")
    min_price = PriceFilter(
        method="from_price",
        help_text="Bound of the price shown: current bid, before the first one starting price.",
    )
    max_price = PriceFilter(method="to_price", help_text="As min_price.")
    ending_after = InstantFilter(
        field_name="end_at",
        lookup_expr="gte",
        help_text="Ends then or later; without an offset UTC.",
    )
    ending_before = InstantFilter(
        field_name="end_at",
        lookup_expr="lte",
        help_text="Ends then or earlier; without an offset UTC.",
    )
    has_reserve = BooleanFilter(
        field_name="reserve_minor",
        method="given",
        help_text="Whether there is a reserve; its amount stays secret.",
    )
    has_buy_now = BooleanFilter(
        field_name="buy_now_minor", method="given", help_text="Whether there is a fixed price."
    )
    sold = BooleanFilter(help_text="Whether it was sold.")
    search = TextFilter(
        max_length=SEARCH_LENGTH_MAX,
        method="matching",
        help_text="Words of title and description, the beginnings of words, words almost right.",
    )
    ordering = WordsFilter(
        words=ORDERINGS,
        method="ordered",
        help_text="One word or several with commas; - turns it around. relevance needs search.",
    )

    def among(self, queryset: QuerySet[Auction], name: str, value: list[str]) -> Any:
        """Keep rows whose word is one of those asked for."""
        return queryset.filter(**{f"{name}__in": value}) if value else queryset

    def in_category(self, queryset: QuerySet[Auction], name: str, value: int | str) -> Any:
        """Keep a category's listings and its descendants'; an unknown one has none."""
        category_id = categories.category_id_of(value)
        if category_id is None:
            return queryset.none()
        return queryset.filter(category_id__in=categories.category_ids_below(category_id))

    def of_seller(self, queryset: QuerySet[Auction], name: str, value: int | str) -> Any:
        """Keep one seller's listings, by id or by user name in any case."""
        if isinstance(value, int):
            return queryset.filter(seller_id=value)
        return queryset.filter(seller__username__iexact=value)

    def from_price(self, queryset: QuerySet[Auction], name: str, value: Decimal) -> Any:
        """Keep what costs at least that."""
        return queryset.alias(face=face_value()).filter(face__gte=ceil(value))

    def to_price(self, queryset: QuerySet[Auction], name: str, value: Decimal) -> Any:
        """Keep what costs at most that."""
        return queryset.alias(face=face_value()).filter(face__lte=floor(value))

    def given(self, queryset: QuerySet[Auction], name: str, value: bool) -> Any:
        """Keep what has a reserve or fixed price, or has none."""
        return queryset.filter(Q(**{f"{name}__isnull": not value}))

    def matching(self, queryset: Any, name: str, value: str) -> Any:
        """Keep what has the words, the best match first."""
        return search_auctions(queryset, value).order_by("-relevance", "-pk")

    def ordered(self, queryset: QuerySet[Auction], name: str, value: list[str]) -> Any:
        """Put in order; equals by id, in the direction of the last word."""
        if not value:
            return queryset
        if "relevance" in value and not self.data.get("search"):
            raise ValidationError({"ordering": ["relevance needs search"]})
        tie = "-pk" if value[-1].startswith("-") else "pk"
        return queryset.order_by(*(order for word in value for order in _orders(word)), tie)


class AuctionFilterBackend(DjangoFilterBackend):
    """Applies AuctionFilter to the view's queryset, which comes in the view's own order."""

    filterset_base = AuctionFilter

    def get_filterset_class(self, view: APIView, queryset: Any = None) -> type[AuctionFilter]:
        """Every list has the same filters."""
        return AuctionFilter

    def filter_queryset(self, request: Request, queryset: Any, view: APIView) -> Any:
        """Return the rows asked for; a plain page skips the machinery."""
        asked = request.query_params.keys() - PAGING
        if not asked:
            return queryset
        known = AuctionFilter.base_filters.keys()
        unknown = sorted(asked - known)
        if unknown:
            text = f"unknown filter; known are: {', '.join((*known, *sorted(PAGING)))}"
            raise ValidationError({name[:NAME_LENGTH_MAX]: [text] for name in unknown[:10]})
        return super().filter_queryset(request, queryset, view)


class AuctionFilterScheme(OpenApiFilterExtension):
    """How the document describes them."""

    target_class = AuctionFilterBackend
    priority = 1  # before the one for any django-filter backend, which wants a model

    def get_schema_operation_parameters(self, *args: Any, **kwargs: Any) -> list[dict[str, Any]]:
        """Return a parameter for each filter."""
        return [_described(name, each) for name, each in AuctionFilter.base_filters.items()]


def _described(name: str, each: django_filters.Filter) -> dict[str, Any]:
    schema = dict(get_override(each, "field"))
    parameter = {
        "name": name,
        "in": "query",
        "description": each.extra["help_text"],
        "schema": schema,
    }
    if "words" in each.extra:
        schema["items"] = {"type": "string", "enum": list(each.extra["words"])}
        parameter |= {"style": "form", "explode": False}
    if "max_length" in each.extra:
        schema["maxLength"] = each.extra["max_length"]
    return parameter
