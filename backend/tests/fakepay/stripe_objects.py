"""How new objects of Stripe look: every key the API shows, in this version of it."""

from typing import Any

from tests.fakepay.cards import Card
from tests.fakepay.stripe_calls import Call, list_of, nulls, payment_of
from tests.fakepay.world import Thing, World

EXPIRES = {"exp_month": 12, "exp_year": 2034}
BILLING: Thing = {
    "address": {
        **nulls("city country line1 line2 postal_code state"),
    },
    "email": None,
    "name": None,
    "phone": None,
    "tax_id": None,
}


def intent_object(call: Call, id_: str, currency: str, capture_method: str) -> Thing:
    """Return a PaymentIntent as its creation is asked for."""
    automatic: Any = call.get("automatic_payment_methods")
    types = call.get("payment_method_types")
    if automatic is None and types is None:
        automatic = {"enabled": True}  # the default since API version 2023-08-16
    methods = None
    if automatic is not None and automatic.get("enabled"):
        methods = {"allow_redirects": automatic.get("allow_redirects", "always"), "enabled": True}
    secret = call.world.new_id("secret").removeprefix("secret_")
    return {
        **nulls(
            "application application_fee_amount canceled_at cancellation_reason "
            "customer_account excluded_payment_method_types last_payment_error latest_charge "
            "next_action on_behalf_of payment_method payment_method_configuration_details "
            "processing review source transfer_data"
        ),
        "id": id_,
        "object": "payment_intent",
        "amount": call.get("amount"),
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "automatic_payment_methods": methods,
        "capture_method": capture_method,
        "client_secret": f"{id_}_secret_{secret}",
        "confirmation_method": call.get("confirmation_method", "automatic"),
        "created": call.world.now(),
        "currency": currency,
        "customer": call.get("customer"),
        "description": call.get("description"),
        "livemode": False,
        "metadata": call.get("metadata", {}),
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": types or ["card"],
        "receipt_email": call.get("receipt_email"),
        "setup_future_usage": call.get("setup_future_usage"),
        "shipping": call.get("shipping"),
        "statement_descriptor": call.get("statement_descriptor"),
        "statement_descriptor_suffix": call.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_group": call.get("transfer_group"),
    }


def charge_object(world: World, intent: Thing, card: Card) -> Thing:
    """Return the charge of an attempt, declined or not."""
    failed = card.decline is not None
    code, decline_code, message = card.decline or (None, None, None)
    amount_minor = intent["amount"]
    charge_id = world.new_id("ch")
    return {
        **nulls(
            "application application_fee application_fee_amount balance_transaction "
            "failure_balance_transaction on_behalf_of receipt_number review source "
            "source_transfer transfer_data"
        ),
        "id": charge_id,
        "object": "charge",
        "amount": amount_minor,
        "amount_captured": 0 if failed else amount_minor,
        "amount_refunded": 0,
        "billing_details": BILLING,
        "calculated_statement_descriptor": "FAKEPAY",
        "captured": not failed,
        "created": world.now(),
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": code,
        "failure_message": message,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "outcome": _outcome(failed, decline_code or code),
        "paid": not failed,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {"card": _card_details(card, intent), "type": "card"},
        "radar_options": {},
        "receipt_email": intent["receipt_email"],
        "receipt_url": None if failed else f"https://pay.stripe.com/receipts/{charge_id}",
        "refunded": False,
        "shipping": intent["shipping"],
        "statement_descriptor": intent["statement_descriptor"],
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "failed" if failed else "succeeded",
        "transfer_group": intent["transfer_group"],
    }


def _outcome(failed: bool, reason: str | None) -> Thing:
    return {
        "advice_code": "try_again_later" if failed else None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if failed else "approved_by_network",
        "reason": reason,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": "The bank did not return any further details with this decline."
        if failed
        else "Payment complete.",
        "type": "issuer_declined" if failed else "authorized",
    }


def _card_details(card: Card, intent: Thing) -> Thing:
    return {
        **nulls(
            "authorization_code installments mandate network_transaction_id three_d_secure wallet"
        ),
        "amount_authorized": intent["amount"],
        "brand": card.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": "US",
        **EXPIRES,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": f"fp{card.number[-4:]}fakepay",
        "funding": "credit",
        "incremental_authorization": {"status": "unavailable"},
        "last4": card.number[-4:],
        "multicapture": {"status": "unavailable"},
        "network": card.brand,
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
        "regulated_status": "unregulated",
    }


def payment_method_object(world: World, card: Card) -> Thing:
    """Return a payment method that stands for a card."""
    return {
        "id": world.new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": BILLING,
        "card": {
            "brand": card.brand,
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": None,
                "cvc_check": "pass",
            },
            "country": "US",
            "display_brand": card.brand,
            **EXPIRES,
            "fingerprint": f"fp{card.number[-4:]}fakepay",
            "funding": "credit",
            "generated_from": None,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": world.now(),
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def refund_object(world: World, charge: Thing, amount_minor: int, call: Call) -> Thing:
    """Return a refund before its money moves."""
    return {
        "id": world.new_id("re"),
        "object": "refund",
        "amount": amount_minor,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "destination_details": {
            "card": {
                "reference_status": "pending",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": call.get("metadata", {}),
        "payment_intent": charge["payment_intent"],
        "payment_method": charge["payment_method"],
        "reason": call.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


def transfer_object(call: Call, currency: str, group: str | None) -> Thing:
    """Return a transfer before its money moves."""
    id_ = call.world.new_id("tr")
    return {
        "id": id_,
        "object": "transfer",
        "amount": call.get("amount"),
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": call.world.now(),
        "currency": currency,
        "description": call.get("description"),
        "destination": call.get("destination"),
        "destination_payment": call.world.new_id("py"),
        "livemode": False,
        "metadata": call.get("metadata", {}),
        "reversals": list_of([], f"/v1/transfers/{id_}/reversals"),
        "reversed": False,
        "source_transaction": call.get("source_transaction"),
        "source_type": call.get("source_type", "card"),
        "transfer_group": group,
    }


def payment_of_charge(world: World, charge: Thing) -> str:
    """Return the name the books count a charge's payment under."""
    return payment_of(charge["metadata"], charge["payment_intent"])
