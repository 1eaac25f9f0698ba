"""`/api/auth/sessions/`: where an account is logged in, and how to end it there."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock
from apps.core.schema import errors
from apps.users import security_serializers, selectors, services
from apps.users.base_views import PrivateView, account_of, session_id_of

TAGS = ["sessions"]


class SessionsView(PrivateView, generics.GenericAPIView[Any]):
    """GET /api/auth/sessions/."""

    serializer_class = security_serializers.SessionSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Return one's own living sessions."""
        return selectors.sessions_of(account_of(self.request).pk, clock.now())

    @extend_schema(
        operation_id="listSessions",
        summary="List the sessions of one's account",
        description="`last_used_at` is the last refresh: at most an hour old while in use.",
        tags=TAGS,
        responses={200: security_serializers.SessionSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Living sessions, the last used first."""
        page = self.paginate_queryset(self.get_queryset())
        context = {"session_id": session_id_of(request)}
        rows = security_serializers.SessionSerializer(page, many=True, context=context)
        return self.get_paginated_response(rows.data)


class SessionView(PrivateView):
    """DELETE /api/auth/sessions/{id}/."""

    @extend_schema(
        operation_id="endSession",
        summary="End a session",
        description="Its tokens are dead at once; its sockets close within 5 s.",
        tags=TAGS,
        request=None,
        responses={204: None} | errors(404),
    )
    def delete(self, request: Request, session_id: UUID) -> Response:
        """End one of one's own, this one included."""
        if not services.log_out_one(account_of(request).pk, session_id=session_id):
            raise Http404("Session not found")
        return Response(status=status.HTTP_204_NO_CONTENT)


class RevokeOthersView(PrivateView):
    """POST /api/auth/sessions/revoke-others/."""

    @extend_schema(
        operation_id="endOtherSessions",
        summary="End all sessions but this one",
        tags=TAGS,
        request=None,
        responses={200: security_serializers.EndedSerializer},
    )
    def post(self, request: Request) -> Response:
        """End them."""
        session_id = session_id_of(request)
        ended = services.log_out_others(account_of(request).pk, session_id=session_id)
        return Response({"message": "Other sessions ended", "ended": ended})
