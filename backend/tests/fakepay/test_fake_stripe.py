"""Stripe's part of the fake, asked by Stripe's own SDK."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import stripe

from tests.fakepay.client import Fakepay, running_fakepay
from tests.fakepay.sellers import seller_account, stripe_client, types_since

DAY_SECONDS = 86400
AUTOMATIC: Any = {"enabled": True, "allow_redirects": "never"}


@pytest.fixture(scope="module")
def fakepay() -> Iterator[Fakepay]:
    with running_fakepay() as running:
        yield running


@pytest.fixture
def client(fakepay: Fakepay) -> stripe.StripeClient:
    return stripe_client(fakepay)


@pytest.fixture
def sell(client: stripe.StripeClient) -> Callable[..., Any]:
    """Return a function: amount, card, payment -> a confirmed intent with its charge."""

    def pay(amount_minor: int = 5000, card: str = "pm_card_visa", payment: str = "p") -> Any:
        return client.v1.payment_intents.create(
            {
                "amount": amount_minor,
                "currency": "usd",
                "automatic_payment_methods": AUTOMATIC,
                "payment_method": card,
                "confirm": True,
                "metadata": {"payment_id": payment},
                "transfer_group": f"auction-{payment}",
                "expand": ["latest_charge"],
            }
        )

    return pay


def refusal(call: Callable[[], Any]) -> Any:
    """Return the error that a call raises."""
    with pytest.raises(stripe.StripeError) as raised:
        call()
    return raised.value


def test_a_payment_begins_without_a_method_and_the_buyer_pays_it(
    client: stripe.StripeClient, fakepay: Fakepay
):
    intent = client.v1.payment_intents.create(
        {"amount": 5000, "currency": "USD", "automatic_payment_methods": {"enabled": True}}
    )
    assert intent.status == "requires_payment_method"
    assert intent.client_secret is not None
    assert intent.client_secret.startswith(f"{intent.id}_secret_")

    fakepay.control.pay(intent.id)
    paid: Any = client.v1.payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge.balance_transaction"]}
    )

    assert (paid.status, paid.amount_received, paid.currency) == ("succeeded", 5000, "usd")
    transaction = paid.latest_charge.balance_transaction
    assert (transaction.amount, transaction.fee, transaction.net) == (5000, 175, 4825)
    assert types_since(client, intent.id) == [
        "payment_intent.created",
        "payment_intent.succeeded",
    ]


@pytest.mark.parametrize(
    ("card", "code", "decline"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_a_declined_card_leaves_the_intent_open(
    client: stripe.StripeClient, card: str, code: str, decline: str | None
):
    intent = client.v1.payment_intents.create(
        {"amount": 5000, "currency": "usd", "automatic_payment_methods": AUTOMATIC}
    )

    error = refusal(lambda: client.v1.payment_intents.confirm(intent.id, {"payment_method": card}))

    assert isinstance(error, stripe.CardError)
    body: Any = error.json_body
    assert (error.http_status, error.code) == (402, code)
    assert body["error"].get("decline_code") == decline
    assert body["error"]["payment_intent"]["id"] == intent.id
    after: Any = client.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge"]})
    assert after.status == "requires_payment_method"
    assert after.latest_charge.status == "failed"
    assert (
        client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status
        == "succeeded"
    )


def test_a_card_that_authenticates_requires_an_action(
    client: stripe.StripeClient, fakepay: Fakepay
):
    def begin() -> str:
        intent = client.v1.payment_intents.create(
            {
                "amount": 5000,
                "currency": "usd",
                "automatic_payment_methods": {"enabled": True},
                "payment_method": "pm_card_authenticationRequired",
                "confirm": True,
                "return_url": "https://example.com/back",
            }
        )
        assert intent.status == "requires_action"
        assert intent.next_action is not None
        assert intent.next_action.type == "redirect_to_url"
        return intent.id

    passed, failed = begin(), begin()
    fakepay.control.pay(passed, "4000002500003155")
    fakepay.control.pay(failed, "4000002500003155", authenticate="fail")

    assert client.v1.payment_intents.retrieve(passed).status == "succeeded"
    again = client.v1.payment_intents.retrieve(failed)
    assert again.status == "requires_payment_method"
    assert again.last_payment_error is not None
    assert again.last_payment_error.code == "payment_intent_authentication_failure"


def test_redirecting_methods_need_a_return_url(client: stripe.StripeClient):
    error = refusal(
        lambda: client.v1.payment_intents.create(
            {
                "amount": 5000,
                "currency": "usd",
                "payment_method": "pm_card_visa",
                "confirm": True,
            }
        )
    )

    assert "return_url" in str(error)


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"amount": 5000}, "parameter_missing", "currency"),
        ({"amount": 5000, "currency": "usd", "colour": "red"}, "parameter_unknown", "colour"),
        ({"amount": "5e3", "currency": "usd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 49, "currency": "usd"}, "amount_too_small", "amount"),
        ({"amount": 5001, "currency": "kwd"}, "parameter_invalid_integer", "amount"),
        ({"amount": 5000, "currency": "xts"}, None, "currency"),
        (
            {"amount": 5000, "currency": "usd", "automatic_payment_methods": {"on": True}},
            "parameter_unknown",
            "automatic_payment_methods[on]",
        ),
    ],
)
def test_wrong_parameters_are_refused_by_name(
    client: stripe.StripeClient, params: Any, code: str | None, param: str
):
    error = refusal(lambda: client.v1.payment_intents.create(params))

    assert isinstance(error, stripe.InvalidRequestError)
    assert (error.http_status, error.code, error.param) == (400, code, param)


def test_strangers_and_unknown_things_are_refused(client: stripe.StripeClient, fakepay: Fakepay):
    stranger = stripe.StripeClient("sk_test_other", base_addresses={"api": fakepay.url})

    assert refusal(stranger.v1.balance.retrieve).http_status == 401
    missing = refusal(lambda: client.v1.payment_intents.retrieve("pi_none"))
    assert (missing.http_status, missing.code) == (404, "resource_missing")
    url = f"{fakepay.url}/v1/unheard_of"
    answer = httpx.get(url, headers={"Authorization": f"Bearer {fakepay.stripe_secret}"})
    assert answer.status_code == 404
    assert "Unrecognized request URL" in answer.json()["error"]["message"]


def test_a_finished_intent_is_neither_confirmed_nor_cancelled(
    client: stripe.StripeClient, sell: Callable[..., Any]
):
    paid = sell()
    canceled = client.v1.payment_intents.create({"amount": 5000, "currency": "usd"})
    client.v1.payment_intents.cancel(canceled.id, {"cancellation_reason": "abandoned"})

    for call in (
        lambda: client.v1.payment_intents.cancel(paid.id),
        lambda: client.v1.payment_intents.confirm(paid.id, {"payment_method": "pm_card_visa"}),
        lambda: client.v1.payment_intents.cancel(canceled.id),
    ):
        assert refusal(call).code == "payment_intent_unexpected_state"
    assert client.v1.payment_intents.retrieve(canceled.id).status == "canceled"


def test_intents_are_listed_newest_first_by_cursor_and_time(client: stripe.StripeClient):
    made = [
        client.v1.payment_intents.create({"amount": 100 + n, "currency": "eur"}).id
        for n in range(5)
    ]
    oldest = client.v1.payment_intents.retrieve(made[0]).created

    first = client.v1.payment_intents.list({"limit": 2, "created": {"gte": oldest}})
    rest = client.v1.payment_intents.list({"limit": 3, "starting_after": first.data[-1].id})

    assert [one.id for one in first.data + rest.data] == made[::-1]
    assert first.has_more
    walked = client.v1.payment_intents.list({"limit": 2, "created": {"gte": oldest}})
    assert [one.id for one in walked.auto_paging_iter()][:5] == made[::-1]


def test_a_refund_never_exceeds_what_is_left(client: stripe.StripeClient, sell: Callable[..., Any]):
    paid = sell(5000)
    part = client.v1.refunds.create({"payment_intent": paid.id, "amount": 2000})

    over = refusal(lambda: client.v1.refunds.create({"payment_intent": paid.id, "amount": 3001}))
    rest = client.v1.refunds.create({"charge": paid.latest_charge.id})
    none = refusal(lambda: client.v1.refunds.create({"payment_intent": paid.id}))

    assert (over.http_status, over.param) == (400, "amount")
    assert none.code == "charge_already_refunded"
    assert (part.status, rest.amount) == ("succeeded", 3000)
    charge = client.v1.charges.retrieve(paid.latest_charge.id)
    assert (charge.refunded, charge.amount_refunded) == (True, 5000)
    listed = client.v1.refunds.list({"payment_intent": paid.id})
    assert [one.id for one in listed.data] == [rest.id, part.id]


def test_a_refund_may_fail_later_or_be_pending(
    client: stripe.StripeClient, fakepay: Fakepay, sell: Callable[..., Any]
):
    failing = client.v1.refunds.create(
        {"payment_intent": sell(card="pm_card_refundFail", payment="late").id}
    )
    pending = client.v1.refunds.create({"payment_intent": sell(card="pm_card_pendingRefund").id})
    fakepay.control.refund_becomes(pending.id, "succeeded")

    assert (failing.status, pending.status) == ("succeeded", "pending")
    assert client.v1.refunds.retrieve(failing.id).status == "failed"
    assert client.v1.refunds.retrieve(pending.id).status == "succeeded"
    totals = fakepay.control.books("late")["payments"]["late"]["usd"]
    assert totals == {"captured": 5000, "fee": 175, "refunded": 5000, "refund_returned": 5000}


def test_a_transfer_takes_at_most_its_charge(
    client: stripe.StripeClient, fakepay: Fakepay, sell: Callable[..., Any]
):
    paid, seller = sell(5000, payment="shared"), seller_account(client, fakepay)

    def transfer(amount_minor: int, **more: Any) -> Any:
        return client.v1.transfers.create(
            {
                "amount": amount_minor,
                "currency": "usd",
                "destination": seller,
                "source_transaction": paid.latest_charge.id,
                **more,
            }
        )

    first = transfer(4000)
    assert first.transfer_group == "auction-shared"
    assert "must not exceed the source amount" in str(refusal(lambda: transfer(1001)))
    assert refusal(lambda: transfer(100, destination="acct_none")).param == "destination"
    assert refusal(lambda: transfer(100, currency="eur")).param == "currency"
    assert transfer(1000).amount == 1000


def test_without_a_source_only_what_is_available_is_transferred(
    client: stripe.StripeClient, fakepay: Fakepay
):
    seller = seller_account(client, fakepay)
    intent = client.v1.payment_intents.create({"amount": 5000, "currency": "chf"})
    fakepay.control.pay(intent.id)
    wish: Any = {"amount": 4825, "currency": "chf", "destination": seller}

    def balance() -> dict[str, int]:
        shown = client.v1.balance.retrieve()
        return {
            name: next(one.amount for one in parts if one.currency == "chf")
            for name, parts in (("available", shown.available), ("pending", shown.pending))
        }

    assert refusal(lambda: client.v1.transfers.create(wish)).code == "balance_insufficient"
    assert balance() == {"available": 0, "pending": 4825}
    fakepay.control.advance(2 * DAY_SECONDS + 1)
    assert balance() == {"available": 4825, "pending": 0}
    assert client.v1.transfers.create(wish).amount == 4825


def test_a_seller_is_paid_once_he_is_set_up(
    client: stripe.StripeClient, fakepay: Fakepay, sell: Callable[..., Any]
):
    account = client.v1.accounts.create(
        {"type": "express", "capabilities": {"transfers": {"requested": True}}}
    )
    wish: Any = {
        "amount": 100,
        "currency": "usd",
        "destination": account.id,
        "source_transaction": sell().latest_charge.id,
    }
    link = client.v1.account_links.create(
        {
            "account": account.id,
            "type": "account_onboarding",
            "refresh_url": "https://example.com/again",
            "return_url": "https://example.com/done",
        }
    )

    assert account.payouts_enabled is False
    assert link.url.startswith(fakepay.url)
    refused = refusal(lambda: client.v1.transfers.create(wish))
    assert refused.code == "insufficient_capabilities_for_transfer"
    fakepay.control.onboard(account.id)
    assert client.v1.accounts.retrieve(account.id).payouts_enabled is True
    assert client.v1.transfers.create(wish).amount == 100


def test_a_reversal_is_bound_by_the_transfer_and_by_what_the_seller_has(
    client: stripe.StripeClient, fakepay: Fakepay, sell: Callable[..., Any]
):
    seller = seller_account(client, fakepay)

    def transfer() -> str:
        return client.v1.transfers.create(
            {
                "amount": 4000,
                "currency": "usd",
                "destination": seller,
                "source_transaction": sell().latest_charge.id,
            }
        ).id

    first = transfer()
    assert client.v1.transfers.reversals.create(first, {"amount": 1500}).amount == 1500
    over = refusal(lambda: client.v1.transfers.reversals.create(first, {"amount": 2501}))
    assert over.param == "amount"
    assert client.v1.transfers.reversals.create(first).amount == 2500
    assert client.v1.transfers.retrieve(first).reversed is True

    second = transfer()
    fakepay.control.account_payout(seller, "usd")
    empty = refusal(lambda: client.v1.transfers.reversals.create(second))
    assert empty.code == "balance_insufficient"


@pytest.mark.parametrize(
    ("evidence", "verdict", "lost_minor"),
    [
        ("winning_evidence", "won", 1500),
        ("losing_evidence", "lost", 6500),
    ],
)
def test_a_dispute_takes_the_money_until_it_is_won(
    fakepay: Fakepay,
    client: stripe.StripeClient,
    evidence: str,
    verdict: str,
    lost_minor: int,
    sell: Callable[..., Any],
):
    paid = sell(5000, "pm_card_createDispute", payment=verdict)
    dispute = client.v1.disputes.list({"charge": paid.latest_charge.id}).data[0]
    assert (dispute.status, dispute.amount) == ("needs_response", 5000)
    refund = refusal(lambda: client.v1.refunds.create({"payment_intent": paid.id}))
    assert refund.code == "charge_disputed"

    client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": evidence}})

    assert client.v1.disputes.retrieve(dispute.id).status == verdict
    totals = fakepay.control.books(verdict)["payments"][verdict]["usd"]
    gone = totals["disputed"] + totals["dispute_fee"] - totals.get("reinstated", 0)
    assert gone == lost_minor
    expected = ["created", "funds_withdrawn", "updated", "funds_reinstated", "closed"]
    told = [one.removeprefix("charge.dispute.") for one in types_since(client, dispute.id)]
    assert told == [one for one in expected if verdict == "won" or one != "funds_reinstated"]


def test_closing_a_dispute_loses_it(client: stripe.StripeClient, sell: Callable[..., Any]):
    charge = sell(card="pm_card_createDispute").latest_charge.id
    dispute = client.v1.disputes.list({"charge": charge}).data[0]

    assert client.v1.disputes.close(dispute.id).status == "lost"
    assert refusal(lambda: client.v1.disputes.close(dispute.id)).http_status == 400
