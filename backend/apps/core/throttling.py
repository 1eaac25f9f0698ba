"""How often a request may be made: settings.RATES, switched off by settings.RATE_LIMITS.

Counts live in the cache and are raised atomically before the work is done, so that a hundred
guesses at once count as a hundred. The window slides: the previous one weighs in with the part
that is still within reach.
"""

import ipaddress
import math
import time
import unicodedata
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

IPV6_PREFIX_BITS = 64  # one household: its hosts may choose any of 2^64 addresses


def client_address(request: Any) -> str | None:
    """Return the address a request came from, None when there is none (a Unix socket).

    With `PROXY_COUNT` n the n-th entry from the end of X-Forwarded-For is what the outermost of
    our own proxies saw; entries before it are whatever the client wrote.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.PROXY_COUNT:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        address = forwarded[-min(settings.PROXY_COUNT, len(forwarded))].strip() or address
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return None


def address_block(request: Any) -> str:
    """Return what counts as one client: an IPv4 address, an IPv6 /64."""
    text = client_address(request)
    if text is None:
        return "local"
    address = ipaddress.ip_address(text)
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, IPV6_PREFIX_BITS), strict=False))
    return text


class RateThrottle(BaseThrottle):
    """At most `settings.RATES[scope]` requests of one identity within a window."""

    scope: str

    def __init__(self) -> None:
        self._counted = ""  # cache key this request was counted under
        self._wait_seconds: float | None = None

    def identity(self, request: Request) -> str | None:
        """Return whose requests are counted together; None counts nothing."""
        raise NotImplementedError

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request; False when there were too many, which then does not count."""
        if not settings.RATE_LIMITS:
            return True
        identity = self.identity(request)
        if identity is None:
            return True
        limit, window_seconds = settings.RATES[self.scope]
        window, elapsed = divmod(time.time(), window_seconds)
        name = f"rate:{self.scope}:{sha256(identity.encode()).hexdigest()}"
        key = f"{name}:{int(window)}"
        previous = cache.get(f"{name}:{int(window) - 1}", 0)
        cache.add(key, 0, timeout=2 * window_seconds)
        count = _raised(key)
        still_in_reach = previous * (1 - elapsed / window_seconds)
        if count + still_in_reach <= limit:
            self._counted = key
            return True
        _lowered(key)
        # Room comes as the previous window slides out, at the latest with the next window.
        surplus = count + still_in_reach - limit
        slides_out = surplus / previous * window_seconds if previous else math.inf
        self._wait_seconds = math.ceil(min(slides_out, window_seconds - elapsed)) or 1
        return False

    def wait(self) -> float | None:
        """Return the seconds after which it is worth trying again."""
        return self._wait_seconds

    def forgive(self) -> None:
        """Take this request out of the count again."""
        if self._counted:
            _lowered(self._counted)
            self._counted = ""


def _raised(key: str) -> int:
    try:
        return cache.incr(key)
    except ValueError:  # expired between add and incr
        return 1


def _lowered(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:  # expired: nothing left to lower
        return


class AddressThrottle(RateThrottle):
    """Counts by address."""

    def identity(self, request: Request) -> str | None:
        """Return the client's address or its /64."""
        return address_block(request)


class UserThrottle(RateThrottle):
    """Counts by account; anonymous requests are not counted."""

    def identity(self, request: Request) -> str | None:
        """Return the account's id."""
        return str(request.user.pk) if request.user.is_authenticated else None


class LoginAccountThrottle(RateThrottle):
    """Guesses at one account from one address: its owner elsewhere is never shut out."""

    scope = "login_account"

    def identity(self, request: Request) -> str | None:
        """Return the name tried, in one spelling, and the address."""
        body: Any = request.data
        username = body.get("username")
        if not isinstance(username, str):
            return None
        folded = unicodedata.normalize("NFKC", username).strip().casefold()
        return f"{folded.encode(errors='replace')!r}@{address_block(request)}"


class LoginAddressThrottle(AddressThrottle):
    """Guesses at any account from one address."""

    scope = "login_address"


class RegisterThrottle(AddressThrottle):
    """New accounts from one address."""

    scope = "register_address"


class RefreshThrottle(AddressThrottle):
    """Refreshes from one address."""

    scope = "refresh_address"


class MailAddressThrottle(AddressThrottle):
    """Mails asked for from one address, for whichever account."""

    scope = "mail_address"


class MailUserThrottle(UserThrottle):
    """Mails one account asks for."""

    scope = "mail_user"


class CodeThrottle(AddressThrottle):
    """Guesses at codes, links and passkeys from one address."""

    scope = "code_address"


class PasskeyThrottle(AddressThrottle):
    """Challenges for passkeys handed out to one address."""

    scope = "passkey_address"


class ConfirmThrottle(UserThrottle):
    """Guesses at one's own password or code: somebody may have found an open page."""

    scope = "confirm_user"


class TicketThrottle(UserThrottle):
    """Socket tickets of one account."""

    scope = "ticket_user"


class PushThrottle(UserThrottle):
    """Browsers one account subscribes."""

    scope = "push_user"


class UploadThrottle(UserThrottle):
    """Uploads of one account."""

    scope = "upload_user"


class ForgivesSuccess(APIView):
    """A view on which only failures count: who knows the password may log in at any rate."""

    def get_throttles(self) -> list[BaseThrottle]:
        """Return this request's throttles, the same ones each time."""
        if not hasattr(self, "_throttles"):
            self._throttles = list(super().get_throttles())
        return self._throttles

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Take a request that went well out of the count."""
        if response.status_code < 400:
            for throttle in getattr(self, "_throttles", []):
                throttle.forgive()
        return super().finalize_response(request, response, *args, **kwargs)


class ForgivesFailure(ForgivesSuccess):
    """A view on which only successes count: a mistyped form costs nobody a registration."""

    def finalize_response(
        self, request: Request, response: Response, *args: Any, **kwargs: Any
    ) -> Response:
        """Take a request that was refused out of the count."""
        if response.status_code >= 400:
            for throttle in getattr(self, "_throttles", []):
                throttle.forgive()
        return APIView.finalize_response(self, request, response, *args, **kwargs)
