"""Conversations between two users: who may write, what is shown, what is counted."""

import io
import json

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image

from apps.bidding.desk import desk
from apps.core import clock
from apps.notifications.models import Conversation, Message, Notification, UserBlock
from apps.users.models import User
from domain import commands as ask
from tests.factories import AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGE = ["count", "next", "previous", "results"]
MESSAGE = [
    "id",
    "conversation_id",
    "sender",
    "sender_id",
    "recipient",
    "recipient_id",
    "body",
    "attachments",
    "read_at",
    "created_at",
]
CONVERSATION = [
    "id",
    "other_party",
    "about",
    "last_message",
    "unread_count",
    "blocked",
    "created_at",
]
XSS = r"""
<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<scr<script>ipt>alert(1)</scr</script>ipt>
<img src=x onerror=alert(1)>
<img src="x` `<script>alert(1)</script>"` `>
<img/src/onerror=alert(1)>
<svg onload=alert(1)>
<svg><script>alert&#40;1&#41;</script></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<body onload=alert(1)>
<iframe src=javascript:alert(1)>
<iframe srcdoc='<script>alert(1)</script>'></iframe>
<object data=javascript:alert(1)>
<embed src=javascript:alert(1)>
<a href=javascript:alert(1)>x</a>
<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>
<a href="jav&#x09;ascript:alert(1)">x</a>
<form action=javascript:alert(1)><input type=submit>
<button formaction=javascript:alert(1)>x
<input autofocus onfocus=alert(1)>
<details open ontoggle=alert(1)>
<video><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)>
<marquee onstart=alert(1)>
<math><mi//xlink:href="data:x,<script>alert(1)</script>">
<link rel=stylesheet href=//evil.example/x.css>
<meta http-equiv=refresh content="0;url=javascript:alert(1)">
<base href=//evil.example/>
<style>@import "//evil.example/x.css";</style>
<div style="background:url(javascript:alert(1))">
<table background=javascript:alert(1)>
<!--<img src="--><img src=x onerror=alert(1)//">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
</textarea><script>alert(1)</script>
</title><script>alert(1)</script>
"><script>alert(1)</script>
' onmouseover='alert(1)
javascript:alert(1)//
{{constructor.constructor('alert(1)')()}}
&lt;script&gt;alert(1)&lt;/script&gt;
""".strip().splitlines()


@pytest.fixture
def both(cast, api):
    """Return the clients of a bidder and of the seller he writes to."""
    return api(cast.bidder1), api(cast.seller)


def write(client, recipient="seller", body="Is the key there?", **more):
    headers = {"HTTP_IDEMPOTENCY_KEY": more.pop("key")} if "key" in more else {}
    return client.post("/api/messages/", {"recipient": recipient, "body": body, **more}, **headers)


def sent(client, *arguments, **options):
    answer = write(client, *arguments, **options)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def rows(client, path="/api/messages/", **query):
    answer = client.get(path, query)
    assert answer.status_code == 200, answer.json()
    more = ["unread_count"] if path.endswith("conversations/") else []
    assert list(answer.json()) == PAGE + more
    return answer.json()["results"]


def conversations(client):
    return rows(client, "/api/messages/conversations/")


def refused(answer, status, code=None, field=None):
    body = answer.json()
    assert (answer.status_code, body.get("code")) == (status, code), body
    assert body.get("fields") == ([field] if field else None)
    return body["error"]


def picture():
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "picture.png"
    return file


# -- sending ------------------------------------------------------------------------------------


def test_message_reaches_its_recipient(cast, both, frozen_clock):
    bidder, seller = both

    shown = sent(bidder)

    assert list(shown) == MESSAGE
    assert (shown["sender"], shown["recipient"]) == ("bidder1", "seller")
    assert (shown["sender_id"], shown["recipient_id"]) == (cast.bidder1.pk, cast.seller.pk)
    assert (shown["body"], shown["read_at"], shown["attachments"]) == (
        "Is the key there?",
        None,
        [],
    )
    assert rows(bidder) == rows(seller) == [shown]
    assert rows(seller, f"/api/messages/{shown['conversation_id']}/") == [shown]


def test_recipient_is_a_name_in_any_case_or_an_id(cast, both):
    bidder, _ = both

    for recipient in ("seller", "SELLER", cast.seller.pk, str(cast.seller.pk)):
        assert sent(bidder, recipient)["recipient_id"] == cast.seller.pk

    assert Conversation.objects.count() == 1


def test_digits_are_an_id_even_if_somebody_has_that_name(cast, both):
    UserFactory(username=str(cast.seller.pk))

    assert sent(both[0], str(cast.seller.pk))["recipient"] == "seller"


def test_messages_are_listed_newest_first(both):
    bidder, seller = both
    ids = [sent(bidder)["id"], sent(seller, "bidder1")["id"], sent(bidder)["id"]]

    assert [row["id"] for row in rows(bidder)] == ids[::-1]
    assert [row["id"] for row in rows(seller, page_size=2, page=2)] == ids[:1]


def test_cursor_pages_do_not_shift(both):
    bidder, seller = both
    ids = [sent(bidder)["id"] for _ in range(4)]
    first = seller.get("/api/messages/?cursor=&page_size=2").json()
    sent(bidder)

    second = seller.get(first["next"]).json()

    assert [row["id"] for row in first["results"] + second["results"]] == ids[::-1]


@pytest.mark.parametrize(
    ("recipient", "status", "code", "field"),
    [
        ("bidder1", 400, "to_oneself", "recipient"),
        ("nobody", 404, None, None),
        (4_000_000_000_000_000_000, 404, None, None),
        ("", 400, None, "recipient"),
        (None, 400, None, "recipient"),
        (0, 400, None, "recipient"),
        (True, 400, None, "recipient"),
        (["seller"], 400, None, "recipient"),
        ("a\0b", 400, None, "recipient"),
        ("x" * 151, 400, None, "recipient"),
    ],
)
def test_recipient_that_is_none_is_refused(both, recipient, status, code, field):
    refused(write(both[0], recipient), status, code, field)

    assert Message.objects.count() == 0


@pytest.mark.parametrize(
    "body", ["", " \n\t", "a\0b", "a\x07b", "\u202eb", "x" * 4001, 5, None, ["a"], {"a": "b"}]
)
def test_body_that_is_none_is_refused(both, body):
    refused(write(both[0], body=body), 400, None, "body")

    assert Message.objects.count() == 0


def test_body_may_have_lines_and_4000_characters(both):
    for body in ("One\r\nTwo\n\tThree", "😀" * 4000, " a "):
        assert sent(both[0], body=body)["body"] == body


def test_half_a_character_is_refused(both):
    body = json.dumps({"recipient": "seller", "body": "a\ud800b"}).encode("ascii")

    answer = both[0].post("/api/messages/", body, content_type="application/json")

    refused(answer, 400, None, "body")


def test_markup_comes_back_unchanged_as_text_in_json(both):
    bidder, seller = both
    assert len(XSS) == 40
    for payload in XSS:
        answer = write(bidder, body=payload)

        for shown in (answer, seller.get("/api/messages/")):
            assert shown.headers["Content-Type"] == "application/json"
            assert shown.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.json()["body"] == payload
        assert conversations(seller)[0]["last_message"]["body"] == payload

    assert [row["body"] for row in rows(seller, page_size=40)] == XSS[::-1]


def test_what_a_client_may_not_set_is_ignored(cast, both):
    shown = sent(both[0], sender="staff", sender_id=cast.staff.pk, read_at="2001-01-01T00:00:00Z")

    assert (shown["sender"], shown["read_at"]) == ("bidder1", None)


# -- conversations ------------------------------------------------------------------------------


def test_conversation_shows_the_other_the_last_message_and_what_is_unread(cast, both):
    bidder, seller = both
    auction = AuctionFactory(seller=cast.seller, title="Walnut desk")
    sent(seller, "bidder1", "Hello")
    about = sent(bidder, body="How old?", auction_id=auction.pk)
    last = sent(bidder, body="And how wide?", auction_id=auction.pk)

    shown = conversations(seller)

    assert [list(row) for row in shown] == [CONVERSATION] * 2
    assert about["conversation_id"] == last["conversation_id"] == shown[0]["id"] != shown[1]["id"]
    assert shown[0]["other_party"] == {"id": cast.bidder1.pk, "username": "bidder1"}
    assert shown[0]["about"] == {"auction_id": auction.pk, "title": "Walnut desk"}
    assert (shown[0]["last_message"], shown[0]["unread_count"]) == (last, 2)
    assert (shown[1]["about"], shown[1]["unread_count"]) == (None, 0)
    assert [row["unread_count"] for row in conversations(bidder)] == [0, 1]
    assert seller.get("/api/messages/conversations/?page_size=1&page=2").json()["unread_count"] == 2


def test_conversation_written_in_last_comes_first(both):
    bidder, seller = both
    first = sent(bidder)["conversation_id"]
    second = sent(bidder, "stranger")["conversation_id"]
    assert [row["id"] for row in conversations(bidder)] == [second, first]

    sent(seller, "bidder1")

    assert [row["id"] for row in conversations(bidder)] == [first, second]


def test_pair_has_one_conversation_whoever_writes(both):
    bidder, seller = both

    assert sent(bidder)["conversation_id"] == sent(seller, "bidder1")["conversation_id"]


def test_constraints_allow_no_second_conversation(cast, both):
    auction = AuctionFactory(seller=cast.seller)
    sent(both[0])
    sent(both[0], auction_id=auction.pk)

    for auction_id in (None, auction.pk):
        pair = Conversation.objects.get(auction_id=auction_id)
        for first, second in ((pair.first, pair.second), (pair.second, pair.first)):
            again = Conversation(
                first=first, second=second, auction_id=auction_id, created_at=clock.now()
            )
            with pytest.raises(IntegrityError), transaction.atomic():
                again.save()


def test_others_conversation_and_an_absent_one_are_the_same_404(cast, both, api):
    shown = sent(both[0])
    stranger, staff = api(cast.stranger), api(cast.staff)

    for client in (stranger, staff):
        others = client.get(f"/api/messages/{shown['conversation_id']}/")
        absent = client.get("/api/messages/4000000000000000000/")
        assert (others.status_code, others.content) == (absent.status_code, absent.content)
        assert others.status_code == 404
        others = client.post(f"/api/messages/{shown['id']}/read/")
        absent = client.post("/api/messages/4000000000000000000/read/")
        assert (others.status_code, others.content) == (absent.status_code, absent.content)
        assert others.status_code == 404
        assert rows(client) == conversations(client) == []


@pytest.mark.parametrize("trait", ["draft", "absent", "removed"])
def test_auction_that_is_not_to_be_seen_is_not_written_about(cast, both, trait):
    auction_id = 4_000_000_000_000_000_000
    if trait != "absent":
        auction_id = AuctionFactory(seller=cast.seller, draft=trait == "draft").pk
    if trait == "removed":
        command = ask.CancelAuction(actor_id=cast.staff.pk, is_staff=True, removed=True)
        desk.ask(auction_id, command)

    for client, recipient in zip(both, ("seller", "bidder1"), strict=True):
        assert refused(write(client, recipient, auction_id=auction_id), 404) == "Auction not found"

    assert Conversation.objects.count() == 0


def test_auction_removed_later_is_still_talked_about_without_its_title(cast, both):
    bidder, seller = both
    auction = AuctionFactory(seller=cast.seller)
    sent(bidder, auction_id=auction.pk)
    command = ask.CancelAuction(actor_id=cast.staff.pk, is_staff=True, removed=True)
    desk.ask(auction.pk, command)

    sent(seller, "bidder1", auction_id=auction.pk)

    assert conversations(bidder)[0]["about"] == {"auction_id": auction.pk, "title": None}


def test_lists_cost_the_same_however_many_rows(cast, both, django_assert_num_queries):
    bidder, seller = both
    paths = ("/api/messages/", "/api/messages/conversations/", "/api/messages/blocks/")

    def cost():
        counts = []
        for path in paths:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert rows(seller, path)
            counts.append(len(queries))
        return counts

    sent(bidder, auction_id=AuctionFactory(seller=cast.seller).pk)
    block(seller, UserFactory().pk)
    first = cost()
    for _ in range(6):
        sent(bidder, auction_id=AuctionFactory(seller=cast.seller).pk)
        block(seller, UserFactory().pk)

    assert cost() == first
    assert max(first) <= 6, first


# -- read receipts ------------------------------------------------------------------------------


def read(client, message):
    return client.post(f"/api/messages/{message['id']}/read/")


def test_sender_is_shown_when_his_message_was_read(both, frozen_clock):
    bidder, seller = both
    message = sent(bidder)
    frozen_clock.advance(60)

    answer = read(seller, message)

    assert answer.status_code == 200
    assert answer.json()["read_at"] is not None
    assert rows(bidder) == [answer.json()]
    assert conversations(seller)[0]["unread_count"] == 0


def test_first_time_read_counts(both, frozen_clock):
    bidder, seller = both
    message = sent(bidder)
    first = read(seller, message)
    frozen_clock.advance(60)

    again = read(seller, message)

    assert (again.status_code, again.json()) == (200, first.json())


def test_sender_cannot_mark_his_own_message(both):
    bidder, _ = both

    refused(read(bidder, sent(bidder)), 403, "not_the_recipient")

    assert Message.objects.get().read_at is None


def test_reading_a_conversation_marks_nothing(both):
    bidder, seller = both
    message = sent(bidder)
    rows(seller, f"/api/messages/{message['conversation_id']}/")

    assert conversations(seller)[0]["unread_count"] == 1


def test_ids_of_conversations_and_messages_are_different_spaces(both):
    bidder, seller = both
    for _ in range(3):
        last = sent(bidder)

    assert last["id"] != last["conversation_id"]
    assert read(seller, last).status_code == 200
    assert seller.get(f"/api/messages/{last['id']}/").status_code == 404


# -- blocks and bans ----------------------------------------------------------------------------


def block(client, user):
    return client.post("/api/messages/blocks/", {"user": user})


def test_no_message_passes_after_a_block(both):
    bidder, seller = both
    message = sent(bidder)

    answer = block(seller, "bidder1")

    assert (answer.status_code, answer.json()["user"]["username"]) == (201, "bidder1")
    text = refused(write(bidder), 403, "blocked_by_recipient")
    assert text == "This user takes no messages from you"
    refused(write(seller, "bidder1"), 403, "blocked_by_sender")
    assert rows(bidder) == rows(seller) == [message], "what was written stays"
    assert [row["blocked"] for row in conversations(seller)] == [True]
    assert [row["blocked"] for row in conversations(bidder)] == [False]
    assert sent(bidder, "stranger")


def test_block_is_taken_back(cast, both):
    bidder, seller = both
    assert [block(seller, cast.bidder1.pk).status_code for _ in range(2)] == [201, 200]
    assert [row["user"]["id"] for row in rows(seller, "/api/messages/blocks/")] == [cast.bidder1.pk]
    path = f"/api/messages/blocks/{cast.bidder1.pk}/"

    assert [seller.delete(path).status_code for _ in range(2)] == [204, 204]

    assert sent(bidder)
    assert seller.delete("/api/messages/blocks/4000000000000000000/").status_code == 404


def test_block_of_another_is_not_ones_own_to_take_back(cast, both, api):
    bidder, seller = both
    block(seller, "bidder1")

    for client in (bidder, api(cast.stranger)):
        client.delete(f"/api/messages/blocks/{cast.bidder1.pk}/")
        client.delete(f"/api/messages/blocks/{cast.seller.pk}/")

    assert UserBlock.objects.count() == 1
    refused(write(bidder), 403, "blocked_by_recipient")


def test_nobody_blocks_himself_or_who_is_not_there(cast, both):
    refused(block(both[0], "bidder1"), 400, "blocks_oneself", "user")
    assert refused(block(both[0], "nobody"), 404) == "User not found"


def test_banned_users_neither_send_nor_receive(cast, both, api):
    bidder, _ = both
    banned = api(cast.stranger)
    User.objects.filter(pk=cast.stranger.pk).update(banned_at=clock.now())

    assert write(banned).status_code == 401
    for recipient in ("stranger", cast.stranger.pk):
        answer = write(bidder, recipient)
        assert answer.json() == write(bidder, "nobody").json() == {"error": "User not found"}


def test_address_is_confirmed_before_writing_where_the_site_demands_it(both, settings):
    settings.EMAIL_VERIFICATION = "required"

    refused(write(both[0]), 403, "email_unverified")


def test_no_more_than_twenty_messages_a_minute(both, settings):
    settings.RATE_LIMITS = True

    answers = [write(both[0]) for _ in range(21)]

    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert both[0].get("/api/messages/").status_code == 200
    assert write(both[1], "bidder1").status_code == 201


def test_strangers_are_told_to_log_in(api):
    anonymous = api(None)

    for path in ("", "conversations/", "1/", "blocks/"):
        assert anonymous.get(f"/api/messages/{path}").status_code == 401
    for path in ("", "1/read/", "blocks/"):
        assert anonymous.post(f"/api/messages/{path}").status_code == 401


# -- keys ---------------------------------------------------------------------------------------


def test_same_key_sends_one_message(both):
    bidder, seller = both

    first, again = sent(bidder, key="one"), sent(bidder, key="one")

    assert first == again
    assert rows(seller) == [first]
    assert sent(bidder, key="two")["id"] != first["id"]
    assert sent(seller, "bidder1", key="one")["id"] != first["id"], "a key is its sender's own"


@pytest.mark.parametrize(
    "other", [{"body": "Another"}, {"recipient": "stranger"}, {"auction_id": None}]
)
def test_key_of_another_message_is_refused(cast, both, other):
    auction = AuctionFactory(seller=cast.seller)
    message = {"recipient": "seller", "body": "How old?", "auction_id": auction.pk, "key": "one"}
    sent(both[0], **message)

    refused(write(both[0], **(message | other)), 422, "idempotency_key_reused")

    assert Message.objects.count() == 1


def test_key_gives_the_first_outcome_after_a_block_too(both):
    bidder, seller = both
    first = sent(bidder, key="one")
    block(seller, "bidder1")

    assert sent(bidder, key="one") == first


# -- pictures -----------------------------------------------------------------------------------


def with_pictures(client, *files, **headers):
    body = {"recipient": "seller", "body": "Like this?", "images": list(files)}
    return client.post("/api/messages/", body, format="multipart", **headers)


def test_pictures_come_with_a_message(both):
    answer = with_pictures(both[0], picture(), picture())

    assert answer.status_code == 201, answer.json()
    shown = answer.json()["attachments"]
    assert [list(image) for image in shown] == [["id", "image", "thumbnail", "thumbnails"]] * 2
    assert rows(both[1])[0]["attachments"] == shown
    assert both[1].get(shown[0]["image"]).headers["Content-Type"] == "image/webp"


def test_file_that_is_no_picture_sends_nothing(both):
    page = io.BytesIO(b"<script>alert(1)</script>")
    page.name = "picture.png"

    refused(with_pictures(both[0], picture(), page), 400, "images_refused", "images")

    assert Message.objects.count() == 0


def test_more_pictures_than_one_request_takes_are_refused(both):
    files = [picture() for _ in range(settings.UPLOAD_FILES_MAX + 1)]

    refused(with_pictures(both[0], *files), 400, "images_refused", "images")


def test_key_covers_the_pictures(both):
    first = with_pictures(both[0], picture(), HTTP_IDEMPOTENCY_KEY="one")
    again = with_pictures(both[0], picture(), HTTP_IDEMPOTENCY_KEY="one")
    other = with_pictures(both[0], picture(), picture(), HTTP_IDEMPOTENCY_KEY="one")

    assert first.json() == again.json()
    refused(other, 422, "idempotency_key_reused")
    _, files = default_storage.listdir("message_images")
    assert len(files) == 4, "one picture in four sizes"


# -- notifications ------------------------------------------------------------------------------


def test_message_raises_one_notification_of_its_recipient(cast, both):
    message = sent(both[0])

    note = Notification.objects.get()

    assert (note.user_id, note.kind) == (cast.seller.pk, "message")
    assert note.data["message_id"] == message["id"]
    assert note.data["conversation_id"] == message["conversation_id"]


def test_refused_message_notifies_nobody(both):
    block(both[1], "bidder1")
    write(both[0])

    assert Notification.objects.count() == 0
