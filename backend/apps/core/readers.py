"""What rooms read from the database, and the snapshot they make of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from apps.core import clock
from apps.core.frames import Message, RoomFrame
from apps.core.json import encode
from apps.core.wire import instant


@dataclass(frozen=True, slots=True)
class Readers:
    """How rooms read the database; called in threads.

    `frames(auction_id, after_seq, limit)`: frames in order. `heads(ids)`: seq of the last frame
    of each. `snapshot(auction_id)`: public state with `seq`, None for an auction without a room.
    `standing(auction_id, user_id)`: what only this user may see of his own place.
    """

    frames: Callable[[int, int, int], list[RoomFrame]]
    heads: Callable[[Sequence[int]], dict[int, int]]
    snapshot: Callable[[int], dict[str, Any] | None]
    standing: Callable[[int, int], dict[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A room's public state, encoded up to the place where each socket's own part goes."""

    seq: int
    opening: str
    read_at: float  # on the event loop's clock

    def message(self, standing: dict[str, Any] | None) -> Message:
        """Return the message for one socket."""
        own = encode({"server_time": instant(clock.now()), "you": standing}).decode()
        return {"type": "websocket.send", "text": f"{self.opening},{own[1:]}"}
