"""Too much in too little time, or too much at once: rules over instants and amounts.

A rule that is broken puts a case before a person and drops no bid.
The figures are explained in docs/fraud.md. Amounts are minor units; instants are aware UTC.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """At most `limit` within any `window`; for accounts younger than `age_max` only."""

    name: str
    limit: int
    window: timedelta
    age_max: timedelta | None = None


BIDS_ON_ONE_AUCTION = Rule("bids_on_one_auction", limit=10, window=MINUTE)
BIDS_OF_NEW_ACCOUNT = Rule("bids_of_new_account", limit=60, window=HOUR, age_max=timedelta(days=7))
NEW_ACCOUNTS = Rule("new_accounts", limit=3, window=DAY)

#: A bid beyond so many medians of its category, by an account younger than that.
OUTLIER_TIMES = 10
OUTLIER_AGE_MAX = DAY
OUTLIER_SAMPLE_MIN = 5  # prices; a median of fewer says nothing

#: So many unpaid wins within that: a deposit is needed before the next bid.
UNPAID_WINS_MAX = 1
UNPAID_WINS_WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Burst:
    """The fullest window of a rule that is broken."""

    rule: Rule
    count: int
    begins_at: datetime
    ends_at: datetime  # of the last one counted


def burst(rule: Rule, instants: Iterable[datetime]) -> Burst | None:
    """Return the fullest window if it holds more than the rule allows; instants in any order.

    A window is half open: what lies a whole window apart does not count together.
    """
    ordered = sorted(instants)
    fullest: Burst | None = None
    first = 0
    for last, at in enumerate(ordered):
        while at - ordered[first] >= rule.window:
            first += 1
        count = last - first + 1
        if count > rule.limit and (fullest is None or count > fullest.count):
            fullest = Burst(rule, count, ordered[first], at)
    return fullest


def applies_to(rule: Rule, *, joined_at: datetime, at: datetime) -> bool:
    """Whether the rule is meant for an account of this age."""
    return rule.age_max is None or at - joined_at < rule.age_max


def is_outlier(
    amount_minor: int, *, prices_minor: Sequence[int], joined_at: datetime, at: datetime
) -> bool:
    """Whether a new account bids far beyond what things of this category go for.

    `prices_minor` are those of the category's sales, in the bid's currency.
    """
    if at - joined_at >= OUTLIER_AGE_MAX or len(prices_minor) < OUTLIER_SAMPLE_MIN:
        return False
    return amount_minor > OUTLIER_TIMES * median_minor(prices_minor)


def median_minor(prices_minor: Sequence[int]) -> int:
    """Return the middle price, the lower of two, so that it is one that was paid."""
    return sorted(prices_minor)[(len(prices_minor) - 1) // 2]


def deposit_until(unpaid_at: Iterable[datetime]) -> datetime | None:
    """Return until when these unpaid wins ask for a deposit; None: they do not.

    It ends by itself when too few of them are left in the window.
    """
    newest = sorted(unpaid_at, reverse=True)
    if len(newest) <= UNPAID_WINS_MAX:
        return None
    return newest[UNPAID_WINS_MAX] + UNPAID_WINS_WINDOW
