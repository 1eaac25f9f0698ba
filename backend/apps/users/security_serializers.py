"""Sessions, second factors and links of mails as JSON: what goes out, the shape of what comes in.

What comes in is read by `rules` and the services; its shapes here are for the schema.
"""

from typing import Any

from rest_framework import serializers

from apps.users.models import LoginSession, Passkey

CODE_HELP = "Six digits of the authenticator app, or a recovery code"


# --- out --------------------------------------------------------------------------------------


class LogInRefusedSerializer(serializers.Serializer[Any]):
    """No such account, or the second factor is still to come: then all of these."""

    detail = serializers.CharField()
    code = serializers.CharField(required=False, help_text="`second_factor_required`")
    challenge = serializers.CharField(required=False, help_text="For /api/auth/second-factor/")
    methods = serializers.ListField(
        child=serializers.ChoiceField(["totp", "passkey", "recovery_code"]), required=False
    )
    expires_in = serializers.IntegerField(required=False, help_text="Seconds")


class SessionSerializer(serializers.ModelSerializer[LoginSession]):
    """A login session as its owner sees it."""

    current = serializers.SerializerMethodField(help_text="The session of this very request")

    class Meta:
        model = LoginSession
        fields = [
            "id",
            "created_at",
            "last_used_at",
            "expires_at",
            "ip_address",
            "user_agent",
            "second_factor",
            "current",
        ]
        read_only_fields = fields

    def get_current(self, session: LoginSession) -> bool:
        """Compare with the session of the request."""
        return str(session.pk) == self.context.get("session_id")


class EndedSerializer(serializers.Serializer[Any]):
    """How many sessions were ended."""

    message = serializers.CharField()
    ended = serializers.IntegerField(min_value=0)


class SecuritySerializer(serializers.Serializer[Any]):
    """What protects an account."""

    email = serializers.CharField()
    email_verified = serializers.BooleanField()
    email_verification = serializers.ChoiceField(["off", "optional", "required"])
    totp = serializers.BooleanField(help_text="An authenticator app is set up")
    passkeys = serializers.IntegerField(min_value=0)
    recovery_codes_left = serializers.IntegerField(min_value=0)
    second_factor_required = serializers.BooleanField(help_text="The site demands one of you")
    second_factor_shown = serializers.BooleanField(help_text="In this session")


class TotpSetupSerializer(serializers.Serializer[Any]):
    """A secret for an authenticator app, shown this once."""

    secret = serializers.CharField(help_text="Base 32, for typing")
    uri = serializers.CharField(help_text="otpauth://, what the QR code says")
    qr_svg = serializers.CharField(help_text="The QR code, an SVG document")


class TotpConfirmedSerializer(serializers.Serializer[Any]):
    """Done; recovery codes come with the first factor."""

    message = serializers.CharField()
    recovery_codes = serializers.ListField(child=serializers.CharField())


class RecoveryCodesSerializer(serializers.Serializer[Any]):
    """Codes to keep on paper, shown this once; each counts once."""

    recovery_codes = serializers.ListField(child=serializers.CharField())


class PasskeySerializer(serializers.ModelSerializer[Passkey]):
    """A passkey as its owner sees it."""

    class Meta:
        model = Passkey
        fields = ["id", "name", "created_at", "last_used_at"]
        read_only_fields = fields


class CreationOptionsSerializer(serializers.Serializer[Any]):
    """WebAuthn's PublicKeyCredentialCreationOptionsJSON, for the browser as it is."""

    rp = serializers.DictField()
    user = serializers.DictField()
    challenge = serializers.CharField()
    pubKeyCredParams = serializers.ListField(child=serializers.DictField())  # noqa: N815
    timeout = serializers.IntegerField()
    excludeCredentials = serializers.ListField(child=serializers.DictField())  # noqa: N815
    authenticatorSelection = serializers.DictField()  # noqa: N815
    attestation = serializers.CharField()


class RequestOptionsSerializer(serializers.Serializer[Any]):
    """WebAuthn's PublicKeyCredentialRequestOptionsJSON, for the browser as it is."""

    challenge = serializers.CharField()
    timeout = serializers.IntegerField()
    rpId = serializers.CharField()  # noqa: N815
    userVerification = serializers.CharField()  # noqa: N815


# --- in ---------------------------------------------------------------------------------------


class AskPasswordResetSerializer(serializers.Serializer[Any]):
    """Whose password was forgotten."""

    email = serializers.EmailField(max_length=254)


class ResetPasswordSerializer(serializers.Serializer[Any]):
    """The token of the mailed link, and the new password."""

    token = serializers.CharField()
    password = serializers.CharField(min_length=8, max_length=128)


class VerifyEmailSerializer(serializers.Serializer[Any]):
    """The token of the mailed link."""

    token = serializers.CharField()


class ChangeEmailSerializer(serializers.Serializer[Any]):
    """The new address; the password shows that it is the owner who asks."""

    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128)


class ConfirmSerializer(serializers.Serializer[Any]):
    """The password, needed when the login was more than 15 minutes ago."""

    password = serializers.CharField(
        required=False, allow_blank=True, allow_null=True, max_length=128
    )


class DeleteAccountSerializer(serializers.Serializer[Any]):
    """Either of the two."""

    password = serializers.CharField(required=False, max_length=128)
    code = serializers.CharField(required=False, help_text=CODE_HELP)


class CodeSerializer(serializers.Serializer[Any]):
    """A code of the app that is being set up."""

    code = serializers.CharField(help_text="Six digits of the authenticator app")


class RemoveTotpSerializer(serializers.Serializer[Any]):
    """Either of the two."""

    code = serializers.CharField(required=False, help_text=CODE_HELP)
    password = serializers.CharField(required=False, max_length=128)


class SecondFactorSerializer(serializers.Serializer[Any]):
    """The second half of a login."""

    challenge = serializers.CharField(help_text="Of the refused login")
    code = serializers.CharField(help_text=CODE_HELP)


class AddPasskeySerializer(serializers.Serializer[Any]):
    """A browser's answer to the options, and what to call the device."""

    name = serializers.CharField(required=False, max_length=60)
    credential = serializers.DictField(help_text="WebAuthn's RegistrationResponseJSON")


class LogInPasskeySerializer(serializers.Serializer[Any]):
    """A browser's answer to the options."""

    credential = serializers.DictField(help_text="WebAuthn's AuthenticationResponseJSON")
