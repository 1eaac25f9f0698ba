"""`bidbazaar doctor`: is this installation fit to keep its promises?"""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import connection
from rich.console import Console
from rich.markup import escape

from apps.core import clock
from apps.payments.gateways import gateway_for, methods
from config.health import check_closer, check_layer
from config.preparing import database_trouble, waiting_migrations

PYTHON_MIN = (3, 11)
SECRET_KEY_LENGTH_MIN = 40
DISK_FREE_BYTES_MIN = 100 * 1024**2  # below it the next checkpoint may fail
DISK_FREE_BYTES_LOW = 1024**3
CLOCK_SKEW_SECONDS_MAX = 2.0  # countdowns are off by it; bids are decided by the database's clock


class Verdict(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAILURE = "failure"


@dataclass(frozen=True)
class Finding:
    """One thing looked at, what was seen, and what to do about it."""

    check: str
    verdict: Verdict
    seen: str
    remedy: str = ""


def run(options: argparse.Namespace) -> int:
    """Print all findings; the exit status is 1 when one is a failure."""
    findings = examine()
    if options.json:
        json.dump([asdict(finding) for finding in findings], sys.stdout)
        sys.stdout.write("\n")
    else:
        _print_lines(findings)
    return 1 if any(finding.verdict is Verdict.FAILURE for finding in findings) else 0


def examine() -> list[Finding]:
    """Make every check; without a database, those that need none."""
    findings = [*_python(), *_settings(), *_payments(), *_disk(), *_layer()]
    if trouble := database_trouble():
        remedy = "start it, or correct DATABASE_URL"
        return [*findings, Finding("database", Verdict.FAILURE, trouble, remedy)]
    findings += [*_database(), *_durability(), *_clock()]
    if waiting := waiting_migrations():
        remedy = "run `bidbazaar serve` or `python backend/manage.py migrate`"
        seen = f"{len(waiting)} waiting, from {waiting[0]}"
        return [*findings, Finding("migrations", Verdict.FAILURE, seen, remedy)]
    return [*findings, Finding("migrations", Verdict.OK, "all applied"), *_closer()]


def _judge(check: str, seen: str, *, good: bool, bad: Verdict, remedy: str) -> Finding:
    return Finding(check, Verdict.OK, seen) if good else Finding(check, bad, seen, remedy)


def _python() -> Iterator[Finding]:
    yield _judge(
        "python",
        sys.version.split()[0],
        good=sys.version_info >= PYTHON_MIN,
        bad=Verdict.FAILURE,
        remedy="install Python 3.11 or newer",
    )


def _settings() -> Iterator[Finding]:
    length = len(settings.SECRET_KEY)
    yield _judge(
        "secret key",
        f"{length} characters",
        good=length >= SECRET_KEY_LENGTH_MIN,
        bad=Verdict.FAILURE,
        remedy=f"set SECRET_KEY to {SECRET_KEY_LENGTH_MIN} random characters or more",
    )
    yield _judge(
        "debug",
        "on" if settings.DEBUG else "off",
        good=not settings.DEBUG,
        bad=Verdict.WARNING,
        remedy="unset DEBUG: it shows the inside of errors to anybody",
    )
    yield _judge(
        "rate limits",
        "on" if settings.RATE_LIMITS else "off",
        good=settings.RATE_LIMITS,
        bad=Verdict.WARNING,
        remedy="unset RATE_LIMITS: passwords can be guessed at full speed",
    )
    kind = settings.EMAIL_BACKEND.split(".")[-2]
    yield _judge(
        "mail",
        f"{kind}: {settings.EMAIL_FILE_PATH}" if kind == "filebased" else kind,
        good=settings.DEMO or kind == "smtp",
        bad=Verdict.WARNING,
        remedy="set EMAIL_URL: links to new passwords reach nobody",
    )


def _payments() -> Iterator[Finding]:
    production = os.environ.get("DJANGO_SETTINGS_MODULE", "").endswith("production")
    offered = ", ".join(sorted({gateway_for(method).name for method in methods()}))
    yield _judge(
        "payments",
        offered or "none",
        good=bool(offered) and not (production and "sandbox" in offered),
        bad=Verdict.WARNING,
        remedy="set STRIPE_SECRET_KEY or PAYPAL_CLIENT_ID"
        + ("; play money was forced" if offered else ": winners cannot pay"),
    )


def _disk() -> Iterator[Finding]:
    folder: Path = settings.DATA_DIR
    while not folder.exists():
        folder = folder.parent
    free_bytes = shutil.disk_usage(folder).free
    yield _judge(
        "disk space",
        f"{free_bytes / 1024**3:.1f} GiB free in {folder}",
        good=free_bytes >= DISK_FREE_BYTES_LOW,
        bad=Verdict.WARNING if free_bytes >= DISK_FREE_BYTES_MIN else Verdict.FAILURE,
        remedy="make room, or set DATA_DIR to a larger disk",
    )


def _database() -> Iterator[Finding]:
    version = "sqlite_version()" if connection.vendor == "sqlite" else "version()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {version}")
        seen = str(cursor.fetchone()[0])
    name = "" if seen.startswith("PostgreSQL") else f"{connection.vendor} "
    yield Finding("database", Verdict.OK, f"{name}{seen.split(' on ', maxsplit=1)[0]}")


#: What makes a committed bid survive a power cut, by database: setting -> value.
_DURABLE = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA synchronous": "2",
        "PRAGMA foreign_keys": "1",
    },
    "postgresql": {
        "SHOW fsync": "on",
        "SHOW synchronous_commit": "on",
        "SHOW full_page_writes": "on",
    },
}


def _durability() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        for question, wanted in _DURABLE[connection.vendor].items():
            cursor.execute(question)
            seen = str(cursor.fetchone()[0])
            name = question.split()[1]
            yield _judge(
                f"durability: {name}",
                seen,
                good=seen == wanted,
                bad=Verdict.FAILURE,
                remedy=f"set {name} to {wanted}: an accepted bid could be lost in a power cut",
            )


def _clock() -> Iterator[Finding]:
    before = clock.now()
    there = clock.database_now()
    here = before + (clock.now() - before) / 2
    skew_seconds = abs(there - here) / timedelta(seconds=1)
    yield _judge(
        "clock",
        f"{skew_seconds:.3f} s from the database's",
        good=skew_seconds <= CLOCK_SKEW_SECONDS_MAX,
        bad=Verdict.WARNING,
        remedy="let NTP set the clocks of both machines",
    )


def _layer() -> Iterator[Finding]:
    answer = check_layer()
    seen = str(answer["kind"]) if answer["ok"] else f"{answer['kind']}: {answer['error']}"
    yield _judge(
        "layer",
        seen,
        good=bool(answer["ok"]),
        bad=Verdict.FAILURE,
        remedy="start Valkey or Redis, or correct REDIS_URL",
    )


def _closer() -> Iterator[Finding]:
    answer = check_closer()
    yield _judge(
        "closer",
        f"oldest due auction waits {answer.get('lag_seconds', '?')} s",
        good=bool(answer["ok"]),
        bad=Verdict.WARNING,
        remedy="run `bidbazaar serve` or `bidbazaar closer`",
    )


_COLOURS = {Verdict.OK: "green", Verdict.WARNING: "yellow", Verdict.FAILURE: "red"}


def _print_lines(findings: list[Finding]) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for finding in findings:
        colour = _COLOURS[finding.verdict]
        verdict = f"[{colour}]{finding.verdict.value:8}[/]"
        console.print(f"{verdict} {finding.check:31} {escape(finding.seen)}")
        if finding.remedy:
            console.print(f"{'':8} {'':31} {escape(finding.remedy)}")
