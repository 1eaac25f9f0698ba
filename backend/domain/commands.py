"""What a door may ask of one auction. Every command goes through the auction's desk.

Amounts are minor units of the auction's currency; instants are aware UTC.
`actor_id` is the user who asks (None: the house itself, such as the closer).
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What every command carries.

    `session_id` is the login session the door authenticated, checked again inside the
    transaction; None for a caller that is trusted already. `request_key` is the caller's
    Idempotency-Key or request_id.
    """

    actor_id: int | None
    session_id: str | None = None
    request_key: str | None = None
    is_staff: bool = False

    @property
    def user_id(self) -> int:
        """Return the acting user of a command that the house itself never gives."""
        assert self.actor_id is not None, f"{type(self).__name__} needs an actor"
        return self.actor_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceBid(Command):
    """A manual bid at face value (R7, R13). `is_offer_shaped`: asked with a validity window.

    `valid_from` and `valid_until` are None on the roadmap's door: on an offers listing such a
    bid is valid from now to the listing's end (register 8); on a timed one the window is moot.
    """

    amount_minor: int
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAutoBid(Command):
    """Set, raise or lower one's secret maximum (R8-R10)."""

    max_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAutoBid(Command):
    """Delete one's maximum: lower it to one's own highest visible bid (R9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyNow(Command):
    """Buy at the fixed price while it is offered (R26-R29)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetractBids(Command):
    """Withdraw one's own bids within the retraction rules (R17, 5.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelBids(Command):
    """Seller or staff void every bid of one bidder, who is blocked from then on (5.2)."""

    bidder_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockBidder(Command):
    """Seller refuses a bidder's future bids; standing bids stay (section 4)."""

    bidder_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAuction(Command):
    """Seller or staff end early: settle with the leader, reserve permitting (5.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAuction(Command):
    """Seller before the first bid, staff at any time: nothing is sold."""

    reason: str = ""
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateAuction(Command):
    """Seller opens a draft: active now, or scheduled when its start lies ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SellToBid(Command):
    """Seller accepts one bid (B7), ends a timed auction early in its favour (register 9)."""

    bid_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSecondChance(Command):
    """Seller offers an ended auction to an underbidder at his own highest bid (5.7)."""

    bidder_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Command):
    """Let time pass: open, warn, announce lapsed offers, close what is due."""

    actor_id: None = None
