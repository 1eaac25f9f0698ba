"""`bidbazaar serve`: the whole house in one process; the first start prepares it."""

import argparse
import ipaddress
import os
import sys
import threading

from django.conf import settings
from rich.console import Console

from config import serving
from config.asgi import application
from config.chores import start_chores
from config.closing import close_until
from config.demo.load import PASSWORD, load_demo
from config.preparing import nobody_lives_here, prepare_database
from config.progress import progress_bar

DEMO_ACCOUNTS = "seller, bidder1, bidder2, staff"


def run(options: argparse.Namespace) -> int:
    """Prepare the database, then serve and close until Ctrl-C or SIGTERM."""
    street = serving.bind(options.host, options.port)
    with Console(stderr=True).status("Preparing the database…"):
        prepare_database()
    if settings.DEMO:
        _furnish()
    stop = threading.Event()
    closer = threading.Thread(target=close_until, args=(stop,), name="closer", daemon=True)
    closer.start()
    chores = start_chores(stop)
    try:
        serving.serve(application, street, when_ready=lambda: _greet(street.getsockname()))
    finally:
        stop.set()
        closer.join(serving.SHUTDOWN_SECONDS_MAX)
        for thread in chores:
            thread.join(serving.SHUTDOWN_SECONDS_MAX)
    return 0


def _furnish() -> None:
    """Load the demo data into a new database; finish a load that was interrupted."""
    unfinished = settings.DATA_DIR / "demo-unfinished"
    if not (unfinished.exists() or nobody_lives_here()):
        return
    unfinished.touch()
    with progress_bar("Loading demo data") as progress:
        load_demo(progress)
    unfinished.unlink()


def _greet(address: tuple[str, int]) -> None:
    host, port = address[:2]
    lines = [f"BidBazaar is open at {serving.address(host, port)}   (Ctrl-C closes it)"]
    if settings.DEMO:
        lines.append(f"Demo accounts: {DEMO_ACCOUNTS}; password: {PASSWORD}")
    if not ipaddress.ip_address(host).is_loopback and "ALLOWED_HOSTS" not in os.environ:
        lines.append("Others reach it once ALLOWED_HOSTS names the address they type.")
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
