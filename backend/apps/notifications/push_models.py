"""Browsers that want to be told, the key this house signs with, and pushes that wait to be sent."""

from django.conf import settings
from django.db import models


class PushKey(models.Model):
    """The key pair (VAPID, RFC 8292) push services know this house by; one row, made when needed.

    The private half is sealed with the site's key: a copy of the database alone signs nothing.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    public_key = models.CharField(max_length=100)  # uncompressed point, base64url: for browsers
    sealed_key = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_push_key")]


class PushSubscription(models.Model):
    """A browser somebody is logged in with; gone when that session ends or the browser says so."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_subscriptions"
    )
    session = models.ForeignKey("users.LoginSession", models.CASCADE, related_name="+")
    endpoint = models.TextField()
    endpoint_digest = models.CharField(max_length=64, unique=True)
    p256dh = models.CharField(max_length=100)  # the browser's public key, base64url
    auth = models.CharField(max_length=50)  # its secret for this subscription, base64url
    device = models.CharField(max_length=200, blank=True)  # its User-Agent
    created_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)  # when a push was last taken


class PushOrder(models.Model):
    """A notification to be pushed to one browser; gone once its push service has it."""

    subscription = models.ForeignKey(PushSubscription, models.CASCADE)
    notification = models.ForeignKey("notifications.Notification", models.CASCADE)
    due_at = models.DateTimeField(db_index=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "notification"], name="pushed_once_to_a_browser"
            ),
        ]
