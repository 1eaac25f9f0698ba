"""The demo's bidders at work: they bid, outbid, snipe, and list new things when few are left.

They never act as one of the four accounts people log in with, and never stop for a refusal or a
busy database. Amounts are minor units, instants aware UTC.
"""

import logging
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections

from apps.auctions import selectors
from apps.auctions.models import Auction, AuctionImage, BlockedBidder, Category
from apps.auctions.services import IMAGE_FOLDER, create_auction
from apps.auctions.states import state_of
from apps.auctions.terms import NewAuction
from apps.bidding.desk import DeskFull
from apps.core import clock
from apps.core.uploads import store_prepared
from apps.users.models import User
from config.demo.data import FRESH, PEOPLE
from config.demo.doors import Bid, DeskDoor, Door, NotNow, choose_door
from config.demo.history import minor, round_amount
from config.demo.pictures import Thing, prepare
from config.demo.plan import paragraphs
from domain.auction import Closing, SoftClose
from domain.engine import min_next

log = logging.getLogger(__name__)

RATE_PER_SECOND = 0.5  # of steps; a step is a bid, a refusal or a new listing
REST_SECONDS = 3.0  # after trouble, so that it does not fill the log
SOON = timedelta(minutes=15)
ENDING_SOON_MIN = 6  # fewer auctions that end soon than this, and somebody lists a new one
LASTS_SECONDS = (240, 720)  # of a new listing
SOFT_CLOSE = SoftClose(window_seconds=30, extension_seconds=30, total_seconds_max=180)
PICTURES = 2
URGENCY_SECONDS = 45.0  # the nearer the end, the likelier a bid: one in (rest + this)
JUMPS = (0, 0, 0, 1, 2, 4)  # increments above the least amount
AUTO_SHARE = 0.12
SHOWN_EARLY = 0.62  # share of what it is worth to them that bidders give at first
MOOD = 0.25  # how far that share varies from one look to the next
LATE_SECONDS = 600.0  # before the end, from when on they give more and more
SEEN_SHARE = 1.6  # of the price first seen: what a thing may still be worth
TRIES = 3  # auctions looked at in one step
LOOK_AGAIN = timedelta(seconds=30)  # for a server, while there is none
LOOKED_AT_MAX = 200  # auctions, those ending first


class Step(StrEnum):
    """What one step came to."""

    BID = "bid"
    REFUSED = "refused"
    LISTED = "listed"
    IDLE = "idle"


class Market:
    """The demo's crowd and what it thinks things are worth."""

    def __init__(self, door: Door | None = None, chance: Random | None = None) -> None:
        self.door = door
        self.chance = chance or Random()
        self.crowd: list[int] = []
        self._chooses = door is None
        self._chosen_at: datetime | None = None
        self._first_seen_minor: dict[int, int] = {}

    def enter(self) -> None:
        """Gather the crowd, and find it a door if it was given none."""
        names = [person.username for person in PEOPLE]
        crowd = User.objects.filter(username__in=names, is_active=True, banned_at=None)
        self.crowd = list(crowd.order_by("pk").values_list("pk", flat=True))
        if self._chooses and self.crowd:
            self.door, self._chosen_at = choose_door(self.crowd[0]), clock.now()

    def leave(self) -> None:
        """Forget a door that was chosen: its sessions end, the next step finds another."""
        if self._chooses and self.door is not None:
            with suppress(DatabaseError):  # they end by themselves, later
                self.door.close()
            self.door = None

    def _looks_again(self, now: datetime) -> bool:
        """Tell whether it is time to gather: at first, and while no server was found."""
        if self.door is None or not self.crowd:
            return True
        chosen_at = self._chosen_at
        alone = self._chooses and isinstance(self.door, DeskDoor)
        return alone and chosen_at is not None and now - chosen_at > LOOK_AGAIN

    def step(self) -> Step:
        """Do one thing. Raises OSError when the door's server does not answer."""
        now = clock.now()
        if self._looks_again(now):
            self.enter()
        if self.door is None or not self.crowd:
            return Step.IDLE
        rows = selectors.active_auctions(now).order_by("end_at")[:LOOKED_AT_MAX]
        auctions = [row for row in rows if row.end_at is not None]
        soon = [row for row in auctions if _is_soon(row, now)]
        try:
            if len(soon) < ENDING_SOON_MIN:
                self._list_something(self.door)
                return Step.LISTED
            bid = self._think(auctions, now)
            if bid is None:
                return Step.IDLE
            self.door.place(bid)
        except (NotNow, DeskFull) as refused:
            log.debug("refused: %s", refused)
            return Step.REFUSED
        return Step.BID

    # -- bidding --------------------------------------------------------------------------------

    def _think(self, auctions: Sequence[Auction], now: datetime) -> Bid | None:
        """Choose an auction, rather one that ends soon, and somebody who wants it."""
        weights = [1 / (_seconds_left(auction, now) + URGENCY_SECONDS) for auction in auctions]
        for auction in self.chance.choices(auctions, weights, k=TRIES) if auctions else ():
            least = min_next(state_of(auction))
            keen = self._keen(auction, least, now) if least is not None else []
            if keen and least is not None:
                return self._bid(auction, self.chance.choice(keen), least, now)
        return None

    def _keen(self, auction: Auction, least: int, now: datetime) -> list[int]:
        """Return who would bid that much now: nobody shows all he would give until the end."""
        whole = _seconds_left(auction, auction.start_at or auction.created_at)
        early = _seconds_left(auction, now) / max(1.0, min(whole, LATE_SECONDS))
        shown = 1 - (1 - SHOWN_EARLY) * min(1.0, early)
        mood = shown * self.chance.uniform(1 - MOOD, 1 + MOOD)
        refused = BlockedBidder.objects.filter(seller_id=auction.seller_id)
        out = {auction.seller_id, auction.leader_id, *refused.values_list("bidder_id", flat=True)}
        return [
            bidder_id
            for bidder_id in self.crowd
            if bidder_id not in out
            and self.value_minor(auction, bidder_id) * min(1.0, mood) >= least
        ]

    def _bid(self, auction: Auction, bidder_id: int, least: int, now: datetime) -> Bid:
        value = self.value_minor(auction, bidder_id)
        if auction.closing == Closing.SELLER_CHOICE:
            stands = timedelta(minutes=self.chance.choice((10, 45, 240, 1440)))
            amount = min(value, round_amount(least * self.chance.uniform(1.0, 1.06) / 100))
            return Bid(
                auction.pk,
                bidder_id,
                max(least, amount),
                auction.currency,
                valid_until=now + stands,
            )
        if self.chance.random() < AUTO_SHARE:
            maximum = max(least, round_amount(value * self.chance.uniform(0.75, 1.0) / 100))
            return Bid(auction.pk, bidder_id, maximum, auction.currency, maximum=True)
        step = least - (auction.price_minor or least)
        amount = min(value, least + step * self.chance.choice(JUMPS))
        return Bid(auction.pk, bidder_id, max(least, amount), auction.currency)

    def value_minor(self, auction: Auction, bidder_id: int) -> int:
        """Return what an auction is worth to somebody: the same whenever he is asked.

        Somewhere above the price at which this crowd first saw it, so that no price climbs for
        ever.
        """
        seen = self._first_seen_minor.setdefault(auction.pk, auction.price_minor or 0)
        taste = Random(f"{auction.pk} {bidder_id}")
        everybody = Random(f"worth {auction.pk}").uniform(1.8, 4.0) * auction.starting_minor
        worth = max(everybody, seen * SEEN_SHARE) * taste.uniform(0.75, 1.1)
        if auction.buy_now_minor is not None:
            worth = min(worth, auction.buy_now_minor * 0.9)
        return round_amount(worth / 100)

    # -- listing --------------------------------------------------------------------------------

    def _list_something(self, door: Door) -> None:
        """List and open a short auction."""
        chance = self.chance
        fresh = chance.choice(FRESH)
        colour, code = chance.choice(fresh.colours)
        seller_id = chance.choice(self.crowd)
        last = Auction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        auction = create_auction(
            seller_id,
            asked=NewAuction(
                title=fresh.title.format(colour=colour, number=last + 1),
                description=paragraphs(fresh.text.format(colour=colour)),
                category_id=Category.objects.filter(slug=fresh.category)
                .values_list("pk", flat=True)
                .first(),
                condition="used",
                currency=settings.SITE_CURRENCY,
                starting_minor=minor(fresh.start),
                duration_seconds=chance.randint(*LASTS_SECONDS),
                soft_close=SOFT_CLOSE,
            ),
        )
        thing = Thing(fresh.kind, code, auction.pk)
        stored = store_prepared([prepare(thing, n) for n in range(PICTURES)], IMAGE_FOLDER)
        AuctionImage.objects.bulk_create(
            AuctionImage(
                auction=auction,
                image=picture.image,
                thumbnail=picture.thumbnail,
                position=position,
                created_at=clock.now(),
            )
            for position, picture in enumerate(stored)
        )
        door.activate(auction.pk, seller_id)


def _seconds_left(auction: Auction, now: datetime) -> float:
    return (auction.end_at - now).total_seconds() if auction.end_at else 0.0


def _is_soon(auction: Auction, now: datetime) -> bool:
    timed = auction.closing == Closing.TIMED
    return timed and auction.end_at is not None and auction.end_at - now < SOON


def run_live(
    *,
    rate_per_second: float = RATE_PER_SECOND,
    stop: threading.Event | None = None,
    door: Door | None = None,
    tell: Callable[[str], None] | None = None,
) -> None:
    """Keep the market moving until `stop` is set (for ever without one).

    Without a `door` a running server is looked for, again whenever it does not answer; a server
    passes its own desk's. `tell` hears which door is used. Raises RuntimeError where
    settings.DEMO is off.
    """
    if not settings.DEMO:
        raise RuntimeError("demo bidders are for demos only; DEMO is off")
    stop = stop or threading.Event()
    market, chance = Market(door), Random()
    pause_seconds = 0.0
    try:
        while not stop.wait(pause_seconds):
            pause_seconds = chance.expovariate(rate_per_second)
            if not _try(market, tell):
                market.leave()
                pause_seconds = REST_SECONDS
    finally:
        market.leave()


def _try(market: Market, tell: Callable[[str], None] | None) -> bool:
    """Make one step; False after trouble, whatever it was."""
    try:
        door = market.door
        market.step()
        if tell is not None and market.door is not None and market.door is not door:
            tell(f"{len(market.crowd)} demo bidders come in by {market.door.name}")
    except (DatabaseError, OSError) as error:
        log.warning("live bidding rests for %s s: %s", REST_SECONDS, error)
        return False
    except Exception:
        log.exception("live bidding stumbled; it goes on in %s s", REST_SECONDS)
        return False
    finally:
        close_old_connections()
    return True
