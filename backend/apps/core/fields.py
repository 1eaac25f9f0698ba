"""Fields of what comes in, stricter than the framework's: amounts, whole numbers, words, instants.

The framework's own number fields take `1_000`, `1e3`, Arabic digits and 2^63; ours do not. Every
message says what to send instead.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from drf_spectacular.drainage import set_override
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.routing import ID_MAX
from domain.money import CURRENCIES, InvalidAmount, is_currency, parse_amount

_DIGITS = re.compile(r"-?[0-9]{1,20}", re.ASCII)

#: How the document describes an amount going out, an amount coming in, an instant coming in.
AMOUNT_SHOWN = {
    "type": "number",
    "minimum": 0,
    "description": "Major units; a whole amount has no point",
    "examples": [45000],
}
AMOUNT_SENT = {
    "type": ["number", "string"],
    "exclusiveMinimum": 0,
    "maximum": 9_999_999_999.999,
    "pattern": r"^[0-9]{1,10}(\.[0-9]{1,3})?$",
    "description": "Major units, with no more decimals than the currency has; a number, or its "
    "decimal digits as text",
    "examples": [45000],
}
INSTANT_SENT = {
    "type": "string",
    "format": "date-time",
    "description": "ISO 8601; without an offset UTC",
    "examples": ["2026-02-22T10:30:00Z"],
}

#: A `+` of an offset arrives from a query string as a blank.
_LOST_PLUS = re.compile(r"(?<=[0-9]) (?=[0-9]{2}:?[0-9]{2}$)")


@extend_schema_field({"type": "integer", "format": "int64", "minimum": 1})
class IdField(serializers.IntegerField):
    """A row's id on its way out."""


class ThumbnailsSerializer(serializers.Serializer[Any]):
    """A picture in three sizes, as addresses; the longer side has so many pixels at most."""

    small = serializers.CharField(help_text="160 pixels")
    medium = serializers.CharField(help_text="400 pixels")
    large = serializers.CharField(help_text="960 pixels")


@extend_schema_field({"type": "integer", "minimum": 0})
class CountField(serializers.IntegerField):
    """A number of things on its way out."""


@extend_schema_field(AMOUNT_SHOWN)
class ShownAmountField(serializers.FloatField):
    """An amount in major units on its way out; the bodies are built with domain.money.to_number."""


@extend_schema_field(AMOUNT_SENT)
class AmountField(serializers.Field[int, Any, Any, Any]):
    """An amount in major units (JSON number or ASCII decimal string) -> minor units.

    The currency is the body's `currency`, else `context["currency"]`, else the site's.
    """

    def to_internal_value(self, data: Any) -> int:
        """Return minor units; the message of a refusal is that of domain.money."""
        try:
            return parse_amount(data, self.currency())
        except InvalidAmount as error:
            raise serializers.ValidationError(str(error)) from error

    def to_representation(self, value: int) -> Any:
        """Amounts are shown by the serializers' own builders, which know the currency."""
        raise NotImplementedError

    def currency(self) -> str:
        """Return the currency this amount is in; a currency refused elsewhere is not used."""
        body = getattr(self.root, "initial_data", None)
        sent = body.get("currency") if isinstance(body, dict) else None
        if is_currency(sent):
            return str(sent)
        return str(self.context.get("currency") or settings.SITE_CURRENCY)


class TextField(serializers.CharField):
    """A JSON string; a number is refused, not quietly made one, and so is half a character."""

    def to_internal_value(self, data: Any) -> str:
        """Return the text."""
        if not isinstance(data, str):
            self.fail("invalid")
        if any("\ud800" <= character <= "\udfff" for character in data):
            raise serializers.ValidationError("holds characters no text has")
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)  # white space around it counts
        value: str = super().to_internal_value(data)
        return value


class StrictIntegerField(serializers.Field[int, Any, Any, Any]):
    """A whole number: JSON integer or ASCII digits, within its bounds (ids by default)."""

    def __init__(self, *, min_value: int = 1, max_value: int = ID_MAX, **kwargs: Any) -> None:
        self.min_value = min_value
        self.max_value = max_value
        set_override(self, "field", integer_sent(min_value, max_value))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> int:
        """Return the number."""
        number = whole_number(data)
        if number is None or not self.min_value <= number <= self.max_value:
            raise serializers.ValidationError(
                f"must be a whole number from {self.min_value} to {self.max_value}"
            )
        return number

    def to_representation(self, value: int) -> int:
        """Return the number."""
        return value


def integer_sent(least: int, most: int) -> dict[str, Any]:
    """Return how the document describes a whole number coming in."""
    return {
        "type": ["integer", "string"],
        "minimum": least,
        "maximum": most,
        # Of numbers as text: those with fewer digits than the greatest.
        "pattern": f"^[1-9][0-9]{{0,{len(str(most)) - 2}}}$",
    }


def whole_number(data: Any) -> int | None:
    """Return an integer or a string of ASCII digits as a number, None for anything else."""
    if isinstance(data, int) and not isinstance(data, bool):
        return data
    if isinstance(data, str) and _DIGITS.fullmatch(data):
        return int(data)
    return None


class WordField(serializers.Field[str, Any, Any, Any]):
    """One of a few words; the message lists them."""

    def __init__(self, words: Iterable[str], **kwargs: Any) -> None:
        self.words = tuple(words)
        set_override(self, "field", {"type": "string", "enum": list(self.words)})
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the word."""
        if isinstance(data, str) and data in self.words:
            return data
        raise serializers.ValidationError(f"must be one of: {', '.join(self.words)}")

    def to_representation(self, value: str) -> str:
        """Return the word."""
        return value


@extend_schema_field({"type": "string", "enum": sorted(CURRENCIES)})
class CurrencyField(serializers.Field[str, Any, Any, Any]):
    """An ISO 4217 code in capitals."""

    def to_internal_value(self, data: Any) -> str:
        """Return the code."""
        if is_currency(data):
            return str(data)
        raise serializers.ValidationError("must be an ISO 4217 code in capitals, such as USD")

    def to_representation(self, value: str) -> str:
        """Return the code."""
        return value


@extend_schema_field(INSTANT_SENT)
class InstantField(serializers.Field[datetime, Any, Any, Any]):
    """An ISO 8601 date and time -> aware UTC; one without an offset is UTC (register 45)."""

    def to_internal_value(self, data: Any) -> datetime:
        """Return the instant."""
        value = instant_of(data)
        if value is None:
            raise serializers.ValidationError(
                "must be a date and time such as 2026-02-22T10:30:00Z"
            )
        return value

    def to_representation(self, value: datetime) -> datetime:
        """Return the instant."""
        return value


def instant_of(data: Any) -> datetime | None:
    """Return ISO 8601 text as an aware UTC instant, None if it is not one that can be stored."""
    if not isinstance(data, str) or not data.isascii():
        return None
    try:
        value = parse_datetime(_LOST_PLUS.sub("+", data))
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
