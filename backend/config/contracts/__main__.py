"""Write contracts/ and the catalogues in docs/, or with --check name what is stale."""

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str] | None = None) -> int:
    """Write what has changed, or with --check name it; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m config.contracts", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when stale")
    options = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    # The applications must be ready before their words are imported.
    contracts = import_module("config.contracts.files").contracts()
    stale = {path: text for path, text in contracts.items() if _read(path) != text}
    for path, text in stale.items():
        sys.stdout.write(f"{'stale' if options.check else 'written'}: {path}\n")
        if not options.check:
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, encoding="utf-8")
    if options.check and stale:
        sys.stdout.write("run `make contracts` and commit the result\n")
    return 1 if options.check and stale else 0


def _read(path: str) -> str:
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
