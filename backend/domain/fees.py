"""What a sale costs whom: buyer's premium, tax, the house's commission, shares of a part.

Amounts are integer minor units, rates basis points (1/100 of a per cent). Every split gives back
exactly what went in: what rounding leaves over goes to the largest remainders (I6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

BPS = 10_000  # basis points of the whole


@dataclass(frozen=True, slots=True)
class Tier:
    """From `from_minor` of the hammer price on, the part above it bears `rate_bps`."""

    from_minor: int
    rate_bps: int


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """What a category's sales bear. `premium` ascends and begins at 0; empty: no premium.

    The commission is the seller's, taken from the hammer price; premium and tax are the buyer's,
    on top of it. The tax is on hammer and premium together.
    """

    commission_bps: int = 0
    premium: tuple[Tier, ...] = ()
    tax_bps: int = 0
    tax_name: str = "Tax"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """A sale's money, fixed when it is sold."""

    hammer_minor: int
    premium_minor: int
    tax_minor: int
    commission_minor: int
    terms: FeeTerms = field(default_factory=FeeTerms)

    @property
    def total_minor(self) -> int:
        """What the buyer pays: the all-in price."""
        return self.hammer_minor + self.premium_minor + self.tax_minor

    @property
    def seller_minor(self) -> int:
        """What the seller gets."""
        return self.hammer_minor - self.commission_minor


def charges_of(hammer_minor: int, terms: FeeTerms) -> Charges:
    """Return what a hammer price costs buyer and seller; every rate rounds half up once."""
    premium = premium_of(hammer_minor, terms.premium)
    return Charges(
        hammer_minor=hammer_minor,
        premium_minor=premium,
        tax_minor=portion(hammer_minor + premium, terms.tax_bps),
        commission_minor=min(hammer_minor, portion(hammer_minor, terms.commission_bps)),
        terms=terms,
    )


def premium_of(hammer_minor: int, tiers: Sequence[Tier]) -> int:
    """Return the buyer's premium: each tier's rate on the part of the hammer within it."""
    weighted = 0
    tops = [*(tier.from_minor for tier in tiers[1:]), hammer_minor]
    for tier, top in zip(tiers, tops, strict=False):  # without tiers there is a top too many
        weighted += max(0, min(hammer_minor, top) - tier.from_minor) * tier.rate_bps
    return _half_up(weighted)


def portion(amount_minor: int, rate_bps: int) -> int:
    """Return `rate_bps` of an amount, rounded half up."""
    return _half_up(amount_minor * rate_bps)


def _half_up(weighted: int) -> int:
    return (2 * weighted + BPS) // (2 * BPS)


def shares(amount_minor: int, weights: Sequence[int]) -> list[int]:
    """Split an amount in proportion to `weights`, to the last minor unit (largest remainder).

    The sum is the amount. Equal remainders go to the earlier weight. Weights are not negative
    and not all zero, unless the amount is 0; raises ValueError otherwise.
    """
    if amount_minor < 0 or any(weight < 0 for weight in weights):
        raise ValueError("amounts and weights are not negative")
    whole = sum(weights)
    if whole == 0:
        if amount_minor:
            raise ValueError("nobody has a share")
        return [0] * len(weights)
    parts = [amount_minor * weight // whole for weight in weights]
    by_remainder = sorted(
        range(len(weights)), key=lambda i: (-(amount_minor * weights[i] % whole), i)
    )
    for index in by_remainder[: amount_minor - sum(parts)]:
        parts[index] += 1
    return parts
