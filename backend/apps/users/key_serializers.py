"""API keys as JSON."""

from typing import Any

from rest_framework import serializers

from apps.core.fields import IdField, InstantField, TextField, WordField
from apps.core.wire import instant
from apps.users.key_scopes import SCOPES
from apps.users.models import ApiKey

NAME_LENGTH_MAX = 60
SCOPE_WORDS = tuple(SCOPES)


class ApiKeySerializer(serializers.Serializer[Any]):
    """A key as its owner sees it."""

    id = IdField()
    name = serializers.CharField()
    hint = serializers.CharField(help_text="How the key begins")
    scopes = serializers.ListField(child=serializers.ChoiceField(SCOPE_WORDS))
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(
        allow_null=True, help_text="To a minute; null: never used"
    )

    def to_representation(self, instance: ApiKey) -> dict[str, Any]:
        """Return the key."""
        return {
            "id": instance.pk,
            "name": instance.name,
            "hint": instance.hint,
            "scopes": instance.scopes,
            "created_at": instant(instance.session.created_at),
            "expires_at": instant(instance.session.expires_at),
            "last_used_at": instant(instance.session.last_used_at) if instance.used else None,
        }


class MadeApiKeySerializer(ApiKeySerializer):
    """A new key with its text, which is shown this once."""

    key = serializers.CharField(help_text="`bbk_…`")


class ScopesField(serializers.ListField):
    """What the key may do; none twice."""

    child = WordField(SCOPE_WORDS)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_length=1, max_length=len(SCOPES), **kwargs)


class CreateApiKeySerializer(serializers.Serializer[Any]):
    """What a new key needs."""

    name = TextField(max_length=NAME_LENGTH_MAX)
    scopes = ScopesField()
    expires_at = InstantField(
        required=False, help_text="At most two years ahead; a year when it is left out"
    )
    password = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=128
    )
