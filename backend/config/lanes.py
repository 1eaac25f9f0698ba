"""Which paths take the fast lane: placing a bid, in either vocabulary (docs/adr/0003)."""

import re
from functools import partial
from typing import Any

from apps.bidbazaar.phrases import GuideDoor
from apps.bidding.lane import BidLane, RoadmapDoor
from apps.core.routing import ID_MAX

_ROADMAP = BidLane(RoadmapDoor())
_GUIDE = BidLane(GuideDoor())
_ROADMAP_PATHS = frozenset({"/api/bids", "/api/bids/"})
_GUIDE_PATH = re.compile(r"/api/auction/products/([0-9]{1,19})/place-bid/?", re.ASCII)


def lane_for(method: str, path: str) -> Any:
    """Return the ASGI endpoint of a bid's request; None for all others."""
    if method != "POST":
        return None
    if path in _ROADMAP_PATHS:
        return _ROADMAP
    match = _GUIDE_PATH.fullmatch(path)
    if match is None or not 1 <= int(match[1]) <= ID_MAX:
        return None
    return partial(_GUIDE, path_id=int(match[1]))
