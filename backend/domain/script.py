"""Scripted auctions as read from a file: settings and timed actions, checked field by field.

The format is that of docs/bidding-rules.md 8. Whatever is wrong raises ValueError with the
vector, the step and the field, since the file was written by hand.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Never

from domain.auction import Rules, SoftClose
from domain.commands import (
    BlockBidder,
    BuyNow,
    CancelAutoBid,
    CancelBids,
    Command,
    EndAuction,
    OfferSecondChance,
    PlaceBid,
    RetractBids,
    SetAutoBid,
    Tick,
)
from domain.increments import Increments
from domain.tables import SITE_TABLE, increments_of

#: Second 0 of every script. Any instant would do: all times of a script are relative.
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

#: Three centuries either way: room for an epoch's seconds, and for what is added to them.
SECONDS_MAX = 10**10

DEFAULT_SELLER = "S"
DEFAULT_END_SECONDS = 7 * 24 * 60 * 60

#: Who, in the `by` of an action, is the house and not a user.
STAFF = frozenset({"admin", "staff"})

Name = str | int


def instant(seconds: float) -> datetime:
    """Return a script's time as an instant."""
    return EPOCH + timedelta(seconds=seconds)


def seconds_of(at: datetime) -> float:
    """Return an instant as a script's time, a whole number where it is one."""
    seconds = (at - EPOCH) / timedelta(seconds=1)
    return int(seconds) if seconds.is_integer() else seconds


@dataclass
class Cast:
    """The users of a script: ids by name, in order of appearance."""

    ids: dict[Name, int] = field(default_factory=dict)

    def id_of(self, name: Name) -> int:
        """Return the id of a user, a new one at the first mention."""
        return self.ids.setdefault(name, len(self.ids) + 1)

    def name_of(self, user_id: int | None) -> Name | None:
        """Return the user's name as the script wrote it, None for nobody."""
        if user_id is None:
            return None
        return next(name for name, known in self.ids.items() if known == user_id)


@dataclass(frozen=True)
class Fields:
    """A mapping of the file whose fields are checked as they are read."""

    values: Mapping[str, Any]
    where: str

    def fail(self, name: str, problem: str) -> Never:
        """Raise ValueError for a field of this mapping."""
        raise ValueError(f"{self.where}, {name}: {problem}")

    def required(self, name: str) -> Any:
        """Return a field that must be there, of whatever type."""
        if name not in self.values:
            self.fail(name, "is missing")
        return self.values[name]

    def integer(self, name: str, default: int | None = None) -> int:
        """Return a whole number; without a default it must be there."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(name, f"must be an integer, not {value!r}")
        return value

    def optional_integer(self, name: str) -> int | None:
        """Return a whole number, None where there is none."""
        return None if self.values.get(name) is None else self.integer(name)

    def seconds(self, name: str, default: float | None = None) -> float:
        """Return a time or a length of time in seconds."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fail(name, f"must be a number of seconds, not {value!r}")
        if not abs(value) <= SECONDS_MAX:
            self.fail(name, f"{value!r} is beyond the calendar")
        return value

    def optional_seconds(self, name: str) -> float | None:
        """Return a length of time in seconds, None where there is none."""
        return None if self.values.get(name) is None else self.seconds(name)

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a boolean."""
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            self.fail(name, f"must be true or false, not {value!r}")
        return value

    def choice(self, name: str, *words: str) -> str:
        """Return one of these words, the first where none is given."""
        value = self.values.get(name, words[0])
        if value not in words:
            self.fail(name, f"must be one of {', '.join(words)}, not {value!r}")
        return str(value)

    def user(self, name: str, default: Name | None = None) -> Name:
        """Return a user's name."""
        value = self.values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, str | int):
            self.fail(name, f"must name a user, not {value!r}")
        return value

    def items(self, name: str) -> list[Any]:
        """Return a list, an empty one where none is given."""
        value = self.values.get(name) or []
        if not isinstance(value, list):
            self.fail(name, f"must be a list, not {value!r}")
        return value

    def inner(self, name: str) -> "Fields | None":
        """Return a mapping inside this one, None where there is none."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            self.fail(name, f"must be an object, not {value!r}")
        return Fields(value, f"{self.where}, {name}")


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


# -- settings -----------------------------------------------------------------------------------


def rules_of(settings: Fields, cast: Cast) -> Rules:
    """Return the auction's rules. Retraction defaults to eBay's, for there is no other door."""
    thresholds = settings.items("ending_soon")
    if not all(_is_integer(each) and abs(each) <= SECONDS_MAX for each in thresholds):
        settings.fail("ending_soon", f"must be a list of whole seconds, not {thresholds!r}")
    return Rules(
        seller_id=cast.id_of(settings.user("seller", DEFAULT_SELLER)),
        starting_minor=settings.integer("start_price"),
        increments=_increments(settings),
        start_at=instant(settings.seconds("start_time", 0)),
        original_end_at=instant(settings.seconds("end_time", DEFAULT_END_SECONDS)),
        strict=settings.choice("increment_rule", "inclusive", "strict") == "strict",
        tick_minor=settings.integer("tick", 1),
        reserve_minor=settings.optional_integer("reserve"),
        buy_now_minor=settings.optional_integer("buy_now"),
        buy_now_policy=settings.choice("buy_now_policy", "ebay", "price_below"),
        soft_close=_soft_close(settings),
        ending_soon_seconds=tuple(thresholds),
        allow_self_outbid=settings.flag("allow_self_outbid", default=True),
        allow_lower_max=settings.flag("allow_lower_max", default=True),
        retraction=settings.choice("retraction", "ebay", "none"),
    )


def _increments(settings: Fields) -> Increments:
    increment = settings.inner("increment") or Fields({"table": SITE_TABLE}, settings.where)
    if "fixed" in increment.values:
        return Increments.fixed(increment.integer("fixed"))
    try:
        return increments_of(increment.required("table"), settings.values.get("unit", ""))
    except (ValueError, TypeError) as problem:
        increment.fail("table", str(problem))


def _soft_close(settings: Fields) -> SoftClose | None:
    soft_close = settings.inner("soft_close")
    if soft_close is None:
        return None
    return SoftClose(
        window_seconds=soft_close.seconds("window"),
        extension_seconds=soft_close.seconds("extension"),
        mode=soft_close.choice("mode", "reset", "add"),
        total_seconds_max=soft_close.optional_seconds("max_total"),
        extensions_max=soft_close.optional_integer("max_extensions"),
    )


# -- actions ------------------------------------------------------------------------------------


def command_of(action: Fields, cast: Cast, seller: Name) -> Command:
    """Return the command that an action asks for."""
    op = action.required("op")
    if not isinstance(op, str) or op not in _COMMANDS:
        action.fail("op", f"must be one of {', '.join(_COMMANDS)}, not {op!r}")
    return _COMMANDS[op](action, cast, seller)


def _amount(action: Fields, name: str) -> int:
    """Return an amount; one that is no whole number becomes 0, which the engine refuses."""
    value = action.required(name)
    return value if _is_integer(value) else 0


def _user(action: Fields, cast: Cast) -> int:
    return cast.id_of(action.user("user"))


def _by(action: Fields, cast: Cast, seller: Name) -> dict[str, Any]:
    """Return who acts on the auction itself: its seller unless said otherwise, or the staff."""
    name = action.user("by", seller)
    return {"actor_id": cast.id_of(name), "is_staff": name in STAFF and name != seller}


_COMMANDS: dict[str, Callable[[Fields, Cast, Name], Command]] = {
    "bid": lambda action, cast, _: PlaceBid(
        actor_id=_user(action, cast), amount_minor=_amount(action, "amount")
    ),
    "auto": lambda action, cast, _: SetAutoBid(
        actor_id=_user(action, cast), max_minor=_amount(action, "max")
    ),
    "cancel_auto": lambda action, cast, _: CancelAutoBid(actor_id=_user(action, cast)),
    "retract": lambda action, cast, _: RetractBids(actor_id=_user(action, cast)),
    "cancel_bids": lambda action, cast, seller: CancelBids(
        bidder_id=_user(action, cast), **_by(action, cast, seller)
    ),
    "block": lambda action, cast, seller: BlockBidder(
        bidder_id=_user(action, cast), **_by(action, cast, seller)
    ),
    "buy_now": lambda action, cast, _: BuyNow(actor_id=_user(action, cast)),
    "end": lambda action, cast, seller: EndAuction(**_by(action, cast, seller)),
    "second_chance": lambda action, cast, seller: OfferSecondChance(
        bidder_id=_user(action, cast), **_by(action, cast, seller)
    ),
    "tick": lambda action, cast, seller: Tick(),
}
