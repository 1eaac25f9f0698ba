"""What has to be done now and then, beside closing: send waiting mails, forget what has ended.

A thread of its own: a mail server may take its time, an auction's end may not wait for it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import close_old_connections

from apps.users.tasks import forget_ended, send_due_mail

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks at what is due


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again."""

    work: Callable[[], int]
    every_seconds: float


CHORES = (
    Chore(send_due_mail, every_seconds=1),
    Chore(forget_ended, every_seconds=3600),
)


def do_chores_until(stop: threading.Event) -> None:
    """Do what is due until `stop` is set; each chore once at the start.

    A failure is logged, keeps no other chore from being done, and waits for its next turn.
    """
    due = dict.fromkeys(CHORES, 0.0)
    while not stop.is_set():
        for chore, due_at in due.items():
            if time.monotonic() >= due_at:
                due[chore] = time.monotonic() + chore.every_seconds
                _do(chore)
        stop.wait(LOOK_SECONDS)


def _do(chore: Chore) -> None:
    try:
        chore.work()
    except Exception:
        log.exception("a chore failed; trying again in %s s", chore.every_seconds)
    finally:
        close_old_connections()


def start_chores(stop: threading.Event) -> threading.Thread:
    """Do the chores in a thread until `stop` is set."""
    thread = threading.Thread(target=do_chores_until, args=(stop,), name="chores", daemon=True)
    thread.start()
    return thread
