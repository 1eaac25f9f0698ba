"""`bidbazaar closer`: a process of its own that closes auctions when they are due.

Any number may run: each auction is closed under its own lock, once. Beside it the house's other
chores are done: mails sent, ended sessions forgotten,
money moved.
"""

import argparse
import signal
import threading

from config.chores import start_chores
from config.closing import close_until
from config.preparing import require_database

CHORES_SECONDS_MAX = 5  # for a mail that is being sent, a transfer that is being asked for


def run(options: argparse.Namespace) -> int:
    """Close until Ctrl-C or SIGTERM; an auction being closed is finished first."""
    require_database()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    chores = start_chores(stop)
    close_until(stop)
    for thread in chores:
        thread.join(CHORES_SECONDS_MAX)
    return 0
