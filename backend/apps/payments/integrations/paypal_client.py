"""PayPal's REST API: a token that is kept, requests with time-outs, errors in the house's words.

Nothing here knows what is paid for; paypal_handler.py does. Sources: developer.paypal.com/api,
the OpenAPI files of paypal/paypal-rest-api-specifications.
"""

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import httpx
import msgspec

from apps.payments.integrations.base import Declined, GatewayError

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 10
CONNECT_RETRIES = 1  # of connections that were never made
TOKEN_MARGIN_SECONDS = 60  # a token this near its end is not used any more
PAGE_SIZE = 100
PAGES_MAX = 1000

NOT_FOUND = "not_found"

#: Issues of a 422 that are the buyer's means of payment, and not us (orders v2 errors).
DECLINES = {
    "INSTRUMENT_DECLINED": "PayPal declined this means of payment; choose another one",
    "CARD_EXPIRED": "The card has expired; choose another means of payment",
    "PAYER_CANNOT_PAY": "PayPal does not let this account pay; choose another means of payment",
    "PAYER_ACCOUNT_RESTRICTED": "PayPal has restricted this account",
    "PAYER_ACCOUNT_LOCKED_OR_CLOSED": "This PayPal account is locked or closed",
    "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING": "Choose another means of payment at PayPal",
    "TRANSACTION_REFUSED": "PayPal refused the payment",
    "MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED": "Too many attempts; start the payment again",
}
#: Refusals that end when somebody has put something right: the same words may succeed then.
PASSING = ("INSUFFICIENT_FUNDS", "REFUND_FAILED_INSUFFICIENT_FUNDS")


class PayPalRefusal(GatewayError):
    """What PayPal answered instead: its `status`, its `code`, and its `body` with the links."""

    def __init__(self, message: str, *, status: int, code: str, body: Mapping[str, Any]) -> None:
        ours = status in (401, 403)  # a matter of keys and rights: put right, it will do
        unknown = status == 409 or not 400 <= status < 500
        passing = ours or unknown or status == 429 or code in PASSING
        super().__init__(message, permanent=not passing, unknown=unknown, code=code)
        self.status = status
        self.body = body


class PayPalClient:
    """One merchant's access to the API. Safe to use from many threads.

    Takes settings.PAYPAL: `api`, `client_id`, `client_secret` and, if need be, `timeout_seconds`.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._id: str = settings["client_id"]
        self._secret: str = settings["client_secret"]
        self._timeout_seconds: float = settings.get("timeout_seconds", TIMEOUT_SECONDS)
        self._http = httpx.Client(
            base_url=settings["api"],
            timeout=self._timeout_seconds,
            transport=httpx.HTTPTransport(retries=CONNECT_RETRIES),
            follow_redirects=False,
            headers={"Accept": "application/json"},
        )
        self._lock = threading.Lock()
        self._token = ""
        self._token_ends = 0.0  # of the monotonic clock

    def get(self, path: str, **query: str | int) -> dict[str, Any]:
        """Return what is at a path; raises GatewayError."""
        return self._answered("GET", path, params=query)

    def post(
        self, path: str, body: Mapping[str, Any] | bytes, *, request_id: str = ""
    ) -> dict[str, Any]:
        """Send a body, as it is if it is bytes, and return the whole answer; raises GatewayError.

        PayPal does it once for each `request_id`, as long as it remembers it: 6 hours for orders
        and captures, 45 days for refunds, 30 for payouts, 72 hours for subscriptions.
        """
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        headers = {"Content-Type": "application/json", "Prefer": "return=representation"}
        if request_id:
            headers["PayPal-Request-Id"] = request_id
        return self._answered("POST", path, content=content, headers=headers)

    def pages(self, path: str, items: str, **query: str | int) -> Iterator[dict[str, Any]]:
        """Return what a list has under `items`, page after page; raises GatewayError.

        Of the link to the next page only the query is followed: our host and path are ours.
        """
        for _ in range(PAGES_MAX):
            page = self.get(path, **query)
            yield from page.get(items) or ()
            following = link(page, "next")
            if not following:
                return
            query = dict(parse_qsl(urlsplit(following).query))

    def _answered(self, method: str, path: str, **request: Any) -> dict[str, Any]:
        headers = request.pop("headers", {})
        for last in (False, True):
            token = self._bearer()
            bearer = {**headers, "Authorization": f"Bearer {token}"}
            response = self._send(method, path, headers=bearer, **request)
            if response.status_code != 401 or last:
                break
            self._forget(token)  # withdrawn before its time
        return _body(response)

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        try:
            return self._http.request(method, path, **request)
        except httpx.TransportError as error:
            log.warning("PayPal did not answer %s %s: %r", method, path, error)
            raise GatewayError("PayPal did not answer", unknown=True, code="no_answer") from error

    def _bearer(self) -> str:
        """Return a token; one thread asks for a new one, the others wait for it, not for ever."""
        if not self._lock.acquire(timeout=self._timeout_seconds):
            raise GatewayError("PayPal gives no token", unknown=True, code="no_answer")
        try:
            if time.monotonic() >= self._token_ends:
                self._ask_for_token()
            return self._token
        finally:
            self._lock.release()

    def _ask_for_token(self) -> None:
        response = self._send(
            "POST",
            "/v1/oauth2/token",
            auth=httpx.BasicAuth(self._id, self._secret),
            data={"grant_type": "client_credentials"},
        )
        body = _body(response)
        self._token = _text(body, "access_token")
        lifetime_seconds = _number(body, "expires_in") - TOKEN_MARGIN_SECONDS
        self._token_ends = time.monotonic() + lifetime_seconds

    def _forget(self, token: str) -> None:
        with self._lock:
            if self._token == token:
                self._token_ends = 0.0


def segment(ref: str) -> str:
    """Return a provider's id as a part of a path; an empty one is an error, not a list."""
    if not ref:
        raise GatewayError("there is no such object at PayPal", permanent=True, code=NOT_FOUND)
    return quote(ref, safe="")


def link(body: Mapping[str, Any], *rels: str) -> str:
    """Return the address of the first link of these relations, or ""."""
    links = body.get("links")
    for one in links if isinstance(links, list) else ():
        if isinstance(one, dict) and one.get("rel") in rels and isinstance(one.get("href"), str):
            href: str = one["href"]
            return href
    return ""


def instant(moment: datetime) -> str:
    """Return an instant as PayPal's queries want it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def unreadable(what: object) -> GatewayError:
    """Return the error of an answer that makes no sense."""
    log.error("PayPal's answer makes no sense: %s", what)
    return GatewayError("PayPal's answer could not be read", unknown=True, code="unreadable")


def _body(response: httpx.Response) -> dict[str, Any]:
    """Return an answer's body; raises Declined or GatewayError for what is not a success."""
    body: Any = {}
    try:
        body = msgspec.json.decode(response.content) if response.content else {}
    except (msgspec.DecodeError, RecursionError) as error:
        if response.is_success:
            raise unreadable(f"{response.status_code}, no JSON") from error
    if not isinstance(body, dict):
        body = {}
    if response.is_success:
        return body
    raise _refusal(response.status_code, body)


def _refusal(status: int, body: dict[str, Any]) -> GatewayError:
    details = body.get("details")
    first = details[0] if isinstance(details, list) and details else {}
    issue = _said(first, "issue")
    code = issue if issue.isupper() else _said(body, "name") or _said(body, "error") or str(status)
    log.warning("PayPal answered %s %s (%s)", status, code, _said(body, "debug_id"))
    if code in DECLINES:
        return Declined(DECLINES[code], code=code.lower())
    text = _said(body, "message") or _said(body, "error_description")
    text = text or f"PayPal answered {status}"
    if issue:
        text = f"{text} {_said(first, 'description') or issue}"
    if status == 404:
        code = NOT_FOUND
    return PayPalRefusal(text, status=status, code=code, body=body)


def _said(body: object, name: str) -> str:
    """Return a text of an answer, "" if it has none."""
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, str) else ""


def _text(body: Mapping[str, Any], name: str) -> str:
    value = _said(body, name)
    if not value:
        raise unreadable(f"no {name}")
    return value


def _number(body: Mapping[str, Any], name: str) -> float:
    value = body.get(name)
    if not isinstance(value, int | float):
        raise unreadable(f"no {name}")
    return float(value)
