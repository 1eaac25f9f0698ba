"""Sold auctions and paid ones, through the real desk and doors, for the tests of money."""

from typing import Any

from django.db import transaction

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from apps.payments import sales, services
from apps.payments.models import Escrow, Payment, Sale
from domain.commands import EndAuction, PlaceBid
from tests.cast import Cast
from tests.factories import AuctionFactory


def sell(cast: Cast, amount_minor: int = 1000_00, **row: Any) -> Auction:
    """Sell an auction of the cast's seller to bidder1."""
    auction = AuctionFactory(seller=cast.seller, **row)
    desk.ask(auction.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=amount_minor))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    auction.refresh_from_db()
    return auction


def sale_of(auction: Auction) -> Sale:
    """Return an auction's sale, opened if need be."""
    with transaction.atomic():
        sale = sales.sale_of_auction(auction.pk)
    assert sale is not None
    return sale


def pay(auction: Auction, *, test_card: str = "", method: str = "stripe") -> Payment:
    """Let the winner pay, with play money."""
    sale = sale_of(auction)
    payment, _ = services.open_payment(sale.buyer_id, auction.pk, method)
    return services.confirm_payment(sale.buyer_id, payment.pk, test_card=test_card)


def held(cast: Cast, amount_minor: int = 1000_00, **row: Any) -> Escrow:
    """Return the hold of an auction that was sold and paid."""
    return Escrow.objects.get(payment=pay(sell(cast, amount_minor, **row)))
