"""Copies of one's own data, made on request, as rows. Instants are aware UTC."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DataExport(models.Model):
    """A copy of an account's data: ordered, made by a worker, kept for a while, then gone."""

    class State(models.TextChoices):
        """How far it got."""

        WAITING = "waiting"
        READY = "ready"
        FAILED = "failed"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="exports")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    requested_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # then it is deleted
    size_bytes = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(state="waiting"), name="one_waiting_export"
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], name="export_due", condition=Q(state="waiting")),
            models.Index(fields=["expires_at"], name="export_expiry"),
        ]


class ExportPart(models.Model):
    """A piece of the file: in the database, because workers and web processes share nothing else.

    A folder of uploads would not do: what is in it is public to who knows its name.
    """

    export = models.ForeignKey(DataExport, models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "number"], name="export_part_once"),
        ]
