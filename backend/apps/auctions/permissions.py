"""Who may do what with a listing, as far as the account alone decides it."""

from typing import Any

from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from apps.users.permissions import check_may_list
from apps.users.rights import Right, may


class IsSellerOrReadOnly(BasePermission):
    """Anybody reads; the seller alone changes."""

    message = "Only the seller of this auction may do this"

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Let anonymous requests read."""
        return request.method in SAFE_METHODS or request.user.is_authenticated

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """Compare the seller."""
        return request.method in SAFE_METHODS or obj.seller_id == request.user.pk


class CanActivateAuction(IsAuthenticated):
    """The seller publishes, unless staff has withdrawn his right to sell (register 24)."""

    message = "Only the seller of this auction may activate it"

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """Compare the seller; raises EmailUnverified."""
        user: Any = request.user
        if obj.seller_id != user.pk or not user.can_sell:
            return False
        check_may_list(user)
        return True


class CanRelistAuction(CanActivateAuction):
    """As for publishing."""

    message = "Only the seller of this auction may list it again"


class CanEndAuction(IsAuthenticated):
    """The seller and staff end an auction early (register 21)."""

    message = "Only the seller of this auction or staff may end it"

    def has_object_permission(self, request: Request, view: APIView, obj: Any) -> bool:
        """Compare the seller; staff may."""
        user: Any = request.user
        return may(user, Right.MARKET) or obj.seller_id == user.pk
