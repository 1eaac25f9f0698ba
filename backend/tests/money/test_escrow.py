"""Held money: released by the buyer or by time, refunded, disputed, decided; each once."""

import pytest

from apps.auctions.models import FeeSchedule
from apps.payments import calls, escrow_services, reconciling, worker
from apps.payments.integrations.sandbox_handler import SandboxGateway
from apps.payments.ledger import Account, AccountKind, balance_minor
from apps.payments.models import (
    Invoice,
    PayoutAccount,
    ProviderCall,
    Sale,
    SandboxObject,
    StateChange,
)
from tests.money.market import held

pytestmark = pytest.mark.django_db


@pytest.fixture
def hold(cast):
    FeeSchedule.objects.create(commission_bps=1000, premium_tiers=[[0, 1200]], tax_bps=1900)
    return held(cast)  # 1000.00 + 120.00 + 212.80 = 1332.80; commission 100.00


def balance(kind, owner=""):
    return balance_minor(Account(kind, str(owner)), "USD")


def post(client, hold, verb, body=None):
    return client.post(f"/api/escrow/{hold.pk}/{verb}/", body or {})


def test_both_parties_see_it_and_nobody_else(api, cast, hold):
    for who in (cast.bidder1, cast.seller):
        rows = api(who).get("/api/escrow/").json()
        assert rows["count"] == 1
        row = rows["results"][0]
        assert (row["amount"], row["state"], row["held"]) == (1332.8, "held", 1332.8)
        assert (row["buyer"], row["seller"]) == (cast.bidder1.username, cast.seller.username)
        assert row["release_at"]
    stranger = api(cast.bidder2)
    assert stranger.get("/api/escrow/").json()["count"] == 0
    foreign, absent = stranger.get(f"/api/escrow/{hold.pk}/"), stranger.get("/api/escrow/99/")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()


def test_the_buyer_confirms_receipt_and_everybody_gets_his_share(api, cast, hold):
    answer = post(api(cast.bidder1), hold, "release")

    assert (answer.status_code, answer.json()["state"]) == (200, "release_pending")
    assert balance(AccountKind.SELLER_PAYABLE, cast.seller.pk) == 900_00
    assert balance(AccountKind.PLATFORM_FEE) == 100_00
    assert balance(AccountKind.PREMIUM) == 120_00
    assert balance(AccountKind.TAX_PAYABLE) == 212_80

    worker.do_due_work()

    hold.refresh_from_db()
    assert (hold.state, hold.held_minor, hold.released_minor) == ("released", 0, 1332_80)
    assert balance(AccountKind.SELLER_PAYABLE, cast.seller.pk) == 0
    assert balance(AccountKind.PSP_CLEARING, "sandbox") == 432_80
    assert SandboxGateway().balance_minor("USD") == 432_80
    assert Invoice.objects.get(kind="commission").total_minor == 100_00


def test_a_second_release_is_refused_by_name(api, cast, hold):
    buyer = api(cast.bidder1)
    post(buyer, hold, "release")

    answer = post(buyer, hold, "release")

    assert (answer.status_code, answer.json()["code"]) == (400, "hold_state")
    assert "release pending" in answer.json()["error"]
    assert ProviderCall.objects.count() == 1


def test_time_releases_it(hold, frozen_clock):
    frozen_clock.advance(14 * 86400 + 1)

    worker.do_due_work()
    worker.do_due_work()

    hold.refresh_from_db()
    assert hold.state == "released"
    causes = StateChange.objects.filter(kind="hold", became="release_pending")
    assert causes.get().cause == "timer:release"


@pytest.mark.parametrize(
    ("verb", "who", "status"),
    [
        ("release", "seller", 403),
        ("release", "bidder2", 404),
        ("release", "staff", 200),
        ("refund", "bidder1", 403),
        ("refund", "bidder2", 404),
        ("refund", "seller", 200),
        ("refund", "staff", 200),
        ("dispute", "seller", 403),
        ("dispute", "bidder2", 404),
        ("dispute", "staff", 403),
        ("dispute", "bidder1", 201),
        ("resolve", "bidder1", 403),
        ("resolve", "seller", 403),
        ("resolve", "bidder2", 404),
    ],
)
def test_who_may_say_what(api, cast, hold, verb, who, status):
    bodies = {"dispute": {"reason": "damaged"}, "resolve": {"outcome": "release"}}

    answer = post(api(getattr(cast, who)), hold, verb, bodies.get(verb))

    assert answer.status_code == status, answer.json()
    if status >= 400:
        hold.refresh_from_db()
        assert hold.state == "held"


def test_the_seller_refunds_everything(api, cast, hold):
    post(api(cast.seller), hold, "refund")
    worker.do_due_work()

    hold.refresh_from_db()
    payment = hold.payment
    assert (hold.state, hold.refunded_minor) == ("refunded", 1332_80)
    assert (payment.status, payment.refunded_minor) == ("refunded", 1332_80)
    assert Sale.objects.get().status == "cancelled"
    assert balance(AccountKind.PSP_CLEARING, "sandbox") == 0
    assert SandboxGateway().balance_minor("USD") == 0
    assert Invoice.objects.get(kind="sale").status == "void"
    assert Invoice.objects.get(kind="credit_note").total_minor == 1332_80


def test_a_partial_refund_leaves_the_rest_held(api, cast, hold):
    post(api(cast.seller), hold, "refund", {"amount": 332.8})
    worker.do_due_work()

    hold.refresh_from_db()
    assert (hold.state, hold.held_minor) == ("held", 1000_00)
    assert hold.payment.status == "partially_refunded"
    assert hold.release_at is not None

    post(api(cast.bidder1), hold, "release")
    worker.do_due_work()
    hold.refresh_from_db()
    assert (hold.state, hold.released_minor) == ("released", 1000_00)
    assert SandboxGateway().balance_minor("USD") == balance(AccountKind.PSP_CLEARING, "sandbox")


@pytest.mark.parametrize("amount", [0, -1, 1332.81, 10**12, "x", 0.001, None, True, "NaN"])
def test_an_impossible_refund_is_refused_and_names_the_field(api, cast, hold, amount):
    answer = post(api(cast.seller), hold, "refund", {"amount": amount})

    assert answer.status_code == 400
    assert answer.json()["fields"] == ["amount"]
    hold.refresh_from_db()
    assert (hold.state, hold.held_minor) == ("held", 1332_80)


def test_a_dispute_stops_the_clock_and_both_parties(api, cast, hold, frozen_clock):
    answer = post(
        api(cast.bidder1), hold, "dispute", {"reason": "damaged", "description": "A leg is off"}
    )
    assert answer.status_code == 201
    assert answer.json()["disputes"][0]["description"] == "A leg is off"
    frozen_clock.advance(30 * 86400)
    worker.do_due_work()

    assert post(api(cast.bidder1), hold, "release").status_code == 400
    assert post(api(cast.seller), hold, "refund").status_code == 400
    hold.refresh_from_db()
    assert hold.state == "disputed"


@pytest.mark.parametrize(
    ("body", "state", "buyer_minor", "seller_minor"),
    [
        ({"outcome": "release"}, "released", 0, 900_00),
        ({"outcome": "refund"}, "refunded", 1332_80, 0),
        ({"outcome": "split", "amount": 666.4}, "split", 666_40, 450_00),
    ],
)
def test_staff_decide_a_dispute(api, cast, hold, body, state, buyer_minor, seller_minor):
    post(api(cast.bidder1), hold, "dispute", {"reason": "other"})

    answer = post(api(cast.staff), hold, "resolve", body)

    assert answer.status_code == 200, answer.json()
    worker.do_due_work()
    hold.refresh_from_db()
    assert (hold.state, hold.refunded_minor, hold.held_minor) == (state, buyer_minor, 0)
    paid = ProviderCall.objects.filter(kind="transfer", status="done")
    assert sum(call.amount_minor for call in paid) == seller_minor
    assert hold.disputes.get().outcome == body["outcome"]
    assert SandboxGateway().balance_minor("USD") == balance(AccountKind.PSP_CLEARING, "sandbox")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"outcome": "give"},
        {"outcome": "split"},
        {"outcome": "release", "amount": 1},
        {"outcome": "split", "amount": 0},
        {"outcome": "split", "amount": 1332.8},
        {"outcome": "split", "amount": 5000},
    ],
)
def test_an_impossible_decision_changes_nothing(api, cast, hold, body):
    post(api(cast.bidder1), hold, "dispute", {"reason": "other"})

    answer = post(api(cast.staff), hold, "resolve", body)

    assert answer.status_code == 400
    hold.refresh_from_db()
    assert hold.state == "disputed"


def test_what_is_not_disputed_is_not_decided(api, cast, hold):
    answer = post(api(cast.staff), hold, "resolve", {"outcome": "release"})

    assert (answer.status_code, answer.json()["code"]) == (400, "hold_state")


def test_a_seller_without_an_account_waits_and_is_paid_once_he_has_one(cast, hold, frozen_clock):
    PayoutAccount.objects.filter(user=cast.seller).delete()
    hold.payment.provider = "stripe"
    hold.payment.save()
    escrow_services.release_hold(hold.pk, cause="request:user:1")
    calls.carry_out_due(frozen_clock.instant, 10)

    call = ProviderCall.objects.get()
    assert (call.status, call.error, call.tries) == ("waiting", calls.NO_ACCOUNT, 0)


def test_a_hold_waits_while_its_provider_is_silent(hold, frozen_clock):
    SandboxObject.objects.all().delete()
    frozen_clock.advance(14 * 86400 + 1)

    assert reconciling.release_due(frozen_clock.instant, 10) == 1

    hold.refresh_from_db()
    assert hold.state == "held"
    assert hold.release_at == frozen_clock.instant + reconciling.SILENT
    assert reconciling.release_due(frozen_clock.instant, 10) == 0
