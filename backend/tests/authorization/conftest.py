"""The world: rolled back at the end of a module, or committed for one test with threads."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from tests.authorization.world import ACCOUNTS, World, build_world

#: Whose listings a committed world has.
SOME_SELLERS = ("owner", "seller")


@pytest.fixture(scope="module")
def world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[World]:
    """Return the world in a transaction that nobody commits.

    Tests that use it need the `django_db` mark as well, which makes the test database and takes
    back what each of them changes. A module that needs few listings names their SELLERS.
    """
    sellers = getattr(request.module, "SELLERS", ACCOUNTS)
    with django_db_blocker.unblock():
        assert "test" in str(connection.settings_dict["NAME"]), "mark the tests with django_db"
        atomic = transaction.atomic()
        atomic._from_testcase = True  # as in TestCase: the desk's transactions are durable ones
        with atomic:
            yield build_world(sellers)
            transaction.set_rollback(True)


@pytest.fixture
def market(transactional_db: None) -> World:
    """Return a small world committed, for doors that answer in threads of their own."""
    return build_world(SOME_SELLERS)
