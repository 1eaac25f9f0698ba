"""All that money does by itself, in one look. The database is the queue; any number may look."""

import logging
from collections.abc import Callable
from datetime import datetime

from apps.core import clock
from apps.payments import (
    accounts,
    calls,
    inbox,
    reconciling,
    sales,
    subscription_services,
    unpaid,
)

log = logging.getLogger(__name__)

TOGETHER_MAX = 25  # rows taken at once: what a worker that dies has claimed waits for a while
ROUNDS_MAX = 20  # of one kind of work in one look; the rest is due at the next

Work = Callable[[datetime, int], int]


def _open_sales(_now: datetime, limit: int) -> int:
    return sales.open_sales(limit)


WORK: tuple[Work, ...] = (
    _open_sales,
    inbox.apply_waiting,
    calls.carry_out_due,
    reconciling.look_at_payments,
    reconciling.release_due,
    unpaid.look_after_unpaid,
    subscription_services.look_after_subscriptions,
    accounts.look_after_accounts,
)


def do_due_work() -> int:
    """Do what is due; returns how many things were looked at. One failure stops no other work."""
    done = 0
    for work in WORK:
        try:
            done += _repeated(work)
        except Exception:
            log.exception("%s failed; it is tried again at the next look", work.__name__)
    return done


def _repeated(work: Work) -> int:
    """Work until less than a full hand is left."""
    done = 0
    for _ in range(ROUNDS_MAX):
        count = work(clock.database_now(), TOGETHER_MAX)
        done += count
        if count < TOGETHER_MAX:
            break
    return done
