"""Examples of `/api/bids/`, `/api/auto-bids/`, `/api/bid-history/` and buying at once."""

from typing import Any

from config.contracts.samples.base import (
    BAD_PAGE_SIZE,
    NO_AUCTION,
    NO_SUCH_PAGE,
    Sample,
    page_of,
    refused,
    said,
)
from domain.reasons import Reason

BID: dict[str, Any] = {
    "id": 31,
    "auction_id": 1,
    "bidder": "username",
    "amount": 45000,
    "auto": False,
    "timestamp": "2026-02-22T10:30:00Z",
    "seq": 5,
    "status": "leading",
}
OWN_BID = {
    **BID,
    "auction": {
        "id": 1,
        "title": "Walnut writing desk",
        "status": "active",
        "currency": "USD",
        "current_bid": 45000,
        "end_time": "2026-03-01T10:30:00Z",
        "reserve_met": None,
        "sold": False,
    },
}
RULE = {
    "id": 4,
    "auction_id": 1,
    "max_bid": 60000,
    "active": True,
    "leading": True,
    "current_bid": 46000,
    "created_at": "2026-02-22T10:31:00Z",
    "updated_at": "2026-02-22T10:31:00Z",
}
HISTORY_ROW = {
    "seq": 5,
    "type": "bid_placed",
    "auction_id": 1,
    "bidder": "username",
    "amount": 45000,
    "timestamp": "2026-02-22T10:30:00Z",
    "hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}

#: What the market may refuse a bidder, either way of bidding.
_REFUSED = {
    **refused(Reason.SELLER_CANNOT_BID),
    **refused(Reason.NOT_STARTED),
    **refused(Reason.ENDED),
    **refused(Reason.LINKED_ACCOUNT),
    **refused(Reason.NOT_ACTIVE, status="cancelled"),
    **refused(Reason.BELOW_START, starting_minor=40000_00, min_next_minor=40000_00),
    **refused(Reason.BELOW_MINIMUM, price_minor=45000_00, min_next_minor=46000_00),
}
_FORBIDDEN = {
    **refused(Reason.BANNED),
    **refused(Reason.BLOCKED),
    **refused(Reason.DEPOSIT_NEEDED),
}
_AMOUNT_MISSING = {"error": "amount: This field is required", "fields": ["amount"]}
_NO_INTEGER = {"error": "auction_id: must be an integer", "fields": ["auction_id"]}
_NO_RULE = said("Automatic bid not found")


def _pages(row: Any, address: str, **errors: Any) -> Sample:
    return Sample(
        answers={
            200: page_of(row, address=address),
            400: {**BAD_PAGE_SIZE, **errors},
            404: NO_SUCH_PAGE,
        }
    )


SAMPLES = {
    "listBids": _pages(BID, "/api/bids/?auction_id=1", auction_id=_NO_INTEGER),
    "placeBid": Sample(
        sends={"a bid": {"auction_id": 1, "amount": 45000}},
        answers={
            201: {"bid": BID},
            400: {"amount missing": _AMOUNT_MISSING, **_REFUSED},
            403: _FORBIDDEN,
            404: NO_AUCTION,
        },
    ),
    "listMyBids": _pages(OWN_BID, "/api/bids/my-bids/"),
    "listWinningBids": _pages(OWN_BID, "/api/bids/winning/"),
    "listLosingBids": _pages(
        OWN_BID | {"status": "outbid"},
        "/api/bids/losing/",
    ),
    "listAutoBids": _pages(RULE, "/api/auto-bids/"),
    "createAutoBid": Sample(
        sends={"a maximum": {"auction_id": 1, "max_bid": 60000}},
        answers={
            200: {"changed": RULE | {"max_bid": 70000}},
            201: {"set": RULE},
            400: {
                **_REFUSED,
                **refused(Reason.WRONG_CLOSING),
                **refused(Reason.MAX_NOT_RAISED),
            },
            403: _FORBIDDEN,
            404: NO_AUCTION,
        },
    ),
    "getAutoBid": Sample(answers={200: {"maximum": RULE}, 404: _NO_RULE}),
    "changeAutoBid": Sample(
        sends={"a higher maximum": {"max_bid": 70000}},
        answers={
            200: {"changed": RULE | {"max_bid": 70000}},
            400: {
                **refused(Reason.MAX_UNCHANGED),
                **refused(Reason.BELOW_CURRENT_PRICE, price_minor=46000_00),
                **refused(Reason.ENDED),
            },
            403: _FORBIDDEN,
            404: _NO_RULE,
        },
    ),
    "deleteAutoBid": Sample(
        answers={400: refused(Reason.ENDED), 404: {**_NO_RULE, **refused(Reason.NO_AUTO_BID)}}
    ),
    "listBidHistory": _pages(
        HISTORY_ROW,
        "/api/bid-history/?auction_id=1",
        auction_id=_NO_INTEGER,
    ),
    "buyNow": Sample(
        answers={
            200: {"bought": {"auction_id": 1, "amount": 90000, "winner": "username"}},
            400: {
                **refused(Reason.BUY_NOW_UNAVAILABLE),
                **refused(Reason.SELLER_CANNOT_BID),
                **refused(Reason.ENDED),
            },
            403: _FORBIDDEN,
            404: NO_AUCTION,
        }
    ),
}
