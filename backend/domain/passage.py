"""What the mere passage of time does: open, warn, let offers lapse, close.

The engine has no clock: somebody sends `Tick` at `now`, and `next_due_at` tells when it is worth
while. However late it comes, what it finds is stamped with the instant at which it was due.
Source: docs/bidding-rules.md R15, R23, R44, B2.
"""

from dataclasses import replace
from datetime import datetime

from domain import lifecycle, timing
from domain.auction import AuctionState, Status
from domain.commands import Tick
from domain.decision import Decision, LoggedAction
from domain.events import AuctionEndingSoon, Event, RoomSeq
from domain.formats import format_of


def tick(state: AuctionState, command: Tick, now: datetime) -> Decision:
    """Do all that was due by `now`; nothing due gives no events and the same state."""
    seq = RoomSeq(state.seq)
    events: list[Event] = []
    if state.status is Status.SCHEDULED and timing.has_started(state.rules.start_at, now):
        least = format_of(state.rules).min_next(state)
        state, started = lifecycle.opened(state, seq, at=state.rules.start_at, min_next_minor=least)
        events.append(started)
    if state.status is Status.ACTIVE:
        state, passed = (
            _close(state, seq) if timing.has_ended(state.end_at, now) else _pass(state, seq, now)
        )
        events += passed
    return Decision(
        state=state, action=LoggedAction(kind="tick", user_id=None), events=tuple(events)
    )


def next_due_at(state: AuctionState) -> datetime | None:
    """Return the earliest instant at which Tick would do something, None if it never will.

    It may lie in the past: then a Tick is overdue.
    """
    if state.status is Status.SCHEDULED:
        return state.rules.start_at
    if state.status is not Status.ACTIVE:
        return None
    due = (
        state.end_at,
        timing.next_warning_at(state),
        format_of(state.rules).next_lapse_at(state),
    )
    return min(at for at in due if at is not None)


def _close(state: AuctionState, seq: RoomSeq) -> tuple[AuctionState, list[Event]]:
    """Close at the end, whenever that is noticed. Warnings missed until now help nobody."""
    winner_id = format_of(state.rules).winner_id(state)
    over, event = lifecycle.ended(
        state, seq, at=state.end_at, end_at=state.end_at, winner_id=winner_id
    )
    return over, [event]


def _pass(state: AuctionState, seq: RoomSeq, now: datetime) -> tuple[AuctionState, list[Event]]:
    """Let offers lapse and warn of the end, each threshold once for the present end (R44)."""
    state, events = format_of(state.rules).let_lapse(state, seq, now)
    crossed = timing.warnings_due(state, now)
    for seconds in crossed:
        at = max(timing.warning_at(seconds, state.end_at), state.rules.start_at)
        events.append(AuctionEndingSoon(seq=seq.next(), at=at, seconds_remaining=seconds))
    if crossed:
        state = replace(state, warned_seconds=(*state.warned_seconds, *crossed), seq=seq.last)
    return state, events
