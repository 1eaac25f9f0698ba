"""What is really said in a room is what contracts/events.schema.json says, key by key."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from jsonschema import Draft202012Validator

from apps.bidding.desk import desk
from config.contracts import messages, openapi
from domain import commands as ask
from tests.cast import Cast, sign_in
from tests.factories import AuctionFactory
from tests.fuzz.closing import closed
from tests.realtime.doors import Socket, joined

pytestmark = pytest.mark.django_db(transaction=True)

Body = dict[str, Any]


@pytest.fixture(scope="module")
def schema() -> Body:
    """The schema, closed: a key it does not know is a mistake of one of the two."""
    return closed(messages.schema(openapi.document()))


class Listener:
    """Holds every message of a room against the schema."""

    def __init__(self, schema: Body) -> None:
        self.schema = schema
        self.heard: set[str] = set()

    def check(self, body: Body, party: str) -> None:
        validator = Draft202012Validator(
            {"$defs": self.schema["$defs"], "$ref": f"#/$defs/{party}"},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        problems = [
            f"{error.json_path}: {error.message}"
            for branch in validator.iter_errors(body)
            for error in branch.context or [branch]
            if error.json_path != "$.type"
        ]
        assert validator.is_valid(body), (body, problems)
        self.heard.add(body["type"])

    @asynccontextmanager
    async def socket(self, path: str, token: str | None = None) -> AsyncIterator["Checked"]:
        async with joined(path, token=token) as socket:
            yield Checked(socket, self)


class Checked:
    """A socket whose messages are checked as they come and go."""

    def __init__(self, socket: Socket, listener: Listener) -> None:
        self.socket = socket
        self.listener = listener
        hear = socket.hear

        async def checked() -> Body:
            body = await hear()
            listener.check(body, "ServerMessage")
            return body

        socket.hear = checked  # type: ignore[method-assign]

    async def say(self, body: Body) -> None:
        self.listener.check(body, "ClientMessage")
        await self.socket.say(body)

    async def ask(self, body: Body) -> Body:
        self.listener.check(body, "ClientMessage")
        return await self.socket.ask(body)

    async def until(self, kind: str) -> Body:
        return await self.socket.hear_next(kind)


@pytest.fixture
def listener(schema: Body) -> Listener:
    return Listener(schema)


@pytest.fixture
def tell(cast: Cast) -> Callable[..., Awaitable[Any]]:
    """Return a coroutine function: have the desk decide a command."""

    async def decide(auction_id: int, command: ask.Command) -> Any:
        return await sync_to_async(desk.ask, thread_sensitive=False)(auction_id, command)

    return decide


async def test_a_timed_auction_from_bid_to_sale(listener, cast, tell):
    auction = await sync_to_async(AuctionFactory)(
        seller=cast.seller, reserve_minor=200_00, buy_now_minor=900_00
    )
    path = f"/ws/auction/{auction.pk}/"
    ada = (await sync_to_async(sign_in)(cast.bidder1)).access
    ben = (await sync_to_async(sign_in)(cast.bidder2)).access

    async with (
        listener.socket(path) as stranger,
        listener.socket(path, ada) as bidder,
        listener.socket(path, ben) as rival,
    ):
        for end in (stranger, bidder, rival):
            await end.until("snapshot")
        await stranger.until("watchers")
        assert (await bidder.ask({"type": "ping"}))["type"] == "pong"
        placed = await bidder.ask({"type": "place_bid", "amount": 150, "request_id": "a"})
        assert placed["type"] == "bid_accepted"
        low = await rival.ask({"type": "place_bid", "amount": "120.50"})
        assert (low["type"], low["code"]) == ("bid_rejected", "below_minimum")
        nobody = await stranger.ask({"type": "place_bid", "amount": 500, "request_id": None})
        assert nobody["code"] == "not_authenticated"
        raised = await rival.ask({"type": "set_auto_bid", "max_bid": 250.5, "request_id": "b"})
        assert raised["max_bid"] == 250.5
        await bidder.until("user_outbid")
        await stranger.until("reserve_met")
        await tell(auction.pk, ask.CancelBids(actor_id=cast.seller.pk, bidder_id=cast.bidder2.pk))
        await stranger.until("price_recomputed")
        await tell(auction.pk, ask.EndAuction(actor_id=cast.seller.pk))
        await bidder.until("auction_ended")

    assert listener.heard >= {
        "snapshot",
        "watchers",
        "pong",
        "bid_accepted",
        "bid_rejected",
        "bid_placed",
        "auto_bid_triggered",
        "user_outbid",
        "reserve_met",
        "bid_retracted",
        "price_recomputed",
        "auction_ended",
    }


async def test_a_purchase(listener, cast, tell):
    auction = await sync_to_async(AuctionFactory)(seller=cast.seller, buy_now_minor=900_00)

    async with listener.socket(f"/ws/auction/{auction.pk}/") as stranger:
        await stranger.until("snapshot")
        await tell(auction.pk, ask.BuyNow(actor_id=cast.bidder1.pk))
        await stranger.until("auction_ended")

    assert {"buy_now", "auction_ended"} <= listener.heard


async def test_offers_and_a_cancellation(listener, cast, tell):
    listing = await sync_to_async(AuctionFactory)(seller=cast.seller, seller_choice=True)

    async with listener.socket(f"/ws/auction/{listing.pk}/") as stranger:
        await stranger.until("snapshot")
        await tell(listing.pk, ask.PlaceBid(actor_id=cast.bidder1.pk, amount_minor=150_00))
        offer = await stranger.until("bid_placed")
        await tell(
            listing.pk,
            ask.CancelAuction(actor_id=cast.staff.pk, is_staff=True, reason="fake", removed=True),
        )
        await stranger.until("auction_cancelled")

    assert offer["valid_until"] == offer["end_time"]


async def test_mistakes_and_what_was_missed(listener, cast, tell):
    auction = await sync_to_async(AuctionFactory)(seller=cast.seller)
    path = f"/ws/auction/{auction.pk}/"
    await tell(auction.pk, ask.PlaceBid(actor_id=cast.bidder1.pk, amount_minor=150_00))

    async with listener.socket(path) as stranger:
        await stranger.until("snapshot")
        await stranger.say({"type": "resume", "last_seq": 0})
        assert (await stranger.until("bid_placed"))["seq"] == 1
        await stranger.until("heartbeat")
        for wrong in ('{"type":', '{"type":"sing"}', '{"type":"resume","last_seq":"x"}'):
            await stranger.socket.say_text(wrong)
            await stranger.until("error")
        await stranger.socket.communicator.send_to(bytes_data=b"{}")
        assert (await stranger.until("error"))["code"] == "binary_frame"
        odd = await stranger.socket.ask({"type": "place_bid", "amount": 1, "request_id": 7})
        assert odd["code"] == "invalid_request_id"
