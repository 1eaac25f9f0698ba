"""Runs an operation's line of the table: every cell, each followed by a rollback."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction

from tests.authorization.answers import Answer, answer_of, misshapen
from tests.authorization.bodies import request_of
from tests.authorization.keys import KEYS, UNSEEN, allowed, shape_of
from tests.authorization.table import Cell, Op, cells_of
from tests.authorization.world import World

READS = {"GET", "HEAD", "OPTIONS"}


@dataclass
class Outcome:
    """How often an operation was tried, what went wrong, and the shapes of its answers by actor."""

    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    shapes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def run(op: Op, world: World) -> Outcome:
    """Try every cell of an operation."""
    outcome = Outcome()
    absent: dict[str, Answer] = {}
    for cell in cells_of(op):
        answer = ask(cell, world)
        outcome.cells += 1
        if cell.whose == "absent":
            absent[cell.actor] = answer
        outcome.wrong += [f"{cell}: {text}" for text in problems(cell, answer, world, absent)]
        if answer.status < 300 and answer.is_json:
            outcome.shapes[reader_of(cell)] |= shape_of(answer.json)
    outcome.wrong += wrong_keys(op, outcome.shapes)
    return outcome


def wrong_keys(op: Op, shapes: dict[str, set[str]]) -> list[str]:
    """Return the keys a reader was told past keys.py, and those there that nobody was told."""
    lines = {reader: allowed(line) for reader, line in KEYS.get(op.name, {}).items()}
    wrong = [
        f"{op}: {key} told to {reader}; who may have it? see keys.py"
        for reader, told in shapes.items()
        for key in sorted(told - lines.get(reader, set()))
    ]
    if shapes:
        told = set().union(*shapes.values(), UNSEEN.get(op.name, set()))
        declared = set().union(*lines.values())
        wrong += [f"{op}: {key} told to nobody" for key in sorted(declared - told)]
    return wrong


def reader_of(cell: Cell) -> str:
    """Return the kind of reader an answer is for, as keys.py has them."""
    if cell.actor == "anonymous":
        return "anonymous"
    return "own" if cell.whose in ("own", "bought", "sold") else "account"


def ask(cell: Cell, world: World, method: str = "") -> Answer:
    """Send one request, then let it never have happened. `method` stands for the cell's own."""
    path, body = request_of(cell, world)
    method = method or cell.op.name.split()[0]
    send = getattr(world.clients[cell.actor], method.lower())
    if method in READS:
        return answer_of(send(path, **body))
    before = transaction.savepoint()
    try:
        return answer_of(send(path, **body))
    finally:
        transaction.savepoint_rollback(before)


def problems(cell: Cell, answer: Answer, world: World, absent: dict[str, Answer]) -> list[str]:
    """Return what is wrong with one answer."""
    wrong = misshapen(answer)
    if answer.status not in cell.expected:
        wrong.append(f"{answer.status} instead of {cell.expected}: {answer.text[:200]}")
    told = answer.text + str(answer.headers)
    wrong += [f"tells {what}" for what in world.secrets.leaked(told, cell.actor)]
    if cell.is_hidden and cell.actor in absent:
        nothing = absent[cell.actor]
        if (answer.status, answer.text) != (nothing.status, nothing.text):
            wrong.append(f"{answer.text[:200]}, but an absent one {nothing.text[:200]}")
    return wrong
