"""What the views of listings share: who looks, one listing or a page of them, the desk."""

from collections.abc import Hashable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.auctions import selectors
from apps.auctions.filters import AuctionFilterBackend
from apps.auctions.selectors import Surroundings, Viewer
from apps.auctions.serializers import AuctionSerializer, Page, detail_body, list_body
from apps.bidding import selectors as bidding_selectors
from apps.bidding.desk import DeskFull, desk
from apps.bidding.services import Accepted
from apps.core import clock
from apps.core.api_errors import Busy
from apps.core.kept import KeptForAll
from apps.core.throttling import UserThrottle
from domain.commands import Command

AUCTION_NOT_FOUND = "Auction not found"


class ListingThrottle(UserThrottle):
    """Listings made by one account."""

    scope = "listing_user"


class WatchThrottle(UserThrottle):
    """Changes of one account's watchlist."""

    scope = "watch_user"


def viewer_of(request: Request) -> Viewer:
    """Return who looks."""
    user: Any = request.user
    if isinstance(user, AnonymousUser):
        return Viewer()
    return Viewer(user.pk, user.is_staff)


def page_of(request: Request, around: Surroundings) -> Page:
    """Return what presenting needs besides the rows."""
    return Page(around, viewer_of(request).user_id, clock.now())


def user_id_of(request: Request) -> int:
    """Return the account of a request whose view demands one."""
    user: Any = request.user
    return int(user.pk)


def ask_desk(auction_id: int, command: Command) -> Accepted:
    """Ask the desk from a view; a full desk is 503 with Retry-After."""
    try:
        return desk.ask(auction_id, command)
    except DeskFull as error:
        raise Busy from error


class KeptList(KeptForAll):
    """A list anybody may read: it changes with the last event and the last edit of the market.

    A second at most: the watchers of a listing and the passing of an end leave neither.
    """

    kept_seconds = 1.0

    def version(self, **path: Any) -> Hashable | None:
        """Return the head of the histories and of the edits."""
        return (bidding_selectors.last_event_id(), selectors.last_change_id())


class KeptDetail(KeptForAll):
    """A listing anybody may read."""

    kept_seconds = 30.0

    def version(self, **path: Any) -> Hashable | None:
        """Return its own version."""
        return selectors.detail_version(path["auction_id"])


class ListingView(APIView):
    """A view of one listing. Hidden and absent listings answer the same 404."""

    def auction_or_404(self, request: Request, auction_id: int) -> Any:
        """Return the listing's row, if the asker may see it and do this with it."""
        auction = selectors.auction_of(auction_id, viewer_of(request))
        if auction is None:
            raise NotFound(AUCTION_NOT_FOUND)
        self.check_object_permissions(request, auction)
        return auction

    def detail(self, request: Request, auction_id: int) -> dict[str, Any]:
        """Return the listing in full, read anew."""
        auction = selectors.auction_of(auction_id, viewer_of(request))
        if auction is None:
            raise NotFound(AUCTION_NOT_FOUND)
        return detail_body(auction, page_of(request, selectors.around_detail(auction)))


class ListingsView(generics.ListAPIView[Any]):
    """A page of listings: filters, order and page size are the same everywhere."""

    serializer_class: type[Any] = AuctionSerializer
    filter_backends = (AuctionFilterBackend,)

    def rows(self) -> QuerySet[Any]:
        """Return the listings in this list's own order."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """Return the listings; none while the schema is drawn, which has no user."""
        if getattr(self, "swagger_fake_view", False):
            return selectors.nothing()
        return self.rows()

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one page."""
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset())) or []
        page = page_of(request, selectors.around_list(rows))
        return self.get_paginated_response([list_body(row, page) for row in rows])
