"""`bidbazaar closer`: a process of its own that closes auctions when they are due.

Any number may run: each auction is closed under its own lock, once.
"""

import argparse
import signal
import threading

from config.closing import close_until
from config.preparing import require_database


def run(options: argparse.Namespace) -> int:
    """Close until Ctrl-C or SIGTERM; an auction being closed is finished first."""
    require_database()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    close_until(stop)
    return 0
