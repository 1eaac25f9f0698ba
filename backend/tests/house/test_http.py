"""config/http.py: what the street sends, what it gets back, and what is left behind."""

import asyncio
import json
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core import signals

from config.http import INLINE_FILE_BYTES, WAITING_PER_THREAD_MAX, HttpHandler
from tests.house import views

pytestmark = pytest.mark.urls("tests.house.views")


@pytest.fixture
def handler():
    handler = HttpHandler(threads=2)
    views.seen.clear()
    views.gate.clear()
    yield handler
    views.gate.set()
    handler.shut_down()


@dataclass
class Answer:
    """What went over the wire."""

    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.messages[0]["status"]

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self.messages[0]["headers"])

    @property
    def body(self) -> bytes:
        return b"".join(message.get("body", b"") for message in self.messages[1:])

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def body_message(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


GONE = {"type": "http.disconnect"}


async def ask(
    handler: HttpHandler,
    path: str,
    *incoming: dict[str, Any],
    method: str = "GET",
    headers: dict[str, str] | None = None,
) -> Answer:
    """Send one request; `incoming` are the server's messages, none is an empty body."""
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "scheme": "http",
        "query_string": query.encode(),
        "headers": [(n.lower().encode(), v.encode()) for n, v in (headers or {}).items()],
        "client": ("192.0.2.7", 5000),
        "server": ("testserver", 80),
        "http_version": "1.1",
    }
    waiting = list(incoming)
    answer = Answer()

    async def receive() -> Any:
        if waiting:
            return waiting.pop(0)
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        answer.messages.append(message)

    await handler(scope, receive, send)  # type: ignore[arg-type]
    return answer


async def post(handler: HttpHandler, path: str, body: bytes, **headers: str) -> Answer:
    length = {"Content-Length": str(len(body))}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await ask(handler, path, body_message(body), method="POST", headers={**length, **named})


async def test_view_gets_the_body_and_the_visitor_its_answer_with_its_length(handler):
    answer = await post(handler, "/echo", b"hello")

    assert (answer.status, answer.body) == (200, b"hello")
    assert answer.headers[b"content-length"] == b"5"


async def test_body_in_pieces_arrives_whole(handler):
    pieces = [body_message(b"one ", more=True), body_message(b"two ", more=True)]

    answer = await ask(
        handler,
        "/echo",
        *pieces,
        body_message(b"three"),
        method="POST",
        headers={"Transfer-Encoding": "chunked"},
    )

    assert answer.body == b"one two three"


async def test_head_gets_the_headers_alone(handler):
    answer = await ask(handler, "/echo", method="HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.headers[b"content-length"] == b"0"


async def test_every_cookie_has_its_header_and_204_no_length(handler):
    answer = await ask(handler, "/cookie")

    names = [name for name, _ in answer.messages[0]["headers"]]
    assert names.count(b"set-cookie") == 2
    assert b"content-length" not in names


async def test_body_that_announces_too_much_is_refused_unread(handler):
    limit = settings.REQUEST_BYTES_MAX
    headers = {"Content-Length": str(limit + 1), "Expect": "100-continue"}

    answer = await ask(handler, "/echo", method="POST", headers=headers)

    assert answer.status == 413
    assert answer.json == {"error": f"The body may have at most {limit} bytes"}
    assert answer.headers[b"connection"] == b"close"


async def test_body_that_grows_too_long_is_refused(handler):
    half = b"x" * (settings.REQUEST_BYTES_MAX // 2 + 1)
    pieces = [body_message(half, more=True), body_message(half, more=True), body_message(b"")]

    answer = await ask(
        handler, "/echo", *pieces, method="POST", headers={"Transfer-Encoding": "chunked"}
    )

    assert answer.status == 413


async def test_longest_body_allowed_is_allowed(handler):
    answer = await post(handler, "/echo", b"x" * settings.REQUEST_BYTES_MAX)

    assert answer.status == 200


async def test_upload_may_be_longer_than_json(handler):
    file = b"x" * (settings.REQUEST_BYTES_MAX * 8)
    body = (
        b'--B\r\nContent-Disposition: form-data; name="images"; filename="a.jpg"\r\n\r\n'
        + file
        + b"\r\n--B--\r\n"
    )

    answer = await post(handler, "/size", body, Content_Type="multipart/form-data; boundary=B")

    assert (answer.status, answer.body) == (200, str(len(file)).encode())


async def test_upload_has_a_limit_too(handler):
    limit = settings.UPLOAD_BYTES_MAX * settings.UPLOAD_FILES_MAX
    headers = {
        "Content-Type": "multipart/form-data; boundary=B",
        "Content-Length": str(limit * 2),
        "Expect": "100-continue",
    }

    answer = await ask(handler, "/size", method="POST", headers=headers)

    assert answer.status == 413


async def test_visitor_who_leaves_before_asking_gets_nothing(handler):
    answer = await ask(
        handler,
        "/echo",
        body_message(b"half", more=True),
        GONE,
        method="POST",
        headers={"Content-Length": "8"},
    )

    assert answer.messages == []


async def test_broken_view_answers_json_and_shows_nothing_of_the_house(handler, caplog):
    answer = await ask(handler, "/broken")

    assert (answer.status, answer.json) == (500, {"error": "Internal server error"})
    assert b"secret" not in answer.body
    assert "the secret of the house" in caplog.text


async def test_unknown_path_answers_json(handler):
    answer = await ask(handler, "/nowhere")

    assert (answer.status, answer.json) == (404, {"error": "Not found"})


async def test_house_that_is_full_says_when_to_come_back(handler):
    limit = 2 * WAITING_PER_THREAD_MAX
    waiting = [asyncio.create_task(ask(handler, "/wait")) for _ in range(limit)]
    await asyncio.sleep(0.1)

    answer = await ask(handler, "/echo")
    views.gate.set()
    others = await asyncio.gather(*waiting)

    assert (answer.status, answer.headers[b"retry-after"]) == (503, b"1")
    assert {other.status for other in others} == {200}


@pytest.mark.django_db(transaction=True)
async def test_view_runs_and_finishes_in_one_thread_of_the_pool(handler):
    finished: list[str] = []

    def note(**_: object) -> None:
        finished.append(threading.current_thread().name)

    signals.request_finished.connect(note)
    try:
        answer = await ask(handler, "/query")
    finally:
        signals.request_finished.disconnect(note)

    assert answer.body == b"192.0.2.7"
    # request_finished cleans up the connection of the thread it is sent in.
    assert finished == [views.seen["thread"]]
    assert finished[0].startswith("http")


async def test_small_file_comes_in_one_piece_and_is_closed(handler, tmp_path):
    path = tmp_path / "small"
    path.write_bytes(b"x" * INLINE_FILE_BYTES)

    answer = await ask(handler, f"/file?path={path}")

    assert len(answer.messages) == 2
    assert answer.body == path.read_bytes()
    assert views.seen["file"].closed  # type: ignore[attr-defined]


async def test_large_file_comes_in_pieces_and_is_closed(handler, tmp_path):
    path = tmp_path / "large"
    path.write_bytes(b"x" * (INLINE_FILE_BYTES + 1))

    answer = await ask(handler, f"/file?path={path}")

    assert len(answer.messages) > 3
    assert answer.body == path.read_bytes()
    assert views.seen["file"].closed  # type: ignore[attr-defined]


async def test_stream_ends_when_nobody_listens(handler):
    answer = await ask(handler, "/stream", GONE)

    assert views.seen["closed"]
    assert len(answer.body) < 1000 * 1000
