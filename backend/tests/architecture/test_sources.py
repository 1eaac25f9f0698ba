"""What import contracts cannot see: clocks, locks, rules in the wrong file, files too long."""

import ast
from collections.abc import Iterator

from tests.architecture.sources import Source, sources

LINES_MAX = 400
FUNCTION_LINES_MAX = 60
CLOCKS = {"now", "utcnow", "today", "time", "monotonic", "perf_counter"}
MAY_LOCK = {"services", "repository", "selectors", "sessions"}
#: Path -> why a transaction or a lock is there though the file is no service by its name.
LOCKS_WITH_REASON = {
    "apps/users/models.py": "a new password ends the old sessions, whatever door saves it",
    "apps/users/bounces.py": "an address is noted once, while it is the account's",
    "apps/payments/sales.py": "one sale of an auction, whoever opens it",
    "apps/payments/unpaid.py": "a sale lapses once, whoever looks",
    "apps/payments/invoicing.py": "a number is counted up and a document written together",
    "apps/payments/inbox.py": "an event is one worker's",
    "apps/payments/calls.py": "a call is marked as sent before it is",
    "apps/payments/reconciling.py": "a payment is looked into by one worker",
    "apps/payments/settling.py": "what came of a call: its row, the hold's, the ledger's",
    "apps/payments/bank_disputes.py": "a hold is frozen while the bank decides",
    "apps/payments/ledger.py": "an account that two make at once is made by one of them",
    "apps/payments/verify.py": "what is compared is of one moment",
    "apps/payments/integrations/sandbox_handler.py": "a provider with books of its own",
    "apps/notifications/mailing.py": "a mail is ordered with the note that it was",
    "apps/notifications/push_keys.py": "one key for all processes, whoever needs it first",
    "apps/notifications/telling.py": "how far a log was told goes with what was told",
    "apps/webhooks/gathering.py": "how far a log was read goes with what was ordered",
    "apps/webhooks/delivering.py": "a delivery is one worker's while it is sent",
}
SAYS_NOTHING = {"utils", "util", "helpers", "common", "misc", "signals"}
DATA = {"config/demo/data.py"}  # texts, not code

Function = ast.FunctionDef | ast.AsyncFunctionDef


def program() -> list[Source]:
    """Return the program's own files, without the apps' tests."""
    return [source for source in sources() if source.name != "tests"]


def functions(source: Source) -> Iterator[Function]:
    return (node for node in source.nodes if isinstance(node, Function))


def attributes(source: Source) -> Iterator[ast.Attribute]:
    return (node for node in source.nodes if isinstance(node, ast.Attribute))


def test_domain_asks_no_clock():
    asked = [
        f"{source.path}:{node.lineno}"
        for source in sources("domain")
        for node in attributes(source)
        if node.attr in CLOCKS
        and isinstance(node.value, ast.Name)
        and node.value.id in {"datetime", "date", "time"}
    ]

    assert asked == [], "take `now` as an argument"


def test_only_services_and_storage_lock_rows():
    locks = [
        f"{source.path}:{node.lineno} {node.attr}"
        for source in program()
        if source.name not in MAY_LOCK
        and not source.name.endswith("_services")
        and source.path not in LOCKS_WITH_REASON
        for node in attributes(source)
        if node.attr in {"select_for_update", "atomic"}
    ]

    assert locks == [], "a transaction belongs to a service"


def test_whoever_may_lock_does():
    idle = [
        path
        for path in LOCKS_WITH_REASON
        if not any(
            node.attr in {"select_for_update", "atomic"}
            for source in program()
            if source.path == path
            for node in attributes(source)
        )
    ]

    assert idle == [], "strike it off the list"


def test_serializers_write_nothing():
    writers = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in program()
        if source.name.endswith("serializers")
        for function in functions(source)
        if function.name in {"create", "update", "save"}
    ]

    assert writers == [], "a view calls a service"


def test_imports_stand_at_the_top():
    inner = [
        f"{source.path}:{statement.lineno}"
        for source in program()
        for function in functions(source)
        for statement in ast.walk(function)
        if isinstance(statement, ast.Import | ast.ImportFrom)
    ]

    assert inner == [], "a cycle is a misplaced function: move it"


def test_every_module_says_what_it_is_for():
    silent = [
        source.path
        for source in program()
        if source.text.strip() and not ast.get_docstring(source.tree)
    ]

    assert silent == []


def test_every_file_has_a_name_that_says_something():
    assert [source.path for source in program() if source.name in SAYS_NOTHING] == []


def test_every_file_can_be_read_in_one_sitting():
    long = [
        f"{source.path}: {len(source.lines)} lines"
        for source in program()
        if len(source.lines) > LINES_MAX and source.path not in DATA
    ]

    assert long == []


def test_every_function_fits_on_a_screen():
    long = [
        f"{source.path}:{function.lineno} {function.name}"
        for source in program()
        for function in functions(source)
        if (function.end_lineno or 0) - function.lineno >= FUNCTION_LINES_MAX
    ]

    assert long == []
