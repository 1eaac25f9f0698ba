"""`/api/auctions/`, `/api/categories/`: parse, authorise, ask one service or selector, present."""

from typing import Any
from zlib import crc32

from django.db.models import QuerySet
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.auctions import (
    categories,
    edit_serializers,
    selectors,
    serializers,
    services,
    staff_services,
)
from apps.auctions.base_views import (
    KeptDetail,
    KeptList,
    ListingsView,
    ListingThrottle,
    ListingView,
    ask_desk,
    page_of,
    user_id_of,
    viewer_of,
)
from apps.auctions.permissions import CanActivateAuction, CanEndAuction, IsSellerOrReadOnly
from apps.core import clock
from apps.core.json import JSONParser
from apps.core.pagination import PAGE_SIZE_MAX, PageNumberPagination
from apps.core.schema import errors
from apps.core.throttling import UploadThrottle
from apps.users.permissions import IsSeller
from apps.users.rights import Right, may
from domain import commands as ask

TAGS = ["auctions"]
LISTED = {200: serializers.AuctionSerializer(many=True)}
DETAIL = {200: serializers.AuctionDetailSerializer}
CHANGED = DETAIL | errors(400, 403, 404, 503)
DONE = {204: None}
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of an earlier answer: 304 when nothing has changed since.",
)


class AuctionsView(KeptList, ListingsView):
    """GET, POST /api/auctions/."""

    def get_permissions(self) -> list[Any]:
        """Anybody may read; selling needs an account that may sell."""
        return [IsSeller()] if self.request.method == "POST" else [AllowAny()]

    def get_throttles(self) -> list[BaseThrottle]:
        """Count new listings, not reads."""
        return [ListingThrottle()] if self.request.method == "POST" else []

    def rows(self) -> QuerySet[Any]:
        """Newest first."""
        return selectors.listed_auctions(viewer_of(self.request)).order_by("-created_at", "-pk")

    @extend_schema(
        operation_id="listAuctions",
        summary="List auctions",
        tags=TAGS,
        responses=LISTED,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every auction the caller may see, newest first; drafts are their seller's own."""
        return self.list(request)

    @extend_schema(
        operation_id="createAuction",
        summary="Create an auction",
        tags=TAGS,
        request=edit_serializers.CreateAuctionSerializer,
        responses={201: serializers.AuctionDetailSerializer} | errors(403),
    )
    def post(self, request: Request) -> Response:
        """Create a draft; `activate` starts it."""
        body = edit_serializers.CreateAuctionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        auction = services.create_auction(user_id_of(request), asked=body.asked())
        page = page_of(request, selectors.around_detail(auction))
        return Response(serializers.detail_body(auction, page), status=status.HTTP_201_CREATED)


class ActiveAuctionsView(KeptList, ListingsView):
    """GET /api/auctions/active/."""

    permission_classes = (AllowAny,)

    def rows(self) -> QuerySet[Any]:
        """The first to end first."""
        return selectors.active_auctions(clock.now()).order_by("end_at", "pk")

    @extend_schema(
        operation_id="listActiveAuctions",
        summary="List active auctions",
        tags=TAGS,
        responses=LISTED,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What can be bid on now, the first to end first."""
        return self.list(request)


class EndingSoonView(KeptList, ListingsView):
    """GET /api/auctions/ending-soon/."""

    permission_classes = (AllowAny,)

    def rows(self) -> QuerySet[Any]:
        """The first to end first."""
        return selectors.auctions_ending_soon(clock.now()).order_by("end_at", "pk")

    @extend_schema(
        operation_id="listAuctionsEndingSoon",
        summary="List auctions ending soon",
        tags=TAGS,
        responses=LISTED,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Active auctions that end in less than 24 hours, the first to end first."""
        return self.list(request)


class MyAuctionsView(ListingsView):
    """GET /api/auctions/my-auctions/."""

    permission_classes = (IsAuthenticated,)

    def rows(self) -> QuerySet[Any]:
        """Newest first."""
        own = selectors.auctions_of_seller(user_id_of(self.request))
        return own.order_by("-created_at", "-pk")

    @extend_schema(
        operation_id="listMyAuctions",
        summary="List one's own auctions",
        tags=TAGS,
        responses=LISTED,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the caller sells, drafts included, newest first."""
        return self.list(request)


class WatchlistView(ListingsView):
    """GET /api/auctions/watchlist/."""

    permission_classes = (IsAuthenticated,)

    def rows(self) -> QuerySet[Any]:
        """The last watched first."""
        viewer = viewer_of(self.request)
        watched = selectors.watched_auctions(user_id_of(self.request), viewer)
        return watched.order_by("-watchers__id")

    @extend_schema(
        operation_id="listWatchlist",
        summary="List watched auctions",
        tags=TAGS,
        responses=LISTED,
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What the caller follows, the last added first."""
        return self.list(request)


class AuctionView(KeptDetail, ListingView):
    """GET, PATCH, DELETE /api/auctions/{id}/."""

    permission_classes = (IsSellerOrReadOnly,)

    @extend_schema(
        operation_id="getAuction",
        summary="Read an auction",
        tags=TAGS,
        parameters=[IF_NONE_MATCH],
        responses=DETAIL | {304: None} | errors(404),
    )
    def get(self, request: Request, auction_id: int) -> Response:
        """One auction in full, with every picture, its lots and the last 20 bids."""
        auction = self.auction_or_404(request, auction_id)
        etag = _etag(auction, viewer_of(request).user_id)
        headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
        if etag in parse_etags(request.headers.get("If-None-Match", "")):
            return Response(status=status.HTTP_304_NOT_MODIFIED, headers=headers)
        page = page_of(request, selectors.around_detail(auction))
        return Response(serializers.detail_body(auction, page), headers=headers)

    @extend_schema(
        operation_id="editAuction",
        summary="Change an auction",
        tags=TAGS,
        request=edit_serializers.EditAuctionSerializer,
        responses=DETAIL | errors(403, 404),
    )
    def patch(self, request: Request, auction_id: int) -> Response:
        """Before the first bid everything, after it the title and additions to the description."""
        auction = self.auction_or_404(request, auction_id)
        body = edit_serializers.EditAuctionSerializer(
            data=request.data, context={"currency": auction.currency}
        )
        body.is_valid(raise_exception=True)
        services.edit_auction(auction_id, actor_id=user_id_of(request), changes=body.terms())
        return Response(self.detail(request, auction_id))

    @extend_schema(
        operation_id="deleteAuction",
        summary="Delete an auction",
        tags=TAGS,
        responses=DONE | errors(400, 403, 404, 503),
    )
    def delete(self, request: Request, auction_id: int) -> Response:
        """Before the first bid; a published auction is cancelled and its room told."""
        self.auction_or_404(request, auction_id)
        if not services.delete_draft(auction_id, actor_id=user_id_of(request)):
            ask_desk(auction_id, ask.CancelAuction(**_asker(request)))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ActivateView(ListingView):
    """POST /api/auctions/{id}/activate/."""

    permission_classes = (CanActivateAuction,)

    @extend_schema(
        operation_id="activateAuction",
        summary="Start an auction",
        tags=TAGS,
        request=None,
        responses=CHANGED,
    )
    def post(self, request: Request, auction_id: int) -> Response:
        """Start the countdown: active now, or scheduled when its start lies ahead."""
        self.auction_or_404(request, auction_id)
        ask_desk(auction_id, ask.ActivateAuction(**_asker(request)))
        return Response(self.detail(request, auction_id))


class EndView(ListingView):
    """POST /api/auctions/{id}/end/."""

    permission_classes = (CanEndAuction,)

    @extend_schema(
        operation_id="endAuction",
        summary="End an auction early",
        tags=TAGS,
        request=None,
        responses=CHANGED,
    )
    def post(self, request: Request, auction_id: int) -> Response:
        """Settle now with whoever leads, the reserve permitting."""
        self.auction_or_404(request, auction_id)
        is_staff = may(request.user, Right.MARKET)
        ask_desk(auction_id, ask.EndAuction(**_asker(request), is_staff=is_staff))
        if is_staff:
            staff_services.write_down_end(auction_id, actor_id=user_id_of(request))
        return Response(self.detail(request, auction_id))


class ImagesView(ListingView):
    """POST /api/auctions/{id}/images/."""

    permission_classes = (IsSellerOrReadOnly,)
    parser_classes = (MultiPartParser, JSONParser)
    throttle_classes = (UploadThrottle,)

    @extend_schema(
        operation_id="uploadAuctionImages",
        summary="Add pictures to an auction",
        tags=TAGS,
        request={"multipart/form-data": edit_serializers.UploadImagesSerializer},
        responses={201: serializers.AuctionImageSerializer(many=True)} | errors(403, 404),
    )
    def post(self, request: Request, auction_id: int) -> Response:
        """Add the files of the field `images`, which may be repeated: all of them or none."""
        self.auction_or_404(request, auction_id)
        files = request.FILES.getlist("images")
        if not files:
            raise ValidationError("No images provided")
        stored = services.add_images(auction_id, actor_id=user_id_of(request), files=files)
        body = [serializers.image_body(picture) for picture in stored]
        return Response(body, status=status.HTTP_201_CREATED)


class ImagesOrderView(ListingView):
    """PUT /api/auctions/{id}/images/order/."""

    permission_classes = (IsSellerOrReadOnly,)
    throttle_classes = (ListingThrottle,)

    @extend_schema(
        operation_id="orderAuctionImages",
        summary="Put an auction's pictures in order",
        tags=TAGS,
        request=edit_serializers.ImageOrderSerializer,
        responses={200: serializers.AuctionImageSerializer(many=True)} | errors(400, 403, 404),
    )
    def put(self, request: Request, auction_id: int) -> Response:
        """The first is the cover; every picture is named once."""
        self.auction_or_404(request, auction_id)
        sent = edit_serializers.ImageOrderSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        ordered = services.order_images(
            auction_id, actor_id=user_id_of(request), image_ids=sent.validated_data["image_ids"]
        )
        return Response([serializers.image_body(picture) for picture in ordered])


class ImageView(ListingView):
    """DELETE /api/auctions/{id}/images/{image_id}/."""

    permission_classes = (IsSellerOrReadOnly,)

    @extend_schema(
        operation_id="deleteAuctionImage",
        summary="Take a picture away",
        tags=TAGS,
        responses=DONE | errors(400, 403, 404),
    )
    def delete(self, request: Request, auction_id: int, image_id: int) -> Response:
        """Before the first bid."""
        self.auction_or_404(request, auction_id)
        if not services.remove_image(auction_id, actor_id=user_id_of(request), image_id=image_id):
            raise NotFound("Image not found")
        return Response(status=status.HTTP_204_NO_CONTENT)


class CategoryPagination(PageNumberPagination):
    """The whole tree at once, as far as it has at most 100 places."""

    page_size = PAGE_SIZE_MAX


class CategoriesView(KeptList, generics.ListAPIView[Any]):
    """GET /api/categories/."""

    permission_classes = (AllowAny,)
    pagination_class: type[BasePagination] = CategoryPagination
    filter_backends = ()
    serializer_class = serializers.CategorySerializer

    @extend_schema(
        operation_id="listCategories",
        summary="List categories",
        tags=["categories"],
        responses={200: serializers.CategorySerializer(many=True)},
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Every category in the order of the tree, with the number of active auctions."""
        rows: Any = self.paginate_queryset(categories.category_tree())
        return self.get_paginated_response([serializers.category_body(row) for row in rows])


def _asker(request: Request) -> dict[str, Any]:
    """Return what every command carries of the person who asks; staff's rights are not used."""
    claims: Any = request.auth
    return {"actor_id": user_id_of(request), "session_id": claims.session_id}


def _etag(auction: Any, viewer_id: int | None) -> str:
    """Return a tag that changes with whatever the detail shows, the clock aside."""
    around = repr(selectors.around_version(auction.pk)).encode()
    version = f"{auction.updated_at.timestamp():.6f}-{crc32(around):08x}"
    own = "s" if viewer_id == auction.seller_id else "v"
    return f'W/"{auction.pk}-{auction.seq}-{version}-{own}"'
