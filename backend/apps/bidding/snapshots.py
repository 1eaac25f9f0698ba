"""What a socket is shown on joining a room: the auction as read, its last bids, where it stands."""

from typing import Any

from apps.auctions.selectors import Viewer, around_detail, auction_of
from apps.auctions.serializers import Page, detail_body
from apps.core import clock

_STRANGER = Viewer(user_id=None, is_staff=False)


def room_snapshot(auction_id: int) -> dict[str, Any] | None:
    """Return a room's public state; None for an auction that has no room (absent, draft, removed).

    `seq` is that of the last message the state already contains.
    """
    auction = auction_of(auction_id, _STRANGER)
    if auction is None:
        return None
    page = Page(around_detail(auction), viewer_id=None, now=clock.now())
    body = detail_body(auction, page)
    return {"auction": body, "bids": body.pop("bids"), "seq": auction.seq}
