"""`/api/users/me/export/`: a copy of what the house knows of one."""

from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.schema import errors
from apps.privacy import export_services, selectors
from apps.privacy.serializers import ExportSerializer
from apps.users.authentication import claims_of

TAGS = ["users"]
ZIP = "application/zip"
IN_MEMORY_BYTES_MAX = 8 * 1024 * 1024  # of a file on its way; more goes to disk


class ExportsView(generics.GenericAPIView[Any]):
    """GET, POST /api/users/me/export/."""

    permission_classes = (IsAuthenticated,)
    filter_backends = ()
    serializer_class = ExportSerializer

    @extend_schema(
        operation_id="listExports",
        summary="List the copies of one's own data",
        description="Newest first, each that is ready with its link.",
        tags=TAGS,
        responses={200: ExportSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """One page."""
        page = self.paginate_queryset(selectors.exports_of(claims_of(request).user_id))
        answer = self.get_paginated_response(self.get_serializer(page, many=True).data)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    @extend_schema(
        operation_id="requestExport",
        summary="Ask for a copy of one's own data",
        description=(
            "A ZIP with a JSON file for each area and one's pictures. A worker makes it, a "
            "notification says when it is ready. One that waits or is not a day old is the answer "
            "again (200)."
        ),
        tags=TAGS,
        request=None,
        responses={200: ExportSerializer, 202: ExportSerializer},
    )
    def post(self, request: Request) -> Response:
        """Order it."""
        export, is_new = export_services.request_export(claims_of(request).user_id)
        code = status.HTTP_202_ACCEPTED if is_new else status.HTTP_200_OK
        headers = {"Cache-Control": "private, no-store"}
        return Response(ExportSerializer(export).data, status=code, headers=headers)


class ExportFileView(APIView):
    """GET /api/users/me/export/{export_id}/file/."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="downloadExport",
        summary="Download a copy of one's own data",
        description="By the link of the list, without a login; for as long as it is kept.",
        tags=TAGS,
        parameters=[OpenApiParameter("token", str, required=True, description="Of the link")],
        responses={(200, ZIP): OpenApiTypes.BINARY} | errors(404),
    )
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        """The file, as an attachment."""
        token = request.query_params.get("token", "")
        export = selectors.export_by_token(export_id, token)
        if export is None:
            raise NotFound("Export not found")
        file = SpooledTemporaryFile(IN_MEMORY_BYTES_MAX)  # noqa: SIM115 - the response closes it
        for piece in selectors.pieces_of(export):
            file.write(piece)
        file.seek(0)
        name = f"data-{export.requested_at:%Y-%m-%d}.zip"
        headers = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer"}
        return FileResponse(
            file, as_attachment=True, filename=name, content_type=ZIP, headers=headers
        )
