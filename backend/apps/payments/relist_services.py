"""An auction nobody bought, or whose last buyer let it go, is listed once more.

Source: docs/money.md; docs/bidding-rules.md 5.7.
"""

from django.db import transaction

from apps.auctions.models import Auction
from apps.auctions.relisting import copy_as_draft
from apps.payments.models import Sale
from apps.payments.refusals import MoneyReason, MoneyRefused
from domain.auction import Status
from domain.settlement import OPEN_SALES


@transaction.atomic
def relist(auction_id: int, *, seller_id: int) -> Auction:
    """Make a draft that says what the auction said; returns it.

    Raises MoneyRefused: another's, not over, sold to somebody who has paid or still may.
    InvalidTerms where the house's limits have changed since.
    """
    auction = Auction.objects.select_for_update().filter(pk=auction_id).first()
    if auction is None:
        raise MoneyRefused(MoneyReason.NOT_FOUND)
    if auction.seller_id != seller_id:
        raise MoneyRefused(MoneyReason.NOT_A_PARTY)
    if auction.status != Status.ENDED:
        raise MoneyRefused(MoneyReason.NOT_OVER, status=auction.status)
    if auction.sold:
        last = Sale.objects.filter(auction=auction).order_by("-pk").first()
        if last is None or last.status in OPEN_SALES:
            raise MoneyRefused(MoneyReason.STILL_SOLD)
    return copy_as_draft(auction)
