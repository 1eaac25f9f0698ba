"""The authorisation matrix: every operation, every actor, his own thing, another's and none."""

import pytest

from apps.bidding.routing import websocket_urlpatterns as rooms
from apps.notifications.routing import websocket_urlpatterns as notifications
from tests.authorization.answers import misshapen
from tests.authorization.matrix import ask, run
from tests.authorization.operations import operations
from tests.authorization.table import SOCKETS, TABLE, cells_of

pytestmark = pytest.mark.django_db
CELLS_MIN = 1500
READING = [op for op in TABLE if op.name.startswith("GET ")]
BY_PATH = list({op.name.split()[1]: op for op in TABLE}.values())


def test_every_operation_has_its_line():
    declared = {op.name for op in TABLE}
    answered = operations()

    assert answered - declared == set(), "write a line in table.py: who may?"
    assert declared - answered == set(), "nobody answers this any more"


def test_every_socket_is_known():
    patterns = [str(pattern.pattern) for pattern in [*rooms, *notifications]]

    assert len(patterns) == len(SOCKETS), f"table.py knows {SOCKETS}, there are {patterns}"


def test_the_matrix_is_large():
    cells = sum(len(cells_of(op)) for op in TABLE)

    print(f"authorisation matrix: {len(TABLE)} lines, {cells} cells")  # noqa: T201

    assert cells >= CELLS_MIN


@pytest.mark.parametrize("op", TABLE, ids=str)
def test_every_cell_answers_as_the_table_says(op, world):
    outcome = run(op, world)

    assert outcome.cells == len(cells_of(op))
    assert outcome.wrong == []


def few(op):
    """Return the cells that HEAD and OPTIONS are tried with: what is public, private, absent."""
    return [cell for cell in cells_of(op) if cell.whose != "own" and cell.state in FEW_STATES]


FEW_STATES = {"", "draft", "active", "removed", "live", "banned", "open", "held", "sale"}


@pytest.mark.parametrize("op", READING, ids=str)
def test_head_says_what_get_would(op, world):
    for cell in few(op):
        head = ask(cell, world, "HEAD")

        assert head.status in cell.expected, cell
        assert head.text == "", cell
        assert not world.secrets.leaked(str(head.headers), cell.actor), cell


@pytest.mark.parametrize("op", BY_PATH, ids=lambda op: op.name.split()[1])
def test_options_describe_the_operation_and_never_the_thing(op, world):
    told: dict[str, set[tuple[int, str]]] = {}
    for cell in few(op):
        options = ask(cell, world, "OPTIONS")

        assert options.status in (200, 401, 403, 405), cell
        assert misshapen(options) == [], cell
        told.setdefault(cell.actor, set()).add((options.status, options.text))

    assert all(len(answers) == 1 for answers in told.values()), "the same whatever there is"
