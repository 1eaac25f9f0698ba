"""The guide's bodies, read and written, without a framework: the fast lane uses them as well.

Reading keeps the guide's order of sentences; what an auction allows is the engine's to say.
Amounts outside are major units, inside minor units; instants inside are aware UTC, outside
naive UTC. Source: BidBazaar guide "Create Product", "Place Bid"; docs/bidding-rules.md B3.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from rest_framework.exceptions import ValidationError

from apps.auctions.services import NewAuction
from apps.bidbazaar import errors
from apps.bidbazaar.errors import GuideError
from apps.bidding.services import Accepted
from apps.bidding.validators import read_request_key
from apps.core.api_errors import validation_body
from domain.auction import Closing
from domain.commands import PlaceBid
from domain.money import InvalidAmount, parse_amount, to_number
from domain.reasons import Refusal

CONDITIONS = ("new", "used")
TITLE_LENGTH_MAX = 200
DESCRIPTION_LENGTH_MAX = 20_000
Reply = tuple[int, Mapping[str, Any]]  # status and body
PRODUCT_FIELDS_REQUIRED = ("title", "starting_price", "start_date", "end_date")

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?",
    re.ASCII,
)
_DIGITS = re.compile(r"[0-9]{1,20}", re.ASCII)
_INTEGER = re.compile(r"-?[0-9]{1,20}", re.ASCII)

#: The calendar's first and last day are refused: instants computed from them would not exist.
_FIRST = datetime.min.replace(tzinfo=UTC) + timedelta(days=1)
_LAST = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)


def place_bid_command(body: Mapping[str, Any], currency: str, asker: Mapping[str, Any]) -> PlaceBid:
    """Return the bid asked for; raises GuideError in the order of B3, rows 1 to 5.

    `asker` holds what every command carries, its `request_key` as the header had it.
    """
    amount_minor = _bid_amount(body.get("bid_amount"), currency)
    valid_from, valid_until = _window(body)
    return PlaceBid(
        **{**asker, "request_key": _request_key(asker["request_key"])},
        amount_minor=amount_minor,
        valid_from=valid_from,
        valid_until=valid_until,
    )


def parse_product(body: Mapping[str, Any], currency: str) -> NewAuction:
    """Return the new product asked for; raises GuideError.

    What is missing is told first and all at once, then dates with place-bid's sentences, then
    the rest field by field (register 53).
    """
    missing = [name for name in PRODUCT_FIELDS_REQUIRED if _is_missing(body.get(name))]
    if missing:
        raise GuideError(400, errors.FIELDS_MISSING, fields=missing)
    start_at, end_at = _window(body)
    return NewAuction(
        title=_text(body, "title", TITLE_LENGTH_MAX),
        description=_text(body, "description", DESCRIPTION_LENGTH_MAX),
        currency=currency,
        starting_minor=_starting_price(body["starting_price"], currency),
        condition=_condition(body.get("category_new_used")),
        closing=Closing.SELLER_CHOICE,
        start_at=start_at,
        end_at=end_at,
        listed=True,
    )


def parse_bound(value: str | None, name: str) -> int | None:
    """Return a bound of the price range in whole major units, None for one not given."""
    if value is None or value == "":
        return None
    if not _INTEGER.fullmatch(value):
        raise GuideError(400, f"{name} must be an integer", fields=[name])
    return int(value)


def parse_category(value: str | None) -> str:
    """Return the category asked for, in lower case."""
    if not value:
        raise GuideError(400, "Category is required", fields=["category"])
    return value.lower()


def naive_utc(instant: datetime) -> str:
    """Return an instant as the guide writes it: naive UTC, microseconds only when non-zero."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat()


def placed_bid_body(accepted: Accepted) -> dict[str, Any]:
    """Return place-bid's answer.

    A bid without a window, on a timed auction, stands from its time to the auction's end.
    """
    bid = accepted.bid
    if bid is None:
        raise AssertionError("an accepted PlaceBid leaves a bid")
    return {
        "id": bid.id,
        "product_id": bid.auction_id,
        "user_id": bid.bidder_id,
        "bid_amount": to_number(bid.amount_minor, accepted.currency),
        "bid_time": naive_utc(bid.placed_at),
        "start_date": naive_utc(bid.valid_from or bid.placed_at),
        "end_date": naive_utc(bid.valid_until or accepted.state.end_at),
    }


def _request_key(value: str | None) -> str | None:
    try:
        return read_request_key(value)
    except ValidationError as error:
        raise GuideError(400, **validation_body(error.detail)) from error


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _bid_amount(value: object, currency: str) -> int:
    """Rows 1 and 2: whole major units; digit strings and 55000.0 are whole, 0 is invalid."""
    if value is None or value == "":
        raise GuideError(400, errors.BID_AMOUNT_REQUIRED)
    invalid = GuideError(400, errors.BID_AMOUNT_INVALID)
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        raise invalid
    if isinstance(value, Decimal) and value != value.to_integral_value():
        raise invalid
    try:
        return parse_amount(value, currency)
    except InvalidAmount as error:
        raise invalid from error


def _window(body: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """Rows 3 to 5: both dates, both real, the end after the start."""
    start, end = body.get("start_date"), body.get("end_date")
    if start in (None, "") or end in (None, ""):
        raise GuideError(400, errors.DATES_REQUIRED)
    start_at, end_at = _instant(start), _instant(end)
    if end_at <= start_at:
        raise GuideError(400, errors.DATE_ORDER)
    return start_at, end_at


def _instant(value: object) -> datetime:
    """Row 4: a date with its time, UTC unless it says otherwise."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            read = datetime.fromisoformat(value)
            instant = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            pass  # the thirtieth of February, the year 0, an offset across the calendar's end
        else:
            if _FIRST <= instant <= _LAST:
                return instant
    raise GuideError(400, errors.DATE_FORMAT)


def _text(body: Mapping[str, Any], name: str, length_max: int) -> str:
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise GuideError(400, f"Invalid {name}: must be a text", fields=[name])
    value = value.strip()
    if len(value) > length_max:
        raise GuideError(400, f"Invalid {name}: at most {length_max} characters", fields=[name])
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise GuideError(400, f"Invalid {name}: holds characters no text has", fields=[name])
    return value


def _starting_price(value: object, currency: str) -> int:
    try:
        return parse_amount(value, currency)
    except InvalidAmount as error:
        raise GuideError(
            400, "Invalid starting price", details=str(error), fields=["starting_price"]
        ) from error


def _condition(value: object) -> str:
    if value is None or value == "":
        return CONDITIONS[0]
    if isinstance(value, str) and value.lower() in CONDITIONS:
        return value.lower()
    raise GuideError(
        400, 'Invalid category_new_used. Use "new" or "used"', fields=["category_new_used"]
    )


class GuideDoor:
    """place-bid for the fast lane: what apps/bidding/lane.py asks of a vocabulary."""

    def auction_id(self, body: Mapping[str, Any], path_id: int | None) -> int | Reply:
        """Return the product the path names."""
        if path_id is None:
            raise AssertionError("place-bid names its product in the path")
        return path_id

    def command(
        self, body: Mapping[str, Any], currency: str, asker: Mapping[str, Any]
    ) -> PlaceBid | Reply:
        """Return the bid asked for, or what is wrong with its shape."""
        try:
            return place_bid_command(body, currency, asker)
        except GuideError as error:
            return error.status_code, error.body

    def accepted(self, accepted: Accepted) -> Reply:
        """Return the bid."""
        return 201, placed_bid_body(accepted)

    def refused(self, refusal: Refusal, currency: str) -> Reply:
        """Return the guide's sentence."""
        return errors.refusal_body(refusal, currency)

    def unreadable(self, sentence: str) -> Reply:
        """Return a 400."""
        return 400, {"error": sentence}
