"""Bids as rows: what is visible, what is secret, and the history nobody may change."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.auctions.models import Auction


class Bid(models.Model):
    """A visible bid. Void rows were retracted, cancelled or replaced by a replay (5.3)."""

    auction = models.ForeignKey(Auction, models.PROTECT, related_name="bids")
    bidder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bids")
    amount_minor = models.BigIntegerField()
    auto = models.BooleanField(default=False)
    led = models.BooleanField()  # whether it led when the action that made it was over
    seq = models.BigIntegerField()  # of its event in the room
    placed_at = models.DateTimeField()
    valid_from = models.DateTimeField(null=True, blank=True)  # offers only
    valid_until = models.DateTimeField(null=True, blank=True)
    void = models.BooleanField(default=False)
    request_key = models.CharField(max_length=128, null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="bid_amount_positive"),
            models.UniqueConstraint(
                fields=["auction", "bidder", "request_key"],
                condition=Q(request_key__isnull=False),
                name="bid_request_once",
            ),
        ]
        indexes = [
            models.Index(fields=["auction", "-seq"], name="bid_by_auction"),
            models.Index(fields=["auction", "-amount_minor", "seq"], name="bid_highest"),
            models.Index(fields=["auction", "bidder", "-amount_minor"], name="bid_of_bidder"),
            models.Index(fields=["bidder", "-id"], name="bid_by_bidder"),
        ]


class AutoBidRule(models.Model):
    """A bidder's secret maximum in one auction (register 11: one per user and auction)."""

    auction = models.ForeignKey(Auction, models.PROTECT, related_name="auto_bid_rules")
    bidder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="auto_bid_rules"
    )
    max_minor = models.BigIntegerField()
    active = models.BooleanField(default=True)
    request_key = models.CharField(max_length=128, null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "bidder"], name="auto_bid_rule_once"),
            models.CheckConstraint(condition=Q(max_minor__gt=0), name="auto_bid_max_positive"),
        ]
        indexes = [models.Index(fields=["bidder", "-id"], name="auto_bid_by_bidder")]


class BidHistory(models.Model):
    """The log of an auction: history, outbox and resume source in one. Append-only.

    `number` is gapless and covers everything; `seq` is gapless over what the room saw and None
    for what it must not see. `frame` holds the very bytes sent to the room (empty for a quiet
    row). `action` is the accepted command as private JSON on the first row of its action, empty
    on the others. `hash` is SHA-256 over the previous hash and this row (apps/bidding/log.py).
    """

    auction = models.ForeignKey(Auction, models.PROTECT, related_name="history")
    number = models.BigIntegerField()
    seq = models.BigIntegerField(null=True)
    type = models.CharField(max_length=32)
    bidder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    amount_minor = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    frame = models.BinaryField()
    action = models.BinaryField()
    outbid = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["auction", "number"], name="history_gapless"),
            models.UniqueConstraint(
                fields=["auction", "seq"],
                condition=Q(seq__isnull=False),
                name="history_seq_once",
            ),
        ]
