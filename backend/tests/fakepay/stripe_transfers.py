"""Transfers to connected accounts and their reversals."""

from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import (
    LIST_SHAPE,
    PLATFORM,
    Call,
    available_minor,
    check_currency,
    emit,
    found,
    listed,
    metadata_changed,
    money_moved,
    payment_of,
    written,
)
from tests.fakepay.stripe_forms import INT, MAP, SPAN, TEXT, StripeError, refused
from tests.fakepay.stripe_objects import payment_of_charge, transfer_object
from tests.fakepay.world import Thing, World

routes = Routes()


@routes.on(
    "POST",
    "/v1/transfers",
    {
        "amount": INT,
        "currency": TEXT,
        "destination": TEXT,
        "description": TEXT,
        "metadata": MAP,
        "source_transaction": TEXT,
        "source_type": TEXT,
        "transfer_group": TEXT,
    },
    required=("currency", "destination", "amount"),
)
def create(call: Call) -> Thing:
    world = call.world
    currency, amount_minor = check_currency(call.get("currency")), call.get("amount")
    if amount_minor < 1:
        raise refused(
            "This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount"
        )
    account = found(world, "account", call.get("destination"), param="destination")
    if account["capabilities"].get("transfers") != "active":
        raise StripeError(
            400,
            "Your destination account needs to have at least one of the following "
            "capabilities enabled: transfers, crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    group = call.get("transfer_group")
    source = _source(call, currency, amount_minor)
    if source is not None:
        group = group or source["transfer_group"] or f"group_{source['payment_intent']}"
        source["transfer_group"] = source["transfer_group"] or group
    elif amount_minor > available_minor(world, currency):
        raise StripeError(
            400,
            "You have insufficient available funds in your Stripe account. Try adding funds "
            "directly to your available balance by creating Charges using the 4000000000000077 "
            "test card. See: https://stripe.com/docs/testing#available-balance",
            code="balance_insufficient",
        )
    transfer = world.stripe.add("transfer", transfer_object(call, currency, group))
    transaction = money_moved(world, "transfer", -amount_minor, currency, transfer["id"])
    transfer["balance_transaction"] = transaction["id"]
    world.books.post(
        "transferred",
        currency,
        amount_minor,
        giver=PLATFORM,
        taker=f"stripe:{account['id']}",
        object_id=transfer["id"],
        payment=payment_of_transfer(world, transfer),
    )
    emit(world, "transfer.created", transfer, key=call.key)
    return transfer


@routes.on(
    "GET",
    "/v1/transfers",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "destination": TEXT,
        "transfer_group": TEXT,
    },
)
def list_transfers(call: Call) -> Thing:
    wanted = {name: call.get(name) for name in ("destination", "transfer_group") if call.get(name)}
    return listed(
        call.world,
        "transfer",
        call,
        "/v1/transfers",
        lambda one: all(one[name] == value for name, value in wanted.items()),
    )


@routes.on("GET", "/v1/transfers/{}")
def retrieve(call: Call, id_: str) -> Thing:
    return found(call.world, "transfer", id_)


@routes.on("POST", "/v1/transfers/{}", {"metadata": MAP, "description": TEXT})
def update(call: Call, id_: str) -> Thing:
    transfer = found(call.world, "transfer", id_)
    transfer["metadata"] = metadata_changed(transfer["metadata"], call.params.get("metadata"))
    if "description" in call.params:
        transfer["description"] = call.get("description")
    emit(call.world, "transfer.updated", transfer, key=call.key)
    return transfer


@routes.on(
    "POST",
    "/v1/transfers/{}/reversals",
    {
        "amount": INT,
        "description": TEXT,
        "metadata": MAP,
    },
)
def reverse(call: Call, id_: str) -> Thing:
    world = call.world
    transfer = found(world, "transfer", id_)
    currency, account = transfer["currency"], f"stripe:{transfer['destination']}"
    left_minor = transfer["amount"] - transfer["amount_reversed"]
    amount_minor = call.get("amount", left_minor)
    if left_minor <= 0:
        raise StripeError(400, f"Transfer {id_} is already fully reversed.")
    if amount_minor < 1:
        raise refused(
            "This value must be greater than or equal to 1.", "parameter_invalid_integer", "amount"
        )
    if amount_minor > left_minor:
        raise StripeError(
            400,
            f"Reversal amount ({written(amount_minor, currency)}) is greater than unreversed "
            f"amount on transfer ({written(left_minor, currency)})",
            param="amount",
        )
    if amount_minor > world.books.balance_minor(account, currency):
        raise StripeError(
            400,
            "Insufficient funds in the connected account's balance to reverse this transfer.",
            code="balance_insufficient",
        )
    reversal = world.stripe.add(
        "transfer_reversal",
        {
            "id": world.new_id("trr"),
            "object": "transfer_reversal",
            "amount": amount_minor,
            "balance_transaction": None,
            "created": world.now(),
            "currency": currency,
            "destination_payment_refund": world.new_id("pyr"),
            "metadata": call.get("metadata", {}),
            "source_refund": None,
            "transfer": id_,
        },
    )
    transaction = money_moved(world, "transfer_refund", amount_minor, currency, reversal["id"])
    reversal["balance_transaction"] = transaction["id"]
    world.books.post(
        "reversed",
        currency,
        amount_minor,
        giver=account,
        taker=PLATFORM,
        object_id=reversal["id"],
        payment=payment_of_transfer(world, transfer),
    )
    transfer["amount_reversed"] += amount_minor
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, reversal)
    emit(world, "transfer.reversed", transfer, key=call.key)
    return reversal


@routes.on("GET", "/v1/transfers/{}/reversals", LIST_SHAPE)
def list_reversals(call: Call, id_: str) -> Thing:
    found(call.world, "transfer", id_)
    return listed(
        call.world,
        "transfer_reversal",
        call,
        f"/v1/transfers/{id_}/reversals",
        lambda one: one["transfer"] == id_,
    )


@routes.on("GET", "/v1/transfers/{}/reversals/{}")
def retrieve_reversal(call: Call, id_: str, reversal_id: str) -> Thing:
    reversal = found(call.world, "transfer_reversal", reversal_id)
    if reversal["transfer"] != id_:
        raise StripeError(
            404, f"No such transfer reversal: '{reversal_id}'", code="resource_missing", param="id"
        )
    return reversal


def _source(call: Call, currency: str, amount_minor: int) -> Thing | None:
    """Return the charge a transfer takes its money from, if it has that much left."""
    id_ = call.get("source_transaction")
    if id_ is None:
        return None
    charge = found(call.world, "charge", id_, param="source_transaction")
    if not charge["paid"]:
        raise StripeError(
            400,
            f"Charge {id_} has failed; it is no source of a transfer.",
            param="source_transaction",
        )
    if charge["currency"] != currency:
        raise StripeError(
            400,
            f"The currency of source_transaction's balance transaction ({charge['currency']}) "
            f"must be the same as the transfer currency ({currency})",
            param="currency",
        )
    taken_minor = call.world.taken_minor[id_]
    if taken_minor + amount_minor > charge["amount"]:
        raise StripeError(
            400,
            "Transfers using this transaction as a source must not exceed the source amount "
            f"of {written(charge['amount'], currency)}. (There is already a transfer using this "
            f"source, amounting to {written(taken_minor, currency)}.)",
            param="amount",
        )
    call.world.taken_minor[id_] += amount_minor
    return charge


def payment_of_transfer(world: World, transfer: Thing) -> str:
    """Return the payment a transfer belongs to: by its metadata, its source, its group."""
    source = transfer["source_transaction"]
    otherwise = transfer["transfer_group"] or transfer["id"]
    if source is not None:
        otherwise = payment_of_charge(world, world.stripe.by_id[source])
    return payment_of(transfer["metadata"], otherwise)
