"""`/api/admin/`: the dashboard, settings and the audit log."""

import csv
import json
from collections.abc import Iterator
from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.backoffice import (
    dashboard_serializers,
    figures,
    selectors,
    serializers,
    services,
    tuning,
)
from apps.backoffice.base_views import (
    TAGS,
    StaffListView,
    StaffView,
    id_parameter,
    word_parameter,
)
from apps.backoffice.windows import PERIODS, STEPS_OF, STEPS_SECONDS
from apps.core import clock
from apps.core.schema import errors
from apps.users.authentication import claims_of
from apps.users.rights import Right

CSV = "text/csv"
COLUMNS = (
    "id", "at", "actor", "act", "target_kind", "target_id", "before", "after", "reason",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would reckon with


class DashboardView(StaffView):
    """GET /api/admin/dashboard/."""

    rights = {"GET": Right.LOOK}

    @extend_schema(
        operation_id="getDashboard",
        summary="Show how the market does",
        description="Figures of the last day, week (7 days), month (30 days) or year (365 days), "
        "beside those of the period before it, and the period in equal parts.",
        tags=TAGS,
        parameters=[
            word_parameter("period", tuple(PERIODS), "Default: month"),
            word_parameter(
                "step",
                tuple(STEPS_SECONDS),
                "How long a point of the series lasts: an hour (`day`, `week`), a day (`week`, "
                "`month`, `year`), a twelfth of the year (`year`). Default: hour of a day, day "
                "of a week or month, month of a year",
            ),
        ],
        responses={200: dashboard_serializers.DashboardSerializer} | errors(400, 403),
    )
    def get(self, request: Request) -> Response:
        """The figures of a period up to now."""
        period = self.word("period", tuple(PERIODS)) or "month"
        step = self.word("step", STEPS_OF[period])
        found = figures.dashboard(period, clock.now(), step)
        shown = dashboard_serializers.DashboardSerializer(found)
        return Response(shown.data)


class SettingsView(StaffView):
    """GET, PUT /api/admin/settings/."""

    @extend_schema(
        operation_id="getSettings",
        summary="Show the figures of the house",
        tags=TAGS,
        responses={200: serializers.FiguresSerializer} | errors(403),
    )
    def get(self, request: Request) -> Response:
        """Every figure as it holds now."""
        return Response(tuning.present_figures())

    @extend_schema(
        operation_id="changeSettings",
        summary="Change figures of the house",
        description="What is not sent stays. It holds from now on, in every process, without a "
        "restart; what was fixed before keeps what it was fixed with.",
        tags=TAGS,
        request=serializers.FiguresSerializer,
        responses={200: serializers.FiguresSerializer} | errors(403),
    )
    def put(self, request: Request) -> Response:
        """Set some, answer all."""
        body = self.read(serializers.FiguresSerializer)
        return Response(services.change_settings(body, actor_id=claims_of(request).user_id))


class CSVRenderer(BaseRenderer):
    """What a client names to be given the file."""

    media_type = CSV
    format = "csv"

    def render(self, data: Any, *_: Any) -> bytes:
        """Nothing of ours is rendered by this: AuditView streams the file itself."""
        raise NotImplementedError


class FileIfAsked(DefaultContentNegotiation):
    """JSON, unless the file is asked for. A view's own renderers are those of its refusals."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        """Return what was asked for; raises NotAcceptable."""
        asked = [*renderers, CSVRenderer()]
        renderer, media_type = super().select_renderer(request, asked, format_suffix)
        request._request.wants_csv = renderer.format == "csv"  # type: ignore[attr-defined]
        return (renderers[0], renderers[0].media_type) if renderer.format == "csv" else (
            renderer, media_type
        )  # fmt: skip


class AuditView(StaffListView):
    """GET /api/admin/audit/."""

    serializer_class = serializers.AuditSerializer
    content_negotiation_class = FileIfAsked

    @extend_schema(
        operation_id="listAuditEntries",
        summary="List what staff did",
        description="Every act with what was before and after it. All that fits the filters as a "
        "CSV file for `Accept: text/csv`.",
        tags=TAGS,
        parameters=[
            word_parameter("act", serializers.ACTS, "Only this kind of act"),
            id_parameter("actor", "Only by this user"),
            id_parameter("target_id", "Only on what has this id"),
        ],
        responses={
            200: serializers.AuditSerializer(many=True),
            (200, CSV): OpenApiTypes.STR,
        }
        | errors(400, 403),
    )
    def get(self, request: Request) -> Any:
        """Acts, newest first."""
        rows = selectors.audit_entries(
            act=self.word("act", serializers.ACTS),
            actor_id=self.id("actor"),
            target_id=self.id("target_id"),
        )
        if not getattr(request._request, "wants_csv", False):
            return self.page(rows)
        headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        lines = _csv_lines(serializers.AuditSerializer(row).data for row in rows.iterator())
        return StreamingHttpResponse(lines, content_type=f"{CSV}; charset=utf-8", headers=headers)


class _Line:
    """A file that returns what is written into it."""

    def write(self, text: str) -> str:
        return text


def _csv_lines(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow([_cell(row[name]) for name in COLUMNS])


def _cell(value: Any) -> Any:
    """Return a value as a cell; a text that begins like a formula is quoted."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value
