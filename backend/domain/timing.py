"""What time decides: open or closed, how far a late bid moves the end, which warnings are due.

The instant always arrives as an argument; nothing here reads a clock.
Source: docs/bidding-rules.md R15, R40-R44, B1.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.auction import AuctionState

#: The finest step of an instant here and in the database: "just after" is one such step later.
INSTANT_STEP = timedelta(microseconds=1)


class Validity(StrEnum):
    """Where an instant lies relative to an offer's window (B1)."""

    PENDING = "pending"
    VALID = "valid"
    EXPIRED = "expired"


def has_started(start_at: datetime, now: datetime) -> bool:
    """R15: the starting instant itself is inside."""
    return start_at <= now


def has_ended(end_at: datetime, now: datetime) -> bool:
    """R15: the closing instant itself is too late."""
    return end_at <= now


def validity(valid_from: datetime | None, valid_until: datetime | None, now: datetime) -> Validity:
    """Return the state of a window at `now` (B1); both of its ends are inside, None is open."""
    if valid_until is not None and valid_until < now:
        return Validity.EXPIRED
    if valid_from is not None and now < valid_from:
        return Validity.PENDING
    return Validity.VALID


def in_force(valid_until: datetime | None, now: datetime) -> bool:
    """B2: whatever has not expired counts, a pending offer too."""
    return valid_until is None or now <= valid_until


def lapses_at(valid_until: datetime) -> datetime:
    """Return the first instant at which an offer no longer counts: its end is still inside."""
    return valid_until + INSTANT_STEP


def extended(state: AuctionState, now: datetime) -> AuctionState:
    """Return the state after a visible bid at `now`, its end moved if the bid was late.

    A moved end re-arms the warnings above which the remaining time is again (R44).
    """
    end_at = extended_end(state, now)
    if end_at == state.end_at:
        return state
    return replace(
        state,
        end_at=end_at,
        extension_count=state.extension_count + 1,
        warned_seconds=tuple(s for s in state.warned_seconds if warning_at(s, end_at) <= now),
    )


def extended_end(state: AuctionState, now: datetime) -> datetime:
    """Return the end after a visible bid at `now`; equal to the present one if nothing moves.

    R41: the window includes its first instant. R42: `reset` counts from the bid, `add` from the
    end; the total is cut at `total_seconds_max`. R43: the end never moves earlier.
    """
    rule = state.rules.soft_close
    if rule is None or state.end_at - now > timedelta(seconds=rule.window_seconds):
        return state.end_at
    if rule.extensions_max is not None and state.extension_count >= rule.extensions_max:
        return state.end_at
    counted_from = state.end_at if rule.mode == "add" else now
    moved = counted_from + timedelta(seconds=rule.extension_seconds)
    if rule.total_seconds_max is not None:
        total = timedelta(seconds=rule.total_seconds_max)
        moved = min(moved, state.rules.original_end_at + total)
    return max(state.end_at, moved)


def warning_at(seconds: int, end_at: datetime) -> datetime:
    """Return when a threshold is crossed: that many seconds before the end.

    In an auction shorter than that it lies before the start; the warning then comes with it.
    """
    return end_at - timedelta(seconds=seconds)


def warnings_due(state: AuctionState, now: datetime) -> tuple[int, ...]:
    """Return the thresholds not yet announced whose time has come, the longest first."""
    return tuple(s for s in _unannounced(state) if warning_at(s, state.end_at) <= now)


def next_warning_at(state: AuctionState) -> datetime | None:
    """Return when the next threshold not yet announced is crossed, None if all were."""
    unannounced = _unannounced(state)
    return warning_at(unannounced[0], state.end_at) if unannounced else None


def _unannounced(state: AuctionState) -> list[int]:
    thresholds = set(state.rules.ending_soon_seconds).difference(state.warned_seconds)
    return sorted(thresholds, reverse=True)
