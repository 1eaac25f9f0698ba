"""Proof: the immutable history, played again, must give the rows and the very bytes sent.

Reads only. Every difference is one sentence for an auditor.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from apps.auctions.models import Auction
from apps.auctions.states import state_of
from apps.bidding import log
from apps.bidding.former_names import former_names, with_present_names
from apps.bidding.models import Bid, BidHistory
from apps.bidding.repository import offer_of
from apps.core.wire import frame
from apps.users.models import User
from domain import commands as ask
from domain.auction import AuctionState, BidRow, Closing, Offer, Standing, Status
from domain.decision import Decision
from domain.engine import decide
from domain.events import AuctionStarted, Audience, Event, UserOutbid
from domain.reasons import Refusal
from domain.timing import in_force

#: Columns of the auction's row that the replayed state must equal.
_COLUMNS = {
    "status": "status",
    "end_at": "end_at",
    "seq": "seq",
    "leader_id": "leader_id",
    "price_minor": "price_minor",
    "leader_cap_minor": "leader_cap_minor",
    "total_bids": "total_bids",
    "extension_count": "extension_count",
    "reserve_met": "reserve_met",
    "winner_id": "winner_id",
    "sold": "sold",
    "final_minor": "final_minor",
}


def auction_ids() -> list[int]:
    """Return the auctions that have a history, in order."""
    ids = BidHistory.objects.order_by("auction_id").values_list("auction_id", flat=True)
    return list(ids.distinct())


def verify_auction(auction_id: int) -> list[str]:
    """Return what is wrong with an auction's history and rows; nothing is the proof."""
    auction = Auction.objects.filter(pk=auction_id).first()
    if auction is None:
        return [f"auction {auction_id}: there is no such auction"]
    rows = list(BidHistory.objects.filter(auction_id=auction_id).order_by("number"))
    found = [*_chain(auction, rows), *_replay(auction, rows)]
    return [f"auction {auction_id}: {sentence}" for sentence in found]


def _chain(auction: Auction, rows: list[BidHistory]) -> Iterator[str]:
    """Numbers without gaps, an unbroken hash chain, and a row that ends where the log ends."""
    previous, seq = log.GENESIS_HASH, 0
    for expected, row in enumerate(rows, start=1):
        if row.number != expected:
            yield f"history number {row.number} stands where {expected} should"
            return
        if row.seq is not None:
            seq += 1
            if row.seq != seq:
                yield f"history {row.number}: seq {row.seq} stands where {seq} should"
        if bytes(row.hash) != log.row_hash(previous, row):
            yield f"history {row.number} ({row.type}): the hash does not fit, the row was changed"
        previous = bytes(row.hash)
    if auction.log_number != len(rows):
        yield f"log_number is {auction.log_number}, the history has {len(rows)} rows"
    elif bytes(auction.log_hash) != previous:
        yield "log_hash is not the hash of the last history row"


@dataclass(slots=True)
class _Replay:
    """An auction played again from its rules and its log."""

    state: AuctionState
    names: Mapping[int, str]
    former_names: Mapping[str, str]
    currency: str
    visible: list[BidRow] = field(default_factory=list)
    caps: dict[int, int] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)

    def facing(
        self, command: ask.Command, now: datetime, past: Iterable[BidHistory]
    ) -> AuctionState:
        """Return the state as the repository would load it for this command."""
        users = {command.actor_id, getattr(command, "bidder_id", None)} - {None}
        replaying = isinstance(command, ask.RetractBids | ask.CancelBids)
        return replace(
            self.state,
            standings={user: self._standing(user, command) for user in users if user is not None},
            past_actions=log.past_actions(row for row in past if row.action) if replaying else None,
            best_offer=self._best_offer(now),
            target=_target(command),
        )

    def _standing(self, user: int, command: ask.Command) -> Standing:
        highest = None
        if isinstance(command, ask.CancelAutoBid | ask.OfferSecondChance):
            mine = [row.amount_minor for row in self.visible if row.bidder_id == user]
            highest = max(mine, default=None)
        return Standing(
            auto_max_minor=self.caps.get(user),
            highest_visible_minor=highest,
            blocked=user in self.blocked,
        )

    def _best_offer(self, now: datetime) -> Offer | None:
        if self.state.rules.closing is Closing.TIMED:
            return None
        standing = [
            row
            for row in self.visible
            if row.valid_until is not None and in_force(row.valid_until, now)
        ]
        best = max(standing, key=lambda row: (row.amount_minor, -row.seq), default=None)
        if best is None:
            return None
        return Offer(
            bid_id=0,
            auction_id=self.state.auction_id,
            bidder_id=best.bidder_id,
            amount_minor=best.amount_minor,
            valid_from=best.valid_from,
            valid_until=best.valid_until,
        )

    def accept(self, decision: Decision) -> None:
        """Take over what a decision changed."""
        self.state = decision.state
        if decision.replayed:
            self.visible.clear()
        self.visible.extend(decision.rows)
        for user, cap in decision.auto_max_minor.items():
            if cap is None:
                self.caps.pop(user, None)
            else:
                self.caps[user] = cap
        if decision.blocked_id is not None:
            self.blocked.add(decision.blocked_id)


def _target(command: ask.Command) -> Offer | None:
    if not isinstance(command, ask.SellToBid):
        return None
    bid = Bid.objects.filter(pk=command.bid_id).first()
    return None if bid is None else offer_of(bid)


def _replay(auction: Auction, rows: list[BidHistory]) -> Iterator[str]:
    """Play every action again and compare events, bids and the auction's row."""
    former = former_names(auction.pk) if auction.has_former_names else {}
    names = _names(rows, auction)
    replay = _Replay(_beginning(auction, rows), names, former, auction.currency)
    for start, row in enumerate(rows):
        if not row.action:
            continue
        command, now = log.command_of(log.action_of(row))
        decision = decide(replay.facing(command, now, islice(rows, start)), command, now)
        if isinstance(decision, Refusal):
            yield (
                f"history {row.number}: {type(command).__name__} was accepted, "
                f"but the rules refuse it: {decision.reason.value}"
            )
            return
        told = [event for event in decision.events if not isinstance(event, UserOutbid)]
        yield from _compare_events(replay, told, rows[start : start + len(told)])
        replay.accept(decision)
    yield from _compare_bids(auction, replay)
    yield from _compare_row(auction, replay.state)


def _beginning(auction: Auction, rows: list[BidHistory]) -> AuctionState:
    """Return the auction as it was before its first action."""
    now = state_of(auction)
    if not rows:
        return now
    if log.action_of(rows[0])["command"] == "ActivateAuction":
        status = Status.DRAFT
    else:  # a product is listed from its creation: by its dates alone it may have opened since
        status = Status.SCHEDULED if rows[0].type == AuctionStarted.type else Status.ACTIVE
    return replace(
        now,
        status=status,
        end_at=now.rules.original_end_at,
        seq=0,
        leader_id=None,
        price_minor=None,
        leader_cap_minor=None,
        total_bids=0,
        extension_count=0,
        warned_seconds=(),
        winner_id=None,
        sold=False,
        final_minor=None,
    )


def _names(rows: list[BidHistory], auction: Auction) -> dict[int, str]:
    users = {row.bidder_id for row in rows} | {row.outbid_id for row in rows}
    users |= {auction.leader_id, auction.winner_id}
    known = [user for user in users if user is not None]
    return dict(User.objects.filter(pk__in=known).values_list("pk", "username"))


def _compare_events(replay: _Replay, told: list[Event], rows: list[BidHistory]) -> Iterator[str]:
    for event, row in zip(told, rows, strict=False):
        if row.type != event.type:
            yield f"history {row.number} says {row.type}, the rules say {event.type}"
        elif event.audience is Audience.ROOM and not isinstance(event, AuctionStarted):
            # An auction without bids may still be edited; what it opened with may differ.
            expected = frame(event, row.auction_id, replay.currency, replay.names)
            if with_present_names(bytes(row.frame), replay.former_names) != expected:
                yield (
                    f"history {row.number}: sent {bytes(row.frame).decode()}, "
                    f"the rules say {expected.decode()}"
                )
    if len(rows) < len(told):
        yield f"history: {len(told) - len(rows)} events of the last action are missing"


def _compare_bids(auction: Auction, replay: _Replay) -> Iterator[str]:
    stored = [
        (bid.seq, bid.bidder_id, bid.amount_minor, bid.auto)
        for bid in Bid.objects.filter(auction=auction, void=False).order_by("seq", "id")
    ]
    expected = sorted(
        (row.seq, row.bidder_id, row.amount_minor, row.auto) for row in replay.visible
    )
    for row in sorted(set(stored) - set(expected)):
        yield f"bid {_bid_words(row)} stands, but the history does not give it"
    for row in sorted(set(expected) - set(stored)):
        yield f"bid {_bid_words(row)} is missing"


def _bid_words(row: tuple[int, int, int, bool]) -> str:
    seq, bidder, amount, auto = row
    return f"seq {seq} of user {bidder} over {amount} minor units{' (auto)' if auto else ''}"


def _compare_row(auction: Auction, state: AuctionState) -> Iterator[str]:
    for column, name in _COLUMNS.items():
        if column == "end_at" and auction.status == Status.DRAFT:
            continue  # a draft without an end has the one it would get if activated now
        stored, expected = getattr(auction, column), getattr(state, name)
        if stored != expected:
            yield f"{column} is {stored}, the history gives {expected}"
