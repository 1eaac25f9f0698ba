"""PayPal's webhooks. A signature proves little: the event is always fetched and only that counts.

What PayPal signs of a body is its CRC-32, so that whoever has one genuine signature can put it
under a body of his own. A signature that fits only says that it is worth asking PayPal for the
event; what it answers is acted on, what was sent is not.

Two ways to check (settings.PAYPAL): `api` lets PayPal do it, `cert` does it here with PayPal's
certificate and asks nobody about junk. The address of the certificate comes with the webhook, so
it is a stranger's word until it is on the list.
"""

import base64
import logging
import re
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from apps.payments.integrations.base import GatewayError, InvalidWebhook, WebhookNotice
from apps.payments.integrations.paypal_certificates import Certificates
from apps.payments.integrations.paypal_client import NOT_FOUND, PayPalClient, link

log = logging.getLogger(__name__)

AGE_SECONDS_MAX = 600
ALGORITHM = "SHA256withRSA"
_EVENT_ID = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)
_KIND_LENGTH_MAX = 100
_REF_LENGTH_MAX = 200
_HEADER_LENGTH_MAX = 1000
_HEADERS = ("transmission-id", "transmission-time", "transmission-sig", "cert-url", "auth-algo")

Thing = Mapping[str, Any]


class WebhookReader:
    """Checks PayPal's webhooks for one webhook of one app. Safe to use from many threads."""

    def __init__(self, client: PayPalClient, settings: Mapping[str, Any]) -> None:
        self._client = client
        self._webhook_id: str = settings["webhook_id"]
        self._by_certificate = settings["webhook_check"] == "cert"
        self._certificates = Certificates(
            settings["api"], settings["webhook_authorities"], settings.get("timeout_seconds", 10)
        )

    def read(self, body: bytes, headers: Mapping[str, str], now: datetime) -> WebhookNotice:
        """Return what a webhook is about, in PayPal's own answer; raises InvalidWebhook."""
        if not self._webhook_id:
            raise InvalidWebhook("PAYPAL_WEBHOOK_ID is not set")
        said = _said(headers)
        _check_age(said["transmission-time"], now)
        if said["auth-algo"] != ALGORITHM:
            raise InvalidWebhook(f"signatures must be {ALGORITHM}")
        self._certificates.check_address(said["cert-url"])
        event_id = _event_id(body)
        if self._by_certificate:
            self._check_here(body, said, now)
        else:
            self._check_there(body, said)
        return _notice(self._fetched(event_id))

    def _check_here(self, body: bytes, said: Mapping[str, str], now: datetime) -> None:
        key = self._certificates.key_at(said["cert-url"], now)
        parts = (said["transmission-id"], said["transmission-time"], self._webhook_id)
        message = "|".join((*parts, str(zlib.crc32(body))))
        try:
            signature = base64.b64decode(said["transmission-sig"], validate=True)
            key.verify(signature, message.encode(), padding.PKCS1v15(), hashes.SHA256())
        except (ValueError, InvalidSignature) as error:
            raise InvalidWebhook("the signature is wrong") from error

    def _check_there(self, body: bytes, said: Mapping[str, str]) -> None:
        """Ask PayPal, with the event in the very bytes that were signed."""
        question = msgspec.json.encode(
            {
                **{name.replace("-", "_"): said[name] for name in _HEADERS[:2]},
                "transmission_sig": said["transmission-sig"],
                "cert_url": said["cert-url"],
                "auth_algo": said["auth-algo"],
                "webhook_id": self._webhook_id,
                "webhook_event": msgspec.Raw(body),
            }
        )
        try:
            answer = self._client.post("/v1/notifications/verify-webhook-signature", question)
        except GatewayError as error:
            raise InvalidWebhook("PayPal does not verify the signature now") from error
        if answer.get("verification_status") != "SUCCESS":
            raise InvalidWebhook("the signature is wrong")

    def _fetched(self, event_id: str) -> dict[str, Any]:
        try:
            event = self._client.get(f"/v1/notifications/webhooks-events/{event_id}")
        except GatewayError as error:
            reason = "knows no such event" if error.code == NOT_FOUND else "does not answer now"
            raise InvalidWebhook(f"PayPal {reason}") from error
        if event.get("id") != event_id or not isinstance(event.get("resource"), dict):
            raise InvalidWebhook("PayPal's event is another one")
        return event


def _said(headers: Mapping[str, str]) -> dict[str, str]:
    said = {name: headers.get(f"paypal-{name}", "") for name in _HEADERS}
    for name, value in said.items():
        if not value or len(value) > _HEADER_LENGTH_MAX or not value.isascii():
            raise InvalidWebhook(f"the header paypal-{name} is missing or no such thing")
    return said


def _check_age(text: str, now: datetime) -> None:
    try:
        sent_at = datetime.fromisoformat(text)
        age_seconds = abs((now - sent_at).total_seconds())
    except (ValueError, TypeError, OverflowError) as error:
        raise InvalidWebhook("the transmission has no time") from error
    if age_seconds > AGE_SECONDS_MAX:
        raise InvalidWebhook("the transmission is too old, or of the future")


def _event_id(body: bytes) -> str:
    """Return the id of the event; it becomes a part of a path, so it looks like one or is none."""
    try:
        body.decode()
        event = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidWebhook("the body is not JSON") from error
    event_id = event.get("id") if isinstance(event, dict) else None
    if not isinstance(event_id, str) or not _EVENT_ID.fullmatch(event_id):
        raise InvalidWebhook("the body is not an event")
    return event_id


def _notice(event: dict[str, Any]) -> WebhookNotice:
    kind = event.get("event_type")
    if not isinstance(kind, str) or not 0 < len(kind) <= _KIND_LENGTH_MAX:
        raise InvalidWebhook("the event has no type")
    subject, ref_of = next(
        (found for start, found in _SUBJECTS if kind.startswith(start)), ("", _nothing)
    )
    try:
        ref = ref_of(event["resource"])
    except (AttributeError, IndexError, KeyError, TypeError):
        ref = None
    if not isinstance(ref, str) or not 0 < len(ref) <= _REF_LENGTH_MAX:
        subject, ref = "", ""
    return WebhookNotice(event_id=event["id"], kind=kind, subject=subject, ref=ref, raw=event)


def _nothing(resource: Thing) -> Any:
    return None


def _own(resource: Thing) -> Any:
    return resource["id"]


def _order(resource: Thing) -> Any:
    """Return the id of a capture's order."""
    return resource["supplementary_data"]["related_ids"]["order_id"]


def _capture(resource: Thing) -> Any:
    """Return the id of the capture a refund is of; some resources are the capture itself."""
    above = link(resource, "up")
    return above.rpartition("/")[2] if "/captures/" in above else resource["id"]


def _disputed(resource: Thing) -> Any:
    """Return the id of the capture a dispute is about."""
    return resource["disputed_transactions"][0]["seller_transaction_id"]


#: Beginnings of kinds -> subject, and where its id stands in the resource. The first that fits.
_SUBJECTS: tuple[tuple[str, tuple[str, Callable[[Thing], Any]]], ...] = (
    ("CHECKOUT.ORDER.", ("charge", _own)),
    ("CHECKOUT.PAYMENT-APPROVAL.REVERSED", ("charge", lambda resource: resource["order_id"])),
    ("PAYMENT.CAPTURE.REFUNDED", ("charge", _capture)),
    ("PAYMENT.CAPTURE.REVERSED", ("dispute", _capture)),
    ("PAYMENT.CAPTURE.", ("charge", _order)),
    ("PAYMENT.REFUND.", ("move", _own)),
    ("CUSTOMER.DISPUTE.", ("dispute", _disputed)),
    ("PAYMENT.PAYOUTS-ITEM.", ("move", lambda resource: resource["payout_batch_id"])),
    (
        "PAYMENT.PAYOUTSBATCH.",
        ("move", lambda resource: resource["batch_header"]["payout_batch_id"]),
    ),
    ("BILLING.SUBSCRIPTION.", ("subscription", _own)),
    ("PAYMENT.SALE.", ("subscription", lambda resource: resource["billing_agreement_id"])),
)
