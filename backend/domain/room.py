"""What a client's screen becomes: a pure reducer over the frames of one auction's room.

A snapshot, then every frame in order, gives what a later snapshot would say; the browser's
reducer is held to the same cases. Amounts are JSON numbers in major units, instants and users
are the strings of the wire; nothing here computes with them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from domain.events import ALL_EVENTS, Audience

#: How many bids a room shows, the newest first (the snapshot holds as many).
BIDS_MAX = 20

#: Frames for one client only; they carry a room number without being a part of the room.
PERSONAL = frozenset(
    {event.type for event in ALL_EVENTS if event.audience is Audience.USER}
    | {"bid_accepted", "bid_rejected", "snapshot"}
)

Frame = Mapping[str, Any]


class RoomGap(Exception):
    """A frame was lost: ask for those after `last_seq`, or for a new snapshot."""

    def __init__(self, last_seq: int, seq: int) -> None:
        super().__init__(f"after {last_seq} came {seq}")
        self.last_seq = last_seq
        self.seq = seq


@dataclass(frozen=True, slots=True)
class RoomBid:
    """One row of the bid list."""

    bidder: str
    amount: float
    auto: bool
    seq: int

    @classmethod
    def of(cls, row: Frame) -> "RoomBid":
        """Return the row of a snapshot."""
        return cls(row["bidder"], row["amount"], row["auto"], row["seq"])


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """An auction as its room knows it.

    `reserve_met` is None for an auction without a reserve, and stays so (R22, R25). `bids` is
    None once bids were taken back: the rows must be fetched again (5.5).
    """

    current_bid: float | None
    highest_bidder: str | None
    total_bids: int
    min_next_bid: float | None
    end_time: str
    status: str
    reserve_met: bool | None
    winner: str | None
    sold: bool
    final_bid: float | None
    seq: int
    bids: tuple[RoomBid, ...] | None

    @classmethod
    def from_snapshot(cls, auction: Frame) -> "RoomView":
        """Return the view of an auction as read, its bids in any order."""
        rows = sorted(map(RoomBid.of, auction["bids"]), key=lambda bid: bid.seq, reverse=True)
        return cls(
            current_bid=auction["current_bid"],
            highest_bidder=auction["highest_bidder"],
            total_bids=auction["total_bids"],
            min_next_bid=auction["min_next_bid"],
            end_time=auction["end_time"],
            status=auction["status"],
            reserve_met=auction["reserve_met"],
            winner=auction["winner"],
            sold=bool(auction["sold"]),
            final_bid=auction["final_bid"],
            seq=auction["seq"],
            bids=tuple(rows[:BIDS_MAX]),
        )

    def apply(self, frame: Frame) -> "RoomView":
        """Return the view after a frame; one that was seen already changes nothing.

        Raises RoomGap if a frame before it is missing.
        """
        seq, kind = frame.get("seq"), frame["type"]
        if seq is None or seq <= self.seq or kind in PERSONAL:
            return self
        # A heartbeat tells the number of the last frame: being behind it is a gap already.
        if seq > self.seq + 1 or kind == "heartbeat":
            raise RoomGap(self.seq, seq)
        changes = _CHANGES[kind](self, frame) if kind in _CHANGES else {}
        if self.reserve_met is None:
            changes.pop("reserve_met", None)
        return replace(self, seq=seq, **changes)


def _told(frame: Frame, *names: str) -> dict[str, Any]:
    """Return those of these fields that the frame has."""
    return {name: frame[name] for name in names if name in frame}


_STANDING = ("current_bid", "highest_bidder", "min_next_bid", "total_bids", "reserve_met")


def _with_bid(view: RoomView, bid: RoomBid) -> dict[str, Any]:
    """Return the bid list with a new first row; one that is unknown stays unknown."""
    return {} if view.bids is None else {"bids": (bid, *view.bids)[:BIDS_MAX]}


def _bid_placed(view: RoomView, frame: Frame) -> dict[str, Any]:
    bid = RoomBid(frame["bidder"], frame["amount"], auto=False, seq=frame["seq"])
    return _told(frame, *_STANDING, "end_time") | _with_bid(view, bid)


def _auto_bid(view: RoomView, frame: Frame) -> dict[str, Any]:
    bid = RoomBid(frame["auto_bidder"], frame["amount"], auto=True, seq=frame["seq"])
    return _told(frame, *_STANDING, "end_time") | _with_bid(view, bid)


def _bought_now(view: RoomView, frame: Frame) -> dict[str, Any]:
    bid = RoomBid(frame["user"], frame["amount"], auto=False, seq=frame["seq"])
    bought = {
        "current_bid": frame["amount"],
        "highest_bidder": frame["user"],
        "total_bids": view.total_bids + 1,
    }
    return bought | _with_bid(view, bid)


def _ended(view: RoomView, frame: Frame) -> dict[str, Any]:
    """A sale describes the bid that was sold, which need not be the highest (B6)."""
    over = _told(frame, "winner", "final_bid", "sold", "reserve_met", "end_time")
    if frame["sold"]:
        over |= {"current_bid": frame["final_bid"], "highest_bidder": frame["winner"]}
    return over | {"status": "ended", "min_next_bid": None}


#: What each frame changes. One without a row only moves the number.
_CHANGES: dict[str, Callable[[RoomView, Frame], dict[str, Any]]] = {
    "bid_placed": _bid_placed,
    "auto_bid_triggered": _auto_bid,
    "reserve_met": lambda view, frame: {"reserve_met": True},
    "auction_extended": lambda view, frame: _told(frame, "end_time"),
    "auction_started": lambda view, frame: {
        "status": "active",
        **_told(frame, "end_time", "min_next_bid"),
    },
    "auction_ended": _ended,
    "auction_cancelled": lambda view, frame: {
        "status": "removed" if frame["removed"] else "cancelled",
        "min_next_bid": None,
    },
    "buy_now": _bought_now,
    "price_recomputed": lambda view, frame: {**_told(frame, *_STANDING), "bids": None},
    "price_changed": lambda view, frame: _told(frame, *_STANDING),
}
