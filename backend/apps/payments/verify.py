"""Proof that money adds up: the ledger in itself, and against the rows that tell of it (I1-I8).

Reads only, all of one moment, by a fixed number of statements whatever the number of entries.
Every difference is one sentence for an auditor; amounts are minor units.
"""

import contextlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection, transaction

from apps.payments.ledger import GUARDED_KINDS, Account, AccountKind, balance_minor
from apps.payments.ledger_models import LedgerTransaction
from apps.payments.ledger_proofs import (
    ACCOUNT_KINDS,
    ARROWS,
    BALANCE_PROOFS,
    COLON,
    HOLDS,
    LEDGER_PROOFS,
    ROW_PROOFS,
    Proof,
)
from domain.fees import shares
from domain.settlement import CALL, ESCROW, INVOICE, PAYMENT, SALE, SUBSCRIPTION, Machine

SENTENCES_MAX = 20  # of one kind; more would tell nothing new
ROWS_AT_ONCE = 2000

Row = Mapping[str, Any]

#: The triggers of migration 0002, without their common beginning.
GUARDS = {
    "sqlite": "entry_join entry_moves entry_update entry_delete seal seal_update seal_delete"
    " account_open account_update account_delete",
    "postgresql": "entry_join entry_moves entry_keep entry_truncate seal seal_keep seal_truncate"
    " account_keep account_truncate account_guard",
}
_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname AS name FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
}

_KINDS = frozenset(kind.value for kind in AccountKind)
_MACHINES: Mapping[str, Machine[Any]] = {
    machine.name: machine for machine in (SALE, PAYMENT, ESCROW, CALL, INVOICE, SUBSCRIPTION)
}


def check() -> list[str]:
    """Return what does not add up; nothing is the proof."""
    with _one_moment():
        kinds = [
            _missing_guards(),
            _strange_accounts(),
            *(_found(proof) for proof in (*LEDGER_PROOFS, *ROW_PROOFS)),
            _wrong_holds(),
            _illegal_arrows(),
        ]
        return [sentence for kind in kinds for sentence in islice(kind, SENTENCES_MAX)]


def transaction_count() -> int:
    """Return how many transactions the ledger has."""
    return LedgerTransaction.objects.count()


def check_balances() -> list[str]:
    """Return what is wrong with balances alone (I1, I3): cheap enough to ask often."""
    return [
        sentence for proof in BALANCE_PROOFS for sentence in islice(_found(proof), SENTENCES_MAX)
    ]


def compare_with_provider(provider: str, currency: str, provider_balance_minor: int) -> list[str]:
    """Compare what a provider says it holds for the house with the ledger (I7).

    It holds at quiescence only: with nothing on its way between the two.
    """
    ours = balance_minor(Account(AccountKind.PSP_CLEARING, provider), currency)
    if ours == provider_balance_minor:
        return []
    return [
        f"I7: {provider} holds {provider_balance_minor} {currency}, the ledger says {ours}"
        f" ({provider_balance_minor - ours:+d})"
    ]


@contextlib.contextmanager
def _one_moment() -> Iterator[None]:
    """Let all queries see the same moment, while others go on writing."""
    if connection.in_atomic_block:  # the caller's moment
        yield
        return
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")  # atomic() would keep writers out
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _rows(statement: str) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column[0] for column in cursor.description]
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:  # PostgreSQL's sums are decimals
                values = (int(each) if isinstance(each, Decimal) else each for each in row)
                yield dict(zip(names, values, strict=True))


def _found(proof: Proof) -> Iterator[str]:
    return (proof.sentence.format(**row) for row in _rows(proof.statement))


def _missing_guards() -> Iterator[str]:
    there = {row["name"] for row in _rows(_TRIGGERS[connection.vendor])}
    for name in GUARDS[connection.vendor].split():
        if f"payments_ledger_{name}" not in there:
            yield f"the database's guard payments_ledger_{name} is missing"


def _strange_accounts() -> Iterator[str]:
    """An account in a wrong direction, or unguarded, would let the others' proofs pass."""
    for row in _rows(ACCOUNT_KINDS.format(colon=COLON[connection.vendor])):
        kind, times = row["kind"], row["times"]
        if kind not in _KINDS:
            yield f"I3: {times} accounts are of no known kind: {kind}"
            continue
        account = Account(AccountKind(kind))
        if (row["sign"], bool(row["guarded"])) != (account.sign, account.kind in GUARDED_KINDS):
            yield f"I3: {times} accounts of {kind} have the wrong direction or guard"


def _wrong_holds() -> Iterator[str]:
    for row in _rows(HOLDS):
        hold = f"hold {row['id']} in {row['currency']}"
        told = {"amount": row["funded"], "refunded": row["refunded"], "lost": row["lost"]}
        released = [row[part] for part in ("seller", "commission", "premium", "tax")]
        told["released"] = sum(released)
        for name, total in told.items():
            if total != row[f"{name}_minor"]:
                yield f"I4: {hold}: {name} {row[f'{name}_minor']}, the ledger says {total}"
        gone = row["released_minor"] + row["refunded_minor"] + row["lost_minor"]
        if row["held"] != row["amount_minor"] - gone:
            yield f"I4: {hold}: {row['amount_minor'] - gone} held, its account says {row['held']}"
        weights = [row[f"{part}_minor"] for part in ("seller", "commission", "premium", "tax")]
        if sum(released) == row["released_minor"] != 0:
            owed = shares(row["released_minor"], weights)
            if released != owed:
                yield f"I6: {hold}: released as {released}, its shares are {owed}"


def _illegal_arrows() -> Iterator[str]:
    for row in _rows(ARROWS):
        kind, was, became = row["kind"], row["was"], row["became"]
        if kind not in _MACHINES:
            yield f"I5: there are changes of a {kind}, which money does not know"
        elif was and became not in _MACHINES[kind].arrows.get(was, ()):
            yield f"I5: a {kind} went from {was} to {became}, which its table does not have"
