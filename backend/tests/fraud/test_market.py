"""The score on a simulated market: what it finds, what it leaves alone, and what it cannot see."""

from collections import Counter
from functools import cache

import pytest

from domain.risk.shill import REVIEW_FROM
from tests.fraud.market import (
    AUCTIONS,
    FIRST_HONEST,
    HONEST,
    SHILLS,
    LateShill,
    figures_of,
    play,
    score_by_account,
)

SEEDS = range(1, 11)


@cache
def played(seed):
    return play(seed)


@pytest.mark.parametrize("seed", SEEDS)
def test_shills_are_told_from_honest_bidders(seed):
    market = played(seed)

    figures = figures_of(market, score_by_account(market), REVIEW_FROM)

    assert figures.auc >= 0.95
    assert figures.precision >= 0.8
    assert figures.honest_above <= 0.01


def test_collectors_of_one_seller_do_not_fill_the_queue():
    market = play(1, collectors=0.2)

    figures = figures_of(market, score_by_account(market), REVIEW_FROM)

    assert figures.honest_above <= 0.01


def test_market_is_as_large_as_it_says_and_the_same_each_time():
    market = played(1)

    assert len(market.auctions) == AUCTIONS
    assert (len(market.honest), len(market.shills)) == (HONEST, SHILLS)
    assert market.shills <= market.bidders
    assert len(market.bidders & market.honest) > HONEST / 2
    assert play(1) == market


def test_honest_bidders_win_most_auctions_and_shills_few():
    winners = Counter(
        auction.winner_id >= FIRST_HONEST + HONEST
        for auction in played(1).auctions
        if auction.winner_id is not None
    )

    assert winners[False] > 5 * winners[True]


def test_blind_spots_are_those_the_document_names():
    """There is no target for these; docs/fraud.md says how little is seen of them."""
    late, pairs = play(1, shill=LateShill), play(1, shills_of_seller=2)
    of_late, of_pairs = (
        figures_of(market, score_by_account(market), REVIEW_FROM) for market in (late, pairs)
    )

    assert (of_late.shills_above, of_pairs.shills_above) == (0, 0)
    assert of_late.auc < 0.6
    assert of_pairs.auc > 0.95
    assert max(of_late.honest_above, of_pairs.honest_above) <= 0.01
