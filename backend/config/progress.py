"""How long work shows how far it is."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn


class ProgressFunction(Protocol):
    """Called by the work: so much of the total is done, and what comes next in a word or two."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Show it."""


@contextmanager
def progress_bar(title: str) -> Iterator[ProgressFunction]:
    """Show a bar on a terminal's standard error; one line where there is no terminal."""
    if not sys.stderr.isatty():
        sys.stderr.write(f"{title}…\n")
        yield lambda done, total, what="": None
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def show(done: int, total: int, what: str = "") -> None:
            bar.update(task, completed=done, total=total, description=f"{title} {what}".strip())

        yield show
