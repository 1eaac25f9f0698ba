"""What money tells: release, refund, split, lapse, reminder, second chance, and what the bank does.

Each through the services of money themselves, told by the same reader as everything else.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.auctions.models import Auction
from apps.bidding.desk import desk
from apps.core import clock
from apps.notifications import telling
from apps.notifications.models import Notification
from apps.notifications.money_events import ARROWS
from apps.payments import escrow_services, sales, unpaid
from apps.payments.models import Escrow, Sale, StateChange
from apps.payments.tasks import do_due_work
from apps.users.models import User
from domain.commands import EndAuction, PlaceBid
from domain.settlement import ESCROW, SALE, EscrowState, SaleStatus
from tests.cast import Cast
from tests.factories import AuctionFactory
from tests.money.market import held, pay, sale_of, sell

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = 3600


@pytest.fixture
def tell(frozen_clock: Any) -> Callable[..., None]:
    """Return a function that lets hours pass, money move, and people be told."""

    def after(hours: float = 0) -> None:
        now = frozen_clock.advance(hours * HOUR)
        unpaid.look_after_unpaid(now, 100)
        while do_due_work():
            pass
        while telling.tell(ever=True):
            pass

    return after


def told(user: User, kind: str) -> list[str]:
    """Return the titles of all of a kind that somebody was told, in order."""
    rows = Notification.objects.filter(user=user, kind=kind).order_by("pk")
    return list(rows.values_list("title", flat=True))


def contested(cast: Cast) -> Auction:
    """Return an auction that bidder2 won at 400 before bidder1 at 300; its sale is due."""
    auction = AuctionFactory(seller=cast.seller, title="A desk")
    for user, amount in ((cast.bidder1, 300), (cast.bidder2, 400)):
        desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))
    desk.ask(auction.pk, EndAuction(actor_id=cast.seller.pk))
    sales.open_sales()
    return auction


def test_release_tells_the_seller_alone(cast: Cast, tell: Callable[..., None]) -> None:
    hold = held(cast, title="A clock")
    escrow_services.release_hold(hold.pk, cause="request:test")
    tell()
    tell()

    assert told(cast.seller, "released") == ["The money for A clock is on its way to you"]
    assert told(cast.bidder1, "released") == []
    row = Notification.objects.get(kind="released")
    assert row.data == {
        "says": "released",
        "auction_id": hold.payment.sale.auction_id,
        "title": "A clock",
        "amount": 1000,
        "currency": "USD",
    }


def test_release_by_the_clock_tells_the_seller_too(cast: Cast, tell: Callable[..., None]) -> None:
    held(cast)
    tell(hours=14 * 24 + 1)

    assert len(told(cast.seller, "released")) == 1


def test_refund_tells_both_and_a_part_of_it_as_well(cast: Cast, tell: Callable[..., None]) -> None:
    hold = held(cast, title="A clock")
    escrow_services.refund_hold(hold.pk, 100_00, cause="request:test")
    tell()
    assert told(cast.bidder1, "refund") == ["You got money back for A clock"]
    assert told(cast.seller, "refund") == ["The buyer of A clock got money back"]

    escrow_services.refund_hold(hold.pk, None, cause="request:test")
    tell()
    assert len(told(cast.bidder1, "refund")) == len(told(cast.seller, "refund")) == 2


@pytest.mark.parametrize(
    ("outcome", "buyer_minor", "buyer_told", "seller_told"),
    [
        ("release", None, "dispute dispute", "dispute dispute released"),
        ("refund", None, "dispute dispute refund", "dispute dispute refund"),
        ("split", 300_00, "dispute dispute refund", "dispute dispute released"),
    ],
)
def test_dispute_and_its_decision_tell_both(
    cast: Cast,
    tell: Callable[..., None],
    outcome: str,
    buyer_minor: int | None,
    buyer_told: str,
    seller_told: str,
) -> None:
    hold = held(cast)
    escrow_services.open_dispute(hold.pk, cast.bidder1.pk, reason="damaged", description="broken")
    escrow_services.resolve_dispute(
        hold.pk, cast.staff.pk, outcome=outcome, buyer_minor=buyer_minor
    )
    tell()

    about_money = ("dispute", "released", "refund")
    for user, wanted in ((cast.bidder1, buyer_told), (cast.seller, seller_told)):
        rows = Notification.objects.filter(user=user, kind__in=about_money).order_by("pk")
        assert " ".join(rows.values_list("kind", flat=True)) == wanted


def test_a_reminder_a_lapse_and_a_second_chance_are_told_once_each(
    cast: Cast, tell: Callable[..., None]
) -> None:
    auction = contested(cast)
    tell(hours=49)
    tell()
    assert told(cast.bidder2, "payment_due") == ["Please pay for A desk"]
    assert told(cast.seller, "payment_due") == told(cast.bidder1, "payment_due") == []

    tell(hours=24)
    tell(hours=1)
    assert told(cast.bidder2, "payment_lapsed") == ["You did not pay for A desk in time"]
    assert told(cast.seller, "payment_lapsed") == ["A desk was not paid in time"]
    assert told(cast.bidder1, "second_chance") == ["You can still have A desk"]
    assert told(cast.bidder1, "payment_lapsed") == []

    pay(auction)
    tell()
    assert told(cast.bidder1, "paid") == ["You paid for A desk"]
    assert told(cast.seller, "paid") == ["A desk is paid"]


def test_a_second_chance_nobody_takes_is_over_for_both(
    cast: Cast, tell: Callable[..., None]
) -> None:
    contested(cast)
    tell(hours=73)
    tell(hours=49)

    assert told(cast.bidder1, "payment_lapsed") == ["The offer of A desk is over"]
    assert told(cast.seller, "payment_lapsed") == [
        "A desk was not paid in time",
        "Nobody took the offer of A desk",
    ]


def test_who_has_paid_is_not_reminded(cast: Cast, tell: Callable[..., None]) -> None:
    pay(sell(cast))
    tell(hours=49)

    assert told(cast.bidder1, "payment_due") == []


@pytest.mark.parametrize(
    ("was", "became", "sellers"),
    [
        (EscrowState.HELD, EscrowState.FROZEN, "The buyer's bank disputes the payment for"),
        (EscrowState.FROZEN, EscrowState.HELD, "The bank leaves you the payment for"),
        (EscrowState.FROZEN, EscrowState.LOST, "The bank took back the payment for"),
    ],
)
def test_what_the_bank_does_is_told_the_seller(
    cast: Cast, tell: Callable[..., None], was: EscrowState, became: EscrowState, sellers: str
) -> None:
    hold = held(cast)
    tell()
    change = StateChange(
        kind=ESCROW.name, object_id=hold.pk, was=was, became=became, cause="event:1", at=clock.now()
    )
    change.save()
    tell()

    assert [title.startswith(sellers) for title in told(cast.seller, "dispute")] == [True]
    assert told(cast.bidder1, "dispute") == []


def test_every_arrow_that_is_told_is_one_money_has() -> None:
    machines = {SALE.name: (SALE, SaleStatus), ESCROW.name: (ESCROW, EscrowState)}
    for name, was, became in ARROWS:
        machine, states = machines[name]
        assert machine.allows(states(was), states(became)), (name, was, became)


def test_a_change_of_what_is_not_there_tells_nobody_and_holds_nothing_up(
    cast: Cast, tell: Callable[..., None]
) -> None:
    sale = sale_of(sell(cast))
    absent = max(sale.pk, *Escrow.objects.values_list("pk", flat=True), 0) + 1000
    for kind, was, became in ((SALE.name, "due", "paid"), (ESCROW.name, "held", "disputed")):
        StateChange.objects.create(
            kind=kind, object_id=absent, was=was, became=became, cause="x", at=clock.now()
        )
    tell()

    assert not StateChange.objects.filter(told=False).exists()
    assert told(cast.seller, "paid") == told(cast.seller, "dispute") == []


def test_old_news_of_money_are_shown_and_not_mailed(cast: Cast, tell: Callable[..., None]) -> None:
    pay(sell(cast))
    StateChange.objects.update(at=clock.now() - timedelta(days=3))
    Sale.objects.update(reminded_at=clock.now())
    tell()

    row = Notification.objects.get(user=cast.seller, kind="paid")
    assert (row.in_app, row.email_due_at) == (True, None)
