"""The mailbox of a demo: what this house has mailed, to be read without a mail program.

Copies are kept while settings.DEMO is on, the newest of them; a house with people in it keeps
none. An account sees what was mailed to it, staff see everything.
"""

from django.conf import settings
from django.db.models import QuerySet

from apps.core import clock, mail
from apps.core.mail import Letter
from apps.users.models import SentMail, User

KEPT_MAX = 1000


def keep(letter: Letter, user: User, recipient: str) -> None:
    """Keep a copy of a letter that was sent to an address of a user; nothing outside a demo."""
    if not settings.DEMO:
        return
    row = SentMail.objects.create(
        user=user,
        recipient=recipient,
        subject=mail.subject_of(letter),
        text=mail.as_text(letter),
        html=mail.as_html(letter),
        sent_at=clock.now(),
    )
    SentMail.objects.filter(pk__lte=row.pk - KEPT_MAX).delete()


def mails_for(reader_id: int, *, is_staff: bool) -> QuerySet[SentMail]:
    """Return the copies this reader may see, newest first."""
    rows = SentMail.objects.order_by("-pk")
    return rows if is_staff else rows.filter(user_id=reader_id)


def mail_for(mail_id: int, reader_id: int, *, is_staff: bool) -> SentMail | None:
    """Return one of them; None when it is not there, or not for this reader."""
    return mails_for(reader_id, is_staff=is_staff).filter(pk=mail_id).first()
