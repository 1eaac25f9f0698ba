"""Every BidBazaar vector (group J), driven through HTTP with a clock that stands still.

`BIDBAZAAR_VECTORS` may name another file of the same format. Ids in a vector are its own: users,
the product and its bids are mapped to rows as they are made.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from apps.bidding.models import Bid
from tests.factories import UserFactory

VECTORS = Path(
    os.environ.get("BIDBAZAAR_VECTORS")
    or Path(__file__).parents[1] / "domain" / "vectors" / "bidding.json"
)
LISTED_AT = datetime(2025, 2, 10, 16, 12, 7, 717739, tzinfo=UTC)  # the guide's sample
UNKNOWN_ID = 999_999
WINDOW = {"start_date": "2025-02-15T12:00:00", "end_date": "2025-02-18T12:00:00"}


def guide_vectors() -> list[dict[str, Any]]:
    found = json.loads(VECTORS.read_text(encoding="utf-8"))
    vectors = found["vectors"] if isinstance(found, dict) else found
    return [vector for vector in vectors if vector["id"].startswith("J")]


class Market:
    """One vector's market: its users, its product, its bids, by the vector's ids."""

    def __init__(self, settings: dict[str, Any], api: Any, clock: Any) -> None:
        self.settings, self.api, self.clock = settings, api, clock
        self.users: dict[int, Any] = {}
        self.bids: dict[int, int] = {}
        clock.set(LISTED_AT)
        self.product = self.listed()
        for number in settings.get("bids_of_other_products", ()):
            self.bids[number] = self.bid_elsewhere()

    def user(self, number: int) -> Any:
        if number not in self.users:
            self.users[number] = UserFactory(username=f"user{number}")
        return self.users[number]

    def client(self, number: int | None) -> Any:
        return self.api(None if number is None else self.user(number))

    def listed(self) -> int:
        answer = self.client(self.settings["owner"]).post(
            "/api/auction/products/",
            {
                "title": "iPhone 12",
                **{k: self.settings[k] for k in ("starting_price", "start_date", "end_date")},
            },
        )
        assert answer.status_code == 201, answer.json()
        product: int = answer.json()["id"]
        return product

    def bid_elsewhere(self) -> int:
        other = self.listed()
        self.clock.set(instant(self.settings["start_date"]))
        body = {"bid_amount": self.settings["starting_price"], **WINDOW}
        answer = self.client(77).post(f"/api/auction/products/{other}/place-bid/", body)
        assert answer.status_code == 201, answer.json()
        bid: int = answer.json()["id"]
        return bid

    def play(self, action: dict[str, Any]) -> Any:
        """Send one action; returns the response."""
        self.clock.set(instant(action["now"]))
        client = self.client(action.get("user"))
        known = action.get("product_id", self.settings["product_id"]) == self.settings["product_id"]
        base = f"/api/auction/products/{self.product if known else UNKNOWN_ID}/"
        match action["op"]:
            case "place_bid":
                return client.post(base + "place-bid/", action["body"])
            case "sell":
                bid_id = self.bids.get(action["bid_id"], UNKNOWN_ID)
                return client.post(f"{base}sell/{bid_id}/")
            case "product":
                return client.get(base)
            case "highest_bid":
                return client.get(base + "highest-bid/")
            case "bids":
                return client.get(base + "bids/")
            case "my_bids":
                return client.get(base + "my-bids/")
        raise AssertionError(f"unknown action {action['op']}")

    def learn(self, action: dict[str, Any], expected: Any, answer: Any) -> None:
        """Map the id of a bid just placed to the vector's."""
        if action["op"] == "place_bid" and answer.status_code == 201:
            self.bids[expected["id"]] = answer.json()["id"]

    def own(self, body: Any) -> Any:
        """Return an expected body with the vector's ids replaced by the rows'."""
        if isinstance(body, list):
            return [self.own(row) for row in body]
        ids = {
            "id": self.bids,
            "bid_id": self.bids,
            "highest_bid_id": self.bids,
            "user_id": {number: user.pk for number, user in self.users.items()},
            "product_id": {self.settings["product_id"]: self.product},
        }
        return {
            key: ids[key][value] if key in ids and value is not None else value
            for key, value in body.items()
        }


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize("vector", guide_vectors(), ids=lambda vector: vector["id"])
def test_the_guide_answers_as_the_vector(vector, api, frozen_clock):
    market = Market(vector["settings"], api, frozen_clock)

    for step in vector["steps"]:
        action, expected = step["action"], step["expect"]
        bids_before = Bid.objects.count()

        answer = market.play(action)

        assert answer.status_code == expected["status"], (action, answer.json())
        market.learn(action, expected["json"], answer)
        shown = answer.json()
        if action["op"] in ("product", "highest_bid", "sell") and answer.status_code == 200:
            shown = {key: shown[key] for key in expected["json"]}
        assert shown == market.own(expected["json"]), action
        placed = action["op"] == "place_bid" and answer.status_code == 201
        assert Bid.objects.count() == bids_before + placed, "a refusal leaves no row (R18)"
