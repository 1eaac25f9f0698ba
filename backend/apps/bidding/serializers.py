"""Bids, maximums and history as the roadmap's vocabulary shows them."""

from typing import Any

from rest_framework import serializers

from apps.bidding.models import AutoBidRule, Bid, BidHistory
from apps.bidding.services import Accepted, PlacedBid
from apps.core.fields import (
    AmountField,
    CountField,
    CurrencyField,
    IdField,
    ShownAmountField,
    StrictIntegerField,
)
from apps.core.wire import instant
from domain.auction import Status
from domain.events import ALL_EVENTS, Audience
from domain.money import to_number

#: What an auction's history may hold: what its room was told.
EVENT_TYPES = [event.type for event in ALL_EVENTS if event.audience is Audience.ROOM]


def placed_bid(bid: PlacedBid, currency: str) -> dict[str, Any]:
    """Return a bid just accepted, as `BidSerializer` would show it at that moment."""
    return _bid_body(bid, bid.bidder_name, currency, "leading" if bid.led else "outbid")


def bid_status(bid: Bid) -> str:
    """Return leading, outbid, won, lost or void; needs `bid.auction`."""
    auction = bid.auction
    if bid.void:
        return "void"
    if auction.status in (Status.CANCELLED, Status.REMOVED):
        return "void"
    tops = (auction.leader_id, auction.price_minor) == (bid.bidder_id, bid.amount_minor)
    if auction.status == Status.ENDED:
        return "won" if auction.sold and tops else "lost"
    return "leading" if tops else "outbid"


def _bid_body(bid: Bid | PlacedBid, bidder: str, currency: str, status: str) -> dict[str, Any]:
    body = {
        "id": bid.id,
        "auction_id": bid.auction_id,
        "bidder": bidder,
        "amount": to_number(bid.amount_minor, currency),
        "auto": bid.auto,
        "timestamp": instant(bid.placed_at),
        "seq": bid.seq,
        "status": status,
    }
    if bid.valid_until is not None:
        body["valid_from"] = instant(bid.valid_from)
        body["valid_until"] = instant(bid.valid_until)
    return body


class BidSerializer(serializers.Serializer[Bid]):
    """A visible bid. `valid_from` and `valid_until` only on listings that take offers."""

    id = IdField()
    auction_id = IdField()
    bidder = serializers.CharField(help_text="User name")
    amount = ShownAmountField()
    auto = serializers.BooleanField(help_text="Made by an automatic bid")
    timestamp = serializers.DateTimeField()
    seq = CountField(help_text="Of its message in the live room")
    status = serializers.ChoiceField(["leading", "outbid", "won", "lost", "void"])
    valid_from = serializers.DateTimeField(required=False)
    valid_until = serializers.DateTimeField(required=False)

    def to_representation(self, instance: Bid) -> dict[str, Any]:
        """Return the fields above."""
        return _bid_body(
            instance, instance.bidder.username, instance.auction.currency, bid_status(instance)
        )


class BidAuctionSerializer(serializers.Serializer[Any]):
    """The auction of one's own bid, in short."""

    id = IdField()
    title = serializers.CharField()
    status = serializers.ChoiceField([status.value for status in Status])
    currency = CurrencyField(help_text="ISO 4217")
    current_bid = ShownAmountField(allow_null=True)
    end_time = serializers.DateTimeField(allow_null=True)
    reserve_met = serializers.BooleanField(allow_null=True, help_text="null without a reserve")
    sold = serializers.BooleanField()


class OwnBidSerializer(BidSerializer):
    """One's own bid with its auction."""

    auction = BidAuctionSerializer()

    def to_representation(self, instance: Bid) -> dict[str, Any]:
        """Return the bid and its auction in short."""
        auction = instance.auction
        price = auction.price_minor
        return {
            **super().to_representation(instance),
            "auction": {
                "id": auction.pk,
                "title": auction.title,
                "status": auction.status,
                "currency": auction.currency,
                "current_bid": None if price is None else to_number(price, auction.currency),
                "end_time": instant(auction.end_at),
                "reserve_met": None if auction.reserve_minor is None else auction.reserve_met,
                "sold": auction.sold,
            },
        }


class PlaceBidSerializer(serializers.Serializer[Any]):
    """What a bidder sends."""

    auction_id = StrictIntegerField()
    amount = AmountField(help_text="Major units; at least `min_next_bid`")


class AutoBidRuleSerializer(serializers.Serializer[AutoBidRule]):
    """One's own maximum; nobody else ever sees it."""

    id = IdField()
    auction_id = IdField()
    max_bid = ShownAmountField()
    active = serializers.BooleanField()
    leading = serializers.BooleanField()
    current_bid = ShownAmountField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()

    def to_representation(self, instance: AutoBidRule) -> dict[str, Any]:
        """Return the fields above."""
        auction = instance.auction
        price = auction.price_minor
        return {
            "id": instance.pk,
            "auction_id": auction.pk,
            "max_bid": to_number(instance.max_minor, auction.currency),
            "active": instance.active,
            "leading": auction.leader_id == instance.bidder_id,
            "current_bid": None if price is None else to_number(price, auction.currency),
            "created_at": instant(instance.created_at),
            "updated_at": instant(instance.updated_at),
        }


class SetAutoBidSerializer(serializers.Serializer[Any]):
    """Create a maximum."""

    auction_id = StrictIntegerField()
    max_bid = AmountField(help_text="Major units; kept secret")


class ChangeAutoBidSerializer(serializers.Serializer[Any]):
    """Change a maximum: raise it, or lower it down to the current price."""

    max_bid = AmountField(help_text="Major units; kept secret")


class BidHistorySerializer(serializers.Serializer[BidHistory]):
    """A row of the immutable history. `hash` chains it to the row before."""

    seq = CountField()
    type = serializers.ChoiceField(
        EVENT_TYPES,
        help_text="Of the message in the live room: docs/events.md",
    )
    auction_id = IdField()
    bidder = serializers.CharField(allow_null=True)
    amount = ShownAmountField(allow_null=True)
    timestamp = serializers.DateTimeField()
    hash = serializers.RegexField("^[0-9a-f]{64}$", help_text="SHA-256")

    def to_representation(self, instance: BidHistory) -> dict[str, Any]:
        """Return the fields above."""
        amount = instance.amount_minor
        currency = instance.auction.currency
        return {
            "seq": instance.seq,
            "type": instance.type,
            "auction_id": instance.auction_id,
            "bidder": instance.bidder.username if instance.bidder else None,
            "amount": None if amount is None else to_number(amount, currency),
            "timestamp": instant(instance.at),
            "hash": bytes(instance.hash).hex(),
        }


class BoughtSerializer(serializers.Serializer[Any]):
    """An auction just bought at its fixed price."""

    auction_id = IdField()
    amount = ShownAmountField()
    winner = serializers.CharField()


def bought(accepted: Accepted) -> dict[str, Any]:
    """Return the outcome of a purchase at the fixed price."""
    bid = accepted.bid
    if bid is None:
        raise AssertionError("a purchase leaves a bid")
    return {
        "auction_id": accepted.auction_id,
        "amount": to_number(bid.amount_minor, accepted.currency),
        "winner": bid.bidder_name,
    }
