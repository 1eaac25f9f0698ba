"""Background work of the back office: whoever calls it, it is done once."""

from celery import shared_task

from apps.backoffice import account_services
from apps.core import clock


@shared_task(name="backoffice.look_after_bans", ignore_result=True)
def look_after_bans() -> int:
    """Lift bans whose time is up, void what the banned still have standing; returns how much."""
    return account_services.lift_ended_bans(clock.now()) + account_services.void_bids_of_banned()
