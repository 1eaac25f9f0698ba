"""Listings as rows. Amounts are minor units of the auction's currency, instants aware UTC."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from apps.core import clock
from domain.auction import Closing, Status
from domain.fees import BPS
from domain.money import MAJOR_DIGITS_MAX

CONDITIONS = [("new", "new"), ("used", "used")]


class Category(models.Model):
    """A place in the tree of things for sale; may carry its own increment table."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    increment_table = models.CharField(max_length=40, blank=True)  # name in domain/tables.py

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name"]


class FeeSchedule(models.Model):
    """What sales of a category bear; without a category, of all that have none of their own.

    `premium_tiers` is a list of [from, basis points], `from` in whole major units, ascending,
    the first 0. A category without a schedule has that of its nearest ancestor.
    """

    category = models.OneToOneField(
        Category, models.CASCADE, null=True, blank=True, related_name="fees"
    )
    commission_bps = models.PositiveIntegerField(default=0)  # the seller's, of the hammer price
    premium_tiers = models.JSONField(default=list, blank=True)  # the buyer's, on top of it
    tax_bps = models.PositiveIntegerField(default=0)  # on hammer and premium together
    tax_name = models.CharField(max_length=40, default="Tax")
    changed_at = models.DateTimeField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(category__isnull=True), name="one_default_fees"
            ),
            models.CheckConstraint(
                condition=Q(commission_bps__lte=BPS, tax_bps__lte=BPS), name="fees_at_most_all"
            ),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save what `clean` lets pass, and when: kept answers show it. Raises ValidationError."""
        self.clean()
        self.changed_at = clock.now()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse rates above the whole and tiers out of order; raises ValidationError."""
        for name in ("commission_bps", "tax_bps"):
            if not 0 <= getattr(self, name) <= BPS:
                raise ValidationError({name: f"A rate is 0 to {BPS} basis points"})
        problem = _tiers_problem(self.premium_tiers)
        if problem:
            raise ValidationError({"premium_tiers": problem})


def _tiers_problem(tiers: object) -> str:
    if not isinstance(tiers, list | tuple) or not all(
        isinstance(tier, list | tuple) and [type(number) for number in tier] == [int, int]
        for tier in tiers
    ):
        return "A list of [from, basis points], whole numbers both"
    edges = [edge for edge, _ in tiers]
    if edges != sorted(set(edges)) or edges[:1] not in ([], [0]):
        return "Tiers ascend, and the first is from 0"
    if any(edge >= 10**MAJOR_DIGITS_MAX for edge in edges):
        return "A tier begins above the highest price there can be"
    if any(not 0 <= rate <= BPS for _, rate in tiers):
        return f"A rate is 0 to {BPS} basis points"
    return ""


class Auction(models.Model):
    """One listing of either vocabulary: what its seller fixed, and where bidding stands.

    The lower half is written by apps/bidding/repository.py alone, from decisions of the engine,
    under this row's lock. `leader_cap_minor` and `reserve_minor` are secret.
    """

    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="auctions")
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=20_000, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True)
    condition = models.CharField(max_length=8, choices=CONDITIONS, default="new")
    closing = models.CharField(max_length=16, choices=[(c.value, c.value) for c in Closing])
    currency = models.CharField(max_length=3)
    starting_minor = models.BigIntegerField()
    minimum_increment_minor = models.BigIntegerField(null=True, blank=True)  # None: by table
    increment_table = models.CharField(max_length=40, blank=True)  # fixed when activated
    increment_strict = models.BooleanField(default=False)
    reserve_minor = models.BigIntegerField(null=True, blank=True)
    buy_now_minor = models.BigIntegerField(null=True, blank=True)
    soft_close_window_seconds = models.PositiveIntegerField(default=0)  # 0: hard close
    soft_close_extension_seconds = models.PositiveIntegerField(default=0)
    soft_close_mode = models.CharField(max_length=8, default="reset")
    soft_close_total_seconds_max = models.PositiveIntegerField(null=True, blank=True)
    soft_close_extensions_max = models.PositiveIntegerField(null=True, blank=True)
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)  # until activated
    start_at = models.DateTimeField(null=True, blank=True)
    original_end_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    status = models.CharField(max_length=12, choices=[(s.value, s.value) for s in Status])
    end_at = models.DateTimeField(null=True, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True)  # when a closer must look again
    seq = models.BigIntegerField(default=0)  # last event the room saw
    log_number = models.BigIntegerField(default=0)  # last row of the history
    has_former_names = models.BooleanField(default=False)  # of deleted accounts, in its history
    log_hash = models.BinaryField(max_length=32, default=bytes(32))  # of that row
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    price_minor = models.BigIntegerField(null=True, blank=True)
    leader_cap_minor = models.BigIntegerField(null=True, blank=True)
    total_bids = models.PositiveIntegerField(default=0)
    extension_count = models.PositiveIntegerField(default=0)
    warned_seconds = models.JSONField(default=list)
    reserve_met = models.BooleanField(default=False)
    winner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    sold = models.BooleanField(default=False)
    sold_bid_id = models.BigIntegerField(null=True, blank=True)
    final_minor = models.BigIntegerField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starting_minor__gt=0), name="auction_starting_price_positive"
            ),
            models.CheckConstraint(
                condition=Q(end_at__isnull=True)
                | Q(original_end_at__isnull=True)
                | Q(start_at__isnull=True)
                | Q(original_end_at__gt=F("start_at")),
                name="auction_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(price_minor__isnull=True)
                | Q(leader_cap_minor__isnull=True)
                | Q(leader_cap_minor__gte=F("price_minor")),
                name="auction_price_within_cap",
            ),
            models.CheckConstraint(
                condition=Q(sold=False) | Q(winner__isnull=False, final_minor__isnull=False),
                name="auction_sold_has_winner",
            ),
        ]
        indexes = [
            # For the closer: few rows are due, so the index holds only those that can become so.
            models.Index(
                fields=["next_due_at"], name="auction_due", condition=Q(next_due_at__isnull=False)
            ),
            models.Index(fields=["status", "end_at", "id"], name="auction_by_end"),
            models.Index(fields=["status", "-created_at", "-id"], name="auction_newest"),
            # The front page: all that is public, newest first, stopping after one page.
            models.Index(fields=["-created_at", "-id"], name="auction_by_created"),
            models.Index(fields=["seller", "-created_at"], name="auction_by_seller"),
            models.Index(fields=["status", "category", "end_at"], name="auction_by_category"),
            # For money: what was sold lately, whatever else has ended.
            models.Index(
                fields=["updated_at"],
                name="auction_sold",
                condition=Q(sold=True, status=Status.ENDED.value),
            ),
        ]


class Lot(models.Model):
    """A separately described item inside an auction, sold together with it."""

    auction = models.ForeignKey(Auction, models.CASCADE, related_name="lots")
    lot_number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    description = models.TextField(max_length=20_000, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    condition = models.CharField(max_length=8, choices=CONDITIONS, default="new")
    estimate_low_minor = models.BigIntegerField(null=True, blank=True)
    estimate_high_minor = models.BigIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["lot_number"]
        constraints = [
            models.UniqueConstraint(fields=["auction", "lot_number"], name="lot_number_once"),
        ]


class AuctionImage(models.Model):
    """A picture of an auction: re-encoded original and thumbnail, as paths below MEDIA_ROOT."""

    auction = models.ForeignKey(Auction, models.CASCADE, related_name="images")
    image = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "id"]
        indexes = [  # files are shared by listings made from one another
            models.Index(fields=["image"], name="image_by_file"),
        ]


class ListingChange(models.Model):
    """A seller's edit, for disputes: what was changed, when. Lists are kept ready until the next.

    `fields` names what changed; the words themselves are in the row and, of the bidding, in the
    history.
    """

    auction = models.ForeignKey(Auction, models.CASCADE, related_name="changes")
    fields = models.JSONField()
    after_bids = models.BooleanField()
    changed_at = models.DateTimeField()


class Watchlist(models.Model):
    """A user follows an auction."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watchlist")
    auction = models.ForeignKey(Auction, models.CASCADE, related_name="watchers")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "auction"], name="watched_once"),
        ]


class SavedSearch(models.Model):
    """A user keeps a search: a query string of the list of auctions, under his own name for it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="search_named_once"),
        ]


class BlockedBidder(models.Model):
    """A bidder this seller refuses; with an auction, refused there only (rule book 4, 5.2)."""

    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    bidder = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    auction = models.ForeignKey(Auction, models.CASCADE, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["seller", "bidder"],
                condition=Q(auction__isnull=True),
                name="blocked_everywhere_once",
            ),
            models.UniqueConstraint(
                fields=["auction", "bidder"],
                condition=Q(auction__isnull=False),
                name="blocked_here_once",
            ),
        ]
