"""What the doors of money share."""

from typing import Any

from rest_framework import generics
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.throttling import UserThrottle
from apps.payments.errors import refusal_response
from apps.payments.refusals import MoneyRefused


class MoneyThrottle(UserThrottle):
    """Requests of one account that move money."""

    scope = "money_user"


class MoneyView(generics.GenericAPIView[Any]):
    """For accounts only; refusals in the document's words; never kept by anybody on the way."""

    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated,)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a MoneyRefused in the status of its reason."""
        if isinstance(exc, MoneyRefused):
            return refusal_response(exc)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Keep money out of caches."""
        response = super().finalize_response(request, response, *args, **kw)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
