"""What a house without goods already shows: that it is alive, its figures, its files, its errors.

Whether it is ready depends on the market and is answered by config/health.py.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import cache_control
from django.views.static import serve
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.replies import ReadOnly, json_reply

MEDIA_CACHE_SECONDS = 365 * 24 * 3600  # names are unique: a file never changes
MEDIA_BLOCK_BYTES = 64 * 1024
MEDIA_TYPES_SHOWN = ("image/jpeg", "image/png", "image/webp", "image/avif")


class HealthView(ReadOnly):
    """GET /healthz: the process answers. Asks nobody else, so that it never lies."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer at once."""
        return json_reply(200, {"status": "ok"})


class MetricsView(ReadOnly):
    """GET /metrics: this process's figures in Prometheus' text format."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Answer all registered metrics."""
        return HttpResponse(generate_latest(), content_type=CONTENT_TYPE_LATEST)


class _Page(ReadOnly, APIView):
    """A page of the documentation: for everybody, whatever his token or his Accept header say."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Fall back to the first renderer instead of refusing."""
        return super().perform_content_negotiation(request, force=True)


class SchemaView(_Page, SpectacularAPIView):
    """GET /api/schema/: the OpenAPI document, drawn once in each process and in each format."""

    _drawn: ClassVar[dict[str, bytes]] = {}  # media type -> document

    def _get_schema_response(self, request: Any) -> HttpResponse:
        renderer = request.accepted_renderer
        media_type: str = renderer.media_type
        if media_type not in self._drawn:
            # Without the request and its ?lang=: they must not be kept for everybody.
            with translation.override(settings.LANGUAGE_CODE):
                schema = self.generator_class().get_schema(request=None, public=True)
            self._drawn[media_type] = renderer.render(schema, renderer_context={})
        return HttpResponse(self._drawn[media_type], content_type=media_type)


class SwaggerView(_Page, SpectacularSwaggerView):
    """GET /api/docs/: the document as Swagger shows it."""


class RedocView(_Page, SpectacularRedocView):
    """GET /api/redoc/: the document as ReDoc shows it."""


@method_decorator(
    cache_control(public=True, max_age=MEDIA_CACHE_SECONDS, immutable=True), name="dispatch"
)
class MediaView(ReadOnly):
    """GET /media/…: an uploaded file. Whatever it pretends to be, a browser runs nothing of it."""

    def get(self, request: HttpRequest, path: str) -> HttpResponseBase:
        """Stream the file; anything outside MEDIA_ROOT does not exist."""
        try:
            response = serve(request, path, document_root=str(settings.MEDIA_ROOT))
        except (SuspiciousFileOperation, ValueError, OSError) as error:
            raise Http404("File not found") from error
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        if response.get("Content-Type") not in MEDIA_TYPES_SHOWN:
            response["Content-Disposition"] = "attachment"
        if isinstance(response, FileResponse):
            response.block_size = MEDIA_BLOCK_BYTES
        return response


# --- errors outside the API's views -----------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400 for what never reached a view."""
    return json_reply(400, {"error": "Bad request"})


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403 outside the API's views."""
    return json_reply(403, {"error": "You do not have permission to do this"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404 for an unknown path."""
    return json_reply(404, {"error": "Not found"})


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500; what happened stands in the log."""
    return json_reply(500, {"error": "Internal server error"})
