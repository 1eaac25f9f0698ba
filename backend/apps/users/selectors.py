"""Reads of accounts. Every refusal to know somebody is None: doors decide what to say."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Lower

from apps.users.models import BusinessAccount, LoginSession, User, UserProfile
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
    """Return those of the sessions that still live; for sockets that outlast a request."""
    alive = _live_sessions(now).filter(pk__in=list(session_ids))
    return {str(pk) for pk in alive.values_list("pk", flat=True)}


def _live_sessions(now: datetime) -> QuerySet[LoginSession]:
    return LoginSession.objects.filter(
        revoked_at=None, expires_at__gt=now, user__is_active=True, user__banned_at=None
    )


def user_by_username(username: str) -> User | None:
    """Return an account by its name, whatever the case; inactive and banned ones too."""
    # LOWER on both sides is the index of the unique constraint; iexact would be UPPER.
    return (
        User.objects.alias(folded=Lower("username")).filter(folded=Lower(Value(username))).first()
    )


def username_taken(username: str) -> bool:
    """Tell whether an account has this name in any case."""
    return user_by_username(username) is not None


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
