"""`bidbazaar demo [--live]`: something to look at, and somebody to bid against."""

import argparse
import sys

from django.conf import settings

from config.commands import CommandError
from config.demo.live import run_live
from config.demo.load import load_demo
from config.preparing import nobody_lives_here, prepare_database
from config.progress import progress_bar


def run(options: argparse.Namespace) -> int:
    """Load the demo data into a database without accounts; with --live, keep bidding."""
    if not settings.DEMO:
        raise CommandError("the demo is off here: DEMO=on allows it, never on a site with people")
    prepare_database()
    if nobody_lives_here():
        with progress_bar("Loading demo data") as progress:
            load_demo(progress)
        sys.stdout.write("Demo data loaded.\n")
    elif not options.live:
        sys.stdout.write("There are accounts already; demo data goes into a new database only.\n")
    if options.live:
        run_live()
    return 0
