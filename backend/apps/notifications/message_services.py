"""Writing to somebody, reading what he wrote, and taking nothing from him any more.

Whatever decides whether a message may go (a ban, a block, a key that was used) is read under the
locks of both accounts, taken in the order of their ids. So of two who write to each other for the
first time one begins the conversation, and once a block is answered no message follows it. The
constraints of message_models.py hold without the locks too. Instants are aware UTC.
"""

import hashlib
import json
from collections.abc import Sequence
from typing import Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.auctions.selectors import Viewer, auction_of
from apps.core import clock, uploads
from apps.notifications.kinds import Kind, Note
from apps.notifications.message_models import Conversation, Message, MessageImage, UserBlock
from apps.notifications.message_refusals import MessageReason, MessageRefused
from apps.notifications.message_selectors import message_of, reachable_user_id
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from apps.users.models import User
from apps.users.selectors import may_trade

EXCERPT_LENGTH_MAX = 200  # characters of a message in its notification
IMAGE_FOLDER = "message_images"


class Rereadable(uploads.Readable, Protocol):
    """An uploaded file that can be read twice."""

    def seek(self, offset: int, /) -> object:
        """Go to a place."""


def send_message(
    sender_id: int,
    recipient: int | str,
    body: str,
    *,
    auction_id: int | None = None,
    images: Sequence[Rereadable] = (),
    request_key: str | None = None,
) -> Message:
    """Write to a user, by id or name; returns the message, under a used key the first one.

    `body` is kept as it is. Raises MessageRefused: the recipient is oneself, absent or shut out,
    one of the two has blocked the other, the auction is not to be seen, a picture is none, the
    key belongs to another message.
    """
    recipient_id = _recipient_id(sender_id, recipient)
    digest = _digest(recipient_id, auction_id, body, images) if request_key else ""
    try:
        prepared = uploads.prepare_images(images) if images else []  # slow, so before the locks
    except uploads.UploadRefused as refused:
        raise MessageRefused(MessageReason.IMAGES_REFUSED, str(refused)) from refused
    with transaction.atomic():
        sender = _lock_accounts(sender_id, recipient_id)
        if not may_trade(sender):
            raise MessageRefused(MessageReason.EMAIL_UNVERIFIED)
        answered = _answered(sender_id, request_key, digest)
        if answered is None:
            _refuse_blocked(sender_id, recipient_id)
            conversation = _conversation(sender_id, recipient_id, auction_id)
            message = Message.objects.create(
                conversation=conversation,
                sender_id=sender_id,
                recipient_id=recipient_id,
                body=body,
                request_key=request_key,
                request_digest=digest,
                created_at=clock.database_now(),
            )
            stored = uploads.store_prepared(prepared, IMAGE_FOLDER)
            MessageImage.objects.bulk_create(
                MessageImage(message=message, image=each.image, thumbnail=each.thumbnail)
                for each in stored
            )
            Conversation.objects.filter(pk=conversation.pk).update(last_message=message)
            notify([_note(message, sender.username, conversation.auction_id)])
            answered = message.pk
    return message_of(answered)


@transaction.atomic
def mark_read(user_id: int, message_id: int) -> Message:
    """Note that the recipient has read a message; the first time counts. Raises MessageRefused."""
    Message.objects.filter(pk=message_id, recipient_id=user_id, read_at__isnull=True).update(
        read_at=clock.database_now()
    )
    parties = Message.objects.filter(pk=message_id).values_list("sender_id", "recipient_id").first()
    if parties is None or user_id not in parties:
        raise MessageRefused(MessageReason.NOT_FOUND)
    if parties[1] != user_id:
        raise MessageRefused(MessageReason.NOT_THE_RECIPIENT)
    return message_of(message_id)


def block_user(user_id: int, blocked: int | str) -> tuple[UserBlock, bool]:
    """Let no message pass between two users; returns the block and whether it is new.

    Raises MessageRefused for oneself and for who is absent or shut out.
    """
    blocked_id = reachable_user_id(blocked)
    if blocked_id is None:
        raise MessageRefused(MessageReason.NO_RECIPIENT)
    if blocked_id == user_id:
        raise MessageRefused(MessageReason.BLOCKS_ONESELF)
    with transaction.atomic():
        _lock_accounts(user_id, blocked_id)
        return UserBlock.objects.select_related("blocked").get_or_create(
            user_id=user_id, blocked_id=blocked_id, defaults={"created_at": clock.database_now()}
        )


def unblock_user(user_id: int, blocked_id: int) -> None:
    """Take a block back, also one that never was. Raises MessageRefused for an absent account."""
    deleted, _ = UserBlock.objects.filter(user_id=user_id, blocked_id=blocked_id).delete()
    if not deleted and reachable_user_id(blocked_id) is None:
        raise MessageRefused(MessageReason.NO_RECIPIENT)


# -- what decides -------------------------------------------------------------------------------


def _recipient_id(sender_id: int, recipient: int | str) -> int:
    recipient_id = reachable_user_id(recipient)
    if recipient_id is None:
        raise MessageRefused(MessageReason.NO_RECIPIENT)
    if recipient_id == sender_id:
        raise MessageRefused(MessageReason.TO_ONESELF)
    return recipient_id


def _lock_accounts(actor_id: int, other_id: int) -> User:
    """Lock both accounts, without standing in the way of rows that refer to them."""
    locked = User.objects.select_for_update(no_key=True).filter(pk__in=(actor_id, other_id))
    accounts = {account.pk: account for account in locked.order_by("pk")}
    actor, other = accounts.get(actor_id), accounts.get(other_id)
    if actor is None or not actor.is_active or actor.banned_at is not None:
        raise MessageRefused(MessageReason.SENDER_SHUT_OUT)
    if other is None or not other.is_active or other.banned_at is not None:
        raise MessageRefused(MessageReason.NO_RECIPIENT)
    return actor


def _answered(sender_id: int, key: str | None, digest: str) -> int | None:
    """Return the id of what an earlier request with this key sent."""
    if key is None:
        return None
    found = Message.objects.filter(sender_id=sender_id, request_key=key).first()
    if found is None:
        return None
    if found.request_digest != digest:
        raise MessageRefused(MessageReason.KEY_REUSED)
    return found.pk


def _refuse_blocked(sender_id: int, recipient_id: int) -> None:
    if UserBlock.objects.filter(user_id=recipient_id, blocked_id=sender_id).exists():
        raise MessageRefused(MessageReason.BLOCKED_BY_RECIPIENT)
    if UserBlock.objects.filter(user_id=sender_id, blocked_id=recipient_id).exists():
        raise MessageRefused(MessageReason.BLOCKED_BY_SENDER)


def _conversation(sender_id: int, recipient_id: int, auction_id: int | None) -> Conversation:
    """Return the conversation of the two about the auction, begun if there is none.

    One can be begun about what everybody may see; what was removed since is still talked about.
    """
    first_id, second_id = sorted((sender_id, recipient_id))
    about = Q(auction__isnull=True) if auction_id is None else Q(auction_id=auction_id)
    found = Conversation.objects.filter(about, first_id=first_id, second_id=second_id).first()
    if found is not None:
        return found
    if auction_id is not None and auction_of(auction_id, Viewer()) is None:
        raise MessageRefused(MessageReason.NO_AUCTION)
    return Conversation.objects.create(
        first_id=first_id,
        second_id=second_id,
        auction_id=auction_id,
        created_at=clock.database_now(),
    )


def _note(message: Message, sender_name: str, auction_id: int | None) -> Note:
    """Return what the recipient is told; unread messages of a conversation become one note."""
    return Note(
        user_id=message.recipient_id,
        kind=Kind.MESSAGE,
        says=Says.MESSAGE,
        source=f"message:{message.pk}",
        thread=f"conversation:{message.conversation_id}",
        at=message.created_at,
        title=f"{sender_name} wrote to you",
        title_many=f"{{count}} messages from {sender_name}",
        body=message.body[:EXCERPT_LENGTH_MAX],
        url="/messages",
        data={
            "conversation_id": message.conversation_id,
            "message_id": message.pk,
            "auction_id": auction_id,
            "name": sender_name,
        },
    )


def _digest(
    recipient_id: int, auction_id: int | None, body: str, images: Sequence[Rereadable]
) -> str:
    """Return what two requests with one key must share."""
    pictures = []
    for image in images:
        content = image.read(settings.UPLOAD_BYTES_MAX + 1)
        image.seek(0)
        pictures.append(hashlib.sha256(content).hexdigest())
    told = json.dumps([recipient_id, auction_id, body, pictures])
    return hashlib.sha256(told.encode()).hexdigest()
