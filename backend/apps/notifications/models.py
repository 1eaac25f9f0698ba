"""What people are told, what they want to be told, and how far the logs have been read."""

from datetime import time

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.notifications.kinds import Kind
from apps.notifications.message_models import Conversation, Message, MessageImage, UserBlock
from apps.notifications.push_models import PushKey, PushOrder, PushSubscription

__all__ = [
    "AuctionReading",
    "Conversation",
    "Message",
    "MessageImage",
    "Notification",
    "NotificationSettings",
    "PushKey",
    "PushOrder",
    "PushSubscription",
    "UserBlock",
]

DIGEST_AT = time(8)
SHOWN = Q(in_app=True, replaced=False)


class Notification(models.Model):
    """One thing one person is told; made once per person and source, never changed in substance.

    `source` names what it was made from, such as `auction:7:12` (row 12 of that log). Of those
    with the same `thread` that are unread, the newest stands for all: the others are `replaced`,
    and `count` says how many it speaks for. `in_app` is false where only a mail was wanted.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in Kind])
    source = models.CharField(max_length=80)
    thread = models.CharField(max_length=80, blank=True)
    count = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=300)
    body = models.CharField(max_length=1000, blank=True)
    url = models.CharField(max_length=200, blank=True)  # a path of this site
    data = models.JSONField(default=dict)
    in_app = models.BooleanField(default=True)
    replaced = models.BooleanField(default=False)
    email_due_at = models.DateTimeField(null=True, blank=True)  # None: no mail, or ordered
    push_due_at = models.DateTimeField(null=True, blank=True)  # None: no push, or ordered
    digest_due_at = models.DateTimeField(null=True, blank=True)  # None: in none, or ordered
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()  # when what it tells of happened

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], name="told_once"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_by_user", condition=SHOWN),
            models.Index(
                fields=["user", "-id"],
                name="notification_unread",
                condition=SHOWN & Q(read_at__isnull=True),
            ),
            models.Index(
                fields=["email_due_at"],
                name="notification_to_mail",
                condition=Q(email_due_at__isnull=False),
            ),
            models.Index(
                fields=["push_due_at"],
                name="notification_to_push",
                condition=Q(push_due_at__isnull=False),
            ),
            models.Index(
                fields=["digest_due_at"],
                name="notification_to_digest",
                condition=Q(digest_due_at__isnull=False),
            ),
        ]


class NotificationSettings(models.Model):
    """What a person wants to be told, and how; without a row: as kinds.py has it.

    `channels` holds what differs: {kind: {channel: wanted}}. Mails wait through the quiet hours;
    these and `digest_at` are times of the day in the time zone of the person's profile.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="notification_settings",
    )
    channels = models.JSONField(default=dict)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    digest_at = models.TimeField(default=DIGEST_AT)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_whole",
            ),
        ]


class AuctionReading(models.Model):
    """How far an auction's log has been told: rows up to `number`, none after it.

    `ending_seconds` is the smallest warning of its end that was given; None: none yet.
    """

    auction = models.OneToOneField(
        "auctions.Auction", models.CASCADE, primary_key=True, related_name="reading"
    )
    number = models.BigIntegerField(default=0)
    ending_seconds = models.PositiveIntegerField(null=True, blank=True)
