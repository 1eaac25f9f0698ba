"""The words of every mail to an account. Pure: a kind and its facts give a letter."""

from collections.abc import Mapping
from enum import StrEnum

from django.conf import settings

from apps.core.mail import Letter

RESET_PAGE = "/reset-password"
VERIFY_PAGE = "/verify-email"
SECURITY_PAGE = "/settings"
NOTIFICATIONS_PAGE = "/notifications"
AUCTION_PAGE = "/auctions"
APPEAL_PAGE = "/appeal"


class Kind(StrEnum):
    """What a mail is about: a link to follow, what has happened, or what was bought."""

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
    API_KEY_MADE = "api_key_made"
    ACCOUNT_DELETED = "account_deleted"
    PAYMENT_REMINDER = "payment_reminder"
    SECOND_CHANCE = "second_chance"
    NOTIFICATION = "notification"
    DIGEST = "digest"
    SANCTION = "sanction"


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
    Kind.API_KEY_MADE: ("New API key", "An API key was made, with which a program may act."),
    Kind.RECOVERY_CODES_MADE: (
        "New recovery codes",
        "New recovery codes were made; the old ones no longer count.",
    ),
    Kind.RECOVERY_CODE_USED: (
        "Recovery code used",
        "Somebody logged in with the password and one of the recovery codes.",
    ),
}

#: What was bought or may be -> subject, sentences, what its link says. The facts are `title`,
#: `total` (with its currency), `due` (an instant as text) and `auction_id`.
_PURCHASES = {
    Kind.PAYMENT_REMINDER: (
        "please pay for {title}",
        (
            "you bought {title} and have not paid yet. {total} is due by {due}.",
            "What is not paid by then may be offered to somebody else, and that is noted with "
            "your account.",
        ),
        "See it and pay",
    ),
    Kind.SECOND_CHANCE: (
        "you can still have {title}",
        (
            "whoever won {title} did not pay. It is yours at your own highest bid if you want "
            "it: {total} in all, by {due}.",
            "If you do not, do nothing; you owe nothing.",
        ),
        "See it and buy",
    ),
}
PURCHASE_KINDS = frozenset(_PURCHASES)


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
        link=f"{settings.SITE_URL}{SECURITY_PAGE}",
    )


def farewell() -> Letter:
    """Return the letter to the former address of an account that was deleted."""
    return Letter(
        subject=f"{settings.SITE_NAME}: your account was deleted",
        paragraphs=(
            "Hello,",
            "your account was deleted, as somebody who knew its password or had its second factor "
            "asked. What you traded stays on record under a name that says nothing; this address "
            "is no longer kept.",
        ),
    )


def purchase(kind: Kind, username: str, facts: Mapping[str, str | int]) -> Letter:
    """Return the letter about something its reader bought or may buy."""
    subject, sentences, link_text = _PURCHASES[kind]
    return Letter(
        subject=f"{settings.SITE_NAME}: {subject.format(**facts)}",
        paragraphs=(f"Hello {username},", *(text.format(**facts) for text in sentences)),
        link_text=link_text,
        link=f"{settings.SITE_URL}{AUCTION_PAGE}/{facts['auction_id']}",
    )


def notification(username: str, facts: Mapping[str, str | int]) -> Letter:
    """Return the letter with a notification: its facts are `title`, `body`, `url`, `unsubscribe`.

    The last two are paths of this site.
    """
    site = settings.SITE_URL
    texts = (f"Hello {username},", str(facts["title"]), str(facts["body"]))
    return Letter(
        subject=f"{settings.SITE_NAME}: {facts['title']}",
        paragraphs=tuple(text for text in texts if text),
        link_text="See it",
        link=f"{site}{facts['url']}",
        after_link=(f"Which mails you get is up to you: {site}{SECURITY_PAGE}",),
        unsubscribe=f"{site}{facts['unsubscribe']}",
    )


def digest(username: str, facts: Mapping[str, str | int]) -> Letter:
    """Return the letter of the day: its facts are `lines`, `count` and `unsubscribe`.

    `lines` has a line for each notification, the newest ones if there are many more.
    """
    site = settings.SITE_URL
    lines = str(facts["lines"]).split("\n")
    left = int(facts["count"]) - len(lines)
    more = (f"And {left} more before these.",) if left > 0 else ()
    return Letter(
        subject=f"{settings.SITE_NAME}: what is new ({facts['count']})",
        paragraphs=(
            f"Hello {username},",
            "this happened since the last mail of the day:",
            *lines,
            *more,
        ),
        link_text="See it all",
        link=f"{site}{NOTIFICATIONS_PAGE}",
        after_link=(f"Which mails you get is up to you: {site}{SECURITY_PAGE}",),
        unsubscribe=f"{site}{facts['unsubscribe']}",
    )


def sanction(username: str, facts: Mapping[str, str | int]) -> Letter:
    """Return the letter about what staff did: `what` happened, the `reason`, a `token` to appeal.

    Whoever is shut out can do nothing here but follow this link.
    """
    return Letter(
        subject=f"{settings.SITE_NAME}: {facts['what']}",
        paragraphs=tuple(
            text
            for text in (
                f"Hello {username},",
                f"our staff decided: {facts['what']}.",
                f"The reason: {facts['reason']}" if facts["reason"] else "",
                f"If you think this is wrong, you can appeal once, within {facts['days']} days; "
                "somebody else will look at it. No login is needed:",
            )
            if text
        ),
        link_text="Appeal",
        link=_page(APPEAL_PAGE, str(facts["token"])),
    )


def _page(path: str, secret: str) -> str:
    # Behind the #: browsers send it to no server, so it reaches no log and no Referer.
    return f"{settings.SITE_URL}{path}#token={secret}"
