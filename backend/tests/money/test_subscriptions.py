"""Subscriptions through their doors, with play money; and whatever a provider may say of them."""

import random
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from apps.core import clock
from apps.payments import inbox, subscription_services, worker
from apps.payments.integrations.base import ProviderSubscription
from apps.payments.ledger import Account, AccountKind, balance_minor
from apps.payments.models import (
    InboxEvent,
    Invoice,
    LedgerTransaction,
    SandboxObject,
    StateChange,
    Subscription,
)
from apps.payments.subscription_selectors import plan_of
from domain.plans import FREE, PLANS
from domain.settlement import SUBSCRIPTION, SubscriptionStatus
from tests.factories import UserFactory

S = SubscriptionStatus
PATH = "/api/subscriptions/"
CANCEL = "/api/subscriptions/cancel/"
PERIOD = timedelta(days=30)
INCOME = Account(AccountKind.SUBSCRIPTION)
CLEARING = Account(AccountKind.PSP_CLEARING, "sandbox")

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(db):
    return UserFactory(username="seller")


@pytest.fixture
def client(api, seller):
    return api(seller)


@pytest.fixture
def read(api, seller):
    """Return a function: what the seller is told now; a token lives an hour only."""
    return lambda: api(seller).get(PATH).json()


def subscribed(client, plan="pro", **more):
    answer = client.post(PATH, {"plan": plan}, **more)
    assert answer.status_code == 201, answer.json()
    return answer.json()


def look(clock_to_move=None, seconds=0):
    """Let the worker look, a while later if told."""
    if clock_to_move is not None:
        clock_to_move.advance(seconds)
    subscription_services.look_after_subscriptions(clock.database_now(), 100)


def incomplete(user, plan="pro", **row):
    """Return a subscription whose user has yet to agree, as one of Stripe's begins."""
    now = clock.now()
    fields = {
        "user": user,
        "plan": plan,
        "currency": "USD",
        "price_minor": PLANS[plan].price_major * 100,
        "provider": "sandbox",
        "status": S.INCOMPLETE,
        "checkout_ref": f"cs_{plan}",
        "approve_url": f"https://pay.example/{plan}",
        "created_at": now,
        "check_at": now,
    }
    return Subscription.objects.create(**(fields | row))


def said(row, status=S.ACTIVE, **more):
    """Return what a provider may say of a row."""
    fields = {
        "ref": f"sub_{row.pk}",
        "status": status,
        "plan": row.plan,
        "user_id": row.user_id,
        "checkout_ref": row.checkout_ref,
        "current_period_end": row.created_at + PERIOD,
    }
    return ProviderSubscription(**(fields | more))


def apply(row, found):
    return subscription_services.apply_subscription(row.pk, found, cause="test:said")


# -- reading -------------------------------------------------------------------------------------


def test_who_has_never_subscribed_is_on_the_free_plan(client):
    body = client.get(PATH).json()

    plans = body.pop("plans")
    assert body == {
        "plan": "free",
        "status": "active",
        "current_period_end": None,
        "cancel_at_period_end": False,
        "price": 0,
        "currency": "USD",
        "listings_max": 50,
        "commission_percent": None,
    }
    assert [(each["plan"], each["price"], each["listings_max"]) for each in plans] == [
        ("free", 0, 50),
        ("pro", 29, 500),
        ("business", 99, None),
    ]
    assert [each["commission_percent"] for each in plans] == [None, 3, 1.5]


@pytest.mark.parametrize(("method", "path"), [("get", PATH), ("post", PATH), ("post", CANCEL)])
def test_a_subscription_needs_an_account(api, method, path):
    assert getattr(api(None), method)(path).status_code == 401


def test_a_subscription_stays_out_of_caches(client):
    assert client.get(PATH).headers["Cache-Control"] == "private, no-store"


# -- subscribing ---------------------------------------------------------------------------------


def test_play_money_agrees_at_once(client, seller, frozen_clock):
    body = subscribed(client)

    assert (body["plan"], body["status"], body["price"]) == ("pro", "active", 29)
    assert (body["listings_max"], body["commission_percent"]) == (500, 3)
    assert "approve_url" not in body
    ends_at = Subscription.objects.get().current_period_end
    assert ends_at == frozen_clock() + PERIOD
    assert client.get(PATH).json() == body


def test_the_first_period_is_in_the_books_and_on_an_invoice(client, seller):
    subscribed(client)

    row = Subscription.objects.get()
    key = f"subscription:{row.provider_ref}:{row.current_period_end:%Y-%m-%d}"
    assert balance_minor(INCOME, "USD") == balance_minor(CLEARING, "USD") == 29_00
    assert LedgerTransaction.objects.get().key == key
    arrow = StateChange.objects.get(kind="subscription", became="active")
    assert (arrow.was, arrow.ledger_key) == ("incomplete", key)
    invoice = Invoice.objects.get()
    assert (invoice.user, invoice.kind, invoice.total_minor) == (seller, "subscription", 29_00)


def test_the_same_plan_again_is_the_same_subscription(client):
    first = subscribed(client)
    again = client.post(PATH, {"plan": "pro"})

    assert again.status_code == 200
    assert again.json() == first
    assert Subscription.objects.count() == 1
    assert balance_minor(INCOME, "USD") == 29_00


def test_the_same_key_gives_the_same_subscription_and_no_other_plan(client):
    key = {"HTTP_IDEMPOTENCY_KEY": "a-key"}
    subscribed(client, **key)

    assert client.post(PATH, {"plan": "pro"}, **key).status_code == 200
    other = client.post(PATH, {"plan": "business"}, **key)

    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_key_reused"
    assert Subscription.objects.count() == 1


def test_a_key_is_its_users_own(client, api):
    key = {"HTTP_IDEMPOTENCY_KEY": "a-key"}
    subscribed(client, **key)
    subscribed(api(UserFactory()), "business", **key)

    assert Subscription.objects.count() == 2


def test_an_unknown_plan_is_told_the_plans_there_are(client):
    for plan in ("gold", "", None, 7, ["pro"]):
        answer = client.post(PATH, {"plan": plan})

        assert answer.status_code == 400, plan
        assert answer.json()["fields"] == ["plan"]
    assert "free, pro, business" in client.post(PATH, {"plan": "gold"}).json()["error"]


def test_the_free_plan_is_had_by_cancelling(client):
    answer = client.post(PATH, {"plan": "free"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "plan_is_free"
    assert CANCEL in answer.json()["error"]


def test_a_method_nobody_carries_out_is_refused(client, settings):
    settings.SANDBOX_PAYMENTS = False

    answer = client.post(PATH, {"plan": "pro", "payment_method": "paypal"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "method_unavailable"
    assert not Subscription.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_once_make_one_subscription(transactional_db):
    user, made = UserFactory(), []

    def ask():
        try:
            made.append(subscription_services.subscribe(user.pk, "pro"))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(created for _, created in made) == [False] * 7 + [True]
    assert Subscription.objects.count() == SandboxObject.objects.count() == 1
    assert balance_minor(INCOME, "USD") == 29_00


# -- cancelling ----------------------------------------------------------------------------------


def test_nothing_can_not_be_cancelled(client, seller):
    answer = client.post(CANCEL)

    assert answer.status_code == 400
    assert answer.json()["code"] == "no_subscription"


def test_a_cancelled_one_lasts_as_long_as_it_is_paid(client, seller, api, read, frozen_clock):
    subscribed(client)
    first, again = client.post(CANCEL), client.post(CANCEL)

    assert first.status_code == again.status_code == 200
    assert first.json()["cancel_at_period_end"] is True
    assert (first.json()["status"], first.json()["listings_max"]) == ("active", 500)
    look(frozen_clock, PERIOD.total_seconds() - 60)
    assert read()["plan"] == "pro"
    look(frozen_clock, 121)
    body = read()
    assert (body["plan"], body["status"], body["listings_max"]) == ("free", "active", 50)
    assert Subscription.objects.get().status == S.CANCELED
    assert balance_minor(INCOME, "USD") == 29_00
    assert subscribed(api(seller))["status"] == "active"


def test_what_is_cancelled_and_paid_is_not_sold_twice(client):
    ends_at = subscribed(client)["current_period_end"]
    client.post(CANCEL)

    answer = client.post(PATH, {"plan": "pro"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "plan_still_paid"
    assert ends_at[:10] in answer.json()["error"]
    assert client.post(PATH, {"plan": "business"}).status_code == 201


# -- changing plans ------------------------------------------------------------------------------


def test_a_better_plan_counts_at_once_and_the_old_one_is_not_renewed(client, read, frozen_clock):
    subscribed(client)
    frozen_clock.advance(1800)
    body = subscribed(client, "business")

    assert (body["plan"], body["listings_max"], body["commission_percent"]) == (
        "business",
        None,
        1.5,
    )
    look()
    old, new = Subscription.objects.order_by("pk")
    assert (old.status, old.cancel_at_period_end) == (S.ACTIVE, True)
    assert (new.status, new.cancel_at_period_end) == (S.ACTIVE, False)
    assert read() == body
    for _ in range(3):
        look(frozen_clock, PERIOD.total_seconds())
    assert [row.status for row in Subscription.objects.order_by("pk")] == [S.CANCELED, S.ACTIVE]
    old_periods = LedgerTransaction.objects.filter(key__contains=old.provider_ref + ":")
    assert old_periods.count() == 1


def test_a_lesser_plan_leaves_the_better_one_until_its_period_ends(client, read, frozen_clock):
    subscribed(client, "business")
    frozen_clock.advance(1800)
    body = subscribed(client, "pro")
    look()

    assert (body["plan"], body["listings_max"]) == ("pro", None)
    look(frozen_clock, PERIOD.total_seconds() - 1800 + 61)
    body = read()
    assert (body["plan"], body["listings_max"], body["commission_percent"]) == ("pro", 500, 3)


def test_cancelling_the_new_one_does_not_bring_the_old_one_back(client, frozen_clock):
    subscribed(client)
    subscribed(client, "business")

    assert client.post(CANCEL).json()["plan"] == "business"
    look(frozen_clock, 1)
    assert Subscription.objects.filter(cancel_at_period_end=True).count() == 2


def test_the_one_agreed_to_last_goes_on_whichever_was_opened_first(seller, frozen_clock):
    earlier, later = incomplete(seller), incomplete(seller, "business")
    apply(later, said(later))
    frozen_clock.advance(60)
    apply(earlier, said(earlier))
    later.refresh_from_db()

    assert later.check_at == frozen_clock(), "the worker looks at it next, and cancels it"


# -- what a provider says ------------------------------------------------------------------------


def test_one_is_incomplete_until_its_user_has_agreed(client, seller):
    row = incomplete(seller)
    body = client.get(PATH).json()

    assert (body["plan"], body["status"], body["listings_max"]) == ("pro", "incomplete", 50)
    assert body["approve_url"] == row.approve_url
    again = client.post(PATH, {"plan": "pro"})
    assert again.status_code == 200
    assert again.json() == body
    assert client.post(CANCEL).status_code == 400
    apply(row, said(row))
    assert client.get(PATH).json()["status"] == "active"


def test_one_that_nobody_agreed_to_expires(client, seller):
    row = incomplete(seller)
    apply(row, said(row, S.INCOMPLETE_EXPIRED, ref="", current_period_end=None))

    assert client.get(PATH).json()["plan"] == "free"
    row.refresh_from_db()
    assert row.check_at is None
    assert not LedgerTransaction.objects.exists()


def test_each_period_is_booked_once_with_its_invoice(client, seller, frozen_clock):
    subscribed(client)
    for month in (1, 2, 3):
        look(frozen_clock, 60)
        look(frozen_clock, PERIOD.total_seconds())
        look(frozen_clock, 60)
        assert balance_minor(INCOME, "USD") == 29_00 * (month + 1)
    assert Invoice.objects.count() == LedgerTransaction.objects.count() == 4
    assert len({invoice.source_key for invoice in Invoice.objects.all()}) == 4


def test_a_period_is_booked_when_it_is_paid_not_when_it_begins(seller):
    row = incomplete(seller)
    found = said(row)
    apply(row, found)
    renewed = replace(found, current_period_end=row.created_at + 2 * PERIOD, is_paid=False)

    apply(row, renewed)
    assert balance_minor(INCOME, "USD") == 29_00
    apply(row, replace(renewed, status=S.PAST_DUE))
    assert balance_minor(INCOME, "USD") == 29_00
    apply(row, replace(renewed, is_paid=True))
    assert balance_minor(INCOME, "USD") == 58_00


def test_a_period_whose_end_is_told_otherwise_is_not_paid_twice(seller):
    row = incomplete(seller)
    found = said(row)
    apply(row, found)
    apply(row, replace(found, current_period_end=found.current_period_end + timedelta(days=3)))

    assert balance_minor(INCOME, "USD") == 29_00


def test_who_is_late_keeps_the_plan_for_a_week(seller, read, frozen_clock):
    row = incomplete(seller)
    found = said(row)
    apply(row, found)
    apply(row, replace(found, status=S.PAST_DUE))
    body = read()

    assert (body["status"], body["listings_max"]) == ("past_due", 500)
    frozen_clock.advance(6 * 86_400)
    apply(row, replace(found, status=S.PAST_DUE))
    assert plan_of(seller.pk, frozen_clock()) == PLANS["pro"]
    frozen_clock.advance(86_401)
    body = read()
    assert (body["plan"], body["status"], body["listings_max"]) == ("pro", "past_due", 50)
    apply(row, found)
    assert plan_of(seller.pk, frozen_clock()) == PLANS["pro"]


def test_an_arrow_that_does_not_exist_is_told_to_staff_and_ignored(seller, caplog):
    row = incomplete(seller)
    apply(row, said(row))
    apply(row, said(row, S.CANCELED))
    before = StateChange.objects.count()

    after = apply(row, said(row, current_period_end=row.created_at + 2 * PERIOD))

    assert after.status == S.CANCELED
    assert StateChange.objects.count() == before
    assert balance_minor(INCOME, "USD") == 29_00
    assert "is canceled; ignored" in caplog.text


@pytest.mark.parametrize(
    "other", [{"user_id": 4711}, {"checkout_ref": "cs_other"}, {"user_id": 0}], ids=str
)
def test_somebody_elses_object_is_told_to_staff_and_ignored(seller, caplog, other):
    row = incomplete(seller)

    assert apply(row, said(row, **other)).status == S.INCOMPLETE
    assert "ignored" in caplog.text
    assert plan_of(seller.pk, clock.now()) == FREE


def test_nothing_said_twice_or_out_of_order_breaks_a_row(seller, frozen_clock):
    """Whatever is said, and however often: legal arrows only, and no period is booked twice."""
    chance = random.Random(56)
    row = incomplete(seller)
    for _ in range(300):
        frozen_clock.advance(chance.randrange(86_400))
        period = chance.randrange(1, 13) * PERIOD
        apply(
            row,
            said(
                row,
                chance.choice(list(S)),
                current_period_end=row.created_at + period,
                is_paid=chance.random() < 0.8,
                cancel_at_period_end=chance.random() < 0.2,
            ),
        )
        row.refresh_from_db()
        if SUBSCRIPTION.is_final(S(row.status)):
            row = incomplete(seller)
    arrows = StateChange.objects.filter(kind="subscription").exclude(was="")
    assert all(SUBSCRIPTION.allows(S(each.was), S(each.became)) for each in arrows)
    keys = LedgerTransaction.objects.values_list("key", flat=True)
    assert balance_minor(INCOME, "USD") == 29_00 * len(keys) > 0
    assert Invoice.objects.count() == len(keys)


# -- the worker and the inbox --------------------------------------------------------------------


def test_the_provider_tells_through_the_inbox(client, seller):
    subscribed(client)
    inbox.apply_waiting(clock.database_now(), 100)

    assert [event.state for event in InboxEvent.objects.all()] == ["applied"]


def test_a_subscription_nobody_knows_is_none_of_ours(db):
    assert subscription_services.refresh_by_ref("sandbox", "sub_1", cause="test:hint") is False


def test_a_cancellation_at_the_provider_is_noticed_within_a_day(client, read, frozen_clock):
    subscribed(client)
    look(frozen_clock, 61)
    row = SandboxObject.objects.get()
    row.data["ends_at"] = (frozen_clock() + PERIOD).isoformat()
    row.save()

    look(frozen_clock, 86_401)

    assert read()["cancel_at_period_end"] is True


def test_the_worker_looks_after_subscriptions(client, seller, frozen_clock):
    subscribed(client)
    frozen_clock.advance(PERIOD.total_seconds() + 61)

    worker.do_due_work()

    assert balance_minor(INCOME, "USD") == 58_00


def test_a_row_is_asked_about_more_rarely_the_longer_nobody_agrees(seller, frozen_clock):
    row = incomplete(seller)
    waits = []
    for age in (0, 60, 600, 7200, 86_000):
        frozen_clock.set(row.created_at + timedelta(seconds=age))
        apply(row, said(row, S.INCOMPLETE, ref="", current_period_end=None))
        row.refresh_from_db()
        waits.append((row.check_at - frozen_clock()).total_seconds())

    assert waits == [5, 15, 150, 1800, 3600]
