"""Pages of the web app as the server sends them: head, first words, policy, and nothing hostile."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.web.pages import PAGES
from apps.web.shell import shell
from tests.factories import AuctionFactory, AuctionImageFactory, UserFactory
from tests.services.test_messages import XSS

pytestmark = pytest.mark.django_db

OURS = {
    "html", "head", "body", "meta", "title", "link", "script", "div", "main", "h1", "p", "strong",
    "img", "br", "ul", "li", "a", "style", "header", "noscript",
}  # fmt: skip


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the page's title."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.found.append((tag, dict(attrs)))

    def metas(self) -> dict[str, str | None]:
        return {
            str(each.get("property") or each.get("name")): each.get("content")
            for tag, each in self.found
            if tag == "meta"
        }


def get(path: str, **headers: Any) -> Any:
    return Client().get(path, **headers)


def test_a_lot_is_told_before_any_script_runs():
    auction = AuctionFactory(title="Walnut desk", description="One drawer sticks.")
    AuctionImageFactory(auction=auction)
    answer = get(f"/auctions/{auction.pk}")
    html = answer.content.decode()
    metas = Elements(html).metas()

    assert answer.status_code == 200
    assert "<h1>Walnut desk</h1>" in html
    assert metas["og:title"] == "Walnut desk"
    assert metas["og:type"] == "product"
    assert metas["og:url"] == f"http://localhost:8000/auctions/{auction.pk}"
    assert str(metas["og:image"]).startswith("http://localhost:8000/media/")
    assert "One drawer sticks." in str(metas["description"])


def test_the_first_view_shows_the_picture_the_app_will_show():
    auction = AuctionFactory()
    AuctionImageFactory(auction=auction)
    shown = get(f"/api/auctions/{auction.pk}/").json()["images"][0]["thumbnails"]
    html = get(f"/auctions/{auction.pk}").content.decode()
    (picture,) = [each for tag, each in Elements(html).found if tag == "img"]

    assert picture["src"] == shown["large"]
    assert picture["srcset"] == f"{shown['medium']} 400w, {shown['large']} 960w"
    assert picture["fetchpriority"] == "high"


def test_a_page_names_the_files_its_part_of_the_app_needs():
    start = ["/assets/start-4d5e6f.js", "/assets/start-4d5e6f.css"]
    files = [Elements(get(path).content.decode()).metas()["page-files"] for path in ("/", "/login")]

    assert files == [" ".join([*start, "/assets/home-7a8b9c.js"]), " ".join(start)]


def test_the_page_carries_what_the_api_says_to_visitors():
    auction = AuctionFactory(reserve_minor=90_000)
    html = get(f"/auctions/{auction.pk}").content.decode()
    found = re.search(r'<script type="application/json" id="page-data">(.*?)</script>', html)
    assert found is not None
    (entry,) = json.loads(found[1])
    shown = get(f"/api/auctions/{auction.pk}/").json()

    assert entry["key"] == ["auction", auction.pk]
    assert {**entry["data"], "server_time": 0} == {**shown, "server_time": 0}
    assert "reserve_price" not in entry["data"]


def test_a_draft_is_nobodys_page():
    draft = AuctionFactory(status="draft", title="A secret plan")
    answer = get(f"/auctions/{draft.pk}", HTTP_ACCEPT="text/html")

    assert answer.status_code == 404
    assert b"secret plan" not in answer.content


@pytest.mark.parametrize("payload", XSS)
def test_what_a_seller_writes_is_text(payload):
    auction = AuctionFactory(title=payload[:200], description=payload)
    html = get(f"/auctions/{auction.pk}").content.decode()
    elements = Elements(html).found

    assert {tag for tag, _ in elements} <= OURS
    assert [each for tag, each in elements for name in each if name.startswith("on")] == []
    assert html.count("<script") == 3  # ours: colours, data, app


@pytest.mark.parametrize("path", ["/", "/search", "/auctions/1", "/login", "/nowhere"])
def test_every_page_has_a_policy_with_a_nonce_of_its_own(path):
    first, second = (get(path, HTTP_ACCEPT="text/html") for _ in range(2))
    policies = [answer["Content-Security-Policy"] for answer in (first, second)]
    nonces = [re.search(r"'nonce-([\w-]{22})'", policy) for policy in policies]

    assert None not in nonces
    assert nonces[0][1] != nonces[1][1]  # type: ignore[index]
    assert "unsafe" not in policies[0]
    assert f'nonce="{nonces[0][1]}"' in first.content.decode()  # type: ignore[index]
    assert "CSP_NONCE" not in first.content.decode()
    assert "frame-ancestors 'none'" in policies[0]
    assert "require-trusted-types-for 'script'; trusted-types default" in policies[0]
    assert first["Cache-Control"] == "no-cache"


def test_what_is_private_is_not_for_search_engines():
    assert get("/my/bids")["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in get("/")


def test_an_unknown_address_is_404_in_the_askers_language():
    page = get("/nowhere", HTTP_ACCEPT="text/html")
    plain = get("/nowhere", HTTP_ACCEPT="application/json")

    assert (page.status_code, page["Content-Type"]) == (404, "text/html; charset=utf-8")
    assert (plain.status_code, plain.json()) == (404, {"error": "Not found"})
    assert get("/api/nowhere/", HTTP_ACCEPT="text/html").json() == {"error": "Not found"}


@pytest.mark.parametrize(
    ("minor", "written"), [(120_000, "USD 1,200"), (22_750, "USD 227.50"), (5, "USD 0.05")]
)
def test_a_price_is_written_as_people_write_it(minor, written):
    auction = AuctionFactory(starting_minor=minor)
    assert f"Starting price: {written}." in get(f"/auctions/{auction.pk}").content.decode()


def test_the_map_names_what_runs_and_no_drafts():
    running = AuctionFactory()
    draft = AuctionFactory(status="draft")
    text = get("/sitemap.xml").content.decode()

    assert f"/auctions/{running.pk}</loc>" in text
    assert f"/auctions/{draft.pk}</loc>" not in text
    assert "/sitemap.xml" in get("/robots.txt").content.decode()


def test_a_page_is_only_read():
    assert Client().post("/search").status_code == 405


def test_without_a_built_app_the_way_leads_to_the_documentation(settings, tmp_path):
    settings.WEB_APP_DIR = str(tmp_path)
    shell.cache_clear()
    try:
        assert get("/")["Location"] == "/api/docs/"
        assert get("/login").status_code == 404
    finally:
        shell.cache_clear()


def test_the_site_tells_a_demos_accounts_and_no_others(settings):
    assert get("/api/site/").json()["demo_accounts"] == []
    settings.DEMO = True
    told = get("/api/site/").json()["demo_accounts"]
    assert {"username": "seller", "password": "bidbazaar-demo"} in told


def test_a_seller_has_a_page_and_a_banned_one_has_none():
    seller = UserFactory()
    banned = UserFactory(is_active=False)
    assert get(f"/users/{seller.pk}").status_code == 200
    assert get(f"/users/{banned.pk}", HTTP_ACCEPT="text/html").status_code == 404


def routes_of_the_app() -> list[str]:
    """Return an address of every route of the front end, by the names of its files."""
    folder = Path(__file__).parents[3] / "frontend" / "src" / "app" / "routes"
    names = [file.stem for file in folder.glob("*.tsx") if not file.stem.startswith("__")]
    paths = ["/".join(part for part in name.split(".") if part != "index") for name in names]
    return sorted("/" + re.sub(r"\$\w+", "1", path) for path in paths)


@pytest.mark.parametrize("path", routes_of_the_app())
def test_every_route_of_the_app_is_an_address_of_the_server(path):
    patterns = [pattern for pattern, _ in PAGES]
    assert any(re.fullmatch(pattern, path) for pattern in patterns)
