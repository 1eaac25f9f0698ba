"""`POST /api/auctions/{id}/relist/`: of the auctions' paths, the one that asks after the money."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.auctions import selectors
from apps.auctions.base_views import ListingThrottle, ListingView, page_of, user_id_of
from apps.auctions.permissions import CanRelistAuction
from apps.auctions.serializers import AuctionDetailSerializer, detail_body
from apps.core.schema import errors
from apps.payments.errors import refusal_response
from apps.payments.refusals import MoneyRefused
from apps.payments.relist_services import relist


class RelistView(ListingView):
    """POST /api/auctions/{id}/relist/."""

    permission_classes = (CanRelistAuction,)
    throttle_classes = (ListingThrottle,)

    def handle_exception(self, exc: Exception) -> Response:
        """Answer a MoneyRefused in the status of its reason."""
        if isinstance(exc, MoneyRefused):
            return refusal_response(exc)
        return super().handle_exception(exc)

    @extend_schema(
        operation_id="relistAuction",
        summary="List an auction again",
        tags=["auctions"],
        request=None,
        responses={201: AuctionDetailSerializer} | errors(400, 403, 404),
    )
    def post(self, request: Request, auction_id: int) -> Response:
        """Make a draft of an auction that ended unsold, or whose buyer did not pay."""
        self.auction_or_404(request, auction_id)
        draft = relist(auction_id, seller_id=user_id_of(request))
        body = detail_body(draft, page_of(request, selectors.around_detail(draft)))
        return Response(body, status=status.HTTP_201_CREATED)
