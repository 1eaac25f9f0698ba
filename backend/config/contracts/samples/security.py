"""Examples of what protects an account: sessions, links of mails, second factors, passkeys."""

from typing import Any

from apps.users.mail_views import RESET_ASKED
from apps.users.rules import AccountReason
from config.contracts.samples.accounts import ACCESS, NOTHING_ASKED, REFRESH, USER
from config.contracts.samples.base import (
    BAD_PAGE_SIZE,
    NO_SUCH_PAGE,
    NOT_JSON,
    Sample,
    page_of,
    said,
)

PASSWORD = "a long sentence is a password"  # noqa: S105 - an example
CHALLENGE = "pX3q2-7w_kL9"
LINK = "eyJ-the-token-of-the-link"
TOKENS = {"tokens": {"access": ACCESS, "refresh": REFRESH}}
CODES = ["2345-6789-abcd-efgh", "jkmn-pqrs-tuvw-xyz2"]
SESSION = {
    "id": "5f1c2f2e-0d0a-4b43-9a34-6d4b7a2f3c11",
    "created_at": "2026-02-22T09:58:12Z",
    "last_used_at": "2026-02-22T10:30:00Z",
    "expires_at": "2026-03-01T10:30:00Z",
    "ip_address": "203.0.113.7",
    "user_agent": "Mozilla/5.0",
    "second_factor": False,
    "current": True,
}
PASSKEY = {
    "id": 3,
    "name": "Phone",
    "created_at": "2026-02-22T10:00:00Z",
    "last_used_at": None,
}
SECURITY = {
    "email": "ada@example.com",
    "email_verified": True,
    "email_verification": "optional",
    "totp": True,
    "passkeys": 1,
    "recovery_codes_left": 9,
    "second_factor_required": False,
    "second_factor_shown": True,
}
CREATION_OPTIONS = {
    "rp": {"name": "BidBazaar", "id": "bidbazaar.example"},
    "user": {"id": "6bkM", "name": "ada", "displayName": "Ada King Lovelace"},
    "challenge": CHALLENGE,
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    "timeout": 300000,
    "excludeCredentials": [],
    "authenticatorSelection": {"residentKey": "required", "userVerification": "required"},
    "attestation": "none",
}
REQUEST_OPTIONS = {
    "challenge": CHALLENGE,
    "timeout": 300000,
    "rpId": "bidbazaar.example",
    "userVerification": "required",
}
REGISTRATION = {
    "id": "AQID",
    "rawId": "AQID",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "attestationObject": "oA"},
    "clientExtensionResults": {},
}
AUTHENTICATION = {
    "id": "AQID",
    "rawId": "AQID",
    "type": "public-key",
    "response": {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA"},
    "clientExtensionResults": {},
}


def _refused(reason: AccountReason, sentence: str, *fields: str) -> dict[str, Any]:
    body: dict[str, Any] = {"error": sentence, "code": reason.value}
    return {reason.value.replace("_", " "): body | ({"fields": list(fields)} if fields else {})}


_STALE = _refused(
    AccountReason.PASSWORD_REQUIRED,
    "Send your password along: your login was more than 15 minutes ago",
    "password",
)
_WRONG_PASSWORD = _refused(
    AccountReason.INVALID_CREDENTIALS, "The current password is wrong", "password"
)
_WRONG_CODE = _refused(AccountReason.CODE_INVALID, "This code is wrong or was used before", "code")
_NO_FACTOR = _refused(
    AccountReason.SECOND_FACTOR_ABSENT, "Set up an authenticator app or a passkey first"
)
_LAST_FACTOR = _refused(
    AccountReason.SECOND_FACTOR_NEEDED,
    "Staff need a second factor here; set up another one first",
)
_BAD_PASSKEY = _refused(AccountReason.PASSKEY_INVALID, "This passkey was not accepted; try again")
_CONFIRMATION = {"soon after the login": {}, "later": {"password": PASSWORD}}


def _link(remedy: str) -> dict[str, Any]:
    sentence = f"This link was used or has expired; {remedy}"
    return _refused(AccountReason.LINK_INVALID, sentence, "token")


def _done(sentence: str) -> dict[str, Any]:
    return {"done": {"message": sentence}}


_MAILS = {
    "askPasswordReset": Sample(
        sends={"an address": {"email": "ada@example.com"}},
        answers={
            200: _done(RESET_ASKED),
            400: _refused(AccountReason.EMAIL_INVALID, "Enter a valid email address", "email"),
        },
    ),
    "resetPassword": Sample(
        sends={"a new password": {"token": LINK, "password": PASSWORD}},
        answers={
            200: _done("Password changed; log in with the new one"),
            400: _link("ask for a new one"),
        },
    ),
    "verifyEmail": Sample(
        sends={"the link's token": {"token": LINK}},
        answers={200: _done("E-mail address confirmed"), 400: _link("ask for a new one")},
    ),
    "resendVerification": Sample(
        answers={
            200: _done("A mail with a link is on its way"),
            400: {
                **_refused(AccountReason.VERIFIED_ALREADY, "Your address is confirmed already"),
                **_refused(
                    AccountReason.VERIFICATION_OFF, "This site does not verify e-mail addresses"
                ),
            },
        }
    ),
    "changeEmail": Sample(
        sends={"a new address": {"email": "ada@new.example", "password": PASSWORD}},
        answers={
            200: {"account": USER | {"email": "ada@new.example"}},
            400: {
                **_refused(AccountReason.EMAIL_TAKEN, "Email already taken", "email"),
                **_WRONG_PASSWORD,
            },
        },
    ),
}

_SESSIONS = {
    "listSessions": Sample(
        answers={
            200: page_of(SESSION, address="/api/auth/sessions/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "endSession": Sample(answers={404: said("Session not found")}),
    "endOtherSessions": Sample(
        answers={200: {"done": {"message": "Other sessions ended", "ended": 2}}}
    ),
    "getSecurity": Sample(answers={200: {"an app and a passkey": SECURITY}}),
}

_FACTORS = {
    "finishLogIn": Sample(
        sends={"a code": {"challenge": CHALLENGE, "code": "123456"}},
        answers={
            200: TOKENS,
            400: {**NOTHING_ASKED, **_WRONG_CODE},
            401: {
                "too late": {
                    "detail": "This login has expired; log in again",
                    "code": AccountReason.CHALLENGE_INVALID.value,
                }
            },
        },
    ),
    "beginTotp": Sample(
        sends=_CONFIRMATION,
        answers={
            201: {
                "a secret": {
                    "secret": "JBSWY3DPEHPK3PXP",
                    "uri": "otpauth://totp/BidBazaar:ada?secret=JBSWY3DPEHPK3PXP",
                    "qr_svg": "<svg></svg>",
                }
            },
            400: {
                **_refused(
                    AccountReason.SECOND_FACTOR_ACTIVE,
                    "An authenticator app is set up already; remove it first",
                ),
                **_WRONG_PASSWORD,
            },
            403: _STALE,
        },
    ),
    "confirmTotp": Sample(
        sends={"the first code": {"code": "123456"}},
        answers={
            200: {"done": {"message": "Authenticator app set up", "recovery_codes": CODES}},
            400: {**_WRONG_CODE, **NOT_JSON},
        },
    ),
    "removeTotp": Sample(answers={400: {**_WRONG_CODE, **_LAST_FACTOR}}),
    "makeRecoveryCodes": Sample(
        sends=_CONFIRMATION,
        answers={
            201: {"two of ten": {"recovery_codes": CODES}},
            400: {**_NO_FACTOR, **_WRONG_PASSWORD},
            403: _STALE,
        },
    ),
}

_PASSKEYS = {
    "beginPasskey": Sample(
        sends=_CONFIRMATION,
        answers={200: {"for the browser": CREATION_OPTIONS}, 400: _WRONG_PASSWORD, 403: _STALE},
    ),
    "listPasskeys": Sample(
        answers={
            200: page_of(PASSKEY, address="/api/auth/passkeys/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "addPasskey": Sample(
        sends={"of a phone": {"name": "Phone", "credential": REGISTRATION}},
        answers={201: {"kept": PASSKEY}, 400: _BAD_PASSKEY},
    ),
    "removePasskey": Sample(
        answers={
            400: {**_LAST_FACTOR, **_WRONG_PASSWORD},
            403: _STALE,
            404: said("Passkey not found"),
        }
    ),
    "beginPasskeyLogIn": Sample(answers={200: {"for the browser": REQUEST_OPTIONS}}),
    "logInByPasskey": Sample(
        sends={"of a phone": {"credential": AUTHENTICATION}},
        answers={
            200: TOKENS,
            400: NOT_JSON,
            401: {"refused": {"detail": "This passkey was not accepted; try again"}},
        },
    ),
}

SAMPLES = _MAILS | _SESSIONS | _FACTORS | _PASSKEYS
