"""PayPal's cases about captures: opened and decided by the control, read by the merchant."""

from tests.fakepay.paypal_calls import (
    BUYERS,
    MERCHANT,
    Ask,
    Result,
    emit,
    found,
    link,
    money,
    unprocessable,
)
from tests.fakepay.paypal_orders import payment_of
from tests.fakepay.paypal_views import capture_shown
from tests.fakepay.routes import Routes
from tests.fakepay.world import Thing, World

PAGE_SIZE = 10
PAGE_SIZE_MAX = 50
OUTCOMES = {"won": "RESOLVED_SELLER_FAVOUR", "lost": "RESOLVED_BUYER_FAVOUR"}

routes = Routes()


@routes.on("GET", "/v1/customer/disputes")
def list_disputes(ask: Ask) -> Result:
    wanted = ask.query.get("disputed_transaction_id")
    state = ask.query.get("dispute_state")
    size = min(int(ask.query.get("page_size", PAGE_SIZE)), PAGE_SIZE_MAX)
    items = [
        _brief(ask.world, case)
        for case in ask.world.paypal.newest_first("dispute")
        if wanted in (None, case["capture_id"]) and state in (None, case["state"])
    ]
    return Result(
        200,
        lambda: {
            "items": items[:size],
            "links": [link(ask.world, "/v1/customer/disputes", "self")],
        },
    )


@routes.on("GET", "/v1/customer/disputes/{}")
def retrieve(ask: Ask, id_: str) -> Result:
    case = found(ask.world, "dispute", id_)
    return Result(200, lambda: case_shown(ask.world, case))


def open_case(
    world: World,
    made: Thing,
    *,
    amount_minor: int | None = None,
    reason: str = "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
) -> Thing:
    """Let the buyer open a case: PayPal holds the amount. Raises PayPalError if nothing is left."""
    left_minor = made["amount_minor"] - made["refunded_minor"]
    amount_minor = left_minor if amount_minor is None else amount_minor
    open_now = made["status"] in ("COMPLETED", "PARTIALLY_REFUNDED") and not made["disputed"]
    if not open_now or not 1 <= amount_minor <= left_minor:
        raise unprocessable("NOTHING_TO_DISPUTE", "Nothing of this capture can be disputed.")
    case = world.paypal.add(
        "dispute",
        {
            "id": f"PP-D-{len(world.paypal.by_id) + 1000}",
            "kind": "dispute",
            "capture_id": made["id"],
            "amount_minor": amount_minor,
            "currency": made["currency"],
            "reason": reason,
            "status": "WAITING_FOR_SELLER_RESPONSE",
            "state": "REQUIRED_ACTION",
            "outcome": None,
            "create_time": world.moment(),
            "update_time": world.moment(),
        },
    )
    made["disputed"] = True
    world.books.post(
        "disputed",
        made["currency"],
        amount_minor,
        giver=MERCHANT,
        taker=BUYERS,
        object_id=case["id"],
        payment=payment_of(made),
    )
    _announce(world, case, "CREATED")
    return case


def decide(world: World, case: Thing, verdict: str) -> None:
    """Resolve a case, `won` or `lost` by the merchant. Raises PayPalError if it has been."""
    if case["status"] == "RESOLVED":
        raise unprocessable("ALREADY_RESOLVED", "The case is resolved.")
    made = world.paypal.by_id[case["capture_id"]]
    case.update(
        status="RESOLVED", state="RESOLVED", outcome=OUTCOMES[verdict], update_time=world.moment()
    )
    if verdict == "won":
        made["disputed"] = False
        world.books.post(
            "reinstated",
            case["currency"],
            case["amount_minor"],
            giver=BUYERS,
            taker=MERCHANT,
            object_id=case["id"],
            payment=payment_of(made),
        )
    else:
        emit(
            world,
            "PAYMENT.CAPTURE.REVERSED",
            "capture",
            capture_shown(world, made),
            "A payment was reversed",
        )
    _announce(world, case, "RESOLVED")


def case_shown(world: World, case: Thing) -> Thing:
    """Return a case as the API shows it now."""
    made = world.paypal.by_id[case["capture_id"]]
    transaction = {
        "buyer_transaction_id": f"B{case['capture_id'][1:]}",
        "seller_transaction_id": case["capture_id"],
        "create_time": made["create_time"],
        "transaction_status": "COMPLETED",
        "gross_amount": money(made["amount_minor"], made["currency"]),
        "buyer": {"name": "Fake Buyer"},
        "seller": {"merchant_id": "FAKEPAYMERCHANT", "name": "Fake Merchant"},
        "seller_protection_eligible": True,
    }
    for name, shown in (("custom_id", "custom"), ("invoice_id", "invoice_number")):
        if made[name] is not None:
            transaction[shown] = made[name]
    result = {
        **_brief(world, case),
        "disputed_transactions": [transaction],
        "dispute_channel": "INTERNAL",
        "messages": [],
        "extensions": {},
    }
    if case["outcome"] is not None:
        result["dispute_outcome"] = {
            "outcome_code": case["outcome"],
            "amount_refunded": money(
                case["amount_minor"] if case["outcome"] == OUTCOMES["lost"] else 0,
                case["currency"],
            ),
        }
    return result


def _brief(world: World, case: Thing) -> Thing:
    return {
        "dispute_id": case["id"],
        "create_time": case["create_time"],
        "update_time": case["update_time"],
        "reason": case["reason"],
        "status": case["status"],
        "dispute_state": case["state"],
        "dispute_amount": money(case["amount_minor"], case["currency"]),
        "dispute_life_cycle_stage": "INQUIRY",
        "links": [link(world, f"/v1/customer/disputes/{case['id']}", "self")],
    }


def _announce(world: World, case: Thing, what: str) -> None:
    emit(
        world,
        f"CUSTOMER.DISPUTE.{what}",
        "dispute",
        case_shown(world, case),
        f"A dispute was {what.lower()}",
        version="v1",
    )
