"""Rows -> AuctionState, and decisions -> rows. A constant number of statements per batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from operator import attrgetter

from django.db import connection
from django.db.models import Max, Q

from apps.auctions.models import Auction, BlockedBidder
from apps.auctions.states import state_of
from apps.bidding import log
from apps.bidding.models import AutoBidRule, Bid, BidHistory
from apps.core import bulk, clock
from apps.core.outbox import Told
from apps.core.wire import frame
from apps.users.models import User
from apps.users.selectors import live_session_ids, may_trade
from domain import commands as ask
from domain.auction import AuctionState, Offer, Standing, Status
from domain.decision import Decision
from domain.engine import next_due_at
from domain.events import UserOutbid

_BID_COLUMNS = (
    "auction_id",
    "bidder_id",
    "amount_minor",
    "auto",
    "led",
    "seq",
    "placed_at",
    "valid_from",
    "valid_until",
    "void",
    "request_key",
)
_LOG_COLUMNS = tuple(entry.name for entry in fields(log.LogEntry))
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
    best_offer, target = _best_offer(auction, now), _target(batch)
    named = {offer.bidder_id for offer in (best_offer, target) if offer is not None}
    named |= {user_id for user_id in (auction.leader_id, auction.winner_id) if user_id}
    people = _people(users | named)
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


def _people(user_ids: set[int]) -> dict[int, User]:
    columns = ("pk", "username", "is_active", "banned_at", "email_verified_at")
    return {user.pk: user for user in User.objects.filter(pk__in=user_ids).only(*columns)}


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
    people: dict[int, User],
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
        )
        for user_id, person in people.items()
    }


def _best_offer(auction: Auction, now: datetime) -> Offer | None:
    """Return the highest offer in force (B2, B5): ties to the earlier one."""
    if auction.closing != "seller_choice":
        return None
    bid = (
        Bid.objects.filter(auction=auction, void=False, valid_until__gte=now)
        .order_by("-amount_minor", "seq")
        .first()
    )
    return None if bid is None else offer_of(bid)


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


def enter(book: Book, command: ask.Command, decision: Decision) -> BidEntry | None:
    """Write a decision into the book; returns the asker's own visible bid, if it made one."""
    names, auction = book.names, book.auction
    previous = book.history[-1] if book.history else None
    entries = list(
        log.rows_of(
            decision,
            auction_id=auction.pk,
            currency=auction.currency,
            names=names,
            action=log.action_record(command, decision, now=book.now, head_seq=book.state.seq),
            number=previous.number if previous else auction.log_number,
            previous_hash=bytes(previous.hash if previous else auction.log_hash),
        )
    )
    book.history.extend(row for row, _ in entries)
    book.told.extend(Told(event, row.frame) for row, event in entries)
    book.told.extend(
        Told(event, frame(event, auction.pk, auction.currency, names))
        for event in decision.events
        if isinstance(event, UserOutbid)
    )
    own = _enter_bids(book, command, decision)
    _enter_rules(book, command, decision)
    if decision.blocked_id is not None:
        book.blocked.append(
            BlockedBidder(
                seller_id=auction.seller_id,
                bidder_id=decision.blocked_id,
                auction=auction,
                created_at=book.now,
            )
        )
    if decision.sold_bid_id is not None:
        auction.sold_bid_id = decision.sold_bid_id
    book.state = decision.state
    return own


def _enter_bids(book: Book, command: ask.Command, decision: Decision) -> BidEntry | None:
    standing: dict[tuple[int, int, bool, int], Bid] = {}
    if decision.replayed:
        rows = Bid.objects.filter(auction=book.auction, void=False)
        standing = {(b.bidder_id, b.amount_minor, b.auto, b.seq): b for b in rows}
    own = None
    for row in decision.rows:
        if standing.pop((row.bidder_id, row.amount_minor, row.auto, row.seq), None) is not None:
            continue
        bid = BidEntry(
            auction_id=book.auction.pk,
            bidder_id=row.bidder_id,
            amount_minor=row.amount_minor,
            auto=row.auto,
            led=row.led,
            seq=row.seq,
            placed_at=book.now,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        book.bids.append(bid)
        if own is None and row.bidder_id == command.actor_id and not row.auto:
            bid.request_key = command.request_key
            own = bid
    if standing:
        Bid.objects.filter(pk__in=[bid.pk for bid in standing.values()]).update(void=True)
    return own


def _enter_rules(book: Book, command: ask.Command, decision: Decision) -> None:
    for user_id, max_minor in decision.auto_max_minor.items():
        rule = book.rules.get(user_id)
        if rule is None:
            rule = book.rules[user_id] = AutoBidRule(
                auction=book.auction, bidder_id=user_id, created_at=book.now, max_minor=1
            )
        rule.active = max_minor is not None
        rule.max_minor = max_minor or rule.max_minor
        rule.updated_at = book.now
        if user_id == command.actor_id:
            rule.request_key = command.request_key


def close_book(book: Book) -> None:
    """Store everything the batch decided: one statement per table."""
    if not book.history:
        return
    ids = bulk.insert_returning_ids(Bid, _BID_COLUMNS, _values(book.bids, _BID_COLUMNS))
    for bid, bid_id in zip(book.bids, ids, strict=True):
        bid.id = bid_id
    changed = [rule for rule in book.rules.values() if rule.updated_at == book.now]
    if changed:
        AutoBidRule.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["auction", "bidder"],
            update_fields=["max_minor", "active", "request_key", "updated_at"],
        )
    bulk.insert(BidHistory, _LOG_COLUMNS, _values(book.history, _LOG_COLUMNS))
    if book.blocked:
        BlockedBidder.objects.bulk_create(book.blocked, ignore_conflicts=True)
    _store_state(book)


def _values(entries: Sequence[object], columns: Sequence[str]) -> list[tuple[object, ...]]:
    values = attrgetter(*columns)
    return [values(entry) for entry in entries]


def _store_state(book: Book) -> None:
    auction, state = book.auction, book.state
    # A maximum raised in silence must not show in a tag made of this instant.
    is_visible = (state.seq, state.status) != (auction.seq, auction.status)
    over = state.status in (Status.ENDED, Status.CANCELLED, Status.REMOVED)
    Auction.objects.filter(pk=auction.pk).update(
        status=state.status,
        start_at=auction.start_at,
        end_at=state.end_at,
        original_end_at=auction.original_end_at,
        next_due_at=next_due_at(state),
        seq=state.seq,
        log_number=book.history[-1].number,
        log_hash=book.history[-1].hash,
        leader=state.leader_id,
        price_minor=state.price_minor,
        leader_cap_minor=state.leader_cap_minor,
        total_bids=state.total_bids,
        extension_count=state.extension_count,
        warned_seconds=list(state.warned_seconds),
        reserve_met=state.reserve_met,
        winner=state.winner_id,
        sold=state.sold,
        sold_bid_id=auction.sold_bid_id,
        final_minor=state.final_minor,
        ended_at=(auction.ended_at or book.now) if over else None,
        updated_at=book.now if is_visible else auction.updated_at,
    )
