"""Accounts and login sessions: everything that writes them.

Passwords are hashed outside transactions: a hash takes tens of milliseconds, and SQLite has one
writer. Refusals are `rules.AccountError` and `tokens.InvalidToken`; both vocabularies translate
them.
Source: roadmap Phase 1; BidBazaar guide "User Management"; register 31 to 44.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from apps.core import clock, uploads
from apps.users import rules, selectors
from apps.users.models import BusinessAccount, LoginSession, User, UserProfile
from apps.users.rules import AccountError, AccountReason
from apps.users.sessions import (
    UNKNOWN_DEVICE,
    Device,
    forget_ended_sessions,
    issue_socket_ticket,
    log_out,
    log_out_by_refresh,
    log_out_everywhere,
    open_session,
    redeem_socket_ticket,
    refresh_session,
)
from apps.users.tokens import TokenPair

__all__ = [
    "Device",
    "SignedIn",
    "ban_user",
    "change_password",
    "forget_ended_sessions",
    "issue_socket_ticket",
    "log_in",
    "log_out",
    "log_out_by_refresh",
    "log_out_everywhere",
    "put_business",
    "redeem_socket_ticket",
    "refresh_session",
    "register_user",
    "remove_avatar",
    "set_avatar",
    "unban_user",
    "update_profile",
]

AVATAR_FOLDER = "avatars"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user and the tokens of a new session."""

    user: User
    tokens: TokenPair


# --- registration and login -------------------------------------------------------------------


def register_user(
    username: object,
    *,
    email: object,
    password: object,
    full_name: object = None,
    device: Device = UNKNOWN_DEVICE,
) -> SignedIn:
    """Create an account with its profile and sign it in.

    Takes the values as the JSON had them. Refuses in this order: a field missing or blank, a
    value that is no text, name taken, address taken, address invalid, name invalid, password
    too short, full name too long.
    """
    rules.require(username=username, email=email, password=password)
    name, address = rules.username_as_typed(username), rules.email_as_typed(email)
    secret = rules.text(password, "password")
    first_name, last_name = rules.split_full_name(full_name)
    if selectors.username_taken(name):
        raise _taken_username()
    if selectors.email_taken(address):
        raise _taken_email()
    rules.check_email(address)
    rules.check_username(name)
    rules.check_password(secret)
    user = User(
        username=name,
        email=address,
        password=make_password(secret),
        first_name=first_name,
        last_name=last_name,
        date_joined=clock.now(),
    )
    try:
        return _store_new_user(user, device)
    except IntegrityError as error:
        # Somebody registered the same name between the look above and the insert.
        if selectors.username_taken(name):
            raise _taken_username() from error
        raise _taken_email() from error


@transaction.atomic
def _store_new_user(user: User, device: Device) -> SignedIn:
    user.save(force_insert=True)
    UserProfile.objects.create(user=user)
    return SignedIn(user, open_session(user, device))


def _taken_username() -> AccountError:
    return AccountError(AccountReason.USERNAME_TAKEN, "Username already taken", ("username",))


def _taken_email() -> AccountError:
    return AccountError(AccountReason.EMAIL_TAKEN, "Email already taken", ("email",))


def log_in(username: object, *, password: object, device: Device = UNKNOWN_DEVICE) -> SignedIn:
    """Open a session for a name and a password.

    An unknown name, a wrong password, a banned and an inactive account are one and the same
    refusal, and each costs one hash.
    """
    rules.require(username=username, password=password)
    name = rules.username_as_typed(username)
    secret = rules.text(password, "password")
    user = _user_with_password(name, secret) if len(secret) <= rules.PASSWORD_LENGTH_MAX else None
    if user is None or not user.is_active or user.banned_at is not None:
        raise AccountError(AccountReason.INVALID_CREDENTIALS, "Invalid credentials")
    return _store_login(user, device)


def _user_with_password(username: str, password: str) -> User | None:
    user = selectors.user_by_username(username)
    if user is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return None
    return user if user.check_password(password) else None


@transaction.atomic
def _store_login(user: User, device: Device) -> SignedIn:
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
    return SignedIn(user, open_session(user, device))


def change_password(user: User, *, current: object, new: object, session_id: str) -> None:
    """Replace a password; every session but `session_id` ends.

    Raises AccountError when the current password is wrong or the new one unfit.
    """
    rules.require(current_password=current, new_password=new)
    old, secret = rules.text(current, "current_password"), rules.text(new, "new_password")
    if len(old) > rules.PASSWORD_LENGTH_MAX or not check_password(old, user.password):
        raise AccountError(
            AccountReason.INVALID_CREDENTIALS,
            "The current password is wrong",
            ("current_password",),
        )
    rules.check_password(secret, "new_password")
    user.set_password(secret)
    with transaction.atomic():
        kept = LoginSession.objects.filter(pk=session_id, user=user, revoked_at=None)
        was_alive = kept.select_for_update().exists()
        user.save(update_fields=["password"])
        if was_alive:
            LoginSession.objects.filter(pk=session_id).update(revoked_at=None)


# --- profile ----------------------------------------------------------------------------------


@transaction.atomic
def update_profile(user: User, *, changes: Mapping[str, Any]) -> UserProfile:
    """Change what a user tells about themselves; keys absent from `changes` stay as they are.

    Keys: full_name, bio, location, timezone, language; values as ProfileSerializer checked them.
    """
    profile, _ = UserProfile.objects.select_for_update().get_or_create(user=user)
    fields = [name for name in ("bio", "location", "timezone", "language") if name in changes]
    for name in fields:
        setattr(profile, name, changes[name])
    if fields:
        profile.save(update_fields=fields)
    if "full_name" in changes:
        user.first_name, user.last_name = rules.split_full_name(changes["full_name"])
        user.save(update_fields=["first_name", "last_name"])
    profile.user = user
    return profile


@transaction.atomic
def put_business(
    user_id: int, *, company_name: str, tax_id: str, address: str, website: str
) -> tuple[BusinessAccount, bool]:
    """Store the company behind a user whole; returns it, and whether it is new."""
    return BusinessAccount.objects.update_or_create(
        user_id=user_id,
        defaults={
            "company_name": company_name,
            "tax_id": tax_id,
            "address": address,
            "website": website,
        },
    )


def set_avatar(user: User, *, file: IO[bytes]) -> UserProfile:
    """Replace the user's picture; the old files go once the new one is committed."""
    try:
        [stored] = uploads.prepare_images([file])
    except uploads.UploadRefused as refused:
        raise AccountError(AccountReason.IMAGE_REFUSED, str(refused), ("avatar",)) from refused
    with transaction.atomic():
        [image] = uploads.store_prepared([stored], AVATAR_FOLDER)
        return _replace_avatar(user, image.image)


@transaction.atomic
def remove_avatar(user: User) -> UserProfile:
    """Take the user's picture away."""
    return _replace_avatar(user, "")


def _replace_avatar(user: User, path: str) -> UserProfile:
    profile, _ = UserProfile.objects.select_for_update().get_or_create(user=user)
    replaced, profile.avatar = profile.avatar, path
    profile.save(update_fields=["avatar"])
    if replaced:
        transaction.on_commit(lambda: uploads.delete_image(replaced), robust=True)
    profile.user = user
    return profile


# --- conduct ----------------------------------------------------------------------------------


@transaction.atomic
def ban_user(user_id: int, *, reason: str) -> bool:
    """Shut an account out and end its sessions; False when it is unknown or banned already.

    What its bids become is for the bidding service (register 27).
    """
    banned = User.objects.filter(pk=user_id, banned_at=None).update(
        banned_at=clock.now(), banned_reason=reason[:500]
    )
    log_out_everywhere(user_id)
    return bool(banned)


@transaction.atomic
def unban_user(user_id: int) -> bool:
    """Let an account in again; it has to log in anew. False when it was not banned."""
    unbanned = User.objects.filter(pk=user_id, banned_at__isnull=False).update(
        banned_at=None, banned_reason=""
    )
    return bool(unbanned)
