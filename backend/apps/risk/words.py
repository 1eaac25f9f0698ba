"""What each rule's finding says to a reviewer, a sentence each, from a case's kind and facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain.money import to_number
from domain.risk.links import MEANINGS, KeyKind
from domain.risk.shill import SCORE_MAX, WEIGHTS, ShillScore


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what was found; weight, rating and points are those of a shill score."""

    name: str
    sentence: str
    weight: int | None = None
    rating: float | None = None  # 0 to 1
    points: float | None = None  # of the score's ten


def parts_of(kind: str, facts: Mapping[str, Any]) -> list[Part]:
    """Return the parts of a finding, explained."""
    if kind == "shill":
        return _shill_parts(facts)
    return [Part(kind, _SENTENCES[kind](facts))]


def _shill_parts(facts: Mapping[str, Any]) -> list[Part]:
    score = ShillScore(
        bidder_id=0,
        seller_id=0,
        listed_count=facts["listed_count"],
        lost_count=facts["lost_count"],
        won_count=facts["won_count"],
        ratings=facts["ratings"],
    )
    whole = sum(WEIGHTS.values())
    return [
        Part(
            name=name,
            sentence=score.sentence(name),
            weight=weight,
            rating=score.ratings[name],
            points=SCORE_MAX * weight * score.ratings[name] / whole,
        )
        for name, weight in WEIGHTS.items()
    ]


def _burst(facts: Mapping[str, Any], what: str) -> str:
    return (
        f"{facts['count']} {what} within {facts['window_seconds']} s; {facts['allowed']} are usual"
    )


def _outlier(facts: Mapping[str, Any]) -> str:
    currency = facts["currency"]
    bid, median = (to_number(facts[name], currency) for name in ("amount_minor", "median_minor"))
    return (
        f"A new account bid {bid} {currency}; the median of the category's last "
        f"{facts['prices']} sales is {median} {currency}"
    )


_SENTENCES = {
    "hard_link": lambda facts: (
        f"{MEANINGS[KeyKind(facts['by'])]}, and one bid on the other's auctions"
    ),
    "bids_on_one_auction": lambda facts: _burst(facts, "bids on one auction"),
    "bids_of_new_account": lambda facts: _burst(facts, "bids of a new account"),
    "new_accounts": lambda facts: _burst(facts, "new accounts from one network"),
    "outlier_bid": _outlier,
    "unpaid_wins": lambda facts: f"{facts['count']} wins not paid within {facts['days']} days",
}
