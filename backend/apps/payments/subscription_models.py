"""A seller's subscription as a row: the mirror of a provider's object, re-read, never guessed."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from domain.settlement import SubscriptionStatus


class Subscription(models.Model):
    """One per user; without a row he is on the free plan."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="subscription"
    )
    plan = models.CharField(max_length=20)  # name in domain/plans.py
    provider = models.CharField(max_length=8)
    status = models.CharField(
        max_length=20, choices=[(s.value, s.value) for s in SubscriptionStatus]
    )
    provider_ref = models.CharField(max_length=120, blank=True)
    checkout_ref = models.CharField(max_length=120, blank=True)
    approve_url = models.CharField(max_length=500, blank=True)  # where he agrees to pay
    current_period_end = models.DateTimeField(null=True, blank=True)
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
        ]
