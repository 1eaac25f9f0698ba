"""Celery: wakes up what the database has waiting. It holds no work of its own.

Every task may run twice, late, or never: the closer of `bidbazaar serve` and `bidbazaar closer`
does the same from the same rows (config/closing.py, config/chores.py), and every bid settles what
is due before it is decided.
"""

import os

from celery import Celery
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")

CLOSE_EVERY_SECONDS = 1.0  # a second late is what people accept of an auction's end

MAIL_EVERY_SECONDS = 5.0
BANS_EVERY_SECONDS = 30.0
RISK_EVERY_SECONDS = 60.0
DAY_SECONDS = 24 * 3600.0
FORGET_EVERY_SECONDS = 3600.0
MONEY_EVERY_SECONDS = 1.0
TELL_EVERY_SECONDS = 1.0
COMPARE_EVERY_SECONDS = 6 * 3600.0

app = Celery("bidbazaar")
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_connection_retry_on_startup=True,
    imports=[
        "apps.auctions.tasks",
        "apps.backoffice.tasks",
        "apps.notifications.tasks",
        "apps.payments.tasks",
        "apps.risk.tasks",
        "apps.privacy.tasks",
        "apps.users.tasks",
        "apps.webhooks.tasks",
    ],
    task_acks_late=True,
    task_ignore_result=True,
    timezone="UTC",
    worker_prefetch_multiplier=1,
    beat_schedule={
        "close-due-auctions": {
            "task": "auctions.close_due_auctions",
            "schedule": CLOSE_EVERY_SECONDS,
            # A tick that nobody took in time is not worth catching up on.
            "options": {"expires": CLOSE_EVERY_SECONDS},
        },
        "send-due-mail": {
            "task": "users.send_due_mail",
            "schedule": MAIL_EVERY_SECONDS,
            "options": {"expires": MAIL_EVERY_SECONDS},
        },
        "look-after-bans": {
            "task": "backoffice.look_after_bans",
            "schedule": BANS_EVERY_SECONDS,
            "options": {"expires": BANS_EVERY_SECONDS},
        },
        "look-for-risk": {
            "task": "risk.look",
            "schedule": RISK_EVERY_SECONDS,
            "options": {"expires": RISK_EVERY_SECONDS},
        },
        "forget-old-keys": {"task": "risk.forget", "schedule": DAY_SECONDS},
        "forget-ended": {"task": "users.forget_ended", "schedule": FORGET_EVERY_SECONDS},
        "do-money's-work": {
            "task": "payments.do_due_work",
            "schedule": MONEY_EVERY_SECONDS,
            "options": {"expires": MONEY_EVERY_SECONDS},
        },
        "open-forgotten-sales": {
            "task": "payments.open_forgotten_sales",
            "schedule": FORGET_EVERY_SECONDS,
        },
        "compare-with-providers": {
            "task": "payments.compare_with_providers",
            "schedule": COMPARE_EVERY_SECONDS,
        },
        "tell-people": {
            "task": "notifications.tell",
            "schedule": TELL_EVERY_SECONDS,
            "options": {"expires": TELL_EVERY_SECONDS},
        },
        "push": {
            "task": "notifications.push",
            "schedule": TELL_EVERY_SECONDS,
            "options": {"expires": TELL_EVERY_SECONDS},
        },
        "tell-forgotten": {
            "task": "notifications.tell_forgotten",
            "schedule": FORGET_EVERY_SECONDS,
        },
        "gather-webhooks": {
            "task": "webhooks.gather",
            "schedule": TELL_EVERY_SECONDS,
            "options": {"expires": TELL_EVERY_SECONDS},
        },
        "gather-forgotten-webhooks": {
            "task": "webhooks.gather_forgotten",
            "schedule": FORGET_EVERY_SECONDS,
        },
        "deliver-webhooks": {
            "task": "webhooks.deliver",
            "schedule": TELL_EVERY_SECONDS,
            "options": {"expires": TELL_EVERY_SECONDS},
        },
        "make-exports": {
            "task": "privacy.make_exports",
            "schedule": MAIL_EVERY_SECONDS,
            "options": {"expires": MAIL_EVERY_SECONDS},
        },
        "forget-exports": {"task": "privacy.forget_exports", "schedule": FORGET_EVERY_SECONDS},
        "forget-webhooks": {"task": "webhooks.forget", "schedule": FORGET_EVERY_SECONDS},
        "forget-notifications": {
            "task": "notifications.forget",
            "schedule": FORGET_EVERY_SECONDS,
        },
        "order-mail": {
            "task": "notifications.order_mail",
            "schedule": MAIL_EVERY_SECONDS,
            "options": {"expires": MAIL_EVERY_SECONDS},
        },
    },
)
