"""Who may, as far as the account alone decides it."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.core.api_errors import EMAIL_UNVERIFIED, Forbidden
from apps.users import selectors

#: Where a row keeps whose it is, in this order.
_OWNER_FIELDS = ("owner_id", "user_id", "seller_id", "bidder_id")


def owner_id(row: Any) -> int | None:
    """Return the id of the account a row belongs to; an account belongs to itself."""
    for name in _OWNER_FIELDS:
        if hasattr(row, name):
            found: int | None = getattr(row, name)
            return found
    return row.pk if hasattr(row, "username") else None


class IsOwnerOrReadOnly(BasePermission):
    """Anybody reads; the owner alone changes."""

    message = "You do not have permission to do this"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let anonymous requests read."""
        return request.method in SAFE_METHODS or bool(
            request.user and request.user.is_authenticated
        )

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """Let the owner change."""
        return request.method in SAFE_METHODS or owner_id(obj) == request.user.pk


class EmailUnverified(Forbidden):
    """The address has to be confirmed first, where the site demands it."""

    default_detail = EMAIL_UNVERIFIED
    default_code = "email_unverified"


def check_may_list(user: Any) -> None:
    """Raise EmailUnverified for an account that has yet to confirm its address."""
    if not selectors.may_trade(user):
        raise EmailUnverified


class IsSeller(BasePermission):
    """Every account may sell unless staff has withdrawn it (register 24)."""

    message = "This account may not sell"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask the account; raises EmailUnverified."""
        if not getattr(request.user, "can_sell", False):
            return False
        check_may_list(request.user)
        return True


class IsNotBanned(BasePermission):
    """A banned account's tokens are dead already; this is for doors that load users otherwise."""

    message = "This account is banned"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Ask the account; anonymous is not banned."""
        return getattr(request.user, "banned_at", None) is None
