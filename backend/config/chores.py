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

from apps.backoffice.tasks import look_after_bans
from apps.notifications.tasks import (
    forget_old_notifications,
    order_due_mail,
    push_what_is_due,
    tell_forgotten,
    tell_people,
)
from apps.payments.tasks import compare_with_providers, do_due_work, open_forgotten_sales
from apps.privacy.tasks import forget_exports, make_exports
from apps.risk.tasks import forget_old_keys, look_for_risk
from apps.users.tasks import forget_ended, send_due_mail
from apps.webhooks.tasks import (
    deliver_webhooks,
    forget_webhooks,
    gather_forgotten_webhooks,
    gather_webhooks,
)

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # between two looks at what is due
FAILED_SECONDS_MAX = 60.0  # what is done once a day is tried again sooner


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again."""

    work: Callable[[], int]
    every_seconds: float

    @property
    def failed_seconds(self) -> float:
        """Until it is tried again after a failure."""
        return min(self.every_seconds, FAILED_SECONDS_MAX)


#: Name of a thread -> what it does.
CHORES = {
    "chores": (
        Chore(send_due_mail, every_seconds=1),
        Chore(forget_ended, every_seconds=3600),
        Chore(look_after_bans, every_seconds=30),
        Chore(look_for_risk, every_seconds=60),
        Chore(forget_old_keys, every_seconds=24 * 3600),
    ),
    "notifications": (
        Chore(tell_forgotten, every_seconds=3600),
        Chore(tell_people, every_seconds=1),
        Chore(order_due_mail, every_seconds=5),
        Chore(forget_old_notifications, every_seconds=3600),
    ),
    "pushes": (Chore(push_what_is_due, every_seconds=1),),
    "money": (
        Chore(open_forgotten_sales, every_seconds=3600),
        Chore(do_due_work, every_seconds=1),
        Chore(compare_with_providers, every_seconds=6 * 3600),
    ),
    "exports": (
        Chore(make_exports, every_seconds=5),
        Chore(forget_exports, every_seconds=3600),
    ),
    "webhooks": (
        Chore(gather_forgotten_webhooks, every_seconds=3600),
        Chore(gather_webhooks, every_seconds=1),
        Chore(deliver_webhooks, every_seconds=1),
        Chore(forget_webhooks, every_seconds=3600),
    ),
}


def do_chores_until(stop: threading.Event, chores: Sequence[Chore]) -> None:
    """Do what is due until `stop` is set; each chore once at the start.

    A failure is logged, keeps no other chore from being done, and is tried again.
    """
    due = dict.fromkeys(chores, 0.0)
    while not stop.is_set():
        for chore, due_at in due.items():
            if time.monotonic() >= due_at:
                done = _do(chore)
                wait_seconds = chore.every_seconds if done else chore.failed_seconds
                due[chore] = time.monotonic() + wait_seconds
        stop.wait(LOOK_SECONDS)


def _do(chore: Chore) -> bool:
    try:
        chore.work()
    except Exception:
        log.exception("a chore failed; trying again in %s s", chore.failed_seconds)
        return False
    finally:
        close_old_connections()
    return True


def start_chores(stop: threading.Event) -> list[threading.Thread]:
    """Do the chores in their threads until `stop` is set."""
    threads = [
        threading.Thread(target=do_chores_until, args=(stop, chores), name=name, daemon=True)
        for name, chores in CHORES.items()
    ]
    for thread in threads:
        thread.start()
    return threads
