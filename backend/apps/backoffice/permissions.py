"""Who may enter the back office."""

from collections.abc import Mapping

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.users.rights import Right, may


class IsStaff(BasePermission):
    """Staff with the right the view names for the method; one that names none is for all rights.

    A session without a demanded second factor was refused by the authentication.
    """

    message = "This is for staff"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask the account."""
        if not getattr(request.user, "is_staff", False):
            return False
        self.message = "Your duty does not include this"
        rights: Mapping[str, Right] = getattr(view, "rights", {})
        method = "GET" if request.method in SAFE_METHODS else str(request.method)
        return may(request.user, rights.get(method, Right.HOUSE))
