"""The bid service: one transaction for all commands that wait on one auction.

Order of every batch: lock the row, read the database's clock, let time pass (Tick), then each
command in arrival order asks the engine; store; commit. Whoever calls answers and tells only
after that. Doors never call this; they go through apps/bidding/desk.py.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from apps.bidding import repository, storage
from apps.bidding.models import AutoBidRule, Bid
from apps.bidding.repository import BidEntry
from apps.core.outbox import Told
from domain import commands as ask
from domain.auction import AuctionState, Status
from domain.decision import Decision
from domain.engine import decide
from domain.reasons import Reason, Refusal, Refused

log = logging.getLogger(__name__)

#: Commands that read rows an earlier command of the batch may still have to write.
_ALONE = (
    ask.RetractBids,
    ask.CancelBids,
    ask.CancelAutoBid,
    ask.SellToBid,
    ask.OfferSecondChance,
    ask.ActivateAuction,
)

#: What bidders ask for; a door may have met the auction before it was removed.
_OF_BIDDERS = (ask.PlaceBid, ask.SetAutoBid, ask.CancelAutoBid, ask.BuyNow)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedBid:
    """A visible bid as its bidder is told of it. Amounts in minor units, instants aware UTC."""

    id: int
    auction_id: int
    bidder_id: int
    bidder_name: str
    amount_minor: int
    auto: bool
    seq: int
    placed_at: datetime
    led: bool
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The outcome of an accepted command, known to be durable.

    `bid` is the asker's own visible bid, `rule_id`, `max_minor` and `created` his auto-bid rule;
    `state` is the auction right after the command (after the batch, for a repeated request).
    """

    auction_id: int
    currency: str
    at: datetime
    state: AuctionState
    bid: PlacedBid | None = None
    rule_id: int | None = None
    max_minor: int | None = None
    created: bool = False
    repeated: bool = False


Outcome = Accepted | Exception


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction left behind: an outcome per command, and what to tell after it."""

    outcomes: tuple[Outcome, ...]
    told: tuple[Told, ...]


def place_bids(auction_id: int, batch: Sequence[ask.Command]) -> Iterator[Batch]:
    """Run the commands in arrival order, in as few transactions as they allow.

    Yields one Batch per committed transaction; its outcomes may be handed out at once.
    A refused command is an outcome `Refused`; a command the engine stumbles over is its own
    exception and takes no other with it.
    """
    for group in _groups(batch):
        yield _run(auction_id, group)


def let_time_pass(auction_ids: Sequence[int]) -> dict[int, tuple[Told, ...]]:
    """Open, warn and close what is due of these auctions, all in one transaction.

    Returns what is to be told of each after the commit.
    """
    with transaction.atomic(durable=True):
        books = repository.open_due_books(auction_ids)
        for book in books:
            _let_time_pass(book)
        storage.close_books(books)
    return {book.auction.pk: tuple(book.told) for book in books}


def _groups(batch: Sequence[ask.Command]) -> Iterator[list[ask.Command]]:
    group: list[ask.Command] = []
    for command in batch:
        if isinstance(command, _ALONE):
            if group:
                yield group
            yield [command]
            group = []
        else:
            group.append(command)
    if group:
        yield group


def _run(auction_id: int, batch: Sequence[ask.Command]) -> Batch:
    with transaction.atomic(durable=True):
        book = repository.open_book(auction_id, batch)
        if book is None:
            return Batch(tuple(_refused(Reason.NOT_FOUND) for _ in batch), ())
        _let_time_pass(book)
        drafts = [_decide_one(book, command) for command in batch]
        storage.close_books([book])
    return Batch(tuple(_outcome(book, draft) for draft in drafts), tuple(book.told))


@dataclass(slots=True)
class _Draft:
    """An outcome whose row ids are not known until the batch is stored."""

    state: AuctionState
    row: Bid | BidEntry | AutoBidRule | None = None
    created: bool = False
    repeated: bool = False
    error: Exception | None = None


def _let_time_pass(book: repository.Book) -> None:
    tick = ask.Tick()
    decision = decide(book.state, tick, book.now)
    if isinstance(decision, Decision) and decision.events:
        storage.enter(book, tick, decision)


def _decide_one(book: repository.Book, command: ask.Command) -> _Draft:
    try:
        return _decide(book, command)
    except Refused as refused:
        return _Draft(book.state, error=refused)
    except Exception as error:
        log.exception("auction %s could not decide %s", book.auction.pk, type(command).__name__)
        return _Draft(book.state, error=error)


def _decide(book: repository.Book, command: ask.Command) -> _Draft:
    currency = book.auction.currency
    if command.session_id is not None and command.session_id not in book.live_sessions:
        raise _refused(Reason.NOT_AUTHENTICATED, currency)
    earlier = book.answered.get((command.actor_id or 0, command.request_key or ""))
    if earlier is not None:
        if not _same_request(earlier, command):
            raise _refused(Reason.IDEMPOTENCY_KEY_REUSED, currency)
        return _Draft(book.state, row=earlier, repeated=True)
    decision = decide(book.state, command, book.now)
    if isinstance(decision, Refusal):
        if _is_hidden(decision, command):
            decision = Refusal(Reason.NOT_FOUND)
        raise Refused(decision, currency)
    rule = book.rules.get(command.actor_id or 0)
    known = rule is not None and rule.active
    row: Bid | BidEntry | AutoBidRule | None = None
    if decision.events:
        row = storage.enter(book, command, decision)
    if isinstance(command, ask.SetAutoBid):
        row = book.rules.get(command.actor_id or 0)
    if row is not None and command.request_key is not None:
        book.answered[command.actor_id or 0, command.request_key] = row
    return _Draft(book.state, row=row, created=not known)


def _is_hidden(refusal: Refusal, command: ask.Command) -> bool:
    """Whether a bidder must not learn why: what staff removed does not exist for him."""
    if refusal.reason is not Reason.NOT_ACTIVE or not isinstance(command, _OF_BIDDERS):
        return False
    return refusal.facts["status"] == Status.REMOVED


def _same_request(row: Bid | BidEntry | AutoBidRule, command: ask.Command) -> bool:
    if isinstance(row, AutoBidRule):
        return isinstance(command, ask.SetAutoBid) and command.max_minor == row.max_minor
    if not isinstance(command, ask.PlaceBid) or command.amount_minor != row.amount_minor:
        return False
    asked = (command.valid_from, command.valid_until)
    return asked in ((row.valid_from, row.valid_until), (None, None))


def _outcome(book: repository.Book, draft: _Draft) -> Outcome:
    if draft.error is not None:
        return draft.error
    accepted = Accepted(
        auction_id=book.auction.pk,
        currency=book.auction.currency,
        at=book.now,
        state=draft.state,
        repeated=draft.repeated,
    )
    if isinstance(draft.row, AutoBidRule):
        return replace(
            accepted,
            rule_id=draft.row.pk,
            max_minor=draft.row.max_minor,
            created=draft.created,
        )
    if isinstance(draft.row, Bid | BidEntry):
        return replace(accepted, bid=_placed(draft.row, book.names))
    return accepted


def _placed(bid: Bid | BidEntry, names: dict[int, str]) -> PlacedBid:
    return PlacedBid(
        id=bid.id,
        auction_id=bid.auction_id,
        bidder_id=bid.bidder_id,
        bidder_name=names[bid.bidder_id],
        amount_minor=bid.amount_minor,
        auto=bid.auto,
        seq=bid.seq,
        placed_at=bid.placed_at,
        led=bid.led,
        valid_from=bid.valid_from,
        valid_until=bid.valid_until,
    )


def _refused(reason: Reason, currency: str = "") -> Refused:
    return Refused(Refusal(reason), currency)
