"""Look at a running house through its own OpenAPI document, as four kinds of people.

python -m tests.fuzz.run [--examples 100] [--as bidder] [schemathesis options]

Each actor has a house of its own: an empty database, a real server, the market of
tests/fuzz/market.py. Exits 1 when schemathesis found anything.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.house import PASSWORD, House, empty_house

BACKEND = Path(__file__).resolve().parents[2]
CONFIG = Path(__file__).with_name("schemathesis.toml")
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")

#: Actor -> user name, None for a stranger.
ACTORS = {"anonymous": None, "bidder": "bidder1", "seller": "seller", "staff": "staff"}

#: Logs in again whenever a request has ended its own session: logging out is an operation too.
LOGIN = f"""
[auth.dynamic.openapi.bearerAuth]
path = "/api/auth/token/"
method = "post"
payload = {{ username = "${{FUZZ_USER}}", password = "{PASSWORD}" }}
extract_selector = "/access"
retry_on = [401]
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every actor asked for; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=__doc__)
    parser.add_argument("--examples", type=int, default=100, help="for each operation")
    parser.add_argument("--as", dest="actors", action="append", choices=ACTORS, default=[])
    options, more = parser.parse_known_args(arguments)
    return max(fuzz(actor, options.examples, more).returncode for actor in options.actors or ACTORS)


def fuzz(actor: str, examples: int, more: Sequence[str] = ()) -> "subprocess.CompletedProcess[str]":
    """Look at a house of its own as one actor."""
    with tempfile.TemporaryDirectory() as name, open_house(Path(name)) as house:
        config = Path(name) / "schemathesis.toml"
        user = ACTORS[actor]
        config.write_text(CONFIG.read_text() + (LOGIN if user else ""))
        return subprocess.run(
            [
                SCHEMATHESIS,
                "--config-file",
                config,
                "run",
                f"{house.url}/api/schema/",
                "--max-examples",
                str(examples),
                *more,
            ],
            cwd=name,
            env=os.environ | {"FUZZ_USER": user or "", "PYTHONPATH": str(BACKEND)},
            text=True,
            check=False,
        )


@contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Yield a house with a market; on SQLite unless DATABASE_URL names a PostgreSQL."""
    with empty_house(folder) as house:
        subprocess.run(
            [sys.executable, "-m", "tests.fuzz.market"],
            cwd=BACKEND,
            env=house.environment,
            check=True,
        )
        house.start("serve")
        house.wait_until_open()
        yield house


if __name__ == "__main__":
    sys.exit(main())
