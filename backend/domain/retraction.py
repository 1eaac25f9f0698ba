"""Bids taken back, by their bidder or by the seller: the rest of the log is played again.

Nothing is subtracted from a price: the surviving actions are replayed in their order, as if the
removed ones had never been made (docs/bidding-rules.md 5.1-5.5). The end does not move back.
The only decisions that cost more for an auction with more bids.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain import lifecycle
from domain.auction import ActionKind, AuctionState, PastAction, Standing
from domain.commands import CancelBids, RetractBids
from domain.decision import Decision, LoggedAction, Replay
from domain.events import BidRetracted, PriceRecomputed, RoomSeq
from domain.formats import format_of
from domain.reasons import Reason, Refusal, refuse

#: eBay's rules for bidders (5.1): in the last twelve hours only the last bid, only for an hour.
LAST_HOURS = timedelta(hours=12)
GRACE = timedelta(hours=1)

#: A lowering is not a bid: it is not retracted, and it survives the retraction of a bid (5.3).
BIDS = frozenset({ActionKind.BID, ActionKind.AUTO})


def retract(state: AuctionState, command: RetractBids, now: datetime) -> Decision | Refusal:
    """Decide a bidder's own retraction (5.1)."""
    user_id = command.user_id
    if state.rules.retraction == "none":
        return refuse(Reason.FORBIDDEN)
    unavailable = lifecycle.unavailable(state, now)
    if unavailable:
        return unavailable
    bids = _bids_of(state, user_id)
    if not bids:
        return refuse(Reason.NOTHING_TO_RETRACT)
    if state.end_at - now > LAST_HOURS:
        return _recompute(state, bids, now, user_id=user_id, kind="retract")
    if now - bids[-1].at > GRACE:
        return refuse(Reason.RETRACTION_WINDOW)
    return _recompute(state, bids[-1:], now, user_id=user_id, kind="retract")


def cancel_bids(state: AuctionState, command: CancelBids, now: datetime) -> Decision | Refusal:
    """Decide the cancellation of all bids of one bidder, who is blocked from then on (5.2)."""
    if command.actor_id != state.rules.seller_id and not command.is_staff:
        return refuse(Reason.FORBIDDEN)
    unavailable = lifecycle.unavailable(state, now)
    if unavailable:
        return unavailable
    bids = _bids_of(state, command.bidder_id)
    if not bids:
        return refuse(Reason.NOTHING_TO_RETRACT)
    decision = _recompute(state, bids, now, user_id=command.bidder_id, kind="cancel_bids")
    return replace(
        decision,
        state=decision.state.blocking(command.bidder_id),
        blocked_id=command.bidder_id,
    )


def _bids_of(state: AuctionState, user_id: int) -> list[PastAction]:
    return [action for action in _log(state) if action.user_id == user_id and action.kind in BIDS]


def _log(state: AuctionState) -> tuple[PastAction, ...]:
    assert state.past_actions is not None, "a retraction needs the auction's log"
    return state.past_actions


def _recompute(
    state: AuctionState, gone: list[PastAction], now: datetime, *, user_id: int, kind: str
) -> Decision:
    """Return the auction as the rest of the log leaves it.

    Replayed twice, with and without the removed bids: the difference is whose maximum changed,
    for all bidders, not only for those whose standings are loaded.
    """
    log = _log(state)
    removed = {action.number for action in gone}
    rest = tuple(action for action in log if action.number not in removed)
    rules_of_play = format_of(state.rules)
    before = rules_of_play.replay(state, log, now)
    after = rules_of_play.replay(state, rest, now)
    seq = RoomSeq(state.seq)
    retracted = BidRetracted(seq=seq.next(), at=now, user_id=user_id)
    recomputed = replace(
        state.led_by(after.position),
        total_bids=len(after.rows),
        best_offer=after.best_offer,
        past_actions=rest,
        standings=_standings(state, after),
        seq=seq.next(),
    )
    told = PriceRecomputed(
        seq=recomputed.seq,
        at=now,
        leader_id=recomputed.leader_id,
        price_minor=recomputed.price_minor,
        min_next_minor=rules_of_play.min_next(recomputed),
        total_bids=recomputed.total_bids,
        reserve_met=recomputed.reserve_met,
    )
    return Decision(
        state=recomputed,
        action=LoggedAction(kind=kind, user_id=user_id, removed=tuple(sorted(removed))),
        rows=after.rows,
        replayed=True,
        auto_max_minor=_changed(before.auto_max_minor, after.auto_max_minor),
        events=(retracted, told),
    )


def _changed(before: Mapping[int, int], after: Mapping[int, int]) -> dict[int, int | None]:
    users = before.keys() | after.keys()
    return {user: after.get(user) for user in users if before.get(user) != after.get(user)}


def _standings(state: AuctionState, after: Replay) -> dict[int, Standing]:
    highest: dict[int, int] = {}
    for row in after.rows:
        highest[row.bidder_id] = max(highest.get(row.bidder_id, 0), row.amount_minor)
    return {
        user_id: replace(
            standing,
            auto_max_minor=after.auto_max_minor.get(user_id),
            highest_visible_minor=highest.get(user_id),
        )
        for user_id, standing in state.standings.items()
    }
