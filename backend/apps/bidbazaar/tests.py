"""The HTTP contract of the BidBazaar guide's paths: status, shape, order of errors, who may.

Row by row the guide stands in tests/vocabularies/test_guide.py; here is what lies between rows.
"""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from apps.bidbazaar import errors, phrases
from apps.bidding.desk import desk
from apps.bidding.models import Bid
from domain.auction import Status
from domain.commands import BlockBidder, CancelAuction, PlaceBid, SetAutoBid
from domain.reasons import Reason, Refusal, Refused
from tests.factories import PASSWORD, AuctionFactory, AuctionImageFactory, BidFactory

NOW = datetime(2025, 2, 16, 14, 30, 45, tzinfo=UTC)
PRODUCTS = "/api/auction/products/"
PRODUCT = {
    "title": "iPhone 12",
    "starting_price": 50000,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-20T12:00:00",
}
BID = {
    "bid_amount": 55000,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-18T12:00:00",
}
GUIDE_STATUSES = {200, 201, 400, 401, 403, 404, 500}
UNKNOWN = 999_999


@pytest.fixture
def now(frozen_clock):
    """The clock, standing at NOW."""
    frozen_clock.set(NOW)
    return frozen_clock


@pytest.fixture
def product(now, api, cast):
    """Path of a product of the seller's that takes bids from 50000."""
    answer = api(cast.seller).post(PRODUCTS, PRODUCT)
    return f"{PRODUCTS}{answer.json()['id']}/"


def placed(client, product, **changes):
    answer = client.post(product + "place-bid/", BID | changes)
    assert answer.status_code == 201, answer.json()
    return answer.json()["id"]


def timed(seller, **columns):
    """Path of a timed auction that starts at 500.00."""
    auction = AuctionFactory(seller=seller, starting_minor=500_00, **columns)
    return f"{PRODUCTS}{auction.pk}/"


def id_in(product):
    return int(product.split("/")[-2])


# --- who may ----------------------------------------------------------------------------------

ENDPOINTS = [  # method, path, body, then the statuses of anonymous, stranger, seller
    ("get", "", None, (200, 200, 200)),
    ("get", "bids/", None, (200, 200, 200)),
    ("get", "highest-bid/", None, (200, 200, 200)),
    ("get", "my-bids/", None, (401, 200, 200)),
    ("post", "place-bid/", BID | {"bid_amount": 60000}, (401, 201, 400)),
    ("post", "upload-images/", {}, (401, 403, 400)),
    ("post", "sell/{bid_id}/", {}, (401, 403, 200)),
    ("get", "/api/auction/my-listings/", None, (401, 200, 200)),
    ("get", PRODUCTS, None, (200, 200, 200)),
    ("post", PRODUCTS, PRODUCT, (401, 201, 201)),
    ("get", PRODUCTS + "category/?category=new", None, (200, 200, 200)),
    ("get", PRODUCTS + "price-range/", None, (200, 200, 200)),
    ("get", PRODUCTS + "new/", None, (200, 200, 200)),
    ("get", PRODUCTS + "used/", None, (200, 200, 200)),
    ("get", PRODUCTS + "active/by-end-time/", None, (200, 200, 200)),
    ("get", PRODUCTS + "seller/{seller_id}/sold/", None, (200, 200, 200)),
    ("post", "/api/user/logout/", None, (401, 200, 200)),
]


@pytest.mark.parametrize("slash", [True, False], ids=["with slash", "without slash"])
@pytest.mark.parametrize(
    ("method", "path", "body", "statuses"),
    ENDPOINTS,
    ids=[f"{row[0]} {row[1]}" for row in ENDPOINTS],
)
def test_who_may_ask_in_either_slash_form(api, cast, product, method, path, body, statuses, slash):
    bid_id = placed(api(cast.bidder1), product)
    path = (path if path.startswith("/") else product + path).format(
        bid_id=bid_id, seller_id=cast.seller.pk
    )
    base, question, query = path.partition("?")
    path = (base if slash else base.rstrip("/")) + question + query

    answers = [
        getattr(api(user), method)(path, body).status_code
        for user in (None, cast.stranger, cast.seller)
    ]

    assert tuple(answers) == statuses


@pytest.mark.parametrize("path", ["", "bids/", "highest-bid/", "my-bids/", "place-bid/"])
@pytest.mark.parametrize("status", [Status.DRAFT, Status.REMOVED])
def test_drafts_and_removed_products_do_not_exist(api, cast, now, path, status):
    hidden = f"{PRODUCTS}{AuctionFactory(seller=cast.seller, status=status).pk}/{path}"

    client = api(cast.bidder1)
    answer = client.post(hidden, BID) if path == "place-bid/" else client.get(hidden)

    assert (answer.status_code, answer.json()) == (404, {"error": "Product not found"})


@pytest.mark.parametrize("product_id", [0, UNKNOWN, 2**63, 10**40])
def test_an_id_nobody_has_is_an_unknown_product(api, cast, product_id):
    path = f"{PRODUCTS}{product_id}/"

    assert api(None).get(path).json() == {"error": "Product not found"}
    assert api(None).post(path + "place-bid/", BID).status_code == 401
    assert api(cast.bidder1).post(path + "place-bid/", BID).status_code == 404
    assert api(None).get(f"{PRODUCTS}seller/{product_id}/sold/").json() == []


def test_seller_whose_right_was_withdrawn_cannot_list(api, cast):
    cast.seller.can_sell = False
    cast.seller.save(update_fields=["can_sell"])

    answer = api(cast.seller).post(PRODUCTS, PRODUCT)

    assert (answer.status_code, answer.json()) == (403, {"error": "This account may not sell"})


# --- create -----------------------------------------------------------------------------------


def test_seller_lists_a_product_that_is_open_at_once(api, cast, now):
    answer = api(cast.seller).post(PRODUCTS, PRODUCT)

    assert answer.json() == {
        "id": answer.json()["id"],
        "user_id": cast.seller.pk,
        "title": "iPhone 12",
        "description": "",
        "starting_price": 50000,
        "start_date": "2025-02-15T12:00:00",
        "end_date": "2025-02-20T12:00:00",
        "sold": False,
        "is_listed": True,
        "highest_bid_id": None,
        "created_at": "2025-02-16T14:30:45",
        "category_new_used": "new",
        "images": [],
        "highest_bid_amount": None,
    }
    assert answer.content.find(b'"starting_price":50000,') > 0, "a JSON number, no point"


@pytest.mark.parametrize(
    ("changes", "body"),
    [
        pytest.param(
            {"title": " ", "starting_price": None, "start_date": "", "end_date": None},
            {
                "error": errors.FIELDS_MISSING,
                "fields": ["title", "starting_price", "start_date", "end_date"],
            },
            id="all missing, in body order",
        ),
        pytest.param(
            {"title": None, "start_date": "nonsense"},
            {"error": errors.FIELDS_MISSING, "fields": ["title"]},
            id="missing before dates",
        ),
        pytest.param(
            {"start_date": "2025-02-15", "starting_price": -1},
            {"error": errors.DATE_FORMAT},
            id="dates before amounts",
        ),
        pytest.param(
            {"end_date": PRODUCT["start_date"]}, {"error": errors.DATE_ORDER}, id="date order"
        ),
        pytest.param(
            {"starting_price": 0},
            {
                "error": "Invalid starting price",
                "details": "must be greater than zero",
                "fields": ["starting_price"],
            },
            id="zero is no price",
        ),
        pytest.param(
            {"category_new_used": "antique"},
            {
                "error": 'Invalid category_new_used. Use "new" or "used"',
                "fields": ["category_new_used"],
            },
            id="category",
        ),
        pytest.param(
            {"title": 7},
            {"error": "Invalid title: must be a text", "fields": ["title"]},
            id="title is a text",
        ),
        pytest.param(
            {"title": "x" * 201},
            {"error": "Invalid title: at most 200 characters", "fields": ["title"]},
            id="title too long",
        ),
        pytest.param(
            {"description": "a\0b"},
            {
                "error": "Invalid description: holds characters no text has",
                "fields": ["description"],
            },
            id="NUL",
        ),
    ],
)
def test_product_with_a_mistake_is_refused_by_name(api, cast, now, changes, body):
    answer = api(cast.seller).post(PRODUCTS, PRODUCT | changes)

    assert (answer.status_code, answer.json()) == (400, body)
    assert api(None).get(PRODUCTS).json() == []


def test_category_of_a_new_product_is_read_in_any_case(api, cast, now):
    answer = api(cast.seller).post(PRODUCTS, PRODUCT | {"category_new_used": "USED"})

    assert answer.json()["category_new_used"] == "used"


# --- place-bid: shapes, in order --------------------------------------------------------------

BAD_AMOUNTS = ["abc", 0, -5, True, False, 55000.5, "55000.5", "55000.0", " 55000", "+5", "٣", "1e5"]
BAD_AMOUNTS += [[], {}, [55000], 10**10, 10**30, "9" * 19, "-1", "0x10", "5_0"]
BAD_DATES = [
    "2025-02-18",
    "15/02/2025",
    "2025-02-30T00:00:00",
    "2025-02-18T24:00:00",
    "2025-02-18T12:00",
    "2025-02-18 12:00:00",
    "0000-01-01T00:00:00",
    "0001-01-01T00:00:00+05:00",
    "9999-12-31T23:59:59",
    "9999-12-31T23:59:59-01:00",
    "10000-01-01T00:00:00",
    "٢٠٢٥-02-18T12:00:00",
    "2025-02-18T12:00:00+99:00",
    "2025-02-18T12:00:00\n",
    "2025-W07-2T12:00:00",
    "tomorrow",
    1739880000,
    True,
    0,
    ["2025-02-18T12:00:00"],
    {"date": "2025-02-18T12:00:00"},
]


@pytest.mark.parametrize("amount", BAD_AMOUNTS, ids=repr)
def test_amount_that_is_no_whole_number_is_invalid(api, cast, product, amount):
    answer = api(cast.bidder1).post(product + "place-bid/", BID | {"bid_amount": amount})

    assert (answer.status_code, answer.json()) == (400, {"error": errors.BID_AMOUNT_INVALID})


@pytest.mark.parametrize("amount", ["55000", "055000"])
def test_digits_are_an_amount(api, cast, product, amount):
    answer = api(cast.bidder1).post(product + "place-bid/", BID | {"bid_amount": amount})

    assert answer.json()["bid_amount"] == 55000


def test_whole_number_with_a_point_is_an_amount(api, cast, product):
    body = b'{"bid_amount": 55000.0, "start_date": "2025-02-15T12:00:00", "end_date": '
    body += b'"2025-02-18T12:00:00"}'

    answer = api(cast.bidder1).generic(
        "POST", product + "place-bid/", body, content_type="application/json"
    )

    assert answer.json()["bid_amount"] == 55000
    assert b'"bid_amount":55000,' in answer.content


@pytest.mark.parametrize("field", ["start_date", "end_date"])
@pytest.mark.parametrize("date", BAD_DATES, ids=repr)
def test_date_that_is_none_is_refused(api, cast, product, field, date):
    answer = api(cast.bidder1).post(product + "place-bid/", BID | {field: date})

    assert (answer.status_code, answer.json()) == (400, {"error": errors.DATE_FORMAT})


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("2025-02-18T12:00:00", "2025-02-18T12:00:00"),
        ("2025-02-18T12:00:00.000000", "2025-02-18T12:00:00"),
        ("2025-02-18T12:00:00.5", "2025-02-18T12:00:00.500000"),
        ("2025-02-18T12:00:00.1234567", "2025-02-18T12:00:00.123456"),
        ("2025-02-18T12:00:00Z", "2025-02-18T12:00:00"),
        ("2025-02-18T12:00:00+02:00", "2025-02-18T10:00:00"),
        ("2025-02-18T12:00:00-0530", "2025-02-18T17:30:00"),
        ("9999-12-30T00:00:00", "9999-12-30T00:00:00"),
    ],
)
def test_dates_come_out_as_naive_utc(api, cast, product, sent, shown):
    answer = api(cast.bidder1).post(product + "place-bid/", BID | {"end_date": sent})

    assert answer.json()["end_date"] == shown
    assert api(None).get(product + "bids/").json()[0]["end_date"] == shown


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, errors.BID_AMOUNT_REQUIRED),
        ({"bid_amount": ""}, errors.BID_AMOUNT_REQUIRED),
        ({"bid_amount": "x", "start_date": "x"}, errors.BID_AMOUNT_INVALID),
        ({"bid_amount": 1, "start_date": "x"}, errors.DATES_REQUIRED),
        ({"bid_amount": 1, "start_date": "x", "end_date": "x"}, errors.DATE_FORMAT),
        (BID | {"end_date": BID["start_date"]}, errors.DATE_ORDER),
        (BID | {"bid_amount": 1}, "You cannot bid on your own product"),
    ],
)
def test_errors_come_in_the_guides_order(api, cast, product, body, sentence):
    """The seller bids: every check before his own product's is seen first."""
    answer = api(cast.seller).post(product + "place-bid/", body)

    assert (answer.status_code, answer.json()) == (400, {"error": sentence})


def test_own_product_is_told_before_availability(api, cast, product, now):
    now.advance(30 * 24 * 3600)

    own = api(cast.seller).post(product + "place-bid/", BID).json()
    others = api(cast.bidder1).post(product + "place-bid/", BID | {"bid_amount": 1}).json()

    assert own == {"error": "You cannot bid on your own product"}
    assert others == {"error": "This product is not available for bidding"}


@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("2025-02-15T11:59:59.999999", 400),
        ("2025-02-15T12:00:00", 201),
        ("2025-02-20T11:59:59.999999", 201),
        ("2025-02-20T12:00:00", 400),
    ],
)
def test_product_takes_bids_from_its_start_until_just_before_its_end(api, cast, now, at, status):
    now.set(datetime(2025, 2, 1, tzinfo=UTC))
    product = f"{PRODUCTS}{api(cast.seller).post(PRODUCTS, PRODUCT).json()['id']}/"
    now.set(datetime.fromisoformat(at).replace(tzinfo=UTC))

    answer = api(cast.bidder1).post(product + "place-bid/", BID)

    assert answer.status_code == status
    if status == 400:
        assert answer.json() == {"error": "This product is not available for bidding"}


def test_blocked_bidder_reads_the_guides_sentence_and_the_reason(api, cast, product):
    desk.ask(id_in(product), BlockBidder(actor_id=cast.seller.pk, bidder_id=cast.bidder1.pk))

    answer = api(cast.bidder1).post(product + "place-bid/", BID)

    assert (answer.status_code, answer.json()) == (
        400,
        {
            "error": "This product is not available for bidding",
            "details": "The seller does not accept bids from this account",
        },
    )


@pytest.mark.parametrize(
    "body", [b"{", b"[1]", b'"x"', b'{"a":1,"a":2}', b'{"bid_amount":NaN}', b"\xff", b"[" * 9000]
)
def test_unreadable_body_is_a_400(api, cast, product, body):
    answer = api(cast.bidder1).generic(
        "POST", product + "place-bid/", body, content_type="application/json"
    )

    assert answer.status_code == 400
    assert list(answer.json()) == ["error"]


def test_body_that_is_no_json_is_a_400(api, cast, product):
    answer = api(cast.bidder1).generic(
        "POST", product + "place-bid/", b"bid_amount=1", content_type="text/plain"
    )

    assert (answer.status_code, list(answer.json())) == (400, ["error"])


def test_repeated_request_places_one_bid(api, cast, product):
    client = api(cast.bidder1)

    first, again = (
        client.post(product + "place-bid/", BID, headers={"Idempotency-Key": "k1"})
        for _ in range(2)
    )
    other = client.post(
        product + "place-bid/", BID | {"bid_amount": 56000}, headers={"Idempotency-Key": "k1"}
    )

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert other.status_code == 400
    assert Bid.objects.count() == 1


def test_request_key_that_is_too_long_is_a_400(api, cast, product):
    answer = api(cast.bidder1).post(
        product + "place-bid/", BID, headers={"Idempotency-Key": "k" * 129}
    )

    assert (answer.status_code, answer.json()["fields"]) == (400, ["Idempotency-Key"])


# --- the fast lane's door ---------------------------------------------------------------------

LANE_BODIES = [
    BID,
    BID | {"bid_amount": 49999},
    {},
    BID | {"bid_amount": "x"},
    {"bid_amount": 1},
    BID | {"end_date": "x"},
    BID | {"end_date": BID["start_date"]},
]


@pytest.mark.parametrize("body", LANE_BODIES, ids=repr)
def test_lane_answers_as_the_view(api, cast, product, body):
    """Each on its own product: the second bid of equal amount would be too low."""
    other = f"{PRODUCTS}{api(cast.seller).post(PRODUCTS, PRODUCT).json()['id']}/"
    seen = api(cast.bidder1).post(other + "place-bid/", body)
    door = phrases.GuideDoor()
    asker = {"actor_id": cast.bidder1.pk, "session_id": None, "request_key": None}

    command = door.command(body, "USD", asker)
    if isinstance(command, PlaceBid):
        try:
            reply = door.accepted(desk.ask(door.auction_id(body, id_in(product)), command))
        except Refused as refused:
            reply = door.refused(refused.refusal, refused.currency)
    else:
        reply = command

    def told(answer):
        return {key: value for key, value in answer.items() if key not in ("id", "product_id")}

    assert (reply[0], told(reply[1])) == (seen.status_code, told(seen.json()))


def test_lane_words_an_unreadable_body():
    assert phrases.GuideDoor().unreadable("Invalid JSON") == (400, {"error": "Invalid JSON"})


# --- highest bid, lists (B5, B6, B9) ----------------------------------------------------------


def test_bids_come_highest_first_with_the_lapsed_ones(api, cast, product, now):
    first = placed(api(cast.bidder1), product, bid_amount=60000, end_date="2025-02-17T00:00:00")
    now.set(datetime(2025, 2, 17, 0, 0, 1, tzinfo=UTC))
    second = placed(api(cast.bidder2), product, bid_amount=60000)
    third = placed(api(cast.bidder1), product, bid_amount=61000)

    rows = api(None).get(product + "bids/").json()

    assert [row["id"] for row in rows] == [third, first, second], "the earlier first on a tie"
    assert [row["username"] for row in rows] == ["bidder1", "bidder1", "bidder2"]
    mine = api(cast.bidder1).get(product + "my-bids/").json()
    assert [row["bid_id"] for row in mine] == [third, first]


def test_highest_bid_is_the_highest_in_force_a_pending_one_too(api, cast, product, now):
    placed(api(cast.bidder1), product, bid_amount=70000, end_date="2025-02-17T00:00:00")
    now.set(datetime(2025, 2, 17, 0, 0, 1, tzinfo=UTC))
    pending = placed(api(cast.bidder2), product, start_date="2025-02-18T11:00:00")

    shown = api(None).get(product).json()

    assert api(None).get(product + "highest-bid/").json()["id"] == pending
    assert (shown["highest_bid_id"], shown["highest_bid_amount"]) == (pending, 55000)


def test_bid_born_expired_is_kept_and_leads_nobody(api, cast, product):
    born_expired = placed(
        api(cast.bidder1),
        product,
        bid_amount=90000,
        start_date="2024-01-01T00:00:00",
        end_date="2024-01-02T00:00:00",
    )

    shown = api(None).get(product).json()

    assert (shown["highest_bid_id"], shown["highest_bid_amount"]) == (None, 90000)
    assert api(None).get(product + "highest-bid/").json()["id"] == born_expired
    assert placed(api(cast.bidder2), product, bid_amount=50000)


def test_sold_product_shows_the_bid_that_was_taken(api, cast, product, now):
    taken = placed(api(cast.bidder1), product, bid_amount=51000)
    placed(api(cast.bidder2), product, bid_amount=60000)

    sale = api(cast.seller).post(f"{product}sell/{taken}/").json()
    now.advance(365 * 24 * 3600)

    assert (sale["highest_bid_id"], sale["highest_bid_amount"]) == (taken, 51000)
    assert (sale["sold"], sale["is_listed"]) == (True, False)
    assert api(None).get(product).json() == sale


# --- sell (B7) --------------------------------------------------------------------------------


def test_sale_errors_come_in_order(api, cast, product, now):
    seller, stranger = api(cast.seller), api(cast.stranger)
    expired = placed(api(cast.bidder1), product, end_date="2025-02-16T15:00:00")
    now.set(datetime(2025, 2, 16, 16, tzinfo=UTC))
    seller, stranger = api(cast.seller), api(cast.stranger)
    pending = placed(api(cast.bidder1), product, start_date="2025-02-17T12:00:00")
    valid = placed(api(cast.bidder2), product, bid_amount=56000)
    elsewhere = BidFactory(auction=AuctionFactory()).pk

    def sell(client, bid_id, path=product):
        answer = client.post(f"{path}sell/{bid_id}/")
        return answer.status_code, answer.json().get("error")

    assert sell(seller, valid, f"{PRODUCTS}{UNKNOWN}/") == (404, "Product not found")
    forbidden = (403, "You do not have permission to sell this product")
    assert sell(stranger, UNKNOWN) == forbidden
    assert sell(api(cast.staff), valid) == forbidden
    assert sell(seller, UNKNOWN) == (404, "Bid not found")
    assert sell(seller, 10**30) == (404, "Bid not found")
    assert sell(seller, elsewhere) == (400, "This bid is not for the specified product")
    assert sell(seller, expired) == (400, "This bid has expired")
    assert sell(seller, pending) == (400, "This bid is not valid yet")
    assert sell(seller, valid) == (200, None)
    sold = (400, "This product has already been sold")
    assert sell(seller, UNKNOWN) == sell(seller, elsewhere) == sell(seller, expired) == sold
    assert sell(stranger, valid) == forbidden


def test_product_is_sold_after_its_end_while_the_bid_stands(api, cast, product, now):
    bid_id = placed(api(cast.bidder1), product, end_date="2025-03-01T00:00:00")
    now.set(datetime(2025, 2, 25, tzinfo=UTC))

    answer = api(cast.seller).post(f"{product}sell/{bid_id}/")

    assert (answer.status_code, answer.json()["sold"]) == (200, True)


# --- timed auctions in the guide's words ------------------------------------------------------


def test_bid_below_the_increment_is_told_the_least_bid(api, cast, now):
    auction = timed(cast.seller, minimum_increment_minor=1000_00, increment_strict=True)
    placed(api(cast.bidder1), auction, bid_amount=52000)

    answer = api(cast.bidder2).post(auction + "place-bid/", BID | {"bid_amount": 53000})

    assert (answer.status_code, answer.json()) == (
        400,
        {
            "error": "Bid must be higher than the current highest bid: 52000",
            "details": "Minimum next bid: 53000.01",
        },
    )


def test_maximum_answers_with_the_leaders_visible_bid(api, cast, now):
    """The answer ties with the bid: the leader's row is the highest all the same."""
    auction = timed(cast.seller)
    desk.ask(id_in(auction), SetAutoBid(actor_id=cast.bidder1.pk, max_minor=600_00))
    beaten = placed(api(cast.bidder2), auction, bid_amount=600)

    highest = api(None).get(auction + "highest-bid/").json()
    shown = api(None).get(auction).json()

    assert (highest["username"], highest["bid_amount"]) == ("bidder1", 600)
    assert (shown["highest_bid_id"], shown["highest_bid_amount"]) == (highest["id"], 600)
    rows = api(None).get(auction + "bids/").json()
    assert [row["id"] for row in rows][:2] == [highest["id"], beaten]
    assert all(row["end_date"] for row in rows), "a bid without a window stands to the end"


def test_bid_on_a_timed_auction_does_not_lapse_with_its_window(api, cast, now):
    auction = timed(cast.seller)
    bid_id = placed(api(cast.bidder1), auction, bid_amount=600)
    now.set(datetime(2025, 2, 19, tzinfo=UTC))  # past the window of BID, before the end

    shown = api(None).get(auction).json()

    assert (shown["highest_bid_id"], shown["highest_bid_amount"]) == (bid_id, 600)


def test_sale_on_a_timed_auction_ends_it_in_that_bids_favour(api, cast, now):
    auction = timed(cast.seller)
    bid_id = placed(api(cast.bidder1), auction, bid_amount=600)
    placed(api(cast.bidder2), auction, bid_amount=700)

    sale = api(cast.seller).post(f"{auction}sell/{bid_id}/")

    assert sale.status_code == 200
    assert (sale.json()["highest_bid_id"], sale.json()["highest_bid_amount"]) == (bid_id, 600)


@pytest.mark.parametrize(
    ("currency", "minor", "shown"),
    [("USD", 1250, 12.5), ("USD", 1200, 12), ("JPY", 1250, 1250), ("KWD", 1250, 1.25)],
)
def test_amounts_are_numbers_of_the_auctions_currency(api, now, currency, minor, shown):
    auction = AuctionFactory(currency=currency, starting_minor=minor)

    assert api(None).get(f"{PRODUCTS}{auction.pk}/").json()["starting_price"] == shown


def test_bid_is_in_the_auctions_currency(api, cast, now):
    auction = AuctionFactory(seller=cast.seller, currency="JPY", starting_minor=500)
    placed(api(cast.bidder1), f"{PRODUCTS}{auction.pk}/", bid_amount=600)

    assert Bid.objects.get().amount_minor == 600


# --- filters ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "status", "found"),
    [
        ({"category": "used"}, 200, 1),
        ({"category": "USED"}, 200, 1),
        ({"category": "new"}, 200, 2),
        ({"category": "antique"}, 200, 0),
        ({"category": ""}, 400, None),
        ({}, 400, None),
    ],
)
def test_category_is_the_condition(api, now, query, status, found):
    AuctionFactory(condition="used")
    AuctionFactory.create_batch(2, condition="new")

    answer = api(None).get(PRODUCTS + "category/", query)

    assert answer.status_code == status
    if status == 200:
        assert len(answer.json()) == found
    else:
        assert answer.json() == {"error": "Category is required", "fields": ["category"]}


@pytest.mark.parametrize(
    ("query", "prices"),
    [
        ({}, [10, 20.5, 21]),
        ({"min_price": 20}, [20.5, 21]),
        ({"max_price": 20}, [10]),
        ({"min_price": 10, "max_price": 10}, [10]),
        ({"min_price": 21, "max_price": 10}, []),
        ({"min_price": -5, "max_price": ""}, [10, 20.5, 21]),
        ({"min_price": 10**19}, []),
        ({"max_price": 10**19}, [10, 20.5, 21]),
    ],
)
def test_price_range_is_inclusive_over_currencies(api, now, query, prices):
    AuctionFactory(currency="USD", starting_minor=10_00)
    AuctionFactory(currency="KWD", starting_minor=20_500)
    AuctionFactory(currency="JPY", starting_minor=21)

    rows = api(None).get(PRODUCTS + "price-range/", query).json()

    assert sorted(row["starting_price"] for row in rows) == prices


@pytest.mark.parametrize("name", ["min_price", "max_price"])
@pytest.mark.parametrize("value", ["abc", "1.5", "1e3", "٣", " 1", "--1"])
def test_price_bound_that_is_no_integer_is_refused(api, db, name, value):
    answer = api(None).get(PRODUCTS + "price-range/", {name: value})

    assert (answer.status_code, answer.json()) == (
        400,
        {"error": f"{name} must be an integer", "fields": [name]},
    )


def test_products_come_newest_first_the_cancelled_with_bids_included(api, cast, now):
    first = timed(cast.seller, created_at=NOW - timedelta(days=2))
    second = timed(cast.seller, created_at=NOW - timedelta(days=1))
    placed(api(cast.bidder1), first, bid_amount=600)
    desk.ask(id_in(first), CancelAuction(actor_id=cast.staff.pk, is_staff=True))

    rows = api(None).get(PRODUCTS).json()

    assert [row["id"] for row in rows] == [id_in(second), id_in(first)]
    assert [row["is_listed"] for row in rows] == [True, False]


@pytest.mark.parametrize(
    "path",
    ["products/", "products/new/", "products/price-range/", "products/active/by-end-time/"],
)
def test_list_is_whole_and_costs_the_same_however_long(api, now, path, django_assert_num_queries):
    def fill(count):
        for auction in AuctionFactory.create_batch(count, condition="new"):
            AuctionImageFactory.create_batch(2, auction=auction)
            BidFactory.create_batch(2, auction=auction)

    client = api(None)
    fill(1)
    with django_assert_num_queries(2):
        client.get(f"/api/auction/{path}")
    fill(29)

    with django_assert_num_queries(2):
        rows = client.get(f"/api/auction/{path}").json()

    assert len(rows) == 30
    assert all(len(row["images"]) == 2 and row["highest_bid_id"] for row in rows)


@pytest.mark.parametrize("path", ["bids/", "my-bids/"])
def test_bid_list_is_whole_and_costs_the_same_however_long(
    api, cast, now, path, django_assert_num_queries
):
    auction = AuctionFactory()
    client = api(cast.bidder1)
    BidFactory.create_batch(30, auction=auction, bidder=cast.bidder1)

    with django_assert_num_queries(3):  # the session, the product, its bids
        rows = client.get(f"{PRODUCTS}{auction.pk}/{path}").json()

    assert len(rows) == 30


# --- pictures ---------------------------------------------------------------------------------


def picture():
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "../../etc/iphone12.png"
    return file


def test_seller_adds_pictures(api, cast, product):
    answer = api(cast.seller).post(
        product + "upload-images/", {"images": [picture(), picture()]}, format="multipart"
    )

    assert answer.status_code == 201
    assert api(None).get(product).json()["images"] == answer.json()
    assert all(row["image"].startswith("product_images/") for row in answer.json())
    assert all(".." not in row["image"] for row in answer.json())


def test_one_bad_file_refuses_all(api, cast, product):
    script = io.BytesIO(b"<svg onload=alert(1)>")
    script.name = "picture.png"

    answer = api(cast.seller).post(
        product + "upload-images/", {"images": [picture(), script]}, format="multipart"
    )

    assert (answer.status_code, list(answer.json())) == (400, ["error"])
    assert api(None).get(product).json()["images"] == []


def test_upload_checks_401_404_403_400_in_order(api, cast, product):
    body = {"images": picture()}

    def upload(user, path):
        return api(user).post(path + "upload-images/", body, format="multipart").status_code

    nowhere = f"{PRODUCTS}{UNKNOWN}/"
    assert upload(None, nowhere) == 401
    assert upload(cast.stranger, nowhere) == 404
    assert upload(cast.stranger, product) == 403
    for answer in (
        api(cast.seller).post(product + "upload-images/", {}),
        api(cast.seller).post(product + "upload-images/", {"images": "x"}, format="multipart"),
    ):
        assert (answer.status_code, answer.json()) == (400, {"error": "No images provided"})


# --- accounts ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"username": None}, "All fields are required"),
        ({"password": " "}, "All fields are required"),
        ({"username": "Seller", "email": "bidder1@example.com"}, "Username already taken"),
        ({"email": "SELLER@example.com"}, "Email already taken"),
        ({"email": "nowhere"}, "Enter a valid email address"),
    ],
)
def test_registration_is_refused_with_one_sentence(api, cast, changes, sentence):
    body = {"username": "newcomer", "email": "new@example.com", "password": PASSWORD}

    answer = api(None).post("/api/user/register/", body | changes)

    assert (answer.status_code, answer.json()) == (400, {"error": sentence})


def test_registered_user_may_act_at_once_and_shows_no_secret(api, db):
    body = {"username": "newcomer", "email": "new@example.com", "password": PASSWORD}
    client = api(None)

    answer = client.post("/api/user/register/", body).json()

    assert answer["user"] == {
        "id": answer["user"]["id"],
        "username": "newcomer",
        "email": "new@example.com",
        "first_name": "",
        "last_name": "",
        "is_staff": False,
    }
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer['access_token']}")
    assert client.get("/api/auction/my-listings/").json() == []


def test_stale_token_keeps_nobody_from_logging_in(api, cast):
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION="Bearer stale")

    answer = client.post("/api/user/login/", {"username": "SELLER", "password": PASSWORD})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"username": "seller", "password": "wrong"}, "Invalid credentials"),
        ({"username": "nobody", "password": PASSWORD}, "Invalid credentials"),
        ({"username": "seller"}, "All fields are required"),
        ({}, "All fields are required"),
    ],
)
def test_login_is_refused_with_one_sentence(api, cast, body, sentence):
    answer = api(None).post("/api/user/login/", body)

    assert (answer.status_code, answer.json()) == (400, {"error": sentence})


def test_logout_kills_access_and_refresh_token_of_its_session_alone(api, cast):
    client, elsewhere = api(None), api(cast.seller)
    body = {"username": "seller", "password": PASSWORD}
    tokens = client.post("/api/user/login/", body).json()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}")

    first, again = client.post("/api/user/logout/"), client.post("/api/user/logout/")
    refreshed = api(None).post("/api/user/refresh/", {"refresh": tokens["refresh_token"]})

    dead = {"detail": "Token is invalid or expired"}
    assert (first.status_code, first.json()) == (200, {"message": "Logout successful"})
    assert (again.status_code, again.json()) == (401, dead)
    assert (refreshed.status_code, refreshed.json()) == (401, dead)
    assert refreshed.headers["WWW-Authenticate"] == "Bearer"
    assert elsewhere.get("/api/auction/my-listings/").status_code == 200


def test_logout_looks_at_no_body_it_cannot_read(api, cast):
    answer = api(cast.seller).generic(
        "POST", "/api/user/logout/", b"x=1", content_type="application/x-www-form-urlencoded"
    )

    assert answer.status_code == 200


def test_refresh_token_is_kept_and_works_again(api, cast):
    body = {"username": "seller", "password": PASSWORD}
    token = api(None).post("/api/user/login/", body).json()["refresh_token"]

    answers = [api(None).post("/api/user/refresh/", {"refresh": token}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert all(list(answer.json()) == ["access"] for answer in answers)


@pytest.mark.parametrize("body", [{}, {"refresh": ""}, {"refresh": None}])
def test_refresh_without_a_token_is_a_400(api, db, body):
    answer = api(None).post("/api/user/refresh/", body)

    assert (answer.status_code, answer.json()) == (400, {"error": "Refresh token is required"})


def test_access_token_is_no_refresh_token(api, cast):
    body = {"username": "seller", "password": PASSWORD}
    token = api(None).post("/api/user/login/", body).json()["access_token"]

    assert api(None).post("/api/user/refresh/", {"refresh": token}).status_code == 401


# --- the phrasebook ---------------------------------------------------------------------------


@pytest.mark.parametrize("reason", Reason)
def test_every_refusal_has_the_guides_status_and_a_sentence(reason):
    facts = {"starting_minor": 100, "price_minor": 200, "min_next_minor": 201, "status": "ended"}

    status, body = errors.refusal_body(Refusal(reason, facts), "USD")

    assert status in GUIDE_STATUSES
    [sentence, *details] = body.values()
    assert sentence
    assert "{" not in sentence
    assert set(body) == {"detail"} if status == 401 else set(body) <= {"error", "details"}
    assert all(isinstance(text, str) for text in details)


def test_method_nobody_documents_is_a_405(api, cast, product):
    answer = api(cast.seller).delete(product)

    assert (answer.status_code, list(answer.json())) == (405, ["error"])


def test_amount_of_a_sentence_has_no_float_noise():
    refusal = Refusal(Reason.BELOW_START, {"starting_minor": 10, "min_next_minor": 10})

    assert errors.refusal_body(refusal, "USD")[1] == {
        "error": "Bid must be at least the starting price: 0.1"
    }
