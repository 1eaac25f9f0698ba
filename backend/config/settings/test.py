"""Tests: production's choices where they change behaviour, speed elsewhere."""

import os
import tempfile
from pathlib import Path
from typing import Any

from config.settings.base import *  # noqa: F403
from config.settings.base import (
    CACHES,
    CHANNEL_LAYERS,
    DATABASES,
    INSTALLED_APPS,
    MIDDLEWARE,
    REDIS_URL,
    REST_FRAMEWORK,
)

SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"  # noqa: S105
DEBUG = False
DEMO = False
WEB_APP_DIR = str(Path(__file__).resolve().parents[2] / "tests" / "web" / "built")
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
KEEP_READS = False  # rows made by a factory tell nobody; the tests of keeping switch it on
SANDBOX_PAYMENTS = True
RATE_LIMITS = False  # the throttle tests switch it on
LOGGING = {"version": 1, "disable_existing_loggers": False}  # pytest shows what was logged
REST_FRAMEWORK = {**REST_FRAMEWORK, "TEST_REQUEST_DEFAULT_FORMAT": "json"}

# A view that asks the database once per row fails its test.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]

# SQLite in a file, as in production: threads meet real locks. Only the flush to disk is left out,
# and a thread leaves no connection behind that a later test, one without a database, would meet.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    _path = Path(tempfile.gettempdir()) / f"bidbazaar-test-{os.getpid()}.sqlite3"
    DATABASES["default"]["TEST"] = {"NAME": str(_path)}
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"]["init_command"] += (
        # Whoever forgot to ask for an order does not get one by luck.
        "PRAGMA synchronous=OFF; PRAGMA reverse_unordered_selects=ON;"
    )

# Parallel test processes share one Valkey: each has its own database and its own prefix
# (publish and subscribe know no databases).
if REDIS_URL:
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    CACHES["default"]["LOCATION"] = f"{REDIS_URL.rsplit('/', 1)[0]}/{_worker.removeprefix('gw')}"
    _layer: Any = CHANNEL_LAYERS["default"]
    _layer["CONFIG"]["prefix"] = f"test-{_worker}"

# Every event loop of a test has a thread of its own, whose connection ends with it and is not
# given back to the pool; a house has one loop for its whole life.
if "pool" in DATABASES["default"]["OPTIONS"]:
    DATABASES["default"]["OPTIONS"]["pool"]["max_size"] = 60
