"""Scripted auctions played through the real engine on a simulated clock.

The answer gives for each step the result, the state and the public events, in the vocabulary of
docs/bidding-rules.md 8, so that it can be laid beside a vector's expectation.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain import engine
from domain.auction import ActionKind, AuctionState, PastAction, Standing, Status
from domain.commands import Command, Tick
from domain.decision import Decision
from domain.events import (
    AuctionEnded,
    AuctionEndingSoon,
    AuctionExtended,
    AutoBidTriggered,
    BidPlaced,
    BidRetracted,
    BoughtNow,
    Event,
    PriceRecomputed,
    ReserveMet,
    SecondChanceOffered,
    UserOutbid,
)
from domain.reasons import Refusal
from domain.script import (
    DEFAULT_SELLER,
    Cast,
    Fields,
    Name,
    command_of,
    instant,
    rules_of,
    seconds_of,
)

#: Why a format is not played here; any other that is unknown is said to be so.
SKIPPED = {"offers": "format offers is driven through HTTP"}


def simulate(vectors: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Play each script and return {"id", "steps": [{"result", "state", "events"}]} for it.

    Reads only `settings` and `action`. A script of another format than English gives
    {"id", "skipped"}. Raises ValueError for a malformed one, naming vector, step and field.
    """
    if not isinstance(vectors, list):
        raise ValueError("a script file must hold a list of vectors")
    return [_play(number, vector) for number, vector in enumerate(vectors, start=1)]


def _play(number: int, vector: Any) -> dict[str, Any]:
    if not isinstance(vector, Mapping):
        raise ValueError(f"vector {number}: must be an object, not {vector!r}")
    identity = vector.get("id", number)
    script = Fields(vector, f"vector {identity}")
    settings = script.inner("settings") or script.fail("settings", "is missing")
    name = settings.values.get("format", "english")
    if name != "english":
        why = SKIPPED.get(str(name), f"format {name} is not played by this engine")
        return {"id": identity, "skipped": why}
    run = _Run.of(settings)
    steps = [
        run.step(_action(script, place, step))
        for place, step in enumerate(script.items("steps"), start=1)
    ]
    return {"id": identity, "steps": steps}


def _action(script: Fields, place: int, step: Any) -> Fields:
    where = f"{script.where}, step {place}"
    if not isinstance(step, Mapping) or not isinstance(step.get("action"), Mapping):
        raise ValueError(f"{where}, action: is missing")
    return Fields(step["action"], where)


@dataclass
class _Run:
    """One auction being played: its state and the log that a retraction replays."""

    state: AuctionState
    cast: Cast
    seller: Name
    log: list[PastAction] = field(default_factory=list)
    logged_count: int = 0
    now_seconds: float | None = None

    @classmethod
    def of(cls, settings: Fields) -> "_Run":
        cast = Cast()
        rules = rules_of(settings, cast)
        blocked = [
            cast.id_of(Fields({"blocked": name}, settings.where).user("blocked"))
            for name in settings.items("blocked")
        ]
        state = AuctionState(
            auction_id=1,
            rules=rules,
            status=Status.SCHEDULED,
            end_at=rules.original_end_at,
            standings={user_id: Standing(blocked=True) for user_id in blocked},
        )
        return cls(state, cast, seller=settings.user("seller", DEFAULT_SELLER))

    def step(self, action: Fields) -> dict[str, Any]:
        """Let time pass up to the action, then take it."""
        seconds = action.seconds("t")
        if self.now_seconds is not None and seconds < self.now_seconds:
            action.fail("t", f"{seconds} lies before the step before, {self.now_seconds}")
        self.now_seconds = seconds
        command = command_of(action, self.cast, self.seller)
        now = instant(seconds)
        events = self._advance(now)
        answer = self._take(command, now)
        if isinstance(answer, Refusal):
            result = f"rejected:{answer.reason.value}"
        else:
            result = "ok"
            events += answer.events
        return {"result": result, "state": self._shown(), "events": self._told(events)}

    def _advance(self, now: datetime) -> list[Event]:
        """Send a Tick at each instant that is due, so that each has its own time."""
        events: list[Event] = []
        while (due_at := engine.next_due_at(self.state)) is not None and due_at <= now:
            decision = engine.decide(self.state, Tick(), due_at)
            assert isinstance(decision, Decision)
            self.state = decision.state
            events += decision.events
        return events

    def _take(self, command: Command, now: datetime) -> Decision | Refusal:
        before = replace(self.state, past_actions=tuple(self.log))
        answer = engine.decide(before, command, now)
        if isinstance(answer, Refusal):
            return answer
        self.state = answer.state
        action = answer.action
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
        self.log = [past for past in self.log if past.number not in action.removed]
        return answer

    def _shown(self) -> dict[str, Any]:
        state = self.state
        return {
            "leader": self.cast.name_of(state.leader_id),
            "price": state.price_minor,
            "min_next": engine.min_next(state),
            "reserve_met": state.reserve_met,
            "end_time": seconds_of(state.end_at),
            "status": state.status.value,
            "total_bids": state.total_bids,
            "buy_now_available": engine.buy_now_available(state),
        }

    def _told(self, events: list[Event]) -> list[dict[str, Any]]:
        return [
            {"type": event.type, **_WORDS[type(event)](event, self.cast)}
            for event in events
            if type(event) in _WORDS
        ]


#: The keys of each event in a script. An event without a row is not part of the vocabulary:
#: it is private, or says what the clock of the script says already.
_WORDS: dict[type[Event], Callable[[Any, Cast], dict[str, Any]]] = {
    BidPlaced: lambda event, cast: {
        "bidder": cast.name_of(event.bidder_id),
        "amount": event.amount_minor,
    },
    AutoBidTriggered: lambda event, cast: {
        "auto_bidder": cast.name_of(event.auto_bidder_id),
        "amount": event.amount_minor,
    },
    ReserveMet: lambda event, cast: {},
    UserOutbid: lambda event, cast: {
        "user": cast.name_of(event.user_id),
        "new_bid": event.new_bid_minor,
    },
    AuctionExtended: lambda event, cast: {"end_time": seconds_of(event.end_at)},
    AuctionEndingSoon: lambda event, cast: {"seconds_remaining": event.seconds_remaining},
    AuctionEnded: lambda event, cast: {
        "winner": cast.name_of(event.winner_id),
        "final_bid": event.final_bid_minor,
    },
    BoughtNow: lambda event, cast: {
        "user": cast.name_of(event.user_id),
        "amount": event.amount_minor,
    },
    BidRetracted: lambda event, cast: {"user": cast.name_of(event.user_id)},
    PriceRecomputed: lambda event, cast: {
        "leader": cast.name_of(event.leader_id),
        "price": event.price_minor,
    },
    SecondChanceOffered: lambda event, cast: {
        "user": cast.name_of(event.user_id),
        "amount": event.amount_minor,
    },
}
