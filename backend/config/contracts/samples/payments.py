"""Examples of `/api/payments/`, `/api/escrow/` and `/api/invoices/`."""

from typing import Any

from apps.payments.refusals import MoneyReason
from config.contracts.samples.base import (
    BAD_PAGE_SIZE,
    NO_SUCH_PAGE,
    Sample,
    money_refused,
    page_of,
    said,
)

WAITING: dict[str, Any] = {
    "id": 5,
    "auction_id": 1,
    "auction_title": "Walnut writing desk",
    "amount": 64512,
    "currency": "USD",
    "fees": [
        {"kind": "price", "amount": 48000},
        {"kind": "premium", "amount": 5760},
        {"kind": "tax", "amount": 10752},
    ],
    "payment_method": "stripe",
    "provider": "stripe",
    "play_money": False,
    "status": "requires_action",
    "failure": None,
    "client_secret": "<client secret>",
    "approve_url": "",
    "refunded": 0,
    "created_at": "2026-03-01T10:05:00Z",
    "expires_at": "2026-03-04T10:00:00Z",
    "paid_at": None,
    "escrow_id": None,
    "invoices": [],
}
BY_PAYPAL = {
    **WAITING,
    "payment_method": "paypal",
    "provider": "paypal",
    "client_secret": "",
    "approve_url": "https://www.paypal.com/checkoutnow?token=5O190127TN364715T",
}
PAID = {
    **WAITING,
    "status": "succeeded",
    "client_secret": "",
    "paid_at": "2026-03-01T10:06:30Z",
    "escrow_id": 3,
    "invoices": [{"id": 9, "number": "INV-2026-000123"}],
}
HELD: dict[str, Any] = {
    "id": 3,
    "auction_id": 1,
    "payment_id": 5,
    "amount": 64512,
    "currency": "USD",
    "state": "held",
    "held": 64512,
    "released": 0,
    "refunded": 0,
    "buyer": "grace",
    "seller": "ada",
    "held_at": "2026-03-01T10:06:30Z",
    "release_at": "2026-03-15T10:06:30Z",
    "disputes": [],
}
DISPUTED = {
    **HELD,
    "state": "disputed",
    "release_at": None,
    "disputes": [
        {
            "reason": "not_as_described",
            "description": "The key is missing.",
            "opened_at": "2026-03-05T18:20:00Z",
            "outcome": None,
        }
    ],
}
RELEASING = {
    **HELD,
    "state": "release_pending",
    "held": 0,
    "released": 64512,
    "release_at": None,
}
REFUNDING = {**HELD, "state": "refund_pending", "held": 54512, "refunded": 10000}
SPLITTING = {
    **DISPUTED,
    "state": "split_pending",
    "held": 0,
    "released": 54512,
    "refunded": 10000,
    "disputes": [{**DISPUTED["disputes"][0], "outcome": "split"}],
}
INVOICE = {
    "id": 9,
    "number": "INV-2026-000123",
    "kind": "sale",
    "status": "paid",
    "total": 64512,
    "currency": "USD",
    "issued_at": "2026-03-01T10:06:30Z",
    "auction_id": 1,
    "credit_of": None,
}
STATEMENT = {
    "lines": [
        {
            "date": "2026-03-01T10:06:30Z",
            "what": "Payment received and held",
            "reference": "fund:5",
            "currency": "USD",
            "debit": None,
            "credit": 64512,
            "balance": 64512,
        },
        {
            "date": "2026-03-09T17:40:12Z",
            "what": "Released to the seller",
            "reference": "release:3",
            "currency": "USD",
            "debit": 64512,
            "credit": None,
            "balance": 0,
        },
    ],
    "balances": [{"currency": "USD", "amount": 0}],
    "shortened": False,
}
_LINE = {"detail": "", "quantity": 1, "unit": "lot", "tax_bps": 2000}
CONTENT = {
    "layout": 1,
    "kind": "sale",
    "number": "INV-2026-000123",
    "issued_at": "2026-03-01T10:06:30Z",
    "paid_at": "2026-03-01T10:06:30Z",
    "currency": "USD",
    "play_money": False,
    "drawn_with": "reportlab 5.1.0",
    "issuer": {
        "name": "BidBazaar",
        "address": "1 Market Square\nLondon",
        "tax_id": "GB999999973",
    },
    "recipient": {"name": "Grace Hopper", "address": "New York", "tax_id": ""},
    "seller": {
        "name": "King & Co",
        "address": "12 St James's Square\nLondon",
        "tax_id": "GB123456789",
    },
    "auction": {"id": 1, "title": "Walnut writing desk"},
    "corrects": None,
    "lines": [
        {
            **_LINE,
            "title": "Walnut writing desk",
            "detail": "Hammer price",
            "amount_minor": 4800000,
        },
        {**_LINE, "title": "Buyer's premium", "amount_minor": 576000},
    ],
    "subtotal_minor": 5376000,
    "taxes": [
        {"name": "VAT", "rate_bps": 2000, "base_minor": 5376000, "amount_minor": 1075200},
    ],
    "total_minor": 6451200,
    "payment": {"provider": "stripe", "method": "stripe", "reference": "ch_3Pq"},
}
DOCUMENT = {**INVOICE, "pdf_sha256": "3f5a" * 16, "content": CONTENT}

NOT_FOUND = money_refused(MoneyReason.NOT_FOUND)
NOT_A_PARTY = money_refused(MoneyReason.NOT_A_PARTY)
ALREADY_RELEASED = money_refused(MoneyReason.HOLD_STATE, state="released", wanted="refund_pending")
TOO_MUCH = money_refused(MoneyReason.NOT_ENOUGH_HELD, held_minor=5451200)
_WEBHOOK = Sample(
    sends={"an event": {"id": "evt_1Pq", "type": "payment_intent.succeeded"}},
    answers={
        200: {"stored": {"received": True}},
        400: said("Webhook refused: no signature"),
        503: said("The signature cannot be checked now; send it again"),
    },
)


def _wrong(field: str, problem: str) -> dict[str, Any]:
    return {f"wrong {field}": {"error": f"{field}: {problem}", "fields": [field]}}


SAMPLES = {
    "listPayments": Sample(
        answers={
            200: page_of(PAID, address="/api/payments/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "createPayment": Sample(
        sends={
            "by card": {"auction_id": 1, "payment_method": "stripe"},
            "by PayPal": {"auction_id": 1, "payment_method": "paypal"},
        },
        answers={
            200: {"the one that is open": WAITING, "paid already": PAID},
            201: {"to be confirmed": WAITING, "to be agreed to": BY_PAYPAL},
            400: {
                **money_refused(MoneyReason.NOT_SOLD),
                **money_refused(MoneyReason.LAPSED),
                **_wrong("payment_method", "must be one of: stripe, paypal"),
            },
            403: money_refused(MoneyReason.NOT_THE_BUYER),
            404: said("Auction not found"),
        },
    ),
    "getPayment": Sample(answers={200: {"waits": WAITING, "paid": PAID}, 404: NOT_FOUND}),
    "confirmPayment": Sample(
        sends={"paid at the provider": {}, "play money": {"test_card": "4242424242424242"}},
        answers={
            200: {"paid": PAID, "not yet": {**WAITING, "status": "processing"}},
            400: money_refused(MoneyReason.PAYMENT_OVER, status="expired"),
            402: money_refused(MoneyReason.DECLINED, detail="Your card was declined"),
            404: NOT_FOUND,
            503: money_refused(MoneyReason.PROVIDER_SILENT),
        },
    ),
    "stripeWebhook": _WEBHOOK,
    "payPalWebhook": _WEBHOOK,
    "listEscrow": Sample(
        answers={
            200: page_of(HELD, address="/api/escrow/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "getEscrow": Sample(answers={200: {"held": HELD, "disputed": DISPUTED}, 404: NOT_FOUND}),
    "releaseEscrow": Sample(
        answers={
            200: {"the seller is being paid": RELEASING},
            400: money_refused(MoneyReason.HOLD_STATE, state="disputed", wanted="release_pending"),
            403: NOT_A_PARTY,
            404: NOT_FOUND,
        }
    ),
    "refundEscrow": Sample(
        sends={"all of it": {}, "a part": {"amount": 10000}},
        answers={
            200: {"a part is being given back": REFUNDING},
            400: {**ALREADY_RELEASED, **TOO_MUCH},
            403: NOT_A_PARTY,
            404: NOT_FOUND,
        },
    ),
    "disputeEscrow": Sample(
        sends={
            "not as described": {
                "reason": "not_as_described",
                "description": "The key is missing.",
            }
        },
        answers={
            201: {"disputed": DISPUTED},
            400: {
                **money_refused(MoneyReason.HOLD_STATE, state="released", wanted="disputed"),
                **_wrong(
                    "reason",
                    "must be one of: not_received, not_as_described, damaged, counterfeit, other",
                ),
            },
            403: NOT_A_PARTY,
            404: NOT_FOUND,
        },
    ),
    "resolveEscrow": Sample(
        sends={
            "for the seller": {"outcome": "release"},
            "for the buyer": {"outcome": "refund"},
            "a part to each": {"outcome": "split", "amount": 10000},
        },
        answers={
            200: {"a part to each": SPLITTING},
            400: {
                **money_refused(MoneyReason.HOLD_STATE, state="held", wanted="refund"),
                **TOO_MUCH,
                **_wrong("amount", "the buyer's part; required for split, and for nothing else"),
            },
            403: NOT_A_PARTY,
            404: NOT_FOUND,
        },
    ),
    "getStatement": Sample(
        answers={
            200: {"a buyer's": STATEMENT},
            400: _wrong("as", "must be one of: json, csv"),
            404: NOT_FOUND,
        }
    ),
    "listInvoices": Sample(
        answers={
            200: page_of(INVOICE, address="/api/invoices/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "getInvoice": Sample(answers={200: {"a sale": DOCUMENT}, 404: said("Invoice not found")}),
}
