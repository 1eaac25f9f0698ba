"""Accounts as JSON: what goes out, and the shape of what comes in.

Registration and login are not here: `rules` reads their fields, for both vocabularies alike.
"""

import re
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.fields import CountField, IdField, ThumbnailsSerializer
from apps.core.uploads import address_of, thumbnail_addresses
from apps.users import rules
from apps.users.models import BusinessAccount, User, UserProfile

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # BCP 47, as far as we need it

#: What no text may hold, as rules.check_line has it, for regular expressions; then the same for
#: texts of several lines.
_CONTROLS = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TRIMMED = r"[\s\x1c-\x1f\x85]*"  # white space around a text, as str.strip has it
_WEBSITE = r"^(https?://[A-Za-z0-9._~-]+([/:?#][!-~]*)?)?$"
_CONTROLS_BUT_LINES = _CONTROLS.replace(r"\x00-\x1f", r"\x00-\x08\x0b\x0c\x0e-\x1f")
_TIMEZONES = frozenset(available_timezones())


class TextField(serializers.CharField):
    """A JSON string; a number is refused, not quietly made one."""

    def __init__(self, *, many_lines: bool = False, pattern: str = "", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.many_lines = many_lines
        unwanted = _CONTROLS_BUT_LINES if many_lines else _CONTROLS
        middle = "" if self.allow_blank else rf"[^\s{unwanted}][^{unwanted}]*"
        self.text_pattern = pattern or f"^{_TRIMMED}[^{unwanted}]*{middle}{_TRIMMED}$"

    def to_internal_value(self, data: Any) -> str:
        """Return the text; control characters are refused."""
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)  # white space around it counts
        value: str = super().to_internal_value(data)
        try:
            rules.check_line(value, "This text", many_lines=self.many_lines)
        except rules.AccountError as error:
            raise serializers.ValidationError(error.message) from error
        return value


# --- out --------------------------------------------------------------------------------------


class UserSerializer(serializers.ModelSerializer[User]):
    """The account as its owner sees it (register 38)."""

    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields = ["id", "username", "email", "first_name", "last_name", "is_staff", "full_name"]
        read_only_fields = fields


class ProfileSerializer(serializers.ModelSerializer[UserProfile]):
    """What a person tells about themselves."""

    full_name = serializers.CharField(source="user.full_name", read_only=True)
    avatar = serializers.SerializerMethodField(help_text="Address of the picture, or null")
    avatar_thumbnails = serializers.SerializerMethodField()

    class Meta:
        model = UserProfile
        fields = [
            *("full_name", "bio", "avatar", "avatar_thumbnails"),
            *("location", "timezone", "language"),
        ]
        read_only_fields = fields

    def get_avatar(self, profile: UserProfile) -> str | None:
        """Return where the picture is served."""
        return avatar_url(profile)

    @extend_schema_field(ThumbnailsSerializer(allow_null=True))
    def get_avatar_thumbnails(self, profile: UserProfile) -> dict[str, str] | None:
        """Return where its three sizes are served."""
        return avatar_thumbnails(profile)


class PublicUserSerializer(serializers.Serializer[User]):
    """The account as others see it: no address, no roles (register 44)."""

    id = IdField()
    username = serializers.CharField()
    full_name = serializers.CharField()
    bio = serializers.SerializerMethodField()
    avatar = serializers.SerializerMethodField(help_text="Address of the picture, or null")
    avatar_thumbnails = serializers.SerializerMethodField()
    location = serializers.SerializerMethodField()
    member_since = serializers.DateTimeField(source="date_joined")

    def get_bio(self, user: User) -> str:
        """Return the text, empty without a profile."""
        return _profile(user).bio

    def get_avatar(self, user: User) -> str | None:
        """Return where the picture is served."""
        return avatar_url(_profile(user))

    @extend_schema_field(ThumbnailsSerializer(allow_null=True))
    def get_avatar_thumbnails(self, user: User) -> dict[str, str] | None:
        """Return where its three sizes are served."""
        return avatar_thumbnails(_profile(user))

    def get_location(self, user: User) -> str:
        """Return the place, empty without a profile."""
        return _profile(user).location


class BusinessSerializer(serializers.ModelSerializer[BusinessAccount]):
    """A company as its owner sees it."""

    website = serializers.CharField(read_only=True, help_text="http:// or https://, or empty")

    class Meta:
        model = BusinessAccount
        fields = ["company_name", "tax_id", "address", "website"]
        read_only_fields = fields


def _profile(user: User) -> UserProfile:
    return getattr(user, "profile", None) or UserProfile(pk=user.pk)


def avatar_url(profile: UserProfile) -> str | None:
    """Return the address of a profile's picture."""
    return address_of(profile.avatar) if profile.avatar else None


def avatar_thumbnails(profile: UserProfile) -> dict[str, str] | None:
    """Return the addresses of its three sizes."""
    return thumbnail_addresses(profile.avatar) if profile.avatar else None


# --- in ---------------------------------------------------------------------------------------


class UpdateProfileSerializer(serializers.Serializer[Any]):
    """Changes of a profile; what is absent stays."""

    full_name = TextField(required=False, allow_blank=True)
    bio = TextField(required=False, allow_blank=True, max_length=2000, many_lines=True)
    location = TextField(required=False, allow_blank=True, max_length=120)
    timezone = TextField(required=False, max_length=64)
    language = TextField(required=False, max_length=16, pattern=f"^{_LANGUAGE.pattern}$")

    def validate_full_name(self, value: str) -> str:
        """Refuse names the columns cannot hold."""
        try:
            rules.split_full_name(value)
        except rules.AccountError as error:
            raise serializers.ValidationError(error.message) from error
        return value

    def validate_timezone(self, value: str) -> str:
        """Refuse what is no zone of the IANA database."""
        if value not in _TIMEZONES:
            raise serializers.ValidationError("Not a time zone; write it as Europe/Berlin or UTC")
        return value

    def validate_language(self, value: str) -> str:
        """Refuse what is no language tag."""
        if not _LANGUAGE.fullmatch(value):
            raise serializers.ValidationError("Not a language tag; write it as en or pt-BR")
        return value


class PutBusinessSerializer(serializers.Serializer[Any]):
    """A company, whole: what is absent becomes empty."""

    company_name = TextField(max_length=200)
    tax_id = TextField(max_length=64, allow_blank=True, default="")
    address = TextField(max_length=1000, allow_blank=True, default="", many_lines=True)
    website = TextField(max_length=300, allow_blank=True, default="", pattern=_WEBSITE)

    def validate_website(self, value: str) -> str:
        """Refuse what a browser should not open."""
        if not value:
            return value
        try:
            parts = urlsplit(value)
            usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            usable = False
        if not usable or any(character.isspace() for character in value):
            raise serializers.ValidationError(
                "Not a web address; it starts with http:// or https://"
            )
        return value


# --- shapes of the schema alone ---------------------------------------------------------------


class NewPasswordField(serializers.CharField):
    """A password to be."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            trim_whitespace=False,
            min_length=rules.PASSWORD_LENGTH_MIN,
            max_length=rules.PASSWORD_LENGTH_MAX,
            **kwargs,
        )


class CredentialsSerializer(serializers.Serializer[Any]):
    """Body of a login."""

    username = serializers.CharField()
    password = serializers.CharField()


class RegisterUserSerializer(serializers.Serializer[Any]):
    """Body of a registration."""

    username = serializers.RegexField(
        "^[A-Za-z0-9_.-]+$", max_length=rules.USERNAME_LENGTH_MAX, help_text="Upper case counts not"
    )
    email = serializers.EmailField(max_length=rules.EMAIL_LENGTH_MAX)
    password = NewPasswordField()
    full_name = serializers.CharField(
        allow_null=True,
        allow_blank=True,
        required=False,
        help_text="First and last name, split at the first space",
    )


class RefreshTokenSerializer(serializers.Serializer[Any]):
    """Body of a refresh."""

    refresh = serializers.CharField()


class LogOutSerializer(serializers.Serializer[Any]):
    """Body of a logout."""

    refresh = serializers.CharField(allow_null=True, allow_blank=True, required=False)


class ChangePasswordSerializer(serializers.Serializer[Any]):
    """Body of a change of password."""

    current_password = serializers.CharField()
    new_password = NewPasswordField()


class AvatarUploadSerializer(serializers.Serializer[Any]):
    """Body of a picture's upload, multipart."""

    avatar = serializers.FileField(help_text="JPEG, PNG, WebP, AVIF or HEIC, at most 5 MB")


class TokenPairSerializer(serializers.Serializer[Any]):
    """Access and refresh token."""

    access = serializers.CharField()
    refresh = serializers.CharField()


class RegisteredSerializer(UserSerializer):
    """The new account, flat and as `user`, with its tokens (register 32)."""

    user = UserSerializer()
    access = serializers.CharField()
    refresh = serializers.CharField()

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "user", "access", "refresh"]


class TicketSerializer(serializers.Serializer[Any]):
    """A socket's ticket and how long it lives, in seconds."""

    ticket = serializers.CharField()
    expires_in = CountField()


class MessageSerializer(serializers.Serializer[Any]):
    """What was done."""

    message = serializers.CharField()
