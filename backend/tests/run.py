"""The whole suite: on SQLite in one process's own, on PostgreSQL and Valkey, the web app's own
tests, and a browser's against real houses.

    python -m tests.run [PYTEST ARGUMENT…]

The pure domain and architecture tests know no database and run once. With arguments only pytest
runs. The last line is the sum.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from tests.servers import ServerMissing, running_servers

KNOW_NO_DATABASE = ("tests/domain", "tests/architecture")
BACKEND = Path(__file__).resolve().parents[1]
FRONTEND = BACKEND.parent / "frontend"
TOOLS = FRONTEND / "node_modules" / ".bin"


@dataclass(frozen=True)
class Tally:
    """How many tests ended how; `ok` is the runner's own verdict."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    ok: bool = True

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.ok and other.ok,
        )

    def __str__(self) -> str:
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main(arguments: list[str]) -> int:
    """Run both rounds; returns 0 when every test of both passed."""
    tallies = {"SQLite": run_pytest(arguments, {"DATABASE_URL": "", "REDIS_URL": ""})}
    ignored = [f"--ignore={folder}" for folder in KNOW_NO_DATABASE]
    try:
        with running_servers() as servers:
            again = run_pytest([*ignored, *arguments], servers.environment)
    except ServerMissing as error:
        print(f"PostgreSQL + Valkey: not run: {error}", flush=True)
        again = Tally(failed=1, ok=False)
    tallies["PostgreSQL + Valkey"] = again
    if not arguments:
        tallies["Web app"] = run_node("vitest", "run", "--reporter=default", "--reporter=junit")
        tallies["Client"] = run_node("node", "client/test/run.mjs")
        tallies["Browser"] = run_node("playwright", "test")
    print()
    for name, tally in tallies.items():
        print(f"{name}: {tally}")
    total = sum(tallies.values(), Tally())
    if not total.ok and not total.failed:
        print("a round ended before its tests did; see above")
    print(total, flush=True)
    return 0 if total.ok else 1


def run_pytest(arguments: list[str], environment: Mapping[str, str]) -> Tally:
    """Run pytest on all cores; returns its figures."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        command = [sys.executable, "-m", "pytest", "-q", "-n", "auto", f"--junitxml={report}"]
        variables = {**os.environ, **environment}
        # An empty variable would be read as a wish; an absent one is the default.
        variables = {name: value for name, value in variables.items() if value}
        print(f"\n{' '.join(command[2:5])}: {environment.get('DATABASE_URL') or 'sqlite'}")
        sys.stdout.flush()
        status = subprocess.run(
            [*command, *arguments], cwd=BACKEND, env=variables, check=False
        ).returncode
        return read_report(report, ok=status == 0)


def run_node(tool: str, *arguments: str) -> Tally:
    """Run one of the web app's tools with the environment's own Node; returns its figures."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        if tool == "vitest":
            arguments = (*arguments, f"--outputFile.junit={report}")
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        variables = {**os.environ, "PATH": path, "REPORT": str(report)}
        program = Path(sys.executable).with_name("node")
        command = [str(program if tool == "node" else TOOLS / tool), *arguments]
        print(f"\n{tool} {' '.join(arguments[:1])}", flush=True)
        status = subprocess.run(command, cwd=FRONTEND, env=variables, check=False).returncode
        return read_report(report, ok=status == 0)


def read_report(report: Path, *, ok: bool) -> Tally:
    """Return the figures of a JUnit report; a round without one has failed."""
    if not report.exists():
        return Tally(ok=False)
    cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    skipped = sum(case.find("skipped") is not None for case in cases)
    failed = sum(
        case.find("failure") is not None or case.find("error") is not None for case in cases
    )
    return Tally(len(cases) - skipped - failed, failed, skipped, ok and bool(cases) and not failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
