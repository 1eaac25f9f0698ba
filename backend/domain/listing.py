"""What a listing may promise, and what of it may still be changed: rules before the first bid.

Amounts are minor units; instants are aware UTC. Problems are told by the name of the field here;
a door turns the names into its own.
Source: docs/bidding-rules.md R26, R27; the register of docs/decisions.md 22-26.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.auction import Closing, SoftClose, Status
from domain.lifecycle import FINISHED

#: What its seller may still change once there is a bid (register 23).
OPEN_AFTER_BIDS = frozenset({"title", "description"})

#: What bidders rely on as soon as they can see the listing.
FIXED_ONCE_PUBLISHED = frozenset({"closing", "currency"})


class InvalidTerms(Exception):
    """A listing that cannot be kept as asked: a sentence for each field that is to blame."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {text}" for field, text in problems.items()))
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The house's own bounds, from the settings."""

    duration_seconds_min: int
    duration_seconds_max: int
    start_ahead_seconds_max: int
    buy_now_percent_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a seller fixes. Without `end_at` it ends `duration_seconds` after its start."""

    closing: Closing
    starting_minor: int
    minimum_increment_minor: int | None
    reserve_minor: int | None
    buy_now_minor: int | None
    soft_close: SoftClose | None
    start_at: datetime | None
    end_at: datetime | None
    duration_seconds: int | None


def price_problems(terms: Terms, limits: Limits) -> dict[str, str]:
    """R27: a reserve lies above the start, a fixed price well above both."""
    if terms.closing is Closing.SELLER_CHOICE:
        return _not_for_offers(terms)
    problems: dict[str, str] = {}
    reserve, buy_now = terms.reserve_minor, terms.buy_now_minor
    if reserve is not None and reserve <= terms.starting_minor:
        problems["reserve_minor"] = "must be greater than the starting price"
    if buy_now is not None:
        percent = limits.buy_now_percent_min
        if buy_now * 100 < terms.starting_minor * percent:
            problems["buy_now_minor"] = f"must be at least {percent} % of the starting price"
        elif reserve is not None and buy_now <= reserve:
            problems["buy_now_minor"] = "must be greater than the reserve price"
    return problems


def _not_for_offers(terms: Terms) -> dict[str, str]:
    """Offers compete by amount alone: the guide knows no increment, reserve or extension."""
    given = {
        "minimum_increment_minor": terms.minimum_increment_minor,
        "reserve_minor": terms.reserve_minor,
        "buy_now_minor": terms.buy_now_minor,
        "soft_close": terms.soft_close,
    }
    return {
        name: "does not apply when the seller chooses among offers; leave it out"
        for name, value in given.items()
        if value is not None
    }


def schedule_problems(terms: Terms, limits: Limits, now: datetime) -> dict[str, str]:
    """Register 25: a start that has passed means now; the end is what must make sense."""
    start = max(terms.start_at or now, now)
    if start - now > timedelta(seconds=limits.start_ahead_seconds_max):
        days = limits.start_ahead_seconds_max // 86_400
        return {"start_at": f"must be within {days} days from now"}
    if terms.end_at is None:
        return {}
    if terms.start_at is not None and terms.end_at <= terms.start_at:
        return {"end_at": "must be after the start"}
    if terms.end_at <= now:
        return {"end_at": "must be in the future"}
    return _duration_problems(terms.end_at, start, limits)


def _duration_problems(end: datetime, start: datetime, limits: Limits) -> dict[str, str]:
    seconds = (end - start).total_seconds()
    if seconds < limits.duration_seconds_min:
        return {"end_at": f"must be at least {limits.duration_seconds_min} s after the start"}
    if seconds > limits.duration_seconds_max:
        days = limits.duration_seconds_max // 86_400
        return {"end_at": f"must be at most {days} days after the start"}
    return {}


def frozen_problems(changed: Iterable[str], status: Status, *, has_bids: bool) -> dict[str, str]:
    """Return what may no longer be changed, of the fields that would change (register 23)."""
    return {name: text for name in changed if (text := _frozen(name, status, has_bids=has_bids))}


def _frozen(name: str, status: Status, *, has_bids: bool) -> str | None:
    if status in FINISHED:
        return f"can no longer be changed: the auction is {status.value}"
    if has_bids and name not in OPEN_AFTER_BIDS:
        return "cannot be changed after the first bid"
    if status is not Status.DRAFT and name in FIXED_ONCE_PUBLISHED:
        return "cannot be changed once the auction is published"
    if status is Status.ACTIVE and name == "start_at":
        return "cannot be changed: the auction has started"
    return None


def description_problems(old: str, new: str, *, has_bids: bool) -> dict[str, str]:
    """Register 23: bidders have read the description; after the first bid it only grows."""
    if has_bids and not new.startswith(old):
        return {
            "description": "can only be added to after the first bid: "
            "keep the present text and write below it"
        }
    return {}
