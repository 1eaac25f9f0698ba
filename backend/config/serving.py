"""How uvicorn is run: the same for `serve` and `web`."""

import signal
import socket
from collections.abc import Callable
from typing import Any

import uvicorn
from asgiref.typing import ASGI3Application
from django.conf import settings
from uvicorn.supervisors import Multiprocess

from config.commands import CommandError

BACKLOG = 2048  # connections the kernel holds for us
KEEP_ALIVE_SECONDS = 30
SHUTDOWN_SECONDS_MAX = 5  # for requests that are still running


def uvicorn_settings() -> dict[str, Any]:
    """Return uvicorn's settings, each with its reason."""
    return {
        "ws": "websockets-sansio",  # twice the frames of the older implementation
        "ws_per_message_deflate": False,  # frames are small; compressing each per socket is not
        "ws_max_size": settings.SOCKET_FRAME_BYTES_MAX,  # a longer frame closes with 1009
        "access_log": False,  # one line per request costs a fifth of them; /metrics counts
        "log_config": None,  # Django's LOGGING is the only configuration
        "log_level": "warning",
        "server_header": False,
        "proxy_headers": False,  # PROXY_COUNT decides whom to believe, not uvicorn's guess
        "timeout_keep_alive": KEEP_ALIVE_SECONDS,
        "timeout_graceful_shutdown": SHUTDOWN_SECONDS_MAX,
        "lifespan": "on",
    }


def bind(host: str, port: int) -> socket.socket:
    """Take the address before anything else is done; raises CommandError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    street = socket.socket(family)
    street.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        street.bind((host, port))
        street.listen(BACKLOG)
    except OSError as error:
        street.close()
        raise CommandError(
            f"cannot listen on {host}:{port}: {error.strerror}; stop what is there, or set PORT"
        ) from error
    except OverflowError as error:
        raise CommandError(f"PORT must be 0 to 65535, not {port}", status=2) from error
    return street


def address(host: str, port: int) -> str:
    """Return the URL of a place."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start listening, then say so."""
        await super().startup(sockets)
        if self.started:
            self._when_ready()


def serve(
    application: ASGI3Application, street: socket.socket, *, when_ready: Callable[[], None]
) -> None:
    """Serve in this process until SIGINT or SIGTERM, then return.

    uvicorn finishes what is running and then raises the signal once more; by that time it means
    nothing any longer.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)
    config = uvicorn.Config(application, **uvicorn_settings())
    _Server(config, when_ready).run(sockets=[street])


def serve_in_processes(street: socket.socket, *, workers: int) -> None:
    """Serve in several processes that share one address, until SIGINT or SIGTERM."""
    config = uvicorn.Config("config.asgi:application", workers=workers, **uvicorn_settings())
    Multiprocess(config, sockets=[street]).run()
