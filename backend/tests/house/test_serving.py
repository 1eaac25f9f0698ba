"""`bidbazaar serve` as a process: opens, says where, answers, closes without a word."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.architecture.sources import BACKEND

START_SECONDS_MAX = 60
LIMIT_BYTES = 256 * 1024


@contextmanager
def open_house(folder: Path, port: int = 0) -> Iterator["tuple[subprocess.Popen[str], str]"]:
    """Yield the process and the address it has printed; SQLite in a folder of its own."""
    variables = {name: value for name, value in os.environ.items() if "_URL" not in name}
    house = subprocess.Popen(
        [sys.executable, "-m", "config.program", "serve"],
        cwd=BACKEND,
        env={
            **variables,
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "DATA_DIR": str(folder),
            "DEMO": "off",
            "PORT": str(port),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert house.stdout is not None
    try:
        said = house.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", said)
        yield house, found[0] if found else ""
    finally:
        house.kill()
        house.wait()


@pytest.fixture(scope="module")
def address(tmp_path_factory) -> Iterator[str]:
    with open_house(tmp_path_factory.mktemp("house")) as (_, url):
        yield url


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_house_closes_without_a_word(tmp_path, number):
    with open_house(tmp_path) as (house, url):
        ready = httpx.get(f"{url}readyz").json()

        house.send_signal(number)
        _, complaints = house.communicate(timeout=15)

        assert ready["status"] == "ready"
        assert (house.returncode, complaints) == (0, "")


def test_house_opens_again_on_what_it_kept(tmp_path):
    for _ in range(2):
        with open_house(tmp_path) as (_, url):
            assert httpx.get(f"{url}healthz").json() == {"status": "ok"}


def test_taken_port_is_said_in_one_line(tmp_path, address):
    port = int(address.rstrip("/").rsplit(":", 1)[1])

    with open_house(tmp_path, port) as (house, _):
        _, complaint = house.communicate(timeout=15)

    assert house.returncode == 1
    assert complaint == (
        f"bidbazaar: cannot listen on 127.0.0.1:{port}: Address already in use; "
        "stop what is there, or set PORT\n"
    )


def test_sender_of_too_much_reads_why_it_is_refused(address):
    answer = httpx.post(f"{address}api/auctions/", content=b"x" * (8 * LIMIT_BYTES))

    assert answer.status_code == 413
    assert answer.json() == {"error": f"The body may have at most {LIMIT_BYTES} bytes"}


def test_documentation_and_its_scripts_come_from_the_house(address):
    page = httpx.get(f"{address}api/docs/")
    scripts = re.findall(r'src="(/static/[^"]+)"', page.text)

    assert scripts
    for script in scripts:
        answer = httpx.get(f"{address.rstrip('/')}{script}")
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/static/nothing.js", "/static/../config/asgi.py", "/nowhere"])
def test_unknown_file_answers_json(address, path):
    with httpx.Client(base_url=address) as client:
        answer = client.send(client.build_request("GET", httpx.URL(address.rstrip("/") + path)))

    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


def test_socket_on_an_unknown_path_is_refused(address):
    with (
        pytest.raises(InvalidStatus) as refused,
        connect(f"{address.replace('http', 'ws')}ws/nowhere/"),
    ):
        pass

    assert refused.value.response.status_code == 403
