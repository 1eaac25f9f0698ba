"""GET /readyz: can this process serve the market now?

503 when the database or the layer between processes does not answer. A closer that lags is
reported but takes no web process out of service: every bid settles what is due before it is
decided, so nothing is sold wrongly, only announced late. So is a ledger whose balances do not add
up: staff have to look at it (`bidbazaar verify`), and no other process would know better.
"""

import time

import redis
from django.conf import settings
from django.db import Error, connection
from django.db.models import Min
from django.http import HttpRequest, HttpResponse

from apps.auctions.models import Auction
from apps.core import clock
from apps.core.replies import ReadOnly, json_reply
from apps.payments.verify import check_balances

LAYER_SECONDS_MAX = 1.0  # to answer a ping
CLOSER_LAG_SECONDS_MAX = 5.0  # a closer looks several times a second

Check = dict[str, object]


class ReadyView(ReadOnly):
    """Ask what this process needs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer 200 with each check's outcome, or 503."""
        checks = {
            "database": check_database(),
            "layer": check_layer(),
            "closer": check_closer(),
            "ledger": check_ledger(),
        }
        ready = bool(checks["database"]["ok"] and checks["layer"]["ok"])
        return json_reply(
            200 if ready else 503, {"status": "ready" if ready else "not ready", "checks": checks}
        )


def check_database() -> Check:
    """Ask the database for the number one."""
    started = time.perf_counter()
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": True, "vendor": connection.vendor, "milliseconds": _milliseconds_since(started)}


def check_layer() -> Check:
    """Ping Redis or Valkey; within one process there is nothing to ask."""
    if not settings.REDIS_URL:
        return {"ok": True, "kind": "in-process"}
    started = time.perf_counter()
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=LAYER_SECONDS_MAX,
            socket_connect_timeout=LAYER_SECONDS_MAX,
        ) as client:
            client.ping()
    except redis.RedisError as error:
        return {"ok": False, "kind": "redis", "error": type(error).__name__}
    return {"ok": True, "kind": "redis", "milliseconds": _milliseconds_since(started)}


def check_closer() -> Check:
    """Tell for how many seconds the oldest due auction has been waiting for a closer."""
    try:
        due = Auction.objects.filter(next_due_at__isnull=False).aggregate(at=Min("next_due_at"))
        now = clock.database_now()
    except Error as error:
        return {"ok": False, "error": type(error).__name__}
    lag_seconds = max(0.0, (now - due["at"]).total_seconds()) if due["at"] else 0.0
    return {"ok": lag_seconds <= CLOSER_LAG_SECONDS_MAX, "lag_seconds": round(lag_seconds, 3)}


def check_ledger() -> Check:
    """Tell whether the accounts' balances sum to zero and none is below it that must not be."""
    try:
        differences = check_balances()
    except Error as error:
        return {"ok": False, "error": type(error).__name__}
    return {"ok": not differences, "differences": len(differences)}


def _milliseconds_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)
