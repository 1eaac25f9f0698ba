"""The event catalogue: what the world is told once a decision is committed.

Every class states its `type` (the word on the wire), its `audience` and when clients should
expect it. Room events carry `seq`, gapless per auction; an event for one user carries the seq
of the room event it belongs to. Amounts are minor units; instants are aware UTC.
No event holds a maximum or the reserve.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class RoomSeq:
    """Deals out an auction's room sequence numbers, gapless, while one decision is made.

    Events for one user or for nobody take `last` and consume none.
    """

    def __init__(self, last: int) -> None:
        self.last = last

    def next(self) -> int:
        """Return the number of the next room event."""
        self.last += 1
        return self.last


class Audience(StrEnum):
    """Who may see an event."""

    ROOM = "room"
    USER = "user"
    NOBODY = "nobody"  # kept in the history for replay, shown to no client


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What all events share. `since`: the version of this catalogue that introduced it."""

    type: ClassVar[str]
    audience: ClassVar[Audience] = Audience.ROOM
    since: ClassVar[str] = "0.1"

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BidPlaced(Event):
    """A manual bid or an offer became visible. Show it as the newest row of the bid list."""

    type: ClassVar[str] = "bid_placed"

    bidder_id: int
    amount_minor: int
    total_bids: int
    leader_id: int | None
    price_minor: int | None
    min_next_minor: int | None
    end_at: datetime
    reserve_met: bool
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoBidTriggered(Event):
    """A maximum bid by itself: on entering, in answer, or when beaten at its cap."""

    type: ClassVar[str] = "auto_bid_triggered"

    auto_bidder_id: int
    amount_minor: int
    total_bids: int
    leader_id: int | None
    price_minor: int | None
    min_next_minor: int | None
    end_at: datetime
    reserve_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveMet(Event):
    """The reserve went from unmet to met (R22). Its amount stays private."""

    type: ClassVar[str] = "reserve_met"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserOutbid(Event):
    """Addressed to the one user who lost the lead or was answered at once (P14)."""

    type: ClassVar[str] = "user_outbid"
    audience: ClassVar[Audience] = Audience.USER

    user_id: int
    new_bid_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionExtended(Event):
    """A late bid moved the end (R40-R44). Recompute every countdown."""

    type: ClassVar[str] = "auction_extended"

    end_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionStarted(Event):
    """The auction accepts bids from now on."""

    type: ClassVar[str] = "auction_started"

    end_at: datetime
    min_next_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionEndingSoon(Event):
    """A warning threshold was crossed; re-armed by an extension (R44)."""

    type: ClassVar[str] = "auction_ending_soon"

    seconds_remaining: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionEnded(Event):
    """The auction is over; `winner_id` is None when nothing was sold (R23)."""

    type: ClassVar[str] = "auction_ended"

    winner_id: int | None
    final_bid_minor: int | None
    sold: bool
    reserve_met: bool
    end_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionCancelled(Event):
    """The seller cancelled or staff removed the auction; nothing was sold."""

    type: ClassVar[str] = "auction_cancelled"

    reason: str
    removed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtNow(Event):
    """Somebody took the fixed price; `auction_ended` follows."""

    type: ClassVar[str] = "buy_now"

    user_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BidRetracted(Event):
    """A bidder's bids were withdrawn or cancelled; `price_recomputed` follows (5.5)."""

    type: ClassVar[str] = "bid_retracted"

    user_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRecomputed(Event):
    """The surviving bids were replayed (5.3). Fetch the bid list again."""

    type: ClassVar[str] = "price_recomputed"

    leader_id: int | None
    price_minor: int | None
    min_next_minor: int | None
    total_bids: int
    reserve_met: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceChanged(Event):
    """On an offers listing the highest offer in force changed without a bid: one lapsed."""

    type: ClassVar[str] = "price_changed"

    leader_id: int | None
    price_minor: int | None
    min_next_minor: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondChanceOffered(Event):
    """Addressed to an underbidder of an ended auction (5.7)."""

    type: ClassVar[str] = "second_chance_offer"
    audience: ClassVar[Audience] = Audience.USER

    user_id: int
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietChange(Event):
    """Something only the history must know: a silent raise, a lowering, a block."""

    type: ClassVar[str] = "quiet_change"
    audience: ClassVar[Audience] = Audience.NOBODY


ALL_EVENTS: tuple[type[Event], ...] = (
    BidPlaced,
    AutoBidTriggered,
    ReserveMet,
    UserOutbid,
    AuctionExtended,
    AuctionStarted,
    AuctionEndingSoon,
    AuctionEnded,
    AuctionCancelled,
    BoughtNow,
    BidRetracted,
    PriceRecomputed,
    PriceChanged,
    SecondChanceOffered,
    QuietChange,
)
