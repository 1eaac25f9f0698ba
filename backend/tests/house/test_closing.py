"""Processes of their own that close: the closer, and a Celery worker with its beat."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from apps.core import clock
from domain.auction import Status
from tests.architecture.sources import BACKEND
from tests.factories import AuctionFactory
from tests.realtime.doors import own_database_url
from tests.servers import valkey

CLOSE_SECONDS_MAX = 60  # nearly all of it is a worker that starts on a busy machine


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", [["closer"], ["worker", "--beat"]], ids=lambda words: words[0])
def test_process_closes_what_is_due_and_stops_when_told(cast, tmp_path, command):
    ended_at = clock.now() - timedelta(seconds=1)
    auction = AuctionFactory(
        seller=cast.seller, end_at=ended_at, start_at=ended_at - timedelta(days=1)
    )

    with valkey() as redis_url:
        process = subprocess.Popen(
            [sys.executable, "-m", "config.program", *command],
            cwd=BACKEND,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "config.settings.dev",
                "DATABASE_URL": own_database_url(),
                "DATA_DIR": str(tmp_path),
                "REDIS_URL": redis_url,
            },
        )
        try:
            closed = wait_until_closed(auction)
            process.send_signal(signal.SIGTERM)
            status = process.wait(30)
        finally:
            process.kill()
            process.wait()

    assert closed
    assert status == 0
    assert (auction.sold, auction.ended_at is not None) == (False, True)


def wait_until_closed(auction) -> bool:
    deadline = time.monotonic() + CLOSE_SECONDS_MAX
    while time.monotonic() < deadline:
        auction.refresh_from_db()
        if auction.status == Status.ENDED:
            return True
        time.sleep(0.05)
    return False
