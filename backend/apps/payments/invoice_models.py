"""Documents as rows: gapless numbers, frozen contents."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from domain.settlement import InvoiceStatus


class DocumentSeries(models.Model):
    """The last number given out in a series; counted up inside the issuing transaction."""

    name = models.CharField(max_length=12, primary_key=True)  # "INV-2026", "CN-2026"
    last = models.BigIntegerField(default=0)


class Invoice(models.Model):
    """An invoice or a credit note. `content` is frozen; the PDF is drawn from it alone."""

    class Kind(models.TextChoices):
        """What the document is."""

        SALE = "sale"  # to the buyer: hammer, premium, tax
        COMMISSION = "commission"  # to the seller
        SUBSCRIPTION = "subscription"
        CREDIT_NOTE = "credit_note"

    number = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="invoices")
    payment = models.ForeignKey(
        "payments.Payment", models.PROTECT, null=True, blank=True, related_name="invoices"
    )
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="credit_notes"
    )
    source_key = models.CharField(max_length=80, unique=True)  # what it is for, once: "sale:12"
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()  # of a credit note: what is given back
    content = models.JSONField()
    pdf_sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=[(s.value, s.value) for s in InvoiceStatus])
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="invoice_not_negative"),
        ]
        indexes = [models.Index(fields=["user", "-id"], name="invoice_by_user")]
