"""The auction formats: strategies with one small protocol, in one table.

A format is a module that has these functions; adding one means writing the module and its row.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain import english, offers
from domain.auction import AuctionState, Closing, PastAction, Rules
from domain.commands import BuyNow, CancelAutoBid, PlaceBid, SetAutoBid
from domain.decision import Decision, Replay
from domain.events import Event, RoomSeq
from domain.reasons import Refusal


class Format(Protocol):
    """What a format decides: bids, the least next bid, what lapses, who wins at the end."""

    def place_bid(
        self, state: AuctionState, command: PlaceBid, now: datetime
    ) -> Decision | Refusal:
        """Decide a bid or an offer."""

    def set_auto_bid(
        self, state: AuctionState, command: SetAutoBid, now: datetime
    ) -> Decision | Refusal:
        """Decide a maximum."""

    def cancel_auto_bid(
        self, state: AuctionState, command: CancelAutoBid, now: datetime
    ) -> Decision | Refusal:
        """Decide the deletion of a maximum."""

    def buy_now(self, state: AuctionState, command: BuyNow, now: datetime) -> Decision | Refusal:
        """Decide a purchase at the fixed price."""

    def buy_now_available(self, state: AuctionState) -> bool:
        """Whether the fixed price is on offer, the auction being active."""

    def min_next(self, state: AuctionState) -> int:
        """Return the least acceptable next amount in minor units."""

    def winner_id(self, state: AuctionState) -> int | None:
        """Return who wins if the auction ends in this state."""

    def next_lapse_at(self, state: AuctionState) -> datetime | None:
        """Return when the leading bid stops counting, None if it never does."""

    def let_lapse(
        self, state: AuctionState, seq: RoomSeq, at: datetime
    ) -> tuple[AuctionState, list[Event]]:
        """Return the state without what has lapsed by `at`, and the events that say so."""

    def replay(self, state: AuctionState, actions: Sequence[PastAction], now: datetime) -> Replay:
        """Return what these actions come to, played from the first (5.3)."""


FORMATS: dict[tuple[str, Closing], Format] = {
    ("english", Closing.TIMED): english,
    ("english", Closing.SELLER_CHOICE): offers,
    ("offers", Closing.SELLER_CHOICE): offers,
}


def format_of(rules: Rules) -> Format:
    """Return the format's strategy; `closing` tells bids by the clock from offers."""
    return FORMATS[rules.format, rules.closing]
