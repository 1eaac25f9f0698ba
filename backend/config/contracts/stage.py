"""Auctions played by the real engine, heard as a socket of their room hears them.

Keeps what the repository would keep: rows, offers, the log that a retraction replays.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.core.wire import instant, message
from domain import engine
from domain.auction import (
    ActionKind,
    AuctionState,
    BidRow,
    Closing,
    Offer,
    PastAction,
    Rules,
    Status,
)
from domain.commands import Command, Tick
from domain.decision import Decision
from domain.events import Audience, Event
from domain.increments import Increments
from domain.money import to_number
from domain.room import BIDS_MAX
from domain.timing import in_force

START = datetime(2026, 2, 22, 10, 30, tzinfo=UTC)
SELLER, ADA, BEN, CLEO = 1, 2, 3, 4
NAMES = {SELLER: "seller", ADA: "ada", BEN: "ben", CLEO: "cleo"}
LISTENER = ADA  # whose socket it is: messages to one user reach it if they are for ada
AUCTION_ID = 1


def at(seconds: float) -> datetime:
    """Return the instant that many seconds after the start."""
    return START + timedelta(seconds=seconds)


@dataclass
class Stage:
    """One auction, from 400.00 by 10.00 for an hour unless it says otherwise."""

    currency: str = "USD"
    status: Status = Status.ACTIVE
    terms: dict[str, Any] = field(default_factory=dict)
    frames: list[dict[str, Any]] = field(default_factory=list)
    state: AuctionState = field(init=False)
    rows: list[BidRow] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    log: list[PastAction] = field(default_factory=list)
    logged_count: int = 0

    def __post_init__(self) -> None:
        """Set the scene."""
        defaults: dict[str, Any] = {
            "seller_id": SELLER,
            "starting_minor": 400_00,
            "increments": Increments.fixed(10_00),
            "start_at": START,
            "original_end_at": at(3600),
        }
        rules = Rules(**(defaults | self.terms))
        self.state = AuctionState(
            auction_id=AUCTION_ID, rules=rules, status=self.status, end_at=rules.original_end_at
        )

    def send(self, seconds: float, command: Command) -> None:
        """Let time pass, then take a command; raises AssertionError where it is refused."""
        now = at(seconds)
        while (due_at := engine.next_due_at(self._loaded(now))) is not None and due_at <= now:
            self._take(Tick(), due_at)
        if not isinstance(command, Tick):
            self._take(command, now)

    def pass_time(self, seconds: float) -> None:
        """Let time pass up to an instant."""
        self.send(seconds, Tick())

    def _loaded(self, now: datetime) -> AuctionState:
        if self.state.rules.closing is not Closing.SELLER_CHOICE:
            return replace(self.state, past_actions=tuple(self.log))
        standing = [offer for offer in self.offers if in_force(offer.valid_until, now)]
        best = max(standing, key=lambda offer: offer.amount_minor, default=None)
        return replace(self.state, best_offer=best or self.state.best_offer)

    def _take(self, command: Command, now: datetime) -> None:
        before = self._loaded(now)
        bid_id = getattr(command, "bid_id", None)
        if bid_id is not None:
            before = replace(before, target=self.offers[bid_id - 1])
        decision = engine.decide(before, command, now)
        assert isinstance(decision, Decision), f"{command} was refused: {decision}"
        self.state = decision.state
        self._keep(before, decision, now)
        self.frames += [self._frame(event) for event in decision.events if _is_heard(event)]

    def _keep(self, before: AuctionState, decision: Decision, now: datetime) -> None:
        self.rows = list(decision.rows) if decision.replayed else [*self.rows, *decision.rows]
        self.offers += [
            Offer(
                bid_id=len(self.offers) + 1,
                auction_id=AUCTION_ID,
                bidder_id=row.bidder_id,
                amount_minor=row.amount_minor,
                valid_from=row.valid_from,
                valid_until=row.valid_until,
            )
            for row in decision.rows
            if row.valid_until is not None
        ]
        action = decision.action
        self.log = [past for past in self.log if past.number not in action.removed]
        if isinstance(action.kind, ActionKind) and action.user_id is not None:
            self.logged_count += 1
            self.log.append(
                PastAction(
                    number=self.logged_count,
                    kind=action.kind,
                    user_id=action.user_id,
                    amount_minor=action.amount_minor,
                    at=now,
                    seq=before.seq,
                )
            )

    def _frame(self, event: Event) -> dict[str, Any]:
        return message(event, AUCTION_ID, self.currency, NAMES)

    def snapshot(self) -> dict[str, Any]:
        """Return what a socket that joins now is sent, as far as a view is made of it."""
        state = self.state
        bids = [
            {
                "bidder": NAMES[row.bidder_id],
                "amount": to_number(row.amount_minor, self.currency),
                "auto": row.auto,
                "seq": row.seq,
            }
            for row in sorted(self.rows, key=lambda row: -row.seq)[:BIDS_MAX]
        ]
        return {
            "type": "snapshot",
            "auction_id": AUCTION_ID,
            "auction": {
                "id": AUCTION_ID,
                "currency": self.currency,
                "status": state.status.value,
                "end_time": instant(state.end_at),
                "current_bid": self._amount(state.price_minor),
                "min_next_bid": self._amount(engine.min_next(state)),
                "total_bids": state.total_bids,
                "highest_bidder": self._name(state.leader_id),
                "winner": self._name(state.winner_id),
                "sold": state.sold,
                "final_bid": self._amount(state.final_minor),
                "reserve_met": (None if state.rules.reserve_minor is None else state.reserve_met),
                "seq": state.seq,
            },
            "bids": bids,
            "seq": state.seq,
        }

    def _amount(self, minor: int | None) -> int | float | None:
        return None if minor is None else to_number(minor, self.currency)

    def _name(self, user_id: int | None) -> str | None:
        return None if user_id is None else NAMES[user_id]


def _is_heard(event: Event) -> bool:
    if event.audience is Audience.USER:
        return getattr(event, "user_id", None) == LISTENER
    return event.audience is Audience.ROOM
