"""The BidBazaar guide to the letter: one request per row of docs/api-bidbazaar.md.

Each check cites the guide's section, as the page does. The market of each: the seller lists a
product at 50000, as the guide's samples have it; bidders bid as their sections say.
"""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from tests.factories import PASSWORD
from tests.vocabularies.documents import Row, check_answer, rows_of

DOCUMENTED = rows_of("api-bidbazaar.md", "What the guide documents")
NOW = datetime(2025, 2, 16, 14, 30, 45, 123456, tzinfo=UTC)  # bid_time of the guide's sample
SAMPLE = {
    "title": "iPhone 12",
    "description": "Used iPhone 12 in good condition",
    "starting_price": 50000,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-20T12:00:00",
    "category_new_used": "used",
}
BID = {
    "bid_amount": 55000,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-18T12:00:00",
}
ACCOUNT = {"username": "exampleuser", "email": "user@example.com", "password": PASSWORD}

CHECKS: dict[Row, Callable[["Market"], Any]] = {}
UNKNOWN = 999_999


def says(section: str, endpoint: str, status: int, answer: str) -> Callable[[Any], Any]:
    """Register a function that sends the request of a row and returns the response."""

    def register(send: Callable[["Market"], Any]) -> Callable[["Market"], Any]:
        row = Row(section, endpoint, (str(status), answer))
        assert row not in CHECKS, f"twice: {row}"
        CHECKS[row] = send
        return send

    return register


class Market:
    """The cast with a client each, and the few steps every check begins with."""

    def __init__(self, cast: Any, api: Any, clock: Any) -> None:
        clock.set(NOW)
        self.cast, self.clock = cast, clock
        self.anonymous = api(None)
        self.seller, self.bidder, self.rival = (
            api(cast.seller),
            api(cast.bidder1),
            api(cast.bidder2),
        )

    def product(self, **changes: Any) -> str:
        """List the sample product; returns its path."""
        answer = self.seller.post("/api/auction/products/", SAMPLE | changes)
        assert answer.status_code == 201, answer.json()
        return f"/api/auction/products/{answer.json()['id']}/"

    def bid(self, product: str, amount: int = 55000) -> int:
        """Bid as the first bidder; returns the bid's id."""
        answer = self.bidder.post(product + "place-bid/", BID | {"bid_amount": amount})
        assert answer.status_code == 201, answer.json()
        bid_id: int = answer.json()["id"]
        return bid_id

    def sold(self) -> tuple[str, int]:
        """List, bid, sell; returns the product's path and the bid's id."""
        product = self.product()
        bid_id = self.bid(product)
        assert self.seller.post(f"{product}sell/{bid_id}/").status_code == 200
        return product, bid_id


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "iphone12.png"
    return file


@pytest.fixture
def market(cast, api, frozen_clock):
    return Market(cast, api, frozen_clock)


@pytest.mark.parametrize("row", DOCUMENTED, ids=lambda row: f"{row.section}: {row.says[0]}")
def test_guide_row_is_answered_to_the_letter(row, market):
    assert row in CHECKS, f"no request for {row}"

    response = CHECKS[row](market)

    status, answer = row.says
    assert response.status_code == int(status), response.json()
    check_answer(answer, response.json())


def test_every_row_of_the_guide_is_checked():
    covered, documented = set(CHECKS), set(DOCUMENTED)

    print(f"guide: {len(covered)} covered of {len(documented)} documented")  # noqa: T201

    assert len(DOCUMENTED) == len(documented), "a row stands twice"
    assert covered == documented


# --- User Management --------------------------------------------------------------------------

SIGNED_IN = (
    '"access_token", "refresh_token", '
    '"user": {"id", "username", "email", "first_name", "last_name", "is_staff"}}`'
)
REGISTER = ("Register User", "POST /api/user/register/")
LOGIN = ("Login User", "POST /api/user/login/")
LOGOUT = ("Logout User", "POST /api/user/logout/")
REFRESH = ("Refresh Token", "POST /api/user/refresh/")
UNAUTHENTICATED = '`{"detail": "Authentication credentials were not provided."}`'
PRODUCT_NOT_FOUND = '`{"error": "Product not found"}`'


@says(*REGISTER, 201, '`{"message": "User created successfully", ' + SIGNED_IN)
def _(market):
    return market.anonymous.post("/api/user/register/", ACCOUNT)


@says(*REGISTER, 400, '`{"error": "Username already taken"}`')
def _(market):
    taken = ACCOUNT | {"username": market.cast.seller.username.upper()}
    return market.anonymous.post("/api/user/register/", taken)


@says(*REGISTER, 400, '`{"error": "All fields are required"}`')
def _(market):
    return market.anonymous.post("/api/user/register/", ACCOUNT | {"email": ""})


@says(*LOGIN, 200, '`{"message": "Login successful", ' + SIGNED_IN)
def _(market):
    body = {"username": market.cast.seller.username, "password": PASSWORD}
    return market.anonymous.post("/api/user/login/", body)


@says(*LOGIN, 400, '`{"error": "Invalid credentials"}`')
def _(market):
    body = {"username": market.cast.seller.username, "password": "another"}
    return market.anonymous.post("/api/user/login/", body)


@says(*LOGOUT, 200, '`{"message": "Logout successful"}`')
def _(market):
    return market.seller.post("/api/user/logout/")


@says(*LOGOUT, 401, UNAUTHENTICATED)
def _(market):
    return market.anonymous.post("/api/user/logout/")


@says(*REFRESH, 200, '`{"access"}`')
def _(market):
    signed_in = market.anonymous.post("/api/user/register/", ACCOUNT).json()
    body = {"refresh": signed_in["refresh_token"]}
    return market.anonymous.post("/api/user/refresh/", body)


@says(*REFRESH, 401, '`{"detail": "Token is invalid or expired"}`')
def _(market):
    return market.anonymous.post("/api/user/refresh/", {"refresh": "no.such.token"})


# --- Product Management -----------------------------------------------------------------------

LIST = ("List All Products", "GET /api/auction/products/")
DETAIL = ("Get Product Details", "GET /api/auction/products/{product_id}/")
CREATE = ("Create Product", "POST /api/auction/products/")
UPLOAD = ("Upload Product Images", "POST /api/auction/products/{product_id}/upload-images/")


@says(*LIST, 200, "array of product objects")
def _(market):
    market.bid(market.product())
    return market.anonymous.get("/api/auction/products/")


@says(*DETAIL, 200, "product object")
def _(market):
    product = market.product()
    market.seller.post(product + "upload-images/", {"images": picture()}, format="multipart")
    return market.anonymous.get(product)


@says(*DETAIL, 404, PRODUCT_NOT_FOUND)
def _(market):
    return market.anonymous.get(f"/api/auction/products/{UNKNOWN}/")


@says(*CREATE, 201, "product object")
def _(market):
    return market.seller.post("/api/auction/products/", SAMPLE)


@says(*CREATE, 400, '`{"error": "Missing required fields", "fields": ["title", "starting_price"]}`')
def _(market):
    body = {key: SAMPLE[key] for key in ("start_date", "end_date")}
    return market.seller.post("/api/auction/products/", body)


@says(*UPLOAD, 201, 'array of `{"id", "image"}`')
def _(market):
    files = {"images": [picture(), picture()]}
    return market.seller.post(market.product() + "upload-images/", files, format="multipart")


@says(*UPLOAD, 400, '`{"error": "No images provided"}`')
def _(market):
    return market.seller.post(market.product() + "upload-images/", {}, format="multipart")


@says(
    *UPLOAD,
    403,
    '`{"error": "You do not have permission to upload images for this product"}`',
)
def _(market):
    files = {"images": picture()}
    return market.bidder.post(market.product() + "upload-images/", files, format="multipart")


# --- Bidding System ---------------------------------------------------------------------------

PLACE = ("Place Bid", "POST /api/auction/products/{product_id}/place-bid/")
BIDS = ("Get All Bids for a Product", "GET /api/auction/products/{product_id}/bids/")
HIGHEST = ("Get Highest Bid for a Product", "GET /api/auction/products/{product_id}/highest-bid/")
SELL = ("Sell Product to Bidder", "POST /api/auction/products/{product_id}/sell/{bid_id}/")
PUBLIC_BID = '`{"id", "user_id", "bid_amount", "bid_time", "start_date", "end_date", "username"}`'


def place(market, **changes):
    body = {key: value for key, value in (BID | changes).items() if value is not None}
    return market.bidder.post(market.product() + "place-bid/", body)


@says(
    *PLACE,
    201,
    '`{"id", "product_id", "user_id", "bid_amount", "bid_time", "start_date", "end_date"}`',
)
def _(market):
    answer = place(market)
    sample = {"bid_amount": 55000, "bid_time": "2025-02-16T14:30:45.123456"} | BID
    assert {key: answer.json()[key] for key in sample} == sample
    return answer


@says(*PLACE, 400, '`{"error": "Bid amount is required"}`')
def _(market):
    return place(market, bid_amount=None)


@says(*PLACE, 400, '`{"error": "Invalid bid amount"}`')
def _(market):
    return place(market, bid_amount="a lot")


@says(*PLACE, 400, '`{"error": "Start date and end date are required"}`')
def _(market):
    return place(market, end_date=None)


@says(*PLACE, 400, '`{"error": "End date must be after start date"}`')
def _(market):
    return place(market, end_date=BID["start_date"])


@says(*PLACE, 400, '`{"error": "Invalid date format. Use ISO format (YYYY-MM-DDTHH:MM:SS)"}`')
def _(market):
    return place(market, start_date="15/02/2025")


@says(*PLACE, 400, '`{"error": "You cannot bid on your own product"}`')
def _(market):
    return market.seller.post(market.product() + "place-bid/", BID)


@says(*PLACE, 400, '`{"error": "This product is not available for bidding"}`')
def _(market):
    product, _ = market.sold()
    return market.rival.post(product + "place-bid/", BID | {"bid_amount": 60000})


@says(*PLACE, 400, '`{"error": "Bid must be at least the starting price: 50000"}`')
def _(market):
    return place(market, bid_amount=49999)


@says(*PLACE, 400, '`{"error": "Bid must be higher than the current highest bid: 52000"}`')
def _(market):
    product = market.product()
    market.bid(product, 52000)
    return market.rival.post(product + "place-bid/", BID | {"bid_amount": 52000})


@says(*BIDS, 200, f"array of {PUBLIC_BID}")
def _(market):
    product = market.product()
    market.bid(product)
    return market.anonymous.get(product + "bids/")


@says(*BIDS, 404, PRODUCT_NOT_FOUND)
def _(market):
    return market.anonymous.get(f"/api/auction/products/{UNKNOWN}/bids/")


@says(*HIGHEST, 200, PUBLIC_BID)
def _(market):
    product = market.product()
    market.bid(product)
    return market.anonymous.get(product + "highest-bid/")


@says(*HIGHEST, 404, PRODUCT_NOT_FOUND)
def _(market):
    return market.anonymous.get(f"/api/auction/products/{UNKNOWN}/highest-bid/")


@says(*HIGHEST, 404, '`{"message": "No bids found for this product"}`')
def _(market):
    return market.anonymous.get(market.product() + "highest-bid/")


@says(*SELL, 200, "product object")
def _(market):
    product = market.product()
    bid_id = market.bid(product)
    answer = market.seller.post(f"{product}sell/{bid_id}/")
    assert answer.json()["sold"] is True, "updated product object with sold status"
    return answer


@says(*SELL, 403, '`{"error": "You do not have permission to sell this product"}`')
def _(market):
    product = market.product()
    bid_id = market.bid(product)
    return market.bidder.post(f"{product}sell/{bid_id}/")


@says(*SELL, 400, '`{"error": "This product has already been sold"}`')
def _(market):
    product, bid_id = market.sold()
    return market.seller.post(f"{product}sell/{bid_id}/")


@says(*SELL, 400, '`{"error": "This bid is not for the specified product"}`')
def _(market):
    elsewhere = market.bid(market.product())
    return market.seller.post(f"{market.product()}sell/{elsewhere}/")


# --- Product Filters --------------------------------------------------------------------------

PRODUCTS = "array of product objects"


@says("Products by Category", "GET /api/auction/products/category/", 200, PRODUCTS)
def _(market):
    market.product(category_new_used="new")
    market.product(category_new_used="used")
    answer = market.anonymous.get("/api/auction/products/category/", {"category": "used"})
    assert [row["category_new_used"] for row in answer.json()] == ["used"]
    return answer


@says("Products by Price Range", "GET /api/auction/products/price-range/", 200, PRODUCTS)
def _(market):
    for price in (39999, 40000, 60000, 60001):
        market.product(starting_price=price)
    bounds = {"min_price": 40000, "max_price": 60000}
    answer = market.anonymous.get("/api/auction/products/price-range/", bounds)
    assert [row["starting_price"] for row in answer.json()] == [60000, 40000]
    return answer


@says("New Products", "GET /api/auction/products/new/", 200, PRODUCTS)
def _(market):
    market.product(category_new_used="new")
    market.product(category_new_used="used")
    answer = market.anonymous.get("/api/auction/products/new/")
    assert [row["category_new_used"] for row in answer.json()] == ["new"]
    return answer


@says("Used Products", "GET /api/auction/products/used/", 200, PRODUCTS)
def _(market):
    market.product(category_new_used="new")
    market.product(category_new_used="used")
    answer = market.anonymous.get("/api/auction/products/used/")
    assert [row["category_new_used"] for row in answer.json()] == ["used"]
    return answer


@says(
    "My Bids on Product",
    "GET /api/auction/products/{product_id}/my-bids/",
    200,
    'array of `{"bid_id", "bid_amount", "bid_time", "start_date", "end_date"}`',
)
def _(market):
    product = market.product()
    bid_id = market.bid(product, 55000)
    market.rival.post(product + "place-bid/", BID | {"bid_amount": 60000})
    answer = market.bidder.get(product + "my-bids/")
    assert [row["bid_id"] for row in answer.json()] == [bid_id]
    return answer


@says(
    "Products Sold by Seller",
    "GET /api/auction/products/seller/{seller_id}/sold/",
    200,
    PRODUCTS,
)
def _(market):
    market.product()
    market.sold()
    seller_id = market.cast.seller.pk
    answer = market.anonymous.get(f"/api/auction/products/seller/{seller_id}/sold/")
    assert [row["sold"] for row in answer.json()] == [True]
    return answer


@says(
    "Active Auctions by End Time",
    "GET /api/auction/products/active/by-end-time/",
    200,
    PRODUCTS,
)
def _(market):
    market.product(title="later", end_date="2025-02-21T12:00:00")
    market.product(title="sooner")
    market.product(title="not yet", start_date="2025-02-17T12:00:00")
    market.product(title="over", end_date="2025-02-16T12:00:00")
    market.sold()
    answer = market.anonymous.get("/api/auction/products/active/by-end-time/")
    assert [row["title"] for row in answer.json()] == ["sooner", "later"]
    return answer


@says("My Listings", "GET /api/auction/my-listings/", 200, PRODUCTS)
def _(market):
    market.product()
    assert market.rival.get("/api/auction/my-listings/").json() == []
    return market.seller.get("/api/auction/my-listings/")


# --- Authentication: Required -----------------------------------------------------------------


def without_token(method: str, path: str) -> None:
    """Register the row that an endpoint needs a token, absent products included."""

    @says("Authentication", f"{method} {path}", 401, UNAUTHENTICATED)
    def _(market):
        product, bid_id = market.sold()
        product_id = product.split("/")[-2]
        for number in (product_id, UNKNOWN):
            url = path.format(product_id=number, bid_id=bid_id)
            answer = getattr(market.anonymous, method.lower())(url, {})
        return answer


without_token("POST", "/api/auction/products/")
without_token("POST", "/api/auction/products/{product_id}/upload-images/")
without_token("POST", "/api/auction/products/{product_id}/place-bid/")
without_token("POST", "/api/auction/products/{product_id}/sell/{bid_id}/")
without_token("GET", "/api/auction/products/{product_id}/my-bids/")
without_token("GET", "/api/auction/my-listings/")
