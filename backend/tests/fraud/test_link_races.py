"""A link that becomes known while a bid waits for its auction is known to the bid."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from apps.auctions.models import Auction
from apps.bidding.desk import BidDesk
from apps.bidding.services import Accepted
from apps.core import clock
from apps.risk.keys import note_key
from domain.commands import PlaceBid
from domain.reasons import Reason, Refused
from domain.risk.links import KeyKind
from tests.factories import AuctionFactory

pytestmark = pytest.mark.django_db(transaction=True)

WAITS_SECONDS = 0.5  # that the bid is given to come to the lock


def bid_elsewhere(auction, user, begun):
    """Bid as another process would, on a connection of its own."""

    def run():
        begun.set()
        try:
            return BidDesk(threads=1).ask(
                auction.pk, PlaceBid(actor_id=user.pk, amount_minor=200_00)
            )
        finally:
            connections.close_all()

    return run


def link(cast):
    for user in (cast.seller, cast.bidder1):
        note_key(user.pk, KeyKind.PAYER, "fp", at=clock.now())


def test_control_a_bid_before_the_link_stands(cast):
    auction = AuctionFactory(seller=cast.seller)
    with ThreadPoolExecutor(1) as pool:
        answer: Future = pool.submit(bid_elsewhere(auction, cast.bidder1, threading.Event()))
        assert isinstance(answer.result(30), Accepted)
    link(cast)

    auction.refresh_from_db()
    assert auction.leader == cast.bidder1


def test_a_link_made_while_the_bid_waits_refuses_it(cast):
    auction = AuctionFactory(seller=cast.seller)
    begun = threading.Event()
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Auction.objects.select_for_update().get(pk=auction.pk)
            Auction.objects.filter(pk=auction.pk).update(title="Held")  # SQLite locks by writing
            answer: Future = pool.submit(bid_elsewhere(auction, cast.bidder1, begun))
            assert begun.wait(10)
            with pytest.raises(TimeoutError):
                answer.result(WAITS_SECONDS)
            link(cast)
        with pytest.raises(Refused) as refused:
            answer.result(30)

    assert refused.value.refusal.reason is Reason.LINKED_ACCOUNT
