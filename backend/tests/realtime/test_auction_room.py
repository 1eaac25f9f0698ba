"""The live room as one socket sees it: joining, bidding, resuming, misbehaving."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import override_settings

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from domain import commands as ask
from tests.cast import Cast, sign_in
from tests.factories import AuctionFactory
from tests.realtime.doors import Socket, joined

pytestmark = pytest.mark.django_db(transaction=True)

Bid = Callable[..., Awaitable[Any]]


@pytest.fixture
def auction(cast: Cast) -> Auction:
    """Active, from 100.00 USD, with nothing in its history."""
    return AuctionFactory(seller=cast.seller)


@pytest.fixture
def path(auction: Auction) -> str:
    return f"/ws/auction/{auction.pk}/"


@pytest.fixture
def token(cast: Cast) -> str:
    return sign_in(cast.bidder1).access


@pytest.fixture
def bid(auction: Auction, cast: Cast) -> Bid:
    """Return a coroutine function: an amount in major units, bid by somebody through the desk."""

    async def place(amount: int, user: Any = None, **more: Any) -> Any:
        bidder = user or cast.bidder2
        command = ask.PlaceBid(actor_id=bidder.pk, amount_minor=amount * 100, **more)
        return await sync_to_async(desk.ask, thread_sensitive=False)(auction.pk, command)

    return place


async def snapshot(socket: Socket) -> Any:
    return await socket.hear_next("snapshot")


# --- joining ----------------------------------------------------------------------------------


async def test_anonymous_watcher_gets_a_snapshot_first(
    auction: Auction, path: str, bid: Bid
) -> None:
    await bid(150)

    async with joined(path) as socket:
        first = await socket.hear()

    assert list(first)[:2] == ["type", "auction_id"]
    assert first["type"] == "snapshot"
    assert first["auction_id"] == first["auction"]["id"] == auction.pk
    assert first["auction"]["current_bid"] == 150
    assert [row["amount"] for row in first["bids"]] == [150]
    assert first["seq"] == first["auction"]["seq"] == 1
    assert first["server_time"].endswith("Z")
    assert first["you"] is None


async def test_path_without_its_slash_is_the_same_room(auction: Auction) -> None:
    async with joined(f"/ws/auction/{auction.pk}") as socket:
        assert (await socket.hear())["auction_id"] == auction.pk


async def test_snapshot_tells_a_bidder_his_own_place_and_nobody_else(
    auction: Auction, path: str, cast: Cast, token: str
) -> None:
    command = ask.SetAutoBid(actor_id=cast.bidder1.pk, max_minor=500_00)
    await sync_to_async(desk.ask, thread_sensitive=False)(auction.pk, command)
    rival = await sync_to_async(sign_in)(cast.bidder2)

    async with joined(path, token=token) as own, joined(path, token=rival.access) as other:
        mine, his = await own.hear(), await other.hear()

    assert mine["you"] == {"leading": True, "seller": False, "max_bid": 500, "highest_bid": 100}
    assert his["you"] == {"leading": False, "seller": False, "max_bid": None, "highest_bid": None}
    assert "500" not in json.dumps(his)


@pytest.mark.parametrize(
    "word", ["999999", "0", "-1", "abc", "9223372036854775808", "1.5", "%D9%A1"]
)
async def test_unknown_auction_closes_with_4404(word: str) -> None:
    async with joined(f"/ws/auction/{word}/") as socket:
        assert await socket.close_code() == 4404


async def test_draft_closes_with_4404(cast: Cast) -> None:
    draft = await sync_to_async(AuctionFactory)(seller=cast.seller, draft=True)

    async with joined(f"/ws/auction/{draft.pk}/") as socket:
        assert await socket.close_code() == 4404


async def test_unknown_path_is_refused() -> None:
    with pytest.raises(AssertionError):
        async with joined("/ws/nothing/"):
            pass


# --- bidding ----------------------------------------------------------------------------------


async def test_bid_is_acknowledged_to_its_bidder_and_told_to_the_room(
    auction: Auction, path: str, token: str
) -> None:
    async with joined(path, token=token) as bidder, joined(path) as watcher:
        await snapshot(bidder)
        await snapshot(watcher)

        answer = await bidder.ask({"type": "place_bid", "amount": 120.5, "request_id": "r-1"})
        seen = await watcher.hear_next("bid_placed")
        own = await bidder.hear_next("bid_placed")
        only_he = await watcher.hears_no("bid_accepted")

    row = await Auction.objects.aget(pk=auction.pk)
    assert set(answer) == {
        *("type", "request_id", "auction_id", "bid_id", "amount", "seq", "min_next_bid"),
        *("leading", "timestamp"),
    }
    assert (answer["type"], answer["request_id"]) == ("bid_accepted", "r-1")
    assert (answer["auction_id"], answer["amount"]) == (auction.pk, 120.5)
    assert (answer["seq"], answer["leading"], answer["min_next_bid"]) == (1, True, 123)
    assert row.price_minor == 12050
    assert (seen["type"], seen["bidder"], seen["amount"]) == ("bid_placed", "bidder1", 120.5)
    assert own == seen
    assert only_he


async def test_bid_with_the_same_request_id_counts_once(
    auction: Auction, path: str, token: str
) -> None:
    body = {"type": "place_bid", "amount": 120, "request_id": "again"}
    async with joined(path, token=token) as bidder:
        first, second = await bidder.ask(body), await bidder.ask(body)
        third = await bidder.ask({**body, "amount": 130})

    assert await auction.bids.acount() == 1
    assert first["bid_id"] == second["bid_id"]
    assert (third["type"], third["code"]) == ("bid_rejected", "idempotency_key_reused")


async def test_beaten_at_once_is_accepted_and_not_leading(
    path: str, auction: Auction, token: str, cast: Cast
) -> None:
    command = ask.SetAutoBid(actor_id=cast.bidder2.pk, max_minor=500_00)
    await sync_to_async(desk.ask, thread_sensitive=False)(auction.pk, command)

    async with joined(path, token=token) as bidder:
        answer = await bidder.ask({"type": "place_bid", "amount": 200})
        outbid = await bidder.hear_next("user_outbid")

    assert (answer["type"], answer["leading"]) == ("bid_accepted", False)
    assert answer["min_next_bid"] > 200
    assert outbid["new_bid"] > 200
    assert "500" not in json.dumps([answer, outbid])


async def test_outbid_bidder_alone_is_told(path: str, bid: Bid, cast: Cast, token: str) -> None:
    await bid(120, cast.bidder1)
    leader = await sync_to_async(sign_in)(cast.bidder2)
    async with (
        joined(path, token=token) as beaten,
        joined(path, token=leader.access) as leading,
        joined(path) as watcher,
    ):
        for socket in (beaten, leading, watcher):
            await snapshot(socket)

        await bid(150, cast.bidder2)
        told = await beaten.hear_next("user_outbid")
        quiet = [await socket.hears_no("user_outbid") for socket in (leading, watcher)]

    assert list(told)[:3] == ["type", "auction_id", "new_bid"]
    assert told["new_bid"] == 150
    assert quiet == [True, True]


async def test_auto_bid_is_acknowledged_with_its_own_maximum(
    path: str, auction: Auction, token: str
) -> None:
    async with joined(path, token=token) as bidder, joined(path) as watcher:
        await snapshot(watcher)
        answer = await bidder.ask({"type": "set_auto_bid", "max_bid": 777, "request_id": "m"})
        seen = await watcher.hear_next("auto_bid_triggered")
        raised = await bidder.ask({"type": "set_auto_bid", "max_bid": 888})

    assert (answer["type"], answer["max_bid"], answer["leading"]) == ("bid_accepted", 777, True)
    assert answer["request_id"] == "m"
    assert seen["amount"] == 100
    assert "777" not in json.dumps(seen)
    assert (raised["type"], raised["max_bid"], raised["bid_id"]) == ("bid_accepted", 888, None)


REFUSED_AMOUNTS: dict[str, object] = {
    "null": None,
    "text": "much",
    "empty": "",
    "zero": 0,
    "negative": -5,
    "three_decimals": 100.001,
    "true": True,
    "list": [100],
    "object": {"amount": 100},
    "huge": 10**12,
    "underscore": "1_000",
    "arabic_digits": "١٢٠",
    "exponent_text": "1e3",
    "spaces": " 120 ",
}


@pytest.mark.parametrize("amount", REFUSED_AMOUNTS.values(), ids=REFUSED_AMOUNTS)
async def test_amount_that_is_none_is_rejected_by_name(
    path: str, token: str, amount: object
) -> None:
    async with joined(path, token=token) as bidder:
        answer = await bidder.ask({"type": "place_bid", "amount": amount, "request_id": "x"})

    assert (answer["type"], answer["code"]) == ("bid_rejected", "invalid_amount")
    assert answer["request_id"] == "x"
    assert answer["error"].startswith("amount: ")
    assert answer["min_next_bid"] is None


async def test_missing_amount_is_rejected_by_name(path: str, token: str) -> None:
    async with joined(path, token=token) as bidder:
        place = await bidder.ask({"type": "place_bid"})
        automatic = await bidder.ask({"type": "set_auto_bid", "amount": 100})

    assert (place["code"], place["error"]) == ("invalid_amount", "amount: This field is required")
    assert automatic["error"] == "max_bid: This field is required"


async def test_low_bid_is_rejected_with_the_least_that_counts(
    path: str, token: str, bid: Bid
) -> None:
    await bid(150)

    async with joined(path, token=token) as bidder:
        answer = await bidder.ask({"type": "place_bid", "amount": 151, "request_id": "low"})

    assert set(answer) == {"type", "request_id", "auction_id", "code", "error", "min_next_bid"}
    assert (answer["code"], answer["min_next_bid"]) == ("below_minimum", 152.5)
    assert answer["error"] == "Bid is too low. Minimum next bid: 152.5"


async def test_seller_cannot_bid_in_his_own_room(path: str, cast: Cast) -> None:
    own = await sync_to_async(sign_in)(cast.seller)

    async with joined(path, token=own.access) as seller:
        answer = await seller.ask({"type": "place_bid", "amount": 200})

    assert (answer["type"], answer["code"]) == ("bid_rejected", "seller_cannot_bid")


async def test_ended_auction_rejects_a_bid(cast: Cast, token: str) -> None:
    ended = await sync_to_async(AuctionFactory)(seller=cast.seller, ended=True)

    async with joined(f"/ws/auction/{ended.pk}/", token=token) as bidder:
        answer = await bidder.ask({"type": "place_bid", "amount": 200})

    assert (answer["type"], answer["code"]) == ("bid_rejected", "ended")


@pytest.mark.parametrize(
    "message", [{"type": "place_bid", "amount": 200}, {"type": "set_auto_bid", "max_bid": 200}]
)
async def test_anonymous_cannot_bid(path: str, auction: Auction, message: Any) -> None:
    async with joined(path) as socket:
        answer = await socket.ask({**message, "request_id": "who"})

    assert (answer["type"], answer["code"]) == ("bid_rejected", "not_authenticated")
    assert (answer["request_id"], answer["auction_id"]) == ("who", auction.pk)
    assert await auction.bids.acount() == 0


@pytest.mark.parametrize(
    "request_id", [5, "", "x" * 129, ["r"], "a\u0000b"], ids=["int", "empty", "long", "list", "nul"]
)
async def test_request_id_must_be_a_short_text(path: str, token: str, request_id: object) -> None:
    async with joined(path, token=token) as bidder:
        answer = await bidder.ask({"type": "place_bid", "amount": 200, "request_id": request_id})

    assert (answer["type"], answer["code"]) == ("bid_rejected", "invalid_request_id")


# --- resuming ---------------------------------------------------------------------------------


async def test_resume_sends_what_was_missed_in_order(path: str, bid: Bid) -> None:
    for amount in (110, 120, 130, 140):
        await bid(amount)
    async with joined(path) as socket:
        await snapshot(socket)

        await socket.say({"type": "resume", "last_seq": 1})
        missed = [await socket.hear_next("bid_placed") for _ in range(3)]

    assert [(body["seq"], body["amount"]) for body in missed] == [(2, 120), (3, 130), (4, 140)]


async def test_returning_client_resumes_by_its_address(path: str, bid: Bid) -> None:
    for amount in (110, 120, 130):
        await bid(amount)

    async with joined(f"{path}?last_seq=1") as socket:
        first, second = await socket.hear(), await socket.hear()
        await bid(140)
        third = await socket.hear_next("bid_placed")

    assert [body["seq"] for body in (first, second, third)] == [2, 3, 4]


async def test_resume_from_the_future_gets_a_snapshot(path: str, bid: Bid) -> None:
    await bid(110)
    async with joined(path) as socket:
        await snapshot(socket)

        await socket.say({"type": "resume", "last_seq": 50})

        assert (await snapshot(socket))["seq"] == 1


@override_settings(RESUME_EVENTS_MAX=2)
async def test_resume_from_too_far_back_gets_a_snapshot(path: str, bid: Bid) -> None:
    for amount in (110, 120, 130):
        await bid(amount)

    async with joined(f"{path}?last_seq=0") as socket:
        first = await socket.hear()
    async with joined(f"{path}?last_seq=1") as socket:
        second = await socket.hear()

    assert (first["type"], first["seq"]) == ("snapshot", 3)
    assert (second["type"], second["seq"]) == ("bid_placed", 2)


@pytest.mark.parametrize("last_seq", [-1, "3", None, 1.5, True, [], 2**63])
async def test_resume_with_garbage_is_an_error(path: str, last_seq: object) -> None:
    async with joined(path) as socket:
        await snapshot(socket)
        answer = await socket.ask({"type": "resume", "last_seq": last_seq})

    assert (answer["type"], answer["code"]) == ("error", "invalid_last_seq")


# --- misbehaving ------------------------------------------------------------------------------


async def test_ping_is_answered(path: str) -> None:
    async with joined(path) as socket:
        answer = await socket.ask({"type": "ping"})

    assert answer["type"] == "pong"
    assert answer["server_time"].endswith("Z")


UNREADABLE = {
    "not_json": ("{nope", "invalid_json"),
    "empty": ("", "unknown_type"),
    "blank": ("   ", "invalid_json"),
    "array": ('[{"type":"ping"}]', "invalid_json"),
    "string": ('"ping"', "invalid_json"),
    "number": ("1", "invalid_json"),
    "null": ("null", "invalid_json"),
    "nan": ('{"type":"place_bid","amount":NaN}', "invalid_json"),
    "infinity": ('{"type":"place_bid","amount":Infinity}', "invalid_json"),
    "exponent": ('{"type":"place_bid","amount":1e3}', "invalid_json"),
    "same_key_twice": ('{"type":"ping","type":"ping"}', "invalid_json"),
    "deep_array": ("[" * 4000, "invalid_json"),
    "deep_object": ('{"a":' * 800, "invalid_json"),
    "no_type": ("{}", "unknown_type"),
    "unknown_type": ('{"type":"bid_placed"}', "unknown_type"),
    "type_of_another_type": ('{"type":["ping"]}', "unknown_type"),
    "type_null": ('{"type":null}', "unknown_type"),
    "internal_name": ('{"type":"websocket.disconnect"}', "unknown_type"),
}


@pytest.mark.parametrize(("text", "code"), UNREADABLE.values(), ids=UNREADABLE)
async def test_unreadable_message_is_an_error_and_the_socket_lives_on(
    path: str, text: str, code: str
) -> None:
    async with joined(path) as socket:
        await socket.say_text(text)
        answer = await socket.hear_next("error")
        pong = await socket.ask({"type": "ping"})

    assert set(answer) == {"type", "code", "error"}
    assert answer["code"] == code
    assert "Traceback" not in answer["error"]
    assert pong["type"] == "pong"


async def test_binary_message_is_an_error(path: str) -> None:
    async with joined(path) as socket:
        await socket.communicator.send_to(bytes_data=b'{"type":"ping"}')
        answer = await socket.hear_next("error")

    assert answer["code"] == "binary_frame"


@pytest.mark.parametrize("character", ["a", "ü"], ids=["ascii", "two_bytes"])
async def test_message_over_4_kib_closes_with_1009(path: str, character: str) -> None:
    async with joined(path) as socket:
        text = '{"type":"ping","x":""}'
        fill = (4096 - len(text)) // len(character.encode())
        await socket.say_text(text.replace('""', f'"{character * fill}"'))
        fits = await socket.hear_next("pong")
        await socket.say_text(text.replace('""', f'"{character * (fill + 1)}"'))
        code = await socket.close_code()

    assert fits["type"] == "pong"
    assert code == 1009


@override_settings(RATE_LIMITS=True)
async def test_more_than_five_messages_a_second_are_throttled_and_then_closed(path: str) -> None:
    async with joined(path) as socket:
        await snapshot(socket)
        answers = []
        for _ in range(20):
            await socket.say({"type": "ping"})
            answers.append((await socket.hear())["type"])
        await asyncio.sleep(0)
        await socket.say({"type": "ping"})
        code = await socket.close_code()

    assert answers == ["pong"] * 5 + ["error"] * 15
    assert code == 1008


@override_settings(RATE_LIMITS=True)
async def test_throttled_client_that_slows_down_is_served_again(path: str) -> None:
    async with joined(path) as socket:
        await snapshot(socket)
        for _ in range(8):
            await socket.say({"type": "ping"})
        last = [await socket.hear() for _ in range(8)][-1]
        await asyncio.sleep(1.0)
        answer = await socket.ask({"type": "ping"})

    assert (last["type"], last["code"]) == ("error", "throttled")
    assert "5 per second" in last["error"]
    assert answer["type"] == "pong"


async def test_bid_from_a_socket_obeys_the_house_while_the_room_is_flooded(
    path: str, auction: Auction, token: str
) -> None:
    """Two hundred bids of one increment, sent without waiting: each is answered, one by one."""
    async with joined(path, token=token) as bidder:
        await snapshot(bidder)
        for number in range(200):
            await bidder.say({"type": "place_bid", "amount": 100 + 5 * number})
        answers = [await bidder.hear_next("bid_accepted", "bid_rejected") for _ in range(200)]

    accepted = [body["seq"] for body in answers if body["type"] == "bid_accepted"]
    assert accepted == sorted(set(accepted))
    assert await auction.bids.acount() == len(accepted)
    assert {body.get("code") for body in answers} <= {None, "below_minimum"}
