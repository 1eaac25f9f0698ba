"""Shill scores of auctions that have ended: stored per pair, put before people from 7 on."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Avg, Exists, OuterRef, QuerySet

from apps.auctions.models import Auction
from apps.bidding.models import Bid
from apps.risk.case_services import Finding, put_before_people
from apps.risk.models import RiskCase, ScoredAuction, ShillPair
from domain.auction import Closing, Status
from domain.risk.shill import (
    REVIEW_FROM,
    REVIEW_LOST_MIN,
    EndedAuction,
    Prior,
    SeenBid,
    ShillScore,
    shill_scores,
)

LOOK_BACK = timedelta(days=180)  # of a seller's auctions
AUCTIONS_MAX = 500  # of a seller, the newest
SELLERS_MAX = 10  # in one look


def score_ended(now: datetime) -> int:
    """Score the sellers of whom an auction has ended since the last look; returns how many cases.

    Auctions that end by the clock: where the seller picks an offer, nobody is driven up.
    """
    unscored = _ended(now).exclude(Exists(ScoredAuction.objects.filter(pk=OuterRef("pk"))))
    sellers = unscored.order_by("seller_id").values_list("seller_id", flat=True).distinct()
    return sum(_score_seller(seller_id, now) for seller_id in list(sellers[:SELLERS_MAX]))


def _ended(now: datetime) -> QuerySet[Auction]:
    return Auction.objects.filter(
        status=Status.ENDED, closing=Closing.TIMED, ended_at__gt=now - LOOK_BACK
    )


def _score_seller(seller_id: int, now: datetime) -> int:
    own = _ended(now).filter(seller_id=seller_id).order_by("-ended_at")
    auctions = list(own.values_list("pk", "winner_id", "ended_at")[:AUCTIONS_MAX])
    scores = shill_scores(_with_bids(seller_id, [(pk, winner) for pk, winner, _ in auctions]))
    _store(scores, now)
    found = _find(
        scores, {pk: ended_at for pk, _, ended_at in auctions if ended_at is not None}, now
    )
    ScoredAuction.objects.bulk_create(
        [ScoredAuction(pk=pk, scored_at=now) for pk, _, _ in auctions], ignore_conflicts=True
    )
    return found


def _with_bids(seller_id: int, auctions: list[tuple[int, int | None]]) -> Iterable[EndedAuction]:
    rows = Bid.objects.filter(auction_id__in=[pk for pk, _ in auctions], void=False)
    bids: dict[int, list[SeenBid]] = {pk: [] for pk, _ in auctions}
    columns = ("auction_id", "bidder_id", "amount_minor", "placed_at")
    for auction_id, *bid in rows.order_by("auction_id", "seq").values_list(*columns):
        bids[auction_id].append(SeenBid(*bid))
    return [EndedAuction(pk, seller_id, winner, bids[pk]) for pk, winner in auctions]


def _store(scores: Iterable[ShillScore], now: datetime) -> None:
    rows = [
        ShillPair(
            bidder_id=score.bidder_id,
            seller_id=score.seller_id,
            score=score.value,
            listed_count=score.listed_count,
            lost_count=score.lost_count,
            won_count=score.won_count,
            ratings=dict(score.ratings),
            scored_at=now,
        )
        for score in scores
    ]
    ShillPair.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["seller", "bidder"],
        update_fields=["score", "listed_count", "lost_count", "won_count", "ratings", "scored_at"],
    )


def site_prior() -> Prior:
    """Return what is thought of a pair before anything is known: the means of all stored."""
    means = ShillPair.objects.aggregate(score=Avg("score"), lost=Avg("lost_count"))
    return Prior(score=means["score"] or 0.0, lost_count=means["lost"] or 0.0)


def _find(scores: Iterable[ShillScore], ended: dict[int, datetime], now: datetime) -> int:
    prior, found = site_prior(), 0
    for score in scores:
        evened = prior.evened(score)
        if evened < REVIEW_FROM or score.lost_count < REVIEW_LOST_MIN:
            continue
        bids = Bid.objects.filter(auction_id__in=ended, bidder_id=score.bidder_id, void=False)
        found += put_before_people(
            Finding(
                kind=RiskCase.Kind.SHILL,
                user_id=score.bidder_id,
                seller_id=score.seller_id,
                subject=f"seller:{score.seller_id}",
                evidence_at=max(ended[pk] for pk in bids.values_list("auction_id", flat=True)),
                score=evened,
                facts={
                    "published_score": score.value,
                    "prior": {"score": prior.score, "lost_count": prior.lost_count},
                    "listed_count": score.listed_count,
                    "lost_count": score.lost_count,
                    "won_count": score.won_count,
                    "ratings": dict(score.ratings),
                },
            ),
            at=now,
        )
    return found
