"""Many at once ask for the same money. First the control: without the lock it goes out twice."""

import threading
from collections import Counter
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection, connections
from django.db.models import QuerySet
from rest_framework.test import APIClient

from apps.payments import calls, escrow_services, worker
from apps.payments.models import Escrow, LedgerTransaction, Payment, PaymentKey, ProviderCall
from apps.payments.refusals import MoneyRefused
from tests.cast import assemble_cast, sign_in
from tests.money.market import held, sell

pytestmark = pytest.mark.django_db(transaction=True)

RELEASES = 8
REQUESTS = 50


def all_at_once(work, count):
    """Run `work(number)` in so many threads, released together; return their results."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number):
        try:
            barrier.wait(30)
            results[number] = work(number)
        except (MoneyRefused, OperationalError) as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_control_without_locks_and_ledger_a_hold_is_released_twice():
    """Both read "held" before either writes; the ledger's key, which stops it, is left out."""
    escrow = held(assemble_cast())
    both_have_read = threading.Barrier(2)
    plain = escrow_services.locked_hold

    def hold_of_both(escrow_id):
        found = plain(escrow_id)
        both_have_read.wait(20)
        return found

    def release(_number):
        connection.ensure_connection()
        connection.transaction_mode = None  # SQLite's DEFERRED; PostgreSQL has no such mode
        return escrow_services.release_hold(escrow.pk, cause="request:user:1")

    with (
        patch.object(QuerySet, "select_for_update", lambda self, **options: self.all()),
        patch.object(escrow_services, "locked_hold", hold_of_both),
        patch.object(escrow_services, "post", lambda *arguments, **options: None),
    ):
        results = all_at_once(release, 2)

    twice = ProviderCall.objects.filter(kind="transfer").count() == 2
    broken = any(isinstance(result, Exception) for result in results)
    assert twice or broken, "if nothing goes wrong here, the test below proves nothing"


def test_of_eight_releases_of_a_hold_one_succeeds():
    escrow = held(assemble_cast())

    results = all_at_once(
        lambda _: escrow_services.release_hold(escrow.pk, cause="request:user:1"), RELEASES
    )

    assert Counter(type(result) for result in results) == {Escrow: 1, MoneyRefused: RELEASES - 1}
    assert ProviderCall.objects.count() == 1
    assert LedgerTransaction.objects.filter(key__startswith="release:").count() == 1


def test_of_a_release_and_a_refund_one_succeeds():
    escrow = held(assemble_cast())

    def decide(number):
        if number % 2:
            return escrow_services.release_hold(escrow.pk, cause="request:user:1")
        return escrow_services.refund_hold(escrow.pk, None, cause="request:user:2")

    results = all_at_once(decide, RELEASES)

    assert sum(isinstance(result, Escrow) for result in results) == 1
    escrow.refresh_from_db()
    assert escrow.held_minor == 0
    assert ProviderCall.objects.count() == 1


def test_fifty_requests_with_one_key_make_one_payment():
    cast = assemble_cast()
    auction = sell(cast)
    token = sign_in(cast.bidder1).access

    def ask(number, method="stripe"):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}", HTTP_IDEMPOTENCY_KEY="one")
        body = {"auction_id": auction.pk, "payment_method": method}
        return client.post("/api/payments/", body, format="json")

    answers = all_at_once(ask, REQUESTS)

    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: REQUESTS - 1}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Payment.objects.count() == PaymentKey.objects.count() == 1
    refused = ask(0, method="paypal")
    assert (refused.status_code, refused.json()["code"]) == (422, "idempotency_key_reused")


def test_workers_at_once_carry_a_call_out_once():
    escrow = held(assemble_cast())
    escrow_services.release_hold(escrow.pk, cause="request:user:1")
    call = ProviderCall.objects.get()

    all_at_once(lambda _: calls.carry_out(call.pk), RELEASES)
    worker.do_due_work()

    call.refresh_from_db()
    escrow.refresh_from_db()
    assert (call.status, call.tries, escrow.state) == ("done", 1, "released")
