"""Second factors: an authenticator app, recovery codes, and the login that asks for them.

A code counts once: the app's by the time step of the last one used, a recovery code by its row.
Wrong codes of the app lock the app for a while, longer each time, wherever they come from: who
gets as far as a code knows the password. Recovery codes and passkeys are not locked with it.
Source: docs/adr/0008; RFC 6238 section 5.2; ASVS 5.0 V6.5, V6.6.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import choice

from django.db import transaction

from apps.core import clock
from apps.users import mailbox, one_time, rules, sealing, selectors, services, totp
from apps.users.letters import Kind
from apps.users.models import LoginSession, Passkey, RecoveryCode, TotpDevice, User
from apps.users.one_time import Purpose
from apps.users.rules import AccountError, AccountReason, CodesLocked
from apps.users.services import Device, SignedIn

RECOVERY_CODES = 10
RECOVERY_GROUPS = 4  # of four characters: sixteen of 32 letters are 80 bits
RECOVERY_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz"  # without 0 and o, 1 and l
WRONG_IN_A_ROW_MAX = 5  # codes; then the app's codes rest
LOCK_SECONDS = 300  # the first time; doubled each time until a code is right
LOCK_SECONDS_MAX = 24 * 3600  # five guesses a day: a century for one chance in two

_NOT_CODE = re.compile(r"[\s-]")


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """What an authenticator app needs to know; shown once."""

    secret: str
    uri: str
    qr_svg: str


def begin_totp(user: User, *, password: object, session_id: str) -> TotpSetup:
    """Make a secret for an authenticator app; it counts once a code of it was shown.

    Raises AccountError: an app is set up already, identity not confirmed.
    """
    if selectors.second_factors_of(user.pk).totp:
        raise AccountError(
            AccountReason.SECOND_FACTOR_ACTIVE,
            "An authenticator app is set up already; remove it first",
        )
    services.confirm_identity(user, password=password, session_id=session_id)
    secret = totp.new_secret()
    uri = totp.provisioning_uri(secret, user.username)
    with transaction.atomic():
        # A confirmed device, made at this very moment elsewhere, must not be replaced.
        TotpDevice.objects.filter(pk=user.pk, confirmed_at=None).delete()
        TotpDevice.objects.get_or_create(
            user=user,
            defaults={"sealed_secret": sealing.seal(secret), "created_at": clock.now()},
        )
    return TotpSetup(secret, uri, totp.qr_svg(uri))


def confirm_totp(user: User, *, code: object, session_id: str) -> list[str]:
    """Let an app count after its first code; returns new recovery codes, none if there are some.

    The session counts as one with a second factor from now on.
    Raises AccountError: no app waiting, code wrong.
    """
    rules.require(code=code)
    typed = rules.text(code, "code")
    if not _confirm(user.pk, typed, session_id):
        raise _wrong_code()
    if selectors.second_factors_of(user.pk).recovery_code_count:
        return []
    return _store_recovery_codes(user.pk)


@transaction.atomic
def _confirm(user_id: int, code: str, session_id: str) -> bool:
    now = clock.now()
    device = TotpDevice.objects.select_for_update().filter(pk=user_id, confirmed_at=None).first()
    if device is None:
        raise AccountError(
            AccountReason.SECOND_FACTOR_ABSENT,
            "No authenticator app waits for its first code; begin with POST /api/auth/totp/",
        )
    step = _step(device, code, now)
    if step is None:
        return False
    device.confirmed_at, device.last_step = now, step
    device.save(update_fields=["confirmed_at", "last_step"])
    LoginSession.objects.filter(pk=session_id, user_id=user_id).update(second_factor=True)
    mailbox.order(Kind.TOTP_ON, user_id=user_id)
    return True


def remove_totp(user: User, *, code: object, password: object) -> None:
    """Take the authenticator app away, by a code of it, a recovery code or the password.

    Raises AccountError: none set up, neither given, wrong, demanded of staff; CodesLocked.
    """
    if not TotpDevice.objects.filter(pk=user.pk).exists():
        raise AccountError(AccountReason.SECOND_FACTOR_ABSENT, "No authenticator app is set up")
    if code is not None and code != "":
        if not spend_code(user.pk, rules.text(code, "code")):
            raise _wrong_code()
    else:
        rules.require(password=password)
        services.confirm_identity(user, password=password, session_id="")
    with transaction.atomic():
        check_dispensable(user, totp=True)
        TotpDevice.objects.filter(pk=user.pk).delete()
        forget_needless_codes(user.pk)
        mailbox.order(Kind.TOTP_OFF, user_id=user.pk)


def check_dispensable(user: User, *, totp: bool = False, passkeys: int = 0) -> None:
    """Refuse to take away the last second factor of an account that must have one."""
    if not selectors.must_have_second_factor(user):
        return
    now = selectors.second_factors_of(user.pk)
    left = (now.totp and not totp) or now.passkey_count > passkeys
    if now.any and not left:
        raise AccountError(
            AccountReason.SECOND_FACTOR_NEEDED,
            "Staff need a second factor here; set up another one first",
        )


def forget_needless_codes(user_id: int) -> None:
    """Delete recovery codes of an account without a second factor they could stand in for."""
    if not selectors.second_factors_of(user_id).any:
        RecoveryCode.objects.filter(user_id=user_id).delete()


def make_recovery_codes(user: User, *, password: object, session_id: str) -> list[str]:
    """Return ten new recovery codes, shown this once; older ones no longer count.

    Raises AccountError: no second factor to stand in for, identity not confirmed.
    """
    if not selectors.second_factors_of(user.pk).any:
        raise AccountError(
            AccountReason.SECOND_FACTOR_ABSENT,
            "Set up an authenticator app or a passkey first",
        )
    services.confirm_identity(user, password=password, session_id=session_id)
    codes = _store_recovery_codes(user.pk)
    mailbox.order(Kind.RECOVERY_CODES_MADE, user_id=user.pk)
    return codes


def finish_login(challenge: object, *, code: object, device: Device) -> SignedIn:
    """Open the session a password alone did not, for its challenge and a code.

    Raises AccountError: a field missing, challenge spent, expired or unknown, code wrong (five
    of them spend the challenge); CodesLocked.
    """
    rules.require(challenge=challenge, code=code)
    rules.text(challenge, "challenge")
    typed = rules.text(code, "code")
    waiting = one_time.found(challenge, Purpose.SECOND_FACTOR)
    user = waiting.user if waiting is not None else None
    if waiting is None or user is None or not user.is_active or user.banned_at is not None:
        raise _unusable_challenge()
    if not spend_code(user.pk, typed):
        one_time.count_wrong(waiting)
        raise _wrong_code()
    if not one_time.use_up(waiting):
        raise _unusable_challenge()
    return services.store_login(user, device=device, second_factor=True)


def spend_code(user_id: int, code: str) -> bool:
    """Tell whether a code of the app or a recovery code is right, and use it up.

    Raises CodesLocked.
    """
    plain = _NOT_CODE.sub("", code).lower()
    if len(plain) == RECOVERY_GROUPS * 4:
        spent, _ = RecoveryCode.objects.filter(pk=_digest(user_id, plain), user_id=user_id).delete()
        if spent:
            mailbox.order(Kind.RECOVERY_CODE_USED, user_id=user_id)
        return bool(spent)
    return _spend_app_code(user_id, plain)


@transaction.atomic
def _spend_app_code(user_id: int, code: str) -> bool:
    now = clock.now()
    device = (
        TotpDevice.objects.select_for_update()
        .filter(pk=user_id, confirmed_at__isnull=False)
        .first()
    )
    if device is None:
        return False
    if device.locked_until is not None and device.locked_until > now:
        raise CodesLocked((device.locked_until - now).total_seconds())
    step = _step(device, code, now)
    right = step is not None and step > device.last_step
    if right:
        device.last_step, device.wrong_count, device.locked_until = step or 0, 0, None
    else:
        device.wrong_count += 1
        device.locked_until = _locked_until(device.wrong_count, now)
    device.save(update_fields=["last_step", "wrong_count", "locked_until"])
    return right


def _locked_until(wrong_count: int, now: datetime) -> datetime | None:
    rounds, rest = divmod(wrong_count, WRONG_IN_A_ROW_MAX)
    if rest:
        return None
    seconds = min(LOCK_SECONDS * 2 ** min(rounds - 1, 20), LOCK_SECONDS_MAX)
    return now + timedelta(seconds=seconds)


def _step(device: TotpDevice, code: str, now: datetime) -> int | None:
    """Return the time step of a code; None for a wrong one, and where the site's key is gone."""
    try:
        secret = sealing.unseal(device.sealed_secret)
    except sealing.Unsealable:
        return None
    return totp.step_of(code, secret=secret, now=now)


@transaction.atomic
def _store_recovery_codes(user_id: int) -> list[str]:
    codes = list(_fresh_codes())
    RecoveryCode.objects.filter(user_id=user_id).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=user_id, digest=_digest(user_id, code.replace("-", "")))
        for code in codes
    )
    return codes


def _fresh_codes() -> Iterator[str]:
    for _ in range(RECOVERY_CODES):
        letters = [choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_GROUPS * 4)]
        yield "-".join("".join(letters[first : first + 4]) for first in range(0, len(letters), 4))


def _digest(user_id: int, code: str) -> str:
    return sha256(f"recovery:{user_id}:{code}".encode()).hexdigest()


def forget_second_factors(user_id: int) -> bool:
    """Take every second factor of an account away, for somebody who has lost them all.

    For `bidbazaar unlock` alone: no door on the network leads here. Its sessions end. False when
    there was nothing to take away.
    """
    with transaction.atomic():
        had = selectors.second_factors_of(user_id)
        TotpDevice.objects.filter(pk=user_id).delete()
        Passkey.objects.filter(user_id=user_id).delete()
        RecoveryCode.objects.filter(user_id=user_id).delete()
        if had.any:
            services.log_out_everywhere(user_id)
            mailbox.order(Kind.TOTP_OFF, user_id=user_id)
    return had.any


def _wrong_code() -> AccountError:
    return AccountError(
        AccountReason.CODE_INVALID, "This code is wrong or was used before", ("code",)
    )


def _unusable_challenge() -> AccountError:
    return AccountError(AccountReason.CHALLENGE_INVALID, "This login has expired; log in again")
