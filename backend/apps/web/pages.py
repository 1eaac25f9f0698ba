"""The web app's pages, by address: what a page is called, what its server already knows of it.

The app draws every page itself. What is said here is for who does not run it: previews, search
engines, and the reader who should see the lot before the script has arrived.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from apps.web.asking import ask

DESCRIPTION_LENGTH_MAX = 200  # characters of a preview
#: The first list of the home page, as the app asks for it (features/auctions/auction-queries.ts).
LIVE_NOW = {"status": ["active"], "ordering": ["-total_bids"], "page_size": 8}


#: Names in the build's manifest: a route's own part, a language's first words.
ROUTE = "src/app/routes/{}.tsx?tsr-split=component"
WORDS = tuple(f"src/locales/market/{language}.po" for language in ("en", "de", "ar"))


@dataclass(frozen=True)
class Page:
    """What the server says of one page."""

    title: str
    description: str = ""
    kind: str = "website"  # og:type
    picture: str = ""  # of the preview; a path or an address
    template: str = "web/plain.html"  # what stands there until the app has come
    status: int = 200
    is_indexed: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # for the template
    data: list[dict[str, Any]] = field(default_factory=list)  # [{key, data}] for the app's cache
    parts: tuple[str, ...] = ()  # of the built app, by source, to be fetched with its start


Maker = Callable[[HttpRequest, re.Match[str]], Page]


def page_at(request: HttpRequest) -> Page:
    """Return the page of the request's path; one that says 404 where there is none."""
    path = request.path.rstrip("/") or "/"
    for pattern, make in PAGES:
        found = re.fullmatch(pattern, path, re.ASCII)
        if found is not None:
            return make(request, found)
    return Page("There is nothing here", status=404)


def home(request: HttpRequest, _: re.Match[str]) -> Page:
    """What ends soon and what is live, with prices."""
    cards = ask(request, "/api/auctions/", LIVE_NOW) or {"results": []}
    return Page(
        "Live auctions",
        description="Bid live, set a secret maximum, pay safely: an auction house you can watch.",
        template="web/home.html",
        is_indexed=True,
        facts={"auctions": [seen(auction) for auction in cards["results"]]},
        data=[{"key": ["auctions", LIVE_NOW], "data": cards}],
        parts=(ROUTE.format("index"),),
    )


def auction(request: HttpRequest, found: re.Match[str]) -> Page:
    """One lot: title, picture, price."""
    auction_id = int(found["id"])
    shown = ask(request, f"/api/auctions/{auction_id}/")
    if shown is None:
        return Page("There is nothing here", status=404)
    facts = seen(shown)
    return Page(
        str(shown["title"]),
        description=f"{facts['word']}: {facts['price']}. {shown['description']}",
        kind="product",
        picture=facts["picture"],
        template="web/auction.html",
        is_indexed=True,
        facts=facts,
        data=[{"key": ["auction", auction_id], "data": shown}],
        parts=(ROUTE.format("auctions.$auctionId"),),
    )


def seller(request: HttpRequest, found: re.Match[str]) -> Page:
    """Somebody's public page."""
    user = ask(request, f"/api/users/{found['id']}/")
    if user is None:
        return Page("There is nothing here", status=404)
    name = str(user["username"])
    return Page(name, description=f"What {name} sells and has sold.", is_indexed=True)


def plain(
    title: str, *, description: str = "", is_indexed: bool = False, parts: tuple[str, ...] = ()
) -> Maker:
    """Return the maker of a page of which nothing is known beforehand."""
    page = Page(title, description=description, is_indexed=is_indexed, parts=parts)
    return lambda request, found: page


def seen(auction: dict[str, Any]) -> dict[str, Any]:
    """Return what a template shows of an auction; amounts as the API says them."""
    images = auction.get("images") or []
    price, word = auction["current_bid"], "Current bid"
    if auction["sold"]:
        price, word = auction["final_bid"], "Sold for"
    elif price is None:
        price, word = auction["starting_price"], "Starting price"
    return {
        "id": auction["id"],
        "title": auction["title"],
        "description": auction["description"],
        "price": f"{auction['currency']} {_amount(price)}",
        "word": word,
        "picture": images[0]["image"] if images else "",
        "pictures": images[0]["thumbnails"] if images else None,
    }


def _amount(price: float) -> str:
    """Return a price as people write it: 1,200 or 227.50."""
    return f"{price:,}" if float(price).is_integer() else f"{price:,.3f}".removesuffix("0")


_ID = r"(?P<id>[1-9][0-9]{0,17})"

#: Address without its last slash -> maker. The app's routes are src/app/routes/ of the front end.
PAGES: tuple[tuple[str, Maker], ...] = (
    (r"/", home),
    (r"/search", plain("Search", description="Every auction, by word, category, price and time.",
                       is_indexed=True)),
    (rf"/auctions/{_ID}", auction),
    (rf"/users/{_ID}", seller),
    (r"/login", plain("Log in")),
    (r"/register", plain("Open an account")),
    (r"/forgotten-password", plain("Forgotten password")),
    (r"/reset-password", plain("New password")),
    (r"/verify-email", plain("Confirm your address")),
    (rf"/sell(/{_ID})?", plain("Sell")),
    (r"/my/(bids|listings|watchlist|orders|searches)", plain("Mine")),
    (rf"/offers/{_ID}", plain("Offers")),
    (rf"/checkout/{_ID}", plain("Pay")),
    (rf"/messages(/{_ID})?", plain("Messages")),
    (r"/notifications", plain("Notifications")),
    (r"/settings(/[a-z-]+)?", plain("Settings")),
    (r"/admin(/[a-z-]+)*(/[0-9]+)?", plain("Back office")),
    (r"/appeal", plain("Appeal")),
    (r"/offline", plain("Offline", parts=WORDS)),  # the worker keeps what this one needs
    (r"/mailbox", plain("Mailbox")),
)  # fmt: skip
