"""The fake's books against what its own APIs show, after a long random life."""

import random
from collections import Counter
from typing import Any

import httpx
import stripe

from tests.fakepay.client import Fakepay, running_fakepay
from tests.fakepay.sellers import paypal_client, paypal_order, seller_account, stripe_client

OPERATIONS = 300


class Life:
    """Random operations on both providers; what is refused is counted and is no error."""

    def __init__(self, fakepay: Fakepay, seed: int) -> None:
        self.dice = random.Random(seed)
        self.fakepay = fakepay
        self.stripe = stripe_client(fakepay)
        self.paypal = paypal_client(fakepay)
        self.sellers = [seller_account(self.stripe, fakepay) for _ in range(3)]
        self.charges: list[Any] = []
        self.captures: list[str] = []
        self.done: Counter[str] = Counter()

    def step(self, number: int) -> None:
        """Do one thing."""
        acts = [
            self.charge,
            self.refund,
            self.transfer,
            self.reverse,
            self.dispute,
            self.capture,
            self.give_back,
            self.pay_out,
            self.case,
        ]
        act = self.dice.choice(acts) if number > 20 else acts[number % 2 * 5]
        try:
            act(number)
        except (stripe.StripeError, AssertionError, httpx.HTTPStatusError):
            self.done[f"{act.__name__} refused"] += 1
        else:
            self.done[act.__name__] += 1

    def charge(self, number: int) -> None:
        """Sell for a card, of which some are declined and some disputed."""
        cards = ("visa", "visa", "chargeDeclined", "createDispute", "refundFail")
        intent: Any = self.stripe.v1.payment_intents.create(
            {
                "amount": self.dice.randint(50, 90_000),
                "currency": self.dice.choice(("usd", "eur")),
                "payment_method": f"pm_card_{self.dice.choice(cards)}",
                "confirm": True,
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                "metadata": {"payment_id": f"p{number}"},
                "expand": ["latest_charge"],
            }
        )
        self.charges.append(intent.latest_charge)

    def refund(self, number: int) -> None:
        """Give some of a charge back."""
        charge = self.dice.choice(self.charges)
        self.stripe.v1.refunds.create(
            {"charge": charge.id, "amount": self.dice.randint(1, charge.amount)}
        )

    def transfer(self, number: int) -> None:
        """Pay a seller from a charge."""
        charge = self.dice.choice(self.charges)
        self.stripe.v1.transfers.create(
            {
                "amount": self.dice.randint(1, charge.amount),
                "currency": charge.currency,
                "destination": self.dice.choice(self.sellers),
                "source_transaction": charge.id,
            }
        )

    def reverse(self, number: int) -> None:
        """Take some of a transfer back."""
        transfer = self.dice.choice(self.stripe.v1.transfers.list({"limit": 100}).data)
        amount_minor = self.dice.randint(1, transfer.amount)
        self.stripe.v1.transfers.reversals.create(transfer.id, {"amount": amount_minor})

    def dispute(self, number: int) -> None:
        """Open a dispute, and decide it or not."""
        opened = self.fakepay.control.dispute(self.dice.choice(self.charges).id)
        verdict = self.dice.choice(("won", "lost", None))
        if verdict is not None:
            self.fakepay.control.resolve(opened["id"], verdict)

    def capture(self, number: int) -> None:
        """Sell for PayPal."""
        value = f"{self.dice.randint(1, 900)}.{self.dice.randint(0, 99):02d}"
        order = paypal_order(self.paypal, self.fakepay, value, f"o{number}")
        answer = self.paypal.post(f"/v2/checkout/orders/{order}/capture", json={})
        units = answer.raise_for_status().json()["purchase_units"]
        self.captures.append(units[0]["payments"]["captures"][0]["id"])

    def give_back(self, number: int) -> None:
        """Give some of a capture back."""
        amount = {"currency_code": "USD", "value": f"{self.dice.randint(1, 400)}.00"}
        path = f"/v2/payments/captures/{self.dice.choice(self.captures)}/refund"
        self.paypal.post(path, json={"amount": amount}).raise_for_status()

    def pay_out(self, number: int) -> None:
        """Pay a seller by PayPal, who may not claim it."""
        receiver = f"seller{number}@example.com"
        outcome = self.dice.choice(("SUCCESS", "UNCLAIMED", "RETURNED", "FAILED"))
        self.fakepay.control.receiver(receiver, outcome)
        self.paypal.post(
            "/v1/payments/payouts",
            json={
                "sender_batch_header": {"sender_batch_id": f"b{number}"},
                "items": [
                    {
                        "receiver": receiver,
                        "sender_item_id": f"s{number}",
                        "amount": {
                            "value": f"{self.dice.randint(1, 300)}.50",
                            "currency": "USD",
                        },
                    }
                ],
            },
        ).raise_for_status()

    def case(self, number: int) -> None:
        """Open a PayPal case, and decide it or not."""
        opened = self.fakepay.control.paypal_dispute(self.dice.choice(self.captures))
        verdict = self.dice.choice(("won", "lost", None))
        if verdict is not None:
            self.fakepay.control.paypal_resolve(opened["dispute_id"], verdict)


def test_books_balance_after_three_hundred_random_operations():
    with running_fakepay() as fakepay:
        life = Life(fakepay, seed=20260101)
        for number in range(OPERATIONS):
            life.step(number)
        books = fakepay.control.books()

        assert set(books["sums"].values()) == {0}
        assert len(life.done) >= 14, f"hardly anything happened: {life.done}"
        shown = life.stripe.v1.balance.retrieve()
        for currency in ("usd", "eur"):
            nets = sum(
                one.net
                for one in life.stripe.v1.balance_transactions.list(
                    {"limit": 100, "currency": currency}
                ).auto_paging_iter()
            )
            parts = [
                one.amount for one in [*shown.available, *shown.pending] if one.currency == currency
            ]
            assert books["balances"]["stripe:platform"][currency] == nets == sum(parts)
        for charge in life.charges:
            totals = books["payments"][charge.metadata["payment_id"]][charge.currency]
            now = life.stripe.v1.charges.retrieve(charge.id)
            assert totals["captured"] == now.amount_captured
            left_minor = totals.get("refunded", 0) - totals.get("refund_returned", 0)
            assert left_minor == now.amount_refunded
            assert totals.get("transferred", 0) <= now.amount
            assert totals.get("reversed", 0) <= totals.get("transferred", 0)
        transfers = list(life.stripe.v1.transfers.list({"limit": 100}).auto_paging_iter())
        for currency in ("usd", "eur"):
            held = sum(
                books["balances"].get(f"stripe:{one}", {}).get(currency, 0) for one in life.sellers
            )
            assert held == sum(
                one.amount - one.amount_reversed for one in transfers if one.currency == currency
            )
