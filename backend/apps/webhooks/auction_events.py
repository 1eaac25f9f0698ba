"""What an auction's log says, as events for webhooks: what its room saw, and nothing else.

The frame that every socket was sent is public already; no maximum and no reserve is in it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.bidding.models import BidHistory
from apps.core.json import encode
from apps.core.wire import instant
from apps.webhooks.kinds import EventKind
from domain import events

#: Event of the room -> kind of a webhook. What is not here is told to no endpoint.
KINDS: dict[str, EventKind] = {
    events.AuctionStarted.type: EventKind.AUCTION_STARTED,
    events.BidPlaced.type: EventKind.AUCTION_BID,
    events.AutoBidTriggered.type: EventKind.AUCTION_BID,
    events.BoughtNow.type: EventKind.AUCTION_BID,
    events.PriceRecomputed.type: EventKind.AUCTION_PRICE_CHANGED,
    events.PriceChanged.type: EventKind.AUCTION_PRICE_CHANGED,
    events.AuctionExtended.type: EventKind.AUCTION_EXTENDED,
    events.AuctionEnded.type: EventKind.AUCTION_ENDED,
    events.AuctionCancelled.type: EventKind.AUCTION_CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something to tell: whose auction it is, when it happened, what is said of it."""

    source: str
    kind: EventKind
    seller_id: int
    at: datetime
    body: str


def body_of(kind: EventKind, at: datetime, data: dict[str, Any]) -> str:
    """Return the text that is sent, in the shape Standard Webhooks recommends."""
    return encode({"type": kind.value, "timestamp": instant(at), "data": data}).decode()


def happenings_of(rows: Sequence[BidHistory]) -> Iterator[Happening]:
    """Yield what these rows tell, in their order. The rows come with their auctions."""
    for row in rows:
        kind = KINDS.get(row.type)
        if kind is None or not row.frame:
            continue
        seen: dict[str, Any] = json.loads(bytes(row.frame))
        data = {
            "auction_id": row.auction_id,
            "title": row.auction.title,
            "currency": row.auction.currency,
            "event": seen.pop("type"),
            **{key: value for key, value in seen.items() if key not in ("auction_id", "timestamp")},
        }
        yield Happening(
            source=f"auction:{row.auction_id}:{row.number}",
            kind=kind,
            seller_id=row.auction.seller_id,
            at=row.at,
            body=body_of(kind, row.at, data),
        )
