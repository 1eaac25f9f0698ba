"""What arrives by mail: a link to a new password, a link that confirms an address."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.schema import ErrorSerializer
from apps.core.throttling import (
    CodeThrottle,
    ConfirmThrottle,
    ForgivesSuccess,
    MailAddressThrottle,
    MailUserThrottle,
)
from apps.users import mail_services, security_serializers, serializers, services
from apps.users.base_views import OpenView, PrivateView, account_of, body_of

TAGS = ["auth"]
RESET_ASKED = "If an account has this address, a mail with a link is on its way"
DONE = {200: serializers.MessageSerializer}


class PasswordResetView(OpenView):
    """POST /api/auth/password-reset/."""

    throttle_classes = (MailAddressThrottle,)

    @extend_schema(
        operation_id="askPasswordReset",
        summary="Ask for a link to a new password",
        description="The answer is the same whether or not an account has the address.",
        tags=TAGS,
        request=security_serializers.AskPasswordResetSerializer,
        responses=DONE,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Order the mail."""
        mail_services.request_password_reset(body_of(request).get("email"))
        return Response({"message": RESET_ASKED})


class ResetPasswordView(ForgivesSuccess, OpenView):
    """POST /api/auth/password-reset/confirm/."""

    throttle_classes = (CodeThrottle,)

    @extend_schema(
        operation_id="resetPassword",
        summary="Set a new password by a mailed link",
        description="The link works once, for an hour. Every session of the account ends.",
        tags=TAGS,
        request=security_serializers.ResetPasswordSerializer,
        responses=DONE,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Set it."""
        body = body_of(request)
        mail_services.reset_password(body.get("token"), password=body.get("password"))
        return Response({"message": "Password changed; log in with the new one"})


class VerifyEmailView(ForgivesSuccess, OpenView):
    """POST /api/auth/verify-email/."""

    throttle_classes = (CodeThrottle,)

    @extend_schema(
        operation_id="verifyEmail",
        summary="Confirm an address by a mailed link",
        tags=TAGS,
        request=security_serializers.VerifyEmailSerializer,
        responses=DONE,
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Note that the address is the account's."""
        mail_services.verify_email(body_of(request).get("token"))
        return Response({"message": "E-mail address confirmed"})


class ResendVerificationView(PrivateView):
    """POST /api/auth/verify-email/resend/."""

    throttle_classes = (MailUserThrottle,)

    @extend_schema(
        operation_id="resendVerification",
        summary="Ask for another link that confirms one's address",
        tags=TAGS,
        request=None,
        responses=DONE | {400: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Order the mail."""
        mail_services.order_verification(account_of(request))
        return Response({"message": "A mail with a link is on its way"})


class EmailView(ForgivesSuccess, PrivateView):
    """POST /api/users/email/."""

    throttle_classes = (ConfirmThrottle,)

    @extend_schema(
        operation_id="changeEmail",
        summary="Change one's address",
        description="The new address is unconfirmed; the old one is told.",
        tags=["users"],
        request=security_serializers.ChangeEmailSerializer,
        responses={200: serializers.UserSerializer},
    )
    def post(self, request: Request) -> Response:
        """Change it."""
        user, body = account_of(request), body_of(request)
        services.change_email(user, email=body.get("email"), password=body.get("password"))
        return Response(serializers.UserSerializer(user).data)
