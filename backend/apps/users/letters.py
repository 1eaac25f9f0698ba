"""The words of every mail about an account. Pure: a kind and its facts give a letter."""

from enum import StrEnum

from django.conf import settings

from apps.core.mail import Letter

RESET_PAGE = "/reset-password"
VERIFY_PAGE = "/verify-email"
SECURITY_PAGE = "/settings"


class Kind(StrEnum):
    """What a mail is about; the first two carry a link, the others tell what has happened."""

    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind, not a secret
    VERIFY_EMAIL = "verify_email"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - as above
    EMAIL_CHANGED = "email_changed"
    TOTP_ON = "totp_on"
    TOTP_OFF = "totp_off"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"


#: What has happened -> subject, sentence.
_NOTICES = {
    Kind.PASSWORD_CHANGED: ("Your password was changed", "The password was changed."),
    Kind.EMAIL_CHANGED: (
        "Your address was changed",
        "Another e-mail address was set; this one is no longer used.",
    ),
    Kind.TOTP_ON: ("Second factor on", "An authenticator app was set up."),
    Kind.TOTP_OFF: ("Second factor off", "The authenticator app was removed."),
    Kind.PASSKEY_ADDED: ("New passkey", "A passkey was added."),
    Kind.PASSKEY_REMOVED: ("Passkey removed", "A passkey was removed."),
    Kind.RECOVERY_CODES_MADE: (
        "New recovery codes",
        "New recovery codes were made; the old ones no longer count.",
    ),
    Kind.RECOVERY_CODE_USED: (
        "Recovery code used",
        "Somebody logged in with the password and one of the recovery codes.",
    ),
}


def password_reset(username: str, secret: str) -> Letter:
    """Return the letter with the link to a new password."""
    return Letter(
        subject=f"{settings.SITE_NAME}: set a new password",
        paragraphs=(
            f"Hello {username},",
            "somebody, hopefully you, asked for a new password for your account. This link "
            "works once, for an hour:",
        ),
        link_text="Set a new password",
        link=_page(RESET_PAGE, secret),
        after_link=("If it was not you, do nothing: your password stays as it is.",),
    )


def verify_email(username: str, secret: str) -> Letter:
    """Return the letter with the link that confirms an address."""
    return Letter(
        subject=f"{settings.SITE_NAME}: confirm your e-mail address",
        paragraphs=(
            f"Hello {username},",
            "this link confirms that the address is yours. It works once, for three days:",
        ),
        link_text="Confirm the address",
        link=_page(VERIFY_PAGE, secret),
        after_link=("If you have no account with us, do nothing.",),
    )


def notice(kind: Kind, username: str) -> Letter:
    """Return the letter that tells the owner of an account what was done with it."""
    subject, sentence = _NOTICES[kind]
    return Letter(
        subject=f"{settings.SITE_NAME}: {subject[0].lower()}{subject[1:]}",
        paragraphs=(f"Hello {username},", f"this happened to your account: {sentence}"),
        link_text="If it was not you, change your password and end the other sessions",
        link=f"{settings.SITE_URL.rstrip('/')}{SECURITY_PAGE}",
    )


def _page(path: str, secret: str) -> str:
    # Behind the #: browsers send it to no server, so it reaches no log and no Referer.
    return f"{settings.SITE_URL.rstrip('/')}{path}#token={secret}"
