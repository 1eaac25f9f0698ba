"""What accounts share, and who needs a deposit, as rows. Instants are aware UTC."""

from django.conf import settings
from django.db import models

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
