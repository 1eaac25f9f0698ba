"""After the commit: tell the handlers of config/event_routes.py what happened.

The rows of an auction's history are the outbox; nothing here is needed for correctness. What a
crash between commit and telling leaves untold, the rooms find by their heartbeat.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings

from domain.events import Event

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A committed event and the bytes a client sees of it (empty: none)."""

    event: Event
    data: bytes


@cache
def _routes() -> dict[type[Event], tuple[Any, ...]]:
    now: dict[type[Event], tuple[Any, ...]] = import_module(settings.EVENT_ROUTES).NOW
    return now


def dispatch(auction_id: int, told: Sequence[Told]) -> None:
    """Call each handler once with its events of one auction, in order.

    A handler that fails is logged and keeps no other from hearing.
    """
    batches: dict[Any, list[Told]] = {}
    for item in told:
        for handler in _routes()[type(item.event)]:
            batches.setdefault(handler, []).append(item)
    for handler, items in batches.items():
        try:
            handler(auction_id, items)
        except Exception:
            log.exception("handler %s failed for auction %s", handler.__name__, auction_id)
