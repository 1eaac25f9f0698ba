"""Decide: an auction's state, a command and an instant give a decision or a refusal.

The only door into the rules. Pure: no clock, no database, no chance; the same three arguments
give the same answer for ever (docs/bidding-rules.md P10). It raises for nobody's mistake but a
programmer's, and costs the same however many bids there were, retractions apart.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from domain import lifecycle, passage, retraction, selling
from domain.auction import AuctionState, Status
from domain.commands import (
    ActivateAuction,
    BlockBidder,
    BuyNow,
    CancelAuction,
    CancelAutoBid,
    CancelBids,
    Command,
    EndAuction,
    OfferSecondChance,
    PlaceBid,
    RetractBids,
    SellToBid,
    SetAutoBid,
    Tick,
)
from domain.decision import Decision
from domain.formats import format_of
from domain.reasons import Refusal

Decider = Callable[[AuctionState, Any, datetime], Decision | Refusal]

#: Who decides what. A command is decided by its row here and nowhere else.
DECIDERS: dict[type[Command], Decider] = {
    PlaceBid: lambda state, command, now: format_of(state.rules).place_bid(state, command, now),
    SetAutoBid: lambda state, command, now: format_of(state.rules).set_auto_bid(
        state, command, now
    ),
    CancelAutoBid: lambda state, command, now: format_of(state.rules).cancel_auto_bid(
        state, command, now
    ),
    BuyNow: lambda state, command, now: format_of(state.rules).buy_now(state, command, now),
    RetractBids: retraction.retract,
    CancelBids: retraction.cancel_bids,
    BlockBidder: selling.block,
    ActivateAuction: selling.activate,
    EndAuction: selling.end,
    CancelAuction: selling.cancel,
    SellToBid: selling.sell,
    OfferSecondChance: selling.offer_second_chance,
    Tick: passage.tick,
}


def decide(state: AuctionState, command: Command, now: datetime) -> Decision | Refusal:
    """Decide one command at one instant.

    Refuses in the order of `Reason`. The decision holds the next state, what to store and what
    to tell; the caller sends `Tick` at the same instant first, but time is checked here again.
    """
    return DECIDERS[type(command)](state, command, now)


def min_next(state: AuctionState) -> int | None:
    """Return the least acceptable next amount in minor units, None once nothing is accepted."""
    if state.status in lifecycle.FINISHED:
        return None
    return format_of(state.rules).min_next(state)


def buy_now_available(state: AuctionState) -> bool:
    """Whether the fixed price can be taken now (R26, R28)."""
    return state.status is Status.ACTIVE and format_of(state.rules).buy_now_available(state)


def next_due_at(state: AuctionState) -> datetime | None:
    """Return the earliest instant at which Tick would do something, None if it never will.

    The opening of a scheduled auction, the next warning, the lapse of the best offer or the end.
    It may lie in the past: then a Tick is overdue.
    """
    return passage.next_due_at(state)
