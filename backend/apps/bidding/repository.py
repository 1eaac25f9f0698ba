"""Rows -> AuctionState, under the auction's lock. A constant number of statements per batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, OuterRef, Q, Subquery

from apps.auctions.models import Auction, BlockedBidder
from apps.auctions.states import state_of
from apps.bidding import log
from apps.bidding.models import AutoBidRule, Bid, BidHistory
from apps.core import clock
from apps.core.outbox import Told
from apps.risk import standing
from apps.users.models import User
from apps.users.selectors import live_session_ids, may_trade
from domain import commands as ask
from domain.auction import AuctionState, Closing, Offer, Standing, Status

_AUTO_COMMANDS = (ask.SetAutoBid, ask.CancelAutoBid)
_REPLAYING = (ask.RetractBids, ask.CancelBids)
_NEEDS_HIGHEST = (ask.CancelAutoBid, ask.OfferSecondChance)


@dataclass(slots=True, kw_only=True)
class BidEntry:
    """A visible bid before and after it is stored (`id` 0 before); fields as those of Bid."""

    auction_id: int
    bidder_id: int
    amount_minor: int
    auto: bool
    led: bool
    seq: int
    placed_at: datetime
    valid_from: datetime | None
    valid_until: datetime | None
    void: bool = False
    request_key: str | None = None
    id: int = 0


@dataclass(slots=True)
class Book:
    """One auction open for writing: its row locked, its state, and what the batch decided."""

    auction: Auction
    state: AuctionState
    now: datetime
    names: dict[int, str]
    live_sessions: set[str]
    answered: dict[tuple[int, str], Bid | BidEntry | AutoBidRule]  # by asker and Idempotency-Key
    bids: list[BidEntry] = field(default_factory=list)
    history: list[log.LogEntry] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    rules: dict[int, AutoBidRule] = field(default_factory=dict)
    blocked: list[BlockedBidder] = field(default_factory=list)


def open_book(auction_id: int, batch: Sequence[ask.Command]) -> Book | None:
    """Lock the auction's row and load what the batch needs; None for an unknown auction.

    The database's clock is read once, inside the lock: it decides every bid of the batch.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("open_book needs a transaction: its lock must outlive it")
    auction = Auction.objects.select_for_update().defer("description").filter(pk=auction_id).first()
    if auction is None:
        return None
    now = clock.database_now()
    if auction.status == Status.DRAFT:
        _fix_schedule(auction, now)
    users = _users_of(batch)
    past = None
    if any(isinstance(command, _REPLAYING) for command in batch):
        past = log.past_actions(
            BidHistory.objects.filter(auction=auction).exclude(action=b"").order_by("number")
        )
        users |= {action.user_id for action in past}
    best_offer, target = _best_offers([auction], now).get(auction.pk), _target(batch)
    named = {offer.bidder_id for offer in (best_offer, target) if offer is not None}
    named |= {user_id for user_id in (auction.leader_id, auction.winner_id) if user_id}
    people = _people(users | named, auction.seller_id, now)
    rules = _auto_bid_rules(auction, batch, users)
    state = state_of(auction, standings=_standings(auction, batch, users, people, rules))
    return Book(
        auction=auction,
        state=replace(
            state,
            past_actions=past,
            best_offer=best_offer,
            target=target,
        ),
        now=now,
        names={user.pk: user.username for user in people.values()},
        live_sessions=_live_sessions(batch, now),
        answered=_answered(auction, batch),
        rules=rules,
    )


def open_due_books(auction_ids: Sequence[int]) -> list[Book]:
    """Lock those of the auctions that nobody else is busy with, for time alone to pass.

    Whoever holds the others lets time pass for them himself.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("open_due_books needs a transaction: its locks must outlive it")
    skip_locked = connection.features.has_select_for_update_skip_locked
    auctions = list(
        Auction.objects.select_for_update(skip_locked=skip_locked)
        .defer("description")
        .filter(pk__in=auction_ids)
        .order_by("pk")
    )
    now = clock.database_now()
    best = _best_offers(auctions, now)
    named = {auction.leader_id for auction in auctions} | {a.winner_id for a in auctions}
    names = _names({user for user in named if user} | {o.bidder_id for o in best.values()})
    return [
        Book(
            auction=auction,
            state=replace(state_of(auction), best_offer=best.get(auction.pk)),
            now=now,
            names=names,
            live_sessions=set(),
            answered={},
        )
        for auction in auctions
    ]


def _fix_schedule(auction: Auction, now: datetime) -> None:
    """Give a draft the times it would run at if it were activated now (register 25)."""
    if auction.start_at is None or auction.start_at < now:
        auction.start_at = now
    if auction.end_at is None:
        seconds = auction.duration_seconds or 0
        auction.end_at = auction.start_at + timedelta(seconds=seconds)
    auction.original_end_at = auction.end_at


def _users_of(batch: Iterable[ask.Command]) -> set[int]:
    users = {command.actor_id for command in batch if command.actor_id is not None}
    return users | {
        command.bidder_id
        for command in batch
        if isinstance(command, ask.CancelBids | ask.BlockBidder | ask.OfferSecondChance)
    }


def _people(user_ids: set[int], seller_id: int, now: datetime) -> dict[int, Any]:
    """Return accounts with what shuts a bidder out, in one statement."""
    columns = ("pk", "username", "is_active", "banned_at", "email_verified_at")
    rows = User.objects.filter(pk__in=user_ids).only(*columns)
    rows = rows.annotate(
        linked=standing.shares_hard_key(seller_id), deposit_needed=standing.needs_deposit(now)
    )
    return {user.pk: user for user in rows}


def _names(user_ids: set[int]) -> dict[int, str]:
    return dict(User.objects.filter(pk__in=user_ids).values_list("pk", "username"))


def _live_sessions(batch: Sequence[ask.Command], now: datetime) -> set[str]:
    ids = {command.session_id for command in batch if command.session_id is not None}
    return live_session_ids(ids, now) if ids else set()


def _auto_bid_rules(
    auction: Auction, batch: Sequence[ask.Command], users: set[int]
) -> dict[int, AutoBidRule]:
    if not any(isinstance(command, _AUTO_COMMANDS + _REPLAYING) for command in batch):
        return {}
    rows = AutoBidRule.objects.filter(auction=auction, bidder_id__in=users)
    return {rule.bidder_id: rule for rule in rows}


def _standings(
    auction: Auction,
    batch: Sequence[ask.Command],
    users: set[int],
    people: dict[int, Any],
    rules: dict[int, AutoBidRule],
) -> dict[int, Standing]:
    blocked = set(
        BlockedBidder.objects.filter(
            Q(auction=auction) | Q(auction=None), seller_id=auction.seller_id, bidder_id__in=users
        ).values_list("bidder_id", flat=True)
    )
    highest: dict[int, int] = {}
    if any(isinstance(command, _NEEDS_HIGHEST) for command in batch):
        highest = dict(
            Bid.objects.filter(auction=auction, bidder_id__in=users, void=False)
            .values_list("bidder_id")
            .annotate(Max("amount_minor"))
        )
    return {
        user_id: Standing(
            auto_max_minor=(
                rules[user_id].max_minor if user_id in rules and rules[user_id].active else None
            ),
            highest_visible_minor=highest.get(user_id),
            blocked=user_id in blocked,
            banned=person.banned_at is not None or not person.is_active,
            unverified=not may_trade(person),
            linked=person.linked,
            deposit_needed=person.deposit_needed,
        )
        for user_id, person in people.items()
    }


def _best_offers(auctions: Iterable[Auction], now: datetime) -> dict[int, Offer]:
    """Return the highest offer in force of each offers listing (B2, B5): ties to the earlier."""
    listings = [auction.pk for auction in auctions if auction.closing == Closing.SELLER_CHOICE]
    if not listings:
        return {}
    highest = (
        Bid.objects.filter(auction_id=OuterRef("pk"), void=False, valid_until__gte=now)
        .order_by("-amount_minor", "seq")
        .values("pk")[:1]
    )
    best = Auction.objects.filter(pk__in=listings).values_list(Subquery(highest), flat=True)
    offers = Bid.objects.in_bulk([bid_id for bid_id in best if bid_id is not None])
    return {bid.auction_id: offer_of(bid) for bid in offers.values()}


def offer_of(bid: Bid) -> Offer:
    """Return a bid row as a sale needs it."""
    return Offer(
        bid_id=bid.pk,
        auction_id=bid.auction_id,
        bidder_id=bid.bidder_id,
        amount_minor=bid.amount_minor,
        valid_from=bid.valid_from,
        valid_until=bid.valid_until,
        void=bid.void,
    )


def _target(batch: Sequence[ask.Command]) -> Offer | None:
    wanted = [command.bid_id for command in batch if isinstance(command, ask.SellToBid)]
    bid = Bid.objects.filter(pk__in=wanted).first() if wanted else None
    return None if bid is None else offer_of(bid)


def _answered(
    auction: Auction, batch: Sequence[ask.Command]
) -> dict[tuple[int, str], Bid | BidEntry | AutoBidRule]:
    keys = {command.request_key for command in batch if command.request_key is not None}
    if not keys:
        return {}
    found: dict[tuple[int, str], Bid | BidEntry | AutoBidRule] = {}
    for model in (Bid, AutoBidRule):
        for row in model.objects.filter(auction=auction, request_key__in=keys):
            found[row.bidder_id, row.request_key or ""] = row
    return found
