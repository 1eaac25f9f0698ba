"""Listings in the roadmap's words, as they go out; what comes in is in edit_serializers.py.

The serializers declare the schema; what goes out is built by the plain functions above them,
because a page of a list is the most asked-for thing of the site. Amounts go out in major units.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rest_framework import serializers

from apps.auctions.categories import CategoryNode
from apps.auctions.fees import Fees, Shelf, terms_in
from apps.auctions.models import Auction, Lot
from apps.auctions.selectors import Picture, Surroundings, VisibleBid
from apps.auctions.states import soft_close_of, state_of
from apps.core.fields import (
    CountField,
    CurrencyField,
    IdField,
    ShownAmountField,
    ThumbnailsSerializer,
)
from apps.core.uploads import address_of, thumbnail_addresses
from apps.core.wire import instant
from domain.auction import Closing, Status
from domain.engine import buy_now_available, min_next
from domain.fees import charges_of
from domain.money import to_number

CONDITIONS = ("new", "used")
INCREMENT_RULES = ("strict", "inclusive")
SOFT_CLOSE_MODES = ("reset", "add")
TITLE_LENGTH_MAX = 200  # characters, as the columns
DESCRIPTION_LENGTH_MAX = 20_000


# -- what goes out ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """What presenting listings needs besides their rows: surroundings, who looks, and when."""

    around: Surroundings
    viewer_id: int | None
    now: datetime


def list_body(auction: Auction, page: Page) -> dict[str, Any]:
    """Return a listing as lists show it: cover picture, no lots, no bids.

    The amount of the reserve is for its seller alone; a maximum is for nobody.
    """
    around, currency = page.around, auction.currency
    names, shelf = around.names, around.categories[auction.category_id]
    state = state_of(auction)
    next_minor, fees = min_next(state), shelf.fees
    sold_minor = auction.final_minor if auction.sold else None
    body = {
        "id": auction.pk,
        "title": auction.title,
        "description": auction.description,
        "category": _category_name_body(shelf),
        "condition": auction.condition,
        "closing": auction.closing,
        "currency": currency,
        "starting_price": to_number(auction.starting_minor, currency),
        "minimum_increment": _amount(auction.minimum_increment_minor, currency),
        "increment_rule": "strict" if auction.increment_strict else "inclusive",
        "buy_now_price": _amount(auction.buy_now_minor, currency),
        "start_time": instant(auction.start_at),
        "end_time": instant(auction.end_at),
        "duration_seconds": auction.duration_seconds,
        "soft_close": _soft_close_body(auction),
        "seller": {"id": auction.seller_id, "username": names[auction.seller_id]},
        "status": auction.status,
        "current_bid": _amount(auction.price_minor, currency),
        "min_next_bid": _amount(next_minor, currency),
        "total_bids": auction.total_bids,
        "highest_bidder": None if auction.leader_id is None else names[auction.leader_id],
        "winner": None if auction.winner_id is None else names[auction.winner_id],
        "sold": auction.sold,
        "final_bid": _amount(auction.final_minor, currency),
        "buyers_premium": _premium_body(fees),
        "tax": _tax_body(fees),
        "all_in_price": _all_in(sold_minor or next_minor, fees, currency),
        "reserve_met": None if auction.reserve_minor is None else auction.reserve_met,
        "buy_now_available": buy_now_available(state),
        "images": [image_body(picture) for picture in around.pictures.get(auction.pk, ())],
        "watchers": around.watchers.get(auction.pk, 0),
        "server_time": instant(page.now),
        "seq": auction.seq,
        "created_at": instant(auction.created_at),
    }
    if page.viewer_id == auction.seller_id:
        body["reserve_price"] = _amount(auction.reserve_minor, currency)
    return body


def detail_body(auction: Auction, page: Page) -> dict[str, Any]:
    """Return a listing in full: every picture, its lots, the last bids."""
    names, lots = page.around.names, page.around.lots.get(auction.pk, ())
    return {
        **list_body(auction, page),
        "lots": [_lot_body(lot, auction.currency) for lot in lots],
        "bids": [_bid_body(bid, auction, names[bid.bidder_id]) for bid in page.around.bids],
    }


def image_body(picture: Picture) -> dict[str, Any]:
    """Return a picture with addresses a browser can ask for."""
    return {
        "id": picture.id,
        "image": address_of(picture.image),
        "thumbnail": address_of(picture.thumbnail),
        "thumbnails": thumbnail_addresses(picture.image),
    }


def category_body(node: CategoryNode) -> dict[str, Any]:
    """Return a category of the tree."""
    return {
        "id": node.id,
        "name": node.name,
        "slug": node.slug,
        "parent": node.parent_id,
        "depth": node.depth,
        "auction_count": node.active_count,
    }


def _amount(amount_minor: int | None, currency: str) -> int | float | None:
    return None if amount_minor is None else to_number(amount_minor, currency)


def _category_name_body(shelf: Shelf) -> dict[str, Any] | None:
    return None if shelf.id is None else {"id": shelf.id, "name": shelf.name, "slug": shelf.slug}


def _premium_body(fees: Fees) -> list[dict[str, Any]]:
    return [{"from": edge, "rate_percent": _percent(rate)} for edge, rate in fees.premium_tiers]


def _tax_body(fees: Fees) -> dict[str, Any] | None:
    if not fees.tax_bps:
        return None
    return {"name": fees.tax_name, "rate_percent": _percent(fees.tax_bps)}


def _percent(rate_bps: int) -> int | float:
    whole, rest = divmod(rate_bps, 100)
    return rate_bps / 100 if rest else whole


def _all_in(hammer_minor: int | None, fees: Fees, currency: str) -> int | float | None:
    """Return what a buyer pays at that price: premium and tax are his, the commission is not."""
    if hammer_minor is None:
        return None
    return to_number(charges_of(hammer_minor, terms_in(fees, currency)).total_minor, currency)


def _soft_close_body(auction: Auction) -> dict[str, Any] | None:
    soft_close = soft_close_of(auction)
    if soft_close is None:
        return None
    return {
        "window_seconds": soft_close.window_seconds,
        "extension_seconds": soft_close.extension_seconds,
        "max_total_seconds": soft_close.total_seconds_max,
        "max_extensions": soft_close.extensions_max,
        "mode": soft_close.mode,
    }


def _lot_body(lot: Lot, currency: str) -> dict[str, Any]:
    return {
        "id": lot.pk,
        "lot_number": lot.lot_number,
        "title": lot.title,
        "description": lot.description,
        "quantity": lot.quantity,
        "condition": lot.condition,
        "estimate_low": _amount(lot.estimate_low_minor, currency),
        "estimate_high": _amount(lot.estimate_high_minor, currency),
    }


def _bid_body(bid: VisibleBid, auction: Auction, bidder: str) -> dict[str, Any]:
    body = {
        "id": bid.id,
        "auction_id": auction.pk,
        "bidder": bidder,
        "amount": to_number(bid.amount_minor, auction.currency),
        "auto": bid.auto,
        "timestamp": instant(bid.placed_at),
        "seq": bid.seq,
        "status": _bid_status(bid, auction),
    }
    if bid.valid_until is not None:
        body["valid_from"] = instant(bid.valid_from)
        body["valid_until"] = instant(bid.valid_until)
    return body


def _bid_status(bid: VisibleBid, auction: Auction) -> str:
    """The leader's row at the price is the one that leads, or won (rule book P2)."""
    if auction.status in (Status.CANCELLED, Status.REMOVED):
        return "void"
    tops = (bid.bidder_id, bid.amount_minor) == (auction.leader_id, auction.price_minor)
    if auction.status == Status.ENDED:
        return "won" if auction.sold and tops else "lost"
    return "leading" if tops else "outbid"


# -- their schema -------------------------------------------------------------------------------


class CategoryNameSerializer(serializers.Serializer[Any]):
    """A listing's category."""

    id = IdField()
    name = serializers.CharField()
    slug = serializers.CharField()


class CategorySerializer(CategoryNameSerializer):
    """A category, in the order of the tree: parents first, siblings by name."""

    parent = IdField(allow_null=True)  # type: ignore[assignment]
    depth = CountField(help_text="0 at the top")
    auction_count = CountField(help_text="Active, descendants included")

    def to_representation(self, instance: CategoryNode) -> dict[str, Any]:
        """Return the fields above."""
        return category_body(instance)


class AuctionImageSerializer(serializers.Serializer[Any]):
    """A picture and its thumbnails, as addresses a browser can ask for."""

    id = IdField()
    image = serializers.CharField()
    thumbnail = serializers.CharField(help_text="The medium one")
    thumbnails = ThumbnailsSerializer()

    def to_representation(self, instance: Picture) -> dict[str, Any]:
        """Return the fields above."""
        return image_body(instance)


class SellerSerializer(serializers.Serializer[Any]):
    """Who sells."""

    id = IdField()
    username = serializers.CharField()


class SoftCloseSerializer(serializers.Serializer[Any]):
    """Anti-sniping: a bid within the window before the end moves the end."""

    window_seconds = CountField()
    extension_seconds = CountField()
    max_total_seconds = CountField(
        allow_null=True, help_text="All extensions together; null: no bound"
    )
    max_extensions = CountField(allow_null=True, help_text="null: no bound")
    mode = serializers.ChoiceField(
        SOFT_CLOSE_MODES, help_text="reset: the end is at least bid + extension; add: end + it"
    )


class PremiumTierSerializer(serializers.Serializer[Any]):
    """From `from` of the hammer price on, the part above it bears this rate."""

    rate_percent = serializers.FloatField(min_value=0, max_value=100)

    def get_fields(self) -> dict[str, Any]:
        """Return the field above and `from`, which is no name in Python."""
        return {"from": CountField(help_text="Major units"), **super().get_fields()}


class TaxSerializer(serializers.Serializer[Any]):
    """A tax on hammer price and premium together."""

    name = serializers.CharField()
    rate_percent = serializers.FloatField(min_value=0, max_value=100)


class LotSerializer(serializers.Serializer[Any]):
    """An item inside a listing, sold together with it."""

    id = IdField()
    lot_number = CountField()
    title = serializers.CharField()
    description = serializers.CharField()
    quantity = CountField()
    condition = serializers.ChoiceField(CONDITIONS)
    estimate_low = ShownAmountField(allow_null=True)
    estimate_high = ShownAmountField(allow_null=True)


class AuctionBidSerializer(serializers.Serializer[Any]):
    """A row of the bid list."""

    id = IdField()
    auction_id = IdField()
    bidder = serializers.CharField(help_text="User name")
    amount = ShownAmountField()
    auto = serializers.BooleanField(help_text="Made by an automatic bid")
    timestamp = serializers.DateTimeField()
    seq = CountField()
    status = serializers.ChoiceField(["leading", "outbid", "won", "lost", "void"])
    valid_from = serializers.DateTimeField(required=False)
    valid_until = serializers.DateTimeField(required=False)


class AuctionSerializer(serializers.Serializer[Any]):
    """A listing in a list. Context: `page`. Amounts are JSON numbers in major units."""

    id = IdField()
    title = serializers.CharField()
    description = serializers.CharField()
    category = CategoryNameSerializer(allow_null=True)
    condition = serializers.ChoiceField(CONDITIONS)
    closing = serializers.ChoiceField([closing.value for closing in Closing])
    currency = CurrencyField(help_text="ISO 4217")
    starting_price = ShownAmountField()
    minimum_increment = ShownAmountField(allow_null=True, help_text="null: by table")
    increment_rule = serializers.ChoiceField(INCREMENT_RULES)
    reserve_price = ShownAmountField(
        allow_null=True, required=False, help_text="Only in its seller's own view"
    )
    buy_now_price = ShownAmountField(allow_null=True)
    start_time = serializers.DateTimeField(allow_null=True)
    end_time = serializers.DateTimeField(allow_null=True, help_text="Moves with late bids")
    duration_seconds = CountField(allow_null=True)
    soft_close = SoftCloseSerializer(allow_null=True)
    seller = SellerSerializer()
    status = serializers.ChoiceField([status.value for status in Status])
    current_bid = ShownAmountField(allow_null=True)
    min_next_bid = ShownAmountField(allow_null=True)
    total_bids = CountField()
    highest_bidder = serializers.CharField(allow_null=True)
    winner = serializers.CharField(allow_null=True)
    sold = serializers.BooleanField()
    final_bid = ShownAmountField(allow_null=True)
    buyers_premium = PremiumTierSerializer(
        many=True, help_text="On top of the hammer price; none: empty"
    )
    tax = TaxSerializer(allow_null=True)
    all_in_price = ShownAmountField(
        allow_null=True,
        help_text="What a buyer pays in all, premium and tax included, at `min_next_bid`; "
        "once sold, at `final_bid`",
    )
    reserve_met = serializers.BooleanField(allow_null=True, help_text="null without a reserve")
    buy_now_available = serializers.BooleanField()
    images = AuctionImageSerializer(many=True)
    watchers = CountField()
    server_time = serializers.DateTimeField()
    seq = CountField(help_text="Of the last message of the live room")
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Auction) -> dict[str, Any]:
        """Return the fields above."""
        return list_body(instance, self.context["page"])


class AuctionDetailSerializer(AuctionSerializer):
    """A listing in full."""

    lots = LotSerializer(many=True)
    bids = AuctionBidSerializer(many=True, help_text="The last 20, newest first")

    def to_representation(self, instance: Auction) -> dict[str, Any]:
        """Return the fields above."""
        return detail_body(instance, self.context["page"])


class WatchSerializer(serializers.Serializer[Any]):
    """The answer to watching."""

    auction_id = IdField()
    watching = serializers.BooleanField()
    watchers = CountField()


class SavedSearchSerializer(serializers.Serializer[Any]):
    """A search that was saved."""

    id = IdField()
    name = serializers.CharField()
    query = serializers.CharField(help_text="The query string of GET /api/auctions/")
    created_at = serializers.DateTimeField()
