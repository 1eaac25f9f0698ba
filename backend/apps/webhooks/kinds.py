"""The kinds of event that endpoints may ask for. Plain Python: words and what they mean."""

from enum import StrEnum

#: Begins each secret, as Standard Webhooks has it.
SECRET_PREFIX = "whsec_"  # noqa: S105 - a prefix, not a secret


class EventKind(StrEnum):
    """What happened; the word in JSON."""

    AUCTION_STARTED = "auction.started"
    AUCTION_BID = "auction.bid"
    AUCTION_PRICE_CHANGED = "auction.price_changed"
    AUCTION_EXTENDED = "auction.extended"
    AUCTION_ENDED = "auction.ended"
    AUCTION_CANCELLED = "auction.cancelled"
    SALE_CREATED = "sale.created"
    SALE_LAPSED = "sale.lapsed"
    SALE_CANCELLED = "sale.cancelled"
    PAYMENT_PAID = "payment.paid"
    PAYMENT_RELEASED = "payment.released"
    PAYMENT_REFUNDED = "payment.refunded"
    PAYMENT_DISPUTED = "payment.disputed"
    TEST = "test"


EVERY = tuple(kind.value for kind in EventKind)
#: What an endpoint may ask for; a test comes when it is asked for.
CHOOSABLE = tuple(kind.value for kind in EventKind if kind is not EventKind.TEST)
