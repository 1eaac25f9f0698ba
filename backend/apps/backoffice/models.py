"""What staff do and are asked to look at, as rows. Instants are aware UTC."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """One act of staff, written with it. Append-only: the database refuses anything else.

    `actor` None: the house itself did what staff had ordered, such as lifting a ban in time.
    """

    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    act = models.CharField(max_length=24)  # audit.Act
    target_kind = models.CharField(max_length=12)  # user, auction, report, settings
    target_id = models.BigIntegerField(null=True, blank=True)
    before: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    after: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-id"], name="audit_by_target"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
        ]


class Report(models.Model):
    """What somebody thinks staff should look at."""

    class State(models.TextChoices):
        """Open, or how it ended."""

        OPEN = "open"
        UPHELD = "upheld"
        DISMISSED = "dismissed"
        OVERTURNED = "overturned"  # upheld, and given up on appeal

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=8)  # report_services.KINDS
    target_id = models.BigIntegerField()
    judged = models.ForeignKey(  # whose the thing is; None: of before this was kept
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=20)  # report_services.REASONS
    description = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    action = models.CharField(max_length=16, blank=True)  # what was done besides
    note = models.TextField(max_length=2000, blank=True)  # of staff, for staff
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    act = models.ForeignKey(  # what was done to the judged, once it is upheld
        AuditEntry, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)  # when staff should have decided

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "kind", "target_id"],
                condition=Q(state="open"),
                name="one_open_report",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="report_by_state"),
            models.Index(fields=["created_at"], name="report_by_created"),
        ]


class ReportEvidence(models.Model):
    """What a reporter shows: a picture (paths below MEDIA_ROOT), an auction, or a bid."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=8)  # picture, auction, bid
    target_id = models.BigIntegerField(null=True, blank=True)  # of an auction or a bid
    image = models.CharField(max_length=200, blank=True)
    thumbnail = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["id"]


class Appeal(models.Model):
    """Who was judged asks that somebody else of staff look again; once for each act."""

    class State(models.TextChoices):
        """Open, or how it ended."""

        OPEN = "open"
        GRANTED = "granted"
        DENIED = "denied"

    act = models.OneToOneField(AuditEntry, models.PROTECT, related_name="appeal")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="appeals")
    text = models.TextField(max_length=2000)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    note = models.TextField(max_length=2000, blank=True)  # of staff, for staff
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="appeal_by_state")]


class Ban(models.Model):
    """A ban with an end; without one the account's own columns say it all."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="ban"
    )
    until_at = models.DateTimeField(db_index=True)


class SiteSetting(models.Model):
    """A figure staff have set; without a row the environment's holds."""

    name = models.CharField(max_length=40, primary_key=True)  # of django.conf.settings
    value = models.BigIntegerField()
    changed_at = models.DateTimeField()
