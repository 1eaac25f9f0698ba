"""PayPal's webhooks read back: events, the certificate, the call that verifies a signature."""

import base64
import binascii
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_pem_x509_certificate

from tests.fakepay.paypal_calls import Ask, PayPalError, Result, invalid, link
from tests.fakepay.routes import Routes
from tests.fakepay.seals import PAYPAL_ALGORITHM, paypal_message
from tests.fakepay.wire import Response
from tests.fakepay.world import PAYPAL_WEBHOOK_ID, Event

PAGE_SIZE = 10
FAR = 1 << 62  # seconds
PAGE_SIZE_MAX = 300
CERTIFICATE = "/v1/notifications/certs/CERT-360caa42-fca2a594-7a8abba8"
FIELDS = (
    "auth_algo",
    "cert_url",
    "transmission_id",
    "transmission_sig",
    "transmission_time",
    "webhook_id",
    "webhook_event",
)

routes = Routes()


class _Verification(msgspec.Struct):
    """The body of a verification; the event keeps its bytes, because they were signed."""

    auth_algo: str
    cert_url: str
    transmission_id: str
    transmission_sig: str
    transmission_time: str
    webhook_id: str
    webhook_event: msgspec.Raw


@routes.on("GET", "/v1/notifications/webhooks-events")
def list_events(ask: Ask) -> Result:
    query, store = ask.query, ask.world.paypal
    size = min(int(query.get("page_size", PAGE_SIZE)), PAGE_SIZE_MAX)
    after = query.get("next_event_id")
    if after is not None and after not in store.events:
        raise invalid(
            "INVALID_PARAMETER_VALUE", "The value of a field is invalid.", "next_event_id"
        )
    earliest, latest = _instant(query, "start_time", 0), _instant(query, "end_time", FAR)
    type_, wanted = query.get("event_type"), query.get("transaction_id")

    def fits(event: Event) -> bool:
        return (
            type_ in (None, event.type)
            and earliest <= event.created <= latest
            and (wanted is None or _body(event)["resource"].get("id") == wanted)
        )

    fitting = list(islice(filter(fits, store.events_newest_first(after)), size + 1))
    path = "/v1/notifications/webhooks-events"
    links = [link(ask.world, path, "self")]
    if len(fitting) > size:
        further = urlencode({**query, "next_event_id": fitting[size - 1].id})
        links.append(link(ask.world, f"{path}?{further}", "next"))
    events = [_body(event) for event in fitting[:size]]
    return Result(200, lambda: {"events": events, "count": len(events), "links": links})


@routes.on("GET", "/v1/notifications/webhooks-events/{}")
def retrieve(ask: Ask, id_: str) -> Result:
    event = _event(ask, id_)
    return Result(200, lambda: _body(event))


@routes.on("POST", "/v1/notifications/webhooks-events/{}/resend")
def resend(ask: Ask, id_: str) -> Result:
    event = _event(ask, id_)
    ask.world.webhooks.resend("paypal", event.id, event.body)
    return Result(202, lambda: _body(event))


@routes.on("POST", "/v1/notifications/verify-webhook-signature")
def verify(ask: Ask) -> Result:
    for name in FIELDS:
        if not ask.body.get(name):
            raise invalid(
                "MISSING_REQUIRED_PARAMETER", "A required field / parameter is missing.", f"/{name}"
            )
    try:
        said = msgspec.json.decode(ask.raw, type=_Verification)
    except msgspec.ValidationError as error:
        raise invalid("INVALID_PARAMETER_SYNTAX", str(error), "/") from error
    status = "SUCCESS" if _is_signed(ask, said) else "FAILURE"
    return Result(200, lambda: {"verification_status": status})


@routes.on("GET", "/v1/notifications/certs/{}")
def certificate(ask: Ask, id_: str) -> Response:
    if id_ != CERTIFICATE.rpartition("/")[2]:
        raise PayPalError("RESOURCE_NOT_FOUND")
    kind = {"Content-Type": "application/x-x509-ca-cert"}
    return Response(200, ask.world.webhooks.seal.leaf_pem, kind)


def _is_signed(ask: Ask, said: _Verification) -> bool:
    if (said.auth_algo, said.webhook_id) != (PAYPAL_ALGORITHM, PAYPAL_WEBHOOK_ID):
        return False
    if said.cert_url != ask.world.webhooks.certificate_url:
        return False
    leaf = load_pem_x509_certificate(ask.world.webhooks.seal.leaf_pem)
    key = leaf.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    message = paypal_message(
        said.transmission_id, said.transmission_time, said.webhook_id, bytes(said.webhook_event)
    )
    try:
        signature = base64.b64decode(said.transmission_sig, validate=True)
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except (binascii.Error, InvalidSignature):
        return False
    return True


def _instant(query: dict[str, str], name: str, otherwise: int) -> float:
    if name not in query:
        return otherwise
    try:
        return datetime.fromisoformat(query[name]).timestamp()
    except ValueError as error:
        raise invalid("INVALID_PARAMETER_SYNTAX", str(error), name) from error


def _event(ask: Ask, id_: str) -> Event:
    event = ask.world.paypal.events.get(id_)
    if event is None:
        raise PayPalError(
            "RESOURCE_NOT_FOUND",
            "INVALID_RESOURCE_ID",
            "Specified resource ID does not exist. Please check the resource ID and try again.",
        )
    return event


def _body(event: Event) -> Any:
    return msgspec.json.decode(event.body)
