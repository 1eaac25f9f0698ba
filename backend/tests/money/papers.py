"""Rows that documents are issued for."""

from apps.core import clock
from apps.payments.models import Escrow, Payment, Sale
from domain.settlement import EscrowState, PaymentStatus, SaleStatus
from tests.factories import AuctionFactory


def paid_sale(
    seller,
    buyer,
    *,
    hammer_minor=1000_00,
    premium_minor=120_00,
    tax_bps=1900,
    tax_minor=212_80,
    title="Walnut writing desk",
    provider="stripe",
):
    """Return the payment of a sale that has been paid; nothing is issued for it yet."""
    now = clock.now()
    auction = AuctionFactory(seller=seller, title=title, ended=True)
    total_minor = hammer_minor + premium_minor + tax_minor
    sale = Sale.objects.create(
        auction=auction,
        seller=seller,
        buyer=buyer,
        currency="USD",
        hammer_minor=hammer_minor,
        premium_minor=premium_minor,
        tax_minor=tax_minor,
        total_minor=total_minor,
        commission_minor=hammer_minor // 10,
        tax_bps=tax_bps,
        tax_name="VAT",
        status=SaleStatus.PAID,
        due_at=now,
        created_at=now,
    )
    return Payment.objects.create(
        sale=sale,
        buyer=buyer,
        method="stripe",
        provider=provider,
        currency="USD",
        amount_minor=total_minor,
        status=PaymentStatus.SUCCEEDED,
        provider_ref=f"pi_{sale.pk}",
        capture_ref=f"ch_{sale.pk}",
        created_at=now,
        expires_at=now,
        paid_at=now,
    )


def hold_of(payment):
    """Return the hold of a payment."""
    return Escrow.objects.create(
        payment=payment,
        seller=payment.sale.seller,
        buyer=payment.buyer,
        currency=payment.currency,
        amount_minor=payment.amount_minor,
        state=EscrowState.HELD,
        held_at=payment.paid_at,
    )
