"""PayPal's products, plans and subscriptions."""

from datetime import UTC, datetime
from typing import Any

from tests.fakepay.paypal_calls import (
    BUYERS,
    FEES,
    MERCHANT,
    Ask,
    Result,
    emit,
    found,
    invalid,
    link,
    minor,
    money,
    unprocessable,
)
from tests.fakepay.paypal_orders import fee_minor
from tests.fakepay.routes import Routes
from tests.fakepay.stripe_plans import period_end
from tests.fakepay.world import Thing, World

FAILURES_MAX = 3
#: Which status may become which, and how the event of it is called.
STEPS = {
    ("APPROVAL_PENDING", "ACTIVE"): "ACTIVATED",
    ("SUSPENDED", "ACTIVE"): "ACTIVATED",
    ("ACTIVE", "SUSPENDED"): "SUSPENDED",
    ("ACTIVE", "CANCELLED"): "CANCELLED",
    ("SUSPENDED", "CANCELLED"): "CANCELLED",
    ("ACTIVE", "EXPIRED"): "EXPIRED",
}

routes = Routes()


@routes.on("POST", "/v1/catalogs/products")
def create_product(ask: Ask) -> Result:
    product = ask.world.paypal.add(
        "product",
        {
            "id": ask.body.get("id") or f"PROD-{ask.world.new_code()}",
            "kind": "product",
            "said": _named(ask.body),
            "create_time": ask.world.moment(),
        },
    )
    return Result(
        201,
        lambda: {
            "id": product["id"],
            **product["said"],
            "create_time": product["create_time"],
            "links": [link(ask.world, f"/v1/catalogs/products/{product['id']}", "self")],
        },
    )


@routes.on("POST", "/v1/billing/plans")
def create_plan(ask: Ask) -> Result:
    cycles = ask.body.get("billing_cycles")
    if not isinstance(cycles, list) or not cycles:
        raise invalid(
            "MISSING_REQUIRED_PARAMETER",
            "A required field / parameter is missing.",
            "/billing_cycles",
        )
    found(ask.world, "product", str(ask.body.get("product_id")))
    minor(
        _regular(cycles).get("pricing_scheme", {}).get("fixed_price"),
        "/billing_cycles/pricing_scheme/fixed_price",
    )
    plan = ask.world.paypal.add(
        "plan",
        {
            "id": f"P-{ask.world.new_code(24)}",
            "kind": "plan",
            "said": _named(ask.body),
            "create_time": ask.world.moment(),
        },
    )
    return Result(201, lambda: plan_shown(ask.world, plan))


@routes.on("GET", "/v1/billing/plans")
def list_plans(ask: Ask) -> Result:
    product = ask.query.get("product_id")
    plans = [
        plan_shown(ask.world, one)
        for one in ask.world.paypal.newest_first("plan")
        if product in (None, one["said"].get("product_id"))
    ]
    return Result(
        200,
        lambda: {
            "plans": plans,
            "links": [link(ask.world, "/v1/billing/plans", "self")],
        },
    )


@routes.on("GET", "/v1/billing/plans/{}")
def retrieve_plan(ask: Ask, id_: str) -> Result:
    plan = found(ask.world, "plan", id_)
    return Result(200, lambda: plan_shown(ask.world, plan))


@routes.on("POST", "/v1/billing/subscriptions")
def create(ask: Ask) -> Result:
    world = ask.world
    plan = found(world, "plan", str(ask.body.get("plan_id")))
    subscription = world.paypal.add(
        "subscription",
        {
            "id": f"I-{world.new_code(12)}",
            "kind": "subscription",
            "status": "APPROVAL_PENDING",
            "plan_id": plan["id"],
            "custom_id": ask.body.get("custom_id"),
            "subscriber": ask.body.get("subscriber", {}),
            "failures": 0,
            "sales": [],
            "start_time": ask.body.get("start_time", world.moment()),
            "create_time": world.moment(),
            "update_time": world.moment(),
        },
    )
    emit(
        world,
        "BILLING.SUBSCRIPTION.CREATED",
        "subscription",
        shown(world, subscription),
        "Subscription created",
    )
    return Result(201, lambda: shown(world, subscription))


@routes.on("GET", "/v1/billing/subscriptions/{}")
def retrieve(ask: Ask, id_: str) -> Result:
    subscription = found(ask.world, "subscription", id_)
    return Result(200, lambda: shown(ask.world, subscription))


@routes.on("POST", "/v1/billing/subscriptions/{}/{}")
def change(ask: Ask, id_: str, verb: str) -> Result:
    subscription = found(ask.world, "subscription", id_)
    status = {"cancel": "CANCELLED", "suspend": "SUSPENDED", "activate": "ACTIVE"}.get(verb)
    if status is None or (verb == "activate" and subscription["status"] != "SUSPENDED"):
        raise _wrong_status()
    become(ask.world, subscription, status)
    return Result(204, lambda: None)


@routes.on("GET", "/v1/billing/subscriptions/{}/transactions")
def list_sales(ask: Ask, id_: str) -> Result:
    subscription = found(ask.world, "subscription", id_)
    return Result(200, lambda: {"transactions": subscription["sales"], "links": []})


def become(world: World, subscription: Thing, status: str) -> None:
    """Change a subscription's status. Raises PayPalError for a step that is none."""
    name = STEPS.get((subscription["status"], status))
    if name is None:
        raise _wrong_status()
    subscription.update(status=status, update_time=world.moment())
    emit(
        world,
        f"BILLING.SUBSCRIPTION.{name}",
        "subscription",
        shown(world, subscription),
        f"Subscription {name.lower()}",
    )


def renew(world: World, subscription: Thing, *, fails: bool = False) -> None:
    """Take a period's price, or fail to; the third failure in a row suspends."""
    if subscription["status"] != "ACTIVE":
        raise _wrong_status()
    if fails:
        subscription["failures"] += 1
        emit(
            world,
            "BILLING.SUBSCRIPTION.PAYMENT.FAILED",
            "subscription",
            shown(world, subscription),
            "Payment failed for subscription",
        )
        if subscription["failures"] >= FAILURES_MAX:
            become(world, subscription, "SUSPENDED")
        return
    subscription["failures"] = 0
    amount_minor, currency = minor(_price(world, subscription), "/")
    sale_id, fee = world.new_code(), fee_minor(amount_minor)
    books = {"object_id": sale_id, "payment": subscription["custom_id"] or subscription["id"]}
    world.books.post("captured", currency, amount_minor, giver=BUYERS, taker=MERCHANT, **books)
    world.books.post("fee", currency, fee, giver=MERCHANT, taker=FEES, **books)
    subscription["sales"].append(
        {
            "id": sale_id,
            "status": "COMPLETED",
            "time": world.moment(),
            "amount_with_breakdown": {
                "gross_amount": money(amount_minor, currency),
                "fee_amount": money(fee, currency),
                "net_amount": money(amount_minor - fee, currency),
            },
        }
    )
    emit(
        world,
        "PAYMENT.SALE.COMPLETED",
        "sale",
        {
            "id": sale_id,
            "state": "completed",
            "custom": subscription["custom_id"],
            "billing_agreement_id": subscription["id"],
            "create_time": world.moment(),
            "amount": {"total": money(amount_minor, currency)["value"], "currency": currency},
            "transaction_fee": {"value": money(fee, currency)["value"], "currency": currency},
        },
        "Payment completed",
        version="1.0",
    )


def plan_shown(world: World, plan: Thing) -> Thing:
    """Return a plan as the API shows it."""
    return {
        "id": plan["id"],
        "status": "ACTIVE",
        **plan["said"],
        "create_time": plan["create_time"],
        "links": [link(world, f"/v1/billing/plans/{plan['id']}", "self")],
    }


def shown(world: World, subscription: Thing) -> Thing:
    """Return a subscription as the API shows it now."""
    path, status = f"/v1/billing/subscriptions/{subscription['id']}", subscription["status"]
    links = [link(world, path, "self")]
    if status == "APPROVAL_PENDING":
        links.append(
            link(world, f"/webapps/billing/subscriptions?ba_token={subscription['id']}", "approve")
        )
    if status == "ACTIVE":
        links += [link(world, f"{path}/{verb}", verb, "POST") for verb in ("cancel", "suspend")]
    result = {
        "id": subscription["id"],
        "status": status,
        "plan_id": subscription["plan_id"],
        "quantity": "1",
        "start_time": subscription["start_time"],
        "status_update_time": subscription["update_time"],
        "subscriber": subscription["subscriber"],
        "create_time": subscription["create_time"],
        "update_time": subscription["update_time"],
        "links": links,
    }
    if subscription["custom_id"] is not None:
        result["custom_id"] = subscription["custom_id"]
    if status != "APPROVAL_PENDING":
        result["billing_info"] = _billing_info(world, subscription)
    return result


def _billing_info(world: World, subscription: Thing) -> Thing:
    """Say what has been paid, and, while it runs, when the next period is to be."""
    price = _price(world, subscription)
    currency, sales = price["currency_code"], subscription["sales"]
    info: Thing = {
        "outstanding_balance": money(0, currency),
        "failed_payments_count": subscription["failures"],
    }
    if sales:
        paid = sales[-1]["amount_with_breakdown"]["gross_amount"]
        info["last_payment"] = {"amount": paid, "time": sales[-1]["time"]}
    if subscription["status"] == "ACTIVE":
        began = datetime.fromisoformat(subscription["start_time"]).timestamp()
        periods = {"interval": "month", "interval_count": len(sales)}
        next_at = datetime.fromtimestamp(period_end(int(began), periods), UTC)
        info["next_billing_time"] = next_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return info


def _price(world: World, subscription: Thing) -> Thing:
    plan = world.paypal.by_id[subscription["plan_id"]]
    price: Thing = _regular(plan["said"]["billing_cycles"])["pricing_scheme"]["fixed_price"]
    return price


def _named(body: Thing) -> Thing:
    if not body.get("name"):
        raise invalid(
            "MISSING_REQUIRED_PARAMETER", "A required field / parameter is missing.", "/name"
        )
    return {name: value for name, value in body.items() if name != "id"}


def _regular(cycles: list[Any]) -> Thing:
    regular: Thing = next(
        (one for one in cycles if one.get("tenure_type") == "REGULAR"), cycles[-1]
    )
    return regular


def _wrong_status() -> Exception:
    return unprocessable(
        "SUBSCRIPTION_STATUS_INVALID",
        "Invalid subscription status for this "
        "action; subscription status should be active or suspended.",
    )
