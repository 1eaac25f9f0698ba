"""`/api/auth/passkeys/`: a key pair in one's device in place of a password."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.schema import UnauthorizedSerializer, errors
from apps.core.throttling import CodeThrottle, ConfirmThrottle, ForgivesSuccess, PasskeyThrottle
from apps.users import passkey_services, security_serializers, selectors, serializers
from apps.users.base_views import (
    OpenView,
    SetUpView,
    account_of,
    body_of,
    device_of,
    session_id_of,
)
from apps.users.refresh_cookie import KeepsRefreshInCookie
from apps.users.rules import AccountError, AccountReason

TAGS = ["passkeys"]


class PasskeyOptionsView(ForgivesSuccess, SetUpView):
    """POST /api/auth/passkeys/options/."""

    throttle_classes = (ConfirmThrottle,)

    @extend_schema(
        operation_id="beginPasskey",
        summary="Begin to add a passkey",
        description="Hand the answer to `PublicKeyCredential.parseCreationOptionsFromJSON`.",
        tags=TAGS,
        request=security_serializers.ConfirmSerializer,
        responses={200: security_serializers.CreationOptionsSerializer} | errors(403),
    )
    def post(self, request: Request) -> Response:
        """Answer what the browser needs."""
        options = passkey_services.begin_passkey(
            account_of(request),
            password=body_of(request).get("password"),
            session_id=session_id_of(request),
        )
        return Response(options)


class PasskeysView(ForgivesSuccess, SetUpView, generics.GenericAPIView[Any]):
    """GET, POST /api/auth/passkeys/."""

    serializer_class = security_serializers.PasskeySerializer

    def get_throttles(self) -> list[Any]:
        """Count answers of browsers, not looks at the list."""
        if not hasattr(self, "_throttles"):
            self._throttles = [ConfirmThrottle()] if self.request.method == "POST" else []
        return self._throttles

    def get_queryset(self) -> QuerySet[Any]:
        """Return one's own passkeys."""
        return selectors.passkeys_of(account_of(self.request).pk)

    @extend_schema(
        operation_id="listPasskeys",
        summary="List one's passkeys",
        tags=TAGS,
        responses={200: security_serializers.PasskeySerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The oldest first."""
        page = self.paginate_queryset(self.get_queryset())
        rows = security_serializers.PasskeySerializer(page, many=True)
        return self.get_paginated_response(rows.data)

    @extend_schema(
        operation_id="addPasskey",
        summary="Add a passkey",
        description="`credential` is what `credential.toJSON()` gives in the browser.",
        tags=TAGS,
        request=security_serializers.AddPasskeySerializer,
        responses={201: security_serializers.PasskeySerializer},
    )
    def post(self, request: Request) -> Response:
        """Keep the public key."""
        row = passkey_services.add_passkey(
            account_of(request),
            name=body_of(request).get("name"),
            answer=body_of(request).get("credential"),
            session_id=session_id_of(request),
        )
        body = security_serializers.PasskeySerializer(row).data
        return Response(body, status=status.HTTP_201_CREATED)


class PasskeyView(ForgivesSuccess, SetUpView):
    """DELETE /api/auth/passkeys/{id}/."""

    throttle_classes = (ConfirmThrottle,)

    @extend_schema(
        operation_id="removePasskey",
        summary="Remove a passkey",
        description="The password in the body is needed when the login was over 15 minutes ago.",
        tags=TAGS,
        request=security_serializers.ConfirmSerializer,
        responses={204: None} | errors(400, 403, 404, 413, 415),
    )
    def delete(self, request: Request, passkey_id: int) -> Response:
        """Forget one of one's own."""
        removed = passkey_services.remove_passkey(
            account_of(request),
            passkey_id=passkey_id,
            password=body_of(request).get("password"),
            session_id=session_id_of(request),
        )
        if not removed:
            raise Http404("Passkey not found")
        return Response(status=status.HTTP_204_NO_CONTENT)


class PasskeyLogInOptionsView(OpenView):
    """POST /api/auth/passkeys/login-options/."""

    throttle_classes = (PasskeyThrottle,)

    @extend_schema(
        operation_id="beginPasskeyLogIn",
        summary="Begin a login by passkey",
        description="Hand the answer to `PublicKeyCredential.parseRequestOptionsFromJSON`.",
        tags=TAGS,
        request=None,
        responses={200: security_serializers.RequestOptionsSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Answer what the browser needs; the same for everybody but for the challenge."""
        return Response(passkey_services.begin_login())


class PasskeyLogInView(KeepsRefreshInCookie, ForgivesSuccess, OpenView):
    """POST /api/auth/passkeys/login/."""

    throttle_classes = (CodeThrottle,)

    @extend_schema(
        operation_id="logInByPasskey",
        summary="Log in by passkey: an access and a refresh token",
        description="A passkey is two factors at once: no code is asked for.",
        tags=TAGS,
        request=security_serializers.LogInPasskeySerializer,
        responses={200: serializers.TokenPairSerializer, 401: UnauthorizedSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Open a session."""
        try:
            signed_in = passkey_services.log_in(
                body_of(request).get("credential"), device=device_of(request)
            )
        except AccountError as error:
            if error.reason is AccountReason.PASSKEY_INVALID:
                raise AuthenticationFailed(error.message) from error
            raise
        return Response({"access": signed_in.tokens.access, "refresh": signed_in.tokens.refresh})
