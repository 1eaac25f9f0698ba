"""HTTP/1.1 on one event loop, with the one thing servers forbid: to hang up in mid-request.

Handlers run to their end on the loop's thread, so whatever they change, they change at once: the
state needs no lock.
"""

import asyncio
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

import httptools
import msgspec

PHRASES = {200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 404: "Not Found"}
BODY_BYTES_MAX = 1_000_000


@dataclass(slots=True)
class Request:
    """A request as it came; `headers` have lower-case names."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def segments(self) -> list[str]:
        """Return the decoded parts of the path."""
        return [unquote(part) for part in self.path.strip("/").split("/")]


@dataclass(slots=True)
class Response:
    """An answer, its body in bytes as it will be sent and, under a key, sent again."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, status: int, value: Any, **headers: str) -> "Response":
        """Encode a value as JSON."""
        return cls(status, msgspec.json.encode(value), headers)


class Reply:
    """How a handler answers: once, now or later, or by cutting the line."""

    def __init__(self, protocol: "_Connection", *, keep_alive: bool) -> None:
        self._protocol = protocol
        self._keep_alive = keep_alive

    def send(self, response: Response) -> None:
        """Write the answer."""
        transport = self._protocol.transport
        if transport is None or transport.is_closing():
            return
        kind = response.headers.get("Content-Type", "application/json")
        lines = [
            f"HTTP/1.1 {response.status} {PHRASES.get(response.status, 'Status')}",
            f"Content-Length: {len(response.body)}",
            f"Content-Type: {kind}",
            f"Connection: {'keep-alive' if self._keep_alive else 'close'}",
        ]
        lines += [f"{name}: {value}" for name, value in response.headers.items()]
        transport.write("\r\n".join(lines).encode() + b"\r\n\r\n" + response.body)
        if not self._keep_alive:
            transport.close()

    def reset(self) -> None:
        """Cut the connection without a word."""
        if self._protocol.transport is not None:
            self._protocol.transport.abort()

    def later(self, delay_seconds: float, act: Callable[[], None]) -> None:
        """Call `act` after this many seconds."""
        asyncio.get_running_loop().call_later(delay_seconds, act)


Handler = Callable[[Request, Reply], None]


class _Connection(asyncio.Protocol):
    def __init__(self, handler: Handler) -> None:
        self.transport: asyncio.Transport | None = None
        self._handler = handler
        self._parser = httptools.HttpRequestParser(self)
        self._begin()

    def _begin(self) -> None:
        self._target = b""
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self.transport = None

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            assert self.transport is not None
            self.transport.abort()

    def on_message_begin(self) -> None:
        self._begin()

    def on_url(self, part: bytes) -> None:
        self._target += part

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, part: bytes) -> None:
        self._body += part
        if len(self._body) > BODY_BYTES_MAX and self.transport is not None:
            self.transport.abort()

    def on_message_complete(self) -> None:
        target = urlsplit(self._target.decode("latin-1"))
        request = Request(
            self._parser.get_method().decode(),
            target.path,
            target.query,
            self._headers,
            bytes(self._body),
        )
        reply = Reply(self, keep_alive=self._parser.should_keep_alive())
        try:
            self._handler(request, reply)
        except Exception:  # a mistake in the fake itself: say where, do not leave anybody waiting
            traceback.print_exc()
            reply.send(Response.of(500, {"error": {"type": "fakepay", "message": "see stderr"}}))


async def listen(handler: Handler, *, port: int) -> tuple[asyncio.Server, int]:
    """Listen on 127.0.0.1; returns the server and its port (0 lets the system choose)."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(handler), "127.0.0.1", port)
    return server, server.sockets[0].getsockname()[1]
