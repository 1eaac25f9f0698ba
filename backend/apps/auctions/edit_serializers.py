"""What a seller sends: a listing, changes, pictures. Shape alone; rules are domain/listing.py."""

from typing import Any, cast

from django.conf import settings
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.auctions import categories
from apps.auctions.serializers import (
    CONDITIONS,
    DESCRIPTION_LENGTH_MAX,
    INCREMENT_RULES,
    SOFT_CLOSE_MODES,
    TITLE_LENGTH_MAX,
)
from apps.auctions.terms import AuctionChanges, NewAuction, NewLot
from apps.core.fields import (
    AmountField,
    CurrencyField,
    InstantField,
    StrictIntegerField,
    TextField,
    WordField,
    whole_number,
)
from domain.auction import Closing, SoftClose

LOTS_MAX = 200  # items in one auction
LOT_NUMBER_MAX = 100_000
QUANTITY_MAX = 1_000_000
SOFT_CLOSE_SECONDS_MAX = 24 * 3600
SOFT_CLOSE_TOTAL_SECONDS_MAX = 30 * 24 * 3600
SOFT_CLOSE_EXTENSIONS_MAX = 10_000


@extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
class CategoryField(serializers.Field[int, Any, Any, Any]):
    """A category's id or slug -> its id."""

    def to_internal_value(self, data: Any) -> int:
        """Return the id."""
        wanted = whole_number(data)
        slug = data if isinstance(data, str) and wanted is None else None
        found = None
        if wanted is not None and 0 < wanted < 2**63:
            found = categories.category_id_of(wanted)
        elif slug is not None and slug.isascii() and slug.isprintable():
            found = categories.category_id_of(slug)
        if found is None:
            raise serializers.ValidationError(
                "unknown; send the id or slug of one in /api/categories/"
            )
        return found

    def to_representation(self, value: int) -> int:
        """Return the id."""
        return value


class SetSoftCloseSerializer(serializers.Serializer[Any]):
    """Anti-sniping: a bid within the window before the end moves the end."""

    window_seconds = StrictIntegerField(max_value=SOFT_CLOSE_SECONDS_MAX)
    extension_seconds = StrictIntegerField(max_value=SOFT_CLOSE_SECONDS_MAX)
    max_total_seconds = StrictIntegerField(
        max_value=SOFT_CLOSE_TOTAL_SECONDS_MAX,
        allow_null=True,
        required=False,
        help_text="All extensions together; null: no bound",
    )
    max_extensions = StrictIntegerField(
        max_value=SOFT_CLOSE_EXTENSIONS_MAX, allow_null=True, required=False
    )
    mode = WordField(
        SOFT_CLOSE_MODES,
        required=False,
        help_text="reset: the end is at least bid + extension; add: end + extension",
    )


class AddLotSerializer(serializers.Serializer[Any]):
    """An item inside a listing, sold together with it."""

    lot_number = StrictIntegerField(
        max_value=LOT_NUMBER_MAX, required=False, help_text="Default: its place in the list"
    )
    title = TextField(max_length=TITLE_LENGTH_MAX)
    description = TextField(max_length=DESCRIPTION_LENGTH_MAX, allow_blank=True, required=False)
    quantity = StrictIntegerField(max_value=QUANTITY_MAX, required=False)
    condition = WordField(CONDITIONS, required=False)
    estimate_low = AmountField(allow_null=True, required=False, source="estimate_low_minor")
    estimate_high = AmountField(allow_null=True, required=False, source="estimate_high_minor")


class LotListSerializer(serializers.ListSerializer[Any]):
    """Items of a listing."""


class CreateAuctionSerializer(serializers.Serializer[Any]):
    """A new listing. Needs `title` and `starting_price`."""

    title = TextField(max_length=TITLE_LENGTH_MAX)
    starting_price = AmountField(source="starting_minor")
    description = TextField(max_length=DESCRIPTION_LENGTH_MAX, allow_blank=True, required=False)
    category = CategoryField(allow_null=True, required=False, source="category_id")
    condition = WordField(CONDITIONS, required=False)
    closing = WordField([closing.value for closing in Closing], required=False)
    currency = CurrencyField(required=False, help_text="Default: the site's")
    minimum_increment = AmountField(
        allow_null=True, required=False, source="minimum_increment_minor"
    )
    increment_rule = WordField(
        INCREMENT_RULES,
        required=False,
        source="increment_strict",
        help_text="Default: strict where there is a minimum_increment, else inclusive",
    )
    reserve_price = AmountField(allow_null=True, required=False, source="reserve_minor")
    buy_now_price = AmountField(allow_null=True, required=False, source="buy_now_minor")
    start_time = InstantField(allow_null=True, required=False, source="start_at")
    end_time = InstantField(allow_null=True, required=False, source="end_at")
    duration_seconds = StrictIntegerField(
        min_value=settings.AUCTION_DURATION_SECONDS_MIN,
        max_value=settings.AUCTION_DURATION_SECONDS_MAX,
        allow_null=True,
        required=False,
        help_text="Instead of end_time; default 7 days",
    )
    soft_close = SetSoftCloseSerializer(
        allow_null=True, required=False, help_text="null: a hard end; default: the house's"
    )
    lots = LotListSerializer(child=AddLotSerializer(), required=False, max_length=LOTS_MAX)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse two ends at once."""
        if attrs.get("end_at") is not None and attrs.get("duration_seconds") is not None:
            raise serializers.ValidationError(
                {"end_time": "send end_time or duration_seconds, not both"}
            )
        return attrs

    def asked(self) -> NewAuction:
        """Return the validated body as the service wants it."""
        terms: dict[str, Any] = {**self.terms()}
        hard_close = "soft_close" in terms and terms["soft_close"] is None
        terms.setdefault("currency", settings.SITE_CURRENCY)
        return NewAuction(hard_close=hard_close, **terms)

    def terms(self) -> AuctionChanges:
        """Return the fields that were sent, as values of the domain."""
        terms: dict[str, Any] = dict(self.validated_data)
        if "closing" in terms:
            terms["closing"] = Closing(terms["closing"])
        if "increment_strict" in terms:
            terms["increment_strict"] = terms["increment_strict"] == "strict"
        if terms.get("soft_close") is not None:
            terms["soft_close"] = _soft_close(terms["soft_close"])
        if "lots" in terms:
            terms["lots"] = tuple(NewLot(**lot) for lot in terms["lots"])
        return cast(AuctionChanges, terms)


class EditAuctionSerializer(CreateAuctionSerializer):
    """Changes of a listing: only the fields sent. Context: `currency`, the listing's own."""

    # Not `partial`: the framework would then require nothing of the lots within either.
    title = TextField(max_length=TITLE_LENGTH_MAX, required=False)
    starting_price = AmountField(source="starting_minor", required=False)


class UploadImagesSerializer(serializers.Serializer[Any]):
    """Pictures to add; the field may be repeated."""

    images = serializers.ListField(child=serializers.FileField(), min_length=1)


class ImageOrderSerializer(serializers.Serializer[Any]):
    """The pictures of a listing, the first as its cover."""

    image_ids = serializers.ListField(child=StrictIntegerField(), max_length=100)


class SaveSearchSerializer(serializers.Serializer[Any]):
    """A search under the name its user gives it."""

    name = TextField(max_length=80)
    query = TextField(max_length=1000, allow_blank=True, help_text="Of GET /api/auctions/")


def _soft_close(body: dict[str, Any]) -> SoftClose:
    return SoftClose(
        window_seconds=body["window_seconds"],
        extension_seconds=body["extension_seconds"],
        mode=body.get("mode", "reset"),
        total_seconds_max=body.get("max_total_seconds"),
        extensions_max=body.get("max_extensions"),
    )
