"""The HTTP contract of bids, maximums, history and buy-now: status, shape, who may."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.auctions.models import Auction, BlockedBidder
from apps.core import clock
from apps.users.services import ban_user
from tests.cast import Cast
from tests.factories import AuctionFactory

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
BID_KEYS = {"id", "auction_id", "bidder", "amount", "auto", "timestamp", "seq", "status"}
RULE_KEYS = {
    *("id", "auction_id", "max_bid", "active", "leading"),
    *("current_bid", "created_at", "updated_at"),
}
NO_TOKEN = {"detail": "Authentication credentials were not provided."}


@pytest.fixture
def auction(cast: Cast) -> Auction:
    return AuctionFactory(seller=cast.seller, starting_minor=100_00)


def place(client: APIClient, auction: Auction, amount: Any, **headers: str) -> Any:
    body = {"auction_id": auction.pk, "amount": amount}
    return client.post("/api/bids/", body, headers=headers)


REFUSED_AMOUNTS = [
    ("too low to begin", 99.99, "Bid must be at least the starting price: 100"),
    ("missing", None, "amount: This field is required"),
    ("empty", "", "amount: This field is required"),
    ("zero", 0, "amount: must be greater than zero"),
    ("too many decimals", 100.005, "amount: USD has 2 decimals; send no more than that"),
    ("words", "a lot", "amount: must be a number such as 45000 or 12.50"),
    ("underscore", "1_000", "amount: must be a number such as 45000 or 12.50"),
    ("truth", True, "amount: must be a number"),
]


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [row[1:] for row in REFUSED_AMOUNTS],
    ids=[r[0] for r in REFUSED_AMOUNTS],
)
def test_amount_that_is_no_bid_is_400_with_a_sentence(
    cast: Cast, api: Api, auction: Auction, amount: Any, sentence: str
) -> None:
    answer = place(api(cast.bidder1), auction, amount)

    assert (answer.status_code, answer.json()["error"]) == (400, sentence)


def test_accepted_bid_is_201_as_the_bid_is_read(cast: Cast, api: Api, auction: Auction) -> None:
    answer = place(api(cast.bidder1), auction, 120.5)

    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == BID_KEYS
    assert (body["bidder"], body["amount"], body["status"]) == ("bidder1", 120.5, "leading")
    listed = api(None).get("/api/bids/", {"auction_id": auction.pk}).json()
    assert listed["results"] == [body]


def test_refusal_below_the_minimum_names_the_next_bid(
    cast: Cast, api: Api, auction: Auction
) -> None:
    place(api(cast.bidder1), auction, 200)
    answer = place(api(cast.bidder2), auction, 201)

    assert answer.status_code == 400
    assert answer.json() == {
        "error": "Bid is too low. Minimum next bid: 202.5",
        "code": "below_minimum",
        "min_next_bid": 202.5,
    }


def test_bid_without_a_token_is_401(cast: Cast, api: Api, auction: Auction) -> None:
    answer = place(api(None), auction, 200)

    assert (answer.status_code, answer.json()) == (401, NO_TOKEN)


def test_seller_may_not_bid(cast: Cast, api: Api, auction: Auction) -> None:
    answer = place(api(cast.seller), auction, 200)

    assert (answer.status_code, answer.json()["code"]) == (400, "seller_cannot_bid")


def test_blocked_bidder_is_403(cast: Cast, api: Api, auction: Auction) -> None:
    BlockedBidder.objects.create(seller=cast.seller, bidder=cast.bidder1, created_at=clock.now())

    assert place(api(cast.bidder1), auction, 200).json()["code"] == "blocked"


def test_banned_bidder_is_thrown_out(cast: Cast, api: Api, auction: Auction) -> None:
    client = api(cast.bidder1)
    ban_user(cast.bidder1.pk, reason="shill bids")

    assert place(client, auction, 200).status_code == 401


@pytest.mark.parametrize("trait", ["draft", "absent"])
def test_auction_nobody_sees_is_404(cast: Cast, api: Api, trait: str) -> None:
    hidden = AuctionFactory(seller=cast.seller, draft=True)
    if trait == "absent":
        hidden.pk = 10**9
    answer = place(api(cast.bidder1), hidden, 200)

    assert (answer.status_code, answer.json()["error"]) == (404, "Auction not found")


@pytest.mark.parametrize(
    ("trait", "sentence"),
    [("scheduled", "The auction has not started yet"), ("ended", "The auction has ended")],
)
def test_auction_outside_its_time_is_400(cast: Cast, api: Api, trait: str, sentence: str) -> None:
    closed = AuctionFactory(seller=cast.seller, **{trait: True})

    assert place(api(cast.bidder1), closed, 200).json()["error"] == sentence


def test_same_key_gives_the_same_answer_and_another_body_422(
    cast: Cast, api: Api, auction: Auction
) -> None:
    client = api(cast.bidder1)
    first = place(client, auction, 200, **{"Idempotency-Key": "k1"})
    again = place(client, auction, 200, **{"Idempotency-Key": "k1"})
    other = place(client, auction, 300, **{"Idempotency-Key": "k1"})

    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert first.json() == again.json()


def test_winning_and_losing_part_the_auctions_one_bids_on(
    cast: Cast, api: Api, auction: Auction
) -> None:
    place(api(cast.bidder1), auction, 200)
    place(api(cast.bidder2), auction, 300)

    def ids(client: APIClient, path: str) -> list[int]:
        return [bid["auction_id"] for bid in client.get(path).json()["results"]]

    assert ids(api(cast.bidder2), "/api/bids/winning/") == [auction.pk]
    assert ids(api(cast.bidder2), "/api/bids/losing/") == []
    assert ids(api(cast.bidder1), "/api/bids/losing/") == [auction.pk]
    assert ids(api(cast.bidder1), "/api/bids/winning/") == []


def test_maximum_is_201_then_200_and_only_its_owner_sees_it(
    cast: Cast, api: Api, auction: Auction
) -> None:
    owner, rival = api(cast.bidder1), api(cast.bidder2)
    body = {"auction_id": auction.pk, "max_bid": 500}
    first = owner.post("/api/auto-bids/", body)
    raised = owner.post("/api/auto-bids/", {**body, "max_bid": 900})
    path = f"/api/auto-bids/{first.json()['id']}/"

    assert (first.status_code, raised.status_code) == (201, 200)
    assert set(first.json()) == RULE_KEYS
    assert owner.get(path).json()["max_bid"] == 900
    for answer in (rival.get(path), rival.put(path, {"max_bid": 1}), rival.delete(path)):
        assert (answer.status_code, answer.json()) == (404, {"error": "Automatic bid not found"})
    assert owner.put(path, {"max_bid": 800}).json()["max_bid"] == 800
    assert owner.delete(path).status_code == 204
    assert owner.get(path).status_code == 404


def test_history_tells_the_room_s_events_in_order_and_no_maximum(
    cast: Cast, api: Api, auction: Auction
) -> None:
    api(cast.bidder1).post("/api/auto-bids/", {"auction_id": auction.pk, "max_bid": 777.77})
    place(api(cast.bidder2), auction, 300)
    answer = api(None).get("/api/bid-history/", {"auction_id": auction.pk})

    rows = answer.json()["results"]
    assert [row["seq"] for row in rows] == [1, 2, 3]
    assert [row["type"] for row in rows] == [
        *("auto_bid_triggered", "bid_placed", "auto_bid_triggered"),
    ]
    assert "777" not in str([(row["bidder"], row["amount"]) for row in rows])


@pytest.mark.parametrize("query", [{}, {"auction_id": "x"}, {"auction_id": "1.5"}])
def test_history_wants_an_auction(api: Api, query: dict[str, str]) -> None:
    assert api(None).get("/api/bid-history/", query).status_code == 400


def test_buy_now_ends_the_auction_for_its_buyer(cast: Cast, api: Api) -> None:
    offered = AuctionFactory(seller=cast.seller, buy_now_minor=400_00)
    bought = api(cast.bidder1).post(f"/api/auctions/{offered.pk}/buy-now/")
    late = api(cast.bidder2).post(f"/api/auctions/{offered.pk}/buy-now/")

    assert bought.status_code == 200
    assert bought.json() == {"auction_id": offered.pk, "amount": 400, "winner": "bidder1"}
    assert (late.status_code, late.json()["error"]) == (400, "The auction has ended")
