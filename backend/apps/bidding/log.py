"""The auction's log: how a row of the history is made, chained and read back.

A row's hash is SHA-256 over the previous row's hash and every column of this row, so that no
row can be changed, dropped or put in between without the chain showing it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import datetime
from secrets import token_hex
from typing import Any

import msgspec

from apps.bidding.models import BidHistory
from apps.core.json import encode
from apps.core.wire import Names, frame
from domain import events
from domain.auction import ActionKind, PastAction
from domain.commands import Command
from domain.decision import Decision
from domain.engine import DECIDERS

GENESIS_HASH = bytes(32)
SALT_BYTES = 16  # of each action

#: What a command carries for its door alone; the log keeps what replay needs.
_DOOR_FIELDS = ("session_id", "request_key")

#: Commands by the name the log gives them.
COMMANDS: dict[str, type[Command]] = {kind.__name__: kind for kind in DECIDERS}

_decode = msgspec.json.Decoder().decode

#: The field of each event that names the bidder of the history row, and his amount.
_SUBJECTS: dict[type[events.Event], tuple[str, str]] = {
    events.BidPlaced: ("bidder_id", "amount_minor"),
    events.AutoBidTriggered: ("auto_bidder_id", "amount_minor"),
    events.BoughtNow: ("user_id", "amount_minor"),
    events.BidRetracted: ("user_id", ""),
    events.AuctionEnded: ("winner_id", "final_bid_minor"),
    events.PriceRecomputed: ("leader_id", "price_minor"),
    events.PriceChanged: ("leader_id", "price_minor"),
    events.SecondChanceOffered: ("user_id", "amount_minor"),
}


def action_record(command: Command, decision: Decision, *, now: datetime, head_seq: int) -> bytes:
    """Return the accepted command as the private log keeps it.

    `now` is the instant that decided it, `head_seq` the last room event before it: together
    with the command they replay it. The salt is for nobody: the row's hash is public and covers
    this record, so without one a maximum could be found by trying all there are.
    """
    asked = msgspec.to_builtins(command)
    for name in _DOOR_FIELDS:
        asked.pop(name, None)
    action = msgspec.to_builtins(decision.action)
    action["removed_numbers"] = action.pop("removed")  # a cancellation has a word of that name
    return encode(
        {
            "command": type(command).__name__,
            **asked,
            **action,
            "now": now,
            "head_seq": head_seq,
            "salt": token_hex(SALT_BYTES),
        }
    )


@dataclass(slots=True, kw_only=True)
class LogEntry:
    """A row of the history before it is stored; the fields are the columns of BidHistory."""

    auction_id: int
    number: int
    seq: int | None
    type: str
    bidder_id: int | None
    amount_minor: int | None
    at: datetime
    frame: bytes
    action: bytes
    outbid_id: int | None
    hash: bytes = b""


def rows_of(
    decision: Decision,
    *,
    auction_id: int,
    currency: str,
    names: Names,
    action: bytes,
    number: int,
    previous_hash: bytes,
) -> Iterator[tuple[LogEntry, events.Event]]:
    """Yield the history rows of one decision, each with its event, numbered after `number`.

    `user_outbid` takes no row: it is the `outbid` of the last bid row before it.
    """
    outbid_id = next(
        (event.user_id for event in decision.events if isinstance(event, events.UserOutbid)), None
    )
    told = [event for event in decision.events if not isinstance(event, events.UserOutbid)]
    carrier = _last_bid_index(told)
    for index, event in enumerate(told):
        number += 1
        bidder_field, amount_field = _SUBJECTS.get(type(event), ("", ""))
        row = LogEntry(
            auction_id=auction_id,
            number=number,
            seq=event.seq if event.audience is events.Audience.ROOM else None,
            type=event.type,
            bidder_id=getattr(event, bidder_field, None),
            amount_minor=getattr(event, amount_field, None),
            at=event.at,
            frame=(
                frame(event, auction_id, currency, names)
                if event.audience is events.Audience.ROOM
                else b""
            ),
            action=action if index == 0 else b"",
            outbid_id=outbid_id if index == carrier else None,
        )
        row.hash = previous_hash = row_hash(previous_hash, row)
        yield row, event


def _last_bid_index(told: list[events.Event]) -> int:
    bids = (events.BidPlaced, events.AutoBidTriggered, events.BoughtNow)
    return max((i for i, event in enumerate(told) if isinstance(event, bids)), default=0)


def row_hash(previous_hash: bytes, row: BidHistory | LogEntry) -> bytes:
    """Return the chained hash of a row."""
    columns = [
        row.auction_id,
        row.number,
        row.seq,
        row.type,
        row.bidder_id,
        row.amount_minor,
        _microseconds(row.at),
        row.outbid_id,
        len(row.frame),
    ]
    digest = hashlib.sha256(previous_hash)
    digest.update(encode(columns))
    digest.update(bytes(row.frame))
    digest.update(bytes(row.action))
    return digest.digest()


def _microseconds(at: datetime) -> int:
    whole = int(at.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + at.microsecond


def action_of(row: BidHistory) -> dict[str, Any]:
    """Return the accepted command of a row that begins an action."""
    record: dict[str, Any] = _decode(bytes(row.action))
    return record


def past_actions(rows: Iterable[BidHistory]) -> tuple[PastAction, ...]:
    """Return the actions that still stand, in order: what a retraction replays (5.3)."""
    standing: dict[int, PastAction] = {}
    kinds = set(ActionKind)
    for row in rows:
        record = action_of(row)
        for number in record["removed_numbers"]:
            standing.pop(number, None)
        if record["kind"] in kinds:
            standing[row.number] = PastAction(
                number=row.number,
                kind=ActionKind(record["kind"]),
                user_id=record["user_id"],
                amount_minor=record["amount_minor"],
                at=datetime.fromisoformat(record["now"]),
                seq=record["head_seq"],
                valid_from=_instant(record["valid_from"]),
                valid_until=_instant(record["valid_until"]),
            )
    return tuple(standing.values())


def _instant(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def command_of(record: dict[str, Any]) -> tuple[Command, datetime]:
    """Return the command of an action's record and the instant that decided it."""
    kind = COMMANDS[record["command"]]
    names = {spec.name for spec in fields(kind) if spec.init} - set(_DOOR_FIELDS)
    given = {name: record[name] for name in names if name in record}
    for name in ("valid_from", "valid_until"):
        if name in given:
            given[name] = _instant(given[name])
    return kind(**given), datetime.fromisoformat(record["now"])
