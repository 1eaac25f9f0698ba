"""The auction's status machine: which moves are legal, and what ending means.

Source: docs/bidding-rules.md R15, R23, R26, R43, P7.
"""

from dataclasses import replace
from datetime import datetime

from domain.auction import AuctionState, Status
from domain.events import AuctionEnded, AuctionStarted, RoomSeq
from domain.reasons import Reason, Refusal, refuse
from domain.timing import has_ended, has_started

#: A finished auction stays finished; a later sale changes `sold`, not the status.
LEGAL_MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SCHEDULED, Status.ACTIVE, Status.CANCELLED, Status.REMOVED}),
    Status.SCHEDULED: frozenset({Status.ACTIVE, Status.CANCELLED, Status.REMOVED}),
    Status.ACTIVE: frozenset({Status.ENDED, Status.CANCELLED, Status.REMOVED}),
    Status.ENDED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.REMOVED: frozenset(),
}

FINISHED = frozenset(status for status, moves in LEGAL_MOVES.items() if not moves)


def move(old: Status, new: Status) -> Status:
    """Return `new`; an illegal move is a programmer's mistake, not a user's."""
    assert new in LEGAL_MOVES[old], f"{old} cannot become {new}"
    return new


def status_at(state: AuctionState, now: datetime) -> Status:
    """Return the status by the clock: an active auction is over at its end, closed or not."""
    if state.status is Status.ACTIVE and has_ended(state.end_at, now):
        return Status.ENDED
    return state.status


def unavailable(state: AuctionState, now: datetime) -> Refusal | None:
    """Refuse outside `[start, end)` and in every status but active (R15, check 7 of 1.3)."""
    status = status_at(state, now)
    if status is Status.ENDED:
        return refuse(Reason.ENDED)
    if status is Status.SCHEDULED:
        return refuse(Reason.NOT_STARTED)
    if status is not Status.ACTIVE:
        return refuse(Reason.NOT_ACTIVE, status=status.value)
    if not has_started(state.rules.start_at, now):
        return refuse(Reason.NOT_STARTED)
    return None


def opened(
    state: AuctionState, seq: RoomSeq, *, at: datetime, min_next_minor: int
) -> tuple[AuctionState, AuctionStarted]:
    """Return the auction active since `at`, and the event that says so."""
    active = replace(state, status=move(state.status, Status.ACTIVE), seq=seq.next())
    event = AuctionStarted(
        seq=active.seq, at=at, end_at=active.end_at, min_next_minor=min_next_minor
    )
    return active, event


def ended(
    state: AuctionState, seq: RoomSeq, *, at: datetime, end_at: datetime, winner_id: int | None
) -> tuple[AuctionState, AuctionEnded]:
    """Return the auction over since `end_at`, and the event that says so.

    Without a winner the final bid is still the price reached (R23). An auction that was over
    unsold may end again, sold (5.7, B7): the status does not move then.
    """
    over = replace(
        state,
        status=Status.ENDED if state.status is Status.ENDED else move(state.status, Status.ENDED),
        end_at=end_at,
        winner_id=winner_id,
        sold=winner_id is not None,
        final_minor=state.price_minor,
        seq=seq.next(),
    )
    event = AuctionEnded(
        seq=over.seq,
        at=at,
        winner_id=winner_id,
        final_bid_minor=over.final_minor,
        sold=over.sold,
        reserve_met=over.reserve_met,
        end_at=end_at,
    )
    return over, event
