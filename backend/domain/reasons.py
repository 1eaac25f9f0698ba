"""The refusal catalogue. Members stand in order of precedence: the first that applies answers.

Source: the guide's "Place Bid" error list, applied to both vocabularies (rule book 1.3).
A door turns a reason into its own words: apps/core/api_errors.py, apps/bidbazaar/errors.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Reason(StrEnum):
    """Why a command was refused; the facts each sentence needs are named in brackets."""

    NOT_AUTHENTICATED = "not_authenticated"
    NOT_FOUND = "not_found"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    INVALID_AMOUNT = "invalid_amount"
    INVALID_WINDOW = "invalid_window"
    FORBIDDEN = "forbidden"
    SELLER_CANNOT_BID = "seller_cannot_bid"
    BANNED = "banned"
    EMAIL_UNVERIFIED = "email_unverified"
    BLOCKED = "blocked"
    LINKED_ACCOUNT = "linked_account"
    DEPOSIT_NEEDED = "deposit_needed"
    ALREADY_SOLD = "already_sold"
    BID_NOT_FOUND = "bid_not_found"
    BID_OF_OTHER_AUCTION = "bid_of_other_auction"
    BID_EXPIRED = "bid_expired"
    BID_NOT_VALID_YET = "bid_not_valid_yet"
    NOT_STARTED = "not_started"
    ENDED = "ended"
    NOT_ACTIVE = "not_active"  # draft, cancelled or removed [status]
    NOT_ENDED = "not_ended"
    ALREADY_STARTED = "already_started"  # activate twice [status]
    HAS_BIDS = "has_bids"  # delete after the first bid
    WRONG_CLOSING = "wrong_closing"  # an auto-bid on an offers listing, a buy-now there
    BUY_NOW_UNAVAILABLE = "buy_now_unavailable"
    NO_AUTO_BID = "no_auto_bid"
    MAX_UNCHANGED = "max_unchanged"
    MAX_NOT_RAISED = "max_not_raised"
    BELOW_CURRENT_PRICE = "below_current_price"  # [price_minor]
    ALREADY_LEADING = "already_leading"
    BELOW_START = "below_start"  # [starting_minor, min_next_minor]
    BELOW_MINIMUM = "below_minimum"  # [min_next_minor, price_minor]
    NOTHING_TO_RETRACT = "nothing_to_retract"
    RETRACTION_WINDOW = "retraction_window"
    NOT_AN_UNDERBIDDER = "not_an_underbidder"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that changes nothing: its reason and the public facts of the sentence.

    Facts never hold another user's maximum or the reserve.
    """

    reason: Reason
    facts: Mapping[str, object] = field(default_factory=dict)


def refuse(reason: Reason, **facts: object) -> Refusal:
    """Return the refusal with the facts its sentence needs."""
    return Refusal(reason, facts)


class Refused(Exception):
    """Raised by a service, after its transaction, to carry a refusal to the door.

    `currency` is that of the auction, for the amounts among the facts.
    """

    def __init__(self, refusal: Refusal, currency: str = "") -> None:
        super().__init__(refusal.reason.value)
        self.refusal = refusal
        self.currency = currency
