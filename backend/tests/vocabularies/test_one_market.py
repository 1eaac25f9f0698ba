"""Two vocabularies, one market: what is begun in one document's words goes on in the other's."""

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from domain.commands import Tick
from tests.factories import PASSWORD

NOW = datetime(2025, 2, 16, 12, tzinfo=UTC)
PRODUCT = {
    "title": "Walnut desk",
    "starting_price": 100,
    "start_date": "2025-02-15T12:00:00",
    "end_date": "2025-02-20T12:00:00",
    "category_new_used": "used",
}
AUCTION = {
    "title": "Walnut desk",
    "description": "One drawer sticks.",
    "condition": "used",
    "starting_price": 100,
    "minimum_increment": 10,
    "end_time": "2025-02-20T12:00:00Z",
}
WINDOW = {"start_date": "2025-02-15T12:00:00", "end_date": "2025-02-18T12:00:00"}


class Doors:
    """One listing and the words of both documents for what is done with it."""

    def __init__(self, api: Any, cast: Any) -> None:
        self.api, self.cast, self.id = api, cast, 0

    @property
    def product(self) -> str:
        return f"/api/auction/products/{self.id}/"

    @property
    def auction(self) -> str:
        return f"/api/auctions/{self.id}/"

    def create(self, vocabulary: str) -> Any:
        """List it and open it, as the vocabulary does."""
        seller = self.api(self.cast.seller)
        if vocabulary == "guide":
            answer = seller.post("/api/auction/products/", PRODUCT)
        else:
            answer = seller.post("/api/auctions/", AUCTION)
        assert answer.status_code == 201, answer.json()
        self.id = answer.json()["id"]
        if vocabulary == "roadmap":
            answer = seller.post(self.auction + "activate/")
            assert answer.status_code == 200, answer.json()
        return answer.json()

    def bid(self, vocabulary: str, user: Any, amount: int) -> Any:
        client = self.api(user)
        if vocabulary == "guide":
            return client.post(self.product + "place-bid/", {"bid_amount": amount, **WINDOW})
        return client.post("/api/bids/", {"auction_id": self.id, "amount": amount})

    def read(self, path: str) -> Any:
        answer = self.api(None).get(path)
        assert answer.status_code == 200, answer.json()
        return answer.json()


@pytest.fixture
def doors(api, cast, frozen_clock):
    frozen_clock.set(NOW)
    return Doors(api, cast)


VOCABULARIES = pytest.mark.parametrize("created_by", ["guide", "roadmap"])


# --- listing ----------------------------------------------------------------------------------


@VOCABULARIES
def test_listing_is_seen_in_both_lists_with_one_id(doors, created_by):
    doors.create(created_by)

    product, auction = doors.read(doors.product), doors.read(doors.auction)
    products, auctions = doors.read("/api/auction/products/"), doors.read("/api/auctions/")
    open_ = doors.read("/api/auction/products/active/by-end-time/")
    active = doors.read("/api/auctions/active/")

    assert [row["id"] for row in products] == [row["id"] for row in open_] == [doors.id]
    assert [row["id"] for row in auctions["results"]] == [doors.id]
    assert [row["id"] for row in active["results"]] == [doors.id]
    assert product == products[0]
    assert product["title"] == auction["title"]
    assert product["user_id"] == auction["seller"]["id"]
    assert product["starting_price"] == auction["starting_price"] == 100
    assert product["category_new_used"] == auction["condition"] == "used"
    assert product["start_date"] + "Z" == auction["start_time"]
    assert product["end_date"] + "Z" == auction["end_time"] == "2025-02-20T12:00:00Z"
    assert product["is_listed"] is (auction["status"] == "active") is True


def test_how_it_closes_is_set_by_the_path_that_creates_it(doors):
    closings = []
    for vocabulary in ("guide", "roadmap"):
        doors.create(vocabulary)
        closings.append(doors.read(doors.auction)["closing"])

    assert closings == ["seller_choice", "timed"]


def test_draft_of_the_roadmap_is_no_product_until_it_is_activated(doors, api, cast):
    draft = api(cast.seller).post("/api/auctions/", AUCTION).json()["id"]

    assert api(None).get("/api/auction/products/").json() == []
    assert api(cast.seller).get("/api/auction/my-listings/").json() == []
    api(cast.seller).post(f"/api/auctions/{draft}/activate/")

    assert [row["id"] for row in api(None).get("/api/auction/products/").json()] == [draft]


def test_product_that_starts_later_is_a_scheduled_auction(doors, api, cast, frozen_clock):
    body = PRODUCT | {"start_date": "2025-02-17T12:00:00"}
    doors.id = api(cast.seller).post("/api/auction/products/", body).json()["id"]
    before = doors.read(doors.auction)["status"], doors.read(doors.product)["is_listed"]
    refused = doors.bid("roadmap", cast.bidder1, 200)

    frozen_clock.set(datetime(2025, 2, 17, 12, tzinfo=UTC))
    accepted = doors.bid("roadmap", cast.bidder1, 200)

    assert before == ("scheduled", True)
    assert refused.json()["code"] == "not_started"
    assert accepted.status_code == 201
    assert doors.read(doors.auction)["status"] == "active"


@VOCABULARIES
def test_change_in_one_is_read_in_the_other(doors, api, cast, created_by):
    doors.create(created_by)

    answer = api(cast.seller).patch(doors.auction, {"title": "Oak desk", "starting_price": 90})

    assert answer.status_code == 200, answer.json()
    shown = doors.read(doors.product)
    assert (shown["title"], shown["starting_price"]) == ("Oak desk", 90)


@VOCABULARIES
def test_deleted_listing_is_gone_from_both(doors, api, cast, created_by):
    doors.create(created_by)

    answer = api(cast.seller).delete(doors.auction)

    assert answer.status_code == 204
    assert api(None).get(doors.auction).status_code == 404
    assert api(None).get(doors.product).status_code == 404
    assert api(None).get("/api/auction/products/").json() == []


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "desk.png"
    return file


@VOCABULARIES
@pytest.mark.parametrize("upload", ["images/", "upload-images/"])
def test_picture_sent_in_one_is_shown_in_both(doors, api, cast, created_by, upload):
    doors.create(created_by)
    base = doors.auction if upload == "images/" else doors.product

    answer = api(cast.seller).post(base + upload, {"images": picture()}, format="multipart")

    assert answer.status_code == 201, answer.json()
    [image] = doors.read(doors.product)["images"]
    [same] = doors.read(doors.auction)["images"]
    assert (image["id"], f"/media/{image['image']}") == (same["id"], same["image"])


# --- bidding ----------------------------------------------------------------------------------


@VOCABULARIES
@pytest.mark.parametrize("bid_by", ["guide", "roadmap"])
def test_bid_in_either_words_is_seen_in_both(doors, cast, created_by, bid_by):
    doors.create(created_by)

    answer = doors.bid(bid_by, cast.bidder1, 150)

    assert answer.status_code == 201, answer.json()
    bid_id = answer.json()["id"]
    product, auction = doors.read(doors.product), doors.read(doors.auction)
    [row] = doors.read(doors.product + "bids/")
    [same] = doors.read(f"/api/bids/?auction_id={doors.id}")["results"]
    assert (product["highest_bid_id"], product["highest_bid_amount"]) == (bid_id, 150)
    assert (auction["current_bid"], auction["highest_bidder"]) == (150, "bidder1")
    assert row["id"] == same["id"] == doors.read(doors.product + "highest-bid/")["id"] == bid_id
    assert (row["username"], row["bid_amount"]) == (same["bidder"], same["amount"])
    assert row["bid_time"] + "Z" == same["timestamp"]


def test_roadmap_bid_on_a_product_stands_from_now_to_its_end(doors, cast):
    doors.create("guide")

    doors.bid("roadmap", cast.bidder1, 150)

    [row] = doors.read(doors.product + "bids/")
    assert (row["start_date"], row["end_date"]) == ("2025-02-16T12:00:00", "2025-02-20T12:00:00")


def test_offers_of_both_doors_compete_and_lapse_alike(doors, cast, frozen_clock):
    doors.create("guide")
    doors.bid("guide", cast.bidder1, 300)  # until 18 February
    too_low = doors.bid("roadmap", cast.bidder2, 300)
    frozen_clock.set(datetime(2025, 2, 18, 12, 0, 1, tzinfo=UTC))

    accepted = doors.bid("roadmap", cast.bidder2, 200)

    assert (too_low.status_code, too_low.json()["code"]) == (400, "below_minimum")
    assert accepted.status_code == 201
    assert doors.read(doors.auction)["current_bid"] == 200
    assert doors.read(doors.product)["highest_bid_amount"] == 200


SCRIPT = [  # bidder, amount: own product, too low, first, too low by the increment, next, ...
    ("seller", 200),
    ("bidder1", 99),
    ("bidder1", 100),
    ("bidder2", 100),
    ("bidder2", 110),
    ("bidder2", 111),
    ("bidder2", 150),
    ("bidder1", 1000),
]


@VOCABULARIES
def test_both_doors_decide_alike_and_leave_the_same_rows(doors, cast, created_by):
    """The same bids, once in each document's words: same yes and no, same auction after it."""
    outcomes, rows = [], []
    for door in ("guide", "roadmap"):
        doors.create(created_by)
        said = [doors.bid(door, getattr(cast, who), amount) for who, amount in SCRIPT]
        outcomes.append([answer.status_code for answer in said])
        columns = ("status", "leader_id", "price_minor", "total_bids", "seq", "end_at")
        rows.append(Auction.objects.values_list(*columns).get(pk=doors.id))

    assert outcomes[0] == outcomes[1]
    assert 201 in outcomes[0]
    assert 400 in outcomes[0]
    assert rows[0] == rows[1]


def test_refused_bid_names_the_same_least_bid_in_both_words(doors, cast):
    doors.create("roadmap")
    doors.bid("roadmap", cast.bidder1, 100)

    guide = doors.bid("guide", cast.bidder2, 105).json()
    roadmap = doors.bid("roadmap", cast.bidder2, 105).json()

    assert guide == {
        "error": "Bid must be higher than the current highest bid: 100",
        "details": "Minimum next bid: 110.01",
    }
    assert roadmap["min_next_bid"] == 110.01


def test_one_idempotency_key_is_one_bid_whatever_the_door(doors, api, cast):
    doors.create("roadmap")
    key = {"Idempotency-Key": "one-bid"}
    client = api(cast.bidder1)

    first = client.post("/api/bids/", {"auction_id": doors.id, "amount": 150}, headers=key)
    again = client.post("/api/bids/", {"auction_id": doors.id, "amount": 150}, headers=key)

    assert first.json()["id"] == again.json()["id"]
    assert [row["id"] for row in doors.read(doors.product + "bids/")] == [first.json()["id"]]


def test_maximum_answers_a_bid_placed_in_the_guides_words(doors, api, cast):
    doors.create("roadmap")
    body = {"auction_id": doors.id, "max_bid": 500}
    assert api(cast.bidder1).post("/api/auto-bids/", body).status_code == 201

    answer = doors.bid("guide", cast.bidder2, 200)

    assert answer.status_code == 201
    assert doors.read(doors.product)["highest_bid_amount"] == 210
    assert doors.read(doors.product + "highest-bid/")["username"] == "bidder1"


def test_maximum_on_a_product_is_refused(doors, api, cast):
    doors.create("guide")

    answer = api(cast.bidder1).post("/api/auto-bids/", {"auction_id": doors.id, "max_bid": 500})

    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_closing")


# --- the sale ---------------------------------------------------------------------------------


@VOCABULARIES
@pytest.mark.parametrize("bid_by", ["guide", "roadmap"])
def test_sale_in_the_guides_words_is_a_sale_in_the_roadmaps(doors, api, cast, created_by, bid_by):
    doors.create(created_by)
    bid_id = doors.bid(bid_by, cast.bidder1, 150).json()["id"]
    doors.bid(bid_by, cast.bidder2, 200)

    sale = api(cast.seller).post(f"{doors.product}sell/{bid_id}/")

    assert sale.status_code == 200, sale.json()
    auction = doors.read(doors.auction)
    assert (auction["status"], auction["sold"]) == ("ended", True)
    assert (auction["winner"], auction["final_bid"]) == ("bidder1", 150)
    assert sale.json() == doors.read(doors.product)
    assert (sale.json()["highest_bid_id"], sale.json()["highest_bid_amount"]) == (bid_id, 150)
    sold = doors.read(f"/api/auction/products/seller/{cast.seller.pk}/sold/")
    assert [row["id"] for row in sold] == [doors.id]
    history = doors.read(f"/api/bid-history/?auction_id={doors.id}")["results"]
    assert history[-1]["type"] == "auction_ended"


def test_auction_that_ends_by_the_clock_is_sold_in_the_guides_words(doors, cast, frozen_clock):
    doors.create("roadmap")
    bid_id = doors.bid("guide", cast.bidder1, 150).json()["id"]

    frozen_clock.set(datetime(2025, 2, 20, 12, tzinfo=UTC))
    desk.ask(doors.id, Tick())

    product = doors.read(doors.product)
    assert (product["sold"], product["is_listed"]) == (True, False)
    assert (product["highest_bid_id"], product["highest_bid_amount"]) == (bid_id, 150)
    assert doors.read(doors.auction)["winner"] == "bidder1"


def test_product_has_no_winner_by_the_clock_and_is_sold_after_it(doors, api, cast, frozen_clock):
    doors.create("guide")
    bid_id = doors.bid("roadmap", cast.bidder1, 150).json()["id"]
    doors.bid("guide", cast.bidder2, 200)

    ended = api(cast.seller).post(doors.auction + "end/")

    assert ended.status_code == 200, ended.json()
    assert (ended.json()["sold"], ended.json()["winner"]) == (False, None)
    assert doors.bid("roadmap", cast.stranger, 300).json()["code"] == "ended"
    sale = api(cast.seller).post(f"{doors.product}sell/{bid_id}/")
    assert (sale.status_code, sale.json()["sold"]) == (200, True)
    assert doors.read(doors.auction)["winner"] == "bidder1"


def test_unsold_auction_gives_a_second_chance_in_the_guides_words(doors, api, cast, frozen_clock):
    doors.create("roadmap")
    api(cast.seller).patch(doors.auction, {"reserve_price": 1000})
    bid_id = doors.bid("roadmap", cast.bidder1, 150).json()["id"]
    frozen_clock.set(datetime(2025, 2, 21, tzinfo=UTC))
    desk.ask(doors.id, Tick())
    assert doors.read(doors.auction)["sold"] is False

    sale = api(cast.seller).post(f"{doors.product}sell/{bid_id}/")

    assert sale.status_code == 200, sale.json()
    assert (doors.read(doors.auction)["winner"], sale.json()["sold"]) == ("bidder1", True)


@VOCABULARIES
def test_what_is_sold_in_the_guides_words_is_paid_in_the_roadmaps(doors, api, cast, created_by):
    doors.create(created_by)
    bid_id = doors.bid("guide", cast.bidder1, 150).json()["id"]
    assert api(cast.seller).post(f"{doors.product}sell/{bid_id}/").status_code == 200
    winner, body = api(cast.bidder1), {"auction_id": doors.id, "payment_method": "paypal"}

    payment = winner.post("/api/payments/", body)
    paid = winner.post(f"/api/payments/{payment.json()['id']}/confirm/")

    assert (payment.status_code, payment.json()["amount"]) == (201, 150)
    assert (paid.status_code, paid.json()["status"]) == (200, "succeeded")
    released = winner.post(f"/api/escrow/{paid.json()['escrow_id']}/release/")
    assert (released.status_code, released.json()["seller"]) == (200, "seller")


# --- accounts ---------------------------------------------------------------------------------

ACCOUNT = {"username": "newcomer", "email": "new@example.com", "password": PASSWORD}


@pytest.mark.parametrize(
    ("register", "log_in", "token"),
    [
        ("/api/user/register/", "/api/auth/token/", "access"),
        ("/api/users/register/", "/api/user/login/", "access_token"),
    ],
)
def test_account_made_in_one_logs_in_through_the_other(api, db, register, log_in, token):
    made = api(None).post(register, ACCOUNT)

    answer = api(None).post(log_in, {"username": "newcomer", "password": PASSWORD})

    assert (made.status_code, answer.status_code) == (201, 200)
    client = api(None)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()[token]}")
    assert client.get("/api/users/me/").json()["username"] == "newcomer"
    assert client.get("/api/auction/my-listings/").json() == []


@pytest.mark.parametrize("log_out", ["/api/user/logout/", "/api/auth/logout/"])
def test_logging_out_in_one_ends_the_session_in_both(api, cast, log_out):
    client = api(cast.seller)

    client.post(log_out)

    assert client.get("/api/users/me/").status_code == 401
    assert client.get("/api/auction/my-listings/").status_code == 401


def test_refresh_token_of_one_is_good_in_the_other(api, cast):
    body = {"username": "seller", "password": PASSWORD}
    guide = api(None).post("/api/user/login/", body).json()["refresh_token"]
    roadmap = api(None).post("/api/auth/token/", body).json()["refresh"]

    assert api(None).post("/api/auth/token/refresh/", {"refresh": guide}).status_code == 200
    assert api(None).post("/api/user/refresh/", {"refresh": roadmap}).status_code == 200
