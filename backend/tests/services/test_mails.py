"""Links that come by mail: a new password, a confirmed address. Mails of both renderings.

Source: docs/adr/0008; ASVS 5.0 V6.4.
"""

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connection
from rest_framework.test import APIClient

from apps.auctions.models import Auction
from apps.core import clock, mail
from apps.core.mail import Letter
from apps.users import mail_services, mailbox, one_time, services
from apps.users.letters import Kind
from apps.users.models import MailOrder, OneTimeSecret, User
from apps.users.one_time import Purpose
from apps.users.rules import AccountError
from config import chores
from tests.cast import Cast, sign_in
from tests.factories import PASSWORD, AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db

Api = Callable[..., APIClient]
SPENT = "This link was used or has expired"
ASKED = {"message": "If an account has this address, a mail with a link is on its way"}
NEW = "anothersecret"


def post(path: str, body: Any) -> Any:
    return APIClient().post(path, body)


def ask(email: str = "seller@example.com") -> Any:
    return post("/api/auth/password-reset/", {"email": email})


def reset(token: Any, password: Any = NEW) -> Any:
    return post("/api/auth/password-reset/confirm/", {"token": token, "password": password})


def verify(token: Any) -> Any:
    return post("/api/auth/verify-email/", {"token": token})


def link_in(message: Any) -> str:
    found = re.search(r"^http://localhost:8000(/[a-z-]+)#token=([\w-]{43})$", message.body, re.M)
    assert found is not None, message.body
    return found[2]


@pytest.fixture
def token(cast: Cast, mailoutbox: Any) -> str:
    """The link the seller was mailed when he asked for a new password."""
    ask()
    assert mail_services.send_due_mail() == 1
    return link_in(mailoutbox.pop())


# --- asking for a new password ----------------------------------------------------------------


@pytest.mark.parametrize("slash", ["/", ""])
@pytest.mark.parametrize(
    "email", ["seller@example.com", "SELLER@Example.COM", "nobody@example.com"]
)
def test_answer_is_the_same_whoever_asks(cast: Cast, email: str, slash: str) -> None:
    answer = post(f"/api/auth/password-reset{slash}", {"email": email})

    assert (answer.status_code, answer.json()) == (200, ASKED)


def test_request_does_the_same_whether_or_not_the_account_exists(
    cast: Cast, django_assert_num_queries: Any, mailoutbox: Any
) -> None:
    """One row and nothing else: no time tells, and no mail server is waited for."""
    for email in ("seller@example.com", "nobody@example.com"):
        with django_assert_num_queries(1):
            ask(email)

    assert MailOrder.objects.count() == 2
    assert mailoutbox == []


def test_mail_goes_to_the_accounts_own_spelling_of_the_address(cast: Cast, mailoutbox: Any) -> None:
    """A look-alike of an address must not have another's link sent to itself."""
    ask("SELLER@example.com")
    mail_services.send_due_mail()

    [message] = mailoutbox
    assert message.to == ["seller@example.com"]
    assert message.subject == "BidBazaar: set a new password"
    assert message.from_email == "BidBazaar <noreply@localhost>"
    assert not MailOrder.objects.exists()


def _ban(user: User) -> None:
    services.ban_user(user.pk, reason="shill bidding")


def _deactivate(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("shut", [_ban, _deactivate])
def test_shut_account_gets_no_mail(
    cast: Cast, mailoutbox: Any, shut: Callable[[User], None]
) -> None:
    shut(cast.seller)

    assert ask().json() == ASKED
    assert mail_services.send_due_mail() == 0
    assert mailoutbox == []
    assert not MailOrder.objects.exists()


@pytest.mark.parametrize(
    ("email", "code"),
    [
        (None, "required"),
        (" ", "required"),
        (5, "wrong_type"),
        ("nonsense", "email_invalid"),
        ("a@example.com\nBcc: b@example.com", "email_invalid"),
        ("x" * 10_000 + "@example.com", "email_invalid"),
    ],
)
def test_what_is_no_address_is_refused(email: Any, code: str) -> None:
    answer = ask(email)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["fields"] == ["email"]


def test_stranger_who_asks_again_and_again_fills_no_mailbox(cast: Cast, mailoutbox: Any) -> None:
    for _ in range(10):
        ask()

    mail_services.send_due_mail()

    assert len(mailoutbox) == mail_services.LINKS_MAX
    assert reset(link_in(mailoutbox[0])).status_code == 200, "each of them still counts"


def test_requests_of_one_address_are_limited(cast: Cast, settings: Any) -> None:
    settings.RATE_LIMITS = True
    settings.RATES = settings.RATES | {"mail_address": (2, 3600)}

    assert [ask(f"u{number}@example.com").status_code for number in range(3)] == [200, 200, 429]


# --- the new password -------------------------------------------------------------------------


def test_link_sets_a_new_password_and_ends_every_session(cast: Cast, token: str) -> None:
    sessions = [sign_in(cast.seller), sign_in(cast.seller)]

    answer = reset(token)

    assert answer.status_code == 200
    assert answer.json() == {"message": "Password changed; log in with the new one"}
    for pair in sessions:
        assert post("/api/auth/token/refresh/", {"refresh": pair.refresh}).status_code == 401
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access}")
        assert client.get("/api/users/me/").status_code == 401
    login = {"username": "seller", "password": PASSWORD}
    assert post("/api/auth/token/", login).status_code == 401
    assert post("/api/auth/token/", login | {"password": NEW}).status_code == 200


def test_link_works_once(cast: Cast, token: str) -> None:
    assert reset(token).status_code == 200

    answer = reset(token, "thirdsecret")

    assert (answer.status_code, answer.json()["code"]) == (400, "link_invalid")
    assert answer.json()["error"].startswith(SPENT)
    assert answer.json()["fields"] == ["token"]
    assert User.objects.get(pk=cast.seller.pk).check_password(NEW)


@pytest.mark.django_db(transaction=True)
def test_link_used_twice_at_once_works_once(cast: Cast) -> None:
    token = one_time.issue(Purpose.PASSWORD_RESET, user_id=cast.seller.pk, email=cast.seller.email)
    gate = threading.Barrier(4)

    def work(number: int) -> str:
        gate.wait()
        try:
            mail_services.reset_password(token, password=f"password of thread {number}")
        except AccountError as error:
            return str(error)
        else:
            return "changed"
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(work, range(4)))

    assert sorted(answers)[3] == "changed"
    assert all(answer.startswith(SPENT) for answer in sorted(answers)[:3])


def test_link_lives_an_hour(cast: Cast, frozen_clock: Any, mailoutbox: Any) -> None:
    for _ in range(2):
        ask()
    mail_services.send_due_mail()

    frozen_clock.advance(3599)
    early = link_in(mailoutbox[0])
    assert reset(early, "short").json()["code"] == "password_invalid", "it still counts"
    frozen_clock.advance(1)

    assert reset(early).json()["code"] == "link_invalid"
    assert reset(link_in(mailoutbox[1])).json()["code"] == "link_invalid"


def test_links_end_with_the_password_they_were_to_replace(cast: Cast, api: Api, token: str) -> None:
    body = {"current_password": PASSWORD, "new_password": "thirdsecret"}
    assert api(cast.seller).post("/api/users/password/", body).status_code == 200

    assert reset(token).json()["code"] == "link_invalid"


@pytest.mark.parametrize(
    ("password", "code"),
    [
        (None, "required"),
        (5, "wrong_type"),
        ("short", "password_invalid"),
        ("x" * 129, "password_invalid"),
        ("password1", "password_invalid"),
        ("seller123", "password_invalid"),
    ],
)
def test_unfit_password_leaves_the_link_good(
    cast: Cast, token: str, password: Any, code: str
) -> None:
    assert reset(token, password).json()["code"] == code

    assert reset(token).status_code == 200


@pytest.mark.parametrize("token", [None, "", 5, ["x"], "x", "x" * 10_000, "\u00e9" * 43, "\x00"])
def test_what_is_no_link_is_refused(cast: Cast, token: Any) -> None:
    answer = reset(token)

    assert answer.status_code == 400
    assert answer.json()["fields"] == ["token"]


def test_link_of_another_purpose_resets_nothing(cast: Cast) -> None:
    for purpose in set(Purpose) - {Purpose.PASSWORD_RESET}:
        secret = one_time.issue(purpose, user_id=cast.seller.pk, email=cast.seller.email)
        assert reset(secret).json()["code"] == "link_invalid"


@pytest.mark.parametrize("shut", [_ban, _deactivate])
def test_link_of_a_shut_account_is_spent(
    cast: Cast, token: str, shut: Callable[[User], None]
) -> None:
    shut(cast.seller)

    assert reset(token).json()["code"] == "link_invalid"


def test_link_is_in_no_table(token: str) -> None:
    assert token not in str(list(OneTimeSecret.objects.values()))


def test_reset_proves_the_address_and_tells_it(cast: Cast, token: str, mailoutbox: Any) -> None:
    reset(token)
    mail_services.send_due_mail()

    assert User.objects.get(pk=cast.seller.pk).email_verified_at is not None
    assert [message.subject for message in mailoutbox] == ["BidBazaar: your password was changed"]


def test_reset_to_an_address_changed_since_proves_nothing(cast: Cast, token: str) -> None:
    User.objects.filter(pk=cast.seller.pk).update(email="other@example.com")

    reset(token)

    assert User.objects.get(pk=cast.seller.pk).email_verified_at is None


# --- confirming an address --------------------------------------------------------------------

NEWCOMER = {"username": "exampleuser", "email": "user@example.com", "password": "securepassword"}


@pytest.mark.parametrize("path", ["/api/users/register/", "/api/user/register/"])
@pytest.mark.parametrize(("mode", "mails"), [("off", 0), ("optional", 1), ("required", 1)])
def test_registration_sends_a_link_where_the_site_verifies(
    settings: Any, mailoutbox: Any, path: str, mode: str, mails: int
) -> None:
    settings.EMAIL_VERIFICATION = mode

    assert post(path, NEWCOMER).status_code == 201

    assert mail_services.send_due_mail() == len(mailoutbox) == mails


def test_link_confirms_the_address_once(settings: Any, mailoutbox: Any) -> None:
    settings.EMAIL_VERIFICATION = "optional"
    post("/api/users/register/", NEWCOMER)
    mail_services.send_due_mail()
    token = link_in(mailoutbox[0])

    answer = verify(token)

    assert (answer.status_code, answer.json()) == (200, {"message": "E-mail address confirmed"})
    assert User.objects.get().email_verified_at is not None
    assert verify(token).json()["code"] == "link_invalid"


def test_link_of_a_former_address_confirms_nothing(cast: Cast) -> None:
    token = one_time.issue(Purpose.EMAIL, user_id=cast.seller.pk, email="former@example.com")

    assert verify(token).json()["code"] == "link_invalid"
    assert User.objects.get(pk=cast.seller.pk).email_verified_at is None


def test_confirming_link_lives_three_days(cast: Cast, frozen_clock: Any) -> None:
    early, late = (
        one_time.issue(Purpose.EMAIL, user_id=cast.seller.pk, email=cast.seller.email)
        for _ in range(2)
    )

    frozen_clock.advance(3 * 24 * 3600 - 1)
    assert verify(early).status_code == 200
    frozen_clock.advance(1)
    assert verify(late).status_code == 400


def test_another_link_is_sent_on_request(
    cast: Cast, api: Api, settings: Any, mailoutbox: Any
) -> None:
    client = api(cast.seller)
    assert client.post("/api/auth/verify-email/resend/").json()["code"] == "verification_off"
    settings.EMAIL_VERIFICATION = "optional"

    assert client.post("/api/auth/verify-email/resend/").status_code == 200

    mail_services.send_due_mail()
    assert verify(link_in(mailoutbox[0])).status_code == 200
    assert client.post("/api/auth/verify-email/resend").json()["code"] == "verified_already"
    assert client.get("/api/auth/security/").json()["email_verified"] is True


# --- what an unconfirmed address may not ------------------------------------------------------

UNVERIFIED = "Confirm your e-mail address before you bid or list"
AUCTION = {"title": "Clock", "starting_price": 100}
PRODUCT = {
    "title": "Clock",
    "description": "Ticks.",
    "starting_price": 100,
    "start_date": "2026-01-01T12:00:00",
    "end_date": "2096-01-01T12:00:00",
    "category_new_used": "used",
}


def attempts(auction: Auction) -> list[tuple[str, Any]]:
    return [
        ("/api/bids/", {"auction_id": auction.pk, "amount": 500}),
        ("/api/auto-bids/", {"auction_id": auction.pk, "max_bid": 900}),
        (
            f"/api/auction/products/{auction.pk}/place-bid/",
            {
                "bid_amount": 700,
                "start_date": "2026-01-01T12:00:00",
                "end_date": "2096-01-01T12:00:00",
            },
        ),
        ("/api/auctions/", AUCTION),
        ("/api/auction/products/", PRODUCT),
    ]


def test_unconfirmed_account_may_neither_bid_nor_list(cast: Cast, api: Api, settings: Any) -> None:
    settings.EMAIL_VERIFICATION = "required"
    auction, client = AuctionFactory(seller=cast.seller), api(cast.bidder1)

    refused = [client.post(path, body) for path, body in attempts(auction)]

    assert [answer.status_code for answer in refused] == [403] * 5
    assert {answer.json()["error"] for answer in refused} == {UNVERIFIED}
    User.objects.filter(pk=cast.bidder1.pk).update(email_verified_at=clock.now())
    taken = [client.post(path, body).status_code for path, body in attempts(auction)]
    assert taken == [201] * 5


@pytest.mark.parametrize("mode", ["off", "optional"])
def test_unconfirmed_account_may_bid_and_list_elsewhere(
    cast: Cast, api: Api, settings: Any, mode: str
) -> None:
    settings.EMAIL_VERIFICATION = mode
    auction, client = AuctionFactory(seller=cast.seller), api(cast.bidder1)

    taken = [client.post(path, body).status_code for path, body in attempts(auction)]

    assert taken == [201] * 5


def test_unconfirmed_seller_does_not_activate(cast: Cast, api: Api, settings: Any) -> None:
    settings.EMAIL_VERIFICATION = "required"
    draft = AuctionFactory(seller=cast.seller, draft=True)

    answer = api(cast.seller).post(f"/api/auctions/{draft.pk}/activate/")

    assert (answer.status_code, answer.json()["error"]) == (403, UNVERIFIED)
    assert answer.json()["code"] == "email_unverified"


# --- another address --------------------------------------------------------------------------


def test_address_is_changed_and_both_are_told(
    cast: Cast, api: Api, settings: Any, mailoutbox: Any
) -> None:
    settings.EMAIL_VERIFICATION = "optional"
    User.objects.filter(pk=cast.seller.pk).update(email_verified_at=clock.now())
    client = api(cast.seller)

    answer = client.post("/api/users/email/", {"email": " New@Example.com", "password": PASSWORD})

    assert (answer.status_code, answer.json()["email"]) == (200, "New@example.com")
    assert client.get("/api/auth/security/").json()["email_verified"] is False
    mail_services.send_due_mail()
    told = {message.to[0]: message.subject for message in mailoutbox}
    assert told == {
        "seller@example.com": "BidBazaar: your address was changed",
        "New@example.com": "BidBazaar: confirm your e-mail address",
    }


def test_links_to_the_former_address_end(cast: Cast, api: Api, token: str) -> None:
    body = {"email": "new@example.com", "password": PASSWORD}
    api(cast.seller).post("/api/users/email/", body)

    assert reset(token).json()["code"] == "link_invalid"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"email": "new@example.com"}, "required"),
        ({"email": "new@example.com", "password": "wrong"}, "invalid_credentials"),
        ({"email": "nonsense", "password": PASSWORD}, "email_invalid"),
        ({"email": "BIDDER1@example.com", "password": PASSWORD}, "email_taken"),
        ({"email": 5, "password": PASSWORD}, "wrong_type"),
    ],
)
def test_change_of_address_is_refused(cast: Cast, api: Api, body: Any, code: str) -> None:
    answer = api(cast.seller).post("/api/users/email/", body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert User.objects.get(pk=cast.seller.pk).email == "seller@example.com"


# --- the mails --------------------------------------------------------------------------------

HOSTILE = '<img src=x onerror="alert(1)"> & Co'


def test_both_renderings_say_the_same_and_the_html_is_escaped() -> None:
    letter = Letter(
        subject="Hello",
        paragraphs=(f"Hello {HOSTILE},", "a long sentence " * 20),
        link_text="Go",
        link="https://example.com/a?b=1&c=2#token=x",
        after_link=("Bye.",),
    )

    text, html = mail.as_text(letter), mail.as_html(letter)

    assert HOSTILE in text
    assert "<img" not in html
    assert "&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; Co" in html
    assert 'href="https://example.com/a?b=1&amp;c=2#token=x"' in html
    assert letter.link in text.splitlines(), "a link that is broken in two leads nowhere"
    assert max(len(line) for line in text.splitlines()) <= 72
    for word in ("Hello", "Bye.", "Go", "BidBazaar"):
        assert word in text
        assert word in html


def test_subject_is_one_line(mailoutbox: Any) -> None:
    mail.send(Letter("One\nBcc: two@example.com", ("Hi",)), "one@example.com")

    [message] = mailoutbox
    assert message.subject == "One Bcc: two@example.com"
    assert message.recipients() == ["one@example.com"]
    assert message.message()["Auto-Submitted"] == "auto-generated"
    assert [kind for _, kind in message.alternatives] == ["text/html"]


def test_mails_are_files_by_default(settings: Any, tmp_path: Path, cast: Cast) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    ask()

    assert mail_services.send_due_mail() == 1

    [file] = (tmp_path / "mail").iterdir()
    assert "To: seller@example.com" in file.read_text()


def test_mail_that_fails_is_tried_again_and_given_up_in_the_end(
    cast: Cast, settings: Any, frozen_clock: Any, tmp_path: Path
) -> None:
    """A folder that is a file stands for a mail server that does not answer."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    blocked = tmp_path / "mail"
    blocked.write_text("")
    settings.EMAIL_FILE_PATH = blocked
    ask()

    assert [mail_services.send_due_mail() for _ in range(3)] == [0, 0, 0]
    assert MailOrder.objects.get().tries == 1, "not again at once"
    assert not OneTimeSecret.objects.exists(), "a link nobody has is none"
    frozen_clock.advance(60)
    blocked.unlink()
    assert mail_services.send_due_mail() == 1

    blocked = tmp_path / "again"
    blocked.write_text("")
    settings.EMAIL_FILE_PATH = blocked
    ask()
    for _ in range(mailbox.TRIES_MAX):
        assert MailOrder.objects.exists()
        mail_services.send_due_mail()
        frozen_clock.advance(24 * 3600)
    assert not MailOrder.objects.exists()


def test_mail_that_fails_keeps_no_other_from_going(
    cast: Cast, mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    MailOrder.objects.create(
        kind="of a later release", user=cast.seller, created_at=clock.now(), due_at=clock.now()
    )
    mailbox.order(Kind.PASSWORD_CHANGED, user_id=cast.bidder1.pk)

    assert mail_services.send_due_mail() == 1

    assert [message.to for message in mailoutbox] == [["bidder1@example.com"]]


@pytest.mark.django_db(transaction=True)
def test_two_senders_send_one_mail_each_once(cast: Cast) -> None:
    people = [UserFactory() for _ in range(6)]
    for person in people:
        mailbox.order(Kind.TOTP_ON, user_id=person.pk)
    gate = threading.Barrier(2)

    def work(_: int) -> int:
        gate.wait()
        try:
            return mail_services.send_due_mail()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        sent = sum(pool.map(work, range(2)))

    assert sent == len(django_mail.outbox) == 6
    assert {message.to[0] for message in django_mail.outbox} == {p.email for p in people}


# --- the chores -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_chores_send_mails_and_forget_what_has_ended(cast: Cast) -> None:
    ask()
    one_time.issue(Purpose.PASSKEY_LOGIN)
    OneTimeSecret.objects.update(expires_at=clock.now())
    stop = threading.Event()
    threads = chores.start_chores(stop)
    try:
        waited = threading.Event()
        for _ in range(200):
            if not MailOrder.objects.exists() and OneTimeSecret.objects.count() == 1:
                break
            waited.wait(0.05)
    finally:
        stop.set()
        for thread in threads:
            thread.join(5)

    assert not any(thread.is_alive() for thread in threads)
    assert [message.to for message in django_mail.outbox] == [["seller@example.com"]]
    assert OneTimeSecret.objects.get().purpose == Purpose.PASSWORD_RESET
