"""A house where nothing is due asks little of its database, and never for the write lock."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.payments import worker
from tests.money.market import held

pytestmark = pytest.mark.django_db

STATEMENTS_MAX = 20  # eight of them PostgreSQL's clock


def test_a_look_at_nothing_only_reads(cast):
    held(cast)
    for _ in range(3):
        worker.do_due_work()

    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert worker.do_due_work() == 0

    statements = [query["sql"].split()[0] for query in seen.captured_queries]
    assert set(statements) == {"SELECT"}, seen.captured_queries
    assert len(statements) <= STATEMENTS_MAX
