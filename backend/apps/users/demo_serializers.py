"""The mails of a demo as JSON."""

from typing import Any

from rest_framework import serializers

from apps.core.fields import IdField
from apps.core.wire import instant
from apps.users.models import SentMail


def mail_head(row: SentMail) -> dict[str, Any]:
    """Return a mail as a list has it."""
    return {
        "id": row.pk,
        "to": row.recipient,
        "subject": row.subject,
        "sent_at": instant(row.sent_at),
    }


def mail_body(row: SentMail) -> dict[str, Any]:
    """Return a mail with what it says."""
    return {**mail_head(row), "text": row.text, "html": row.html}


class MailHeadSerializer(serializers.Serializer[Any]):
    """A mail of a demo."""

    id = IdField()
    to = serializers.EmailField()
    subject = serializers.CharField()
    sent_at = serializers.DateTimeField()

    def to_representation(self, instance: SentMail) -> dict[str, Any]:
        """Return the mail."""
        return mail_head(instance)


class MailSerializer(MailHeadSerializer):
    """A mail of a demo with what it says."""

    text = serializers.CharField()
    html = serializers.CharField(help_text="A whole page; what people wrote stands escaped")

    def to_representation(self, instance: SentMail) -> dict[str, Any]:
        """Return the mail."""
        return mail_body(instance)
