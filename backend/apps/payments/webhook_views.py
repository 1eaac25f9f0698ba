"""Webhooks of the providers: checked, stored, answered. Nothing is done with them here."""

import logging

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import ParseError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.schema import errors
from apps.payments import inbox
from apps.payments.integrations.base import GatewayError, InvalidWebhook

log = logging.getLogger(__name__)

SCHEMA = {
    "tags": ["payments"],
    "request": {"application/json": {"type": "object"}},
    "responses": {
        200: {
            "type": "object",
            "required": ["received"],
            "properties": {"received": {"type": "boolean", "const": True}},
        }
    }
    | errors(400, 413, 503),
}


class WebhookView(APIView):
    """A provider's door: no token, but a signature."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    provider = ""

    def receive(self, request: Request) -> Response:
        """Store the event; 400 for what cannot be trusted, 503 when nobody can say."""
        raw = request._request
        headers = {name.lower(): value for name, value in raw.headers.items()}
        try:
            inbox.receive(self.provider, raw.body, headers)
        except InvalidWebhook as error:
            log.warning("a webhook of %s was refused: %s", self.provider, error)
            raise ParseError(f"Webhook refused: {error}") from error
        except GatewayError as error:
            log.warning("a webhook of %s could not be checked: %s", self.provider, error)
            return Response(
                {"error": "The signature cannot be checked now; send it again"},
                status=status.HTTP_503_SERVICE_UNAVAILABLE,
                headers={"Retry-After": "60"},
            )
        return Response({"received": True})


class StripeWebhookView(WebhookView):
    """POST /api/payments/stripe-webhook/."""

    provider = "stripe"

    @extend_schema(operation_id="stripeWebhook", summary="Stripe's webhook", **SCHEMA)  # type: ignore[arg-type]
    def post(self, request: Request) -> Response:
        """Store what Stripe tells, if Stripe has signed it."""
        return self.receive(request)


class PayPalWebhookView(WebhookView):
    """POST /api/payments/paypal-webhook/."""

    provider = "paypal"

    @extend_schema(operation_id="payPalWebhook", summary="PayPal's webhook", **SCHEMA)  # type: ignore[arg-type]
    def post(self, request: Request) -> Response:
        """Store what PayPal tells, if PayPal confirms it."""
        return self.receive(request)
