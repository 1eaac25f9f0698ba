"""Webhooks: what is ordered from the logs, sent, signed, tried again, given up, sent once more."""

import json
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from standardwebhooks import WebhookVerificationError

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from apps.bidding.models import BidHistory
from apps.core import clock
from apps.notifications.kinds import Kind
from apps.notifications.models import Notification
from apps.payments import escrow_services
from apps.payments.models import StateChange
from apps.users.models import User
from apps.webhooks import auction_events, delivering, gathering, services
from apps.webhooks.delivering import DELAYS_SECONDS, deliver_due
from apps.webhooks.kinds import CHOOSABLE, EventKind
from apps.webhooks.models import (
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
    WebhookReading,
)
from apps.webhooks.refusals import HookRefused
from domain.commands import CancelAuction, EndAuction, PlaceBid, SetAutoBid
from domain.reasons import Refused
from tests.factories import AuctionFactory
from tests.money.market import held, sell
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db(transaction=True)

ALL = list(CHOOSABLE)


@pytest.fixture(autouse=True)
def _receivers_are_on_this_machine(settings):
    settings.OUTGOING_TARGETS = "any"


def listen(
    user: User, receiver: Receiver, *, kinds: list[str] = ALL, everything: bool = False
) -> tuple[WebhookEndpoint, str]:
    return services.create_endpoint(
        user, url=receiver.url(), kinds=kinds, description="", everything=everything
    )


def bid(auction: Auction, user: User, amount: int) -> None:
    desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))


def told(receiver: Receiver) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in receiver.got]


def kinds_of(receiver: Receiver) -> list[str]:
    return sorted(body["type"] for body in told(receiver))


def run_all() -> None:
    """Order and send until nothing is left, as the worker's looks would."""
    gathering.gather(ever=True)
    while deliver_due():
        pass


# -- what is told ---------------------------------------------------------------------------------


def test_seller_is_told_what_his_auctions_room_saw(cast, receiver):
    _, secret = listen(cast.seller, receiver)
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, cast.bidder1, 120)
    desk.ask(auction.pk, SetAutoBid(actor_id=cast.bidder2.pk, max_minor=777_13))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))

    run_all()

    rows = BidHistory.objects.filter(auction=auction, type__in=auction_events.KINDS)
    assert kinds_of(receiver) == sorted(auction_events.KINDS[row.type].value for row in rows)
    messages = [request.verified(secret) for request in receiver.got]
    first = next(body for body in messages if body["data"].get("event") == "bid_placed")
    assert first["data"]["bidder"] == "bidder1"
    assert first["data"]["amount"] == 120
    assert first["data"]["auction_id"] == auction.pk
    assert first["timestamp"].endswith("Z")
    assert "777.13" not in json.dumps(messages), "a maximum is nobody's business"


def test_events_are_those_a_naive_reader_of_the_logs_expects(cast, receiver):
    listen(cast.seller, receiver)
    mine = [AuctionFactory(seller=cast.seller) for _ in range(4)]
    others = AuctionFactory(seller=cast.stranger)
    for step, auction in enumerate([*mine, others, *mine[:2]]):
        bid(auction, [cast.bidder1, cast.bidder2][step % 2], 200 + 50 * step)
        gathering.gather()
    desk.ask(mine[0].pk, CancelAuction(actor_id=cast.staff.pk, is_staff=True, removed=True))
    desk.ask(mine[1].pk, EndAuction(actor_id=cast.seller.pk))

    run_all()

    expected = Counter(
        (row.auction_id, row.number)
        for row in BidHistory.objects.filter(auction__in=mine, type__in=auction_events.KINDS)
    )
    sources = WebhookEvent.objects.filter(source__startswith="auction:").values_list(
        "source", flat=True
    )
    got = Counter(tuple(int(part) for part in source.split(":")[1:]) for source in sources)
    assert got == expected
    assert len(receiver.got) == sum(expected.values())


def test_seller_is_told_how_his_money_fares(cast, receiver):
    listen(cast.seller, receiver)
    hold = held(cast)
    escrow_services.open_dispute(hold.pk, cast.bidder1.pk, reason="damaged", description="")
    run_all()

    assert [kind for kind in kinds_of(receiver) if not kind.startswith("auction.")] == [
        "payment.disputed",
        "payment.paid",
        "sale.created",
    ]
    paid = next(body for body in told(receiver) if body["type"] == "payment.paid")
    assert paid["data"]["hammer"] == 1000
    assert paid["data"]["buyer"] == "bidder1"
    assert StateChange.objects.filter(announced=False).count() == 0


def test_only_what_was_asked_for_is_sent(cast, receiver):
    listen(cast.seller, receiver, kinds=[EventKind.AUCTION_ENDED])
    sell(cast)
    run_all()

    assert kinds_of(receiver) == ["auction.ended"]


def test_another_seller_is_told_nothing(cast, receiver):
    listen(cast.stranger, receiver)
    sell(cast)
    run_all()

    assert receiver.got == []


def test_staff_may_hear_of_everybodys_and_no_longer_when_they_are_staff_no_more(cast, receiver):
    listen(cast.staff, receiver, kinds=["auction.bid"], everything=True)
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, cast.bidder1, 120)
    run_all()
    assert kinds_of(receiver) == ["auction.bid"]

    User.objects.filter(pk=cast.staff.pk).update(is_staff=False)
    bid(auction, cast.bidder2, 200)
    run_all()
    assert kinds_of(receiver) == ["auction.bid"]


def test_what_was_before_is_not_told(cast, receiver):
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, cast.bidder1, 120)
    listen(cast.seller, receiver)
    run_all()
    assert receiver.got == []

    bid(auction, cast.bidder2, 200)
    run_all()
    assert kinds_of(receiver) == ["auction.bid"]


def test_banned_account_is_told_nothing(cast, receiver):
    listen(cast.seller, receiver)
    User.objects.filter(pk=cast.seller.pk).update(banned_at=clock.now())
    sell(cast)
    run_all()

    assert receiver.got == []


def test_logs_that_nobody_hears_cost_no_rows(cast):
    sell(cast)
    gathering.gather(ever=True)

    assert WebhookReading.objects.count() == 0
    assert WebhookEvent.objects.count() == 0


# -- crashes --------------------------------------------------------------------------------------


class Crash(Exception):
    """The process is gone."""


@pytest.mark.parametrize("where", ["_order", "WebhookReading.objects.bulk_update"])
def test_reader_that_dies_has_lost_nothing_and_orders_nothing_twice(
    cast, receiver, monkeypatch, where
):
    listen(cast.seller, receiver)
    auction = AuctionFactory(seller=cast.seller)
    bid(auction, cast.bidder1, 120)
    target: Any = gathering
    *path, name = where.split(".")
    for part in path:
        target = getattr(target, part)
    real = getattr(target, name)

    def dies(*args: Any, **more: Any) -> None:
        real(*args, **more)
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(target, name, dies)
        with pytest.raises(Crash):
            gathering.gather()
    assert WebhookDelivery.objects.count() == 0

    run_all()
    run_all()
    assert kinds_of(receiver) == ["auction.bid"]


def test_sender_that_dies_after_sending_sends_again_under_the_same_id(
    cast, receiver, monkeypatch, frozen_clock
):
    endpoint, _ = listen(cast.seller, receiver)
    services.send_test(cast.seller.pk, endpoint.pk)

    def dies(outcomes: Any) -> None:
        raise Crash

    with monkeypatch.context() as patch:
        patch.setattr(delivering, "_record", dies)
        with pytest.raises(Crash):
            deliver_due()

    assert deliver_due() == 0, "it may still be on its way"
    frozen_clock.advance(delivering.CLAIM.total_seconds() + 1)
    assert deliver_due() == 1
    assert len({request.headers["webhook-id"] for request in receiver.got}) == 1
    assert WebhookDelivery.objects.get().status == "delivered"


def test_two_workers_send_nothing_twice(cast, receiver):
    endpoint, _ = listen(cast.seller, receiver)
    for _ in range(12):
        services.send_test(cast.seller.pk, endpoint.pk)

    first, second = delivering._claim(), delivering._claim()

    assert len(first) == delivering.OF_ONE_ENDPOINT_MAX
    assert {row.pk for row in first} & {row.pk for row in second} == set()


# -- signatures -----------------------------------------------------------------------------------


def test_both_secrets_sign_for_a_day_after_a_rotation(cast, receiver, frozen_clock):
    endpoint, old = listen(cast.seller, receiver)
    _, new = services.rotate_secret(cast.seller.pk, endpoint.pk)
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()
    assert receiver.got[0].verified(old) == receiver.got[0].verified(new)

    frozen_clock.advance(services.SECRET_OVERLAP.total_seconds() + 1)
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()
    assert len(receiver.got[1].headers["webhook-signature"].split()) == 1


def test_signature_of_another_secret_does_not_fit(cast, receiver):
    endpoint, _ = listen(cast.seller, receiver)
    _, other = listen(cast.seller, receiver)
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()

    with pytest.raises(WebhookVerificationError):
        receiver.got[0].verified(other)


def test_secret_lies_sealed_in_the_database(cast, receiver):
    endpoint, secret = listen(cast.seller, receiver)
    endpoint.refresh_from_db()

    assert secret.startswith("whsec_")
    assert secret.removeprefix("whsec_") not in endpoint.sealed_secret


# -- failures -------------------------------------------------------------------------------------


def test_delivery_is_tried_ten_times_within_about_three_days(cast, receiver, frozen_clock):
    endpoint, _ = listen(cast.seller, receiver)
    started = frozen_clock.instant
    receiver.always(500, b"down")
    services.send_test(cast.seller.pk, endpoint.pk)
    waits = []
    while (row := WebhookDelivery.objects.get()).status == "pending":
        waits.append((row.next_try_at - frozen_clock.instant).total_seconds())
        frozen_clock.set(row.next_try_at)
        WebhookEndpoint.objects.update(failing_since_at=None)  # its end is another test's
        deliver_due()

    assert row.status == "failed"
    assert row.tries == len(DELAYS_SECONDS) + 1 == len(receiver.got)
    assert 2.4 < (frozen_clock.instant - started) / timedelta(days=1) < 3.9
    for wait, delay in zip(waits[1:], DELAYS_SECONDS, strict=True):
        assert 0.8 * delay <= wait <= 1.2 * delay
    attempts = list(WebhookAttempt.objects.values_list("status", "answer"))
    assert attempts == [(500, "down")] * 10


def test_endpoint_that_takes_it_the_second_time_has_it_once(cast, receiver, frozen_clock):
    endpoint, _ = listen(cast.seller, receiver)
    replies = iter([(503, {}, b""), (200, {}, b"ok")])
    receiver.answer = lambda request: next(replies)
    services.send_test(cast.seller.pk, endpoint.pk)

    assert deliver_due() == 1
    endpoint.refresh_from_db()
    assert endpoint.failing_since_at == frozen_clock.instant
    frozen_clock.advance(10)
    assert deliver_due() == 1
    assert deliver_due() == 0
    endpoint.refresh_from_db()
    assert endpoint.failing_since_at is None
    assert WebhookDelivery.objects.get().status == "delivered"


def test_wait_that_a_receiver_asks_for_is_kept(cast, receiver, frozen_clock):
    endpoint, _ = listen(cast.seller, receiver)
    receiver.always(429, Retry_After="3600")
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()

    due_at = WebhookDelivery.objects.get().next_try_at
    assert due_at == frozen_clock.instant + timedelta(hours=1)


def test_dead_endpoint_costs_one_request_a_look_and_delays_nobody(cast, receiver, frozen_clock):
    dead, _ = services.create_endpoint(
        cast.stranger, url="http://127.0.0.1:1/", kinds=ALL, description="", everything=False
    )
    alive, _ = listen(cast.seller, receiver)
    for _ in range(30):
        services.send_test(cast.stranger.pk, dead.pk)
    services.send_test(cast.seller.pk, alive.pk)
    WebhookEndpoint.objects.filter(pk=dead.pk).update(failing_since_at=frozen_clock.instant)

    assert deliver_due() == 2
    assert len(receiver.got) == 1
    assert WebhookAttempt.objects.filter(delivery__endpoint=dead).count() == 1


def test_endpoint_that_fails_for_days_is_switched_off_and_its_owner_told(
    cast, receiver, frozen_clock
):
    endpoint, _ = listen(cast.seller, receiver)
    receiver.always(500)
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()
    frozen_clock.advance(delivering.DISABLED_AFTER.total_seconds())
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()

    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason) == (False, "nothing was taken for 3 days")
    assert set(WebhookDelivery.objects.values_list("status", flat=True)) == {"failed"}
    note = Notification.objects.get(user=cast.seller, kind=Kind.WEBHOOK_DISABLED)
    assert endpoint.url in note.body


def test_receiver_that_is_gone_for_good_is_believed(cast, receiver):
    endpoint, _ = listen(cast.seller, receiver)
    receiver.always(410)
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()

    endpoint.refresh_from_db()
    assert endpoint.disabled_reason == "the receiver answered 410 Gone"


def test_endpoint_switched_on_again_is_told_from_then_on(cast, receiver, frozen_clock):
    endpoint, _ = listen(cast.seller, receiver)
    auction = AuctionFactory(seller=cast.seller)
    services.change_endpoint(cast.seller, endpoint.pk, {"enabled": False})
    frozen_clock.advance(60)
    bid(auction, cast.bidder1, 120)
    frozen_clock.advance(60)
    services.change_endpoint(cast.seller, endpoint.pk, {"enabled": True})
    bid(auction, cast.bidder2, 200)
    run_all()

    assert [body["data"]["amount"] for body in told(receiver)] == [200]


def test_private_address_is_not_sent_to_though_it_is_stored(cast, receiver, settings):
    endpoint, _ = listen(cast.seller, receiver)
    services.send_test(cast.seller.pk, endpoint.pk)
    settings.OUTGOING_TARGETS = "public"
    deliver_due()

    assert receiver.got == []
    assert WebhookAttempt.objects.get().error == "the address must begin with https://"


# -- again ----------------------------------------------------------------------------------------


def test_message_is_sent_once_more_under_its_id(cast, receiver):
    endpoint, _ = listen(cast.seller, receiver)
    row = services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()
    services.replay(cast.seller.pk, row.pk)
    deliver_due()

    assert len(receiver.got) == 2
    assert receiver.got[0].headers["webhook-id"] == receiver.got[1].headers["webhook-id"]
    assert receiver.got[0].body == receiver.got[1].body


def test_what_was_missed_since_is_sent_again(cast, receiver, frozen_clock):
    endpoint, _ = listen(cast.seller, receiver)
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()
    frozen_clock.advance(60)
    since = frozen_clock.instant
    receiver.always(410)
    missed = services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()
    receiver.always(204)
    services.change_endpoint(cast.seller, endpoint.pk, {"enabled": True})

    again = services.replay_since(cast.seller.pk, endpoint.pk, since, include_delivered=False)
    deliver_due()

    assert again == 1
    assert receiver.got[-1].headers["webhook-id"] == missed.message_id
    everything = services.replay_since(
        cast.seller.pk, endpoint.pk, since - timedelta(days=1), include_delivered=True
    )
    assert everything == 2


def test_account_has_so_many_webhooks_and_no_more(cast, receiver):
    for _ in range(services.ENDPOINTS_MAX):
        listen(cast.seller, receiver)

    with pytest.raises(HookRefused, match="too_many_webhooks"):
        listen(cast.seller, receiver)


def test_what_is_done_is_forgotten_in_time(cast, receiver, frozen_clock, settings):
    endpoint, _ = listen(cast.seller, receiver)
    services.send_test(cast.seller.pk, endpoint.pk)
    deliver_due()
    frozen_clock.advance((settings.WEBHOOK_DELIVERIES_KEPT_DAYS - 1) * 86_400)
    services.send_test(cast.seller.pk, endpoint.pk)
    assert delivering.forget_finished() == 0

    frozen_clock.advance(2 * 86_400)
    delivering.forget_finished()

    assert WebhookDelivery.objects.count() == WebhookEvent.objects.count() == 1
    assert WebhookDelivery.objects.get().status == "pending", "what waits is kept"


# -- an evening with crashes -----------------------------------------------------------------------


class DiesAtStatement:
    """Raises at the nth statement from now on: as if the process had been killed there."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self, execute: Any, *args: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Crash
        return execute(*args)


@pytest.mark.parametrize("seed", [1])
def test_evening_with_ten_crashes_reaches_the_receiver_whole(cast, receiver, frozen_clock, seed):
    """Each event of the log is received, none is made up; twice only under one and the same id."""
    chance = random.Random(seed)
    listen(cast.seller, receiver)
    auctions = [AuctionFactory(seller=cast.seller) for _ in range(5)]
    bidders = [cast.bidder1, cast.bidder2, cast.stranger]
    crashes = 0
    while crashes < 10:
        for _ in range(6):
            try:
                bid(chance.choice(auctions), chance.choice(bidders), chance.randint(100, 5000))
            except Refused:
                continue
        try:
            with connection.execute_wrapper(DiesAtStatement(chance.randint(3, 45))):
                gathering.gather()
                deliver_due()
        except Crash:
            crashes += 1
        frozen_clock.advance(delivering.CLAIM.total_seconds() + 1)
    run_all()
    while WebhookDelivery.objects.filter(status="pending").exists():
        frozen_clock.advance(delivering.CLAIM.total_seconds() + 1)
        deliver_due()

    expected = {
        (row.auction_id, row.seq)
        for row in BidHistory.objects.filter(type__in=auction_events.KINDS)
    }
    by_event: dict[tuple[int, int], set[str]] = {}
    for request in receiver.got:
        data = json.loads(request.body)["data"]
        by_event.setdefault((data["auction_id"], data["seq"]), set()).add(
            request.headers["webhook-id"]
        )
    assert set(by_event) == expected
    assert all(len(ids) == 1 for ids in by_event.values())
    assert len(receiver.got) - len(expected) <= crashes * delivering.OF_ONE_ENDPOINT_MAX
