"""Placing a bid by the fast lane and by the view behind it: nobody can tell which answered.

Twins of one listing, one asked through the ASGI application, one through its Django side alone:
status, body and the headers that matter are the same, in the words of both documents.
"""

import json
from typing import Any, NamedTuple

import httpx
import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections

from apps.users.services import log_out
from apps.users.tokens import read_access
from config.asgi import application
from config.http import HttpHandler
from tests.cast import sign_in
from tests.vocabularies.test_roadmap import Market, id_in

VIEWS = HttpHandler(threads=1)
pytestmark = pytest.mark.django_db(transaction=True)
UNKNOWN = 999_999
WINDOW = {"start_date": "2026-02-22T10:00:00", "end_date": "2026-02-23T10:00:00"}
HEADERS = ("content-type", "www-authenticate", "retry-after", "x-content-type-options")
JSON = {"content-type": "application/json"}


class Case(NamedTuple):
    """One request. `changes` go into a good body; `raw` stands instead of it."""

    changes: dict[str, Any] = {}
    raw: bytes | None = None
    headers: dict[str, str] = JSON
    asker: str = "bidder1"
    unknown: bool = False
    logged_out: bool = False
    times: int = 1


CASES = {
    "accepted": Case(),
    "digits": Case({"amount": "45000"}),
    "nobody": Case(asker=""),
    "nobody, unknown listing": Case(asker="", unknown=True),
    "unusable token": Case(headers=JSON | {"authorization": "Bearer x.y.z"}, asker=""),
    "another scheme": Case(headers=JSON | {"authorization": "Basic eDp5"}, asker=""),
    "ended session": Case(logged_out=True),
    "ended session, bad body": Case({"amount": "x"}, logged_out=True),
    "unknown listing": Case(unknown=True),
    "unknown listing, bad amount": Case({"amount": "x"}, unknown=True),
    "no amount": Case({"amount": None}),
    "blank amount": Case({"amount": ""}),
    "amount a word": Case({"amount": "a lot"}),
    "amount zero": Case({"amount": 0}),
    "amount true": Case({"amount": True}),
    "amount huge": Case({"amount": 10**30}),
    "below the start": Case({"amount": 39999}),
    "own listing": Case(asker="seller"),
    "no date": Case({"end_date": None}),
    "no real date": Case({"end_date": "2026-02-30T00:00:00"}),
    "dates reversed": Case({"end_date": "2026-02-21T00:00:00"}),
    "twice": Case(times=2),
    "twice with one key": Case(headers=JSON | {"idempotency-key": "k"}, times=2),
    "key too long": Case(headers=JSON | {"idempotency-key": "k" * 129}),
    "key too long, bad amount": Case({"amount": 0}, headers=JSON | {"idempotency-key": "k" * 129}),
    "no JSON": Case(raw=b"{"),
    "no object": Case(raw=b"[1]"),
    "no UTF-8": Case(raw=b"\xff"),
    "a key twice": Case(raw=b'{"amount": 1, "amount": 2}'),
    "NaN": Case(raw=b'{"amount": NaN, "bid_amount": NaN}'),
    "an exponent": Case(raw=b'{"amount": 1e5, "bid_amount": 1e5}'),
    "nothing": Case(raw=b""),
    "another media type": Case(headers={"content-type": "text/plain"}),
    "no media type": Case(headers={}),
    "no token behind the scheme": Case(headers=JSON | {"authorization": "Bearer "}, asker=""),
    "media type with charset": Case(headers={"content-type": "application/json; charset=utf-8"}),
    "too long": Case(raw=b'{"amount": "' + b"1" * settings.REQUEST_BYTES_MAX + b'"}'),
}


class Twins:
    """Two listings that differ in their id alone, and one request in a document's words."""

    def __init__(self, market: Market, vocabulary: str, case: Case) -> None:
        self.market, self.vocabulary, self.case = market, vocabulary, case
        self.ids = [self._listing(), self._listing()]
        self.headers = dict(case.headers)
        if case.asker:
            token = sign_in(getattr(market.cast, case.asker)).access
            if case.logged_out:
                log_out(read_access(token).session_id)
            self.headers["authorization"] = f"Bearer {token}"

    def _listing(self) -> int:
        if self.vocabulary == "roadmap":
            return id_in(self.market.auction())
        body = {"title": "Desk", "starting_price": 40000, **WINDOW}
        product: int = self.market.seller.post("/api/auction/products/", body).json()["id"]
        return product

    def request(self, listing: int) -> tuple[str, bytes]:
        """Return path and body."""
        if self.case.unknown:
            listing = UNKNOWN
        values: dict[str, Any] = {"amount": 45000, **WINDOW} | self.case.changes
        if self.vocabulary == "guide":
            path = f"/api/auction/products/{listing}/place-bid/"
            values["bid_amount"] = values.pop("amount")
        else:
            path = "/api/bids/"
            values = {"auction_id": listing, "amount": values["amount"]}
        body = {name: value for name, value in values.items() if value is not None}
        raw = self.case.raw
        return path, json.dumps(body).encode() if raw is None else raw

    async def ask(self, door: Any, listing: int) -> httpx.Response:
        """Send the request, as often as the case says; returns the last answer."""
        path, body = self.request(listing)
        transport = httpx.ASGITransport(app=door)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            for _ in range(self.case.times):
                answer = await client.post(path, content=body, headers=self.headers)
        return answer


@pytest.fixture(autouse=True)
async def _no_connection_left():
    """Close what this test's helper thread has opened, so that the database can go."""
    yield
    await sync_to_async(connections.close_all)()


def told(answer: Any) -> tuple[int, Any, dict[str, Any]]:
    """Return status, body without its ids, and the headers that matter."""
    body = answer.json()
    kept = {
        key: value for key, value in body.items() if key not in ("id", "auction_id", "product_id")
    }
    return answer.status_code, kept, {name: answer.headers.get(name) for name in HEADERS}


@pytest.mark.parametrize("vocabulary", ["guide", "roadmap"])
@pytest.mark.parametrize("name", CASES)
async def test_lane_and_view_give_one_answer(name, vocabulary, cast, api, frozen_clock):
    case = CASES[name]
    twins = await sync_to_async(lambda: Twins(Market(cast, api, frozen_clock), vocabulary, case))()

    by_lane = await twins.ask(application, twins.ids[0])
    by_view = await twins.ask(VIEWS, twins.ids[1])

    assert told(by_lane) == told(by_view)


@pytest.mark.parametrize("vocabulary", ["guide", "roadmap"])
@pytest.mark.parametrize(
    ("demand", "case", "code"),
    [
        ({"STAFF_SECOND_FACTOR": "required"}, Case(asker="staff"), "second_factor_needed"),
        (
            {"STAFF_SECOND_FACTOR": "required"},
            Case(asker="staff", raw=b"{"),
            "second_factor_needed",
        ),
        ({"EMAIL_VERIFICATION": "required"}, Case(), "email_unverified"),
    ],
    ids=["staff without a second factor", "the same, no JSON", "unconfirmed address"],
)
async def test_lane_and_view_demand_what_the_site_demands(
    demand, case, code, vocabulary, cast, api, frozen_clock, settings
):
    twins = await sync_to_async(lambda: Twins(Market(cast, api, frozen_clock), vocabulary, case))()
    for name, value in demand.items():
        setattr(settings, name, value)

    by_lane = await twins.ask(application, twins.ids[0])
    by_view = await twins.ask(VIEWS, twins.ids[1])

    assert told(by_lane) == told(by_view)
    assert by_lane.status_code == 403
    assert by_lane.json().get("code", code) == code
