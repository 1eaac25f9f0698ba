"""`/api/invoices/`: one's own invoices and credit notes, as PDF or JSON."""

from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, NotFound
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.json import JSONRenderer
from apps.core.schema import errors
from apps.payments import invoice_selectors, invoice_serializers, invoicing
from apps.payments.base_views import MoneyView
from apps.users.authentication import claims_of
from apps.users.rights import Right, may

TAGS = ["invoices"]
PDF = "application/pdf"
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", {"type": "string"}, OpenApiParameter.HEADER, description="An earlier `ETag`"
)


class Altered(APIException):
    """The document is not what was issued; it is not handed out."""

    default_detail = "This document is no longer what was issued; staff have to look at it"


class PDFRenderer(BaseRenderer):
    """What a client names to be given the file."""

    media_type = PDF
    format = "pdf"
    charset = None

    def render(self, data: Any, *_: Any) -> bytes:
        """Nothing of ours is rendered by this: InvoiceView renders all but the file as JSON."""
        raise NotImplementedError


class FileFirst(DefaultContentNegotiation):
    """The file, unless JSON is asked for. A view's own renderers are those of its refusals."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        """Return what was asked for; raises NotAcceptable."""
        return super().select_renderer(request, [PDFRenderer(), *renderers], format_suffix)


class InvoicesView(MoneyView):
    """GET /api/invoices/."""

    serializer_class = invoice_serializers.InvoiceSerializer

    @extend_schema(
        operation_id="listInvoices",
        summary="List one's own invoices and credit notes",
        tags=TAGS,
        responses={200: invoice_serializers.InvoiceSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """What was issued to the caller, newest first."""
        page = self.paginate_queryset(invoice_selectors.invoices_of(claims_of(request).user_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class InvoiceView(MoneyView):
    """GET /api/invoices/{id}/."""

    serializer_class = invoice_serializers.InvoiceDetailSerializer
    content_negotiation_class = FileFirst

    @extend_schema(
        operation_id="getInvoice",
        summary="Download an invoice or a credit note",
        description="A PDF, the same bytes each time; its content as JSON for "
        "`Accept: application/json`.",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses={
            (200, PDF): OpenApiTypes.BINARY,
            (200, "application/json"): invoice_serializers.InvoiceDetailSerializer,
            304: None,
        }
        | errors(404),
    )
    def get(self, request: Request, invoice_id: int) -> HttpResponseBase:
        """One's own document; staff read all."""
        found = invoice_selectors.invoice_for(
            claims_of(request).user_id, invoice_id, is_staff=may(request.user, Right.MONEY)
        )
        if found is None:
            raise NotFound("Invoice not found")
        if isinstance(request.accepted_renderer, JSONRenderer):
            return Response(invoice_serializers.content_body(found))
        return _file(request, found)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Whatever is not the file is JSON, refusals too, whatever the client would rather have."""
        request.accepted_renderer = JSONRenderer()
        request.accepted_media_type = JSONRenderer.media_type
        response = super().finalize_response(request, response, *args, **kw)
        patch_vary_headers(response, ["Accept"])
        return response


def _file(request: Request, invoice: Any) -> HttpResponse:
    """Answer the PDF, named by its number alone; 304 for a client that has it."""
    known = parse_etags(request.headers.get("If-None-Match", ""))
    headers = {
        "ETag": f'"{invoice.pdf_sha256}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    if headers["ETag"] in known:
        return HttpResponse(status=304, headers=headers)
    try:
        body = invoicing.pdf_of(invoice)
    except invoicing.AlteredInvoice as error:
        raise Altered from error
    headers["ETag"] = f'"{sha256(body).hexdigest()}"'
    headers["Content-Disposition"] = f'attachment; filename="{invoice.number}.pdf"'
    return HttpResponse(body, content_type=PDF, headers=headers)
