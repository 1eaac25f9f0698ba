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

    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=8)  # reporting.KINDS
    target_id = models.BigIntegerField()
    reason = models.CharField(max_length=20)  # reporting.REASONS
    description = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    action = models.CharField(max_length=16, blank=True)  # what was done besides
    note = models.TextField(max_length=2000, blank=True)  # of staff, for staff
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

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
