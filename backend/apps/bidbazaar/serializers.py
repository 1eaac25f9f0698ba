"""Products and bids in the guide's field names and order.

`<Thing>Serializer` goes out. What comes in is read by apps/bidbazaar/phrases.py, which keeps
the guide's order of sentences; its shapes stand here for the schema alone.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.bidbazaar.phrases import (
    CONDITIONS,
    DESCRIPTION_LENGTH_MAX,
    TITLE_LENGTH_MAX,
    naive_utc,
)
from domain.auction import Status
from domain.money import to_number

_NAIVE_UTC = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?$",
    "example": "2025-02-15T12:00:00",
    "description": "Naive UTC; microseconds only when they are not zero",
}
_AMOUNT = {
    "type": "number",
    "example": 55000,
    "description": "Major units; integral amounts without a point",
}
_SENT_INSTANT = {
    "type": "string",
    "example": "2025-02-15T12:00:00",
    "description": "YYYY-MM-DDTHH:MM:SS, UTC; a fraction, Z or an offset may follow",
}


@extend_schema_field(_NAIVE_UTC)
class NaiveUtcField(serializers.Field[Any, Any, str, Any]):
    """An instant as the guide writes it."""

    def to_representation(self, value: Any) -> str:
        """Return `2025-02-15T12:00:00`."""
        return naive_utc(value)


@extend_schema_field(_AMOUNT)
class AmountField(serializers.Field[Any, Any, Any, Any]):
    """A `*_minor` column of a row that has a `currency`, in major units."""

    def __init__(self, column: str, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, **kwargs)
        self.column = column

    def to_representation(self, value: Any) -> int | float | None:
        """Return a JSON number, None without an amount."""
        amount_minor = getattr(value, self.column)
        return None if amount_minor is None else to_number(amount_minor, value.currency)


@extend_schema_field(_AMOUNT | {"type": ["number", "null"]})
class MaybeAmountField(AmountField):
    """An amount that may be absent."""


class ProductImageSerializer(serializers.Serializer[Any]):
    """A picture: `image` is the stored path below the media folder."""

    id = serializers.IntegerField()
    image = serializers.CharField()


class ProductSerializer(serializers.Serializer[Any]):
    """The guide's product object.

    `highest_bid_id` names the highest bid in force, `highest_bid_amount` its amount; without one
    in force the id is null and the amount the highest there ever was; once sold both describe
    the sold bid (B6).
    """

    id = serializers.IntegerField()
    user_id = serializers.IntegerField(source="seller_id")
    title = serializers.CharField()
    description = serializers.CharField()
    starting_price = AmountField("starting_minor")
    start_date = NaiveUtcField(source="start_at")
    end_date = NaiveUtcField(source="end_at")
    sold = serializers.BooleanField()
    is_listed = serializers.SerializerMethodField()
    highest_bid_id = serializers.IntegerField(allow_null=True)
    created_at = NaiveUtcField()
    category_new_used = serializers.ChoiceField(CONDITIONS, source="condition")
    images = ProductImageSerializer(many=True)
    highest_bid_amount = MaybeAmountField("highest_bid_minor")

    def get_is_listed(self, product: Any) -> bool:
        """Return whether it can be bid on, now or once it starts."""
        return product.status in (Status.SCHEDULED, Status.ACTIVE)


class OwnProductBidSerializer(serializers.Serializer[Any]):
    """A bid as `my-bids` shows it to who made it."""

    bid_id = serializers.IntegerField(source="id")
    bid_amount = AmountField("amount_minor")
    bid_time = NaiveUtcField(source="placed_at")
    start_date = NaiveUtcField(source="from_at")
    end_date = NaiveUtcField(source="until_at")


class ProductBidSerializer(serializers.Serializer[Any]):
    """A bid as `bids` and `highest-bid` show it to everybody."""

    id = serializers.IntegerField()
    user_id = serializers.IntegerField(source="bidder_id")
    bid_amount = AmountField("amount_minor")
    bid_time = NaiveUtcField(source="placed_at")
    start_date = NaiveUtcField(source="from_at")
    end_date = NaiveUtcField(source="until_at")
    username = serializers.CharField(source="bidder.username")


class PlacedProductBidSerializer(serializers.Serializer[Any]):
    """A bid as place-bid answers it; written by `phrases.placed_bid_body`."""

    id = serializers.IntegerField()
    product_id = serializers.IntegerField()
    user_id = serializers.IntegerField()
    bid_amount = AmountField("amount_minor")
    bid_time = NaiveUtcField()
    start_date = NaiveUtcField()
    end_date = NaiveUtcField()


class AccountSerializer(serializers.Serializer[Any]):
    """The guide's user object."""

    id = serializers.IntegerField()
    username = serializers.CharField()
    email = serializers.EmailField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    is_staff = serializers.BooleanField()


class SignedInSerializer(serializers.Serializer[Any]):
    """What register and login answer."""

    message = serializers.CharField()
    access_token = serializers.CharField()
    refresh_token = serializers.CharField()
    user = AccountSerializer()


class AccessTokenSerializer(serializers.Serializer[Any]):
    """What refresh answers: the refresh token sent stays the client's (register 34)."""

    access = serializers.CharField()


class RegisterAccountSerializer(serializers.Serializer[Any]):
    """Create an account."""

    username = serializers.CharField()
    email = serializers.EmailField()
    password = serializers.CharField()


class LogInAccountSerializer(serializers.Serializer[Any]):
    """Log in."""

    username = serializers.CharField()
    password = serializers.CharField()


class RefreshAccessSerializer(serializers.Serializer[Any]):
    """Get a new access token."""

    refresh = serializers.CharField()


@extend_schema_field(_SENT_INSTANT)
class SentInstantField(serializers.CharField):
    """An instant as a client of the guide sends it."""


class CreateProductSerializer(serializers.Serializer[Any]):
    """A new product."""

    title = serializers.CharField(max_length=TITLE_LENGTH_MAX)
    description = serializers.CharField(max_length=DESCRIPTION_LENGTH_MAX, required=False)
    starting_price = serializers.FloatField(help_text="Major units, more than 0")
    start_date = SentInstantField()
    end_date = SentInstantField()
    category_new_used = serializers.ChoiceField(CONDITIONS, default=CONDITIONS[0])


class PlaceProductBidSerializer(serializers.Serializer[Any]):
    """A bid and the time for which it stands; the window is the bid's, not the product's."""

    bid_amount = serializers.IntegerField(min_value=1, help_text="Whole major units")
    start_date = SentInstantField()
    end_date = SentInstantField()


class UploadProductImagesSerializer(serializers.Serializer[Any]):
    """The pictures of a product."""

    images = serializers.ListField(child=serializers.ImageField())


class SentenceSerializer(serializers.Serializer[Any]):
    """A sentence that is not an error."""

    message = serializers.CharField()


class ProductErrorSerializer(serializers.Serializer[Any]):
    """The guide's error format; `fields` names what the body lacks or has wrong."""

    error = serializers.CharField()
    details = serializers.CharField(required=False)
    fields = serializers.ListField(child=serializers.CharField(), required=False)  # type: ignore[assignment]
