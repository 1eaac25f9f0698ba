"""The live room: who may watch, who may bid, and what no frame tells.

Nobody enters the room of a draft, not even its seller, nor one that was deleted, removed or never
there: 4404. A dead token is 4401 whatever the room.
"""

import asyncio
import json
import logging
from contextlib import AsyncExitStack

import pytest
from asgiref.sync import sync_to_async

from apps.bidding.desk import desk
from domain import commands as ask
from tests.authorization.keys import FRAMES, allowed, shape_of
from tests.authorization.world import ABSENT, ACTORS, STATES
from tests.realtime.doors import handshake, joined

UNKNOWN_ROOM, UNAUTHENTICATED = 4404, 4401
SHUT = {"draft", "deleted", "removed"}
WORDS = ("0", "-1", "9223372036854775808", "18446744073709551616", "1e3", "1.0", "x", "%EF%BC%91")
SILENCE_SECONDS = 0.3


def room(auction_id: object) -> str:
    return f"/ws/auction/{auction_id}/"


async def entered(market, actor, path) -> str:
    """Try to enter; returns `snapshot` or the code of the close."""
    socket = handshake(path, token=market.access.get(actor))
    connected, _ = await socket.connect(timeout=5)
    assert connected, "a close says why only after the handshake"
    try:
        first = await socket.receive_output(timeout=5)
        return str(first["code"]) if "code" in first else str(json.loads(first["text"])["type"])
    finally:
        await socket.disconnect()


async def test_room_opens_for_all_or_for_nobody(market):
    wrong, cells = [], 0
    for actor in ACTORS:
        rooms = {("nobody's", word): room(word) for word in (*WORDS, str(ABSENT))}
        for whose in ("owner", "seller"):
            rooms |= {(whose, state): room(market.auctions[whose, state]) for state in STATES}
        for (whose, state), path in rooms.items():
            is_shut = whose == "nobody's" or state in SHUT
            expected = str(UNKNOWN_ROOM) if is_shut else "snapshot"
            if actor == "banned":
                expected = str(UNAUTHENTICATED)
            found = await entered(market, actor, path)
            cells += 1
            if found != expected:
                wrong.append(f"{actor}, {whose} {state}: {found} instead of {expected}")

    print(f"rooms: {cells} cells")  # noqa: T201
    assert wrong == []


#: Whose bid in the owner's running auction is told what; everybody else's is accepted.
REFUSED = {"anonymous": "not_authenticated", "owner": "seller_cannot_bid"}


@pytest.mark.parametrize("state", ["active", "contested"])
@pytest.mark.parametrize(
    "message", [{"type": "place_bid", "amount": 250}, {"type": "set_auto_bid", "max_bid": 799_999}]
)
async def test_who_may_bid_in_a_room(state, message, market):
    told = {}
    for actor in ACTORS:
        if actor == "banned":
            continue  # does not get so far, as the test above shows
        bid = dict(message)
        # Each asks for more than the one before him.
        bid["amount" if "amount" in bid else "max_bid"] += 1000 * (1 + ACTORS.index(actor))
        path = room(market.auctions["owner", state])
        async with joined(path, token=market.access.get(actor)) as socket:
            answer = await socket.ask(bid)
        told[actor] = answer.get("code", answer["type"])

    expected = {actor: REFUSED.get(actor, "bid_accepted") for actor in told}
    assert told == expected


async def test_socket_of_a_state_nobody_bids_in_refuses(market):
    for state in ("scheduled", "sold"):
        path = room(market.auctions["owner", state])
        async with joined(path, token=market.access["bidder"]) as socket:
            answer = await socket.ask({"type": "place_bid", "amount": 250})
        assert answer["type"] == "bid_rejected", state


async def test_room_that_is_removed_shuts_and_takes_no_bid(market):
    auction_id = market.auctions["owner", "active"]
    async with joined(room(auction_id), token=market.access["bidder"]) as socket:
        await socket.hear_next("snapshot")
        await sync_to_async(desk.ask)(
            auction_id,
            ask.CancelAuction(actor_id=market.users["staff"].pk, is_staff=True, removed=True),
        )
        await socket.hear_next("auction_cancelled")
        answer = await socket.ask({"type": "place_bid", "amount": 250})

    assert (answer["type"], answer["code"]) == ("bid_rejected", "not_found")
    assert await entered(market, "bidder", room(auction_id)) == str(UNKNOWN_ROOM)


#: What is said in a full room; amounts in major units, {} maximums nobody else may learn.
TALK = (
    ("bidder", {"type": "set_auto_bid", "max_bid": 800000.03}),
    ("barred", {"type": "place_bid", "amount": 130}),
    ("barred", {"type": "place_bid", "amount": 1}),
    ("bidder", {"type": "set_auto_bid", "max_bid": 810000.03}),
    ("bidder", {"type": "set_auto_bid", "max_bid": 10_000}),
    ("bidder", {"type": "set_auto_bid", "max_bid": 2}),
    ("staff", {"type": "set_auto_bid", "max_bid": 200}),
    ("seller", {"type": "set_auto_bid", "max_bid": True}),
    ("loser", {"type": "resume", "last_seq": 0}),
    ("winner", {"type": "resume", "last_seq": 1}),
    ("loser", {"type": "set_auto_bid", "max_bid": 820000.03}),
    ("owner", {"type": "who_leads"}),
)
HEARD = {
    "snapshot",
    "bid_placed",
    "auto_bid_triggered",
    "user_outbid",
    "bid_accepted",
    "bid_rejected",
    "error",
}


async def conversation(market, auction_id) -> list[tuple[str, str]]:
    """Let everybody say his part; returns who heard which frame."""
    async with AsyncExitStack() as stack:
        sockets = {
            actor: await stack.enter_async_context(
                joined(room(auction_id), token=market.access.get(actor))
            )
            for actor in ACTORS
            if actor != "banned"
        }
        for actor, message in TALK:
            await sockets[actor].say(message)
            await asyncio.sleep(0.05)  # in this order
        heard = []
        for actor, socket in sockets.items():
            while not await socket.communicator.receive_nothing(SILENCE_SECONDS):
                heard.append((actor, (await socket.communicator.receive_output())["text"]))
        return heard


async def test_no_frame_and_no_log_tells_a_secret(market, caplog):
    """Everybody sits in the room while maximums meet below a reserve that nobody reaches."""
    caplog.set_level(logging.DEBUG)
    for amount_minor, owner in (
        (80_000_003, "bidder"),
        (81_000_003, "bidder"),
        (82_000_003, "loser"),
    ):
        market.secrets.plant_amount(amount_minor, f"maximum of {owner}", owner)

    heard = await conversation(market, market.auctions["owner", "active"])

    assert {json.loads(text)["type"] for _, text in heard} >= HEARD
    wrong = []
    for actor, text in heard:
        body = json.loads(text)
        keys = shape_of(body) - allowed(FRAMES[body["type"]])
        wrong += [f"{what} told to {actor}: {text}" for what in market.secrets.leaked(text, actor)]
        wrong += [f"{key} told to {actor} in {body['type']}" for key in keys]
        if body["type"] == "snapshot" and actor == "anonymous" and body["you"] is not None:
            wrong.append(f"a place of nobody: {text}")
    print(f"room: {len(heard)} frames searched")  # noqa: T201
    assert wrong == []
    assert market.secrets.leaked(caplog.text, "the log") == []
