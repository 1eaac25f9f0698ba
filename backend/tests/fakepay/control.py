"""What no provider offers: time, the buyer's browser, disputes, mischief, the books."""

from collections.abc import Callable
from typing import Any

import msgspec

from tests.fakepay import (
    paypal_billing,
    paypal_disputes,
    paypal_orders,
    paypal_payouts,
    paypal_views,
    stripe_disputes,
)
from tests.fakepay.cards import BY_NUMBER, BY_TOKEN, Card, declined_card
from tests.fakepay.paypal_calls import PayPalError
from tests.fakepay.paypal_calls import found as paypal_found
from tests.fakepay.stripe_accounts import onboard, pay_out
from tests.fakepay.stripe_calls import emit, found
from tests.fakepay.stripe_forms import StripeError
from tests.fakepay.stripe_payments import CONFIRMABLE, attempt, method_with
from tests.fakepay.stripe_refunds import fail, settle
from tests.fakepay.stripe_subscriptions import complete, renew
from tests.fakepay.wire import Request, Response
from tests.fakepay.world import PAYPAL_WEBHOOK_ID, STRIPE_WEBHOOK_SECRET, Thing, World

Act = Callable[[World, Thing], Any]


def _clock(world: World, body: Thing) -> Thing:
    return {"now": world.advance(float(body["seconds"]))}


def _register(world: World, body: Thing) -> Thing:
    world.webhooks.register(body["provider"], body["url"])
    return {"webhook_secret": STRIPE_WEBHOOK_SECRET, "webhook_id": PAYPAL_WEBHOOK_ID}


def _forget(world: World, body: Thing) -> Thing:
    world.webhooks.forget()
    return {}


def _resend(world: World, body: Thing) -> Thing:
    store = world.stripe if body["provider"] == "stripe" else world.paypal
    event = store.events[body["event"]]
    world.webhooks.resend(body["provider"], event.id, event.body)
    return {"id": event.id}


def _chaos(world: World, body: Thing) -> Thing:
    world.chaos.set(body)
    return body


def _pay(world: World, body: Thing) -> Thing:
    """Do what the buyer's browser does with a client_secret.

    `card` is a number or a token; `authenticate` says what the buyer makes of a challenge: "pass"
    (the default), "leave" or "fail"; `processing` leaves the payment under way.
    """
    intent = found(world, "payment_intent", body["payment_intent"])
    card = _card(body)
    if intent["status"] not in (*CONFIRMABLE, "processing"):
        raise ValueError(f"the intent is {intent['status']}")
    if intent["status"] != "processing":
        intent["payment_method"] = method_with(world, card)["id"]
    if body.get("processing"):
        intent["status"] = "processing"
        emit(world, "payment_intent.processing", intent)
        return intent
    challenge = body.get("authenticate", "pass")
    if card.authenticates and challenge == "fail":
        _fail_challenge(world, intent)
        return intent
    attempt(world, intent, card, authenticated=challenge == "pass")
    return intent


def _fail_challenge(world: World, intent: Thing) -> None:
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        next_action=None,
        last_payment_error={
            "code": "payment_intent_authentication_failure",
            "type": "invalid_request_error",
            "message": "The provided PaymentMethod has failed authentication.",
        },
    )
    emit(world, "payment_intent.payment_failed", intent)


def _decline(world: World, body: Thing) -> Thing:
    if declined_card(body["code"]) is None:
        raise ValueError(f"no card is declined with {body['code']}")
    world.declines += [body["code"]] * int(body.get("times", 1))
    return {"waiting": len(world.declines)}


def _dispute(world: World, body: Thing) -> Thing:
    charge = found(world, "charge", body["charge"])
    return stripe_disputes.open_dispute(
        world, charge, amount_minor=body.get("amount"), reason=body.get("reason", "fraudulent")
    )


def _resolve(world: World, body: Thing) -> Thing:
    dispute = found(world, "dispute", body["dispute"])
    if body["verdict"] not in ("won", "lost"):
        raise ValueError("a verdict is won or lost")
    stripe_disputes.resolve(world, dispute, body["verdict"])
    return dispute


def _onboard(world: World, body: Thing) -> Thing:
    account = found(world, "account", body["account"])
    onboard(world, account, enabled=bool(body.get("enabled", True)))
    return account


def _pay_out(world: World, body: Thing) -> Thing:
    account = found(world, "account", body["account"])
    return pay_out(world, account, body["currency"], fails=bool(body.get("fails", False)))


def _refund(world: World, body: Thing) -> Thing:
    refund = found(world, "refund", body["refund"])
    if body["status"] not in ("failed", "succeeded") or refund["status"] == body["status"]:
        raise ValueError(f"the refund is {refund['status']}")
    if body["status"] == "failed":
        fail(world, refund)
    else:
        settle(world, refund)
    return refund


def _approve(world: World, body: Thing) -> Thing:
    order = paypal_found(world, "order", body["order"])
    paypal_orders.approve(world, order)
    return paypal_views.shown(world, order)


def _outcome(world: World, body: Thing) -> Thing:
    outcomes = ("COMPLETED", "PENDING", "DECLINED", "INSTRUMENT_DECLINED")
    if body["outcome"] not in outcomes:
        raise ValueError(f"an outcome is {', '.join(outcomes)}")
    world.paypal_outcomes += [body["outcome"]] * int(body.get("times", 1))
    return {"waiting": len(world.paypal_outcomes)}


def _decide_capture(world: World, body: Thing) -> Thing:
    if body["status"] not in ("COMPLETED", "DECLINED"):
        raise ValueError("a capture becomes COMPLETED or DECLINED")
    made = paypal_found(world, "capture", body["capture"])
    paypal_orders.decide(world, made, body["status"])
    return paypal_views.capture_shown(world, made)


def _receiver(world: World, body: Thing) -> Thing:
    outcomes = ("SUCCESS", "UNCLAIMED", "RETURNED", "FAILED", "PENDING", "ONHOLD", "BLOCKED")
    if body["outcome"] not in outcomes:
        raise ValueError(f"an outcome is {', '.join(outcomes)}")
    world.payout_outcomes[body["receiver"]] = body["outcome"]
    return body


def _payout_item(world: World, body: Thing) -> Thing:
    item = paypal_found(world, "payout_item", body["item"])
    paypal_payouts.become(world, item, body["status"])
    return paypal_payouts.item_shown(world, item)


def _case(world: World, body: Thing) -> Thing:
    made = paypal_found(world, "capture", body["capture"])
    case = paypal_disputes.open_case(world, made, amount_minor=body.get("amount"))
    return paypal_disputes.case_shown(world, case)


def _decide_case(world: World, body: Thing) -> Thing:
    case = paypal_found(world, "dispute", body["dispute"])
    if body["verdict"] not in ("won", "lost"):
        raise ValueError("a verdict is won or lost")
    paypal_disputes.decide(world, case, body["verdict"])
    return paypal_disputes.case_shown(world, case)


def _complete(world: World, body: Thing) -> Thing:
    session = found(world, "checkout.session", body["session"])
    return complete(world, session, _card(body))


def _renew(world: World, body: Thing) -> Thing:
    subscription = found(world, "subscription", body["subscription"])
    return renew(world, subscription, fails=bool(body.get("fails", False)))


def _paypal_subscription(world: World, body: Thing) -> Thing:
    subscription = paypal_found(world, "subscription", body["subscription"])
    paypal_billing.become(world, subscription, body["status"])
    return paypal_billing.shown(world, subscription)


def _paypal_renew(world: World, body: Thing) -> Thing:
    subscription = paypal_found(world, "subscription", body["subscription"])
    paypal_billing.renew(world, subscription, fails=bool(body.get("fails", False)))
    return paypal_billing.shown(world, subscription)


def _card(body: Thing) -> Card:
    name = body.get("card", "4242424242424242")
    return BY_TOKEN.get(name) or BY_NUMBER[name]


def _books(world: World, body: Thing) -> dict[str, object]:
    return world.books.report(body.get("payment"))


def _stats(world: World, body: Thing) -> Thing:
    return {
        "chaos": dict(world.chaos.done),
        "webhooks": dict(world.webhooks.counts),
        "pending": world.webhooks.pending,
        "undelivered": len(world.webhooks.undelivered),
        "events": {"stripe": len(world.stripe.events), "paypal": len(world.paypal.events)},
    }


ACTS: dict[str, Act] = {
    "GET books": _books,
    "GET stats": _stats,
    "POST books": _books,
    "POST chaos": _chaos,
    "POST clock": _clock,
    "POST webhooks": _register,
    "POST webhooks/forget": _forget,
    "POST webhooks/resend": _resend,
    "POST stripe/pay": _pay,
    "POST stripe/decline": _decline,
    "POST stripe/dispute": _dispute,
    "POST stripe/resolve": _resolve,
    "POST stripe/onboard": _onboard,
    "POST stripe/payout": _pay_out,
    "POST stripe/refund": _refund,
    "POST stripe/session": _complete,
    "POST stripe/renew": _renew,
    "POST paypal/subscription": _paypal_subscription,
    "POST paypal/renew": _paypal_renew,
    "POST paypal/approve": _approve,
    "POST paypal/outcome": _outcome,
    "POST paypal/capture": _decide_capture,
    "POST paypal/receiver": _receiver,
    "POST paypal/payout_item": _payout_item,
    "POST paypal/dispute": _case,
    "POST paypal/resolve": _decide_case,
}


def answer(world: World, request: Request) -> Response:
    """Answer a request below /_control/; 400 says what is wrong with it."""
    name = f"{request.method} {request.path.removeprefix('/_control/')}"
    if name == "GET paypal/ca.pem":
        return Response(200, world.webhooks.seal.authority_pem, {"Content-Type": "text/plain"})
    act = ACTS.get(name)
    if act is None:
        return Response.of(404, {"error": f"no such control: {name}", "controls": sorted(ACTS)})
    try:
        body = msgspec.json.decode(request.body) if request.body else {}
        return Response.of(200, act(world, body))
    except StripeError as error:
        return Response.of(400, {"error": error.error})
    except PayPalError as error:
        return Response.of(400, {"error": error.body})
    except (AttributeError, KeyError, TypeError, ValueError, msgspec.DecodeError) as error:
        return Response.of(400, {"error": f"{type(error).__name__}: {error}"})
