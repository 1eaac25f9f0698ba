"""`/api/auctions/{id}/watch/`, `/api/saved-searches/`: what a user keeps an eye on."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import NotFound
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.auctions import edit_serializers, selectors, serializers
from apps.auctions import following_services as following
from apps.auctions.base_views import ListingView, WatchThrottle, user_id_of
from apps.core.schema import errors

TAGS = ["auctions"]
DONE = {204: None}


class WatchView(ListingView):
    """POST, DELETE /api/auctions/{id}/watch/."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (WatchThrottle,)

    @extend_schema(
        operation_id="watchAuction",
        summary="Watch an auction",
        tags=TAGS,
        request=None,
        responses=dict.fromkeys((200, 201), serializers.WatchSerializer) | errors(404),
    )
    def post(self, request: Request, auction_id: int) -> Response:
        """Add to the watchlist; 200 if it was there."""
        self.auction_or_404(request, auction_id)
        added = following.watch(auction_id, user_id=user_id_of(request))
        body = {
            "auction_id": auction_id,
            "watching": True,
            "watchers": selectors.watcher_count(auction_id),
        }
        code = status.HTTP_201_CREATED if added else status.HTTP_200_OK
        return Response(body, status=code)

    @extend_schema(
        operation_id="unwatchAuction",
        summary="Stop watching an auction",
        tags=TAGS,
        responses=DONE | errors(404),
    )
    def delete(self, request: Request, auction_id: int) -> Response:
        """Take off the watchlist, also what was never on it."""
        if not following.unwatch(auction_id, user_id=user_id_of(request)):
            self.auction_or_404(request, auction_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SavedSearchesView(generics.ListAPIView[Any]):
    """GET, POST /api/saved-searches/."""

    permission_classes = (IsAuthenticated,)
    throttle_classes = (WatchThrottle,)
    serializer_class = serializers.SavedSearchSerializer

    def get_queryset(self) -> QuerySet[Any]:
        """Return the caller's own."""
        if getattr(self, "swagger_fake_view", False):
            return following.searches_of(0)
        return following.searches_of(user_id_of(self.request))

    @extend_schema(operation_id="listSavedSearches", summary="List your saved searches", tags=TAGS)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """List one's own, newest first."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="saveSearch",
        summary="Save a search under a name",
        tags=TAGS,
        request=edit_serializers.SaveSearchSerializer,
        responses=dict.fromkeys((200, 201), serializers.SavedSearchSerializer) | errors(400),
    )
    def post(self, request: Request) -> Response:
        """Keep it; 200 when a search of that name was changed."""
        sent = edit_serializers.SaveSearchSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        search, added = following.save_search(user_id_of(request), **sent.validated_data)
        code = status.HTTP_201_CREATED if added else status.HTTP_200_OK
        return Response(serializers.SavedSearchSerializer(search).data, status=code)


class SavedSearchView(APIView):
    """DELETE /api/saved-searches/{id}/."""

    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="deleteSavedSearch",
        summary="Delete a saved search",
        tags=TAGS,
        responses=DONE | errors(404),
    )
    def delete(self, request: Request, search_id: int) -> Response:
        """Forget it."""
        if not following.forget_search(search_id, user_id=user_id_of(request)):
            raise NotFound("Saved search not found")
        return Response(status=status.HTTP_204_NO_CONTENT)
