"""Examples of the BidBazaar guide's operations: the guide's own."""

from typing import Any

from apps.bidbazaar import errors as words
from apps.core.api_errors import CREDENTIALS_MISSING, TOKEN_UNUSABLE
from config.contracts.samples.base import NOT_JSON, Sample, guide_refused, said
from domain.reasons import Reason

TOKEN = "<jwt_access_token>"  # noqa: S105 - as the guide prints it
REFRESH = "<jwt_refresh_token>"

USER = {
    "id": 1,
    "username": "exampleuser",
    "email": "user@example.com",
    "first_name": "",
    "last_name": "",
    "is_staff": False,
}
CREDENTIALS = {"username": "exampleuser", "password": "securepassword"}

NEW_PRODUCT = {
    "title": "iPhone 12",
    "description": "Used iPhone 12 in good condition",
    "starting_price": 50000,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-20T12:00:00",
    "category_new_used": "used",
}
PRODUCT: dict[str, Any] = {
    "id": 1,
    "user_id": 1,
    "title": "iPhone 12",
    "description": "Used iPhone 12 in good condition",
    "starting_price": 50000,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-20T12:00:00",
    "sold": False,
    "is_listed": True,
    "highest_bid_id": None,
    "created_at": "2025-02-10T16:12:07.717739",
    "category_new_used": "used",
    "images": [{"id": 1, "image": "product_images/iphone12.jpg"}],
    "highest_bid_amount": 52000,
}
UNBID = PRODUCT | {"images": [], "highest_bid_amount": None}
SOLD = PRODUCT | {
    "sold": True,
    "is_listed": False,
    "highest_bid_id": 1,
    "highest_bid_amount": 55000,
}

NEW_BID = {
    "bid_amount": 55000,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-18T12:00:00",
}
_STANDS = {
    "bid_amount": 55000,
    "bid_time": "2025-02-16T14:30:45.123456",
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-18T12:00:00",
}
BID = {"id": 1, "user_id": 2, **_STANDS, "username": "bidder1"}

NO_PRODUCT = said(words.PRODUCT_NOT_FOUND)
NOTHING_ASKED = said("All fields are required")


def _signed_in(message: str) -> dict[str, Any]:
    return {
        message: {
            "message": message,
            "access_token": TOKEN,
            "refresh_token": REFRESH,
            "user": USER,
        }
    }


def _listing(row: Any = PRODUCT) -> Sample:
    return Sample(answers={200: {"products": [row]}})


SAMPLES = {
    "guideRegister": Sample(
        sends={"a new user": {"email": "user@example.com", **CREDENTIALS}},
        answers={
            201: _signed_in("User created successfully"),
            400: {**said("Username already taken", "Email already taken"), **NOTHING_ASKED},
        },
    ),
    "guideLogIn": Sample(
        sends={"name and password": CREDENTIALS},
        answers={
            200: _signed_in("Login successful"),
            400: {**said("Invalid credentials"), **NOTHING_ASKED},
        },
    ),
    "guideLogOut": Sample(answers={200: {"done": {"message": "Logout successful"}}}),
    "guideRefresh": Sample(
        sends={"refresh token": {"refresh": REFRESH}},
        answers={
            200: {"a new access token": {"access": "<new_jwt_access_token>"}},
            400: said(words.REFRESH_REQUIRED),
            401: {"a token that has ended": {"detail": TOKEN_UNUSABLE}},
        },
    ),
    "listProducts": _listing(),
    "getProduct": Sample(answers={200: {"product": PRODUCT}, 404: NO_PRODUCT}),
    "createProduct": Sample(
        sends={"a used phone": NEW_PRODUCT},
        answers={
            201: {"product": UNBID},
            400: {
                **said(words.FIELDS_MISSING, fields=["title", "starting_price"]),
                **said(words.DATE_FORMAT, words.DATE_ORDER),
                **said(
                    "Invalid starting price",
                    details="must be greater than zero",
                    fields=["starting_price"],
                ),
                **NOT_JSON,
            },
            403: said("This account may not sell"),
        },
    ),
    "uploadProductImages": Sample(
        answers={
            201: {"pictures": PRODUCT["images"]},
            400: said(words.NO_IMAGES),
            403: said(words.NOT_YOURS_TO_SHOW),
            404: NO_PRODUCT,
        }
    ),
    "placeProductBid": Sample(
        sends={"a bid of three days": NEW_BID},
        answers={
            201: {"bid": {"id": 1, "product_id": 1, "user_id": 2, **_STANDS}},
            400: {
                **said(words.BID_AMOUNT_REQUIRED, words.BID_AMOUNT_INVALID),
                **said(words.DATES_REQUIRED, words.DATE_ORDER, words.DATE_FORMAT),
                **guide_refused(Reason.SELLER_CANNOT_BID),
                **guide_refused(Reason.ENDED),
                **guide_refused(Reason.BELOW_START, starting_minor=50000_00),
                **guide_refused(
                    Reason.BELOW_MINIMUM, price_minor=52000_00, min_next_minor=52500_00
                ),
            },
            404: NO_PRODUCT,
        },
    ),
    "listProductBids": Sample(answers={200: {"bids": [BID]}, 404: NO_PRODUCT}),
    "getHighestProductBid": Sample(
        answers={
            200: {"bid": BID},
            404: {**NO_PRODUCT, "no bid": {"message": words.NO_BIDS}},
        }
    ),
    "sellProduct": Sample(
        answers={
            200: {"sold": SOLD},
            400: {
                **guide_refused(Reason.ALREADY_SOLD),
                **guide_refused(Reason.BID_OF_OTHER_AUCTION),
                **guide_refused(Reason.BID_EXPIRED),
                **guide_refused(Reason.BID_NOT_VALID_YET),
            },
            403: said(words.NOT_YOURS_TO_SELL),
            404: {**NO_PRODUCT, **guide_refused(Reason.BID_NOT_FOUND)},
        }
    ),
    "listProductsByCategory": Sample(
        answers={
            200: {"products": [PRODUCT]},
            400: said("Category is required", fields=["category"]),
        }
    ),
    "listProductsByPrice": Sample(
        answers={
            200: {"products": [PRODUCT]},
            400: said("min_price must be an integer", fields=["min_price"]),
        }
    ),
    "listNewProducts": _listing(PRODUCT | {"category_new_used": "new"}),
    "listUsedProducts": _listing(),
    "listMyProductBids": Sample(
        answers={200: {"bids": [{"bid_id": 1, **_STANDS}]}, 404: NO_PRODUCT}
    ),
    "listProductsSoldBySeller": _listing(SOLD),
    "listOpenProductsByEndTime": _listing(),
    "listMyListings": Sample(
        answers={
            200: {"products": [PRODUCT]},
            401: {"no token": {"detail": CREDENTIALS_MISSING}},
        }
    ),
}
