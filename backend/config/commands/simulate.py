"""`bidbazaar simulate FILE`: scripted auctions through the real engine, on a simulated clock."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from config.commands import CommandError
from domain.simulation import simulate

WRONG_REQUEST = 2
STATE_COLUMNS = ("leader", "price", "min_next", "total_bids", "status")


def run(options: argparse.Namespace) -> int:
    """Print what each step of each script leads to."""
    vectors = read_vectors(options.file)
    try:
        answers = simulate(vectors)
    except ValueError as error:
        raise CommandError(f"{options.file}: {error}", status=WRONG_REQUEST) from error
    if options.json:
        json.dump(answers, sys.stdout)
        sys.stdout.write("\n")
    else:
        for vector, answer in zip(vectors, answers, strict=True):
            sys.stdout.write(as_text(vector, answer))
    return 0


def read_vectors(path: Path) -> list[dict[str, Any]]:
    """Return the scripts of a file: a list, or an object that has it as `vectors`."""
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        content = json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise CommandError(f"cannot read {path}: {reason}", status=WRONG_REQUEST) from error
    except (ValueError, RecursionError) as error:
        raise CommandError(f"{path} is not JSON: {error}", status=WRONG_REQUEST) from error
    if isinstance(content, Mapping):
        content = content.get("vectors")
    if not isinstance(content, list):
        raise CommandError(
            f'{path}: expected a list of scripts, or {{"vectors": [...]}}', status=WRONG_REQUEST
        )
    return content


def as_text(vector: Mapping[str, Any], answer: Mapping[str, Any]) -> str:
    """Return one script and its answers as lines for a person."""
    title = " ".join(str(part) for part in (answer["id"], vector.get("title", "")) if part)
    if "skipped" in answer:
        return f"{title}\n  skipped: {answer['skipped']}\n\n"
    rows: list[tuple[str, ...]] = [("action", "result", *STATE_COLUMNS, "events")]
    for step, reply in zip(vector["steps"], answer["steps"], strict=True):
        action = " ".join(f"{key}={value}" for key, value in step["action"].items())
        state = reply["state"] or {}
        columns = [str(state.get(name, "")) for name in STATE_COLUMNS]
        events = ", ".join(str(event.get("type", "")) for event in reply["events"] or ())
        rows.append((action, str(reply["result"]), *columns, events))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n  ".join([title, *lines]) + "\n\n"
