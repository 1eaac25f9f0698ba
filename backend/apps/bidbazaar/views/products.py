"""`/api/auction/`: products, their pictures and the guide's filters. Lists are never paginated.

Source: BidBazaar guide "Product Management", "Product Filters"; register 48 to 55.
"""

from django.conf import settings
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.auctions import selectors, services
from apps.bidbazaar import errors, phrases, serializers
from apps.bidbazaar.errors import GuideError
from apps.bidbazaar.views.base import (
    LIST,
    GuideView,
    PrivateView,
    body_of,
    claims_of,
    errors_in,
    product_reply,
    products_reply,
    published_product,
)
from apps.bidding.desk import desk
from apps.core import clock
from apps.core.json import JSONParser
from apps.core.throttling import UploadThrottle, UserThrottle
from apps.users.permissions import IsSeller
from domain.commands import Tick

BOUND = {"type": "integer", "minimum": 1 - 10**20, "maximum": 10**20 - 1}
CATEGORY = OpenApiParameter(
    "category",
    {"type": "string", "minLength": 1},
    required=True,
    description="new or used, in any case; any other word finds none",
)


class NewProductThrottle(UserThrottle):
    """Listings made by one account, counted together with the roadmap's."""

    scope = "listing_user"


class ProductsView(GuideView):
    """All products, and a new one."""

    def get_permissions(self) -> list[BasePermission]:
        """Anybody may read; staff can withdraw an account's right to sell (register 24)."""
        return [IsSeller()] if self.request.method == "POST" else []

    def get_throttles(self) -> list[BaseThrottle]:
        """Count new products, not reads."""
        return [NewProductThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="listProducts", summary="List all products", tags=["products"], responses=LIST
    )
    def get(self, request: Request) -> Response:
        """Every product, sold ones included, newest first."""
        return products_reply(selectors.products())

    @extend_schema(
        operation_id="createProduct",
        summary="Create a product",
        tags=["products"],
        request=serializers.CreateProductSerializer,
        responses={201: serializers.ProductSerializer} | errors_in(403),
    )
    def post(self, request: Request) -> Response:
        """List a product for offers from its start date to its end date."""
        asked = phrases.parse_product(body_of(request), settings.SITE_CURRENCY)
        auction = services.create_auction(claims_of(request).user_id, asked=asked)
        if selectors.products_open(clock.now()).filter(pk=auction.pk).exists():
            desk.ask(auction.pk, Tick())  # opens now, not when the closer looks next
        return Response(product_reply(auction.pk), status=status.HTTP_201_CREATED)


class ProductView(GuideView):
    """One product."""

    @extend_schema(
        operation_id="getProduct",
        summary="Get product details",
        tags=["products"],
        responses={200: serializers.ProductSerializer} | errors_in(404),
    )
    def get(self, request: Request, product_id: int) -> Response:
        """The product with its pictures and the highest bid in force."""
        return Response(product_reply(product_id))


class ProductImagesView(GuideView):
    """The pictures of one's own product."""

    parser_classes = (MultiPartParser, FormParser, JSONParser)
    throttle_classes = (UploadThrottle,)

    @extend_schema(
        operation_id="uploadProductImages",
        summary="Upload product images",
        tags=["products"],
        request={"multipart/form-data": serializers.UploadProductImagesSerializer},
        responses={201: serializers.ProductImageSerializer(many=True)} | errors_in(403, 404),
    )
    def post(self, request: Request, product_id: int) -> Response:
        """Add pictures, field `images`, repeatable: all of them or none."""
        auction = published_product(product_id)
        if auction.seller_id != claims_of(request).user_id:
            raise GuideError(403, errors.NOT_YOURS_TO_SHOW)
        files = request.FILES.getlist("images")
        if not files:
            raise GuideError(400, errors.NO_IMAGES)
        images = services.add_images(product_id, actor_id=claims_of(request).user_id, files=files)
        shown = [serializers.image_body(image) for image in images]
        return Response(shown, status=status.HTTP_201_CREATED)


class CategoryView(GuideView):
    """Products by condition."""

    @extend_schema(
        operation_id="listProductsByCategory",
        summary="List products by category",
        tags=["products"],
        parameters=[CATEGORY],
        responses=LIST | errors_in(400),
    )
    def get(self, request: Request) -> Response:
        """Products that are new or used; any other word finds none."""
        category = phrases.parse_category(request.query_params.get("category"))
        return products_reply(selectors.products_in_condition(category))


class PriceRangeView(GuideView):
    """Products by starting price."""

    @extend_schema(
        operation_id="listProductsByPrice",
        summary="List products by price range",
        tags=["products"],
        parameters=[
            OpenApiParameter("min_price", BOUND, description="Whole major units, inclusive"),
            OpenApiParameter("max_price", BOUND, description="Whole major units, inclusive"),
        ],
        responses=LIST | errors_in(400),
    )
    def get(self, request: Request) -> Response:
        """Products whose starting price lies between the bounds given."""
        least = phrases.parse_bound(request.query_params.get("min_price"), "min_price")
        most = phrases.parse_bound(request.query_params.get("max_price"), "max_price")
        return products_reply(selectors.products_priced(least, most))


class NewProductsView(GuideView):
    """New products."""

    @extend_schema(
        operation_id="listNewProducts",
        summary="List new products",
        tags=["products"],
        responses=LIST,
    )
    def get(self, request: Request) -> Response:
        """Products in new condition."""
        return products_reply(selectors.products_in_condition("new"))


class UsedProductsView(GuideView):
    """Used products."""

    @extend_schema(
        operation_id="listUsedProducts",
        summary="List used products",
        tags=["products"],
        responses=LIST,
    )
    def get(self, request: Request) -> Response:
        """Products in used condition."""
        return products_reply(selectors.products_in_condition("used"))


class SoldBySellerView(GuideView):
    """What a seller has sold."""

    @extend_schema(
        operation_id="listProductsSoldBySeller",
        summary="List products sold by a seller",
        tags=["products"],
        responses=LIST,
    )
    def get(self, request: Request, seller_id: int) -> Response:
        """Sold products of a seller; none for an unknown one."""
        return products_reply(selectors.products_sold_by(seller_id))


class ActiveByEndTimeView(GuideView):
    """What can be bid on now."""

    @extend_schema(
        operation_id="listOpenProductsByEndTime",
        summary="List active auctions by end time",
        tags=["products"],
        responses=LIST,
    )
    def get(self, request: Request) -> Response:
        """Products open for bids, those that end first first."""
        return products_reply(selectors.products_open(clock.now()))


class MyListingsView(PrivateView):
    """One's own products."""

    @extend_schema(
        operation_id="listMyListings",
        summary="List one's own products",
        tags=["products"],
        responses=LIST,
    )
    def get(self, request: Request) -> Response:
        """The caller's products, newest first."""
        return products_reply(selectors.products_of_seller(claims_of(request).user_id))
