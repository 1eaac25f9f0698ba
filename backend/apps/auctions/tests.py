"""The HTTP contract of `/api/auctions/` and `/api/categories/`: status, shape, who may."""

import io
import json
from datetime import timedelta

import pytest
from PIL import Image

from apps.auctions.models import Auction, AuctionImage, Category, Watchlist
from apps.bidding.desk import desk
from apps.core import clock
from domain.commands import PlaceBid
from tests.factories import AuctionFactory, AuctionImageFactory, CategoryFactory

pytestmark = pytest.mark.django_db

DRAFT = {"title": "Walnut desk", "starting_price": 100}

LIST_WORDS = (
    "id title description category condition closing currency starting_price minimum_increment"
    " increment_rule buy_now_price start_time end_time duration_seconds soft_close seller status"
    " current_bid min_next_bid total_bids highest_bidder winner sold final_bid buyers_premium tax"
    " all_in_price reserve_met buy_now_available images watchers server_time seq created_at"
)
LIST_KEYS = set(LIST_WORDS.split())
DETAIL_KEYS = LIST_KEYS | {"lots", "bids"}

NOT_AUTHENTICATED = {"detail": "Authentication credentials were not provided."}
NOT_FOUND = {"error": "Auction not found"}


@pytest.fixture
def seller(api, cast):
    return api(cast.seller)


@pytest.fixture
def create(seller):
    def created(**fields):
        reply = seller.post("/api/auctions/", DRAFT | fields)
        assert reply.status_code == 201, reply.content
        return reply.json()["id"]

    return created


@pytest.fixture
def active(create, seller):
    def activated(**fields):
        auction_id = create(**fields)
        assert seller.post(f"/api/auctions/{auction_id}/activate/").status_code == 200
        return auction_id

    return activated


@pytest.fixture
def bid(cast):
    def placed(auction_id, amount_minor, bidder=None):
        bidder = bidder or cast.bidder1
        desk.ask(auction_id, PlaceBid(actor_id=bidder.pk, amount_minor=amount_minor))

    return placed


def picture(color="red", size=(40, 30)):
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    file.seek(0)
    file.name = "picture.png"
    return file


# -- who may ------------------------------------------------------------------------------------

WHO = ("anonymous", "stranger", "staff", "seller")
OPEN = (200, 200, 200, 200)

#: method, path, the listing's state, then the status for each of WHO.
ACCESS = [
    ("get", "/api/auctions/", None, OPEN),
    ("get", "/api/auctions/active/", None, OPEN),
    ("get", "/api/auctions/ending-soon/", None, OPEN),
    ("get", "/api/auctions/my-auctions/", None, (401, 200, 200, 200)),
    ("get", "/api/auctions/watchlist/", None, (401, 200, 200, 200)),
    ("get", "/api/categories/", None, OPEN),
    ("post", "/api/auctions/", None, (401, 400, 400, 400)),
    ("get", "/api/auctions/{id}/", "draft", (404, 404, 200, 200)),
    ("get", "/api/auctions/{id}/", "active", OPEN),
    ("get", "/api/auctions/{id}/", "ended", OPEN),
    ("get", "/api/auctions/{id}/", "removed", (404, 404, 200, 404)),
    ("get", "/api/auctions/{id}/", "deleted", (404, 404, 200, 404)),
    ("patch", "/api/auctions/{id}/", "draft", (401, 404, 403, 200)),
    ("patch", "/api/auctions/{id}/", "active", (401, 403, 403, 200)),
    ("delete", "/api/auctions/{id}/", "draft", (401, 404, 403, 204)),
    ("delete", "/api/auctions/{id}/", "active", (401, 403, 403, 204)),
    ("delete", "/api/auctions/{id}/", "ended", (401, 403, 403, 400)),
    ("post", "/api/auctions/{id}/activate/", "draft", (401, 404, 403, 200)),
    ("post", "/api/auctions/{id}/activate/", "active", (401, 403, 403, 400)),
    ("post", "/api/auctions/{id}/activate/", "ended", (401, 403, 403, 400)),
    ("post", "/api/auctions/{id}/end/", "draft", (401, 404, 400, 400)),
    ("post", "/api/auctions/{id}/end/", "active", (401, 403, 200, 200)),
    ("post", "/api/auctions/{id}/end/", "ended", (401, 403, 400, 400)),
    ("post", "/api/auctions/{id}/watch/", "draft", (401, 404, 201, 201)),
    ("post", "/api/auctions/{id}/watch/", "active", (401, 201, 201, 201)),
    ("delete", "/api/auctions/{id}/watch/", "active", (401, 204, 204, 204)),
    ("delete", "/api/auctions/{id}/watch/", "removed", (401, 404, 204, 404)),
    ("post", "/api/auctions/{id}/images/", "draft", (401, 404, 403, 400)),
    ("post", "/api/auctions/{id}/images/", "active", (401, 403, 403, 400)),
    ("delete", "/api/auctions/{id}/images/1/", "active", (401, 403, 403, 404)),
]

STATES = {
    "draft": {"draft": True},
    "active": {},
    "ended": {"ended": True},
    "removed": {"status": "removed", "next_due_at": None},
    "deleted": {"status": "cancelled", "next_due_at": None},
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    ("method", "path", "state", "statuses"),
    ACCESS,
    ids=[f"{method}-{path}-{state}" for method, path, state, _ in ACCESS],
)
def test_everybody_gets_the_status_of_the_table(api, cast, who, method, path, state, statuses):
    client = api(None if who == "anonymous" else getattr(cast, who))
    auction = AuctionFactory(seller=cast.seller, **STATES[state]) if state else None

    reply = getattr(client, method)(path.format(id=auction and auction.pk))

    assert reply.status_code == statuses[WHO.index(who)], reply.content
    if reply.status_code == 401:
        assert reply.json() == NOT_AUTHENTICATED
    if reply.status_code == 404 and "images" not in path:
        assert reply.json() == NOT_FOUND


@pytest.mark.parametrize("path", sorted({path for _, path, _, _ in ACCESS}))
def test_every_path_answers_without_its_last_slash(seller, create, path):
    path = path.format(id=create()).rstrip("/")

    assert seller.options(path).status_code == 200


@pytest.mark.parametrize("auction_id", ["0", "999999", str(2**63 - 1), str(2**63), "9" * 30, "abc"])
def test_an_id_nobody_has_is_404(seller, auction_id):
    for path in ("", "activate/", "end/", "watch/", "images/"):
        method = seller.post if path else seller.get

        assert method(f"/api/auctions/{auction_id}/{path}").status_code == 404


def test_a_seller_whose_right_was_withdrawn_neither_creates_nor_activates(api, cast):
    auction = AuctionFactory(seller=cast.seller, draft=True)
    client = api(cast.seller)
    cast.seller.can_sell = False
    cast.seller.save(update_fields=["can_sell"])

    assert client.post("/api/auctions/", DRAFT).status_code == 403
    assert client.post(f"/api/auctions/{auction.pk}/activate/").status_code == 403


# -- create -------------------------------------------------------------------------------------


def test_a_new_auction_is_a_draft_with_the_house_defaults(seller, cast):
    reply = seller.post("/api/auctions/", DRAFT)

    body = reply.json()
    assert reply.status_code == 201
    assert body.keys() == DETAIL_KEYS | {"reserve_price"}
    assert body["status"] == "draft"
    assert body["seller"] == {"id": cast.seller.pk, "username": "seller"}
    assert (body["currency"], body["condition"], body["closing"]) == ("USD", "new", "timed")
    assert (body["starting_price"], body["current_bid"], body["min_next_bid"]) == (100, None, 100)
    assert (body["increment_rule"], body["minimum_increment"]) == ("inclusive", None)
    assert body["duration_seconds"] == 7 * 24 * 3600
    assert body["soft_close"]["window_seconds"] == 120
    assert (body["start_time"], body["end_time"]) == (None, None)
    assert (body["reserve_met"], body["buy_now_available"]) == (None, False)
    assert (body["images"], body["lots"], body["bids"]) == ([], [], [])


def test_a_new_auction_keeps_everything_it_was_told(seller):
    category = CategoryFactory(slug="furniture")
    asked = {
        "title": "Walnut desk",
        "description": "Made about 1890.",
        "category": "furniture",
        "condition": "used",
        "currency": "EUR",
        "starting_price": "100.50",
        "minimum_increment": 5,
        "increment_rule": "inclusive",
        "reserve_price": 150.25,
        "buy_now_price": 400,
        "start_time": "2099-01-01T12:00:00",
        "duration_seconds": 3600,
        "soft_close": {"window_seconds": 30, "extension_seconds": 60, "max_total_seconds": 600},
        "lots": [
            {"title": "Desk", "estimate_low": 100, "estimate_high": 200.5, "condition": "used"},
            {"title": "Chair", "lot_number": 7, "quantity": 2},
        ],
    }

    body = seller.post("/api/auctions/", asked | {"start_time": "2030-01-01T12:00:00"}).json()

    assert body["category"] == {"id": category.pk, "name": category.name, "slug": "furniture"}
    assert (body["starting_price"], body["reserve_price"]) == (100.5, 150.25)
    assert (body["minimum_increment"], body["increment_rule"]) == (5, "inclusive")
    assert body["start_time"] == "2030-01-01T12:00:00Z"
    assert body["soft_close"] == {
        "window_seconds": 30,
        "extension_seconds": 60,
        "max_total_seconds": 600,
        "max_extensions": None,
        "mode": "reset",
    }
    assert [lot["lot_number"] for lot in body["lots"]] == [1, 7]
    assert body["lots"][0]["estimate_high"] == 200.5
    for name in ("title", "description", "condition", "currency", "buy_now_price"):
        assert body[name] == asked[name]


@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"title": None}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": ["x"]}, "title"),
        ({"description": "x" * 20_001}, "description"),
        ({"description": "\0"}, "description"),
        ({"condition": "broken"}, "condition"),
        ({"closing": "dutch"}, "closing"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "ZZZ"}, "currency"),
        ({"currency": ["USD"]}, "currency"),
        ({"category": 999}, "category"),
        ({"category": "no-such-slug"}, "category"),
        ({"category": 2**63}, "category"),
        ({"category": "\0"}, "category"),
        ({"category": True}, "category"),
        ({"category": {"id": 1}}, "category"),
        ({"increment_rule": "loose"}, "increment_rule"),
        ({"reserve_price": 100}, "reserve_price"),
        ({"reserve_price": 99}, "reserve_price"),
        ({"buy_now_price": 129.99}, "buy_now_price"),
        ({"reserve_price": 200, "buy_now_price": 200}, "buy_now_price"),
        ({"end_time": "yesterday"}, "end_time"),
        ({"end_time": 1700000000}, "end_time"),
        ({"end_time": "2020-01-01T00:00:00Z"}, "end_time"),
        ({"end_time": "9999-12-31T23:59:59-12:00"}, "end_time"),
        ({"end_time": "2030-02-30T00:00:00Z"}, "end_time"),
        ({"start_time": "2030-01-02", "end_time": "2030-01-01"}, "end_time"),
        ({"start_time": "2030-01-02T00:00:00Z", "end_time": "2030-01-02T00:00:00Z"}, "end_time"),
        ({"start_time": "2090-01-01T00:00:00Z"}, "start_time"),
        ({"end_time": "2030-01-01T00:00:00Z", "duration_seconds": 60}, "end_time"),
        ({"duration_seconds": 0}, "duration_seconds"),
        ({"duration_seconds": "1_0"}, "duration_seconds"),
        ({"duration_seconds": 60.5}, "duration_seconds"),
        ({"duration_seconds": 2**63}, "duration_seconds"),
        ({"duration_seconds": True}, "duration_seconds"),
        ({"soft_close": "off"}, "soft_close"),
        ({"soft_close": {"window_seconds": 60}}, "soft_close.extension_seconds"),
        (
            {"soft_close": {"window_seconds": 0, "extension_seconds": 9}},
            "soft_close.window_seconds",
        ),
        (
            {"soft_close": {"window_seconds": 9, "extension_seconds": 9, "mode": "x"}},
            "soft_close.mode",
        ),
        ({"lots": {"title": "x"}}, "lots"),
        ({"lots": ["x"]}, "lots.0"),
        ({"lots": [{}]}, "lots.0.title"),
        ({"lots": [{"title": "x", "quantity": 0}]}, "lots.0.quantity"),
        ({"lots": [{"title": "x", "lot_number": 1}, {"title": "y", "lot_number": 1}]}, "lots"),
        ({"lots": [{"title": "x", "estimate_low": 2, "estimate_high": 1}]}, "lots"),
        ({"lots": [{"title": "x"}] * 201}, "lots"),
        ({"closing": "seller_choice", "reserve_price": 200}, "reserve_price"),
        ({"closing": "seller_choice", "minimum_increment": 2}, "minimum_increment"),
    ],
)
def test_a_bad_field_is_400_and_named(seller, fields, blamed):
    reply = seller.post("/api/auctions/", DRAFT | fields)

    body = reply.json()
    assert reply.status_code == 400, body
    assert any(name.startswith(blamed) for name in body["fields"]), body
    assert isinstance(body["error"], str)
    assert not Auction.objects.exists()


def test_missing_fields_are_named_in_their_order(seller):
    reply = seller.post("/api/auctions/", {})

    assert reply.status_code == 400
    assert reply.json()["fields"] == ["title", "starting_price"]


AMOUNT_FIELDS = ("starting_price", "minimum_increment", "reserve_price", "buy_now_price")
BAD_AMOUNTS = [
    0, -1, True, [], {}, "", "abc", "1_000", "١٢", " 5 ", "5\n", "+5", "1e3", "-0", "0", "0.00",
    "NaN", "sNaN", "Infinity", "-Infinity", "1e400", "0x10", "1,000", "1.234", "1.", ".5", "5 ",
    "\u0663.\u0665", "\uff11\uff12", "1" * 11, 10_000_000_000, 2**63, 2**64, "9" * 30, 1.234,
    0.001, -0.5, "1.0.0", "\0", "5\0", "--5", "$5", "5€", "5.00 USD", "½", "1/2", "1e", "e1",
    "0b1", "True", "null", "none", "∞", "1 000", "1\u00a0000", "1'000", "10000000000.00", "0.009",
    "-1.50", "00.001", "9999999999.99999999999999999999", "1." + "0" * 40 + "1",
]  # fmt: skip


@pytest.mark.parametrize("field", AMOUNT_FIELDS)
def test_no_bad_amount_is_taken_or_breaks_anything(seller, field):
    assert len(BAD_AMOUNTS) >= 60
    for amount in BAD_AMOUNTS:
        reply = seller.post("/api/auctions/", DRAFT | {field: amount})

        assert reply.status_code == 400, (amount, reply.content)
        assert reply.json()["fields"] == [field], amount
    assert not Auction.objects.exists()


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "1e3", "1E400", "-Infinity", "100." + "0" * 40 + "1"]
)
def test_a_number_json_does_not_know_is_400(seller, number):
    body = f'{{"title": "x", "starting_price": {number}}}'

    reply = seller.generic("POST", "/api/auctions/", body, content_type="application/json")

    assert reply.status_code == 400
    assert "error" in reply.json()


@pytest.mark.parametrize("field", ["title", "description", "category", "currency", "condition"])
def test_half_a_character_is_400(seller, field):
    body = json.dumps(DRAFT | {field: "\ud800"})

    reply = seller.generic("POST", "/api/auctions/", body, content_type="application/json")

    assert (reply.status_code, reply.json()["fields"]) == (400, [field])


def test_fields_of_the_row_are_not_for_the_seller_to_set(seller, cast):
    forbidden = {
        "id": 4711, "seller": cast.stranger.pk, "seller_id": cast.stranger.pk, "status": "active",
        "sold": True, "winner": cast.seller.pk, "final_minor": 5, "price_minor": 7, "seq": 9,
        "current_bid": 7, "total_bids": 3, "leader": cast.seller.pk, "reserve_met": True,
        "leader_cap_minor": 10, "extension_count": 4, "next_due_at": "2030-01-01T00:00:00Z",
        "log_number": 5, "created_at": "2020-01-01T00:00:00Z", "watchers": 12, "sold_bid_id": 1,
        "starting_minor": 1, "listed": True, "hard_close": True, "increment_strict": True,
    }  # fmt: skip

    body = seller.post("/api/auctions/", DRAFT | forbidden).json()
    changed = seller.patch(f"/api/auctions/{body['id']}/", forbidden).json()

    for shown in (body, changed):
        assert shown["seller"]["id"] == cast.seller.pk
        assert shown["id"] != 4711
        assert (shown["status"], shown["sold"], shown["winner"]) == ("draft", False, None)
        assert (shown["current_bid"], shown["total_bids"], shown["seq"]) == (None, 0, 0)
        assert (shown["starting_price"], shown["increment_rule"]) == (100, "inclusive")
        assert shown["soft_close"] is not None


@pytest.mark.parametrize(
    ("currency", "sent", "shown"),
    [("JPY", 1500, 1500), ("KWD", "1.234", 1.234), ("USD", 12.5, 12.5), ("USD", "12.00", 12)],
)
def test_amounts_have_the_decimals_of_their_currency(seller, currency, sent, shown):
    body = seller.post("/api/auctions/", DRAFT | {"currency": currency, "starting_price": sent})

    assert body.json()["starting_price"] == shown
    assert f'"starting_price":{shown},' in body.content.decode()


# -- read ---------------------------------------------------------------------------------------


def test_the_reserve_is_shown_to_its_seller_alone(api, cast, seller, active):
    auction_id = active(reserve_price=7654)

    assert seller.get(f"/api/auctions/{auction_id}/").json()["reserve_price"] == 7654
    for user in (None, cast.bidder1, cast.staff):
        for path in ("", f"{auction_id}/", "active/", "?search=walnut"):
            reply = api(user).get(f"/api/auctions/{path}")

            assert b"reserve_price" not in reply.content
            assert b"7654" not in reply.content


def test_the_detail_has_bids_pictures_and_lots(api, cast, active, bid):
    auction_id = active(lots=[{"title": "Desk"}], minimum_increment=5)
    AuctionImageFactory.create_batch(2, auction_id=auction_id)
    for number in range(22):
        bid(auction_id, 100_00 + number * 10_00, (cast.bidder1, cast.bidder2)[number % 2])

    body = api().get(f"/api/auctions/{auction_id}/").json()

    assert body.keys() == DETAIL_KEYS
    assert len(body["bids"]) == 20
    assert body["bids"][0] == {
        "id": body["bids"][0]["id"],
        "auction_id": auction_id,
        "bidder": "bidder2",
        "amount": 310,
        "auto": False,
        "timestamp": body["bids"][0]["timestamp"],
        "seq": 23,
        "status": "leading",
    }
    assert {row["status"] for row in body["bids"][1:]} == {"outbid"}
    assert (body["current_bid"], body["min_next_bid"], body["total_bids"]) == (310, 315.01, 22)
    assert (body["highest_bidder"], body["winner"], body["final_bid"]) == ("bidder2", None, None)
    assert [image["image"].startswith("/media/") for image in body["images"]] == [True, True]
    assert body["server_time"].endswith("Z")


def test_an_ended_auction_shows_winner_and_final_bid(api, seller, active, bid):
    auction_id = active()
    bid(auction_id, 100_00)

    body = seller.post(f"/api/auctions/{auction_id}/end/").json()

    assert (body["status"], body["winner"], body["sold"]) == ("ended", "bidder1", True)
    assert (body["final_bid"], body["min_next_bid"]) == (100, None)
    assert api().get(f"/api/auctions/{auction_id}/").json()["bids"][0]["status"] == "won"


def test_a_list_is_a_page_of_cover_pictures_without_bids(api, cast):
    auction = AuctionFactory(seller=cast.seller)
    cover, _ = AuctionImageFactory.create_batch(2, auction=auction)

    body = api().get("/api/auctions/").json()

    assert body.keys() == {"count", "next", "previous", "results"}
    assert body["results"][0].keys() == LIST_KEYS
    assert [image["id"] for image in body["results"][0]["images"]] == [cover.pk]


def test_unchanged_detail_is_304_and_any_change_is_not(api, cast, seller, active, bid):
    path = f"/api/auctions/{active()}/"
    auction_id = path.split("/")[3]
    anonymous = api()

    def fresh(client):
        tag = client.get(path)["ETag"]
        same = client.get(path, headers={"If-None-Match": tag})
        assert (same.status_code, same.content) == (304, b"")
        return tag

    tags = [fresh(anonymous), fresh(seller)]
    bid(auction_id, 100_00)
    tags.append(fresh(anonymous))
    seller.patch(path, {"title": "Oak desk"})
    tags.append(fresh(anonymous))
    api(cast.stranger).post(f"{path}watch/")
    tags.append(fresh(anonymous))
    seller.post(f"{path}images/", {"images": [picture()]}, format="multipart")
    tags.append(fresh(anonymous))

    assert len(set(tags)) == len(tags)
    stale = anonymous.get(path, headers={"If-None-Match": tags[0]})
    assert stale.status_code == 200


# -- lists --------------------------------------------------------------------------------------


def ids(reply):
    assert reply.status_code == 200, reply.content
    return [row["id"] for row in reply.json()["results"]]


def test_each_list_holds_what_its_name_says(api, cast):
    now = clock.now()
    mine = {"seller": cast.seller}
    draft = AuctionFactory(draft=True, **mine)
    scheduled = AuctionFactory(scheduled=True, **mine)
    later = AuctionFactory(**mine)
    exactly = AuctionFactory(end_at=now + timedelta(hours=24, minutes=1), **mine)
    soon = AuctionFactory(end_at=now + timedelta(hours=23, minutes=59), **mine)
    due = AuctionFactory(end_at=now - timedelta(seconds=1), **mine)
    ended = AuctionFactory(ended=True, **mine)
    cancelled = AuctionFactory(status="cancelled", total_bids=1, **mine)
    AuctionFactory(status="cancelled", **mine)
    AuctionFactory(status="removed", **mine)
    foreign = AuctionFactory(draft=True)
    public = {scheduled, later, exactly, soon, due, ended, cancelled}

    def listed(user, path=""):
        return set(ids(api(user).get(f"/api/auctions/{path}?page_size=100")))

    def keys(rows):
        return {row.pk for row in rows}

    assert listed(None) == keys(public)
    assert listed(cast.stranger) == keys(public)
    assert listed(cast.seller) == keys(public | {draft})
    assert listed(cast.staff) == keys(public | {draft, foreign})
    assert listed(None, "active/") == keys({later, exactly, soon})
    assert listed(None, "ending-soon/") == keys({soon})
    assert listed(cast.seller, "my-auctions/") == keys(public | {draft})
    assert listed(cast.stranger, "my-auctions/") == set()


def test_ending_soon_is_strictly_less_than_24_hours_away(api, frozen_clock):
    now = frozen_clock()
    exactly = AuctionFactory(end_at=now + timedelta(hours=24))
    just = AuctionFactory(end_at=now + timedelta(hours=24) - timedelta(microseconds=1))
    AuctionFactory(end_at=now)

    assert ids(api().get("/api/auctions/ending-soon/")) == [just.pk]
    assert set(ids(api().get("/api/auctions/active/"))) == {just.pk, exactly.pk}


def test_lists_have_their_order(api, cast):
    now = clock.now()
    first, second, third = (
        AuctionFactory(
            seller=cast.seller,
            created_at=now - timedelta(hours=hours),
            end_at=now + timedelta(hours=hours),
        )
        for hours in (1, 2, 3)
    )

    newest = [first.pk, second.pk, third.pk]
    assert ids(api().get("/api/auctions/")) == newest
    assert ids(api().get("/api/auctions/active/")) == newest
    assert ids(api().get("/api/auctions/ending-soon/")) == newest
    assert ids(api().get("/api/auctions/?ordering=created_at")) == newest[::-1]
    assert ids(api().get("/api/auctions/?ordering=-end_time")) == newest[::-1]


def test_pages_follow_each_other(api):
    AuctionFactory.create_batch(5)

    first = api().get("/api/auctions/?page_size=2").json()
    last = api().get("/api/auctions/?page_size=2&page=3").json()

    assert (first["count"], len(first["results"]), first["previous"]) == (5, 2, None)
    assert first["next"].endswith("/api/auctions/?page=2&page_size=2")
    assert (len(last["results"]), last["next"]) == (1, None)


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=99", 404),
        ("page=0", 404),
        ("page=-1", 404),
        ("page=abc", 404),
        ("page=" + "9" * 40, 404),
        ("page=1%00", 404),
        ("page=last", 404),
        ("page=%D9%A1", 404),
        ("page_size=0", 400),
        ("page_size=-1", 400),
        ("page_size=abc", 400),
        ("page_size=" + "9" * 18, 200),
        ("page_size=" + "9" * 40, 400),
        ("foo=1", 400),
        ("status=alive", 400),
        ("status=active,alive", 400),
        ("status=%00", 400),
        ("category=no-such", 200),
        ("category=0", 400),
        ("category=" + str(2**63), 400),
        ("category=a%00b", 400),
        ("category=" + "x" * 200, 400),
        ("seller=nobody", 200),
        ("seller=-5", 400),
        ("seller=%00", 400),
        ("min_price=abc", 400),
        ("min_price=-1", 400),
        ("min_price=1e3", 400),
        ("max_price=" + "9" * 30, 400),
        ("max_price=NaN", 400),
        ("min_price=0&max_price=0", 200),
        ("min_price=9&max_price=1", 200),
        ("ending_before=soon", 400),
        ("ending_before=2030-01-01T00:00:00%2B02:00", 200),
        ("ending_before=2030-01-01T00:00:00+02:00", 200),
        ("ending_after=0001-01-01T00:00:00%2B14:00", 400),
        ("has_reserve=maybe", 400),
        ("currency=usd", 400),
        ("condition=old", 400),
        ("ordering=price;drop", 400),
        ("ordering=seller__password", 400),
        ("ordering=reserve_minor", 400),
        ("ordering=leader_cap_minor", 400),
        ("ordering=relevance", 400),
        ("ordering=", 200),
        ("search=" + "x" * 200, 200),
        ("search=" + "x" * 10_240, 400),
        ("search=%00", 400),
        ("search=%FF%FE", 200),
        ("search=%22%27%3B--", 200),
        ("search=*", 200),
        ("search=AND OR NOT NEAR(", 200),
    ],
)
@pytest.mark.parametrize("path", ["", "active/"])
def test_no_query_string_breaks_a_list(api, path, query, status):
    AuctionFactory()

    reply = api().get(f"/api/auctions/{path}?{query}")

    assert reply.status_code == status, reply.content
    if status == 404:
        assert reply.json() == {"error": "Invalid page"}
    if status == 400:
        assert reply.json()["fields"] == [query.split("=")[0]]


def test_a_bad_filter_names_what_there_is(api):
    assert "known are: status, condition" in api().get("/api/auctions/?foo=1").json()["error"]
    assert "draft, scheduled" in api().get("/api/auctions/?status=x").json()["error"]
    assert "ending_soon" in api().get("/api/auctions/?ordering=x").json()["error"]


def test_filters_narrow_the_list(api, cast):
    furniture = CategoryFactory(slug="furniture")
    desks = CategoryFactory(slug="desks", parent=furniture)
    now = clock.now()
    desk_row = AuctionFactory(
        category=desks, seller=cast.seller, condition="used", price_minor=250_00,
        leader_cap_minor=250_00, starting_minor=10_00, reserve_minor=200_00, total_bids=4,
        end_at=now + timedelta(hours=1), title="Ébony desk",
    )  # fmt: skip
    lamp = AuctionFactory(
        category=CategoryFactory(slug="lamps"), condition="new", starting_minor=90_00,
        buy_now_minor=500_00, end_at=now + timedelta(hours=5), title="Brass lamp",
    )  # fmt: skip
    yen = AuctionFactory(
        currency="JPY", starting_minor=100, condition="new", scheduled=True, title="Vase"
    )
    both = {desk_row.pk, lamp.pk, yen.pk}

    def found(query):
        return set(ids(api().get(f"/api/auctions/?{query}")))

    assert found("") == both
    assert found("status=scheduled") == {yen.pk}
    assert found("status=active,scheduled") == both
    assert found("category=furniture") == found(f"category={furniture.pk}") == {desk_row.pk}
    assert found("category=desks") == {desk_row.pk}
    assert found("condition=new") == {lamp.pk, yen.pk}
    assert found(f"seller={cast.seller.pk}") == found("seller=SELLER") == {desk_row.pk}
    assert found("min_price=100") == {desk_row.pk, yen.pk}
    assert found("max_price=100") == {lamp.pk, yen.pk}
    assert found("min_price=90&max_price=90") == {lamp.pk}
    assert found("has_reserve=true") == {desk_row.pk}
    assert found("has_buy_now=false") == {desk_row.pk, yen.pk}
    assert found("currency=JPY") == {yen.pk}
    soon = (now + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert found(f"ending_before={soon}") == {desk_row.pk}
    assert found(f"status=active&ending_after={soon}") == {lamp.pk}
    assert found("search=ebony") == found("search=DES") == {desk_row.pk}
    assert ids(api().get("/api/auctions/?ordering=price")) == [lamp.pk, yen.pk, desk_row.pk]
    assert ids(api().get("/api/auctions/?ordering=-current_bid"))[0] == desk_row.pk
    assert ids(api().get("/api/auctions/?ordering=-total_bids"))[0] == desk_row.pk
    assert ids(api().get("/api/auctions/?ordering=ending_soon")) == [desk_row.pk, lamp.pk, yen.pk]


@pytest.mark.parametrize("path", ["", "active/", "ending-soon/", "my-auctions/", "watchlist/"])
def test_a_page_of_a_hundred_costs_the_queries_of_a_page_of_five(
    api, cast, path, django_assert_max_num_queries
):
    now = clock.now()
    for number in range(12):
        auction = AuctionFactory(
            seller=cast.seller,
            category=CategoryFactory(),
            end_at=now + timedelta(hours=3),
            leader=(cast.bidder1, cast.bidder2)[number % 2],
            price_minor=100_00,
            leader_cap_minor=100_00,
        )
        AuctionImageFactory.create_batch(2, auction=auction)
        Watchlist.objects.create(auction=auction, user=cast.seller, created_at=now)
    client = api(cast.seller)

    with django_assert_max_num_queries(7) as few:
        assert len(ids(client.get(f"/api/auctions/{path}?page_size=5"))) == 5
    with django_assert_max_num_queries(7) as many:
        assert len(ids(client.get(f"/api/auctions/{path}?page_size=100"))) == 12

    assert len(few) == len(many)


# -- change -------------------------------------------------------------------------------------


def test_a_draft_can_change_in_everything(seller, create):
    auction_id = create(reserve_price=150, lots=[{"title": "Desk"}])
    changes = {
        "title": "Oak desk",
        "description": "Newer.",
        "condition": "used",
        "currency": "EUR",
        "starting_price": 20,
        "minimum_increment": 2,
        "reserve_price": None,
        "buy_now_price": 90,
        "start_time": "2030-01-01T00:00:00Z",
        "end_time": "2030-01-02T00:00:00Z",
        "soft_close": None,
        "lots": [],
    }

    reply = seller.patch(f"/api/auctions/{auction_id}/", changes)

    body = reply.json()
    assert reply.status_code == 200, body
    assert {name: body[name] for name in changes} == changes
    assert body["increment_rule"] == "strict"


@pytest.mark.parametrize(
    "field",
    [
        {"starting_price": 50},
        {"minimum_increment": 7},
        {"increment_rule": "strict"},
        {"reserve_price": 300},
        {"buy_now_price": 900},
        {"start_time": "2030-01-01T00:00:00Z"},
        {"end_time": "2030-01-01T00:00:00Z"},
        {"duration_seconds": 60},
        {"soft_close": None},
        {"condition": "used"},
        {"category": "new-place"},
        {"currency": "EUR"},
        {"closing": "seller_choice"},
        {"lots": [{"title": "More"}]},
    ],
    ids=lambda field: next(iter(field)),
)
def test_the_terms_are_frozen_after_the_first_bid(seller, active, bid, field):
    auction_id = active()
    CategoryFactory(slug="new-place")
    bid(auction_id, 100_00)
    before = seller.get(f"/api/auctions/{auction_id}/").json()

    reply = seller.patch(f"/api/auctions/{auction_id}/", {"title": "Other"} | field)

    assert reply.status_code == 400
    [name] = field
    assert reply.json()["fields"] == [name]
    assert reply.json()["error"].startswith(name)
    after = seller.get(f"/api/auctions/{auction_id}/").json()
    assert after | {"server_time": 0} == before | {"server_time": 0}


def test_title_and_additions_pass_after_the_first_bid(seller, active, bid):
    auction_id = active(description="Old text.")
    bid(auction_id, 100_00)
    path = f"/api/auctions/{auction_id}/"

    assert seller.patch(path, {"title": "Better title"}).status_code == 200
    assert seller.patch(path, {"description": "Old text. New line."}).status_code == 200
    assert seller.patch(path, {"description": "Rewritten."}).status_code == 400
    assert seller.patch(path, {"starting_price": 100, "condition": "new"}).status_code == 200


def test_nothing_changes_once_it_is_over(seller, cast):
    auction = AuctionFactory(seller=cast.seller, ended=True)

    reply = seller.patch(f"/api/auctions/{auction.pk}/", {"title": "Other"})

    assert reply.status_code == 400
    assert "ended" in reply.json()["error"]


def test_an_active_auction_without_bids_moves_its_end(seller, active):
    path = f"/api/auctions/{active()}/"
    end = (clock.now() + timedelta(hours=2)).replace(microsecond=0)

    reply = seller.patch(path, {"end_time": end.isoformat()})

    assert reply.json()["end_time"] == end.isoformat().replace("+00:00", "Z")
    row = Auction.objects.get()
    assert (row.end_at, row.original_end_at) == (end, end)
    assert row.next_due_at == end - timedelta(seconds=60)
    assert seller.patch(path, {"start_time": "2030-01-01T00:00:00Z"}).status_code == 400
    assert seller.patch(path, {"end_time": None}).status_code == 400
    assert seller.patch(path, {"currency": "EUR", "starting_price": 5}).status_code == 400


def test_a_changed_currency_needs_every_price_again(seller, create):
    path = f"/api/auctions/{create(reserve_price=150)}/"

    assert seller.patch(path, {"currency": "JPY", "starting_price": 100}).status_code == 400
    reply = seller.patch(path, {"currency": "JPY", "starting_price": 100, "reserve_price": 200})
    assert (reply.json()["starting_price"], reply.json()["reserve_price"]) == (100, 200)


def test_amounts_of_a_change_are_in_the_listings_own_currency(seller, create):
    path = f"/api/auctions/{create(currency='JPY')}/"

    assert seller.patch(path, {"starting_price": 12.5}).status_code == 400
    assert seller.patch(path, {"starting_price": 12}).json()["starting_price"] == 12


# -- activate, end, delete ----------------------------------------------------------------------


def test_activating_starts_the_countdown(seller, create):
    auction_id = create(duration_seconds=3600)

    body = seller.post(f"/api/auctions/{auction_id}/activate/").json()

    assert body["status"] == "active"
    row = Auction.objects.get()
    assert row.end_at - row.start_at == timedelta(hours=1)
    assert abs(row.start_at - clock.now()) < timedelta(seconds=5)


def test_activating_with_a_start_ahead_schedules(seller, create):
    start = (clock.now() + timedelta(days=1)).replace(microsecond=0)
    auction_id = create(start_time=start.isoformat(), duration_seconds=60)

    body = seller.post(f"/api/auctions/{auction_id}/activate/").json()

    assert body["status"] == "scheduled"
    row = Auction.objects.get()
    assert (row.start_at, row.end_at) == (start, start + timedelta(seconds=60))
    assert row.next_due_at == start


def test_activating_a_draft_whose_end_has_passed_says_so(seller, cast):
    past = clock.now() - timedelta(minutes=1)
    auction = AuctionFactory(seller=cast.seller, draft=True, end_at=past, original_end_at=past)

    reply = seller.post(f"/api/auctions/{auction.pk}/activate/")

    assert reply.status_code == 400
    assert "end_time" in reply.json()["details"]
    assert Auction.objects.get().status == "draft"


def test_an_action_in_the_wrong_state_names_the_state(seller, active):
    auction_id = active()

    twice = seller.post(f"/api/auctions/{auction_id}/activate/")
    seller.post(f"/api/auctions/{auction_id}/end/")
    ended = seller.post(f"/api/auctions/{auction_id}/end/")

    assert (twice.status_code, "active" in twice.json()["error"]) == (400, True)
    assert (ended.status_code, "ended" in ended.json()["error"]) == (400, True)


def test_a_deleted_draft_is_gone_with_its_pictures(seller, create):
    auction_id = create(lots=[{"title": "Desk"}])
    seller.post(f"/api/auctions/{auction_id}/images/", {"images": [picture()]}, format="multipart")

    reply = seller.delete(f"/api/auctions/{auction_id}/")

    assert (reply.status_code, reply.content) == (204, b"")
    assert not Auction.objects.exists()
    assert not AuctionImage.objects.exists()
    assert seller.get(f"/api/auctions/{auction_id}/").status_code == 404


def test_a_deleted_active_auction_leaves_every_list(api, cast, seller, active):
    auction_id = active()
    api(cast.stranger).post(f"/api/auctions/{auction_id}/watch/")

    assert seller.delete(f"/api/auctions/{auction_id}/").status_code == 204

    assert Auction.objects.get().status == "cancelled"
    assert seller.get(f"/api/auctions/{auction_id}/").status_code == 404
    for client, path in (
        (api(), ""),
        (seller, "my-auctions/"),
        (api(), "active/"),
        (api(cast.stranger), "watchlist/"),
    ):
        assert ids(client.get(f"/api/auctions/{path}")) == []


def test_an_auction_with_bids_is_not_deleted_not_even_by_selling_staff(api, cast, bid):
    auction = AuctionFactory(seller=cast.staff)
    bid(auction.pk, 100_00)

    reply = api(cast.staff).delete(f"/api/auctions/{auction.pk}/")

    assert reply.status_code == 400
    assert "bids" in reply.json()["error"]
    assert Auction.objects.get().status == "active"


# -- watchlist, pictures, categories ------------------------------------------------------------


def test_watching_is_idempotent_and_counted(api, cast):
    path = f"/api/auctions/{AuctionFactory().pk}/watch/"
    client = api(cast.stranger)

    first, again = client.post(path), client.post(path)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {
        "auction_id": Auction.objects.get().pk,
        "watching": True,
        "watchers": 1,
    }
    assert len(ids(client.get("/api/auctions/watchlist/"))) == 1
    assert [client.delete(path).status_code for _ in range(2)] == [204, 204]
    assert ids(client.get("/api/auctions/watchlist/")) == []


def test_the_watchlist_shows_the_last_added_first(api, cast):
    client = api(cast.stranger)
    first, second = AuctionFactory.create_batch(2)
    for auction in (second, first):
        client.post(f"/api/auctions/{auction.pk}/watch/")

    assert ids(client.get("/api/auctions/watchlist/")) == [first.pk, second.pk]


def test_pictures_are_added_behind_those_there_are(seller, create):
    auction_id = create()
    path = f"/api/auctions/{auction_id}/images/"

    first = seller.post(path, {"images": [picture("red"), picture("blue")]}, format="multipart")
    more = seller.post(path, {"images": [picture("green")]}, format="multipart")

    assert (first.status_code, more.status_code) == (201, 201)
    shown = seller.get(f"/api/auctions/{auction_id}/").json()["images"]
    assert shown == first.json() + more.json()
    assert shown[0].keys() == {"id", "image", "thumbnail", "thumbnails"}
    assert shown[0]["image"].startswith("/media/product_images/")


def test_one_bad_file_rejects_all(seller, create):
    path = f"/api/auctions/{create()}/images/"
    bad = io.BytesIO(b"<svg onload=alert(1)>")
    bad.name = "picture.png"

    reply = seller.post(path, {"images": [picture(), bad]}, format="multipart")

    assert reply.status_code == 400
    assert reply.json()["fields"] == ["images"]
    assert not AuctionImage.objects.exists()


@pytest.mark.parametrize(
    "body", [{}, {"image": "x"}, {"images": "not a file"}], ids=["empty", "other", "text"]
)
@pytest.mark.parametrize("kind", ["multipart", "json"])
def test_no_pictures_is_said_in_the_guides_words(seller, create, body, kind):
    reply = seller.post(f"/api/auctions/{create()}/images/", body, format=kind)

    assert (reply.status_code, reply.json()) == (400, {"error": "No images provided"})


def test_an_auction_takes_twenty_pictures(seller, cast):
    auction = AuctionFactory(seller=cast.seller)
    AuctionImageFactory.create_batch(19, auction=auction)
    path = f"/api/auctions/{auction.pk}/images/"

    too_many = seller.post(path, {"images": [picture(), picture()]}, format="multipart")
    last = seller.post(path, {"images": [picture()]}, format="multipart")

    assert (too_many.status_code, last.status_code) == (400, 201)
    assert "19" in too_many.json()["error"]


def test_a_picture_can_be_taken_away_before_the_first_bid(seller, active, bid):
    auction_id = active()
    path = f"/api/auctions/{auction_id}/images/"
    one, two = seller.post(
        path, {"images": [picture(), picture("blue")]}, format="multipart"
    ).json()

    assert seller.delete(f"{path}{one['id']}/").status_code == 204
    assert seller.get(f"/api/auctions/{auction_id}/").json()["images"] == [two]
    bid(auction_id, 100_00)
    assert seller.delete(f"{path}{two['id']}/").status_code == 400


def test_categories_come_as_a_tree_with_counts(api):
    art = CategoryFactory(name="Art", slug="art")
    prints = CategoryFactory(name="Prints", slug="prints", parent=art)
    zebras = CategoryFactory(name="Zebras", slug="zebras")
    AuctionFactory(category=prints)
    AuctionFactory(category=art)
    AuctionFactory(category=art, draft=True)

    body = api().get("/api/categories/").json()

    assert body["count"] == 3
    assert body["results"] == [
        {"id": art.pk, "name": "Art", "slug": "art", "parent": None, "depth": 0,
         "auction_count": 2},
        {"id": prints.pk, "name": "Prints", "slug": "prints", "parent": art.pk, "depth": 1,
         "auction_count": 1},
        {"id": zebras.pk, "name": "Zebras", "slug": "zebras", "parent": None, "depth": 0,
         "auction_count": 0},
    ]  # fmt: skip
    assert Category.objects.count() == 3


def test_listings_and_watching_have_a_rate(api, cast, settings):
    settings.RATE_LIMITS = True
    settings.RATES = {**settings.RATES, "listing_user": (1, 3600), "watch_user": (1, 60)}
    client, other = api(cast.seller), api(cast.stranger)
    watch = f"/api/auctions/{AuctionFactory().pk}/watch/"

    assert [client.post("/api/auctions/", DRAFT).status_code for _ in range(2)] == [201, 429]
    assert [client.post(watch).status_code for _ in range(2)] == [201, 429]
    late = client.delete(watch)

    assert (late.status_code, int(late["Retry-After"]) > 0) == (429, True)
    assert other.post(watch).status_code == 201
    assert client.get("/api/auctions/").status_code == 200
