"""A mail: its text and its HTML are two renderings of the same paragraphs.

What goes in is plain text; the HTML is escaped by the template, so that a user name with markup
in it is only ever shown.
"""

from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from textwrap import fill
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

TEXT_WIDTH = 72  # characters of a line; a link is never broken


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: plain text, and perhaps one link to follow.

    `unsubscribe`: where a mail program asks for no more of these, by one POST (RFC 8058).
    """

    subject: str
    paragraphs: tuple[str, ...]
    link_text: str = ""
    link: str = ""
    after_link: tuple[str, ...] = ()
    unsubscribe: str = ""


def send(letter: Letter, to: str) -> None:
    """Hand a letter to the mail server, waiting for it; raises what its connection raises."""
    mail = EmailMultiAlternatives(
        subject=subject_of(letter),
        body=as_text(letter),
        from_email=sender(),
        to=[to],
        headers=_headers(letter),
    )
    mail.attach_alternative(as_html(letter), "text/html")
    mail.send()


def _headers(letter: Letter) -> dict[str, str]:
    headers = {"Auto-Submitted": "auto-generated"}  # no out-of-office answers (RFC 3834)
    if letter.unsubscribe:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def sender() -> str:
    """Return who mails are from."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return settings.EMAIL_FROM or formataddr((settings.SITE_NAME, f"noreply@{host}"))


def sender_address() -> str:
    """Return the address alone."""
    return parseaddr(sender())[1]


def as_text(letter: Letter) -> str:
    """Return the letter as plain text."""
    link = [f"{letter.link_text}:\n{letter.link}"] if letter.link else []
    parts = [
        *(_wrapped(text) for text in letter.paragraphs),
        *link,
        *(_wrapped(text) for text in letter.after_link),
        f"-- \n{settings.SITE_NAME}",
    ]
    return "\n\n".join(parts) + "\n"


def as_html(letter: Letter) -> str:
    """Return the letter as HTML."""
    return render_to_string("core/letter.html", {"letter": letter, "site_name": settings.SITE_NAME})


def _wrapped(text: str) -> str:
    return fill(text, TEXT_WIDTH, break_long_words=False, break_on_hyphens=False)


def subject_of(letter: Letter) -> str:
    """Return the subject in one line: a break in it would be a header of somebody's choice."""
    return " ".join(letter.subject.split())
