"""Passkeys: a key pair in somebody's device in place of a password.

A login by passkey shows two factors at once, the device and what unlocks it (user verification
is demanded), so it asks for no code. A challenge is used up before its answer is looked at.
Source: docs/adr/0008; W3C Web Authentication Level 3, sections 7.1 and 7.2.
"""

import logging
from typing import Any

from django.db import IntegrityError, transaction

from apps.core import clock
from apps.users import factor_services, mailbox, one_time, passkeys, rules, selectors, services
from apps.users.letters import Kind
from apps.users.models import LoginSession, Passkey, User
from apps.users.one_time import Purpose
from apps.users.passkeys import PasskeyRefused
from apps.users.rules import AccountError, AccountReason
from apps.users.services import Device, SignedIn

log = logging.getLogger(__name__)

PASSKEYS_MAX = 20  # of one account: more is a mistake or a flood
NAME_LENGTH_MAX = 60  # as the column
NAME_DEFAULT = "Passkey"


def begin_passkey(user: User, *, password: object, session_id: str) -> dict[str, Any]:
    """Return the options with which a browser makes a key pair.

    Raises AccountError: too many already, identity not confirmed.
    """
    known = selectors.passkeys_of(user.pk)
    if known.count() >= PASSKEYS_MAX:
        raise _too_many()
    services.confirm_identity(user, password=password, session_id=session_id)
    one_time.forget(user.pk, Purpose.PASSKEY_NEW)
    return passkeys.creation_options(
        one_time.issue(Purpose.PASSKEY_NEW, user_id=user.pk),
        user_id=user.pk,
        username=user.username,
        full_name=user.full_name,
        known=[bytes(row.credential) for row in known],
    )


def add_passkey(user: User, *, name: object, answer: object, session_id: str) -> Passkey:
    """Keep the public half of a key pair a browser made for this account.

    The session counts as one with a second factor from now on.
    Raises AccountError: name unfit, answer not to a challenge of this account, or unsound.
    """
    called = _name(name)
    try:
        challenge = passkeys.challenge_of(answer)
        waiting = one_time.found(challenge, Purpose.PASSKEY_NEW)
        if waiting is None or waiting.user_id != user.pk or not one_time.use_up(waiting):
            raise PasskeyRefused("no such challenge")
        made = passkeys.verify_new(answer, challenge=challenge)
        return _store(user.pk, called, made, session_id)
    except PasskeyRefused as refused:
        log.info("a new passkey was refused: %s", refused)
        raise AccountError(
            AccountReason.PASSKEY_INVALID,
            "This passkey was not accepted; begin again with new options",
            ("credential",),
        ) from refused


def _store(user_id: int, name: str, made: passkeys.NewPasskey, session_id: str) -> Passkey:
    try:
        with transaction.atomic():
            # Those who register at once wait for each other here, so that the limit holds.
            User.objects.select_for_update().get(pk=user_id)
            if selectors.passkeys_of(user_id).count() >= PASSKEYS_MAX:
                raise _too_many()
            row = Passkey.objects.create(
                user_id=user_id,
                name=name,
                credential_digest=made.credential_digest,
                credential=made.credential,
                sign_count=made.sign_count,
                created_at=clock.now(),
            )
            LoginSession.objects.filter(pk=session_id, user_id=user_id).update(second_factor=True)
            mailbox.order(Kind.PASSKEY_ADDED, user_id=user_id)
    except IntegrityError as error:
        raise PasskeyRefused("known already") from error
    return row


def _name(value: object) -> str:
    """Return what a person calls the device."""
    if value is None or value == "":
        return NAME_DEFAULT
    name = " ".join(rules.text(value, "name").split())
    rules.check_line(name, "name")
    if len(name) > NAME_LENGTH_MAX:
        raise AccountError(
            AccountReason.NAME_INVALID,
            f"name must have at most {NAME_LENGTH_MAX} characters",
            ("name",),
        )
    return name or NAME_DEFAULT


def remove_passkey(user: User, *, passkey_id: int, password: object, session_id: str) -> bool:
    """Forget a passkey; False when the account has no such one.

    Raises AccountError: identity not confirmed, demanded of staff.
    """
    mine = selectors.passkeys_of(user.pk).filter(pk=passkey_id)
    if not mine.exists():
        return False
    services.confirm_identity(user, password=password, session_id=session_id)
    with transaction.atomic():
        factor_services.check_dispensable(user, passkeys=1)
        deleted, _ = mine.delete()
        factor_services.forget_needless_codes(user.pk)
        mailbox.order(Kind.PASSKEY_REMOVED, user_id=user.pk)
    return bool(deleted)


def begin_login() -> dict[str, Any]:
    """Return the options with which a browser asks for any passkey of this site."""
    return passkeys.request_options(one_time.issue(Purpose.PASSKEY_LOGIN))


def log_in(answer: object, *, device: Device) -> SignedIn:
    """Open a session for the signature of a passkey.

    Whatever is wrong, a banned account included, is one and the same AccountError.
    """
    try:
        user = _user_of(answer)
    except PasskeyRefused as refused:
        log.info("a login by passkey was refused: %s", refused)
        raise AccountError(
            AccountReason.PASSKEY_INVALID, "This passkey was not accepted; try again"
        ) from refused
    return services.store_login(user, device=device, second_factor=True)


def _user_of(answer: object) -> User:
    challenge = passkeys.challenge_of(answer)
    waiting = one_time.found(challenge, Purpose.PASSKEY_LOGIN)
    if waiting is None or not one_time.use_up(waiting):
        raise PasskeyRefused("no such challenge")
    row = selectors.passkey_by_digest(passkeys.credential_digest_of(answer))
    if row is None:
        raise PasskeyRefused("unknown credential")
    uses = passkeys.verify_login(
        answer, challenge=challenge, credential=bytes(row.credential), user_id=row.user_id
    )
    if not row.user.is_active or row.user.banned_at is not None:
        raise PasskeyRefused("the account is shut")
    # Counters go up in one statement: of a device and its copy, the second to come is refused.
    seen = Passkey.objects.filter(pk=row.pk)
    fresh = seen.filter(sign_count__lt=uses) if uses or row.sign_count else seen
    if not fresh.update(sign_count=uses, last_used_at=clock.now()):
        log.warning("passkey %s of user %s may have been copied", row.pk, row.user_id)
        raise PasskeyRefused("its counter went back")
    return row.user


def _too_many() -> AccountError:
    return AccountError(
        AccountReason.PASSKEYS_TOO_MANY,
        f"An account may have {PASSKEYS_MAX} passkeys; remove one first",
    )
