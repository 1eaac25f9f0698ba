"""API keys at the doors beside the REST framework: the fast lane and both sockets."""

from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async

from apps.auctions.models import Auction
from apps.bidding.models import Bid
from apps.users import key_services
from apps.users.models import ApiKey, User
from config.asgi import application
from tests.cast import Cast
from tests.factories import PASSWORD, AuctionFactory
from tests.realtime.doors import joined

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def auction(cast: Cast) -> Auction:
    found: Auction = AuctionFactory(seller=cast.seller)
    return found


async def key_of(user: User, *scopes: str) -> str:
    def make() -> str:
        _, text = key_services.create_key(
            user,
            name="A bot",
            scopes=scopes,
            expires_at=None,
            password=PASSWORD,
            session_id="00000000-0000-4000-8000-000000000000",
        )
        return text

    return await sync_to_async(make, thread_sensitive=False)()


async def bid_by_lane(key: str, path: str, body: dict[str, Any]) -> httpx.Response:
    transport = httpx.ASGITransport(app=application)
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        return await client.post(path, json=body, headers={"authorization": f"Bearer {key}"})


async def delete_keys() -> None:
    def delete() -> None:
        for key in ApiKey.objects.select_related("session"):
            assert key_services.delete_key(key.session.user_id, key.pk)

    await sync_to_async(delete, thread_sensitive=False)()


DOORS = {
    "roadmap": lambda auction: ("/api/bids/", {"auction_id": auction.pk, "amount": 150}),
    "guide": lambda auction: (
        f"/api/auction/products/{auction.pk}/place-bid/",
        {
            "bid_amount": 150,
            "start_date": "2020-01-01T00:00:00",
            "end_date": "2099-01-01T00:00:00",
        },
    ),
}


@pytest.mark.parametrize("door", DOORS)
async def test_key_bids_by_the_fast_lane(cast: Cast, auction: Auction, door: str) -> None:
    answer = await bid_by_lane(await key_of(cast.bidder1, "write:bids"), *DOORS[door](auction))

    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("door", DOORS)
async def test_key_that_may_only_read_does_not(cast: Cast, auction: Auction, door: str) -> None:
    answer = await bid_by_lane(await key_of(cast.bidder1, "read:bids"), *DOORS[door](auction))

    assert answer.status_code == 403
    assert answer.json() == {
        "error": "This API key lacks the scope write:bids",
        "code": "scope_missing",
    }
    assert not await sync_to_async(Bid.objects.exists, thread_sensitive=False)()


async def test_key_that_was_taken_back_bids_no_more(cast: Cast, auction: Auction) -> None:
    key = await key_of(cast.bidder1, "write:bids")
    await delete_keys()

    answer = await bid_by_lane(key, *DOORS["roadmap"](auction))

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_key_bids_in_the_room(cast: Cast, auction: Auction) -> None:
    key = await key_of(cast.bidder1, "read:bids", "write:bids")
    async with joined(f"/ws/auction/{auction.pk}/", token=key) as socket:
        await socket.hear_next("snapshot")
        answer = await socket.ask({"type": "place_bid", "amount": 150, "request_id": "1"})

        assert answer["type"] == "bid_accepted"


async def test_key_that_may_only_read_watches(cast: Cast, auction: Auction) -> None:
    key = await key_of(cast.bidder1, "read:bids")
    async with joined(f"/ws/auction/{auction.pk}/", token=key) as socket:
        await socket.hear_next("snapshot")
        answer = await socket.ask({"type": "place_bid", "amount": 150, "request_id": "1"})

        assert (answer["type"], answer["code"]) == ("bid_rejected", "scope_missing")
        assert answer["error"] == "This API key lacks the scope write:bids"


async def test_key_without_its_scope_enters_no_room(cast: Cast, auction: Auction) -> None:
    key = await key_of(cast.bidder1, "write:bids", "read:listings")
    for path in (f"/ws/auction/{auction.pk}/", "/ws/notifications/"):
        async with joined(path, token=key) as socket:
            assert await socket.close_code() == 4403


async def test_key_hears_its_owner_s_notifications(cast: Cast) -> None:
    async with joined(
        "/ws/notifications/", token=await key_of(cast.bidder1, "read:notifications")
    ) as s:
        assert (await s.hear_next("ready"))["unread_count"] == 0


async def test_socket_of_a_key_that_is_taken_back_closes_within_5_s(
    cast: Cast, auction: Auction
) -> None:
    key = await key_of(cast.bidder1, "read:bids")
    async with joined(f"/ws/auction/{auction.pk}/", token=key) as socket:
        await socket.hear_next("snapshot")
        await delete_keys()

        assert await socket.close_code() == 4401


@pytest.mark.parametrize("key", ["bbk_", "bbk_nobody"])
async def test_text_that_is_no_key_opens_no_socket(auction: Auction, key: str) -> None:
    async with joined(f"/ws/auction/{auction.pk}/", token=key) as socket:
        assert await socket.close_code() == 4401
