"""Ties this process's hub to the other processes."""

from django.apps import AppConfig

from apps.core.hub import hub
from apps.core.relay import ChannelRelay


class CoreConfig(AppConfig):
    """Runs in every process: whoever commits an event must be able to publish it."""

    name = "apps.core"

    def ready(self) -> None:
        """Give the hub its relay; it starts nothing before it is needed."""
        hub.relay = ChannelRelay(hub)
