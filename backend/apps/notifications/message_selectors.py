"""Reads of conversations: one's own alone. A page costs a fixed number of queries."""

from collections.abc import Iterable

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from apps.auctions.selectors import Viewer, visible_auctions
from apps.notifications.message_models import Conversation, Message, UserBlock
from apps.users.selectors import public_user, user_by_username


def messages_of(user_id: int) -> QuerySet[Message]:
    """Return what a user sent and was sent, newest first."""
    return _shown(Message.objects.filter(Q(sender_id=user_id) | Q(recipient_id=user_id)))


def messages_in(user_id: int, conversation_id: int) -> QuerySet[Message] | None:
    """Return a conversation's messages, newest first; None for who is no party to it."""
    own = _own(user_id).filter(pk=conversation_id)
    if not own.exists():
        return None
    return _shown(Message.objects.filter(conversation_id=conversation_id))


def message_of(message_id: int) -> Message:
    """Return one message that is known to exist."""
    return _shown(Message.objects.all()).get(pk=message_id)


def conversations_of(user_id: int) -> QuerySet[Conversation]:
    """Return a user's conversations, the last written in first, each with `unread_count`.

    `unread_count` is of messages to him; `is_blocked` tells whether he has blocked the other.
    """
    unread = (
        Message.objects.filter(
            conversation=OuterRef("pk"), recipient_id=user_id, read_at__isnull=True
        )
        .order_by()
        .values("conversation")
        .annotate(count=Count("pk"))
        .values("count")
    )
    others = Q(blocked=OuterRef("first")) | Q(blocked=OuterRef("second"))
    return (
        _own(user_id)
        .filter(last_message__isnull=False)
        .select_related(
            "first", "second", "last_message", "last_message__sender", "last_message__recipient"
        )
        .prefetch_related("last_message__images")
        .annotate(
            unread_count=Coalesce(Subquery(unread, output_field=IntegerField()), 0),
            is_blocked=Exists(UserBlock.objects.filter(others, user_id=user_id)),
        )
        .order_by("-last_message_id")
    )


def unread_message_count(user_id: int) -> int:
    """Return how many messages to a user he has not marked as read."""
    return Message.objects.filter(recipient_id=user_id, read_at__isnull=True).count()


def titles_of(auction_ids: Iterable[int | None], viewer: Viewer) -> dict[int, str]:
    """Return the titles of those of the auctions the viewer may see, by id."""
    wanted = {auction_id for auction_id in auction_ids if auction_id is not None}
    if not wanted:
        return {}
    return dict(visible_auctions(viewer).filter(pk__in=wanted).values_list("pk", "title"))


def blocks_of(user_id: int) -> QuerySet[UserBlock]:
    """Return whom a user has blocked, the last first."""
    return UserBlock.objects.filter(user_id=user_id).select_related("blocked").order_by("-pk")


def reachable_user_id(named: int | str) -> int | None:
    """Return the id of an account that can be written to, by its id or its name in any case.

    None for absent, inactive and banned ones alike.
    """
    if isinstance(named, int):
        found = public_user(named)
        return None if found is None else found.pk
    user = user_by_username(named)
    return user.pk if user is not None and user.is_active and user.banned_at is None else None


def _own(user_id: int) -> QuerySet[Conversation]:
    return Conversation.objects.filter(Q(first_id=user_id) | Q(second_id=user_id))


def _shown(messages: QuerySet[Message]) -> QuerySet[Message]:
    return messages.select_related("sender", "recipient").prefetch_related("images").order_by("-pk")
