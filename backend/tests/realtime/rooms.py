"""What tests of the hub need: a history in memory and a socket whose reader may be slow."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

from apps.core.frames import Message
from apps.core.hub import Outlet, Readers, RoomFrame

AUCTION = 7


def frame(seq: int | None, user_id: int | None = None, **more: object) -> RoomFrame:
    kind = "user_outbid" if user_id is not None else "bid_placed"
    body = {"type": kind, "seq": seq, **more}
    return RoomFrame(seq=seq, data=json.dumps(body).encode(), user_id=user_id)


class History:
    """Stands for the database: what is committed, and how often it was asked."""

    def __init__(self, auction_ids: Sequence[int] = (AUCTION,)) -> None:
        self.rows: dict[int, list[RoomFrame]] = {auction_id: [] for auction_id in auction_ids}
        self.asked: list[str] = []
        self.is_away = False
        self.before_answering: Callable[[], None] = lambda: None
        self.after_snapshot: Callable[[], None] = lambda: None

    def commit(self, count: int = 1, auction_id: int = AUCTION) -> list[RoomFrame]:
        rows = self.rows[auction_id]
        new = [frame(len(rows) + number) for number in range(1, count + 1)]
        rows.extend(new)
        return new

    def readers(self) -> Readers:
        return Readers(
            frames=self._frames,
            heads=self._heads,
            snapshot=self._snapshot,
            standing=lambda auction_id, user_id: {"leading": False, "user": user_id},
        )

    def _answer(self, question: str) -> None:
        self.asked.append(question)
        if self.is_away:
            raise ConnectionError("the database is away")
        self.before_answering()

    def _frames(self, auction_id: int, after_seq: int, limit: int) -> list[RoomFrame]:
        self._answer("frames")
        return self.rows[auction_id][after_seq : after_seq + limit]

    def _heads(self, ids: Sequence[int]) -> dict[int, int]:
        self._answer("heads")
        return {auction_id: len(self.rows[auction_id]) for auction_id in ids}

    def _snapshot(self, auction_id: int) -> dict[str, Any] | None:
        self._answer("snapshot")
        rows = self.rows.get(auction_id)
        found = None if rows is None else {"auction": {"id": auction_id}, "seq": len(rows)}
        self.after_snapshot()
        return found


class Peer:
    """A socket's far end. `stop_reading` lets the server's `send` wait, as a full buffer does."""

    def __init__(self, user_id: int | None = None) -> None:
        self.sent: list[Message] = []
        self._reads = asyncio.Event()
        self._reads.set()
        self.outlet = Outlet(self._send, user_id=user_id)

    async def _send(self, message: Message) -> None:
        await self._reads.wait()
        self.sent.append(message)

    def stop_reading(self) -> None:
        self._reads.clear()

    def read_again(self) -> None:
        self._reads.set()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(message["text"]) for message in self.sent if "text" in message]

    @property
    def close_code(self) -> int | None:
        return next((m["code"] for m in self.sent if m["type"] == "websocket.close"), None)

    @property
    def seqs(self) -> list[int]:
        """The seqs of its bids since the last snapshot, in the order they came."""
        found: list[int] = []
        for body in self.bodies:
            if body["type"] == "snapshot":
                found.clear()
            elif body["type"] == "bid_placed":
                found.append(body["seq"])
        return found

    def kinds(self) -> list[str]:
        return [body["type"] for body in self.bodies]


async def until(condition: Callable[[], object], seconds: float = 3.0) -> None:
    """Wait until the condition holds; fails after the given time."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.002)
