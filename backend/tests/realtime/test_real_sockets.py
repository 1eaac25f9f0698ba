"""The live room over a real server and real sockets: cuts, floods, slow readers, long frames."""

import asyncio
import json
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest
from asgiref.sync import sync_to_async
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from apps.users.services import log_out
from apps.users.tokens import read_access
from domain.commands import PlaceBid
from tests.cast import Cast, sign_in
from tests.factories import AuctionFactory
from tests.realtime.doors import Server, running_server, watching

pytestmark = pytest.mark.django_db(transaction=True)

Bid = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(scope="module")
def server(django_db_setup: None, django_db_blocker: Any) -> Iterator[Server]:
    with django_db_blocker.unblock(), running_server() as running:
        yield running


@pytest.fixture
def auction(cast: Cast) -> Auction:
    """Active, from 100.00 USD by 1.00."""
    return AuctionFactory(seller=cast.seller, increment_table="", minimum_increment_minor=100)


@pytest.fixture
def token(cast: Cast) -> str:
    return sign_in(cast.bidder1).access


@pytest.fixture
def bid(server: Server, auction: Auction, cast: Cast) -> Bid:
    """Return a coroutine function that bids over HTTP in the server's own process."""
    rival = sign_in(cast.bidder2).access

    async def place(amount: int) -> dict[str, Any]:
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {rival}"}) as client:
            body = {"auction_id": auction.pk, "amount": amount}
            answer = await client.post(server.http("/api/bids/"), json=body)
        assert answer.status_code == 201, answer.text
        placed: dict[str, Any] = answer.json()
        return placed

    return place


async def test_bid_over_http_reaches_the_room_after_its_answer_is_durable(
    server: Server, auction: Auction, bid: Bid
) -> None:
    async with watching(server.url(auction.pk)) as watcher:
        first = await watcher.hear()
        placed = await bid(150)
        seen = await watcher.hear_next("bid_placed")

    assert first["type"] == "snapshot"
    assert (seen["seq"], seen["amount"], seen["bidder"]) == (placed["seq"], 150, "bidder2")
    assert list(seen)[:2] == ["type", "auction_id"]


async def test_client_cut_off_without_a_word_misses_nothing(
    server: Server, auction: Auction, bid: Bid
) -> None:
    last_seq, heard = 0, []
    amount = 100
    for _ in range(8):
        async with watching(server.url(auction.pk, f"?last_seq={last_seq}")) as watcher:
            for _ in range(3):
                amount += 20
                await bid(amount)
            last_seq = (await watcher.hear_next("bid_placed"))["seq"]
            heard += watcher.seqs
            watcher.cut()
    async with watching(server.url(auction.pk, f"?last_seq={last_seq}")) as watcher:
        heard += await watcher.hear_until(24)

    assert heard == list(range(1, 25))


async def test_handshake_from_a_foreign_page_is_403(server: Server, auction: Auction) -> None:
    for origin in ("https://evil.example", "null"):
        with pytest.raises(InvalidStatus) as refused:
            async with connect(server.url(auction.pk), origin=origin):  # type: ignore[arg-type]
                pass
        assert refused.value.response.status_code == 403


async def test_unknown_auction_is_closed_with_4404(server: Server) -> None:
    async with watching(server.url(987654)) as watcher:
        with pytest.raises(ConnectionClosed) as closed:
            await watcher.hear()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


async def test_bad_token_is_closed_with_4401(server: Server, auction: Auction) -> None:
    async with watching(server.url(auction.pk), "nonsense") as watcher:
        with pytest.raises(ConnectionClosed) as closed:
            await watcher.hear()

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401


async def test_browser_opens_with_a_ticket_and_gets_our_subprotocol(
    server: Server, auction: Auction, token: str
) -> None:
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as client:
        answer = await client.post(server.http("/api/auth/ws-ticket/"))
    offered = ["bidbazaar.v1", f"ticket.{answer.json()['ticket']}"]

    async with watching(
        server.url(auction.pk), subprotocols=offered, origin="http://127.0.0.1"
    ) as watcher:
        first = await watcher.hear()
        chosen = watcher.line.subprotocol

    assert chosen == "bidbazaar.v1"
    assert first["you"]["leading"] is False


@pytest.mark.parametrize("size", [4097, 100_000, 3_000_000])
async def test_frame_over_4_kib_is_closed_with_1009(
    server: Server, auction: Auction, size: int
) -> None:
    async with watching(server.url(auction.pk)) as watcher:
        await watcher.hear()
        with suppress(ConnectionClosed):  # closed before all of it is sent
            await watcher.line.send("x" * size)
        with pytest.raises(ConnectionClosed) as closed:
            await watcher.hear_next("never")

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 1009


async def test_frame_of_4_kib_is_read(server: Server, auction: Auction) -> None:
    async with watching(server.url(auction.pk)) as watcher:
        await watcher.hear()
        text = json.dumps({"type": "ping", "x": ""})
        await watcher.line.send(text.replace('""', f'"{"y" * (4096 - len(text))}"'))

        assert (await watcher.hear_next("pong"))["type"] == "pong"


async def test_garbage_of_every_kind_leaves_the_server_standing(
    server: Server, auction: Auction
) -> None:
    rubbish: list[str | bytes] = [
        *("[" * 4000, '{"a":' * 700, "\u0000", "{}", "null", '{"type":"place_bid"}'),
        *(b"\xff\xfe", b"", bytes(range(256))),
    ]
    async with watching(server.url(auction.pk)) as watcher:
        for piece in rubbish:
            await watcher.line.send(piece)
        answers = [await watcher.hear_next("error", "bid_rejected") for _ in rubbish]
        await watcher.say({"type": "ping"})
        pong = await watcher.hear_next("pong")

    assert pong["type"] == "pong"
    assert "Traceback" not in json.dumps(answers)


async def test_revoked_session_is_closed_within_five_seconds(
    server: Server, auction: Auction, token: str
) -> None:
    async with watching(server.url(auction.pk), token) as watcher:
        await watcher.hear()
        began = time.monotonic()
        await sync_to_async(log_out)(read_access(token).session_id)

        with pytest.raises(ConnectionClosed) as closed:
            await watcher.hear_next("never", seconds=6)

    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4401
    assert time.monotonic() - began <= 5


async def test_commit_that_nobody_published_is_found_within_five_seconds(
    server: Server, auction: Auction, cast: Cast
) -> None:
    """This process commits; the server's process hears of it from the database alone."""
    async with watching(server.url(auction.pk)) as watcher:
        await watcher.hear()
        await desk.answer(auction.pk, PlaceBid(actor_id=cast.bidder2.pk, amount_minor=321_00))
        began = time.monotonic()

        seen = await watcher.hear_next("bid_placed", seconds=6)
        beat = await watcher.hear_next("heartbeat", seconds=6)

    assert seen["amount"] == 321
    assert time.monotonic() - began <= 5.5
    assert beat["seq"] == seen["seq"]


async def test_reader_that_stops_is_resynchronised_and_costs_no_memory(
    server: Server, auction: Auction, cast: Cast
) -> None:
    """Two thousand frames pass by a reader that takes none of them."""
    async with watching(server.url(auction.pk)) as quick:
        await quick.hear()
        slow = _mute_socket(server)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, _shake_hands, slow, auction.pk, server.port)
        before = server.memory_bytes
        commands = [
            PlaceBid(actor_id=cast.bidder2.pk, amount_minor=10_000 + 100 * number)
            for number in range(2000)
        ]
        for first in range(0, 2000, 1000):
            some = commands[first : first + 1000]
            await asyncio.gather(*(desk.answer(auction.pk, command) for command in some))
        await quick.hear_until(2000, seconds=20)
        grown = server.memory_bytes - before
        snapshots, seqs = await loop.run_in_executor(None, _read_seqs, slow, 2000)
        slow.close()

    assert quick.seqs == list(range(2001 - len(quick.seqs), 2001))
    assert snapshots >= 2, "it was far enough behind for a new one"
    assert seqs == list(range(seqs[0], 2001))
    assert grown < 16 * 1024 * 1024


def _mute_socket(server: Server) -> socket.socket:
    line = socket.socket()
    line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    line.connect(("127.0.0.1", server.port))
    line.settimeout(10)
    return line


def _shake_hands(line: socket.socket, auction_id: int, port: int) -> None:
    line.sendall(
        f"GET /ws/auction/{auction_id}/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
    )
    head = b""
    while b"\r\n\r\n" not in head:
        head += line.recv(1)
    assert b" 101 " in head


def _read_seqs(line: socket.socket, last: int) -> tuple[int, list[int]]:
    """Read until a seq; returns how many snapshots came, and the seqs since the last of them."""
    buffer, found, snapshots = b"", [0], 0
    while found[-1] != last:
        buffer += line.recv(65536)
        while len(buffer) >= 4:
            size, start = buffer[1], 2
            if size == 126:
                size, start = int.from_bytes(buffer[2:4], "big"), 4
            if len(buffer) < start + size:
                break
            body = json.loads(buffer[start : start + size] or b"{}") if buffer[0] == 0x81 else {}
            buffer = buffer[start + size :]
            if body.get("type") == "snapshot":
                found, snapshots = [body["seq"]], snapshots + 1
            elif body.get("type") == "bid_placed":
                found.append(body["seq"])
    return snapshots, found


async def test_hundred_watchers_see_fifty_bids_each_once_in_order(
    server: Server, auction: Auction, bid: Bid
) -> None:
    async with asyncio.TaskGroup() as group:
        opened = [connect(server.url(auction.pk)) for _ in range(100)]
        lines = [await one for one in opened]

        async def listen(line: Any) -> list[int]:
            seqs: list[int] = []
            while seqs[-1:] != [50]:
                body = json.loads(await line.recv())
                if body["type"] == "bid_placed":
                    seqs.append(body["seq"])
            return seqs

        listening = [group.create_task(listen(line)) for line in lines]
        amount = 100
        for _ in range(50):
            amount += 20
            await bid(amount)
    for line in lines:
        await line.close()

    assert all(task.result() == list(range(1, 51)) for task in listening)
