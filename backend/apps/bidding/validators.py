"""The shape of what a bidder sends. No rule of bidding is here: those are the engine's.

Raises DRF's ValidationError, whose body apps/core/api_errors.py words for every door alike.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ValidationError

from apps.core.routing import ID_MAX
from domain.money import InvalidAmount, parse_amount

REQUIRED = "This field is required"
REQUEST_KEY_LENGTH_MAX = 128


def read_auction_id(body: Mapping[str, Any]) -> int:
    """Return `auction_id`: an integer or its decimal digits, 1 to 2^63-1."""
    value = body.get("auction_id")
    if value is None or value == "":
        raise ValidationError({"auction_id": [REQUIRED]})
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= ID_MAX:
        raise ValidationError({"auction_id": ["must be the id of an auction, such as 17"]})
    return value


def read_amount(body: Mapping[str, Any], field: str, currency: str) -> int:
    """Return an amount of the body in minor units of the currency."""
    value = body.get(field)
    if value is None or value == "":
        raise ValidationError({field: [REQUIRED]})
    try:
        return parse_amount(value, currency)
    except InvalidAmount as error:
        raise ValidationError({field: [str(error)]}) from error


def read_request_key(value: str | None) -> str | None:
    """Return the Idempotency-Key header; quotes of the IETF draft's form are kept as sent."""
    if value is None or value == "":
        return None
    if len(value) > REQUEST_KEY_LENGTH_MAX or not value.isprintable():
        raise ValidationError(
            {"Idempotency-Key": [f"must be at most {REQUEST_KEY_LENGTH_MAX} printable characters"]}
        )
    return value
