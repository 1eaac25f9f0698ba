"""`/api/admin/auctions/` and `/api/admin/payments/`: everybody's."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.backoffice import market_services, selectors, serializers
from apps.backoffice.base_views import (
    TAGS,
    StaffListView,
    StaffView,
    id_parameter,
    text_parameter,
    word_parameter,
)
from apps.bidding.desk import DeskFull
from apps.core.api_errors import Busy
from apps.core.schema import errors
from apps.users.authentication import claims_of
from apps.users.rights import Right


class AdminAuctionsView(StaffListView):
    """GET /api/admin/auctions/."""

    rights = {"GET": Right.LOOK}
    serializer_class = serializers.AdminAuctionSerializer

    @extend_schema(
        operation_id="listAllAuctions",
        summary="List everybody's auctions",
        tags=TAGS,
        parameters=[
            word_parameter("status", serializers.AUCTION_STATUSES, "Only of this status"),
            id_parameter("seller", "Only of this user"),
            text_parameter("search", "A part of the title"),
        ],
        responses={200: serializers.AdminAuctionSerializer(many=True)} | errors(403),
    )
    def get(self, request: Request) -> Response:
        """Listings of every status, newest first."""
        rows = selectors.auctions(
            status=self.word("status", serializers.AUCTION_STATUSES),
            seller_id=self.id("seller"),
            search=self.text("search"),
        )
        return self.page(rows)


class AdminAuctionView(StaffView):
    """DELETE /api/admin/auctions/{id}/."""

    rights = {"GET": Right.LOOK, "DELETE": Right.MARKET}

    @extend_schema(
        operation_id="removeAuction",
        summary="Remove an auction",
        description="`reason` in the query or as a JSON body; its people are told. One that runs "
        "or has yet to start is removed with its bids. One that has ended stays on record: its "
        "sale is cancelled, what was paid is given back; without a sale there is nothing to "
        "remove (400).",
        tags=TAGS,
        parameters=[
            OpenApiParameter(
                "reason", {"type": "string", "maxLength": 500}, description="Why; here or in a body"
            )
        ],
        responses={204: None} | errors(400, 403, 404, 503),
    )
    def delete(self, request: Request, auction_id: int) -> Response:
        """Take it away."""
        query = request.query_params
        sent = {"reason": query["reason"]} if "reason" in query else request.data
        reason = self.read(serializers.RemoveAuctionSerializer, sent)["reason"]
        user_id = claims_of(request).user_id
        try:
            market_services.remove_auction(auction_id, actor_id=user_id, reason=reason)
        except DeskFull as error:
            raise Busy from error
        return Response(status=status.HTTP_204_NO_CONTENT)


class AdminPaymentsView(StaffListView):
    """GET /api/admin/payments/."""

    rights = {"GET": Right.MONEY}
    serializer_class = serializers.AdminPaymentSerializer

    @extend_schema(
        operation_id="listAllPayments",
        summary="List everybody's payments",
        tags=TAGS,
        parameters=[
            word_parameter("status", serializers.PAYMENT_STATUSES, "Only of this status"),
            word_parameter("provider", serializers.PROVIDERS, "Only by this provider"),
            id_parameter("user", "Only those he makes, or of what he sold"),
        ],
        responses={200: serializers.AdminPaymentSerializer(many=True)} | errors(403),
    )
    def get(self, request: Request) -> Response:
        """Payments, newest first."""
        rows = selectors.payments(
            status=self.word("status", serializers.PAYMENT_STATUSES),
            provider=self.word("provider", serializers.PROVIDERS),
            user_id=self.id("user"),
        )
        return self.page(rows)
