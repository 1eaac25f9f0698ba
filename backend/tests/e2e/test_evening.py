"""One evening at the house, as the README tells it: from two accounts to a winner and a proof."""

import itertools
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from websockets.sync.client import ClientConnection, connect

from tests.e2e.house import House, Person, empty_house, free_port, register, words

STANDING_KEYS = {"timestamp", "seq", "total_bids", "current_bid", "highest_bidder"}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with empty_house(tmp_path) as found:
        found.start("serve")
        found.wait_until_open()
        yield found


@pytest.fixture
def client(house: House) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=house.url, timeout=20) as found:
        yield found


class Socket:
    """A room's socket that remembers what it heard."""

    def __init__(self, house: House, auction_id: int, person: Person | None = None) -> None:
        self.house, self.auction_id, self.person = house, auction_id, person
        self.heard: list[dict[str, Any]] = []
        self.stack = ExitStack()
        self.connection = self._open()

    def _open(self, query: str = "") -> ClientConnection:
        url = f"ws://127.0.0.1:{self.house.port}/ws/auction/{self.auction_id}/{query}"
        headers = self.person.headers if self.person else {}
        return self.stack.enter_context(connect(url, additional_headers=headers))

    def say(self, **message: Any) -> None:
        self.connection.send(json.dumps(message))

    def until(self, kind: str, seconds: float = 15) -> dict[str, Any]:
        """Read frames up to one of this type, and return it."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            try:
                frame = words(self.connection.recv(timeout=left))
            except TimeoutError:
                break
            self.heard.append(frame)
            if frame["type"] == kind:
                return frame
        raise AssertionError(f"no {kind} came; heard {[item['type'] for item in self.heard]}")

    def cut_and_resume(self) -> None:
        """Lose the connection without a word, and come back where it stopped."""
        last_seq = max(self.seqs(), default=0)
        self.connection.socket.close()
        self.connection = self._open(f"?last_seq={last_seq}")

    def seqs(self) -> list[int]:
        """Return the numbered messages heard, in the order they came."""
        room = {"bid_accepted", "bid_rejected", "heartbeat", "user_outbid", "watchers"}
        return [
            frame["seq"] for frame in self.heard if "seq" in frame and frame["type"] not in room
        ]


def listed(seller: Person, **terms: Any) -> int:
    """List and activate an auction."""
    body = {"title": "Walnut desk", "description": "One drawer sticks.", **terms}
    answer = seller.post("/api/auctions/", body)
    assert answer.status_code == 201, answer.text
    auction_id: int = answer.json()["id"]
    answer = seller.post(f"/api/auctions/{auction_id}/activate/")
    assert answer.status_code == 200, answer.text
    return auction_id


def test_an_evening_from_accounts_to_a_winner_and_a_proof(
    house: House, client: httpx.Client, tmp_path: Path
) -> None:
    seller, anna, bert = (register(client, name) for name in ("seller1", "anna1", "bert1"))
    soft_close = {
        "window_seconds": 60,
        "extension_seconds": 2,
        "max_total_seconds": 4,
        "mode": "add",
    }
    auction_id = listed(
        seller, starting_price=40000, duration_seconds=60, soft_close=soft_close, currency="EUR"
    )
    shorten(house, auction_id, seconds=8)
    watcher = Socket(house, auction_id)
    annas = Socket(house, auction_id, anna)
    assert watcher.until("snapshot")["auction"]["status"] == "active"
    annas.until("snapshot")

    assert bert.post("/api/bids/", {"auction_id": auction_id, "amount": 45000}).status_code == 201
    placed = watcher.until("bid_placed")
    assert placed["bidder"] == "bert1"
    assert placed["amount"] == 45000
    assert placed["total_bids"] == 1
    assert placed.keys() >= STANDING_KEYS
    watcher.until("auction_extended")

    annas.say(type="place_bid", amount=46000, request_id="one")
    accepted = annas.until("bid_accepted")
    assert (accepted["request_id"], accepted["leading"]) == ("one", True)

    rule = bert.post("/api/auto-bids/", {"auction_id": auction_id, "max_bid": 60000})
    assert rule.status_code == 201
    annas.say(type="set_auto_bid", max_bid=55000)
    annas.until("bid_accepted")
    outbid = annas.until("user_outbid")
    assert outbid["new_bid"] == 55100
    triggered = watcher.until("auto_bid_triggered")
    assert triggered["auto_bidder"] == "bert1"

    watcher.cut_and_resume()
    annas.say(type="place_bid", amount=56000, request_id="two")
    annas.until("bid_accepted")
    ended = watcher.until("auction_ended", seconds=30)
    assert (ended["winner"], ended["final_bid"]) == ("bert1", 56100)
    assert watcher.seqs() == sorted(set(watcher.seqs()))
    first = watcher.seqs()[0]
    assert watcher.seqs() == list(range(first, first + len(watcher.seqs())))
    late = anna.post("/api/bids/", {"auction_id": auction_id, "amount": 90000})
    assert (late.status_code, late.json()["error"]) == (400, "The auction has ended")
    assert client.get(f"/api/auctions/{auction_id}/").json()["winner"] == "bert1"

    assert house.run("verify").returncode == 0
    tamper(house, "UPDATE bidding_bid SET amount_minor = 1 WHERE amount_minor = 4500000")
    altered = house.run("verify")
    assert altered.returncode == 1
    assert f"auction {auction_id}" in altered.stdout + altered.stderr
    assert "missing" in altered.stdout + altered.stderr


def shorten(house: House, auction_id: int, *, seconds: int) -> None:
    """Let a quiet auction end soon, as its seller may while nobody has bid."""
    end = datetime.fromtimestamp(time.time() + seconds, UTC).replace(tzinfo=None).isoformat(sep=" ")
    for column in ("end_at", "original_end_at", "next_due_at"):
        tamper(house, f"UPDATE auctions_auction SET {column} = '{end}' WHERE id = {auction_id}")


def tamper(house: House, statement: str) -> None:
    """Alter a row by hand, as somebody with the database's password could."""
    url = house.environment.get("DATABASE_URL", "")
    if url:
        with psycopg.connect(url, autocommit=True, options="-c timezone=utc") as connection:
            connection.execute(statement)
        return
    with sqlite3.connect(Path(house.environment["DATA_DIR"], "bidbazaar.sqlite3")) as connection:
        connection.execute(statement)


def test_killed_house_has_every_bid_it_acknowledged(tmp_path: Path) -> None:
    with empty_house(tmp_path) as house:
        house.start("serve")
        house.wait_until_open()
        with httpx.Client(base_url=house.url, timeout=20) as client:
            seller = register(client, "seller1")
            bidders = [register(client, f"bidder{number}") for number in range(8)]
            auction_id = listed(seller, starting_price=1, minimum_increment=0.01)
            acknowledged = bid_until_killed(house, auction_id, bidders)
            house.start("serve")
            house.wait_until_open()
            kept = {bid["id"]: bid["amount"] for bid in every_bid(client, auction_id)}
            assert len(acknowledged) > 20, "too little was under way to prove anything"
            assert {bid_id: kept.get(bid_id) for bid_id in acknowledged} == acknowledged
            price = client.get(f"/api/auctions/{auction_id}/").json()["min_next_bid"]
            again = bidders[0].post("/api/bids/", {"auction_id": auction_id, "amount": price})
            assert again.status_code == 201
            house.close()
            assert house.run("verify").returncode == 0


def bid_until_killed(house: House, auction_id: int, bidders: list[Person]) -> dict[int, float]:
    """Bid from many connections, kill -9 the house meanwhile; return what was answered 201."""
    acknowledged: dict[int, float] = {}
    amounts = itertools.count(2)
    stop = threading.Event()

    def bid(person: Person) -> None:
        with httpx.Client(base_url=house.url, timeout=5) as own:
            while not stop.is_set():
                body = {"auction_id": auction_id, "amount": next(amounts)}
                try:
                    answer = own.post("/api/bids/", json=body, headers=person.headers)
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    acknowledged[answer.json()["id"]] = answer.json()["amount"]

    threads = [threading.Thread(target=bid, args=(person,)) for person in bidders]
    for thread in threads:
        thread.start()
    time.sleep(2)
    house.kill()
    stop.set()
    for thread in threads:
        thread.join(20)
    return acknowledged


def every_bid(client: httpx.Client, auction_id: int) -> Iterator[dict[str, Any]]:
    """Yield all bids of an auction, page by page."""
    page: str | None = f"/api/bids/?auction_id={auction_id}&page_size=100"
    while page:
        body = client.get(page).json()
        yield from body["results"]
        page = body["next"]


def test_hundred_equal_bids_at_once_make_one(tmp_path: Path) -> None:
    """Through three web processes on PostgreSQL; SQLite's house is one process."""
    processes = 3 if os.environ.get("DATABASE_URL", "").startswith("postgres") else 1
    with empty_house(tmp_path) as house:
        house.start("serve")
        house.wait_until_open()
        ports = [house.port, *(free_port() for _ in range(processes - 1))]
        for port in ports[1:]:
            house.start("web", port=port)
            house.wait_until_open(port)
        with httpx.Client(base_url=house.url, timeout=30) as client:
            seller = register(client, "seller1")
            people = [register(client, f"bidder{number}") for number in range(100)]
            auction_id = listed(seller, starting_price=100)
        statuses = all_at_once(ports, people, {"auction_id": auction_id, "amount": 150})
        assert sorted(statuses) == [201] + [400] * 99
        house.close()
        assert house.run("verify").returncode == 0


def all_at_once(ports: list[int], people: list[Person], body: dict[str, Any]) -> list[int]:
    """Send the same bid from every person in the same moment."""
    barrier = threading.Barrier(len(people))
    statuses: list[int] = []

    def bid(index: int) -> None:
        base = f"http://127.0.0.1:{ports[index % len(ports)]}"
        with httpx.Client(base_url=base, timeout=30) as own:
            own.get("/healthz")
            barrier.wait(30)
            answer = own.post("/api/bids/", json=body, headers=people[index].headers)
            statuses.append(answer.status_code)

    threads = [threading.Thread(target=bid, args=(index,)) for index in range(len(people))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return statuses
