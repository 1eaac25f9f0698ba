"""Subscriptions at a Stripe that answers over the network: checkouts, renewals, silence, chaos."""

import time

import httpx
import pytest

from apps.payments import inbox, subscription_services
from apps.payments.gateways import gateway_named
from apps.payments.ledger import Account, AccountKind, balance_minor
from apps.payments.models import Invoice, Subscription
from tests.factories import UserFactory
from tests.money.gateways import paypal_settings, stripe_settings

PATH = "/api/subscriptions/"
CANCEL = "/api/subscriptions/cancel/"
MINUTE, DAY = 60, 86_400
CLEARING = Account(AccountKind.PSP_CLEARING, "stripe")

pytestmark = pytest.mark.django_db


@pytest.fixture
def stripe(fakepay, settings, frozen_clock):
    """Return the controls; no instant is that of an earlier test, whose ids begin with 1 too."""
    frozen_clock.advance(time.time() % 1)
    settings.STRIPE = stripe_settings(fakepay)
    return fakepay.control


@pytest.fixture
def seller(db):
    return UserFactory(username="seller")


@pytest.fixture
def ask(api, seller):
    """Return a function: what the seller is answered now; a token lives an hour only."""

    def ask(method="get", path=PATH, body=None):
        return getattr(api(seller), method)(path, body)

    return ask


@pytest.fixture
def look(frozen_clock):
    """Return a function: the worker looks, so much later."""

    def look(seconds=MINUTE):
        frozen_clock.advance(seconds)
        return subscription_services.look_after_subscriptions(frozen_clock(), 100)

    return look


def booked():
    return balance_minor(CLEARING, "USD")


def agreed(stripe, ask, look, plan="pro"):
    """Subscribe, agree on Stripe's page, let the worker look; return the row."""
    assert ask("post", PATH, {"plan": plan}).status_code == 201
    row = Subscription.objects.latest("pk")
    stripe.complete_session(row.checkout_ref)
    look()
    row.refresh_from_db()
    assert row.status == "active"
    return row


def there(ref):
    return gateway_named("stripe").read_subscription(ref=ref, checkout_ref="")


def test_a_seller_agrees_on_stripes_page(stripe, ask, look):
    asked = ask("post", PATH, {"plan": "pro"})

    assert asked.status_code == 201
    assert (asked.json()["status"], asked.json()["listings_max"]) == ("incomplete", 50)
    assert asked.json()["approve_url"].startswith("http")
    assert ask("post", PATH, {"plan": "pro"}).json() == asked.json()
    look()
    assert ask().json() == asked.json()
    stripe.complete_session(Subscription.objects.get().checkout_ref)
    look()
    body = ask().json()
    assert (body["status"], body["listings_max"]) == ("active", 500)
    assert "approve_url" not in body
    assert booked() == Invoice.objects.get().total_minor == 29_00


def test_a_checkout_that_nobody_finishes_lapses(fakepay, stripe, ask, look):
    ask("post", PATH, {"plan": "pro"})
    row = Subscription.objects.get()
    key = {"Authorization": f"Bearer {fakepay.stripe_secret}"}
    session = f"{fakepay.url}/v1/checkout/sessions/{row.checkout_ref}"
    httpx.post(f"{session}/expire", headers=key).raise_for_status()
    look()

    assert ask().json()["plan"] == "free"
    assert look(DAY) == 0, "nobody is asked about it again"
    assert ask("post", PATH, {"plan": "pro"}).status_code == 201
    assert booked() == 0


def test_the_first_word_of_it_may_name_a_subscription_we_do_not_know(stripe, ask):
    ask("post", PATH, {"plan": "pro"})
    row = Subscription.objects.get()
    ref = stripe.complete_session(row.checkout_ref)["subscription"]

    assert inbox.look_at("stripe", f"subscription:{ref}", cause="test:hint") is True
    assert inbox.look_at("stripe", f"subscription:{ref}", cause="test:hint") is True
    row.refresh_from_db()
    assert (row.status, row.provider_ref) == ("active", ref)
    assert booked() == 29_00
    assert inbox.look_at("stripe", "subscription:sub_unknown", cause="test:hint") is False


def test_renewals_are_booked_once_and_only_when_they_are_paid(stripe, ask, look):
    row = agreed(stripe, ask, look)
    stripe.renew(row.provider_ref)
    look(DAY)
    look(DAY)
    assert booked() == 58_00
    stripe.renew(row.provider_ref, fails=True)
    look(DAY)
    assert (ask().json()["status"], booked()) == ("past_due", 58_00)
    assert ask().json()["listings_max"] == 500
    look(8 * DAY)
    assert ask().json()["listings_max"] == 50
    stripe.renew(row.provider_ref)
    look(DAY)
    assert (ask().json()["status"], booked()) == ("active", 87_00)
    assert Invoice.objects.count() == 3


def test_cancelling_is_stripes_to_carry_out(stripe, ask, look):
    row = agreed(stripe, ask, look)

    answer = ask("post", CANCEL)

    assert answer.json()["cancel_at_period_end"] is True
    assert there(row.provider_ref).cancel_at_period_end is True
    stripe.renew(row.provider_ref)
    look(DAY)
    assert ask().json()["plan"] == "free"
    assert booked() == 29_00


def test_the_old_plan_goes_on_until_the_new_one_is_agreed_to(stripe, ask, look):
    old = agreed(stripe, ask, look)
    ask("post", PATH, {"plan": "business"})
    look()
    assert ask().json()["plan"] == "pro"
    assert there(old.provider_ref).cancel_at_period_end is False
    new = Subscription.objects.latest("pk")
    stripe.complete_session(new.checkout_ref)
    look()
    look(1)

    assert (ask().json()["plan"], ask().json()["listings_max"]) == ("business", None)
    assert there(old.provider_ref).cancel_at_period_end is True
    new.refresh_from_db()
    assert there(new.provider_ref).cancel_at_period_end is False


@pytest.mark.parametrize("kind", ["reset_before", "reset_after", "500"])
def test_a_silent_provider_is_asked_again_and_opens_one_checkout(stripe, ask, look, kind):
    stripe.chaos(error_rate=1, kinds=[kind])
    asked = ask("post", PATH, {"plan": "pro"})
    assert (asked.status_code, asked.json()["status"]) == (201, "incomplete")
    assert "approve_url" not in asked.json()
    assert look() == 0
    stripe.chaos()
    look(10 * MINUTE)

    assert ask().json()["approve_url"]
    assert Subscription.objects.count() == 1


def test_a_provider_that_stays_silent_is_given_up_on(stripe, ask, look):
    stripe.chaos(error_rate=1, kinds=["reset_before"])
    ask("post", PATH, {"plan": "pro"})
    stripe.chaos()

    look(DAY)

    assert ask().json()["plan"] == "free"
    assert Subscription.objects.get().status == "incomplete_expired"


def test_a_silent_provider_cancels_nothing_and_says_so(stripe, ask, look):
    agreed(stripe, ask, look)
    stripe.chaos(error_rate=1, kinds=["reset_before"])

    answer = ask("post", CANCEL)

    assert (answer.status_code, answer.json()["code"]) == (503, "provider_silent")
    assert ask().json()["cancel_at_period_end"] is False


def test_a_provider_that_refuses_for_good_ends_it(fakepay, settings, ask):
    settings.PAYPAL = paypal_settings(fakepay, plans={})

    answer = ask("post", PATH, {"plan": "pro", "payment_method": "paypal"})

    assert (answer.status_code, answer.json()["code"]) == (400, "provider_refused")
    assert Subscription.objects.get().status == "incomplete_expired"


def test_chaos_changes_nothing_in_the_end(stripe, ask, look):
    """A third of all requests fails before or after its effect; the books still come out."""
    stripe.chaos(error_rate=0.3, kinds=["reset_before", "reset_after", "429"])

    def look_until(**there):
        for _ in range(40):
            if Subscription.objects.filter(**there).exists():
                return Subscription.objects.get(**there)
            look(10 * MINUTE)
        raise AssertionError(f"never came about: {there}")

    for plan in ("pro", "business"):
        ask("post", PATH, {"plan": plan})
        row = look_until(plan=plan, checkout_ref__gt="")
        stripe.complete_session(row.checkout_ref)
        look_until(plan=plan, status="active")
    old = look_until(plan="pro", cancel_at_period_end=True)
    new = look_until(plan="business", paid_until__isnull=False)
    stripe.renew(new.provider_ref)
    stripe.renew(old.provider_ref)  # it was cancelled: this is its end
    look(DAY)
    look_until(plan="pro", status="canceled")
    look_until(plan="business", paid_until__gt=new.paid_until)

    assert booked() == 29_00 + 2 * 99_00
    assert Invoice.objects.count() == 3
