"""`/api/auction/products/{id}/`: bidding on a product, and selling it.

Source: BidBazaar guide "Bidding System", "My Bids on Product"; docs/bidding-rules.md B3 to B9.
"""

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.bidbazaar import errors, phrases, serializers
from apps.bidbazaar.errors import GuideError
from apps.bidbazaar.views.base import (
    GuideView,
    PrivateView,
    asker,
    body_of,
    check_published,
    claims_of,
    errors_in,
    product_reply,
)
from apps.bidding import offer_selectors
from apps.bidding.desk import desk
from apps.bidding.selectors import currency_of
from apps.core import clock
from apps.core.schema import REQUEST_KEY_HEADER
from domain.commands import SellToBid

#: An unknown product is an `error`, a product without bids a `message`.
NO_BID = PolymorphicProxySerializer(
    component_name="NoHighestBid",
    serializers=[serializers.ProductErrorSerializer, serializers.SentenceSerializer],
    resource_type_field_name=None,
)


class PlaceBidView(GuideView):
    """Bid on a product; apps/bidding/lane.py answers the same through `phrases.GuideDoor`."""

    @extend_schema(
        operation_id="placeProductBid",
        summary="Place a bid on a product",
        tags=["products"],
        parameters=[REQUEST_KEY_HEADER],
        request=serializers.PlaceProductBidSerializer,
        responses={201: serializers.PlacedProductBidSerializer} | errors_in(404, 503),
    )
    def post(self, request: Request, product_id: int) -> Response:
        """Bid an amount that stands from the bid's start date to its end date."""
        body, currency = body_of(request), currency_of(product_id)
        if currency is None:
            raise GuideError(404, errors.PRODUCT_NOT_FOUND)
        key = request.headers.get("Idempotency-Key")
        command = phrases.place_bid_command(body, currency, {**asker(request), "request_key": key})
        accepted = desk.ask(product_id, command)
        return Response(phrases.placed_bid_body(accepted), status=status.HTTP_201_CREATED)


class BidsView(GuideView):
    """The bids of a product."""

    @extend_schema(
        operation_id="listProductBids",
        summary="Get all bids for a product",
        tags=["products"],
        responses={200: serializers.ProductBidSerializer(many=True)} | errors_in(404),
    )
    def get(self, request: Request, product_id: int) -> Response:
        """All bids, the highest first, expired ones included."""
        check_published(product_id)
        bids = offer_selectors.bids_by_rank(product_id)
        return Response([serializers.bid_body(bid) for bid in bids])


class HighestBidView(GuideView):
    """The bid to beat."""

    @extend_schema(
        operation_id="getHighestProductBid",
        summary="Get the highest bid for a product",
        tags=["products"],
        responses={200: serializers.ProductBidSerializer, 404: NO_BID},
    )
    def get(self, request: Request, product_id: int) -> Response:
        """The highest bid in force; when all have expired, the highest there was."""
        check_published(product_id)
        bid = offer_selectors.highest_bid(product_id, now=clock.now())
        if bid is None:
            return Response({"message": errors.NO_BIDS}, status=status.HTTP_404_NOT_FOUND)
        return Response(serializers.bid_body(bid))


class MyBidsView(PrivateView):
    """One's own bids on a product."""

    @extend_schema(
        operation_id="listMyProductBids",
        summary="Get one's own bids on a product",
        tags=["products"],
        responses={200: serializers.OwnProductBidSerializer(many=True)} | errors_in(404),
    )
    def get(self, request: Request, product_id: int) -> Response:
        """The caller's bids on this product, the highest first."""
        check_published(product_id)
        bids = offer_selectors.bids_by_rank(product_id).filter(bidder=claims_of(request).user_id)
        return Response([serializers.own_bid_body(bid) for bid in bids])


class SellView(GuideView):
    """Sell one's own product."""

    @extend_schema(
        operation_id="sellProduct",
        summary="Sell a product to a bidder",
        tags=["products"],
        request=None,
        responses={200: serializers.ProductSerializer} | errors_in(400, 403, 404, 503),
    )
    def post(self, request: Request, product_id: int, bid_id: int) -> Response:
        """Accept one bid: any that is valid now, not only the highest."""
        check_published(product_id)
        desk.ask(product_id, SellToBid(**asker(request), bid_id=bid_id))
        return Response(product_reply(product_id))
