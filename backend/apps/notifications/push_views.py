"""`/api/notifications/push/`: browsers that are told while the site is closed."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.core.schema import errors
from apps.core.throttling import PushThrottle
from apps.notifications import push_keys, push_services, selectors
from apps.notifications.base_views import OwnView
from apps.notifications.push_rules import PushReason, PushRefused
from apps.notifications.push_serializers import (
    SENTENCES,
    PushSerializer,
    PushSubscriptionSerializer,
    SubscribeToPushSerializer,
    push_body,
    subscription_body,
)
from apps.users.authentication import claims_of

TAGS = ["notifications"]
DEVICE_LENGTH_MAX = 200


class PushView(OwnView):
    """GET, POST /api/notifications/push/."""

    serializer_class = PushSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        """Count subscribing only."""
        return [PushThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="getPush",
        summary="Read what a browser needs to subscribe, and which of one's own have",
        tags=TAGS,
        responses={200: PushSerializer},
    )
    def get(self, request: Request) -> Response:
        """The key and the browsers."""
        rows = selectors.subscriptions_of(claims_of(request).user_id)
        return Response(push_body(push_keys.public_key(), rows))

    @extend_schema(
        operation_id="subscribeToPush",
        summary="Have notifications pushed to a browser",
        description=(
            "The body is the browser's `PushSubscription.toJSON()`. 201; 200 for one that was "
            "known, whoever used it before. A browser is pushed to as long as the session lives "
            "that subscribed it; with the eleventh the oldest goes. What is pushed is JSON: "
            "`id`, `kind`, `title`, `body`, `url`, `tag` (one with the tag of another takes its "
            "place) and `unread_count`. Push services this site does not know are refused."
        ),
        tags=TAGS,
        request=SubscribeToPushSerializer,
        responses={200: PushSubscriptionSerializer, 201: PushSubscriptionSerializer},
    )
    def post(self, request: Request) -> Response:
        """Subscribe."""
        body = SubscribeToPushSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given, claims = body.validated_data, claims_of(request)
        try:
            row, is_new = push_services.subscribe(
                claims.user_id,
                claims.session_id,
                endpoint=given["endpoint"],
                p256dh=given["keys"]["p256dh"],
                auth=given["keys"]["auth"],
                device=request.META.get("HTTP_USER_AGENT", "")[:DEVICE_LENGTH_MAX],
            )
        except PushRefused as refused:
            said: Any = {refused.reason.value: [SENTENCES[refused.reason]]}
            is_key = refused.reason is not PushReason.NOT_A_PUSH_SERVICE
            raise ValidationError({"keys": said} if is_key else said) from refused
        return Response(subscription_body(row), status=201 if is_new else 200)


class SubscriptionView(OwnView):
    """DELETE /api/notifications/push/{subscription_id}/."""

    serializer_class = PushSubscriptionSerializer

    @extend_schema(
        operation_id="unsubscribeFromPush",
        summary="Have nothing pushed to a browser any longer",
        tags=TAGS,
        responses={204: None} | errors(404),
    )
    def delete(self, request: Request, subscription_id: int) -> Response:
        """Unsubscribe it."""
        if not push_services.unsubscribe(claims_of(request).user_id, subscription_id):
            raise NotFound("Subscription not found")
        return Response(status=204)
