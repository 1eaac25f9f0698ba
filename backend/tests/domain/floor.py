"""An auction floor for tests: sends commands to the engine and keeps what a service would keep.

Nothing here decides: rows, log, maxima and blocks are those of the decisions.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from domain.auction import (
    ActionKind,
    AuctionState,
    BidRow,
    Closing,
    Offer,
    PastAction,
    Rules,
    Standing,
    Status,
)
from domain.commands import (
    BlockBidder,
    BuyNow,
    CancelAutoBid,
    CancelBids,
    Command,
    EndAuction,
    PlaceBid,
    RetractBids,
    SetAutoBid,
    Tick,
)
from domain.decision import Decision
from domain.engine import decide
from domain.events import Event
from domain.increments import Increments
from domain.reasons import Refusal

EPOCH = datetime(2026, 2, 22, 10, 30, tzinfo=UTC)
SELLER, ALICE, BOB, CAROL, STAFF, STRANGER = 1, 2, 3, 4, 8, 9
HUNDRED = Increments.fixed(100)


def at(seconds: float) -> datetime:
    """Return the instant that many seconds after the auction's start."""
    return EPOCH + timedelta(seconds=seconds)


def rules(*, end: float = 604_800, start: float = 0, **given: Any) -> Rules:
    """Return rules with defaults that a test need not care about."""
    defaults: dict[str, Any] = {
        "seller_id": SELLER,
        "starting_minor": 1_000,
        "increments": HUNDRED,
        "start_at": at(start),
        "original_end_at": at(end),
    }
    return Rules(**(defaults | given))


def auction(*, status: Status = Status.ACTIVE, **given: Any) -> AuctionState:
    """Return an auction without bids."""
    terms = rules(**given)
    return AuctionState(auction_id=7, rules=terms, status=status, end_at=terms.original_end_at)


def listing(**given: Any) -> AuctionState:
    """Return an offers listing without offers."""
    return auction(closing=Closing.SELLER_CHOICE, **given)


def offer(
    *, bid_id: int = 5, bidder: int = ALICE, amount: int = 2_000, auction_id: int = 7, **given: Any
) -> Offer:
    """Return a stored offer."""
    return Offer(
        bid_id=bid_id, auction_id=auction_id, bidder_id=bidder, amount_minor=amount, **given
    )


@dataclass
class Floor:
    """One auction, played command by command."""

    state: AuctionState
    rows: list[BidRow] = field(default_factory=list)
    log: list[PastAction] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    count: int = 0

    def send(self, command: Command, seconds: float = 0) -> Decision | Refusal:
        """Decide the command; keep what a decision changes."""
        before = replace(self.state, past_actions=tuple(self.log))
        answer = decide(before, command, at(seconds))
        if isinstance(answer, Decision):
            self._keep(before, answer, at(seconds))
        return answer

    def _keep(self, before: AuctionState, decision: Decision, now: datetime) -> None:
        self.state = decision.state
        self.events += decision.events
        self.rows = list(decision.rows) if decision.replayed else [*self.rows, *decision.rows]
        self.log = [past for past in self.log if past.number not in decision.action.removed]
        action = decision.action
        if isinstance(action.kind, ActionKind):
            self.count += 1
            assert action.user_id is not None
            self.log.append(
                PastAction(
                    number=self.count,
                    kind=action.kind,
                    user_id=action.user_id,
                    amount_minor=action.amount_minor,
                    at=now,
                    seq=before.seq,
                    valid_from=action.valid_from,
                    valid_until=action.valid_until,
                )
            )

    def bid(self, user: int, amount: int, seconds: float = 0, **given: Any) -> Any:
        return self.send(PlaceBid(actor_id=user, amount_minor=amount, **given), seconds)

    def auto(self, user: int, maximum: int, seconds: float = 0) -> Any:
        return self.send(SetAutoBid(actor_id=user, max_minor=maximum), seconds)

    def cancel_auto(self, user: int, seconds: float = 0) -> Any:
        return self.send(CancelAutoBid(actor_id=user), seconds)

    def buy_now(self, user: int, seconds: float = 0) -> Any:
        return self.send(BuyNow(actor_id=user), seconds)

    def retract(self, user: int, seconds: float = 0) -> Any:
        return self.send(RetractBids(actor_id=user), seconds)

    def cancel_bids(self, bidder: int, seconds: float = 0, **given: Any) -> Any:
        command = CancelBids(**({"actor_id": SELLER, "bidder_id": bidder} | given))
        return self.send(command, seconds)

    def block(self, bidder: int, seconds: float = 0, actor: int = SELLER) -> Any:
        return self.send(BlockBidder(actor_id=actor, bidder_id=bidder), seconds)

    def end(self, seconds: float, actor: int = SELLER, **given: Any) -> Any:
        return self.send(EndAuction(actor_id=actor, **given), seconds)

    def tick(self, seconds: float) -> Any:
        return self.send(Tick(), seconds)

    def knows(self, user: int, **given: Any) -> None:
        """Load a user's standing, as the repository does for the users of a batch."""
        standings = {**self.state.standings, user: Standing(**given)}
        self.state = replace(self.state, standings=standings)


class Step(NamedTuple):
    """One command and what became of it."""

    op: str
    user: int | None
    amount: int
    seconds: float
    before: AuctionState
    rows_before: list[BidRow]
    answer: Decision | Refusal
    after: AuctionState


class Play:
    """A played sequence, time being advanced before each command."""

    def __init__(self, state, sequence, start=600):
        self.floor = Floor(state)
        self.steps = []
        seconds = start
        for op, user, amount, wait in sequence:
            seconds += wait
            self._step("tick", None, 0, seconds)
            self._step(op, user, amount, seconds)

    def _step(self, op, user, amount, seconds):
        floor = self.floor
        before, rows_before = floor.state, list(floor.rows)
        answer = {
            "bid": lambda: floor.bid(user, amount, seconds),
            "auto": lambda: floor.auto(user, amount, seconds),
            "cancel_auto": lambda: floor.cancel_auto(user, seconds),
            "retract": lambda: floor.retract(user, seconds),
            "tick": lambda: floor.tick(seconds),
        }[op]()
        self.steps.append(Step(op, user, amount, seconds, before, rows_before, answer, floor.state))

    def accepted(self, *ops):
        steps = [step for step in self.steps if isinstance(step.answer, Decision)]
        return [step for step in steps if step.op in ops] if ops else steps
