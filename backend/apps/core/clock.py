"""The clock. The only place that asks what time it is; rules take `now` as an argument."""

from datetime import datetime

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """Return this process's time, aware UTC: for display and deadlines, never to decide a bid."""
    return timezone.now()


def database_now() -> datetime:
    """Return the database's time, aware UTC; ask inside the lock, so that it orders bids.

    PostgreSQL's clock_timestamp() moves within a transaction (now() would not). SQLite is a
    library in this process: its clock is this machine's, read here with microseconds.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            instant: datetime = cursor.fetchone()[0]
            return instant
    return timezone.now()
