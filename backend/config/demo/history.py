"""The past of a demo listing, played through the real bid service at the times it tells of.

Everything here goes through the desk, as everything does; only the clock pretends.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from apps.bidding.desk import desk
from apps.bidding.services import Accepted
from apps.core import clock
from config.demo.plan import Fate, Item
from domain import commands as ask
from domain.auction import AuctionState
from domain.engine import min_next, next_due_at
from domain.reasons import Refused

log = logging.getLogger(__name__)

AUTO_SHARE = 0.25  # of bids that are maxima
EXTRA_BIDDERS = 3  # people who bid besides those a listing names
QUIET_BEFORE_NOW = timedelta(minutes=2)  # nobody has bid that lately
LAST_MOMENT = timedelta(seconds=50)  # before the end: when those bid who bid late
STOPPED_AGO = timedelta(hours=6)
SOLD_AGO = timedelta(hours=20)
TICKS_MAX = 100  # what time does to one listing; a guard against a loop

Usernames = Mapping[str, int]


class Play:
    """One listing, from its activation to now."""

    def __init__(
        self, auction_id: int, item: Item, *, people: Usernames, now: datetime, chance: Random
    ) -> None:
        self.auction_id, self.item, self.people = auction_id, item, people
        self.now, self.chance = now, chance
        self.seller_id = people[item.seller]
        self.state: AuctionState | None = None

    def run(self, created_at: datetime) -> None:
        """Let everything happen that has happened until now."""
        item = self.item
        if item.fate is Fate.DRAFT:
            return
        if item.offers is not None:
            self._let_pass(max(self.now + item.opens, created_at))
            self._collect_offers()
        else:
            opened_at = self.now + item.opens if item.opens < timedelta(0) else created_at
            self._ask(opened_at, ask.ActivateAuction(actor_id=self.seller_id))
            self._collect_bids()
        self._meet_fate()
        self._let_pass(self.now)

    # -- what people do -------------------------------------------------------------------------

    def _collect_offers(self) -> None:
        for offer in sorted(self.item.offers or (), key=lambda offer: offer.made):
            made_at = self.now + offer.made
            accepted = self._ask(
                made_at,
                ask.PlaceBid(
                    actor_id=self.people[offer.bidder],
                    amount_minor=minor(offer.amount),
                    valid_from=made_at,
                    valid_until=made_at + offer.lasts,
                ),
            )
            if offer.taken and accepted is not None and accepted.bid is not None:
                taken_id = accepted.bid.id
        if any(offer.taken for offer in self.item.offers or ()):
            self._ask(self.now - SOLD_AGO, ask.SellToBid(actor_id=self.seller_id, bid_id=taken_id))

    def _collect_bids(self) -> None:
        """Bid up to what the thing is worth, in steps that shrink as the price rises."""
        item = self.item
        if not item.bids:
            return
        bidders = self._bidders()
        for number, at in enumerate(self._instants(), start=1):
            share = number / item.bids
            target = item.start * (item.worth / item.start) ** share
            target *= self.chance.uniform(0.97, 1.02)
            ready = [bidder for bidder in bidders if bidder != self._leader_id()]
            last = number == item.bids
            if last and item.leader:
                bidder, maximum = self.people[item.leader], item.worth * 1.12
                self._ask(at, ask.SetAutoBid(actor_id=bidder, max_minor=round_amount(maximum)))
            else:
                self._bid(at, self.chance.choice(ready), target)

    def _bid(self, at: datetime, bidder_id: int, target: float) -> None:
        least = min_next(self.state) if self.state else None
        amount = max(least or 0, round_amount(target))
        if amount > minor(self.item.worth) * 1.1:  # more than it is worth to anybody
            return
        if self.chance.random() < AUTO_SHARE:
            maximum = max(amount, round_amount(target * self.chance.uniform(1.02, 1.15)))
            self._ask(at, ask.SetAutoBid(actor_id=bidder_id, max_minor=maximum))
        else:
            self._ask(at, ask.PlaceBid(actor_id=bidder_id, amount_minor=amount))

    def _bidders(self) -> list[int]:
        """Return who bids; the one who is to win in the end waits until then."""
        item = self.item
        named = {item.seller, item.leader, "seller", "bidder1", "bidder2", "staff", *item.who}
        others = sorted(name for name in self.people if name not in named)
        names = [*item.who, *self.chance.sample(others, EXTRA_BIDDERS)]
        return [self.people[name] for name in names]

    def _instants(self) -> list[datetime]:
        """Return when bids are placed: more of them the later it gets."""
        item = self.item
        over = item.fate is Fate.CLOCK and item.ends < timedelta(0)
        start = self.now + item.opens + timedelta(minutes=3)
        end = self.now + item.ends - LAST_MOMENT if over else self._last_quiet_instant()
        shares = sorted(self.chance.random() ** 0.6 for _ in range(item.bids - 1))
        return [start + (end - start) * share for share in (*shares, 1.0)]

    def _last_quiet_instant(self) -> datetime:
        end = min(self.now, self.now + self.item.ends)
        if self.item.fate in (Fate.STOPPED, Fate.CANCELLED):
            end -= STOPPED_AGO
        return end - QUIET_BEFORE_NOW * self.chance.uniform(1, 8)

    def _meet_fate(self) -> None:
        item, ended_at = self.item, self.now + self.item.ends
        stopped_at = self.now - STOPPED_AGO
        if item.fate is Fate.BOUGHT:
            self._ask(ended_at, ask.BuyNow(actor_id=self.people[item.leader]))
        elif item.fate is Fate.ENDED_EARLY:
            self._ask(ended_at, ask.EndAuction(actor_id=self.seller_id))
        elif item.fate is Fate.CANCELLED:
            self._ask(stopped_at, ask.CancelAuction(actor_id=self.seller_id, reason=item.reason))
        elif item.fate is Fate.STOPPED:
            staff_id = self.people["staff"]
            stop = ask.CancelAuction(actor_id=staff_id, is_staff=True, reason=item.reason)
            self._ask(stopped_at, stop)

    # -- what time does -------------------------------------------------------------------------

    def _let_pass(self, until: datetime) -> None:
        """Warn, let offers lapse and close, each at its instant, as a closer would have."""
        for _ in range(TICKS_MAX):
            due_at = next_due_at(self.state) if self.state else until
            if due_at is None or due_at > until:
                return
            self._tell(due_at, ask.Tick())

    def _ask(self, at: datetime, command: ask.Command) -> Accepted | None:
        if self.state is not None:
            self._let_pass(at)
        return self._tell(at, command)

    def _tell(self, at: datetime, command: ask.Command) -> Accepted | None:
        """Ask the desk at an instant; None when it refuses, which costs the story one bid."""
        try:
            with clock.pretend(at):
                accepted = desk.ask(self.auction_id, command)
        except Refused as refused:
            log.info("demo listing %s: %s", self.auction_id, refused)
            return None
        self.state = accepted.state
        return accepted

    def _leader_id(self) -> int | None:
        return self.state.leader_id if self.state else None


def minor(amount: float) -> int:
    """Return a text's amount in minor units: hundreds of them, whatever the currency."""
    return round(amount * 100)


def round_amount(amount: float) -> int:
    """Return an amount in minor units as a person would name it."""
    step = 1 if amount < 100 else 5 if amount < 500 else 10
    return minor(round(amount / step) * step)
