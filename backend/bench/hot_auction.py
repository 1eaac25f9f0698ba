"""P1, P1b: bids a second on one hot auction, over pgbench's hot-row rate in the same run.

    python -m tests.servers --fsync -- python -m bench.hot_auction [--connections 8 32 128]

Ladder: each request takes the next higher number from one counter. Chase: each bidder bids the
best price it knows plus the increment. After each run the history is checked: gapless, rising,
one leader, replay equals the row. Prints a table and one JSON line.
"""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
os.environ.setdefault("RATE_LIMITS", "off")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from apps.auctions.models import Auction  # noqa: E402
from apps.bidding.desk import desk  # noqa: E402
from apps.bidding.verify import verify_auction  # noqa: E402
from apps.core import clock  # noqa: E402
from apps.users import tokens  # noqa: E402
from apps.users.models import LoginSession, User  # noqa: E402
from bench.load import Client, Tally, drive  # noqa: E402
from domain.commands import ActivateAuction  # noqa: E402

PORT = 9377
INCREMENT = 1  # major units
PGBENCH_SCRIPT = """\
\\set amount random(1, 1000000000)
BEGIN;
SELECT price FROM hot WHERE id = 1 FOR UPDATE;
UPDATE hot SET price = :amount, seq = seq + 1 WHERE id = 1;
INSERT INTO hot_bid (auction_id, bidder_id, amount, at)
VALUES (1, :client_id, :amount, clock_timestamp());
COMMIT;
"""


def make_auction(seller: User) -> int:
    """Return a fresh active auction with a strict increment of one cent."""
    now = clock.now()
    auction = Auction.objects.create(
        seller=seller,
        title="A hot auction",
        closing="timed",
        currency="USD",
        starting_minor=100,
        minimum_increment_minor=INCREMENT * 100,
        increment_strict=False,
        duration_seconds=7 * 24 * 3600,
        status="draft",
        created_at=now,
        updated_at=now,
    )
    desk.ask(auction.pk, ActivateAuction(actor_id=seller.pk))
    return auction.pk


def make_bidders(count: int) -> list[str]:
    """Return the access tokens of fresh bidders."""
    now = clock.now()
    found = []
    for _ in range(count):
        user = User.objects.create(username=f"b{time.time_ns()}", email=f"{time.time_ns()}@x.test")
        session = LoginSession(user=user, created_at=now, last_used_at=now)
        session.expires_at = now + timedelta(days=1)
        pair = tokens.issue_pair(user.pk, str(session.pk), now)
        session.refresh_digest = pair.refresh_digest
        session.save()
        found.append(pair.access)
    return found


@contextmanager
def server() -> Iterator[None]:
    """Run one web process."""
    command = [sys.executable, "-m", "config.program", "web", "--port", str(PORT)]
    process = subprocess.Popen(command, env={**os.environ, "WEB_CONCURRENCY": "1"})
    try:
        for _ in range(200):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=1).read()
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(10)


async def ladder(auction_id: int, bidders: list[str], seconds: float) -> Tally:
    """Bid ever higher numbers from one counter."""
    amounts = itertools.count(2)

    async def work(client: Client, index: int) -> int:
        body = b'{"auction_id":%d,"amount":%d}' % (auction_id, next(amounts))
        status, _ = await client.post("/api/bids/", bidders[index], body)
        return status

    return await drive("127.0.0.1", PORT, connections=len(bidders), seconds=seconds, work=work)


async def chase(auction_id: int, bidders: list[str], seconds: float) -> Tally:
    """Bid the best price known plus the increment, as people do."""
    known = [1.0] * len(bidders)

    async def work(client: Client, index: int) -> int:
        amount = int(known[index] + INCREMENT)
        body = b'{"auction_id":%d,"amount":%d}' % (auction_id, amount)
        status, reply = await client.post("/api/bids/", bidders[index], body)
        answer = json.loads(reply)
        known[index] = (
            amount if status == 201 else answer.get("min_next_bid", amount + 1) - INCREMENT
        )
        return status

    return await drive("127.0.0.1", PORT, connections=len(bidders), seconds=seconds, work=work)


def pgbench(connections: int, seconds: int) -> float:
    """Return pgbench's transactions a second on one hot row of the same server."""
    program = shutil.which("pgbench") or next(
        str(path) for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/pgbench"))
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE IF NOT EXISTS hot (id bigint PRIMARY KEY, price bigint, seq bigint);"
            "CREATE TABLE IF NOT EXISTS hot_bid (id bigserial PRIMARY KEY, auction_id bigint,"
            " bidder_id bigint, amount bigint, at timestamptz);"
            "INSERT INTO hot VALUES (1, 0, 0) ON CONFLICT DO NOTHING"
        )
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
        script.write(PGBENCH_SCRIPT)
        script.flush()
        output = subprocess.run(
            [
                *(program, "-n", "-f", script.name, "-j", "2"),
                *("-c", str(connections), "-T", str(seconds)),
                *_pg_arguments(),
            ],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    line = next(line for line in output.splitlines() if line.startswith("tps ="))
    return float(line.split()[2])


def _pg_arguments() -> list[str]:
    connection.ensure_connection()
    info: Any = connection.connection.info
    return ["-h", info.host, "-p", str(info.port), "-U", info.user, info.dbname]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--connections", type=int, nargs="+", default=[8, 32, 128])
    parser.add_argument("--seconds", type=int, default=5)
    options = parser.parse_args()
    call_command("migrate", verbosity=0)
    seller = User.objects.create(username=f"s{time.time_ns()}", email=f"s{time.time_ns()}@x.test")
    on_postgresql = connection.vendor == "postgresql"
    results = []
    with server():
        for connections in options.connections:
            bidders = make_bidders(connections)
            for name, mode in (("ladder", ladder), ("chase", chase)):
                asyncio.run(mode(make_auction(seller), bidders, 1))  # warm up
                auction_id = make_auction(seller)
                tally = asyncio.run(mode(auction_id, bidders, options.seconds))
                results.append(
                    {
                        "mode": name,
                        "connections": connections,
                        "accepted_per_second": round(tally.rate(201)),
                        "refused_per_second": round(tally.rate(400)),
                        "p50_ms": round(tally.quantile(0.5), 1),
                        "p99_ms": round(tally.quantile(0.99), 1),
                        "statuses": tally.statuses,
                        "differences": verify_auction(auction_id),
                    }
                )
                print(json.dumps(results[-1]), flush=True)
            if on_postgresql:
                rate = pgbench(connections, options.seconds)
                ladder_rate = results[-2]["accepted_per_second"]
                print(f"pgbench {connections}: {rate:.0f}/s, ratio {ladder_rate / rate:.2f}")
                results[-2]["over_pgbench"] = round(ladder_rate / rate, 2)
    print(json.dumps(results))


if __name__ == "__main__":
    main()
