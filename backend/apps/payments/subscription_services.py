"""Subscriptions: opened for a seller, settled by what the provider says, looked after.

A row is the mirror of a provider's object. Whatever makes us look (a request, a webhook, the
timer), the object is read and `apply_subscription` settles the row by it; nothing is guessed and
no delta applied. A provider is never called inside a transaction: the row is written first.

To change plans is to subscribe anew: the new subscription is opened beside the old one, and once
the user has agreed to it the old one is cancelled at the provider, for the end of the period
that is paid. Which one that is follows from the rows alone (`is_superseded`), so a crash in
between only delays it. Amounts are minor units, instants aware UTC.
"""

import logging
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from apps.core import clock
from apps.payments import invoicing
from apps.payments.gateways import MethodUnavailable, gateway_for, gateway_named, methods
from apps.payments.history import advance, began
from apps.payments.integrations.base import (
    GatewayError,
    ProviderSubscription,
    SubscriptionRequest,
)
from apps.payments.ledger import Account, AccountKind, Leg, post
from apps.payments.models import Subscription
from apps.payments.refusals import MoneyReason, MoneyRefused
from apps.payments.subscription_selectors import (
    ENTITLED,
    LIVE,
    OPEN,
    is_superseded,
    subscriptions_of,
)
from apps.users.models import User
from domain.money import exponent_of
from domain.plans import FREE, PLANS, Plan
from domain.settlement import SUBSCRIPTION, SubscriptionStatus

log = logging.getLogger(__name__)

RETURN_PAGE = "/settings"

FIRST_LOOK = timedelta(seconds=5)  # after opening: the user may have agreed
LAST_LOOK = timedelta(hours=1)  # between two looks at a checkout nobody comes back to
SECOND_LOOK = timedelta(minutes=1)  # after a change: what was read may have been older than it
AFTER_PERIOD = timedelta(minutes=1)
UNPAID_LOOK = timedelta(hours=1)
DAILY_LOOK = timedelta(days=1)  # webhooks get lost
TRY_AGAIN = timedelta(minutes=5)  # a provider that did not answer

GIVE_UP = timedelta(hours=20)  # of opening a subscription at a silent provider
KEY_LIFETIME = timedelta(minutes=10)
PERIOD_MAX = timedelta(days=45)  # a month, and a payment that was late
SAME_PERIOD = timedelta(days=14)  # a period's end may be told otherwise later on

_S = SubscriptionStatus


# -- requests of users ---------------------------------------------------------------------------


def subscribe(
    user_id: int, plan_name: str, *, method: str = "", request_key: str | None = None
) -> tuple[Subscription, bool]:
    """Open a subscription to a plan of PLANS, or return the user's own to it; (row, created).

    It is the provider's, who asks the user at `approve_url`. A provider that is silent is asked
    again by the worker. Raises MoneyRefused.
    """
    plan = PLANS[plan_name]
    if plan == FREE:
        raise MoneyRefused(MoneyReason.PLAN_IS_FREE)
    provider = _provider_of(method)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user_id)  # one request at a time
        row = _answered(user_id, request_key, plan) or _same_plan(user_id, plan)
        created = row is None
        if row is None:
            row = _begin(user_id, plan, provider, request_key)
    return _opened(row), created


def _provider_of(method: str) -> str:
    try:
        return gateway_for(method or next(iter(methods()), "stripe")).name
    except MethodUnavailable as error:
        raise MoneyRefused(MoneyReason.METHOD_UNAVAILABLE, detail=str(error)) from error


def _answered(user_id: int, key: str | None, plan: Plan) -> Subscription | None:
    """Return what an earlier request with this key made."""
    row = subscriptions_of(user_id).filter(request_key=key).first() if key else None
    if row is not None and row.plan != plan.name:
        raise MoneyRefused(MoneyReason.KEY_REUSED)
    return row


def _same_plan(user_id: int, plan: Plan) -> Subscription | None:
    row = subscriptions_of(user_id).filter(plan=plan.name, status__in=OPEN).order_by("-pk").first()
    if row is not None and (row.cancel_at_period_end or is_superseded(row)):
        ends_at = row.current_period_end
        until = "the end of its period" if ends_at is None else f"{ends_at:%Y-%m-%d}"
        raise MoneyRefused(MoneyReason.PLAN_STILL_PAID, plan=plan.name, until=until)
    return row


def _begin(user_id: int, plan: Plan, provider: str, key: str | None) -> Subscription:
    now = clock.database_now()
    row = Subscription.objects.create(
        user_id=user_id,
        plan=plan.name,
        currency=settings.SITE_CURRENCY,
        price_minor=_price_minor(plan, settings.SITE_CURRENCY),
        provider=provider,
        status=_S.INCOMPLETE,
        request_key=key or "",
        check_at=now + FIRST_LOOK,
        created_at=now,
    )
    began(row, cause=f"request:user:{user_id}", at=now)
    return row


def _price_minor(plan: Plan, currency: str) -> int:
    return plan.price_major * 10 ** exponent_of(currency)


def _opened(row: Subscription) -> Subscription:
    """Make sure the provider knows of a subscription; one that is silent is asked again later."""
    if row.status != _S.INCOMPLETE or row.checkout_ref or row.provider_ref:
        return row
    try:
        return _ask_for(row, cause=f"request:user:{row.user_id}")
    except GatewayError as error:
        if error.permanent:
            raise MoneyRefused(MoneyReason.PROVIDER_REFUSED, detail=str(error)) from error
        log.warning("subscription %s: %s did not answer: %s", row.pk, row.provider, error)
        return row


def _ask_for(row: Subscription, *, cause: str) -> Subscription:
    """Open it at the provider. Raises GatewayError; the row is over if asking again is pointless.

    The key is the same for all who ask at once, and another one after some minutes: under the
    old one Stripe would repeat a 500 for a day. What that may open twice is harmless, for a
    checkout whose address nobody was told is never agreed to.
    """
    # Its instant too: ids begin again where a database does.
    made, age = row.created_at.timestamp(), clock.now() - row.created_at
    request = SubscriptionRequest(
        user_id=row.user_id,
        email=row.user.email,
        plan=row.plan,
        price_minor=row.price_minor,
        currency=row.currency,
        idempotency_key=f"subscribe:{row.pk}:{made:.6f}:{age // KEY_LIFETIME}",
        return_url=settings.SITE_URL + RETURN_PAGE,
    )
    try:
        found = gateway_named(row.provider).open_subscription(request)
    except GatewayError as error:
        if error.permanent:
            give_up(row.pk, cause=cause)
        raise
    return apply_subscription(row.pk, found, cause=cause)


def cancel(user_id: int) -> Subscription:
    """End what a user subscribes to with the period he has paid for; again is no mistake.

    What it has taken the place of ends by itself. Raises MoneyRefused: there is nothing, the
    provider refuses or is silent.
    """
    row = subscriptions_of(user_id).filter(status__in=LIVE).order_by("live_at", "pk").last()
    if row is None:
        raise MoneyRefused(MoneyReason.NO_SUBSCRIPTION)
    if row.cancel_at_period_end:
        return row
    try:
        found = _ended(row)
    except GatewayError as error:
        if error.permanent:
            raise MoneyRefused(MoneyReason.PROVIDER_REFUSED, detail=str(error)) from error
        raise MoneyRefused(MoneyReason.PROVIDER_SILENT) from error
    return apply_subscription(row.pk, found, cause=f"request:user:{row.user_id}")


# -- what the provider says ----------------------------------------------------------------------


def refresh_subscription(row_id: int, *, cause: str) -> Subscription:
    """Settle a row by its provider's object as it is now; raises GatewayError.

    One that another has taken the place of is cancelled instead of read.
    """
    row = Subscription.objects.select_related("user").get(pk=row_id)
    if is_superseded(row):
        found = _ended(row)
    elif row.provider_ref or row.checkout_ref:
        found = _read(row)
    elif clock.now() - row.created_at < GIVE_UP:
        return _ask_for(row, cause=cause)
    else:
        return give_up(row.pk, cause=cause)
    return apply_subscription(row.pk, found, cause=cause)


def _read(row: Subscription) -> ProviderSubscription:
    gateway = gateway_named(row.provider)
    return gateway.read_subscription(ref=row.provider_ref, checkout_ref=row.checkout_ref)


def _ended(row: Subscription) -> ProviderSubscription:
    """Cancel at the provider what is not cancelled; providers refuse to do so twice."""
    found = _read(row)
    if found.status in LIVE and not found.cancel_at_period_end:
        return gateway_named(row.provider).cancel_subscription(row.provider_ref)
    return found


def refresh_by_ref(provider: str, ref: str, *, cause: str) -> bool:
    """Settle whatever row a provider's reference means; False: none of ours. Raises GatewayError.

    `ref` is that of a subscription or of a checkout. The first word of a subscription may come
    before we know its ref: then its user's open checkouts are looked into.
    """
    known = Subscription.objects.filter(provider=provider)
    row_ids = _ids(known.filter(provider_ref=ref)) or _ids(known.filter(checkout_ref=ref))
    if not row_ids:
        waiting = known.filter(status=_S.INCOMPLETE).exclude(checkout_ref="")
        row_ids = _ids(waiting.filter(user_id=_user_of(provider, ref)))
    rows = [refresh_subscription(row_id, cause=cause) for row_id in row_ids]
    return any(ref in (row.provider_ref, row.checkout_ref) for row in rows)


def _user_of(provider: str, ref: str) -> int:
    """Return whose subscription a provider has under a ref; 0: nobody's, or it is none."""
    try:
        return gateway_named(provider).read_subscription(ref=ref, checkout_ref="").user_id or 0
    except GatewayError as error:
        if error.permanent:
            return 0
        raise


def _ids(rows: QuerySet[Subscription]) -> list[int]:
    return list(rows.values_list("pk", flat=True))


def apply_subscription(row_id: int, found: ProviderSubscription, *, cause: str) -> Subscription:
    """Settle a row by the provider's object, under its lock; idempotent.

    An object that is another one's, and an arrow the table does not have, are logged for staff
    and ignored.
    """
    with transaction.atomic():
        row = Subscription.objects.select_for_update().get(pk=row_id)
        now = clock.database_now()
        was, wanted = SubscriptionStatus(row.status), found.status
        if not _is_same(row, found) or (was is not wanted and not SUBSCRIPTION.allows(was, wanted)):
            log.error("subscription %s is %s; ignored: %s", row.pk, row.status, asdict(found))
            row.check_at = None if SUBSCRIPTION.is_final(was) else now + DAILY_LOOK
            row.save()
            return row
        changed = _mirror(row, found, now)
        ledger_key = _book(row, found, cause=cause, at=now)
        row.check_at = _next_look(row, found.status, now, changed=changed or was is not wanted)
        if was is wanted:
            row.save()
        else:
            advance(row, wanted, cause=cause, at=now, ledger_key=ledger_key)
        if wanted in ENTITLED and was not in LIVE:
            _look_at_others(row, now)
    return row


def _is_same(row: Subscription, found: ProviderSubscription) -> bool:
    return (
        row.provider_ref in ("", found.ref)
        and row.checkout_ref in ("", found.checkout_ref or row.checkout_ref)
        and found.user_id in (None, row.user_id)
    )


def _mirror(row: Subscription, found: ProviderSubscription, now: datetime) -> bool:
    """Take over what the provider has; returns whether that is anything new."""
    status = found.status
    before = (row.plan, row.current_period_end, row.cancel_at_period_end)
    row.provider_ref = found.ref or row.provider_ref
    row.checkout_ref = found.checkout_ref or row.checkout_ref
    is_open = status is _S.INCOMPLETE
    row.approve_url = (found.approve_url or row.approve_url) if is_open else ""
    row.current_period_end = found.current_period_end or row.current_period_end
    row.cancel_at_period_end = found.cancel_at_period_end
    row.past_due_at = (row.past_due_at or now) if status is _S.PAST_DUE else None
    if status in LIVE:
        row.live_at = row.live_at or now
        if found.plan != row.plan and found.plan in PLANS:  # changed by staff at the provider
            row.plan = found.plan
            row.price_minor = _price_minor(PLANS[row.plan], row.currency)
    return before != (row.plan, row.current_period_end, row.cancel_at_period_end)


def _book(row: Subscription, found: ProviderSubscription, *, cause: str, at: datetime) -> str:
    """Book the payment of a period, with its invoice; returns the ledger's key, "" for none."""
    if not _is_paid_anew(row, found):
        return ""
    ends_at = row.current_period_end
    assert ends_at is not None, "a paid period has an end"
    if row.paid_until is not None and ends_at > row.paid_until + PERIOD_MAX:
        log.error("subscription %s: periods before %s went unseen", row.pk, ends_at.date())
    key = f"subscription:{row.provider_ref}:{ends_at:%Y-%m-%d}"
    legs = [
        Leg(Account(AccountKind.PSP_CLEARING, row.provider), row.price_minor),
        Leg(Account(AccountKind.SUBSCRIPTION), -row.price_minor),
    ]
    post(key, legs, currency=row.currency, cause=cause, at=at)
    row.paid_until = ends_at
    invoicing.issue_subscription_invoice(row, cause=cause, at=at)
    return key


def _is_paid_anew(row: Subscription, found: ProviderSubscription) -> bool:
    if found.status is not _S.ACTIVE or not found.is_paid or row.current_period_end is None:
        return False
    return row.paid_until is None or row.current_period_end > row.paid_until + SAME_PERIOD


def _next_look(
    row: Subscription, status: SubscriptionStatus, now: datetime, *, changed: bool
) -> datetime | None:
    """Return when to ask again: soon after a change, else rarely; webhooks are only quicker."""
    if SUBSCRIPTION.is_final(status):
        return None
    if status is _S.INCOMPLETE:
        return now + min(max((now - row.created_at) / 4, FIRST_LOOK), LAST_LOOK)
    if changed:
        return now + SECOND_LOOK
    ends_at = row.current_period_end
    if ends_at is not None and ends_at + AFTER_PERIOD > now:
        return min(ends_at + AFTER_PERIOD, now + DAILY_LOOK)
    return now + (UNPAID_LOOK if ends_at is not None else DAILY_LOOK)


def _look_at_others(row: Subscription, now: datetime) -> None:
    """Have the worker look at what this one takes the place of, soon."""
    others = subscriptions_of(row.user_id).exclude(pk=row.pk).filter(status__in=LIVE)
    others.filter(cancel_at_period_end=False).update(check_at=now)


def give_up(row_id: int, *, cause: str) -> Subscription:
    """End a subscription that no provider has opened, or of which nobody ever heard."""
    with transaction.atomic():
        row = Subscription.objects.select_for_update().get(pk=row_id)
        if row.status == _S.INCOMPLETE:
            row.check_at = None
            advance(row, _S.INCOMPLETE_EXPIRED, cause=cause, at=clock.database_now())
    return row


# -- the worker ----------------------------------------------------------------------------------


def look_after_subscriptions(now: datetime, limit: int = 100) -> int:
    """Ask providers about the subscriptions whose time has come; returns how many were settled.

    May run twice at once: each row is claimed by moving its time first.
    """
    settled = 0
    due = Subscription.objects.filter(check_at__lte=now).order_by("check_at", "pk")
    for row_id, check_at in due.values_list("pk", "check_at")[:limit]:
        claimed = Subscription.objects.filter(pk=row_id, check_at=check_at)
        if not claimed.update(check_at=now + TRY_AGAIN):
            continue
        try:
            refresh_subscription(row_id, cause="timer:subscription")
            settled += 1
        except GatewayError as error:
            log.log(
                logging.ERROR if error.permanent else logging.WARNING,
                "subscription %s could not be read: %s",
                row_id,
                error,
            )
    return settled
