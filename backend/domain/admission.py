"""The checks that every bid-like command meets first, in every format (docs/bidding-rules.md 1.3).

Each answers a refusal or None, so that a format's rules read as one `or`-list in their order.
"""

from datetime import datetime

from domain.auction import AuctionState
from domain.reasons import Reason, Refusal, refuse


def invalid_amount(amount_minor: int) -> Refusal | None:
    """Check 3: an amount is a positive whole number of minor units."""
    return refuse(Reason.INVALID_AMOUNT) if amount_minor <= 0 else None


def invalid_window(valid_from: datetime | None, valid_until: datetime | None) -> Refusal | None:
    """Check 4: a window ends after it begins; it may lie wholly in the past (B4)."""
    if valid_from is None or valid_until is None:
        return None
    return refuse(Reason.INVALID_WINDOW) if valid_until <= valid_from else None


#: What a standing may say against a bidder -> why he is refused; the first that holds answers.
_SHUT_OUT = (
    ("banned", Reason.BANNED),
    ("unverified", Reason.EMAIL_UNVERIFIED),
    ("blocked", Reason.BLOCKED),
    ("linked", Reason.LINKED_ACCOUNT),
    ("deposit_needed", Reason.DEPOSIT_NEEDED),
)


def inadmissible(state: AuctionState, user_id: int) -> Refusal | None:
    """Checks 5 and 6: the seller never bids (R14); nor who is shut out."""
    if user_id == state.rules.seller_id:
        return refuse(Reason.SELLER_CANNOT_BID)
    standing = state.standing(user_id)
    return next((refuse(reason) for fact, reason in _SHUT_OUT if getattr(standing, fact)), None)
