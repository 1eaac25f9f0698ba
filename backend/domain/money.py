"""Money as integer minor units, and its shape outside: JSON numbers in major units.

Nothing here rounds: an amount that the currency cannot express is refused by name.
"""

import re
from decimal import Decimal

#: ISO 4217 codes whose exponent is not 2.
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_EXPONENTS = dict.fromkeys(_THREE_DECIMALS.split(), 3) | dict.fromkeys(_NO_DECIMALS.split(), 0)

#: ISO 4217 codes of money people pay with: no metals, no funds, no test codes.
_CODES = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD "
    "BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB "
    "EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK "
    "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK "
    "PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
    "SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND "
    "VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
CURRENCIES = frozenset(_CODES.split())

#: 9,999,999,999.99 in the documents' words: ten digits before the point in every currency.
MAJOR_DIGITS_MAX = 10

#: More than any currency has; with the digits before the point within Decimal's precision of 28,
#: so that no arithmetic below can round.
_DECIMALS_MAX = 15

_ASCII_DECIMAL = re.compile(r"[0-9]{1,20}(?:\.[0-9]{1,20})?", re.ASCII)


class InvalidAmount(ValueError):
    """An amount no auction can use; the message says why in words for a person."""


def exponent_of(currency: str) -> int:
    """Return how many decimals the ISO 4217 currency has."""
    return _EXPONENTS.get(currency, 2)


def is_currency(code: object) -> bool:
    """Whether `code` is an ISO 4217 code in capitals."""
    return isinstance(code, str) and code in CURRENCIES


def parse_amount(value: object, currency: str) -> int:
    """Return `value` (a JSON number or ASCII decimal string, major units) in minor units.

    Accepts int, Decimal, float (as its shortest decimal text) and ASCII decimal strings.
    Raises InvalidAmount for anything else, for zero, for negative amounts, for more decimals
    than the currency has and for more than ten digits before the point.
    """
    amount = _as_decimal(value)
    if amount <= 0:
        raise InvalidAmount("must be greater than zero")
    if amount.adjusted() >= MAJOR_DIGITS_MAX:
        raise InvalidAmount("must be at most 9,999,999,999.99")
    decimals = exponent_of(currency)
    if _decimals_of(amount) > decimals:
        raise InvalidAmount(f"{currency} has {decimals} decimals; send no more than that")
    return int(amount.scaleb(decimals))


def _decimals_of(amount: Decimal) -> int:
    """Return how many decimals an amount has, trailing zeros aside.

    Counted from its digits: arithmetic would round to the context's 28 digits first.
    """
    digits, exponent = amount.as_tuple()[1:]
    assert isinstance(exponent, int), "a finite number"
    significant = "".join(map(str, digits)).rstrip("0")
    return max(0, len(significant) - len(digits) - exponent)


def _as_decimal(value: object) -> Decimal:
    if isinstance(value, bool) or value is None:
        raise InvalidAmount("must be a number")
    if isinstance(value, int):
        if abs(value) >= 10**MAJOR_DIGITS_MAX:  # before Decimal() has to read a huge one
            raise InvalidAmount("must be at most 9,999,999,999.99")
        return Decimal(value)
    if isinstance(value, float):
        value = Decimal(repr(value))
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise InvalidAmount("must be a finite number")
        return value
    if isinstance(value, str) and _ASCII_DECIMAL.fullmatch(value):
        return Decimal(value)
    raise InvalidAmount("must be a number such as 45000 or 12.50")


def to_number(amount_minor: int, currency: str) -> int | float:
    """Return minor units as the JSON number the documents show: integral without a point.

    A float with at most 13 significant digits prints exactly as the decimal it stands for.
    """
    exponent = exponent_of(currency)
    if exponent == 0:
        return amount_minor
    unit: int = 10**exponent
    whole, rest = divmod(amount_minor, unit)
    return whole if rest == 0 else amount_minor / unit
