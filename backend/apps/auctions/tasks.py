"""Background work of listings: what time has made due.

The database is the queue: whoever calls this, and however many do at once, an auction is closed
once, because its desk decides under its row's lock.
"""

import logging

from celery import shared_task

from apps.auctions import selectors, services
from apps.bidding.desk import DeskFull, desk
from apps.core import clock
from domain.commands import Tick

log = logging.getLogger(__name__)

DUE_AT_ONCE_MAX = 500  # auctions looked at in one call; the rest is due at the next


@shared_task(name="auctions.close_due_auctions", ignore_result=True)
def close_due_auctions(limit: int = DUE_AT_ONCE_MAX) -> int:
    """Open, warn and close what is due; returns how many auctions were looked at.

    One that fails keeps no other from closing, and is left alone for a minute.
    """
    now = clock.database_now()
    due = selectors.due_auction_ids(now, limit)
    for auction_id in due:
        try:
            desk.ask(auction_id, Tick())
        except DeskFull:
            log.info("auction %s is busy: its next batch lets time pass", auction_id)
        except Exception:
            log.exception("auction %s is due and could not be looked at", auction_id)
    if due:
        services.postpone_still_due(due, now=now)
    return len(due)
