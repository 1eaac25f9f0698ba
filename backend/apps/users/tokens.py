"""The one place that writes and reads our JSON Web Tokens.

Pure: no database, so that a socket's event loop may call it. A token that reads well says who
somebody was when it was signed; whether the session still lives is a question for
`selectors.live_session`. Instants are aware UTC; claims hold whole seconds.
Source: BidBazaar guide "Token Format", "Token Management"; register 33 to 36.
"""

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from secrets import token_hex
from typing import Any

import jwt
from django.conf import settings

from apps.core import clock

ALGORITHM = "HS256"
AUDIENCE = "bidbazaar"
ACCESS = "access"
REFRESH = "refresh"
TOKEN_LENGTH_MAX = 4096  # characters; ours have about 330
TOKEN_ID_BYTES = 16
CLOCK_SKEW_SECONDS = 5  # between the machines of one site, for `iat` and `nbf` alone
CACHED_TOKENS_MAX = 4096  # about 4 MB

# {"alg":"HS256","typ":"JWT"}: the only header we write, hence the only one we read. No `alg`,
# `kid`, `jku`, `jwk`, `x5u` or `crit` of somebody else's choice is ever looked at.
_HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
_REQUIRED = ("sub", "sid", "jti", "type", "iat", "exp", "iss", "aud")
_USER_ID = re.compile(r"[1-9][0-9]{0,18}")
_TOKEN_ID = re.compile(r"[0-9a-f]{32}")
_USER_ID_MAX = 2**63 - 1


class InvalidToken(Exception):
    """The text is not a token of ours, or no longer; doors answer 401 and do not say why."""


@dataclass(frozen=True, slots=True)
class AccessClaims:
    """What a token says of its bearer; `request.auth` of an authenticated request."""

    user_id: int
    session_id: str  # LoginSession.id, canonical UUID text
    jti: str
    expires_at: datetime
    scopes: frozenset[str] | None = None  # of an API key; None: all that the account may

    def may(self, scope: str) -> bool:
        """Tell whether the bearer may do what a scope of API keys opens."""
        return self.scopes is None or scope in self.scopes


@dataclass(frozen=True, slots=True)
class TokenPair:
    """An access token, its refresh token, and what the database keeps of the latter."""

    access: str
    refresh: str
    refresh_digest: str


def issue_pair(
    user_id: int,
    session_id: str,
    now: datetime,
    *,
    refresh_id: str = "",
    refresh_expires_at: datetime | None = None,
) -> TokenPair:
    """Sign an access and a refresh token for a session.

    `refresh_id` and `refresh_expires_at` re-issue a refresh token that was handed out before.
    """
    refresh = AccessClaims(
        user_id,
        session_id,
        jti=refresh_id or token_hex(TOKEN_ID_BYTES),
        expires_at=refresh_expires_at or now + settings.REFRESH_TOKEN_LIFETIME,
    )
    return TokenPair(
        access=issue_access(user_id, session_id, now, expires_at_max=refresh.expires_at),
        refresh=_sign(refresh, REFRESH, now),
        refresh_digest=digest(refresh.jti),
    )


def issue_access(user_id: int, session_id: str, now: datetime, *, expires_at_max: datetime) -> str:
    """Sign an access token that does not outlive its session."""
    expires_at = min(now + settings.ACCESS_TOKEN_LIFETIME, expires_at_max)
    claims = AccessClaims(user_id, session_id, token_hex(TOKEN_ID_BYTES), expires_at)
    return _sign(claims, ACCESS, now)


def read_access(token: str) -> AccessClaims:
    """Return the claims of an access token; raises InvalidToken."""
    return _read(token, ACCESS)


def read_refresh(token: str) -> AccessClaims:
    """Return the claims of a refresh token; raises InvalidToken."""
    return _read(token, REFRESH)


def digest(token_id: str) -> str:
    """Return what the database keeps of a refresh token: nothing a thief could present."""
    return sha256(f"digest:{token_id}".encode()).hexdigest()


def successor(refresh_id: str) -> str:
    """Return the id of the refresh token that replaces this one.

    Derived, not drawn: two tabs that refresh at once with the same token get the same successor.
    """
    return sha256(f"successor:{refresh_id}".encode()).hexdigest()[: 2 * TOKEN_ID_BYTES]


def _sign(claims: AccessClaims, kind: str, now: datetime) -> str:
    payload = {
        "sub": str(claims.user_id),
        "sid": claims.session_id,
        "jti": claims.jti,
        "type": kind,
        "iat": int(now.timestamp()),
        "exp": int(claims.expires_at.timestamp()),
        "iss": settings.TOKEN_ISSUER,
        "aud": AUDIENCE,
    }
    return jwt.encode(payload, settings.SECRET_KEY, ALGORITHM)


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token whose signature and shape are right; the clock has not been asked yet."""

    claims: AccessClaims
    kind: str
    not_before: int  # seconds since the epoch
    expires: int


def _read(token: str, kind: str) -> AccessClaims:
    if not isinstance(token, str) or len(token) > TOKEN_LENGTH_MAX:
        raise InvalidToken
    verified = _verified(token, settings.SECRET_KEY, settings.TOKEN_ISSUER)
    now = clock.now().timestamp()
    if verified.kind != kind or verified.expires <= now:
        raise InvalidToken
    if verified.not_before > now + CLOCK_SKEW_SECONDS:
        raise InvalidToken
    return verified.claims


@lru_cache(maxsize=CACHED_TOKENS_MAX)  # holds good signatures only: a refusal is not cached
def _verified(token: str, key: str, issuer: str) -> _Verified:
    if not token.startswith(_HEADER):
        raise InvalidToken
    claims: dict[str, Any] = {}
    for candidate in (key, *settings.SECRET_KEY_FALLBACKS):
        try:
            claims = jwt.decode(
                token,
                candidate,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=issuer,
                options={
                    "require": list(_REQUIRED),
                    "strict_aud": True,
                    # Instants are checked in _read, each time, by our clock.
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
            break
        except jwt.InvalidSignatureError:
            continue
        except (jwt.PyJWTError, ValueError, RecursionError) as error:
            raise InvalidToken from error
    return _checked(claims)


def _checked(claims: Mapping[str, Any]) -> _Verified:
    """Return the claims in their types; raises InvalidToken."""
    user_id, session_id, token_id = (claims.get(name) for name in ("sub", "sid", "jti"))
    issued, expires = claims.get("iat"), claims.get("exp")
    not_before = claims.get("nbf", issued)
    if not (isinstance(user_id, str) and _USER_ID.fullmatch(user_id)):
        raise InvalidToken
    if int(user_id) > _USER_ID_MAX or not _is_session_id(session_id):
        raise InvalidToken
    if not (isinstance(token_id, str) and _TOKEN_ID.fullmatch(token_id)):
        raise InvalidToken
    if not all(type(value) is int for value in (issued, expires, not_before)):
        raise InvalidToken
    try:
        expires_at = datetime.fromtimestamp(expires, UTC)  # type: ignore[arg-type]
    except (OverflowError, ValueError, OSError) as error:
        raise InvalidToken from error
    return _Verified(
        claims=AccessClaims(int(user_id), str(session_id), token_id, expires_at),
        kind=str(claims.get("type")),
        not_before=max(issued, not_before),
        expires=expires,  # type: ignore[arg-type]
    )


def _is_session_id(value: object) -> bool:
    """Tell whether this is a UUID as we write them."""
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value
    except ValueError:
        return False
