"""Two web processes over one Valkey: frames cross, losses heal, idle connections stay."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from domain.commands import PlaceBid
from tests.cast import Cast, sign_in
from tests.factories import AuctionFactory
from tests.realtime.doors import Server, Valkey, running_server, watching

pytestmark = pytest.mark.django_db(transaction=True)

Bid = Callable[..., Awaitable[int]]


@dataclass
class Pair:
    """Two servers and the Valkey between them."""

    one: Server
    other: Server
    valkey: Valkey


@pytest.fixture(scope="module")
def pair(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """A Valkey of our own, because tests stop it."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        valkey = Valkey(tmp_path_factory.mktemp("valkey"))
        stack.callback(valkey.kill)
        valkey.start()
        one = stack.enter_context(running_server(REDIS_URL=valkey.url))
        other = stack.enter_context(running_server(REDIS_URL=valkey.url))
        yield Pair(one, other, valkey)


@pytest.fixture
def auction(cast: Cast) -> Auction:
    """Active, from 100.00 USD by 1.00."""
    return AuctionFactory(seller=cast.seller, increment_table="", minimum_increment_minor=100)


@pytest.fixture
def bid(auction: Auction, cast: Cast) -> Bid:
    """Return a coroutine function that bids over HTTP at one of the servers; returns the seq."""
    rival = sign_in(cast.bidder2).access

    async def place(server: Server, amount: int) -> int:
        async with httpx.AsyncClient(headers={"Authorization": f"Bearer {rival}"}) as client:
            body = {"auction_id": auction.pk, "amount": amount}
            answer = await client.post(server.http("/api/bids/"), json=body)
        assert answer.status_code == 201, answer.text
        seq: int = answer.json()["seq"]
        return seq

    return place


async def test_frames_cross_between_processes_in_order(
    pair: Pair, auction: Auction, bid: Bid
) -> None:
    async with (
        watching(pair.one.url(auction.pk)) as here,
        watching(pair.other.url(auction.pk)) as there,
    ):
        await here.hear()
        await there.hear()
        await asyncio.sleep(0.3)  # until both have entered the room's group
        for number in range(40):
            await bid(pair.one if number % 2 else pair.other, 110 + 2 * number)
        began = time.monotonic()
        await here.hear_until(40, seconds=4)
        await there.hear_until(40, seconds=4)
        took_seconds = time.monotonic() - began

    assert here.seqs == there.seqs == list(range(1, 41))
    assert took_seconds < 1.0


async def test_frame_crosses_quickly(pair: Pair, auction: Auction, bid: Bid) -> None:
    async with watching(pair.other.url(auction.pk)) as there:
        await there.hear()
        await asyncio.sleep(0.3)
        delays = []
        for number in range(20):
            await bid(pair.one, 110 + 2 * number)
            began = time.monotonic()
            await there.hear_next("bid_placed")
            delays.append(time.monotonic() - began)

    assert sorted(delays)[10] < 0.05


async def test_outbid_bidder_is_told_in_another_process(
    pair: Pair, auction: Auction, bid: Bid, cast: Cast
) -> None:
    token = await asyncio.to_thread(lambda: sign_in(cast.bidder1).access)
    async with watching(pair.other.url(auction.pk), token) as beaten:
        await beaten.hear()
        await asyncio.sleep(0.3)
        await beaten.say({"type": "place_bid", "amount": 110})
        await beaten.hear_next("bid_accepted")
        await bid(pair.one, 150)

        told = await beaten.hear_next("user_outbid")

    assert told["new_bid"] == 150


async def test_watchers_of_both_processes_are_counted(pair: Pair, auction: Auction) -> None:
    async with (
        watching(pair.one.url(auction.pk)) as here,
        watching(pair.one.url(auction.pk)),
        watching(pair.other.url(auction.pk)) as there,
    ):
        counts = []
        for watcher in (here, there):
            while (await watcher.hear_next("watchers", seconds=13))["count"] != 3:
                pass
            counts.append(watcher.heard[-1]["count"])

    assert counts == [3, 3]


async def test_idle_subscription_still_works_after_twelve_seconds(
    pair: Pair, auction: Auction, bid: Bid
) -> None:
    """redis-py cuts sockets that are silent for five seconds unless it is told not to."""
    async with watching(pair.other.url(auction.pk)) as there:
        await there.hear()
        idle_until = time.monotonic() + 12
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(12):
                while True:
                    await there.hear(seconds=12)
        assert time.monotonic() >= idle_until

        await bid(pair.one, 150)
        began = time.monotonic()
        seen = await there.hear_next("bid_placed")

    assert seen["amount"] == 150
    assert time.monotonic() - began < 0.5


async def test_message_the_layer_never_got_is_healed_by_the_heartbeat(
    pair: Pair, auction: Auction, cast: Cast
) -> None:
    """This process commits and has no Valkey: as one killed between commit and publish."""
    async with (
        watching(pair.one.url(auction.pk)) as here,
        watching(pair.other.url(auction.pk)) as there,
    ):
        await here.hear()
        await there.hear()
        for amount_minor in (150_00, 160_00):
            await desk.answer(
                auction.pk, PlaceBid(actor_id=cast.bidder2.pk, amount_minor=amount_minor)
            )
        began = time.monotonic()

        await asyncio.gather(here.hear_until(2, seconds=6), there.hear_until(2, seconds=6))

    assert here.seqs == there.seqs == [1, 2]
    assert time.monotonic() - began <= 5.5


async def test_room_goes_on_while_valkey_hangs_and_heals_after(
    pair: Pair, auction: Auction, bid: Bid
) -> None:
    async with (
        watching(pair.one.url(auction.pk)) as here,
        watching(pair.other.url(auction.pk)) as there,
    ):
        await here.hear()
        await there.hear()
        await asyncio.sleep(0.3)
        pair.valkey.send_signal(signal.SIGSTOP)
        try:
            began = time.monotonic()
            await bid(pair.one, 150)
            await here.hear_until(1)
            local_seconds = time.monotonic() - began
            await there.hear_until(1, seconds=6)
            healed_seconds = time.monotonic() - began
        finally:
            pair.valkey.send_signal(signal.SIGCONT)
        await asyncio.sleep(5)
        await bid(pair.one, 160)
        began = time.monotonic()
        await there.hear_until(2, seconds=6)
        back_seconds = time.monotonic() - began

    assert local_seconds < 1
    assert healed_seconds <= 5.5
    assert back_seconds < 1, "the layer works again"
    assert there.seqs == [1, 2]


async def test_room_opened_while_valkey_is_away_is_joined_when_it_returns(
    pair: Pair, auction: Auction, bid: Bid
) -> None:
    pair.valkey.send_signal(signal.SIGSTOP)
    try:
        async with watching(pair.other.url(auction.pk)) as there:
            first = await there.hear(seconds=2)
            pair.valkey.send_signal(signal.SIGCONT)
            await asyncio.sleep(4)
            await bid(pair.one, 150)
            began = time.monotonic()
            await there.hear_until(1)
            took_seconds = time.monotonic() - began
    finally:
        pair.valkey.send_signal(signal.SIGCONT)

    assert first["type"] == "snapshot"
    assert took_seconds < 1


async def test_bids_go_on_when_a_web_process_is_killed(
    pair: Pair, auction: Auction, bid: Bid
) -> None:
    """Whoever was connected to the dead one resumes at another and misses nothing."""
    with contextlib.ExitStack() as stack:
        third = stack.enter_context(running_server(REDIS_URL=""))
        async with watching(third.url(auction.pk)) as there:
            await there.hear()
            await bid(third, 110)
            await there.hear_until(1)
            third.process.kill()
        for amount in (120, 130):
            await bid(pair.one, amount)
        async with watching(pair.other.url(auction.pk, "?last_seq=1")) as again:
            await again.hear_until(3)

    assert there.seqs + again.seqs == [1, 2, 3]
