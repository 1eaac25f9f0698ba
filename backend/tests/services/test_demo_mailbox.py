"""The mailbox of a demo: what was mailed, to whom it is shown, and that no other house has one."""

from html.parser import HTMLParser
from typing import Any

import pytest

from apps.users import demo_mailbox, letters, mailbox
from apps.users.letters import Kind
from apps.users.mail_services import request_password_reset, send_due_mail
from apps.users.models import SentMail, User
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PATH = "/api/demo/mailbox/"


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True


def mailed(user: User, title: str = "You won a clock") -> None:
    facts = {"title": title, "body": "For 450.00 USD.", "url": "/auctions/1", "unsubscribe": "/u"}
    mailbox.order(Kind.NOTIFICATION, user_id=user.pk, facts=facts)
    assert send_due_mail() == 1


def test_an_account_reads_what_was_mailed_to_it(cast: Cast, api: Any, demo: None) -> None:
    mailed(cast.bidder1)
    mailed(cast.bidder2, "You won a table")
    page = api(cast.bidder1).get(PATH).json()

    assert page["count"] == 1
    (head,) = page["results"]
    assert (head["to"], head["subject"]) == ("bidder1@example.com", "BidBazaar: You won a clock")
    found = api(cast.bidder1).get(f"{PATH}{head['id']}/").json()
    assert found["text"].startswith("Hello bidder1,\n\nYou won a clock\n")
    assert "<p>You won a clock</p>" in found["html"]
    foreign = SentMail.objects.get(user=cast.bidder2).pk
    assert api(cast.bidder1).get(f"{PATH}{foreign}/").status_code == 404


def test_staff_read_all_and_strangers_nothing(cast: Cast, api: Any, demo: None) -> None:
    mailed(cast.bidder1)
    mailed(cast.bidder2)
    newest, oldest = api(cast.staff).get(PATH).json()["results"]

    assert (newest["to"], oldest["to"]) == ("bidder2@example.com", "bidder1@example.com")
    assert api(cast.staff).get(f"{PATH}{oldest['id']}/").status_code == 200
    assert api().get(PATH).status_code == 401


def test_a_link_that_was_mailed_is_in_the_mailbox(cast: Cast, api: Any, demo: None) -> None:
    request_password_reset("bidder1@example.com")
    send_due_mail()

    assert "/reset-password#token=" in SentMail.objects.get(user=cast.bidder1).text


def test_a_house_that_is_no_demo_keeps_no_mail_and_has_no_mailbox(
    cast: Cast, api: Any, settings: Any
) -> None:
    settings.DEMO = True
    mailed(cast.bidder1)
    kept = SentMail.objects.get().pk
    settings.DEMO = False
    mailed(cast.bidder1)

    assert SentMail.objects.count() == 1
    for path in (PATH, f"{PATH}{kept}/"):
        assert api(cast.staff).get(path).status_code == 404


def test_only_the_newest_are_kept(cast: Cast, demo: None, monkeypatch: Any) -> None:
    monkeypatch.setattr(demo_mailbox, "KEPT_MAX", 3)
    for number in range(5):
        mailed(cast.bidder1, f"Mail {number}")

    subjects = SentMail.objects.order_by("pk").values_list("subject", flat=True)
    assert [subject[-1] for subject in subjects] == ["2", "3", "4"]


class Elements(HTMLParser):
    """Which elements and attributes a page has."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><svg onload=alert(1)>',
        "'><iframe src=javascript:alert(1)>",
        "</p></div></body><form action=https://evil.example>",
        "{{ settings.SECRET_KEY }}",
    ],
)
def test_what_people_wrote_adds_nothing_to_the_html(cast: Cast, demo: None, hostile: str) -> None:
    mailed(cast.bidder1)
    mailed(cast.bidder1, hostile)
    plain, found = (row.html for row in SentMail.objects.order_by("pk"))

    assert Elements(found).found == Elements(plain).found
    assert letters.settings.SECRET_KEY not in found
