"""Messages as JSON: what is sent, what is shown. A body is text; nothing in it is taken away."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.fields import (
    CountField,
    IdField,
    StrictIntegerField,
    TextField,
    ThumbnailsSerializer,
    whole_number,
)
from apps.core.routing import ID_MAX
from apps.core.uploads import address_of, thumbnail_addresses
from apps.core.wire import instant
from apps.notifications.models import Conversation, Message, MessageImage, UserBlock
from apps.users.rules import AccountError, check_line

BODY_LENGTH_MAX = 4000  # characters
USERNAME_LENGTH_MAX = 150


# --- in ---------------------------------------------------------------------------------------


class BodyField(TextField):
    """Text of several lines, kept to the last blank; control characters are refused."""

    text_pattern = r"\S"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=BODY_LENGTH_MAX, trim_whitespace=False, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return the text."""
        value = super().to_internal_value(data)
        try:
            check_line(value, "This text", many_lines=True)
        except AccountError as error:
            raise serializers.ValidationError(error.message) from error
        if not value.strip():
            self.fail("blank")
        return value


@extend_schema_field({"type": ["integer", "string"], "minimum": 1, "minLength": 1})
class AccountField(serializers.Field[int | str, Any, Any, Any]):
    """An account by its id or by its name. Digits are an id, as a number or as text."""

    def to_internal_value(self, data: Any) -> int | str:
        """Return the id or the name."""
        number = whole_number(data)
        if number is not None and 1 <= number <= ID_MAX:
            return number
        if (
            number is None
            and isinstance(data, str)
            and 0 < len(data) <= USERNAME_LENGTH_MAX
            and data.isprintable()
        ):
            return data
        raise serializers.ValidationError("must be the name of a user or his id")

    def to_representation(self, value: int | str) -> int | str:
        """Return it as it came."""
        return value


class SendMessageSerializer(serializers.Serializer[Any]):
    """A message to a user, about an auction or about none."""

    recipient = AccountField(help_text="A user's name or his id; digits are an id")
    body = BodyField(help_text="Text; it is shown as it is, HTML and all")
    auction_id = StrictIntegerField(required=False, allow_null=True)


class SendImagesSerializer(SendMessageSerializer):
    """The same with pictures, as a form."""

    images = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="JPEG, PNG, WebP, AVIF or HEIC"
    )


class BlockUserSerializer(serializers.Serializer[Any]):
    """Whom to block."""

    user = AccountField(help_text="A user's name or his id; digits are an id")


# --- out --------------------------------------------------------------------------------------


class AttachmentSerializer(serializers.Serializer[MessageImage]):
    """A picture that came with a message."""

    id = IdField()
    image = serializers.CharField()
    thumbnail = serializers.CharField(help_text="The medium one")
    thumbnails = ThumbnailsSerializer()


class UserMessageSerializer(serializers.Serializer[Message]):
    """A message as both see it."""

    id = IdField()
    conversation_id = IdField()
    sender = serializers.CharField(help_text="Name")
    sender_id = IdField()
    recipient = serializers.CharField(help_text="Name")
    recipient_id = IdField()
    body = serializers.CharField(help_text="Text as it was sent, never HTML")
    attachments = AttachmentSerializer(many=True)
    read_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Message) -> dict[str, Any]:
        """Return the fields above."""
        return message_body(instance)


class CorrespondentSerializer(serializers.Serializer[Any]):
    """A user one writes with."""

    id = IdField()
    username = serializers.CharField()


class AboutSerializer(serializers.Serializer[Any]):
    """The auction a conversation is about."""

    auction_id = IdField()
    title = serializers.CharField(allow_null=True, help_text="null: no longer to be seen")


class ConversationSerializer(serializers.Serializer[Conversation]):
    """A conversation as one of its two parties sees it."""

    id = IdField()
    other_party = CorrespondentSerializer()
    about = AboutSerializer(allow_null=True, help_text="null: no auction in particular")
    last_message = UserMessageSerializer()
    unread_count = CountField(help_text="Messages to the caller that he has not marked as read")
    blocked = serializers.BooleanField(help_text="The caller has blocked the other")
    created_at = serializers.DateTimeField()


class BlockSerializer(serializers.Serializer[UserBlock]):
    """Somebody from whom one takes no messages."""

    user = CorrespondentSerializer()
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: UserBlock) -> dict[str, Any]:
        """Return the fields above."""
        return {
            "user": _party_body(instance.blocked),
            "created_at": instant(instance.created_at),
        }


def message_body(message: Message) -> dict[str, Any]:
    """Return a message; its parties and pictures have been loaded with it."""
    return {
        "id": message.pk,
        "conversation_id": message.conversation_id,
        "sender": message.sender.username,
        "sender_id": message.sender_id,
        "recipient": message.recipient.username,
        "recipient_id": message.recipient_id,
        "body": message.body,
        "attachments": [_attachment_body(image) for image in message.images.all()],
        "read_at": instant(message.read_at),
        "created_at": instant(message.created_at),
    }


def conversation_body(row: Any, reader_id: int, titles: Mapping[int, str]) -> dict[str, Any]:
    """Return a conversation as one of the two sees it; `titles` are those he may see."""
    other = row.second if row.first_id == reader_id else row.first
    about = None
    if row.auction_id is not None:
        about = {"auction_id": row.auction_id, "title": titles.get(row.auction_id)}
    return {
        "id": row.pk,
        "other_party": _party_body(other),
        "about": about,
        "last_message": message_body(row.last_message),
        "unread_count": row.unread_count,
        "blocked": row.is_blocked,
        "created_at": instant(row.created_at),
    }


def _party_body(user: Any) -> dict[str, Any]:
    return {"id": user.pk, "username": user.username}


def _attachment_body(image: MessageImage) -> dict[str, Any]:
    return {
        "id": image.pk,
        "image": address_of(image.image),
        "thumbnail": address_of(image.thumbnail),
        "thumbnails": thumbnail_addresses(image.image),
    }
