"""Background work of money: whoever calls it, and however many at once, it is done once."""

from celery import shared_task

from apps.core import clock
from apps.payments import reconciling, sales, worker


@shared_task(name="payments.do_due_work", ignore_result=True)
def do_due_work() -> int:
    """Apply webhooks, carry out transfers and refunds, release, remind; returns how much."""
    return worker.do_due_work()


@shared_task(name="payments.open_forgotten_sales", ignore_result=True)
def open_forgotten_sales() -> int:
    """Open sales of auctions sold while nobody looked; returns how many."""
    return sales.open_sales(ever=True)


@shared_task(name="payments.compare_with_providers", ignore_result=True)
def compare_with_providers() -> int:
    """Compare the last days' charges with every provider's own list; returns what was odd."""
    return reconciling.compare_all(clock.database_now())
