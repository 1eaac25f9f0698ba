"""A market of agents, played through the real engine: honest bidders of four kinds, and shills.

Nobody here knows how the score is made. An honest bidder has a price of his own for each thing he
bids on, drawn by lot, and never goes beyond it; a shill follows the published directives of the
Simple Shill Agent (Trevathan and Read, "A Simple Shill Bidding Agent", 2007) and does not know
what the others would pay.

Figures, fixed before anything was scored: 200 auctions of seven days by 40 sellers, three each
and the others by lot; 1,000 honest bidders: 30 % leave a maximum, 25 % raise step by step, 25 %
bid in the last minutes, 20 % early and seldom again; each in one to eight auctions. One in twenty
is a collector, who bids on one seller's things only. Half of the sellers have a shill.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from domain.auction import AuctionState, Rules, SoftClose, Status
from domain.commands import Command, PlaceBid, SetAutoBid
from domain.decision import Decision
from domain.engine import decide, min_next
from domain.increments import Increments
from domain.risk.shill import EndedAuction, SeenBid, prior_of, shill_scores
from domain.tables import TABLES

OPENS_AT = datetime(2026, 2, 1, tzinfo=UTC)
DAY_SECONDS = 24 * 3600.0
DURATION_SECONDS = 7 * DAY_SECONDS
AUCTIONS, SELLERS, HONEST, SHILLS = 200, 40, 1_000, 20
AUCTIONS_OF_SELLER_MIN = 3
AUCTIONS_OF_BIDDER_MAX = 8
COLLECTORS = 0.05
FIRST_SELLER, FIRST_HONEST, FIRST_SHILL = 1, 1_000, 9_000
THETA, ALPHA, MU = 0.95, 0.85, 0.85  # the published settings of the agent

#: A bidder's next move: after so many seconds, or never.
Wait = float | None


@dataclass
class Room:
    """One auction as its bidders see it."""

    auction_id: int
    seller_id: int
    worth_minor: int  # what such things go for; nobody is bound to it
    state: AuctionState
    seen: list[SeenBid] = field(default_factory=list)

    def elapsed(self, seconds: float) -> float:
        """Return which part of the announced time is over."""
        return seconds / DURATION_SECONDS

    def leads(self, bidder_id: int) -> bool:
        return self.state.leader_id == bidder_id

    def ask(self, command: Command, seconds: float) -> None:
        """Let the engine decide; what it refuses did not happen."""
        now = OPENS_AT + timedelta(seconds=seconds)
        answer = decide(self.state, command, now)
        if not isinstance(answer, Decision):
            return
        self.state = answer.state
        self.seen += [SeenBid(row.bidder_id, row.amount_minor, now) for row in answer.rows]

    def least(self) -> int:
        amount = min_next(self.state)
        assert amount is not None
        return amount


class Bidder:
    """Somebody in one auction; `wakes` says when he first looks, `act` what he does then."""

    def __init__(self, bidder_id: int, chance: Random, price_minor: int) -> None:
        self.bidder_id = bidder_id
        self.chance = chance
        self.price_minor = price_minor

    def wakes(self) -> float:
        raise NotImplementedError

    def act(self, room: Room, seconds: float) -> Wait:
        raise NotImplementedError

    def bid(self, room: Room, amount_minor: int, seconds: float) -> None:
        room.ask(PlaceBid(actor_id=self.bidder_id, amount_minor=amount_minor), seconds)


class LeavesMaximum(Bidder):
    """Says once what it is worth to him, and goes."""

    def wakes(self) -> float:
        return self.chance.uniform(0, 0.95) * DURATION_SECONDS

    def act(self, room: Room, seconds: float) -> Wait:
        room.ask(SetAutoBid(actor_id=self.bidder_id, max_minor=self.price_minor), seconds)
        return None


class RaisesStepByStep(Bidder):
    """Looks every few hours and, outbid, bids a little more than he must."""

    def wakes(self) -> float:
        return self.chance.uniform(0, 0.9) * DURATION_SECONDS

    def act(self, room: Room, seconds: float) -> Wait:
        least = room.least()
        if least > self.price_minor:
            return None
        if not room.leads(self.bidder_id):
            more = self.chance.choice((0, 0, 1, 2, 3)) * (least - (room.state.price_minor or 0))
            self.bid(room, min(self.price_minor, least + more), seconds)
        return self.chance.expovariate(1 / (5 * 3600))


class BidsAtTheEnd(Bidder):
    """Bids his price in the last minutes."""

    def wakes(self) -> float:
        return DURATION_SECONDS - min(600.0, 1 + self.chance.expovariate(1 / 60))

    def act(self, room: Room, seconds: float) -> Wait:
        self.bid(room, self.price_minor, seconds)
        return None


class BidsEarly(Bidder):
    """Bids a part of his price in the first days; three in ten come back once."""

    left = 0.3

    def wakes(self) -> float:
        return self.chance.uniform(0, 0.3) * DURATION_SECONDS

    def act(self, room: Room, seconds: float) -> Wait:
        if not room.leads(self.bidder_id):
            self.bid(room, int(self.price_minor * self.chance.uniform(0.4, 0.9)), seconds)
        returns, self.left = self.chance.random() < self.left, 0.0
        return self.chance.expovariate(1 / DAY_SECONDS) if returns else None


class Shill(Bidder):
    """The agent's directives: D1 the least possible, D2 soon after a rival, D3 not near the end
    (theta), D4 not above a part of the worth (alpha), D5 only while others bid (mu)."""

    starts = 0.0  # part of the time that has to be over before the first bid

    def wakes(self) -> float:
        return self.starts * DURATION_SECONDS + self.chance.uniform(60, 1_800)

    def act(self, room: Room, seconds: float) -> Wait:
        if room.elapsed(seconds) > THETA:
            return None
        least = room.least()
        if least > ALPHA * room.worth_minor:
            return None
        if not room.leads(self.bidder_id) and self.is_lively(room, seconds):
            self.bid(room, least, seconds)
        return self.chance.uniform(60, 900)

    def is_lively(self, room: Room, seconds: float) -> bool:
        """D5: the bids of the last `mu` of the time so far; a single one only while it is early."""
        if not room.seen:
            return self.starts == 0
        since = OPENS_AT + timedelta(seconds=(1 - MU) * seconds)
        lately = sum(1 for bid in room.seen if bid.placed_at >= since)
        return lately > 1 or (lately == 1 and room.elapsed(seconds) / THETA < MU)


class LateShill(Shill):
    """The same agent, who waits until most of the time is over and others have bid."""

    starts = 0.7


HONEST_KINDS = (
    (LeavesMaximum, 0.30),
    (RaisesStepByStep, 0.25),
    (BidsAtTheEnd, 0.25),
    (BidsEarly, 0.20),
)


@dataclass(frozen=True)
class Played:
    """What a market left behind."""

    auctions: list[EndedAuction]
    honest: frozenset[int]
    shills: frozenset[int]

    @property
    def bid_count(self) -> int:
        return sum(len(auction.bids) for auction in self.auctions)

    @property
    def bidders(self) -> set[int]:
        return {bid.bidder_id for auction in self.auctions for bid in auction.bids}


def play(
    seed: int,
    *,
    shill: type[Shill] = Shill,
    shills_of_seller: int = 1,
    collectors: float = COLLECTORS,
) -> Played:
    """Play a market; with two shills of a seller they take turns, auction by auction."""
    chance = Random(seed)
    rooms = _rooms(chance)
    crowd: dict[int, list[Bidder]] = defaultdict(list)
    for bidder_id in range(FIRST_HONEST, FIRST_HONEST + HONEST):
        for room, bidder in _honest(bidder_id, rooms, chance, collectors):
            crowd[room.auction_id].append(bidder)
    crooked = range(FIRST_SELLER, FIRST_SELLER + SHILLS // shills_of_seller)
    names = count(FIRST_SHILL)
    teams = {seller: [next(names) for _ in range(shills_of_seller)] for seller in crooked}
    for seller_id, team in teams.items():
        own = [room for room in rooms if room.seller_id == seller_id]
        for turn, room in enumerate(own):
            crowd[room.auction_id].append(shill(team[turn % len(team)], chance, 0))
    ended = [_played(room, crowd[room.auction_id]) for room in rooms]
    honest = frozenset(range(FIRST_HONEST, FIRST_HONEST + HONEST))
    return Played(ended, honest, frozenset(name for team in teams.values() for name in team))


def _rooms(chance: Random) -> list[Room]:
    sellers = [FIRST_SELLER + number for number in range(SELLERS)]
    dealt = sellers * AUCTIONS_OF_SELLER_MIN
    dealt += chance.choices(sellers, k=AUCTIONS - len(dealt))
    return [_room(number, seller, chance) for number, seller in enumerate(dealt, start=1)]


def _room(auction_id: int, seller_id: int, chance: Random) -> Room:
    worth_minor = max(2_000, int(12_000 * chance.lognormvariate(0, 0.8)))
    end_at = OPENS_AT + timedelta(seconds=DURATION_SECONDS)
    rules = Rules(
        seller_id=seller_id,
        starting_minor=worth_minor // 10,
        increments=Increments.ladder(list(TABLES["ebay_us"].bands)),
        start_at=OPENS_AT,
        original_end_at=end_at,
        soft_close=SoftClose(window_seconds=120, extension_seconds=120),
    )
    state = AuctionState(auction_id=auction_id, rules=rules, status=Status.ACTIVE, end_at=end_at)
    return Room(auction_id, seller_id, worth_minor, state)


def _honest(
    bidder_id: int, rooms: list[Room], chance: Random, collectors: float
) -> Iterator[tuple[Room, Bidder]]:
    kinds, weights = zip(*HONEST_KINDS, strict=True)
    kind: Callable[[int, Random, int], Bidder] = chance.choices(kinds, weights)[0]
    within = rooms
    if chance.random() < collectors:
        favourite = chance.randrange(FIRST_SELLER, FIRST_SELLER + SELLERS)
        within = [room for room in rooms if room.seller_id == favourite]
    many = min(len(within), AUCTIONS_OF_BIDDER_MAX, 1 + int(chance.expovariate(1 / 2)))
    for room in chance.sample(within, many):
        price_minor = int(room.worth_minor * chance.lognormvariate(-0.1, 0.3))
        yield room, kind(bidder_id, chance, price_minor)


def _played(room: Room, crowd: list[Bidder]) -> EndedAuction:
    order = count()  # of two who look in the same instant, who was first in the list
    due = [(bidder.wakes(), next(order), bidder) for bidder in crowd]
    heapq.heapify(due)
    while due:
        seconds, _, bidder = heapq.heappop(due)
        if OPENS_AT + timedelta(seconds=seconds) >= room.state.end_at:
            break
        wait = bidder.act(room, seconds)
        if wait is not None:
            heapq.heappush(due, (seconds + wait, next(order), bidder))
    return EndedAuction(room.auction_id, room.seller_id, room.state.leader_id, tuple(room.seen))


@dataclass(frozen=True)
class Figures:
    """How well a score tells shills from others."""

    auc: float
    precision: float  # of as many as there are shills, from the top
    honest_above: float  # part of the honest at or above the threshold
    shills_above: float


def score_by_account(played: Played, *, even: bool = True) -> dict[int, float]:
    """Return each account's highest score with any seller, evened out as the queue has it."""
    scores = shill_scores(played.auctions)
    prior = prior_of(scores)
    highest: dict[int, float] = {}
    for score in scores:
        value = prior.evened(score) if even else score.value
        highest[score.bidder_id] = max(highest.get(score.bidder_id, 0.0), value)
    return highest


def figures_of(played: Played, score_of: dict[int, float], threshold: float) -> Figures:
    """Return the figures; an account without a score has 0."""
    shills = [score_of.get(user, 0.0) for user in played.shills]
    honest = [score_of.get(user, 0.0) for user in played.honest]
    wins = sum((one > other) + (one == other) / 2 for one in shills for other in honest)
    # Of equals at the cut the honest come first: nobody is lucky.
    ranked = sorted([(-one, 1) for one in shills] + [(-one, 0) for one in honest])
    top = ranked[: len(shills)]
    return Figures(
        auc=wins / (len(shills) * len(honest)),
        precision=sum(is_shill for _, is_shill in top) / len(top),
        honest_above=sum(one >= threshold for one in honest) / len(honest),
        shills_above=sum(one >= threshold for one in shills) / len(shills),
    )
