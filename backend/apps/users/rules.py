"""What an account may be called, and the sentences that say so.

Both vocabularies show these sentences. Pure: no rows, no settings but the password validators.
A value comes in as the JSON had it, so every function takes any object.
Source: register 38 to 40; BidBazaar guide "Register User".
"""

import unicodedata
from enum import StrEnum
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

USERNAME_LENGTH_MAX = 30  # of new names; the column would hold 150
EMAIL_LENGTH_MAX = 254  # RFC 5321, as the column
PASSWORD_LENGTH_MIN = 8  # what MinimumLengthValidator asks for unless told otherwise
PASSWORD_LENGTH_MAX = 128  # characters: bounds the work of a hash; ASVS asks for at least 64
NAME_LENGTH_MAX = 150  # of the first and of the last name each, as the columns
USERNAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_.-")

#: Names that would let a stranger speak for the site.
USERNAMES_RESERVED = frozenset(
    {
        "admin",
        "administrator",
        "anonymous",
        "bidbazaar",
        "everyone",
        "help",
        "helpdesk",
        "me",
        "moderator",
        "none",
        "null",
        "official",
        "postmaster",
        "root",
        "security",
        "support",
        "system",
        "undefined",
        "webmaster",
    }
)

# They reorder the text around them: a name could show itself as another.
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_LINE_CHARACTERS = frozenset("\n\r\t")

SECOND_FACTOR_REQUIRED = "Second factor required: send a code with this challenge"
PASSWORD_REST_MIN = 5  # characters of a password beside a name that is no secret: a year is none
NAME_IN_PASSWORD_LENGTH_MIN = 3  # shorter names are in many words by chance
SITE_WORDS = ("bidbazaar",)


GONE_PREFIX = "deleted-"  # of names of accounts that were deleted


class AccountReason(StrEnum):
    """Why an account request was refused."""

    REQUIRED = "required"
    WRONG_TYPE = "wrong_type"
    USERNAME_TAKEN = "username_taken"
    EMAIL_TAKEN = "email_taken"
    EMAIL_INVALID = "email_invalid"
    USERNAME_INVALID = "username_invalid"
    USERNAME_RESERVED = "username_reserved"
    PASSWORD_INVALID = "password_invalid"  # noqa: S105 - a reason, not a secret
    NAME_INVALID = "name_invalid"
    INVALID_CREDENTIALS = "invalid_credentials"
    IMAGE_REFUSED = "image_refused"
    SECOND_FACTOR_REQUIRED = "second_factor_required"
    SECOND_FACTOR_NEEDED = "second_factor_needed"
    SECOND_FACTOR_ABSENT = "second_factor_absent"
    SECOND_FACTOR_ACTIVE = "second_factor_active"
    CHALLENGE_INVALID = "challenge_invalid"
    CODE_INVALID = "code_invalid"
    LINK_INVALID = "link_invalid"
    PASSKEY_INVALID = "passkey_invalid"
    PASSKEYS_TOO_MANY = "passkeys_too_many"
    ACCOUNT_IN_USE = "account_in_use"
    KEY_LIFETIME = "key_lifetime"
    KEYS_TOO_MANY = "keys_too_many"
    PASSWORD_REQUIRED = "password_required"  # noqa: S105 - a reason, not a secret
    EMAIL_UNVERIFIED = "email_unverified"
    VERIFICATION_OFF = "verification_off"
    VERIFIED_ALREADY = "verified_already"


class AccountError(Exception):
    """An account request that changes nothing: reason, sentence for a person, input fields."""

    def __init__(self, reason: AccountReason, message: str, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.fields = fields

    def facts(self) -> dict[str, Any]:
        """Return what a client needs to go on, beside the sentence."""
        return {}


class SecondFactorRequired(AccountError):
    """The password was right and the account asks for more: show a code with this challenge."""

    def __init__(self, challenge: str, methods: tuple[str, ...], expires_in_seconds: int) -> None:
        super().__init__(AccountReason.SECOND_FACTOR_REQUIRED, SECOND_FACTOR_REQUIRED)
        self.challenge = challenge
        self.methods = methods
        self.expires_in_seconds = expires_in_seconds

    def facts(self) -> dict[str, Any]:
        """Return what a client needs to go on, beside the sentence."""
        return {
            "code": self.reason.value,
            "challenge": self.challenge,
            "methods": list(self.methods),
            "expires_in": self.expires_in_seconds,
        }


class CodesLocked(Exception):
    """Too many wrong codes in a row; the account's codes count again after `wait_seconds`."""

    def __init__(self, wait_seconds: float) -> None:
        super().__init__(wait_seconds)
        self.wait_seconds = wait_seconds


def require(**values: object) -> None:
    """Refuse unless each value is there and not blank; null counts as absent."""
    missing = tuple(
        name
        for name, value in values.items()
        if value is None or (isinstance(value, str) and not value.strip())
    )
    if missing:
        raise AccountError(AccountReason.REQUIRED, "All fields are required", missing)


def text(value: object, field: str) -> str:
    """Return a string a database can hold; raises AccountError naming the field."""
    if not isinstance(value, str):
        raise AccountError(AccountReason.WRONG_TYPE, f"{field} must be a string", (field,))
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise AccountError(
            AccountReason.WRONG_TYPE,
            f"{field} contains a character that is not text",
            (field,),
        )
    return value


def username_as_typed(value: object) -> str:
    """Return a user name folded to one spelling: full-width letters, outer spaces."""
    return unicodedata.normalize("NFKC", text(value, "username")).strip()


def email_as_typed(value: object) -> str:
    """Return an address folded to one spelling; the part before the @ keeps its case."""
    email = unicodedata.normalize("NFKC", text(value, "email")).strip()
    local, at, domain = email.rpartition("@")
    return f"{local}{at}{domain.lower()}"


def check_email(email: str) -> None:
    """Refuse what is no address; whether mail arrives is another question."""
    if len(email) > EMAIL_LENGTH_MAX:
        raise _email_invalid()
    try:
        validate_email(email)
    except ValidationError as error:
        raise _email_invalid() from error


def _email_invalid() -> AccountError:
    return AccountError(AccountReason.EMAIL_INVALID, "Enter a valid email address", ("email",))


def check_username(username: str) -> None:
    """Refuse a new name that is too long, could be mistaken for another, or is reserved.

    ASCII alone: no look-alike of another script, no invisible or reordering character.
    """
    if len(username) > USERNAME_LENGTH_MAX:
        raise AccountError(
            AccountReason.USERNAME_INVALID,
            f"Username must have at most {USERNAME_LENGTH_MAX} characters",
            ("username",),
        )
    if not USERNAME_CHARACTERS.issuperset(username.lower()) or not username.isascii():
        raise AccountError(
            AccountReason.USERNAME_INVALID,
            "Username may contain only the letters a-z, digits, and _ . -",
            ("username",),
        )
    if username.lower() in USERNAMES_RESERVED or username.lower().startswith(GONE_PREFIX):
        raise AccountError(
            AccountReason.USERNAME_RESERVED,
            "This username is reserved; choose another",
            ("username",),
        )


def check_password(
    password: str, field: str = "password", *, known_names: tuple[str, ...] = ()
) -> None:
    """Refuse a password that is too short, too long, common, or hardly more than a known name.

    `known_names` are the account's user name and address, which everybody may know.
    """
    if len(password) > PASSWORD_LENGTH_MAX:
        raise AccountError(
            AccountReason.PASSWORD_INVALID,
            f"Password must have at most {PASSWORD_LENGTH_MAX} characters",
            (field,),
        )
    try:
        validate_password(password)
    except ValidationError as error:
        raise AccountError(
            AccountReason.PASSWORD_INVALID, " ".join(error.messages), (field,)
        ) from error
    if any(_hardly_more_than(name, password) for name in (*known_names, *SITE_WORDS)):
        raise AccountError(
            AccountReason.PASSWORD_INVALID,
            "This password is too close to a name that others know; choose another",
            (field,),
        )


def _hardly_more_than(name: str, password: str) -> bool:
    """Tell whether a password is a name, forwards or backwards, and little else.

    Of an address, the part before the @ counts as well. Not a measure of likeness: a password
    that happens to share letters with a name is a good one.
    """
    secret = password.casefold()
    words = {name.casefold(), name.partition("@")[0].casefold()}
    return any(
        len(secret.replace(spelling, "")) < PASSWORD_REST_MIN
        for word in words
        if len(word) >= NAME_IN_PASSWORD_LENGTH_MIN
        for spelling in (word, word[::-1])
    )


def split_full_name(value: object) -> tuple[str, str]:
    """Return first and last name: the text before and after the first space.

    Runs of white space count as one space. No name at all is no mistake.
    """
    if value is None:
        return "", ""
    name = " ".join(text(value, "full_name").split())
    check_line(name, "full_name")
    first, _, last = name.partition(" ")
    if max(len(first), len(last)) > NAME_LENGTH_MAX:
        raise AccountError(
            AccountReason.NAME_INVALID,
            f"First and last name must have at most {NAME_LENGTH_MAX} characters each",
            ("full_name",),
        )
    return first, last


def check_line(value: str, field: str, *, many_lines: bool = False) -> None:
    """Refuse control characters and those that reorder the text around them."""
    for character in value:
        if many_lines and character in _LINE_CHARACTERS:
            continue
        if character in _BIDI_CONTROLS or unicodedata.category(character) in (
            "Cc",
            "Cs",
        ):
            raise AccountError(
                AccountReason.NAME_INVALID,
                f"{field} contains an invisible control character; remove it",
                (field,),
            )
