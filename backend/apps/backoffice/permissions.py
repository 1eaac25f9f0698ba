"""Who may enter the back office."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView


class IsStaff(BasePermission):
    """Staff; a session without a demanded second factor was refused by the authentication."""

    message = "This is for staff"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask the account."""
        user: Any = request.user
        return bool(user.is_authenticated and user.is_staff)
