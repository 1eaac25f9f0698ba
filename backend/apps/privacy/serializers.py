"""Exports as JSON."""

from typing import Any

from rest_framework import serializers

from apps.core.fields import CountField, IdField
from apps.core.wire import instant
from apps.privacy.models import DataExport
from apps.privacy.selectors import download_token

EXPORT_STATES = tuple(DataExport.State.values)


class ExportSerializer(serializers.Serializer[Any]):
    """A copy of one's data."""

    id = IdField()
    state = serializers.ChoiceField(EXPORT_STATES)
    requested_at = serializers.DateTimeField()
    ready_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, help_text="Then it is deleted")
    size_bytes = CountField()
    download_url = serializers.CharField(
        allow_null=True,
        help_text="A path of this site that needs no token: whoever has it has the file",
    )

    def to_representation(self, instance: DataExport) -> dict[str, Any]:
        """Return the export with its link."""
        is_ready = instance.state == DataExport.State.READY
        link = f"/api/users/me/export/{instance.pk}/file/?token={download_token(instance)}"
        return {
            "id": instance.pk,
            "state": instance.state,
            "requested_at": instant(instance.requested_at),
            "ready_at": instant(instance.ready_at),
            "expires_at": instant(instance.expires_at),
            "size_bytes": instance.size_bytes,
            "download_url": link if is_ready else None,
        }
