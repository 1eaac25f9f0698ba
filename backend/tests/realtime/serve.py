"""A web process for tests, run as `bidbazaar web` runs one: python -m tests.realtime.serve PORT."""

import socket
import sys

import uvicorn

from config.asgi import application
from config.serving import uvicorn_settings

SEND_BUFFER_BYTES = 16 * 1024  # the kernel would hide a slow reader behind megabytes

if __name__ == "__main__":
    street = socket.socket()
    street.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    street.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    street.bind(("127.0.0.1", int(sys.argv[1])))
    street.listen(1024)
    config = uvicorn.Config(application, **uvicorn_settings())
    uvicorn.Server(config).run(sockets=[street])
