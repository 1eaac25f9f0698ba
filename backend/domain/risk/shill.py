"""The shill score of a bidder towards a seller: how like a seller's own second account he bids.

    SS = 10 (9a + 2b + 5g + 2d + 2e + 2z) / 22, each rating in 0..1, over the auctions of the
    seller in which he bid and which he did not win.

Source: Trevathan and Read, "Detecting Shill Bidding in Online English Auctions" (2009). Labelled
data show its limits (Herzog 2014): it sorts a queue for people and decides nothing.
Amounts are minor units; instants are aware UTC.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

ALPHA, BETA, GAMMA, DELTA, EPSILON, ZETA = "alpha", "beta", "gamma", "delta", "epsilon", "zeta"

#: Rating -> its weight in the published sum.
WEIGHTS: Mapping[str, int] = {ALPHA: 9, BETA: 2, GAMMA: 5, DELTA: 2, EPSILON: 2, ZETA: 2}
SCORE_MAX = 10
REVIEW_FROM = 7.0  # the score, evened out, from which a person should look
REVIEW_LOST_MIN = 2  # auctions; one that was lost is no pattern

#: Rating -> what it says to a reviewer, who sees it as a percentage.
SENTENCES: Mapping[str, str] = {
    ALPHA: "Bid and lost in {lost} of the seller's {listed} auctions ({percent} %)",
    BETA: "Made {percent} % of the bids that one side of a contest can make there",
    GAMMA: "Won {won}, lost {lost} of this seller's auctions: {percent} % of who never wins",
    DELTA: "Answered other bids faster than {percent} % of the range among the bidders there",
    EPSILON: "Raised by less than {percent} % of the range among the bidders there",
    ZETA: "Came in earlier than {percent} % of the range among the bidders there",
}


@dataclass(frozen=True, slots=True)
class SeenBid:
    """A visible bid."""

    bidder_id: int
    amount_minor: int
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class EndedAuction:
    """An auction that is over, its visible bids in order. `winner_id` None: nobody won."""

    auction_id: int
    seller_id: int
    winner_id: int | None
    bids: Sequence[SeenBid]


@dataclass(frozen=True, slots=True)
class ShillScore:
    """How a bidder did with one seller: his ratings by name, and how many auctions they rest on."""

    bidder_id: int
    seller_id: int
    listed_count: int  # the seller's auctions that anybody bid in
    lost_count: int  # of them those he bid in and did not win; at least 1
    won_count: int
    ratings: Mapping[str, float]

    @property
    def value(self) -> float:
        """The published score, 0 to 10."""
        weighed = sum(weight * self.ratings[name] for name, weight in WEIGHTS.items())
        return SCORE_MAX * weighed / sum(WEIGHTS.values())

    def sentence(self, rating: str) -> str:
        """Return what a rating says, for a reviewer."""
        return SENTENCES[rating].format(
            percent=round(100 * self.ratings[rating]),
            lost=self.lost_count,
            won=self.won_count,
            listed=self.listed_count,
        )


@dataclass(frozen=True, slots=True)
class Prior:
    """What is thought of a pair before anything is known: the site's means."""

    score: float
    lost_count: float

    def evened(self, score: ShillScore) -> float:
        """Return the score drawn towards the site's mean, the more the less it rests on."""
        known = self.lost_count + score.lost_count
        return (self.lost_count * self.score + score.lost_count * score.value) / known


def prior_of(scores: Iterable[ShillScore]) -> Prior:
    """Return the means of the site's pairs; of none, one that leaves every score as it is."""
    known = list(scores)
    if not known:
        return Prior(score=0.0, lost_count=0.0)
    return Prior(
        score=fmean(score.value for score in known),
        lost_count=fmean(score.lost_count for score in known),
    )


def shill_scores(auctions: Iterable[EndedAuction]) -> list[ShillScore]:
    """Return the score of each pair of a bidder and a seller in whose auctions he lost.

    Linear in the bids. Auctions without a bid count for nobody.
    """
    listed: dict[int, int] = defaultdict(int)
    won: dict[tuple[int, int], int] = defaultdict(int)
    lost: dict[tuple[int, int], list[tuple[float, float, float, float]]] = defaultdict(list)
    for auction in auctions:
        if not auction.bids:
            continue
        listed[auction.seller_id] += 1
        for bidder_id, ratings in _rated(auction):
            if bidder_id == auction.winner_id:
                won[bidder_id, auction.seller_id] += 1
            else:
                lost[bidder_id, auction.seller_id].append(ratings)
    return [
        _score(bidder_id, seller_id, listed[seller_id], won[bidder_id, seller_id], rows)
        for (bidder_id, seller_id), rows in lost.items()
    ]


def _score(
    bidder_id: int,
    seller_id: int,
    listed_count: int,
    won_count: int,
    rows: list[tuple[float, float, float, float]],
) -> ShillScore:
    lost_count = len(rows)
    beta, delta, epsilon, zeta = (fmean(column) for column in zip(*rows, strict=True))
    return ShillScore(
        bidder_id=bidder_id,
        seller_id=seller_id,
        listed_count=listed_count,
        lost_count=lost_count,
        won_count=won_count,
        ratings={
            ALPHA: lost_count / listed_count,
            BETA: beta,
            GAMMA: low_winning_rate(won_count, lost_count),
            DELTA: delta,
            EPSILON: epsilon,
            ZETA: zeta,
        },
    )


def low_winning_rate(won_count: int, lost_count: int) -> float:
    """Return gamma: near 1 for who loses often and never wins, 0 soon for who wins at all.

    The operational form of published experiments, `max(0, 1 - 5 (won + 0.2) / lost)`: a single
    loss says nothing.
    """
    return max(0.0, 1.0 - 5.0 * (won_count + 0.2) / lost_count)


def _rated(auction: EndedAuction) -> Iterator[tuple[int, tuple[float, float, float, float]]]:
    """Return each bidder's beta, delta, epsilon and zeta in one auction.

    The first bid of all waited for nobody and raised nobody's: 0 for both.
    """
    waits: dict[int, list[float]] = defaultdict(list)
    raises: dict[int, list[float]] = defaultdict(list)
    entered: dict[int, float] = {}
    opened_at = auction.bids[0].placed_at
    since_opening, amount_minor = 0.0, auction.bids[0].amount_minor
    for bid in auction.bids:
        at = (bid.placed_at - opened_at).total_seconds()
        waits[bid.bidder_id].append(at - since_opening)
        raises[bid.bidder_id].append(float(bid.amount_minor - amount_minor))
        entered.setdefault(bid.bidder_id, at)
        since_opening, amount_minor = at, bid.amount_minor
    quick = _lowness({bidder: fmean(own) for bidder, own in waits.items()})
    small = _lowness({bidder: fmean(own) for bidder, own in raises.items()})
    early = _lowness(entered)
    one_side = len(auction.bids) // 2
    for bidder_id, own in waits.items():
        beta = min(1.0, len(own) / one_side) if one_side else 0.0
        yield bidder_id, (beta, quick[bidder_id], small[bidder_id], early[bidder_id])


def _lowness(values: Mapping[int, float]) -> dict[int, float]:
    """Return how low each value lies between the highest (0) and the lowest (1) of them.

    Where all are equal nobody stands out: 0 for everybody.
    """
    least, most = min(values.values()), max(values.values())
    span = most - least
    return {key: (most - value) / span if span else 0.0 for key, value in values.items()}
