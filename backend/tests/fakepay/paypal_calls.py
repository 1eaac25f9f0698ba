"""What every PayPal function is given, and what they share: look-ups, money, events, links."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tests.fakepay.world import Event, Thing, World

MERCHANT = "paypal:merchant"
FEES = "paypal:fees"
BUYERS = "outside:paypal-buyers"
RECEIVERS = "outside:paypal-receivers"
WHOLE = {"HUF", "JPY", "TWD"}
CURRENCIES = WHOLE | {
    "AUD",
    "BRL",
    "CAD",
    "CHF",
    "CNY",
    "CZK",
    "DKK",
    "EUR",
    "GBP",
    "HKD",
    "ILS",
    "MXN",
    "MYR",
    "NOK",
    "NZD",
    "PHP",
    "PLN",
    "SEK",
    "SGD",
    "THB",
    "USD",
}
MESSAGES = {
    "INVALID_REQUEST": (
        400,
        "Request is not well-formed, syntactically incorrect, or violates schema.",
    ),
    "AUTHENTICATION_FAILURE": (
        401,
        "Authentication failed due to missing authorization header, "
        "or invalid authentication credentials.",
    ),
    "RESOURCE_NOT_FOUND": (404, "The specified resource does not exist."),
    "RESOURCE_CONFLICT": (409, "The server has detected a conflict while processing this request."),
    "UNPROCESSABLE_ENTITY": (
        422,
        "The requested action could not be performed, semantically "
        "incorrect, or failed business validation.",
    ),
    "RATE_LIMIT_REACHED": (429, "Too many requests. Blocked due to rate limiting."),
    "INTERNAL_SERVER_ERROR": (500, "An internal server error has occurred."),
}
VALUE = re.compile(r"(\d{1,7})(?:\.(\d+))?")


class PayPalError(Exception):
    """An answer of status 4xx, in PayPal's shape (reference/api-responses)."""

    def __init__(
        self,
        name: str,
        issue: str | None = None,
        description: str = "",
        *,
        field: str | None = None,
        status: int | None = None,
        message: str | None = None,
    ) -> None:
        super().__init__(issue or name)
        usual = MESSAGES.get(name, (400, ""))
        self.status = status or usual[0]
        self.body: Thing = {"name": name, "message": message or usual[1]}
        if issue is not None:
            detail = {"issue": issue, "description": description}
            if field is not None:
                detail = {"field": field, "location": "body", **detail}
            self.body["details"] = [detail]


@dataclass(slots=True)
class Result:
    """What a function did: a status, and how its object looks now, also when asked again."""

    status: int
    show: Callable[[], Any]


@dataclass(slots=True)
class Ask:
    """One request, its body decoded."""

    world: World
    body: Thing
    query: dict[str, str]
    headers: dict[str, str]
    raw: bytes = b""
    prefers_all: bool = field(default=False)


def unprocessable(issue: str, description: str) -> PayPalError:
    """Return the 422 of a broken rule."""
    return PayPalError("UNPROCESSABLE_ENTITY", issue, description)


def invalid(issue: str, description: str, at: str) -> PayPalError:
    """Return the 400 of a body that does not fit."""
    return PayPalError("INVALID_REQUEST", issue, description, field=at)


def found(world: World, kind: str, id_: str) -> Thing:
    """Return the kept object; raises PayPalError 404."""
    thing = world.paypal.by_id.get(id_)
    if thing is None or thing["kind"] != kind:
        raise PayPalError(
            "RESOURCE_NOT_FOUND",
            "INVALID_RESOURCE_ID",
            "Specified resource ID does not exist. Please check the resource ID and try again.",
        )
    return thing


def minor(amount: Any, at: str, *, code: str = "currency_code") -> tuple[int, str]:
    """Return `{currency_code, value}` as minor units and currency. Raises PayPalError."""
    if not isinstance(amount, dict) or not amount.get(code) or not amount.get("value"):
        raise invalid("MISSING_REQUIRED_PARAMETER", "A required field / parameter is missing.", at)
    currency, value = amount[code], amount["value"]
    if currency not in CURRENCIES:
        raise unprocessable("CURRENCY_NOT_SUPPORTED", "Currency code is currently not supported.")
    match = VALUE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise invalid(
            "INVALID_PARAMETER_SYNTAX",
            "The value of a field does not conform to the expected format.",
            f"{at}/value",
        )
    whole, cents = match[1], match[2] or ""
    if currency in WHOLE:
        if cents.strip("0"):
            raise unprocessable("DECIMALS_NOT_SUPPORTED", "Currency does not support decimals.")
        return _positive(int(whole)), currency
    if len(cents) > 2:
        raise unprocessable(
            "DECIMAL_PRECISION",
            "If the currency supports decimals, only two decimal place precision is supported.",
        )
    return _positive(int(whole) * 100 + int(cents.ljust(2, "0"))), currency


def _positive(amount_minor: int) -> int:
    if amount_minor < 1:
        raise unprocessable(
            "CANNOT_BE_ZERO_OR_NEGATIVE",
            "Must be greater than zero. If the "
            "currency supports decimals, only two decimal place precision is "
            "supported.",
        )
    return amount_minor


def value(amount_minor: int, currency: str) -> str:
    """Return minor units as PayPal writes them."""
    if currency in WHOLE:
        return str(amount_minor)
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"


def money(amount_minor: int, currency: str) -> dict[str, str]:
    """Return an amount."""
    return {"currency_code": currency, "value": value(amount_minor, currency)}


def link(world: World, path: str, rel: str, method: str = "GET") -> dict[str, str]:
    """Return a link."""
    return {"href": f"{world.url}{path}", "rel": rel, "method": method}


def emit(
    world: World,
    type_: str,
    resource_type: str,
    resource: Thing,
    summary: str,
    *,
    version: str = "2.0",
) -> None:
    """Make an event of what a resource is now, and send it."""
    id_ = f"WH-{world.new_code()}-{world.new_code()}"
    event = {
        "id": id_,
        "event_version": "1.0",
        "create_time": world.moment(),
        "resource_type": resource_type,
        "resource_version": version,
        "event_type": type_,
        "summary": summary,
        "resource": resource,
        "links": [
            link(world, f"/v1/notifications/webhooks-events/{id_}", "self"),
            link(world, f"/v1/notifications/webhooks-events/{id_}/resend", "resend", "POST"),
        ],
    }
    world.publish("paypal", Event(id_, type_, world.now(), msgspec.json.encode(event)))
