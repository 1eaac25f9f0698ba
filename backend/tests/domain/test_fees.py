"""What a sale costs whom: examples by hand, and what holds for every amount."""

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.fees import BPS, Charges, FeeTerms, Tier, charges_of, portion, premium_of, shares
from domain.money import MAJOR_DIGITS_MAX, exponent_of

CURRENCIES = ("JPY", "USD", "KWD")
#: A house's usual: 25 % up to 1,000, 20 % up to 50,000, 12 % above; tax 19 %, commission 10 %.
TIERS = ((0, 2500), (1_000, 2000), (50_000, 1200))
HIGHEST = 10**MAJOR_DIGITS_MAX * 1000 - 1  # of all currencies, in minor units


def terms_in(currency, tiers=TIERS, tax_bps=1900, commission_bps=1000):
    unit = 10 ** exponent_of(currency)
    return FeeTerms(
        commission_bps=commission_bps,
        premium=tuple(Tier(edge * unit, rate) for edge, rate in tiers),
        tax_bps=tax_bps,
        tax_name="VAT",
    )


def half_up(exact):
    return floor(exact + Fraction(1, 2))


def exact_premium(hammer_minor, tiers):
    """Return the premium as the auctioneer explains it, without rounding."""
    total = Fraction(0)
    for number, tier in enumerate(tiers):
        top = tiers[number + 1].from_minor if number + 1 < len(tiers) else hammer_minor
        if hammer_minor > tier.from_minor:
            total += Fraction((min(hammer_minor, top) - tier.from_minor) * tier.rate_bps, BPS)
    return total


# -- by hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hammer", "premium"),
    [
        (1_00, 25),
        (1_000_00, 250_00),
        (1_000_01, 250_00),  # a cent above the edge: 250.002
        (1_000_03, 250_01),  # 250.006
        (2_000_00, 250_00 + 200_00),
        (50_000_00, 250_00 + 9_800_00),
        (60_000_00, 250_00 + 9_800_00 + 1_200_00),
    ],
)
def test_each_tier_bears_on_the_part_within_it(hammer, premium):
    assert premium_of(hammer, terms_in("USD").premium) == premium


def test_a_sale_by_hand():
    charges = charges_of(2_000_00, terms_in("USD"))

    assert charges == Charges(
        hammer_minor=2_000_00,
        premium_minor=450_00,
        tax_minor=465_50,  # 19 % of 2,450.00
        commission_minor=200_00,
        terms=terms_in("USD"),
    )
    assert (charges.total_minor, charges.seller_minor) == (2_915_50, 1_800_00)


@pytest.mark.parametrize(
    ("currency", "hammer", "charged"),
    [
        ("JPY", 2_000, (450, 466, 200)),  # 465.5 rounds up
        ("KWD", 2_000_000, (450_000, 465_500, 200_000)),
        ("JPY", 1, (0, 0, 0)),  # 0.25, 0.19, 0.1
        ("JPY", 2, (1, 1, 0)),  # 0.5; 19 % of 3; 0.2
        ("JPY", 5, (1, 1, 1)),  # 1.25; 1.14; 0.5
    ],
)
def test_currencies_without_and_with_three_decimals(currency, hammer, charged):
    found = charges_of(hammer, terms_in(currency))

    assert (found.premium_minor, found.tax_minor, found.commission_minor) == charged


def test_without_terms_the_hammer_is_all():
    charges = charges_of(123_45, FeeTerms())

    assert (charges.premium_minor, charges.tax_minor, charges.commission_minor) == (0, 0, 0)
    assert charges.total_minor == charges.seller_minor == 123_45


def test_the_house_may_take_all_and_no_more():
    assert charges_of(1, FeeTerms(commission_bps=BPS)).seller_minor == 0


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [(1, 4999, 0), (1, 5000, 1), (3, 5000, 2), (100, 1250, 13), (0, BPS, 0), (7, BPS, 7)],
)
def test_a_portion_rounds_half_up(amount, rate, expected):
    assert portion(amount, rate) == expected


# -- shares -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),  # equal remainders: the earlier
        (2, [1, 1, 1], [1, 1, 0]),
        (100, [2, 1], [67, 33]),
        (1, [1, 2], [0, 1]),
        (5, [0, 3, 0], [0, 5, 0]),
        (0, [3, 4], [0, 0]),
        (0, [0, 0], [0, 0]),
        (0, [], []),
        (10, [7], [10]),
    ],
)
def test_shares_by_hand(amount, weights, parts):
    assert shares(amount, weights) == parts


@pytest.mark.parametrize(
    ("amount", "weights"), [(1, []), (1, [0, 0]), (-1, [1]), (1, [2, -1]), (0, [-1])]
)
def test_what_cannot_be_shared_is_refused(amount, weights):
    with pytest.raises(ValueError, match=r"negative|nobody"):
        shares(amount, weights)


WEIGHTS = st.lists(st.integers(0, HIGHEST), min_size=1, max_size=6).filter(any)


@given(st.integers(0, HIGHEST), WEIGHTS)
def test_shares_always_sum_and_nobody_is_a_unit_off(amount, weights):
    parts = shares(amount, weights)

    assert sum(parts) == amount
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(amount * weight, sum(weights))
        assert floor(exact) <= part <= floor(exact) + 1
        assert part == 0 or weight > 0
        assert part == exact or exact.denominator > 1


@given(WEIGHTS)
def test_sharing_the_whole_gives_everybody_his_own(weights):
    assert shares(sum(weights), weights) == weights


# -- for every amount ---------------------------------------------------------------------------


@st.composite
def any_terms(draw):
    rates = st.integers(0, BPS)
    edges = sorted(draw(st.sets(st.integers(1, HIGHEST), max_size=4)))
    tiers = [Tier(edge, draw(rates)) for edge in [0, *edges]]
    return FeeTerms(
        commission_bps=draw(rates),
        premium=tuple(tiers) if draw(st.booleans()) else (),
        tax_bps=draw(rates),
    )


@given(st.integers(1, HIGHEST), any_terms())
def test_every_sum_is_exact_and_rounded_once(hammer, terms):
    charges = charges_of(hammer, terms)

    premium = half_up(exact_premium(hammer, terms.premium))
    assert charges.premium_minor == premium
    assert charges.tax_minor == half_up(Fraction((hammer + premium) * terms.tax_bps, BPS))
    assert charges.commission_minor == half_up(Fraction(hammer * terms.commission_bps, BPS))
    assert 0 <= charges.seller_minor <= hammer <= charges.total_minor


@given(st.integers(1, HIGHEST - 1), st.integers(1, 10**6), any_terms())
def test_who_bids_more_never_pays_less(hammer, more, terms):
    lower, higher = charges_of(hammer, terms), charges_of(hammer + more, terms)

    assert higher.premium_minor >= lower.premium_minor
    assert higher.tax_minor >= lower.tax_minor
    assert higher.total_minor >= lower.total_minor + more
    assert higher.seller_minor >= lower.seller_minor


@given(st.integers(1, HIGHEST), any_terms(), st.data())
def test_a_part_and_the_rest_are_the_whole(hammer, terms, data):
    """I6, for a part given back and the rest released: to the last minor unit."""
    charges = charges_of(hammer, terms)
    back = data.draw(st.integers(0, charges.total_minor))
    of_all = [
        charges.seller_minor,
        charges.commission_minor,
        charges.premium_minor,
        charges.tax_minor,
    ]

    assert sum(of_all) == charges.total_minor
    assert back + sum(shares(charges.total_minor - back, of_all)) == charges.total_minor


@pytest.mark.parametrize("currency", CURRENCIES)
def test_amounts_by_the_thousand_sum_to_the_last_unit(currency):
    """I6 by brute force: small amounts, the edges of the tiers, and far above them."""
    terms = terms_in(currency)
    unit = 10 ** exponent_of(currency)
    amounts = [
        *range(1, 60_000),
        *(edge * unit + near for edge, _ in TIERS for near in range(-500, 500) if edge),
        *range(1, 90_000 * unit, 90_000 * unit // 40_000 or 1),
    ]
    wrong = []
    for hammer in amounts:
        charges = charges_of(hammer, terms)
        parts = shares(
            charges.total_minor - hammer // 3,
            [
                charges.seller_minor,
                charges.commission_minor,
                charges.premium_minor,
                charges.tax_minor,
            ],
        )
        if (
            charges.seller_minor + charges.commission_minor != hammer
            or charges.total_minor != hammer + charges.premium_minor + charges.tax_minor
            or sum(parts) + hammer // 3 != charges.total_minor
        ):
            wrong.append(hammer)

    assert wrong == []
    assert len(amounts) > 100_000
