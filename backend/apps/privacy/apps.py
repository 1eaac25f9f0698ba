"""Says how accounts are deleted, as soon as every app is there."""

from importlib import import_module

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Personal data: what is handed out, what is erased."""

    name = "apps.privacy"

    def ready(self) -> None:
        """Load the module that announces itself at the door of accounts."""
        import_module(f"{self.name}.deletion_services")
