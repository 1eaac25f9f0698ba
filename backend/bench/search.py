"""GET /api/auctions/ over many listings: p50 and p95 of searches, filters, orders, deep pages.

    python -m bench.search [--auctions 100000] [--rounds 30]
    python -m tests.servers --fsync -- python -m bench.search

Without DATABASE_URL in a temporary SQLite file. Each request is a new question, in this process
and through the whole of Django, with answers kept from earlier ones switched off. Prints a table,
the plan of every kind of query, and one JSON line.
"""

import argparse
import contextlib
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any

import django

_FOLDER = tempfile.TemporaryDirectory(prefix="bidbazaar-search-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ["DATA_DIR"] = _FOLDER.name
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from apps.auctions.models import Auction, AuctionImage, Category  # noqa: E402
from apps.core import clock  # noqa: E402
from apps.users.models import User  # noqa: E402

SELLERS = 200
BATCH = 2000  # rows in one statement
DESCRIPTION_WORDS = 30
TAIL_WORDS = 20_000  # rare ones: makers, places, models


def _words(text: str) -> list[str]:
    return text.split()


ADJECTIVES = _words("antique early fine large small rare signed painted carved gilded")
MATERIALS = _words(
    "walnut oak mahogany silver brass bronze porcelain glass leather marble ivory ebony copper"
    " pewter ceramic crystal velvet linen cherry maple rosewood bamboo enamel jade amber"
)
THINGS = _words(
    "desk chair table cabinet mirror clock lamp vase bowl painting poster print camera watch"
    " typewriter radio guitar violin bicycle stamp coin map book globe tray teapot necklace ring"
    " brooch carpet bench dresser chest barometer telescope microscope sculpture tapestry kettle"
)
COMMON = _words("the with from made about one some original condition good used marks wear see")
_SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]

Question = Callable[[Random], str]


# -- the market ---------------------------------------------------------------------------------


def tail_words() -> list[str]:
    """Return rare words of three or four syllables, the same in every run."""
    chance = Random("words")
    made: dict[str, None] = {}
    while len(made) < TAIL_WORDS:
        made["".join(chance.choices(_SYLLABLES, k=chance.choice((3, 4))))] = None
    return list(made)


def fill(count: int) -> None:
    """Store the market: categories two deep, every status, prices over five decades."""
    chance, tail = Random("market"), tail_words()
    weights = list(itertools.accumulate(1 / rank for rank in range(1, TAIL_WORDS + 1)))
    now = clock.now()
    sellers = User.objects.bulk_create(
        User(username=f"seller{number}", email=f"seller{number}@example.com")
        for number in range(SELLERS)
    )
    tops = Category.objects.bulk_create(
        Category(name=f"Top {n}", slug=f"top-{n}") for n in range(8)
    )
    leaves = Category.objects.bulk_create(
        Category(name=f"Leaf {top.pk}-{n}", slug=f"leaf-{top.pk}-{n}", parent=top)
        for top in tops
        for n in range(6)
    )

    def row(number: int) -> Auction:
        status = chance.choices(("active", "ended", "scheduled", "draft"), (50, 40, 5, 5))[0]
        created = now - timedelta(minutes=chance.randrange(500_000))
        lead = {"active": 1, "ended": -1, "scheduled": 3000, "draft": 0}[status]
        end = now + timedelta(minutes=lead * chance.randrange(1, 20_000))
        start = min(created, end - timedelta(hours=1))
        bids = (
            chance.randrange(30) if status in ("active", "ended") and chance.random() < 0.6 else 0
        )
        starting = round(10 ** chance.uniform(2, 7))
        title = (
            *(chance.choice(ADJECTIVES), chance.choice(MATERIALS), chance.choice(THINGS)),
            *chance.choices(tail, cum_weights=weights, k=2),
        )
        text = chance.choices(tail, cum_weights=weights, k=DESCRIPTION_WORDS - 8)
        text += chance.choices(MATERIALS + THINGS, k=3) + chance.choices(COMMON, k=5)
        chance.shuffle(text)
        return Auction(
            seller=chance.choice(sellers),
            title=f"{' '.join(title).capitalize()} {number}",
            description=" ".join(text),
            category=chance.choice(leaves),
            condition=chance.choice(("new", "used")),
            closing="timed",
            currency="USD",
            starting_minor=starting,
            reserve_minor=starting * 2 if chance.random() < 0.3 else None,
            buy_now_minor=starting * 3 if chance.random() < 0.3 else None,
            increment_table="ebay_us",
            status=status,
            start_at=None if status == "draft" else start,
            end_at=None if status == "draft" else end,
            original_end_at=None if status == "draft" else end,
            created_at=created,
            updated_at=created,
            price_minor=starting + bids * 100 if bids else None,
            total_bids=bids,
        )

    for first in range(0, count, BATCH):
        rows = Auction.objects.bulk_create(row(n) for n in range(first, min(first + BATCH, count)))
        AuctionImage.objects.bulk_create(
            AuctionImage(auction=each, image="i/a.webp", thumbnail="i/a_thumb.webp", created_at=now)
            for each in rows
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


# -- the questions ------------------------------------------------------------------------------


def misspelt(chance: Random, word: str) -> str:
    """Return the word with one letter doubled, left out or changed, its first one kept."""
    place = chance.randrange(1, len(word))
    middle = chance.choice((word[place] * 2, "", chance.choice("aeiourstn")))
    wrong = word[:place] + middle + word[place + 1 :]
    return wrong if wrong != word else f"{word[:place]}{word[place:] * 2}"


def questions() -> dict[str, Question]:
    """Return the kinds of requests by name; each makes a new query string."""
    tail = tail_words()

    def search(text: str) -> str:
        return f"search={text.replace(' ', '+')}"

    long_things = [word for word in THINGS + MATERIALS if len(word) >= 6]
    return {
        "search: 1 common word": lambda c: search(c.choice(MATERIALS + THINGS)),
        "search: 1 word in a fifth of all": lambda c: search(c.choice(ADJECTIVES + COMMON)),
        "search: 1 rare word": lambda c: search(c.choice(tail[2000:])),
        "search: 2 words": lambda c: search(f"{c.choice(MATERIALS)} {c.choice(THINGS)}"),
        "search: 3 words, 1 rare": lambda c: search(
            f"{c.choice(MATERIALS)} {c.choice(THINGS)} {c.choice(tail[:2000])}"
        ),
        "search: beginning, 3 letters": lambda c: search(c.choice(MATERIALS + THINGS)[:3]),
        "search: beginning, 1 letter": lambda c: search(c.choice("bdfgklmnprstvz")),
        "search: misspelt word": lambda c: search(misspelt(c, c.choice(long_things))),
        "search: misspelt + word": lambda c: search(
            f"{misspelt(c, c.choice(long_things))} {c.choice(MATERIALS)}"
        ),
        "search: nonsense": lambda c: search(f"q{c.choice(tail)}xq"),
        "search: word, active, by price": lambda c: (
            search(c.choice(MATERIALS + THINGS)) + "&status=active&ordering=price"
        ),
        "search: word, facets": lambda c: (
            search(c.choice(MATERIALS + THINGS)) + "&facets=category,price"
        ),
        "list: first page": lambda c: f"page_size={c.randrange(10, 30)}",
        "list: page 1000": lambda c: f"page={c.randrange(900, 1100)}",
        "list: active, ending soon": lambda c: (
            f"status=active&ordering=ending_soon&page={c.randrange(1, 20)}"
        ),
        "list: category": lambda c: f"category=top-{c.randrange(8)}&page={c.randrange(1, 9)}",
        "list: category, active, price": lambda c: (
            f"category=top-{c.randrange(8)}&status=active&min_price={c.randrange(1, 99)}"
            f"&max_price={c.randrange(100, 9999)}"
        ),
        "list: by price": lambda c: f"ordering=-price&page={c.randrange(1, 20)}",
        "list: by title": lambda c: f"ordering=title&page={c.randrange(1, 20)}",
        "list: seller, has reserve": lambda c: f"seller=seller{c.randrange(200)}&has_reserve=true",
        "list: facets": lambda c: f"facets=category,price&page_size={c.randrange(10, 30)}",
        "list: active, facets": lambda c: (
            f"facets=category,price&status=active&page_size={c.randrange(10, 30)}"
        ),
    }


def deep_cursor(client: Client) -> Question:
    """Return a question that goes on to the next page of a list read by cursor."""
    state = {"next": "cursor=&page_size=100"}

    def ask(chance: Random) -> str:
        asked = state["next"]
        following = client.get(f"/api/auctions/?{asked}").json()["next"]
        state["next"] = following.partition("?")[2] if following else "cursor=&page_size=100"
        return state["next"]

    return ask


# -- measuring ----------------------------------------------------------------------------------


def measure(client: Client, question: Question, rounds: int) -> dict[str, Any]:
    """Ask so many times; returns milliseconds and the rows found on average.

    Own CPU time is what a busy machine does not inflate; on SQLite the database's is in it.
    """
    chance, taken, own, found = Random("rounds"), [], [], 0
    for _ in range(rounds):
        asked = question(chance)
        begin, begin_own = time.perf_counter(), time.process_time()
        answer = client.get(f"/api/auctions/?{asked}")
        taken.append(1000 * (time.perf_counter() - begin))
        own.append(1000 * (time.process_time() - begin_own))
        if answer.status_code != 200:
            raise SystemExit(f"{asked}: {answer.status_code} {answer.content[:300]!r}")
        found += answer.json()["count"] or 0
    return {
        "p50_ms": _quantile(taken, 0.5),
        "p95_ms": _quantile(taken, 0.95),
        "cpu_p95_ms": _quantile(own, 0.95),
        "rows": round(found / rounds),
    }


def _quantile(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 1)


def plans(client: Client, asked: str) -> Iterator[str]:
    """Yield each statement about listings that a request makes, with its plan and its time."""
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/api/auctions/?{asked}")
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN (ANALYZE)"
    for query in queries.captured_queries:
        sql = query["sql"]
        if "FROM" not in sql or "auctions_auction" not in sql:
            continue
        head, _, tail = sql.partition(" FROM ")
        yield f"  {float(query['time']) * 1000:.0f} ms: {head[:60]}… FROM {tail[:400]}"
        with contextlib.suppress(django.db.Error), connection.cursor() as cursor:
            cursor.execute(f"{explain} {sql}")
            for line in cursor.fetchall():
                yield f"      {line[-1]}"


def run(arguments: argparse.Namespace) -> None:
    """Fill, ask, print."""
    settings.KEEP_READS = False
    call_command("migrate", verbosity=0)
    begin = time.perf_counter()
    if not Auction.objects.exists():
        fill(arguments.auctions)
    count = Auction.objects.count()
    print(f"{count} auctions on {connection.vendor}, {time.perf_counter() - begin:.0f} s to store")
    client = Client()
    asked = {**questions(), "cursor: next page of 100": deep_cursor(client)}
    results = {}
    for name, question in asked.items():
        if arguments.only not in name:
            continue
        question_cold = question(Random("cold"))
        client.get(f"/api/auctions/?{question_cold}")
        results[name] = measure(client, question, arguments.rounds)
        shown = results[name]
        print(
            f"{name:34} p50 {shown['p50_ms']:7.1f} ms  p95 {shown['p95_ms']:7.1f} ms"
            f"  own CPU p95 {shown['cpu_p95_ms']:6.1f} ms  {shown['rows']:6} rows",
            flush=True,
        )
    if arguments.plans:
        for name in results:
            text = asked[name](Random("plan"))
            print(f"\n{name}: ?{text}")
            print(*plans(client, text), sep="\n")
    print(json.dumps({"auctions": count, "vendor": connection.vendor, "results": results}))


def main() -> int:
    """Parse the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.search", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--auctions", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30, help="requests of each kind")
    parser.add_argument("--only", default="", help="kinds whose name contains this")
    parser.add_argument("--plans", action=argparse.BooleanOptionalAction, default=True)
    run(parser.parse_args())
    return 0


if __name__ == "__main__":
    sys.exit(main())
