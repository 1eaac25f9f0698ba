"""`/api/webhooks/`: where an account wants to be told, and how the telling went."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.core.schema import errors
from apps.core.throttling import UserThrottle
from apps.users.authentication import claims_of
from apps.webhooks import selectors, services
from apps.webhooks.refusals import HookReason, HookRefused
from apps.webhooks.serializers import (
    ALL,
    DELIVERY_STATUSES,
    ChangeEndpointSerializer,
    CreateEndpointSerializer,
    DeliveryDetailSerializer,
    DeliverySerializer,
    EndpointSerializer,
    EndpointWithSecretSerializer,
    ReplayedSerializer,
    ReplaySerializer,
    delivery_body,
    delivery_detail,
    endpoint_body,
)

TAGS = ["webhooks"]


class WebhookThrottle(UserThrottle):
    """Changes to one account's webhooks, tests and replays."""

    scope = "webhook_user"


class WebhookView(generics.GenericAPIView[Any]):
    """One's own webhooks; refusals in words."""

    permission_classes = (IsAuthenticated,)
    filter_backends = ()
    serializer_class: type[Any] = EndpointSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what changes something."""
        return [] if self.request.method == "GET" else [WebhookThrottle()]

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a HookRefused in the status of its reason."""
        if isinstance(exc, HookRefused):
            return Response(exc.body, status=exc.reason.status)
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kw: Any) -> Any:
        """Keep secrets out of caches."""
        response = super().finalize_response(request, response, *args, **kw)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def body_of(self, request: Request, kind: type[Any]) -> dict[str, Any]:
        """Return the request's body as a serializer has checked it, in the services' names."""
        body = kind(data=request.data)
        body.is_valid(raise_exception=True)
        given = dict(body.validated_data)
        if "scope" in given:
            given["everything"] = given.pop("scope") == ALL
        return given


class WebhooksView(WebhookView):
    """GET, POST /api/webhooks/."""

    @extend_schema(
        operation_id="listWebhooks",
        summary="List one's own webhooks",
        description="Newest first, without their secrets.",
        tags=TAGS,
        responses={200: EndpointSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """One page."""
        rows = self.paginate_queryset(selectors.endpoints_of(claims_of(request).user_id)) or []
        return self.get_paginated_response([endpoint_body(row) for row in rows])

    @extend_schema(
        operation_id="createWebhook",
        summary="Have an address told of events",
        description=(
            "The events of one's own auctions from now on; staff may ask for everybody's. The "
            "address must be https and on the public internet. The secret is shown this once: "
            "messages are signed with it as Standard Webhooks has it (`webhook-id`, "
            "`webhook-timestamp`, `webhook-signature`)."
        ),
        tags=TAGS,
        request=CreateEndpointSerializer,
        responses={201: EndpointWithSecretSerializer} | errors(403),
    )
    def post(self, request: Request) -> Response:
        """Make it."""
        given = self.body_of(request, CreateEndpointSerializer)
        endpoint, secret = services.create_endpoint(request.user, **given)  # type: ignore[arg-type]
        return Response(
            {**endpoint_body(endpoint), "secret": secret}, status=status.HTTP_201_CREATED
        )


class WebhookDetailView(WebhookView):
    """GET, PATCH, DELETE /api/webhooks/{webhook_id}/."""

    @extend_schema(
        operation_id="getWebhook",
        summary="Read one of one's own webhooks",
        tags=TAGS,
        responses={200: EndpointSerializer} | errors(404),
    )
    def get(self, request: Request, webhook_id: int) -> Response:
        """The webhook."""
        endpoint = selectors.endpoint_of(claims_of(request).user_id, webhook_id)
        if endpoint is None:
            raise HookRefused(HookReason.NO_ENDPOINT)
        return Response(endpoint_body(endpoint))

    @extend_schema(
        operation_id="changeWebhook",
        summary="Change one of one's own webhooks",
        description=(
            "What is left out stays. Switched off, it gives up what waits; switched on, it is "
            "told what happens from then on."
        ),
        tags=TAGS,
        request=ChangeEndpointSerializer,
        responses={200: EndpointSerializer} | errors(403, 404),
    )
    def patch(self, request: Request, webhook_id: int) -> Response:
        """Change a part."""
        given = self.body_of(request, ChangeEndpointSerializer)
        endpoint = services.change_endpoint(request.user, webhook_id, given)  # type: ignore[arg-type]
        return Response(endpoint_body(endpoint))

    @extend_schema(
        operation_id="deleteWebhook",
        summary="Delete one of one's own webhooks",
        description="With its log; what waits is not sent.",
        tags=TAGS,
        responses={204: None} | errors(404),
    )
    def delete(self, request: Request, webhook_id: int) -> Response:
        """Delete it."""
        services.delete_endpoint(claims_of(request).user_id, webhook_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RotateSecretView(WebhookView):
    """POST /api/webhooks/{webhook_id}/rotate-secret/."""

    serializer_class = EndpointWithSecretSerializer

    @extend_schema(
        operation_id="rotateWebhookSecret",
        summary="Replace a webhook's secret",
        description="For 24 hours messages carry a signature of each, the former and the new one.",
        tags=TAGS,
        request=None,
        responses={200: EndpointWithSecretSerializer} | errors(404),
    )
    def post(self, request: Request, webhook_id: int) -> Response:
        """Replace it."""
        endpoint, secret = services.rotate_secret(claims_of(request).user_id, webhook_id)
        return Response({**endpoint_body(endpoint), "secret": secret})


class TestView(WebhookView):
    """POST /api/webhooks/{webhook_id}/test/."""

    serializer_class = DeliverySerializer

    @extend_schema(
        operation_id="testWebhook",
        summary="Send a webhook a test event",
        description="It goes within a second or two; the delivery says how it went.",
        tags=TAGS,
        request=None,
        responses={202: DeliverySerializer} | errors(400, 404),
    )
    def post(self, request: Request, webhook_id: int) -> Response:
        """Order it."""
        row = services.send_test(claims_of(request).user_id, webhook_id)
        return Response(delivery_body(row), status=status.HTTP_202_ACCEPTED)


class ReplaySinceView(WebhookView):
    """POST /api/webhooks/{webhook_id}/replay/."""

    serializer_class = ReplayedSerializer

    @extend_schema(
        operation_id="replayWebhookSince",
        summary="Send again what a webhook did not take",
        description=(
            "What failed of all that happened since an instant; with `include_delivered` all of "
            "it. Each goes under its former `webhook-id`."
        ),
        tags=TAGS,
        request=ReplaySerializer,
        responses={202: ReplayedSerializer} | errors(404),
    )
    def post(self, request: Request, webhook_id: int) -> Response:
        """Order them."""
        given = self.body_of(request, ReplaySerializer)
        ordered = services.replay_since(
            claims_of(request).user_id,
            webhook_id,
            given["since"],
            include_delivered=given["include_delivered"],
        )
        return Response({"ordered": ordered}, status=status.HTTP_202_ACCEPTED)


class DeliveriesView(WebhookView):
    """GET /api/webhooks/{webhook_id}/deliveries/."""

    serializer_class = DeliverySerializer

    @extend_schema(
        operation_id="listWebhookDeliveries",
        summary="List what a webhook was sent",
        description="Newest first; kept for 30 days after it ended unless the site says otherwise.",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "status",
                {"type": "string", "enum": list(DELIVERY_STATUSES)},
                description="Only these",
            )
        ],
        responses={200: DeliverySerializer(many=True)} | errors(404),
    )
    def get(self, request: Request, webhook_id: int) -> Response:
        """One page."""
        endpoint = selectors.endpoint_of(claims_of(request).user_id, webhook_id)
        if endpoint is None:
            raise HookRefused(HookReason.NO_ENDPOINT)
        wanted = request.query_params.get("status", "")
        if wanted and wanted not in DELIVERY_STATUSES:
            raise ValidationError({"status": [f"must be one of: {', '.join(DELIVERY_STATUSES)}"]})
        rows = self.paginate_queryset(selectors.deliveries_of(webhook_id, wanted)) or []
        return self.get_paginated_response([delivery_body(row) for row in rows])


class DeliveryView(WebhookView):
    """GET /api/webhooks/deliveries/{delivery_id}/."""

    serializer_class = DeliveryDetailSerializer

    @extend_schema(
        operation_id="getWebhookDelivery",
        summary="Read what was sent and what came back",
        tags=TAGS,
        responses={200: DeliveryDetailSerializer} | errors(404),
    )
    def get(self, request: Request, delivery_id: int) -> Response:
        """The delivery with every attempt."""
        row = selectors.delivery_of(claims_of(request).user_id, delivery_id)
        if row is None:
            raise HookRefused(HookReason.NO_DELIVERY)
        return Response(delivery_detail(row))


class ReplayView(WebhookView):
    """POST /api/webhooks/deliveries/{delivery_id}/replay/."""

    serializer_class = DeliverySerializer

    @extend_schema(
        operation_id="replayWebhookDelivery",
        summary="Send one message again",
        description="Under its former `webhook-id`; a receiver that keeps ids knows it.",
        tags=TAGS,
        request=None,
        responses={202: DeliverySerializer} | errors(400, 404),
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Order it."""
        row = services.replay(claims_of(request).user_id, delivery_id)
        return Response(delivery_body(row), status=status.HTTP_202_ACCEPTED)
