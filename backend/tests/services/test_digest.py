"""The mail of the day: one, at one's own hour, with what one wanted to be told that way."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apps.core import clock
from apps.notifications import mailing, services
from apps.notifications.kinds import Kind, Note
from apps.notifications.models import Notification
from apps.notifications.sentences import Says
from apps.notifications.settings_services import Wishes, change_settings
from apps.users import bounces
from apps.users import services as accounts
from apps.users.mail_services import send_due_mail
from apps.users.models import MailOrder, User, UserProfile
from tests.cast import Cast

pytestmark = pytest.mark.django_db

DIGEST_ONLY = {"lost": {"email": False, "digest": True}, "won": {"email": False, "digest": True}}


def wants_digest(user: User, at: time = time(8), zone: str = "Europe/Berlin") -> None:
    UserProfile.objects.filter(user=user).update(timezone=zone)
    change_settings(user.pk, kinds=DIGEST_ONLY, digest_at=at)


def tell(user: User, title: str, kind: Kind = Kind.LOST, **more: Any) -> None:
    note = Note(
        user_id=user.pk,
        kind=kind,
        says=Says.LOST_UNSOLD,
        source=title,
        at=clock.now(),
        title=title,
        **more,
    )
    services.notify([note])


def mails_until(frozen_clock: Any, hour: datetime) -> int:
    """Let time pass and return how many digests that brought."""
    frozen_clock.set(hour)
    return mailing.order_due_digests()


def test_a_day_s_news_are_one_mail_at_one_s_own_hour(
    cast: Cast, frozen_clock: Any, mailoutbox: list[Any]
) -> None:
    wants_digest(cast.bidder1)
    evening = datetime(2026, 7, 1, 20, tzinfo=UTC)
    frozen_clock.set(evening)
    tell(cast.bidder1, "You did not win a clock", body="It went for 450.00 USD.")
    tell(cast.bidder1, "You won a table", Kind.WON)
    tell(cast.bidder2, "You did not win a chair")
    assert mailing.order_due_mail() == 0
    assert mails_until(frozen_clock, datetime(2026, 7, 2, 5, 59, tzinfo=UTC)) == 0
    assert mails_until(frozen_clock, datetime(2026, 7, 2, 6, 0, tzinfo=UTC)) == 1
    assert mailing.order_due_digests() == 0

    assert send_due_mail() == 1
    (letter,) = mailoutbox
    assert letter.to == ["bidder1@example.com"]
    assert letter.subject == "BidBazaar: what is new (2)"
    assert "You did not win a clock. It went for 450.00 USD." in letter.body
    assert "You won a table." in letter.body
    assert "http://localhost:8000/notifications" in letter.body
    tell(cast.bidder1, "You did not win a lamp")
    assert mails_until(frozen_clock, datetime(2026, 7, 3, 6, 0, tzinfo=UTC)) == 1


def test_without_news_nothing_is_mailed_and_what_was_read_is_no_news(
    cast: Cast, frozen_clock: Any
) -> None:
    wants_digest(cast.bidder1)
    tell(cast.bidder1, "You did not win a clock")
    services.mark_all_read(cast.bidder1.pk)

    assert mails_until(frozen_clock, frozen_clock.instant + timedelta(days=1)) == 0


@pytest.mark.parametrize("why", ["switched off", "banned", "no address", "unsubscribed"])
def test_who_does_not_want_it_or_is_gone_gets_none(
    cast: Cast, api: Any, frozen_clock: Any, why: str
) -> None:
    user = cast.bidder1
    wants_digest(user)
    tell(user, "You did not win a clock")
    if why == "switched off":
        change_settings(user.pk, kinds={"lost": {"digest": False}})
    elif why == "banned":
        accounts.ban_user(user.pk, reason="shill bids")
    elif why == "no address":
        bounces.note(user.pk, user.email, "550")
    else:
        assert mails_until(frozen_clock, frozen_clock.instant + timedelta(days=1)) == 1
        address = MailOrder.objects.get().facts["unsubscribe"]
        assert api().post(address).json() == {"message": "You get no more mails of the kind digest"}
        tell(user, "You did not win a lamp")

    assert mails_until(frozen_clock, frozen_clock.instant + timedelta(days=1)) == 0
    assert not Notification.objects.filter(digest_due_at__lte=clock.now()).exists()


def test_of_very_many_the_newest_are_told_and_the_others_counted(
    cast: Cast, frozen_clock: Any, mailoutbox: list[Any]
) -> None:
    wants_digest(cast.bidder1)
    for number in range(mailing.DIGEST_LINES_MAX + 3):
        tell(cast.bidder1, f"You did not win lot {number}\nreally")
    mails_until(frozen_clock, frozen_clock.instant + timedelta(days=1))
    send_due_mail()

    (letter,) = mailoutbox
    assert letter.subject.endswith(f"({mailing.DIGEST_LINES_MAX + 3})")
    assert "You did not win lot 2 really" not in letter.body
    assert "You did not win lot 3 really." in letter.body
    assert "And 3 more before these." in letter.body


def test_the_hour_is_that_of_the_clock_on_the_wall() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    wishes = Wishes(zone="Europe/Berlin", digest_at=time(8))
    before = datetime(2026, 3, 28, 9, tzinfo=berlin)  # the clock goes forward that night

    assert wishes.digest_after(before) == datetime(2026, 3, 29, 8, tzinfo=berlin)
    assert wishes.digest_after(before).hour == 6
    at_eight = datetime(2026, 7, 1, 8, tzinfo=berlin)
    assert wishes.digest_after(at_eight) == at_eight + timedelta(days=1)
    assert wishes.digest_after(at_eight - timedelta(seconds=1)) == at_eight


def test_the_hour_is_chosen_in_the_settings(cast: Cast, api: Any) -> None:
    client, path = api(cast.bidder1), "/api/notifications/settings/"
    assert client.get(path).json()["digest_at"] == "08:00"
    assert client.patch(path, {"digest_at": "18:30"}).json()["digest_at"] == "18:30"
    assert client.post(path, {"quiet_hours": None}).json()["digest_at"] == "18:30"
