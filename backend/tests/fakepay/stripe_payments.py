"""PaymentIntents and their charges."""

from typing import Any

from tests.fakepay.cards import BY_NUMBER, BY_TOKEN, Card, declined_card
from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import (
    CARDS,
    LIST_SHAPE,
    PLATFORM,
    STRIPE_FEES,
    Call,
    check_amount,
    check_currency,
    emit,
    found,
    listed,
    metadata_changed,
    money_moved,
    payment_of,
)
from tests.fakepay.stripe_disputes import open_dispute
from tests.fakepay.stripe_forms import ANY, FLAG, INT, MAP, SPAN, TEXT, Params, StripeError, refused
from tests.fakepay.stripe_objects import charge_object, intent_object, payment_method_object
from tests.fakepay.world import Thing, World, copied

FEE_PER_MILLE = 29
FEE_FIXED_MINOR = 30

routes = Routes()

METHOD_SHAPE: Params = {
    "payment_method": TEXT,
    "payment_method_data": {"type": TEXT, "billing_details": ANY, "card": ANY},
    "payment_method_options": ANY,
    "payment_method_types": [TEXT],
    "receipt_email": TEXT,
    "setup_future_usage": TEXT,
    "shipping": ANY,
}
CREATE_SHAPE: Params = {
    **METHOD_SHAPE,
    "amount": INT,
    "currency": TEXT,
    "customer": TEXT,
    "description": TEXT,
    "metadata": MAP,
    "automatic_payment_methods": {"enabled": FLAG, "allow_redirects": TEXT},
    "capture_method": TEXT,
    "confirm": FLAG,
    "confirmation_method": TEXT,
    "error_on_requires_action": FLAG,
    "off_session": FLAG,
    "return_url": TEXT,
    "statement_descriptor": TEXT,
    "statement_descriptor_suffix": TEXT,
    "transfer_group": TEXT,
    "use_stripe_sdk": FLAG,
}
UPDATABLE = (
    "description",
    "receipt_email",
    "transfer_group",
    "statement_descriptor_suffix",
    "setup_future_usage",
    "customer",
    "shipping",
)
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def fee_minor(amount_minor: int) -> int:
    """Return Stripe's fee for a card payment: 2.9 % and 30 minor units, as in the US."""
    return min(amount_minor, (amount_minor * FEE_PER_MILLE + 500) // 1000 + FEE_FIXED_MINOR)


@routes.on("POST", "/v1/payment_intents", CREATE_SHAPE, required=("amount", "currency"))
def create(call: Call) -> Thing:
    currency = check_currency(call.get("currency"))
    check_amount(call.get("amount"), currency)
    capture_method = call.get("capture_method", "automatic_async")
    if capture_method not in ("automatic", "automatic_async"):
        raise refused(
            f"Invalid capture_method: {capture_method}; fakepay captures at once.",
            None,
            "capture_method",
        )
    if call.get("customer"):
        found(call.world, "customer", call.get("customer"), param="customer")
    method = _method(call)
    intent = intent_object(call, call.world.new_id("pi"), currency, capture_method)
    if method is not None:
        intent["payment_method"] = method["id"]
        intent["status"] = "requires_confirmation"
    if call.get("confirm"):
        _check_return_url(call, intent)
    call.world.stripe.add("payment_intent", intent)
    emit(call.world, "payment_intent.created", intent, key=call.key)
    return _confirm(call, intent) if call.get("confirm") else intent


@routes.on("GET", "/v1/payment_intents", {**LIST_SHAPE, "created": SPAN, "customer": TEXT})
def list_intents(call: Call) -> Thing:
    customer = call.get("customer")
    return listed(
        call.world,
        "payment_intent",
        call,
        "/v1/payment_intents",
        lambda one: customer is None or one["customer"] == customer,
    )


@routes.on("GET", "/v1/payment_intents/{}", {"client_secret": TEXT})
def retrieve(call: Call, id_: str) -> Thing:
    return found(call.world, "payment_intent", id_)


@routes.on("POST", "/v1/payment_intents/{}", {**CREATE_SHAPE})
def update(call: Call, id_: str) -> Thing:
    intent = found(call.world, "payment_intent", id_)
    changes = set(call.params)
    if changes & {"amount", "currency", "payment_method"} and (intent["status"] not in CONFIRMABLE):
        raise _unexpected(intent, "update")
    if "currency" in changes:
        intent["currency"] = check_currency(call.params["currency"])
    if "amount" in changes:
        intent["amount"] = check_amount(call.params["amount"], intent["currency"])
    method = _method(call)
    if method is not None:
        intent.update(payment_method=method["id"], status="requires_confirmation")
    for name in changes & set(UPDATABLE):
        intent[name] = call.get(name)
    intent["metadata"] = metadata_changed(intent["metadata"], call.params.get("metadata"))
    return intent


@routes.on(
    "POST",
    "/v1/payment_intents/{}/confirm",
    {
        **METHOD_SHAPE,
        "return_url": TEXT,
        "off_session": FLAG,
        "use_stripe_sdk": FLAG,
        "error_on_requires_action": FLAG,
        "client_secret": TEXT,
        "capture_method": TEXT,
    },
)
def confirm(call: Call, id_: str) -> Thing:
    intent = found(call.world, "payment_intent", id_)
    method = _method(call)
    if intent["status"] not in CONFIRMABLE:
        raise _unexpected(intent, "confirm")
    if method is not None:
        intent["payment_method"] = method["id"]
    _check_return_url(call, intent)
    return _confirm(call, intent)


@routes.on("POST", "/v1/payment_intents/{}/cancel", {"cancellation_reason": TEXT})
def cancel(call: Call, id_: str) -> Thing:
    intent = found(call.world, "payment_intent", id_)
    if intent["status"] not in CONFIRMABLE:
        raise _unexpected(intent, "cancel")
    intent.update(
        status="canceled",
        canceled_at=call.world.now(),
        next_action=None,
        cancellation_reason=call.get("cancellation_reason"),
    )
    emit(call.world, "payment_intent.canceled", intent, key=call.key)
    return intent


@routes.on("GET", "/v1/charges/{}")
def retrieve_charge(call: Call, id_: str) -> Thing:
    return found(call.world, "charge", id_)


@routes.on(
    "GET",
    "/v1/charges",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "payment_intent": TEXT,
        "transfer_group": TEXT,
    },
)
def list_charges(call: Call) -> Thing:
    wanted = {
        name: call.get(name) for name in ("payment_intent", "transfer_group") if call.get(name)
    }
    return listed(
        call.world,
        "charge",
        call,
        "/v1/charges",
        lambda one: all(one[name] == value for name, value in wanted.items()),
    )


@routes.on("GET", "/v1/balance_transactions/{}")
def retrieve_transaction(call: Call, id_: str) -> Thing:
    return found(call.world, "balance_transaction", id_)


@routes.on(
    "GET",
    "/v1/balance_transactions",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "currency": TEXT,
        "source": TEXT,
        "type": TEXT,
    },
)
def list_transactions(call: Call) -> Thing:
    wanted = {name: call.get(name) for name in ("currency", "source", "type") if call.get(name)}
    return listed(
        call.world,
        "balance_transaction",
        call,
        "/v1/balance_transactions",
        lambda one: all(one[name] == value for name, value in wanted.items()),
    )


@routes.on("GET", "/v1/payment_methods/{}")
def retrieve_method(call: Call, id_: str) -> Thing:
    return found(call.world, "payment_method", id_)


def _method(call: Call) -> Thing | None:
    """Return the payment method named by token, by id or by the card's data."""
    token, data = call.get("payment_method"), call.get("payment_method_data")
    if data is not None:
        number = (data.get("card") or {}).get("number", "") if data.get("card") else ""
        card = BY_NUMBER.get(number)
        if card is None:
            raise StripeError(
                402,
                "Your card number is incorrect.",
                code="incorrect_number",
                param="number",
                kind="card_error",
            )
        return method_with(call.world, card)
    if token is None:
        return None
    if token in BY_TOKEN:
        return method_with(call.world, BY_TOKEN[token])
    kept = call.world.stripe.by_id.get(token)
    if kept is None or kept["object"] != "payment_method":
        raise StripeError(
            400,
            f"No such PaymentMethod: '{token}'",
            code="resource_missing",
            param="payment_method",
        )
    return kept


def method_with(world: World, card: Card) -> Thing:
    """Make a payment method of a card."""
    method = world.stripe.add("payment_method", payment_method_object(world, card))
    world.card_numbers[method["id"]] = card.number
    return method


def _check_return_url(call: Call, intent: Thing) -> None:
    methods = intent["automatic_payment_methods"]
    redirects = methods is not None and methods["allow_redirects"] != "never"
    if redirects and not call.get("return_url"):
        raise StripeError(
            400,
            "This PaymentIntent is configured to accept payment methods enabled in your "
            "Dashboard. Because some of these payment methods might redirect your customer off of "
            "your page, you must provide a `return_url`. If you don't want to accept "
            "redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` "
            "and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup "
            "Intents and Payment Intents.",
        )


def _unexpected(intent: Thing, verb: str) -> StripeError:
    status = intent["status"]
    return StripeError(
        400,
        f"You cannot {verb} this PaymentIntent because it has a status of {status}. Only a "
        f"PaymentIntent with one of the following statuses may be {verb}ed: "
        f"{', '.join(CONFIRMABLE)}.",
        code="payment_intent_unexpected_state",
        payment_intent=copied(intent),
    )


def _confirm(call: Call, intent: Thing) -> Thing:
    if intent["payment_method"] is None:
        raise StripeError(
            400,
            "You cannot confirm this PaymentIntent because it's missing a payment method. You "
            "can either update the PaymentIntent with a payment method and then confirm it again, "
            "or confirm it again directly with a payment method or ConfirmationToken.",
            code="payment_intent_unexpected_state",
            payment_intent=copied(intent),
        )
    number = call.world.card_numbers[intent["payment_method"]]
    return_url = call.get("return_url")
    error = attempt(call.world, intent, BY_NUMBER[number], return_url=return_url, key=call.key)
    if error is not None:
        raise StripeError(402, kind="card_error", payment_intent=copied(intent), **error)
    return intent


def attempt(
    world: World,
    intent: Thing,
    card: Card,
    *,
    authenticated: bool = False,
    return_url: str | None = None,
    key: str | None = None,
) -> dict[str, Any] | None:
    """Try to charge a card for an intent; returns the decline's fields, or None.

    The intent is then succeeded, requires an action, or requires another payment method.
    """
    planned = declined_card(world.declines.pop(0)) if world.declines else None
    card = planned or card
    if card.authenticates and not authenticated:
        intent.update(status="requires_action", next_action=_action(intent, return_url))
        emit(world, "payment_intent.requires_action", intent, key=key)
        return None
    charge = world.stripe.add("charge", charge_object(world, intent, card))
    intent.update(next_action=None, latest_charge=charge["id"])
    if card.decline is not None:
        code, decline_code, message = card.decline
        error = {"message": message, "code": code, "charge": charge["id"]}
        if decline_code is not None:
            error["decline_code"] = decline_code
        method = world.stripe.by_id[intent["payment_method"]]
        intent.update(
            status="requires_payment_method",
            payment_method=None,
            last_payment_error={**error, "type": "card_error", "payment_method": method},
        )
        emit(world, "charge.failed", charge, key=key)
        emit(world, "payment_intent.payment_failed", intent, key=key)
        return error
    _capture(world, intent, charge, card, key)
    return None


def _capture(world: World, intent: Thing, charge: Thing, card: Card, key: str | None) -> None:
    amount_minor, currency = intent["amount"], intent["currency"]
    payment = payment_of(intent["metadata"], intent["id"])
    fee = fee_minor(amount_minor)
    transaction = money_moved(
        world,
        "charge",
        amount_minor,
        currency,
        charge["id"],
        fee_minor=fee,
        pending=not card.at_once,
    )
    charge["balance_transaction"] = transaction["id"]
    books = {"object_id": charge["id"], "payment": payment}
    world.books.post("captured", currency, amount_minor, giver=CARDS, taker=PLATFORM, **books)
    world.books.post("fee", currency, fee, giver=PLATFORM, taker=STRIPE_FEES, **books)
    intent.update(status="succeeded", amount_received=amount_minor, last_payment_error=None)
    emit(world, "charge.succeeded", charge, key=key)
    emit(world, "payment_intent.succeeded", intent, key=key)
    if card.disputes:
        open_dispute(world, charge)


def _action(intent: Thing, return_url: str | None) -> Thing:
    if return_url is None:
        return {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
    address = f"https://hooks.stripe.com/3d_secure_2/hosted?payment_intent={intent['id']}"
    return {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": return_url, "url": address},
    }
