"""Two write to each other at once. First the control: without the locks it goes wrong."""

import threading
from collections import Counter
from unittest.mock import patch

import pytest
from django.db import DatabaseError, connection, connections
from django.db.models import QuerySet

from apps.notifications import message_services
from apps.notifications.message_refusals import MessageReason, MessageRefused
from apps.notifications.message_services import block_user, mark_read, send_message
from apps.notifications.models import Conversation, Message, Notification
from tests.cast import assemble_cast
from tests.factories import AuctionFactory

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 8


def all_at_once(work, count):
    """Run `work(number)` in so many threads, released together; return their results."""
    barrier, results = threading.Barrier(count), [None] * count

    def run(number):
        try:
            barrier.wait(30)
            results[number] = work(number)
        except (MessageRefused, DatabaseError) as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def to_each_other(cast, auction_id=None):
    """Return work that lets the even numbers write to the odd ones and the other way round."""
    pair = (cast.seller.pk, cast.bidder1.pk)

    def write(number):
        sender, recipient = pair if number % 2 else pair[::-1]
        return send_message(sender, recipient, f"Number {number}", auction_id=auction_id)

    return write


def test_control_without_locks_both_begin_a_conversation():
    """Both look for it before either begins it; the constraint stops the second."""
    cast = assemble_cast()
    both_have_looked = threading.Barrier(2)
    plain = message_services._refuse_blocked

    def looks(*arguments):
        plain(*arguments)
        Conversation.objects.exists()
        both_have_looked.wait(20)

    def write(number):
        connection.ensure_connection()
        connection.transaction_mode = None  # SQLite's DEFERRED; PostgreSQL has no such mode
        return to_each_other(cast)(number)

    with (
        patch.object(QuerySet, "select_for_update", lambda self, **options: self.all()),
        patch.object(message_services, "_refuse_blocked", looks),
    ):
        results = all_at_once(write, 2)

    broken = [result for result in results if isinstance(result, DatabaseError)]
    assert broken, "if nothing goes wrong here, the test below proves nothing"
    assert Conversation.objects.count() <= 1, "the constraint holds without the locks"


@pytest.mark.parametrize("is_about_an_auction", [False, True])
def test_two_who_write_at_once_share_one_conversation(is_about_an_auction):
    cast = assemble_cast()
    auction_id = AuctionFactory(seller=cast.seller).pk if is_about_an_auction else None

    results = all_at_once(to_each_other(cast, auction_id), WRITERS)

    assert {type(result) for result in results} == {Message}, results
    conversation = Conversation.objects.get()
    assert conversation.messages.count() == WRITERS
    assert conversation.last_message_id == max(result.pk for result in results)


def test_requests_with_one_key_send_one_message():
    cast = assemble_cast()

    results = all_at_once(
        lambda _: send_message(cast.seller.pk, "bidder1", "Hello", request_key="one"), WRITERS
    )

    assert {getattr(result, "pk", result) for result in results} == {Message.objects.get().pk}
    assert Notification.objects.count() == 1


def test_no_message_follows_a_block_that_was_answered():
    cast = assemble_cast()
    at_the_block = []

    def work(number):
        if number == 0:
            block_user(cast.bidder1.pk, "seller")
            at_the_block.extend(Message.objects.values_list("pk", flat=True))
            return None
        return send_message(cast.seller.pk, "bidder1", f"Number {number}")

    results = all_at_once(work, WRITERS)

    assert sorted(at_the_block) == sorted(Message.objects.values_list("pk", flat=True))
    refused = [result.reason for result in results if isinstance(result, MessageRefused)]
    assert set(refused) <= {MessageReason.BLOCKED_BY_RECIPIENT}
    assert Counter(type(result) for result in results)[Message] == len(at_the_block)


def test_message_marked_by_many_at_once_was_read_once():
    cast = assemble_cast()
    message = send_message(cast.seller.pk, "bidder1", "Hello")

    results = all_at_once(lambda _: mark_read(cast.bidder1.pk, message.pk), WRITERS)

    assert len({result.read_at for result in results}) == 1
    assert Message.objects.get().read_at == results[0].read_at
