"""Sentences by id: each is told on some occasion, and with the facts that its words need."""

from datetime import timedelta
from typing import Any

import pytest

from apps.auctions.models import Auction, Watchlist
from apps.backoffice import sanctions
from apps.backoffice.models import Report
from apps.backoffice.report_services import KINDS
from apps.bidding.desk import desk
from apps.core import clock
from apps.notifications import money_events, services, telling
from apps.notifications.kinds import Kind, Note
from apps.notifications.message_services import send_message
from apps.notifications.models import Notification
from apps.notifications.sentences import FACTS, Says
from apps.payments import sales, unpaid
from apps.payments.models import StateChange
from apps.privacy.export_services import make_due_exports, request_export
from apps.users.models import MailBounce
from apps.webhooks import delivering
from apps.webhooks.services import create_endpoint
from domain.commands import CancelAuction, EndAuction, PlaceBid
from domain.settlement import SALE
from tests.cast import Cast
from tests.factories import AuctionFactory
from tests.money.market import held

pytestmark = pytest.mark.django_db(transaction=True)

MET, UNMET = 251, 977  # reserves, told nobody
#: What programs are told beside the facts of sentences.
FOR_PROGRAMS = {
    *("says", "auction_id", "seq", "sale_id", "seconds", "amount", "currency"),
    *("conversation_id", "message_id", "report_id", "appeal_id", "state"),
    *("webhook_id", "export_id"),
}


def tell_all() -> None:
    while telling.tell(ever=True):
        pass


def contested(cast: Cast, **row: Any) -> Auction:
    """Return an auction that bidder2 leads at 400 before bidder1 at 300."""
    auction = AuctionFactory(seller=cast.seller, title="A desk", **row)
    for user, amount in ((cast.bidder1, 300), (cast.bidder2, 400)):
        desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount * 100))
    return auction


def live_auctions(cast: Cast) -> None:
    """Let auctions end in every way, and one come near its end."""
    seller_id = cast.seller.pk
    desk.ask(contested(cast, reserve_minor=MET * 100).pk, EndAuction(actor_id=seller_id))
    desk.ask(contested(cast, reserve_minor=UNMET * 100).pk, EndAuction(actor_id=seller_id))
    desk.ask(AuctionFactory(seller=cast.seller).pk, EndAuction(actor_id=seller_id))
    desk.ask(AuctionFactory(seller=cast.seller).pk, CancelAuction(actor_id=seller_id))
    offers = AuctionFactory(seller=cast.seller, seller_choice=True)
    desk.ask(offers.pk, PlaceBid(actor_id=cast.bidder1.pk, amount_minor=250_00))
    now = clock.now()
    for ahead in (timedelta(minutes=50), timedelta(hours=23)):
        near = AuctionFactory(
            seller=cast.seller, start_at=now - timedelta(days=5), end_at=now + ahead
        )
        Watchlist.objects.create(user=cast.bidder1, auction=near, created_at=now)
    tell_all()


def move_money(cast: Cast, frozen_clock: Any) -> None:
    """Let a winner be reminded and lapse, and every arrow be told that is told at all."""
    sales.open_sales()
    for hours in (49, 24):
        unpaid.look_after_unpaid(frozen_clock.advance(hours * 3600), 100)
        tell_all()
    hold = held(cast)
    for name, was, became in money_events.ARROWS:
        number = hold.payment.sale_id if name == SALE.name else hold.pk
        StateChange.objects.create(
            kind=name, object_id=number, was=was, became=became, cause="x", at=clock.now()
        )
    tell_all()


def judge(cast: Cast) -> None:
    """Let reports and appeals be decided in every way."""
    at = clock.now()
    for number, kind in enumerate(KINDS):
        for state in (Report.State.UPHELD, Report.State.DISMISSED):
            report = Report(
                pk=10 * number + len(state),
                kind=kind,
                reason="fraud",
                state=state,
                reporter=cast.bidder1,
                judged=cast.seller,
            )
            sanctions.tell_outcome(report, at)
    for granted in (True, False):
        sanctions.tell_appellant(cast.seller.pk, int(granted), granted=granted, at=at)


def serve(cast: Cast) -> None:
    """Let the rest be told: a message, an export, a webhook and an address that fail."""
    send_message(cast.bidder1.pk, cast.seller.pk, "Is it oak?")
    request_export(cast.seller.pk)
    make_due_exports()
    for says in (Says.WEBHOOK_GONE, Says.WEBHOOK_FAILING):
        endpoint, _ = create_endpoint(
            cast.seller,
            url=f"https://{says.value.replace('_', '-')}.example.com/",
            kinds=["auction.bid"],
            description="",
            everything=False,
        )
        delivering.disable(endpoint, says)
    MailBounce.objects.create(user=cast.seller, email=cast.seller.email, at=clock.now())
    tell_all()


@pytest.fixture
def told(cast: Cast, frozen_clock: Any) -> list[Notification]:
    """Return all that is told where everything happens once."""
    live_auctions(cast)
    move_money(cast, frozen_clock)
    judge(cast)
    serve(cast)
    return list(Notification.objects.order_by("pk"))


def test_every_sentence_is_told_with_its_facts_and_nothing_is_told_without_one(
    told: list[Notification], cast: Cast
) -> None:
    assert {row.data.get("says") for row in told} == {says.value for says in Says} == set(FACTS)
    assert {row.kind for row in told} == {kind.value for kind in Kind}
    for row in told:
        facts = set(FACTS[Says(row.data["says"])])
        assert all(row.data.get(key) not in (None, "") for key in facts), row.data
        assert set(row.data) <= facts | FOR_PROGRAMS | {"title", "days"}, row.data


def test_facts_hold_no_reserve_and_no_e_mail_address_of_another(
    told: list[Notification], cast: Cast
) -> None:
    addresses = {user.pk: user.email for user in (cast.seller, cast.bidder1, cast.bidder2)}
    for row in told:
        facts = set(map(str, row.data.values()))
        others = {email for pk, email in addresses.items() if pk != row.user_id}
        assert not facts & {str(MET), str(UNMET), *others}, row.data


def test_the_sentence_of_gathered_ones_is_the_newest_s(cast: Cast) -> None:
    def outbid(source: str, amount: int) -> Note:
        return Note(
            user_id=cast.bidder1.pk,
            kind=Kind.OUTBID,
            says=Says.OUTBID,
            source=source,
            thread="outbid:1",
            at=clock.now(),
            title="You were outbid",
            data={"title": "A desk", "amount": amount, "currency": "USD"},
        )

    services.notify([outbid("one", 100), outbid("two", 200)])
    services.notify([outbid("three", 300)])

    row = Notification.objects.get(replaced=False)
    assert (row.count, row.data["says"], row.data["amount"]) == (3, "outbid", 300)
