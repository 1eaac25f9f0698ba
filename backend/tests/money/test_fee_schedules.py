"""What a category's sales bear, whose plan lowers it, and the price in all shown before a bid."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.auctions.fees import Fees, fees_of, shelves_of, terms_in
from apps.auctions.models import Category, FeeSchedule
from apps.bidding.desk import desk
from apps.core import clock
from apps.payments import sales
from apps.payments.fee_terms import fee_terms, plans_of
from apps.payments.models import Sale, Subscription
from domain.commands import EndAuction, PlaceBid
from domain.fees import FeeTerms, Tier
from domain.plans import FREE, PLANS
from tests.factories import AuctionFactory, CategoryFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    """Return a category, its child and its grandchild."""
    art = CategoryFactory(slug="art")
    prints = CategoryFactory(slug="prints", parent=art)
    return art, prints, CategoryFactory(slug="woodcuts", parent=prints)


# -- whose schedule -----------------------------------------------------------------------------


def test_without_any_schedule_nobody_pays_anything(tree):
    assert fees_of([tree[2].pk]) == {None: Fees(), tree[2].pk: Fees()}
    assert fee_terms(tree[2].pk, "USD") == FeeTerms()
    assert fee_terms(None, "USD") == FeeTerms()


def test_the_nearest_schedule_counts(tree, django_assert_num_queries):
    art, prints, woodcuts = tree
    books = CategoryFactory(slug="books")
    FeeSchedule.objects.create(commission_bps=1)
    FeeSchedule.objects.create(category=art, commission_bps=2)
    FeeSchedule.objects.create(category=woodcuts, commission_bps=3, tax_bps=4, tax_name="VAT")

    with django_assert_num_queries(1):
        found = fees_of([woodcuts.pk, prints.pk, art.pk, books.pk, None, 999])

    assert {pk: fees.commission_bps for pk, fees in found.items()} == {
        None: 1, art.pk: 2, prints.pk: 2, woodcuts.pk: 3, books.pk: 1, 999: 1,
    }  # fmt: skip
    assert found[woodcuts.pk] == Fees(3, (), 4, "VAT")


def test_a_schedule_of_nothing_is_a_schedule(tree):
    FeeSchedule.objects.create(commission_bps=1000)
    FeeSchedule.objects.create(category=tree[1])

    assert fees_of([tree[0].pk, tree[2].pk])[tree[2].pk] == Fees()


def test_a_loop_in_the_tree_ends(tree):
    art, _, woodcuts = tree
    Category.objects.filter(pk=art.pk).update(parent=woodcuts)
    FeeSchedule.objects.create(commission_bps=7)

    assert fees_of([art.pk])[art.pk].commission_bps == 7


def test_a_category_is_named_with_its_fees(tree):
    art, _, woodcuts = tree
    FeeSchedule.objects.create(category=art, premium_tiers=[[0, 1200]])

    shelf = shelves_of([woodcuts.pk])[woodcuts.pk]

    assert (shelf.id, shelf.slug, shelf.name) == (woodcuts.pk, "woodcuts", woodcuts.name)
    assert shelf.fees.premium_tiers == ((0, 1200),)


@pytest.mark.parametrize(
    ("currency", "edge_minor"), [("JPY", 1000), ("USD", 1000_00), ("KWD", 1000_000)]
)
def test_tiers_begin_at_the_same_number_in_every_currency(currency, edge_minor):
    fees = Fees(300, ((0, 1200), (1000, 800)), 1900, "VAT")

    assert terms_in(fees, currency) == FeeTerms(
        commission_bps=300,
        premium=(Tier(0, 1200), Tier(edge_minor, 800)),
        tax_bps=1900,
        tax_name="VAT",
    )


# -- what a schedule may be ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        {"premium_tiers": [[100, 1200]]},
        {"premium_tiers": [[0, 1200], [0, 1100]]},
        {"premium_tiers": [[0, 1200], [500, 1100], [200, 1000]]},
        {"premium_tiers": [[0, -1]]},
        {"premium_tiers": [[0, 10_001]]},
        {"premium_tiers": [[0, 12.5]]},
        {"premium_tiers": [[0, True]]},
        {"premium_tiers": [[0, 1200, 1]]},
        {"premium_tiers": [[0, 1200], [10**10, 1100]]},
        {"premium_tiers": "[[0, 1200]]"},
        {"premium_tiers": {"0": 1200}},
        {"premium_tiers": [0, 1200]},
        {"commission_bps": 10_001},
        {"commission_bps": -1},
        {"tax_bps": 10_001},
    ],
)
def test_a_schedule_out_of_order_is_refused(row):
    with pytest.raises(ValidationError, check=lambda error: {*error.message_dict} == {*row}):
        FeeSchedule.objects.create(**row)


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"premium_tiers": [[0, 0]]},
        {"premium_tiers": [[0, 10_000], [1, 0], [9_999_999_999, 1]]},
        {"commission_bps": 10_000, "tax_bps": 10_000},
    ],
)
def test_a_schedule_in_order_is_stored(row):
    assert FeeSchedule.objects.create(**row).changed_at is not None


def test_there_is_one_default_and_one_of_each_category(tree):
    FeeSchedule.objects.create()
    FeeSchedule.objects.create(category=tree[0])
    for category in (None, tree[0]):
        with pytest.raises(IntegrityError), transaction.atomic():
            FeeSchedule.objects.create(category=category)


# -- the seller's plan --------------------------------------------------------------------------


def subscribe(user, plan, status, past_due_at=None):
    return Subscription.objects.create(
        user=user, plan=plan, status=status, past_due_at=past_due_at, provider="stripe",
        currency="USD", price_minor=29_00, created_at=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "days_past_due", "entitled"),
    [
        ("active", None, True),
        ("trialing", None, True),
        ("past_due", 0, True),
        ("past_due", 6.99, True),
        ("past_due", 7, False),
        ("past_due", None, False),
        ("incomplete", None, False),
        ("incomplete_expired", None, False),
        ("unpaid", 1, False),
        ("paused", None, False),
        ("canceled", None, False),
    ],
)
def test_a_plan_counts_while_it_is_paid_for(cast, status, days_past_due, entitled):
    now = clock.now()
    past_due_at = None if days_past_due is None else now - timedelta(days=days_past_due)
    subscribe(cast.seller, "pro", status, past_due_at)

    assert plans_of([cast.seller.pk, cast.stranger.pk], now) == {
        cast.seller.pk: PLANS["pro"] if entitled else FREE,
        cast.stranger.pk: FREE,
    }


@pytest.mark.parametrize(
    ("plan", "category_bps", "commission_minor"),
    [("pro", 1000, 30_00), ("business", 1000, 15_00), ("pro", 200, 20_00), ("free", 1000, 100_00),
     ("gone", 1000, 100_00)],
)  # fmt: skip
def test_the_lower_commission_applies(cast, plan, category_bps, commission_minor):
    FeeSchedule.objects.create(commission_bps=category_bps, premium_tiers=[[0, 1200]])
    subscribe(cast.seller, plan, "active")
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=1000_00))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    sales.open_sales()

    sale = Sale.objects.get()
    assert (sale.commission_minor, sale.premium_minor) == (commission_minor, 120_00)


# -- the price in all ---------------------------------------------------------------------------


def shown(api, auction, **headers):
    """Return what the list and the detail say, which is the same."""
    detail = api().get(f"/api/auctions/{auction.pk}/", headers=headers).json()
    rows = api().get("/api/auctions/").json()["results"]
    listed = next(row for row in rows if row["id"] == auction.pk)
    words = ("buyers_premium", "tax", "all_in_price")
    assert [listed[word] for word in words] == [detail[word] for word in words]
    return tuple(detail[word] for word in words)


def test_a_bidder_sees_what_his_bid_would_cost_him_in_all(api, cast, tree):
    FeeSchedule.objects.create(
        category=tree[0], commission_bps=1000, premium_tiers=[[0, 1250], [1000, 1000]],
        tax_bps=1900, tax_name="VAT",
    )  # fmt: skip
    auction = AuctionFactory(seller=cast.seller, category=tree[2], minimum_increment_minor=100_00)
    tiers = [{"from": 0, "rate_percent": 12.5}, {"from": 1000, "rate_percent": 10}]
    tax = {"name": "VAT", "rate_percent": 19}

    assert shown(api, auction) == (tiers, tax, 133.88)  # (100 + 12.50) * 1.19
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=1900_00))
    assert shown(api, auction) == (tiers, tax, 2647.75)  # (2000 + 125 + 100) * 1.19
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    sales.open_sales()
    assert shown(api, auction) == (tiers, tax, 2516.85)  # (1900 + 125 + 90) * 1.19
    assert Sale.objects.get().total_minor == 2516_85


def test_without_fees_the_price_in_all_is_the_bid(api, cast):
    auction = AuctionFactory(seller=cast.seller, currency="JPY", starting_minor=5000)

    assert shown(api, auction) == ([], None, 5000)


def test_what_nobody_can_buy_has_no_price_in_all(api):
    assert shown(api, AuctionFactory(ended=True)) == ([], None, None)


@pytest.mark.parametrize("keep", [True, False])
def test_a_change_of_the_schedule_shows_at_once(api, settings, frozen_clock, keep):
    settings.KEEP_READS = keep
    auction = AuctionFactory()
    tags = []

    def detail():
        frozen_clock.advance(1)
        known = {"If-None-Match": tags[-1]} if tags else {}
        reply = api().get(f"/api/auctions/{auction.pk}/", headers=known)
        tags.append(reply["ETag"])
        return reply.json()["all_in_price"]

    assert detail() == 100
    schedule = FeeSchedule.objects.create(premium_tiers=[[0, 1000]])
    assert detail() == 110
    frozen_clock.advance(1)
    schedule.premium_tiers = [[0, 2000]]
    schedule.save()
    assert detail() == 120
    schedule.delete()
    assert detail() == 100
    assert (
        api().get(f"/api/auctions/{auction.pk}/", headers={"If-None-Match": tags[-1]}).status_code
        == 304
    )
