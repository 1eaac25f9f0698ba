"""Paying for a won auction with play money, through the doors: who may, what happens, once."""

from dataclasses import replace

import pytest

from apps.auctions.models import FeeSchedule
from apps.payments import (
    escrow_services,
    inbox,
    reconciling,
    sales,
    services,
    verify,
    worker,
)
from apps.payments.integrations.base import BankDispute
from apps.payments.integrations.sandbox_handler import (
    CARD_ASKS_FIRST,
    CARD_IS_DISPUTED,
    SandboxGateway,
)
from apps.payments.ledger import Account, AccountKind, balance_minor
from apps.payments.models import (
    Escrow,
    InboxEvent,
    Invoice,
    LedgerTransaction,
    Payment,
    Sale,
    SandboxObject,
    StateChange,
)
from tests.factories import AuctionFactory
from tests.money.market import held, pay, sale_of, sell

pytestmark = pytest.mark.django_db

DECLINED = "4000000000000002"


@pytest.fixture
def sold(cast):
    return sell(cast)


@pytest.fixture
def winner(api, cast):
    return api(cast.bidder1)


def create(client, auction, **more):
    body = {"auction_id": auction.pk, "payment_method": "stripe"} | more
    return client.post("/api/payments/", body)


def test_the_winner_opens_a_payment_of_what_the_sale_says(winner, sold):
    answer = create(winner, sold, amount=1)

    assert answer.status_code == 201, answer.json()
    body = answer.json()
    assert (body["auction_id"], body["amount"], body["currency"]) == (sold.pk, 1000, "USD")
    assert (body["provider"], body["play_money"]) == ("sandbox", True)
    assert body["status"] == "requires_action"
    assert body["client_secret"]
    assert body["fees"] == [{"kind": "price", "amount": 1000}]


def test_premium_and_tax_are_shown_as_parts_of_the_amount(winner, cast):
    FeeSchedule.objects.create(premium_tiers=[[0, 1200]], tax_bps=1900)

    body = create(winner, sell(cast)).json()

    assert body["amount"] == 1332.8
    assert body["fees"] == [
        {"kind": "price", "amount": 1000},
        {"kind": "premium", "amount": 120},
        {"kind": "tax", "amount": 212.8},
    ]


def test_asking_again_gives_the_open_payment(winner, sold):
    first = create(winner, sold).json()
    again = create(winner, sold, payment_method="paypal")

    assert again.status_code == 200
    assert again.json()["id"] == first["id"]
    assert Payment.objects.count() == 1


@pytest.mark.parametrize("who", ["seller", "bidder2", "staff"])
def test_nobody_but_the_winner_pays(api, cast, sold, who):
    answer = create(api(getattr(cast, who)), sold)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_the_buyer")
    assert not Payment.objects.exists()


def test_a_stranger_is_asked_who_he_is(api, sold):
    assert create(api(), sold).status_code == 401


def test_what_is_not_sold_is_not_paid(winner, cast):
    answer = create(winner, AuctionFactory(seller=cast.seller))

    assert (answer.status_code, answer.json()["code"]) == (400, "not_sold")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "auction_id"),
        ({"auction_id": 1}, "payment_method"),
        ({"auction_id": "x", "payment_method": "stripe"}, "auction_id"),
        ({"auction_id": True, "payment_method": "stripe"}, "auction_id"),
        ({"auction_id": 2**63, "payment_method": "stripe"}, "auction_id"),
        ({"auction_id": 1, "payment_method": "cash"}, "payment_method"),
        ({"auction_id": 1, "payment_method": None}, "payment_method"),
    ],
)
def test_a_bad_body_is_refused_by_field(winner, body, field):
    answer = winner.post("/api/payments/", body)

    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_one_key_makes_one_payment(winner, sold):
    headers = {"HTTP_IDEMPOTENCY_KEY": "k1"}
    body = {"auction_id": sold.pk, "payment_method": "stripe"}

    first = winner.post("/api/payments/", body, **headers)
    again = winner.post("/api/payments/", body, **headers)
    other = winner.post("/api/payments/", body | {"payment_method": "paypal"}, **headers)

    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 422)
    assert first.json()["id"] == again.json()["id"]


def test_a_confirmed_payment_is_held_and_invoiced_once(winner, cast, sold):
    payment = create(winner, sold).json()

    answers = [winner.post(f"/api/payments/{payment['id']}/confirm/", {}) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {200}
    body = answers[-1].json()
    assert (body["status"], body["client_secret"]) == ("succeeded", "")
    assert body["paid_at"]
    assert len(body["invoices"]) == 1
    escrow = Escrow.objects.get(pk=body["escrow_id"])
    assert (escrow.state, escrow.held_minor) == ("held", 1000_00)
    assert Sale.objects.get().status == "paid"
    assert LedgerTransaction.objects.get().key == f"fund:{payment['id']}"
    assert balance_minor(Account(AccountKind.ESCROW, str(escrow.pk)), "USD") == 1000_00


def test_the_event_of_a_confirmed_payment_changes_nothing_more(cast):
    held(cast)
    before = StateChange.objects.count()

    assert worker.do_due_work() > 0

    event = InboxEvent.objects.get()
    assert (event.kind, event.state) == ("charge.succeeded", "applied")
    assert StateChange.objects.count() == before


def test_a_payment_nobody_confirmed_here_is_settled_by_its_event(cast, sold):
    payment = Payment.objects.get(pk=pay_at_the_provider_only(sold))

    worker.do_due_work()

    payment.refresh_from_db()
    assert payment.status == "succeeded"
    assert payment.escrow.held_minor == 1000_00


def pay_at_the_provider_only(auction) -> int:
    payment, _ = services.open_payment(sale_of(auction).buyer_id, auction.pk, "stripe")
    SandboxGateway().confirm_charge(payment.provider_ref, idempotency_key="browser")
    return payment.pk


def test_a_lost_event_is_made_up_for_by_asking(cast, sold, frozen_clock):
    payment = Payment.objects.get(pk=pay_at_the_provider_only(sold))
    InboxEvent.objects.all().delete()

    frozen_clock.advance(121)
    worker.do_due_work()

    payment.refresh_from_db()
    assert payment.status == "succeeded"


def test_the_comparison_settles_what_nobody_told_and_says_what_is_odd(cast, sold, frozen_clock):
    payment = Payment.objects.get(pk=pay_at_the_provider_only(sold))
    InboxEvent.objects.all().delete()
    Payment.objects.update(check_at=None)
    SandboxObject.objects.create(
        ref="sandbox:stray", kind="charge", status="succeeded", created_at=frozen_clock.instant
    )

    assert reconciling.compare_all(frozen_clock.instant) == 1

    payment.refresh_from_db()
    assert (payment.status, payment.escrow.state) == ("succeeded", "held")
    assert reconciling.compare_charges("sandbox", frozen_clock.instant) == [
        "sandbox has sandbox:stray, which no payment knows"
    ]


def test_a_declined_card_is_402_and_another_may_be_tried(winner, sold):
    payment = create(winner, sold).json()
    confirm = f"/api/payments/{payment['id']}/confirm/"

    declined = winner.post(confirm, {"test_card": DECLINED})

    assert (declined.status_code, declined.json()["code"]) == (402, "declined")
    shown = winner.get(f"/api/payments/{payment['id']}/").json()
    assert (shown["status"], shown["failure"]) == ("requires_action", "Your card was declined")
    assert winner.post(confirm, {"test_card": "4242424242424242"}).json()["status"] == "succeeded"


def test_a_card_that_asks_first_pays_the_second_time(winner, sold):
    payment = create(winner, sold).json()
    confirm = f"/api/payments/{payment['id']}/confirm/"

    first = winner.post(confirm, {"test_card": CARD_ASKS_FIRST}).json()
    second = winner.post(confirm, {"test_card": CARD_ASKS_FIRST}).json()

    assert (first["status"], second["status"]) == ("requires_action", "succeeded")


@pytest.mark.parametrize("card", ["4111111111111111", "x", 4242424242424242, ["4"]])
def test_a_card_that_is_none_is_refused(winner, sold, card):
    payment = create(winner, sold).json()

    answer = winner.post(f"/api/payments/{payment['id']}/confirm/", {"test_card": card})

    assert answer.status_code in (400, 402)
    assert Payment.objects.get().status == "requires_action"


def test_a_payment_is_its_buyers_own(api, cast, sold):
    payment = create(api(cast.bidder1), sold).json()

    for who in (cast.seller, cast.bidder2):
        client = api(who)
        foreign = client.get(f"/api/payments/{payment['id']}/")
        absent = client.get("/api/payments/999999/")
        confirm = client.post(f"/api/payments/{payment['id']}/confirm/", {})
        assert foreign.status_code == absent.status_code == confirm.status_code == 404
        assert foreign.json() == absent.json()
        assert client.get("/api/payments/").json()["count"] == 0
    assert api(cast.staff).get(f"/api/payments/{payment['id']}/").status_code == 200


def test_a_payment_after_the_sale_lapsed_is_refused(api, cast, sold, frozen_clock):
    sale_of(sold)
    frozen_clock.advance(72 * 3600 + 1)

    answer = create(api(cast.bidder1), sold)

    assert (answer.status_code, answer.json()["code"]) == (400, "sale_lapsed")


def test_money_that_comes_too_late_is_given_back(cast, sold, frozen_clock):
    payment = Payment.objects.get(pk=pay_at_the_provider_only(sold))
    InboxEvent.objects.update(next_try_at=frozen_clock.instant.replace(year=2099))
    Payment.objects.update(check_at=None)
    frozen_clock.advance(72 * 3600 + 1)
    worker.do_due_work()
    payment.refresh_from_db()
    assert payment.status == "expired"
    assert payment.sale.status == "lapsed"

    for _ in range(3):
        worker.do_due_work()

    payment.refresh_from_db()
    assert (payment.status, payment.refunded_minor) == ("refunded", 1000_00)
    assert payment.escrow.state == "refunded"
    assert SandboxGateway().balance_minor("USD") == 0
    assert not Invoice.objects.exists()


def test_the_list_shows_the_newest_first_with_a_constant_number_of_queries(
    winner, cast, django_assert_max_num_queries
):
    for _ in range(3):
        pay(sell(cast))

    with django_assert_max_num_queries(5):
        body = winner.get("/api/payments/").json()

    ids = [row["id"] for row in body["results"]]
    assert body["count"] == 3
    assert ids == sorted(ids, reverse=True)


def test_a_disputed_charge_is_frozen_and_returns_when_won(cast, sold, frozen_clock):
    payment = pay(sold, test_card=CARD_IS_DISPUTED)
    frozen_clock.advance(11)
    worker.do_due_work()
    payment.refresh_from_db()
    assert (payment.status, payment.escrow.state) == ("disputed", "frozen")
    assert balance_minor(Account(AccountKind.DISPUTED_FUNDS, "sandbox"), "USD") == 1000_00

    SandboxGateway().decide_dispute(payment.provider_ref, won=True)
    worker.do_due_work()

    payment.refresh_from_db()
    assert (payment.status, payment.escrow.state) == ("succeeded", "held")
    assert balance_minor(Account(AccountKind.DISPUTED_FUNDS, "sandbox"), "USD") == 0


def test_a_lost_dispute_takes_what_is_held(cast, sold, frozen_clock):
    payment = pay(sold, test_card=CARD_IS_DISPUTED)
    frozen_clock.advance(11)
    worker.do_due_work()
    SandboxGateway().decide_dispute(payment.provider_ref, won=False)
    worker.do_due_work()

    payment.refresh_from_db()
    escrow = Escrow.objects.get()
    assert (payment.status, escrow.state) == ("charged_back", "lost")
    assert (escrow.held_minor, escrow.lost_minor) == (0, 1000_00)
    assert SandboxGateway().balance_minor("USD") == 0
    assert balance_minor(Account(AccountKind.PSP_CLEARING, "sandbox"), "USD") == 0


def test_a_dispute_of_a_part_takes_that_part_and_leaves_the_rest_held(cast, sold, api):
    payment = pay(sold)
    dispute = BankDispute(ref="dp_1", status="open", amount_minor=400_00)
    charge = SandboxGateway().read_charge(payment.provider_ref)
    for status in ("open", "lost"):
        now = replace(charge, disputes=(replace(dispute, status=status),))
        services.apply_charge(payment.pk, now, cause="event:sandbox:1")

    payment.refresh_from_db()
    escrow = Escrow.objects.get()
    assert (payment.status, escrow.state) == ("partially_refunded", "held")
    assert (escrow.held_minor, escrow.lost_minor) == (600_00, 400_00)
    assert escrow.release_at is not None
    assert api(cast.bidder1).post(f"/api/escrow/{escrow.pk}/release/").status_code == 200
    worker.do_due_work()
    escrow.refresh_from_db()
    assert (escrow.state, escrow.released_minor) == ("released", 600_00)
    assert verify.check() == []


def test_a_dispute_lost_after_release_is_asked_back_from_the_seller(cast, sold, frozen_clock):
    payment = pay(sold, test_card=CARD_IS_DISPUTED)
    escrow_services.release_hold(payment.escrow.pk, cause="request:user:1")
    worker.do_due_work()
    frozen_clock.advance(11)
    worker.do_due_work()
    SandboxGateway().decide_dispute(payment.provider_ref, won=False)
    for _ in range(3):
        worker.do_due_work()

    escrow = Escrow.objects.get()
    assert escrow.state == "clawed_back"
    assert balance_minor(Account(AccountKind.CHARGEBACK_LOSS), "USD") == 0
    assert SandboxGateway().balance_minor("USD") == 0


def test_sales_are_opened_by_the_worker(cast):
    sell(cast)

    worker.do_due_work()

    assert Sale.objects.get().status == "due"
    assert sales.open_sales() == 0


def event_about(ref, at):
    return InboxEvent.objects.create(
        provider="sandbox",
        event_id="e1",
        kind="charge.succeeded",
        object_ref=f"charge:{ref}",
        body=b"",
        next_try_at=at,
        received_at=at,
    )


def test_an_event_of_somebody_elses_charge_is_ignored(frozen_clock):
    event = event_about("sandbox:nowhere", frozen_clock.instant)

    inbox.apply_waiting(frozen_clock.instant, 10)

    event.refresh_from_db()
    assert event.state == "ignored"


def test_an_event_that_fails_again_and_again_is_put_aside_for_staff(cast, sold, frozen_clock):
    payment = Payment.objects.get(pk=pay_at_the_provider_only(sold))
    InboxEvent.objects.all().delete()
    SandboxObject.objects.all().delete()
    event = event_about(payment.provider_ref, frozen_clock.instant)
    for _ in range(inbox.TRIES_MAX):
        InboxEvent.objects.update(next_try_at=frozen_clock.instant)
        inbox.apply_waiting(frozen_clock.instant, 10)

    event.refresh_from_db()
    assert (event.state, event.error) == ("poison", "no such object")
    assert inbox.apply_waiting(frozen_clock.instant, 10) == 0
