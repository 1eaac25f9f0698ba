"""The clock. The only place that asks what time it is; rules take `now` as an argument."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils import timezone

#: What both clocks say in this context while somebody pretends; None: what time it is.
_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """Return this process's time, aware UTC: for display and deadlines, never to decide a bid."""
    return _pretended.get() or timezone.now()


def database_now() -> datetime:
    """Return the database's time, aware UTC; ask inside the lock, so that it orders bids.

    PostgreSQL's clock_timestamp() moves within a transaction (now() would not). SQLite is a
    library in this process: its clock is this machine's, read here with microseconds.
    """
    pretended = _pretended.get()
    if pretended is not None:
        return pretended
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            instant: datetime = cursor.fetchone()[0]
            return instant
    return timezone.now()


@contextmanager
def pretend(instant: datetime) -> Iterator[None]:
    """Let both clocks stand at an instant of the past, for the code inside and its thread alone.

    So the demo's auctions have a past that went through the real bid service. For config/demo
    and nothing else: it refuses where DEMO is off, and no request can reach it. The past only: a
    history must not be ahead of those who add to it.
    """
    if not settings.DEMO:
        raise RuntimeError("the clock pretends in a demo only; DEMO is off")
    if instant > timezone.now():
        raise ValueError("the clock pretends the past only")
    token = _pretended.set(instant)
    try:
        yield
    finally:
        _pretended.reset(token)
