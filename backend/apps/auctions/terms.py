"""A listing's terms in plain words, and their place in its row. No query is made here.

Amounts are minor units, instants aware UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypedDict

from django.conf import settings

from apps.auctions.models import Auction, Lot
from apps.auctions.states import soft_close_of
from apps.core.tunables import tunable
from domain.auction import Closing, SoftClose


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLot:
    """An item inside a listing; `lot_number` None: its place in the list."""

    title: str
    lot_number: int | None = None
    description: str = ""
    quantity: int = 1
    condition: str = "new"
    estimate_low_minor: int | None = None
    estimate_high_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAuction:
    """What a seller asks for; None takes the house's default.

    `listed`: published at once, open and over by its dates alone, past ones too (the guide's
    products); else a draft. `hard_close`: no extension even where the house extends.
    """

    title: str
    starting_minor: int
    currency: str
    description: str = ""
    category_id: int | None = None
    condition: str = "new"
    closing: Closing = Closing.TIMED
    minimum_increment_minor: int | None = None
    increment_strict: bool | None = None
    reserve_minor: int | None = None
    buy_now_minor: int | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    duration_seconds: int | None = None
    soft_close: SoftClose | None = None
    hard_close: bool = False
    lots: tuple[NewLot, ...] = ()
    listed: bool = False


class AuctionChanges(TypedDict, total=False):
    """What a seller wants changed: the fields sent, each with its new value (None clears it)."""

    title: str
    description: str
    category_id: int | None
    condition: str
    closing: Closing
    currency: str
    starting_minor: int
    minimum_increment_minor: int | None
    increment_strict: bool | None
    reserve_minor: int | None
    buy_now_minor: int | None
    start_at: datetime | None
    end_at: datetime | None
    duration_seconds: int | None
    soft_close: SoftClose | None
    lots: tuple[NewLot, ...]


#: Columns the functions below and a plain copy write; the others belong to bidding.
TERM_COLUMNS = (
    "title",
    "description",
    "category_id",
    "condition",
    "closing",
    "currency",
    "starting_minor",
    "minimum_increment_minor",
    "increment_table",
    "increment_strict",
    "reserve_minor",
    "buy_now_minor",
    "soft_close_window_seconds",
    "soft_close_extension_seconds",
    "soft_close_mode",
    "soft_close_total_seconds_max",
    "soft_close_extensions_max",
    "duration_seconds",
    "start_at",
    "original_end_at",
    "end_at",
)


def present_terms(auction: Auction, lots: Sequence[Lot]) -> dict[str, Any]:
    """Return a row in the words of AuctionChanges."""
    offers = auction.closing == Closing.SELLER_CHOICE
    return {
        "title": auction.title,
        "description": auction.description,
        "category_id": auction.category_id,
        "condition": auction.condition,
        "closing": Closing(auction.closing),
        "currency": auction.currency,
        "starting_minor": auction.starting_minor,
        "minimum_increment_minor": None if offers else auction.minimum_increment_minor,
        "increment_strict": auction.increment_strict,
        "reserve_minor": auction.reserve_minor,
        "buy_now_minor": auction.buy_now_minor,
        "start_at": auction.start_at,
        "end_at": auction.end_at,
        "duration_seconds": auction.duration_seconds,
        "soft_close": soft_close_of(auction),
        "lots": tuple(_as_new(lot) for lot in lots),
    }


def _as_new(lot: Lot) -> NewLot:
    return NewLot(**{name: getattr(lot, name) for name in NewLot.__dataclass_fields__})


def house_soft_close(closing: Closing) -> SoftClose | None:
    """R40: the house extends timed auctions, and never offers."""
    if closing is Closing.SELLER_CHOICE:
        return None
    return SoftClose(
        window_seconds=tunable("SOFT_CLOSE_WINDOW_SECONDS"),
        extension_seconds=tunable("SOFT_CLOSE_EXTENSION_SECONDS"),
    )


def set_increment(
    auction: Auction, minimum_minor: int | None, *, strict: bool | None, table: str
) -> None:
    """Rule book 1.4 and 1.5: an own increment, strict unless said otherwise, else the table's.

    Offers compete by amount alone: each must exceed the highest in force.
    """
    if auction.closing == Closing.SELLER_CHOICE:
        minimum_minor, strict = 0, True
    own = minimum_minor is not None
    auction.minimum_increment_minor = minimum_minor
    auction.increment_table = "" if own else table or settings.INCREMENT_TABLE
    auction.increment_strict = own if strict is None else strict


def set_soft_close(auction: Auction, soft_close: SoftClose | None) -> None:
    """Store a soft close; None stores a hard one."""
    closing = soft_close or SoftClose(window_seconds=0, extension_seconds=0)
    total = closing.total_seconds_max
    auction.soft_close_window_seconds = int(closing.window_seconds)
    auction.soft_close_extension_seconds = int(closing.extension_seconds)
    auction.soft_close_mode = closing.mode
    auction.soft_close_total_seconds_max = None if total is None else int(total)
    auction.soft_close_extensions_max = closing.extensions_max


def set_schedule(
    auction: Auction,
    *,
    start_at: datetime | None,
    end_at: datetime | None,
    duration_seconds: int | None,
) -> None:
    """Register 25: a draft keeps what it was told; activating it fixes the rest."""
    auction.start_at = start_at
    auction.end_at = auction.original_end_at = end_at
    if end_at is None:
        duration_seconds = duration_seconds or settings.AUCTION_DURATION_SECONDS
    auction.duration_seconds = duration_seconds
