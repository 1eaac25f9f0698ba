"""What the engine answers: a decision to be stored and told, or a refusal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from domain.auction import ActionKind, AuctionState, BidRow, Offer, Position
from domain.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedAction:
    """The accepted action as the private log keeps it, enough to replay it (5.3).

    `kind` is an ActionKind for what replays, else the command's own word (`retract`,
    `cancel_bids`, `block`, `end`, `sell`, `tick`, …). `removed` holds the log numbers that a
    retraction took out. The window is that of an offer.
    """

    kind: ActionKind | str
    user_id: int | None
    amount_minor: int = 0
    removed: tuple[int, ...] = ()
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What changes and what is told, all of it in one transaction.

    `rows` are appended to the visible bids. After a replay (`replayed` true) `rows` is the whole
    visible list instead and every standing row not in it is void. `auto_max_minor` maps a user to
    his new maximum, None for a deleted one; users not in it keep theirs.
    """

    state: AuctionState
    action: LoggedAction
    rows: tuple[BidRow, ...] = ()
    replayed: bool = False
    auto_max_minor: Mapping[int, int | None] = field(default_factory=dict)
    blocked_id: int | None = None
    sold_bid_id: int | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a log of actions comes to, played again from the first (5.3).

    `rows` is the whole visible list. `auto_max_minor` holds the live maxima and nobody else.
    """

    position: Position | None
    rows: tuple[BidRow, ...]
    auto_max_minor: Mapping[int, int] = field(default_factory=dict)
    best_offer: Offer | None = None
