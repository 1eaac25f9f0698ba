"""What the live room hears, right after the commit. Named by config/event_routes.py alone.

Called on the thread that committed; both only hand the frames over and may run twice, since a
room sends each seq once.
"""

from collections.abc import Sequence

from apps.core.hub import RoomFrame, hub
from apps.core.outbox import Told
from domain.events import Audience, SecondChanceOffered, UserOutbid


def broadcast_to_room(auction_id: int, told: Sequence[Told]) -> None:
    """Send everybody in the room what everybody may see."""
    hub.publish(
        auction_id,
        [
            RoomFrame(seq=item.event.seq, data=item.data)
            for item in told
            if item.event.audience is Audience.ROOM
        ],
    )


def tell_outbid_bidder(auction_id: int, told: Sequence[Told]) -> None:
    """Send one bidder what concerns him alone, on his own sockets in the room."""
    hub.publish(
        auction_id,
        [
            RoomFrame(seq=item.event.seq, data=item.data, user_id=item.event.user_id)
            for item in told
            if isinstance(item.event, UserOutbid | SecondChanceOffered)
        ],
    )
