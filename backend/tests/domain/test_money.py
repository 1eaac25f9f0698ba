"""Amounts come in as nothing but plain decimals, are never rounded, and go out as JSON numbers."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.money import CURRENCIES, InvalidAmount, exponent_of, parse_amount, to_number

REFUSED = {
    "underscore": "1_000",
    "arabic-indic digits": "\u0661\u0662",
    "fullwidth digits": "\uff11\uff12",
    "spaces": " 5 ",
    "newline": "5\n",
    "plus": "+5",
    "exponent": "1e3",
    "capital exponent": "1E3",
    "minus zero": "-0",
    "minus zero decimal": "-0.00",
    "negative": "-5",
    "thousands separator": "1,000",
    "decimal comma": "12,50",
    "hexadecimal": "0x10",
    "no whole part": ".5",
    "no decimals after the point": "5.",
    "two points": "1.2.3",
    "currency sign": "$5",
    "empty": "",
    "words": "five",
    "NUL": "5\x00",
    "NaN text": "NaN",
    "sNaN text": "sNaN",
    "Infinity text": "Infinity",
    "huge exponent text": "1e10000000",
    "zero text": "0",
    "zero number": 0,
    "zero float": 0.0,
    "minus zero float": -0.0,
    "negative number": -1,
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "minus Infinity": float("-inf"),
    "1e400": float("1e400"),
    "1e308": 1e308,
    "smallest float": 5e-324,
    "true": True,
    "false": False,
    "null": None,
    "list": [],
    "list of a number": [5],
    "object": {},
    "bytes": b"5",
    "2^63": 2**63,
    "minus 2^63": -(2**63),
    "huge integer": 10**5_000,
    "eleven digits": 10_000_000_000,
    "eleven digits text": "10000000000",
    "twenty-one digits text": "1" * 21,
    "Decimal NaN": Decimal("NaN"),
    "Decimal sNaN": Decimal("sNaN"),
    "Decimal Infinity": Decimal("Infinity"),
    "Decimal 1e400": Decimal("1e400"),
    "Decimal beyond the context": Decimal("1E-1000000000"),
    "three decimals": "0.001",
    "three decimals float": 1.005,
    "a decimal beyond 28 digits": "9999999999.10000000000000000001",
    "Decimal with a decimal beyond 28 digits": Decimal("1." + "0" * 40 + "1"),
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED.keys())
def test_an_amount_that_is_not_plain_is_refused(value):
    with pytest.raises(InvalidAmount):
        parse_amount(value, "USD")


ACCEPTED = [
    (45000, "USD", 45000_00),
    (45000.0, "USD", 45000_00),
    ("45000", "USD", 45000_00),
    ("12.5", "USD", 12_50),
    (12.5, "USD", 12_50),
    (0.1, "USD", 10),
    (1.1, "USD", 110),  # 1.1 * 100 is 110.00000000000001 in binary
    (8.2, "USD", 820),
    ("0.01", "USD", 1),
    ("0012.50", "USD", 12_50),
    ("12.500", "USD", 12_50),
    (Decimal("1e3"), "USD", 1000_00),
    (Decimal("5." + "0" * 60), "USD", 5_00),
    ("9999999999.99", "USD", 9_999_999_999_99),
    (9_999_999_999.99, "USD", 9_999_999_999_99),
    (500, "JPY", 500),
    ("500", "JPY", 500),
    ("1.234", "KWD", 1_234),
    (9_999_999_999, "KWD", 9_999_999_999_000),
]


@pytest.mark.parametrize(("value", "currency", "minor"), ACCEPTED)
def test_a_plain_amount_becomes_minor_units(value, currency, minor):
    assert parse_amount(value, currency) == minor


@pytest.mark.parametrize(
    ("value", "currency"), [("0.5", "JPY"), (1.5, "JPY"), ("0.001", "USD"), ("0.0001", "KWD")]
)
def test_more_decimals_than_the_currency_has_are_refused(value, currency):
    with pytest.raises(InvalidAmount, match=f"{currency} has {exponent_of(currency)} decimals"):
        parse_amount(value, currency)


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (45000_00, "USD", "45000"),
        (12_50, "USD", "12.5"),
        (1, "USD", "0.01"),
        (500, "JPY", "500"),
        (1_234, "KWD", "1.234"),
        (9_999_999_999_99, "USD", "9999999999.99"),
    ],
)
def test_an_amount_goes_out_as_the_shortest_json_number(minor, currency, text):
    assert json.dumps(to_number(minor, currency)) == text


@given(
    minor=st.integers(1, 9_999_999_999),
    currency=st.sampled_from(sorted(CURRENCIES)),
)
def test_what_goes_out_comes_in_unchanged(minor, currency):
    """Ten digits and two or three decimals are fewer than the seventeen a float holds."""
    sent = json.loads(json.dumps(to_number(minor, currency)))

    assert parse_amount(sent, currency) == minor
    assert parse_amount(repr(sent), currency) == minor


@given(st.text(max_size=12) | st.floats() | st.integers() | st.decimals() | st.none())
def test_anything_is_either_an_amount_or_refused_by_name(value):
    try:
        minor = parse_amount(value, "USD")
    except InvalidAmount:
        return
    assert 0 < minor < 10**12
    assert Decimal(minor).scaleb(-2) == Decimal(str(value))
