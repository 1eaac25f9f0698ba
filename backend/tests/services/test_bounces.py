"""Addresses that take no mail: noticed, told, written to no more, and written to again."""

import smtplib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend

from apps.core import clock
from apps.notifications import mailing, services, telling
from apps.notifications.kinds import Kind, Note
from apps.notifications.models import Notification
from apps.notifications.sentences import Says
from apps.users import bounces, mailbox
from apps.users import services as accounts
from apps.users.letters import Kind as LetterKind
from apps.users.mail_services import request_password_reset, send_due_mail
from apps.users.models import MailBounce, MailOrder, OneTimeSecret, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db

SETTINGS_PATH = "/api/notifications/settings/"
BOUNCES_PATH = "/api/notifications/bounces/"
SECRET = "what-the-mail-service-says"


class PickyServer(EmailBackend):
    """Takes what locmem takes, but refuses some recipients as an SMTP server does."""

    refuses: dict[str, tuple[int, bytes]] = {}

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            refused = {to: self.refuses[to] for to in message.to if to in self.refuses}
            if refused:
                raise smtplib.SMTPRecipientsRefused(refused)
        return super().send_messages(messages)


@pytest.fixture
def refuse(settings: Any, monkeypatch: Any) -> Callable[..., None]:
    """Return a function that lets the mail server refuse an address from then on."""
    settings.EMAIL_BACKEND = f"{__name__}.PickyServer"
    monkeypatch.setattr(PickyServer, "refuses", {})

    def of(user: User, code: int = 550, said: bytes = b"5.1.1 no such user") -> None:
        PickyServer.refuses[user.email] = (code, said)

    return of


def tell(user: User, source: str) -> None:
    note = Note(
        user_id=user.pk,
        kind=Kind.WON,
        says=Says.WON,
        source=source,
        at=clock.now(),
        title="You won",
    )
    services.notify([note])


def mailed(user: User, source: str) -> int:
    """Tell somebody something and let the mails go; returns how many were sent."""
    tell(user, source)
    mailing.order_due_mail()
    return send_due_mail()


def notices(user: User) -> list[str]:
    rows = Notification.objects.filter(user=user, kind="email_off")
    return list(rows.values_list("body", flat=True))


def test_an_address_that_does_not_exist_is_written_to_no_more(
    cast: Cast, refuse: Callable[..., None]
) -> None:
    refuse(cast.bidder1)
    assert mailed(cast.bidder1, "one") == 0
    assert not MailOrder.objects.exists(), "it is not tried again"
    row = MailBounce.objects.get()
    assert (row.user, row.email) == (cast.bidder1, "bidder1@example.com")
    assert row.detail == "550 5.1.1 no such user"

    tell(cast.bidder1, "two")
    assert mailing.order_due_mail() == 0
    assert mailed(cast.bidder2, "other") == 1


def test_its_owner_is_told_once_in_the_app(cast: Cast, refuse: Callable[..., None]) -> None:
    refuse(cast.bidder1)
    mailed(cast.bidder1, "one")
    telling.tell()
    bounces.note(cast.bidder1.pk, cast.bidder1.email, "again")
    telling.tell()

    (body,) = notices(cast.bidder1)
    assert body.startswith("bidder1@example.com refused a mail of ours")
    assert Notification.objects.get(kind="email_off").email_due_at is None
    assert notices(cast.bidder2) == []


def test_a_mailbox_that_is_full_is_tried_again(cast: Cast, refuse: Callable[..., None]) -> None:
    refuse(cast.bidder1, 452, b"mailbox full")
    mailed(cast.bidder1, "one")

    assert MailOrder.objects.get().tries == 1
    assert not MailBounce.objects.exists()


def test_what_is_asked_for_is_tried_all_the_same(
    cast: Cast, refuse: Callable[..., None], mailoutbox: list[Any]
) -> None:
    bounces.note(cast.bidder1.pk, cast.bidder1.email, "550")
    request_password_reset(cast.bidder1.email)
    assert send_due_mail() == 1
    refuse(cast.bidder1)
    OneTimeSecret.objects.all().delete()
    request_password_reset(cast.bidder1.email)

    assert send_due_mail() == 0
    assert not OneTimeSecret.objects.exists(), "a link nobody got opens nothing"
    assert not MailOrder.objects.exists()


@pytest.mark.parametrize("how", ["says so", "confirms", "moves"])
def test_it_is_written_to_again_when_its_owner(
    cast: Cast, api: Any, how: str, mailoutbox: list[Any]
) -> None:
    user, client = cast.bidder1, api(cast.bidder1)
    bounces.note(user.pk, user.email, "550")
    paused = client.get(SETTINGS_PATH).json()["email"]
    assert paused["address"] == user.email
    assert paused["paused_at"] is not None

    if how == "says so":
        assert client.post("/api/notifications/email/resume/").json()["email"] == {
            "address": user.email,
            "paused_at": None,
        }
    elif how == "confirms":
        User.objects.filter(pk=user.pk).update(email_verified_at=clock.now())
    else:
        accounts.change_email(user, email="moved@example.com", password="securepassword")
    assert client.get(SETTINGS_PATH).json()["email"]["paused_at"] is None
    MailOrder.objects.all().delete()
    assert mailed(user, how) == 1

    bounces.note(user.pk, User.objects.get(pk=user.pk).email, "550 again")
    assert client.get(SETTINGS_PATH).json()["email"]["paused_at"] is not None
    telling.tell()
    assert notices(user) != []


def test_an_old_address_that_refuses_says_nothing_of_the_new_one(
    cast: Cast, refuse: Callable[..., None]
) -> None:
    mailbox.order(LetterKind.EMAIL_CHANGED, user_id=cast.bidder1.pk, email="old@example.com")
    PickyServer.refuses["old@example.com"] = (550, b"gone")
    send_due_mail()

    assert not MailBounce.objects.exists()
    assert not MailOrder.objects.exists()


# -- what mail services report ------------------------------------------------------------------


def report(api: Any, secret: str | None, **body: Any) -> Any:
    headers = {} if secret is None else {"HTTP_X_BOUNCE_SECRET": secret}
    return api().post(BOUNCES_PATH, body, **headers)


def test_a_mail_service_reports_an_address(cast: Cast, api: Any, settings: Any) -> None:
    settings.EMAIL_BOUNCE_SECRET = SECRET
    for email in ("BIDDER1@example.com", "nobody@example.com"):
        answer = report(api, SECRET, email=email, detail="552 5.1.1\r\nno such user")
        assert (answer.status_code, answer.json()) == (200, {"received": True})

    row = MailBounce.objects.get()
    assert (row.user, row.detail) == (cast.bidder1, "552 5.1.1 no such user")


@pytest.mark.parametrize("secret", [None, "", "wrong", "what-the-mail-service-say"])
def test_who_does_not_know_the_secret_reports_nothing(
    cast: Cast, api: Any, settings: Any, secret: str | None
) -> None:
    settings.EMAIL_BOUNCE_SECRET = SECRET
    assert report(api, secret, email="bidder1@example.com").status_code == 403
    settings.EMAIL_BOUNCE_SECRET = ""
    assert report(api, secret, email="bidder1@example.com").status_code == 404
    assert not MailBounce.objects.exists()


def test_a_report_without_an_address_is_refused(api: Any, settings: Any) -> None:
    settings.EMAIL_BOUNCE_SECRET = SECRET
    assert report(api, SECRET, detail="x").json()["fields"] == ["email"]


# -- forgetting ---------------------------------------------------------------------------------


def test_what_was_read_long_ago_is_forgotten_and_told_no_second_time(
    cast: Cast, settings: Any
) -> None:
    settings.NOTIFICATIONS_KEPT_DAYS = 30
    now = clock.now()
    ages = {"read": 31, "read lately": 29, "unread": 31, "unread for a year": 366, "mailed": 31}
    for source, days in ages.items():
        tell(cast.bidder1, source)
        Notification.objects.filter(source=source).update(
            created_at=now - timedelta(days=days),
            read_at=now if source.startswith("read") else None,
            in_app=source != "mailed",
        )

    assert services.forget_old_notifications(now, limit=2) == 2
    assert services.forget_old_notifications(now) == 1
    left = Notification.objects.order_by("pk").values_list("source", flat=True)
    assert list(left) == ["read lately", "unread"]
    telling.tell(ever=True)
    assert Notification.objects.count() == 2
