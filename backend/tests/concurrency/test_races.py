"""Races on one auction, with real threads. First a control in which the race does happen."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.db import close_old_connections, connection, connections
from django.db.models import QuerySet

from apps.auctions.models import Auction
from apps.bidding import repository
from apps.bidding.desk import BidDesk
from apps.bidding.models import Bid, BidHistory
from apps.bidding.verify import verify_auction
from domain.commands import PlaceBid, SetAutoBid, Tick
from domain.reasons import Reason, Refused
from tests.factories import AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 24
RACERS = 4


def at_once(work: Callable[[int], object], count: int = THREADS) -> list[object]:
    """Run `work(index)` in threads that start together; exceptions are results."""
    barrier = threading.Barrier(count)

    def run(index: int) -> object:
        try:
            barrier.wait(10)
            return work(index)
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def desks() -> list[BidDesk]:
    """Return a desk per thread, as if each ran in a process of its own."""
    return [BidDesk(threads=1) for _ in range(THREADS)]


def without_locks(work: Callable[[int], object]) -> Callable[[int], object]:
    """Return `work` on a connection whose transactions begin without SQLite's write lock."""

    def unlocked(index: int) -> object:
        connection.ensure_connection()
        connection.transaction_mode = None  # DEFERRED; PostgreSQL has no such mode
        return work(index)

    return unlocked


def test_control_without_the_lock_the_race_does_happen() -> None:
    """Everybody reads before anybody writes: what the lock forbids is what happens."""
    auction = AuctionFactory()
    bidders = [UserFactory() for _ in range(RACERS)]
    own = desks()
    all_have_read = threading.Barrier(RACERS)
    open_book = repository.open_book

    def read_and_wait(*arguments: object) -> object:
        book = open_book(*arguments)
        all_have_read.wait(10)
        return book

    def work(i: int) -> object:
        return own[i].ask(auction.pk, PlaceBid(actor_id=bidders[i].pk, amount_minor=500_00))

    with (
        patch.object(QuerySet, "select_for_update", lambda self, **kwargs: self.all()),
        patch.object(repository, "open_book", read_and_wait),
    ):
        found = at_once(without_locks(work), RACERS)

    accepted = [item for item in found if not isinstance(item, Exception)]
    broken = [item for item in found if isinstance(item, Exception) and not refused(item)]
    assert len(accepted) > 1 or broken, "if nothing goes wrong here, the tests below prove nothing"


def refused(item: object) -> bool:
    return isinstance(item, Refused) and item.refusal.reason is Reason.BELOW_MINIMUM


def test_equal_bids_at_once_exactly_one_is_accepted() -> None:
    auction = AuctionFactory()
    bidders = [UserFactory() for _ in range(THREADS)]
    own = desks()

    found = at_once(
        lambda i: own[i].ask(auction.pk, PlaceBid(actor_id=bidders[i].pk, amount_minor=500_00))
    )

    assert sum(not isinstance(item, Exception) for item in found) == 1
    assert sum(refused(item) for item in found) == THREADS - 1
    assert Bid.objects.count() == 1
    assert verify_auction(auction.pk) == []


def test_mixed_bids_at_once_are_a_legal_sequence() -> None:
    auction = AuctionFactory()
    bidders = [UserFactory() for _ in range(THREADS)]
    own = desks()

    def work(i: int) -> None:
        for step in range(4):
            amount = 110_00 + 10_00 * ((i * 7 + step * 13) % 60)
            kind = SetAutoBid if i % 3 == 0 else PlaceBid
            field = "max_minor" if i % 3 == 0 else "amount_minor"
            try:
                own[i].ask(auction.pk, kind(actor_id=bidders[i].pk, **{field: amount}))
            except Refused:
                continue

    at_once(work)

    numbers = list(BidHistory.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    assert verify_auction(auction.pk) == []


def test_one_request_key_from_many_connections_makes_one_bid() -> None:
    auction = AuctionFactory()
    bidder = UserFactory()
    own = desks()
    command = PlaceBid(actor_id=bidder.pk, amount_minor=500_00, request_key="same")

    found = at_once(lambda i: own[i].ask(auction.pk, command))

    assert {item.bid.id for item in found} == {Bid.objects.get().pk}


def test_many_closers_and_a_late_bid_close_once(settings) -> None:
    auction = AuctionFactory()
    bidder = UserFactory()
    own = desks()
    own[0].ask(auction.pk, PlaceBid(actor_id=bidder.pk, amount_minor=500_00))
    Auction.objects.filter(pk=auction.pk).update(
        end_at=auction.start_at,
        original_end_at=auction.start_at + (auction.end_at - auction.start_at),
    )

    def work(i: int) -> object:
        late = PlaceBid(actor_id=bidder.pk, amount_minor=900_00 + i)
        return own[i].ask(auction.pk, late if i % 2 else Tick())

    found = at_once(work)

    assert sum(isinstance(item, Refused) for item in found) == THREADS // 2
    assert BidHistory.objects.filter(type="auction_ended").count() == 1
    auction.refresh_from_db()
    assert (auction.winner, auction.final_minor) == (bidder, 500_00)


def test_one_desk_takes_all_that_wait_in_arrival_order() -> None:
    auction = AuctionFactory()
    bidder = UserFactory()
    desk = BidDesk(threads=2)

    found = at_once(
        lambda i: desk.ask(
            auction.pk, PlaceBid(actor_id=bidder.pk, amount_minor=100_00 + 100_00 * i)
        )
    )

    accepted = sorted(
        (item.bid.seq, item.bid.amount_minor) for item in found if not isinstance(item, Exception)
    )
    assert [amount for _, amount in accepted] == sorted(amount for _, amount in accepted)
    assert desk._queues == {}
    assert verify_auction(auction.pk) == []
    close_old_connections()
