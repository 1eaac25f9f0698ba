"""Web push: who may be pushed to and through whom, what is sealed and signed, what becomes of it.

The push service is a real HTTP server of ours; it is the one origin these tests allow.
"""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid

from apps.core import clock
from apps.notifications import push_keys, push_services, services
from apps.notifications.kinds import Kind, Note
from apps.notifications.models import Notification, PushKey, PushOrder, PushSubscription
from apps.notifications.push_rules import is_push_service
from apps.notifications.sentences import Says
from apps.notifications.settings_services import change_settings
from apps.notifications.tasks import push_what_is_due
from apps.users import services as accounts
from apps.users.models import User
from apps.users.tokens import read_access
from tests.browsers import Browser, text_of
from tests.cast import Cast, sign_in

pytestmark = pytest.mark.django_db(transaction=True)

PATH = "/api/notifications/push/"
KNOWN = ["fcm.googleapis.com", "push.services.mozilla.com", "http://127.0.0.1:9000"]


class PushService:
    """What came in, and what is answered: 201 unless told otherwise."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.other_address_asked = False
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                status = service.answers.pop(0) if service.answers else 201
                headers = {name.lower(): value for name, value in self.headers.items()}
                service.taken.append((self.path, headers, content))
                self.send_response(status)
                if status == 307:
                    self.send_header("Location", f"{service.origin}/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join(5)


@pytest.fixture
def service(settings: Any) -> Iterator[PushService]:
    found = PushService()
    settings.PUSH_SERVICES = [found.origin]
    yield found
    found.close()


def subscribed(user: User, browser: Browser) -> PushSubscription:
    told = browser.subscription()
    row, _ = push_services.subscribe(
        user.pk,
        read_access(sign_in(user).access).session_id,
        endpoint=told["endpoint"],
        p256dh=told["keys"]["p256dh"],
        auth=told["keys"]["auth"],
        device="Firefox",
    )
    return row


def tell(user: User, kind: Kind = Kind.WON, source: str = "x:1", **more: Any) -> None:
    told = {"title": "You won a clock", "url": "/auctions/1", **more}
    note = Note(user_id=user.pk, kind=kind, says=Says.WON, source=source, at=clock.now(), **told)
    services.notify([note])


# -- what is pushed -----------------------------------------------------------------------------


def test_a_push_is_sealed_for_the_browser_and_signed_by_the_house(
    cast: Cast, service: PushService
) -> None:
    browser = Browser("one", service.origin)
    row = subscribed(cast.bidder1, browser)
    tell(cast.bidder1, body="For 450.00 USD; please pay.")
    assert push_what_is_due() == 1

    ((path, headers, content),) = service.taken
    assert path == "/wpush/v2/one"
    assert b"clock" not in content
    notification = Notification.objects.get()
    assert json.loads(browser.opened(content)) == {
        "id": notification.pk,
        "kind": "won",
        "title": "You won a clock",
        "body": "For 450.00 USD; please pay.",
        "url": "/auctions/1",
        "tag": f"notification:{notification.pk}",
        "unread_count": 1,
    }
    assert (headers["content-encoding"], headers["urgency"]) == ("aes128gcm", "normal")
    assert int(headers["ttl"]) > 0
    assert Vapid.verify(headers["authorization"])
    token, _, key = headers["authorization"].removeprefix("vapid t=").partition(",k=")
    assert key == push_keys.public_key()
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["aud"], claims["sub"]) == (service.origin, "mailto:noreply@localhost")
    row.refresh_from_db()
    assert row.used_at is not None
    assert (push_what_is_due(), len(service.taken)) == (0, 1)


def test_the_longest_notification_fits_into_a_push(cast: Cast, service: PushService) -> None:
    browser = Browser("one", service.origin)
    subscribed(cast.bidder1, browser)
    tell(cast.bidder1, title="🐘" * 300, body="🐘" * 1000, thread="x" * 80)
    push_what_is_due()

    ((_, headers, content),) = service.taken
    assert len(content) <= 4096
    assert len(headers["topic"]) <= 32
    assert json.loads(browser.opened(content))["title"].endswith("…")


def test_every_browser_of_a_person_is_pushed_to_and_nobody_else_s(
    cast: Cast, service: PushService
) -> None:
    for name, user in (("a", cast.bidder1), ("b", cast.bidder1), ("c", cast.bidder2)):
        subscribed(user, Browser(name, service.origin))
    tell(cast.bidder1)

    assert push_what_is_due() == 2
    assert sorted(path[-1] for path, _, _ in service.taken) == ["a", "b"]


@pytest.mark.parametrize("why", ["switched off", "read", "logged out", "banned", "old"])
def test_what_nobody_wants_any_more_is_not_pushed(
    cast: Cast, service: PushService, why: str, frozen_clock: Any
) -> None:
    subscribed(cast.bidder1, Browser("one", service.origin))
    if why == "switched off":
        change_settings(cast.bidder1.pk, kinds={"won": {"push": False}})
    if why == "old":
        note = Note(
            user_id=cast.bidder1.pk,
            kind=Kind.WON,
            says=Says.WON,
            source="old",
            at=clock.now(),
            title="T",
        )
        frozen_clock.advance(2 * 3600)
        services.notify([note])
    else:
        tell(cast.bidder1)
    if why == "read":
        services.mark_all_read(cast.bidder1.pk)
    if why == "logged out":
        accounts.log_out_everywhere(cast.bidder1.pk)
    if why == "banned":
        accounts.ban_user(cast.bidder1.pk, reason="shill bids")

    assert push_what_is_due() == 0
    assert service.taken == []
    assert not PushOrder.objects.exists()


def test_of_several_that_were_gathered_the_last_alone_is_pushed(
    cast: Cast, service: PushService
) -> None:
    browser = Browser("one", service.origin)
    subscribed(cast.bidder1, browser)
    for number in (1, 2):
        tell(
            cast.bidder1,
            Kind.OUTBID,
            f"x:{number}",
            thread="outbid:1",
            title_many="You were outbid {count} times",
        )

    assert push_what_is_due() == 1
    ((_, headers, content),) = service.taken
    told = json.loads(browser.opened(content))
    assert (told["title"], told["tag"]) == ("You were outbid 2 times", "outbid:1")
    assert headers["urgency"] == "high"


def test_pushes_wait_through_the_quiet_hours(
    cast: Cast, service: PushService, frozen_clock: Any
) -> None:
    hour = frozen_clock.instant.time().replace(minute=0, second=0)
    later = hour.replace(hour=(hour.hour + 2) % 24)
    change_settings(cast.bidder1.pk, quiet_hours=(hour, later), quiet_is_given=True)
    user, browser = cast.bidder1, Browser("one", service.origin)
    subscribed(user, browser)
    tell(user)
    assert push_what_is_due() == 0
    PushSubscription.objects.all().update(session_id=read_access(sign_in(user).access).session_id)
    frozen_clock.advance(2 * 3600)

    assert push_what_is_due() == 1


# -- what becomes of it -------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(cast: Cast, service: PushService, status: int) -> None:
    subscribed(cast.bidder1, Browser("one", service.origin))
    service.answers = [status]
    tell(cast.bidder1)

    assert push_what_is_due() == 0
    assert not PushSubscription.objects.exists()
    assert not PushOrder.objects.exists()


def test_a_push_service_in_trouble_is_asked_again_later_and_not_for_ever(
    cast: Cast, service: PushService, frozen_clock: Any
) -> None:
    subscribed(cast.bidder1, Browser("one", service.origin))
    service.answers = [503] * 10
    tell(cast.bidder1)
    push_what_is_due()
    assert push_what_is_due() == 0
    assert len(service.taken) == 1
    for _ in range(10):
        frozen_clock.advance(1800)
        push_what_is_due()

    assert len(service.taken) == push_services.TRIES_MAX
    assert not PushOrder.objects.exists()
    assert PushSubscription.objects.count() == 1


def test_a_push_service_s_second_answer_may_be_better(
    cast: Cast, service: PushService, frozen_clock: Any
) -> None:
    subscribed(cast.bidder1, Browser("one", service.origin))
    service.answers = [429]
    tell(cast.bidder1)
    assert push_what_is_due() == 0
    frozen_clock.advance(31)

    assert push_what_is_due() == 1


@pytest.mark.parametrize("status", [307, 400, 413])
def test_what_is_refused_is_given_up_and_followed_nowhere(
    cast: Cast, service: PushService, status: int
) -> None:
    subscribed(cast.bidder1, Browser("one", service.origin))
    service.answers = [status]
    tell(cast.bidder1)
    push_what_is_due()

    assert [path for path, _, _ in service.taken] == ["/wpush/v2/one"]
    assert not PushOrder.objects.exists()


def test_two_who_send_at_once_send_each_push_once(cast: Cast, service: PushService) -> None:
    subscribed(cast.bidder1, Browser("one", service.origin))
    for number in range(5):
        tell(cast.bidder1, source=f"x:{number}")
    push_services.order_due_pushes()
    threads = [threading.Thread(target=push_services.send_due_pushes) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(service.taken) == 5


# -- the house's key ----------------------------------------------------------------------------


def test_the_key_is_made_once_and_lies_sealed(cast: Cast) -> None:
    assert push_keys.public_key() == push_keys.public_key()
    row = PushKey.objects.get()
    assert push_keys.private_key() not in row.sealed_key
    with pytest.raises(Exception, match="one_push_key"):
        PushKey.objects.create(id=2, public_key="x", sealed_key="x", created_at=clock.now())


def test_a_key_that_cannot_be_opened_is_replaced_with_what_was_bound_to_it(
    cast: Cast, service: PushService, settings: Any
) -> None:
    subscribed(cast.bidder1, Browser("one", service.origin))
    before = push_keys.public_key()
    settings.SECRET_KEY = "another-key-another-key-another-key-another"

    assert push_keys.public_key() != before
    assert not PushSubscription.objects.exists()


# -- doors --------------------------------------------------------------------------------------


def test_subscribing_listing_and_unsubscribing(cast: Cast, api: Any, service: PushService) -> None:
    client, told = api(cast.bidder1), Browser("one", service.origin).subscription()
    first = client.post(PATH, told)
    again = client.post(PATH, told)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    listed = client.get(PATH).json()
    assert listed["subscriptions"] == [first.json()]
    point = base64.urlsafe_b64decode(listed["public_key"] + "=")
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)

    path = f"{PATH}{first.json()['id']}/"
    assert api(cast.bidder2).delete(path).status_code == 404
    assert client.delete(path).status_code == 204
    assert client.delete(path).status_code == 404


def test_a_browser_is_whose_login_it_has_now(cast: Cast, api: Any, service: PushService) -> None:
    told = Browser("one", service.origin).subscription()
    api(cast.bidder1).post(PATH, told)
    assert api(cast.bidder2).post(PATH, told).status_code == 200

    assert PushSubscription.objects.get().user == cast.bidder2
    assert api(cast.bidder1).get(PATH).json()["subscriptions"] == []


def test_with_the_eleventh_browser_the_oldest_goes(cast: Cast, service: PushService) -> None:
    rows = [subscribed(cast.bidder1, Browser(f"b{number}", service.origin)) for number in range(11)]

    assert list(PushSubscription.objects.order_by("pk").values_list("pk", flat=True)) == [
        row.pk for row in rows[1:]
    ]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({"endpoint": "https://example.com/push"}, ["endpoint"]),
        ({"endpoint": 7}, ["endpoint"]),
        (
            {"keys": {"p256dh": text_of(b"\4" + bytes(64)), "auth": text_of(bytes(16))}},
            ["keys.p256dh"],
        ),
        ({"keys": {"p256dh": "!", "auth": text_of(bytes(16))}}, ["keys.p256dh"]),
        ({"keys": None}, ["keys"]),
    ],
)
def test_what_is_no_subscription_is_refused(
    cast: Cast, api: Any, service: PushService, change: dict[str, Any], fields: list[str]
) -> None:
    body = {**Browser("one", service.origin).subscription(), **change}
    answer = api(cast.bidder1).post(PATH, body)

    assert (answer.status_code, answer.json()["fields"]) == (400, fields)
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://updates.push.services.mozilla.com/wpush/v2/a",
        "https://fcm.googleapis.com/fcm/send/a",
        "https://FCM.googleapis.com:443/fcm/send/a",
        "http://127.0.0.1:9000/a",
    ],
)
def test_known_push_services_are_pushed_through(endpoint: str) -> None:
    assert is_push_service(endpoint, KNOWN)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/a",
        "https://fcm.googleapis.com:8443/a",
        "https://evil-fcm.googleapis.com.example/a",
        "https://notfcm.googleapis.com/a",
        "https://fcm.googleapis.com@127.0.0.1/a",
        "https://user:pass@fcm.googleapis.com/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:169.254.169.254]/a",
        "https://169.254.169.254/latest/meta-data/",
        "https://2130706433/a",
        "https://localhost/a",
        "https://fcm.googleapis.com\\@localhost/a",
        "https://fcm.googleapis.com.localhost/a",
        "https://example.com/?fcm.googleapis.com",
        "https://example.com/#fcm.googleapis.com",
        "https://fcm.googleapis.com%2elocalhost/a",
        "https://fcm。googleapis。com/a",
        "https://fcm.googleapis.com/a\r\nHost: localhost",
        "https://fcm.googleapis.com/a b",
        "http://127.0.0.1:9001/a",
        "http://127.0.0.1:9000@localhost/a",
        "http://127.0.0.1/a",
        "ftp://fcm.googleapis.com/a",
        "file:///etc/passwd",
        "gopher://fcm.googleapis.com/a",
        "//fcm.googleapis.com/a",
        "fcm.googleapis.com/a",
        "https://fcm.googleapis.com:99999/a",
        "https://[fcm.googleapis.com/a",
        "",
    ],
)
def test_nobody_makes_the_house_ask_anybody_else(endpoint: str) -> None:
    assert not is_push_service(endpoint, KNOWN)
