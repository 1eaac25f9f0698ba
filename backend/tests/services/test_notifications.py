"""Notifications: who is told what of an evening, once, whatever crashes; preferences and mails."""

from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from django.core import mail

from apps.auctions.models import Auction, Watchlist
from apps.bidding.desk import desk
from apps.core import clock
from apps.notifications import mailing, services, telling
from apps.notifications.kinds import Kind, Note
from apps.notifications.models import AuctionReading, Notification
from apps.notifications.sentences import Says
from apps.notifications.settings_services import Wishes, change_settings
from apps.payments import escrow_services
from apps.payments.models import StateChange
from apps.users.mail_services import send_due_mail
from apps.users.models import MailOrder, User
from domain.commands import EndAuction, PlaceBid, SetAutoBid
from tests.cast import Cast
from tests.evenings import Evening
from tests.factories import AuctionFactory
from tests.money.market import held, pay, sell

pytestmark = pytest.mark.django_db(transaction=True)


def bid(auction: Auction, user: User, amount: int) -> None:
    desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))


def auto_bid(auction: Auction, user: User, amount: int) -> None:
    desk.ask(auction.pk, SetAutoBid(actor_id=user.pk, max_minor=amount * 100))


def end(auction: Auction) -> None:
    desk.ask(auction.pk, EndAuction(actor_id=auction.seller_id))


def kinds_of(user: User) -> list[str]:
    """Return the kinds of all a user was told, in order, also of what was replaced."""
    rows = Notification.objects.filter(user=user).order_by("pk")
    return list(rows.values_list("kind", flat=True))


def tell_all() -> None:
    while telling.tell(ever=True):
        pass


# -- the reader -----------------------------------------------------------------------------------


def test_a_batch_costs_the_same_however_many_rows(django_assert_max_num_queries: Any) -> None:
    evening = Evening(seed=4)
    evening.storm(150)
    evening.close()
    with django_assert_max_num_queries(20):  # SQLite takes sixty rows in an INSERT
        assert telling.tell_auctions(ever=True) > 50


# -- bidding ------------------------------------------------------------------------------------


def test_leader_whose_maximum_answered_hears_nothing(cast: Cast) -> None:
    auction = AuctionFactory(seller=cast.seller)
    auto_bid(auction, cast.bidder1, 500)
    bid(auction, cast.bidder2, 200)
    tell_all()

    assert kinds_of(cast.bidder1) == []
    assert kinds_of(cast.bidder2) == ["outbid"]  # he was answered at once


def test_outbids_of_one_auction_are_gathered_until_read(cast: Cast) -> None:
    auction = AuctionFactory(seller=cast.seller, title="Leica M3")
    for amount in (100, 110, 120, 130, 140, 150):
        bid(auction, cast.bidder1 if amount % 20 else cast.bidder2, amount)
        tell_all()

    (shown,) = Notification.objects.filter(user=cast.bidder2, replaced=False)
    assert shown.title == "You were outbid 3 times on Leica M3"
    assert Notification.objects.filter(user=cast.bidder2).count() == 3
    services.mark_read(cast.bidder2.pk, shown.pk)
    bid(auction, cast.bidder2, 200)
    bid(auction, cast.bidder1, 250)
    tell_all()

    newest = Notification.objects.filter(user=cast.bidder2).latest("pk")
    assert newest.title == "You were outbid on Leica M3"


def test_offers_are_told_the_seller_who_chooses_among_them(cast: Cast) -> None:
    auction = AuctionFactory(seller=cast.seller, title="A rug", seller_choice=True)
    bid(auction, cast.bidder1, 250)
    tell_all()
    (one,) = Notification.objects.filter(kind="offer")
    assert (one.user, one.title, one.body) == (
        cast.seller, "An offer for A rug", "250.00 USD is offered.",
    )  # fmt: skip
    assert one.url == f"/offers/{auction.pk}"
    bid(auction, cast.bidder2, 300)
    tell_all()

    (both,) = Notification.objects.filter(kind="offer", replaced=False)
    assert (both.title, both.body) == ("2 offers for A rug", "300.00 USD is offered.")


def test_logs_older_than_the_readers_reach_are_found_by_the_hourly_look(
    cast: Cast, monkeypatch: Any
) -> None:
    old, busy = AuctionFactory(seller=cast.seller), AuctionFactory(seller=cast.seller)
    bid(old, cast.bidder1, 100)
    bid(old, cast.bidder2, 200)
    bid(busy, cast.stranger, 100)
    bid(busy, cast.bidder2, 200)
    monkeypatch.setattr(telling, "LATELY_ROWS", 2)

    telling.tell()
    assert (kinds_of(cast.bidder1), kinds_of(cast.stranger)) == ([], ["outbid"])
    telling.tell(ever=True)
    assert kinds_of(cast.bidder1) == ["outbid"]
    assert AuctionReading.objects.count() == 2


@pytest.mark.parametrize(
    ("ahead", "seconds"),
    [(timedelta(hours=23), [86400]), (timedelta(minutes=50), [3600]), (timedelta(days=2), [])],
)
def test_watchers_and_bidders_are_warned_of_an_end_once(
    cast: Cast, ahead: timedelta, seconds: list[int]
) -> None:
    auction = AuctionFactory(
        seller=cast.seller, start_at=clock.now() - timedelta(days=5), end_at=clock.now() + ahead
    )
    bid(auction, cast.bidder1, 100)
    Watchlist.objects.create(user=cast.bidder2, auction=auction, created_at=clock.now())
    tell_all()
    telling.tell(ever=True)

    for user in (cast.bidder1, cast.bidder2):
        rows = Notification.objects.filter(user=user, kind="ending_soon")
        assert [row.data["seconds"] for row in rows] == seconds
    assert "ending_soon" not in kinds_of(cast.seller)


def test_a_day_s_warning_is_followed_by_an_hour_s(cast: Cast) -> None:
    now = clock.now()
    auction = AuctionFactory(
        seller=cast.seller, start_at=now - timedelta(days=5), end_at=now + timedelta(hours=23)
    )
    bid(auction, cast.bidder1, 100)
    telling.tell_endings(now)
    telling.tell_endings(now + timedelta(hours=1))
    telling.tell_endings(now + timedelta(hours=22, minutes=30))

    rows = Notification.objects.filter(user=cast.bidder1).order_by("pk")
    assert [row.data["seconds"] for row in rows] == [86400, 3600]


# -- money --------------------------------------------------------------------------------------


def test_payment_and_release_tell_buyer_and_seller(cast: Cast) -> None:
    pay(sell(cast))
    tell_all()

    assert Counter(kinds_of(cast.seller)) == Counter(["sold", "paid"])
    assert Counter(kinds_of(cast.bidder1)) == Counter(["won", "paid"])
    assert not StateChange.objects.filter(told=False).exists()


def test_dispute_tells_both(cast: Cast) -> None:
    hold = held(cast)
    escrow_services.open_dispute(hold.pk, cast.bidder1.pk, reason="other", description="broken")
    tell_all()

    for user in (cast.seller, cast.bidder1):
        assert kinds_of(user).count("dispute") == 1


# -- preferences and mails ----------------------------------------------------------------------


def note(user: User, kind: Kind = Kind.WON, source: str = "x:1", **more: Any) -> Note:
    return Note(
        user_id=user.pk, kind=kind, says=Says.WON, source=source, at=clock.now(), title="T", **more
    )


def test_same_source_is_told_once(cast: Cast) -> None:
    services.notify([note(cast.bidder1), note(cast.bidder1)])
    services.notify([note(cast.bidder1, thread="t")])

    assert Notification.objects.get(user=cast.bidder1).replaced is False


def test_what_is_switched_off_is_neither_shown_nor_mailed(cast: Cast) -> None:
    change_settings(cast.bidder1.pk, kinds={"won": {"in_app": False, "email": False}})
    services.notify([note(cast.bidder1)])

    row = Notification.objects.get()
    assert (row.in_app, row.email_due_at) == (False, None)
    assert mailing.order_due_mail() == 0


def test_mail_goes_through_the_queue_once_with_its_one_click_address(
    cast: Cast, api: Any, mailoutbox: Any
) -> None:
    services.notify([note(cast.bidder1, url="/auctions/1")])
    assert (mailing.order_due_mail(), mailing.order_due_mail()) == (1, 0)
    assert send_due_mail() == 1
    assert not MailOrder.objects.exists()

    (letter,) = mail.outbox
    assert letter.to == ["bidder1@example.com"]
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter.extra_headers["List-Unsubscribe"].strip("<>")
    path = address[address.index("/api/") :]
    form = "application/x-www-form-urlencoded"
    answer = api().post(path, "List-Unsubscribe=One-Click", content_type=form)
    assert answer.status_code == 200
    services.notify([note(cast.bidder1, source="x:2")])
    assert mailing.order_due_mail() == 0
    assert api().post(path + "x").status_code == 400


def test_mail_waits_until_the_quiet_hours_are_over() -> None:
    quiet = Wishes(quiet_from=time(22), quiet_until=time(7), zone="Europe/Berlin")
    summer = datetime(2026, 7, 1, tzinfo=UTC)

    assert quiet.loud_at(summer.replace(hour=12)) == summer.replace(hour=12)
    assert quiet.loud_at(summer.replace(hour=20)) == summer.replace(day=2, hour=5)
    assert quiet.loud_at(summer.replace(hour=2)) == summer.replace(hour=5)
    assert quiet.loud_at(summer.replace(hour=5)) == summer.replace(hour=5)


def test_old_news_are_not_mailed(cast: Cast) -> None:
    at = clock.now() - timedelta(days=2)
    services.notify(
        [Note(user_id=cast.seller.pk, kind=Kind.SOLD, says=Says.SOLD, source="s", at=at, title="T")]
    )

    assert Notification.objects.get().email_due_at is None


def test_what_was_read_meanwhile_is_not_mailed(cast: Cast) -> None:
    services.notify([note(cast.bidder1)])
    services.mark_all_read(cast.bidder1.pk)

    assert mailing.order_due_mail() == 0


# -- doors --------------------------------------------------------------------------------------


def test_list_unread_and_reading(cast: Cast, api: Any) -> None:
    services.notify([note(cast.bidder1, source=f"x:{n}") for n in range(3)])
    client = api(cast.bidder1)
    first = client.get("/api/notifications/").json()
    assert (first["count"], first["unread_count"]) == (3, 3)
    newest = first["results"][0]["id"]

    read = client.post(f"/api/notifications/{newest}/read/").json()
    again = client.post(f"/api/notifications/{newest}/read/").json()
    assert read["read_at"] is not None
    assert again == read
    unread = client.get("/api/notifications/unread/").json()
    assert (unread["count"], unread["unread_count"]) == (2, 2)
    assert client.post("/api/notifications/read-all/").json() == {"marked": 2, "unread_count": 0}


def test_another_s_notification_and_an_absent_one_answer_alike(cast: Cast, api: Any) -> None:
    services.notify([note(cast.bidder1)])
    foreign = Notification.objects.get().pk
    client = api(cast.bidder2)

    answers = [client.post(f"/api/notifications/{pk}/read/") for pk in (foreign, foreign + 999)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()
    assert client.get("/api/notifications/").json()["count"] == 0


def test_settings_change_in_part_and_answer_whole(cast: Cast, api: Any) -> None:
    client, path = api(cast.bidder1), "/api/notifications/settings/"
    before = client.get(path).json()
    assert set(before["kinds"]) == {kind.value for kind in Kind}

    one = client.post(path, {"kinds": {"outbid": {"email": False}}})
    two = client.patch(path, {"quiet_hours": {"start": "22:00", "end": "07:00"}})
    assert (one.status_code, two.status_code) == (200, 200)
    after = client.get(path).json()
    assert after == two.json()
    assert after["kinds"]["outbid"] == {
        "in_app": True,
        "email": False,
        "push": True,
        "digest": False,
    }
    assert after["quiet_hours"] == {"start": "22:00", "end": "07:00"}
    assert client.post(path, {"quiet_hours": None}).json()["quiet_hours"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"kinds": {"nonsense": {"email": True}}},
        {"kinds": {"outbid": {"email": "yes"}}},
        {"kinds": {"outbid": {"fax": True}}},
        {"kinds": {"payment_due": {"email": False}}},
        {"kinds": []},
        {"quiet_hours": {"start": "22:00"}},
        {"quiet_hours": {"start": "22:00", "end": "22:00"}},
        {"quiet_hours": {"start": "24:00", "end": "07:00"}},
        {"digest_at": "8:00"},
        {"digest_at": None},
        {"kinds": {"email_off": {"digest": True}}},
    ],
)
def test_settings_that_are_none_are_refused(cast: Cast, api: Any, body: dict[str, Any]) -> None:
    assert api(cast.bidder1).post("/api/notifications/settings/", body).status_code == 400
