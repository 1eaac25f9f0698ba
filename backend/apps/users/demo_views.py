"""`/api/demo/mailbox/`: the mails of a demo, for who tries the house without a mail program."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.pagination import PageNumberPagination
from apps.core.schema import errors
from apps.users import demo_mailbox
from apps.users.base_views import account_of
from apps.users.demo_serializers import (
    MailHeadSerializer,
    MailSerializer,
    mail_body,
    mail_head,
)

TAGS = ["demo"]


class DemoView(generics.GenericAPIView[Any]):
    """For accounts of a demo; elsewhere there is nothing here."""

    permission_classes = (IsAuthenticated,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Keep mails out of caches."""
        response = super().finalize_response(request, response, *args, **kw)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class MailboxView(DemoView):
    """GET /api/demo/mailbox/."""

    pagination_class = PageNumberPagination
    serializer_class = MailHeadSerializer

    @extend_schema(
        operation_id="listDemoMails",
        summary="List the mails of a demo",
        description=(
            "Those to one's own account, to staff all; newest first. 404 where the house is no "
            "demo."
        ),
        tags=TAGS,
        responses={200: MailHeadSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """One page."""
        _require_demo()
        reader = account_of(request)
        rows = demo_mailbox.mails_for(reader.pk, is_staff=reader.is_staff)
        page = self.paginate_queryset(rows) or []
        return self.get_paginated_response([mail_head(row) for row in page])


class MailView(DemoView):
    """GET /api/demo/mailbox/{mail_id}/."""

    serializer_class = MailSerializer

    @extend_schema(
        operation_id="getDemoMail",
        summary="Read a mail of a demo",
        description=(
            "As text and as HTML. Both are the mail as it was sent; what people wrote stands "
            "escaped in the HTML, which is still best shown in a frame without scripts."
        ),
        tags=TAGS,
        responses={200: MailSerializer} | errors(404),
    )
    def get(self, request: Request, mail_id: int) -> Response:
        """The mail."""
        _require_demo()
        reader = account_of(request)
        row = demo_mailbox.mail_for(mail_id, reader.pk, is_staff=reader.is_staff)
        if row is None:
            raise NotFound("Mail not found")
        return Response(mail_body(row))


def _require_demo() -> None:
    """Answer 404 where the house is no demo."""
    if not settings.DEMO:
        raise NotFound("This house is no demo")
