"""The kinds of notification, their words, and who gets them by mail unless he says otherwise.

Plain Python: facts give a note. Titles of listings and names of users come from strangers; what
is made here is plain text, for whoever shows it to escape.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from apps.notifications.sentences import Says
from domain.money import exponent_of

TITLE_LENGTH_MAX = 300
BODY_LENGTH_MAX = 1000


class Kind(StrEnum):
    """What a notification is about; the word in JSON and in the settings."""

    OUTBID = "outbid"
    WON = "won"
    LOST = "lost"
    RESERVE_MET = "reserve_met"
    OFFER = "offer"  # somebody offers for one's listing that takes offers
    ENDING_SOON = "ending_soon"
    CANCELLED = "cancelled"
    SOLD = "sold"
    UNSOLD = "unsold"
    PAID = "paid"
    RELEASED = "released"
    REFUND = "refund"
    DISPUTE = "dispute"
    PAYMENT_DUE = "payment_due"
    PAYMENT_LAPSED = "payment_lapsed"
    SECOND_CHANCE = "second_chance"
    MESSAGE = "message"
    WEBHOOK_DISABLED = "webhook_disabled"
    EXPORT_READY = "export_ready"
    REPORT = "report"  # what came of one's report
    EMAIL_OFF = "email_off"  # one's address takes no mail
    MODERATION = "moderation"  # what staff decided about one's things, or about an appeal


class Channel(StrEnum):
    """How a person is told."""

    IN_APP = "in_app"
    EMAIL = "email"
    PUSH = "push"
    DIGEST = "digest"  # one mail a day


#: Money mails these by itself, whatever anybody prefers: apps/payments/unpaid.py.
MAILED_BY_MONEY = frozenset({Kind.PAYMENT_DUE, Kind.SECOND_CHANCE})
_NEVER_MAILED = MAILED_BY_MONEY | {Kind.EMAIL_OFF}
#: Neither mailed nor pushed unless asked for.
_QUIET_KINDS = frozenset({Kind.LOST, Kind.RESERVE_MET, Kind.UNSOLD})


def channels_of(kind: Kind) -> tuple[Channel, ...]:
    """Return the channels a person may choose for a kind."""
    if kind in _NEVER_MAILED:
        return (Channel.IN_APP, Channel.PUSH)
    return (Channel.IN_APP, Channel.EMAIL, Channel.PUSH, Channel.DIGEST)


def is_wanted(kind: Kind, channel: Channel, chosen: Mapping[str, Mapping[str, bool]]) -> bool:
    """Tell whether a kind goes by a channel, as chosen or else by default."""
    if channel not in channels_of(kind):
        return False
    loud = channel is not Channel.DIGEST and kind not in _QUIET_KINDS
    default = channel is Channel.IN_APP or loud
    return chosen.get(kind, {}).get(channel, default)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something one person is to be told.

    `source` makes it once: the same person is told of the same source no second time. `thread`
    gathers: unread ones of a thread become one, titled `title_many` with their {count}. `says` is
    which sentence it is; the facts its words need (sentences.py) are in `data`.
    """

    user_id: int
    kind: Kind
    says: Says
    source: str
    at: datetime
    title: str
    body: str = ""
    url: str = ""
    thread: str = ""
    title_many: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)

    def title_for(self, count: int) -> str:
        """Return the title when it speaks for so many."""
        title = self.title if count == 1 or not self.title_many else self._many(count)
        return title[:TITLE_LENGTH_MAX]

    def _many(self, count: int) -> str:
        return self.title_many.replace("{count}", str(count), 1)


def shown_amount(amount_minor: int, currency: str) -> str:
    """Return an amount as people read it: 1,250.00 USD."""
    decimals = exponent_of(currency)
    return f"{Decimal(amount_minor).scaleb(-decimals):,.{decimals}f} {currency}"


def auction_url(auction_id: int) -> str:
    """Return the page of an auction, a path of this site."""
    return f"/auctions/{auction_id}"
