"""`/api/auth/`: what protects an account, the authenticator app, recovery codes."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import clock
from apps.core.schema import errors
from apps.core.throttling import CodeThrottle, ConfirmThrottle, ForgivesSuccess
from apps.users import factor_services, security_serializers, selectors, serializers
from apps.users.authentication import claims_of
from apps.users.base_views import (
    OpenView,
    SetUpView,
    account_of,
    body_of,
    device_of,
    session_id_of,
)
from apps.users.refresh_cookie import KeepsRefreshInCookie

TAGS = ["second factor"]


class SecurityView(SetUpView):
    """GET /api/auth/security/."""

    @extend_schema(
        operation_id="getSecurity",
        summary="Read what protects one's account",
        tags=TAGS,
        responses={200: security_serializers.SecuritySerializer},
    )
    def get(self, request: Request) -> Response:
        """Address, second factors, what the site demands."""
        user = account_of(request)
        factors = selectors.second_factors_of(user.pk)
        session = selectors.live_session(claims_of(request), clock.now())
        return Response(
            {
                "email": user.email,
                "email_verified": user.email_verified_at is not None,
                "email_verification": settings.EMAIL_VERIFICATION,
                "totp": factors.totp,
                "passkeys": factors.passkey_count,
                "recovery_codes_left": factors.recovery_code_count,
                "second_factor_required": selectors.must_have_second_factor(user),
                "second_factor_shown": session is not None and session.second_factor,
            }
        )


class SecondFactorView(KeepsRefreshInCookie, ForgivesSuccess, OpenView):
    """POST /api/auth/second-factor/."""

    throttle_classes = (CodeThrottle,)

    @extend_schema(
        operation_id="finishLogIn",
        summary="Finish a login with a code",
        description=(
            "The challenge comes with the refused login and lives five minutes; five wrong codes "
            "end it. A code counts once."
        ),
        tags=TAGS,
        request=security_serializers.SecondFactorSerializer,
        responses={
            200: serializers.TokenPairSerializer,
            401: security_serializers.LogInRefusedSerializer,
        },
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Answer the token pair."""
        body = body_of(request)
        signed_in = factor_services.finish_login(
            body.get("challenge"), code=body.get("code"), device=device_of(request)
        )
        return Response({"access": signed_in.tokens.access, "refresh": signed_in.tokens.refresh})


class TotpView(ForgivesSuccess, SetUpView):
    """POST, DELETE /api/auth/totp/."""

    throttle_classes = (ConfirmThrottle,)

    @extend_schema(
        operation_id="beginTotp",
        summary="Begin to set up an authenticator app",
        description="It counts from its first code on: POST /api/auth/totp/confirm/.",
        tags=TAGS,
        request=security_serializers.ConfirmSerializer,
        responses={201: security_serializers.TotpSetupSerializer} | errors(403),
    )
    def post(self, request: Request) -> Response:
        """Answer a secret, as text and as a QR code."""
        setup = factor_services.begin_totp(
            account_of(request),
            password=body_of(request).get("password"),
            session_id=session_id_of(request),
        )
        return Response(
            {"secret": setup.secret, "uri": setup.uri, "qr_svg": setup.qr_svg},
            status=status.HTTP_201_CREATED,
        )

    @extend_schema(
        operation_id="removeTotp",
        summary="Remove the authenticator app",
        description="Needs a code or the password, in the body.",
        tags=TAGS,
        request=security_serializers.RemoveTotpSerializer,
        responses={204: None} | errors(400, 413, 415),
    )
    def delete(self, request: Request) -> Response:
        """Remove it."""
        body = body_of(request)
        factor_services.remove_totp(
            account_of(request), code=body.get("code"), password=body.get("password")
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class TotpConfirmView(ForgivesSuccess, SetUpView):
    """POST /api/auth/totp/confirm/."""

    throttle_classes = (ConfirmThrottle,)

    @extend_schema(
        operation_id="confirmTotp",
        summary="Show the first code of an authenticator app",
        description="From now on a login asks for one. Recovery codes come with it.",
        tags=TAGS,
        request=security_serializers.CodeSerializer,
        responses={200: security_serializers.TotpConfirmedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Let it count."""
        codes = factor_services.confirm_totp(
            account_of(request),
            code=body_of(request).get("code"),
            session_id=session_id_of(request),
        )
        return Response({"message": "Authenticator app set up", "recovery_codes": codes})


class RecoveryCodesView(ForgivesSuccess, SetUpView):
    """POST /api/auth/recovery-codes/."""

    throttle_classes = (ConfirmThrottle,)

    @extend_schema(
        operation_id="makeRecoveryCodes",
        summary="Make new recovery codes",
        description="Older ones no longer count.",
        tags=TAGS,
        request=security_serializers.ConfirmSerializer,
        responses={201: security_serializers.RecoveryCodesSerializer} | errors(403),
    )
    def post(self, request: Request) -> Response:
        """Answer ten codes."""
        codes = factor_services.make_recovery_codes(
            account_of(request),
            password=body_of(request).get("password"),
            session_id=session_id_of(request),
        )
        return Response({"recovery_codes": codes}, status=status.HTTP_201_CREATED)
