"""`bidbazaar web`: HTTP and live rooms in one or more processes; closing is done elsewhere."""

import argparse
import sys

from django.conf import settings

from config import serving
from config.commands import CommandError
from config.preparing import require_database


def run(options: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    if options.workers < 1:
        raise CommandError("WEB_CONCURRENCY must be at least 1", status=2)
    if options.workers > 1 and not settings.REDIS_URL:
        raise CommandError("several processes need a layer between their rooms: set REDIS_URL")
    require_database()
    street = serving.bind(options.host, options.port)
    host, port = street.getsockname()[:2]
    sys.stdout.write(f"{options.workers} processes at {serving.address(host, port)}\n")
    sys.stdout.flush()
    serving.serve_in_processes(street, workers=options.workers)
    return 0
