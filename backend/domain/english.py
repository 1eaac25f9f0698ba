"""The English auction with proxy bidding: manual bids, secret maxima, reserve and buy-now.

This module is a format (domain/formats.py): highest cap leads, the earlier on a tie; the clock
ends it, the reserve permitting. Rules read as flat lists, one check per line, in the order of
docs/bidding-rules.md 1.3. Amounts are minor units; instants are aware UTC.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain import admission, lifecycle, proxy, timing
from domain.auction import ActionKind, AuctionState, BidRow, PastAction, Position, Rules
from domain.commands import BuyNow, CancelAutoBid, PlaceBid, SetAutoBid
from domain.decision import Decision, LoggedAction, Replay
from domain.events import (
    AuctionExtended,
    AutoBidTriggered,
    BidPlaced,
    BoughtNow,
    Event,
    QuietChange,
    ReserveMet,
    RoomSeq,
    UserOutbid,
)
from domain.proxy import Contest
from domain.reasons import Reason, Refusal, refuse


def min_next(state: AuctionState) -> int:
    """Return the least acceptable next amount: R5, R12 and, under the strict rule, 1.5."""
    rules = state.rules
    if state.price_minor is None:
        return rules.starting_minor
    step = rules.increments.at(state.price_minor)
    return state.price_minor + step + (rules.tick_minor if rules.strict else 0)


def winner_id(state: AuctionState) -> int | None:
    """Return who wins if it ends now: the leader, if the reserve is met (R23)."""
    return state.leader_id if state.reserve_met else None


def next_lapse_at(state: AuctionState) -> datetime | None:
    """Nothing lapses: a bid stands to the end (R17)."""
    return None


def let_lapse(state: AuctionState, seq: RoomSeq, at: datetime) -> tuple[AuctionState, list[Event]]:
    """Nothing lapses."""
    return state, []


# -- manual bids --------------------------------------------------------------------------------


def place_bid(state: AuctionState, command: PlaceBid, now: datetime) -> Decision | Refusal:
    """Decide a manual bid, taken at face value (R7, R11, R13)."""
    user_id, amount = command.user_id, command.amount_minor
    refusal = (
        admission.invalid_amount(amount)
        or admission.invalid_window(command.valid_from, command.valid_until)
        or admission.inadmissible(state, user_id)
        or lifecycle.unavailable(state, now)
        or _already_leading(state, user_id)
        or _too_low(state, amount)
    )
    if refusal:
        return refusal
    position = state.position
    contest = proxy.manual_bid(state.rules, position, user_id=user_id, amount_minor=amount)
    action = LoggedAction(
        kind=ActionKind.BID,
        user_id=user_id,
        amount_minor=amount,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
    )
    return _record(state, contest, action, now)


def _already_leading(state: AuctionState, user_id: int) -> Refusal | None:
    if state.rules.allow_self_outbid or user_id != state.leader_id:
        return None
    return refuse(Reason.ALREADY_LEADING)


def _too_low(state: AuctionState, amount_minor: int) -> Refusal | None:
    """Checks 8 and 9: the starting price before the first bid, `min_next` from then on."""
    least = min_next(state)
    if amount_minor >= least:
        return None
    if state.price_minor is None:
        starting = state.rules.starting_minor
        return refuse(Reason.BELOW_START, starting_minor=starting, min_next_minor=least)
    return refuse(Reason.BELOW_MINIMUM, min_next_minor=least, price_minor=state.price_minor)


# -- maxima -------------------------------------------------------------------------------------


def set_auto_bid(state: AuctionState, command: SetAutoBid, now: datetime) -> Decision | Refusal:
    """Decide a maximum: the leader changes his own (R8, R9), anybody else bids with it (R10)."""
    user_id, amount = command.user_id, command.max_minor
    position = state.position
    own = position if position and position.leader_id == user_id else None
    refusal = (
        admission.invalid_amount(amount)
        or admission.inadmissible(state, user_id)
        or lifecycle.unavailable(state, now)
        or (_bad_own_maximum(state.rules, own, amount) if own else _too_low(state, amount))
    )
    if refusal:
        return refusal
    contest = proxy.maximum(state.rules, position, user_id=user_id, amount_minor=amount)
    lowers = own is not None and amount < own.cap_minor
    kind = ActionKind.LOWER if lowers else ActionKind.AUTO
    action = LoggedAction(kind=kind, user_id=user_id, amount_minor=amount)
    return _record(state, contest, action, now, auto_max_minor={user_id: amount})


def _bad_own_maximum(rules: Rules, own: Position, amount_minor: int) -> Refusal | None:
    """R9, measured by what the leader is committed to, be it by a maximum or a manual bid."""
    if amount_minor == own.cap_minor:
        return refuse(Reason.MAX_UNCHANGED)
    if amount_minor < own.cap_minor and not rules.allow_lower_max:
        return refuse(Reason.MAX_NOT_RAISED)
    if amount_minor < own.price_minor:
        return refuse(Reason.BELOW_CURRENT_PRICE, price_minor=own.price_minor)
    return None


def cancel_auto_bid(
    state: AuctionState, command: CancelAutoBid, now: datetime
) -> Decision | Refusal:
    """Decide the deletion of one's maximum: lowered to one's own highest visible bid (R9).

    Committing to less is no bid, so that a blocked bidder may still do it.
    """
    user_id = command.user_id
    refusal = lifecycle.unavailable(state, now) or _no_auto_bid(state, user_id)
    if refusal:
        return refusal
    shown = state.standing(user_id).highest_visible_minor or 0
    contest = Contest(proxy.lowered(state.position, user_id, shown))
    action = LoggedAction(kind=ActionKind.CANCEL_AUTO, user_id=user_id, amount_minor=shown)
    return _record(state, contest, action, now, auto_max_minor={user_id: None})


def _no_auto_bid(state: AuctionState, user_id: int) -> Refusal | None:
    if state.standing(user_id).auto_max_minor is not None:
        return None
    return refuse(Reason.NO_AUTO_BID)


# -- buy-now ------------------------------------------------------------------------------------


def buy_now_available(state: AuctionState) -> bool:
    """R26: until the first bid or, where there is a reserve, until it is met.

    R28: under `price_below`, while the shown price is below it, whatever the hidden cap.
    """
    rules = state.rules
    if rules.buy_now_minor is None:
        return False
    if rules.buy_now_policy == "price_below":
        return state.price_minor is None or state.price_minor < rules.buy_now_minor
    if rules.reserve_minor is None:
        return state.leader_id is None
    return not state.reserve_met


def buy_now(state: AuctionState, command: BuyNow, now: datetime) -> Decision | Refusal:
    """Decide a purchase at the fixed price, which ends the auction at once (R26-R28).

    Whoever led is told that he does no more.
    """
    user_id, amount = command.user_id, state.rules.buy_now_minor
    refusal = admission.inadmissible(state, user_id) or lifecycle.unavailable(state, now)
    if refusal:
        return refusal
    if amount is None or not buy_now_available(state):
        return refuse(Reason.BUY_NOW_UNAVAILABLE)
    # The purchase is a row of the bid list, told by `buy_now` instead of `bid_placed`.
    seq = RoomSeq(state.seq)
    row = BidRow(bidder_id=user_id, amount_minor=amount, auto=False, led=True, seq=seq.next())
    told = BoughtNow(seq=row.seq, at=now, user_id=user_id, amount_minor=amount)
    bought = replace(
        state.led_by(Position(user_id, amount, amount)),
        total_bids=state.total_bids + 1,
        standings=state.standings_after((row,), {}),
    )
    outbid_id = None if state.leader_id == user_id else state.leader_id
    aftermath = _aftermath(state, bought, seq, now, outbid_id=outbid_id)
    sold, ended = lifecycle.ended(bought, seq, at=now, end_at=now, winner_id=user_id)
    return Decision(
        state=sold,
        action=LoggedAction(kind="buy_now", user_id=user_id, amount_minor=amount),
        rows=(row,),
        events=(told, *aftermath, ended),
    )


# -- what a contest leaves behind ---------------------------------------------------------------


def _record(
    state: AuctionState,
    contest: Contest,
    action: LoggedAction,
    now: datetime,
    *,
    auto_max_minor: dict[int, int | None] | None = None,
) -> Decision:
    """Turn a contest into a decision: next state, rows, and their events (section 7)."""
    changed = auto_max_minor or {}
    seq = RoomSeq(state.seq)
    rows = tuple(_row(visible, contest, action, seq) for visible in contest.rows)
    after = replace(
        state.led_by(contest.position),
        total_bids=state.total_bids + len(rows),
        standings=state.standings_after(rows, changed),
    )
    if rows:
        after = timing.extended(after, now)
    events = (
        *_row_events(rows, after, now),
        *_aftermath(state, after, seq, now, outbid_id=contest.outbid_id),
    )
    return Decision(
        state=replace(after, seq=seq.last),
        action=action,
        rows=rows,
        auto_max_minor=changed,
        events=events or (QuietChange(seq=seq.last, at=now),),
    )


def _row(visible: proxy.Visible, contest: Contest, action: LoggedAction, seq: RoomSeq) -> BidRow:
    """Return the row to store; a window asked for is kept, though moot here (register 8)."""
    return BidRow(
        bidder_id=visible.bidder_id,
        amount_minor=visible.amount_minor,
        auto=visible.auto,
        led=contest.leads(visible.bidder_id),
        seq=seq.next(),
        valid_from=None if visible.auto else action.valid_from,
        valid_until=None if visible.auto else action.valid_until,
    )


def _row_events(rows: tuple[BidRow, ...], after: AuctionState, now: datetime) -> list[Event]:
    """Return the one message of each row, which counts the rows up to itself."""
    before = after.total_bids - len(rows)
    return [_row_event(row, after, before + nth, now) for nth, row in enumerate(rows, start=1)]


def _aftermath(
    before: AuctionState,
    after: AuctionState,
    seq: RoomSeq,
    now: datetime,
    *,
    outbid_id: int | None,
) -> list[Event]:
    """Return what follows the rows: reserve_met (R22), user_outbid, auction_extended."""
    events: list[Event] = []
    if after.rules.reserve_minor is not None and after.reserve_met and not before.reserve_met:
        events.append(ReserveMet(seq=seq.next(), at=now))
    if outbid_id is not None and after.price_minor is not None:
        price = after.price_minor
        events.append(UserOutbid(seq=seq.last, at=now, user_id=outbid_id, new_bid_minor=price))
    if after.end_at != before.end_at:
        events.append(AuctionExtended(seq=seq.next(), at=now, end_at=after.end_at))
    return events


def _row_event(row: BidRow, after: AuctionState, total_bids: int, now: datetime) -> Event:
    """Return the message of a row: its place in the list, then where the whole action led."""
    if row.auto:
        return AutoBidTriggered(
            seq=row.seq,
            at=now,
            auto_bidder_id=row.bidder_id,
            amount_minor=row.amount_minor,
            total_bids=total_bids,
            leader_id=after.leader_id,
            price_minor=after.price_minor,
            min_next_minor=min_next(after),
            end_at=after.end_at,
            reserve_met=after.reserve_met,
        )
    return BidPlaced(
        seq=row.seq,
        at=now,
        bidder_id=row.bidder_id,
        amount_minor=row.amount_minor,
        total_bids=total_bids,
        leader_id=after.leader_id,
        price_minor=after.price_minor,
        min_next_minor=min_next(after),
        end_at=after.end_at,
        reserve_met=after.reserve_met,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


# -- replay -------------------------------------------------------------------------------------


def replay(state: AuctionState, actions: Sequence[PastAction], now: datetime) -> Replay:
    """Play a log again through the same table, without the checks of its day (5.3).

    Each row keeps the place its action had in the bid list.
    """
    position: Position | None = None
    maxima: dict[int, int] = {}
    rows: list[BidRow] = []
    for action in actions:
        contest = _again(state.rules, position, action)
        position = contest.position
        _note_maximum(maxima, action)
        seq = RoomSeq(action.seq)
        logged = LoggedAction(
            kind=action.kind,
            user_id=action.user_id,
            valid_from=action.valid_from,
            valid_until=action.valid_until,
        )
        rows += [_row(visible, contest, logged, seq) for visible in contest.rows]
    return Replay(position=position, rows=tuple(rows), auto_max_minor=maxima)


def _again(rules: Rules, position: Position | None, action: PastAction) -> Contest:
    user_id, amount = action.user_id, action.amount_minor
    if action.kind is ActionKind.BID:
        return proxy.manual_bid(rules, position, user_id=user_id, amount_minor=amount)
    if action.kind is ActionKind.AUTO:
        return proxy.maximum(rules, position, user_id=user_id, amount_minor=amount)
    return Contest(proxy.lowered(position, user_id, amount))


def _note_maximum(maxima: dict[int, int], action: PastAction) -> None:
    """Keep the live maxima; a lowering whose maximum was retracted lowers nothing."""
    if action.kind is ActionKind.AUTO:
        maxima[action.user_id] = action.amount_minor
    elif action.kind is ActionKind.LOWER and action.user_id in maxima:
        maxima[action.user_id] = min(maxima[action.user_id], action.amount_minor)
    elif action.kind is ActionKind.CANCEL_AUTO:
        maxima.pop(action.user_id, None)
