"""What the demo's texts are made of: people, categories, things for sale and their stories.

Amounts are hundreds of minor units (12.5 is 1250 of them), so that they make sense in any
currency. Times count from the moment of loading; those in the past are negative.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Person:
    """An account and its profile."""

    username: str
    full_name: str
    location: str
    timezone: str
    look: str  # of the portrait: hair style, hair, skin, extras
    bio: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category: its children as (slug, name), and the increment table of all of them."""

    slug: str
    name: str
    children: tuple[tuple[str, str], ...]
    increment_table: str = ""


class Fate(StrEnum):
    """What becomes of a listing besides what its times say."""

    CLOCK = "clock"
    DRAFT = "draft"
    BOUGHT = "bought"  # at the fixed price
    ENDED_EARLY = "ended_early"  # by its seller
    CANCELLED = "cancelled"  # by its seller, before the first bid
    STOPPED = "stopped"  # cancelled by staff


@dataclass(frozen=True, slots=True)
class Part:
    """A lot: one of several things in a listing."""

    title: str
    low: float
    high: float
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class OfferMade:
    """A bid with a validity window on a listing whose seller chooses; `taken` is the chosen one."""

    bidder: str
    amount: float
    made: timedelta
    lasts: timedelta
    taken: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something for sale and how bidding on it went.

    `worth` is about where the bids end, `who` surely takes part, `leader` bids last and highest.
    With `offers` (even none of them) its seller chooses; without, the clock decides.
    """

    title: str
    category: str
    seller: str
    kind: str
    colour: str
    text: str
    start: float
    opens: timedelta
    ends: timedelta
    pictures: int = 2
    condition: str = "used"
    worth: float = 0
    bids: int = 0
    who: tuple[str, ...] = ()
    leader: str = ""
    currency: str = ""
    increment: float | None = None
    reserve: float | None = None
    buy_now: float | None = None
    fate: Fate = Fate.CLOCK
    reason: str = ""
    offers: tuple[OfferMade, ...] | None = None
    parts: tuple[Part, ...] = ()

    @property
    def description(self) -> str:
        """The text in paragraphs, its line breaks removed."""
        return paragraphs(self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What the live market lists again and again: a title and a text with a {colour} in them.

    A {number} makes the title the only one of its kind.
    """

    title: str
    category: str
    kind: str
    colours: tuple[tuple[str, str], ...]  # name, six hexadecimal digits
    start: float
    text: str


def paragraphs(text: str) -> str:
    """Return a text in paragraphs, its line breaks removed."""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def minutes(count: float) -> timedelta:
    """Return so many minutes."""
    return timedelta(minutes=count)


def hours(count: float) -> timedelta:
    """Return so many hours."""
    return timedelta(hours=count)


def days(count: float) -> timedelta:
    """Return so many days."""
    return timedelta(days=count)
