"""Background work of accounts: mails to send, rows to forget. Either may run twice or late."""

from celery import shared_task

from apps.users import mail_services, services


@shared_task(name="users.send_due_mail", ignore_result=True)
def send_due_mail() -> int:
    """Send the mails that wait; returns how many."""
    return mail_services.send_due_mail()


@shared_task(name="users.forget_ended", ignore_result=True)
def forget_ended() -> int:
    """Delete sessions, tickets and secrets that ended; returns how many rows."""
    return services.forget_ended()
