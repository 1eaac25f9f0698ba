"""Products and bids in the guide's field names and order.

What goes out is built by the plain functions at the top; what comes in is read by
apps/bidbazaar/phrases.py, which keeps the guide's order of sentences. The serializers declare
both for the schema.
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
from apps.core.fields import AmountField, IdField, ShownAmountField
from apps.users import rules
from domain.auction import Status
from domain.money import to_number

_LISTED = (Status.SCHEDULED, Status.ACTIVE)


# --- what goes out ----------------------------------------------------------------------------


def product_body(auction: Any) -> dict[str, Any]:
    """Return the guide's product object of a row of `offer_selectors.with_highest_bid`.

    `highest_bid_id` names the highest bid in force, `highest_bid_amount` its amount; without one
    in force the id is null and the amount the highest there ever was; once sold both describe
    the sold bid (B6).
    """
    currency, highest_minor = auction.currency, auction.highest_bid_minor
    return {
        "id": auction.pk,
        "user_id": auction.seller_id,
        "title": auction.title,
        "description": auction.description,
        "starting_price": to_number(auction.starting_minor, currency),
        "start_date": naive_utc(auction.start_at),
        "end_date": naive_utc(auction.end_at),
        "sold": auction.sold,
        "is_listed": auction.status in _LISTED,
        "highest_bid_id": auction.highest_bid_id,
        "created_at": naive_utc(auction.created_at),
        "category_new_used": auction.condition,
        "images": [image_body(image) for image in auction.images.all()],
        "highest_bid_amount": None if highest_minor is None else to_number(highest_minor, currency),
    }


def image_body(image: Any) -> dict[str, Any]:
    """Return a picture; `image` is its stored path below the media folder (register 54)."""
    return {"id": image.id, "image": image.image}


def bid_body(bid: Any) -> dict[str, Any]:
    """Return a row of `offer_selectors.bids_by_rank` as everybody sees it (B9)."""
    return {
        "id": bid.pk,
        "user_id": bid.bidder_id,
        **_offer_body(bid),
        "username": bid.bidder.username,
    }


def own_bid_body(bid: Any) -> dict[str, Any]:
    """Return a row of `offer_selectors.bids_by_rank` as `my-bids` shows it (B9)."""
    return {"bid_id": bid.pk, **_offer_body(bid)}


def _offer_body(bid: Any) -> dict[str, Any]:
    return {
        "bid_amount": to_number(bid.amount_minor, bid.currency),
        "bid_time": naive_utc(bid.placed_at),
        "start_date": naive_utc(bid.from_at),
        "end_date": naive_utc(bid.until_at),
    }


def user_body(user: Any) -> dict[str, Any]:
    """Return the guide's user object."""
    names = ("id", "username", "email", "first_name", "last_name", "is_staff")
    return {name: getattr(user, name) for name in names}


# --- its schema -------------------------------------------------------------------------------

_NAIVE_UTC = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?$",
    "examples": ["2025-02-15T12:00:00"],
    "description": "Naive UTC; microseconds only when they are not zero",
}
_SENT_INSTANT = {
    "type": "string",
    "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?$",
    "examples": ["2025-02-15T12:00:00"],
    "description": "YYYY-MM-DDTHH:MM:SS, UTC; a fraction, Z or an offset may follow",
}
_SENT_WHOLE_AMOUNT = {
    "type": ["integer", "string"],
    "minimum": 1,
    "maximum": 9_999_999_999,
    "pattern": "^[0-9]{1,10}$",
    "examples": [55000],
    "description": "Whole major units; a number, or its digits as text",
}
_SENT_WORD = {"type": "string", "pattern": "^([Nn][Ee][Ww]|[Uu][Ss][Ee][Dd])?$"}


@extend_schema_field(_NAIVE_UTC)
class NaiveUtcField(serializers.CharField):
    """An instant as the guide writes it."""


class ProductImageSerializer(serializers.Serializer[Any]):
    """A picture: `image` is the stored path below the media folder."""

    id = IdField()
    image = serializers.CharField()


class ProductSerializer(serializers.Serializer[Any]):
    """A product. Its highest bid is the one in force, once sold the one that was taken."""

    id = IdField()
    user_id = IdField()
    title = serializers.CharField()
    description = serializers.CharField()
    starting_price = ShownAmountField()
    start_date = NaiveUtcField()
    end_date = NaiveUtcField()
    sold = serializers.BooleanField()
    is_listed = serializers.BooleanField(help_text="It can be bid on, now or once it starts")
    highest_bid_id = IdField(allow_null=True)
    created_at = NaiveUtcField()
    category_new_used = serializers.ChoiceField(CONDITIONS)
    images = ProductImageSerializer(many=True)
    highest_bid_amount = ShownAmountField(allow_null=True)


class OwnProductBidSerializer(serializers.Serializer[Any]):
    """One's own bid."""

    bid_id = IdField()
    bid_amount = ShownAmountField()
    bid_time = NaiveUtcField()
    start_date = NaiveUtcField()
    end_date = NaiveUtcField()


class ProductBidSerializer(serializers.Serializer[Any]):
    """A bid with its bidder."""

    id = IdField()
    user_id = IdField()
    bid_amount = ShownAmountField()
    bid_time = NaiveUtcField()
    start_date = NaiveUtcField()
    end_date = NaiveUtcField()
    username = serializers.CharField()


class PlacedProductBidSerializer(serializers.Serializer[Any]):
    """A bid just placed; written by `phrases.placed_bid_body`."""

    id = IdField()
    product_id = IdField()
    user_id = IdField()
    bid_amount = ShownAmountField()
    bid_time = NaiveUtcField()
    start_date = NaiveUtcField()
    end_date = NaiveUtcField()


class AccountSerializer(serializers.Serializer[Any]):
    """The guide's user object."""

    id = IdField()
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

    username = serializers.RegexField("^[A-Za-z0-9_.-]+$", max_length=rules.USERNAME_LENGTH_MAX)
    email = serializers.EmailField(max_length=rules.EMAIL_LENGTH_MAX)
    password = serializers.CharField(
        trim_whitespace=False,
        min_length=rules.PASSWORD_LENGTH_MIN,
        max_length=rules.PASSWORD_LENGTH_MAX,
    )


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


@extend_schema_field(_SENT_WHOLE_AMOUNT)
class SentWholeAmountField(serializers.IntegerField):
    """An amount as the guide's bids have it."""


@extend_schema_field(_SENT_WORD)
class SentConditionField(serializers.CharField):
    """new or used, in any case."""


class CreateProductSerializer(serializers.Serializer[Any]):
    """A new product."""

    title = serializers.CharField(max_length=TITLE_LENGTH_MAX)
    description = serializers.CharField(
        max_length=DESCRIPTION_LENGTH_MAX, allow_blank=True, allow_null=True, required=False
    )
    starting_price = AmountField()
    start_date = SentInstantField()
    end_date = SentInstantField(help_text="After start_date")
    category_new_used = SentConditionField(
        allow_blank=True, allow_null=True, required=False, help_text="new or used; default new"
    )


class PlaceProductBidSerializer(serializers.Serializer[Any]):
    """A bid and the time for which it stands; the window is the bid's, not the product's."""

    bid_amount = SentWholeAmountField()
    start_date = SentInstantField()
    end_date = SentInstantField(help_text="After start_date")


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
