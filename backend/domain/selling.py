"""What the seller and the staff decide: activate, end, cancel, sell, second chance, block.

Source: docs/bidding-rules.md 4, 5.6, 5.7, B7, B8; the roadmap's auction endpoints.
Amounts are minor units; instants are aware UTC.
"""

from dataclasses import replace
from datetime import datetime

from domain import lifecycle, timing
from domain.auction import AuctionState, Closing, Offer, Position, Status
from domain.commands import (
    ActivateAuction,
    BlockBidder,
    CancelAuction,
    Command,
    EndAuction,
    OfferSecondChance,
    SellToBid,
)
from domain.decision import Decision, LoggedAction
from domain.events import AuctionCancelled, QuietChange, RoomSeq, SecondChanceOffered
from domain.formats import format_of
from domain.lifecycle import status_at
from domain.reasons import Reason, Refusal, refuse
from domain.timing import Validity


def activate(state: AuctionState, command: ActivateAuction, now: datetime) -> Decision | Refusal:
    """Open a draft: active now, or scheduled when its start lies ahead (register 25)."""
    if not _may_run(state, command):
        return refuse(Reason.FORBIDDEN)
    if state.status is not Status.DRAFT:
        return refuse(Reason.ALREADY_STARTED, status=state.status.value)
    if state.end_at <= max(state.rules.start_at, now):
        return refuse(Reason.INVALID_WINDOW, detail="Move end_time to the future, then activate")
    action = LoggedAction(kind="activate", user_id=command.actor_id)
    if not timing.has_started(state.rules.start_at, now):
        scheduled = replace(state, status=lifecycle.move(state.status, Status.SCHEDULED))
        quiet = QuietChange(seq=state.seq, at=now)
        return Decision(state=scheduled, action=action, events=(quiet,))
    least = format_of(state.rules).min_next(state)
    active, started = lifecycle.opened(state, RoomSeq(state.seq), at=now, min_next_minor=least)
    return Decision(state=active, action=action, events=(started,))


def end(state: AuctionState, command: EndAuction, now: datetime) -> Decision | Refusal:
    """End early: settle with whoever would win now, the reserve permitting (5.6)."""
    if not _may_run(state, command):
        return refuse(Reason.FORBIDDEN)
    unavailable = lifecycle.unavailable(state, now)
    if unavailable:
        return unavailable
    winner_id = format_of(state.rules).winner_id(state)
    over, ended = lifecycle.ended(
        state, RoomSeq(state.seq), at=now, end_at=now, winner_id=winner_id
    )
    action = LoggedAction(kind="end", user_id=command.actor_id)
    return Decision(state=over, action=action, events=(ended,))


def cancel(state: AuctionState, command: CancelAuction, now: datetime) -> Decision | Refusal:
    """Cancel: the seller before the first bid, staff at any time; only staff remove."""
    status = status_at(state, now)
    if not _may_run(state, command) or (command.removed and not command.is_staff):
        return refuse(Reason.FORBIDDEN)
    if status in lifecycle.FINISHED:
        return refuse(Reason.NOT_ACTIVE, status=status.value)
    if state.total_bids and not command.is_staff:
        return refuse(Reason.HAS_BIDS)
    seq = RoomSeq(state.seq)
    cancelled = Status.REMOVED if command.removed else Status.CANCELLED
    event = AuctionCancelled(seq=seq.next(), at=now, reason=command.reason, removed=command.removed)
    return Decision(
        state=replace(state, status=lifecycle.move(state.status, cancelled), seq=seq.last),
        action=LoggedAction(kind="cancel", user_id=command.actor_id),
        events=(event,),
    )


def sell(state: AuctionState, command: SellToBid, now: datetime) -> Decision | Refusal:
    """Sell to one bid: any valid offer (B7), or a bid of a timed auction (register 9).

    A timed auction still running ends in favour of that bid; one that ended unsold is settled
    after all. `auction_ended` is told again then, now sold.
    """
    target = state.target
    refusal = (
        _not_the_seller(state, command)
        or _already_sold(state)
        or _not_sellable(state, target)
        or _outside_window(state, target, now)
        or _not_for_sale(state)
    )
    if refusal:
        return refusal
    assert target is not None
    over = state.status is Status.ENDED
    lead = Position(target.bidder_id, target.amount_minor, target.amount_minor)
    sold, ended = lifecycle.ended(
        state.led_by(lead),
        RoomSeq(state.seq),
        at=now,
        end_at=state.end_at if over else min(now, state.end_at),
        winner_id=target.bidder_id,
    )
    action = LoggedAction(kind="sell", user_id=command.actor_id, amount_minor=target.amount_minor)
    return Decision(state=sold, action=action, sold_bid_id=target.bid_id, events=(ended,))


def offer_second_chance(
    state: AuctionState, command: OfferSecondChance, now: datetime
) -> Decision | Refusal:
    """Offer an ended auction to an underbidder at his own highest visible bid (5.7)."""
    if command.actor_id != state.rules.seller_id:
        return refuse(Reason.FORBIDDEN)
    if state.status is not Status.ENDED:
        return refuse(Reason.NOT_ENDED)
    amount = state.standing(command.bidder_id).highest_visible_minor
    if amount is None or command.bidder_id == state.winner_id:
        return refuse(Reason.NOT_AN_UNDERBIDDER)
    event = SecondChanceOffered(
        seq=state.seq, at=now, user_id=command.bidder_id, amount_minor=amount
    )
    action = LoggedAction(kind="second_chance", user_id=command.bidder_id, amount_minor=amount)
    return Decision(state=state, action=action, events=(event,))


def block(state: AuctionState, command: BlockBidder, now: datetime) -> Decision | Refusal:
    """Refuse a bidder's future bids; those that stand remain (section 4)."""
    if command.actor_id != state.rules.seller_id:
        return refuse(Reason.FORBIDDEN)
    return Decision(
        state=state.blocking(command.bidder_id),
        action=LoggedAction(kind="block", user_id=command.bidder_id),
        blocked_id=command.bidder_id,
        events=(QuietChange(seq=state.seq, at=now),),
    )


def _may_run(state: AuctionState, command: Command) -> bool:
    return command.is_staff or command.actor_id == state.rules.seller_id


def _not_the_seller(state: AuctionState, command: Command) -> Refusal | None:
    return None if command.actor_id == state.rules.seller_id else refuse(Reason.FORBIDDEN)


def _already_sold(state: AuctionState) -> Refusal | None:
    return refuse(Reason.ALREADY_SOLD) if state.sold else None


def _not_sellable(state: AuctionState, target: Offer | None) -> Refusal | None:
    if target is None:
        return refuse(Reason.BID_NOT_FOUND)
    if target.auction_id != state.auction_id:
        return refuse(Reason.BID_OF_OTHER_AUCTION)
    return refuse(Reason.BID_NOT_FOUND) if target.void else None


#: What an offer's window says to a sale; a valid one says nothing.
_WINDOW_REFUSALS = {
    Validity.EXPIRED: Reason.BID_EXPIRED,
    Validity.PENDING: Reason.BID_NOT_VALID_YET,
}


def _outside_window(state: AuctionState, target: Offer | None, now: datetime) -> Refusal | None:
    """B1: only on an offers listing; a window on a timed auction is moot (register 8)."""
    if target is None or state.rules.closing is Closing.TIMED:
        return None
    reason = _WINDOW_REFUSALS.get(timing.validity(target.valid_from, target.valid_until, now))
    return refuse(reason) if reason else None


def _not_for_sale(state: AuctionState) -> Refusal | None:
    if state.status in (Status.ACTIVE, Status.ENDED):
        return None
    return refuse(Reason.NOT_ACTIVE, status=state.status.value)
