"""The values a decision is made of: the auction's rules, its state, its bids.

Amounts are minor units; instants are aware UTC; users and auctions are ids.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from domain.increments import Increments

NO_STANDINGS: Mapping[int, "Standing"] = MappingProxyType({})


class Status(StrEnum):
    """Where an auction is in its life; `ended` splits by `sold`."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    ACTIVE = "active"
    ENDED = "ended"
    CANCELLED = "cancelled"
    REMOVED = "removed"


class Closing(StrEnum):
    """How a winner is found: by the clock, or by the seller's choice among offers."""

    TIMED = "timed"
    SELLER_CHOICE = "seller_choice"


@dataclass(frozen=True, slots=True)
class SoftClose:
    """Anti-sniping: a visible bid within `window_seconds` of the end moves the end (R40-R42)."""

    window_seconds: float
    extension_seconds: float
    mode: str = "reset"  # reset: the end is at least now + extension; add: end + extension
    total_seconds_max: float | None = None
    extensions_max: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is fixed before the first bid."""

    seller_id: int
    starting_minor: int
    increments: "Increments"
    start_at: datetime
    original_end_at: datetime
    format: str = "english"
    closing: Closing = Closing.TIMED
    strict: bool = False  # next bid must exceed price + increment (1.5), else may equal it
    tick_minor: int = 1
    reserve_minor: int | None = None
    buy_now_minor: int | None = None
    buy_now_policy: str = "ebay"  # or price_below (R28)
    soft_close: SoftClose | None = None
    ending_soon_seconds: tuple[int, ...] = ()
    allow_self_outbid: bool = True
    allow_lower_max: bool = True
    retraction: str = "ebay"  # or none (5.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One user's position in one auction, loaded for the users a batch concerns."""

    auto_max_minor: int | None = None  # the live maximum, None without one
    highest_visible_minor: int | None = None  # his highest bid row, void rows aside
    blocked: bool = False  # by this seller, or cancelled here (5.2)
    banned: bool = False
    unverified: bool = False  # his address, where the site demands that it be confirmed
    linked: bool = False  # he pays or is paid by what the seller pays or is paid by
    deposit_needed: bool = False


NO_STANDING = Standing()


class ActionKind(StrEnum):
    """Accepted actions that replay needs (5.3)."""

    BID = "bid"
    AUTO = "auto"  # a maximum set or raised: counts as a bid
    LOWER = "lower"  # a maximum lowered: not a bid, survives a retraction
    CANCEL_AUTO = "cancel_auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastAction:
    """One accepted action of the log, still standing. `number` orders the log.

    `seq` is that of the last room event before the action, so that replayed rows keep their
    places in the bid list. The window is that of an offer, None on a timed auction.
    """

    number: int
    kind: ActionKind
    user_id: int
    amount_minor: int  # of cancel_auto: the visible bid he falls back on (R9)
    at: datetime
    seq: int = 0
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A bid as a sale needs it: who, how much, valid when. Windows are None on a timed auction.

    `bid_id` is 0 in a `best_offer` that the engine has just accepted and nobody has stored yet.
    """

    bid_id: int
    auction_id: int
    bidder_id: int
    amount_minor: int
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    void: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BidRow:
    """A visible bid that a decision appends. `led`: it took or kept the lead."""

    bidder_id: int
    amount_minor: int
    auto: bool
    led: bool
    seq: int
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """Who leads, at what shown price, committed up to what cap. Without bids there is none."""

    leader_id: int
    price_minor: int
    cap_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuctionState:
    """All the engine knows of one auction at one moment.

    `standings` holds the users of the batch; `past_actions` is loaded only for commands that
    replay (RetractBids, CancelBids); `target` only for SellToBid; `best_offer` is the highest
    offer in force at the batch's instant on a seller_choice listing.
    """

    auction_id: int
    rules: Rules
    status: Status
    end_at: datetime
    seq: int = 0  # of the last room event
    leader_id: int | None = None
    price_minor: int | None = None
    leader_cap_minor: int | None = None
    total_bids: int = 0
    extension_count: int = 0
    warned_seconds: tuple[int, ...] = ()  # thresholds announced for the present end
    winner_id: int | None = None
    sold: bool = False
    final_minor: int | None = None
    standings: Mapping[int, Standing] = field(default_factory=lambda: NO_STANDINGS)
    past_actions: tuple[PastAction, ...] | None = None
    best_offer: Offer | None = None
    target: Offer | None = None

    def standing(self, user_id: int) -> Standing:
        """Return what is known of the user; nothing known is an empty standing."""
        return self.standings.get(user_id, NO_STANDING)

    @property
    def position(self) -> Position | None:
        """The lead as one value, None before the first bid."""
        if self.leader_id is None or self.price_minor is None:
            return None
        cap_minor = self.leader_cap_minor
        return Position(
            self.leader_id,
            self.price_minor,
            self.price_minor if cap_minor is None else cap_minor,
        )

    def led_by(self, position: Position | None) -> "AuctionState":
        """Return the state with this lead."""
        return replace(
            self,
            leader_id=position.leader_id if position else None,
            price_minor=position.price_minor if position else None,
            leader_cap_minor=position.cap_minor if position else None,
        )

    @property
    def reserve_met(self) -> bool:
        """R22: somebody leads and commits to the reserve, if there is one."""
        if self.leader_id is None or self.leader_cap_minor is None:
            return False
        reserve = self.rules.reserve_minor
        return reserve is None or self.leader_cap_minor >= reserve

    def standings_after(
        self, rows: Iterable[BidRow], auto_max_minor: Mapping[int, int | None]
    ) -> Mapping[int, Standing]:
        """Return the standings once `rows` are visible and these maxima have changed.

        Keeps a batch honest: the next command in it sees what this one did.
        """
        standings = dict(self.standings)
        for row in rows:
            known = standings.get(row.bidder_id, NO_STANDING)
            highest = max(known.highest_visible_minor or 0, row.amount_minor)
            standings[row.bidder_id] = replace(known, highest_visible_minor=highest)
        for user_id, maximum in auto_max_minor.items():
            known = standings.get(user_id, NO_STANDING)
            standings[user_id] = replace(known, auto_max_minor=maximum)
        return standings

    def blocking(self, user_id: int) -> "AuctionState":
        """Return the state in which this user's bids are refused from now on."""
        blocked = replace(self.standing(user_id), blocked=True)
        return replace(self, standings={**self.standings, user_id: blocked})
