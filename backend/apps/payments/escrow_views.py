"""`/api/escrow/`: held money, and who says who gets it."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from apps.core.schema import errors
from apps.payments import escrow_services, selectors, serializers
from apps.payments.base_views import MoneyThrottle, MoneyView
from apps.payments.refusals import MoneyReason, MoneyRefused
from apps.users.authentication import claims_of
from apps.users.rights import Right, may

TAGS = ["escrow"]
SHOWN = {200: serializers.EscrowSerializer}


class EscrowsView(MoneyView):
    """GET /api/escrow/."""

    serializer_class = serializers.EscrowSerializer

    @extend_schema(
        operation_id="listEscrow",
        summary="List held money",
        tags=TAGS,
        responses={200: serializers.EscrowSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """What is or was held for the caller, as buyer or seller, newest first."""
        page = self.paginate_queryset(selectors.holds_of(claims_of(request).user_id))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


class HoldView(MoneyView):
    """What the doors of one hold share; who is no party of it sees none."""

    serializer_class = serializers.EscrowSerializer

    def hold(self, escrow_id: int) -> Any:
        """Return the hold; raises MoneyRefused (404)."""
        request = self.request
        user_id, sees_all = claims_of(request).user_id, may(request.user, Right.MONEY)
        found = selectors.hold_for(user_id, escrow_id, is_staff=sees_all)
        if found is None:
            raise MoneyRefused(MoneyReason.NOT_FOUND)
        return found

    def require(self, hold: Any, *user_ids: int, staff: bool) -> str:
        """Return the cause to write down; raises MoneyRefused (403) for anybody else.

        Staff who buy or sell here decide nothing about their own money.
        """
        user_id = claims_of(self.request).user_id
        if user_id in user_ids:
            return f"request:user:{user_id}"
        is_party = user_id in (hold.buyer_id, hold.seller_id)
        if staff and not is_party and may(self.request.user, Right.MONEY):
            return f"{escrow_services.STAFF_CAUSE}{user_id}"
        raise MoneyRefused(MoneyReason.NOT_A_PARTY)

    def shown(self, escrow_id: int, code: int = status.HTTP_200_OK) -> Response:
        """Return the hold as it is now."""
        return Response(serializers.escrow_body(self.hold(escrow_id)), status=code)

    def read(self, shape: type[Serializer[Any]], currency: str) -> Mapping[str, Any]:
        """Return the body's fields; raises ValidationError."""
        body = shape(data=self.request.data, context={"currency": currency})
        body.is_valid(raise_exception=True)
        fields: Mapping[str, Any] = body.validated_data
        return fields


class EscrowView(HoldView):
    """GET /api/escrow/{id}/."""

    @extend_schema(operation_id="getEscrow", summary="Show held money", tags=TAGS, responses=SHOWN)
    def get(self, request: Request, escrow_id: int) -> Response:
        """For its buyer, its seller and staff."""
        return self.shown(escrow_id)


class ReleaseView(HoldView):
    """POST /api/escrow/{id}/release/."""

    throttle_classes = (MoneyThrottle,)

    @extend_schema(
        operation_id="releaseEscrow",
        summary="Confirm receipt",
        description="The buyer has what he paid for: the seller is paid. It cannot be undone.",
        tags=TAGS,
        request=None,
        responses=SHOWN | errors(400, 403, 404),
    )
    def post(self, request: Request, escrow_id: int) -> Response:
        """Let the seller have it."""
        hold = self.hold(escrow_id)
        escrow_services.release_hold(escrow_id, cause=self.require(hold, hold.buyer_id, staff=True))
        return self.shown(escrow_id)


class RefundView(HoldView):
    """POST /api/escrow/{id}/refund/."""

    throttle_classes = (MoneyThrottle,)

    @extend_schema(
        operation_id="refundEscrow",
        summary="Give money back",
        description="By the seller or staff: `amount`, or all that is held.",
        tags=TAGS,
        request=serializers.RefundSerializer,
        responses=SHOWN | errors(403, 404),
    )
    def post(self, request: Request, escrow_id: int) -> Response:
        """Give the buyer (a part of) it back."""
        hold = self.hold(escrow_id)
        cause = self.require(hold, hold.seller_id, staff=True)
        amount_minor = self.read(serializers.RefundSerializer, hold.currency).get("amount")
        escrow_services.refund_hold(escrow_id, amount_minor, cause=cause)
        return self.shown(escrow_id)


class DisputeView(HoldView):
    """POST /api/escrow/{id}/dispute/."""

    throttle_classes = (MoneyThrottle,)

    @extend_schema(
        operation_id="disputeEscrow",
        summary="Disagree",
        description="By the buyer: nothing moves until staff have decided.",
        tags=TAGS,
        request=serializers.OpenDisputeSerializer,
        responses={201: serializers.EscrowSerializer} | errors(403, 404),
    )
    def post(self, request: Request, escrow_id: int) -> Response:
        """Hold the money until staff decide."""
        hold = self.hold(escrow_id)
        self.require(hold, hold.buyer_id, staff=False)
        body = self.read(serializers.OpenDisputeSerializer, hold.currency)
        escrow_services.open_dispute(escrow_id, claims_of(request).user_id, **body)
        return self.shown(escrow_id, status.HTTP_201_CREATED)


class ResolveView(HoldView):
    """POST /api/escrow/{id}/resolve/."""

    @extend_schema(
        operation_id="resolveEscrow",
        summary="Decide a dispute",
        description="By staff who are no party of it: `release`, `refund`, or `split` with the "
        "buyer's `amount`.",
        tags=TAGS,
        request=serializers.ResolveSerializer,
        responses=SHOWN | errors(403, 404),
    )
    def post(self, request: Request, escrow_id: int) -> Response:
        """Decide who gets it."""
        hold = self.hold(escrow_id)
        self.require(hold, staff=True)
        body = self.read(serializers.ResolveSerializer, hold.currency)
        escrow_services.resolve_dispute(
            escrow_id,
            claims_of(request).user_id,
            outcome=body["outcome"],
            buyer_minor=body.get("amount"),
        )
        return self.shown(escrow_id)
