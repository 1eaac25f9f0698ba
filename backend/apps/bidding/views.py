"""`/api/bids/`, `/api/auto-bids/`, `/api/bid-history/`: parse, ask the desk, present."""

import re
from collections.abc import Mapping
from typing import Any, cast

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.bidding import selectors, serializers, validators
from apps.bidding.desk import DeskFull, desk
from apps.bidding.permissions import CanBid, IsRuleOwner
from apps.bidding.services import Accepted
from apps.core import clock
from apps.core.api_errors import Busy
from apps.core.routing import ID_MAX
from apps.core.schema import REQUEST_KEY_HEADER, errors
from apps.users.authentication import claims_of
from domain import commands as ask
from domain.reasons import Reason, Refusal, Refused

WHOSE_ROWS = {"type": "integer"}
AUCTION_ID = OpenApiParameter("auction_id", WHOSE_ROWS, description="Only this auction's rows.")
REFUSALS = errors(400, 403, 404, 422, 503)  # of a command to the desk
_INTEGER = re.compile(r"-?[0-9]+", re.ASCII)
_DIGITS_READ = 20  # more than ids have


def asker(request: Request) -> dict[str, Any]:
    """Return what every command carries of the person who asks."""
    claims = claims_of(request)
    return {
        "actor_id": claims.user_id,
        "session_id": claims.session_id,
        "is_staff": request.user.is_staff,
        "request_key": validators.read_request_key(request.headers.get("Idempotency-Key")),
    }


def body_of(request: Request) -> Mapping[str, Any]:
    """Return the body's fields."""
    return cast("Mapping[str, Any]", request.data)


def ask_desk(auction_id: int, command: ask.Command) -> Accepted:
    """Ask the desk from a view; a full desk is 503 with Retry-After."""
    try:
        return desk.ask(auction_id, command)
    except DeskFull as error:
        raise Busy from error


def published_currency(auction_id: int) -> str:
    """Return the auction's currency; 404 where a bidder sees no auction."""
    currency = selectors.currency_of(auction_id)
    if currency is None:
        raise Refused(Refusal(Reason.NOT_FOUND))
    return currency


def wanted_auction(request: Request) -> int | None:
    """Return the `auction_id` of the query, 0 for one no row can have; 400 for no integer."""
    text = request.query_params.get("auction_id")
    if text is None or text == "":
        return None
    if not _INTEGER.fullmatch(text):
        raise ValidationError({"auction_id": ["must be an integer"]})
    # Cut, because int() reads no more than some thousand digits: longer is unknown all the same.
    number = int(text[:_DIGITS_READ])
    return number if 1 <= number <= ID_MAX else 0


class BidListView(generics.GenericAPIView[Any]):
    """Place a bid, or read bids."""

    permission_classes = (CanBid,)
    serializer_class = serializers.BidSerializer

    def get_permissions(self) -> list[Any]:
        """Anybody may read; placing needs an account."""
        return [CanBid()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="listBids",
        summary="List bids",
        tags=["bids"],
        parameters=[AUCTION_ID],
        responses={200: serializers.BidSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Visible bids, newest first; of one auction with `auction_id`."""
        auction_id = wanted_auction(request)
        rows = (
            selectors.visible_bids()
            if auction_id is None
            else selectors.bids_of_auction(auction_id)
        )
        return paginated(self, rows)

    @extend_schema(
        operation_id="placeBid",
        summary="Place a bid",
        tags=["bids"],
        parameters=[REQUEST_KEY_HEADER],
        request=serializers.PlaceBidSerializer,
        responses={201: serializers.BidSerializer} | REFUSALS,
    )
    def post(self, request: Request) -> Response:
        """Bid an amount at face value."""
        auction_id = validators.read_auction_id(body_of(request))
        currency = published_currency(auction_id)
        amount_minor = validators.read_amount(body_of(request), "amount", currency)
        accepted = ask_desk(auction_id, ask.PlaceBid(**asker(request), amount_minor=amount_minor))
        return Response(placed_body(accepted), status=status.HTTP_201_CREATED)


def placed_body(accepted: Accepted) -> dict[str, Any]:
    """Return the answer to an accepted bid; the fast lane gives the same."""
    if accepted.bid is None:
        raise AssertionError("an accepted bid leaves a row")
    return serializers.placed_bid(accepted.bid, accepted.currency)


def paginated(view: generics.GenericAPIView[Any], rows: QuerySet[Any]) -> Response:
    """Return one page of rows through the view's serializer."""
    page = view.paginate_queryset(rows)
    return view.get_paginated_response(view.get_serializer(page, many=True).data)


class MyBidsView(generics.GenericAPIView[Any]):
    """One's own bids."""

    permission_classes = (CanBid,)
    serializer_class = serializers.OwnBidSerializer

    @extend_schema(
        operation_id="listMyBids",
        summary="List one's own bids",
        tags=["bids"],
        responses={200: serializers.OwnBidSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """All bids of the caller, newest first, with what became of each."""
        return paginated(self, selectors.bids_of_user(claims_of(request).user_id))


class WinningBidsView(generics.GenericAPIView[Any]):
    """Where one leads."""

    permission_classes = (CanBid,)
    serializer_class = serializers.OwnBidSerializer

    @extend_schema(
        operation_id="listWinningBids",
        summary="List the bids that lead",
        tags=["bids"],
        responses={200: serializers.OwnBidSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The caller's highest bid in each active auction he leads."""
        rows = selectors.contested_bids(claims_of(request).user_id, winning=True, now=clock.now())
        return paginated(self, rows)


class LosingBidsView(generics.GenericAPIView[Any]):
    """Where somebody else leads."""

    permission_classes = (CanBid,)
    serializer_class = serializers.OwnBidSerializer

    @extend_schema(
        operation_id="listLosingBids",
        summary="List the bids that have been outbid",
        tags=["bids"],
        responses={200: serializers.OwnBidSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The caller's highest bid in each active auction somebody else leads."""
        rows = selectors.contested_bids(claims_of(request).user_id, winning=False, now=clock.now())
        return paginated(self, rows)


class AutoBidListView(generics.GenericAPIView[Any]):
    """One's own maximums."""

    permission_classes = (CanBid,)
    serializer_class = serializers.AutoBidRuleSerializer

    @extend_schema(
        operation_id="listAutoBids",
        summary="List one's own automatic bids",
        tags=["auto-bids"],
        responses={200: serializers.AutoBidRuleSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The caller's automatic bids, newest first."""
        return paginated(self, selectors.auto_bid_rules_of_user(claims_of(request).user_id))

    @extend_schema(
        operation_id="createAutoBid",
        summary="Set an automatic bid",
        tags=["auto-bids"],
        parameters=[REQUEST_KEY_HEADER],
        request=serializers.SetAutoBidSerializer,
        responses=dict.fromkeys((200, 201), serializers.AutoBidRuleSerializer) | REFUSALS,
    )
    def post(self, request: Request) -> Response:
        """Set a maximum: 201 for the first on an auction, 200 for a change of it."""
        auction_id = validators.read_auction_id(body_of(request))
        currency = published_currency(auction_id)
        max_minor = validators.read_amount(body_of(request), "max_bid", currency)
        accepted = ask_desk(auction_id, ask.SetAutoBid(**asker(request), max_minor=max_minor))
        code = status.HTTP_201_CREATED if accepted.created else status.HTTP_200_OK
        return Response(_rule_body(accepted.rule_id, request), status=code)


def _rule_body(rule_id: int | None, request: Request) -> Any:
    rule = selectors.auto_bid_rule(rule_id or 0, user_id=claims_of(request).user_id)
    if rule is None:
        raise Http404("Automatic bid not found")
    return serializers.AutoBidRuleSerializer(rule).data


class AutoBidView(APIView):
    """One of one's own maximums."""

    permission_classes = (IsRuleOwner,)

    @extend_schema(
        operation_id="getAutoBid",
        summary="Read an automatic bid",
        tags=["auto-bids"],
        responses={200: serializers.AutoBidRuleSerializer} | errors(404),
    )
    def get(self, request: Request, rule_id: int) -> Response:
        """One automatic bid of the caller."""
        return Response(_rule_body(rule_id, request))

    @extend_schema(
        operation_id="changeAutoBid",
        summary="Change an automatic bid",
        tags=["auto-bids"],
        request=serializers.ChangeAutoBidSerializer,
        parameters=[REQUEST_KEY_HEADER],
        responses={200: serializers.AutoBidRuleSerializer} | REFUSALS,
    )
    def put(self, request: Request, rule_id: int) -> Response:
        """Raise the maximum, or lower it down to the current price."""
        rule = selectors.auto_bid_rule(rule_id, user_id=claims_of(request).user_id)
        if rule is None:
            raise Http404("Automatic bid not found")
        max_minor = validators.read_amount(body_of(request), "max_bid", rule.auction.currency)
        ask_desk(rule.auction_id, ask.SetAutoBid(**asker(request), max_minor=max_minor))
        return Response(_rule_body(rule_id, request))

    @extend_schema(
        operation_id="deleteAutoBid",
        summary="Withdraw an automatic bid",
        tags=["auto-bids"],
        parameters=[REQUEST_KEY_HEADER],
        responses={204: None} | errors(400, 404, 422, 503),
    )
    def delete(self, request: Request, rule_id: int) -> Response:
        """Withdraw the maximum; bids already shown stand."""
        rule = selectors.auto_bid_rule(rule_id, user_id=claims_of(request).user_id)
        if rule is None:
            raise Http404("Automatic bid not found")
        ask_desk(rule.auction_id, ask.CancelAutoBid(**asker(request)))
        return Response(status=status.HTTP_204_NO_CONTENT)


class BidHistoryView(generics.GenericAPIView[Any]):
    """The immutable history of an auction."""

    serializer_class = serializers.BidHistorySerializer

    @extend_schema(
        operation_id="listBidHistory",
        summary="Read an auction's history",
        tags=["bids"],
        parameters=[
            OpenApiParameter(
                "auction_id", WHOSE_ROWS, required=True, description="Which auction's."
            )
        ],
        responses={200: serializers.BidHistorySerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """Every event of the auction in order, retractions included; `seq` has no gap."""
        auction_id = wanted_auction(request)
        if auction_id is None:
            raise ValidationError({"auction_id": [validators.REQUIRED]})
        return paginated(self, selectors.public_history(auction_id))


class BuyNowView(APIView):
    """The fixed price of an auction that has one."""

    permission_classes = (CanBid,)

    @extend_schema(
        operation_id="buyNow",
        summary="Buy at the fixed price",
        tags=["auctions"],
        parameters=[REQUEST_KEY_HEADER],
        request=None,
        responses={200: serializers.BoughtSerializer} | REFUSALS,
    )
    def post(self, request: Request, auction_id: int) -> Response:
        """Buy at the fixed price, which ends the auction at once."""
        published_currency(auction_id)
        accepted = ask_desk(auction_id, ask.BuyNow(**asker(request)))
        amount = serializers.bought(accepted)
        return Response(amount)
