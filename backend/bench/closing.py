"""P6: a thousand auctions that end in the same second, closed by one closer.

    python -m tests.servers --fsync -- python -m bench.closing [--auctions 1000]

A third has bids, half are offers listings. Checks that each was closed once.
"""

import argparse
import json
import os
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from apps.auctions.models import Auction  # noqa: E402
from apps.auctions.tasks import close_due_auctions  # noqa: E402
from apps.bidding.desk import desk  # noqa: E402
from apps.bidding.models import BidHistory  # noqa: E402
from apps.core import clock  # noqa: E402
from apps.users.models import User  # noqa: E402
from domain.commands import PlaceBid  # noqa: E402


def furnish(count: int) -> User:
    """Make the auctions, due a moment ago; returns their seller."""
    now = clock.now()
    seller, bidder = (
        User.objects.create(username=f"{kind}{time.time_ns()}", email=f"{time.time_ns()}@x.test")
        for kind in ("s", "b")
    )
    end = now + timedelta(days=1)
    Auction.objects.bulk_create(
        Auction(
            seller=seller,
            title=f"Auction {number}",
            closing="timed" if number % 2 else "seller_choice",
            currency="USD",
            starting_minor=100,
            status="active",
            start_at=now,
            end_at=end,
            original_end_at=end,
            next_due_at=end,
            created_at=now,
            updated_at=now,
        )
        for number in range(count)
    )
    for auction in Auction.objects.filter(seller=seller).order_by("pk")[: count // 3]:
        desk.ask(auction.pk, PlaceBid(actor_id=bidder.pk, amount_minor=500))
    due = clock.now()
    Auction.objects.filter(seller=seller).update(
        start_at=due - timedelta(days=1), end_at=due, original_end_at=due, next_due_at=due
    )
    return seller


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--auctions", type=int, default=1000)
    count = parser.parse_args().auctions
    call_command("migrate", verbosity=0)
    seller = furnish(count)
    begin = time.perf_counter()
    while close_due_auctions():
        pass
    seconds = time.perf_counter() - begin
    ended = BidHistory.objects.filter(auction__seller=seller, type="auction_ended")
    result = {
        "database": connection.vendor,
        "auctions": count,
        "seconds": round(seconds, 2),
        "closed": Auction.objects.filter(seller=seller, status="ended").count(),
        "ended_events": ended.count(),
    }
    print(f"closed {result['closed']} of {count} in {seconds:.2f} s")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
