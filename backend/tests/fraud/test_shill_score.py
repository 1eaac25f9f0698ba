"""The published score against an example worked by hand, and what each rating means."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from domain.risk.shill import (
    REVIEW_FROM,
    WEIGHTS,
    EndedAuction,
    Prior,
    SeenBid,
    ShillScore,
    low_winning_rate,
    prior_of,
    shill_scores,
)

SELLER, OTHER_SELLER, XENIA, ANNA, BRUNO = 1, 2, 11, 12, 13
BEGIN = datetime(2026, 2, 22, tzinfo=UTC)


def ended(auction_id, winner, *bids, seller=SELLER):
    """Return an auction of (bidder, amount, seconds after the opening)."""
    seen = [SeenBid(who, amount, BEGIN + timedelta(seconds=at)) for who, amount, at in bids]
    return EndedAuction(auction_id, seller, winner, seen)


#: Xenia answers Anna within a minute, by the least.
FIRST = ended(
    1, ANNA, (XENIA, 1_000, 0), (ANNA, 1_500, 3_600), (XENIA, 1_600, 3_660), (ANNA, 2_600, 7_260)
)
#: Xenia is the second of three, in time, in speed and in steps.
SECOND = ended(
    2, ANNA, (ANNA, 1_000, 0), (XENIA, 1_200, 600), (BRUNO, 1_250, 720), (ANNA, 2_000, 4_320)
)
#: Xenia is not in it.
THIRD = ended(3, BRUNO, (ANNA, 1_000, 0), (BRUNO, 1_100, 60))


def score_of(bidder, auctions):
    (score,) = [score for score in shill_scores(auctions) if score.bidder_id == bidder]
    return score


def test_score_is_the_one_worked_by_hand():
    score = score_of(XENIA, [FIRST, SECOND, THIRD])

    by_hand = {
        "alpha": Fraction(2, 3),  # lost two of the seller's three
        "beta": (Fraction(2, 2) + Fraction(1, 2)) / 2,  # of floor(4 / 2) bids each
        "gamma": 1 - 5 * Fraction(2, 10) / 2,  # won none, lost two
        # mean waits: 30 of 30..3600, then 600 of 120..1800
        "delta": (1 + 1 - Fraction(600 - 120, 1800 - 120)) / 2,
        # mean raises: 50 of 50..750, then 200 of 50..375
        "epsilon": (1 + 1 - Fraction(200 - 50, 375 - 50)) / 2,
        "zeta": (1 + 1 - Fraction(600, 720)) / 2,  # first of two, then second of three
    }
    assert score.ratings == pytest.approx({k: float(v) for k, v in by_hand.items()}, abs=1e-9)
    assert score.value == pytest.approx(float(Fraction(39_365, 6_006)), abs=1e-9)
    assert (score.listed_count, score.lost_count, score.won_count) == (3, 2, 0)


def test_evened_score_is_the_one_worked_by_hand():
    score = score_of(XENIA, [FIRST, SECOND, THIRD])

    evened = Prior(score=3.0, lost_count=1.5).evened(score)

    by_hand = (Fraction(3, 2) * 3 + 2 * Fraction(39_365, 6_006)) / Fraction(7, 2)
    assert evened == pytest.approx(float(by_hand), abs=1e-9)


def test_prior_is_the_mean_of_the_pairs():
    scores = shill_scores([FIRST, SECOND, THIRD])

    prior = prior_of(scores)

    assert {score.bidder_id for score in scores} == {XENIA, ANNA, BRUNO}
    assert prior.score == pytest.approx(sum(score.value for score in scores) / 3, abs=1e-9)
    assert prior.lost_count == pytest.approx((2 + 1 + 1) / 3, abs=1e-9)


def test_without_any_pair_a_score_stays_as_it_is():
    score = score_of(XENIA, [FIRST])

    assert prior_of([]).evened(score) == score.value


def test_ratings_rest_on_lost_auctions_of_one_seller():
    elsewhere = ended(4, XENIA, (ANNA, 100, 0), (XENIA, 900, 9_000), seller=OTHER_SELLER)

    score = score_of(XENIA, [FIRST, SECOND, THIRD, elsewhere])

    assert score == score_of(XENIA, [FIRST, SECOND, THIRD])


def test_who_won_all_he_bid_on_has_no_score():
    assert all(score.bidder_id != BRUNO for score in shill_scores([THIRD]))


def test_where_nobody_won_the_highest_bidder_lost_too():
    unsold = ended(5, None, (XENIA, 100, 0), (ANNA, 200, 60))

    assert {score.bidder_id for score in shill_scores([unsold])} == {XENIA, ANNA}


def test_who_bids_alone_answers_nobody():
    alone = ended(6, None, (XENIA, 100, 60))

    assert score_of(XENIA, [alone]).ratings == {
        "alpha": 1.0,
        "beta": 0.0,
        "gamma": 0.0,
        "delta": 0.0,
        "epsilon": 0.0,
        "zeta": 0.0,
    }


def test_an_auction_without_bids_counts_for_nobody():
    assert shill_scores([ended(7, None)]) == []
    assert score_of(XENIA, [FIRST, ended(7, None)]).listed_count == 1


@pytest.mark.parametrize(
    ("won", "lost", "rating"), [(0, 1, 0.0), (0, 2, 0.5), (0, 10, 0.9), (1, 10, 0.4), (2, 10, 0.0)]
)
def test_low_winning_rate_says_nothing_of_one_loss_and_falls_with_each_win(won, lost, rating):
    assert low_winning_rate(won, lost) == pytest.approx(rating, abs=1e-9)


def test_every_rating_at_its_highest_makes_ten_and_none_makes_nothing():
    def with_all(rating):
        return ShillScore(XENIA, SELLER, 1, 1, 0, dict.fromkeys(WEIGHTS, rating))

    assert with_all(1.0).value == pytest.approx(10, abs=1e-9)
    assert with_all(0.0).value == 0
    assert 0 < REVIEW_FROM < 10


def test_each_rating_has_a_sentence_with_its_figures():
    score = score_of(XENIA, [FIRST, SECOND, THIRD])

    said = {rating: score.sentence(rating) for rating in WEIGHTS}

    assert said["alpha"] == "Bid and lost in 2 of the seller's 3 auctions (67 %)"
    assert "Won 0, lost 2" in said["gamma"]
    assert len(set(said.values())) == len(WEIGHTS)


class ReadOnce(list):
    """A list that counts how often it is gone through."""

    rounds = 0

    def __iter__(self):
        self.rounds += 1
        return super().__iter__()


def test_ten_thousand_bids_are_gone_through_once():
    bids = ReadOnce(
        SeenBid(bidder_id=11 + n % 50, amount_minor=100 + n, placed_at=BEGIN + timedelta(seconds=n))
        for n in range(10_000)
    )

    scores = shill_scores([EndedAuction(1, SELLER, 11, bids)])

    assert bids.rounds == 1
    assert len(scores) == 49
