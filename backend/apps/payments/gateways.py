"""Which provider carries out what: by the method a buyer chose, or by a row's provider."""

from functools import cache
from typing import Any, cast

from django.conf import settings
from django.utils.module_loading import import_string

from apps.payments.integrations.base import PaymentGateway

#: Imported when first needed: the SDK of a provider nobody pays by costs every start half a second.
_GATEWAYS = {
    "stripe": "apps.payments.integrations.stripe_handler.StripeGateway",
    "paypal": "apps.payments.integrations.paypal_handler.PayPalGateway",
    "sandbox": "apps.payments.integrations.sandbox_handler.SandboxGateway",
}


class MethodUnavailable(ValueError):
    """Nobody carries this method out here; the message is for the buyer."""


def methods() -> list[str]:
    """Return the ways to pay this house offers."""
    if settings.SANDBOX_PAYMENTS:
        return ["stripe", "paypal"]
    keys = {"stripe": settings.STRIPE["secret_key"], "paypal": settings.PAYPAL["client_id"]}
    return [method for method, key in keys.items() if key]


def is_play_money() -> bool:
    """Whether nothing here is paid with real money."""
    return all(gateway_for(method).name == "sandbox" for method in methods())


def gateway_for(method: str) -> PaymentGateway:
    """Return who carries out a method: its provider, or the sandbox where its keys are missing.

    Raises MethodUnavailable.
    """
    if method == "stripe" and settings.STRIPE["secret_key"]:
        return gateway_named("stripe")
    if method == "paypal" and settings.PAYPAL["client_id"]:
        return gateway_named("paypal")
    if settings.SANDBOX_PAYMENTS and method in ("stripe", "paypal"):
        return gateway_named("sandbox")
    offered = " or ".join(methods()) or "none is set up"
    raise MethodUnavailable(f"Payment by {method} is not offered here; use {offered}")


def gateway_named(provider: str) -> PaymentGateway:
    """Return the gateway of a row's provider; one per process and configuration."""
    configuration = {"stripe": settings.STRIPE, "paypal": settings.PAYPAL}.get(provider, {})
    return _built(provider, repr(sorted(configuration.items())))


@cache
def _built(provider: str, _configuration: str) -> PaymentGateway:
    gateway: Any = import_string(_GATEWAYS[provider])
    if provider == "sandbox":
        return cast(PaymentGateway, gateway())
    return cast(
        PaymentGateway, gateway(settings.STRIPE if provider == "stripe" else settings.PAYPAL)
    )
