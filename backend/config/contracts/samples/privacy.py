"""Examples of `/api/users/me/export/`."""

from typing import Any

from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Sample, page_of, said

WAITING: dict[str, Any] = {
    "id": 4,
    "state": "waiting",
    "requested_at": "2026-02-22T10:30:00Z",
    "ready_at": None,
    "expires_at": None,
    "size_bytes": 0,
    "download_url": None,
}
READY = {
    **WAITING,
    "state": "ready",
    "ready_at": "2026-02-22T10:30:07Z",
    "expires_at": "2026-03-01T10:30:07Z",
    "size_bytes": 481203,
    "download_url": "/api/users/me/export/4/file/?token=WzQsMV0:1tK3bQ:signature",
}

SAMPLES = {
    "listExports": Sample(
        answers={
            200: page_of(READY, address="/api/users/me/export/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "requestExport": Sample(answers={200: {"there is one": READY}, 202: {"ordered": WAITING}}),
    "downloadExport": Sample(answers={404: said("Export not found")}),
}
