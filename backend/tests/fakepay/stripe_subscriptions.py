"""What becomes of subscriptions: paid, unpaid, renewed, cancelled."""

from typing import Any

from tests.fakepay.cards import BY_NUMBER, Card, declined_card
from tests.fakepay.stripe_calls import Call, emit
from tests.fakepay.stripe_forms import StripeError
from tests.fakepay.stripe_objects import intent_object
from tests.fakepay.stripe_payments import attempt, method_with
from tests.fakepay.stripe_plans import (
    customer_of_session,
    invoice_object,
    period_end,
    subscription_object,
)
from tests.fakepay.world import Thing, World

RETRIES_MAX = 4
DAY_SECONDS = 86400


def complete(world: World, session: Thing, card: Card) -> Thing:
    """Let the customer finish a checkout with a card; a declined one leaves the session open."""
    if session["status"] != "open":
        raise StripeError(400, f"The session is {session['status']}.")
    if card.decline is not None:
        return session
    asked = world.sessions[session["id"]]
    customer = customer_of_session(world, session)
    subscription = world.stripe.add(
        "subscription", subscription_object(world, session, customer, asked)
    )
    emit(world, "customer.subscription.created", subscription)
    world.subscription_cards[subscription["id"]] = card.number
    invoice = _bill(world, subscription, "subscription_create", card)
    session.update(
        status="complete",
        customer=customer["id"],
        subscription=subscription["id"],
        invoice=invoice["id"],
        url=None,
        payment_status="paid" if invoice["total"] else "no_payment_required",
    )
    emit(world, "checkout.session.completed", session)
    return session


def renew(world: World, subscription: Thing, *, fails: bool = False) -> Thing:
    """Begin the next period, or end what was to end; `fails` lets the card be declined.

    A declined renewal leaves the subscription past due; so does each further one, until the
    fourth cancels it, as Stripe's default of retries does.
    """
    if subscription["ended_at"] is not None:
        raise StripeError(400, "The subscription has ended.")
    if subscription["cancel_at_period_end"]:
        cancel(world, subscription, "cancellation_requested")
        return subscription
    card = BY_NUMBER[world.subscription_cards[subscription["id"]]]
    declined = declined_card("generic_decline")
    assert declined is not None
    if subscription["status"] == "past_due":
        invoice = world.stripe.by_id[subscription["latest_invoice"]]
        _collect(world, subscription, invoice, declined if fails else card)
        return subscription
    item = subscription["items"]["data"][0]
    start = item["current_period_end"]
    for one in subscription["items"]["data"]:
        one["current_period_start"] = start
        one["current_period_end"] = period_end(start, one["price"]["recurring"])
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    _bill(world, subscription, "subscription_cycle", declined if fails else card)
    return subscription


def schedule_cancel(world: World, subscription: Thing, wish: bool) -> None:
    """Let a subscription end with its period, or not."""
    end = subscription["items"]["data"][0]["current_period_end"]
    reason = "cancellation_requested" if wish else None
    subscription.update(
        cancel_at_period_end=wish,
        cancel_at=end if wish else None,
        canceled_at=world.now() if wish else None,
        cancellation_details={"comment": None, "feedback": None, "reason": reason},
    )


def cancel(world: World, subscription: Thing, reason: str, *, key: str | None = None) -> None:
    """End a subscription now."""
    now = world.now()
    subscription.update(
        status="canceled",
        ended_at=now,
        canceled_at=subscription["canceled_at"] or now,
        cancellation_details={"comment": None, "feedback": None, "reason": reason},
    )
    emit(world, "customer.subscription.deleted", subscription, key=key)


def _bill(world: World, subscription: Thing, reason: str, card: Card) -> Thing:
    invoice = world.stripe.add("invoice", invoice_object(world, subscription, reason))
    subscription["latest_invoice"] = invoice["id"]
    emit(world, "invoice.created", invoice)
    emit(world, "invoice.finalized", invoice)
    if invoice["total"]:
        _collect(world, subscription, invoice, card)
    else:
        _settle(world, subscription, invoice)
    return invoice


def _collect(world: World, subscription: Thing, invoice: Thing, card: Card) -> None:
    invoice["attempt_count"] += 1
    invoice["attempted"] = True
    intent = _intent(world, subscription, invoice, card)
    declined = attempt(world, intent, card, authenticated=True)
    if declined is None:
        invoice["payments"]["data"] = [_payment(world, invoice, intent)]
        _settle(world, subscription, invoice)
        return
    subscription["status"] = "past_due"
    invoice["next_payment_attempt"] = world.now() + 3 * DAY_SECONDS
    emit(world, "invoice.payment_failed", invoice)
    if invoice["attempt_count"] >= RETRIES_MAX:
        cancel(world, subscription, "payment_failed")
    else:
        emit(world, "customer.subscription.updated", subscription)


def _settle(world: World, subscription: Thing, invoice: Thing) -> None:
    invoice.update(
        status="paid",
        amount_paid=invoice["total"],
        amount_remaining=0,
        attempted=True,
        next_payment_attempt=None,
    )
    invoice["status_transitions"]["paid_at"] = world.now()
    if subscription["status"] in ("incomplete", "past_due"):
        subscription["status"] = "active"
    emit(world, "invoice.paid", invoice)
    emit(world, "invoice.payment_succeeded", invoice)
    emit(world, "customer.subscription.updated", subscription)


def _intent(world: World, subscription: Thing, invoice: Thing, card: Card) -> Thing:
    params: dict[str, Any] = {
        "amount": invoice["total"],
        "customer": subscription["customer"],
        "payment_method_types": ["card"],
        "description": "Subscription update",
    }
    call = Call(world, params)
    intent = intent_object(call, world.new_id("pi"), invoice["currency"], "automatic")
    intent["payment_method"] = method_with(world, card)["id"]
    return world.stripe.add("payment_intent", intent)


def _payment(world: World, invoice: Thing, intent: Thing) -> Thing:
    now = world.now()
    return {
        "id": world.new_id("inpay"),
        "object": "invoice_payment",
        "amount_paid": invoice["total"],
        "amount_requested": invoice["total"],
        "created": now,
        "currency": invoice["currency"],
        "invoice": invoice["id"],
        "is_default": True,
        "livemode": False,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "paid",
        "status_transitions": {"canceled_at": None, "paid_at": now},
    }
