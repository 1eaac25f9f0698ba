"""The Stripe gateway against a Stripe of our own, through the real SDK and real sockets."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import stripe

from apps.core import clock
from apps.payments.integrations.base import (
    Declined,
    GatewayError,
)
from apps.payments.integrations.stripe_handler import StripeGateway
from apps.payments.integrations.stripe_shapes import (
    bank_refs_of,
    charge_of,
    dispute_of,
)
from domain.settlement import CallKind, PaymentStatus, SubscriptionStatus
from tests.fakepay.client import Fakepay
from tests.money.gateways import (
    charge_request,
    move_request,
    number,
    paid_stripe,
    stripe_gateway,
    stripe_seller,
    subscription_request,
)

FEE_MINOR = 320  # of 100.00: 2.9 % and 0.30


@pytest.fixture(autouse=True)
def _sdk_retries_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.0)


@pytest.fixture
def gateway(fakepay: Fakepay) -> StripeGateway:
    return stripe_gateway(fakepay)


# -- charges -------------------------------------------------------------------------------------


def test_an_opened_charge_waits_for_its_buyer_and_again_with_its_key_is_the_same(
    gateway: StripeGateway,
) -> None:
    request = charge_request()
    charge = gateway.open_charge(request)
    assert charge.status is PaymentStatus.REQUIRES_ACTION
    assert charge.client_secret.startswith(f"{charge.ref}_secret_")
    assert (charge.amount_minor, charge.currency) == (10_000, "USD")
    assert charge.payment_id == request.payment_id
    assert (charge.capture_ref, charge.fee_minor, charge.failure) == ("", 0, "")
    assert gateway.open_charge(request).ref == charge.ref


def test_a_paid_charge_has_its_capture_and_its_fee(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge = paid_stripe(fakepay, gateway)
    assert charge.status is PaymentStatus.SUCCEEDED
    assert charge.capture_ref.startswith("ch_")
    assert (charge.fee_minor, charge.refunded_minor, charge.disputes) == (FEE_MINOR, 0, ())
    assert gateway.confirm_charge(charge.ref, idempotency_key="any") == charge


@pytest.mark.parametrize(("live", "payer"), [(True, "fp4242fakepay"), (False, "")])
def test_a_live_card_names_its_payer_and_a_test_card_nobody(live: bool, payer: str) -> None:
    paid = {
        "id": "ch_1",
        "paid": True,
        "livemode": live,
        "amount_refunded": 0,
        "balance_transaction": None,
        "payment_method_details": {"card": {"fingerprint": "fp4242fakepay"}, "type": "card"},
    }
    intent = {
        "id": "pi_1",
        "status": "succeeded",
        "amount": 10_000,
        "currency": "usd",
        "metadata": {"payment_id": "7"},
        "client_secret": None,
        "last_payment_error": None,
        "latest_charge": paid,
    }

    assert charge_of(intent).payer_ref == payer
    assert charge_of(intent | {"latest_charge": None}).payer_ref == ""


def test_a_declined_card_is_told_to_the_buyer_who_may_take_another(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge = gateway.open_charge(charge_request())
    fakepay.control.pay(charge.ref, card="4000000000009995")
    with pytest.raises(Declined, match="insufficient funds") as caught:
        gateway.confirm_charge(charge.ref, idempotency_key="any")
    assert (caught.value.code, caught.value.permanent) == ("insufficient_funds", True)
    charge = gateway.read_charge(charge.ref)
    assert charge.status is PaymentStatus.REQUIRES_ACTION
    assert charge.failure == "Your card has insufficient funds."
    assert charge.capture_ref == "", "the charge of a declined card is nothing to refund"
    fakepay.control.pay(charge.ref)
    charge = gateway.confirm_charge(charge.ref, idempotency_key="any")
    assert (charge.status, charge.failure) == (PaymentStatus.SUCCEEDED, "")


def test_a_charge_may_wait_for_the_buyers_bank_or_be_under_way(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    asked = gateway.open_charge(charge_request())
    fakepay.control.pay(asked.ref, card="4000002760003184", authenticate="leave")
    charge = gateway.confirm_charge(asked.ref, idempotency_key="any")
    assert charge.status is PaymentStatus.REQUIRES_ACTION
    slow = gateway.open_charge(charge_request())
    fakepay.control.pay(slow.ref, processing=True)
    assert gateway.read_charge(slow.ref).status is PaymentStatus.PROCESSING


def test_a_charge_is_cancelled_once_and_never_when_it_is_paid(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge = gateway.open_charge(charge_request())
    assert gateway.cancel_charge(charge.ref).status is PaymentStatus.CANCELED
    assert gateway.cancel_charge(charge.ref).status is PaymentStatus.CANCELED
    taken = paid_stripe(fakepay, gateway)
    assert gateway.cancel_charge(taken.ref) == taken


def test_the_charge_of_a_payment_is_found_by_its_metadata(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    since = clock.now()
    charge = paid_stripe(fakepay, gateway)
    assert charge.payment_id is not None
    gateway.open_charge(charge_request(charge.payment_id, idempotency_key=f"other:{number()}"))
    assert gateway.find_charge(charge.payment_id, since) == charge, "a paid one goes first"
    assert gateway.find_charge(number(), since) is None
    assert gateway.find_charge(charge.payment_id, since + timedelta(hours=1)) is None


def test_charges_are_listed_beyond_the_first_page(gateway: StripeGateway) -> None:
    since = clock.now()
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(gateway.open_charge, [charge_request() for _ in range(120)]))
    listed = [charge.ref for charge in gateway.list_charges(since)]
    assert {charge.ref for charge in opened} <= set(listed)
    assert len(listed) == len(set(listed))
    first = opened[0]
    assert first.payment_id is not None
    assert gateway.find_charge(first.payment_id, since) == first


# -- moves ---------------------------------------------------------------------------------------


def test_a_refund_gives_back_a_part_and_then_the_rest_and_no_more(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge = paid_stripe(fakepay, gateway)
    part = gateway.refund(move_request(charge, 4_000, "refund"))
    assert (part.status, part.amount_minor) == ("done", 4_000)
    assert gateway.refund(move_request(charge, 4_000, "refund")) == part
    assert gateway.read_charge(charge.ref).refunded_minor == 4_000
    over = move_request(charge, 6_001, "refund", idempotency_key=f"over:{charge.payment_id}")
    with pytest.raises(GatewayError) as caught:
        gateway.refund(over)
    assert (caught.value.permanent, caught.value.unknown) == (True, False)
    rest = move_request(charge, 6_000, "refund", idempotency_key=f"rest:{charge.payment_id}")
    assert gateway.refund(rest).status == "done"
    assert gateway.read_charge(charge.ref).refunded_minor == 10_000
    assert gateway.read_move(CallKind.REFUND, part.ref) == part


def test_a_refund_may_be_pending_and_may_fail(fakepay: Fakepay, gateway: StripeGateway) -> None:
    charge = gateway.open_charge(charge_request())
    fakepay.control.pay(charge.ref, card="4000000000007726")
    charge = gateway.read_charge(charge.ref)
    refund = gateway.refund(move_request(charge, 10_000, "refund"))
    assert refund.status == "pending"
    fakepay.control.refund_becomes(refund.ref, "failed")
    failed = gateway.read_move(CallKind.REFUND, refund.ref)
    assert (failed.status, failed.error) == ("failed", "expired_or_canceled_card")


def test_a_transfer_comes_out_of_its_charge_and_is_at_most_that(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge, account = paid_stripe(fakepay, gateway), stripe_seller(fakepay, gateway)
    request = move_request(charge, 9_000, "transfer", account_ref=account)
    transfer = gateway.transfer(request)
    assert (transfer.status, transfer.amount_minor) == ("done", 9_000)
    assert gateway.transfer(request) == transfer
    assert gateway.read_move(CallKind.TRANSFER, transfer.ref) == transfer
    books = fakepay.control.books(str(charge.payment_id))["payments"][str(charge.payment_id)]
    assert books["usd"]["transferred"] == 9_000
    more = move_request(
        charge, 1_001, "transfer", account_ref=account, idempotency_key=f"m:{charge.payment_id}"
    )
    with pytest.raises(GatewayError, match="must not exceed") as caught:
        gateway.transfer(more)
    assert caught.value.permanent


def test_a_transfer_to_nobody_or_to_an_unfinished_account_is_refused_for_good(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge = paid_stripe(fakepay, gateway)
    with pytest.raises(GatewayError) as caught:
        gateway.transfer(move_request(charge, 100, "nobody", account_ref="acct_none"))
    assert (caught.value.permanent, caught.value.code) == (True, "not_found")
    account, _ = gateway.open_payout_account(number(), "u@example.com", "https://a.test/")
    with pytest.raises(GatewayError) as caught:
        gateway.transfer(move_request(charge, 100, "unfinished", account_ref=account))
    assert caught.value.permanent
    assert caught.value.code == "insufficient_capabilities_for_transfer"


def test_a_transfer_is_taken_back_as_far_as_it_went(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge, account = paid_stripe(fakepay, gateway), stripe_seller(fakepay, gateway)
    transfer = gateway.transfer(move_request(charge, 9_000, "transfer", account_ref=account))
    request = move_request(charge, 5_000, "reversal", transfer_ref=transfer.ref)
    back = gateway.reverse(request)
    assert (back.status, back.amount_minor) == ("done", 5_000)
    assert gateway.reverse(request) == back
    assert gateway.read_move(CallKind.REVERSAL, back.ref) == back
    more = move_request(
        charge,
        4_001,
        "reversal",
        transfer_ref=transfer.ref,
        idempotency_key=f"more:{charge.payment_id}",
    )
    with pytest.raises(GatewayError) as caught:
        gateway.reverse(more)
    assert caught.value.permanent


def test_a_seller_who_has_spent_it_cannot_be_debited(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    charge, account = paid_stripe(fakepay, gateway), stripe_seller(fakepay, gateway)
    transfer = gateway.transfer(move_request(charge, 9_000, "transfer", account_ref=account))
    fakepay.control.account_payout(account, "usd")
    with pytest.raises(GatewayError) as caught:
        gateway.reverse(move_request(charge, 9_000, "reversal", transfer_ref=transfer.ref))
    assert (caught.value.permanent, caught.value.code) == (True, "balance_insufficient")


def test_the_balance_is_what_is_available_and_what_is_pending(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    before = gateway.balance_minor("USD")
    charge = paid_stripe(fakepay, gateway)
    gateway.refund(move_request(charge, 1_000, "refund"))
    assert gateway.balance_minor("USD") == before + 10_000 - FEE_MINOR - 1_000
    assert gateway.balance_minor("NZD") == 0


# -- disputes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("verdict", ["won", "lost"])
def test_a_dispute_is_open_until_the_bank_decides(
    fakepay: Fakepay, gateway: StripeGateway, verdict: str
) -> None:
    charge = paid_stripe(fakepay, gateway)
    opened = fakepay.control.dispute(charge.capture_ref, amount=6_000)
    (dispute,) = gateway.read_charge(charge.ref).disputes
    assert (dispute.ref, dispute.status, dispute.amount_minor) == (opened["id"], "open", 6_000)
    assert (dispute.reason, dispute.fee_minor) == ("fraudulent", 1_500)
    fakepay.control.resolve(opened["id"], verdict)
    charge = gateway.read_charge(charge.ref)
    assert charge.status is PaymentStatus.SUCCEEDED, "disputes are told beside the status"
    assert [one.status for one in charge.disputes] == [verdict]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("needs_response", "open"),
        ("under_review", "open"),
        ("won", "won"),
        ("lost", "lost"),
        ("appeal_needs_response", "lost"),
        ("appeal_under_review", "lost"),
        ("prevented", None),
        ("warning_needs_response", None),
        ("warning_under_review", None),
        ("warning_closed", None),
        ("invented_tomorrow", "open"),
    ],
)
def test_every_word_for_a_dispute_is_understood(word: str, status: str | None) -> None:
    thing = {
        "id": "du_1",
        "status": word,
        "currency": "usd",
        "amount": 500,
        "reason": "general",
        "balance_transactions": [{"fee": 1500, "currency": "usd"}, {"fee": 9, "currency": "eur"}],
    }
    dispute = dispute_of(thing)
    assert (dispute.status if dispute else None) == status
    assert dispute is None or dispute.fee_minor == 1500


# -- subscriptions, sellers ----------------------------------------------------------------------


def test_an_account_is_ready_when_its_owner_has_said_everything(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    user_id = number()
    account, link = gateway.open_payout_account(user_id, "s@example.com", "https://a.test/")
    assert link.startswith(f"{fakepay.url}/setup/")
    assert not gateway.read_payout_account(account).ready
    again, other = gateway.open_payout_account(user_id, "s@example.com", "https://a.test/")
    assert (again, other != link) == (account, True), "the same account, a fresh link"
    fakepay.control.onboard(account)
    assert gateway.read_payout_account(account).ready
    fakepay.control.onboard(account, enabled=False)
    assert not gateway.read_payout_account(account).ready


def test_bank_accounts_are_told_apart_by_their_fingerprints() -> None:
    places = [{"object": "bank_account", "fingerprint": "fp_1"}, {"object": "card"}]

    assert bank_refs_of({"external_accounts": {"data": places}}) == ("fp_1",)
    assert bank_refs_of({"external_accounts": None}) == ()


def test_a_subscription_begins_with_a_checkout(gateway: StripeGateway) -> None:
    user_id = number()
    opened = gateway.open_subscription(subscription_request(user_id))
    assert (opened.ref, opened.status) == ("", SubscriptionStatus.INCOMPLETE)
    assert opened.checkout_ref.startswith("cs_")
    assert opened.approve_url
    assert gateway.open_subscription(subscription_request(user_id)) == opened
    read = gateway.read_subscription(ref="", checkout_ref=opened.checkout_ref)
    assert (read.ref, read.status, read.plan, read.user_id) == (
        "",
        SubscriptionStatus.INCOMPLETE,
        "pro",
        user_id,
    )


def test_a_subscription_is_agreed_to_renewed_and_cancelled(
    fakepay: Fakepay, gateway: StripeGateway
) -> None:
    opened = gateway.open_subscription(subscription_request(number()))
    fakepay.control.complete_session(opened.checkout_ref)
    agreed = gateway.read_subscription(ref="", checkout_ref=opened.checkout_ref)
    assert (agreed.status, agreed.is_paid) == (SubscriptionStatus.ACTIVE, True)
    assert (agreed.plan, agreed.user_id) == (opened.plan, opened.user_id)
    assert agreed.checkout_ref == opened.checkout_ref
    assert agreed.current_period_end is not None
    fakepay.control.renew(agreed.ref, fails=True)
    overdue = gateway.read_subscription(ref=agreed.ref, checkout_ref="")
    assert (overdue.status, overdue.is_paid) == (SubscriptionStatus.PAST_DUE, False)
    fakepay.control.renew(agreed.ref)
    renewed = gateway.read_subscription(ref=agreed.ref, checkout_ref="")
    assert (renewed.status, renewed.is_paid) == (SubscriptionStatus.ACTIVE, True)
    assert renewed.current_period_end is not None
    assert renewed.current_period_end > agreed.current_period_end
    ending = gateway.cancel_subscription(agreed.ref)
    assert (ending.status, ending.cancel_at_period_end) == (SubscriptionStatus.ACTIVE, True)
    fakepay.control.renew(agreed.ref)
    for ended in (
        gateway.read_subscription(ref=agreed.ref, checkout_ref=""),
        gateway.cancel_subscription(agreed.ref),
    ):
        assert ended.status is SubscriptionStatus.CANCELED


def test_a_checkout_nobody_comes_back_to_expires(fakepay: Fakepay, gateway: StripeGateway) -> None:
    opened = gateway.open_subscription(subscription_request(number()))
    client = stripe.StripeClient(fakepay.stripe_secret, base_addresses={"api": fakepay.url})
    client.v1.checkout.sessions.expire(opened.checkout_ref)
    over = gateway.read_subscription(ref="", checkout_ref=opened.checkout_ref)
    assert (over.ref, over.status) == ("", SubscriptionStatus.INCOMPLETE_EXPIRED)
