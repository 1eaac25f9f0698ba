"""The door of Stripe's API: keys, parameters, idempotency, expansion, errors."""

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from tests.fakepay import (
    stripe_accounts,
    stripe_billing,
    stripe_catalog,
    stripe_disputes,
    stripe_events,
    stripe_payments,
    stripe_refunds,
    stripe_transfers,
)
from tests.fakepay.idempotency import Kept
from tests.fakepay.routes import Routes
from tests.fakepay.stripe_calls import Call
from tests.fakepay.stripe_forms import Params, StripeError, checked, parsed
from tests.fakepay.wire import Request, Response
from tests.fakepay.world import STRIPE_KEY, Thing, World, copied

KEY_SECONDS = 24 * 3600
KEY_LENGTH_MAX = 255
API_ERROR = {
    "error": {
        "message": "Sorry! There was an error while talking to Stripe. Please let us know at "
        "support@stripe.com.",
        "type": "api_error",
    }
}
MISCHIEF: dict[str, tuple[int, dict[str, dict[str, str]]]] = {
    "500_before": (500, API_ERROR),
    "409": (
        409,
        {
            "error": {
                "message": "This object cannot be accessed right now because another API request "
                "or Stripe process is currently accessing it.",
                "type": "invalid_request_error",
                "code": "lock_timeout",
            }
        },
    ),
    "429": (
        429,
        {
            "error": {
                "message": "Request rate limit exceeded.",
                "type": "invalid_request_error",
                "code": "rate_limit",
            }
        },
    ),
}


@dataclass(slots=True)
class Done:
    """An answer, and the key it is kept under."""

    response: Response
    key: tuple[str, ...] | None = None


class StripeDoor:
    """Answers Stripe's part of the paths."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.keys = world.stripe.keys
        self._routes = Routes().include(
            stripe_payments.routes,
            stripe_refunds.routes,
            stripe_transfers.routes,
            stripe_disputes.routes,
            stripe_events.routes,
            stripe_accounts.routes,
            stripe_billing.routes,
            stripe_catalog.routes,
        )

    def mischief(self, kind: str) -> Response:
        """Return the answer of a request that did nothing."""
        status, body = MISCHIEF[kind]
        return self._response(status, body)

    def perform(self, request: Request, *, spoil: bool) -> Done:
        """Do what is asked, or answer what was answered before.

        `spoil` lets it happen and the answer be a 500 all the same, for good under this key.
        """
        try:
            return self._perform(request, spoil)
        except StripeError as error:
            return Done(self._response(error.status, {"error": error.error}))

    def _perform(self, request: Request, spoil: bool) -> Done:
        self._authenticate(request)
        key = self._key(request)
        fingerprint = _fingerprint(request)
        if key is not None:
            kept = self.keys.find(key, self._world.now())
            if kept is not None:
                return Done(_replayed(kept, key[0], request.path, fingerprint))
        try:
            response, keep = self._response(200, self._run(request)), True
        except StripeError as error:
            response, keep = self._response(error.status, {"error": error.error}), error.kept
        if spoil:
            response, keep = self._response(500, API_ERROR), True
        if key is None or not keep:
            return Done(response)
        until = self._world.now() + KEY_SECONDS
        self.keys.keep(key, Kept(request.path, fingerprint, response, until))
        return Done(response, key)

    def _authenticate(self, request: Request) -> None:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme != "Bearer" or not token:
            raise StripeError(
                401,
                "You did not provide an API key. You need to provide your API "
                "key in the Authorization header, using Bearer auth.",
            )
        if token != STRIPE_KEY:
            raise StripeError(401, f"Invalid API Key provided: {token[:8]}***")
        if "stripe-account" in request.headers:
            raise StripeError(
                400,
                "fakepay answers the platform, on behalf of no account.",
                param="Stripe-Account",
            )

    def _key(self, request: Request) -> tuple[str, ...] | None:
        key = request.headers.get("idempotency-key")
        if not key or request.method != "POST":
            return None
        if len(key) > KEY_LENGTH_MAX:
            raise StripeError(
                400, "Idempotency-Key is longer than 255 characters.", kind="idempotency_error"
            )
        return (key,)

    def _run(self, request: Request) -> Thing:
        found = self._routes.find(request.method, request.segments)
        if found is None:
            raise StripeError(
                404,
                f"Unrecognized request URL ({request.method}: {request.path}). Please see "
                "https://stripe.com/docs or we can help at https://support.stripe.com/.",
                kept=False,
            )
        route, ids = found
        params = parsed(request.query)
        if request.method == "POST":
            params.update(parsed(request.body.decode("utf-8", "replace")))
        params = checked(params, route.shape, route.required)
        call = Call(self._world, params, request.headers.get("idempotency-key"))
        expand = params.pop("expand", [])
        result: Thing = route.answer(call, *ids)
        return self._expanded(result, expand) if expand else result

    def _expanded(self, thing: Thing, paths: list[str]) -> Thing:
        result = copied(thing)
        for path in paths:
            self._expand(result, path.split("."), path)
        return result

    def _expand(self, node: Any, steps: list[str], path: str) -> None:
        if isinstance(node, list):
            for item in node:
                self._expand(item, steps, path)
            return
        if node is None or not steps:
            return
        if not isinstance(node, dict) or steps[0] not in node:
            raise StripeError(
                400, f"This property cannot be expanded ({path}).", param="expand", kept=False
            )
        value = node[steps[0]]
        if isinstance(value, str):
            if value not in self._world.stripe.by_id:
                raise StripeError(
                    400, f"This property cannot be expanded ({path}).", param="expand", kept=False
                )
            node[steps[0]] = value = copied(self._world.stripe.by_id[value])
        self._expand(value, steps[1:], path)

    def _response(self, status: int, value: Params) -> Response:
        return Response.of(status, value, **{"Request-Id": self._world.new_id("req")})


def _fingerprint(request: Request) -> bytes:
    said = sorted(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    return hashlib.sha256(repr((request.query, said)).encode()).digest()


def _replayed(kept: Kept, key: str, path: str, fingerprint: bytes) -> Response:
    if kept.endpoint != path:
        raise StripeError(
            400,
            "Keys for idempotent requests can only be used for the same endpoint they were "
            f"first used for ('{path}' vs '{kept.endpoint}'). Try using a key other than '{key}' "
            "if you meant to execute a different request.",
            kind="idempotency_error",
        )
    if kept.fingerprint != fingerprint:
        raise StripeError(
            400,
            "Keys for idempotent requests can only be used with the same parameters they "
            f"were first used with. Try using a key other than '{key}' if you meant to execute "
            "a different request.",
            kind="idempotency_error",
        )
    if kept.under_way:
        raise StripeError(
            409,
            "There is currently another in-progress request using this Idempotent Key (that "
            "probably means you submitted twice, and the other request is still going through): "
            f"{key}. Please try again later.",
            code="idempotency_key_in_use",
            kind="idempotency_error",
        )
    first = kept.response
    return Response(first.status, first.body, {**first.headers, "Idempotent-Replayed": "true"})
