"""Deep pages by cursor, and facets: every row once in every order, every count as found."""

from datetime import timedelta
from itertools import chain
from urllib.parse import quote

import pytest

from apps.auctions.filters import ORDERINGS
from apps.auctions.models import Auction
from tests.factories import AuctionFactory, CategoryFactory, WatchlistFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(cast, frozen_clock):
    """Return 23 listings: equal and missing dates, equal prices, drafts of the seller's own."""
    now = frozen_clock()
    for number in range(23):
        AuctionFactory(
            seller=cast.seller,
            title=f"Walnut {'desk' if number % 2 else 'chair'} {number % 5}",
            created_at=now - timedelta(seconds=number // 4, microseconds=number % 2),
            starting_minor=100 * (1 + number % 3),
            total_bids=number % 4,
            price_minor=7_00 if number % 4 else None,
            currency="JPY" if number % 7 == 0 else "USD",
            draft=number % 6 == 0,
        )
    return now


def walked(client, path):
    """Return the ids of each page from the first to the last by `next`, and the last page."""
    pages, page = [], client.get(path).json()
    while True:
        pages.append([row["id"] for row in page["results"]])
        if page["next"] is None:
            return pages, page
        page = client.get(page["next"]).json()


def walked_back(client, page):
    """Return the ids of each page before this one by `previous`, the nearest first."""
    pages = []
    while page["previous"] is not None:
        page = client.get(page["previous"]).json()
        pages.append([row["id"] for row in page["results"]])
    return pages, page


@pytest.mark.parametrize(
    "ordering",
    [*(word for word in ORDERINGS if word != "relevance"), "", "-total_bids,price,-end_time"],
)
def test_a_cursor_walks_every_order_there_and_back(api, cast, market, ordering):
    client, asked = api(cast.seller), f"ordering={ordering}&" if ordering else ""
    whole = client.get(f"/api/auctions/?{asked}page_size=100").json()

    pages, last = walked(client, f"/api/auctions/?{asked}page_size=4&cursor=")
    back, first = walked_back(client, last)

    assert list(chain(*pages)) == [row["id"] for row in whole["results"]]
    assert [len(page) for page in pages] == [4, 4, 4, 4, 4, 3]
    assert back == pages[-2::-1]
    assert (first["count"], last["count"]) == (None, None)
    assert (first["previous"], last["next"]) == (None, None)


@pytest.mark.parametrize("path", ["active/", "ending-soon/", "my-auctions/", "watchlist/"])
def test_every_list_has_cursors(api, cast, market, path):
    for auction in Auction.objects.order_by("title"):
        WatchlistFactory(user=cast.seller, auction=auction)
    Auction.objects.filter(status="active").update(end_at=market + timedelta(hours=5))
    client = api(cast.seller)
    whole = client.get(f"/api/auctions/{path}?page_size=100").json()["results"]

    pages, _ = walked(client, f"/api/auctions/{path}?page_size=5&cursor=")

    assert list(chain(*pages)) == [row["id"] for row in whole]
    assert len(whole) > 10


def test_what_comes_meanwhile_shifts_no_page(api, cast, market):
    client = api()
    first = client.get("/api/auctions/?page_size=5&cursor=").json()
    expected = client.get("/api/auctions/?page_size=5&page=2").json()["results"]
    for _ in range(3):
        AuctionFactory(created_at=market + timedelta(seconds=9))

    second = client.get(first["next"]).json()

    assert [row["id"] for row in second["results"]] == [row["id"] for row in expected]


def test_a_search_goes_by_cursor_in_an_order_of_columns(api, market):
    client = api()

    pages, _ = walked(client, "/api/auctions/?search=desk&ordering=-created_at&page_size=3&cursor=")

    assert len(list(chain(*pages))) == client.get("/api/auctions/?search=desk").json()["count"] > 3


def test_a_cursor_of_an_empty_list_is_an_empty_page(api):
    page = api().get("/api/auctions/?cursor=").json()

    assert page == {"count": None, "next": None, "previous": None, "results": []}


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("cursor=nonsense", "cursor: is not one we gave"),
        ("cursor=" + "x" * 5000, "cursor: is not one we gave"),
        ("cursor=%00", "cursor: is not one we gave"),
        ("cursor=WzFd:1tNQRS:abc", "cursor: is not one we gave"),
        ("cursor=&page=2", "cursor: goes with page_size, not with page"),
        ("cursor=&search=desk", "cursor: goes with any order but relevance"),
        ("cursor=&page_size=0", "page_size: must be a number"),
        ("facets=colour", "facets: must be among: category, price"),
        ("facets=category,seller", "facets: must be among: category, price"),
    ],
)
def test_a_page_that_cannot_be_is_400_and_says_why(api, market, query, sentence):
    answer = api().get(f"/api/auctions/?{query}")

    assert answer.status_code == 400
    assert answer.json()["error"].startswith(sentence)


def test_a_cursor_of_one_list_or_order_is_none_of_another(api, market):
    client = api()
    following = client.get("/api/auctions/?cursor=&page_size=3").json()["next"]
    cursor = following.split("cursor=")[1].split("&")[0]

    assert client.get(f"/api/auctions/?cursor={cursor}&status=active").status_code == 200
    for path in (f"?cursor={cursor}&ordering=title", f"active/?cursor={cursor}"):
        assert client.get(f"/api/auctions/{path}").status_code == 400
    assert client.get(f"/api/auctions/?cursor={quote(cursor[:-1])}").status_code == 400


def test_a_deep_page_asks_as_often_as_the_first(api, market, django_assert_num_queries):
    client = api()
    path = client.get("/api/auctions/?page_size=5&cursor=").json()["next"]
    client.get(path)

    with django_assert_num_queries(5):  # rows; names, fees, pictures, watchers
        assert len(client.get(path).json()["results"]) == 5


# -- facets -------------------------------------------------------------------------------------


@pytest.fixture
def shelves(market):
    furniture = CategoryFactory(name="Furniture", slug="furniture")
    desks = CategoryFactory(name="Desks", slug="desks", parent=furniture)
    other = CategoryFactory(name="Other", slug="other")
    for number, auction in enumerate(Auction.objects.order_by("pk")):
        category = (furniture, desks, desks, other, None)[number % 5]
        starting = 10 ** (number % 6) * 99 + number % 2
        Auction.objects.filter(pk=auction.pk).update(category=category, starting_minor=starting)


def facets_of(client, query):
    return client.get(f"/api/auctions/?facets=category,price&{query}").json()["facets"]


@pytest.mark.parametrize(
    "query", ["", "status=active", "search=desk", "search=dessk", "currency=JPY", "seller=seller"]
)
def test_a_facets_count_is_what_its_filter_finds(api, shelves, query):
    client = api()
    facets = facets_of(client, query)
    total = client.get(f"/api/auctions/?{query}").json()["count"]

    assert facets["category"][0]["slug"] == "furniture"
    for row in facets["category"]:
        assert list(row) == ["id", "slug", "name", "count"]
        found = client.get(f"/api/auctions/?{query}&category={row['slug']}").json()
        assert found["count"] == row["count"] > 0
    for band in facets["price"]:
        most = "" if band["max"] is None else f"&max_price={band['max']}"
        found = client.get(f"/api/auctions/?{query}&min_price={band['min']}{most}").json()
        assert found["count"] == band["count"] > 0
    assert sum(band["count"] for band in facets["price"]) == total > 0


def test_a_facet_respects_every_filter_but_its_own(api, shelves):
    client = api()
    plain, chosen = facets_of(client, ""), facets_of(client, "category=desks")
    priced = facets_of(client, "min_price=0&max_price=24.999")

    assert chosen["category"] == plain["category"]
    assert sum(band["count"] for band in chosen["price"]) < sum(b["count"] for b in plain["price"])
    assert priced["price"] == plain["price"]
    assert sum(r["count"] for r in priced["category"]) < sum(r["count"] for r in plain["category"])


def test_facets_come_when_asked_for_and_only_those(api, shelves):
    client = api()

    assert "facets" not in client.get("/api/auctions/").json()
    assert list(client.get("/api/auctions/?facets=price").json()["facets"]) == ["price"]
    assert set(client.get("/api/auctions/?facets=price&cursor=").json()) == {
        *("count", "next", "previous", "results", "facets")
    }
    nothing = client.get("/api/auctions/?facets=category,price&search=xylophone").json()
    assert nothing["facets"] == {"category": [], "price": []}


def test_facets_cost_the_same_whatever_there_is(api, shelves, django_assert_num_queries):
    client, path = api(), "/api/auctions/?facets=category,price&page_size=100"

    with django_assert_num_queries(9):  # a page's six, two of categories, one of prices
        client.get(path)
    for number in range(5):
        AuctionFactory(category=CategoryFactory(), starting_minor=10**number)
    with django_assert_num_queries(9):
        client.get(path)
