"""Orders, their captures, the refunds of these."""

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
    minor,
    money,
    unprocessable,
)
from tests.fakepay.paypal_views import PAYER, capture_shown, refund_shown, shown
from tests.fakepay.routes import Routes
from tests.fakepay.world import Thing, World

FEE_PER_MYRIAD = 349
FEE_FIXED_MINOR = 49
CUSTOM_ID_LENGTH_MAX = 255
INVOICE_ID_LENGTH_MAX = 127


routes = Routes()


def fee_minor(amount_minor: int) -> int:
    """Return PayPal's fee: 3.49 % and 49 minor units, as in the US."""
    return min(amount_minor, (amount_minor * FEE_PER_MYRIAD + 5000) // 10000 + FEE_FIXED_MINOR)


@routes.on("POST", "/v2/checkout/orders")
def create(ask: Ask) -> Result:
    body, world = ask.body, ask.world
    if body.get("intent") != "CAPTURE":
        raise invalid(
            "INVALID_PARAMETER_VALUE",
            "The value of a field is invalid: fakepay plays the intent CAPTURE.",
            "/intent",
        )
    units = body.get("purchase_units")
    if not isinstance(units, list) or not 1 <= len(units) <= 10:
        raise invalid(
            "INVALID_ARRAY_LENGTH",
            "The number of items in an array parameter is too small or too large.",
            "/purchase_units",
        )
    experience = body.get("payment_source", {}).get("paypal", {}).get("experience_context", {})
    order = world.paypal.add(
        "order",
        {
            "id": world.new_code(),
            "kind": "order",
            "intent": "CAPTURE",
            "status": "PAYER_ACTION_REQUIRED" if experience else "CREATED",
            "experience": experience,
            "purchase_units": [_unit(unit, at, len(units)) for at, unit in enumerate(units)],
            "create_time": world.moment(),
            "update_time": world.moment(),
            "payer": None,
            "instrument": None,
        },
    )
    return Result(201, lambda: shown(world, order, everything=ask.prefers_all))


@routes.on("GET", "/v2/checkout/orders/{}")
def retrieve(ask: Ask, id_: str) -> Result:
    order = found(ask.world, "order", id_)
    return Result(200, lambda: shown(ask.world, order))


@routes.on("POST", "/v2/checkout/orders/{}/capture")
def capture(ask: Ask, id_: str) -> Result:
    world = ask.world
    order = found(world, "order", id_)
    if order["status"] == "COMPLETED":
        raise unprocessable(
            "ORDER_ALREADY_CAPTURED",
            "Order already captured. If 'intent=CAPTURE' only one capture per order is allowed.",
        )
    if order["status"] != "APPROVED":
        raise unprocessable(
            "ORDER_NOT_APPROVED",
            "Payer has not yet approved the Order for "
            "payment. Please redirect the payer to the 'rel':'approve' url "
            "returned as part of the HATEOAS links within the Create Order call.",
        )
    for unit in order["purchase_units"]:
        if unit.get("invoice_id") in world.paypal_invoices:
            raise unprocessable(
                "DUPLICATE_INVOICE_ID",
                "Duplicate Invoice ID detected. To avoid a "
                "potential duplicate transaction your account setting requires "
                "that Invoice Id be unique for each transaction.",
            )
    outcome = world.paypal_outcomes.pop(0) if world.paypal_outcomes else "COMPLETED"
    if outcome == "INSTRUMENT_DECLINED":
        order["status"] = "PAYER_ACTION_REQUIRED"
        raise unprocessable(
            "INSTRUMENT_DECLINED",
            "The instrument presented was either declined "
            "by the processor or bank, or it can't be used for this payment.",
        )
    for unit in order["purchase_units"]:
        if unit.get("invoice_id"):
            world.paypal_invoices.add(unit["invoice_id"])
        made = _capture(world, order, unit, outcome)
        unit.setdefault("payments", {}).setdefault("captures", []).append(made["id"])
    order.update(status="COMPLETED", update_time=world.moment())
    if outcome == "COMPLETED":
        emit(
            world,
            "CHECKOUT.ORDER.COMPLETED",
            "checkout-order",
            shown(world, order),
            "Checkout Order Completed",
        )
    return Result(201, lambda: shown(world, order))


@routes.on("GET", "/v2/payments/captures/{}")
def retrieve_capture(ask: Ask, id_: str) -> Result:
    made = found(ask.world, "capture", id_)
    return Result(200, lambda: capture_shown(ask.world, made))


@routes.on("POST", "/v2/payments/captures/{}/refund")
def refund(ask: Ask, id_: str) -> Result:
    world, made = ask.world, found(ask.world, "capture", id_)
    left_minor = made["amount_minor"] - made["refunded_minor"]
    if made["status"] in ("PENDING", "DECLINED"):
        raise unprocessable(
            f"{made['status']}_CAPTURE",
            "Refund of a capture that is not completed is not possible.",
        )
    if made["disputed"]:
        raise unprocessable(
            "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK",
            "Refunds not allowed on this capture due to a chargeback on the card or bank.",
        )
    if left_minor <= 0:
        raise unprocessable(
            "CAPTURE_FULLY_REFUNDED", "The capture has already been fully refunded."
        )
    amount_minor, currency = left_minor, made["currency"]
    if ask.body.get("amount"):
        amount_minor, asked = minor(ask.body["amount"], "/amount")
        if asked != currency:
            raise unprocessable(
                "REFUND_CAPTURE_CURRENCY_MISMATCH",
                "Refund must be in the same currency as the capture.",
            )
    if amount_minor > left_minor:
        raise unprocessable(
            "REFUND_AMOUNT_EXCEEDED",
            "The refund amount must be less than or "
            "equal to the capture amount that has not yet been refunded.",
        )
    back = _refund(world, made, amount_minor, ask.body)
    return Result(201, lambda: refund_shown(world, back, everything=ask.prefers_all))


@routes.on("GET", "/v2/payments/refunds/{}")
def retrieve_refund(ask: Ask, id_: str) -> Result:
    back = found(ask.world, "refund", id_)
    return Result(200, lambda: refund_shown(ask.world, back))


def approve(world: World, order: Thing) -> None:
    """Let the buyer approve an order, in the browser."""
    if order["status"] not in ("CREATED", "PAYER_ACTION_REQUIRED"):
        raise unprocessable("ORDER_NOT_OPEN", f"The order is {order['status']}.")
    order.update(status="APPROVED", payer=PAYER, update_time=world.moment())
    emit(
        world,
        "CHECKOUT.ORDER.APPROVED",
        "checkout-order",
        shown(world, order),
        "An order has been approved by buyer",
    )


def decide(world: World, made: Thing, status: str) -> None:
    """Let a pending capture be COMPLETED or DECLINED."""
    if made["status"] != "PENDING":
        raise unprocessable("CAPTURE_NOT_PENDING", f"The capture is {made['status']}.")
    made.update(status=status, update_time=world.moment())
    if status == "COMPLETED":
        _credit(world, made)
    _announce(world, made)


def _unit(unit: Any, at: int, count: int) -> Thing:
    path = f"/purchase_units/{at}"
    if not isinstance(unit, dict):
        raise invalid("MALFORMED_REQUEST_JSON", "The request JSON is not well formed.", path)
    amount_minor, currency = minor(unit.get("amount"), f"{path}/amount")
    for name, most in (("custom_id", CUSTOM_ID_LENGTH_MAX), ("invoice_id", INVOICE_ID_LENGTH_MAX)):
        text = unit.get(name)
        if text is not None and not (isinstance(text, str) and 1 <= len(text) <= most):
            raise invalid(
                "INVALID_STRING_LENGTH",
                "The value of a field is either too short or too long.",
                f"{path}/{name}",
            )
    if count > 1 and not unit.get("reference_id"):
        raise invalid(
            "MISSING_REQUIRED_PARAMETER",
            "A required field / parameter is missing.",
            f"{path}/reference_id",
        )
    kept = {
        name: unit[name] for name in ("custom_id", "invoice_id", "description") if unit.get(name)
    }
    return {
        "reference_id": unit.get("reference_id", "default"),
        "amount": money(amount_minor, currency),
        **kept,
        "payee": {"email_address": "merchant@example.com", "merchant_id": "FAKEPAYMERCHANT"},
    }


def _capture(world: World, order: Thing, unit: Thing, outcome: str) -> Thing:
    amount_minor, currency = minor(unit["amount"], "/amount")
    made = world.paypal.add(
        "capture",
        {
            "id": world.new_code(),
            "kind": "capture",
            "status": outcome,
            "order_id": order["id"],
            "amount_minor": amount_minor,
            "currency": currency,
            "fee_minor": fee_minor(amount_minor),
            "refunded_minor": 0,
            "refunds": [],
            "disputed": False,
            "custom_id": unit.get("custom_id"),
            "invoice_id": unit.get("invoice_id"),
            "create_time": world.moment(),
            "update_time": world.moment(),
        },
    )
    if outcome == "COMPLETED":
        _credit(world, made)
    _announce(world, made)
    return made


def _credit(world: World, made: Thing) -> None:
    books = {"object_id": made["id"], "payment": payment_of(made)}
    currency = made["currency"]
    world.books.post(
        "captured", currency, made["amount_minor"], giver=BUYERS, taker=MERCHANT, **books
    )
    world.books.post("fee", currency, made["fee_minor"], giver=MERCHANT, taker=FEES, **books)


def _announce(world: World, made: Thing) -> None:
    amount = f"{money(made['amount_minor'], made['currency'])['value']} {made['currency']}"
    type_, said = {
        "COMPLETED": ("PAYMENT.CAPTURE.COMPLETED", f"Payment completed for $ {amount}"),
        "PENDING": ("PAYMENT.CAPTURE.PENDING", f"Payment pending for $ {amount}"),
        "DECLINED": ("PAYMENT.CAPTURE.DENIED", f"Payment denied for $ {amount}"),
    }[made["status"]]
    emit(world, type_, "capture", capture_shown(world, made), said)


def _refund(world: World, made: Thing, amount_minor: int, body: Thing) -> Thing:
    made["refunded_minor"] += amount_minor
    whole = made["refunded_minor"] == made["amount_minor"]
    made.update(status="REFUNDED" if whole else "PARTIALLY_REFUNDED", update_time=world.moment())
    back = world.paypal.add(
        "refund",
        {
            "id": world.new_code(),
            "kind": "refund",
            "status": "COMPLETED",
            "capture_id": made["id"],
            "amount_minor": amount_minor,
            "currency": made["currency"],
            "total_minor": made["refunded_minor"],
            "create_time": world.moment(),
            "custom_id": body.get("custom_id") or made["custom_id"],
            "invoice_id": body.get("invoice_id"),
            "note_to_payer": body.get("note_to_payer"),
        },
    )
    made["refunds"].append(back["id"])
    world.books.post(
        "refunded",
        made["currency"],
        amount_minor,
        giver=MERCHANT,
        taker=BUYERS,
        object_id=back["id"],
        payment=payment_of(made),
    )
    emit(
        world, "PAYMENT.CAPTURE.REFUNDED", "refund", refund_shown(world, back), "A refund was made"
    )
    return back


def payment_of(made: Thing) -> str:
    """Return the name the books count a capture's payment under: its custom_id, else its id."""
    return str(made["custom_id"] or made["id"])
