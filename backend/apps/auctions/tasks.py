"""Background work of listings: what time has made due.

The database is the queue: whoever calls this, and however many do at once, an auction is closed
once, because its desk decides under its row's lock.
"""

import logging
from collections.abc import Sequence

from celery import shared_task

from apps.auctions import selectors, services
from apps.bidding.desk import desk
from apps.core import clock

log = logging.getLogger(__name__)

DUE_AT_ONCE_MAX = 1000  # auctions looked at in one call; the rest is due at the next
TOGETHER_MAX = 100  # auctions in one transaction: bounds how long their rows are locked


@shared_task(name="auctions.close_due_auctions", ignore_result=True)
def close_due_auctions(limit: int = DUE_AT_ONCE_MAX) -> int:
    """Open, warn and close what is due; returns how many auctions were looked at.

    Many share a transaction; one that fails keeps no other from closing, and is left alone for
    a minute.
    """
    now = clock.database_now()
    due = selectors.due_auction_ids(now, limit)
    failed: list[int] = []
    for start in range(0, len(due), TOGETHER_MAX):
        failed += _close(due[start : start + TOGETHER_MAX])
    if failed:
        services.postpone_still_due(failed, now=now)
    return len(due)


def _close(auction_ids: Sequence[int]) -> list[int]:
    """Return those that failed, tried alone as well."""
    try:
        desk.let_time_pass(auction_ids)
    except Exception:
        if len(auction_ids) == 1:
            log.exception("auction %s is due and could not be looked at", auction_ids[0])
            return list(auction_ids)
        return [failed for auction_id in auction_ids for failed in _close([auction_id])]
    return []
