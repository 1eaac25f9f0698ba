"""Before the first request: the database has its tables."""

from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder


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
    """Bring the tables up to date; costs a query when they are."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    if waiting_migrations():
        call_command("migrate", interactive=False, verbosity=0)


def nobody_lives_here() -> bool:
    """Tell whether the database is new: no account at all."""
    return not get_user_model().objects.exists()
