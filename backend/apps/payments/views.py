"""`/api/payments/`: pay for what was won. Parse, ask one service or selector, present."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.auctions import selectors as auctions
from apps.auctions.base_views import AUCTION_NOT_FOUND, viewer_of
from apps.bidding.validators import read_request_key
from apps.core.schema import REQUEST_KEY_HEADER, errors
from apps.payments import selectors, serializers, services
from apps.payments.base_views import MoneyThrottle, MoneyView
from apps.payments.refusals import MoneyReason, MoneyRefused
from apps.users.authentication import claims_of
from apps.users.rights import Right, may

TAGS = ["payments"]
SHOWN = {200: serializers.PaymentSerializer}


class PaymentsView(MoneyView):
    """GET, POST /api/payments/."""

    serializer_class = serializers.PaymentSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        """Count new payments, not reads."""
        return [MoneyThrottle()] if self.request.method == "POST" else []

    @extend_schema(
        operation_id="listPayments",
        summary="List one's own payments",
        tags=TAGS,
        responses={200: serializers.PaymentSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """The caller's payments, newest first."""
        page = self.paginate_queryset(selectors.payments_of(claims_of(request).user_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        operation_id="createPayment",
        summary="Pay for a won auction",
        description="The amount is the sale's; one that is sent is ignored. While a payment is "
        "open, asking again gives the same one.",
        tags=TAGS,
        parameters=[REQUEST_KEY_HEADER],
        request=serializers.CreatePaymentSerializer,
        responses={201: serializers.PaymentSerializer} | SHOWN | errors(403, 404, 422),
    )
    def post(self, request: Request) -> Response:
        """Open a payment, 201; 200 with the one that is open or done."""
        body = serializers.CreatePaymentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        auction_id = body.validated_data["auction_id"]
        if auctions.auction_of(auction_id, viewer_of(request)) is None:
            raise NotFound(AUCTION_NOT_FOUND)
        payment, created = services.open_payment(
            claims_of(request).user_id,
            auction_id,
            body.validated_data["payment_method"],
            request_key=read_request_key(request.headers.get("Idempotency-Key")),
        )
        shown = serializers.payment_body(selectors.shown_payment(payment.pk))
        return Response(shown, status=status.HTTP_201_CREATED if created else status.HTTP_200_OK)


class PaymentView(MoneyView):
    """GET /api/payments/{id}/."""

    serializer_class = serializers.PaymentSerializer

    @extend_schema(operation_id="getPayment", summary="Show a payment", tags=TAGS, responses=SHOWN)
    def get(self, request: Request, payment_id: int) -> Response:
        """One's own payment; staff see all, without what only the buyer needs to pay."""
        user_id = claims_of(request).user_id
        payment = selectors.payment_for(
            user_id, payment_id, is_staff=may(request.user, Right.MONEY)
        )
        if payment is None:
            raise MoneyRefused(MoneyReason.NOT_FOUND)
        is_his = payment.buyer_id == user_id
        return Response(serializers.payment_body(payment, for_buyer=is_his))


class ConfirmPaymentView(MoneyView):
    """POST /api/payments/{id}/confirm/."""

    throttle_classes = (MoneyThrottle,)
    serializer_class = serializers.ConfirmPaymentSerializer

    @extend_schema(
        operation_id="confirmPayment",
        summary="Confirm a payment",
        description="The provider is asked; what it says is what counts. A declined card is 402 "
        "and another can be tried.",
        tags=TAGS,
        request=serializers.ConfirmPaymentSerializer,
        responses=SHOWN | errors(402, 404, 503),
    )
    def post(self, request: Request, payment_id: int) -> Response:
        """Settle a payment the caller says he has paid."""
        body = serializers.ConfirmPaymentSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        card: Any = body.validated_data.get("test_card", "")
        user_id = claims_of(request).user_id
        payment = services.confirm_payment(user_id, payment_id, test_card=card)
        return Response(serializers.payment_body(selectors.shown_payment(payment.pk)))
