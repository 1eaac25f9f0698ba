"""The AsyncAPI document: both sockets, who may open them, which message goes where."""

from typing import Any

from django.conf import settings

from apps.core.outlet import POLICY_VIOLATION, TRY_AGAIN_LATER
from apps.core.room import UNKNOWN_ROOM
from apps.core.sockets import SCOPE_MISSING, TOO_MANY_SOCKETS, UNAUTHENTICATED
from apps.core.ws_auth import SUBPROTOCOL, TICKET_PREFIX
from config.contracts import house, messages, notices

Node = dict[str, Any]

CHANNEL = {"$ref": "#/channels/auctionRoom"}
SCHEMAS = "events.schema.json#/$defs/"

DESCRIPTION = f"""\
Anybody may watch an auction's room; bidding in it needs an account, and so does the socket of
one's own notifications.

**Joining**: the first message is a `snapshot`; with `?last_seq=N` whoever was here before gets the
messages after N instead, if that is not too many ({settings.RESUME_EVENTS_MAX}). Then every
message of the room comes in the order of `seq`, without a gap. A `heartbeat` every
{settings.HEARTBEAT_SECONDS} s tells where the stream stands: whoever is behind says `resume`.

**Who it is**: programs send `Authorization: Bearer <access token>`. Browsers, which cannot, ask
`POST /api/auth/ws-ticket/` for a ticket and offer the subprotocols `{SUBPROTOCOL}` and
`{TICKET_PREFIX}<value>`; the server echoes the first alone. Other sites' pages are refused (403).

**Limits**: {settings.SOCKET_MESSAGES_PER_SECOND} messages a second, \
{settings.SOCKET_FRAME_BYTES_MAX} bytes each, {settings.SOCKETS_PER_USER_MAX} sockets for a user.

Amounts are JSON numbers in major units of the auction's currency, times are UTC. Further keys and
messages may come: ignore what is unknown.
"""

CLOSE_CODES = {
    str(UNAUTHENTICATED): "the credentials are no good, or the session has ended",
    str(UNKNOWN_ROOM): "there is no such auction",
    str(SCOPE_MISSING): "the API key lacks the scope, which the reason names",
    str(TOO_MANY_SOCKETS): "this user or this address has too many sockets open",
    str(POLICY_VIOLATION): "too many messages",
    "1009": "a message is too long",
    str(TRY_AGAIN_LATER): "not now; come back with last_seq",
}


def document(openapi: Node) -> Node:
    """Return the document; its payloads are those of events.schema.json."""
    from_server = messages.schema(openapi)["$defs"]
    heard = [*(event.__name__ for event in messages.visible_events()), *messages.SERVER]
    said = list(messages.CLIENT)
    told = notices.schema(openapi)["$defs"]
    of_person = [*notices.from_server(openapi), *notices.CLIENT]
    room = _room([*heard, *said])
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "BidBazaar live rooms and notifications",
            "version": openapi["info"]["version"],
            "description": DESCRIPTION,
            "license": {
                "name": house.INFO["license"]["name"],
                "url": "https://www.apache.org/licenses/LICENSE-2.0",
            },
            "tags": [{"name": "live room"}, {"name": "notifications"}],
        },
        "defaultContentType": "application/json",
        "servers": {
            "house": {
                "host": "localhost:8000",
                "protocol": "ws",
                "description": "Where `make run` opens the house; wss behind HTTPS.",
            }
        },
        "channels": {
            "auctionRoom": room,
            "notifications": notices.channel(openapi, room["bindings"]),
        },
        "operations": {
            **_operations(heard, said),
            **notices.operations(openapi, _FOR_ACCOUNTS),
        },
        "components": {
            "messages": {
                **{name: _message(name, from_server[name], SCHEMAS) for name in [*heard, *said]},
                **{name: _message(name, told[name], notices.SCHEMAS) for name in of_person},
            },
            "securitySchemes": _SECURITY,
        },
    }


def _room(names: list[str]) -> Node:
    return {
        "address": "/ws/auction/{auction_id}/",
        "title": "An auction's live room",
        "servers": [{"$ref": "#/servers/house"}],
        "parameters": {"auction_id": {"description": "The auction's id", "examples": ["1"]}},
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "ws": {
                "method": "GET",
                "query": {
                    "type": "object",
                    "properties": {
                        "last_seq": {
                            "type": "integer",
                            "minimum": 0,
                            "description": "Begin after this message instead of with a snapshot",
                        }
                    },
                },
                "headers": {
                    "type": "object",
                    "properties": {
                        "Authorization": {"type": "string", "pattern": "^Bearer .+$"},
                        "Sec-WebSocket-Protocol": {
                            "type": "string",
                            "examples": [f"{SUBPROTOCOL}, {TICKET_PREFIX}3q2-7w"],
                        },
                    },
                },
            }
        },
        "x-close-codes": CLOSE_CODES,
    }


def _operations(heard: list[str], said: list[str]) -> Node:
    found: Node = {
        "tellRoom": {
            "action": "send",
            "channel": CHANNEL,
            "summary": "What the server says",
            "messages": [_of_channel(name) for name in heard],
        }
    }
    for name in said:
        found[f"on{name}"] = {
            "action": "receive",
            "channel": CHANNEL,
            "summary": messages.CLIENT[name]["description"],
            "messages": [_of_channel(name)],
            "reply": {
                "channel": CHANNEL,
                "messages": [_of_channel(answer) for answer in _ANSWERS[name]],
            },
        }
        if name in _FOR_MEMBERS:
            found[f"on{name}"]["security"] = _FOR_ACCOUNTS
    return found


_ANSWERS = {
    "PlaceBid": ("BidAccepted", "BidRejected", "Error"),
    "SetAutoBid": ("BidAccepted", "BidRejected", "Error"),
    "Resume": ("Snapshot", "Heartbeat", "Error"),
    "Ping": ("Pong", "Error"),
}
_FOR_MEMBERS = ("PlaceBid", "SetAutoBid")

_SECURITY: Node = {
    "bearerAuth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token in the header of the handshake, for programs.",
    },
    "ticket": {
        "type": "httpApiKey",
        "name": "Sec-WebSocket-Protocol",
        "in": "header",
        "description": f"`{SUBPROTOCOL}, {TICKET_PREFIX}<value>`; a ticket opens one socket within "
        f"{settings.SOCKET_TICKET_SECONDS} s.",
    },
}

_FOR_ACCOUNTS = [{"$ref": f"#/components/securitySchemes/{scheme}"} for scheme in _SECURITY]


def _of_channel(name: str) -> Node:
    return {"$ref": f"#/channels/auctionRoom/messages/{name}"}


def _message(name: str, schema: Node, file: str) -> Node:
    audience = {"x-audience": schema["x-audience"]} if "x-audience" in schema else {}
    return {
        "name": schema["properties"]["type"]["const"],
        "title": name,
        "summary": schema["description"],
        "contentType": "application/json",
        "payload": {"$ref": f"{file}{name}"},
        "examples": [{"payload": example} for example in schema["examples"]],
        **audience,
    }
