"""The door to the street: HTTP, its fast lane, static files and sockets."""

import os

import django
from asgiref.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    LifespanScope,
    WebSocketScope,
)
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

# The applications must be ready before anything that needs them is imported.
from django.conf import settings  # noqa: E402
from django.urls import re_path  # noqa: E402

from apps.bidding.routing import websocket_urlpatterns as rooms  # noqa: E402
from apps.notifications.routing import websocket_urlpatterns as notifications  # noqa: E402
from config.http import HttpHandler  # noqa: E402
from config.lanes import lane_for  # noqa: E402
from config.static import Files  # noqa: E402

UNKNOWN_PATH = 4404  # close code

_django = HttpHandler(threads=settings.HTTP_THREADS)
_files = Files(_django)


async def http(scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answer a request: a bid by the fast lane, anything else as a file or by Django."""
    lane = lane_for(scope["method"], scope["path"])
    if lane is not None and _is_json(scope) and not _is_cross_origin(scope):
        await lane(scope, receive, send)
    elif _files.holds(scope["path"]):
        await _files.serve(scope, receive, send)
    else:
        await _django(scope, receive, send)


def _is_json(scope: HTTPScope) -> bool:
    """Tell whether the body says it is JSON; how any other is refused is for the views to say."""
    return any(
        name == b"content-type" and value.partition(b";")[0].strip().lower() == b"application/json"
        for name, value in scope["headers"]
    )


def _is_cross_origin(scope: HTTPScope) -> bool:
    """Tell whether a browser of an allowed other site asks: Django's middleware speaks CORS."""
    if not settings.CORS_ALLOWED_ORIGINS:
        return False
    return any(
        name == b"origin" and value.decode("latin-1") in settings.CORS_ALLOWED_ORIGINS
        for name, value in scope["headers"]
    )


async def lifespan(
    scope: LifespanScope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None:
    """Start at once; at the end let running requests finish."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    _django.shut_down()
    await send({"type": "lifespan.shutdown.complete"})


async def unknown_socket(
    scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable
) -> None:
    """Close a socket on a path that nobody serves; before the handshake this is a 403."""
    await receive()
    await send({"type": "websocket.close", "code": UNKNOWN_PATH, "reason": "Unknown path"})


_sockets = URLRouter([*rooms, *notifications, re_path(r"", unknown_socket)])  # type: ignore[arg-type]

application = ProtocolTypeRouter({"http": http, "websocket": _sockets, "lifespan": lifespan})
