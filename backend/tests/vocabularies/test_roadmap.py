"""The roadmap to the letter, phases 1 to 3, 6, 7: one check per row of docs/api-roadmap.md.

Sockets and messages, phase 4, are in test_roadmap_room.py, money, phase 5, in
test_roadmap_money.py.
"""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from PIL import Image

from apps.auctions.models import Category
from apps.notifications.kinds import Kind, Note
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from tests.factories import PASSWORD
from tests.vocabularies.documents import Row, rows_of

DOCUMENTED = rows_of("api-roadmap.md", "What the roadmap documents")
#: Rows whose checks need a running room.
ROOM_ENDPOINTS = ("WS /ws/auction/{auction_id}/", "message")
MONEY = [row for row in DOCUMENTED if row.section == "5"]
HERE = [row for row in DOCUMENTED if row.endpoint not in ROOM_ENDPOINTS and row not in MONEY]
NOW = datetime(2026, 2, 22, 10, 30, tzinfo=UTC)  # timestamp of the roadmap's sample
PAGE = ["count", "next", "previous", "results"]

CHECKS: dict[Row, Callable[["Market"], None]] = {}


def says(phase: int, what: str, text: str) -> Callable[[Any], Any]:
    """Register the check of a row."""

    def register(check: Callable[["Market"], None]) -> Callable[["Market"], None]:
        row = Row(str(phase), what, (text,))
        assert row not in CHECKS, f"twice: {row}"
        CHECKS[row] = check
        return check

    return register


class Market:
    """The cast with a client each, and the few steps every check begins with."""

    def __init__(self, cast: Any, api: Any, clock: Any) -> None:
        clock.set(NOW)
        self.cast, self.clock, self.anonymous = cast, clock, api(None)
        self.seller, self.staff, self.stranger = (
            api(cast.seller),
            api(cast.staff),
            api(cast.stranger),
        )
        self.bidder, self.rival = api(cast.bidder1), api(cast.bidder2)

    def draft(self, **changes: Any) -> str:
        """Create an auction; returns its path."""
        body = {
            "title": "Walnut desk",
            "description": "One drawer sticks.",
            "starting_price": 40000,
            "minimum_increment": 1000,
            "duration_seconds": 3 * 24 * 3600,
        }
        answer = self.seller.post("/api/auctions/", body | changes)
        assert answer.status_code == 201, answer.json()
        return f"/api/auctions/{answer.json()['id']}/"

    def auction(self, **changes: Any) -> str:
        """Create and activate an auction; returns its path."""
        path = self.draft(**changes)
        answer = self.seller.post(path + "activate/")
        assert answer.status_code == 200, answer.json()
        return path

    def bid(self, path: str, amount: int, client: Any = None) -> Any:
        body = {"auction_id": id_in(path), "amount": amount}
        return (client or self.bidder).post("/api/bids/", body)

    def maximum(self, path: str, amount: int, client: Any = None) -> Any:
        body = {"auction_id": id_in(path), "max_bid": amount}
        return (client or self.bidder).post("/api/auto-bids/", body)


def id_in(path: str) -> int:
    return int(path.split("/")[-2])


def ids(answer: Any) -> list[int]:
    """Return the ids of a page."""
    assert answer.status_code == 200, answer.json()
    assert list(answer.json()) == PAGE
    return [row["id"] for row in answer.json()["results"]]


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (4, 3), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "desk.png"
    return file


@pytest.fixture
def market(cast, api, frozen_clock):
    return Market(cast, api, frozen_clock)


@pytest.mark.parametrize("row", HERE, ids=lambda row: f"{row.endpoint}: {row.says[0]}")
def test_roadmap_row_is_kept(row, market):
    assert row in CHECKS, f"no check for {row}"

    CHECKS[row](market)


def test_every_row_of_the_roadmap_is_checked():
    covered, documented = set(CHECKS), set(HERE)

    print(f"roadmap: {len(covered)} covered of {len(documented)} documented")  # noqa: T201

    assert len(HERE) == len(documented), "a row stands twice"
    assert covered == documented


# --- phase 1 ----------------------------------------------------------------------------------


@says(1, "POST /api/auth/token/", "username, password -> access, refresh")
def _(market):
    body = {"username": "seller", "password": PASSWORD}

    answer = market.anonymous.post("/api/auth/token/", body)

    assert (answer.status_code, sorted(answer.json())) == (200, ["access", "refresh"])


@says(1, "POST /api/auth/token/refresh/", "refresh -> access")
def _(market):
    body = {"username": "seller", "password": PASSWORD}
    refresh = market.anonymous.post("/api/auth/token/", body).json()["refresh"]

    answer = market.anonymous.post("/api/auth/token/refresh/", {"refresh": refresh})

    assert answer.status_code == 200
    market.anonymous.credentials(HTTP_AUTHORIZATION=f"Bearer {answer.json()['access']}")
    assert market.anonymous.get("/api/users/me/").json()["username"] == "seller"


@says(
    1,
    "POST /api/users/register/",
    "username, email, password, full_name -> user object and tokens",
)
def _(market):
    body = {
        "username": "newcomer",
        "email": "new@example.com",
        "password": PASSWORD,
        "full_name": "Ada Lovelace King",
    }

    answer = market.anonymous.post("/api/users/register/", body)

    user = answer.json()
    assert answer.status_code == 201
    assert {"id", "username", "email", "access", "refresh"} <= set(user)
    assert (user["first_name"], user["last_name"]) == ("Ada", "Lovelace King")
    assert user["full_name"] == "Ada Lovelace King"


@says(1, "POST /api/auth/logout/", "ends the refresh token")
def _(market):
    body = {"username": "seller", "password": PASSWORD}
    refresh = {"refresh": market.anonymous.post("/api/auth/token/", body).json()["refresh"]}

    assert market.anonymous.post("/api/auth/logout/", refresh).status_code == 200

    assert market.anonymous.post("/api/auth/token/refresh/", refresh).status_code == 401


@says(1, "GET /api/users/me/", "the authenticated user")
def _(market):
    assert market.seller.get("/api/users/me/").json()["id"] == market.cast.seller.pk
    assert market.anonymous.get("/api/users/me/").status_code == 401


@says(1, "GET /api/users/profile/", "the user's profile")
def _(market):
    answer = market.seller.get("/api/users/profile/")

    assert answer.status_code == 200
    shown = {"full_name", "bio", "avatar", "location", "timezone", "language"}
    assert shown <= set(answer.json())


@says(1, "PUT /api/users/profile/", "update the profile")
def _(market):
    answer = market.seller.put("/api/users/profile/", {"bio": "Sells desks."})

    assert answer.status_code == 200
    assert market.seller.get("/api/users/profile/").json()["bio"] == "Sells desks."


BUSINESS = {"company_name": "Desks Ltd", "tax_id": "1", "address": "Oak St 1", "website": ""}


@says(1, "GET /api/users/business/", "the business account")
def _(market):
    assert market.seller.get("/api/users/business/").status_code == 404
    market.seller.put("/api/users/business/", BUSINESS)

    assert market.seller.get("/api/users/business/").json() == BUSINESS


@says(1, "PUT /api/users/business/", "update the business account")
def _(market):
    first = market.seller.put("/api/users/business/", BUSINESS)
    again = market.seller.put("/api/users/business/", BUSINESS | {"tax_id": "2"})

    assert (first.status_code, again.status_code) == (201, 200)
    assert market.seller.get("/api/users/business/").json()["tax_id"] == "2"


@says(1, "POST /api/users/avatar/", "upload a picture")
def _(market):
    body = {"avatar": picture()}

    answer = market.seller.post("/api/users/avatar/", body, format="multipart")

    assert answer.status_code in (200, 201)
    assert market.seller.get("/api/users/profile/").json()["avatar"]


@says(1, "GET /api/users/{id}/", "another user's public profile")
def _(market):
    answer = market.anonymous.get(f"/api/users/{market.cast.seller.pk}/")

    assert answer.json()["username"] == "seller"
    assert not {"email", "is_staff"} & set(answer.json())


@says(1, "rule", "JWT tokens with refresh rotation")
def _(market):
    body = {"username": "seller", "password": PASSWORD}
    first = market.anonymous.post("/api/auth/token/", body).json()["refresh"]

    def refresh(token):
        return market.anonymous.post("/api/auth/token/refresh/", {"refresh": token})

    second = refresh(first).json()["refresh"]
    assert second != first
    assert refresh(second).status_code == 200
    assert refresh(first).status_code == 401, "its successor was used"


# --- phase 2 ----------------------------------------------------------------------------------


@says(2, "GET /api/auctions/", "paginated list with images")
def _(market):
    path = market.auction()
    market.seller.post(path + "images/", {"images": picture()}, format="multipart")

    answer = market.anonymous.get("/api/auctions/")

    assert ids(answer) == [id_in(path)]
    assert len(answer.json()["results"][0]["images"]) == 1


@says(2, "GET /api/auctions/", "query params: status, category, search, ordering, page")
def _(market):
    furniture = Category.objects.create(name="Furniture", slug="furniture")
    lamp = id_in(market.auction(title="Brass lamp", starting_price=10))
    desk = id_in(market.auction(category="furniture"))
    draft = id_in(market.draft())

    def found(client=market.anonymous, **query):
        return ids(client.get("/api/auctions/", query))

    assert found(status="active", ordering="starting_price") == [lamp, desk]
    assert found(status="active", ordering="-starting_price") == [desk, lamp]
    assert found(market.seller, status="draft") == [draft]
    assert found(category="furniture") == found(category=furniture.pk) == [desk]
    assert found(search="lamp") == [lamp]
    assert found(page=2, page_size=1, ordering="starting_price") == [desk]


@says(2, "POST /api/auctions/", "title, description, category -> new auction")
def _(market):
    Category.objects.create(name="Furniture", slug="furniture")
    body = {
        "title": "Walnut desk",
        "description": "One drawer sticks.",
        "category": "furniture",
        "starting_price": 40000,
    }

    answer = market.seller.post("/api/auctions/", body)

    assert answer.status_code == 201, answer.json()
    shown = answer.json()
    assert (shown["title"], shown["description"]) == (body["title"], body["description"])
    assert shown["category"]["slug"] == "furniture"
    assert market.anonymous.post("/api/auctions/", body).status_code == 401


@says(2, "GET /api/auctions/{id}/", "full details with images and bids")
def _(market):
    path = market.auction()
    market.seller.post(path + "images/", {"images": picture()}, format="multipart")
    market.bid(path, 45000)

    shown = market.anonymous.get(path).json()

    assert len(shown["images"]) == 1
    assert [(bid["bidder"], bid["amount"]) for bid in shown["bids"]] == [("bidder1", 45000)]


@says(2, "PATCH /api/auctions/{id}/", "update")
def _(market):
    path = market.draft()

    answer = market.seller.patch(path, {"title": "Oak desk"})

    assert (answer.status_code, answer.json()["title"]) == (200, "Oak desk")


@says(2, "PATCH /api/auctions/{id}/", "seller only")
def _(market):
    path = market.auction()

    assert market.stranger.patch(path, {"title": "Mine"}).status_code == 403
    assert market.anonymous.patch(path, {"title": "Mine"}).status_code == 401
    assert market.anonymous.get(path).json()["title"] == "Walnut desk"


@says(2, "DELETE /api/auctions/{id}/", "delete, before the first bid")
def _(market):
    for path in (market.draft(), market.auction()):
        assert market.seller.delete(path).status_code == 204
        assert market.anonymous.get(path).status_code == 404


@says(2, "DELETE /api/auctions/{id}/", "seller only")
def _(market):
    path = market.auction()

    assert market.stranger.delete(path).status_code == 403
    assert market.anonymous.delete(path).status_code == 401
    assert market.anonymous.get(path).status_code == 200


@says(2, "DELETE /api/auctions/{id}/", "not after the first bid")
def _(market):
    path = market.auction()
    market.bid(path, 45000)

    assert market.seller.delete(path).status_code == 400

    assert market.anonymous.get(path).json()["status"] == "active"


@says(2, "POST /api/auctions/{id}/activate/", "start the countdown")
def _(market):
    path = market.draft()

    answer = market.seller.post(path + "activate/")

    assert (answer.status_code, answer.json()["status"]) == (200, "active")
    assert answer.json()["start_time"] == "2026-02-22T10:30:00Z"
    assert answer.json()["end_time"] == "2026-02-25T10:30:00Z"
    assert market.seller.post(path + "activate/").status_code == 400


@says(2, "POST /api/auctions/{id}/end/", "end by hand")
def _(market):
    path = market.auction()
    market.bid(path, 45000)

    answer = market.seller.post(path + "end/")

    assert (answer.status_code, answer.json()["status"]) == (200, "ended")
    assert (answer.json()["winner"], answer.json()["final_bid"]) == ("bidder1", 45000)
    assert market.seller.post(path + "end/").status_code == 400


@says(2, "POST /api/auctions/{id}/end/", "admin or seller only")
def _(market):
    path = market.auction()

    assert market.anonymous.post(path + "end/").status_code == 401
    assert market.stranger.post(path + "end/").status_code == 403
    assert market.staff.post(path + "end/").status_code == 200


@says(2, "GET /api/auctions/active/", "only active auctions")
def _(market):
    market.draft()
    active = market.auction()
    market.seller.post(market.auction() + "end/")

    assert ids(market.anonymous.get("/api/auctions/active/")) == [id_in(active)]


@says(2, "GET /api/auctions/ending-soon/", "auctions that end in less than 24 hours")
def _(market):
    soon = market.auction(duration_seconds=24 * 3600 - 1)
    market.auction(duration_seconds=24 * 3600)

    assert ids(market.anonymous.get("/api/auctions/ending-soon/")) == [id_in(soon)]


@says(2, "GET /api/auctions/my-auctions/", "the seller's own auctions")
def _(market):
    own = market.draft()

    assert ids(market.seller.get("/api/auctions/my-auctions/")) == [id_in(own)]
    assert ids(market.bidder.get("/api/auctions/my-auctions/")) == []
    assert market.anonymous.get("/api/auctions/my-auctions/").status_code == 401


@says(2, "GET /api/auctions/watchlist/", "the user's watchlist")
def _(market):
    watched = market.auction()
    market.auction()
    market.bidder.post(watched + "watch/")

    assert ids(market.bidder.get("/api/auctions/watchlist/")) == [id_in(watched)]
    assert ids(market.rival.get("/api/auctions/watchlist/")) == []


@says(2, "POST /api/auctions/{id}/watch/", "add to the watchlist")
def _(market):
    path = market.auction()

    answers = [market.bidder.post(path + "watch/").status_code for _ in range(2)]

    assert answers == [201, 200]
    assert ids(market.bidder.get("/api/auctions/watchlist/")) == [id_in(path)]


@says(2, "DELETE /api/auctions/{id}/watch/", "remove from the watchlist")
def _(market):
    path = market.auction()
    market.bidder.post(path + "watch/")

    assert market.bidder.delete(path + "watch/").status_code == 204

    assert ids(market.bidder.get("/api/auctions/watchlist/")) == []


@says(2, "GET /api/categories/", "all categories")
def _(market):
    before = len(ids(market.anonymous.get("/api/categories/")))
    Category.objects.create(name="Furniture", slug="a-new-category")

    answer = market.anonymous.get("/api/categories/")

    assert len(ids(answer)) == before + 1
    assert "a-new-category" in [row["slug"] for row in answer.json()["results"]]


@says(2, "POST /api/auctions/{id}/images/", "upload images")
def _(market):
    path = market.draft()
    body = {"images": [picture(), picture()]}

    answer = market.seller.post(path + "images/", body, format="multipart")

    assert answer.status_code == 201
    assert [sorted(image) for image in answer.json()] == [
        ["id", "image", "thumbnail", "thumbnails"]
    ] * 2
    assert market.seller.get(path).json()["images"] == answer.json()


# --- phase 3 ----------------------------------------------------------------------------------


@says(3, "POST /api/bids/", "auction_id, amount -> bid")
def _(market):
    path = market.auction()

    answer = market.bid(path, 45000)

    assert answer.status_code == 201
    shown = answer.json()
    assert (shown["auction_id"], shown["bidder"]) == (id_in(path), "bidder1")
    assert (shown["amount"], shown["timestamp"]) == (45000, "2026-02-22T10:30:00Z")
    assert b'"amount":45000,' in answer.content


@says(3, "POST /api/bids/", "amount > current_bid + minimum_increment")
def _(market):
    path = market.auction()
    assert market.bid(path, 40000).status_code == 201, "the first meets the starting price"

    exactly = market.bid(path, 41000, market.rival)
    above = market.bid(path, 41001, market.rival)

    assert (exactly.status_code, above.status_code) == (400, 201)
    assert exactly.json()["min_next_bid"] == 41000.01


@says(3, "rule", "auction must be active")
def _(market):
    draft, over = market.draft(), market.auction()
    market.seller.post(over + "end/")

    assert market.bid(draft, 45000).status_code == 404, "nobody else sees a draft"
    assert market.bid(over, 45000).status_code == 400
    assert market.maximum(over, 45000).status_code == 400


@says(3, "rule", "bidder can't be seller")
def _(market):
    path = market.auction()

    for answer in (market.bid(path, 45000, market.seller), market.maximum(path, 1, market.seller)):
        assert answer.status_code == 400
        assert answer.json()["code"] == "seller_cannot_bid"


@says(3, "GET /api/bids/?auction_id={id}", "an auction's bids")
def _(market):
    path, other = market.auction(), market.auction()
    first, second = market.bid(path, 45000).json(), market.bid(path, 47000, market.rival).json()
    market.bid(other, 45000)

    answer = market.anonymous.get("/api/bids/", {"auction_id": id_in(path)})

    assert ids(answer) == [second["id"], first["id"]]


@says(3, "GET /api/bids/my-bids/", "the user's bids")
def _(market):
    path = market.auction()
    mine = market.bid(path, 45000).json()["id"]
    market.bid(path, 47000, market.rival)

    assert ids(market.bidder.get("/api/bids/my-bids/")) == [mine]
    assert market.anonymous.get("/api/bids/my-bids/").status_code == 401


@says(3, "GET /api/bids/winning/", "bids the user is winning")
def _(market):
    won, lost = market.auction(), market.auction()
    mine = market.bid(won, 45000).json()["id"]
    market.bid(lost, 45000)
    market.bid(lost, 47000, market.rival)

    assert ids(market.bidder.get("/api/bids/winning/")) == [mine]


@says(3, "GET /api/bids/losing/", "bids the user is losing")
def _(market):
    won, lost = market.auction(), market.auction()
    market.bid(won, 45000)
    mine = market.bid(lost, 45000).json()["id"]
    market.bid(lost, 47000, market.rival)

    assert ids(market.bidder.get("/api/bids/losing/")) == [mine]


@says(3, "POST /api/auto-bids/", "auction_id, max_bid -> rule")
def _(market):
    path = market.auction()

    first, again = market.maximum(path, 50000), market.maximum(path, 60000)

    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json()["auction_id"], again.json()["max_bid"]) == (id_in(path), 60000)
    assert first.json()["id"] == again.json()["id"]


@says(3, "GET /api/auto-bids/", "the user's rules")
def _(market):
    rule = market.maximum(market.auction(), 50000).json()["id"]

    assert ids(market.bidder.get("/api/auto-bids/")) == [rule]
    assert ids(market.rival.get("/api/auto-bids/")) == []


@says(3, "PUT /api/auto-bids/{id}/", "update a rule")
def _(market):
    rule = f"/api/auto-bids/{market.maximum(market.auction(), 50000).json()['id']}/"

    answer = market.bidder.put(rule, {"max_bid": 60000})

    assert (answer.status_code, answer.json()["max_bid"]) == (200, 60000)
    assert market.rival.put(rule, {"max_bid": 70000}).status_code == 404


@says(3, "DELETE /api/auto-bids/{id}/", "delete a rule")
def _(market):
    rule = f"/api/auto-bids/{market.maximum(market.auction(), 50000).json()['id']}/"
    assert market.rival.delete(rule).status_code == 404

    assert market.bidder.delete(rule).status_code == 204

    assert ids(market.bidder.get("/api/auto-bids/")) == []


@says(3, "GET /api/bid-history/?auction_id={id}", "the immutable history")
def _(market):
    path = market.auction()
    market.bid(path, 45000)
    market.bid(path, 47000, market.rival)

    answer = market.anonymous.get("/api/bid-history/", {"auction_id": id_in(path)})

    rows = answer.json()["results"]
    assert list(answer.json()) == PAGE
    assert [row["seq"] for row in rows] == list(range(1, len(rows) + 1))
    placed = [(row["bidder"], row["amount"]) for row in rows if row["type"] == "bid_placed"]
    assert placed == [("bidder1", 45000), ("bidder2", 47000)]
    assert len({row["hash"] for row in rows}) == len(rows)
    for method in ("post", "put", "patch", "delete"):
        refused = getattr(market.staff, method)(f"/api/bid-history/?auction_id={id_in(path)}", {})
        assert refused.status_code == 405


@says(3, "rule", "a proxy bids for its owner")
def _(market):
    path = market.auction()
    market.maximum(path, 50000)

    answer = market.bid(path, 45000, market.rival)

    shown = market.anonymous.get(path).json()
    assert answer.status_code == 201
    assert (shown["highest_bidder"], shown["current_bid"]) == ("bidder1", 46000)
    assert b"50000" not in market.anonymous.get(path).content, "the maximum is secret"


@says(3, "rule", "anti-sniping: a bid near the end extends the auction")
def _(market):
    path = market.auction(duration_seconds=3600)
    market.clock.advance(3600 - 30)

    market.bid(path, 45000)

    assert market.anonymous.get(path).json()["end_time"] == "2026-02-22T11:31:30Z"


# --- phase 6: notifications -------------------------------------------------------------------


def told(market: Any, count: int = 1) -> list[int]:
    """Tell the first bidder something, so many times; returns the ids, the newest first."""
    user = market.cast.bidder1
    notify(
        [
            Note(
                user_id=user.pk,
                kind=Kind.WON,
                says=Says.WON,
                source=f"{n}",
                at=NOW,
                title="You won a desk",
            )
            for n in range(count)
        ]
    )
    return list(user.notifications.order_by("-pk").values_list("pk", flat=True))


def told_in(answer: Any) -> list[int]:
    """Return the ids of a page of notifications."""
    body = answer.json()
    assert list(body) == [*PAGE, "unread_count"]
    return [row["id"] for row in body["results"]]


@says(6, "GET /api/notifications/", "the user's notifications")
def _(market):
    newest, older = told(market, 2)
    answer = market.bidder.get("/api/notifications/")

    assert told_in(answer) == [newest, older]
    assert answer.json()["unread_count"] == 2
    shown = answer.json()["results"][0]
    assert (shown["kind"], shown["title"], shown["read_at"]) == ("won", "You won a desk", None)
    assert shown["created_at"] == "2026-02-22T10:30:00Z"
    assert told_in(market.rival.get("/api/notifications/")) == []
    assert market.anonymous.get("/api/notifications/").status_code == 401


@says(6, "GET /api/notifications/unread/", "the unread notifications")
def _(market):
    newest, older = told(market, 2)
    market.bidder.post(f"/api/notifications/{newest}/read/")

    assert told_in(market.bidder.get("/api/notifications/unread/")) == [older]


@says(6, "POST /api/notifications/{id}/read/", "mark a notification as read")
def _(market):
    path = f"/api/notifications/{told(market)[0]}/read/"
    assert market.rival.post(path).status_code == 404

    answer = market.bidder.post(path)

    assert (answer.status_code, answer.json()["read_at"]) == (200, "2026-02-22T10:30:00Z")


@says(6, "POST /api/notifications/read-all/", "mark all as read")
def _(market):
    told(market, 3)

    assert market.bidder.post("/api/notifications/read-all/").status_code == 200
    assert told_in(market.bidder.get("/api/notifications/unread/")) == []


@says(6, "POST /api/notifications/settings/", "update the preferences")
def _(market):
    path = "/api/notifications/settings/"
    answer = market.bidder.post(path, {"kinds": {"outbid": {"email": False}}})

    assert answer.status_code == 200
    assert answer.json()["kinds"]["outbid"] == {
        "in_app": True,
        "email": False,
        "push": True,
        "digest": False,
    }
    assert market.bidder.get(path).json() == answer.json()


# --- phase 6: messages ------------------------------------------------------------------------


def letter(market: Any, client: Any = None, recipient: Any = "seller", **more: Any) -> Any:
    """Write to somebody; returns the message as the sender is shown it."""
    body = {"recipient": recipient, "body": "Is the key there?"} | more
    answer = (client or market.bidder).post("/api/messages/", body)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def listed(answer: Any) -> list[int]:
    """Return the ids of a page of conversations, which says what is unread on all of them."""
    assert list(answer.json()) == [*PAGE, "unread_count"]
    return [row["id"] for row in answer.json()["results"]]


@says(6, "GET /api/messages/", "the user's messages")
def _(market):
    first, second = letter(market), letter(market, market.seller, "bidder1")
    letter(market, market.rival, "stranger")

    assert ids(market.bidder.get("/api/messages/")) == [second["id"], first["id"]]
    assert market.anonymous.get("/api/messages/").status_code == 401


@says(6, "POST /api/messages/", "send a message")
def _(market):
    shown = letter(market, recipient=market.cast.seller.pk, auction_id=id_in(market.auction()))

    assert (shown["sender"], shown["recipient"]) == ("bidder1", "seller")
    assert (shown["body"], shown["read_at"]) == ("Is the key there?", None)
    assert shown["created_at"] == "2026-02-22T10:30:00Z"


@says(6, "GET /api/messages/conversations/", "list conversations")
def _(market):
    auction = id_in(market.auction())
    plain, about = letter(market), letter(market, auction_id=auction)

    answer = market.seller.get("/api/messages/conversations/")

    assert listed(answer) == [about["conversation_id"], plain["conversation_id"]]
    shown = answer.json()["results"][0]
    assert shown["other_party"]["username"] == "bidder1"
    assert (shown["about"]["auction_id"], shown["last_message"]) == (auction, about)
    assert (shown["unread_count"], answer.json()["unread_count"]) == (1, 2)


@says(6, "GET /api/messages/{conversation_id}/", "a conversation's messages")
def _(market):
    first = letter(market)
    second = letter(market, market.seller, "bidder1")
    path = f"/api/messages/{first['conversation_id']}/"

    assert ids(market.seller.get(path)) == [second["id"], first["id"]]
    assert market.rival.get(path).status_code == 404


@says(6, "POST /api/messages/{id}/read/", "mark a message as read")
def _(market):
    path = f"/api/messages/{letter(market)['id']}/read/"
    assert market.rival.post(path).status_code == 404

    answers = [market.seller.post(path) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["read_at"] == "2026-02-22T10:30:00Z"


# --- phase 7: the back office -----------------------------------------------------------------


def managed(market: Any, name: str, key: str = "id") -> list[Any]:
    """Return a column of a page of the back office, which is for staff alone."""
    path = f"/api/admin/{name}/"
    assert market.stranger.get(path).status_code == 403
    answer = market.staff.get(path)
    assert (answer.status_code, list(answer.json())) == (200, PAGE)
    return [row[key] for row in answer.json()["results"]]


@says(7, "GET /api/admin/dashboard/", "dashboard metrics")
def _(market):
    market.bid(market.auction(), 40000)

    answer = market.staff.get("/api/admin/dashboard/?period=day")

    assert (answer.status_code, answer.json()["period"]) == (200, "day")
    assert answer.json()["auctions"]["active"] == 1
    assert len(answer.json()["series"]) == 24
    assert market.stranger.get("/api/admin/dashboard/").status_code == 403


@says(7, "GET /api/admin/users/", "manage users")
def _(market):
    assert "bidder1" in managed(market, "users", "username")


@says(7, "PATCH /api/admin/users/{id}/", "update a user's status")
def _(market):
    path = f"/api/admin/users/{market.cast.bidder1.pk}/"

    assert market.staff.patch(path, {"status": "suspended"}).json()["status"] == "suspended"

    assert market.bidder.get("/api/users/me/").status_code == 401


@says(7, "POST /api/admin/users/{id}/ban/", "ban a user")
def _(market):
    body = {"reason": "shill bids", "until": "2026-03-01T00:00:00Z"}
    answer = market.staff.post(f"/api/admin/users/{market.cast.bidder1.pk}/ban/", body)

    assert (answer.status_code, answer.json()["status"]) == (200, "banned")
    assert answer.json()["banned_until"] == "2026-03-01T00:00:00Z"
    assert market.bidder.get("/api/users/me/").status_code == 401


@says(7, "GET /api/admin/auctions/", "manage auctions")
def _(market):
    auction_id = id_in(market.draft())

    assert managed(market, "auctions") == [auction_id]


@says(7, "DELETE /api/admin/auctions/{id}/", "remove a fraudulent auction")
def _(market):
    path = market.auction()

    answer = market.staff.delete(f"/api/admin/auctions/{id_in(path)}/", {"reason": "a fake"})

    assert answer.status_code == 204
    assert market.bidder.get(path).status_code == 404


@says(7, "GET /api/admin/payments/", "view all payments")
def _(market):
    assert managed(market, "payments") == []


@says(7, "GET /api/admin/reports/", "view user reports")
def _(market):
    report_id = reported(market)

    assert managed(market, "reports") == [report_id]


def reported(market: Any) -> int:
    """Report an auction; returns the report's id."""
    body = {"kind": "auction", "target_id": id_in(market.auction()), "reason": "fraud"}
    answer = market.bidder.post("/api/reports/", body)
    assert answer.status_code == 201
    found: int = answer.json()["id"]
    return found


@says(7, "POST /api/admin/reports/{id}/resolve/", "resolve a report")
def _(market):
    body = {"resolution": "upheld", "note": "A copy"}

    answer = market.staff.post(f"/api/admin/reports/{reported(market)}/resolve/", body)

    assert (answer.status_code, answer.json()["state"]) == (200, "upheld")


@says(7, "GET /api/admin/settings/", "system settings")
def _(market):
    assert market.staff.get("/api/admin/settings/").json()["payment_due_hours"] == 72


@says(7, "PUT /api/admin/settings/", "update the settings")
def _(market):
    answer = market.staff.put("/api/admin/settings/", {"payment_due_hours": 24})

    assert (answer.status_code, answer.json()["payment_due_hours"]) == (200, 24)
