"""The roadmap's phase 4 to the letter: the live room's five messages, read from a real socket.

The keys the roadmap gives come first and as they stand there; further keys are additive.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.db import connections

from apps.bidding.desk import desk
from config.asgi import application
from domain.commands import Tick
from tests.cast import sign_in
from tests.vocabularies.documents import Row
from tests.vocabularies.test_roadmap import DOCUMENTED, ROOM_ENDPOINTS, Market, id_in

pytestmark = pytest.mark.django_db(transaction=True)
ROOM = [row for row in DOCUMENTED if row.endpoint in ROOM_ENDPOINTS]
ANSWER_SECONDS = 5

CHECKS: dict[Row, Callable[["Room"], Awaitable[None]]] = {}


def says(what: str, text: str) -> Callable[[Any], Any]:
    """Register the check of a row."""

    def register(check: Callable[["Room"], Awaitable[None]]) -> Any:
        row = Row("4", what, (text,))
        assert row not in CHECKS, f"twice: {row}"
        CHECKS[row] = check
        return check

    return register


class Socket:
    """One watcher's or bidder's end."""

    def __init__(self, communicator: Any) -> None:
        self.communicator = communicator

    async def next(self, kind: str) -> dict[str, Any]:
        """Return the next message of a type, past any others."""
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                message: dict[str, Any] = await self.communicator.receive_json_from()
                if message["type"] == kind:
                    return message

    async def hears_no(self, kind: str) -> bool:
        """Tell whether no message of a type arrives for a moment."""
        try:
            async with asyncio.timeout(0.3):
                while True:
                    message = await self.communicator.receive_json_from(timeout=1)
                    if message["type"] == kind:
                        return False
        except TimeoutError:
            return True


class Room:
    """An active auction from 40000 by 1000, and the ways into its room."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.path = market.auction(duration_seconds=3600)
        self.id = id_in(self.path)
        self.tokens = {
            user.pk: sign_in(user).access for user in (market.cast.bidder1, market.cast.bidder2)
        }

    @asynccontextmanager
    async def socket(self, user: Any = None) -> AsyncIterator[Socket]:
        """Join as a user or as nobody in particular; the snapshot is read."""
        headers = [(b"host", b"testserver")]
        if user is not None:
            headers.append((b"authorization", f"Bearer {self.tokens[user.pk]}".encode()))
        communicator = WebsocketCommunicator(application, f"/ws/auction/{self.id}/", headers)
        connected, _ = await communicator.connect()
        assert connected
        socket = Socket(communicator)
        try:
            assert (await socket.next("snapshot"))["auction"]["id"] == self.id
            yield socket
        finally:
            await communicator.disconnect()

    async def bid(self, amount: int, client: Any = None) -> None:
        answer = await sync_to_async(self.market.bid)(self.path, amount, client)
        assert answer.status_code == 201, answer.json()

    async def advance(self, seconds: float) -> None:
        """Let time pass, as the closer does."""
        self.market.clock.advance(seconds)
        await sync_to_async(desk.ask)(self.id, Tick())


def first_keys(message: dict[str, Any], expected: dict[str, Any]) -> None:
    """Compare the keys the roadmap gives, which come first and in its order."""
    assert dict(list(message.items())[: len(expected)]) == expected
    assert set(list(message)[: len(expected)]) == set(expected)


@pytest.fixture(autouse=True)
async def _no_connection_left():
    """Close what this test's helper thread has opened, so that the database can go."""
    yield
    await sync_to_async(connections.close_all)()


@pytest.fixture
def room(cast, api, frozen_clock):
    return Room(Market(cast, api, frozen_clock))


@pytest.mark.parametrize("row", ROOM, ids=lambda row: row.says[0])
async def test_room_row_is_kept(row, room):
    assert row in CHECKS, f"no check for {row}"

    await CHECKS[row](room)


def test_every_row_of_the_room_is_checked():
    covered, documented = set(CHECKS), set(ROOM)

    print(f"room: {len(covered)} covered of {len(documented)} documented")  # noqa: T201

    assert len(ROOM) == len(documented), "a row stands twice"
    assert covered == documented


@says("WS /ws/auction/{auction_id}/", "connect to the live room")
async def _(room):
    async with room.socket(), room.socket(room.market.cast.bidder1) as bidder:
        await bidder.communicator.send_json_to(
            {"type": "place_bid", "amount": 45000, "request_id": "r1"}
        )

        answer = await bidder.next("bid_accepted")

    assert (answer["request_id"], answer["amount"]) == ("r1", 45000)


@says("message", "bid_placed: type, auction_id, bidder, amount, timestamp, total_bids")
async def _(room):
    async with room.socket() as watcher:
        await room.bid(45000)

        message = await watcher.next("bid_placed")

    assert {key: message[key] for key in ("type", "auction_id", "bidder", "amount")} == {
        "type": "bid_placed",
        "auction_id": room.id,
        "bidder": "bidder1",
        "amount": 45000,
    }
    assert (message["timestamp"], message["total_bids"]) == ("2026-02-22T10:30:00Z", 1)
    assert type(message["amount"]) is int


@says("message", "auto_bid_triggered: type, auction_id, amount, auto_bidder")
async def _(room):
    await sync_to_async(room.market.maximum)(room.path, 60000)
    async with room.socket() as watcher:
        await room.bid(45000, room.market.rival)

        message = await watcher.next("auto_bid_triggered")

    expected = {
        "type": "auto_bid_triggered",
        "auction_id": room.id,
        "amount": 46000,
        "auto_bidder": "bidder1",
    }
    assert {key: message[key] for key in expected} == expected
    assert 60000 not in message.values(), "the maximum is secret"


@says("message", "auction_ending_soon: type, auction_id, seconds_remaining")
async def _(room):
    async with room.socket() as watcher:
        await room.advance(3600 - 60)

        message = await watcher.next("auction_ending_soon")

    first_keys(
        message, {"type": "auction_ending_soon", "auction_id": room.id, "seconds_remaining": 60}
    )


@says("message", "auction_ended: type, auction_id, winner, final_bid")
async def _(room):
    await room.bid(50000)
    async with room.socket() as watcher:
        await room.advance(3600)

        message = await watcher.next("auction_ended")

    first_keys(
        message,
        {"type": "auction_ended", "auction_id": room.id, "winner": "bidder1", "final_bid": 50000},
    )


@says("message", "user_outbid: type, auction_id, new_bid")
async def _(room):
    cast = room.market.cast
    await room.bid(45000)
    async with room.socket(cast.bidder1) as beaten, room.socket(cast.bidder2) as leading:
        await room.bid(47000, room.market.rival)

        message = await beaten.next("user_outbid")
        only_he = await leading.hears_no("user_outbid")

    first_keys(message, {"type": "user_outbid", "auction_id": room.id, "new_bid": 47000})
    assert only_he, "addressed to the one who was outbid"
