"""GET /api/admin/dashboard/ over a year of a market: p50 and worst of each period and step.

    python -m bench.dashboard [--bids 100000] [--rounds 10]
    python -m tests.servers --fsync -- python -m bench.dashboard

Without DATABASE_URL in a temporary SQLite file. The year before is as full, since every figure is
shown beside it: there are twice as many bids. Prints a table and one JSON line.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any

import django

_FOLDER = tempfile.TemporaryDirectory(prefix="bidbazaar-dashboard-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ["DATA_DIR"] = _FOLDER.name
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from apps.auctions.models import Auction  # noqa: E402
from apps.backoffice.windows import PERIODS, STEPS_OF  # noqa: E402
from apps.bidding.models import Bid  # noqa: E402
from apps.core import clock  # noqa: E402
from apps.payments.models import Sale  # noqa: E402
from apps.users.models import User  # noqa: E402
from apps.users.services import store_login  # noqa: E402
from apps.users.sessions import UNKNOWN_DEVICE  # noqa: E402

USERS, AUCTIONS_A_YEAR = 2000, 5000
YEARS = 2  # the one that is asked for, and the one beside it
BATCH = 2000  # rows in one statement


def fill(bids_a_year: int) -> None:
    """Store two years: most auctions sold, most sales paid, bids evenly over the time."""
    chance, now = Random("dashboard"), clock.now()
    seconds = YEARS * int(PERIODS["year"].total_seconds())

    def instant() -> Any:
        return now - timedelta(seconds=chance.randrange(seconds))

    store(
        User,
        (
            User(username=f"user{n}", email=f"user{n}@example.com", date_joined=instant())
            for n in range(USERS)
        ),
    )
    people = list(User.objects.values_list("pk", flat=True))

    def auction(number: int) -> Auction:
        ended_at = instant()
        sold = chance.random() < 0.7
        return Auction(
            seller_id=chance.choice(people),
            title=f"Walnut desk {number}",
            closing="timed",
            currency="USD",
            starting_minor=100_00,
            increment_table="ebay_us",
            status="ended",
            ended_at=ended_at,
            end_at=ended_at,
            start_at=ended_at - timedelta(days=7),
            created_at=ended_at - timedelta(days=7),
            updated_at=ended_at,
            sold=sold,
            winner_id=chance.choice(people) if sold else None,
            final_minor=chance.randrange(100_00, 900_000) if sold else None,
        )

    store(Auction, (auction(n) for n in range(YEARS * AUCTIONS_A_YEAR)))
    auctions = list(Auction.objects.all())
    store(Sale, (sale_of(row, chance) for row in auctions if row.sold))
    store(
        Bid,
        (
            Bid(
                auction_id=chance.choice(auctions).pk,
                bidder_id=chance.choice(people),
                amount_minor=100_00 + n,
                led=True,
                seq=n + 1,
                placed_at=instant(),
                void=chance.random() < 0.02,
            )
            for n in range(YEARS * bids_a_year)
        ),
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def sale_of(auction: Auction, chance: Random) -> Sale:
    """Return the sale of a sold auction, paid or not."""
    hammer_minor = auction.final_minor or 0
    return Sale(
        auction=auction,
        seller_id=auction.seller_id,
        buyer_id=auction.winner_id,
        currency=auction.currency,
        hammer_minor=hammer_minor,
        premium_minor=hammer_minor // 10,
        total_minor=hammer_minor + hammer_minor // 10,
        commission_minor=hammer_minor // 20,
        status=chance.choices(("paid", "due", "lapsed"), (90, 4, 6))[0],
        due_at=auction.ended_at,
        created_at=auction.ended_at,
    )


def store(model: Any, rows: Iterator[Any]) -> None:
    """Insert rows, a batch at a time."""
    while batch := list(islice(rows, BATCH)):
        model.objects.bulk_create(batch)


def measure(client: Client, asked: str, rounds: int) -> dict[str, float]:
    """Ask so many times; returns milliseconds, the first request's apart."""
    taken = []
    for _ in range(rounds + 1):
        begin = time.perf_counter()
        answer = client.get(f"/api/admin/dashboard/?{asked}")
        taken.append(1000 * (time.perf_counter() - begin))
        if answer.status_code != 200:
            raise SystemExit(f"{asked}: {answer.status_code} {answer.content[:300]!r}")
    first, *others = taken
    return {
        "first_ms": round(first, 1),
        "p50_ms": round(sorted(others)[len(others) // 2], 1),
        "worst_ms": round(max(others), 1),
    }


def run(arguments: argparse.Namespace) -> None:
    """Fill, ask, print."""
    call_command("migrate", verbosity=0)
    begin = time.perf_counter()
    fill(arguments.bids)
    took_seconds = time.perf_counter() - begin
    print(f"{Bid.objects.count()} bids on {connection.vendor}, {took_seconds:.0f} s to store")
    staff = User.objects.create(username="staff", email="staff@example.com", is_staff=True)
    access = store_login(staff, device=UNKNOWN_DEVICE).tokens.access
    client = Client(headers={"Authorization": f"Bearer {access}"})
    results = {}
    for period, steps in STEPS_OF.items():
        for step in steps:
            shown = measure(client, f"period={period}&step={step}", arguments.rounds)
            results[f"{period} by {step}"] = shown
            print(
                f"{period:6} by {step:6} first {shown['first_ms']:6.1f} ms"
                f"  p50 {shown['p50_ms']:6.1f} ms  worst {shown['worst_ms']:6.1f} ms",
                flush=True,
            )
    print(json.dumps({"vendor": connection.vendor, "bids": arguments.bids, "results": results}))


def main() -> int:
    """Parse the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bench.dashboard", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--bids", type=int, default=100_000, help="of a year")
    parser.add_argument("--rounds", type=int, default=10)
    run(parser.parse_args())
    return 0


if __name__ == "__main__":
    sys.exit(main())
