"""How checkout sessions, subscriptions and invoices look when they are made."""

from datetime import UTC, datetime
from typing import Any

from tests.fakepay.stripe_accounts import create_customer
from tests.fakepay.stripe_calls import Call, list_of, nulls
from tests.fakepay.world import Thing, World

DAY_SECONDS = 86400
SESSION_SECONDS = 24 * 3600
SUBSCRIPTION_TAX: Thing = {"disabled_reason": None, "enabled": False, "liability": None}
SESSION_TAX: Thing = {"enabled": False, "liability": None, "provider": None, "status": None}
INVOICE_TAX: Thing = {**SESSION_TAX, "disabled_reason": None}


def period_end(start: int, recurring: Thing) -> int:
    """Return when a period that starts then ends; a month has its last day, not a 31st."""
    count, interval = recurring["interval_count"], recurring["interval"]
    if interval in ("day", "week"):
        return int(start + count * DAY_SECONDS * (7 if interval == "week" else 1))
    began = datetime.fromtimestamp(start, UTC)
    months = began.month - 1 + count * (12 if interval == "year" else 1)
    year, month = began.year + months // 12, months % 12 + 1
    for day in (began.day, 30, 29, 28):
        try:
            return int(began.replace(year=year, month=month, day=day).timestamp())
        except ValueError:
            continue
    raise AssertionError("every month has a 28th")


def session_object(call: Call, prices: list[tuple[Thing, int]]) -> Thing:
    """Return an open session."""
    world, id_ = call.world, call.world.new_id("cs_test")
    total = sum(price["unit_amount"] * quantity for price, quantity in prices)
    trial = (call.get("subscription_data") or {}).get("trial_period_days")
    email = call.get("customer_email")
    return {
        **nulls(
            "after_expiration client_secret collected_information consent consent_collection "
            "currency_conversion customer_account customer_details invoice invoice_creation "
            "origin_context payment_intent payment_link payment_method_configuration_details "
            "permissions recovered_from saved_payment_method_options setup_intent "
            "shipping_address_collection shipping_cost submit_type subscription "
            "wallet_options"
        ),
        "id": id_,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": False},
        "allow_promotion_codes": call.get("allow_promotion_codes"),
        "amount_subtotal": total,
        "amount_total": 0 if trial else total,
        "automatic_tax": SESSION_TAX,
        "billing_address_collection": call.get("billing_address_collection"),
        "cancel_url": call.get("cancel_url"),
        "client_reference_id": call.get("client_reference_id"),
        "created": world.now(),
        "currency": prices[0][0]["currency"],
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer": call.get("customer"),
        "customer_creation": None if call.get("customer") else "always",
        "customer_email": email,
        "discounts": [],
        "expires_at": call.get("expires_at", world.now() + SESSION_SECONDS),
        "livemode": False,
        "locale": call.get("locale"),
        "metadata": call.get("metadata", {}),
        "mode": "subscription",
        "payment_method_collection": "always",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": call.get("payment_method_types", ["card"]),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "success_url": call.get("success_url"),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": call.get("ui_mode", "hosted"),
        "url": f"{world.url}/c/pay/{id_}",
    }


def customer_of_session(world: World, session: Thing) -> Thing:
    """Return the session's customer, made now if it named none."""
    if session["customer"] is not None:
        return world.stripe.by_id[session["customer"]]
    customer: Thing = create_customer(
        Call(world, {"email": session["customer_email"] or "buyer@example.com"})
    )
    return customer


def subscription_object(world: World, session: Thing, customer: Thing, asked: Any) -> Thing:
    """Return a subscription that is yet to be paid, or in its trial."""
    now, id_ = world.now(), world.new_id("sub")
    trial_days = asked["data"].get("trial_period_days")
    trial_end = now + trial_days * DAY_SECONDS if trial_days else None
    items = [
        _item(world, id_, price, quantity, now, trial_end) for price, quantity in asked["prices"]
    ]
    return {
        **nulls(
            "application application_fee_percent billing_cycle_anchor_config "
            "billing_thresholds cancel_at canceled_at customer_account days_until_due "
            "default_payment_method default_source ended_at latest_invoice "
            "next_pending_invoice_item_invoice on_behalf_of pause_collection "
            "pending_invoice_item_interval pending_setup_intent pending_update schedule "
            "test_clock transfer_data"
        ),
        "id": id_,
        "object": "subscription",
        "automatic_tax": SUBSCRIPTION_TAX,
        "billing_cycle_anchor": trial_end or now,
        "billing_mode": {"flexible": None, "type": "classic"},
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": {"comment": None, "feedback": None, "reason": None},
        "collection_method": "charge_automatically",
        "created": now,
        "currency": session["currency"],
        "customer": customer["id"],
        "default_tax_rates": [],
        "description": asked["data"].get("description"),
        "discounts": [],
        "invoice_settings": {"account_tax_ids": None, "issuer": {"type": "self"}},
        "items": list_of(items, f"/v1/subscription_items?subscription={id_}"),
        "livemode": False,
        "metadata": asked["data"].get("metadata", {}),
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "off",
        },
        "start_date": now,
        "status": "trialing" if trial_end else "incomplete",
        "trial_end": trial_end,
        "trial_settings": {"end_behavior": {"missing_payment_method": "create_invoice"}},
        "trial_start": now if trial_end else None,
    }


def _item(
    world: World, subscription: str, price: Thing, quantity: int, now: int, trial_end: int | None
) -> Thing:
    plan = {
        **nulls("meter nickname tiers_mode transform_usage trial_period_days"),
        "id": price["id"],
        "object": "plan",
        "active": True,
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "billing_scheme": "per_unit",
        "created": price["created"],
        "currency": price["currency"],
        "interval": price["recurring"]["interval"],
        "interval_count": price["recurring"]["interval_count"],
        "livemode": False,
        "metadata": {},
        "product": price["product"],
        "usage_type": "licensed",
    }
    return {
        "id": world.new_id("si"),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": now,
        "current_period_end": trial_end or period_end(now, price["recurring"]),
        "current_period_start": now,
        "discounts": [],
        "metadata": {},
        "plan": plan,
        "price": price,
        "quantity": quantity,
        "subscription": subscription,
        "tax_rates": [],
    }


def invoice_object(world: World, subscription: Thing, reason: str) -> Thing:
    """Return an open invoice of a subscription's present period; in a trial it is of nothing."""
    now, id_ = world.now(), world.new_id("in")
    items = subscription["items"]["data"]
    free = subscription["status"] == "trialing"
    total = 0 if free else sum(one["price"]["unit_amount"] * one["quantity"] for one in items)
    customer = world.stripe.by_id[subscription["customer"]]
    number = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    customer["next_invoice_sequence"] += 1
    lines = [_line(world, id_, subscription, one, free) for one in items]
    return {
        **nulls(
            "account_tax_ids application automatically_finalizes_at custom_fields "
            "customer_account customer_address customer_phone customer_shipping "
            "default_payment_method default_source description due_date footer from_invoice "
            "last_finalization_error latest_revision next_payment_attempt on_behalf_of "
            "receipt_number rendering shipping_cost shipping_details statement_descriptor "
            "test_clock webhooks_delivered_at"
        ),
        "id": id_,
        "object": "invoice",
        "account_country": "US",
        "account_name": "fakepay",
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_remaining": total,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": INVOICE_TAX,
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "created": now,
        "currency": subscription["currency"],
        "customer": customer["id"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "effective_at": now,
        "ending_balance": 0,
        "hosted_invoice_url": f"{world.url}/i/{id_}",
        "invoice_pdf": f"{world.url}/i/{id_}/pdf",
        "issuer": {"type": "self"},
        "lines": list_of(lines, f"/v1/invoices/{id_}/lines"),
        "livemode": False,
        "metadata": {},
        "number": number,
        "parent": {
            "quote_details": None,
            "subscription_details": {
                "metadata": subscription["metadata"],
                "subscription": subscription["id"],
            },
            "type": "subscription_details",
        },
        "payment_settings": {
            "default_mandate": None,
            "payment_method_options": None,
            "payment_method_types": None,
        },
        "payments": list_of([], f"/v1/invoice_payments?invoice={id_}"),
        "period_end": now,
        "period_start": now,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "status": "open",
        "status_transitions": {
            "finalized_at": now,
            "marked_uncollectible_at": None,
            "paid_at": None,
            "voided_at": None,
        },
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }


def _line(world: World, invoice: str, subscription: Thing, item: Thing, free: bool) -> Thing:
    amount_minor = 0 if free else item["price"]["unit_amount"] * item["quantity"]
    price = item["price"]
    return {
        "id": world.new_id("il"),
        "object": "line_item",
        "amount": amount_minor,
        "currency": subscription["currency"],
        "description": price["nickname"],
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice,
        "livemode": False,
        "metadata": subscription["metadata"],
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {
                "invoice_item": None,
                "proration": False,
                "proration_details": {"credited_items": None},
                "subscription": subscription["id"],
                "subscription_item": item["id"],
            },
            "type": "subscription_item_details",
        },
        "period": {"end": item["current_period_end"], "start": item["current_period_start"]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": item["quantity"],
        "subtotal": amount_minor,
        "taxes": [],
    }
