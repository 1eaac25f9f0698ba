"""The door of PayPal's API: tokens, bodies, PayPal-Request-Id, errors."""

import base64
import binascii
from typing import Any
from urllib.parse import parse_qs, parse_qsl

import msgspec

from tests.fakepay import (
    paypal_billing,
    paypal_disputes,
    paypal_notifications,
    paypal_orders,
    paypal_payouts,
)
from tests.fakepay.idempotency import Kept
from tests.fakepay.paypal_calls import Ask, PayPalError, Result
from tests.fakepay.routes import Routes
from tests.fakepay.stripe_door import Done
from tests.fakepay.wire import Request, Response
from tests.fakepay.world import PAYPAL_CLIENT_ID, PAYPAL_SECRET, World

TOKEN_SECONDS = 32400
KEY_LENGTH_MAX = 108
HOUR, DAY = 3600, 86400
#: How long a PayPal-Request-Id is remembered, by the beginning of the path (the specifications).
KEY_SECONDS = (
    ("/v2/checkout/orders", 6 * HOUR),
    ("/v2/payments/", 45 * DAY),
    ("/v1/payments/payouts", 30 * DAY),
    ("/v1/billing/", 72 * HOUR),
)
MISCHIEF = {
    "500_before": PayPalError("INTERNAL_SERVER_ERROR"),
    "409": PayPalError(
        "RESOURCE_CONFLICT",
        "PREVIOUS_REQUEST_IN_PROGRESS",
        "A previous request on this resource is currently in progress. Please wait "
        "for some time and try again.",
    ),
    "429": PayPalError("RATE_LIMIT_REACHED"),
}
WITHOUT_TOKEN = ("/v1/notifications/certs/",)


class PayPalDoor:
    """Answers PayPal's part of the paths."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.keys = world.paypal.keys
        self._tokens: dict[str, int] = {}
        self._shows: dict[tuple[str, ...], Result] = {}
        self._routes = Routes().include(
            paypal_billing.routes,
            paypal_orders.routes,
            paypal_payouts.routes,
            paypal_notifications.routes,
            paypal_disputes.routes,
        )

    def mischief(self, kind: str) -> Response:
        """Return the answer of a request that did nothing."""
        return self._refusal(MISCHIEF[kind])

    def perform(self, request: Request, *, spoil: bool) -> Done:
        """Do what is asked, or show again what became of it.

        `spoil` lets it happen and the answer be a 500; asked again, it shows what happened.
        """
        if request.path == "/v1/oauth2/token":
            return Done(self._token(request))
        try:
            done = self._perform(request)
        except PayPalError as error:
            done = Done(self._refusal(error))
        if spoil:
            done.response = self.mischief("500_before")
        return done

    def _perform(self, request: Request) -> Done:
        if not request.path.startswith(WITHOUT_TOKEN):
            self._authenticate(request)
        key = self._key(request)
        if key is not None:
            kept = self.keys.find(key, self._world.now())
            if kept is not None:
                if kept.under_way:
                    return Done(self._refusal(MISCHIEF["409"]))
                return Done(self._response(200, self._shows[key].show()))
        result = self._run(request)
        if isinstance(result, Response):
            return Done(result)
        response = self._response(result.status, result.show())
        if key is None:
            return Done(response)
        seconds = next((s for start, s in KEY_SECONDS if request.path.startswith(start)), HOUR)
        self.keys.keep(key, Kept(request.path, b"", response, self._world.now() + seconds))
        self._shows[key] = result
        return Done(response, key)

    def _token(self, request: Request) -> Response:
        scheme, _, code = request.headers.get("authorization", "").partition(" ")
        try:
            pair = base64.b64decode(code, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            pair = ""
        if scheme != "Basic" or pair != f"{PAYPAL_CLIENT_ID}:{PAYPAL_SECRET}":
            return self._response(
                401,
                {"error": "invalid_client", "error_description": "Client Authentication failed"},
            )
        grant = parse_qs(request.body.decode("utf-8", "replace")).get("grant_type")
        if grant != ["client_credentials"]:
            return self._response(
                400,
                {
                    "error": "unsupported_grant_type",
                    "error_description": "Grant Type is NULL or unsupported",
                },
            )
        token = "A21AA" + self._world.new_code(60)
        self._tokens[token] = self._world.now() + TOKEN_SECONDS
        return self._response(
            200,
            {
                "scope": "https://uri.paypal.com/services/payments/payment https://uri.paypal.com/"
                "services/payments/refund https://uri.paypal.com/payments/payouts",
                "access_token": token,
                "token_type": "Bearer",
                "app_id": "APP-80W284485P519543T",
                "expires_in": TOKEN_SECONDS,
                "nonce": self._world.moment() + self._world.new_code(20),
            },
        )

    def _authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or self._tokens.get(token, 0) <= self._world.now():
            error = PayPalError("AUTHENTICATION_FAILURE")
            error.body = {
                "error": "invalid_token",
                "error_description": "Token signature verification failed",
            }
            raise error

    def _key(self, request: Request) -> tuple[str, ...] | None:
        key = request.headers.get("paypal-request-id")
        if not key or request.method != "POST":
            return None
        if len(key) > KEY_LENGTH_MAX:
            raise PayPalError(
                "INVALID_REQUEST",
                "INVALID_STRING_LENGTH",
                "The value of a field is either too short or too long.",
                field="PayPal-Request-Id",
            )
        return (request.path, key)

    def _run(self, request: Request) -> Any:
        found = self._routes.find(request.method, request.segments)
        if found is None:
            raise PayPalError("RESOURCE_NOT_FOUND", "INVALID_URI", "The requested URI is invalid.")
        route, ids = found
        body: Any = {}
        if request.body:
            try:
                body = msgspec.json.decode(request.body)
            except msgspec.DecodeError as error:
                raise _malformed() from error
            if not isinstance(body, dict):
                raise _malformed()
        prefers_all = "return=representation" in request.headers.get("prefer", "")
        ask = Ask(
            self._world,
            body,
            dict(parse_qsl(request.query)),
            request.headers,
            request.body,
            prefers_all,
        )
        return route.answer(ask, *ids)

    def _refusal(self, error: PayPalError) -> Response:
        body = error.body
        if "name" in body:
            body = {**body, "debug_id": self._world.new_code(13).lower(), "links": []}
        return self._response(error.status, body)

    def _response(self, status: int, value: Any) -> Response:
        headers = {"Paypal-Debug-Id": self._world.new_code(13).lower()}
        if status == 204:
            return Response(204, b"", headers)
        return Response.of(status, value, **headers)


def _malformed() -> PayPalError:
    return PayPalError(
        "INVALID_REQUEST",
        "MALFORMED_REQUEST_JSON",
        "The request JSON is not well formed.",
        field="/",
    )
