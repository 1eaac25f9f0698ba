"""Rows with sensible defaults.

Rows made here have no history behind them; what a test says about bidding it says through the
desk. `BidFactory` and `AutoBidRuleFactory` are for tests of reads alone.
"""

from datetime import datetime, timedelta

import factory
from django.contrib.auth.hashers import make_password

from apps.auctions.models import Auction, AuctionImage, Category, Lot, Watchlist
from apps.bidding.models import AutoBidRule, Bid
from apps.core import clock
from apps.users.models import User, UserProfile
from domain.auction import Closing, Status

PASSWORD = "securepassword"  # the guide's sample


def _now() -> datetime:
    return clock.now()  # looked up at each call: `frozen_clock` may have replaced it


class UserFactory(factory.django.DjangoModelFactory):
    """An active account with a profile."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"user{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    profile = factory.RelatedFactory("tests.factories.UserProfileFactory", "user")


class UserProfileFactory(factory.django.DjangoModelFactory):
    """What a person tells about themselves."""

    class Meta:
        model = UserProfile

    user = factory.SubFactory(UserFactory, profile=None)


class CategoryFactory(factory.django.DjangoModelFactory):
    """A top-level category."""

    class Meta:
        model = Category

    name = factory.Sequence(lambda number: f"Category {number}")
    slug = factory.Sequence(lambda number: f"category-{number}")


class AuctionFactory(factory.django.DjangoModelFactory):
    """A timed auction that is active, starts at 100.00 USD and ends in seven days.

    Traits: `draft`, `scheduled` (starts in a day), `ended` (an hour ago, no bids, unsold),
    `seller_choice` (takes offers; increments strict and 0, as the guide has it).
    """

    class Meta:
        model = Auction

    class Params:
        now = factory.LazyFunction(_now)
        draft = factory.Trait(
            status=Status.DRAFT,
            start_at=None,
            end_at=None,
            next_due_at=None,
            duration_seconds=7 * 24 * 3600,
        )
        scheduled = factory.Trait(
            status=Status.SCHEDULED,
            start_at=factory.LazyAttribute(lambda row: row.now + timedelta(days=1)),
            next_due_at=factory.SelfAttribute("start_at"),
        )
        ended = factory.Trait(
            status=Status.ENDED,
            end_at=factory.LazyAttribute(lambda row: row.now - timedelta(hours=1)),
            start_at=factory.LazyAttribute(lambda row: row.now - timedelta(days=7)),
            ended_at=factory.SelfAttribute("end_at"),
            next_due_at=None,
        )
        seller_choice = factory.Trait(
            closing=Closing.SELLER_CHOICE,
            increment_table="",
            minimum_increment_minor=0,
            increment_strict=True,
        )

    seller = factory.SubFactory(UserFactory)
    title = factory.Sequence(lambda number: f"Walnut writing desk {number}")
    description = "Made about 1890; one drawer sticks."
    condition = "used"
    closing = Closing.TIMED
    currency = "USD"
    starting_minor = 100_00
    increment_table = "ebay_us"
    status = Status.ACTIVE
    start_at = factory.LazyAttribute(lambda row: row.now - timedelta(hours=1))
    end_at = factory.LazyAttribute(lambda row: row.now + timedelta(days=7))
    original_end_at = factory.SelfAttribute("end_at")
    next_due_at = factory.SelfAttribute("end_at")
    created_at = factory.LazyAttribute(lambda row: row.now - timedelta(days=1))
    updated_at = factory.SelfAttribute("created_at")


class LotFactory(factory.django.DjangoModelFactory):
    """An item inside an auction."""

    class Meta:
        model = Lot

    auction = factory.SubFactory(AuctionFactory)
    lot_number = factory.Sequence(lambda number: number + 1)
    title = factory.Sequence(lambda number: f"Lot item {number}")


class AuctionImageFactory(factory.django.DjangoModelFactory):
    """A picture's row; no file is written."""

    class Meta:
        model = AuctionImage

    auction = factory.SubFactory(AuctionFactory)
    image = factory.Sequence(lambda number: f"product_images/{number}.jpg")
    thumbnail = factory.Sequence(lambda number: f"product_images/{number}_thumb.jpg")
    created_at = factory.LazyFunction(_now)


class WatchlistFactory(factory.django.DjangoModelFactory):
    """A user follows an auction."""

    class Meta:
        model = Watchlist

    user = factory.SubFactory(UserFactory)
    auction = factory.SubFactory(AuctionFactory)
    created_at = factory.LazyFunction(_now)


class BidFactory(factory.django.DjangoModelFactory):
    """A visible bid's row alone: the auction's own figures stay as they are."""

    class Meta:
        model = Bid

    auction = factory.SubFactory(AuctionFactory)
    bidder = factory.SubFactory(UserFactory)
    amount_minor = 100_00
    led = True
    seq = factory.Sequence(lambda number: number + 1)
    placed_at = factory.LazyFunction(_now)


class AutoBidRuleFactory(factory.django.DjangoModelFactory):
    """A secret maximum's row alone."""

    class Meta:
        model = AutoBidRule

    auction = factory.SubFactory(AuctionFactory)
    bidder = factory.SubFactory(UserFactory)
    max_minor = 500_00
    created_at = factory.LazyFunction(_now)
    updated_at = factory.SelfAttribute("created_at")
