"""Stripe's webhooks: who signed them and when, and what they are about.

The SDK checks the signature; what it lets through is checked here: timestamps of the future,
bodies that are no events, events of the other mode (docs.stripe.com/webhooks/signature).
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import stripe

from apps.payments.integrations.base import InvalidWebhook, WebhookNotice

AGE_SECONDS_MAX = 300
#: Bounds of what is kept of an event.
_ID_LENGTH_MAX = 200
_KIND_LENGTH_MAX = 100

Thing = Mapping[str, Any]


def read(
    body: bytes, headers: Mapping[str, str], now: datetime, *, secrets: Sequence[str], live: bool
) -> WebhookNotice:
    """Return what a webhook is about; raises InvalidWebhook.

    `secrets` are those of the endpoint, several while one is replaced; `live` says whether our
    key is a live one: events of the other mode are refused.
    """
    header = headers.get("stripe-signature", "")
    _check_age(header, now)
    if not any(_is_signed(body, header, secret) for secret in secrets):
        raise InvalidWebhook("the signature is missing or wrong")
    event = _event(body)
    if event.get("livemode") is not live:
        raise InvalidWebhook("the event is of the other mode, live or test")
    subject, ref = _subject(event)
    return WebhookNotice(
        event_id=event["id"], kind=event["type"], subject=subject, ref=ref, raw=event
    )


def _check_age(header: str, now: datetime) -> None:
    stamps = [part[2:] for part in header.split(",") if part.startswith("t=")]
    if len(stamps) != 1 or not (stamps[0].isascii() and stamps[0].isdigit()):
        raise InvalidWebhook("the signature has no timestamp")
    if len(stamps[0]) > 12 or abs(now.timestamp() - int(stamps[0])) > AGE_SECONDS_MAX:
        raise InvalidWebhook("the signature is too old, or of the future")


def _is_signed(body: bytes, header: str, secret: str) -> bool:
    """Whether a signature of scheme v1 fits; what trips the SDK is no signature either."""
    try:
        return stripe.WebhookSignature.verify_header(body, header, secret, tolerance=None)
    except (stripe.SignatureVerificationError, ValueError, TypeError):
        return False


def _event(body: bytes) -> dict[str, Any]:
    try:
        event = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidWebhook("the body is not JSON") from error
    if not isinstance(event, dict) or event.get("object") != "event":
        raise InvalidWebhook("the body is not an event")
    if not _is_text(event.get("id"), _ID_LENGTH_MAX):
        raise InvalidWebhook("the event has no id")
    if not _is_text(event.get("type"), _KIND_LENGTH_MAX):
        raise InvalidWebhook("the event has no type")
    data = event.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("object"), dict):
        raise InvalidWebhook("the event has no object")
    return event


def _is_text(value: object, length_max: int) -> bool:
    return isinstance(value, str) and 0 < len(value) <= length_max


def _subject(event: Thing) -> tuple[str, str]:
    """Return what to read again, and its id; ("", "") for what does not concern us."""
    found = _SUBJECTS.get(event["type"])
    if found is None:
        return "", ""
    subject, ref_of = found
    if event.get("account") and subject != "account":
        return "", ""  # a seller's own charges and refunds are his
    ref = ref_of(event)
    return (subject, ref) if _is_text(ref, _ID_LENGTH_MAX) else ("", "")


def _own(event: Thing) -> Any:
    return event["data"]["object"].get("id")


def _payment(event: Thing) -> Any:
    """Return the PaymentIntent's id, else the charge's."""
    thing = event["data"]["object"]
    return thing.get("payment_intent") or thing.get("charge")


def _of_invoice(event: Thing) -> Any:
    """Return the subscription's id; endpoints made before 2025 have it on the invoice itself."""
    invoice = event["data"]["object"]
    parent = invoice.get("parent")
    details = parent.get("subscription_details") if isinstance(parent, dict) else invoice
    return details.get("subscription") if isinstance(details, dict) else None


def _checkout(event: Thing) -> Any:
    thing = event["data"]["object"]
    return thing.get("id") if thing.get("mode") == "subscription" else None


def _account(event: Thing) -> Any:
    """Return the seller's account; the house's own is none of our business."""
    return event.get("account") or (_own(event) if event["type"] == "account.updated" else None)


def _of(subject: str, ref_of: Callable[[Thing], Any], kinds: str) -> dict[str, Any]:
    return dict.fromkeys(kinds.split(), (subject, ref_of))


#: Kinds of events an endpoint subscribes to -> subject, and where its id stands.
_SUBJECTS: dict[str, tuple[str, Callable[[Thing], Any]]] = {
    **_of(
        "charge",
        _own,
        "payment_intent.succeeded payment_intent.payment_failed payment_intent.canceled "
        "payment_intent.processing payment_intent.requires_action",
    ),
    **_of("charge", _payment, "charge.refunded"),
    **_of(
        "move",
        _own,
        "refund.created refund.updated refund.failed transfer.created transfer.reversed",
    ),
    **_of(
        "dispute",
        _payment,
        "charge.dispute.created charge.dispute.updated charge.dispute.closed "
        "charge.dispute.funds_withdrawn charge.dispute.funds_reinstated",
    ),
    **_of(
        "subscription",
        _own,
        "customer.subscription.created customer.subscription.updated "
        "customer.subscription.deleted customer.subscription.paused "
        "customer.subscription.resumed",
    ),
    **_of(
        "subscription",
        _of_invoice,
        "invoice.paid invoice.payment_failed invoice.payment_action_required",
    ),
    **_of("subscription", _checkout, "checkout.session.completed checkout.session.expired"),
    **_of("account", _account, "account.updated payout.failed"),
}
KINDS = tuple(_SUBJECTS)
