"""The simulated market as rows: the chore finds in the database what the figures find."""

from datetime import timedelta

import pytest

from apps.auctions.models import Auction
from apps.bidding.models import Bid
from apps.core import clock
from apps.risk.models import RiskCase, ShillPair
from apps.risk.scoring import score_ended
from apps.users.models import User
from domain.auction import Closing, Status
from domain.risk.shill import prior_of, shill_scores
from tests.fraud.market import OPENS_AT, Played, play

pytestmark = pytest.mark.django_db


def store(market: Played) -> None:
    """Write a played market down, moved to the week that ends now; ids are those of the market."""
    shift = clock.now() - OPENS_AT - timedelta(days=8)
    users = market.honest | market.shills | {auction.seller_id for auction in market.auctions}
    User.objects.bulk_create(
        User(pk=user, username=f"user{user}", email=f"{user}@market.example") for user in users
    )
    ended_at = clock.now() - timedelta(hours=1)
    Auction.objects.bulk_create(
        Auction(
            pk=auction.auction_id,
            seller_id=auction.seller_id,
            title="A thing",
            closing=Closing.TIMED,
            currency="USD",
            starting_minor=100,
            status=Status.ENDED,
            start_at=ended_at - timedelta(days=7),
            end_at=ended_at,
            original_end_at=ended_at,
            ended_at=ended_at,
            winner_id=auction.winner_id,
            sold=auction.winner_id is not None,
            final_minor=auction.bids[-1].amount_minor if auction.winner_id else None,
            created_at=ended_at,
            updated_at=ended_at,
        )
        for auction in market.auctions
    )
    Bid.objects.bulk_create(
        Bid(
            auction_id=auction.auction_id,
            bidder_id=bid.bidder_id,
            amount_minor=bid.amount_minor,
            led=True,
            seq=seq,
            placed_at=bid.placed_at + shift,
        )
        for auction in market.auctions
        for seq, bid in enumerate(auction.bids, start=1)
    )


def test_queue_holds_the_shills_and_hardly_anybody_else(frozen_clock):
    market = play(1)
    store(market)

    looks = 0
    while Auction.objects.filter(status=Status.ENDED, scoredauction=None).exists():
        score_ended(frozen_clock.instant)
        looks += 1

    expected = {(s.bidder_id, s.seller_id): s.value for s in shill_scores(market.auctions)}
    stored = {(p.bidder_id, p.seller_id): p.score for p in ShillPair.objects.all()}
    assert stored == pytest.approx(expected, abs=1e-9)
    suspects = set(RiskCase.objects.values_list("user_id", flat=True))
    assert len(suspects & market.shills) >= 0.8 * len(market.shills)
    assert len(suspects & market.honest) <= 0.01 * len(market.honest)
    assert looks == 4
    last = prior_of(shill_scores(market.auctions))
    for case in RiskCase.objects.filter(seller_id__gt=30):
        assert case.facts["prior"]["score"] == pytest.approx(last.score, rel=0.05)
