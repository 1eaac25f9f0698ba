"""Background work of webhooks: order what was committed, send what is due, forget what is done."""

from celery import shared_task

from apps.webhooks import delivering, gathering


@shared_task(name="webhooks.gather", ignore_result=True)
def gather_webhooks() -> int:
    """Order deliveries of what was committed; returns how many rows of logs were read."""
    return gathering.gather()


@shared_task(name="webhooks.gather_forgotten", ignore_result=True)
def gather_forgotten_webhooks() -> int:
    """Order those that the frequent look has missed; returns how many rows were read."""
    return gathering.gather(ever=True)


@shared_task(name="webhooks.deliver", ignore_result=True)
def deliver_webhooks() -> int:
    """Send what is due; returns how many requests were made."""
    return delivering.deliver_due()


@shared_task(name="webhooks.forget", ignore_result=True)
def forget_webhooks() -> int:
    """Delete what was finished long ago; returns how many rows."""
    return delivering.forget_finished()
