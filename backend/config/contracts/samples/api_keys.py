"""Examples of `/api/api-keys/`."""

from typing import Any

from config.contracts.samples.base import BAD_PAGE_SIZE, NO_SUCH_PAGE, Sample, page_of, said

KEY: dict[str, Any] = {
    "id": 5,
    "name": "Nightly export",
    "hint": "bbk_Zk3v9Q",
    "scopes": ["read:listings", "read:bids"],
    "created_at": "2026-02-22T10:30:00Z",
    "expires_at": "2027-02-22T10:30:00Z",
    "last_used_at": None,
}

SAMPLES = {
    "listApiKeys": Sample(
        answers={
            200: page_of({**KEY, "last_used_at": "2026-02-22T11:02:00Z"}, address="/api/api-keys/"),
            400: BAD_PAGE_SIZE,
            404: NO_SUCH_PAGE,
        }
    ),
    "createApiKey": Sample(
        sends={
            "for a year": {"name": "Nightly export", "scopes": ["read:listings", "read:bids"]},
            "with the password, for a month": {
                "name": "A bidder",
                "scopes": ["read:bids", "write:bids"],
                "expires_at": "2026-03-22T10:30:00Z",
                "password": "securepassword",
            },
        },
        answers={
            201: {"made": {**KEY, "key": "bbk_Zk3v9QmYt0pWcX1uB7nLr5sHd2gJf8aEo4iKvTzRyMw"}},
            400: {
                "no such scope": {
                    "error": "scopes.0: must be one of: read:account, read:listings",
                    "fields": ["scopes.0"],
                },
                "too many": {
                    "error": "An account may have at most 20 API keys",
                    "code": "keys_too_many",
                },
            },
            403: said(
                "Send your password along: your login was more than 15 minutes ago",
                code="password_required",
                fields=["password"],
            ),
        },
    ),
    "deleteApiKey": Sample(answers={404: said("API key not found")}),
}
