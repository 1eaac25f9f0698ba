"""`/api/admin/users/`: accounts, their status, their role, and bans."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.backoffice import account_services, selectors, serializers
from apps.backoffice.base_views import (
    TAGS,
    StaffListView,
    StaffView,
    text_parameter,
    word_parameter,
)
from apps.core.schema import errors
from apps.users.authentication import claims_of
from apps.users.rights import Right

SHOWN = {200: serializers.AdminUserSerializer} | errors(403, 404)


class AdminUsersView(StaffListView):
    """GET /api/admin/users/."""

    rights = {"GET": Right.LOOK}
    serializer_class = serializers.AdminUserSerializer

    @extend_schema(
        operation_id="listUsers",
        summary="List accounts",
        tags=TAGS,
        parameters=[
            word_parameter("status", selectors.USER_STATUSES, "Only of this status"),
            word_parameter("role", selectors.ROLES, "Only with this role"),
            text_parameter("search", "A part of the name or the e-mail address"),
        ],
        responses={200: serializers.AdminUserSerializer(many=True)} | errors(403),
    )
    def get(self, request: Request) -> Response:
        """Accounts, newest first."""
        rows = selectors.users(
            status=self.word("status", selectors.USER_STATUSES),
            role=self.word("role", selectors.ROLES),
            search=self.text("search"),
        )
        return self.page(rows)


class AdminUserView(StaffView):
    """PATCH /api/admin/users/{id}/."""

    rights = {"GET": Right.LOOK, "PATCH": Right.PEOPLE}

    @extend_schema(
        operation_id="changeUser",
        summary="Change an account's status or role",
        description="`suspended`: shut out until it is `active` again; its bids stand. `banned`: "
        "shut out, its bids in running auctions are void. `user` may not sell, `seller` may, as "
        "everybody at first; who works here is a `moderator` (people, listings, reports), of "
        "`finance` (payments, held money) or `staff` (everything). Only the latter change roles, "
        "and what concerns others of staff.",
        tags=TAGS,
        request=serializers.ChangeUserSerializer,
        responses=SHOWN,
    )
    def patch(self, request: Request, user_id: int) -> Response:
        """Set status, role or both."""
        body = self.read(serializers.ChangeUserSerializer)
        account_services.change_user(user_id, actor_id=claims_of(request).user_id, **body)
        return Response(serializers.AdminUserSerializer(selectors.user(user_id)).data)


class BanView(StaffView):
    """POST /api/admin/users/{id}/ban/."""

    rights = {"GET": Right.LOOK, "POST": Right.PEOPLE}

    @extend_schema(
        operation_id="banUser",
        summary="Ban an account",
        description="Its sessions and sockets end, its bids in running auctions are void. With "
        "`until` it may log in again after that.",
        tags=TAGS,
        request=serializers.BanSerializer,
        responses=SHOWN,
    )
    def post(self, request: Request, user_id: int) -> Response:
        """Shut it out."""
        body = self.read(serializers.BanSerializer)
        account_services.ban_user(
            user_id,
            actor_id=claims_of(request).user_id,
            reason=body["reason"],
            until_at=body["until"],
        )
        return Response(serializers.AdminUserSerializer(selectors.user(user_id)).data)
