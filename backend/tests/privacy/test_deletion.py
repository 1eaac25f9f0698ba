"""Deleting an account: what keeps it, what goes, what stays, and that the proof still holds."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from PIL import Image

from apps.auctions.models import Auction, SavedSearch, Watchlist
from apps.bidding import selectors as bidding_selectors
from apps.bidding.desk import desk
from apps.bidding.models import BidHistory
from apps.bidding.verify import verify_auction
from apps.core import clock
from apps.notifications.kinds import Kind, Note
from apps.notifications.message_services import block_user, send_message
from apps.notifications.models import Message, Notification
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from apps.payments import verify as money
from apps.payments.accounts import payout_account
from apps.payments.models import Escrow, Invoice, Sale
from apps.payments.subscription_services import cancel, subscribe
from apps.payments.worker import do_due_work
from apps.privacy.erasure import ERASED, KEPT
from apps.users import key_services
from apps.users.mail_services import send_due_mail
from apps.users.models import LoginSession, User, UserProfile
from apps.users.rules import AccountError
from apps.users.services import log_in, put_business, register_user, set_avatar
from apps.webhooks.services import create_endpoint
from domain.commands import CancelBids, EndAuction, PlaceBid
from tests.cast import Cast, sign_in
from tests.factories import PASSWORD, AuctionFactory, UserFactory
from tests.money.market import held, pay

pytestmark = pytest.mark.django_db(transaction=True)

NAME, ADDRESS = "zebulon", "zebulon.quist@mail.example"
#: Whatever of these is found anywhere afterwards was not erased.
NEEDLES = ("zebulon", "quist", "zebstreet", "zebcorp", "zebsecret", "198.51.100.77")
#: Where his public user name may stay: the chained history, and what others were told of him.
MAY_STAY = {
    "BidHistory.frame",
    "Notification.title",
    "Notification.body",
    "Notification.data",
    "MailOrder.email",
}


@pytest.fixture
def leaver(db: None) -> User:
    user: User = UserFactory(username=NAME, email=ADDRESS, first_name="Zebulon", last_name="Quist")
    return user


def delete(api: Any, user: User, **body: Any) -> Any:
    return api(user).delete("/api/users/me/", body or {"password": PASSWORD})


def bid(auction: Auction, user: User, amount: int) -> None:
    desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))


def picture() -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, "PNG")
    file.seek(0)
    file.name = "zebsecret.png"
    return file


def live_a_full_life(user: User, cast: Cast) -> Auction:
    """Let an account leave traces in every table it can; returns an auction it bid in and lost."""
    auction: Auction = AuctionFactory(seller=cast.seller)
    bid(auction, user, 120)
    bid(auction, cast.bidder2, 200)
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    pay(auction)
    UserProfile.objects.filter(user=user).update(bio="zebsecret", location="zebstreet 3")
    set_avatar(user, file=picture())
    put_business(user.pk, company_name="zebcorp", tax_id="", address="zebstreet 3", website="")
    sign_in(user)
    LoginSession.objects.filter(user=user).update(ip_address="198.51.100.77")
    send_message(user.pk, "seller", "zebsecret: is the key there?", images=[picture()])
    send_message(cast.seller.pk, NAME, "It is")
    block_user(user.pk, "stranger")
    Watchlist.objects.create(user=user, auction=auction, created_at=clock.now())
    SavedSearch.objects.create(user=user, name="zebsecret", created_at=clock.now())
    key_services.create_key(
        user,
        name="zebsecret",
        scopes=["read:bids"],
        expires_at=None,
        password=PASSWORD,
        session_id="00000000-0000-4000-8000-000000000000",
    )
    create_endpoint(
        user,
        url="https://zebcorp.example.com/",
        kinds=["auction.bid"],
        description="",
        everything=False,
    )
    payout_account(user.pk, "sandbox")
    note = Note(
        user_id=user.pk,
        kind=Kind.LOST,
        says=Says.LOST_UNSOLD,
        source="x",
        at=clock.now(),
        title="zebsecret",
    )
    notify([note])
    return auction


def found_anywhere() -> set[str]:
    """Return the columns of the whole database in which one of the needles is."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            for value in model._default_manager.values_list(field.attname, flat=True):
                text = (
                    bytes(value).decode("latin-1")
                    if isinstance(value, memoryview | bytes)
                    else value
                )
                if any(needle in str(text).lower() for needle in NEEDLES):
                    found.add(f"{model.__name__}.{field.name}")
    return found


def test_nothing_personal_is_left_in_any_table(cast, api, leaver):
    live_a_full_life(leaver, cast)
    before = found_anywhere()
    assert {"User.username", "User.email", "Message.body", "UserProfile.bio"} <= before
    assert len(list(Path(settings.MEDIA_ROOT).rglob("*.webp"))) >= 2

    assert delete(api, leaver).status_code == 204

    assert found_anywhere() <= MAY_STAY
    assert list(Path(settings.MEDIA_ROOT).rglob("*.webp")) == []
    leaver.refresh_from_db()
    assert (leaver.username, leaver.email) == (
        f"deleted-{leaver.pk}",
        f"deleted-{leaver.pk}@deleted.invalid",
    )
    assert not leaver.is_active
    assert not leaver.has_usable_password()
    assert leaver.deleted_at is not None


def test_bids_history_and_ledger_stay_and_are_proved(cast, api, leaver):
    auction = live_a_full_life(leaver, cast)
    bytes_before = list(BidHistory.objects.order_by("pk").values_list("frame", "hash"))

    assert delete(api, leaver).status_code == 204

    assert list(BidHistory.objects.order_by("pk").values_list("frame", "hash")) == bytes_before
    assert verify_auction(auction.pk) == []
    assert money.check() == []


def test_proof_still_notices_a_changed_byte(cast, api, leaver):
    auction = live_a_full_life(leaver, cast)
    delete(api, leaver)
    row = BidHistory.objects.filter(auction=auction, bidder=leaver).get()
    frame = json.loads(bytes(row.frame))
    changed = json.dumps({**frame, "amount": 121}, separators=(",", ":")).encode()
    BidHistory.objects.filter(pk=row.pk).update(frame=changed)

    found = verify_auction(auction.pk)

    assert any("the hash does not fit" in sentence for sentence in found)
    assert any("the rules say" in sentence for sentence in found)


def test_every_door_shows_the_new_name(cast, api, leaver):
    auction = live_a_full_life(leaver, cast)
    delete(api, leaver)
    gone = f"deleted-{leaver.pk}"
    client = api()

    shown = [
        client.get(f"/api/bid-history/?auction_id={auction.pk}"),
        client.get(f"/api/bids/?auction_id={auction.pk}"),
        client.get(f"/api/auctions/{auction.pk}/"),
        client.get(f"/api/auction/products/{auction.pk}/bids/"),
    ]
    assert all(NAME not in answer.content.decode() for answer in shown)
    assert all(gone in answer.content.decode() for answer in shown)
    assert client.get(f"/api/users/{leaver.pk}/").status_code == 404

    frames = bidding_selectors.room_frames(auction.pk, 0, 100)
    assert all(NAME.encode() not in frame.data for frame in frames)
    first = json.loads(frames[0].data)
    assert (first["bidder"], first["highest_bidder"]) == (gone, gone)


def test_running_auction_goes_on_and_is_proved_when_an_underbidder_has_left(cast, api, leaver):
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, leaver, 120)
    bid(auction, cast.bidder1, 200)
    assert delete(api, leaver).status_code == 204

    bid(auction, cast.bidder2, 300)
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))

    assert verify_auction(auction.pk) == []
    frames = bidding_selectors.room_frames(auction.pk, 0, 100)
    assert all(NAME.encode() not in frame.data for frame in frames)


def test_other_side_keeps_the_conversation_without_his_words(cast, api, leaver):
    live_a_full_life(leaver, cast)
    delete(api, leaver)

    messages = api(cast.seller).get("/api/messages/").json()["results"]

    assert {(m["sender"], m["body"]) for m in messages} == {
        (f"deleted-{leaver.pk}", "(deleted with its sender's account)"),
        ("seller", "It is"),
    }
    assert all(m["attachments"] == [] for m in messages)
    assert (
        api(cast.seller)
        .post("/api/messages/", {"recipient": str(leaver.pk), "body": "Hello?"})
        .status_code
        == 404
    )


def test_tokens_keys_and_password_are_dead(cast, api, leaver):
    live_a_full_life(leaver, cast)
    client = api(leaver)
    assert delete(api, leaver).status_code == 204

    assert client.get("/api/users/me/").status_code == 401
    assert LoginSession.objects.filter(user=leaver).count() == 0
    for name in (NAME, f"deleted-{leaver.pk}"):
        with pytest.raises(AccountError, match="Invalid credentials"):
            log_in(name, password=PASSWORD)


def test_name_is_given_to_nobody_again(cast, api, leaver):
    delete(api, leaver)

    for name in (NAME, NAME.upper()):
        with pytest.raises(AccountError, match="Username already taken"):
            register_user(name, email="other@example.com", password="a-long-secret-7")
    for name in ("deleted-7", "Deleted-8"):
        with pytest.raises(AccountError, match="reserved"):
            register_user(name, email="other@example.com", password="a-long-secret-7")
    again = register_user("zebulon2", email=ADDRESS, password="a-long-secret-7")
    assert again.user.pk != leaver.pk, "his address is free"


def test_former_address_is_told(cast, api, leaver, mailoutbox):
    delete(api, leaver)
    send_due_mail()

    [mail] = mailoutbox
    assert mail.to == [ADDRESS]
    assert "your account was deleted" in mail.subject


# -- what keeps an account ------------------------------------------------------------------------


def lead(user: User, cast: Cast) -> None:
    bid(AuctionFactory(seller=cast.seller), user, 120)


def offer(user: User, cast: Cast) -> None:
    auction = AuctionFactory(seller=cast.seller, seller_choice=True)
    now = clock.now()
    for bidder, amount in ((user, 12_000), (cast.bidder2, 13_000)):
        desk.ask(
            auction.pk,
            PlaceBid(
                actor_id=bidder.pk,
                amount_minor=amount,
                valid_from=now.replace(year=now.year - 1),
                valid_until=now.replace(year=now.year + 1),
            ),
        )


def owe(user: User, cast: Cast) -> None:
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, user, 120)
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))


def be_owed(user: User, cast: Cast) -> None:
    auction = AuctionFactory(seller=user)
    bid(auction, cast.bidder1, 120)
    desk.ask(auction.pk, EndAuction(actor_id=user.pk))


def wait_for_money(user: User, cast: Cast) -> None:
    held(Cast(user, cast.bidder1, cast.bidder2, cast.staff, cast.stranger))


OBSTACLES = {
    "you lead 1 running auction": lead,
    "you have 1 offer that may still be accepted": offer,
    "you have 1 running listing": lambda user, cast: AuctionFactory(seller=user),
    "you have 1 purchase to pay for": owe,
    "you have 1 sale that is not settled yet": be_owed,
    "money is held for 1 deal of yours": wait_for_money,
    "you have 1 subscription": lambda user, cast: subscribe(user.pk, "pro"),
    "you work here": lambda user, cast: User.objects.filter(pk=user.pk).update(is_staff=True),
}


@pytest.mark.parametrize("sentence", OBSTACLES)
def test_account_that_others_wait_for_is_kept(cast, api, leaver, sentence):
    OBSTACLES[sentence](leaver, cast)

    answer = delete(api, leaver)

    assert answer.status_code == 400
    assert answer.json()["code"] == "account_in_use"
    assert sentence in answer.json()["error"]
    leaver.refresh_from_db()
    assert leaver.username == NAME


def test_all_reasons_are_told_at_once(cast, api, leaver):
    lead(leaver, cast)
    AuctionFactory(seller=leaver)

    body = delete(api, leaver).json()

    assert "you lead 1 running auction" in body["details"]
    assert "you have 1 running listing" in body["details"]


def test_what_is_over_keeps_nobody(cast, api, leaver):
    AuctionFactory(seller=leaver, ended=True)
    draft = AuctionFactory(seller=leaver, draft=True)
    subscribe(leaver.pk, "pro")
    cancel(leaver.pk)
    other = AuctionFactory(seller=cast.seller)
    bid(other, leaver, 120)
    bid(other, cast.bidder1, 200)

    assert delete(api, leaver).status_code == 204
    draft.refresh_from_db()
    assert draft.status == "cancelled"


def test_buyer_whose_deal_is_done_may_go_and_his_papers_stay(cast, api):
    payout_account(cast.seller.pk, "sandbox")
    hold = held(cast)
    assert delete(api, cast.bidder1).status_code == 400
    assert api(cast.bidder1).post(f"/api/escrow/{hold.pk}/release/").status_code == 200
    while do_due_work():
        pass
    assert Escrow.objects.get(pk=hold.pk).state == "released"

    assert delete(api, cast.bidder1).status_code == 204
    assert Sale.objects.filter(buyer=cast.bidder1).count() == 1
    assert Invoice.objects.filter(user=cast.bidder1).count() == 1


# -- who asks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"password": "wrong"}, ["password"]),
        ({"password": ""}, ["password"]),
        ({"password": 7}, ["password"]),
        ({"code": "000000"}, ["code"]),
        ({"sure": True}, ["password"]),
    ],
    ids=str,
)
def test_password_or_code_is_asked_for_however_fresh_the_login(cast, api, leaver, body, fields):
    answer = delete(api, leaver, **body)

    assert (answer.status_code, answer.json()["fields"]) == (400, fields)
    assert User.objects.filter(username=NAME).exists()


# -- nothing is forgotten -------------------------------------------------------------------------


def test_every_column_that_names_an_account_has_its_rule():
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and field.remote_field.model is User
    }
    erased = {f"{model._meta.label}.{column}" for model, column in ERASED}

    assert erased & set(KEPT) == set()
    assert columns - erased - set(KEPT) == set(), "erase or keep? say so in apps/privacy/erasure.py"
    assert (erased | set(KEPT)) - columns == set(), "no such column any more"


def test_deleting_twice_at_once_is_done_once(cast, api, leaver):
    client, other = api(leaver), api(leaver)

    assert client.delete("/api/users/me/", {"password": PASSWORD}).status_code == 204
    assert other.delete("/api/users/me/", {"password": PASSWORD}).status_code == 401


def test_voided_bids_of_one_who_left_are_proved_too(cast, api, leaver):
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, leaver, 120)
    bid(auction, cast.bidder1, 200)
    void = CancelBids(actor_id=cast.seller.pk, bidder_id=leaver.pk)
    desk.ask(auction.pk, void)
    assert delete(api, leaver).status_code == 204

    assert verify_auction(auction.pk) == []
    assert Notification.objects.filter(user=leaver).count() == 0
    assert Message.objects.count() == 0
