"""docs/configuration.md lists what the environment may set: all of it and nothing else."""

import ast
import re

from tests.architecture.sources import BACKEND, sources

PAGE = BACKEND.parent / "docs" / "configuration.md"
READERS = {
    "str",
    "bool",
    "int",
    "float",
    "list",
    "dict",
    "url",
    "get",
    "setdefault",
    "db_url_config",
    "email_url",
    "word",
}


def variables_read() -> set[str]:
    """Return the names that settings and program ask the environment for."""
    return {
        node.args[0].value
        for source in sources("config")
        if "commands" not in source.path and source.path != "config/settings/test.py"
        for node in source.nodes
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in READERS
        and ast.unparse(node.func.value) in {"env", "os.environ"}
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }


def variables_listed() -> dict[str, str]:
    """Return name -> default as the page has them."""
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| .*\S.* \|$", PAGE.read_text(), re.MULTILINE)
    return dict(rows)


def test_every_variable_that_is_read_is_listed_and_the_other_way_round():
    assert set(variables_listed()) == variables_read()


def test_every_listed_variable_has_its_default():
    assert all(default.strip() for default in variables_listed().values())
