"""What the doors of notifications and messages share."""

from typing import Any

from rest_framework import generics
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request


class OwnView(generics.GenericAPIView[Any]):
    """For accounts only, about what is one's own; never kept by anybody on the way."""

    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Keep private words out of caches."""
        response = super().finalize_response(request, response, *args, **kw)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
