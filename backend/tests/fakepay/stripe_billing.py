"""Checkout sessions, the subscriptions they make, the invoices of these."""

from typing import Any

from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import LIST_SHAPE, Call, emit, found, listed, metadata_changed
from tests.fakepay.stripe_catalog import create_price
from tests.fakepay.stripe_forms import ANY, FLAG, INT, MAP, SPAN, TEXT, StripeError, refused
from tests.fakepay.stripe_plans import session_object
from tests.fakepay.stripe_subscriptions import cancel, schedule_cancel
from tests.fakepay.world import Thing

#: A price made for one session alone.
PRICE_SHAPE = {
    "currency": TEXT,
    "unit_amount": INT,
    "product": TEXT,
    "product_data": {"name": TEXT, "metadata": MAP},
    "recurring": {"interval": TEXT, "interval_count": INT},
}

routes = Routes()


@routes.on(
    "POST",
    "/v1/checkout/sessions",
    {
        "mode": TEXT,
        "success_url": TEXT,
        "cancel_url": TEXT,
        "customer": TEXT,
        "customer_email": TEXT,
        "client_reference_id": TEXT,
        "metadata": MAP,
        "locale": TEXT,
        "line_items": [{"price": TEXT, "price_data": PRICE_SHAPE, "quantity": INT}],
        "allow_promotion_codes": FLAG,
        "subscription_data": {"metadata": MAP, "trial_period_days": INT, "description": TEXT},
        "payment_method_types": [TEXT],
        "expires_at": INT,
        "billing_address_collection": TEXT,
        "ui_mode": TEXT,
        "return_url": TEXT,
    },
    required=("mode",),
)
def create_session(call: Call) -> Thing:
    if call.get("mode") != "subscription":
        raise refused("Invalid mode: fakepay plays the mode subscription.", None, "mode")
    if not call.get("success_url"):
        raise refused("Missing required param: success_url.", "parameter_missing", "success_url")
    items = call.get("line_items") or []
    if not items:
        raise refused("Missing required param: line_items.", "parameter_missing", "line_items")
    prices = []
    for at, item in enumerate(items):
        if "price_data" in item:
            price = create_price(Call(call.world, item["price_data"]))
        else:
            name = f"line_items[{at}][price]"
            price = found(call.world, "price", item.get("price", ""), param=name)
        if price["recurring"] is None:
            raise StripeError(
                400,
                "You must provide at least one recurring price in "
                "`subscription` mode when using prices.",
                param="line_items",
            )
        prices.append((price, item.get("quantity", 1)))
    if call.get("customer"):
        found(call.world, "customer", call.get("customer"), param="customer")
    session = call.world.stripe.add("checkout.session", session_object(call, prices))
    call.world.sessions[session["id"]] = {
        "prices": prices,
        "data": call.get("subscription_data", {}),
    }
    call.world.at(session["expires_at"], lambda: _expire(call, session))
    return session


@routes.on(
    "GET",
    "/v1/checkout/sessions",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "customer": TEXT,
        "subscription": TEXT,
        "status": TEXT,
    },
)
def list_sessions(call: Call) -> Thing:
    wanted = _wanted(call, "customer", "subscription", "status")
    return listed(
        call.world,
        "checkout.session",
        call,
        "/v1/checkout/sessions",
        lambda one: all(one[name] == value for name, value in wanted.items()),
    )


@routes.on("GET", "/v1/checkout/sessions/{}")
def retrieve_session(call: Call, id_: str) -> Thing:
    return found(call.world, "checkout.session", id_)


@routes.on("POST", "/v1/checkout/sessions/{}/expire")
def expire_session(call: Call, id_: str) -> Thing:
    session = found(call.world, "checkout.session", id_)
    if session["status"] != "open":
        raise StripeError(
            400,
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f'This Checkout Session has a status of "{session["status"]}".',
        )
    _expire(call, session)
    return session


@routes.on(
    "POST",
    "/v1/billing_portal/sessions",
    {
        "customer": TEXT,
        "return_url": TEXT,
        "configuration": TEXT,
        "locale": TEXT,
    },
    required=("customer",),
)
def create_portal(call: Call) -> Thing:
    found(call.world, "customer", call.get("customer"), param="customer")
    id_ = call.world.new_id("bps")
    return {
        "id": id_,
        "object": "billing_portal.session",
        "configuration": "bpc_fakepay",
        "created": call.world.now(),
        "customer": call.get("customer"),
        "customer_account": None,
        "flow": None,
        "livemode": False,
        "locale": call.get("locale"),
        "on_behalf_of": None,
        "return_url": call.get("return_url"),
        "url": f"{call.world.url}/p/session/{id_}",
    }


@routes.on(
    "GET",
    "/v1/subscriptions",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "customer": TEXT,
        "price": TEXT,
        "status": TEXT,
    },
)
def list_subscriptions(call: Call) -> Thing:
    wanted, status = _wanted(call, "customer"), call.get("status")

    def fits(one: Thing) -> bool:
        right = status in ("all", one["status"]) or (status is None and one["ended_at"] is None)
        return right and all(one[name] == value for name, value in wanted.items())

    return listed(call.world, "subscription", call, "/v1/subscriptions", fits)


@routes.on("GET", "/v1/subscriptions/{}")
def retrieve_subscription(call: Call, id_: str) -> Thing:
    return found(call.world, "subscription", id_)


@routes.on(
    "POST",
    "/v1/subscriptions/{}",
    {
        "cancel_at_period_end": FLAG,
        "metadata": MAP,
        "description": TEXT,
        "cancellation_details": {"comment": TEXT, "feedback": TEXT},
        "proration_behavior": TEXT,
        "default_payment_method": TEXT,
    },
)
def update_subscription(call: Call, id_: str) -> Thing:
    subscription = found(call.world, "subscription", id_)
    if subscription["ended_at"] is not None:
        raise _canceled(id_)
    metadata = call.params.get("metadata")
    subscription["metadata"] = metadata_changed(subscription["metadata"], metadata)
    if "description" in call.params:
        subscription["description"] = call.get("description")
    wish = call.get("cancel_at_period_end")
    if wish is not None:
        schedule_cancel(call.world, subscription, wish)
    emit(call.world, "customer.subscription.updated", subscription, key=call.key)
    return subscription


@routes.on(
    "DELETE",
    "/v1/subscriptions/{}",
    {
        "invoice_now": FLAG,
        "prorate": FLAG,
        "cancellation_details": ANY,
    },
)
def cancel_subscription(call: Call, id_: str) -> Thing:
    subscription = found(call.world, "subscription", id_)
    if subscription["ended_at"] is not None:
        raise _canceled(id_)
    cancel(call.world, subscription, "cancellation_requested", key=call.key)
    return subscription


@routes.on(
    "GET",
    "/v1/invoices",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "customer": TEXT,
        "subscription": TEXT,
        "status": TEXT,
    },
)
def list_invoices(call: Call) -> Thing:
    wanted, subscription = _wanted(call, "customer", "status"), call.get("subscription")

    def fits(one: Thing) -> bool:
        own = one["parent"]["subscription_details"]["subscription"]
        return subscription in (None, own) and all(one[n] == v for n, v in wanted.items())

    return listed(call.world, "invoice", call, "/v1/invoices", fits)


@routes.on("GET", "/v1/invoices/{}")
def retrieve_invoice(call: Call, id_: str) -> Thing:
    return found(call.world, "invoice", id_)


def _wanted(call: Call, *names: str) -> dict[str, Any]:
    return {name: call.get(name) for name in names if call.get(name)}


def _expire(call: Call, session: Thing) -> None:
    if session["status"] == "open":
        session.update(status="expired", url=None)
        emit(call.world, "checkout.session.expired", session)


def _canceled(id_: str) -> StripeError:
    return StripeError(404, f"No such subscription: '{id_}'", code="resource_missing", param="id")
