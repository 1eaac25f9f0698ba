"""Where sellers are paid: the doors, and what the worker does about accounts that are not ready."""

from datetime import timedelta

import pytest

from apps.core import clock
from apps.payments import accounts, inbox
from apps.payments.models import PayoutAccount
from tests.factories import UserFactory
from tests.money.gateways import number, stripe_settings

PATH = "/api/payments/payout-accounts/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller(db):
    return UserFactory(username="seller", email="Seller@example.com")


@pytest.fixture
def client(api, seller):
    return api(seller)


def listed(client):
    return client.get(PATH).json()["results"]


def test_accounts_are_their_owners_own(client, api):
    assert api(None).get(PATH).status_code == 401
    assert api(None).post(PATH).status_code == 401
    assert client.post(PATH, {"provider": "stripe"}).status_code == 201

    assert listed(client) == [{"provider": "sandbox", "ready": True}]
    assert listed(api(UserFactory())) == []


def test_play_money_needs_no_details(client):
    first, again = (client.post(PATH, {"provider": "stripe"}) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json() == {"provider": "sandbox", "ready": True}
    assert PayoutAccount.objects.count() == 1


def test_in_the_sandbox_everybody_can_be_paid(seller):
    row = accounts.payout_account(seller.pk, "sandbox")

    assert row is not None
    assert row.ready
    assert accounts.payout_account(seller.pk, "sandbox") == row


def test_elsewhere_who_has_not_said_where_cannot_be_paid(seller):
    assert accounts.payout_account(seller.pk, "stripe") is None
    assert accounts.payout_account(seller.pk, "paypal") is None


@pytest.mark.parametrize("provider", ["", "sandbox", "bank", None, 1])
def test_an_unknown_provider_is_refused(client, provider):
    answer = client.post(PATH, {"provider": provider})

    assert answer.status_code == 400
    assert answer.json()["fields"] == ["provider"]


def test_a_wrong_provider_is_told_the_right_ones(client):
    answer = client.post(PATH, {"provider": "bank"})

    assert answer.json()["error"] == "provider: must be one of: stripe, paypal"


@pytest.mark.parametrize("email", ["other@example.com", "seller@example.com.evil.test", ""])
def test_paypal_pays_to_the_accounts_own_address_alone(client, email):
    answer = client.post(PATH, {"provider": "paypal", "email": email})

    assert answer.status_code == 400
    assert not PayoutAccount.objects.exists()


def test_paypal_asks_for_the_address(client):
    answer = client.post(PATH, {"provider": "paypal"})

    assert answer.status_code == 400
    assert answer.json()["code"] == "address_not_yours"


@pytest.mark.parametrize("check", ["optional", "required"])
def test_an_address_has_to_be_confirmed_where_the_site_confirms_any(
    client, seller, settings, check
):
    settings.EMAIL_VERIFICATION = check
    body = {"provider": "paypal", "email": "seller@EXAMPLE.com"}

    refused = client.post(PATH, body)
    assert refused.status_code == 400
    assert refused.json()["code"] == "address_unverified"
    seller.email_verified_at = clock.now()
    seller.save()
    assert client.post(PATH, body).status_code == 201


def test_a_method_nobody_carries_out_is_refused(client, settings):
    settings.SANDBOX_PAYMENTS = False

    answer = client.post(PATH, {"provider": "stripe"})

    assert (answer.status_code, answer.json()["code"]) == (400, "method_unavailable")


# -- accounts that are not ready -----------------------------------------------------------------


def waiting(user, **row):
    fields = {
        "provider": "sandbox",
        "account_ref": f"sandbox:seller:{user.pk}",
        "ready": False,
        "created_at": clock.now(),
        "check_at": clock.now(),
    }
    return PayoutAccount.objects.create(user=user, **(fields | row))


def test_an_account_that_was_not_ready_is_asked_about_again(seller, frozen_clock):
    row = waiting(seller)

    assert accounts.look_after_accounts(frozen_clock(), 10) == 1
    row.refresh_from_db()
    assert row.ready
    assert row.check_at is None
    assert accounts.look_after_accounts(frozen_clock(), 10) == 0


def test_a_webhook_about_an_account_has_it_read(seller, frozen_clock):
    row = waiting(seller, check_at=None)

    assert inbox.look_at("sandbox", f"account:{row.account_ref}", cause="test:hint") is True
    assert inbox.look_at("sandbox", "account:sandbox:seller:nobody", cause="test:hint") is False
    row.refresh_from_db()
    assert row.ready


def test_a_provider_that_does_not_answer_is_asked_more_rarely(seller, settings, frozen_clock):
    """Nobody listens on port 9."""
    settings.STRIPE = {**settings.STRIPE, "secret_key": "sk_test_1", "api": "http://127.0.0.1:9"}
    row = waiting(seller, provider="stripe", account_ref="acct_1")
    waits = []
    for age in (0, 3600, 8 * 86_400):
        frozen_clock.set(row.created_at + timedelta(seconds=age))
        assert accounts.look_after_accounts(frozen_clock(), 10) == 0
        row.refresh_from_db()
        waits.append((row.check_at - frozen_clock()).total_seconds())
    frozen_clock.advance(90 * 86_400)
    accounts.look_after_accounts(frozen_clock(), 10)
    row.refresh_from_db()

    assert waits == [30, 900, 86_400]
    assert row.check_at is None
    assert not row.ready


def test_a_provider_that_does_not_answer_is_503(client, settings):
    settings.STRIPE = {**settings.STRIPE, "secret_key": "sk_test_1", "api": "http://127.0.0.1:9"}

    answer = client.post(PATH, {"provider": "stripe"})

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert not PayoutAccount.objects.exists()


@pytest.fixture
def at_stripe(api, fakepay, settings):
    """Return the client of a seller whom that Stripe has not met in an earlier test."""
    settings.STRIPE = stripe_settings(fakepay)
    return api(UserFactory(email=f"seller{number()}@example.com"))


def test_stripe_wants_details_and_pays_when_it_has_them(at_stripe, fakepay):
    client = at_stripe
    first, again = (client.post(PATH, {"provider": "stripe"}) for _ in range(2))
    row = PayoutAccount.objects.get()

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["ready"] is again.json()["ready"] is False
    assert first.json()["onboarding_url"] != again.json()["onboarding_url"]
    assert listed(client) == [{"provider": "stripe", "ready": False}]
    fakepay.control.onboard(row.account_ref)
    later = clock.now() + timedelta(minutes=1)
    assert accounts.look_after_accounts(later, 10) == 1
    assert listed(client) == [{"provider": "stripe", "ready": True}]
    fakepay.control.onboard(row.account_ref, enabled=False)
    hint = f"account:{row.account_ref}"
    assert inbox.look_at("stripe", hint, cause="test:hint") is True
    assert listed(client) == [{"provider": "stripe", "ready": False}]


def test_who_has_finished_since_is_ready_when_he_asks_again(at_stripe, fakepay):
    at_stripe.post(PATH, {"provider": "stripe"})
    row = PayoutAccount.objects.get()
    fakepay.control.onboard(row.account_ref)

    answer = at_stripe.post(PATH, {"provider": "stripe"})

    assert answer.json() == {"provider": "stripe", "ready": True}
    assert PayoutAccount.objects.get().account_ref == row.account_ref
