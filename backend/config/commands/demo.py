"""`bidbazaar demo [--live]`: something to look at, and somebody to bid against."""

import argparse
import signal
import sys
import threading

from django.conf import settings

from config.commands import CommandError
from config.demo.live import run_live
from config.demo.load import load_demo
from config.preparing import prepare_database
from config.progress import progress_bar


def run(options: argparse.Namespace) -> int:
    """Load what is missing of the demo data; with --live, bid until Ctrl-C or SIGTERM."""
    if not settings.DEMO:
        raise CommandError("the demo is off here: DEMO=on allows it, never on a site with people")
    prepare_database()
    with progress_bar("Loading demo data") as progress:
        load_demo(progress)
    if not options.live:
        sys.stdout.write("The demo data is in place.\n")
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    sys.stdout.write("Bidding; Ctrl-C ends it.\n")
    run_live(stop=stop, tell=_say)
    return 0


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
