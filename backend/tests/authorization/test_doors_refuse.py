"""The fast lane and the live room refuse like the views: numbers, bodies, frames that are none."""

import json

import httpx
import pytest

from config.asgi import application
from tests.authorization.answers import answer_of
from tests.authorization.bodies import request_of
from tests.authorization.hostile import NUMBERS
from tests.authorization.test_numbers import BIDS, wrong_with
from tests.realtime.doors import joined


async def test_fast_lane_refuses_what_is_no_number(market):
    transport = httpx.ASGITransport(app=application)
    wrong = []
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        for field in BIDS:
            path, request = request_of(field.cell, market)
            headers = {
                "authorization": f"Bearer {market.access[field.cell.actor]}",
                "content-type": "application/json",
            }
            for name, token in NUMBERS.items():
                body = field.body(request["data"], token)
                answer = await client.post(path, content=body, headers=headers)
                wrong += wrong_with(field, name, answer_of(answer))

    assert wrong == []


@pytest.mark.parametrize("kind", ["place_bid amount", "set_auto_bid max_bid", "resume last_seq"])
async def test_room_refuses_what_is_no_number(kind, market):
    """A `last_seq` of 0 or of any size asks for what there is; all else is refused."""
    what, _, name_of_field = kind.partition(" ")
    wrong = []
    path = f"/ws/auction/{market.auctions['owner', 'active']}/"
    async with joined(path, token=market.access["bidder"]) as socket:
        await socket.hear_next("snapshot")
        for name, token in NUMBERS.items():
            text = f'{{"type": "{what}", "{name_of_field}": {token}}}'
            if len(text) > 4096 or (what == "resume" and _is_seq(token)):
                continue
            await socket.say_text(text.encode("utf-8", "surrogatepass").decode("utf-8", "replace"))
            answer = await socket.hear_next("bid_accepted", "bid_rejected", "error")
            if answer["type"] == "bid_accepted" or not answer["error"]:
                wrong.append(f"{name}: {answer}")

    assert wrong == []


def _is_seq(token: str) -> bool:
    """Whether a text is a place in a room's history: its answer is silence."""
    try:
        value = json.loads(token)
    except ValueError:
        return False
    return type(value) is int and 0 <= value < 2**63
