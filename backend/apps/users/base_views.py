"""What the views of accounts share: refusals in the roadmap's words, who needs a token."""

from typing import Any

from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.api_errors import TOKEN_UNUSABLE
from apps.core.schema import ErrorSerializer, UnauthorizedSerializer
from apps.core.throttling import client_address
from apps.users import services
from apps.users.authentication import SCHEME, AnySessionAuthentication
from apps.users.rules import AccountError, AccountReason, CodesLocked
from apps.users.tokens import InvalidToken

BAD_REQUEST = {400: ErrorSerializer}
UNAUTHORIZED = {401: UnauthorizedSerializer}
THROTTLED = {429: ErrorSerializer}


#: Of refusals that are not the client's mistake in the body.
STATUSES = {
    AccountReason.SECOND_FACTOR_REQUIRED: status.HTTP_401_UNAUTHORIZED,
    AccountReason.CHALLENGE_INVALID: status.HTTP_401_UNAUTHORIZED,
    AccountReason.PASSWORD_REQUIRED: status.HTTP_403_FORBIDDEN,
}


class AccountView(APIView):
    """A view that says refusals of the account services in the roadmap's words."""

    def handle_exception(self, exc: Exception) -> Response:
        """Answer an AccountError in the status of its reason, an InvalidToken with 401."""
        if isinstance(exc, AccountError):
            return _refusal(exc)
        if isinstance(exc, InvalidToken):
            exc = AuthenticationFailed(TOKEN_UNUSABLE)
        elif isinstance(exc, CodesLocked):
            exc = Throttled(exc.wait_seconds)
        return super().handle_exception(exc)


def _refusal(error: AccountError) -> Response:
    code = STATUSES.get(error.reason, status.HTTP_400_BAD_REQUEST)
    body: dict[str, Any] = {"error": error.message, "code": error.reason.value}
    if code == status.HTTP_401_UNAUTHORIZED:
        body = {"detail": error.message, "code": error.reason.value}
    elif error.fields:
        body["fields"] = list(error.fields)
    body |= error.facts()
    headers = {"WWW-Authenticate": SCHEME} if code == status.HTTP_401_UNAUTHORIZED else None
    return Response(body, status=code, headers=headers)


class OpenView(AccountView):
    """A view that needs no token and is not disturbed by a stale one."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        """Keep a refusal 401: without authenticators the framework would make it 403."""
        return SCHEME


class PrivateView(AccountView):
    """A view of one's own account."""

    permission_classes = (IsAuthenticated,)


class SetUpView(PrivateView):
    """A view on the way to a second factor, open to staff who have yet to set one up."""

    authentication_classes = (AnySessionAuthentication,)


def device_of(request: Request) -> services.Device:
    """Return where a request comes from."""
    return services.Device(request.META.get("HTTP_USER_AGENT", ""), client_address(request))


def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object of a request; the parser lets nothing else through."""
    body: Any = request.data
    return body


def account_of(request: Request) -> Any:
    """Return the account of a request whose view demands one."""
    return request.user


def session_id_of(request: Request) -> str:
    """Return the session a request's token belongs to."""
    claims: Any = request.auth
    return str(claims.session_id)
