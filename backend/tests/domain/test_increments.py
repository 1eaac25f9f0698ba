"""Ladders of increments: band edges, order, and the published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.increments import Increments
from domain.tables import SITE_TABLE, TABLES, increments_of


def test_a_fixed_increment_is_the_same_at_every_price():
    fixed = Increments.fixed(100)

    assert [fixed.at(price) for price in (0, 1, 99, 10**12)] == [100, 100, 100, 100]


def test_a_band_begins_at_its_edge_and_ends_before_the_next():
    ladder = Increments.ladder([(100, 25), (1, 5), (500, 50)])

    assert [ladder.at(price) for price in (1, 99, 100, 499, 500, 10**9)] == [5, 5, 25, 25, 50, 50]


def test_below_the_first_band_its_increment_is_in_force():
    assert Increments.ladder([(100, 25), (500, 50)]).at(1) == 25


EDGES = [
    ("ebay_us", 99, 5),
    ("ebay_us", 100, 25),
    ("ebay_us", 2_499, 50),
    ("ebay_us", 9_999, 100),
    ("ebay_us", 10_000, 250),
    ("ebay_us", 499_999, 5_000),
    ("ebay_us", 500_000, 10_000),
    ("ebay_uk", 100, 20),
    ("ebay_uk", 1_499, 50),
    ("ebay_uk", 1_500, 100),
    ("ebay_uk", 5_999, 100),
    ("ebay_uk", 6_000, 200),
    ("ebay_uk", 300_000, 10_000),
    ("artsy", 99_999, 5_000),
    ("artsy", 100_000, 10_000),
    ("artsy", 1_000_000_00, 100_000_00),
    ("maxsold", 35_00, 1_00),
    ("maxsold", 35_01, 5_00),
    ("maxsold", 100_00, 5_00),
    ("maxsold", 100_01, 10_00),
    ("maxsold", 10_000_01, 250_00),
    ("catawiki_usd", 11, 2),
    ("catawiki_usd", 12, 6),
    ("catawiki_usd", 17, 6),
    ("catawiki_usd", 112, 12),
    ("catawiki_eur", 10, 1),
    ("catawiki_eur", 11, 5),
    ("catawiki_eur", 500_001, 50_000),
    ("trademe", 19_99, 50),
    ("trademe", 20_00, 1_00),
    ("trademe", 25_000_00, 100_00),
    ("northbay", 100_00, 1_00),
    ("northbay", 100_01, 5_00),
]


@pytest.mark.parametrize(("table", "price", "step"), EDGES)
def test_published_band_edge(table, price, step):
    assert increments_of(table).at(price) == step


@pytest.mark.parametrize("name", TABLES)
def test_published_table_ascends_in_edges_and_steps(name):
    edges, steps = zip(*TABLES[name].bands, strict=True)

    assert list(edges) == sorted(set(edges))
    assert list(steps) == sorted(set(steps))
    assert edges[0] in (0, 1)


def test_the_site_table_is_published():
    assert SITE_TABLE in TABLES


def test_a_table_in_cents_serves_whole_dollars_where_it_can():
    maxsold = increments_of("maxsold", "dollar")

    assert [maxsold.at(price) for price in (35, 36, 100, 101)] == [1, 5, 5, 10]


def test_a_table_in_dollars_serves_cents():
    catawiki = increments_of("catawiki_usd", "cent")

    assert [catawiki.at(price) for price in (11_99, 12_00)] == [2_00, 6_00]


def test_a_table_with_cents_in_its_steps_stays_as_published():
    assert increments_of("ebay_us", "dollar") == increments_of("ebay_us")


def test_an_unknown_table_is_refused_with_the_known_ones():
    with pytest.raises(ValueError, match=r"unknown increment table 'harrods'.*ebay_uk, ebay_us"):
        increments_of("harrods")


@given(
    bands=st.dictionaries(st.integers(0, 10**6), st.integers(1, 10**5), min_size=1, max_size=12),
    price=st.integers(0, 2 * 10**6),
)
def test_the_increment_is_that_of_the_last_edge_not_above_the_price(bands, price):
    reached = [edge for edge in bands if edge <= price]
    expected = bands[max(reached)] if reached else bands[min(bands)]

    assert Increments.ladder(list(bands.items())).at(price) == expected
