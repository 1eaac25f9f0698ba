"""Disputes: opened by a card or by the control, answered, won or lost."""

from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import (
    CARDS,
    LIST_SHAPE,
    PLATFORM,
    STRIPE_FEES,
    Call,
    emit,
    found,
    listed,
    metadata_changed,
    money_moved,
)
from tests.fakepay.stripe_forms import FLAG, MAP, SPAN, TEXT, StripeError
from tests.fakepay.stripe_objects import payment_of_charge
from tests.fakepay.world import Thing, World

FEE_MINOR = 1500
ANSWER_SECONDS = 9 * 24 * 3600
OPEN = ("needs_response", "warning_needs_response")
UNDECIDED = (*OPEN, "under_review", "warning_under_review")
VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}
EVIDENCE = (
    "access_activity_log",
    "billing_address",
    "cancellation_policy",
    "cancellation_policy_disclosure",
    "cancellation_rebuttal",
    "customer_communication",
    "customer_email_address",
    "customer_name",
    "customer_purchase_ip",
    "customer_signature",
    "duplicate_charge_documentation",
    "duplicate_charge_explanation",
    "duplicate_charge_id",
    "product_description",
    "receipt",
    "refund_policy",
    "refund_policy_disclosure",
    "refund_refusal_explanation",
    "service_date",
    "service_documentation",
    "shipping_address",
    "shipping_carrier",
    "shipping_date",
    "shipping_documentation",
    "shipping_tracking_number",
    "uncategorized_file",
    "uncategorized_text",
)

routes = Routes()


@routes.on(
    "GET",
    "/v1/disputes",
    {
        **LIST_SHAPE,
        "created": SPAN,
        "charge": TEXT,
        "payment_intent": TEXT,
    },
)
def list_disputes(call: Call) -> Thing:
    wanted = {name: call.get(name) for name in ("charge", "payment_intent") if call.get(name)}
    return listed(
        call.world,
        "dispute",
        call,
        "/v1/disputes",
        lambda one: all(one[name] == value for name, value in wanted.items()),
    )


@routes.on("GET", "/v1/disputes/{}")
def retrieve(call: Call, id_: str) -> Thing:
    return found(call.world, "dispute", id_)


@routes.on(
    "POST",
    "/v1/disputes/{}",
    {
        "evidence": dict.fromkeys(EVIDENCE, TEXT),
        "metadata": MAP,
        "submit": FLAG,
    },
)
def update(call: Call, id_: str) -> Thing:
    dispute = found(call.world, "dispute", id_)
    evidence = call.get("evidence")
    if evidence is not None and dispute["status"] not in OPEN:
        raise StripeError(400, "This dispute is already closed or under review.")
    dispute["metadata"] = metadata_changed(dispute["metadata"], call.params.get("metadata"))
    if evidence is not None:
        dispute["evidence"].update(evidence)
        dispute["evidence_details"]["has_evidence"] = True
        if call.get("submit", True):
            details = dispute["evidence_details"]
            details["submission_count"] += 1
            details["submission_method"] = "manual"
            dispute["status"] = "under_review"
    emit(call.world, "charge.dispute.updated", dispute, key=call.key)
    verdict = VERDICTS.get(dispute["evidence"]["uncategorized_text"] or "")
    if verdict is not None and dispute["status"] == "under_review":
        resolve(call.world, dispute, verdict)
    return dispute


@routes.on("POST", "/v1/disputes/{}/close")
def close(call: Call, id_: str) -> Thing:
    dispute = found(call.world, "dispute", id_)
    if dispute["status"] not in OPEN:
        raise StripeError(
            400, "This dispute is already closed or under review.", code="dispute_already_closed"
        )
    resolve(call.world, dispute, "lost")
    return dispute


def open_dispute(
    world: World, charge: Thing, *, amount_minor: int | None = None, reason: str = "fraudulent"
) -> Thing:
    """Let the buyer's bank take the money back, and Stripe its fee.

    Raises StripeError where nothing is left to dispute.
    """
    left_minor = charge["amount"] - charge["amount_refunded"]
    amount_minor = left_minor if amount_minor is None else amount_minor
    if not charge["paid"] or charge["disputed"] or not 1 <= amount_minor <= left_minor:
        raise StripeError(400, f"Charge {charge['id']} has nothing to dispute.")
    dispute = world.stripe.add("dispute", _dispute(world, charge, amount_minor, reason))
    currency = charge["currency"]
    transaction = money_moved(
        world,
        "adjustment",
        -amount_minor,
        currency,
        dispute["id"],
        fee_minor=FEE_MINOR,
        category="dispute",
    )
    dispute["balance_transactions"].append(transaction)
    books = {"object_id": dispute["id"], "payment": payment_of_charge(world, charge)}
    world.books.post("disputed", currency, amount_minor, giver=PLATFORM, taker=CARDS, **books)
    world.books.post("dispute_fee", currency, FEE_MINOR, giver=PLATFORM, taker=STRIPE_FEES, **books)
    charge["disputed"] = True
    emit(world, "charge.dispute.created", dispute)
    emit(world, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def resolve(world: World, dispute: Thing, verdict: str) -> None:
    """Decide a dispute: `won` gives the amount back, not the fee; `lost` changes no money.

    Raises StripeError where it has been decided.
    """
    if dispute["status"] not in UNDECIDED:
        raise StripeError(400, "This dispute is already closed.", code="dispute_already_closed")
    dispute["status"] = verdict
    if verdict == "won":
        charge = world.stripe.by_id[dispute["charge"]]
        amount_minor, currency = dispute["amount"], dispute["currency"]
        transaction = money_moved(
            world, "adjustment", amount_minor, currency, dispute["id"], category="dispute_reversal"
        )
        dispute["balance_transactions"].append(transaction)
        world.books.post(
            "reinstated",
            currency,
            amount_minor,
            giver=CARDS,
            taker=PLATFORM,
            object_id=dispute["id"],
            payment=payment_of_charge(world, charge),
        )
        emit(world, "charge.dispute.funds_reinstated", dispute)
    emit(world, "charge.dispute.closed", dispute)


def _dispute(world: World, charge: Thing, amount_minor: int, reason: str) -> Thing:
    return {
        "id": world.new_id("du"),
        "object": "dispute",
        "amount": amount_minor,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": world.now(),
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": world.now() + ANSWER_SECONDS,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": "visa",
                "case_type": "chargeback",
                "network": "visa",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "needs_response",
    }
