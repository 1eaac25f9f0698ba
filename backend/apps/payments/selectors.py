"""Reads of money: one's own payments and holds, and what staff see of all."""

from django.db.models import Q, QuerySet

from apps.payments.models import Escrow, Payment


def payments_of(user_id: int) -> QuerySet[Payment]:
    """Return a buyer's payments, newest first, with what they are shown with."""
    return _shown(Payment.objects.filter(buyer_id=user_id)).order_by("-pk")


def payment_for(user_id: int, payment_id: int, *, is_staff: bool) -> Payment | None:
    """Return a payment its buyer or staff may see."""
    rows = Payment.objects.all() if is_staff else Payment.objects.filter(buyer_id=user_id)
    return _shown(rows).filter(pk=payment_id).first()


def shown_payment(payment_id: int) -> Payment:
    """Return a payment with what it is shown with."""
    return _shown(Payment.objects.all()).get(pk=payment_id)


def _shown(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    return rows.select_related("sale__auction", "escrow").prefetch_related("invoices")


def holds_of(user_id: int) -> QuerySet[Escrow]:
    """Return the held money a user is a party of, newest first."""
    rows = Escrow.objects.filter(Q(buyer_id=user_id) | Q(seller_id=user_id))
    return _shown_holds(rows).order_by("-pk")


def hold_for(user_id: int, escrow_id: int, *, is_staff: bool) -> Escrow | None:
    """Return a hold that a party of it or staff may see."""
    rows = Escrow.objects.all() if is_staff else holds_of(user_id)
    return _shown_holds(rows).filter(pk=escrow_id).first()


def _shown_holds(rows: QuerySet[Escrow]) -> QuerySet[Escrow]:
    return rows.select_related("payment__sale", "buyer", "seller").prefetch_related("disputes")
