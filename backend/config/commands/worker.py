"""`bidbazaar worker`: a Celery worker, with or without the beat."""

import argparse
import logging

from django.conf import settings

from config.celery import app
from config.commands import CommandError


def run(options: argparse.Namespace) -> int:
    """Work until told to stop."""
    if not settings.REDIS_URL:
        raise CommandError("a worker needs a broker: set REDIS_URL, or use `bidbazaar serve`")
    level = logging.getLevelName(logging.getLogger().level)
    arguments = ["worker", f"--loglevel={level}"]
    if options.beat:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        arguments += ["--beat", f"--schedule={settings.DATA_DIR / 'celery-beat'}"]
    app.worker_main(arguments)
    return 0  # type: ignore[unreachable] # by its stubs it never returns
