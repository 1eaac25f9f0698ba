"""Markup in every text: kept as text, answered as JSON, shown as text where there is HTML.

The fields are those of the OpenAPI document, so that a new one is tried the day it is described.
"""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core import mail as outbox
from django.db import transaction

from apps.bidding.desk import desk
from apps.core.mail import Letter, as_html
from apps.notifications.mailing import order_due_mail
from apps.notifications.models import Notification
from apps.notifications.telling import tell
from apps.users import letters
from apps.users.letters import Kind
from apps.users.mail_services import _letter, send_due_mail
from apps.users.models import MailOrder
from config.contracts import openapi
from domain import commands as ask
from tests.authorization.answers import answer_of, misshapen
from tests.authorization.bodies import BODIES, request_of
from tests.authorization.markup import (
    PAYLOADS,
    outline,
    text_fields,
    text_parameters,
)
from tests.authorization.table import TABLE, Cell, Op, cells_of
from tests.authorization.world import World
from tests.factories import AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db
SELLERS = ("owner", "seller")  # of the world these tests need
DOCUMENT = openapi.document()
FIELDS = text_fields(DOCUMENT)
OPERATIONS = sorted({field.operation for field in FIELDS})
#: Operations that answer HTML: pages about the API, without a word of anybody's.
PAGES = {"GET /", "GET /api/docs/", "GET /api/redoc/", "GET /metrics/", "GET /api/schema/"}
HARMLESS = "xyzzy"
#: Texts people write for people: markup in them is no reason to refuse one.
KEPT_AS_IT_IS = {
    "address", "bio", "body", "company_name", "description", "full_name", "location", "note",
    "tax_id", "text", "title",
}  # fmt: skip


def good_cell(name: str) -> Cell:
    """Return a cell in which an operation does what it is for, or else the first there is."""
    ops = [op for op in TABLE if op.name == name]
    cells = [cell for op in ops for cell in cells_of(op)]
    assert cells, f"{name} has no line in table.py"
    return next((cell for cell in cells if 200 <= cell.expected[0] < 300), cells[0])


def test_there_are_forty_payloads_and_a_field_for_each_text():
    free = sum(field.is_free for field in FIELDS)
    print(f"markup: {len(PAYLOADS)} payloads, {len(FIELDS)} fields, {free} of any text")  # noqa: T201

    assert len(set(PAYLOADS)) == 40
    assert len(FIELDS) >= 60
    written = {("POST /api/auctions/", ("lots", 0, "title")), ("POST /api/messages/", ("body",))}
    assert written <= {(field.operation, field.path) for field in FIELDS}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_text_is_answered_as_json_and_mailed_as_text(operation, world):
    cell = good_cell(operation)
    path, request = request_of(cell, world)
    good = BODIES[operation](cell, world) if operation in BODIES else request.get("data", {})
    send = getattr(world.clients[cell.actor], operation.split()[0].lower())
    wrong: list[str] = []
    for field in (field for field in FIELDS if field.operation == operation):
        taken = 0
        for payload in field.payloads:
            savepoint = transaction.savepoint()
            answer = answer_of(send(path, field.filled(good, payload)))
            wrong += [f"{field} {payload!r}: {text}" for text in problems(answer)]
            wrong += [f"{field} {payload!r}: {text}" for text in mailed_markup()]
            transaction.savepoint_rollback(savepoint)
            taken += answer.status < 300
        if field.path[-1] in KEPT_AS_IT_IS:
            assert taken >= len(PAYLOADS) - 1, f"{field} refused what is only text"

    assert wrong == []


def problems(answer: Any) -> list[str]:
    """Return what would let a browser take an answer for a page."""
    wrong = misshapen(answer)
    if answer.status != 204:
        if not answer.is_json:
            wrong.append(f"{answer.status} as {answer.headers.get('content-type')}")
        json.loads(answer.text)
    return wrong


def mailed_markup() -> list[str]:
    """Send what waits to be mailed; return what is wrong with its HTML, and forget it."""
    if not MailOrder.objects.exists():
        return []
    send_due_mail(limit=1000)
    sent, outbox.outbox[:] = list(outbox.outbox), []
    return [text for mail in sent for text in wrong_in_mail(mail)]


def wrong_in_mail(mail: Any) -> list[str]:
    """Return what an attacker brought into a mail: elements, attributes, addresses, headers."""
    ((html, kind),) = mail.alternatives
    assert kind == "text/html"
    page = outline(html)
    wrong = [f"has {part}" for part in page.parts if part not in PARTS_OF_A_LETTER]
    wrong += [f"links to {link}" for link in page.links if not link.startswith(settings.SITE_URL)]
    headers = set(mail.message().keys())
    return wrong + [f"has the header {name}" for name in headers - HEADERS_OF_A_MAIL]


#: All that a letter's HTML may be made of.
PARTS_OF_A_LETTER = set(
    outline(as_html(Letter("A", ("B",), link_text="C", link="D", after_link=("E",)))).parts
)
HEADERS_OF_A_MAIL = {
    "Auto-Submitted",
    "Content-Type",
    "Date",
    "From",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Message-ID",
    "Subject",
    "To",
}


@pytest.mark.parametrize(
    ("path", "name"), text_parameters(DOCUMENT), ids=lambda part: str(part).strip("/")
)
def test_every_query_is_answered_as_json(path, name, world):
    client = world.clients["staff"]

    for payload in PAYLOADS:
        answer = answer_of(client.get(path, {name: payload}))
        assert problems(answer) == [], payload


@pytest.mark.parametrize(
    "op", [op for op in TABLE if op.name.startswith("GET ") and op.name not in PAGES], ids=str
)
def test_who_asks_for_a_page_is_answered_with_none(op: Op, world: World):
    cell = next((cell for cell in cells_of(op) if cell.expected[0] < 300), cells_of(op)[0])
    path, request = request_of(cell, world)

    answer = answer_of(
        world.clients[cell.actor].get(path, request.get("data", {}), HTTP_ACCEPT="text/html,*/*")
    )

    assert "html" not in answer.headers.get("content-type", "")
    assert answer.headers["x-content-type-options"] == "nosniff"


# --- mails ------------------------------------------------------------------------------------


def letter_of(kind: Kind, text: str) -> Letter:
    """Return the letter of a kind in which every word of somebody else's is this one."""
    facts = {
        "title": text, "total": text, "due": text, "body": text, "auction_id": 7,
        "url": "/auctions/7", "unsubscribe": "/api/notifications/unsubscribe/?token=t",
        "what": text, "reason": text, "days": 14, "token": "t",
        "lines": " ".join(text.split()), "count": 1,
    }  # fmt: skip
    if kind is Kind.PASSWORD_RESET:
        return letters.password_reset(text, "secret")
    if kind is Kind.VERIFY_EMAIL:
        return letters.verify_email(text, "secret")
    return _letter(MailOrder(kind=kind, facts=facts), text)


@pytest.mark.parametrize("kind", Kind)
def test_letter_of_every_kind_is_made_of_the_same_parts_whatever_it_says(kind):
    harmless = outline(as_html(letter_of(kind, HARMLESS)))

    for payload in PAYLOADS:
        letter = letter_of(kind, payload)
        page = outline(as_html(letter))
        assert (page.parts, page.links) == (harmless.parts, harmless.links), payload
        is_told = " ".join(payload.split()) in " ".join(page.text.split())
        assert is_told is (kind is not Kind.ACCOUNT_DELETED), payload


def test_markup_in_titles_and_messages_reaches_mailboxes_as_text(world):
    catch_up()
    seller, buyer = UserFactory(), UserFactory()
    client = world.clients["owner"]
    for payload in PAYLOADS:
        auction = AuctionFactory(seller=seller, title=payload, starting_minor=100_00)
        desk.ask(auction.pk, ask.PlaceBid(actor_id=buyer.pk, amount_minor=120_00))
        desk.ask(auction.pk, ask.EndAuction(actor_id=seller.pk))
        body = {"recipient": buyer.username, "body": payload}
        assert client.post("/api/messages/", body).status_code == 201
    catch_up()
    Notification.objects.filter(email_due_at__isnull=False).update(email_due_at="2020-01-01T00:00Z")
    outbox.outbox[:] = []
    order_due_mail(limit=1000)

    send_due_mail(limit=1000)

    mails = [mail for mail in outbox.outbox if mail.to in ([seller.email], [buyer.email])]
    assert [text for mail in mails for text in wrong_in_mail(mail)] == []
    texts = [outline(mail.alternatives[0][0]).text for mail in mails]
    for payload in PAYLOADS:
        words = " ".join(payload.split())
        assert any(words in " ".join(text.split()) for text in texts), payload


def catch_up() -> None:
    """Tell all that happened until now."""
    while tell(ever=True):
        pass


# --- addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "vbscript:x", " jav\tascript:alert(1)", "//evil"],
)
def test_an_address_that_is_shown_as_a_link_is_one_of_the_web(address, world):
    body = {"company_name": "Clocks Ltd", "website": address}

    assert world.clients["owner"].put("/api/users/business/", body).status_code == 400
