"""The closer's loop: look for due auctions several times a second, whatever happens."""

import logging
import threading

from django.conf import settings
from django.db import close_old_connections

from apps.auctions.tasks import close_due_auctions

log = logging.getLogger(__name__)

FAILED_SECONDS = 2.0  # to wait after a failure, so that a dead database does not fill the log


def close_until(stop: threading.Event) -> None:
    """Close what is due until `stop` is set. A failure is logged and the next look repeats it."""
    wait_seconds = settings.CLOSER_SECONDS
    while not stop.wait(wait_seconds):
        wait_seconds = settings.CLOSER_SECONDS
        try:
            close_due_auctions()
        except Exception:
            log.exception("closing failed; trying again in %s s", FAILED_SECONDS)
            wait_seconds = FAILED_SECONDS
        finally:
            close_old_connections()
