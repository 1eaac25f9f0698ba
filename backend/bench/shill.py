"""The shill score on a simulated market, and how long ten thousand bids take.

    python -m bench.shill [--seeds 10]

AUC, precision among as many as there are shills, the part of honest bidders and of shills at or
above the threshold for review: the worst and the mean over the seeds. No database.
"""

import argparse
import json
import time
from collections.abc import Callable
from statistics import fmean, median

from domain.risk.shill import REVIEW_FROM, EndedAuction, shill_scores
from tests.fraud.market import Figures, LateShill, Played, figures_of, play, score_by_account

BIDS = 10_000
ROUNDS = 9  # of the measurement of time, of which the middle one counts

MARKETS: dict[str, Callable[[int], Played]] = {
    "simple shill agent": play,
    "one in five honest is a collector": lambda seed: play(seed, collectors=0.2),
    "late start (no target)": lambda seed: play(seed, shill=LateShill),
    "two shills take turns (no target)": lambda seed: play(seed, shills_of_seller=2),
}


def measured(seed: int, market: Callable[[int], Played]) -> tuple[Figures, int, int]:
    """Return the figures of one market, how many of its shills bid at all, and its bids."""
    played = market(seed)
    figures = figures_of(played, score_by_account(played), REVIEW_FROM)
    return figures, len(played.bidders & played.shills), played.bid_count


def table(seeds: int) -> list[dict[str, object]]:
    """Play every market with every seed."""
    rows: list[dict[str, object]] = []
    for name, market in MARKETS.items():
        results = [measured(seed, market) for seed in range(1, seeds + 1)]
        figures = [found for found, _, _ in results]
        rows.append(
            {
                "market": name,
                "seeds": seeds,
                "auc_min": round(min(f.auc for f in figures), 4),
                "auc_mean": round(fmean(f.auc for f in figures), 4),
                "precision_min": min(f.precision for f in figures),
                "precision_mean": round(fmean(f.precision for f in figures), 3),
                "honest_above_max": max(f.honest_above for f in figures),
                "shills_above_mean": round(fmean(f.shills_above for f in figures), 3),
                "shills_that_bid_mean": fmean(bid for _, bid, _ in results),
                "bids_mean": round(fmean(bids for _, _, bids in results)),
            }
        )
    return rows


def ten_thousand() -> list[EndedAuction]:
    """Return auctions of the simulated market that hold ten thousand bids together."""
    auctions: list[EndedAuction] = []
    left, seed = BIDS, 1
    while left:
        for auction in play(seed).auctions:
            bids = auction.bids[:left]
            left -= len(bids)
            auctions.append(
                EndedAuction(auction.auction_id, auction.seller_id, auction.winner_id, bids)
            )
        seed += 1
    return auctions


def scoring_seconds() -> float:
    """Return how long it takes to score ten thousand bids."""
    auctions = ten_thousand()
    taken = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        shill_scores(auctions)
        taken.append(time.perf_counter() - begin)
    return median(taken)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=10)
    rows = table(parser.parse_args().seeds)
    for row in rows:
        print(f"{row['market']}: " + ", ".join(f"{k} {v}" for k, v in row.items() if k != "market"))
    seconds = scoring_seconds()
    print(f"{BIDS} bids scored in {1000 * seconds:.1f} ms")
    print(json.dumps({"threshold": REVIEW_FROM, "markets": rows, "seconds": round(seconds, 4)}))


if __name__ == "__main__":
    main()
