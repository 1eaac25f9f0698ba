"""`/api/api-keys/`: what programs of one's own may do in one's name."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.schema import errors
from apps.core.throttling import ConfirmThrottle, ForgivesSuccess
from apps.users import key_serializers, key_services, selectors
from apps.users.base_views import PrivateView, account_of, body_of, session_id_of

TAGS = ["api keys"]


class KeysView(ForgivesSuccess, PrivateView, generics.GenericAPIView[Any]):
    """GET, POST /api/api-keys/."""

    serializer_class = key_serializers.ApiKeySerializer

    def get_throttles(self) -> list[Any]:
        """Count wrong passwords, not looks at the list."""
        if not hasattr(self, "_throttles"):
            self._throttles = [ConfirmThrottle()] if self.request.method == "POST" else []
        return self._throttles

    def get_queryset(self) -> QuerySet[Any]:
        """Return one's own keys."""
        return selectors.keys_of(account_of(self.request).pk)

    @extend_schema(
        operation_id="listApiKeys",
        summary="List one's API keys",
        description="Newest first; never their text.",
        tags=TAGS,
        responses={200: key_serializers.ApiKeySerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """One page."""
        page = self.paginate_queryset(self.get_queryset())
        rows = key_serializers.ApiKeySerializer(page, many=True)
        return self.get_paginated_response(rows.data)

    @extend_schema(
        operation_id="createApiKey",
        summary="Make an API key",
        description=(
            "`key` is shown this once; programs send it as `Authorization: Bearer bbk_…`, also to "
            "sockets. It does what its scopes say and nothing else, whatever its owner may. The "
            "password is needed when the login was more than 15 minutes ago."
        ),
        tags=TAGS,
        request=key_serializers.CreateApiKeySerializer,
        responses={201: key_serializers.MadeApiKeySerializer} | errors(403),
    )
    def post(self, request: Request) -> Response:
        """Make it."""
        body = key_serializers.CreateApiKeySerializer(data=body_of(request))
        body.is_valid(raise_exception=True)
        key, text = key_services.create_key(
            account_of(request),
            name=body.validated_data["name"],
            scopes=body.validated_data["scopes"],
            expires_at=body.validated_data.get("expires_at"),
            password=body_of(request).get("password"),
            session_id=session_id_of(request),
        )
        made = {**key_serializers.ApiKeySerializer(key).data, "key": text}
        headers = {"Cache-Control": "private, no-store"}
        return Response(made, status=status.HTTP_201_CREATED, headers=headers)


class KeyView(PrivateView):
    """DELETE /api/api-keys/{key_id}/."""

    @extend_schema(
        operation_id="deleteApiKey",
        summary="Take an API key back",
        description="It is dead at once; its sockets close within 5 s.",
        tags=TAGS,
        request=None,
        responses={204: None} | errors(404),
    )
    def delete(self, request: Request, key_id: int) -> Response:
        """Take it back."""
        if not key_services.delete_key(account_of(request).pk, key_id):
            raise Http404("API key not found")
        return Response(status=status.HTTP_204_NO_CONTENT)
