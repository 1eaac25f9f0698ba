"""Workers and doors at one auction's sale at once. First a control in which the race happens."""

import threading
from collections import Counter
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, connections
from django.db.models import QuerySet
from django.db.utils import OperationalError

from apps.bidding.desk import desk
from apps.bidding.models import BidHistory
from apps.core import clock
from apps.payments import sales, services, unpaid
from apps.payments.models import Payment, Sale, StateChange, Strike
from apps.payments.refusals import MoneyRefused
from apps.users.models import MailOrder
from domain.commands import EndAuction, PlaceBid
from tests.cast import assemble_cast
from tests.factories import AuctionFactory
from tests.money.market import sale_of, sell

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 6


def at_once(work, count=RACERS):
    """Run `work(number)` in threads that start together; exceptions are results."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number):
        try:
            barrier.wait(20)
            results[number] = work(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_control_without_the_lock_both_open_a_sale_and_the_constraint_stops_one():
    auction = sell(assemble_cast())
    both_have_looked = threading.Barrier(2)
    plain = sales._open

    def open_after_both(*arguments):
        both_have_looked.wait(20)
        return plain(*arguments)

    def work(_number):
        connection.ensure_connection()
        connection.transaction_mode = None  # SQLite's DEFERRED; PostgreSQL has no such mode
        return sale_of(auction)

    with (
        patch.object(QuerySet, "select_for_update", lambda self, **_options: self.all()),
        patch.object(sales, "_open", open_after_both),
    ):
        found = at_once(work, 2)

    assert Sale.objects.count() == 1
    failed = [result for result in found if isinstance(result, Exception)]
    assert len(failed) == 1
    assert isinstance(failed[0], IntegrityError | OperationalError)  # SQLite: the database is busy


def test_workers_and_doors_open_one_sale():
    auction = sell(assemble_cast())

    found = at_once(lambda number: sale_of(auction) if number % 2 else sales.open_sales())

    sale = Sale.objects.get()
    assert [result for result in found if isinstance(result, Exception)] == []
    assert all(result == sale for result in found[1::2])
    assert sum(found[::2]) <= 1
    assert StateChange.objects.filter(kind="sale").count() == 1


@pytest.fixture
def overdue():
    """A sale of which the time is up, with an underbidder behind it; returns it."""
    cast = assemble_cast()
    auction = AuctionFactory(seller=cast.seller)
    for bidder, amount_minor in ((cast.bidder2, 500_00), (cast.bidder1, 1000_00)):
        desk.ask(auction.pk, PlaceBid(actor_id=bidder.pk, amount_minor=amount_minor))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    sale = sale_of(auction)
    sale.due_at = clock.now() - timedelta(seconds=1)
    sale.save()
    return sale


def test_many_workers_lapse_a_sale_once(overdue):
    found = at_once(lambda _number: unpaid.look_after_unpaid(clock.now(), 10))

    assert [result for result in found if isinstance(result, Exception)] == []
    assert sum(found) == 1
    assert Counter(Sale.objects.values_list("status", flat=True)) == {"lapsed": 1, "offered": 1}
    assert Strike.objects.count() == 1
    assert MailOrder.objects.count() == 1
    told = BidHistory.objects.filter(auction=overdue.auction, type="second_chance_offer")
    assert told.count() == 1


def test_a_payment_that_begins_as_its_sale_lapses_is_never_left_open(overdue):
    """Whoever comes first: the door refuses what has lapsed, or the lapse ends what began."""
    overdue.due_at = clock.now() + timedelta(seconds=60)
    overdue.save()

    late = overdue.due_at + timedelta(seconds=1)

    def work(number):
        if number % 2:
            return services.open_payment(overdue.buyer_id, overdue.auction_id, "stripe")
        return unpaid.let_lapse(late, 10)

    found = at_once(work)
    unpaid.let_lapse(late, 10)  # each of the others may have found somebody busy with it

    overdue.refresh_from_db()
    assert overdue.status == "lapsed"
    assert [result for result in found[::2] if isinstance(result, Exception)] == []
    assert all(isinstance(result, tuple | MoneyRefused) for result in found[1::2]), found
    assert set(Payment.objects.values_list("status", flat=True)) <= {"expired"}
