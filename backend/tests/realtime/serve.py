"""A web process for tests, run as `bidbazaar web` runs one: python -m tests.realtime.serve PORT."""

import sys

import uvicorn

from config.asgi import application
from config.serving import uvicorn_settings

if __name__ == "__main__":
    uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[1]), **uvicorn_settings())
