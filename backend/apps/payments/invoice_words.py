"""Words and figures of an invoice, from its frozen content. Amounts are minor units."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from domain.money import exponent_of

#: What invoicing.py has frozen; its docstring says what is in it.
Content = Mapping[str, Any]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PROVIDERS = {"stripe": "Stripe", "paypal": "PayPal", "sandbox": "play money"}


def is_credit(content: Content) -> bool:
    """Whether it is a credit note."""
    return bool(content["kind"] == "credit_note")


def title_of(content: Content) -> str:
    """Return what the document calls itself."""
    return "Credit note" if is_credit(content) else "Invoice"


def note_of(content: Content) -> str:
    """Return what has been paid, or is given back, and how."""
    payment = content["payment"]
    means = ""
    if payment:
        means = f"{PROVIDERS[payment['provider']]}, reference {payment['reference']}"
    tax = "" if content["taxes"] else " No tax is charged."
    if is_credit(content):
        way = f" The amount goes back the way it was paid: {means}." if means else ""
        return f"This note reduces invoice {content['corrects']['number']}.{way}"
    if content["kind"] == "commission":
        return f"Kept back from the proceeds of the sale: nothing is left to pay.{tax}"
    when = day_of(content["paid_at"])
    return f"Paid in full on {when}{' with ' + means if means else ''}. Thank you.{tax}"


def day_of(text: str) -> str:
    """Return an instant of the content (ISO 8601, UTC) as a day."""
    day = datetime.fromisoformat(text)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def percent(rate_bps: int) -> str:
    """Return basis points as a percentage; none as a dash."""
    if not rate_bps:
        return "\u2013"
    whole, rest = divmod(rate_bps, 100)
    return f"{whole}{f'.{rest:02}'.rstrip('0') if rest else ''}%"


def amount(amount_minor: int, currency: str) -> str:
    """Return an amount with all decimals of its currency: 12,345.60."""
    decimals = exponent_of(currency)
    whole, rest = divmod(amount_minor, 10**decimals)
    return f"{whole:,}" + (f".{rest:0{decimals}}" if decimals else "")
