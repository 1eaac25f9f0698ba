"""A seller edits while others bid: what a bidder saw is what was bid on. First the control."""

import threading
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, connections
from django.db.models import QuerySet

from apps.auctions import services
from apps.bidding.desk import BidDesk
from apps.bidding.models import Bid
from apps.bidding.verify import verify_auction
from domain.commands import PlaceBid
from domain.listing import InvalidTerms
from domain.reasons import Refused
from tests.factories import AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 8
DEARER = 900_00


def place_bid(auction, bidder):
    command = PlaceBid(actor_id=bidder.pk, amount_minor=100_00)
    BidDesk(threads=1).ask(auction.pk, command)


def make_dearer(auction):
    changes = {"starting_minor": DEARER}
    services.edit_auction(auction.pk, actor_id=auction.seller_id, changes=changes)


def in_thread(work, *arguments, errors):
    """Start `work` in a thread of its own connection; what it raises is collected."""

    def run():
        try:
            work(*arguments)
        except (Refused, InvalidTerms, OperationalError) as error:
            errors.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_control_without_the_lock_the_price_rises_under_a_bid():
    """The seller's edit finds no bid; one is placed and committed; then the edit is stored."""
    auction, bidder, errors = AuctionFactory(), UserFactory(), []
    apply = services._apply

    def apply_after_a_bid(*arguments, **options):
        in_thread(place_bid, auction, bidder, errors=errors).join(10)
        apply(*arguments, **options)

    def edit():
        connection.ensure_connection()
        connection.transaction_mode = None  # SQLite's DEFERRED; PostgreSQL has no such mode
        make_dearer(auction)

    with (
        patch.object(QuerySet, "select_for_update", lambda self: self.all()),
        patch.object(services, "_apply", apply_after_a_bid),
    ):
        in_thread(edit, errors=errors).join(20)

    auction.refresh_from_db()
    both = (auction.total_bids, auction.starting_minor) == (1, DEARER)
    broken = any(isinstance(error, OperationalError) for error in errors)
    assert both or broken, "if nothing goes wrong here, the test below proves nothing"


def test_a_bid_and_an_edit_of_the_price_never_both_succeed():
    outcomes = set()
    for number in range(ROUNDS):
        auction, bidder, errors = AuctionFactory(), UserFactory(), []
        racers = [
            lambda auction=auction, bidder=bidder: place_bid(auction, bidder),
            lambda auction=auction: make_dearer(auction),
        ]
        threads = [in_thread(racer, errors=errors) for racer in racers[:: 1 - 2 * (number % 2)]]
        for thread in threads:
            thread.join(20)

        auction.refresh_from_db()
        outcomes.add((auction.total_bids, auction.starting_minor))
        assert len(errors) == 1, errors
        assert not isinstance(errors[0], OperationalError)
        assert Bid.objects.filter(auction=auction).count() == auction.total_bids
        assert verify_auction(auction.pk) == []
    assert outcomes <= {(1, 100_00), (0, DEARER)}
