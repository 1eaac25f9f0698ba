"""Notifications and their settings as JSON."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.fields import CountField, IdField, TextField
from apps.core.wire import instant
from apps.notifications.kinds import Kind, channels_of
from apps.notifications.models import Notification
from apps.notifications.sentences import FACTS, Says
from apps.notifications.settings_services import Mailing, Wishes

ADDRESS_LENGTH_MAX = 254
_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)


def notification_body(row: Notification) -> dict[str, Any]:
    """Return a notification as its owner sees it."""
    return {
        "id": row.pk,
        "kind": row.kind,
        "title": row.title,
        "body": row.body,
        "url": row.url,
        "data": row.data,
        "count": row.count,
        "read_at": instant(row.read_at),
        "created_at": instant(row.created_at),
    }


def _sentences() -> str:
    """Return what the document says of sentences: each with the facts its words need."""
    lines = [f"* `{says}`: {', '.join(keys) or 'nothing else'}" for says, keys in FACTS.items()]
    text = "Which sentence it is, to say it in another language, and the facts its words need:"
    return "\n".join([text, *lines])


def _fact(description: str, kind: str = "string", **more: str) -> dict[str, str]:
    return {"type": kind, "description": description, **more}


#: What a notification's `data` may have; which of it is there depends on the sentence.
_DATA = {
    "type": "object",
    "description": "What a program needs: the sentence, its facts, `auction_id` and the like",
    "properties": {
        "says": {
            "type": "string",
            "enum": [says.value for says in Says],
            "description": _sentences(),
        },
        "title": _fact("Of the auction"),
        "amount": _fact("In `currency`", "number"),
        "currency": _fact("ISO 4217"),
        "name": _fact("Of who wrote"),
        "due_at": _fact("Until when to pay", format="date-time"),
        "until_at": _fact("Until when it is there", format="date-time"),
        "reason": _fact("For which one was reported"),
        "days": _fact("In which one can appeal; for which a webhook failed", "integer"),
        "address": _fact("Of one's webhook; one's own of e-mail"),
    },
    "additionalProperties": {},
}


@extend_schema_field(_DATA)
class DataField(serializers.DictField):
    """The facts of a notification."""


class NotificationSerializer(serializers.Serializer[Any]):
    """What somebody was told."""

    id = IdField()
    kind = serializers.ChoiceField([kind.value for kind in Kind])
    title = serializers.CharField()
    body = serializers.CharField()
    url = serializers.CharField(help_text="A path of this site")
    data = DataField()  # type: ignore[assignment]
    count = CountField(help_text="How many of the same it speaks for")
    read_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField(help_text="When it happened")

    def to_representation(self, instance: Notification) -> dict[str, Any]:
        """Return the notification."""
        return notification_body(instance)


class ReadAllSerializer(serializers.Serializer[Any]):
    """How many were marked, and what is left."""

    marked = CountField()
    unread_count = CountField()


def _kinds_schema(*, whole: bool) -> dict[str, Any]:
    """Return how the document describes channels by kind: all of them, or those that change."""
    properties = {}
    for kind in Kind:
        words = [channel.value for channel in channels_of(kind)]
        properties[kind.value] = {
            "type": "object",
            "properties": {word: {"type": "boolean"} for word in words},
            "additionalProperties": False,
            **({"required": words} if whole else {}),
        }
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **({"required": [kind.value for kind in Kind]} if whole else {}),
    }


@extend_schema_field(_kinds_schema(whole=False))
class KindsField(serializers.Field[dict[str, dict[str, bool]], Any, Any, Any]):
    """{kind: {channel: wanted}}, in part."""

    def to_internal_value(self, data: Any) -> dict[str, dict[str, bool]]:
        """Return what is to change."""
        if not isinstance(data, Mapping):
            raise serializers.ValidationError("must be an object of kinds")
        found = {}
        for word, channels in data.items():
            if word not in set(Kind):
                known = ", ".join(kind.value for kind in Kind)
                raise serializers.ValidationError(f"kinds are: {known}")
            found[word] = _channels(Kind(word), channels)
        return found

    def to_representation(self, value: dict[str, dict[str, bool]]) -> dict[str, dict[str, bool]]:
        """Return it as it is."""
        return value


@extend_schema_field(_kinds_schema(whole=True))
class WholeKindsField(KindsField):
    """{kind: {channel: wanted}}, all of it."""


def _channels(kind: Kind, given: Any) -> dict[str, bool]:
    known = [channel.value for channel in channels_of(kind)]
    if (
        not isinstance(given, Mapping)
        or not set(given) <= set(known)
        or not all(isinstance(wanted, bool) for wanted in given.values())
    ):
        raise serializers.ValidationError(f"{kind} takes true or false for: {', '.join(known)}")
    return dict(given)


@extend_schema_field(
    {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["22:00"]}
)
class HourField(serializers.Field[time, Any, Any, Any]):
    """A time of the day, `22:00`."""

    def to_internal_value(self, data: Any) -> time:
        """Return the time."""
        if isinstance(data, str) and _HOUR.fullmatch(data):
            return time.fromisoformat(data)
        raise serializers.ValidationError("must be a time of the day such as 22:00")

    def to_representation(self, value: time) -> str:
        """Return the time as text."""
        return f"{value:%H:%M}"


class QuietHoursSerializer(serializers.Serializer[Any]):
    """From when until when nothing is mailed, in the time zone of one's profile."""

    start = HourField()
    end = HourField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse hours that would be none or all."""
        if attrs["start"] == attrs["end"]:
            raise serializers.ValidationError({"end": "must differ from start; null for none"})
        return attrs


class ChangeSettingsSerializer(serializers.Serializer[Any]):
    """What is to change; the rest stays."""

    kinds = KindsField(required=False)
    quiet_hours = QuietHoursSerializer(required=False, allow_null=True)
    digest_at = HourField(required=False, help_text="When the mail of the day is written")


class MailingSerializer(serializers.Serializer[Any]):
    """Where one is written to."""

    address = serializers.EmailField(help_text="Of one's account: set it there")
    paused_at = serializers.DateTimeField(
        allow_null=True, help_text="Since when nothing is sent, because the address took no mail"
    )


class SettingsSerializer(serializers.Serializer[Any]):
    """Everything one may choose, as it stands."""

    kinds = WholeKindsField()
    quiet_hours = QuietHoursSerializer(allow_null=True)
    digest_at = HourField(help_text="When the mail of the day is written")
    timezone = serializers.CharField(help_text="Of one's profile: set it there")
    email = MailingSerializer()


class BounceSerializer(serializers.Serializer[Any]):
    """An address that took no mail, as a mail service reports it."""

    email = TextField(max_length=ADDRESS_LENGTH_MAX)
    detail = TextField(
        required=False, allow_blank=True, max_length=1000, help_text="What its server said"
    )


class BounceTakenSerializer(serializers.Serializer[Any]):
    """Noted."""

    received = serializers.BooleanField()


class UnsubscribedSerializer(serializers.Serializer[Any]):
    """Done."""

    message = serializers.CharField()


def settings_body(wishes: Wishes, mailing: Mailing) -> dict[str, Any]:
    """Return the whole settings object (register 57)."""
    quiet = None
    if wishes.quiet_from is not None and wishes.quiet_until is not None:
        quiet = {"start": f"{wishes.quiet_from:%H:%M}", "end": f"{wishes.quiet_until:%H:%M}"}
    return {
        "kinds": wishes.whole(),
        "quiet_hours": quiet,
        "digest_at": f"{wishes.digest_at:%H:%M}",
        "timezone": wishes.zone,
        "email": {"address": mailing.address, "paused_at": instant(mailing.paused_at)},
    }
