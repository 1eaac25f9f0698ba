"""User names in an auction's stored frames that have been given up since, and what stands for them.

The frames are hash-chained and never rewritten (docs/adr/0010). A frame holds names, its row ids:
who has been called what is read off the rows he is the subject of.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from apps.bidding.models import BidHistory
from apps.core.json import encode
from domain import events

#: Event -> the key of its frame that names the row's bidder.
_SUBJECT_KEYS = {
    events.BidPlaced.type: "bidder",
    events.AutoBidTriggered.type: "auto_bidder",
    events.BoughtNow.type: "user",
    events.BidRetracted.type: "user",
    events.AuctionEnded.type: "winner",
    events.PriceRecomputed.type: "highest_bidder",
    events.PriceChanged.type: "highest_bidder",
}
_NAME_KEYS = frozenset({*_SUBJECT_KEYS.values(), "highest_bidder"})

_decode = msgspec.json.Decoder().decode


def former_names(auction_id: int) -> dict[str, str]:
    """Return former -> present name of those in an auction whose accounts were deleted."""
    rows = BidHistory.objects.filter(auction_id=auction_id, bidder__deleted_at__isnull=False)
    found: dict[str, str] = {}
    for kind, frame, name in rows.values_list("type", "frame", "bidder__username"):
        key = _SUBJECT_KEYS.get(kind)
        if key is not None and frame:
            body: dict[str, Any] = _decode(bytes(frame))
            former = body.get(key)
            if isinstance(former, str) and former != name:
                found[former] = name
    return found


def with_present_names(frame: bytes, names: Mapping[str, str]) -> bytes:
    """Return a frame's bytes with these former names replaced; the same bytes without one."""
    if not names or not frame:
        return frame
    body: dict[str, Any] = _decode(frame)
    changed = {
        key: names[value]
        for key, value in body.items()
        if key in _NAME_KEYS and isinstance(value, str) and value in names
    }
    return encode({**body, **changed}) if changed else frame
