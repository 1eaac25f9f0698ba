"""`/api/subscriptions/`: what a seller subscribes to, to change it, to end it."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.bidding.validators import read_request_key
from apps.core import clock
from apps.core.schema import REQUEST_KEY_HEADER, errors
from apps.payments import subscription_selectors, subscription_services
from apps.payments.base_views import MoneyThrottle, MoneyView
from apps.payments.subscription_serializers import (
    SubscribeSerializer,
    SubscriptionSerializer,
    subscription_body,
)
from apps.users.authentication import claims_of

TAGS = ["subscriptions"]


def body_of(user_id: int, row: Any) -> dict[str, Any]:
    """Return a subscription, with the limits in force for its user now."""
    return subscription_body(row, subscription_selectors.plan_of(user_id, clock.now()))


class SubscriptionView(MoneyView):
    """GET, POST /api/subscriptions/."""

    serializer_class = SubscriptionSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what asks a provider, not reads."""
        return [MoneyThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="getSubscription",
        summary="Read one's subscription",
        description="Without one: the free plan, active. `plans` are all there are.",
        tags=TAGS,
        responses={200: SubscriptionSerializer},
    )
    def get(self, request: Request) -> Response:
        """Plan, status, what it allows."""
        user_id = claims_of(request).user_id
        return Response(body_of(user_id, subscription_selectors.subscription_of(user_id)))

    @extend_schema(
        operation_id="subscribe",
        summary="Subscribe to a plan",
        description=(
            "It is incomplete until its user has agreed at `approve_url`; asked for again it is "
            "the same one, 200. Another plan beside one that runs takes its place: the old one "
            "ends with the period that is paid, once the new one has been agreed to."
        ),
        tags=TAGS,
        parameters=[REQUEST_KEY_HEADER],
        request=SubscribeSerializer,
        responses={200: SubscriptionSerializer, 201: SubscriptionSerializer} | errors(422),
    )
    def post(self, request: Request) -> Response:
        """Open it at the provider."""
        body = SubscribeSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        user_id = claims_of(request).user_id
        row, created = subscription_services.subscribe(
            user_id,
            body.validated_data["plan"],
            method=body.validated_data.get("payment_method", ""),
            request_key=read_request_key(request.headers.get("Idempotency-Key")),
        )
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(body_of(user_id, row), status=code)


class CancelSubscriptionView(MoneyView):
    """POST /api/subscriptions/cancel/."""

    serializer_class = SubscriptionSerializer
    throttle_classes = (MoneyThrottle,)

    @extend_schema(
        operation_id="cancelSubscription",
        summary="Cancel one's subscription",
        description="It ends with the period that is paid; to cancel again is no mistake.",
        tags=TAGS,
        request=None,
        responses={200: SubscriptionSerializer} | errors(400, 503),
    )
    def post(self, request: Request) -> Response:
        """Have the provider renew it no more."""
        user_id = claims_of(request).user_id
        return Response(body_of(user_id, subscription_services.cancel(user_id)))
