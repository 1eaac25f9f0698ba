"""From a sold auction to a sale: opened once, at the fees of the day, by whoever comes first."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.auctions.models import Auction, FeeSchedule
from apps.bidding.desk import desk
from apps.core import clock
from apps.payments import sales
from apps.payments.models import Sale, StateChange
from domain.commands import BuyNow, EndAuction, PlaceBid, SellToBid
from domain.settlement import IllegalTransition
from tests.factories import AuctionFactory, CategoryFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sold(cast):
    """Return a function that sells an auction to bidder1 through the desk."""

    def sell(amount_minor=1000_00, **row):
        auction = AuctionFactory(seller=cast.seller, **row)
        desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=amount_minor))
        desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
        return auction

    return sell


def sale_of(auction):
    with transaction.atomic():
        return sales.sale_of_auction(auction.pk)


def test_a_sold_auction_is_owed_by_its_winner_for_three_days(cast, sold, frozen_clock):
    FeeSchedule.objects.create(commission_bps=1000, premium_tiers=[[0, 1200]], tax_bps=1900)
    auction = sold(1000_00)

    assert sales.open_sales() == 1

    sale = Sale.objects.get()
    assert (sale.auction_id, sale.seller, sale.buyer) == (auction.pk, cast.seller, cast.bidder1)
    assert (sale.hammer_minor, sale.premium_minor, sale.tax_minor) == (1000_00, 120_00, 212_80)
    assert (sale.total_minor, sale.commission_minor) == (1332_80, 100_00)
    assert (sale.status, sale.currency, sale.tax_bps) == ("due", "USD", 1900)
    assert sale.due_at == frozen_clock.instant + timedelta(hours=72)
    change = StateChange.objects.get(kind="sale")
    assert (change.object_id, change.was, change.became) == (sale.pk, "", "due")


def test_without_a_schedule_nobody_pays_anything_on_top(sold):
    sold(1000_00)
    sales.open_sales()

    sale = Sale.objects.get()
    assert (sale.total_minor, sale.premium_minor, sale.tax_minor) == (1000_00, 0, 0)
    assert sale.commission_minor == 0


def test_what_was_fixed_stays_when_the_schedule_changes(sold):
    sold()
    sales.open_sales()
    FeeSchedule.objects.create(premium_tiers=[[0, 5000]])

    assert sales.open_sales() == 0
    assert Sale.objects.get().premium_minor == 0


@pytest.mark.parametrize("sell", ["end", "buy_now", "choice"])
def test_every_way_of_selling_ends_in_a_sale(cast, sell):
    auction = AuctionFactory(
        seller=cast.seller, seller_choice=sell == "choice", buy_now_minor=500_00
    )
    if sell == "buy_now":
        desk.ask(auction.pk, BuyNow(actor_id=cast.bidder2.pk))
    else:
        bid = desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder2.pk, amount_minor=500_00)).bid
        last = (
            EndAuction(actor_id=cast.seller.pk)
            if sell == "end"
            else SellToBid(actor_id=cast.seller.pk, bid_id=bid.id)
        )
        desk.ask(auction.pk, last)

    assert sales.open_sales() == 1
    assert (Sale.objects.get().buyer, Sale.objects.get().hammer_minor) == (cast.bidder2, 500_00)


def test_what_was_not_sold_has_no_sale(cast):
    AuctionFactory(ended=True)
    running = AuctionFactory(seller=cast.seller)
    desk.ask(running.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=120_00))
    below = AuctionFactory(seller=cast.seller, reserve_minor=900_00)
    desk.ask(below.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=120_00))
    desk.ask(below.pk, EndAuction(actor_id=cast.seller.pk))

    assert sales.open_sales(ever=True) == 0
    assert sale_of(running) is None
    assert sale_of(below) is None
    assert Sale.objects.count() == 0


def test_the_payment_door_opens_the_sale_itself_and_nobody_opens_another(sold):
    auction = sold()
    first = sale_of(auction)

    assert first.status == "due"
    assert sale_of(auction) == first
    assert sales.open_sales() == 0
    assert Sale.objects.count() == 1


def test_a_sale_that_lapsed_is_still_what_its_auction_stands_at(sold):
    auction = sold()
    sales.open_sales()
    Sale.objects.update(status="lapsed")

    assert sale_of(auction).status == "lapsed"
    assert sales.open_sales(ever=True) == 0


def test_an_unknown_auction_has_no_sale(db):
    assert sale_of(Auction(pk=999)) is None


def test_asking_outside_a_transaction_is_a_mistake(transactional_db):
    with pytest.raises(RuntimeError):
        sales.sale_of_auction(1)


def test_what_was_sold_long_ago_is_found_by_the_look_at_everything(sold, frozen_clock):
    sold()
    frozen_clock.advance(2 * 24 * 3600)

    assert sales.open_sales() == 0
    assert sales.open_sales(ever=True) == 1
    assert Sale.objects.get().due_at == frozen_clock.instant + timedelta(hours=72)


def test_many_sales_cost_the_statements_of_one(cast):
    def statements(count):
        for _ in range(count):
            AuctionFactory(
                seller=UserFactory(), category=CategoryFactory(), ended=True, sold=True,
                winner=cast.bidder1, final_minor=100_00, updated_at=clock.now(),
            )  # fmt: skip
        with CaptureQueriesContext(connection) as captured:
            assert sales.open_sales() == count
        return len(captured)

    assert statements(1) == statements(30)


def test_a_batch_has_a_limit_and_the_rest_comes_next(sold):
    for _ in range(3):
        sold()

    assert [sales.open_sales(limit=2) for _ in range(3)] == [2, 1, 0]


def test_nothing_to_do_is_one_query(sold, django_assert_num_queries):
    sold()
    sales.open_sales()

    with django_assert_num_queries(1):
        assert sales.open_sales() == 0


# -- what is taken away -------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["due", "offered"])
def test_what_is_owed_or_offered_of_an_auction_taken_away_is_cancelled(sold, status):
    auction = sold()
    sales.open_sales()
    Sale.objects.update(status=status)

    sale = sales.cancel_sale_of_auction(auction.pk, "staff:9", clock.now())

    assert sale.status == Sale.objects.get().status == "cancelled"
    change = StateChange.objects.latest("pk")
    assert (change.was, change.became, change.cause) == (status, "cancelled", "staff:9")


def test_a_paid_one_is_left_to_held_money(sold):
    auction = sold()
    sales.open_sales()
    Sale.objects.update(status="paid")

    assert sales.cancel_sale_of_auction(auction.pk, "staff:9", clock.now()).status == "paid"
    assert Sale.objects.get().status == "paid"


@pytest.mark.parametrize("status", [None, "lapsed", "cancelled"])
def test_where_nobody_owes_anything_nothing_is_cancelled(sold, status):
    auction = sold()
    if status:
        sales.open_sales()
        Sale.objects.update(status=status)

    assert sales.cancel_sale_of_auction(auction.pk, "staff:9", clock.now()) is None


def test_a_sale_that_is_over_cannot_be_cancelled(sold):
    sold()
    sales.open_sales()
    Sale.objects.update(status="lapsed")

    with pytest.raises(IllegalTransition):
        sales.cancel_sale(Sale.objects.get(), "staff:9", clock.now())
    assert Sale.objects.get().status == "lapsed"
