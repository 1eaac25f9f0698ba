"""An evening of fifty bidders at a real house whose worker is killed -9 ten times meanwhile.

On SQLite the whole house is one process, and it is that which dies; on PostgreSQL the web process
lives, the closer (which does the telling) dies, and the Valkey between them forgets everything,
several times. Afterwards everybody was told exactly what a naive reader of the tables expects.
"""

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
import redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.e2e.house import House, Person, empty_house, register, words
from tests.realtime.doors import Valkey
from tests.told import Query, differences, told

BIDDERS = 50
AUCTIONS = 10
KILLS = 10
BIDS_IN_AN_ACT = 40
AT_ONCE = 8  # people who act at the same time
TOLD_SECONDS_MAX = 60
THROWN_OUT_SECONDS_MAX = 5
CONTESTED = (0, 1, 2, 3, 4, 7, 8)
BOUGHT_AT_ONCE = (5, 6)
ENDING = 9  # the auction that is about to end
WITHIN_AN_HOUR = 3600

Worker = subprocess.Popen[bytes]
on_postgresql = os.environ.get("DATABASE_URL", "").startswith("postgres")


@contextlib.contextmanager
def reading(house: House) -> Iterator[Query]:
    """Yield a function that reads the house's tables past the house."""
    url = house.environment.get("DATABASE_URL", "")
    connection: Any
    if url:
        connection = psycopg.connect(url, autocommit=True, options="-c timezone=utc")
    else:
        connection = sqlite3.connect(Path(house.environment["DATA_DIR"], "bidbazaar.sqlite3"))

    def query(statement: str) -> Sequence[tuple[Any, ...]]:
        found: Sequence[tuple[Any, ...]] = connection.execute(statement).fetchall()
        return found

    with contextlib.closing(connection):
        yield query


def tamper(house: House, statement: str) -> None:
    """Change rows past the house: what only time or an operator could bring about."""
    url = house.environment.get("DATABASE_URL", "")
    if url:
        with psycopg.connect(url, autocommit=True, options="-c timezone=utc") as connection:
            connection.execute(statement)
        return
    path = Path(house.environment["DATA_DIR"], "bidbazaar.sqlite3")
    with contextlib.closing(sqlite3.connect(path, timeout=20)) as line, line:
        line.execute(statement)


class Tab:
    """An open page of somebody: the socket of notifications, opened again whenever it is lost."""

    def __init__(self, house: House, person: Person) -> None:
        self.url = f"ws://127.0.0.1:{house.port}/ws/notifications/"
        self.person = person
        self.heard: list[int] = []
        self.losses = 0
        self.closed_with: int | None = None  # by the house, for good
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        self._thread.join(10)

    def _listen(self) -> None:
        last_id: int | None = None
        while not self._stop.is_set() and self.closed_with is None:
            query = "" if last_id is None else f"?last_id={last_id}"
            try:
                headers = self.person.headers
                with connect(self.url + query, additional_headers=headers) as line:
                    while not self._stop.is_set():
                        with contextlib.suppress(TimeoutError):
                            message = words(line.recv(timeout=0.2))
                            if message["type"] == "ready" and last_id is None:
                                last_id = message["last_id"]
                            if message["type"] == "notification":
                                self.heard.append(message["id"])
                                last_id = max(last_id or 0, message["id"])
            except ConnectionClosed as closed:
                if closed.rcvd is not None and closed.rcvd.code == 4401:
                    self.closed_with = closed.rcvd.code
                self.losses += 1
            except (OSError, EOFError, TimeoutError):  # nobody is there yet
                self._stop.wait(0.2)


class Evening:
    """The people and what they do, over HTTP; who cannot reach the house tries nothing twice."""

    def __init__(self, house: House, client: httpx.Client) -> None:
        self.house, self.client = house, client
        self.chance = random.Random(2026)
        self.pool = ThreadPoolExecutor(AT_ONCE)
        names = [f"bidder{number}" for number in range(BIDDERS)]
        people = self.all_at_once(lambda name: register(client, name), [*names, "anna", "carl"])
        *self.bidders, anna, carl = people
        self.sellers = [anna, carl]
        self.staff = register(client, "warden")
        tamper(house, f"UPDATE users_user SET is_staff = (1 = 1) WHERE id = {self.staff.id}")
        self.auctions = [self._listed(number) for number in range(AUCTIONS)]
        self.all_at_once(
            lambda pair: pair[1].post(f"/api/auctions/{self.auctions[pair[0] % AUCTIONS]}/watch/"),
            list(enumerate(self.bidders)),
        )

    def seller_of(self, number: int) -> Person:
        return self.sellers[number % 2]

    def _listed(self, number: int) -> int:
        seller = self.seller_of(number)
        terms: dict[str, Any] = {"title": f"Lot {number}", "starting_price": 100, "duration": "7d"}
        if number % 3 == 0:
            terms["reserve_price"] = 150
        if number in BOUGHT_AT_ONCE:
            terms["buy_now_price"] = 5000
        listing = seller.post("/api/auctions/", terms)
        assert listing.status_code == 201, listing.text
        auction_id = int(listing.json()["id"])
        assert seller.post(f"/api/auctions/{auction_id}/activate/").status_code == 200
        return auction_id

    def all_at_once(self, act: Callable[[Any], Any], what: list[Any]) -> list[Any]:
        """Let several people act at the same time; returns what came of it, in order."""
        return list(self.pool.map(act, what))

    def storm(self) -> None:
        """Let people bid by hand and by maximums; most are taken."""
        acts = [
            (self.chance.choice(self.bidders), self.auctions[self.chance.choice(CONTESTED)],
             self.chance.randint(0, 30), self.chance.random() < 0.75)
            for _ in range(BIDS_IN_AN_ACT)
        ]  # fmt: skip

        def bid(act: tuple[Person, int, int, bool]) -> int:
            person, auction_id, more, by_hand = act
            with contextlib.suppress(httpx.TransportError, KeyError, TypeError):
                price = person.get(f"/api/auctions/{auction_id}/")["min_next_bid"] + more
                if by_hand:
                    return person.post(
                        "/api/bids/", {"auction_id": auction_id, "amount": price}
                    ).status_code
                return person.post(
                    "/api/auto-bids/", {"auction_id": auction_id, "max_bid": price + 40}
                ).status_code
            return 0

        self.all_at_once(bid, acts)

    def letters(self) -> None:
        """Let bidders write to sellers."""
        pairs = [(self.chance.choice(self.bidders), number % 2) for number in range(12)]

        def write(pair: tuple[Person, int]) -> int:
            person, number = pair
            body = {"recipient": self.sellers[number].name, "body": "Is it still there?"}
            return person.post("/api/messages/", body).status_code

        assert set(self.all_at_once(write, pairs)) == {201}
        reader = self.bidders[0]
        self.ok(self.sellers[0].post("/api/messages/", {"recipient": reader.name, "body": "Yes"}))

    def end(self, *numbers: int) -> None:
        """Let sellers end auctions."""
        for number in numbers:
            self.ok(self.seller_of(number).post(f"/api/auctions/{self.auctions[number]}/end/"))

    def buy(self, number: int, person: Person) -> None:
        """Let somebody take the fixed price and pay."""
        auction_id = self.auctions[number]
        self.ok(person.post(f"/api/auctions/{auction_id}/buy-now/"))
        body = {"auction_id": auction_id, "payment_method": "stripe"}
        payment = self.ok(person.post("/api/payments/", body))
        self.ok(person.post(f"/api/payments/{payment['id']}/confirm/", {}))

    def about_hold(self, person: Person, number: int, word: str, **body: Any) -> None:
        """Let somebody do something about the money of an auction."""
        (hold,) = [
            hold
            for hold in self.people_of_money[number].get("/api/escrow/")["results"]
            if hold["auction_id"] == self.auctions[number]
        ]
        self.ok(person.post(f"/api/escrow/{hold['id']}/{word}/", body))

    people_of_money: dict[int, Person]

    def ok(self, answer: httpx.Response) -> Any:
        assert answer.status_code in (200, 201, 204), f"{answer.request.url}: {answer.text}"
        return answer.json() if answer.content else None


def acts_of(evening: Evening) -> list[Callable[[], None]]:
    """Return what happens between one start of the worker and its end."""
    five, six, banned = evening.bidders[5], evening.bidders[6], evening.bidders[7]
    evening.people_of_money = {5: five, 6: six}
    staff = evening.staff

    def remove() -> None:
        path = f"/api/admin/auctions/{evening.auctions[3]}/"
        answer = staff.client.request(
            "DELETE", path, json={"reason": "a fake"}, headers=staff.headers
        )
        evening.ok(answer)

    def throw_out() -> None:
        for number in (0, 8):  # he leads something when he goes
            price = banned.get(f"/api/auctions/{evening.auctions[number]}/")["min_next_bid"]
            banned.post(
                "/api/bids/", {"auction_id": evening.auctions[number], "amount": price + 500}
            )
        evening.ok(staff.post(f"/api/admin/users/{banned.id}/ban/", {"reason": "shill bids"}))
        evening.bidders.remove(banned)

    def ending_soon() -> None:
        person = evening.bidders[8]
        auction_id = evening.auctions[ENDING]
        evening.ok(person.post("/api/bids/", {"auction_id": auction_id, "amount": 100}))
        now = datetime.now(UTC).replace(tzinfo=None)  # noqa: TID251 - a real house has a real clock
        began, ends = now - timedelta(days=5), now + timedelta(minutes=50)
        tamper(
            evening.house,
            f"UPDATE auctions_auction SET start_at = '{began}', end_at = '{ends}',"
            f" original_end_at = '{ends}', next_due_at = '{ends}' WHERE id = {auction_id}",
        )

    return [
        lambda: (evening.storm(), evening.letters())[0],
        lambda: (evening.storm(), evening.buy(5, five))[0],
        lambda: (evening.storm(), throw_out())[0],
        lambda: (evening.about_hold(five, 5, "dispute", reason="damaged"), evening.storm())[0],
        lambda: (remove(), evening.storm())[0],
        lambda: (evening.end(0, 1), evening.letters())[0],
        lambda: (evening.buy(6, six), evening.storm())[0],
        lambda: (evening.about_hold(staff, 5, "resolve", outcome="refund"), evening.storm())[0],
        lambda: (evening.end(2, 4), evening.about_hold(six, 6, "release"))[0],
        lambda: (evening.storm(), evening.end(7, 8), ending_soon())[0],
    ]


def killed(process: Worker) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def wait_until(done: Callable[[], bool], seconds: float = TOLD_SECONDS_MAX) -> bool:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def told_by_the_worker(query: Query) -> int:
    """Return how much a worker has told; messages are told by whoever takes them."""
    rows = query("SELECT COUNT(*) FROM notifications_notification WHERE kind <> 'message'")
    return int(rows[0][0])


@contextlib.contextmanager
def house_with_worker(folder: Path) -> Iterator[tuple[House, Callable[[], Worker], Valkey]]:
    """Yield an open house, what starts its worker anew, and its Valkey (which SQLite's has not)."""
    valkey = Valkey(folder)
    with contextlib.ExitStack() as stack:
        if on_postgresql:
            valkey.start()
            stack.callback(valkey.kill)
        environment = {"REDIS_URL": valkey.url if on_postgresql else ""}
        house = stack.enter_context(empty_house(folder, **environment))
        stack.callback(house.close)  # gently: a killed `web` would leave its children behind
        first = house.start("serve")
        house.wait_until_open()
        if on_postgresql:  # its tables are made: from here on two processes, one of which lives
            killed(first)
            house.start("web")
            house.wait_until_open()

        def start() -> Worker:
            if on_postgresql:
                return house.start("closer")
            worker = house.start("serve")
            house.wait_until_open()
            return worker

        if not on_postgresql:
            killed(first)
        yield house, start, valkey


@pytest.mark.timeout(600)
def test_worker_killed_ten_times_leaves_nobody_untold_and_nobody_told_twice(
    tmp_path: Path,
) -> None:
    with contextlib.ExitStack() as stack:
        house, start, valkey = stack.enter_context(house_with_worker(tmp_path))
        worker = start()
        limits = httpx.Limits(max_connections=20)
        client = httpx.Client(base_url=house.url, timeout=20, limits=limits)
        evening = Evening(house, stack.enter_context(client))
        query = stack.enter_context(reading(house))
        tabs = [Tab(house, person) for person in (*evening.sellers, *evening.bidders[:4])]
        stack.callback(lambda: [tab.close() for tab in tabs])
        unread_at_kill: list[int] = []
        told_so_far = 0
        for number, act in enumerate(acts_of(evening)):
            act()
            assert wait_until(lambda told=told_so_far: told_by_the_worker(query) > told)
            storm = threading.Thread(target=evening.storm)  # it dies amid bids
            storm.start()
            time.sleep(evening.chance.uniform(0.1, 1.2))
            killed(worker)
            storm.join()
            told_so_far = told_by_the_worker(query)
            unread_at_kill.append(unread(query))
            if on_postgresql and number % 2:
                redis.Redis(port=valkey.port).flushall()
            worker = start()
        ending = {evening.auctions[ENDING]: WITHIN_AN_HOUR}
        wait_until(lambda: differences(query, ending) == "" and unread(query) == 0)
        time.sleep(3)  # for what would come too often

        assert differences(query, ending) == ""
        print_figures(query, unread_at_kill, tabs)
        check_lists(evening, query)
        check_tabs(tabs, query)


def unread(query: Query) -> int:
    """Return how many rows of logs nobody has told yet."""
    rows = query(
        "SELECT COALESCE(SUM(log_number - COALESCE(number, 0)), 0) FROM auctions_auction"
        " LEFT JOIN notifications_auctionreading ON auction_id = auctions_auction.id"
    )
    money = query("SELECT COUNT(*) FROM payments_statechange WHERE NOT told")
    return int(rows[0][0]) + int(money[0][0])


def print_figures(query: Query, unread_at_kill: list[int], tabs: list[Tab]) -> None:
    kinds = Counter(kind for _, kind, *_ in told(query).elements())
    print(  # noqa: T201
        f"\nkilled {len(unread_at_kill)} times, rows untold then: {unread_at_kill}; told "
        f"{kinds.total()}: {dict(kinds)}; tabs lost their socket "
        f"{[tab.losses for tab in tabs]} times and heard {[len(tab.heard) for tab in tabs]}"
    )
    assert len(unread_at_kill) == KILLS


def check_lists(evening: Evening, query: Query) -> None:
    """Everybody's list over HTTP speaks for what he was told, gathered ones by their count."""
    wanted = Counter((user, kind) for user, kind, *_ in told(query).elements())
    for person in (*evening.bidders, *evening.sellers):
        found: Counter[tuple[int, str]] = Counter()
        path: str | None = "/api/notifications/?page_size=100"
        while path:
            page = person.get(path)
            for row in page["results"]:
                found[person.id, row["kind"]] += row["count"]
            path = page["next"]
        own = Counter({key: n for key, n in wanted.items() if key[0] == person.id})
        assert found == own, person.name


def check_tabs(tabs: list[Tab], query: Query) -> None:
    """An open page heard each of its notifications once, though its socket was lost."""
    for tab in tabs:
        shown = {
            pk
            for (pk,) in query(
                "SELECT id FROM notifications_notification WHERE NOT replaced"
                f" AND user_id = {tab.person.id}"
            )
        }
        assert [pk for pk, n in Counter(tab.heard).items() if n > 1] == [], tab.person.name
        assert shown - set(tab.heard) == set(), tab.person.name


def test_who_is_banned_is_thrown_out_of_open_sockets_within_five_seconds(tmp_path: Path) -> None:
    with empty_house(tmp_path) as house:
        house.start("serve")
        house.wait_until_open()
        with httpx.Client(base_url=house.url, timeout=20) as client:
            seller, banned, staff = (register(client, name) for name in ("anna", "bert1", "warden"))
            tamper(house, f"UPDATE users_user SET is_staff = (1 = 1) WHERE id = {staff.id}")
            body = {"title": "Clock", "starting_price": 10, "duration": "7d"}
            auction_id = seller.post("/api/auctions/", body).json()["id"]
            seller.post(f"/api/auctions/{auction_id}/activate/")
            base = f"ws://127.0.0.1:{house.port}/ws"
            headers = banned.headers
            with (
                connect(f"{base}/notifications/", additional_headers=headers) as own,
                connect(f"{base}/auction/{auction_id}/", additional_headers=headers) as room,
            ):
                assert words(own.recv(timeout=5))["type"] == "ready"
                assert words(room.recv(timeout=5))["type"] == "snapshot"
                answer = staff.post(f"/api/admin/users/{banned.id}/ban/", {"reason": "shill bids"})
                assert answer.status_code == 200, answer.text
                at = time.monotonic()
                codes = [code_of(line, THROWN_OUT_SECONDS_MAX) for line in (own, room)]
                seconds = time.monotonic() - at

            print(f"\nthrown out after {seconds:.1f} s")  # noqa: T201
            assert codes == [4401, 4401]
            assert seconds < THROWN_OUT_SECONDS_MAX
            assert client.get("/api/users/me/", headers=headers).status_code == 401


def code_of(line: Any, seconds: float) -> int | None:
    """Return the code a socket is closed with, None if it is not."""
    end = time.monotonic() + seconds
    try:
        while (left := end - time.monotonic()) > 0:
            line.recv(timeout=left)
    except TimeoutError:
        return None
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd is not None else None
    return None
