"""Amounts as a provider counts them: some currencies have other decimals there than in ISO 4217."""

from apps.payments.integrations.base import GatewayError
from domain.money import exponent_of


def to_provider(amount_minor: int, currency: str, decimals: int) -> int:
    """Return minor units as units of `decimals` decimals.

    Raises GatewayError, permanent, for an amount the provider cannot express.
    """
    units, rest = divmod(amount_minor * 10**decimals, 10 ** exponent_of(currency))
    if rest:
        raise GatewayError(
            f"this provider knows {decimals} decimals of {currency}; the amount has more",
            permanent=True,
            code="amount_not_expressible",
        )
    return units


def from_provider(units: int, currency: str, decimals: int) -> int:
    """Return a provider's units as minor units.

    What the currency cannot express is rounded half up: a provider's fee may be such a fraction.
    """
    scaled, base = units * 10 ** exponent_of(currency), 10**decimals
    return (2 * scaled + base) // (2 * base)
