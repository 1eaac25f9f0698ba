"""Says where the figures are read that staff change while the house runs."""

from typing import Any

from django.apps import AppConfig

from apps.core.tunables import read_with


class BackofficeConfig(AppConfig):
    """Staff's own app."""

    name = "apps.backoffice"

    def ready(self) -> None:
        """Give the house its reader."""
        rows: Any = self.get_model("SiteSetting")

        def stored(name: str) -> int | None:
            found: int | None = rows.objects.filter(pk=name).values_list("value", flat=True).first()
            return found

        read_with(stored)
