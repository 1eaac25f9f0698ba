"""Decisions -> rows. A constant number of statements, whatever the batch and however many auctions.

Only apps/bidding/services.py writes here, inside the transaction that opened the books.
"""

import json
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from apps.auctions.models import Auction, BlockedBidder
from apps.bidding import log
from apps.bidding.models import AutoBidRule, Bid, BidHistory
from apps.bidding.repository import BidEntry, Book
from apps.core import bulk
from apps.core.outbox import Told
from apps.core.wire import frame
from domain import commands as ask
from domain.auction import Status
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


def close_books(books: Sequence[Book]) -> None:
    """Store everything that was decided: one statement per table."""
    written = [book for book in books if book.history]
    bids = [bid for book in written for bid in book.bids]
    ids = bulk.insert_returning_ids(Bid, _BID_COLUMNS, _values(bids, _BID_COLUMNS))
    for bid, bid_id in zip(bids, ids, strict=True):
        bid.id = bid_id
    _store_rules(written)
    history = [entry for book in written for entry in book.history]
    bulk.insert(BidHistory, _LOG_COLUMNS, _values(history, _LOG_COLUMNS))
    blocked = [row for book in written for row in book.blocked]
    if blocked:
        BlockedBidder.objects.bulk_create(blocked, ignore_conflicts=True)
    bulk.update(Auction, _STATE_COLUMNS, [_state_values(book) for book in written])
    _mend_due_times([book for book in books if not book.history])


def _mend_due_times(books: Sequence[Book]) -> None:
    """A row that is due although nothing is to be done would be looked at for ever."""
    due = [(next_due_at(book.state), book.auction) for book in books]
    wrong = [(at, auction.pk) for at, auction in due if at != auction.next_due_at]
    bulk.update(Auction, ("next_due_at",), wrong)


def _store_rules(books: Sequence[Book]) -> None:
    changed = [
        rule for book in books for rule in book.rules.values() if rule.updated_at == book.now
    ]
    if changed:
        AutoBidRule.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["auction", "bidder"],
            update_fields=["max_minor", "active", "request_key", "updated_at"],
        )


def _values(entries: Sequence[object], columns: Sequence[str]) -> list[tuple[object, ...]]:
    values = attrgetter(*columns)
    return [values(entry) for entry in entries]


_STATE_COLUMNS = (
    "status",
    "start_at",
    "end_at",
    "original_end_at",
    "next_due_at",
    "seq",
    "log_number",
    "log_hash",
    "leader_id",
    "price_minor",
    "leader_cap_minor",
    "total_bids",
    "extension_count",
    "warned_seconds",
    "reserve_met",
    "winner_id",
    "sold",
    "sold_bid_id",
    "final_minor",
    "ended_at",
    "updated_at",
)


def _state_values(book: Book) -> tuple[Any, ...]:
    """Return the values of `_STATE_COLUMNS`, and the id."""
    auction, state = book.auction, book.state
    # A maximum raised in silence must not show in a tag made of this instant.
    is_visible = (state.seq, state.status) != (auction.seq, auction.status)
    over = state.status in (Status.ENDED, Status.CANCELLED, Status.REMOVED)
    return (
        state.status.value,
        auction.start_at,
        state.end_at,
        auction.original_end_at,
        next_due_at(state),
        state.seq,
        book.history[-1].number,
        book.history[-1].hash,
        state.leader_id,
        state.price_minor,
        state.leader_cap_minor,
        state.total_bids,
        state.extension_count,
        json.dumps(state.warned_seconds),
        state.reserve_met,
        state.winner_id,
        state.sold,
        auction.sold_bid_id,
        state.final_minor,
        (auction.ended_at or book.now) if over else None,
        book.now if is_visible else auction.updated_at,
        auction.pk,
    )
