"""A seller's subscriptions as rows: mirrors of a provider's objects, re-read, never guessed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from domain.settlement import SubscriptionStatus


class Subscription(models.Model):
    """One try to subscribe, and what came of it; a user without a live one is on the free plan.

    A user may have two that live: the one he has just changed to, and the one that ends for it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscriptions")
    plan = models.CharField(max_length=20)  # name in domain/plans.py
    currency = models.CharField(max_length=3)
    price_minor = models.BigIntegerField()  # per month, as he agreed to it
    provider = models.CharField(max_length=8)
    status = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in SubscriptionStatus]
    )
    request_key = models.CharField(max_length=128, blank=True)  # the Idempotency-Key that made it
    provider_ref = models.CharField(max_length=120, blank=True)
    checkout_ref = models.CharField(max_length=120, blank=True)
    approve_url = models.CharField(max_length=500, blank=True)  # where he agrees to pay
    live_at = models.DateTimeField(null=True, blank=True)  # when he had agreed
    current_period_end = models.DateTimeField(null=True, blank=True)
    paid_until = models.DateTimeField(null=True, blank=True)  # end of the last period in the ledger
    past_due_at = models.DateTimeField(null=True, blank=True)  # grace is counted from here
    cancel_at_period_end = models.BooleanField(default=False)
    check_at = models.DateTimeField(null=True, blank=True)  # when to ask the provider again
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_ref"],
                condition=~Q(provider_ref=""),
                name="subscription_ref_once",
            ),
            models.UniqueConstraint(
                fields=["user", "plan"],
                condition=Q(status=SubscriptionStatus.INCOMPLETE),
                name="one_open_checkout",
            ),
            models.UniqueConstraint(
                fields=["user", "request_key"],
                condition=~Q(request_key=""),
                name="subscription_key_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["check_at"],
                name="subscription_to_check",
                condition=Q(check_at__isnull=False),
            ),
        ]
