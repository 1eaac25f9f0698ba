"""API keys: made, counted as used, taken back.

A key is a login session of its own that no password opened: whatever ends sessions or asks
whether one still lives (a ban, a new password, a socket, a bid's transaction) holds for keys
without knowing them. Raises AccountError.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.db import transaction

from apps.core import clock
from apps.users import mailbox, rules, selectors, services
from apps.users.key_scopes import KEY_PREFIX, in_order
from apps.users.letters import Kind
from apps.users.models import ApiKey, LoginSession, User
from apps.users.rules import AccountError, AccountReason
from apps.users.tokens import AccessClaims, digest

KEY_BYTES = 32
HINT_LENGTH = len(KEY_PREFIX) + 6  # of a key, shown so that its owner knows it again
KEYS_MAX = 20  # of one account
LIFETIME = timedelta(days=365)  # unless another is asked for
LIFETIME_MAX = timedelta(days=2 * 366)
NAME_LENGTH_MAX = 60
USED_AGAIN = timedelta(minutes=1)  # so exact is `last_used_at`


def create_key(
    user: User,
    *,
    name: object,
    scopes: Sequence[str],
    expires_at: datetime | None,
    password: object,
    session_id: str,
) -> tuple[ApiKey, str]:
    """Make a key; returns it and its text, which nobody is shown again.

    Raises AccountError: password needed or wrong, name unfit, end not ahead or too far, too many.
    """
    services.confirm_identity(user, password=password, session_id=session_id)
    called = _name(name)
    now = clock.now()
    ends_at = now + LIFETIME if expires_at is None else expires_at
    if not now < ends_at <= now + LIFETIME_MAX:
        raise AccountError(
            AccountReason.KEY_LIFETIME,
            f"expires_at must lie ahead, at most {LIFETIME_MAX.days} days",
            ("expires_at",),
        )
    text = KEY_PREFIX + token_urlsafe(KEY_BYTES)
    return _store(user, called, in_order(scopes), ends_at, text, session_id), text


def _name(value: object) -> str:
    rules.require(name=value)
    name = " ".join(rules.text(value, "name").split())
    rules.check_line(name, "name")
    if len(name) > NAME_LENGTH_MAX:
        raise AccountError(
            AccountReason.NAME_INVALID,
            f"name must have at most {NAME_LENGTH_MAX} characters",
            ("name",),
        )
    return name


@transaction.atomic
def _store(
    user: User, name: str, scopes: list[str], ends_at: datetime, text: str, session_id: str
) -> ApiKey:
    User.objects.select_for_update().get(pk=user.pk)  # or two at once could be one too many
    now = clock.now()
    if selectors.keys_of(user.pk).count() >= KEYS_MAX:
        raise AccountError(
            AccountReason.KEYS_TOO_MANY, f"An account may have at most {KEYS_MAX} API keys"
        )
    shown = LoginSession.objects.filter(pk=session_id).values_list("second_factor", flat=True)
    session = LoginSession.objects.create(
        user=user,
        created_at=now,
        last_used_at=now,
        expires_at=ends_at,
        second_factor=bool(shown.first()),
    )
    mailbox.order(Kind.API_KEY_MADE, user_id=user.pk)
    return ApiKey.objects.create(
        session=session, name=name, digest=digest(text), hint=text[:HINT_LENGTH], scopes=scopes
    )


def delete_key(user_id: int, key_id: int) -> bool:
    """Take a key back, at once; False when the account has no such key."""
    deleted, _ = LoginSession.objects.filter(user_id=user_id, api_key__pk=key_id).delete()
    return bool(deleted)


def use_key(text: str) -> ApiKey | None:
    """Return a key that is good now, its session and account loaded, and note that it was used."""
    now = clock.now()
    key = selectors.live_key(digest(text), now)
    if key is not None and (not key.used or now - key.session.last_used_at >= USED_AGAIN):
        LoginSession.objects.filter(pk=key.session_id).update(last_used_at=now)
        ApiKey.objects.filter(pk=key.pk, used=False).update(used=True)
    return key


def claims_of_key(key: ApiKey) -> AccessClaims:
    """Return who bears a key, as a token would say it."""
    session = key.session
    return AccessClaims(
        session.user_id,
        str(session.pk),
        jti=key.digest[:32],
        expires_at=session.expires_at,
        scopes=frozenset(key.scopes),
    )


def claims_by_key(text: str) -> AccessClaims | None:
    """Return who bears a key that is good now; for doors that load no account."""
    key = use_key(text)
    return None if key is None else claims_of_key(key)
