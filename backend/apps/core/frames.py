"""What travels to the sockets of a room."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class RoomFrame:
    """One encoded message for a room.

    `seq` numbers the room's messages without gaps; a frame for one user carries the seq of the
    room's message it belongs to. None: not part of the numbered stream. `data` is JSON as it goes
    over the wire. `user_id` None: for everybody in the room, else for that user's sockets only.
    """

    seq: int | None
    data: bytes
    user_id: int | None = None


#: An ASGI `websocket.send`; one object serves every socket it goes to.
Message = dict[str, Any]


def text_message(data: bytes) -> Message:
    """Return the ASGI message that sends encoded JSON as a text frame."""
    return {"type": "websocket.send", "text": data.decode()}
