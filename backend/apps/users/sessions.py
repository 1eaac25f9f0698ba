"""Login sessions: opened, refreshed, ended, and shown at a socket's door.

A session is a family of tokens (register 34, 35). `apps.users.services` is the front of this
module for other apps. Raises tokens.InvalidToken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from apps.core import clock
from apps.users import selectors, tokens
from apps.users.models import LoginSession, SocketTicket, User
from apps.users.tokens import AccessClaims, InvalidToken, TokenPair

TICKET_BYTES = 32
USER_AGENT_LENGTH_MAX = 200  # as the column


@dataclass(frozen=True, slots=True)
class Device:
    """Where a login came from; shown to the user, never decides anything."""

    user_agent: str = ""
    ip_address: str | None = None


UNKNOWN_DEVICE = Device()


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A new access token; `refresh` is the token to use next (the same one without rotation)."""

    access: str
    refresh: str


def open_session(user: User, device: Device, *, second_factor: bool = False) -> TokenPair:
    """Store a session and return its first tokens; `second_factor`: one was shown for it."""
    now = clock.now()
    session = LoginSession(
        user=user,
        created_at=now,
        last_used_at=now,
        expires_at=now + settings.REFRESH_TOKEN_LIFETIME,
        second_factor=second_factor,
        user_agent=_printable(device.user_agent)[:USER_AGENT_LENGTH_MAX],
        ip_address=device.ip_address,
    )
    pair = tokens.issue_pair(user.pk, str(session.pk), now)
    session.refresh_digest = pair.refresh_digest
    session.save(force_insert=True)
    return pair


def _printable(value: str) -> str:
    return "".join(character for character in value if character.isprintable())


def refresh_session(refresh_token: object, *, rotate: bool) -> Refreshed:
    """Return a new access token for a refresh token; with `rotate` a new refresh token as well.

    A replaced token stays usable, and always yields the same successor, until the successor is
    first used: a lost answer or a second tab costs nobody the session. After that it is dead,
    and whoever presents it ends the whole family, access tokens included.
    Raises InvalidToken.
    """
    if not isinstance(refresh_token, str):
        raise InvalidToken
    claims = tokens.read_refresh(refresh_token)
    refreshed = _refresh(claims, refresh_token, rotate)
    if refreshed is None:  # raised out here: a family's end must be committed
        raise InvalidToken
    return refreshed


@transaction.atomic
def _refresh(claims: AccessClaims, refresh_token: str, rotate: bool) -> Refreshed | None:
    now = clock.now()
    # Locked, or a slow request could write the pair it saw over a newer one.
    session = (
        LoginSession.objects.select_for_update(of=("self",))
        .select_related("user")
        .filter(pk=claims.session_id, user_id=claims.user_id)
        .first()
    )
    if session is None or not _usable(session, now):
        return None
    presented = tokens.digest(claims.jti)
    if presented not in (session.refresh_digest, session.previous_digest):
        session.revoked_at = now
        session.save(update_fields=["revoked_at"])
        return None
    if presented == session.refresh_digest:
        _use_newest(session, claims.jti, now, rotate)
    if not rotate:
        access = tokens.issue_access(
            session.user_id, str(session.pk), now, expires_at_max=session.expires_at
        )
        return Refreshed(access, refresh_token)
    pair = tokens.issue_pair(
        session.user_id,
        str(session.pk),
        now,
        refresh_id=tokens.successor(claims.jti),
        refresh_expires_at=session.expires_at,
    )
    return Refreshed(pair.access, pair.refresh)


def _usable(session: LoginSession, now: datetime) -> bool:
    user = session.user
    return (
        session.revoked_at is None
        and session.expires_at > now
        and user.is_active
        and user.banned_at is None
    )


def _use_newest(session: LoginSession, refresh_id: str, now: datetime, rotate: bool) -> None:
    """Note the use of the newest token: its predecessor dies; with `rotate` it is replaced."""
    session.previous_digest = ""
    session.last_used_at = now
    if rotate:
        session.previous_digest = session.refresh_digest
        session.refresh_digest = tokens.digest(tokens.successor(refresh_id))
        session.expires_at = min(
            now + settings.REFRESH_TOKEN_LIFETIME,
            session.created_at + settings.SESSION_LIFETIME_MAX,
        )
    session.save(update_fields=["previous_digest", "refresh_digest", "last_used_at", "expires_at"])


def log_out(session_id: str) -> bool:
    """End a session: refresh and access tokens alike. False when it had ended before."""
    now = clock.now()
    return bool(
        LoginSession.objects.filter(pk=session_id, revoked_at=None, expires_at__gt=now).update(
            revoked_at=now
        )
    )


def log_out_by_refresh(refresh_token: object) -> None:
    """End the session of a refresh token; raises InvalidToken, also when it had ended before."""
    if not isinstance(refresh_token, str):
        raise InvalidToken
    if not log_out(tokens.read_refresh(refresh_token).session_id):
        raise InvalidToken


def log_out_everywhere(user_id: int) -> int:
    """End every session of a user; returns how many there were."""
    now = clock.now()
    return LoginSession.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=now)


def log_out_others(user_id: int, *, session_id: str) -> int:
    """End every session of a user but one, and no API key; returns how many there were."""
    own = LoginSession.objects.filter(user_id=user_id, revoked_at=None, api_key=None)
    others = own.exclude(pk=session_id)
    return others.filter(expires_at__gt=clock.now()).update(revoked_at=clock.now())


def log_out_one(user_id: int, *, session_id: UUID) -> bool:
    """End one session of a user; False when he has no such session alive."""
    own = LoginSession.objects.filter(pk=session_id, user_id=user_id, api_key=None)
    return own.exists() and log_out(str(session_id))


def forget_ended_sessions(now: datetime) -> int:
    """Delete tickets that have expired and sessions that ended long ago; returns the rows."""
    tickets, _ = SocketTicket.objects.filter(expires_at__lte=now).delete()
    before_at = now - timedelta(days=settings.SESSIONS_KEPT_DAYS)
    ended = Q(expires_at__lte=before_at) | Q(revoked_at__lte=before_at)
    sessions, _ = LoginSession.objects.filter(ended).delete()
    return tickets + sessions


def issue_socket_ticket(session_id: str) -> str:
    """Return a ticket that opens one socket within SOCKET_TICKET_SECONDS."""
    ticket = token_urlsafe(TICKET_BYTES)
    now, session = clock.now(), UUID(session_id)
    SocketTicket.objects.filter(session_id=session, expires_at__lte=now).delete()
    SocketTicket.objects.create(
        digest=_ticket_digest(ticket),
        session_id=session,
        expires_at=now + timedelta(seconds=settings.SOCKET_TICKET_SECONDS),
    )
    return ticket


def redeem_socket_ticket(ticket: object) -> AccessClaims:
    """Return who a ticket was made for and use it up; raises InvalidToken.

    The claims expire with the session: a socket outlives the access token of its ticket.
    """
    if not isinstance(ticket, str) or not ticket.isascii() or len(ticket) > 4 * TICKET_BYTES:
        raise InvalidToken
    digest, now = _ticket_digest(ticket), clock.now()
    found = SocketTicket.objects.select_related("session").filter(pk=digest).first()
    if found is None:
        raise InvalidToken
    # Of two who present it at once, one deletes the row.
    deleted, _ = SocketTicket.objects.filter(pk=digest).delete()
    session = found.session
    claims = AccessClaims(session.user_id, str(session.pk), digest[:32], session.expires_at)
    if not deleted or found.expires_at <= now or selectors.live_session(claims, now) is None:
        raise InvalidToken
    return claims


def _ticket_digest(ticket: str) -> str:
    return sha256(ticket.encode()).hexdigest()
