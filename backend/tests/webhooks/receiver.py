"""A receiver of webhooks: a real HTTP server on this machine that answers as it is told."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """Return the JSON of a message that the integrator's library takes for ours."""
        return Webhook(secret).verify(self.body, self.headers)


Reply = tuple[int, dict[str, str], bytes]


@dataclass
class Receiver:
    """What came, and how it is answered: by `answer`, given the request."""

    server: ThreadingHTTPServer
    got: list[Received] = field(default_factory=list)
    answer: Callable[[Received], Reply] = lambda request: (204, {}, b"")

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def url(self, host: str = "127.0.0.1", path: str = "/hook") -> str:
        return f"http://{host}:{self.port}{path}"

    def always(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Answer everything alike from now on."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answer = lambda request: (status, named, body)


@contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Run one on a free port until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", 0))
            request = Received(
                self.path,
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            receiver.got.append(request)
            status, headers, body = receiver.answer(request)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Keep quiet."""

    receiver = Receiver(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    thread = threading.Thread(target=receiver.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()
        thread.join()
