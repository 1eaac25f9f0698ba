"""What the doors of the back office share: staff only, never kept on the way, its refusals."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from apps.backoffice.permissions import IsStaff
from apps.backoffice.refusals import HouseRefused
from apps.core.fields import whole_number
from apps.core.routing import ID_MAX
from apps.payments.errors import refusal_response
from apps.payments.refusals import MoneyRefused
from apps.users.rights import Right

TAGS = ["admin"]


class HouseView(APIView):
    """For accounts; refusals of the back office and of money in their words."""

    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated,)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a refusal in the status of its reason."""
        if isinstance(exc, HouseRefused):
            body = {"error": exc.sentence, "code": exc.reason.code}
            return Response(body, status=exc.reason.status)
        if isinstance(exc, MoneyRefused):
            return refusal_response(exc)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Keep it out of caches."""
        response = super().finalize_response(request, response, *args, **kw)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def read(self, shape: type[Serializer[Any]], data: Any = None) -> Mapping[str, Any]:
        """Return the fields of what was sent; raises ValidationError."""
        body = shape(data=self.request.data if data is None else data)
        body.is_valid(raise_exception=True)
        fields: Mapping[str, Any] = body.validated_data
        return fields


class StaffView(HouseView):
    """For staff alone, by the right each method asks for."""

    permission_classes = (IsStaff,)
    rights: ClassVar[Mapping[str, Right]] = {}  # a method that is not here asks for all rights

    def word(self, name: str, words: tuple[str, ...]) -> str:
        """Return one of these words of the query, "" without; raises ValidationError."""
        asked = self.request.query_params.get(name, "")
        if asked and asked not in words:
            raise ValidationError({name: [f"must be one of: {', '.join(words)}"]})
        return asked

    def id(self, name: str) -> int | None:
        """Return an id of the query, None without; raises ValidationError."""
        asked = self.request.query_params.get(name, "")
        if not asked:
            return None
        number = whole_number(asked)
        if number is None or not 1 <= number <= ID_MAX:
            raise ValidationError({name: ["must be an id"]})
        return number

    def text(self, name: str) -> str:
        """Return a text of the query, without what no database stores."""
        return self.request.query_params.get(name, "").replace("\0", "").strip()[:200]


class StaffListView(StaffView, generics.GenericAPIView[Any]):
    """A list for staff alone."""

    def page(self, rows: Any) -> Response:
        """Return a page of rows in this view's shape."""
        shown = self.get_serializer(self.paginate_queryset(rows), many=True)
        return self.get_paginated_response(shown.data)


def word_parameter(name: str, words: tuple[str, ...], text: str) -> OpenApiParameter:
    """Return how the document describes a word of the query."""
    return OpenApiParameter(name, {"type": "string", "enum": list(words)}, description=text)


def id_parameter(name: str, text: str) -> OpenApiParameter:
    """Return how the document describes an id of the query."""
    shape = {"type": "integer", "minimum": 1, "maximum": ID_MAX}
    return OpenApiParameter(name, shape, description=text)


def text_parameter(name: str, text: str) -> OpenApiParameter:
    """Return how the document describes a text of the query."""
    return OpenApiParameter(name, {"type": "string"}, description=text)
