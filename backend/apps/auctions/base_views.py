"""What the views of listings share: who looks, one listing or a page of them, the desk."""

from collections.abc import Hashable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from rest_framework import generics
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.auctions import selectors
from apps.auctions.facets import FACETS, count_facets, facet_names
from apps.auctions.filters import AuctionFilterBackend
from apps.auctions.selectors import Surroundings, Viewer
from apps.auctions.serializers import AuctionSerializer, Page, detail_body, list_body
from apps.bidding import selectors as bidding_selectors
from apps.bidding.desk import DeskFull, desk
from apps.bidding.services import Accepted
from apps.core import clock
from apps.core.api_errors import Busy
from apps.core.cursors import PageOrCursorPagination
from apps.core.kept import KeptForAll
from apps.core.throttling import UserThrottle
from domain.commands import Command

AUCTION_NOT_FOUND = "Auction not found"

_COUNTED = {"type": "integer", "minimum": 1}
_BOUND = {"type": "number", "minimum": 0}
FACETS_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "With `facets` alone. Each respects every filter but its own.",
    "properties": {
        "category": {
            "type": "array",
            "description": "The fullest first; descendants are counted",
            "items": {
                "type": "object",
                "required": ["id", "slug", "name", "count"],
                "properties": {
                    "id": {"type": "integer", "format": "int64", "minimum": 1},
                    "slug": {"type": "string"},
                    "name": {"type": "string"},
                    "count": _COUNTED,
                },
            },
        },
        "price": {
            "type": "array",
            "description": "Bands of the price shown, both bounds within; the last has no max",
            "items": {
                "type": "object",
                "required": ["min", "max", "count"],
                "properties": {
                    "min": _BOUND,
                    "max": {**_BOUND, "type": ["number", "null"]},
                    "count": _COUNTED,
                },
            },
        },
    },
}


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


class ListingsPagination(PageOrCursorPagination):
    """A page of listings, with `facets` when asked for."""

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Return how the document describes the page and `facets`."""
        facets = {
            "name": "facets",
            "in": "query",
            "description": "Counts to come with the page, of all that the other filters leave.",
            "style": "form",
            "explode": False,
            "schema": {"type": "array", "items": {"type": "string", "enum": list(FACETS)}},
        }
        return [*super().get_schema_operation_parameters(view), facets]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the shape of a page of listings."""
        page = super().get_paginated_response_schema(schema)
        page["properties"]["facets"] = FACETS_SCHEMA
        return page


class ListingsView(generics.ListAPIView[Any]):
    """A page of listings: filters, order, page size and facets are the same everywhere."""

    serializer_class: type[Any] = AuctionSerializer
    pagination_class: type[BasePagination] = ListingsPagination
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
        names = facet_names(request)
        everything = self.get_queryset()
        found = self.filter_queryset(everything)
        rows = self.paginate_queryset(found) or []
        page = page_of(request, selectors.around_list(rows))
        response = self.get_paginated_response([list_body(row, page) for row in rows])
        if names is not None:
            response.data["facets"] = count_facets(names, everything, found=found, request=request)
        return response
