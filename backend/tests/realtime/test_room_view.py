"""Snapshot + frames = later snapshot: what a client's screen becomes, read from a real socket."""

import random
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from apps.core import clock
from domain import commands as ask
from domain.reasons import Refused
from domain.room import RoomView
from tests.cast import Cast
from tests.factories import AuctionFactory
from tests.realtime.doors import Socket, joined

pytestmark = pytest.mark.django_db(transaction=True)

KINDS: dict[str, dict[str, Any]] = {
    "plain": {},
    "reserve": {"reserve_minor": 180_00},
    "buy_now": {"buy_now_minor": 900_00},
    "soft_close": {
        "soft_close_window_seconds": 3600,
        "soft_close_extension_seconds": 3600,
        "end_at": None,  # filled in: within the window
    },
    "offers": {"seller_choice": True},
}


def command_of(dice: random.Random, cast: Cast, kind: str, number: int) -> ask.Command:
    """Return a command somebody might send as the n-th; many are refused, as in life."""
    actor_id = dice.choice([cast.bidder1, cast.bidder2, cast.stranger]).pk
    amount_minor = dice.randrange(90_00, 120_00 + 20_00 * number, 50)
    choice = dice.random()
    if choice < 0.6:
        return ask.PlaceBid(actor_id=actor_id, amount_minor=amount_minor)
    if choice < 0.85 and kind != "offers":
        return ask.SetAutoBid(actor_id=actor_id, max_minor=amount_minor)
    if choice < 0.9:
        return ask.CancelAutoBid(actor_id=actor_id)
    if choice < 0.93:
        return ask.CancelBids(actor_id=cast.seller.pk, bidder_id=actor_id)
    if choice < 0.95 and number > 20:
        return ask.BuyNow(actor_id=actor_id)
    return ask.Tick()


async def asked(auction_id: int, command: ask.Command) -> None:
    """Ask the desk; a refusal changes nothing and is fine."""
    try:
        await desk.answer(auction_id, command)
    except Refused:
        return


def as_view(snapshot: dict[str, Any]) -> RoomView:
    return RoomView.from_snapshot({**snapshot["auction"], "bids": snapshot["bids"]})


async def listen(socket: Socket, view: RoomView, seq: int) -> RoomView:
    """Apply what is heard until the room has come to a seq."""
    while view.seq < seq:
        body = await socket.hear()
        view = view.apply(body)
    return view


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", KINDS)
async def test_snapshot_and_frames_make_the_later_snapshot(
    cast: Cast, kind: str, seed: int
) -> None:
    dice = random.Random(f"{kind}{seed}")
    extra = dict(KINDS[kind])
    if "end_at" in extra:
        extra["end_at"] = clock.now() + timedelta(minutes=30)
    auction = await sync_to_async(AuctionFactory)(seller=cast.seller, **extra)
    path = f"/ws/auction/{auction.pk}/"

    async with joined(path) as socket:
        view = as_view(await socket.hear_next("snapshot"))
        for number in range(40):
            await asked(auction.pk, command_of(dice, cast, kind, number))
        await asked(auction.pk, ask.EndAuction(actor_id=cast.seller.pk))
        seq = (await Auction.objects.aget(pk=auction.pk)).seq
        view = await listen(socket, view, seq)
    async with joined(path) as late:
        later = as_view(await late.hear_next("snapshot"))

    assert view.seq > 3, "something happened"
    assert unbid(view) == unbid(later)
    if view.bids is not None:
        assert view.bids == later.bids


def unbid(view: RoomView) -> dict[str, Any]:
    """Return the view without its bid list, which a client fetches again after a retraction."""
    return {name: getattr(view, name) for name in RoomView.__slots__ if name != "bids"}
