"""Ways into a live room: in this process without a network, or a real server over real sockets."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from channels.testing import WebsocketCommunicator
from django.db import connection
from websockets.asyncio.client import ClientConnection, connect

from config.asgi import application
from tests.servers import _valkey_program

BACKEND = Path(__file__).resolve().parents[2]
ANSWER_SECONDS = 5
START_SECONDS_MAX = 30
OUTSIDE_THE_STREAM = ("heartbeat", "user_outbid", "bid_accepted", "bid_rejected")
HOST = (b"host", b"testserver")

Body = dict[str, Any]


class Socket:
    """One end of a conversation with a room, without a network."""

    def __init__(self, communicator: WebsocketCommunicator) -> None:
        self.communicator = communicator
        self.subprotocol: str | None = None
        self._passed: list[Body] = []

    async def say(self, body: object) -> None:
        await self.communicator.send_to(text_data=json.dumps(body))

    async def say_text(self, text: str) -> None:
        await self.communicator.send_input({"type": "websocket.receive", "text": text})

    async def hear(self) -> Body:
        """Return the next message, whatever it is."""
        body: Body = await self.communicator.receive_json_from(timeout=ANSWER_SECONDS)
        return body

    async def hear_next(self, *kinds: str) -> Body:
        """Return the next message of these types; those it passes can still be heard later.

        An acknowledgement and the room's frame of one bid come in either order.
        """
        for index, body in enumerate(self._passed):
            if body["type"] in kinds:
                return self._passed.pop(index)
        async with asyncio.timeout(ANSWER_SECONDS):
            while (body := await self.hear())["type"] not in kinds:
                self._passed.append(body)
        return body

    async def ask(self, body: Body) -> Body:
        """Send a message and return what it is answered with."""
        await self.say(body)
        return await self.hear_next("bid_accepted", "bid_rejected", "error", "pong")

    async def close_code(self) -> int:
        """Return the code this socket is closed with, past any messages."""
        async with asyncio.timeout(ANSWER_SECONDS + 1):
            while True:
                message = await self.communicator.receive_output(ANSWER_SECONDS + 1)
                if message["type"] == "websocket.close":
                    code: int = message["code"]
                    return code

    async def hears_no(self, kind: str, seconds: float = 0.2) -> bool:
        """Tell whether no message of a type has been passed or comes for a moment."""
        if any(body["type"] == kind for body in self._passed):
            return False
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if await self.communicator.receive_nothing(left):
                return True
            if (await self.hear())["type"] == kind:
                return False
        return True


def handshake(
    path: str,
    *,
    token: str | None = None,
    headers: tuple[tuple[bytes, bytes], ...] = (),
    subprotocols: tuple[str, ...] = (),
    client: str = "127.0.0.1",
) -> WebsocketCommunicator:
    """Return a handshake that has not begun."""
    sent = [HOST, *headers]
    if token is not None:
        sent.append((b"authorization", f"Bearer {token}".encode()))
    communicator = WebsocketCommunicator(application, path, sent, list(subprotocols))
    communicator.scope["client"] = [client, 50000]
    return communicator


@asynccontextmanager
async def joined(path: str, **options: Any) -> AsyncIterator[Socket]:
    """Open a socket; messages are still to be heard."""
    communicator = handshake(path, **options)
    connected, subprotocol = await communicator.connect(ANSWER_SECONDS)
    assert connected, subprotocol
    end = Socket(communicator)
    end.subprotocol = subprotocol
    try:
        yield end
    finally:
        with suppress(RuntimeError):
            await communicator.disconnect(timeout=ANSWER_SECONDS)


# --- a real server ----------------------------------------------------------------------------


def own_database_url() -> str:
    """Return the URL of this test run's database, for another process."""
    settings = connection.settings_dict
    name = str(settings["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    host = settings["HOST"] or settings["OPTIONS"].get("host", "")
    port = settings["PORT"]
    place = f"{settings['USER']}:{quote(settings['PASSWORD'])}@"
    if host.startswith("/"):
        return f"postgres://{place}/{name}?host={quote(host, safe='')}"
    return f"postgres://{place}{host}{f':{port}' if port else ''}/{name}"


class Server:
    """A web process of ours with a port of its own."""

    def __init__(self, port: int, process: "subprocess.Popen[bytes]") -> None:
        self.port = port
        self.process = process

    def url(self, auction_id: int, query: str = "") -> str:
        return f"ws://127.0.0.1:{self.port}/ws/auction/{auction_id}/{query}"

    def http(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    @property
    def memory_bytes(self) -> int:
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGESIZE")


@contextmanager
def running_server(**environment: str) -> Iterator[Server]:
    """Run a web process on this test run's database; `REDIS_URL` ties several together."""
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.realtime.serve", str(port)],
        cwd=BACKEND,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": own_database_url(),
            "REDIS_URL": "",
            **environment,
        },
    )
    try:
        _wait_until_open(port, process)
        yield Server(port, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_open(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


class Valkey:
    """A Valkey on a fixed port that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = _free_port()
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(_valkey_program()), "--port", str(self.port), "--bind", "127.0.0.1"]
        self.process = subprocess.Popen(
            [*command, "--dir", str(self.folder), "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.01)
        raise AssertionError("Valkey did not start")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def send_signal(self, number: int) -> None:
        if self.process is not None:
            self.process.send_signal(number)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Watcher:
    """A `websockets` client that keeps all it hears."""

    def __init__(self, line: ClientConnection) -> None:
        self.line = line
        self.heard: list[Body] = []
        self.snapshots = 0
        self.seqs: list[int] = []  # of room frames, since the last snapshot
        self.stands_at = 0  # the seq it knows the room at

    async def say(self, body: object) -> None:
        await self.line.send(json.dumps(body))

    async def hear(self, seconds: float = ANSWER_SECONDS) -> Body:
        async with asyncio.timeout(seconds):
            body: Body = json.loads(await self.line.recv())
        self._note(body)
        return body

    async def hear_next(self, *kinds: str, seconds: float = ANSWER_SECONDS) -> Body:
        async with asyncio.timeout(seconds):
            while (body := await self.hear(seconds))["type"] not in kinds:
                pass
        return body

    async def hear_until(self, seq: int, seconds: float = ANSWER_SECONDS) -> list[int]:
        """Listen until the room has come to `seq`; returns the seqs heard since the snapshot."""
        async with asyncio.timeout(seconds):
            while self.stands_at != seq:
                await self.hear(seconds)
        return self.seqs

    def _note(self, body: Body) -> None:
        self.heard.append(body)
        if body["type"] == "snapshot":
            self.snapshots += 1
            self.seqs = []
            self.stands_at = body["seq"]
        elif "seq" in body and body["type"] not in OUTSIDE_THE_STREAM:
            self.seqs.append(body["seq"])
            self.stands_at = body["seq"]

    def cut(self) -> None:
        """Lose the connection without a word, as a failing network does."""
        line = self.line.transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        self.line.transport.abort()


@asynccontextmanager
async def watching(url: str, token: str | None = None, **options: Any) -> AsyncIterator[Watcher]:
    """Open a real socket."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    async with connect(url, additional_headers=headers, **options) as line:
        yield Watcher(line)
