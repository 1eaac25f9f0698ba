"""A sale nobody pays: one reminder, its lapse, a strike, the underbidder's chance."""

from contextlib import suppress
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import transaction

from apps.auctions.models import BlockedBidder, FeeSchedule
from apps.bidding.desk import BidDesk, DeskFull, desk
from apps.bidding.models import BidHistory
from apps.bidding.verify import verify_auction
from apps.payments import sales, services, unpaid
from apps.payments.models import Payment, Sale, StateChange, Strike
from apps.payments.refusals import MoneyRefused
from apps.users import mail_services
from apps.users.models import MailOrder
from domain.commands import BuyNow, EndAuction, PlaceBid, RetractBids, SellToBid
from tests.factories import AuctionFactory, UserFactory
from tests.money.market import pay

pytestmark = pytest.mark.django_db

HOUR = 3600
DUE_HOURS = 72
CHANCE_HOURS = 48


@pytest.fixture
def look(frozen_clock):
    """Return a function that lets hours pass and then looks after what is unpaid."""

    def after(hours=0.0):
        return unpaid.look_after_unpaid(frozen_clock.advance(hours * HOUR), 100)

    return after


@pytest.fixture
def contest(cast, frozen_clock):
    """Return a function: bids in turn, ended by the seller, its sale opened; the last bid wins."""

    def run(*bids, **row):
        auction = AuctionFactory(seller=cast.seller, **row)
        for user, amount in bids:
            desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))
        desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
        assert sales.open_sales() == 1
        return auction

    return run


@pytest.fixture
def unpaid_one(cast, contest):
    """Bidder1 and bidder2 in turn; bidder2 wins at 400, bidder1's highest is 300."""
    people = (cast.bidder1, 150), (cast.bidder2, 200), (cast.bidder1, 300), (cast.bidder2, 400)
    return contest(*people, title="A desk")


def standing(auction):
    return list(
        Sale.objects.filter(auction=auction)
        .order_by("pk")
        .values_list("status", "buyer__username", "hammer_minor")
    )


def told_of(auction):
    return list(
        BidHistory.objects.filter(auction=auction, type="second_chance_offer")
        .order_by("number")
        .values_list("bidder__username", "amount_minor")
    )


# -- reminders ----------------------------------------------------------------------------------


def test_a_winner_is_reminded_once_a_day_before_it_is_due(unpaid_one, look, mailoutbox):
    assert look(hours=47) == 0
    assert look(hours=1) == 1
    assert look() == look(hours=23) == 0
    assert MailOrder.objects.count() == 1

    assert mail_services.send_due_mail() == 1
    message = mailoutbox.pop()
    assert message.to == ["bidder2@example.com"]
    assert message.subject == "BidBazaar: please pay for A desk"
    due = Sale.objects.get().due_at
    said = " ".join(message.body.split())
    assert f"400.00 USD of play money is due by {due:%Y-%m-%d %H:%M} UTC" in said
    assert f"http://localhost:8000/auctions/{unpaid_one.pk}" in message.body


def test_who_has_paid_is_not_reminded(unpaid_one, look):
    Sale.objects.update(status="paid")

    assert look(hours=DUE_HOURS - 1) == 0
    assert look(hours=2) == 0
    assert MailOrder.objects.count() == 0


def test_after_a_long_night_nobody_is_reminded_of_what_has_lapsed(cast, contest, look):
    contest((cast.bidder1, 150))

    assert look(hours=DUE_HOURS + 5) == 1
    assert MailOrder.objects.count() == 0


# -- lapse --------------------------------------------------------------------------------------


def test_what_is_not_paid_in_time_lapses_with_a_strike(cast, contest, look):
    auction = contest((cast.bidder1, 150))
    look(hours=DUE_HOURS - 1)
    assert standing(auction) == [("due", "bidder1", 150_00)]

    assert look(hours=1) == 1

    assert standing(auction) == [("lapsed", "bidder1", 150_00)]
    strike = Strike.objects.get()
    assert (strike.user, strike.sale.auction_id) == (cast.bidder1, auction.pk)
    change = StateChange.objects.filter(kind="sale").latest("pk")
    assert (change.was, change.became, change.cause) == ("due", "lapsed", "timer:due")
    assert look(hours=1) == 0


def payment_of(sale, status, at):
    return Payment.objects.create(
        sale=sale, buyer=sale.buyer, method="stripe", provider="sandbox", currency="USD",
        amount_minor=sale.total_minor, status=status, created_at=at, expires_at=sale.due_at,
    )  # fmt: skip


@pytest.mark.parametrize("status", ["created", "requires_action"])
def test_what_the_buyer_had_begun_expires_with_its_sale(unpaid_one, look, frozen_clock, status):
    payment = payment_of(Sale.objects.get(), status, frozen_clock.instant)

    look(hours=DUE_HOURS)

    payment.refresh_from_db()
    assert payment.status == "expired"


def test_a_payment_its_provider_works_on_keeps_the_sale(unpaid_one, look, frozen_clock):
    payment = payment_of(Sale.objects.get(), "processing", frozen_clock.instant)

    look(hours=DUE_HOURS + 1)
    assert [status for status, *_ in standing(unpaid_one)] == ["due"]

    Payment.objects.filter(pk=payment.pk).update(status="failed")
    look()
    assert [status for status, *_ in standing(unpaid_one)] == ["lapsed", "offered"]


def test_one_that_cannot_lapse_keeps_no_other_from_it(cast, contest, look, caplog):
    stuck, other = contest((cast.bidder1, 150)), contest((cast.bidder2, 150))
    expire = unpaid.services.expire_open_payments

    def fail_for_one(sale, **cause):
        if sale.auction_id == stuck.pk:
            raise RuntimeError("no")
        expire(sale, **cause)

    with patch.object(unpaid.services, "expire_open_payments", fail_for_one):
        assert look(hours=DUE_HOURS) == 1

    assert (standing(stuck)[0][0], standing(other)[0][0]) == ("due", "lapsed")
    assert Strike.objects.count() == 1
    assert "could not lapse" in caplog.text


# -- the second chance --------------------------------------------------------------------------


def test_the_underbidder_may_have_it_at_his_own_highest_bid(
    cast, unpaid_one, look, frozen_clock, mailoutbox
):
    FeeSchedule.objects.create(premium_tiers=[[0, 1000]])
    look(hours=DUE_HOURS)

    offered = Sale.objects.latest("pk")
    assert standing(unpaid_one) == [("lapsed", "bidder2", 400_00), ("offered", "bidder1", 300_00)]
    assert offered.total_minor == 330_00
    assert offered.due_at == frozen_clock.instant + timedelta(hours=CHANCE_HOURS)
    assert told_of(unpaid_one) == [("bidder1", 300_00)]
    assert verify_auction(unpaid_one.pk) == []
    with transaction.atomic():
        assert sales.sale_of_auction(unpaid_one.pk) == offered
    mail_services.send_due_mail()
    message = mailoutbox.pop()
    assert message.to == ["bidder1@example.com"]
    assert message.subject == "BidBazaar: you can still have A desk"
    assert "330.00 USD of play money in all" in " ".join(message.body.split())


def test_the_underbidder_takes_it_by_paying(cast, unpaid_one, look):
    look(hours=DUE_HOURS)

    payment = pay(unpaid_one)

    assert (payment.buyer, payment.amount_minor, payment.status) == (
        cast.bidder1, 300_00, "succeeded",
    )  # fmt: skip
    assert standing(unpaid_one)[-1] == ("paid", "bidder1", 300_00)
    with pytest.raises(MoneyRefused, match="not_the_buyer"):
        services.open_payment(cast.bidder2.pk, unpaid_one.pk, "stripe")
    assert look(hours=CHANCE_HOURS) == 0


def test_who_leaves_an_offer_owes_nothing_and_the_next_is_asked(cast, contest, look):
    third = UserFactory(username="third")
    auction = contest((third, 110), (cast.bidder1, 150), (cast.bidder2, 200))

    look(hours=DUE_HOURS)
    look(hours=CHANCE_HOURS)
    assert standing(auction)[1:] == [("lapsed", "bidder1", 150_00), ("offered", "third", 110_00)]
    look(hours=CHANCE_HOURS)

    assert [row[:2] for row in standing(auction)] == [
        ("lapsed", "bidder2"), ("lapsed", "bidder1"), ("lapsed", "third"),
    ]  # fmt: skip
    assert [strike.user for strike in Strike.objects.all()] == [cast.bidder2]
    assert told_of(auction) == [("bidder1", 150_00), ("third", 110_00)]
    assert look(hours=CHANCE_HOURS) == 0


@pytest.mark.parametrize("status", ["lapsed", "cancelled"])
def test_nobody_is_asked_twice(cast, contest, look, status):
    auction = contest((cast.bidder1, 150), (cast.bidder2, 200))
    sale = Sale.objects.get()
    Sale.objects.create(
        auction=auction, seller=cast.seller, buyer=cast.bidder1, currency="USD", status=status,
        hammer_minor=150_00, total_minor=150_00, due_at=sale.due_at, created_at=sale.created_at,
    )  # fmt: skip

    look(hours=DUE_HOURS)

    assert {row[0] for row in standing(auction)} == {"lapsed", status}


@pytest.mark.parametrize("why", ["banned", "inactive", "blocked", "blocked here", "unverified"])
def test_whom_house_or_seller_refuses_is_not_asked(cast, contest, look, settings, why):
    third = UserFactory(username="third")
    auction = contest((third, 110), (cast.bidder1, 150), (cast.bidder2, 200))
    now = auction.created_at
    match why:
        case "banned":
            cast.bidder1.banned_at = now
        case "inactive":
            cast.bidder1.is_active = False
        case "unverified":
            settings.EMAIL_VERIFICATION = "required"
            third.email_verified_at = now
            third.save()
        case _:
            here = auction if why == "blocked here" else None
            BlockedBidder.objects.create(
                seller=cast.seller, bidder=cast.bidder1, auction=here, created_at=now
            )
    cast.bidder1.save()

    look(hours=DUE_HOURS)

    assert standing(auction)[-1] == ("offered", "third", 110_00)


def test_what_another_seller_refuses_is_no_reason(cast, unpaid_one, look):
    BlockedBidder.objects.create(
        seller=cast.stranger, bidder=cast.bidder1, created_at=unpaid_one.created_at
    )

    look(hours=DUE_HOURS)

    assert standing(unpaid_one)[-1] == ("offered", "bidder1", 300_00)


@pytest.mark.parametrize(("reserve", "offered"), [(300, True), (301, False)])
def test_below_the_reserve_nothing_is_offered(cast, contest, look, reserve, offered):
    auction = contest(
        (cast.bidder1, 300), (cast.bidder2, 400), reserve_minor=reserve * 100
    )  # fmt: skip

    look(hours=DUE_HOURS)

    assert (standing(auction)[-1][0] == "offered") is offered


def test_after_sixty_days_nothing_is_offered(unpaid_one, look):
    assert look(hours=61 * 24) == 1

    assert [row[0] for row in standing(unpaid_one)] == ["lapsed"]


def test_a_retracted_bid_is_not_offered(cast, look, frozen_clock, settings):
    settings.BIDDER_RETRACTION = "ebay"
    auction = AuctionFactory(seller=cast.seller)
    for user, amount in ((cast.stranger, 110), (cast.bidder1, 150), (cast.bidder2, 200)):
        desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))
    desk.ask(auction.pk, RetractBids(actor_id=cast.bidder1.pk))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    sales.open_sales()

    look(hours=DUE_HOURS)

    assert standing(auction)[-1] == ("offered", "stranger", 110_00)


def test_after_a_purchase_at_the_fixed_price_nothing_is_offered(cast, look):
    auction = AuctionFactory(seller=cast.seller, buy_now_minor=900_00, reserve_minor=500_00)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=110_00))
    desk.ask(auction.pk, BuyNow(actor_id=cast.bidder2.pk))
    sales.open_sales()

    look(hours=DUE_HOURS)

    assert standing(auction) == [("lapsed", "bidder2", 900_00)]


def test_where_the_seller_picks_he_picks_again_himself(cast, look):
    auction = AuctionFactory(seller=cast.seller, seller_choice=True)
    for user, amount in ((cast.bidder1, 150), (cast.bidder2, 200)):
        bid = desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100)).bid
    desk.ask(auction.pk, SellToBid(actor_id=cast.seller.pk, bid_id=bid.id))
    sales.open_sales()

    look(hours=DUE_HOURS)

    assert standing(auction) == [("lapsed", "bidder2", 200_00)]


# -- crashes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("failure", [DeskFull, SystemExit])
def test_an_offer_that_could_not_be_told_is_told_later(unpaid_one, look, failure):
    with patch.object(BidDesk, "ask", side_effect=failure), suppress(SystemExit):
        look(hours=DUE_HOURS)
    assert standing(unpaid_one)[-1] == ("offered", "bidder1", 300_00)
    assert told_of(unpaid_one) == []

    assert look() == 0  # whoever opened it may still be telling it
    assert look(hours=0.01) == 1
    assert told_of(unpaid_one) == [("bidder1", 300_00)]
    assert look(hours=1) == 0
    assert MailOrder.objects.filter(kind="second_chance").count() == 1


def test_an_offer_told_before_a_crash_is_not_told_again(unpaid_one, look):
    look(hours=DUE_HOURS)
    Sale.objects.filter(status="offered").update(reminded_at=None)  # the last statement was lost

    assert look(hours=1) == 1
    assert told_of(unpaid_one) == [("bidder1", 300_00)]


def test_a_lapse_that_crashes_leaves_nothing_of_itself(unpaid_one, look):
    with patch.object(sales, "open_offer", side_effect=SystemExit), pytest.raises(SystemExit):
        look(hours=DUE_HOURS)
    assert [row[0] for row in standing(unpaid_one)] == ["due"]
    assert Strike.objects.count() == 0

    look()
    assert [row[0] for row in standing(unpaid_one)] == ["lapsed", "offered"]
