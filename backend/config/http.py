"""Django's HTTP side without Django's ASGI handler: four to five times the requests.

The event loop reads the body and writes the answer; signals, middleware and view run as plain
synchronous code in one bounded pool of threads, each with its own database connection. There is
no context switch per middleware and no thread per request (docs/adr/0007).
"""

import asyncio
import contextlib
import io
import logging
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import IO, Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.core import signals
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import get_resolver, set_script_prefix
from prometheus_client import Counter, Histogram

from apps.core.json import encode

log = logging.getLogger(__name__)

WAITING_PER_THREAD_MAX = 128  # requests queued for one thread; beyond it 503
MULTIPART_EXTRA_BYTES = 1024 * 1024  # headers and text fields around the files of an upload
BODY_MEMORY_BYTES = 1024 * 1024  # a longer body waits in a temporary file
BODY_SECONDS_MAX = 120  # for a slow sender
DRAINED_BYTES_MAX = 16 * 1024 * 1024  # of a refused body, so that its sender reads the refusal
DRAIN_SECONDS_MAX = 5
INLINE_FILE_BYTES = 64 * 1024  # a smaller file is read in the view's own turn
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter("http_requests", "HTTP requests answered", ["method", "status"])
SECONDS = Histogram(
    "http_request_seconds",
    "Time from the last byte of a request to the first of its answer",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5),
)

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Reply:
    """What goes over the wire: `content`, or the pieces of `streaming`."""

    status: int
    headers: Headers
    content: bytes = b""
    streaming: StreamingHttpResponse | None = None


class HttpHandler:
    """An ASGI application for scopes of type http."""

    def __init__(self, *, threads: int) -> None:
        self._django = BaseHandler()
        self._django.load_middleware()
        # Now, not with the first request: a mistake in it must keep the house from opening.
        self._paths = get_resolver().url_patterns
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="http")
        self._waiting_max = threads * WAITING_PER_THREAD_MAX
        self._waiting = 0

    async def __call__(
        self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answer one request."""
        headers = dict(scope["headers"])
        limit_bytes = body_bytes_max(headers.get(b"content-type", b""))
        try:
            body = await read_body(headers, receive, limit_bytes)
        except BodyTooLong:
            await drain(headers, receive)
            await _send_reply(
                scope, send, error_reply(413, f"The body may have at most {limit_bytes} bytes")
            )
            return
        except TimeoutError:
            await _send_reply(scope, send, error_reply(408, "The body took too long to arrive"))
            return
        if body is None:
            return  # the client went away before it had finished asking
        with contextlib.closing(body):
            started = time.perf_counter()
            reply = await self._reply(scope, body)
            SECONDS.observe(time.perf_counter() - started)
            if reply.streaming is None:
                await _send_reply(scope, send, reply)
            else:
                await self._stream(scope, receive, send, reply)

    def shut_down(self) -> None:
        """Let running requests finish; take no more."""
        self._pool.shutdown()

    async def _reply(self, scope: HTTPScope, body: IO[bytes]) -> Reply:
        if self._waiting >= self._waiting_max:
            reply = error_reply(503, "The server is very busy; try again in a second")
            reply.headers.append((b"retry-after", b"1"))
            return reply
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._pool, self._respond, scope, body
            )
        except Exception:
            log.exception("%s %s failed outside its view", scope["method"], scope["path"])
            return error_reply(500, "Internal server error")
        finally:
            self._waiting -= 1

    def _respond(self, scope: HTTPScope, body: IO[bytes]) -> Reply:
        """Run Django on this thread, from its first signal to its last."""
        set_script_prefix(scope.get("root_path", "") or "/")
        signals.request_started.send(sender=type(self), scope=scope)
        response = self._django.get_response(_request_of(scope, body))
        reply = Reply(response.status_code, _headers_of(response))
        if isinstance(response, StreamingHttpResponse):
            if _is_small_file(response):
                reply.content = b"".join(response)
                response.close()
            else:
                reply.streaming = response
                close_old_connections()  # this thread's; the stream is read by others
            return reply
        assert isinstance(response, HttpResponse), "a response streams or has its content"
        reply.content = response.content
        if not response.has_header("Content-Length") and response.status_code not in (204, 304):
            reply.headers.append((b"content-length", str(len(reply.content)).encode()))
        response.close()  # sends request_finished: connections go back, temporary files go
        return reply

    async def _stream(
        self,
        scope: HTTPScope,
        receive: ASGIReceiveCallable,
        send: ASGISendCallable,
        reply: Reply,
    ) -> None:
        """Send a long answer piece by piece, until its end or until nobody listens."""
        assert reply.streaming is not None
        loop = asyncio.get_running_loop()
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await send(_start(reply, scope))
            if scope["method"] != "HEAD":
                pieces = iter(reply.streaming)
                while not gone.done():
                    piece = await loop.run_in_executor(self._pool, next, pieces, None)
                    if piece is None:
                        break
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            gone.cancel()
            await loop.run_in_executor(self._pool, reply.streaming.close)


class BodyTooLong(Exception):
    """The body is longer than its content type may be."""


def body_bytes_max(content_type: bytes) -> int:
    """Return how long a body of this type may be: uploads are multipart, all else is JSON."""
    if content_type.strip().lower().startswith(b"multipart/form-data"):
        files: int = settings.UPLOAD_BYTES_MAX * settings.UPLOAD_FILES_MAX
        return files + MULTIPART_EXTRA_BYTES
    limit: int = settings.REQUEST_BYTES_MAX
    return limit


def _request_of(scope: HTTPScope, body: IO[bytes]) -> ASGIRequest:
    """Return Django's request; a body that came in chunks gets the length its parsers ask for."""
    request = ASGIRequest(scope, body)
    if "CONTENT_LENGTH" not in request.META:
        request.META["CONTENT_LENGTH"] = str(body.seek(0, io.SEEK_END))
        body.seek(0)
    return request


async def read_body(
    headers: dict[bytes, bytes], receive: ASGIReceiveCallable, limit_bytes: int
) -> IO[bytes] | None:
    """Return the whole body as a file at its start; None when the client went away.

    Raises BodyTooLong, as early as the announced length allows, and TimeoutError.
    """
    length = headers.get(b"content-length", b"")
    if not length and b"transfer-encoding" not in headers:
        return io.BytesIO()
    if length.isdigit() and int(length) > limit_bytes:
        raise BodyTooLong
    async with asyncio.timeout(BODY_SECONDS_MAX):
        message: Any = await receive()
        if message["type"] == "http.request" and not message.get("more_body", False):
            return _file_of(message.get("body", b""), limit_bytes)  # nearly all bodies
        return await _read_pieces(message, receive, limit_bytes)


def _file_of(body: bytes, limit_bytes: int) -> IO[bytes]:
    if len(body) > limit_bytes:
        raise BodyTooLong
    return io.BytesIO(body)


async def _read_pieces(
    message: Any, receive: ASGIReceiveCallable, limit_bytes: int
) -> IO[bytes] | None:
    # Closed by whoever asked for the body, or below.
    body = tempfile.SpooledTemporaryFile(max_size=BODY_MEMORY_BYTES, mode="w+b")  # noqa: SIM115
    size = 0
    try:
        while message["type"] == "http.request":
            piece = message.get("body", b"")
            size += len(piece)
            if size > limit_bytes:
                raise BodyTooLong
            body.write(piece)
            if not message.get("more_body", False):
                body.seek(0)
                return body
            message = await receive()
    except BaseException:
        body.close()
        raise
    body.close()
    return None


async def drain(headers: dict[bytes, bytes], receive: ASGIReceiveCallable) -> None:
    """Read and forget the rest of a refused body, within reason.

    A sender that is still writing when the connection closes would see a reset, not the answer.
    One that asked first (`Expect: 100-continue`) is not writing.
    """
    if headers.get(b"expect", b"").lower() == b"100-continue":
        return
    size = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS_MAX):
            while size < DRAINED_BYTES_MAX:
                message: Any = await receive()
                size += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return


def error_reply(status: int, sentence: str) -> Reply:
    """Return an error that Django never saw, in the documents' shape; ends the connection."""
    content = encode({"error": sentence})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"x-frame-options", b"DENY"),
        (b"referrer-policy", b"same-origin"),
        (b"connection", b"close"),
    ]
    return Reply(status, headers, content)


def _headers_of(response: HttpResponseBase) -> Headers:
    return [
        *(
            (name.lower().encode("latin-1"), str(value).encode("latin-1"))
            for name, value in response.items()
        ),
        *(
            (b"set-cookie", cookie.output(header="").strip().encode("latin-1"))
            for cookie in response.cookies.values()
        ),
    ]


def _is_small_file(response: StreamingHttpResponse) -> bool:
    length = response.get("Content-Length", "")
    return length.isdigit() and int(length) <= INLINE_FILE_BYTES and not response.is_async


def _start(reply: Reply, scope: HTTPScope) -> Any:
    method = scope["method"] if scope["method"] in METHODS else "OTHER"
    REQUESTS.labels(method, reply.status).inc()
    return {"type": "http.response.start", "status": reply.status, "headers": reply.headers}


async def _send_reply(scope: HTTPScope, send: ASGISendCallable, reply: Reply) -> None:
    await send(_start(reply, scope))
    content = b"" if scope["method"] == "HEAD" else reply.content
    end: Any = {"type": "http.response.body", "body": content}
    await send(end)


async def _until_gone(receive: ASGIReceiveCallable) -> None:
    message: Any = await receive()
    while message["type"] != "http.disconnect":
        message = await receive()
