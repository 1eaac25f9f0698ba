"""Says where staff's figures are read, and where what staff do is written down."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig

from apps.core.tunables import read_with
from apps.core.witness import write_with


class BackofficeConfig(AppConfig):
    """Staff's own app."""

    name = "apps.backoffice"

    def ready(self) -> None:
        """Give the house its reader and its writer."""
        rows: Any = self.get_model("SiteSetting")

        def stored(name: str) -> int | None:
            found: int | None = rows.objects.filter(pk=name).values_list("value", flat=True).first()
            return found

        read_with(stored)
        # By name: its models are there only now.
        write_with(import_module("apps.backoffice.audit").record_witnessed)
