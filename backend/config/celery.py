"""Celery: wakes up what the database has waiting. It holds no work of its own.

Every task may run twice, late, or never: the closer of `bidbazaar serve` and `bidbazaar closer`
does the same from the same rows, and every bid settles what is due before it is decided.
"""

import os

import django
from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup()

# The applications must be ready before the tasks are imported.
from django.conf import settings  # noqa: E402

from apps.auctions.tasks import close_due_auctions  # noqa: E402

CLOSE_EVERY_SECONDS = 1.0  # a second late is what people accept of an auction's end

app = Celery("bidbazaar", broker=settings.CELERY_BROKER_URL)
app.conf.update(
    task_ignore_result=True,
    task_acks_late=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    timezone="UTC",
    beat_schedule={
        "close-due-auctions": {
            "task": "auctions.close_due_auctions",
            "schedule": CLOSE_EVERY_SECONDS,
            # A tick that nobody took in time is not worth catching up on.
            "options": {"expires": CLOSE_EVERY_SECONDS},
        },
    },
)

app.task(close_due_auctions, name="auctions.close_due_auctions")
