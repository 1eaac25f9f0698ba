"""`/api/notifications/`: one's own, what of it is unread, and what one wants to be told."""

from typing import Any

from django.conf import settings
from django.utils.crypto import constant_time_compare
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.pagination import PageNumberPagination
from apps.core.schema import errors
from apps.notifications import mailing, selectors, services, settings_services
from apps.notifications.base_views import OwnView
from apps.notifications.serializers import (
    BounceSerializer,
    BounceTakenSerializer,
    ChangeSettingsSerializer,
    NotificationSerializer,
    ReadAllSerializer,
    SettingsSerializer,
    UnsubscribedSerializer,
    notification_body,
    settings_body,
)
from apps.users import bounces
from apps.users.authentication import claims_of

TAGS = ["notifications"]


class NotificationsPagination(PageNumberPagination):
    """A page of notifications, with `unread_count`."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page of notifications."""
        page = super().get_paginated_response_schema(schema)
        page["required"] = [*page["required"], "unread_count"]
        page["properties"]["unread_count"] = {
            "type": "integer",
            "minimum": 0,
            "description": "Unread notifications on all pages",
        }
        return page


class NotificationsView(OwnView):
    """GET /api/notifications/."""

    pagination_class = NotificationsPagination
    serializer_class = NotificationSerializer

    def rows(self, user_id: int) -> Any:
        """Return what is listed."""
        return selectors.notifications_of(user_id)

    @extend_schema(
        operation_id="listNotifications",
        summary="List one's notifications",
        description="Newest first. `unread_count` is of all pages.",
        tags=TAGS,
        responses={200: NotificationSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """One page."""
        user_id = claims_of(request).user_id
        page = self.paginate_queryset(self.rows(user_id)) or []
        answer = self.get_paginated_response([notification_body(row) for row in page])
        answer.data["unread_count"] = selectors.unread_counts([user_id])[user_id]
        return answer


class UnreadNotificationsView(NotificationsView):
    """GET /api/notifications/unread/."""

    def rows(self, user_id: int) -> Any:
        """Return what is unread."""
        return selectors.unread_of(user_id)

    @extend_schema(
        operation_id="listUnreadNotifications",
        summary="List one's unread notifications",
        description="Newest first, as `GET /api/notifications/`.",
        tags=TAGS,
        responses={200: NotificationSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """One page."""
        return super().get(request)


class ReadNotificationView(OwnView):
    """POST /api/notifications/{id}/read/."""

    serializer_class = NotificationSerializer

    @extend_schema(
        operation_id="readNotification",
        summary="Mark one of one's notifications as read",
        description="Again is no mistake: it keeps the time it was first read.",
        tags=TAGS,
        request=None,
        responses={200: NotificationSerializer} | errors(404),
    )
    def post(self, request: Request, notification_id: int) -> Response:
        """Mark it."""
        row = services.mark_read(claims_of(request).user_id, notification_id)
        if row is None:
            raise NotFound("Notification not found")
        return Response(notification_body(row))


class ReadAllNotificationsView(OwnView):
    """POST /api/notifications/read-all/."""

    serializer_class = ReadAllSerializer

    @extend_schema(
        operation_id="readAllNotifications",
        summary="Mark all one's notifications as read",
        tags=TAGS,
        request=None,
        responses={200: ReadAllSerializer},
    )
    def post(self, request: Request) -> Response:
        """Mark them."""
        user_id = claims_of(request).user_id
        marked = services.mark_all_read(user_id)
        left = selectors.unread_counts([user_id])[user_id]
        return Response({"marked": marked, "unread_count": left})


class SettingsView(OwnView):
    """GET, POST, PATCH /api/notifications/settings/."""

    serializer_class = SettingsSerializer

    @extend_schema(
        operation_id="getNotificationSettings",
        summary="Read what one wants to be told, and how",
        tags=TAGS,
        responses={200: SettingsSerializer},
    )
    def get(self, request: Request) -> Response:
        """All of it."""
        user_id = claims_of(request).user_id
        return Response(_settings_of(user_id))

    @extend_schema(
        operation_id="changeNotificationSettings",
        summary="Change what one wants to be told, and how",
        description="What is left out stays; the answer is the whole.",
        tags=TAGS,
        request=ChangeSettingsSerializer,
        responses={200: SettingsSerializer},
    )
    def post(self, request: Request) -> Response:
        """Change a part."""
        return self._change(request)

    @extend_schema(
        operation_id="patchNotificationSettings",
        summary="Change what one wants to be told, and how",
        description="As `POST`.",
        tags=TAGS,
        request=ChangeSettingsSerializer,
        responses={200: SettingsSerializer},
    )
    def patch(self, request: Request) -> Response:
        """Change a part."""
        return self._change(request)

    def _change(self, request: Request) -> Response:
        body = ChangeSettingsSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        quiet = given.get("quiet_hours")
        user_id = claims_of(request).user_id
        settings_services.change_settings(
            user_id,
            kinds=given.get("kinds"),
            quiet_hours=None if quiet is None else (quiet["start"], quiet["end"]),
            quiet_is_given="quiet_hours" in given,
            digest_at=given.get("digest_at"),
        )
        return Response(_settings_of(user_id))


def _settings_of(user_id: int) -> dict[str, Any]:
    wishes = settings_services.wishes_of([user_id])[user_id]
    return settings_body(wishes, settings_services.mailing_of(user_id))


class UnsubscribeView(OwnView):
    """POST /api/notifications/unsubscribe/."""

    serializer_class = UnsubscribedSerializer
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (FormParser, MultiPartParser, JSONParser)

    @extend_schema(
        operation_id="unsubscribe",
        summary="Get no more mails of one kind",
        description=(
            "The address in a mail's `List-Unsubscribe` header, for mail programs (RFC 8058): "
            "who has the mail may do it. Again is no mistake."
        ),
        tags=TAGS,
        parameters=[OpenApiParameter("token", str, required=True, description="Of the mail")],
        request=None,
        responses={200: UnsubscribedSerializer} | errors(400),
    )
    def post(self, request: Request) -> Response:
        """Switch that kind off."""
        try:
            word = mailing.unsubscribe(request.query_params.get("token", ""))
        except mailing.BadLink as error:
            raise ValidationError({"token": ["is none of a mail of ours"]}) from error
        return Response({"message": f"You get no more mails of the kind {word}"})


class ResumeMailView(OwnView):
    """POST /api/notifications/email/resume/."""

    serializer_class = SettingsSerializer

    @extend_schema(
        operation_id="resumeNotificationMail",
        summary="Be written to again",
        description=(
            "After the address took no mail, says its owner that it does now; it is tried until "
            "it refuses another one. Confirming the address or setting another does the same. "
            "Again is no mistake. The answer is the settings."
        ),
        tags=TAGS,
        request=None,
        responses={200: SettingsSerializer},
    )
    def post(self, request: Request) -> Response:
        """Switch mail on."""
        user_id = claims_of(request).user_id
        bounces.resume(user_id)
        return Response(_settings_of(user_id))


class BouncesView(OwnView):
    """POST /api/notifications/bounces/."""

    serializer_class = BounceTakenSerializer
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="reportBounce",
        summary="Report an address that took no mail",
        description=(
            "For mail services. The secret is the site's `EMAIL_BOUNCE_SECRET`; without one there "
            "is nothing here. The answer is the same for an address nobody has."
        ),
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "X-Bounce-Secret",
                str,
                OpenApiParameter.HEADER,
                required=True,
                description="What the site and its mail service agreed on",
            )
        ],
        request=BounceSerializer,
        responses={200: BounceTakenSerializer} | errors(403, 404),
    )
    def post(self, request: Request) -> Response:
        """Note it."""
        if not settings.EMAIL_BOUNCE_SECRET:
            raise NotFound("This site is told of no bounces")
        given = request.headers.get("X-Bounce-Secret", "")
        if not constant_time_compare(given, settings.EMAIL_BOUNCE_SECRET):
            raise PermissionDenied("The secret is not that of this site")
        body = BounceSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        bounces.note_address(body.validated_data["email"], body.validated_data.get("detail", ""))
        return Response({"received": True})
