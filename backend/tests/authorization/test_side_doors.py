"""What a secret could leave by though no field shows it: a hash over it, a tag, another status."""

import pytest
from django.db import transaction

from apps.bidding.desk import desk
from domain import commands as ask
from tests.factories import AuctionFactory

pytestmark = pytest.mark.django_db
MAXIMUM = 777_777_77


@pytest.fixture
def auction(cast, frozen_clock):
    """An auction that bidder2 leads; the clock stands still."""
    auction = AuctionFactory(seller=cast.seller)
    desk.ask(auction.pk, ask.PlaceBid(actor_id=cast.bidder2.pk, amount_minor=120_00))
    return auction


@pytest.fixture
def maximum(auction, cast):
    """Let bidder1 lead by a secret maximum."""
    desk.ask(auction.pk, ask.SetAutoBid(actor_id=cast.bidder1.pk, max_minor=MAXIMUM))


def test_public_hash_confirms_no_guess_of_a_maximum(auction, cast, api):
    """The published hash of a row covers the private action.

    Were the same facts to give the same hash, whoever knows the public ones could try every
    amount there is, a matter of seconds, and see which maximum it was.
    """
    published = []
    for _ in range(2):
        before = transaction.savepoint()
        desk.ask(auction.pk, ask.SetAutoBid(actor_id=cast.bidder1.pk, max_minor=MAXIMUM))
        rows = api().get("/api/bid-history/", {"auction_id": auction.pk}).json()["results"]
        published.append((rows, [row.pop("hash") for row in rows]))
        transaction.savepoint_rollback(before)

    (facts, hashes), (same_facts, other_hashes) = published

    assert facts == same_facts
    assert hashes[0] == other_hashes[0], "from before"
    assert set(hashes[1:]).isdisjoint(other_hashes[1:])


@pytest.mark.parametrize(
    "path", ["/api/auctions/{}/", "/api/auctions/?seller={}", "/api/auction/products/{}/"]
)
def test_leader_raises_his_maximum_and_nobody_can_tell(
    path, auction, maximum, cast, api, frozen_clock
):
    frozen_clock.advance(10)
    path = path.format(auction.pk if "seller" not in path else cast.seller.pk)
    before = api().get(path)

    desk.ask(auction.pk, ask.SetAutoBid(actor_id=cast.bidder1.pk, max_minor=MAXIMUM + 100))

    after = api().get(path)
    assert (after.json(), dict(after.headers)) == (before.json(), dict(before.headers))


def test_bidder_cannot_tell_a_removed_auction_he_bid_on_from_none(auction, cast, api):
    """Whether this process has met the auction before must make no difference."""
    staff = ask.CancelAuction(actor_id=cast.staff.pk, is_staff=True, removed=True)
    client = api(cast.stranger)
    bids = [
        ("/api/bids/", {"amount": 500}),
        ("/api/auto-bids/", {"max_bid": 500}),
    ]
    for path, body in bids:
        refused = client.post(path, body | {"auction_id": auction.pk, "amount": 1, "max_bid": 1})
        assert refused.status_code == 400, "too low, and now known to this process"
    desk.ask(auction.pk, staff)

    for path, body in bids:
        removed = client.post(path, body | {"auction_id": auction.pk})
        absent = client.post(path, body | {"auction_id": 999_999})
        assert (removed.status_code, removed.json()) == (absent.status_code, absent.json())
    removed, absent = (
        client.post(f"/api/auctions/{auction_id}/buy-now/") for auction_id in (auction.pk, 999_999)
    )
    assert (removed.status_code, removed.json()) == (absent.status_code, absent.json())
