"""What tests.money.chaos asks from inside the house: python -m tests.money.chaos_inside QUESTION.

Each prints JSON.
"""

import json
import select
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db.models import Q, Sum  # noqa: E402

from apps.auctions.models import Auction, FeeSchedule  # noqa: E402
from apps.core import clock  # noqa: E402
from apps.payments import sales, verify  # noqa: E402
from apps.payments.gateways import gateway_named  # noqa: E402
from apps.payments.models import (  # noqa: E402
    Escrow,
    InboxEvent,
    LedgerAccount,
    Payment,
    PayoutAccount,
    ProviderCall,
    Sale,
)
from apps.users.models import User  # noqa: E402
from domain.settlement import OPEN_CALLS, OPEN_PAYMENTS  # noqa: E402
from tests.cast import sign_in  # noqa: E402

BUYERS = 20
SELLERS = 5
TOGETHER = 200


def migrate() -> Any:
    """Make the tables."""
    call_command("migrate", interactive=False, verbosity=0)


def sell(count: str) -> Any:
    """Make sold auctions; returns what their buyers need to pay."""
    buyers, sellers = (_people("buyer", BUYERS), _people("seller", SELLERS))
    tokens = {user.pk: sign_in(user).access for user in (*buyers, *sellers)}
    for seller in sellers:
        _paid_at(seller)
    FeeSchedule.objects.create(commission_bps=500, premium_tiers=[[0, 1200]], tax_bps=1900)
    now = clock.now()
    rows = [
        Auction(
            seller=sellers[number % SELLERS],
            title=f"Lot {number}",
            closing="timed",
            currency=("USD", "EUR", "JPY")[number % 3],
            starting_minor=100,
            status="ended",
            start_at=now - timedelta(days=7),
            end_at=now,
            original_end_at=now,
            ended_at=now,
            created_at=now,
            updated_at=now,
            sold=True,
            winner=buyers[number % BUYERS],
            price_minor=1000 + number * 7,
            final_minor=1000 + number * 7,
        )
        for number in range(int(count))
    ]
    Auction.objects.bulk_create(rows, batch_size=500)
    while sales.open_sales(TOGETHER, ever=True):
        pass
    return [
        {
            "auction_id": row.auction_id,
            "buyer_token": tokens[row.buyer_id],
            "seller_token": tokens[row.seller_id],
        }
        for row in Sale.objects.order_by("pk")
    ]


def _people(name: str, count: int) -> list[User]:
    return [
        User.objects.create(username=f"{name}{number}", email=f"{name}{number}@example.com")
        for number in range(count)
    ]


def _paid_at(seller: User) -> None:
    account, _ = gateway_named("stripe").open_payout_account(seller.pk, seller.email, "")
    now = clock.now()
    for provider, ref in (("stripe", account), ("paypal", seller.email)):
        PayoutAccount.objects.create(
            user=seller, provider=provider, account_ref=ref, ready=True, created_at=now
        )


def accounts() -> Any:
    """Return the connected accounts, for the provider to open."""
    rows = PayoutAccount.objects.filter(provider="stripe")
    return list(rows.values_list("account_ref", flat=True))


def check() -> Any:
    """Return what the invariants say."""
    return verify.check()


def watch() -> Any:
    """Check again and again until nobody listens any more."""
    found: list[str] = []
    samples = 0
    while not select.select([sys.stdin], [], [], 1)[0]:
        found += verify.check()
        samples += 1
    return {"samples": samples, "differences": found}


def under_way() -> Any:
    """Return how much is still under way."""
    pending = Q(state__endswith="pending")
    left = {
        "payments": Payment.objects.filter(status__in=OPEN_PAYMENTS).count(),
        "holds": Escrow.objects.filter(pending).count(),
        "calls": ProviderCall.objects.filter(status__in=[*OPEN_CALLS, "failed"]).count(),
        "events": InboxEvent.objects.filter(state__in=["waiting", "poison"]).count(),
    }
    return {name: count for name, count in left.items() if count}


def books() -> Any:
    """Return our books, payment by payment."""
    moved = {
        (payment_id, kind): amount
        for payment_id, kind, amount in ProviderCall.objects.filter(status="done")
        .values_list("escrow__payment_id", "kind")
        .annotate(amount=Sum("amount_minor"))
    }
    return [
        {
            "id": row.pk,
            "currency": row.currency,
            "captured": row.amount_minor if row.paid_at else 0,
            "refunded": row.refunded_minor,
            "paid_out": moved.get((row.pk, "transfer"), 0),
            "fee": row.provider_fee_minor,
        }
        for row in Payment.objects.order_by("pk")
    ]


def clearing() -> Any:
    """Return what the ledger says each provider holds: provider, currency, amount."""
    rows = LedgerAccount.objects.filter(name__startswith="psp_clearing:")
    return [
        [row.name.partition(":")[2], row.currency, row.balance_minor] for row in rows.order_by("pk")
    ]


QUESTIONS: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (migrate, sell, accounts, check, watch, under_way, books, clearing)
}

if __name__ == "__main__":
    json.dump(QUESTIONS[sys.argv[1]](*sys.argv[2:]), sys.stdout)
