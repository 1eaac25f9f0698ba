"""The numbered stream of one room: no gaps, no repeats, whatever order frames arrive in.

Knows no sockets and no database; says what is due next, what is missing, and keeps the most
recent messages for those who come late.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from apps.core.frames import Message, RoomFrame, text_message
from apps.core.outlet import UNKNOWN

WAITING_MAX = 10_000  # frames that came before their turn; beyond it the database keeps them


@dataclass(frozen=True, slots=True)
class Entry:
    """A frame that was due: its seq, its only reader (None: everybody) and the message to send."""

    seq: int
    user_id: int | None
    message: Message


class Stream:
    """`head`: seq of the last frame that was due. `target`: the highest seq known to exist.

    Entries have positions, which only grow; `keep` of them are kept.
    """

    def __init__(self, keep: int) -> None:
        self.head = 0
        self.target = 0
        self._keep = keep
        self._floor = 0  # every frame after this seq, up to the head, is among the recent ones
        self._start = 0  # position of the first recent entry
        self._recent: deque[tuple[RoomFrame, Entry]] = deque()
        self._known_private: set[RoomFrame] = set()  # of the recent ones
        self._waiting: dict[int, RoomFrame] = {}
        self._waiting_private: list[RoomFrame] = []

    def accept(self, frames: Iterable[RoomFrame]) -> None:
        """Take numbered frames, any number of times; those for one user keep his order."""
        for frame in frames:
            if frame.seq is None:
                raise ValueError("the stream takes numbered frames only")
            if frame.user_id is not None:
                self._waiting_private.append(frame)
            elif frame.seq > self.head:
                self._waiting[frame.seq] = frame
            self.target = max(self.target, frame.seq)
        if len(self._waiting) > WAITING_MAX:
            self._waiting.clear()

    @property
    def is_complete(self) -> bool:
        """Whether everything known to exist has been due."""
        return self.target <= self.head

    @property
    def waiting_count(self) -> int:
        """How many room frames wait for their turn."""
        return len(self._waiting)

    def can_go_on(self) -> bool:
        """Whether the frame after the head is here."""
        return self.head + 1 in self._waiting

    def next(self) -> tuple[int, Entry] | None:
        """Take what is due next, with its position; None when nothing is."""
        frame = self._next_private()
        if frame is None:
            frame = self._waiting.pop(self.head + 1, None)
            if frame is None:
                return None
            self.head += 1
        entry = self._remember(frame)
        return self._start + len(self._recent) - 1, entry

    def _next_private(self) -> RoomFrame | None:
        for index, frame in enumerate(self._waiting_private):
            if (frame.seq or 0) <= self.head:
                del self._waiting_private[index]
                if frame in self._known_private:
                    return self._next_private()
                self._known_private.add(frame)
                return frame
        return None

    def _remember(self, frame: RoomFrame) -> Entry:
        entry = Entry(frame.seq or 0, frame.user_id, text_message(frame.data))
        self._recent.append((frame, entry))
        if len(self._recent) > self._keep:
            oldest, _ = self._recent.popleft()
            self._start += 1
            if oldest.user_id is None:
                self._floor = oldest.seq or 0
            else:
                self._known_private.discard(oldest)
        return entry

    def jump(self, seq: int) -> None:
        """Go on after `seq`, wherever the head was; recent entries are forgotten."""
        self.head = self._floor = seq
        self._start += len(self._recent)
        self._recent.clear()
        self._known_private.clear()
        self._waiting = {key: frame for key, frame in self._waiting.items() if key > seq}
        self.target = max(seq, max(self._waiting, default=0))

    def skip_gap(self) -> None:
        """Give up on what is missing: go on with the next frame that is here."""
        if self._waiting:
            self.head = min(self._waiting) - 1
        else:
            self.target = self.head
            self._waiting_private.clear()

    def since(self, position: int, last: int) -> tuple[list[Entry], int] | None:
        """Return the recent entries from a position, or after a seq if it is UNKNOWN or gone.

        With them the position of the first; None when some of them are no longer kept.
        """
        if position < self._start or position == UNKNOWN:
            if last < self._floor:
                return None
            older = sum(1 for _, entry in self._recent if entry.seq <= last)
            position = self._start + older
        found = islice(self._recent, position - self._start, None)
        return [entry for _, entry in found], position

    def kept_from(self) -> int:
        """Return the position of the oldest entry that is kept."""
        return self._start
