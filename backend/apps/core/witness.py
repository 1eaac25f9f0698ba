"""What staff do below the back office is written down there, in the transaction of the act.

Who lets staff act calls `witness` inside the transaction; the app that keeps the log says how a
row is written (apps/backoffice/apps.py), so that nothing below it has to know it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffAct:
    """An act: `name` is one of apps/backoffice/audit.py, `before` and `after` what it changed."""

    name: str
    actor_id: int
    target_id: int
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


Writer = Callable[[StaffAct], None]

_writer: Writer | None = None


def write_with(writer: Writer) -> None:
    """Say how an act is written down."""
    global _writer  # noqa: PLW0603 - one per process, set while it starts
    _writer = writer


def witness(act: StaffAct) -> None:
    """Write an act down; raises RuntimeError outside its transaction, or where nobody writes."""
    if _writer is None:
        raise RuntimeError("no app keeps the log of what staff do")
    _writer(act)
