"""Who sends this request: `Authorization: Bearer <access token or API key>`, and its session."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.core import clock
from apps.core.api_errors import TOKEN_UNUSABLE, Forbidden
from apps.users import key_scopes, key_services, selectors, tokens
from apps.users.tokens import AccessClaims

SCHEME = "Bearer"


class SecondFactorNeeded(Forbidden):
    """Staff without a second factor, where the site demands one."""

    default_detail = "Staff need a second factor here; set one up first"
    default_code = "second_factor_needed"


class ScopeMissing(Forbidden):
    """An API key that may not do this; the sentence names the scope, or says that none would do."""

    default_detail = "API keys do not open this; log in instead"
    default_code = "scope_missing"

    def __init__(self, scope: str = "") -> None:
        super().__init__(scope_sentence(scope) if scope else None)


def scope_sentence(scope: str) -> str:
    """Return what a key hears that lacks a scope."""
    return f"This API key lacks the scope {scope}"


class SessionTokenAuthentication(BaseAuthentication):
    """`request.user` is the account, `request.auth` its AccessClaims; one query a request.

    No header is an anonymous request. A header that does not lead to a live session of an
    active account is 401, also where anonymous requests are served: a client must learn that
    its token has ended. Where staff must have a second factor, a session of theirs without one
    is 403 everywhere but where `AnySessionAuthentication` stands. An API key is 403 where its
    scopes do not reach; it never works as staff, whoever its owner is.
    """

    lets_only_set_up = False

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, AccessClaims] | None:
        """Return account and claims, None without a header; raises AuthenticationFailed."""
        header: str = request.META.get("HTTP_AUTHORIZATION", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        if scheme.lower() != SCHEME.lower():
            raise AuthenticationFailed(TOKEN_UNUSABLE)
        if key_scopes.is_key(token.strip()):
            return self._by_key(request, token.strip())
        try:
            claims = tokens.read_access(token.strip())
        except tokens.InvalidToken as error:
            raise AuthenticationFailed(TOKEN_UNUSABLE) from error
        session = selectors.live_session(claims, clock.now())
        if session is None:
            raise AuthenticationFailed(TOKEN_UNUSABLE)
        if not self.lets_only_set_up and selectors.may_only_set_up(session):
            raise SecondFactorNeeded
        return session.user, claims

    def _by_key(self, request: Request, text: str) -> tuple[AbstractBaseUser, AccessClaims]:
        key = key_services.use_key(text)
        if key is None:
            raise AuthenticationFailed(TOKEN_UNUSABLE)
        claims = key_services.claims_of_key(key)
        scope = key_scopes.scope_for(request.method or "", request.path_info)
        if not scope or not claims.may(scope):
            raise ScopeMissing(scope)
        if selectors.may_only_set_up(key.session):
            raise SecondFactorNeeded
        user = key.session.user
        user.is_staff = user.is_superuser = False  # of this object: the row is not saved
        return user, claims

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 says in WWW-Authenticate."""
        return SCHEME


class AnySessionAuthentication(SessionTokenAuthentication):
    """For what leads to a second factor, and for logging out."""

    lets_only_set_up = True


def claims_of(request: Request) -> AccessClaims:
    """Return who sent an authenticated request; the view's permissions have let nobody else in."""
    assert isinstance(request.auth, AccessClaims)
    return request.auth


class SessionTokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes it."""

    target_class = SessionTokenAuthentication
    match_subclasses = True
    name = "bearerAuth"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the OpenAPI security scheme."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of POST /api/auth/token/ or /api/user/login/; or "
            "an API key, where an operation has an `x-api-key-scope`.",
        }
