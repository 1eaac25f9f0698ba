"""Background work of privacy: make the exports that wait, delete those that are over."""

from celery import shared_task

from apps.privacy import export_services


@shared_task(name="privacy.make_exports", ignore_result=True)
def make_exports() -> int:
    """Make the exports that wait; returns how many."""
    return export_services.make_due_exports()


@shared_task(name="privacy.forget_exports", ignore_result=True)
def forget_exports() -> int:
    """Delete the exports whose time is over; returns how many rows."""
    return export_services.forget_expired_exports()
