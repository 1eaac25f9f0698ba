"""Examples of `/api/auth/` and `/api/users/`."""

from typing import Any

from apps.core.api_errors import TOKEN_UNUSABLE
from apps.users.rules import SECOND_FACTOR_REQUIRED
from config.contracts.samples.base import NOT_JSON, Sample, said

ACCESS = "<access token>"
REFRESH = "<refresh token>"
CREDENTIALS = {"username": "ada", "password": "a long sentence is a password"}
USER: dict[str, Any] = {
    "id": 7,
    "username": "ada",
    "email": "ada@example.com",
    "first_name": "Ada",
    "last_name": "King Lovelace",
    "is_staff": False,
    "full_name": "Ada King Lovelace",
}
PROFILE_CHANGES = {
    "full_name": "Ada King Lovelace",
    "bio": "Clocks, mostly.",
    "location": "London",
    "timezone": "Europe/London",
    "language": "en",
}
AVATAR = {
    "avatar": "/media/avatars/5f1c.webp",
    "avatar_thumbnails": {
        "small": "/media/avatars/5f1c_small.webp",
        "medium": "/media/avatars/5f1c_thumb.webp",
        "large": "/media/avatars/5f1c_large.webp",
    },
}
PROFILE = PROFILE_CHANGES | AVATAR
BUSINESS = {
    "company_name": "King & Co",
    "tax_id": "GB123456789",
    "address": "12 St James's Square\nLondon",
    "website": "https://king.example",
}
NOTHING_ASKED = {
    "something missing": {
        "error": "All fields are required",
        "code": "required",
        "fields": ["password"],
    }
}


def _wrong(code: str, sentence: str, field: str) -> dict[str, Any]:
    return {sentence: {"error": sentence, "code": code, "fields": [field]}}


_PROFILE_CHANGE = Sample(
    sends={"some fields": PROFILE_CHANGES},
    answers={
        200: {"profile": PROFILE},
        400: {
            "time zone": {
                "error": "timezone: Not a time zone; write it as Europe/Berlin or UTC",
                "fields": ["timezone"],
            },
            **NOT_JSON,
        },
    },
)

SAMPLES = {
    "logIn": Sample(
        sends={"name and password": CREDENTIALS},
        answers={
            200: {"tokens": {"access": ACCESS, "refresh": REFRESH}},
            400: NOTHING_ASKED,
            401: {
                "wrong": {"detail": "No active account found with the given credentials"},
                "a code is asked for": {
                    "detail": SECOND_FACTOR_REQUIRED,
                    "code": "second_factor_required",
                    "challenge": "pX3q2-7w_kL9",
                    "methods": ["totp", "recovery_code"],
                    "expires_in": 300,
                },
            },
        },
    ),
    "refreshTokens": Sample(
        sends={"refresh token": {"refresh": REFRESH}},
        answers={
            200: {"tokens": {"access": ACCESS, "refresh": REFRESH}},
            400: _wrong("required", "Refresh token is required", "refresh"),
            401: {"a token that has ended": {"detail": TOKEN_UNUSABLE}},
        },
    ),
    "logOut": Sample(
        sends={"by the header alone": {}, "by refresh token": {"refresh": REFRESH}},
        answers={
            200: {"done": {"message": "Logout successful"}},
            400: _wrong("wrong_type", "refresh must be a string", "refresh"),
        },
    ),
    "issueSocketTicket": Sample(answers={201: {"ticket": {"ticket": "3q2-7w", "expires_in": 30}}}),
    "registerUser": Sample(
        sends={
            "a new user": {
                **CREDENTIALS,
                "email": "ada@example.com",
                "full_name": USER["full_name"],
            }
        },
        answers={
            201: {"account": {**USER, "user": USER, "access": ACCESS, "refresh": REFRESH}},
            400: {
                **NOTHING_ASKED,
                **_wrong("username_taken", "Username already taken", "username"),
                **_wrong("email_taken", "Email already taken", "email"),
            },
        },
    ),
    "getSite": Sample(
        answers={
            200: {
                "a demo market": {
                    "name": "BidBazaar",
                    "currency": "USD",
                    "play_money": True,
                    "stripe_publishable_key": None,
                    "demo_accounts": [{"username": "seller", "password": "bidbazaar-demo"}],
                    "server_time": "2026-02-22T10:30:00Z",
                }
            }
        }
    ),
    "deleteMe": Sample(
        sends={
            "by the password": {"password": "securepassword"},
            "by a code of the app": {"code": "492039"},
        },
        answers={
            400: {
                "not yet": {
                    "error": "The account cannot be deleted yet; you lead 2 running auctions: "
                    "wait for the end",
                    "code": "account_in_use",
                },
                "wrong": {
                    "error": "The current password is wrong",
                    "code": "invalid_credentials",
                    "fields": ["password"],
                },
            }
        },
    ),
    "getMe": Sample(answers={200: {"account": USER}}),
    "getProfile": Sample(answers={200: {"profile": PROFILE}}),
    "putProfile": _PROFILE_CHANGE,
    "patchProfile": _PROFILE_CHANGE,
    "getBusiness": Sample(
        answers={
            200: {"company": BUSINESS},
            404: said("No business account yet; create it with PUT"),
        }
    ),
    "putBusiness": Sample(
        sends={"a company": BUSINESS},
        answers={
            200: {"company": BUSINESS},
            201: {"company": BUSINESS},
            400: {
                "name missing": {
                    "error": "company_name: This field is required.",
                    "fields": ["company_name"],
                }
            },
        },
    ),
    "uploadAvatar": Sample(
        answers={
            201: {"profile": PROFILE},
            400: {
                "no file": {
                    "error": "avatar: Send one picture in this field",
                    "fields": ["avatar"],
                },
            },
        }
    ),
    "changePassword": Sample(
        sends={
            "old and new": {
                "current_password": CREDENTIALS["password"],
                "new_password": "another long sentence is one too",
            }
        },
        answers={
            200: {"done": {"message": "Password changed"}},
            400: NOTHING_ASKED,
        },
    ),
    "getUser": Sample(
        answers={
            200: {
                "public profile": {
                    "id": 7,
                    "username": "ada",
                    "full_name": "Ada King Lovelace",
                    "bio": "Clocks, mostly.",
                    **AVATAR,
                    "location": "London",
                    "member_since": "2026-02-01T09:00:00Z",
                }
            },
            404: said("User not found"),
        }
    ),
}
