"""How orders, captures and refunds look in PayPal's answers and events."""

from tests.fakepay.paypal_calls import link, money
from tests.fakepay.world import Thing, World

PAYER: Thing = {
    "name": {"given_name": "Fake", "surname": "Buyer"},
    "email_address": "buyer@example.com",
    "payer_id": "QYR5Z8XDVJNXQ",
    "address": {"country_code": "US"},
}


def shown(world: World, order: Thing, *, everything: bool = True) -> Thing:
    """Return an order as the API shows it now."""
    path = f"/v2/checkout/orders/{order['id']}"
    links = [link(world, path, "self")]
    if order["status"] in ("CREATED", "PAYER_ACTION_REQUIRED"):
        word = "payer-action" if order["experience"] else "approve"
        links.append(link(world, f"/checkoutnow?token={order['id']}", word))
    if order["status"] in ("CREATED", "APPROVED"):
        links.append(link(world, f"{path}/capture", "capture", "POST"))
    if not everything:
        return {"id": order["id"], "status": order["status"], "links": links}
    units = []
    for unit in order["purchase_units"]:
        captures = unit.get("payments", {}).get("captures")
        one = {name: part for name, part in unit.items() if name != "payments"}
        if captures:
            kept = [world.paypal.by_id[id_] for id_ in captures]
            one["payments"] = {"captures": [capture_shown(world, made) for made in kept]}
            backs = [world.paypal.by_id[id_] for made in kept for id_ in made["refunds"]]
            if backs:
                one["payments"]["refunds"] = [refund_shown(world, back) for back in backs]
        units.append(one)
    result = {
        "id": order["id"],
        "intent": order["intent"],
        "status": order["status"],
        "purchase_units": units,
        "create_time": order["create_time"],
        "update_time": order["update_time"],
        "links": links,
    }
    if order["payer"] is not None:
        result["payer"] = order["payer"]
        result["payment_source"] = {
            "paypal": {
                "email_address": PAYER["email_address"],
                "account_id": PAYER["payer_id"],
                "account_status": "VERIFIED",
                "name": PAYER["name"],
                "address": PAYER["address"],
            }
        }
    return result


def capture_shown(world: World, made: Thing) -> Thing:
    """Return a capture as the API shows it now."""
    currency, fee = made["currency"], made["fee_minor"]
    path = f"/v2/payments/captures/{made['id']}"
    result = {
        "id": made["id"],
        "amount": money(made["amount_minor"], currency),
        "final_capture": True,
        "disbursement_mode": "INSTANT",
        "seller_protection": {
            "status": "ELIGIBLE",
            "dispute_categories": [
                "ITEM_NOT_RECEIVED",
                "UNAUTHORIZED_TRANSACTION",
            ],
        },
        "status": made["status"],
        "supplementary_data": {"related_ids": {"order_id": made["order_id"]}},
        "create_time": made["create_time"],
        "update_time": made["update_time"],
        "links": [
            link(world, path, "self"),
            link(world, f"{path}/refund", "refund", "POST"),
            link(world, f"/v2/checkout/orders/{made['order_id']}", "up"),
        ],
    }
    if made["status"] == "PENDING":
        result["status_details"] = {"reason": "PENDING_REVIEW"}
    elif made["status"] != "DECLINED":
        result["seller_receivable_breakdown"] = {
            "gross_amount": money(made["amount_minor"], currency),
            "paypal_fee": money(fee, currency),
            "net_amount": money(made["amount_minor"] - fee, currency),
        }
    for name in ("custom_id", "invoice_id"):
        if made[name] is not None:
            result[name] = made[name]
    return result


def refund_shown(world: World, back: Thing, *, everything: bool = True) -> Thing:
    """Return a refund as the API shows it now."""
    links = [
        link(world, f"/v2/payments/refunds/{back['id']}", "self"),
        link(world, f"/v2/payments/captures/{back['capture_id']}", "up"),
    ]
    if not everything:
        return {"id": back["id"], "status": back["status"], "links": links}
    currency = back["currency"]
    result = {
        "id": back["id"],
        "amount": money(back["amount_minor"], currency),
        "status": back["status"],
        "create_time": back["create_time"],
        "update_time": back["create_time"],
        "links": links,
        "seller_payable_breakdown": {
            "gross_amount": money(back["amount_minor"], currency),
            "paypal_fee": money(0, currency),
            "net_amount": money(back["amount_minor"], currency),
            "total_refunded_amount": money(back["total_minor"], currency),
        },
    }
    for name in ("custom_id", "invoice_id", "note_to_payer"):
        if back[name] is not None:
            result[name] = back[name]
    return result
