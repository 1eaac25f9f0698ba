"""What accounts share, who needs a deposit, what people should look at, as rows.

Instants are aware UTC.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from domain.risk.links import KeyKind


class AccountKey(models.Model):
    """Something seen with an account that another may share. Kept as a keyed digest only.

    A network is seen again and again, and only what is near in time counts: each time is a row.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in KeyKind])
    digest = models.CharField(max_length=64)  # of its kind and value together
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "digest", "seen_at"], name="account_key_once"
            ),
        ]
        indexes = [
            models.Index(fields=["digest"], name="account_key_by_digest"),
            models.Index(fields=["kind", "seen_at"], name="account_key_by_age"),
        ]


class DepositNeed(models.Model):
    """An account that may not bid without a deposit."""

    class Cause(models.TextChoices):
        """Who says so."""

        UNPAID = "unpaid"  # wins not paid in time; ends by itself
        STAFF = "staff"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="deposit_need"
    )
    cause = models.CharField(max_length=8, choices=Cause.choices)
    since_at = models.DateTimeField()
    until_at = models.DateTimeField(null=True, blank=True)  # None: until staff say otherwise
    reason = models.CharField(max_length=500, blank=True)


class ShillPair(models.Model):
    """The newest shill score of a bidder towards a seller; of those with a loss."""

    bidder = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    score = models.FloatField()  # as published, 0 to 10
    listed_count = models.PositiveIntegerField()
    lost_count = models.PositiveIntegerField()
    won_count = models.PositiveIntegerField()
    ratings: "models.JSONField[Any, Any]" = models.JSONField()
    scored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "bidder"], name="shill_pair_once"),
        ]


class ScoredAuction(models.Model):
    """An ended auction that the scores know of."""

    auction = models.OneToOneField("auctions.Auction", models.CASCADE, primary_key=True)
    scored_at = models.DateTimeField()


class ScanMark(models.Model):
    """How far a look has got, so that the next begins there."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()
    row_id = models.BigIntegerField(default=0)  # of the last row that need not be read again


class RiskCase(models.Model):
    """What a person should look at. One that is decided is opened again by newer evidence only."""

    class Kind(models.TextChoices):
        """Which rule found it."""

        SHILL = "shill"
        HARD_LINK = "hard_link"
        BIDS_ON_ONE_AUCTION = "bids_on_one_auction"
        BIDS_OF_NEW_ACCOUNT = "bids_of_new_account"
        NEW_ACCOUNTS = "new_accounts"
        OUTLIER_BID = "outlier_bid"
        UNPAID_WINS = "unpaid_wins"

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open"
        WATCHED = "watched"
        DISMISSED = "dismissed"
        DEPOSIT = "deposit"  # the account needs one from then on

    kind = models.CharField(max_length=20, choices=Kind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="risk_cases")
    seller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    auction = models.ForeignKey(
        "auctions.Auction", models.CASCADE, null=True, blank=True, related_name="+"
    )
    subject = models.CharField(max_length=80)  # of one kind and account, what tells two cases apart
    score = models.FloatField(null=True, blank=True)  # of shill: evened out, 0 to 10
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    evidence_at = models.DateTimeField()  # when the newest thing happened that it rests on
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(max_length=2000, blank=True)  # of staff, for staff

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "user", "subject"],
                condition=Q(state__in=["open", "watched"]),
                name="one_live_risk_case",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="risk_case_by_state"),
            models.Index(fields=["user", "-id"], name="risk_case_by_user"),
        ]
