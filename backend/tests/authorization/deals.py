"""Auctions that were sold and paid, so that everybody has money of his own somewhere.

A deal has a buyer, a seller and a state: `waiting` (a payment is open), `held`, `disputed`,
`released`. Who is neither is nobody to it; staff who are one of the two decide nothing there.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from apps.payments import escrow_services, sales, services
from apps.payments.models import Escrow, Invoice, Payment
from domain.auction import Status
from tests.factories import AuctionFactory

if TYPE_CHECKING:
    from tests.authorization.world import World

Pair = tuple[str, str]  # buyer, seller

ALL = ("waiting", "held", "disputed", "released")
#: The first two are part of every world.
DEALS: dict[Pair, tuple[str, ...]] = {
    ("owner", "seller"): ALL,
    ("bidder", "owner"): ALL,
    ("staff", "owner"): ("waiting", "held", "disputed"),
    ("loser", "staff"): ("waiting", "held", "disputed", "released"),
}
FIRST = 2
HAMMER_MINOR = 500_00


@dataclass(frozen=True)
class Deal:
    """The rows of one sold auction; 0 for what there is none of."""

    auction_id: int
    payment_id: int
    escrow_id: int = 0
    sale_invoice_id: int = 0  # the buyer's
    commission_invoice_id: int = 0  # the seller's


def bought_by(actor: str) -> Pair | None:
    """Return the deals in which an account buys."""
    return next((pair for pair in DEALS if pair[0] == actor), None)


def sold_by(actor: str) -> Pair | None:
    """Return the deals in which an account sells."""
    return next((pair for pair in DEALS if pair[1] == actor), None)


def of_others(actor: str) -> Pair:
    """Return the deals of two others."""
    return next(pair for pair in DEALS if actor not in pair)


def buyers_of(seller: str) -> list[str]:
    """Return who bought from an account: an invoice names its seller, his company, his tax id."""
    return [pair[0] for pair in DEALS if pair[1] == seller]


def strike(world: "World", *, all_of_them: bool) -> None:
    """Make the deals."""
    for pair, states in list(DEALS.items())[: None if all_of_them else FIRST]:
        for state in states:
            world.deals[pair, state] = _strike(world, pair, state)


def _strike(world: "World", pair: Pair, state: str) -> Deal:
    buyer, seller = (world.users[name] for name in pair)
    auction = AuctionFactory(
        seller=seller,
        ended=True,
        status=Status.ENDED,
        sold=True,
        winner=buyer,
        final_minor=HAMMER_MINOR,
    )
    with transaction.atomic():
        sales.sale_of_auction(auction.pk)
    payment, _ = services.open_payment(buyer.pk, auction.pk, "stripe")
    if state == "waiting":
        what = f"client secret of {pair[0]}"
        secret = world.secrets.plant(f"sesame-client-{'-'.join(pair)}", what, pair[0])
        Payment.objects.filter(pk=payment.pk).update(client_secret=secret)
        return Deal(auction.pk, payment.pk)
    services.confirm_payment(buyer.pk, payment.pk)
    hold = Escrow.objects.get(payment=payment)
    if state == "released":
        escrow_services.release_hold(hold.pk, cause="request:test")
    elif state == "disputed":
        what = f"grievance of {pair[0]}"
        text = world.secrets.plant(f"sesame-grievance-{'-'.join(pair)}", what, *pair, "staff")
        escrow_services.open_dispute(hold.pk, buyer.pk, reason="damaged", description=text)
    invoices = dict(Invoice.objects.filter(payment=payment).values_list("kind", "pk"))
    return Deal(auction.pk, payment.pk, hold.pk, invoices["sale"], invoices.get("commission", 0))
