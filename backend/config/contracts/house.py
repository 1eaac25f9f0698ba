"""What the OpenAPI document says of the house itself, and of its paths that are no API views."""

from collections.abc import Iterable
from typing import Any

from apps.core.api_errors import CREDENTIALS_MISSING, TOKEN_UNUSABLE

Node = dict[str, Any]

INFO: Node = {
    "summary": "A self-hosted, real-time auction house",
    "description": """\
One market under two vocabularies: the roadmap's (`/api/auctions/`, `/api/bids/`, …) and the
BidBazaar guide's (`/api/user/`, `/api/auction/products/`, …). A product is an auction that takes
offers; a listing made through either is visible, biddable and sold through both.

* **Tokens**: `Authorization: Bearer <access token>`; an access token lives an hour, a refresh
  token seven days. Where no token is needed, one that has ended is 401 all the same.
* **Paths** work with and without their last slash, without a redirect. A path is shown with it.
* **Amounts** are JSON numbers in major units of the auction's currency (45000, 12.5). Coming in,
  their decimal digits as text do as well; an exponent (1e3) is refused, NaN and a key that stands
  twice in an object are too.
* **Times**: the roadmap's paths say `2026-02-22T10:30:00Z`, the guide's naive UTC.
* **Errors** are `{"error": sentence}` with `details`, `fields` and `code` where there is something
  to say, every 401 is `{"detail": sentence}`. `docs/refusals.md` lists the codes.
* **Lists**: the roadmap's are pages `{count, next, previous, results}`, the guide's bare arrays.
* **Idempotency-Key**: a bid, a payment or a subscription sent again under its key has the outcome
  of the first time.
* **Live room**: `WS /ws/auction/{auction_id}/`, described in `contracts/asyncapi.yaml`.

What HTTP itself has is not repeated below: `HEAD` and `OPTIONS` are answered, an unknown path is
404, an unknown method 405, an `Accept` without JSON 406, a body that dawdles 408, and a server
with no room left 503 with `Retry-After`.
""",
    "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
}

SERVERS: list[Node] = [{"url": "/", "description": "This house"}]

#: Tag -> what it holds, in the order of the document.
TAGS = {
    "auth": "Log in, stay logged in, log out.",
    "second factor": "Authenticator apps and recovery codes.",
    "passkeys": "A key pair in one's device in place of a password.",
    "sessions": "Where one is logged in.",
    "api keys": "Keys for programs of one's own, and what each may do.",
    "users": "One's own account, other people's public profiles.",
    "auctions": "Listings: search, sell, watch.",
    "categories": "The tree of categories.",
    "bids": "Bids and an auction's immutable history.",
    "auto-bids": "Secret maximums that bid for their owner.",
    "payments": "Paying for what was won; where sellers are paid; what providers tell.",
    "escrow": "Money that is held until the buyer has what he paid for.",
    "invoices": "Invoices and credit notes, as PDF or JSON.",
    "subscriptions": "Plans for sellers: more listings, a lower commission.",
    "messages": "What two users write to each other; who takes nothing from whom.",
    "notifications": "What one is told, what of it is unread, and what one wants to be told.",
    "webhooks": "Addresses that are told of events, signed; what was sent, and how it went.",
    "reports": "What users want staff to look at.",
    "admin": "The back office: staff only, every act written down.",
    "accounts": "The guide's user management.",
    "products": "The guide's products, bids and filters.",
    "demo": "The mails of a demo, for who tries it without a mail program.",
    "house": "Is it alive, is it ready, what does it count; uploaded files.",
}
_GUIDE_TAGS = ["accounts", "products"]
_HOUSE_TAGS = ["second factor", "passkeys", "sessions", "demo", "house"]
TAG_GROUPS: list[Node] = [
    {
        "name": "The roadmap",
        "tags": [name for name in TAGS if name not in (*_GUIDE_TAGS, *_HOUSE_TAGS)],
    },
    {"name": "The BidBazaar guide", "tags": _GUIDE_TAGS},
    {"name": "The house's own", "tags": _HOUSE_TAGS},
]


def tags(used: Iterable[str]) -> list[Node]:
    """Return the tags in use, each with its description; a tag that TAGS lacks comes last."""
    found = set(used)
    known = [{"name": name, "description": text} for name, text in TAGS.items() if name in found]
    return known + [{"name": name} for name in sorted(found - TAGS.keys())]


HEADERS: Node = {
    "ETag": {
        "description": "Changes with whatever the answer shows, its `server_time` aside",
        "required": True,
        "schema": {"type": "string"},
    },
    "Retry-After": {
        "description": "Seconds",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "The scheme to use",
        "required": True,
        "schema": {"type": "string", "const": "Bearer"},
    },
}

#: Status -> examples of its answer where an operation has none of its own.
ANSWERS: dict[str, Node] = {
    "401": {
        "no token": {"detail": CREDENTIALS_MISSING},
        "a token that has ended": {"detail": TOKEN_UNUSABLE},
    },
    "404": {"no such path": {"error": "Not found"}},
    "413": {"too large": {"error": "The body may have at most 262144 bytes"}},
    "415": {"not JSON": {"error": 'Unsupported media type "text/plain" in request.'}},
    "422": {
        "key reused": {
            "error": "This Idempotency-Key was already used for another request; send a new key",
            "code": "idempotency_key_reused",
        }
    },
    "429": {"too many": {"error": "Too many requests; try again in 42 s"}},
    "503": {"busy": {"error": "This auction is very busy; try again in a second"}},
}


def _json(schema: Node, example: Any) -> Node:
    return {"application/json": {"schema": schema, "examples": {"example": {"value": example}}}}


_CHECK: Node = {
    "type": "object",
    "required": ["ok"],
    "properties": {
        "ok": {"type": "boolean"},
        "error": {"type": "string", "description": "The kind of error, where there is one"},
        "vendor": {"type": "string", "description": "Of the database"},
        "kind": {"type": "string", "description": "Of the layer between processes"},
        "milliseconds": {"type": "number", "description": "How long the answer took"},
        "lag_seconds": {"type": "number", "description": "How late the closer is"},
        "differences": {"type": "integer", "description": "Of balances that do not add up"},
    },
}

SCHEMAS: Node = {
    "Health": {
        "type": "object",
        "required": ["status"],
        "properties": {"status": {"type": "string", "const": "ok"}},
    },
    "Readiness": {
        "type": "object",
        "required": ["status", "checks"],
        "properties": {
            "status": {"type": "string", "enum": ["ready", "not ready"]},
            "checks": {
                "type": "object",
                "required": ["database", "layer", "closer", "ledger"],
                "properties": dict.fromkeys(("database", "layer", "closer", "ledger"), _CHECK),
            },
        },
    },
}

_READY = {
    "status": "ready",
    "checks": {
        "database": {"ok": True, "vendor": "sqlite", "milliseconds": 0.08},
        "layer": {"ok": True, "kind": "in-process"},
        "closer": {"ok": True, "lag_seconds": 0.0},
        "ledger": {"ok": True, "differences": 0},
    },
}
_NOT_READY = {
    "status": "not ready",
    "checks": {
        "database": {"ok": False, "error": "OperationalError"},
        "layer": {"ok": True, "kind": "in-process"},
        "closer": {"ok": False, "error": "OperationalError"},
        "ledger": {"ok": False, "error": "OperationalError"},
    },
}


def _get(operation_id: str, summary: str, description: str, responses: Node) -> Node:
    return {
        "get": {
            "operationId": operation_id,
            "summary": summary,
            "description": description,
            "tags": ["house"],
            "security": [],
            "responses": responses,
        }
    }


_MEDIA = _get(
    "getMedia",
    "Get an uploaded file",
    "Pictures of auctions, products and people, as their paths are given there. Pictures never "
    "change; anything that is no picture is offered for download.",
    {
        "200": {
            "description": "The file",
            "content": {
                "image/*": {"schema": {"type": "string", "contentMediaType": "image/*"}},
                "application/octet-stream": {"schema": {"type": "string"}},
            },
        },
        "304": {"description": "Unchanged since If-Modified-Since"},
        "404": {
            "description": "No such file",
            "content": _json({"$ref": "#/components/schemas/Error"}, {"error": "File not found"}),
        },
    },
)
_MEDIA["get"]["parameters"] = [
    {
        "name": "path",
        "in": "path",
        "required": True,
        "description": "The file's path; its slashes stand as they are.",
        "schema": {"type": "string", "minLength": 1},
        "examples": {"example": {"value": "product_images/0a1b2c.webp"}},
    }
]

#: Paths that Django answers without the REST framework.
PATHS: Node = {
    "/healthz/": _get(
        "getHealth",
        "Is the process alive",
        "Answers at once and asks nobody.",
        {
            "200": {
                "description": "Alive",
                "content": _json({"$ref": "#/components/schemas/Health"}, {"status": "ok"}),
            }
        },
    ),
    "/readyz/": _get(
        "getReadiness",
        "Is the process ready",
        "Database and layer must answer; a closer that lags, or a ledger that does not add up, is "
        "reported and takes nothing away.",
        {
            "200": {
                "description": "Ready",
                "content": _json({"$ref": "#/components/schemas/Readiness"}, _READY),
            },
            "503": {
                "description": "Not ready",
                "content": _json({"$ref": "#/components/schemas/Readiness"}, _NOT_READY),
            },
        },
    ),
    "/metrics/": _get(
        "getMetrics",
        "Get the process's figures",
        "In the text format of Prometheus.",
        {
            "200": {
                "description": "Figures",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            }
        },
    ),
    "/media/{path}": _MEDIA,
}
