"""Payouts to sellers: batches, items, those nobody claims; what the merchant has to pay from."""

from typing import Any

from tests.fakepay.paypal_calls import (
    FEES,
    MERCHANT,
    RECEIVERS,
    Ask,
    PayPalError,
    Result,
    emit,
    found,
    link,
    minor,
    money,
    unprocessable,
    value,
)
from tests.fakepay.routes import Routes
from tests.fakepay.world import Thing, World

FEE_MINOR = 25
BATCH_ID_SECONDS = 30 * 86400  # how long a sender_batch_id is remembered
UNCLAIMED_SECONDS = 30 * 86400  # until the money comes back
RECEIVED = ("SUCCESS", "UNCLAIMED", "ONHOLD", "PENDING")  # the money has left the merchant
EVENTS = {
    "SUCCESS": "SUCCEEDED",
    "UNCLAIMED": "UNCLAIMED",
    "RETURNED": "RETURNED",
    "FAILED": "FAILED",
    "BLOCKED": "BLOCKED",
    "ONHOLD": "HELD",
    "REFUNDED": "REFUNDED",
}
#: What an item may become: from where, to where.
NEXT = {
    "PENDING": ("SUCCESS", "FAILED", "UNCLAIMED", "BLOCKED", "ONHOLD"),
    "ONHOLD": ("SUCCESS", "RETURNED"),
    "UNCLAIMED": ("SUCCESS", "RETURNED"),
    "SUCCESS": ("REFUNDED",),
}

routes = Routes()


@routes.on("POST", "/v1/payments/payouts")
def create(ask: Ask) -> Result:
    world = ask.world
    header, items = ask.body.get("sender_batch_header") or {}, ask.body.get("items")
    if not isinstance(items, list) or not items:
        raise _bad("ITEMS", "Required field missing")
    batch_id = header.get("sender_batch_id")
    if batch_id is not None and world.payout_batches.get(batch_id, 0) > world.now():
        raise PayPalError(
            "USER_BUSINESS_ERROR",
            "Batch with given sender_batch_id already exists",
            "Batch with given sender_batch_id already exists",
            field="SENDER_BATCH_ID",
            status=400,
            message="User business error.",
        )
    amounts = [_checked(item, at) for at, item in enumerate(items)]
    needed: dict[str, int] = {}
    for amount_minor, currency in amounts:
        needed[currency] = needed.get(currency, 0) + amount_minor + FEE_MINOR
    for currency, sum_minor in needed.items():
        if sum_minor > world.books.balance_minor(MERCHANT, currency):
            raise PayPalError(
                "INSUFFICIENT_FUNDS",
                status=422,
                message="Sender does not have sufficient funds. Please add funds and retry.",
            )
    if batch_id is not None:
        world.payout_batches[batch_id] = world.now() + BATCH_ID_SECONDS
    batch = world.paypal.add(
        "payout_batch",
        {
            "id": world.new_code(13),
            "kind": "payout_batch",
            "header": header,
            "items": [],
            "time_created": world.moment(),
        },
    )
    answer = _header(world, batch, "PENDING")
    for item, (amount_minor, currency) in zip(items, amounts, strict=True):
        _pay(world, batch, item, amount_minor, currency)
    emit(
        world,
        "PAYMENT.PAYOUTSBATCH.SUCCESS",
        "payouts",
        batch_shown(world, batch),
        "Payouts batch completed successfully.",
        version="1.0",
    )
    return Result(201, lambda: answer)


@routes.on("GET", "/v1/payments/payouts/{}")
def retrieve(ask: Ask, id_: str) -> Result:
    batch = found(ask.world, "payout_batch", id_)
    return Result(200, lambda: batch_shown(ask.world, batch))


@routes.on("GET", "/v1/payments/payouts-item/{}")
def retrieve_item(ask: Ask, id_: str) -> Result:
    item = found(ask.world, "payout_item", id_)
    return Result(200, lambda: item_shown(ask.world, item))


@routes.on("POST", "/v1/payments/payouts-item/{}/cancel")
def cancel_item(ask: Ask, id_: str) -> Result:
    item = found(ask.world, "payout_item", id_)
    if item["status"] != "UNCLAIMED":
        raise PayPalError(
            "ITEM_ALREADY_COMPLETED" if item["status"] == "SUCCESS" else "ITEM_INCORRECT_STATUS",
            status=400,
            message="Only an unclaimed payout item can be cancelled.",
        )
    become(ask.world, item, "RETURNED")
    return Result(200, lambda: item_shown(ask.world, item))


@routes.on("GET", "/v1/reporting/balances")
def balances(ask: Ask) -> Result:
    wanted, books = ask.query.get("currency_code", "ALL"), ask.world.books
    held = [
        (currency, money(books.balance_minor(MERCHANT, currency), currency))
        for currency in books.currencies(MERCHANT)
        if wanted in ("ALL", currency)
    ]
    rows = [
        {"currency": currency, "total_balance": all_, "available_balance": all_}
        for currency, all_ in held
    ]
    return Result(200, lambda: {"balances": rows, "as_of_time": ask.world.moment()})


def become(world: World, item: Thing, status: str) -> None:
    """Change an item's status; the money follows. Raises PayPalError for a step that is none."""
    before = item["status"]
    if status not in NEXT.get(before, ()):
        raise unprocessable("ITEM_INCORRECT_STATUS", f"{before} does not become {status}.")
    item.update(status=status, time_processed=world.moment())
    books = {"object_id": item["id"], "payment": item["payment"]}
    if before in RECEIVED and status not in RECEIVED:
        world.books.post(
            "payout_returned",
            item["currency"],
            item["amount_minor"],
            giver=RECEIVERS,
            taker=MERCHANT,
            **books,
        )
    if status in ("FAILED", "BLOCKED") and item["fee_minor"]:
        world.books.post(
            "payout_fee_returned",
            item["currency"],
            item["fee_minor"],
            giver=FEES,
            taker=MERCHANT,
            **books,
        )
        item["fee_minor"] = 0
    _announce(world, item)


def batch_shown(world: World, batch: Thing) -> Thing:
    """Return a batch with its items as the API shows it now."""
    items = [world.paypal.by_id[id_] for id_ in batch["items"]]
    status = "PROCESSING" if any(item["status"] == "PENDING" for item in items) else "SUCCESS"
    shown = _header(world, batch, status)
    currency = items[0]["currency"]
    sums = {
        "amount": sum(item["amount_minor"] for item in items),
        "fees": sum(item["fee_minor"] for item in items),
    }
    shown["batch_header"].update(
        time_created=batch["time_created"],
        funding_source="BALANCE",
        **{name: _money(sum_minor, currency) for name, sum_minor in sums.items()},
    )
    shown["items"] = [item_shown(world, item) for item in items]
    shown["total_items"], shown["total_pages"] = len(items), 1
    return shown


def item_shown(world: World, item: Thing) -> Thing:
    """Return an item as the API shows it now."""
    currency = item["currency"]
    result = {
        "payout_item_id": item["id"],
        "transaction_status": item["status"],
        "payout_item_fee": _money(item["fee_minor"], currency),
        "payout_batch_id": item["batch_id"],
        "payout_item": item["said"],
        "time_processed": item["time_processed"],
        "links": [
            link(world, f"/v1/payments/payouts-item/{item['id']}", "item"),
            link(world, f"/v1/payments/payouts/{item['batch_id']}", "batch"),
        ],
    }
    if item["sender_batch_id"]:
        result["sender_batch_id"] = item["sender_batch_id"]
    if item["status"] in RECEIVED or item["status"] in ("RETURNED", "REFUNDED"):
        result["transaction_id"] = item["transaction_id"]
    errors = {
        "UNCLAIMED": ("RECEIVER_UNREGISTERED", "Receiver is unregistered"),
        "FAILED": ("RECEIVER_ACCOUNT_LOCKED", "Receiver account is locked"),
        "BLOCKED": ("REGULATORY_BLOCKED", "This transaction is blocked due to regulatory reasons"),
    }
    if item["status"] in errors:
        name, message = errors[item["status"]]
        result["errors"] = {"name": name, "message": message, "links": []}
    return result


def _pay(world: World, batch: Thing, said: Thing, amount_minor: int, currency: str) -> None:
    status = world.payout_outcomes.get(said["receiver"], "SUCCESS")
    paid = status in RECEIVED or status == "RETURNED"
    id_ = world.new_code(13)
    item = world.paypal.add(
        "payout_item",
        {
            "id": id_,
            "kind": "payout_item",
            "batch_id": batch["id"],
            "said": said,
            "sender_batch_id": batch["header"].get("sender_batch_id"),
            "transaction_id": world.new_code(),
            "amount_minor": amount_minor,
            "currency": currency,
            "fee_minor": FEE_MINOR if paid else 0,
            "time_processed": world.moment(),
            "payment": said.get("sender_item_id") or id_,
            "status": "UNCLAIMED" if status == "RETURNED" else status,
        },
    )
    batch["items"].append(id_)
    if paid:
        books = {"object_id": id_, "payment": item["payment"]}
        world.books.post(
            "paid_out", currency, amount_minor, giver=MERCHANT, taker=RECEIVERS, **books
        )
        world.books.post("payout_fee", currency, FEE_MINOR, giver=MERCHANT, taker=FEES, **books)
    _announce(world, item)
    if status == "RETURNED":
        become(world, item, "RETURNED")
    elif status == "UNCLAIMED":
        world.at(world.now() + UNCLAIMED_SECONDS, lambda: _give_up(world, item))


def _give_up(world: World, item: Thing) -> None:
    if item["status"] == "UNCLAIMED":
        become(world, item, "RETURNED")


def _announce(world: World, item: Thing) -> None:
    if item["status"] in EVENTS:
        name = EVENTS[item["status"]]
        emit(
            world,
            f"PAYMENT.PAYOUTS-ITEM.{name}",
            "payouts_item",
            item_shown(world, item),
            f"A payout item is {item['status'].lower()}.",
            version="1.0",
        )


def _checked(item: Any, at: int) -> tuple[int, str]:
    if not isinstance(item, dict) or not item.get("receiver"):
        raise _bad(f"ITEMS[{at}].RECEIVER", "Required field missing")
    return minor(item.get("amount"), f"/items/{at}/amount", code="currency")


def _bad(at: str, issue: str) -> PayPalError:
    return PayPalError(
        "VALIDATION_ERROR",
        issue,
        issue,
        field=at,
        status=400,
        message="Invalid request - see details.",
    )


def _money(amount_minor: int, currency: str) -> dict[str, str]:
    return {"currency": currency, "value": value(amount_minor, currency)}


def _header(world: World, batch: Thing, status: str) -> Thing:
    return {
        "batch_header": {
            "payout_batch_id": batch["id"],
            "batch_status": status,
            "sender_batch_header": batch["header"],
        },
        "links": [link(world, f"/v1/payments/payouts/{batch['id']}", "self")],
    }
