"""Examples of `/api/auctions/` and `/api/categories/`."""

from typing import Any

from apps.payments.refusals import MoneyReason
from config.contracts.samples.base import (
    BAD_PAGE_SIZE,
    NO_AUCTION,
    NO_SUCH_PAGE,
    Sample,
    money_refused,
    page_of,
    refused,
    said,
)
from config.contracts.samples.bids import BID
from domain.reasons import Reason

NEW_AUCTION = {
    "title": "Walnut writing desk",
    "description": "Around 1890, two drawers, one key.",
    "category": "furniture",
    "condition": "used",
    "starting_price": 40000,
    "minimum_increment": 1000,
    "reserve_price": 48000,
    "buy_now_price": 90000,
    "duration_seconds": 604800,
    "soft_close": {"window_seconds": 120, "extension_seconds": 120},
    "lots": [{"title": "Writing desk", "estimate_low": 45000, "estimate_high": 60000}],
}
AUCTION: dict[str, Any] = {
    "id": 1,
    "title": "Walnut writing desk",
    "description": "Around 1890, two drawers, one key.",
    "category": {"id": 3, "name": "Furniture", "slug": "furniture"},
    "condition": "used",
    "closing": "timed",
    "currency": "USD",
    "starting_price": 40000,
    "minimum_increment": 1000,
    "increment_rule": "strict",
    "buy_now_price": 90000,
    "start_time": "2026-02-22T10:00:00Z",
    "end_time": "2026-03-01T10:00:00Z",
    "duration_seconds": 604800,
    "soft_close": {
        "window_seconds": 120,
        "extension_seconds": 120,
        "max_total_seconds": None,
        "max_extensions": None,
        "mode": "reset",
    },
    "seller": {"id": 7, "username": "ada"},
    "status": "active",
    "current_bid": 45000,
    "min_next_bid": 46000.01,
    "total_bids": 5,
    "highest_bidder": "username",
    "winner": None,
    "sold": False,
    "final_bid": None,
    "buyers_premium": [{"from": 0, "rate_percent": 12}, {"from": 100000, "rate_percent": 10}],
    "tax": {"name": "VAT", "rate_percent": 20},
    "all_in_price": 61824.01,
    "reserve_met": False,
    "buy_now_available": False,
    "images": [
        {
            "id": 1,
            "image": "/media/product_images/0a1b2c.webp",
            "thumbnail": "/media/product_images/0a1b2c_thumb.webp",
            "thumbnails": {
                "small": "/media/product_images/0a1b2c_small.webp",
                "medium": "/media/product_images/0a1b2c_thumb.webp",
                "large": "/media/product_images/0a1b2c_large.webp",
            },
        }
    ],
    "watchers": 2,
    "server_time": "2026-02-22T10:30:01.250000Z",
    "seq": 5,
    "created_at": "2026-02-22T09:58:12Z",
}
LOT = {
    "id": 1,
    "lot_number": 1,
    "title": "Writing desk",
    "description": "",
    "quantity": 1,
    "condition": "used",
    "estimate_low": 45000,
    "estimate_high": 60000,
}
DETAIL = {**AUCTION, "lots": [LOT], "bids": [BID]}
_UNBID = {
    "current_bid": None,
    "min_next_bid": 40000,
    "all_in_price": 53760,
    "total_bids": 0,
    "highest_bidder": None,
    "watchers": 0,
    "seq": 0,
    "reserve_price": 48000,
}
DRAFT = {
    **DETAIL,
    **_UNBID,
    "status": "draft",
    "start_time": None,
    "end_time": None,
    "images": [],
    "bids": [],
}
STARTED = {**DETAIL, **_UNBID, "min_next_bid": 40000, "bids": [], "seq": 1}
ENDED = {
    **DETAIL,
    "status": "ended",
    "min_next_bid": None,
    "winner": "username",
    "sold": True,
    "final_bid": 48000,
    "all_in_price": 64512,
    "current_bid": 48000,
    "reserve_met": True,
    "bids": [{**BID, "amount": 48000, "status": "won"}],
}
CATEGORY = {
    "id": 3,
    "name": "Furniture",
    "slug": "furniture",
    "parent": 1,
    "depth": 1,
    "auction_count": 12,
}

_FILTERS = {
    "unknown filter": {
        "error": "colour: unknown filter; known are: status, condition, …, page, page_size",
        "fields": ["colour"],
    },
    "unknown word": {
        "error": "status: must be among: draft, scheduled, active, ended, cancelled, removed",
        "fields": ["status"],
    },
}
_FORBIDDEN = said("You do not have permission to do this")


SAVED_SEARCH = {
    "id": 1,
    "name": "Clocks",
    "query": "search=clock&max_price=100",
    "created_at": "2026-02-22T10:30:00Z",
}


_BLANK_NAME = {"no name": {"error": "name: may not be blank", "fields": ["name"]}}


def _pages(address: str, row: Any = AUCTION) -> Sample:
    return Sample(
        answers={
            200: page_of(row, address=address),
            400: {**_FILTERS, **BAD_PAGE_SIZE},
            404: NO_SUCH_PAGE,
        }
    )


def _wrong(field: str, problem: str) -> dict[str, Any]:
    return {field.replace("_", " "): {"error": f"{field}: {problem}", "fields": [field]}}


SAMPLES = {
    "listAuctions": _pages("/api/auctions/?status=active"),
    "createAuction": Sample(
        sends={
            "the least": {"title": "Walnut writing desk", "starting_price": 40000},
            "a desk": NEW_AUCTION,
        },
        answers={
            201: {"a draft": DRAFT},
            400: {
                **_wrong("title", "This field is required."),
                **_wrong("reserve_price", "must be greater than the starting price"),
            },
            403: said("This account may not sell"),
        },
    ),
    "listActiveAuctions": _pages("/api/auctions/active/"),
    "listAuctionsEndingSoon": _pages("/api/auctions/ending-soon/"),
    "listMyAuctions": _pages("/api/auctions/my-auctions/", {**AUCTION, "reserve_price": 48000}),
    "listWatchlist": _pages("/api/auctions/watchlist/"),
    "getAuction": Sample(answers={200: {"auction": DETAIL}, 404: NO_AUCTION}, headers=("ETag",)),
    "editAuction": Sample(
        sends={"a new title": {"title": "Walnut writing desk, Vienna"}},
        answers={
            200: {"auction": {**DETAIL, "title": "Walnut writing desk, Vienna"}},
            400: _wrong("starting_price", "cannot be changed after the first bid"),
            403: _FORBIDDEN,
            404: NO_AUCTION,
        },
    ),
    "deleteAuction": Sample(
        answers={400: refused(Reason.HAS_BIDS), 403: _FORBIDDEN, 404: NO_AUCTION}
    ),
    "activateAuction": Sample(
        answers={
            200: {"started": STARTED},
            400: refused(Reason.ALREADY_STARTED, status="active"),
            403: _FORBIDDEN,
            404: NO_AUCTION,
        }
    ),
    "endAuction": Sample(
        answers={
            200: {"sold": ENDED},
            400: refused(Reason.NOT_ACTIVE, status="draft"),
            403: _FORBIDDEN,
            404: NO_AUCTION,
        }
    ),
    "relistAuction": Sample(
        answers={
            201: {"a draft": {**DRAFT, "id": 2, "images": AUCTION["images"]}},
            400: {
                **money_refused(MoneyReason.NOT_OVER, status="active"),
                **money_refused(MoneyReason.STILL_SOLD),
            },
            403: _FORBIDDEN,
            404: NO_AUCTION,
        }
    ),
    "watchAuction": Sample(
        answers={
            200: {"watched already": {"auction_id": 1, "watching": True, "watchers": 2}},
            201: {"watching": {"auction_id": 1, "watching": True, "watchers": 2}},
            404: NO_AUCTION,
        }
    ),
    "unwatchAuction": Sample(answers={404: NO_AUCTION}),
    "uploadAuctionImages": Sample(
        answers={
            201: {"pictures": AUCTION["images"]},
            400: said("No images provided"),
            403: _FORBIDDEN,
            404: NO_AUCTION,
        }
    ),
    "orderAuctionImages": Sample(
        sends={"the second first": {"image_ids": [2, 1]}},
        answers={
            200: {"pictures": AUCTION["images"]},
            400: {
                "one is missing": {
                    "error": "image_ids: must name every picture of the auction once",
                    "fields": ["image_ids"],
                }
            },
            403: _FORBIDDEN,
            404: NO_AUCTION,
        },
    ),
    "listSavedSearches": Sample(
        answers={
            200: page_of(SAVED_SEARCH, address="/api/saved-searches/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "saveSearch": Sample(
        sends={"clocks below 100": {"name": "Clocks", "query": "search=clock&max_price=100"}},
        answers={200: {"changed": SAVED_SEARCH}, 201: {"saved": SAVED_SEARCH}, 400: _BLANK_NAME},
    ),
    "deleteSavedSearch": Sample(answers={404: said("Saved search not found")}),
    "deleteAuctionImage": Sample(
        answers={
            400: refused(Reason.HAS_BIDS),
            403: _FORBIDDEN,
            404: {**NO_AUCTION, **said("Image not found")},
        }
    ),
    "listCategories": Sample(
        answers={
            200: page_of(CATEGORY, address="/api/categories/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
}
