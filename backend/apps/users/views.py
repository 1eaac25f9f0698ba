"""`/api/users/`: register, one's own account, other people's public profiles.

The fields of a registration are checked by the service: the BidBazaar vocabulary needs the same
checks in the same order.
"""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.schema import ErrorSerializer
from apps.core.throttling import (
    ConfirmThrottle,
    ForgivesFailure,
    ForgivesSuccess,
    LoginAddressThrottle,
    RegisterThrottle,
    UploadThrottle,
)
from apps.users import (
    leaving_services,
    security_serializers,
    selectors,
    serializers,
    services,
)
from apps.users.base_views import (
    BAD_REQUEST,
    THROTTLED,
    UNAUTHORIZED,
    AccountView,
    OpenView,
    PrivateView,
    SetUpView,
    account_of,
    body_of,
    device_of,
    session_id_of,
)
from apps.users.refresh_cookie import KeepsRefreshInCookie


class RegisterView(KeepsRefreshInCookie, ForgivesFailure, OpenView):
    """POST /api/users/register/."""

    throttle_classes = (RegisterThrottle,)

    @extend_schema(
        operation_id="registerUser",
        summary="Create an account and log in",
        tags=["users"],
        request=serializers.RegisterUserSerializer,
        responses={201: serializers.RegisteredSerializer} | BAD_REQUEST | THROTTLED,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Register."""
        signed_in = services.register_user(
            body_of(request).get("username"),
            email=body_of(request).get("email"),
            password=body_of(request).get("password"),
            full_name=body_of(request).get("full_name"),
            device=device_of(request),
        )
        user = serializers.UserSerializer(signed_in.user).data
        body = {
            **user,
            "user": user,
            "access": signed_in.tokens.access,
            "refresh": signed_in.tokens.refresh,
        }
        return Response(body, status=status.HTTP_201_CREATED)


class MeView(ForgivesSuccess, SetUpView):
    """GET, DELETE /api/users/me/."""

    def get_throttles(self) -> list[Any]:
        """Count wrong passwords and codes, not looks."""
        if not hasattr(self, "_throttles"):
            self._throttles = [ConfirmThrottle()] if self.request.method == "DELETE" else []
        return self._throttles

    @extend_schema(
        operation_id="getMe",
        summary="The account of this token",
        tags=["users"],
        responses={200: serializers.UserSerializer} | UNAUTHORIZED,
    )
    def get(self, request: Request) -> Response:
        """Return it."""
        return Response(serializers.UserSerializer(account_of(request)).data)

    @extend_schema(
        operation_id="deleteMe",
        summary="Delete one's account",
        description=(
            "For good, by the password or a code of the second factor. Refused with the reasons "
            "while others wait for it: leading bids, running listings, unpaid sales, held money. "
            "Bids, sales and invoices stay under the name `deleted-<id>`; the rest is erased."
        ),
        tags=["users"],
        request=security_serializers.DeleteAccountSerializer,
        responses={204: None} | BAD_REQUEST | UNAUTHORIZED | THROTTLED,
    )
    def delete(self, request: Request) -> Response:
        """Delete it."""
        leaving_services.delete_account(
            account_of(request),
            password=body_of(request).get("password"),
            code=body_of(request).get("code"),
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class ProfileView(PrivateView):
    """GET, PUT, PATCH /api/users/profile/."""

    @extend_schema(
        operation_id="getProfile",
        summary="One's own profile",
        tags=["users"],
        responses={200: serializers.ProfileSerializer} | UNAUTHORIZED,
    )
    def get(self, request: Request) -> Response:
        """Return it."""
        profile = selectors.profile_of(account_of(request))
        return Response(serializers.ProfileSerializer(profile).data)

    @extend_schema(
        operation_id="putProfile",
        summary="Change one's own profile",
        description="Fields that are absent stay as they are, with PUT as with PATCH.",
        tags=["users"],
        request=serializers.UpdateProfileSerializer,
        responses={200: serializers.ProfileSerializer} | BAD_REQUEST | UNAUTHORIZED,
    )
    def put(self, request: Request) -> Response:
        """Change what is given."""
        return self._change(request)

    @extend_schema(
        operation_id="patchProfile",
        summary="Change parts of one's own profile",
        tags=["users"],
        request=serializers.UpdateProfileSerializer,
        responses={200: serializers.ProfileSerializer} | BAD_REQUEST | UNAUTHORIZED,
    )
    def patch(self, request: Request) -> Response:
        """Change what is given."""
        return self._change(request)

    def _change(self, request: Request) -> Response:
        changes = serializers.UpdateProfileSerializer(data=request.data)
        changes.is_valid(raise_exception=True)
        profile = services.update_profile(account_of(request), changes=changes.validated_data)
        return Response(serializers.ProfileSerializer(profile).data)


class BusinessView(PrivateView):
    """GET, PUT /api/users/business/."""

    @extend_schema(
        operation_id="getBusiness",
        summary="The company behind one's account",
        tags=["users"],
        responses={200: serializers.BusinessSerializer, 404: ErrorSerializer} | UNAUTHORIZED,
    )
    def get(self, request: Request) -> Response:
        """Return it; 404 when there is none."""
        business = selectors.business_of(account_of(request).pk)
        if business is None:
            raise Http404("No business account yet; create it with PUT")
        return Response(serializers.BusinessSerializer(business).data)

    @extend_schema(
        operation_id="putBusiness",
        summary="Store the company behind one's account",
        description="201 the first time, 200 later.",
        tags=["users"],
        request=serializers.PutBusinessSerializer,
        responses={
            200: serializers.BusinessSerializer,
            201: serializers.BusinessSerializer,
        }
        | BAD_REQUEST
        | UNAUTHORIZED,
    )
    def put(self, request: Request) -> Response:
        """Store it whole."""
        given = serializers.PutBusinessSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        business, created = services.put_business(account_of(request).pk, **given.validated_data)
        return Response(
            serializers.BusinessSerializer(business).data,
            status=status.HTTP_201_CREATED if created else status.HTTP_200_OK,
        )


class AvatarView(PrivateView):
    """POST, DELETE /api/users/avatar/."""

    parser_classes = (MultiPartParser,)

    def get_throttles(self) -> list[Any]:
        """Count uploads, not removals."""
        return [UploadThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="uploadAvatar",
        summary="Replace one's picture",
        description="JPEG, PNG, WebP, AVIF or HEIC, at most 5 MB; stored as WebP without metadata.",
        tags=["users"],
        request={"multipart/form-data": serializers.AvatarUploadSerializer},
        responses={201: serializers.ProfileSerializer} | BAD_REQUEST | UNAUTHORIZED | THROTTLED,
    )
    def post(self, request: Request) -> Response:
        """Store the picture of the field `avatar`."""
        files = request.FILES.getlist("avatar")
        if len(files) != 1:
            raise ValidationError({"avatar": "Send one picture in this field"})
        profile = services.set_avatar(account_of(request), file=files[0])
        return Response(serializers.ProfileSerializer(profile).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="deleteAvatar",
        summary="Take one's picture away",
        tags=["users"],
        request=None,
        responses={204: None} | UNAUTHORIZED,
    )
    def delete(self, request: Request) -> Response:
        """Remove picture and thumbnails."""
        services.remove_avatar(account_of(request))
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasswordView(ForgivesSuccess, PrivateView):
    """POST /api/users/password/."""

    throttle_classes = (ConfirmThrottle, LoginAddressThrottle)

    @extend_schema(
        operation_id="changePassword",
        summary="Change one's password; every other session ends",
        tags=["users"],
        request=serializers.ChangePasswordSerializer,
        responses={200: serializers.MessageSerializer} | BAD_REQUEST | UNAUTHORIZED | THROTTLED,
    )
    def post(self, request: Request) -> Response:
        """Change it."""
        services.change_password(
            account_of(request),
            current=body_of(request).get("current_password"),
            new=body_of(request).get("new_password"),
            session_id=session_id_of(request),
        )
        return Response({"message": "Password changed"})


class PublicUserView(AccountView):
    """GET /api/users/{id}/."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="getUser",
        summary="Somebody's public profile",
        tags=["users"],
        responses={200: serializers.PublicUserSerializer} | {404: ErrorSerializer} | UNAUTHORIZED,
    )
    def get(self, request: Request, user_id: int) -> Response:
        """Return it; banned and inactive accounts do not exist."""
        user = selectors.public_user(user_id)
        if user is None:
            raise Http404("User not found")
        return Response(serializers.PublicUserSerializer(user).data)
