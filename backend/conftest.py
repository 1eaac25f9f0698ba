"""Fixtures every test may use: the cast, an authenticated client, a clock that stands still."""

import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db.backends.postgresql.creation import DatabaseCreation
from django.db.backends.postgresql.operations import DatabaseOperations as PostgreSQLOperations
from django.db.backends.sqlite3.base import DatabaseOperations as SQLiteOperations
from django.test import override_settings
from rest_framework.test import APIClient

from apps.bidding import selectors as bidding_selectors
from apps.core import clock
from apps.users.models import User
from tests.cast import Cast, assemble_cast, sign_in

OWN_PACKAGES = ("apps.", "config.", "tests.")


@pytest.fixture(scope="session")
def _media_root(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("media")
    with override_settings(MEDIA_ROOT=folder):
        yield folder


@pytest.fixture(autouse=True)
def _no_uploads_left(_media_root: Path) -> Iterator[None]:
    """Keep uploads in a temporary folder; let each test begin with an empty one."""
    yield
    for path in _media_root.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


@pytest.fixture(scope="session", autouse=True)
def _databases_give_way() -> Iterator[None]:
    """Let the databases empty and drop their tables between tests.

    Tables that refuse to be emptied (apps/payments/migrations/0002) are emptied as their owner may:
    with those triggers set aside. On PostgreSQL the search table has no model, so emptying the
    others must cascade to it; and threads of the hub and the desk may hold a connection when the
    run ends.
    """

    def destroy(self: Any, name: str, verbosity: int) -> None:
        self.connection.close_pool()
        with self._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {self._quote_name(name)} WITH (FORCE)")

    with pytest.MonkeyPatch.context() as patch:
        for operations in (PostgreSQLOperations, SQLiteOperations):
            patch.setattr(operations, "sql_flush", _unguarded(operations.sql_flush))
        patch.setattr(DatabaseCreation, "_destroy_test_db", destroy, raising=False)
        yield


def _unguarded(sql_flush: Callable[..., list[str]]) -> Callable[..., list[str]]:
    def unguarded(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        aside, back = _guards(self.connection)
        statements = sql_flush(self, style, tables, **{**options, "allow_cascade": True})
        return [*aside, *statements, *back]

    return unguarded


def _guards(connection: Any) -> tuple[list[str], list[str]]:
    """Return what sets triggers aside that refuse to empty a table, and what brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, sql FROM sqlite_master"
                " WHERE type = 'trigger' AND sql LIKE '%BEFORE DELETE%'"
            )
            rows = cursor.fetchall()
            return [f"DROP TRIGGER {name}" for name, _ in rows], [sql for _, sql in rows]
        cursor.execute(
            "SELECT tgrelid::regclass, tgname FROM pg_trigger"
            " WHERE NOT tgisinternal AND tgtype & 34 = 34"  # before (2), truncate (32)
        )
        rows = cursor.fetchall()
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name in rows],
        [f"ALTER TABLE {table} ENABLE TRIGGER {name}" for table, name in rows],
    )


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    """Let no test see what another has cached or counted."""
    yield
    cache.clear()
    bidding_selectors._currencies.clear()  # the next test's ids are the same, its rows are not


@pytest.fixture
def cast(db: None) -> Cast:
    """Seller, first and second bidder, staff, stranger."""
    return assemble_cast()


@pytest.fixture
def api(db: None) -> Callable[[User | None], APIClient]:
    """Return a function: user or None -> a client that carries a real access token of his.

    Bodies are JSON unless a call says `format="multipart"`.
    """

    def client_of(user: User | None = None) -> APIClient:
        client = APIClient()
        if user is not None:
            client.credentials(HTTP_AUTHORIZATION=f"Bearer {sign_in(user).access}")
        return client

    return client_of


class FrozenClock:
    """A clock that moves only when told."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        """Return the instant, as `clock.now` and `clock.database_now` do."""
        return self.instant

    def set(self, instant: datetime) -> None:
        """Move to an aware instant."""
        assert instant.tzinfo is not None, "instants are aware"
        self.instant = instant

    def advance(self, seconds: float) -> datetime:
        """Move on; returns the new instant."""
        self.instant += timedelta(seconds=seconds)
        return self.instant


@pytest.fixture
def frozen_clock(monkeypatch: pytest.MonkeyPatch) -> FrozenClock:
    """Stop both clocks at the present second, in every module that has imported them by name."""
    frozen = FrozenClock(clock.now().replace(microsecond=0))
    originals = (clock.now, clock.database_now)
    for name, module in list(sys.modules.items()):
        if not name.startswith(OWN_PACKAGES):
            continue
        for attribute, value in list(vars(module).items()):
            if any(value is original for original in originals):
                monkeypatch.setattr(module, attribute, frozen)
    return frozen
