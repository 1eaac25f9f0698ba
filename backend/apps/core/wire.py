"""Event -> the JSON a client sees. Encoded once; the bytes stored are the bytes sent.

The roadmap's five messages keep exactly its keys; further keys are additive. Private fields do
not exist in events, so none can leak here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apps.core.json import encode
from domain import events
from domain.money import to_number

Names = Mapping[int, str]


def instant(value: datetime | None) -> str | None:
    """Return an aware UTC instant as the roadmap writes it: 2026-02-22T10:30:00Z."""
    if value is None:
        return None
    return value.isoformat().removesuffix("+00:00") + "Z"


def frame(event: events.Event, auction_id: int, currency: str, names: Names) -> bytes:
    """Return the bytes every socket of the room gets; empty for what no client may see.

    `names` maps user ids of the event to user names.
    """
    if event.audience is events.Audience.NOBODY:
        return b""
    return encode(message(event, auction_id, currency, names))


def message(event: events.Event, auction_id: int, currency: str, names: Names) -> dict[str, Any]:
    """Return an event as the JSON object a client sees."""
    body = _BODIES[type(event)](event, currency, names)
    return {
        "type": event.type,
        "auction_id": auction_id,
        **body,
        "timestamp": instant(event.at),
        "seq": event.seq,
    }


def _amount(minor: int | None, currency: str) -> int | float | None:
    return None if minor is None else to_number(minor, currency)


def _name(user_id: int | None, names: Names) -> str | None:
    return None if user_id is None else names[user_id]


def _standing(event: Any, currency: str, names: Names) -> dict[str, Any]:
    """Return what a bid row says of the auction after its whole action."""
    return {
        "total_bids": event.total_bids,
        "current_bid": _amount(event.price_minor, currency),
        "highest_bidder": _name(event.leader_id, names),
        "min_next_bid": _amount(event.min_next_minor, currency),
        "reserve_met": event.reserve_met,
    }


def _bid_placed(event: events.BidPlaced, currency: str, names: Names) -> dict[str, Any]:
    body = {
        "bidder": names[event.bidder_id],
        "amount": to_number(event.amount_minor, currency),
        **_standing(event, currency, names),
        "end_time": instant(event.end_at),
    }
    if event.valid_until is not None:
        body |= {
            "valid_from": instant(event.valid_from),
            "valid_until": instant(event.valid_until),
        }
    return body


def _auto_bid(event: events.AutoBidTriggered, currency: str, names: Names) -> dict[str, Any]:
    return {
        "auto_bidder": names[event.auto_bidder_id],
        "amount": to_number(event.amount_minor, currency),
        **_standing(event, currency, names),
        "end_time": instant(event.end_at),
    }


def _user_outbid(event: events.UserOutbid, currency: str, names: Names) -> dict[str, Any]:
    return {"new_bid": to_number(event.new_bid_minor, currency)}


def _ended(event: events.AuctionEnded, currency: str, names: Names) -> dict[str, Any]:
    return {
        "winner": _name(event.winner_id, names),
        "final_bid": _amount(event.final_bid_minor, currency),
        "sold": event.sold,
        "reserve_met": event.reserve_met,
        "end_time": instant(event.end_at),
    }


def _recomputed(event: events.PriceRecomputed, currency: str, names: Names) -> dict[str, Any]:
    return _standing(event, currency, names)


def _price_changed(event: events.PriceChanged, currency: str, names: Names) -> dict[str, Any]:
    return {
        "current_bid": _amount(event.price_minor, currency),
        "highest_bidder": _name(event.leader_id, names),
        "min_next_bid": _amount(event.min_next_minor, currency),
    }


def _started(event: events.AuctionStarted, currency: str, names: Names) -> dict[str, Any]:
    return {
        "end_time": instant(event.end_at),
        "min_next_bid": to_number(event.min_next_minor, currency),
    }


_BODIES: dict[type[events.Event], Any] = {
    events.BidPlaced: _bid_placed,
    events.AutoBidTriggered: _auto_bid,
    events.UserOutbid: _user_outbid,
    events.ReserveMet: lambda event, currency, names: {"reserve_met": True},
    events.AuctionExtended: lambda event, currency, names: {"end_time": instant(event.end_at)},
    events.AuctionStarted: _started,
    events.AuctionEndingSoon: lambda event, currency, names: {
        "seconds_remaining": event.seconds_remaining
    },
    events.AuctionEnded: _ended,
    events.AuctionCancelled: lambda event, currency, names: {
        "reason": event.reason,
        "removed": event.removed,
    },
    events.BoughtNow: lambda event, currency, names: {
        "user": names[event.user_id],
        "amount": to_number(event.amount_minor, currency),
    },
    events.BidRetracted: lambda event, currency, names: {"user": names[event.user_id]},
    events.PriceRecomputed: _recomputed,
    events.PriceChanged: _price_changed,
    events.SecondChanceOffered: lambda event, currency, names: {
        "amount": to_number(event.amount_minor, currency)
    },
}
