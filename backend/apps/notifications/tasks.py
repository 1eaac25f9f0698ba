"""Background work of notifications: tell what happened, order the mails that are due."""

from celery import shared_task

from apps.core import clock
from apps.notifications import mailing, push_services, services, telling


@shared_task(name="notifications.tell", ignore_result=True)
def tell_people() -> int:
    """Make notifications of what was committed and what time brings; returns how much."""
    return telling.tell()


@shared_task(name="notifications.tell_forgotten", ignore_result=True)
def tell_forgotten() -> int:
    """Make those that the frequent look has missed; returns how much."""
    return telling.tell(ever=True)


@shared_task(name="notifications.order_mail", ignore_result=True)
def order_due_mail() -> int:
    """Hand the mails whose time has come to the mail queue; returns how many."""
    return mailing.order_due_mail() + mailing.order_due_digests()


@shared_task(name="notifications.push", ignore_result=True)
def push_what_is_due() -> int:
    """Push to browsers what is due; returns how many were taken."""
    push_services.order_due_pushes()
    return push_services.send_due_pushes()


@shared_task(name="notifications.forget", ignore_result=True)
def forget_old_notifications() -> int:
    """Delete notifications of long ago; returns how many."""
    return services.forget_old_notifications(clock.now())
