"""`/api/payments/payout-accounts/`: where a seller is paid."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from apps.core.schema import errors
from apps.payments import accounts
from apps.payments.account_serializers import (
    OpenPayoutAccountSerializer,
    PayoutAccountSerializer,
    account_body,
)
from apps.payments.base_views import MoneyThrottle, MoneyView
from apps.users.authentication import claims_of

TAGS = ["payments"]


class PayoutAccountsView(MoneyView):
    """GET, POST /api/payments/payout-accounts/."""

    serializer_class = PayoutAccountSerializer

    def get_throttles(self) -> list[BaseThrottle]:
        """Count what asks a provider, not reads."""
        return [MoneyThrottle()] if self.request.method == "POST" else []

    def get_queryset(self) -> QuerySet[Any]:
        """Return one's own accounts."""
        return accounts.payout_accounts_of(claims_of(self.request).user_id)

    @extend_schema(
        operation_id="listPayoutAccounts",
        summary="List where one is paid",
        tags=TAGS,
        responses={200: PayoutAccountSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        """One per provider."""
        rows = self.paginate_queryset(self.get_queryset()) or []
        return self.get_paginated_response([account_body(row) for row in rows])

    @extend_schema(
        operation_id="openPayoutAccount",
        summary="Say where one is to be paid",
        description=(
            "For PayPal `email` is this account's own, confirmed address. Stripe wants details: "
            "until it has them `onboarding_url` is where to give them, a new one each time. "
            "200 for an account that was there."
        ),
        tags=TAGS,
        request=OpenPayoutAccountSerializer,
        responses={200: PayoutAccountSerializer, 201: PayoutAccountSerializer} | errors(503),
    )
    def post(self, request: Request) -> Response:
        """Open an account at the provider, or go on with it."""
        body = OpenPayoutAccountSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        opened = accounts.open_payout_account(
            claims_of(request).user_id,
            body.validated_data["provider"],
            email=body.validated_data.get("email", ""),
        )
        code = status.HTTP_201_CREATED if opened.created else status.HTTP_200_OK
        return Response(account_body(opened.row, opened.onboarding_url), status=code)
