"""Invoices and credit notes: issued once, numbered without gaps, frozen.

Everything here runs inside the transaction of the caller, the one in which money changed hands:
if that is rolled back, the document and its number are too. A number is counted up in the row of
its series, which stays locked until the commit; a sequence would leave gaps. Play money has
series of its own, so that no number of a real document was ever one of a rehearsal.

`Invoice.content` is the whole document (the database lets nothing of it change, migration 0003),
and the PDF is drawn from it alone:

    layout, kind, number, issued_at, paid_at (or null), currency, play_money, drawn_with
    issuer, recipient, seller (or null)  {name, address, tax_id}
    auction (or null)   {id, title}
    corrects (or null)  {number, issued_at}: of a credit note
    lines               [{title, detail, quantity, unit, amount_minor, tax_bps}]
    subtotal_minor, taxes [{name, rate_bps, base_minor, amount_minor}], total_minor
    payment (or null)   {provider, method, reference}

Amounts are minor units of the currency, instants ISO 8601 in UTC.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from apps.core.wire import instant
from apps.payments.history import advance, began
from apps.payments.invoice_pdf import LAYOUT, draw_invoice, toolkit
from apps.payments.models import Escrow, Invoice, Payment, Subscription
from domain.fees import shares
from domain.settlement import InvoiceStatus

log = logging.getLogger(__name__)

PLAY_MONEY = "sandbox"  # the provider

_COUNT = """
    INSERT INTO payments_documentseries (name, last) VALUES (%s, 1)
    ON CONFLICT (name) DO UPDATE SET last = payments_documentseries.last + 1
    RETURNING last
"""


#: What not every document has.
_ABSENT: dict[str, Any] = {
    "seller": None,
    "auction": None,
    "corrects": None,
    "taxes": [],
    "payment": None,
}


class NotCreditable(ValueError):
    """More than is left of an invoice, nothing, or a credit note of a credit note."""


class AlteredInvoice(RuntimeError):
    """A document is no longer drawn as it was issued, though what draws it is the same.

    Somebody got past the database's guards.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document without a number yet; `content` is what only its kind knows."""

    kind: Invoice.Kind
    source_key: str
    user_id: int
    payment_id: int | None
    currency: str
    total_minor: int
    is_play: bool
    content: dict[str, Any]


def issue_sale_invoice(payment: Payment, *, cause: str, at: datetime) -> Invoice:
    """Bill the buyer of a paid sale: hammer price, premium, tax. Once; later the same one."""
    sale = payment.sale
    auction = sale.auction
    lines = [_line(auction.title, "Hammer price", "lot", sale.hammer_minor, sale.tax_bps)]
    if sale.premium_minor:
        lines += [_line("Buyer's premium", "", "lot", sale.premium_minor, sale.tax_bps)]
    net_minor = sale.hammer_minor + sale.premium_minor
    taxes = [_tax(sale.tax_name, sale.tax_bps, net_minor, sale.tax_minor)] if sale.tax_bps else []
    draft = Draft(
        kind=Invoice.Kind.SALE,
        source_key=f"sale:{sale.pk}",
        user_id=payment.buyer_id,
        payment_id=payment.pk,
        currency=sale.currency,
        total_minor=sale.total_minor,
        is_play=payment.provider == PLAY_MONEY,
        content={
            "recipient": _party(payment.buyer),
            "seller": _public_party(sale.seller),
            "auction": {"id": auction.pk, "title": auction.title},
            "lines": lines,
            "subtotal_minor": net_minor,
            "taxes": taxes,
            "payment": _payment(payment),
        },
    )
    return _issued_and_paid(draft, cause=cause, at=at)


def issue_commission_invoice(
    escrow: Escrow, *, commission_minor: int, cause: str, at: datetime
) -> Invoice:
    """Bill the seller for the commission kept back at the release of a hold; once."""
    auction = escrow.payment.sale.auction
    draft = Draft(
        kind=Invoice.Kind.COMMISSION,
        source_key=f"commission:{escrow.pk}",
        user_id=escrow.seller_id,
        payment_id=escrow.payment_id,
        currency=escrow.currency,
        total_minor=commission_minor,
        is_play=escrow.payment.provider == PLAY_MONEY,
        content={
            "recipient": _party(escrow.seller),
            "auction": {"id": auction.pk, "title": auction.title},
            "lines": [_line("Seller's commission", auction.title, "lot", commission_minor)],
            "subtotal_minor": commission_minor,
        },
    )
    return _issued_and_paid(draft, cause=cause, at=at)


def issue_subscription_invoice(subscription: Subscription, *, cause: str, at: datetime) -> Invoice:
    """Bill a subscriber for the month that ends at `paid_until`, at the price he agreed to; once.

    That instant is set by the caller: a subscription is billed when a period of it was paid.
    """
    until = subscription.paid_until
    assert until is not None, "a paid period has an end"
    price_minor = subscription.price_minor
    line = _line(f"Plan {subscription.plan}", f"Paid until {until:%Y-%m-%d}", "month", price_minor)
    draft = Draft(
        kind=Invoice.Kind.SUBSCRIPTION,
        source_key=f"subscription:{subscription.pk}:{until:%Y-%m-%d}",
        user_id=subscription.user_id,
        payment_id=None,
        currency=subscription.currency,
        total_minor=price_minor,
        is_play=subscription.provider == PLAY_MONEY,
        content={
            "recipient": _party(subscription.user),
            "lines": [line],
            "subtotal_minor": price_minor,
            "payment": {
                "provider": subscription.provider,
                "method": subscription.provider,
                "reference": subscription.provider_ref,
            },
        },
    )
    return _issued_and_paid(draft, cause=cause, at=at)


def issue_credit_note(invoice: Invoice, amount_minor: int, *, cause: str, at: datetime) -> Invoice:
    """Take back (a part of) an invoice; when nothing is left of it, it is void.

    The tax of all its credit notes together is the share of what they take back, to the last
    minor unit. Raises NotCreditable, with nothing written.
    """
    invoice = Invoice.objects.select_for_update().get(pk=invoice.pk)
    earlier = invoice.credit_notes.aggregate(sum=Sum("total_minor"))["sum"] or 0
    left_minor = invoice.total_minor - earlier
    if invoice.kind == Invoice.Kind.CREDIT_NOTE or not 0 < amount_minor <= left_minor:
        raise NotCreditable(f"{amount_minor} of {invoice.number}, of which {left_minor} is left")
    original = invoice.content
    copied = ("recipient", "seller", "auction", "payment")
    draft = Draft(
        kind=Invoice.Kind.CREDIT_NOTE,
        source_key=f"credit:{invoice.pk}:{invoice.credit_notes.count() + 1}",
        user_id=invoice.user_id,
        payment_id=invoice.payment_id,
        currency=invoice.currency,
        total_minor=amount_minor,
        is_play=original["play_money"],
        content={
            **{name: original[name] for name in copied},
            **_credited(original, amount_minor, earlier),
            "corrects": {"number": invoice.number, "issued_at": original["issued_at"]},
        },
    )
    note = _issued(draft, corrects=invoice, cause=cause, at=at)
    if amount_minor == left_minor:
        advance(invoice, InvoiceStatus.VOID, cause=cause, at=at)
    return note


def pdf_of(invoice: Invoice) -> bytes:
    """Return the PDF, the bytes it was issued with; raises AlteredInvoice.

    After an upgrade of what draws it the bytes may differ; the content is the same then.
    """
    body = draw_invoice(invoice.content)
    if hashlib.sha256(body).hexdigest() != invoice.pdf_sha256:
        if invoice.content["drawn_with"] == toolkit():
            log.error("%s is no longer what was issued", invoice.number)
            raise AlteredInvoice(invoice.number)
        log.warning("%s was drawn with %s", invoice.number, invoice.content["drawn_with"])
    return body


# --- issuing ----------------------------------------------------------------------------------


def _issued_and_paid(draft: Draft, *, cause: str, at: datetime) -> Invoice:
    found = Invoice.objects.filter(source_key=draft.source_key).first()
    if found is not None:
        return found
    invoice = _issued(draft, cause=cause, at=at, paid_at=at)
    advance(invoice, InvoiceStatus.PAID, cause=cause, at=at)
    return invoice


def _issued(
    draft: Draft,
    *,
    cause: str,
    at: datetime,
    paid_at: datetime | None = None,
    corrects: Invoice | None = None,
) -> Invoice:
    number = _next_number(_series(draft, at))
    content = {
        **_ABSENT,
        **draft.content,
        "layout": LAYOUT,
        "kind": draft.kind.value,
        "number": number,
        "issued_at": instant(at),
        "paid_at": instant(paid_at),
        "currency": draft.currency,
        "play_money": draft.is_play,
        "issuer": _issuer(),
        "total_minor": draft.total_minor,
        "drawn_with": toolkit(),
    }
    invoice = Invoice.objects.create(
        number=number,
        kind=draft.kind,
        user_id=draft.user_id,
        payment_id=draft.payment_id,
        corrects=corrects,
        source_key=draft.source_key,
        currency=draft.currency,
        total_minor=draft.total_minor,
        content=content,
        pdf_sha256=hashlib.sha256(draw_invoice(content)).hexdigest(),
        status=InvoiceStatus.ISSUED,
        issued_at=at,
    )
    began(invoice, cause=cause, at=at)
    return invoice


def _series(draft: Draft, at: datetime) -> str:
    """Return the name of a series: INV-2026, CN-2026; of play money PLAY-2026, PLAYCN-2026."""
    is_credit = draft.kind is Invoice.Kind.CREDIT_NOTE
    real, play = ("CN", "PLAYCN") if is_credit else ("INV", "PLAY")
    return f"{play if draft.is_play else real}-{at.year}"


def _next_number(series: str) -> str:
    """Return the next number; whoever wants the one after waits until we commit or roll back."""
    if not connection.in_atomic_block:
        raise RuntimeError("a document is issued inside the transaction of what it is for")
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [series])
        (last,) = cursor.fetchone()
    return f"{series}-{last:06d}"


# --- contents ---------------------------------------------------------------------------------


def _line(
    title: str, detail: str, unit: str, amount_minor: int, tax_bps: int = 0
) -> dict[str, Any]:
    return {
        "title": title,
        "detail": detail,
        "quantity": 1,
        "unit": unit,
        "amount_minor": amount_minor,
        "tax_bps": tax_bps,
    }


def _tax(name: str, rate_bps: int, base_minor: int, amount_minor: int) -> dict[str, Any]:
    return {
        "name": name,
        "rate_bps": rate_bps,
        "base_minor": base_minor,
        "amount_minor": amount_minor,
    }


def _credited(original: dict[str, Any], amount_minor: int, earlier_minor: int) -> dict[str, Any]:
    """Return lines, subtotal and taxes of a credit note."""
    names = ("lines", "subtotal_minor", "taxes")
    if amount_minor == original["total_minor"]:
        return {name: original[name] for name in names}
    taxes = original["taxes"]
    weights = [original["subtotal_minor"], *(tax["amount_minor"] for tax in taxes)]
    before, after = shares(earlier_minor, weights), shares(earlier_minor + amount_minor, weights)
    net_minor, *tax_minors = (now - then for now, then in zip(after, before, strict=True))
    rate_bps = taxes[0]["rate_bps"] if taxes else 0
    title = f"Credit on invoice {original['number']}"
    about = original["auction"]["title"] if original["auction"] else original["lines"][0]["title"]
    return {
        "lines": [_line(title, about, "credit", net_minor, rate_bps)],
        "subtotal_minor": net_minor,
        "taxes": [
            {**tax, "base_minor": net_minor, "amount_minor": tax_minor}
            for tax, tax_minor in zip(taxes, tax_minors, strict=True)
        ],
    }


def _issuer() -> dict[str, str]:
    return {
        "name": settings.HOUSE_NAME,
        "address": settings.HOUSE_ADDRESS,
        "tax_id": settings.HOUSE_TAX_ID,
    }


def _party(user: Any) -> dict[str, str]:
    """Return who a document is for: his company, else he himself and where he lives."""
    if getattr(user, "business", None):
        return _public_party(user)
    profile = getattr(user, "profile", None)
    return {
        "name": user.full_name or user.username,
        "address": profile.location if profile else "",
        "tax_id": "",
    }


def _public_party(user: Any) -> dict[str, str]:
    """Return somebody as the other side of a sale sees him: his company, else the user name."""
    business = getattr(user, "business", None)
    if business is None:
        return {"name": user.username, "address": "", "tax_id": ""}
    return {
        "name": business.company_name,
        "address": business.address,
        "tax_id": business.tax_id,
    }


def _payment(payment: Payment) -> dict[str, str]:
    return {
        "provider": payment.provider,
        "method": payment.method,
        "reference": payment.capture_ref or payment.provider_ref,
    }
