"""Reports and appeals as JSON: what is sent, what reporters, the judged and staff are shown."""

from typing import Any

from rest_framework import serializers

from apps.backoffice.models import Appeal, Report, ReportEvidence
from apps.backoffice.report_services import (
    ACTIONS,
    EVIDENCE_KINDS,
    EVIDENCE_MAX,
    KINDS,
    REASONS,
)
from apps.core import clock
from apps.core.fields import IdField, StrictIntegerField, TextField, WordField
from apps.core.uploads import address_of
from apps.core.wire import instant
from apps.notifications.models import Message

REPORT_STATES = tuple(Report.State.values)
APPEAL_STATES = tuple(Appeal.State.values)


# --- in ---------------------------------------------------------------------------------------


class PointerSerializer(serializers.Serializer[Any]):
    """An auction or a bid that shows what is meant."""

    kind = WordField(EVIDENCE_KINDS)
    id = StrictIntegerField()


class ReportWordsSerializer(serializers.Serializer[Any]):
    """What should be looked at, and why."""

    kind = WordField(KINDS)
    target_id = StrictIntegerField()
    reason = WordField(REASONS)
    description = TextField(max_length=2000, allow_blank=True, default="")


class CreateReportSerializer(ReportWordsSerializer):
    """What should be looked at, why, and what shows it."""

    evidence = serializers.ListField(
        child=PointerSerializer(), required=False, max_length=EVIDENCE_MAX
    )


class ReportImagesSerializer(ReportWordsSerializer):
    """The same with pictures, as a form."""

    images = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="JPEG, PNG, WebP, AVIF or HEIC"
    )


class ResolveReportSerializer(serializers.Serializer[Any]):
    """What staff decide; `action` goes with `upheld` alone."""

    resolution = WordField(("upheld", "dismissed"))
    action = WordField(tuple(ACTIONS), required=False)
    note = TextField(max_length=2000, allow_blank=True, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Do nothing on a report that is dismissed."""
        if "action" in attrs and attrs["resolution"] != "upheld":
            raise serializers.ValidationError({"action": ["only where the report is upheld"]})
        return attrs


class AppealReportSerializer(serializers.Serializer[Any]):
    """Why it was wrong."""

    text = TextField(max_length=2000)


class AppealByLinkSerializer(AppealReportSerializer):
    """The same, with the mailed link's secret instead of a login."""

    token = TextField(max_length=300)


class DecideAppealSerializer(serializers.Serializer[Any]):
    """What somebody else of staff decides."""

    decision = WordField(("granted", "denied"))
    note = TextField(max_length=2000, allow_blank=True, default="")


# --- out --------------------------------------------------------------------------------------


class EvidenceSerializer(serializers.Serializer[Any]):
    """A picture, or an auction or a bid by its id."""

    kind = serializers.ChoiceField(("picture", *EVIDENCE_KINDS))
    target_id = IdField(allow_null=True)
    image = serializers.CharField(allow_null=True)
    thumbnail = serializers.CharField(allow_null=True)

    def to_representation(self, instance: ReportEvidence) -> dict[str, Any]:
        """Return the fields above."""
        is_picture = bool(instance.image)
        return {
            "kind": instance.kind,
            "target_id": instance.target_id,
            "image": address_of(instance.image) if is_picture else None,
            "thumbnail": address_of(instance.thumbnail) if is_picture else None,
        }


class ReportSerializer(serializers.Serializer[Any]):
    """A report as its reporter sees it."""

    id = IdField()
    kind = serializers.ChoiceField(KINDS)
    target_id = IdField()
    reason = serializers.ChoiceField(REASONS)
    description = serializers.CharField()
    evidence = EvidenceSerializer(many=True)
    state = serializers.ChoiceField(REPORT_STATES)
    due_at = serializers.DateTimeField(allow_null=True, help_text="When staff should have decided")
    resolved_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Report) -> dict[str, Any]:
        """Return the fields above."""
        return report_body(instance)


def report_body(report: Report) -> dict[str, Any]:
    """Return what a report's reporter may know of it."""
    return {
        "id": report.pk,
        "kind": report.kind,
        "target_id": report.target_id,
        "reason": report.reason,
        "description": report.description,
        "evidence": EvidenceSerializer(report.evidence.all(), many=True).data,
        "state": report.state,
        "due_at": instant(report.due_at),
        "resolved_at": instant(report.resolved_at),
        "created_at": instant(report.created_at),
    }


class AdminReportSerializer(ReportSerializer):
    """A report as staff see it."""

    reporter = serializers.CharField()
    judged = serializers.CharField(allow_null=True, help_text="Whose the reported thing is")
    judged_id = IdField(allow_null=True)
    overdue = serializers.BooleanField(help_text="Open, and past `due_at`")
    action = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    resolved_by = serializers.CharField(allow_null=True)

    def to_representation(self, instance: Report) -> dict[str, Any]:
        """Return the fields above."""
        by, judged = instance.resolved_by, instance.judged
        return report_body(instance) | {
            "reporter": instance.reporter.username,
            "judged": None if judged is None else judged.username,
            "judged_id": instance.judged_id,
            "overdue": _is_overdue(instance),
            "action": instance.action or None,
            "note": instance.note,
            "resolved_by": None if by is None else by.username,
        }


def _is_overdue(row: Report | Appeal) -> bool:
    return row.state == "open" and row.due_at is not None and row.due_at <= clock.now()


class AppealSerializer(serializers.Serializer[Any]):
    """An appeal as who made it sees it."""

    id = IdField()
    text = serializers.CharField()
    state = serializers.ChoiceField(APPEAL_STATES)
    due_at = serializers.DateTimeField(help_text="When staff should have decided")
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Appeal) -> dict[str, Any]:
        """Return the fields above."""
        return {
            "id": instance.pk,
            "text": instance.text,
            "state": instance.state,
            "due_at": instant(instance.due_at),
            "created_at": instant(instance.created_at),
        }


class AdminAppealSerializer(AppealSerializer):
    """An appeal as staff see it, with the act it is about."""

    user = serializers.CharField()
    user_id = IdField()
    act = serializers.CharField(help_text="As in the log of what staff did")
    act_id = IdField()
    acted_by = serializers.CharField(allow_null=True, help_text="Who may not decide the appeal")
    acted_at = serializers.DateTimeField()
    reason = serializers.CharField(help_text="Of the act")
    report_id = IdField(allow_null=True)
    overdue = serializers.BooleanField()
    note = serializers.CharField()
    decided_by = serializers.CharField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, instance: Appeal) -> dict[str, Any]:
        """Return the fields above."""
        act, by = instance.act, instance.decided_by
        reports = sorted(report.pk for report in act.reports.all())
        return super().to_representation(instance) | {
            "user": instance.user.username,
            "user_id": instance.user_id,
            "act": act.act,
            "act_id": act.pk,
            "acted_by": None if act.actor is None else act.actor.username,
            "acted_at": instant(act.at),
            "reason": act.reason,
            "report_id": min(reports, default=None),
            "overdue": _is_overdue(instance),
            "note": instance.note,
            "decided_by": None if by is None else by.username,
            "decided_at": instant(instance.decided_at),
        }


class ReadMessageSerializer(serializers.Serializer[Any]):
    """A message as staff may read it, because of a report."""

    id = IdField()
    sender = serializers.CharField()
    sender_id = IdField()
    recipient = serializers.CharField()
    recipient_id = IdField()
    body = serializers.CharField(help_text="Text as it was sent, never HTML")
    images = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()

    def to_representation(self, instance: Message) -> dict[str, Any]:
        """Return the fields above."""
        return {
            "id": instance.pk,
            "sender": instance.sender.username,
            "sender_id": instance.sender_id,
            "recipient": instance.recipient.username,
            "recipient_id": instance.recipient_id,
            "body": instance.body,
            "images": [address_of(picture.image) for picture in instance.images.all()],
            "created_at": instant(instance.created_at),
        }


class ConversationPartSerializer(serializers.Serializer[Any]):
    """The reported message and what was written around it, oldest first."""

    conversation_id = IdField()
    message_id = IdField(help_text="The one that was reported")
    messages = ReadMessageSerializer(many=True)
