"""`/api/user/`: register, log in, log out, refresh.

Source: BidBazaar guide "User Management"; register 31 to 42. Refresh tokens are not rotated
here: the guide lets a client keep one for its seven days (register 34).
"""

from contextlib import suppress
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response

from apps.bidbazaar import errors, serializers
from apps.bidbazaar.errors import GuideError
from apps.bidbazaar.views.base import GuideView, PrivateView, body_of, claims_of
from apps.core.schema import UnauthorizedSerializer
from apps.core.throttling import (
    ForgivesFailure,
    ForgivesSuccess,
    LoginAccountThrottle,
    LoginAddressThrottle,
    RefreshThrottle,
    RegisterThrottle,
    client_address,
)
from apps.users import services
from apps.users.authentication import AnySessionAuthentication
from apps.users.services import Device, SignedIn
from apps.users.tokens import InvalidToken


class OpenView(GuideView):
    """A view that looks at no token: a stale one must not keep anybody from logging in."""

    authentication_classes = ()
    permission_classes = ()


class RegisterView(OpenView, ForgivesFailure):
    """A new account."""

    throttle_classes = (RegisterThrottle,)

    @extend_schema(
        operation_id="guideRegister",
        summary="Register a user",
        tags=["accounts"],
        request=serializers.RegisterAccountSerializer,
        responses={201: serializers.SignedInSerializer},
    )
    def post(self, request: Request) -> Response:
        """Create an account and log it in."""
        body = body_of(request)
        signed_in = services.register_user(
            body.get("username"),
            email=body.get("email"),
            password=body.get("password"),
            device=_device(request),
        )
        reply = _signed_in("User created successfully", signed_in)
        return Response(reply, status=status.HTTP_201_CREATED)


class LogInView(OpenView, ForgivesSuccess):
    """A new session."""

    throttle_classes = (LoginAddressThrottle, LoginAccountThrottle)

    @extend_schema(
        operation_id="guideLogIn",
        summary="Log a user in",
        tags=["accounts"],
        request=serializers.LogInAccountSerializer,
        responses={200: serializers.SignedInSerializer},
    )
    def post(self, request: Request) -> Response:
        """Check the password, answer an access and a refresh token."""
        body = body_of(request)
        signed_in = services.log_in(
            body.get("username"), password=body.get("password"), device=_device(request)
        )
        return Response(_signed_in("Login successful", signed_in))


class LogOutView(PrivateView):
    """The end of a session."""

    authentication_classes = (AnySessionAuthentication,)

    @extend_schema(
        operation_id="guideLogOut",
        summary="Log the user out",
        tags=["accounts"],
        request=None,
        responses={200: serializers.SentenceSerializer},
    )
    def post(self, request: Request) -> Response:
        """End the session of this access token: it and its refresh token are dead at once."""
        if not services.log_out(claims_of(request).session_id):
            raise InvalidToken
        with suppress(InvalidToken):  # mostly this session's own, dead already
            services.log_out_by_refresh(_refresh_token(request))
        return Response({"message": "Logout successful"})


class RefreshView(OpenView):
    """A new access token."""

    throttle_classes = (RefreshThrottle,)

    @extend_schema(
        operation_id="guideRefresh",
        summary="Get a new access token",
        tags=["accounts"],
        request=serializers.RefreshAccessSerializer,
        responses={200: serializers.AccessTokenSerializer, 401: UnauthorizedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Answer a new access token; the refresh token stays the client's."""
        token = body_of(request).get("refresh")
        if token is None or token == "":
            raise GuideError(400, errors.REFRESH_REQUIRED)
        return Response({"access": services.refresh_session(token, rotate=False).access})


def _device(request: Request) -> Device:
    return Device(request.headers.get("User-Agent", ""), client_address(request))


def _refresh_token(request: Request) -> object:
    """Return the refresh token a client may send along; the guide asks for no body at all."""
    try:
        return body_of(request).get("refresh")
    except (ParseError, UnsupportedMediaType):
        return None


def _signed_in(message: str, signed_in: SignedIn) -> dict[str, Any]:
    return {
        "message": message,
        "access_token": signed_in.tokens.access,
        "refresh_token": signed_in.tokens.refresh,
        "user": serializers.user_body(signed_in.user),
    }
