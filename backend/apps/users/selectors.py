"""Reads of accounts. Every refusal to know somebody is None: doors decide what to say."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from apps.users.models import (
    ApiKey,
    BusinessAccount,
    LoginSession,
    Passkey,
    RecoveryCode,
    RetiredName,
    TotpDevice,
    User,
    UserProfile,
)
from apps.users.tokens import AccessClaims


def live_session(claims: AccessClaims, now: datetime) -> LoginSession | None:
    """Return the session of a token with its user, in one query.

    None when it was revoked, has expired, or its user is inactive, banned or somebody else.
    """
    return (
        _live_sessions(now)
        .select_related("user")
        .filter(pk=claims.session_id, user_id=claims.user_id)
        .first()
    )


def live_session_ids(session_ids: Iterable[str], now: datetime) -> set[str]:
    """Return those of the sessions that still live; for sockets that outlast a request.

    A session that may only set up a second factor is not among them.
    """
    alive = _live_sessions(now).filter(pk__in=list(session_ids))
    if settings.STAFF_SECOND_FACTOR == "required":
        alive = alive.exclude(user__is_staff=True, second_factor=False)
    return {str(pk) for pk in alive.values_list("pk", flat=True)}


def _live_sessions(now: datetime) -> QuerySet[LoginSession]:
    return LoginSession.objects.filter(
        revoked_at=None, expires_at__gt=now, user__is_active=True, user__banned_at=None
    )


def may_only_set_up(session: LoginSession) -> bool:
    """Tell whether a session is a staff member's who has yet to show a second factor in it."""
    return (
        settings.STAFF_SECOND_FACTOR == "required"
        and session.user.is_staff
        and not session.second_factor
    )


def sessions_of(user_id: int, now: datetime) -> QuerySet[LoginSession]:
    """Return a user's living sessions without those of his API keys, the last used first."""
    rows = _live_sessions(now).filter(user_id=user_id, api_key=None)
    return rows.order_by("-last_used_at", "pk")


def keys_of(user_id: int) -> QuerySet[ApiKey]:
    """Return a user's API keys that were not ended, newest first; expired ones too."""
    rows = ApiKey.objects.filter(session__user_id=user_id, session__revoked_at=None)
    return rows.select_related("session").order_by("-pk")


def live_key(digest: str, now: datetime) -> ApiKey | None:
    """Return the key of a digest with its session and account, None unless it is good now."""
    alive = _live_sessions(now).filter(api_key__digest=digest)
    return (
        ApiKey.objects.filter(digest=digest, session__in=alive)
        .select_related("session__user")
        .first()
    )


def user_by_username(username: str) -> User | None:
    """Return an account by its name, whatever the case; inactive and banned ones too."""
    # LOWER on both sides is the index of the unique constraint; iexact would be UPPER.
    return (
        User.objects.alias(folded=Lower("username")).filter(folded=Lower(Value(username))).first()
    )


def username_taken(username: str) -> bool:
    """Tell whether an account has, or one that was deleted had, this name in any case."""
    retired = RetiredName.objects.filter(pk=name_digest(username))
    return user_by_username(username) is not None or retired.exists()


def name_digest(username: str) -> str:
    """Return what is kept of a name that was given up."""
    return sha256(f"name:{username.lower()}".encode()).hexdigest()


def email_taken(email: str) -> bool:
    """Tell whether an account has this address in any case."""
    return User.objects.alias(folded=Lower("email")).filter(folded=Lower(Value(email))).exists()


def public_user(user_id: int) -> User | None:
    """Return an account others may look at, its profile loaded; None for banned and inactive."""
    return (
        User.objects.select_related("profile")
        .filter(pk=user_id, is_active=True, banned_at=None)
        .first()
    )


def profile_of(user: User) -> UserProfile:
    """Return the user's profile; an account made outside registration has an empty one."""
    profile = UserProfile.objects.filter(pk=user.pk).first() or UserProfile(pk=user.pk)
    profile.user = user
    return profile


def business_of(user_id: int) -> BusinessAccount | None:
    """Return the company behind a user."""
    return BusinessAccount.objects.filter(pk=user_id).first()


def user_by_email(email: str) -> User | None:
    """Return an account that may log in by its address, whatever the case."""
    return (
        User.objects.alias(folded=Lower("email"))
        .filter(folded=Lower(Value(email)), is_active=True, banned_at=None)
        .first()
    )


# --- second factors ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """What an account has to show besides its password."""

    totp: bool
    passkey_count: int
    recovery_code_count: int

    @property
    def any(self) -> bool:
        """Tell whether there is one; recovery codes only stand in for one."""
        return self.totp or self.passkey_count > 0

    @property
    def methods(self) -> tuple[str, ...]:
        """Return the ways to finish a login, the usual one first."""
        named = {
            "totp": self.totp,
            "passkey": self.passkey_count,
            "recovery_code": self.recovery_code_count,
        }
        return tuple(name for name, there in named.items() if there)


def second_factors_of(user_id: int) -> SecondFactors:
    """Return what an account has set up."""
    return SecondFactors(
        totp=TotpDevice.objects.filter(pk=user_id, confirmed_at__isnull=False).exists(),
        passkey_count=Passkey.objects.filter(user_id=user_id).count(),
        recovery_code_count=RecoveryCode.objects.filter(user_id=user_id).count(),
    )


def must_have_second_factor(user: User) -> bool:
    """Tell whether this site demands a second factor of this account."""
    return settings.STAFF_SECOND_FACTOR == "required" and user.is_staff


def asks_for_second_factor(user: User, factors: SecondFactors) -> bool:
    """Tell whether a password alone does not open a session.

    A passkey is a way to log in of its own; beside it the password stays good, unless the site
    demands a second factor: then whoever knows the password must not get to set one up.
    """
    return factors.totp or (factors.any and must_have_second_factor(user))


def passkeys_of(user_id: int) -> QuerySet[Passkey]:
    """Return a user's passkeys, the oldest first."""
    return Passkey.objects.filter(user_id=user_id).order_by("created_at", "pk")


def passkey_by_digest(digest: str) -> Passkey | None:
    """Return the passkey of a credential, its user loaded."""
    return Passkey.objects.select_related("user").filter(credential_digest=digest).first()


def may_trade(user: User) -> bool:
    """Tell whether an account may bid and list as far as its address decides it."""
    return settings.EMAIL_VERIFICATION != "required" or user.email_verified_at is not None
