"""Who opens a WebSocket, and from which page.

Programs send `Authorization: Bearer <access token>`. Browsers cannot set headers on a socket:
they offer the subprotocols `bidbazaar.v1` and `ticket.<value>`; only the first is ever echoed, so
the ticket appears in no answer. An access token in the query string is read only where
settings.WS_QUERY_TOKEN allows it, because addresses end up in logs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from apps.core.throttling import address_block

SUBPROTOCOL = "bidbazaar.v1"
TICKET_PREFIX = "ticket."
CREDENTIAL_LENGTH_MAX = 4096  # characters

Scope = Mapping[str, Any]


class BadCredentials(Exception):
    """Credentials were sent and are no good; the socket is closed with 4401 and not told why."""


class Kind(StrEnum):
    """What a credential is."""

    TOKEN = "token"  # noqa: S105 - a kind, not a secret
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Credential:
    """Something that may prove who opens the socket."""

    kind: Kind
    value: str


def credential_of(scope: Scope) -> Credential | None:
    """Return the credential of a handshake, None for an anonymous one; raises BadCredentials.

    More than one is refused: which of them should count is not ours to guess.
    """
    found = [*_from_headers(scope), *_from_subprotocols(scope), *_from_query(scope)]
    if not found:
        return None
    if len(found) > 1 or not 0 < len(found[0].value) <= CREDENTIAL_LENGTH_MAX:
        raise BadCredentials
    return found[0]


def accepted_subprotocol(scope: Scope) -> str | None:
    """Return the subprotocol to echo."""
    return SUBPROTOCOL if SUBPROTOCOL in scope.get("subprotocols", ()) else None


def query_of(scope: Scope) -> Mapping[str, Sequence[str]]:
    """Return the query string's values by name."""
    text = scope.get("query_string", b"").decode("latin-1")
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=20)
    except ValueError:  # more fields than any of ours
        return {}


def _headers(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _from_headers(scope: Scope) -> list[Credential]:
    found = []
    for header in _headers(scope, b"authorization"):
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer":
            raise BadCredentials
        found.append(Credential(Kind.TOKEN, token.strip()))
    return found


def _from_subprotocols(scope: Scope) -> list[Credential]:
    return [
        Credential(Kind.TICKET, offered.removeprefix(TICKET_PREFIX))
        for offered in scope.get("subprotocols", ())
        if offered.startswith(TICKET_PREFIX)
    ]


def _from_query(scope: Scope) -> list[Credential]:
    tokens = query_of(scope).get("token", ())
    if tokens and not settings.WS_QUERY_TOKEN:
        raise BadCredentials
    return [Credential(Kind.TOKEN, token) for token in tokens]


def origin_is_allowed(scope: Scope) -> bool:
    """Tell whether the page that opens the socket may.

    A browser always sends Origin: its host must be the one the socket goes to and one of
    ALLOWED_HOSTS, or the origin one of CORS_ALLOWED_ORIGINS. No Origin is a program.
    """
    origins = _headers(scope, b"origin")
    if not origins:
        return True
    if len(origins) > 1:
        return False
    origin = origins[0]
    if origin.lower() in {allowed.lower() for allowed in settings.CORS_ALLOWED_ORIGINS}:
        return True
    try:
        parts = urlsplit(origin)
        host = parts.hostname
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host or parts.path or parts.username:
        return False
    return validate_host(_bracketed(host), settings.ALLOWED_HOSTS) and host in _own_hosts(scope)


def _own_hosts(scope: Scope) -> list[str]:
    hosts = [split_domain_port(host)[0] for host in _headers(scope, b"host")]
    return [host.strip("[]") for host in hosts]


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def address_of(scope: Scope) -> str | None:
    """Return what counts as one client; None for a Unix socket, whose peer has no address."""
    client = scope.get("client")
    forwarded = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    request = SimpleNamespace(
        META={
            "REMOTE_ADDR": client[0] if client else "",
            "HTTP_X_FORWARDED_FOR": b",".join(forwarded).decode("latin-1"),
        }
    )
    block = address_block(request)
    return None if block == "local" else block
