"""The sentences people are told, by id, and the facts that the words of each need.

A program that speaks its reader's language makes a sentence anew of its id and these facts, which
are in a notification's `data`; the words of kinds.py are English. An id never changes its meaning.
"""

from collections.abc import Mapping
from enum import StrEnum


class Says(StrEnum):
    """Which sentence a note is; `data.says` in JSON."""

    OUTBID = "outbid"
    RESERVE_MET = "reserve_met"
    OFFER = "offer"
    WON = "won"
    SOLD = "sold"
    UNSOLD_RESERVE = "unsold_reserve"
    UNSOLD_NO_BIDS = "unsold_no_bids"
    LOST_SOLD = "lost_sold"
    LOST_UNSOLD = "lost_unsold"
    CANCELLED = "cancelled"
    SECOND_CHANCE = "second_chance"
    ENDS_WITHIN_DAY = "ends_within_day"
    ENDS_WITHIN_HOUR = "ends_within_hour"
    PAYMENT_DUE = "payment_due"
    PAID_TO_SELLER = "paid_to_seller"
    PAID_BY_BUYER = "paid_by_buyer"
    LAPSED_TO_SELLER = "lapsed_to_seller"
    LAPSED_TO_BUYER = "lapsed_to_buyer"
    OFFER_LAPSED_TO_SELLER = "offer_lapsed_to_seller"
    OFFER_LAPSED_TO_BUYER = "offer_lapsed_to_buyer"
    RELEASED = "released"
    REFUNDED_TO_BUYER = "refunded_to_buyer"
    REFUNDED_TO_SELLER = "refunded_to_seller"
    DISPUTED_TO_SELLER = "disputed_to_seller"
    DISPUTED_TO_BUYER = "disputed_to_buyer"
    DISPUTE_CLOSED = "dispute_closed"
    DISPUTE_FOR_SELLER = "dispute_for_seller"
    DISPUTE_FOR_BUYER = "dispute_for_buyer"
    DISPUTE_SPLIT = "dispute_split"
    SPLIT_TO_BUYER = "split_to_buyer"
    SPLIT_TO_SELLER = "split_to_seller"
    BANK_DISPUTES = "bank_disputes"
    BANK_LEAVES_IT = "bank_leaves_it"
    BANK_TOOK_IT = "bank_took_it"
    MESSAGE = "message"
    REPORT_UPHELD = "report_upheld"
    REPORT_DISMISSED = "report_dismissed"
    JUDGED_AUCTION = "judged_auction"
    JUDGED_USER = "judged_user"
    JUDGED_MESSAGE = "judged_message"
    APPEAL_GRANTED = "appeal_granted"
    APPEAL_DENIED = "appeal_denied"
    WEBHOOK_GONE = "webhook_gone"
    WEBHOOK_FAILING = "webhook_failing"
    EXPORT_READY = "export_ready"
    EMAIL_OFF = "email_off"


_TITLED = ("title",)
_PRICED = ("title", "amount", "currency")
_JUDGED = ("reason", "days")

#: Sentence -> the keys of `data` its words need. There may be more, for programs.
FACTS: Mapping[Says, tuple[str, ...]] = {
    Says.OUTBID: _PRICED,
    Says.RESERVE_MET: _TITLED,
    Says.OFFER: _PRICED,
    Says.WON: _PRICED,
    Says.SOLD: _PRICED,
    Says.UNSOLD_RESERVE: _TITLED,
    Says.UNSOLD_NO_BIDS: _TITLED,
    Says.LOST_SOLD: _PRICED,
    Says.LOST_UNSOLD: _TITLED,
    Says.CANCELLED: _TITLED,
    Says.SECOND_CHANCE: _PRICED,
    Says.ENDS_WITHIN_DAY: _TITLED,
    Says.ENDS_WITHIN_HOUR: _TITLED,
    Says.PAYMENT_DUE: (*_PRICED, "due_at"),
    Says.PAID_TO_SELLER: _PRICED,
    Says.PAID_BY_BUYER: _PRICED,
    Says.LAPSED_TO_SELLER: _TITLED,
    Says.LAPSED_TO_BUYER: _TITLED,
    Says.OFFER_LAPSED_TO_SELLER: _TITLED,
    Says.OFFER_LAPSED_TO_BUYER: _TITLED,
    Says.RELEASED: _TITLED,
    Says.REFUNDED_TO_BUYER: _TITLED,
    Says.REFUNDED_TO_SELLER: _TITLED,
    Says.DISPUTED_TO_SELLER: _TITLED,
    Says.DISPUTED_TO_BUYER: _TITLED,
    Says.DISPUTE_CLOSED: _TITLED,
    Says.DISPUTE_FOR_SELLER: _TITLED,
    Says.DISPUTE_FOR_BUYER: _TITLED,
    Says.DISPUTE_SPLIT: _TITLED,
    Says.SPLIT_TO_BUYER: _TITLED,
    Says.SPLIT_TO_SELLER: _TITLED,
    Says.BANK_DISPUTES: _TITLED,
    Says.BANK_LEAVES_IT: _TITLED,
    Says.BANK_TOOK_IT: _TITLED,
    Says.MESSAGE: ("name",),  # what he wrote is in the notification's body
    Says.REPORT_UPHELD: (),
    Says.REPORT_DISMISSED: (),
    Says.JUDGED_AUCTION: _JUDGED,
    Says.JUDGED_USER: _JUDGED,
    Says.JUDGED_MESSAGE: _JUDGED,
    Says.APPEAL_GRANTED: (),
    Says.APPEAL_DENIED: (),
    Says.WEBHOOK_GONE: ("address",),
    Says.WEBHOOK_FAILING: ("address", "days"),
    Says.EXPORT_READY: ("until_at",),
    Says.EMAIL_OFF: ("address",),
}
