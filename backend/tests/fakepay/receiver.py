"""Where webhooks arrive: a small server that keeps what it is sent and answers as it is told."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec


@dataclass(frozen=True)
class Arrival:
    """A webhook as it came; header names are lower-case."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Any:
        """Return the event it carries."""
        return msgspec.json.decode(self.body)


@dataclass
class Receiver:
    """What came, in the order it came; `refusals` says how many to answer with 500 first."""

    url: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    refusals: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, arrival: Arrival) -> int:
        """Keep a webhook; returns the status it is answered with."""
        with self.lock:
            if self.refusals:
                self.refusals -= 1
                return 500
            self.arrivals.append(arrival)
            return 200

    @property
    def types(self) -> list[str]:
        """Return the types of the events that came."""
        return [one.event.get("type") or one.event["event_type"] for one in self.arrivals]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.send_response(self.receiver.take(Arrival(headers, body)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def running_receiver() -> Iterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver()
    handler = type("Handler", (_Handler,), {"receiver": receiver})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_address[1]}/webhook"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
