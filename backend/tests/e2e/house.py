"""A whole house in processes of its own: real server, real sockets, a database nobody shares."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import psycopg

BACKEND = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 180  # the first start makes every table; the machine may be busy
PASSWORD = "securepassword"


@dataclass
class House:
    """An address, its environment and the processes behind it."""

    environment: Mapping[str, str]
    port: int
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *command: str, port: int | None = None) -> subprocess.Popen[bytes]:
        """Start a `bidbazaar` command; the first waits for nothing."""
        environment = {**self.environment, "PORT": str(port or self.port)}
        process = subprocess.Popen(
            [sys.executable, "-m", "config.program", *command], cwd=BACKEND, env=environment
        )
        self.processes.append(process)
        return process

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a `bidbazaar` command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "config.program", *command],
            cwd=BACKEND,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def wait_until_open(self, port: int | None = None) -> None:
        """Wait until the house answers."""
        end = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                url = f"http://127.0.0.1:{port or self.port}/readyz"
                if httpx.get(url, timeout=2).status_code == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("the house did not open")

    def kill(self) -> None:
        """Kill -9 every process."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        self.processes.clear()

    def close(self) -> None:
        """Stop every process as an operator would."""
        for process in self.processes:
            process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(15)
        self.processes.clear()


@contextlib.contextmanager
def empty_house(folder: Path, **environment: str) -> Iterator[House]:
    """Yield a house that is not open yet, on the database kind this test run is about."""
    own = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DATA_DIR": str(folder),
        "DEMO": "off",
        "RATE_LIMITS": "off",
        **environment,
    }
    with _own_database(own) as variables:
        house = House(variables, free_port())
        try:
            yield house
        finally:
            house.kill()


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def _own_database(environment: dict[str, str]) -> Iterator[dict[str, str]]:
    url = environment.pop("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield environment
        return
    name = f"e2e_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}")
        try:
            yield {
                **environment,
                "DATABASE_URL": urlunsplit(urlsplit(url)._replace(path=f"/{name}")),
            }
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class Person:
    """Somebody at a keyboard, with a token."""

    client: httpx.Client
    name: str
    token: str
    id: int

    def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """POST JSON."""
        return self.client.post(path, json=body, headers={**self.headers, **headers})

    def get(self, path: str) -> Any:
        """GET JSON."""
        return self.client.get(path, headers=self.headers).json()

    @property
    def headers(self) -> dict[str, str]:
        """The Authorization header."""
        return {"Authorization": f"Bearer {self.token}"}


def register(client: httpx.Client, name: str) -> Person:
    """Open an account in the roadmap's words."""
    body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
    answer = client.post("/api/users/register/", json=body)
    assert answer.status_code == 201, answer.text
    return Person(client, name, answer.json()["access"], answer.json()["id"])


def words(frame: str | bytes) -> dict[str, Any]:
    """Return a frame as an object."""
    found: dict[str, Any] = json.loads(frame)
    return found
