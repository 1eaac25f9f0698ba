"""`/api/reports/`, `/api/admin/reports/` and appeals."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.backoffice import appeal_services, report_selectors, report_serializers, report_services
from apps.backoffice.base_views import (
    TAGS,
    HouseView,
    StaffListView,
    StaffView,
    word_parameter,
)
from apps.core import clock
from apps.core.json import JSONParser
from apps.core.schema import errors
from apps.core.throttling import AddressThrottle, UploadThrottle, UserThrottle
from apps.users.authentication import claims_of
from apps.users.rights import Right

REPORTS_TAGS = ["reports"]
YES = ("true",)


class ReportThrottle(UserThrottle):
    """Reports and appeals of one account."""

    scope = "report_user"


class AppealThrottle(AddressThrottle):
    """Appeals of people who are not logged in."""

    scope = "appeal_address"


class ReportsView(HouseView, generics.GenericAPIView[Any]):
    """GET, POST /api/reports/."""

    serializer_class = report_serializers.ReportSerializer
    parser_classes = (JSONParser, MultiPartParser)

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what is sent, and pictures as uploads besides."""
        if self.request.method != "POST":
            return []
        sends_form = (self.request.content_type or "").startswith("multipart/")
        return [ReportThrottle(), *([UploadThrottle()] if sends_form else [])]

    @extend_schema(
        operation_id="listOwnReports",
        summary="List one's own reports",
        tags=REPORTS_TAGS,
        responses={200: report_serializers.ReportSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """What the caller reported and what came of it, newest first."""
        page = self.paginate_queryset(report_selectors.reports_of(claims_of(request).user_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="createReport",
        summary="Report an auction, a user or a message to staff",
        description="A message by who sent it or was sent it; staff may then read what was "
        "written around it. Pictures go with it as a form, in the field `images`. While one's "
        "report of the same thing is open, asking again gives the same one, with 200.",
        tags=REPORTS_TAGS,
        request={
            "application/json": report_serializers.CreateReportSerializer,
            "multipart/form-data": report_serializers.ReportImagesSerializer,
        },
        responses={
            201: report_serializers.ReportSerializer,
            200: report_serializers.ReportSerializer,
        }
        | errors(404),
    )
    def post(self, request: Request) -> Response:
        """Put it into staff's queue."""
        body = self.read(report_serializers.CreateReportSerializer)
        images = request.FILES.getlist("images")
        report, created = report_services.open_report(
            claims_of(request).user_id, **body, images=images
        )
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(report_serializers.report_body(report), status=code)


class AppealReportView(HouseView):
    """POST /api/reports/{id}/appeal/."""

    throttle_classes = (ReportThrottle,)

    @extend_schema(
        operation_id="appealReport",
        summary="Appeal against a decision",
        description="By who was judged: once, within 14 days. Somebody else of staff decides.",
        tags=REPORTS_TAGS,
        request=report_serializers.AppealReportSerializer,
        responses={201: report_serializers.AppealSerializer} | errors(404),
    )
    def post(self, request: Request, report_id: int) -> Response:
        """Ask that somebody else look at it."""
        body = self.read(report_serializers.AppealReportSerializer)
        appeal = appeal_services.appeal_report(report_id, claims_of(request).user_id, **body)
        shown = report_serializers.AppealSerializer(appeal).data
        return Response(shown, status=status.HTTP_201_CREATED)


class AppealByLinkView(HouseView):
    """POST /api/reports/appeal/."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    throttle_classes = (AppealThrottle,)

    @extend_schema(
        operation_id="appealByLink",
        summary="Appeal with a mailed link",
        description="For who is suspended or banned and cannot log in: `token` is what the link "
        "of the mail carries behind `#token=`.",
        tags=REPORTS_TAGS,
        auth=[],
        request=report_serializers.AppealByLinkSerializer,
        responses={201: report_serializers.AppealSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ask that somebody else look at it."""
        body = self.read(report_serializers.AppealByLinkSerializer)
        appeal = appeal_services.appeal_by_link(body["token"], text=body["text"])
        shown = report_serializers.AppealSerializer(appeal).data
        return Response(shown, status=status.HTTP_201_CREATED)


class AdminReportsView(StaffListView):
    """GET /api/admin/reports/."""

    rights = {"GET": Right.REPORTS}
    serializer_class = report_serializers.AdminReportSerializer

    @extend_schema(
        operation_id="listReports",
        summary="List reports by users",
        tags=TAGS,
        parameters=[
            word_parameter("state", report_serializers.REPORT_STATES, "Only of this state"),
            word_parameter("kind", report_services.KINDS, "Only about this"),
            word_parameter("overdue", YES, "Only open ones past their `due_at`"),
        ],
        responses={200: report_serializers.AdminReportSerializer(many=True)} | errors(400, 403),
    )
    def get(self, request: Request) -> Response:
        """The queue, newest first."""
        rows = report_selectors.reports(
            state=self.word("state", report_serializers.REPORT_STATES),
            kind=self.word("kind", report_services.KINDS),
            overdue_at=clock.now() if self.word("overdue", YES) else None,
        )
        return self.page(rows)


class ResolveReportView(StaffView):
    """POST /api/admin/reports/{id}/resolve/."""

    rights = {"GET": Right.REPORTS, "POST": Right.REPORTS}

    @extend_schema(
        operation_id="resolveReport",
        summary="Decide a report",
        description="`action` removes the auction, suspends or bans the user or a message's "
        "sender, as its own door would; it goes with `upheld`. The reporter is told, and so is "
        "who was judged.",
        tags=TAGS,
        request=report_serializers.ResolveReportSerializer,
        responses={200: report_serializers.AdminReportSerializer} | errors(403, 404),
    )
    def post(self, request: Request, report_id: int) -> Response:
        """Uphold or dismiss it."""
        body = self.read(report_serializers.ResolveReportSerializer)
        report_services.resolve_report(
            report_id,
            actor_id=claims_of(request).user_id,
            resolution=body["resolution"],
            action=body.get("action", ""),
            note=body["note"],
        )
        report = report_selectors.reports().get(pk=report_id)
        return Response(report_serializers.AdminReportSerializer(report).data)


class ReportedConversationView(StaffView):
    """GET /api/admin/reports/{id}/conversation/."""

    rights = {"GET": Right.REPORTS}

    @extend_schema(
        operation_id="readReportedConversation",
        summary="Read what was written around a reported message",
        description="Twenty messages on either side. Each reading is written into the log.",
        tags=TAGS,
        responses={200: report_serializers.ConversationPartSerializer} | errors(403, 404),
    )
    def get(self, request: Request, report_id: int) -> Response:
        """The part of the conversation, oldest first."""
        found = report_services.read_conversation(report_id, actor_id=claims_of(request).user_id)
        body = {
            "conversation_id": found[0].conversation_id,
            "message_id": report_selectors.reports().get(pk=report_id).target_id,
            "messages": found,
        }
        return Response(report_serializers.ConversationPartSerializer(body).data)


class AdminAppealsView(StaffListView):
    """GET /api/admin/appeals/."""

    rights = {"GET": Right.REPORTS}
    serializer_class = report_serializers.AdminAppealSerializer

    @extend_schema(
        operation_id="listAppeals",
        summary="List appeals",
        tags=TAGS,
        parameters=[
            word_parameter("state", report_serializers.APPEAL_STATES, "Only of this state"),
            word_parameter("overdue", YES, "Only open ones past their `due_at`"),
        ],
        responses={200: report_serializers.AdminAppealSerializer(many=True)} | errors(400, 403),
    )
    def get(self, request: Request) -> Response:
        """The queue, newest first."""
        rows = report_selectors.appeals(
            state=self.word("state", report_serializers.APPEAL_STATES),
            overdue_at=clock.now() if self.word("overdue", YES) else None,
        )
        return self.page(rows)


class DecideAppealView(StaffView):
    """POST /api/admin/appeals/{id}/decide/."""

    rights = {"GET": Right.REPORTS, "POST": Right.REPORTS}

    @extend_schema(
        operation_id="decideAppeal",
        summary="Decide an appeal",
        description="By somebody else of staff than who acted (403). Granted, a suspension or a "
        "ban ends at once; a removed auction stays removed.",
        tags=TAGS,
        request=report_serializers.DecideAppealSerializer,
        responses={200: report_serializers.AdminAppealSerializer} | errors(403, 404),
    )
    def post(self, request: Request, appeal_id: int) -> Response:
        """Grant or deny it."""
        body = self.read(report_serializers.DecideAppealSerializer)
        appeal_services.decide_appeal(appeal_id, actor_id=claims_of(request).user_id, **body)
        appeal = report_selectors.appeals().get(pk=appeal_id)
        return Response(report_serializers.AdminAppealSerializer(appeal).data)
