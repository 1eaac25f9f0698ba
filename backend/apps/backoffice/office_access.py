"""Who may enter Django's admin: administrators, by a login session of ours.

Its cookie names a session and is sent to these pages alone; the session is looked up with every
request, so that a ban, a lost role, a new password or "log out everywhere" ends this as well.
Nothing of Django's own sessions is used. Source: docs/adr/0012.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from apps.core import clock
from apps.users import factor_services, selectors, services
from apps.users.rights import Right, may
from apps.users.rules import AccountError, AccountReason, SecondFactorRequired
from apps.users.services import Device, SignedIn
from apps.users.tokens import AccessClaims, read_access

COOKIE = "bidbazaar_office"
SALT = "backoffice.office"
LIFETIME = timedelta(hours=8)
#: The pages' scripts evaluate expressions in their own markup, so eval stays; scripts from
#: elsewhere and scripts within a page do not run.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
NOT_FOR_YOU = "This account may not enter here"


def is_office(path: str) -> bool:
    """Tell whether a path belongs to Django's admin."""
    return bool(settings.DJANGO_ADMIN_PATH) and path.startswith(settings.DJANGO_ADMIN_PATH)


class OfficeMiddleware:
    """Gives these pages their user, their messages and their policy; touches nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.with_messages = MessageMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        if not is_office(request.path):
            return self.get_response(request)
        request.user = account_of(request)
        response: Any = self.with_messages(request)
        response["Content-Security-Policy"] = POLICY
        return response


def account_of(request: HttpRequest) -> Any:
    """Return the account of a living session of the cookie, else nobody in particular."""
    named = _named_session(request)
    if named is None:
        return AnonymousUser()
    session_id, user_id = named
    now = clock.now()
    claims = AccessClaims(user_id=user_id, session_id=session_id, jti="", expires_at=now)
    session = selectors.live_session(claims, now)
    if session is None or selectors.may_only_set_up(session):
        return AnonymousUser()
    return session.user


def _named_session(request: HttpRequest) -> tuple[str, int] | None:
    try:
        session_id, user_id = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=LIFETIME
        )
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(session_id), int(user_id)


def sign_in(username: str, password: str, code: str, device: Device) -> SignedIn:
    """Open a session for an administrator by all that his account asks for.

    Raises AccountError; an account that is none of an administrator is refused as a whole.
    """
    try:
        signed_in = services.log_in(username, password=password, device=device)
    except SecondFactorRequired as asked:
        signed_in = factor_services.finish_login(asked.challenge, code=code, device=device)
    claims = read_access(signed_in.tokens.access)
    session = selectors.live_session(claims, clock.now())
    is_welcome = session is not None and not selectors.may_only_set_up(session)
    if not is_welcome or not may(signed_in.user, Right.HOUSE):
        services.log_out(claims.session_id)
        raise AccountError(AccountReason.INVALID_CREDENTIALS, NOT_FOR_YOU)
    return signed_in


def let_in(response: HttpResponse, signed_in: SignedIn, *, secure: bool) -> None:
    """Put the cookie of a session into an answer."""
    claims = read_access(signed_in.tokens.access)
    response.set_cookie(
        COOKIE,
        signing.dumps([claims.session_id, claims.user_id], salt=SALT),
        max_age=LIFETIME,
        path=settings.DJANGO_ADMIN_PATH,
        secure=secure,
        httponly=True,
        samesite="Strict",
    )


def show_out(request: HttpRequest, response: HttpResponse) -> None:
    """End the session of the cookie, and take the cookie away."""
    named = _named_session(request)
    if named is not None:
        services.log_out(named[0])
    response.delete_cookie(COOKIE, path=settings.DJANGO_ADMIN_PATH, samesite="Strict")
