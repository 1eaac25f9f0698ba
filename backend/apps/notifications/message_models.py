"""Conversations as rows: what two users write to each other, and who takes nothing from whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Conversation(models.Model):
    """All that two users write about one auction, or about none: there is one row of each.

    `first_id` is the smaller of their ids, so that a pair has one spelling. `last_message` is
    null inside the transaction that begins a conversation and nowhere else.
    """

    first = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    second = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    auction = models.ForeignKey("auctions.Auction", models.PROTECT, null=True, related_name="+")
    last_message = models.OneToOneField(
        "notifications.Message", models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_id__lt=F("second_id")), name="conversation_pair_in_order"
            ),
            models.UniqueConstraint(
                fields=["first", "second", "auction"],
                condition=Q(auction__isnull=False),
                name="one_conversation_of_auction",
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(auction__isnull=True),
                name="one_conversation_of_pair",
            ),
        ]


class Message(models.Model):
    """What one user wrote to another, as written: text, whatever it looks like."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="messages")
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    body = models.TextField()
    request_key = models.CharField(max_length=128, null=True)  # the Idempotency-Key that made it
    request_digest = models.CharField(max_length=64, blank=True)  # of what came with the key
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)  # when the recipient said so

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sender", "request_key"], name="message_key_once"),
            models.CheckConstraint(
                condition=~Q(sender_id=F("recipient_id")), name="message_to_somebody_else"
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "conversation"],
                name="message_unread",
                condition=Q(read_at__isnull=True),
            ),
        ]


class MessageImage(models.Model):
    """A picture that came with a message; both are paths below MEDIA_ROOT."""

    message = models.ForeignKey(Message, models.PROTECT, related_name="images")
    image = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]


class UserBlock(models.Model):
    """`user` takes no messages from `blocked`, and writes none to him."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    blocked = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "blocked"], name="user_blocked_once"),
            models.CheckConstraint(
                condition=~Q(user_id=F("blocked_id")), name="user_blocks_another"
            ),
        ]
