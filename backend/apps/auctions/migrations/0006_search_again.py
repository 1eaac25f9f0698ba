"""SQLite rebuilt auctions_auction for its new column and dropped the triggers of the search."""

from importlib import import_module

from django.db import migrations

search = import_module("apps.auctions.migrations.0002_search")


def create_again(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        search.drop(apps, schema_editor)
        search.create(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("auctions", "0005_former_names")]

    operations = [migrations.RunPython(create_again, migrations.RunPython.noop)]
