"""The default: runs with nothing installed but Python. SQLite, one process, play money."""

from django.core.management.utils import get_random_secret_key

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, RATES, env

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", "testserver"])
_HERE = f"http://localhost:{env.int('PORT', default=8000)}"
SITE_URL = env.str("SITE_URL", default=_HERE).rstrip("/")
SANDBOX_PAYMENTS = env.bool("SANDBOX_PAYMENTS", default=True)
WS_QUERY_TOKEN = env.bool("WS_QUERY_TOKEN", default=True)
OUTGOING_TARGETS = env.word("OUTGOING_TARGETS", "any", "public")  # a receiver on this machine
# Trying things out on one's own machine means many accounts from one address.
RATES = {**RATES, "register_address": (env.int("REGISTRATIONS_PER_HOUR", default=1000), 3600)}


def kept_secret_key() -> str:
    """Return SECRET_KEY, made on the first start and kept beside the data."""
    path = DATA_DIR / "secret_key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.write_text(get_random_secret_key())
        path.chmod(0o600)
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or kept_secret_key()
