"""Numbers that are none, in every field of every operation that takes one.

Refused as 400 (an id: 404 as well) in the document's shape; nothing is stored. The fast lane and
the live room are tried with the same numbers in test_doors_refuse.py.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from apps.auctions.models import Auction
from apps.bidding.models import AutoBidRule, Bid
from apps.payments.models import Payment, ProviderCall
from tests.authorization.answers import Answer, answer_of, misshapen
from tests.authorization.bodies import request_of
from tests.authorization.hostile import NUMBERS
from tests.authorization.table import TABLE, Cell
from tests.authorization.test_mass_assignment import good_cell

pytestmark = pytest.mark.django_db
SELLERS = ("owner", "seller")  # of the world these tests need
INPUTS_MIN = 60
HERE = "@@"


@dataclass(frozen=True)
class Field:
    """A number in a body: of which operation, by what path, refused as what."""

    op: str
    path: str
    refused: tuple[int, ...] = (400,)

    def __str__(self) -> str:
        return f"{self.op} {self.path}"

    @property
    def cell(self) -> Cell:
        cell = good_cell(next(op for op in TABLE if op.name == self.op))
        assert cell is not None
        return cell

    def body(self, good: dict[str, Any], token: str) -> bytes:
        """Return the good body with a JSON text in this place."""
        whole: Any = dict(good)
        within, names = whole, self.path.split(".")
        for name, after in zip(names, [*names[1:], None], strict=True):
            value: Any = HERE if after is None else PARTS[name]()
            within[name] = [value] if name == "lots" else value
            within = value
        text = json.dumps(whole)
        assert text.count(f'"{HERE}"') == 1
        return text.replace(f'"{HERE}"', token).encode("utf-8", "surrogatepass")


PARTS = {
    "lots": lambda: {"title": "A key"},
    "soft_close": lambda: {"window_seconds": 60, "extension_seconds": 60},
}

CREATE, EDIT = "POST /api/auctions/", "PATCH /api/auctions/{auction_id}/"
OF_A_LISTING = (
    "starting_price",
    "minimum_increment",
    "reserve_price",
    "buy_now_price",
    "duration_seconds",
    "soft_close.window_seconds",
    "soft_close.extension_seconds",
    "soft_close.max_total_seconds",
    "soft_close.max_extensions",
    "lots.lot_number",
    "lots.quantity",
    "lots.estimate_low",
    "lots.estimate_high",
    "category",
)
UNKNOWN = (400, 404)  # an id is no amount: a number nothing has is an unknown auction
BIDS = (
    Field("POST /api/bids/", "amount"),
    Field("POST /api/bids/", "auction_id", UNKNOWN),
    Field("POST /api/auction/products/{product_id}/place-bid/", "bid_amount"),
)
FIELDS = (
    *(Field(op, path) for op in (CREATE, EDIT) for path in OF_A_LISTING),
    *BIDS,
    Field("POST /api/auto-bids/", "max_bid"),
    Field("POST /api/auto-bids/", "auction_id", UNKNOWN),
    Field("PUT /api/auto-bids/{rule_id}/", "max_bid"),
    Field("POST /api/auction/products/", "starting_price"),
    Field("POST /api/payments/", "auction_id", UNKNOWN),
    Field("POST /api/escrow/{escrow_id}/refund/", "amount"),
    Field("POST /api/escrow/{escrow_id}/resolve/", "amount"),
)


def wrong_with(field: Field, name: str, answer: Answer) -> list[str]:
    """Return what is wrong with the refusal of an input."""
    wrong = misshapen(answer)
    if answer.status not in field.refused:
        wrong.append(f"{answer.status} {answer.text[:150]}")
    elif not name.startswith("unread") and answer.status == 400 and not _names(field, answer):
        wrong.append(f"does not say which field: {answer.text[:150]}")
    return [f"{field}, {name}: {text}" for text in wrong]


def _names(field: Field, answer: Answer) -> bool:
    told = answer.json
    last = field.path.rpartition(".")[2]
    return last in str(told.get("fields", "")) or last.replace("_", " ") in told["error"].lower()


def stored() -> tuple[int, ...]:
    """Return how much there is of what a number could have made."""
    models: tuple[Any, ...] = (Auction, Bid, AutoBidRule, Payment, ProviderCall)
    return tuple(model.objects.count() for model in models)


def test_there_are_enough():
    print(f"numbers: {len(NUMBERS)} inputs, {len(FIELDS)} fields")  # noqa: T201

    assert len(NUMBERS) >= INPUTS_MIN


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_view_refuses_what_is_no_number(field, world):
    path, request = request_of(field.cell, world)
    client = world.clients[field.cell.actor]
    send = getattr(client, field.op.split()[0].lower())
    before, wrong = stored(), []

    for name, token in NUMBERS.items():
        body = field.body(request["data"], token)
        answer = answer_of(send(path, body, content_type="application/json"))
        wrong += wrong_with(field, name, answer)

    assert wrong == []
    assert stored() == before
