"""Where sellers are paid: a connected account at Stripe, their own address at PayPal.

Providers are asked outside transactions, and what they say is written in one statement. An
account that cannot be paid to yet is looked at again now and then, more rarely the older it is.
"""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet

from apps.core import clock
from apps.payments.gateways import MethodUnavailable, gateway_for, gateway_named
from apps.payments.integrations.base import GatewayError, PaymentGateway, PayoutState
from apps.payments.models import PayoutAccount
from apps.payments.refusals import MoneyReason, MoneyRefused
from apps.risk.keys import note_key
from apps.users.models import User
from domain.risk.links import KeyKind

log = logging.getLogger(__name__)

RETURN_PAGE = "/settings"
FIRST_LOOK = timedelta(seconds=30)
LAST_LOOK = timedelta(days=1)
#: After this a seller who never finished is not asked about; a webhook or his return still are.
FORGOTTEN = timedelta(days=90)

#: Providers whose sellers need no account of their own.
_WITHOUT_ACCOUNTS = frozenset({"sandbox"})


class OpenedAccount(NamedTuple):
    """A payout account, and where its owner gives his details; "" when none are missing."""

    row: PayoutAccount
    onboarding_url: str
    created: bool


def payout_account(user_id: int, provider: str) -> PayoutAccount | None:
    """Return where a provider pays a seller, ready or not; None: he has not said.

    May be called inside a transaction: only the sandbox, in which everybody has an account, is
    asked for one.
    """
    row = PayoutAccount.objects.filter(user_id=user_id, provider=provider).first()
    if row is None and provider in _WITHOUT_ACCOUNTS:
        account_ref, _ = gateway_named(provider).open_payout_account(user_id, "", "")
        return _written(user_id, provider, account_ref, PayoutState(ready=True)).row
    return row


def payout_accounts_of(user_id: int) -> QuerySet[PayoutAccount]:
    """Return a user's accounts, by provider."""
    return PayoutAccount.objects.filter(user_id=user_id).order_by("provider")


def open_payout_account(user_id: int, method: str, *, email: str = "") -> OpenedAccount:
    """Let a seller be paid by a method, or finish what is missing; `email` is his at PayPal.

    Again for an account that is ready changes nothing, but for another address. Raises
    MoneyRefused: the address is not his, the provider refuses or is silent.
    """
    user = User.objects.get(pk=user_id)
    if method == "paypal":
        _check_address(user, email)
    try:
        gateway = gateway_for(method)
    except MethodUnavailable as error:
        raise MoneyRefused(MoneyReason.METHOD_UNAVAILABLE, detail=str(error)) from error
    known = PayoutAccount.objects.filter(user_id=user_id, provider=gateway.name).first()
    if method == "paypal" and known is not None and known.account_ref != user.email:
        known = None  # another address: it takes the place of the old one
    account_ref, onboarding_url, state = _asked(gateway, user, known)
    written = _written(user_id, gateway.name, account_ref, state)
    return written._replace(onboarding_url="" if state.ready else onboarding_url)


def _check_address(user: User, email: str) -> None:
    """Refuse to pay to an address that has not been shown to be the seller's."""
    if email.casefold() != user.email.casefold():
        raise MoneyRefused(MoneyReason.ADDRESS_NOT_YOURS)
    if user.email_verified_at is None and settings.EMAIL_VERIFICATION != "off":
        raise MoneyRefused(MoneyReason.ADDRESS_UNVERIFIED)


def _asked(
    gateway: PaymentGateway, user: User, known: PayoutAccount | None
) -> tuple[str, str, PayoutState]:
    """Return an account's ref, where to give its details, and how the provider has it."""
    return_url = settings.SITE_URL + RETURN_PAGE
    try:
        # Before a new one is made: its owner may have finished since we last asked.
        if known is not None:
            state = gateway.read_payout_account(known.account_ref)
            if state.ready:
                return known.account_ref, "", state
        account_ref, onboarding_url = gateway.open_payout_account(user.pk, user.email, return_url)
        return account_ref, onboarding_url, gateway.read_payout_account(account_ref)
    except GatewayError as error:
        if error.permanent:
            raise MoneyRefused(MoneyReason.PROVIDER_REFUSED, detail=str(error)) from error
        raise MoneyRefused(MoneyReason.PROVIDER_SILENT) from error


def _written(user_id: int, provider: str, account_ref: str, state: PayoutState) -> OpenedAccount:
    now = clock.now()
    told = {
        "account_ref": account_ref,
        "ready": state.ready,
        "check_at": None if state.ready else now + FIRST_LOOK,
    }
    row, created = PayoutAccount.objects.update_or_create(
        user_id=user_id,
        provider=provider,
        defaults=told,
        create_defaults={**told, "created_at": now},
    )
    _note_payout(row, state, at=now)
    return OpenedAccount(row, "", created)


def _note_payout(row: PayoutAccount, state: PayoutState, *, at: datetime) -> None:
    """Note where money goes: two accounts that are paid to one place are one person."""
    kind = KeyKind.WALLET if row.provider == "paypal" else KeyKind.PAYOUT
    for ref in (row.account_ref.casefold(), *state.bank_refs):
        note_key(row.user_id, kind, f"{row.provider}:{ref}", at=at)


def refresh_account(provider: str, account_ref: str) -> bool:
    """Ask whether a provider pays to an account, and write it; False: it is none of ours.

    Raises GatewayError.
    """
    rows = PayoutAccount.objects.filter(provider=provider, account_ref=account_ref)
    row = rows.first()
    if row is None:
        return False
    state = gateway_named(provider).read_payout_account(account_ref)
    now = clock.now()
    rows.update(ready=state.ready, check_at=None if state.ready else _next_look(row, now))
    for one in rows:
        _note_payout(one, state, at=now)
    return True


def _next_look(row: PayoutAccount, now: datetime) -> datetime | None:
    age = now - row.created_at
    return None if age > FORGOTTEN else now + min(max(age / 4, FIRST_LOOK), LAST_LOOK)


def look_after_accounts(now: datetime, limit: int = 100) -> int:
    """Ask again about accounts that could not be paid to; returns how many were asked about.

    May run twice at once: each row is claimed by moving its time first.
    """
    asked = 0
    due = PayoutAccount.objects.filter(check_at__lte=now).order_by("check_at", "pk")
    for row in due[:limit]:
        claimed = PayoutAccount.objects.filter(pk=row.pk, check_at=row.check_at)
        if not claimed.update(check_at=_next_look(row, now)):
            continue
        try:
            refresh_account(row.provider, row.account_ref)
            asked += 1
        except GatewayError as error:
            log.warning("account %s could not be read: %s", row.pk, error)
    return asked
