"""Where notifications are pushed."""

from django.urls import URLPattern, re_path

from apps.notifications.consumers import NotificationConsumer

websocket_urlpatterns: list[URLPattern] = [
    re_path(r"^/?ws/notifications/?$", NotificationConsumer.as_asgi()),
]
