"""Before the first request: the database answers and has its tables."""

from pathlib import Path

import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder

from config.commands import CommandError

CONNECT_SECONDS_MAX = 5


def database_trouble() -> str:
    """Return why the database does not answer, empty when it does.

    Asks PostgreSQL past the pool, which would try again for long and hide the reason.
    """
    try:
        if connection.vendor == "postgresql":
            parameters = connection.get_connection_params()
            psycopg.connect(**{**parameters, "connect_timeout": CONNECT_SECONDS_MAX}).close()
        else:
            connection.ensure_connection()
    except (Error, psycopg.Error) as error:
        return " ".join(str(error).split())
    return ""


def require_database() -> None:
    """Raise CommandError when the database does not answer."""
    if trouble := database_trouble():
        raise CommandError(f"the database does not answer: {trouble}; check DATABASE_URL")


def waiting_migrations() -> list[str]:
    """Return migrations not applied yet: names against the database's, nothing imported."""
    applied = set(MigrationRecorder(connection).applied_migrations())
    return sorted(
        f"{app.label}.{path.stem}"
        for app in apps.get_app_configs()
        for path in Path(app.path, "migrations").glob("[0-9]*.py")
        if (app.label, path.stem) not in applied
    )


def prepare_database() -> None:
    """Bring the tables up to date; costs a query when they are. Raises CommandError."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    require_database()
    if waiting_migrations():
        call_command("migrate", interactive=False, verbosity=0)


def nobody_lives_here() -> bool:
    """Tell whether the database is new: no account at all."""
    return not get_user_model().objects.exists()
