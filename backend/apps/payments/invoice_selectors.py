"""Reads of invoices."""

from django.db.models import F, QuerySet

from apps.payments.models import Invoice


def invoices_of(user_id: int) -> QuerySet[Invoice]:
    """Return a user's documents, newest first, each with its `auction_id`; contents stay behind."""
    return _shown(Invoice.objects.filter(user_id=user_id)).defer("content").order_by("-pk")


def invoice_for(user_id: int, invoice_id: int, *, is_staff: bool) -> Invoice | None:
    """Return a document its addressee or staff may read."""
    rows = Invoice.objects.all() if is_staff else Invoice.objects.filter(user_id=user_id)
    return _shown(rows).filter(pk=invoice_id).first()


def _shown(rows: QuerySet[Invoice]) -> QuerySet[Invoice]:
    return rows.annotate(auction_id=F("payment__sale__auction_id"))
