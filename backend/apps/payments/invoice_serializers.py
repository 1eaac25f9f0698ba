"""Invoices and credit notes as JSON.

Amounts go out in major units; a frozen content has minor units, as its names say.
"""

from typing import Any

from rest_framework import serializers

from apps.core.fields import CurrencyField, IdField, ShownAmountField
from apps.core.wire import instant
from apps.payments.models import Invoice
from domain.money import to_number
from domain.settlement import InvoiceStatus


def invoice_body(invoice: Any) -> dict[str, Any]:
    """Return a document as a list shows it; `auction_id` comes with the selector's rows."""
    return {
        "id": invoice.pk,
        "number": invoice.number,
        "kind": invoice.kind,
        "status": invoice.status,
        "total": to_number(invoice.total_minor, invoice.currency),
        "currency": invoice.currency,
        "issued_at": instant(invoice.issued_at),
        "auction_id": invoice.auction_id,
        "credit_of": invoice.corrects_id,
    }


def content_body(invoice: Any) -> dict[str, Any]:
    """Return a document with all that its PDF shows."""
    return {
        **invoice_body(invoice),
        "pdf_sha256": invoice.pdf_sha256,
        "content": invoice.content,
    }


class InvoiceSerializer(serializers.Serializer[Any]):
    """An invoice or a credit note."""

    id = IdField()
    number = serializers.CharField(help_text="INV-2026-000123; credit notes CN-, play money PLAY-")
    kind = serializers.ChoiceField(Invoice.Kind.values)
    status = serializers.ChoiceField(
        [status.value for status in InvoiceStatus],
        help_text="`void`: credit notes have taken all of it back",
    )
    total = ShownAmountField(help_text="Of a credit note: what is given back")
    currency = CurrencyField(help_text="ISO 4217")
    issued_at = serializers.DateTimeField()
    auction_id = IdField(allow_null=True)
    credit_of = IdField(allow_null=True, help_text="The invoice a credit note takes back")

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the fields above."""
        return invoice_body(instance)


class PartySerializer(serializers.Serializer[Any]):
    """Somebody on a document."""

    name = serializers.CharField()
    address = serializers.CharField(allow_blank=True, help_text="Lines")
    tax_id = serializers.CharField(allow_blank=True)


class InvoiceAuctionSerializer(serializers.Serializer[Any]):
    """The auction a document is about."""

    id = IdField()
    title = serializers.CharField()


class CorrectedSerializer(serializers.Serializer[Any]):
    """The invoice a credit note takes back."""

    number = serializers.CharField()
    issued_at = serializers.DateTimeField()


class InvoiceLineSerializer(serializers.Serializer[Any]):
    """A line."""

    title = serializers.CharField()
    detail = serializers.CharField(allow_blank=True)
    quantity = serializers.IntegerField()
    unit = serializers.CharField()
    amount_minor = serializers.IntegerField()
    tax_bps = serializers.IntegerField(help_text="1/100 of a per cent")


class InvoiceTaxSerializer(serializers.Serializer[Any]):
    """A tax."""

    name = serializers.CharField()
    rate_bps = serializers.IntegerField()
    base_minor = serializers.IntegerField()
    amount_minor = serializers.IntegerField()


class InvoicePaymentSerializer(serializers.Serializer[Any]):
    """How it was paid."""

    provider = serializers.CharField()
    method = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)


class InvoiceContentSerializer(serializers.Serializer[Any]):
    """All that the PDF shows, frozen when it was issued. Amounts are minor units."""

    layout = serializers.IntegerField()
    kind = serializers.ChoiceField(Invoice.Kind.values)
    number = serializers.CharField()
    issued_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    currency = CurrencyField()
    play_money = serializers.BooleanField()
    drawn_with = serializers.CharField()
    issuer = PartySerializer()
    recipient = PartySerializer()
    seller = PartySerializer(allow_null=True)
    auction = InvoiceAuctionSerializer(allow_null=True)
    corrects = CorrectedSerializer(allow_null=True)
    lines = InvoiceLineSerializer(many=True)
    subtotal_minor = serializers.IntegerField()
    taxes = InvoiceTaxSerializer(many=True)
    total_minor = serializers.IntegerField()
    payment = InvoicePaymentSerializer(allow_null=True)


class InvoiceDetailSerializer(InvoiceSerializer):
    """A document in full."""

    pdf_sha256 = serializers.CharField(help_text="Of the PDF")
    content = InvoiceContentSerializer()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        """Return the fields above."""
        return content_body(instance)
