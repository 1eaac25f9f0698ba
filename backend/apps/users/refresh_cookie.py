"""Keep the refresh token where no script can read it: an HttpOnly cookie, for pages of this origin.

A client asks for it with `X-Refresh-Cookie: 1` at any door that opens or renews a session. Another
site cannot: a browser sends the header across origins only after a preflight, which never allows
it; the cookie is SameSite=Strict; and an `Origin` or `Sec-Fetch-Site` of elsewhere is refused.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api_errors import Forbidden


class OfAnotherSite(Forbidden):
    """A page of another origin may not use this origin's cookie."""

    default_detail = "The refresh cookie is for pages of this site"
    default_code = "cross_site"


class KeepsRefreshInCookie:
    """A view whose answer has `refresh`, or that ends what the cookie holds."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what another site's page asks for."""
        if is_asked_for(request) and not _is_of_this_site(request):
            raise OfAnotherSite
        super().initial(request, *args, **kwargs)  # type: ignore[misc]

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Move a token into the cookie; forget one that was refused or ended."""
        if is_asked_for(request):
            body = response.data if isinstance(response.data, dict) else {}
            token = body.pop("refresh", None)
            if token is not None:
                _set(request, response, token)
            elif response.status_code in (200, 401) and cookie_of(request):
                response.delete_cookie(_name(request), samesite="Strict")
        final: Response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        return final


def is_asked_for(request: Request) -> bool:
    """Tell whether the client keeps its refresh token in the cookie."""
    return bool(request.META.get("HTTP_X_REFRESH_COOKIE") == "1")


def cookie_of(request: Request) -> str:
    """Return the token of the cookie, or nothing."""
    return request.COOKIES.get(_name(request), "") if is_asked_for(request) else ""


def _set(request: Request, response: Response, token: str) -> None:
    response.set_cookie(
        _name(request),
        token,
        max_age=int(settings.REFRESH_TOKEN_LIFETIME.total_seconds()),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )


def _name(request: Request) -> str:
    # The prefix binds the cookie to this very host; browsers take it over HTTPS alone.
    return "__Host-refresh" if request.is_secure() else "refresh"


def _is_of_this_site(request: Request) -> bool:
    origin = request.META.get("HTTP_ORIGIN")
    if origin is not None and urlsplit(origin).netloc != request.get_host():
        return False
    return request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") in ("same-origin", "none")
