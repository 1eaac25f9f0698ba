"""Products and prices."""

from typing import Any

from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import (
    LIST_SHAPE,
    Call,
    check_currency,
    emit,
    found,
    listed,
    metadata_changed,
)
from tests.fakepay.stripe_forms import ANY, FLAG, INT, MAP, SPAN, TEXT, StripeError, refused
from tests.fakepay.world import Thing

INTERVALS = ("day", "week", "month", "year")

routes = Routes()


@routes.on(
    "POST",
    "/v1/products",
    {
        "id": TEXT,
        "name": TEXT,
        "description": TEXT,
        "metadata": MAP,
        "active": FLAG,
        "images": [TEXT],
        "unit_label": TEXT,
        "url": TEXT,
        "shippable": FLAG,
        "tax_code": TEXT,
        "statement_descriptor": TEXT,
    },
    required=("name",),
)
def create_product(call: Call) -> Thing:
    id_ = call.get("id") or call.world.new_id("prod")
    if id_ in call.world.stripe.by_id:
        raise StripeError(
            400, "Product already exists.", code="resource_already_exists", param="id"
        )
    now = call.world.now()
    product = call.world.stripe.add(
        "product",
        {
            "id": id_,
            "object": "product",
            "active": call.get("active", True),
            "created": now,
            "default_price": None,
            "description": call.get("description"),
            "images": call.get("images", []),
            "livemode": False,
            "marketing_features": [],
            "metadata": call.get("metadata", {}),
            "name": call.get("name"),
            "package_dimensions": None,
            "shippable": call.get("shippable"),
            "statement_descriptor": call.get("statement_descriptor"),
            "tax_code": call.get("tax_code"),
            "type": "service",
            "unit_label": call.get("unit_label"),
            "updated": now,
            "url": call.get("url"),
        },
    )
    emit(call.world, "product.created", product, key=call.key)
    return product


@routes.on("GET", "/v1/products", {**LIST_SHAPE, "created": SPAN, "active": FLAG, "ids": [TEXT]})
def list_products(call: Call) -> Thing:
    active, ids = call.get("active"), call.get("ids")
    return listed(
        call.world,
        "product",
        call,
        "/v1/products",
        lambda one: active in (None, one["active"]) and (not ids or one["id"] in ids),
    )


@routes.on("GET", "/v1/products/{}")
def retrieve_product(call: Call, id_: str) -> Thing:
    return found(call.world, "product", id_)


@routes.on(
    "POST",
    "/v1/prices",
    {
        "currency": TEXT,
        "unit_amount": INT,
        "product": TEXT,
        "product_data": {"name": TEXT, "metadata": MAP, "id": TEXT},
        "recurring": {"interval": TEXT, "interval_count": INT, "usage_type": TEXT},
        "lookup_key": TEXT,
        "transfer_lookup_key": FLAG,
        "nickname": TEXT,
        "metadata": MAP,
        "active": FLAG,
        "tax_behavior": TEXT,
        "billing_scheme": TEXT,
    },
    required=("currency", "unit_amount"),
)
def create_price(call: Call) -> Thing:
    currency, amount_minor = check_currency(call.get("currency")), call.get("unit_amount")
    if amount_minor < 0:
        raise refused(
            "This value must be greater than or equal to 0.",
            "parameter_invalid_integer",
            "unit_amount",
        )
    recurring = _recurring(call.get("recurring"))
    _free_lookup_key(call)
    price = call.world.stripe.add(
        "price",
        {
            "id": call.world.new_id("price"),
            "object": "price",
            "active": call.get("active", True),
            "billing_scheme": "per_unit",
            "created": call.world.now(),
            "currency": currency,
            "custom_unit_amount": None,
            "livemode": False,
            "lookup_key": call.get("lookup_key"),
            "metadata": call.get("metadata", {}),
            "nickname": call.get("nickname"),
            "product": _product_of(call),
            "recurring": recurring,
            "tax_behavior": call.get("tax_behavior", "unspecified"),
            "tiers_mode": None,
            "transform_quantity": None,
            "type": "recurring" if recurring else "one_time",
            "unit_amount": amount_minor,
            "unit_amount_decimal": str(amount_minor),
        },
    )
    emit(call.world, "price.created", price, key=call.key)
    return price


@routes.on(
    "GET",
    "/v1/prices",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "active": FLAG,
        "currency": TEXT,
        "lookup_keys": [TEXT],
        "product": TEXT,
        "type": TEXT,
        "recurring": ANY,
    },
)
def list_prices(call: Call) -> Thing:
    wanted = {
        name: call.get(name)
        for name in ("active", "currency", "product", "type")
        if call.get(name) is not None
    }
    keys = call.get("lookup_keys")
    return listed(
        call.world,
        "price",
        call,
        "/v1/prices",
        lambda one: (
            (not keys or one["lookup_key"] in keys)
            and all(one[name] == value for name, value in wanted.items())
        ),
    )


@routes.on("GET", "/v1/prices/{}")
def retrieve_price(call: Call, id_: str) -> Thing:
    return found(call.world, "price", id_)


@routes.on(
    "POST",
    "/v1/prices/{}",
    {
        "active": FLAG,
        "metadata": MAP,
        "nickname": TEXT,
        "lookup_key": TEXT,
        "transfer_lookup_key": FLAG,
    },
)
def update_price(call: Call, id_: str) -> Thing:
    price = found(call.world, "price", id_)
    _free_lookup_key(call)
    price["metadata"] = metadata_changed(price["metadata"], call.params.get("metadata"))
    for name in {"active", "nickname", "lookup_key"} & set(call.params):
        price[name] = call.get(name)
    emit(call.world, "price.updated", price, key=call.key)
    return price


def _recurring(asked: Any) -> Thing | None:
    if asked is None:
        return None
    if asked.get("interval") not in INTERVALS:
        raise refused(
            f"Invalid interval: must be one of {', '.join(INTERVALS)}", None, "recurring[interval]"
        )
    return {
        "interval": asked["interval"],
        "interval_count": asked.get("interval_count", 1),
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def _free_lookup_key(call: Call) -> None:
    key = call.get("lookup_key")
    if key is None:
        return
    for price in call.world.stripe.newest_first("price"):
        if price["lookup_key"] == key:
            if not call.get("transfer_lookup_key"):
                raise StripeError(
                    400,
                    f"A price (`{price['id']}`) already uses that lookup key.",
                    code="resource_already_exists",
                    param="lookup_key",
                )
            price["lookup_key"] = None


def _product_of(call: Call) -> str:
    data = call.get("product_data")
    if data is not None:
        inner = Call(call.world, data, call.key)
        return str(create_product(inner)["id"])
    product = call.get("product")
    if product is None:
        raise refused(
            "You must specify either `product` or `product_data` when creating a price.",
            "parameter_missing",
            "product",
        )
    return str(found(call.world, "product", product, param="product")["id"])
