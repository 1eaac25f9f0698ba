"""Offers with a validity window, of which the seller picks one: the BidBazaar guide's auction.

This module is a format (domain/formats.py). No maxima, no buy-now, no automatic winner; the
highest offer in force is the one to beat. The stored leader and price describe that offer.
Source: docs/bidding-rules.md B1-B10. Amounts are minor units; instants are aware UTC.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain import admission, lifecycle, timing
from domain.auction import ActionKind, AuctionState, BidRow, Offer, PastAction, Position, Rules
from domain.commands import BuyNow, CancelAutoBid, PlaceBid, SetAutoBid
from domain.decision import Decision, LoggedAction, Replay
from domain.events import (
    AuctionExtended,
    BidPlaced,
    Event,
    PriceChanged,
    ReserveMet,
    RoomSeq,
    UserOutbid,
)
from domain.reasons import Reason, Refusal, refuse


def min_next(state: AuctionState) -> int:
    """Return the least acceptable next amount: above the offer in force, at least the start."""
    return _above(state.rules, state.price_minor)


def winner_id(state: AuctionState) -> int | None:
    """Nobody wins by the clock: the seller picks, before or after the end (B7)."""
    return None


def next_lapse_at(state: AuctionState) -> datetime | None:
    """Return when the highest offer stops counting."""
    best = state.best_offer
    if best is None or best.valid_until is None:
        return None
    return timing.lapses_at(best.valid_until)


def let_lapse(state: AuctionState, seq: RoomSeq, at: datetime) -> tuple[AuctionState, list[Event]]:
    """Lead with the best offer in force at `at`, and tell the room if that is another one."""
    best = _best_in_force(state, at)
    after = _led_by(state, best)
    if (after.leader_id, after.price_minor) == (state.leader_id, state.price_minor):
        return state, []
    event = PriceChanged(
        seq=seq.next(),
        at=at,
        leader_id=after.leader_id,
        price_minor=after.price_minor,
        min_next_minor=min_next(after),
    )
    return replace(after, seq=seq.last), [event]


def place_bid(state: AuctionState, command: PlaceBid, now: datetime) -> Decision | Refusal:
    """Decide an offer (B3), valid from now to the listing's end unless it says otherwise.

    One born expired is accepted and leads nobody (B4).
    """
    user_id, amount = command.user_id, command.amount_minor
    valid_from = command.valid_from or now
    valid_until = command.valid_until or state.end_at
    refusal = (
        admission.invalid_amount(amount)
        or admission.invalid_window(command.valid_from, command.valid_until)
        or admission.inadmissible(state, user_id)
        or lifecycle.unavailable(state, now)
        or admission.invalid_window(valid_from, valid_until)  # half given, half filled in
        or _too_low(state, amount, now)
    )
    if refusal:
        return refusal
    offer = Offer(
        bid_id=0,
        auction_id=state.auction_id,
        bidder_id=user_id,
        amount_minor=amount,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    return _record(state, offer, now)


def set_auto_bid(state: AuctionState, command: SetAutoBid, now: datetime) -> Decision | Refusal:
    """Refuse: an offer is an offer, nothing bids by itself here."""
    return (
        admission.invalid_amount(command.max_minor)
        or admission.inadmissible(state, command.user_id)
        or lifecycle.unavailable(state, now)
        or refuse(Reason.WRONG_CLOSING)
    )


def cancel_auto_bid(
    state: AuctionState, command: CancelAutoBid, now: datetime
) -> Decision | Refusal:
    """Refuse: there are no maxima here."""
    return lifecycle.unavailable(state, now) or refuse(Reason.WRONG_CLOSING)


def buy_now_available(state: AuctionState) -> bool:
    """There is no fixed price here."""
    return False


def buy_now(state: AuctionState, command: BuyNow, now: datetime) -> Decision | Refusal:
    """Refuse: there is no fixed price here."""
    return (
        admission.inadmissible(state, command.user_id)
        or lifecycle.unavailable(state, now)
        or refuse(Reason.WRONG_CLOSING)
    )


def replay(state: AuctionState, actions: Sequence[PastAction], now: datetime) -> Replay:
    """List the offers that remain; the highest in force at `now` leads, the earlier on a tie."""
    made = [(action, _offer_again(state, action)) for action in actions]
    in_force = [offer for _, offer in made if timing.in_force(offer.valid_until, now)]
    best = max(in_force, key=lambda offer: offer.amount_minor, default=None)
    return Replay(
        position=_position(best),
        rows=tuple(_row(offer, action.seq + 1, led=offer is best) for action, offer in made),
        best_offer=best,
    )


def _best_in_force(state: AuctionState, now: datetime) -> Offer | None:
    best = state.best_offer
    return best if best and timing.in_force(best.valid_until, now) else None


def _too_low(state: AuctionState, amount_minor: int, now: datetime) -> Refusal | None:
    """Checks 8 and 9: the starting price always, then the highest offer in force (B2, B3)."""
    best = _best_in_force(state, now)
    price = best.amount_minor if best else None
    least = _above(state.rules, price)
    if amount_minor < state.rules.starting_minor:
        starting = state.rules.starting_minor
        return refuse(Reason.BELOW_START, starting_minor=starting, min_next_minor=least)
    if amount_minor < least:
        return refuse(Reason.BELOW_MINIMUM, min_next_minor=least, price_minor=price)
    return None


def _above(rules: Rules, price_minor: int | None) -> int:
    """Return the least amount above a price: the strict rule with no increment (1.5)."""
    if price_minor is None:
        return rules.starting_minor
    return max(rules.starting_minor, price_minor + rules.tick_minor)


def _record(state: AuctionState, offer: Offer, now: datetime) -> Decision:
    """Append the offer; if it is in force it leads, having been refused otherwise."""
    seq = RoomSeq(state.seq)
    beaten = _best_in_force(state, now)
    leads = timing.in_force(offer.valid_until, now)
    row = _row(offer, seq.next(), led=leads)
    after = replace(
        _led_by(state, offer) if leads else state,
        total_bids=state.total_bids + 1,
        standings=state.standings_after((row,), {}),
    )
    after = timing.extended(after, now)
    events: list[Event] = [_offer_event(row, after, now)]
    if after.rules.reserve_minor is not None and after.reserve_met and not state.reserve_met:
        events.append(ReserveMet(seq=seq.next(), at=now))
    if leads and beaten and beaten.bidder_id != offer.bidder_id:
        events.append(
            UserOutbid(
                seq=seq.last,
                at=now,
                user_id=beaten.bidder_id,
                new_bid_minor=offer.amount_minor,
            )
        )
    if after.end_at != state.end_at:
        events.append(AuctionExtended(seq=seq.next(), at=now, end_at=after.end_at))
    action = LoggedAction(
        kind=ActionKind.BID,
        user_id=offer.bidder_id,
        amount_minor=offer.amount_minor,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
    )
    return Decision(
        state=replace(after, seq=seq.last), action=action, rows=(row,), events=tuple(events)
    )


def _led_by(state: AuctionState, best: Offer | None) -> AuctionState:
    return replace(state.led_by(_position(best)), best_offer=best)


def _position(best: Offer | None) -> Position | None:
    return Position(best.bidder_id, best.amount_minor, best.amount_minor) if best else None


def _row(offer: Offer, seq: int, *, led: bool) -> BidRow:
    return BidRow(
        bidder_id=offer.bidder_id,
        amount_minor=offer.amount_minor,
        auto=False,
        led=led,
        seq=seq,
        valid_from=offer.valid_from,
        valid_until=offer.valid_until,
    )


def _offer_event(row: BidRow, after: AuctionState, now: datetime) -> BidPlaced:
    return BidPlaced(
        seq=row.seq,
        at=now,
        bidder_id=row.bidder_id,
        amount_minor=row.amount_minor,
        total_bids=after.total_bids,
        leader_id=after.leader_id,
        price_minor=after.price_minor,
        min_next_minor=min_next(after),
        end_at=after.end_at,
        reserve_met=after.reserve_met,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _offer_again(state: AuctionState, action: PastAction) -> Offer:
    return Offer(
        bid_id=0,
        auction_id=state.auction_id,
        bidder_id=action.user_id,
        amount_minor=action.amount_minor,
        valid_from=action.valid_from,
        valid_until=action.valid_until,
    )
