"""`/api/auth/`: log in, refresh, log out, a socket's ticket."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.throttling import (
    ForgivesSuccess,
    LoginAccountThrottle,
    LoginAddressThrottle,
    RefreshThrottle,
    TicketThrottle,
)
from apps.users import security_serializers, serializers, services
from apps.users.authentication import AnySessionAuthentication
from apps.users.base_views import (
    BAD_REQUEST,
    THROTTLED,
    UNAUTHORIZED,
    OpenView,
    PrivateView,
    body_of,
    device_of,
    session_id_of,
)
from apps.users.refresh_cookie import KeepsRefreshInCookie, cookie_of
from apps.users.rules import AccountError, AccountReason
from apps.users.tokens import InvalidToken

NO_ACCOUNT = "No active account found with the given credentials"
REFRESH_REQUIRED = "Refresh token is required"


class TokenView(KeepsRefreshInCookie, ForgivesSuccess, OpenView):
    """POST /api/auth/token/."""

    throttle_classes = (LoginAccountThrottle, LoginAddressThrottle)

    @extend_schema(
        operation_id="logIn",
        summary="Log in: an access and a refresh token",
        description=(
            "An account with a second factor gets 401 with `code` `second_factor_required` and a "
            "`challenge` instead; POST /api/auth/second-factor/ turns that into the tokens. With "
            "`X-Refresh-Cookie: 1` a page of this origin gets the refresh token as an HttpOnly "
            "cookie and not in the body; so it is at every door that opens or renews a session."
        ),
        tags=["auth"],
        request=serializers.CredentialsSerializer,
        responses={
            200: serializers.TokenPairSerializer,
            401: security_serializers.LogInRefusedSerializer,
        }
        | BAD_REQUEST
        | THROTTLED,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Open a session."""
        try:
            signed_in = services.log_in(
                body_of(request).get("username"),
                password=body_of(request).get("password"),
                device=device_of(request),
            )
        except AccountError as error:
            if error.reason is AccountReason.INVALID_CREDENTIALS:
                raise AuthenticationFailed(NO_ACCOUNT) from error
            raise
        return Response({"access": signed_in.tokens.access, "refresh": signed_in.tokens.refresh})


class RefreshView(KeepsRefreshInCookie, OpenView):
    """POST /api/auth/token/refresh/."""

    throttle_classes = (RefreshThrottle,)

    @extend_schema(
        operation_id="refreshTokens",
        summary="A new access token, and the refresh token to use next",
        description=(
            "The refresh token sent stays usable until its successor is first used; used again "
            "after that, it ends the whole session."
        ),
        tags=["auth"],
        request=serializers.RefreshTokenSerializer,
        responses={200: serializers.TokenPairSerializer} | BAD_REQUEST | UNAUTHORIZED | THROTTLED,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Refresh and rotate."""
        refreshed = services.refresh_session(_refresh_of(request), rotate=True)
        return Response({"access": refreshed.access, "refresh": refreshed.refresh})


def _refresh_of(request: Request) -> str:
    """Return the refresh token, of the body or the cookie; 400 when missing, blank or no string."""
    token = body_of(request).get("refresh")
    if token is None or token == "":
        token = cookie_of(request)
    if token is None or token == "":
        raise AccountError(AccountReason.REQUIRED, REFRESH_REQUIRED, ("refresh",))
    if not isinstance(token, str):
        raise AccountError(AccountReason.WRONG_TYPE, "refresh must be a string", ("refresh",))
    return token


class LogOutView(KeepsRefreshInCookie, OpenView):
    """POST /api/auth/logout/."""

    @extend_schema(
        operation_id="logOut",
        summary="End this session: its refresh and its access tokens",
        description="An access token in the header or a refresh token in the body suffices.",
        tags=["auth"],
        request=serializers.LogOutSerializer,
        responses={200: serializers.MessageSerializer} | BAD_REQUEST | UNAUTHORIZED,
        auth=[{}, {"bearerAuth": []}],  # type: ignore[list-item]
    )
    def post(self, request: Request) -> Response:
        """End the session of either token, or of both."""
        sent = body_of(request).get("refresh")
        is_sent = not (sent is None or sent == "") or bool(cookie_of(request))
        refresh = _refresh_of(request) if is_sent else None
        session_id, failure = _session_of_header(request)
        if session_id is not None:
            services.log_out(session_id)
        if refresh is not None:
            _log_out_by(refresh, tolerant=session_id is not None)
        elif session_id is None:
            raise failure
        return Response({"message": "Logout successful"})


def _session_of_header(request: Request) -> tuple[str | None, Exception]:
    """Return the session of the header's token, and what to raise when there is none."""
    try:
        found = AnySessionAuthentication().authenticate(request)
    except AuthenticationFailed as error:
        return None, error
    return (found[1].session_id if found else None), NotAuthenticated()


def _log_out_by(refresh: str, *, tolerant: bool) -> None:
    """End the session of a refresh token; a dead one is no matter beside a good access token."""
    try:
        services.log_out_by_refresh(refresh)
    except InvalidToken:
        if not tolerant:
            raise


class SocketTicketView(PrivateView):
    """POST /api/auth/ws-ticket/."""

    throttle_classes = (TicketThrottle,)

    @extend_schema(
        operation_id="issueSocketTicket",
        summary="A single-use ticket that opens one WebSocket",
        description="Send it as the subprotocol `ticket.<value>` beside `bidbazaar.v1`.",
        tags=["auth"],
        request=None,
        responses={201: serializers.TicketSerializer} | UNAUTHORIZED | THROTTLED,
    )
    def post(self, request: Request) -> Response:
        """Issue a ticket for this session."""
        ticket = services.issue_socket_ticket(session_id_of(request))
        body = {"ticket": ticket, "expires_in": settings.SOCKET_TICKET_SECONDS}
        return Response(body, status=status.HTTP_201_CREATED)
