"""Exports: ordered by their owner, made by a worker, deleted when their time is over.

Made outside every transaction, stored in one with its notification: a worker that dies in
between has stored nothing, and the next one begins anew.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from apps.core import clock
from apps.core.wire import instant
from apps.notifications.kinds import Kind, Note
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from apps.privacy.archive import write_archive
from apps.privacy.models import DataExport, ExportPart
from apps.users.models import User

log = logging.getLogger(__name__)

AGAIN_AFTER = timedelta(hours=24)  # sooner, an export that is ready is the one there is
CLAIM = timedelta(minutes=15)  # one worker's, while it makes it
TRIES_MAX = 3
PIECE_BYTES = 1024 * 1024
PRIVACY_URL = "/settings"

_State = DataExport.State


@transaction.atomic
def request_export(user_id: int) -> tuple[DataExport, bool]:
    """Order a copy of an account's data; returns it, and whether it is a new one.

    One that waits, or that was ordered within AGAIN_AFTER, is the same one.
    """
    User.objects.select_for_update().get(pk=user_id)  # or two at once would order two
    now = clock.now()
    there = DataExport.objects.filter(user_id=user_id).filter(
        Q(state=_State.WAITING)
        | Q(state=_State.READY, requested_at__gt=now - AGAIN_AFTER, expires_at__gt=now)
    )
    found = there.order_by("-pk").first()
    if found is not None:
        return found, False
    made = DataExport.objects.create(user_id=user_id, requested_at=now, next_try_at=now)
    return made, True


def make_due_exports() -> int:
    """Make the exports that wait; returns how many were made. One that fails is tried again."""
    made = 0
    while (export := _claimed()) is not None:
        try:
            with TemporaryFile() as file:
                write_archive(export.user_id, file)
                made += _store(export, file)
        except Exception:
            log.exception("export %s could not be made", export.pk)
            _note_failure(export)
    return made


def _claimed() -> DataExport | None:
    now = clock.now()
    due = DataExport.objects.filter(state=_State.WAITING, next_try_at__lte=now)
    if not due.exists():
        return None
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        export = due.select_for_update(skip_locked=skip_locked).order_by("next_try_at").first()
        if export is not None:
            export.tries += 1
            export.next_try_at = now + CLAIM
            export.save(update_fields=["tries", "next_try_at"])
    return export


@transaction.atomic
def _store(export: DataExport, file: IO[bytes]) -> bool:
    """Keep the file and tell its owner; False when the export is gone or somebody else's now."""
    now = clock.now()
    size = file.seek(0, 2)
    expires_at = now + timedelta(days=settings.EXPORTS_KEPT_DAYS)
    mine = DataExport.objects.filter(
        pk=export.pk, state=_State.WAITING, next_try_at=export.next_try_at
    )
    if not mine.update(
        state=_State.READY, ready_at=now, expires_at=expires_at, next_try_at=None, size_bytes=size
    ):
        return False
    for number, piece in enumerate(_pieces(file)):
        ExportPart.objects.create(export=export, number=number, body=piece)
    note = Note(
        user_id=export.user_id,
        kind=Kind.EXPORT_READY,
        says=Says.EXPORT_READY,
        source=f"export:{export.pk}",
        at=now,
        title="The copy of your data is ready",
        body=f"You can download it until {expires_at:%Y-%m-%d %H:%M} UTC.",
        url=PRIVACY_URL,
        data={"export_id": export.pk, "until_at": instant(expires_at)},
    )
    notify([note])
    return True


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        yield piece


def _note_failure(export: DataExport) -> None:
    if export.tries >= TRIES_MAX:
        now = clock.now()
        ended_at = now + timedelta(days=settings.EXPORTS_KEPT_DAYS)
        DataExport.objects.filter(pk=export.pk, state=_State.WAITING).update(
            state=_State.FAILED, next_try_at=None, expires_at=ended_at
        )


def forget_expired_exports() -> int:
    """Delete the exports whose time is over, with their files; returns how many rows."""
    rows, _ = DataExport.objects.filter(expires_at__lte=clock.now()).delete()
    return rows
