"""Refunds: what may be given back, what fails later."""

from tests.fakepay.cards import BY_NUMBER
from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import (
    CARDS,
    LIST_SHAPE,
    PLATFORM,
    Call,
    emit,
    found,
    listed,
    metadata_changed,
    money_moved,
    written,
)
from tests.fakepay.stripe_forms import INT, MAP, SPAN, TEXT, StripeError, refused
from tests.fakepay.stripe_objects import payment_of_charge, refund_object
from tests.fakepay.world import Thing, World, copied

REASONS = ("duplicate", "fraudulent", "requested_by_customer")

routes = Routes()


@routes.on(
    "POST",
    "/v1/refunds",
    {
        "charge": TEXT,
        "payment_intent": TEXT,
        "amount": INT,
        "reason": TEXT,
        "metadata": MAP,
        "instructions_email": TEXT,
    },
)
def create(call: Call) -> Thing:
    world = call.world
    charge = _charge(call)
    reason = call.get("reason")
    if reason is not None and reason not in REASONS:
        raise refused(f"Invalid reason: must be one of {', '.join(REASONS)}", None, "reason")
    left_minor = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"]:
        raise StripeError(
            400,
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
        )
    if left_minor <= 0:
        raise StripeError(
            400, f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded"
        )
    amount_minor = call.get("amount", left_minor)
    if amount_minor < 1:
        raise refused(
            "This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount"
        )
    if amount_minor > left_minor:
        currency = charge["currency"]
        raise StripeError(
            400,
            f"Refund amount ({written(amount_minor, currency)}) is greater than unrefunded "
            f"amount on charge ({written(left_minor, currency)})",
            param="amount",
        )
    card = BY_NUMBER[world.card_numbers[charge["payment_method"]]]
    refund = world.stripe.add("refund", refund_object(world, charge, amount_minor, call))
    if card.refunds == "pending":
        refund["status"] = "pending"
    _give_back(world, charge, refund, call.key)
    answer = copied(refund)
    if card.refunds == "failed":
        fail(world, refund)
    return answer


@routes.on(
    "GET",
    "/v1/refunds",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "charge": TEXT,
        "payment_intent": TEXT,
    },
)
def list_refunds(call: Call) -> Thing:
    wanted = {name: call.get(name) for name in ("charge", "payment_intent") if call.get(name)}
    return listed(
        call.world,
        "refund",
        call,
        "/v1/refunds",
        lambda one: all(one[name] == value for name, value in wanted.items()),
    )


@routes.on("GET", "/v1/refunds/{}")
def retrieve(call: Call, id_: str) -> Thing:
    return found(call.world, "refund", id_)


@routes.on("POST", "/v1/refunds/{}", {"metadata": MAP})
def update(call: Call, id_: str) -> Thing:
    refund = found(call.world, "refund", id_)
    refund["metadata"] = metadata_changed(refund["metadata"], call.params.get("metadata"))
    emit(call.world, "refund.updated", refund, key=call.key)
    return refund


def settle(world: World, refund: Thing) -> None:
    """Let a pending refund succeed."""
    refund["status"] = "succeeded"
    emit(world, "refund.updated", refund)
    emit(world, "charge.refund.updated", refund)


def fail(world: World, refund: Thing) -> None:
    """Let the buyer's bank refuse a refund: the money comes back to the platform."""
    charge = world.stripe.by_id[refund["charge"]]
    amount_minor, currency = refund["amount"], refund["currency"]
    transaction = money_moved(
        world, "refund_failure", amount_minor, currency, refund["id"], category="refund_failure"
    )
    world.books.post(
        "refund_returned",
        currency,
        amount_minor,
        giver=CARDS,
        taker=PLATFORM,
        object_id=refund["id"],
        payment=payment_of_charge(world, charge),
    )
    refund.update(
        status="failed",
        failure_reason="expired_or_canceled_card",
        failure_balance_transaction=transaction["id"],
    )
    charge["amount_refunded"] -= amount_minor
    charge["refunded"] = False
    for type_ in ("refund.failed", "refund.updated", "charge.refund.updated"):
        emit(world, type_, refund)


def _charge(call: Call) -> Thing:
    charge_id, intent_id = call.get("charge"), call.get("payment_intent")
    if (charge_id is None) is (intent_id is None):
        raise refused(
            "One of the following params should be provided for this request: "
            "payment_intent or charge.",
            "parameter_missing",
            "payment_intent",
        )
    if charge_id is not None:
        charge = found(call.world, "charge", charge_id, param="charge")
    else:
        intent = found(call.world, "payment_intent", intent_id, param="payment_intent")
        if intent["status"] != "succeeded":
            raise StripeError(
                400,
                f"This PaymentIntent ({intent_id}) does not have a successful charge to refund.",
                param="payment_intent",
            )
        charge = found(call.world, "charge", intent["latest_charge"])
    if not charge["paid"]:
        raise StripeError(
            400, f"Charge {charge['id']} has failed; cannot issue a refund.", param="charge"
        )
    return charge


def _give_back(world: World, charge: Thing, refund: Thing, key: str | None) -> None:
    amount_minor, currency = refund["amount"], refund["currency"]
    transaction = money_moved(world, "refund", -amount_minor, currency, refund["id"])
    refund["balance_transaction"] = transaction["id"]
    world.books.post(
        "refunded",
        currency,
        amount_minor,
        giver=PLATFORM,
        taker=CARDS,
        object_id=refund["id"],
        payment=payment_of_charge(world, charge),
    )
    charge["amount_refunded"] += amount_minor
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    emit(world, "refund.created", refund, key=key)
    emit(world, "charge.refunded", charge, key=key)
