"""Rules over instants: what is too much in too little time, to the instant."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.risk import velocity
from domain.risk.velocity import (
    BIDS_OF_NEW_ACCOUNT,
    BIDS_ON_ONE_AUCTION,
    NEW_ACCOUNTS,
    OUTLIER_SAMPLE_MIN,
    applies_to,
    burst,
    deposit_until,
    is_outlier,
    median_minor,
)

NOW = datetime(2026, 2, 22, 10, 30, tzinfo=UTC)


def after(*seconds):
    return [NOW + timedelta(seconds=second) for second in seconds]


def test_ten_bids_in_a_minute_are_allowed_and_eleven_are_looked_at():
    assert burst(BIDS_ON_ONE_AUCTION, after(*range(10))) is None

    found = burst(BIDS_ON_ONE_AUCTION, after(*range(11)))

    assert (found.count, found.begins_at, found.ends_at) == (11, NOW, NOW + timedelta(seconds=10))


def test_what_lies_a_whole_window_apart_does_not_count_together():
    assert burst(BIDS_ON_ONE_AUCTION, after(*range(0, 66, 6))) is None
    assert burst(BIDS_ON_ONE_AUCTION, after(*range(10), 59.999)).count == 11


def test_the_fullest_window_is_told_whatever_the_order():
    instants = after(*range(12), *(1_000 + second for second in range(20)))

    found = burst(BIDS_ON_ONE_AUCTION, reversed(instants))

    assert (found.count, found.begins_at) == (20, NOW + timedelta(seconds=1_000))


def test_nothing_is_no_burst():
    assert burst(NEW_ACCOUNTS, []) is None


@pytest.mark.parametrize(("days", "meant"), [(6.999, True), (7, False)])
def test_rule_for_new_accounts_ends_with_the_first_week(days, meant):
    joined_at = NOW - timedelta(days=days)

    assert applies_to(BIDS_OF_NEW_ACCOUNT, joined_at=joined_at, at=NOW) is meant
    assert applies_to(BIDS_ON_ONE_AUCTION, joined_at=joined_at, at=NOW)


PRICES = [900, 1_000, 1_100, 1_200, 50_000]


@pytest.mark.parametrize(
    ("amount", "age_hours", "prices", "found"),
    [
        (11_001, 1, PRICES, True),
        (11_000, 1, PRICES, False),  # ten medians are not more than ten
        (11_001, 24, PRICES, False),  # no new account any more
        (11_001, 1, PRICES[: OUTLIER_SAMPLE_MIN - 1], False),  # too few to say
    ],
)
def test_bid_far_beyond_its_category_by_a_new_account_stands_out(amount, age_hours, prices, found):
    joined_at = NOW - timedelta(hours=age_hours)

    assert is_outlier(amount, prices_minor=prices, joined_at=joined_at, at=NOW) is found


def test_median_is_a_price_that_was_paid():
    assert median_minor([4, 1, 3, 2]) == 2
    assert median_minor([5, 1, 3]) == 3


def test_deposit_is_needed_while_two_unpaid_wins_lie_within_thirty_days():
    first, second, third = NOW, NOW + timedelta(days=3), NOW + timedelta(days=40)

    assert deposit_until([]) is None
    assert deposit_until([first]) is None
    assert deposit_until([second, first]) == first + velocity.UNPAID_WINS_WINDOW
    assert deposit_until([first, second, third]) == second + velocity.UNPAID_WINS_WINDOW
