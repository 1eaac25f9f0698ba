"""Accounts and login sessions: everything that writes them.

Passwords are hashed outside transactions: a hash takes tens of milliseconds, and SQLite has one
writer. Refusals are `rules.AccountError` and `tokens.InvalidToken`; both vocabularies translate
them.
Source: roadmap Phase 1; BidBazaar guide "User Management"; register 31 to 44.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from apps.core import clock, uploads
from apps.users import mailbox, one_time, rules, selectors
from apps.users.letters import Kind
from apps.users.models import BusinessAccount, LoginSession, TotpDevice, User, UserProfile
from apps.users.one_time import Purpose
from apps.users.rules import AccountError, AccountReason, SecondFactorRequired
from apps.users.sessions import (
    UNKNOWN_DEVICE,
    Device,
    forget_ended_sessions,
    issue_socket_ticket,
    log_out,
    log_out_by_refresh,
    log_out_everywhere,
    log_out_one,
    log_out_others,
    open_session,
    redeem_socket_ticket,
    refresh_session,
)
from apps.users.tokens import TokenPair

__all__ = [
    "Device",
    "SignedIn",
    "ban_user",
    "change_email",
    "change_password",
    "confirm_identity",
    "forget_ended",
    "forget_ended_sessions",
    "issue_socket_ticket",
    "log_in",
    "log_out",
    "log_out_by_refresh",
    "log_out_everywhere",
    "log_out_one",
    "log_out_others",
    "password_was_replaced",
    "put_business",
    "redeem_socket_ticket",
    "refresh_session",
    "register_user",
    "remove_avatar",
    "set_avatar",
    "store_login",
    "unban_user",
    "update_profile",
]

AVATAR_FOLDER = "avatars"
RECENT_LOGIN = timedelta(minutes=15)  # so long after a login nobody is asked for the password


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
    value that is no text, full name too long, name taken, address taken, address invalid, name
    invalid, password unfit. The address is mailed a link where the site verifies addresses.
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
    rules.check_password(secret, known_names=(name, address))
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
    if settings.EMAIL_VERIFICATION != "off":
        mailbox.order(Kind.VERIFY_EMAIL, user_id=user.pk)
    return SignedIn(user, open_session(user, device))


def _taken_username() -> AccountError:
    return AccountError(AccountReason.USERNAME_TAKEN, "Username already taken", ("username",))


def _taken_email() -> AccountError:
    return AccountError(AccountReason.EMAIL_TAKEN, "Email already taken", ("email",))


def log_in(username: object, *, password: object, device: Device = UNKNOWN_DEVICE) -> SignedIn:
    """Open a session for a name and a password.

    An unknown name, a wrong password, a banned and an inactive account are one and the same
    refusal, and each costs one hash. Where the account asks for a second factor, raises
    SecondFactorRequired instead of opening a session.
    """
    rules.require(username=username, password=password)
    name = rules.username_as_typed(username)
    secret = rules.text(password, "password")
    user = _user_with_password(name, secret) if len(secret) <= rules.PASSWORD_LENGTH_MAX else None
    if user is None or not user.is_active or user.banned_at is not None:
        raise AccountError(AccountReason.INVALID_CREDENTIALS, "Invalid credentials")
    factors = selectors.second_factors_of(user.pk)
    if selectors.asks_for_second_factor(user, factors):
        challenge = one_time.issue(Purpose.SECOND_FACTOR, user_id=user.pk)
        lifetime_seconds = int(one_time.LIFETIMES[Purpose.SECOND_FACTOR].total_seconds())
        raise SecondFactorRequired(challenge, factors.methods, lifetime_seconds)
    return store_login(user, device=device)


def _user_with_password(username: str, password: str) -> User | None:
    user = selectors.user_by_username(username)
    if user is None:
        make_password(password)  # an unknown name takes as long as a wrong password
        return None
    return user if user.check_password(password) else None


@transaction.atomic
def store_login(user: User, *, device: Device, second_factor: bool = False) -> SignedIn:
    """Open a session for somebody who has shown all that the account asks for."""
    user.last_login = clock.now()
    user.save(update_fields=["last_login"])
    return SignedIn(user, open_session(user, device, second_factor=second_factor))


def confirm_identity(user: User, *, password: object, session_id: str) -> None:
    """Make sure that the owner is there, not somebody who found an open page.

    A login within RECENT_LOGIN is proof enough; later the password is. Raises AccountError.
    """
    if password is None or password == "":
        since = clock.now() - RECENT_LOGIN
        if LoginSession.objects.filter(pk=session_id, user=user, created_at__gt=since).exists():
            return
        raise AccountError(
            AccountReason.PASSWORD_REQUIRED,
            "Send your password along: your login was more than 15 minutes ago",
            ("password",),
        )
    _check_present_password(user, rules.text(password, "password"), "password")


def _check_present_password(user: User, password: str, field: str) -> None:
    if len(password) > rules.PASSWORD_LENGTH_MAX or not check_password(password, user.password):
        raise AccountError(
            AccountReason.INVALID_CREDENTIALS, "The current password is wrong", (field,)
        )


def change_password(user: User, *, current: object, new: object, session_id: str) -> None:
    """Replace a password; every session but `session_id` ends.

    Raises AccountError when the current password is wrong or the new one unfit.
    """
    rules.require(current_password=current, new_password=new)
    old, secret = rules.text(current, "current_password"), rules.text(new, "new_password")
    _check_present_password(user, old, "current_password")
    rules.check_password(secret, "new_password", known_names=(user.username, user.email))
    user.set_password(secret)
    with transaction.atomic():
        kept = LoginSession.objects.filter(pk=session_id, user=user, revoked_at=None)
        was_alive = kept.select_for_update().exists()
        user.save(update_fields=["password"])
        if was_alive:
            LoginSession.objects.filter(pk=session_id).update(revoked_at=None)
        password_was_replaced(user.pk)


def password_was_replaced(user_id: int) -> None:
    """Void what hangs on the old password, let codes count again, and tell the owner.

    Whoever locked the codes by guessing knew the old password and no longer gets that far.
    """
    one_time.forget(user_id, Purpose.PASSWORD_RESET, Purpose.SECOND_FACTOR)
    TotpDevice.objects.filter(pk=user_id).update(wrong_count=0, locked_until=None)
    mailbox.order(Kind.PASSWORD_CHANGED, user_id=user_id)


def change_email(user: User, *, email: object, password: object) -> None:
    """Replace the address of an account; the new one has yet to be confirmed.

    The old address is told. Raises AccountError: password wrong, address invalid or taken.
    """
    rules.require(email=email, password=password)
    address = rules.email_as_typed(email)
    rules.check_email(address)
    _check_present_password(user, rules.text(password, "password"), "password")
    former, user.email, user.email_verified_at = user.email, address, None
    try:
        with transaction.atomic():
            user.save(update_fields=["email", "email_verified_at"])
            one_time.forget(user.pk, Purpose.EMAIL, Purpose.PASSWORD_RESET)
            mailbox.order(Kind.EMAIL_CHANGED, user_id=user.pk, email=former)
            if settings.EMAIL_VERIFICATION != "off":
                mailbox.order(Kind.VERIFY_EMAIL, user_id=user.pk)
    except IntegrityError as error:
        raise _taken_email() from error


def forget_ended() -> int:
    """Delete sessions that ended long ago, tickets and secrets that expired; returns the rows."""
    now = clock.now()
    return forget_ended_sessions(now) + one_time.forget_expired(now)


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
