"""What has to be done now and then, beside closing: send mails, forget what has ended, move money.

Threads of their own: a mail server or a payment provider may take its time, an auction's end may
not wait for it, nor one of them for the other.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections

from apps.payments.tasks import compare_with_providers, do_due_work, open_forgotten_sales
from apps.users.tasks import forget_ended, send_due_mail

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks at what is due


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again."""

    work: Callable[[], int]
    every_seconds: float


#: Name of a thread -> what it does.
CHORES = {
    "chores": (
        Chore(send_due_mail, every_seconds=1),
        Chore(forget_ended, every_seconds=3600),
    ),
    "money": (
        Chore(open_forgotten_sales, every_seconds=3600),
        Chore(do_due_work, every_seconds=1),
        Chore(compare_with_providers, every_seconds=86_400),
    ),
}


def do_chores_until(stop: threading.Event, chores: Sequence[Chore]) -> None:
    """Do what is due until `stop` is set; each chore once at the start.

    A failure is logged, keeps no other chore from being done, and waits for its next turn.
    """
    due = dict.fromkeys(chores, 0.0)
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


def start_chores(stop: threading.Event) -> list[threading.Thread]:
    """Do the chores in their threads until `stop` is set."""
    threads = [
        threading.Thread(target=do_chores_until, args=(stop, chores), name=name, daemon=True)
        for name, chores in CHORES.items()
    ]
    for thread in threads:
        thread.start()
    return threads
