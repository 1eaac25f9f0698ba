"""A linked bidder at every door of both vocabularies: refused in its words, by the lane as well."""

import pytest
from asgiref.sync import sync_to_async

from apps.core import clock
from apps.risk.keys import note_key
from apps.risk.models import DepositNeed
from config.asgi import application
from domain.risk.links import KeyKind
from tests.cast import sign_in
from tests.factories import AuctionFactory
from tests.realtime.doors import joined
from tests.vocabularies.test_lane import VIEWS, Case, Twins, told
from tests.vocabularies.test_roadmap import Market

pytestmark = pytest.mark.django_db(transaction=True)

LINKED = "This account and the seller's share a way to pay or to be paid"


def link(cast):
    for user in (cast.seller, cast.bidder1):
        note_key(user.pk, KeyKind.PAYER, "fp_1", at=clock.now())


def ask_for_deposit(cast):
    DepositNeed.objects.create(user=cast.bidder1, cause="staff", since_at=clock.now())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/bids/", {"amount": 200}),
        ("/api/auto-bids/", {"max_bid": 200}),
        ("/api/auctions/{id}/buy-now/", {}),
    ],
)
def test_roadmap_says_why(cast, api, path, body):
    auction = AuctionFactory(seller=cast.seller, buy_now_minor=900_00)
    link(cast)

    answer = api(cast.bidder1).post(path.format(id=auction.pk), {"auction_id": auction.pk, **body})

    assert answer.status_code == 400
    assert answer.json() == {"error": LINKED, "code": "linked_account"}


@pytest.mark.parametrize("vocabulary", ["guide", "roadmap"])
@pytest.mark.parametrize(("fact", "status"), [(link, 400), (ask_for_deposit, 403)])
async def test_lane_and_view_refuse_alike(fact, status, vocabulary, cast, api, frozen_clock):
    twins = await sync_to_async(
        lambda: Twins(Market(cast, api, frozen_clock), vocabulary, Case())
    )()
    await sync_to_async(fact)(cast)

    by_lane = await twins.ask(application, twins.ids[0])
    by_view = await twins.ask(VIEWS, twins.ids[1])

    assert told(by_lane) == told(by_view)
    assert by_lane.status_code == status


async def test_socket_says_why(cast):
    auction = await sync_to_async(AuctionFactory)(seller=cast.seller)
    await sync_to_async(link)(cast)
    token = (await sync_to_async(sign_in)(cast.bidder1)).access

    async with joined(f"/ws/auction/{auction.pk}/", token=token) as room:
        answer = await room.ask({"type": "place_bid", "amount": 200, "request_id": "a"})

    assert (answer["type"], answer["code"]) == ("bid_rejected", "linked_account")
    assert answer["error"] == LINKED
