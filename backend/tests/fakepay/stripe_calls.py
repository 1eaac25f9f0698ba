"""What every Stripe function is given, and what they share: look-ups, lists, events, money."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

from tests.fakepay.stripe_forms import INT, TEXT, Params, StripeError, refused
from tests.fakepay.world import Event, Thing, World

API_VERSION = "2026-10-28.endive"
LIST_SHAPE: Params = {"limit": INT, "starting_after": TEXT, "ending_before": TEXT}
LIMIT_DEFAULT = 10
LIMIT_MAX = 100
PLATFORM = "stripe:platform"
STRIPE_FEES = "stripe:fees"
CARDS = "outside:cards"
BANKS = "outside:banks"
SETTLES_SECONDS = 2 * 24 * 3600
AMOUNT_MINOR_MAX = 99_999_999
AMOUNTS_MINOR_MIN = {
    "usd": 50,
    "eur": 50,
    "gbp": 30,
    "jpy": 50,
    "chf": 50,
    "cad": 50,
    "aud": 50,
    "nzd": 50,
    "sek": 300,
    "nok": 300,
    "dkk": 250,
    "pln": 200,
    "czk": 1500,
    "huf": 17500,
    "hkd": 400,
    "sgd": 50,
    "mxn": 1000,
    "thb": 1000,
}
ZERO_DECIMAL = {"jpy", "krw", "clp", "vnd", "xaf", "xof", "pyg", "ugx"}
THREE_DECIMAL = {"kwd", "bhd", "jod", "omr", "tnd"}
CURRENCIES = {*AMOUNTS_MINOR_MIN, *ZERO_DECIMAL, *THREE_DECIMAL, "brl", "inr", "zar", "try", "ils"}


@dataclass(slots=True)
class Call:
    """One request, its parameters checked."""

    world: World
    params: Params
    key: str | None = None

    def get(self, name: str, default: Any = None) -> Any:
        """Return a parameter; an empty one is as none."""
        value = self.params.get(name)
        return default if value is None or value == "" else value


def found(world: World, kind: str, id_: str, *, param: str | None = None) -> Thing:
    """Return an object of this kind; raises StripeError 404, for a parameter 400."""
    thing = world.stripe.by_id.get(id_)
    if thing is None or thing["object"] != kind:
        name = kind.replace("checkout.", "").replace("_", "")
        name = {
            "paymentintent": "payment_intent",
            "balancetransaction": "balance transaction",
            "account": "destination" if param == "destination" else "account",
        }.get(name, name)
        raise StripeError(
            400 if param else 404,
            f"No such {name}: '{id_}'",
            code="resource_missing",
            param=param or "id",
        )
    return thing


def listed(
    world: World, kind: str, call: Call, url: str, fits: Callable[[Thing], bool] | None = None
) -> Thing:
    """Return a page of objects, newest first. Raises StripeError for a limit out of 1..100."""
    limit = call.params.get("limit", LIMIT_DEFAULT)
    if not 1 <= limit <= LIMIT_MAX:
        raise refused(f"This value must be between 1 and {LIMIT_MAX}.", None, "limit")
    after, before = call.get("starting_after"), call.get("ending_before")
    for name, id_ in (("starting_after", after), ("ending_before", before)):
        if id_ is not None:
            found(world, kind, id_, param=name)
    things = (
        world.stripe.newer_than(kind, before) if before else world.stripe.newest_first(kind, after)
    )
    span = call.params.get("created")
    page: list[Thing] = []
    for thing in things:
        if span is not None and not in_span(thing["created"], span):
            continue
        if fits is None or fits(thing):
            page.append(thing)
            if len(page) > limit:
                break
    more, page = len(page) > limit, page[:limit]
    return list_of(page[::-1] if before else page, url, has_more=more)


def list_of(things: Iterable[Thing], url: str, *, has_more: bool = False) -> Thing:
    """Return a list object."""
    return {"object": "list", "data": list(things), "has_more": has_more, "url": url}


def in_span(created: int, span: Any) -> bool:
    """Say whether an instant is in what `created` or `created[gte]` … asks for."""
    if isinstance(span, int):
        return created == span
    tests = {
        "gt": lambda limit: created > limit,
        "gte": lambda limit: created >= limit,
        "lt": lambda limit: created < limit,
        "lte": lambda limit: created <= limit,
    }
    return all(tests[name](limit) for name, limit in span.items())


def emit(
    world: World,
    type_: str,
    thing: Thing,
    *,
    account: str | None = None,
    key: str | None = None,
    previous: Thing | None = None,
) -> None:
    """Make an event of what an object is now, and send it."""
    data: Thing = {"object": thing}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Thing = {
        "id": world.new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": world.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": sum(one.provider == "stripe" for one in world.webhooks.endpoints),
        "request": {"id": world.new_id("req"), "idempotency_key": key},
        "type": type_,
    }
    if account is not None:
        event["account"] = account
    body = msgspec.json.encode(event)
    world.publish("stripe", Event(event["id"], type_, event["created"], body))


def check_currency(currency: str, param: str = "currency") -> str:
    """Return the currency in lower case. Raises StripeError for one Stripe does not take."""
    if currency.lower() not in CURRENCIES:
        raise refused(
            f"Invalid currency: {currency}. Stripe currently supports these currencies: "
            + ", ".join(sorted(CURRENCIES)),
            None,
            param,
        )
    return currency.lower()


def check_amount(amount_minor: int, currency: str) -> int:
    """Return the amount. Raises StripeError for one that cards are not charged."""
    if amount_minor < 1:
        raise refused(
            "This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount"
        )
    least_minor = AMOUNTS_MINOR_MIN.get(currency, 1)
    if amount_minor < least_minor:
        raise refused(
            f"Amount must be at least {written(least_minor, currency)}",
            "amount_too_small",
            "amount",
        )
    if amount_minor > AMOUNT_MINOR_MAX:
        raise refused(
            f"Amount must be no more than {written(AMOUNT_MINOR_MAX, currency)}",
            "amount_too_large",
            "amount",
        )
    if currency in THREE_DECIMAL and amount_minor % 10:
        raise refused(
            f"Invalid amount: {amount_minor}. The last digit must be 0 in {currency}.",
            "parameter_invalid_integer",
            "amount",
        )
    return amount_minor


def written(amount_minor: int, currency: str) -> str:
    """Return an amount as Stripe's messages write it."""
    decimals = 0 if currency in ZERO_DECIMAL else 3 if currency in THREE_DECIMAL else 2
    sign = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥"}.get(currency, "")
    return f"{sign}{amount_minor / 10**decimals:,.{decimals}f}" + ("" if sign else f" {currency}")


def money_moved(
    world: World,
    kind: str,
    amount_minor: int,
    currency: str,
    source: str,
    *,
    fee_minor: int = 0,
    pending: bool = False,
    category: str | None = None,
) -> Thing:
    """Keep the platform's balance transaction of a movement; the books are the caller's matter.

    `amount_minor` is signed, as seen by the platform; `fee_minor` is taken from it.
    """
    now = world.now()
    available_on = now + SETTLES_SECONDS if pending else now
    details = [
        {
            "amount": fee_minor,
            "application": None,
            "currency": currency,
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]
    transaction = world.stripe.add(
        "balance_transaction",
        {
            "id": world.new_id("txn"),
            "object": "balance_transaction",
            "amount": amount_minor,
            "available_on": available_on,
            "balance_type": "payments",
            "created": now,
            "currency": currency,
            "description": None,
            "exchange_rate": None,
            "fee": fee_minor,
            "fee_details": details if fee_minor else [],
            "net": amount_minor - fee_minor,
            "reporting_category": category or kind,
            "source": source,
            "status": "pending" if pending else "available",
            "type": kind,
        },
    )
    if pending:
        _wait_for(world, transaction)
    return transaction


def _wait_for(world: World, transaction: Thing) -> None:
    currency, net_minor = transaction["currency"], transaction["net"]
    world.pending_minor[currency] += net_minor

    def settle() -> None:
        transaction["status"] = "available"
        world.pending_minor[currency] -= net_minor

    world.at(transaction["available_on"], settle)


def available_minor(world: World, currency: str) -> int:
    """Return what the platform may transfer without naming the charge it comes from."""
    return world.books.balance_minor(PLATFORM, currency) - world.pending_minor[currency]


def nulls(names: str) -> dict[str, None]:
    """Return these fields, separated by spaces, as null: shown, but empty."""
    return dict.fromkeys(names.split())


def metadata_changed(current: dict[str, str], change: dict[str, str] | None) -> dict[str, str]:
    """Return metadata after an update: named keys change, empty values go."""
    if change is None:
        return current
    return {name: value for name, value in {**current, **change}.items() if value != ""}


def payment_of(metadata: dict[str, str], otherwise: str) -> str:
    """Return the name the books count a payment under: the caller's `payment_id`, or our id."""
    return metadata.get("payment_id") or re.sub(r"\s", "_", otherwise)
