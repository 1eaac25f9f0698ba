"""Reads of exports, and the link that hands one out."""

from collections.abc import Iterator

from django.core import signing
from django.db.models import QuerySet

from apps.core import clock
from apps.privacy.models import DataExport, ExportPart

SALT = "privacy.export"

_State = DataExport.State


def exports_of(user_id: int) -> QuerySet[DataExport]:
    """Return an account's exports that can still be had or waited for, newest first."""
    return DataExport.objects.filter(user_id=user_id).order_by("-pk")


def download_token(export: DataExport) -> str:
    """Return what opens this export without a login, as long as it is kept."""
    return signing.dumps([export.pk, export.user_id], salt=SALT)


def export_by_token(export_id: int, token: str) -> DataExport | None:
    """Return the export a link leads to, None for what is no link of ours or is over."""
    try:
        found = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    rows = DataExport.objects.filter(pk=export_id, state=_State.READY)
    export = rows.filter(expires_at__gt=clock.now(), user__is_active=True).first()
    return export if export is not None and found == [export.pk, export.user_id] else None


def pieces_of(export: DataExport) -> Iterator[bytes]:
    """Yield the file's bytes, a piece at a time."""
    rows = ExportPart.objects.filter(export=export).order_by("number")
    for number in rows.values_list("number", flat=True):
        yield bytes(ExportPart.objects.get(export=export, number=number).body)
