"""What an auction's log says, as notes to people.

The rows of the log are read by their gapless numbers; nothing is told that is not in them. What a
row tells does not depend on when it is read: who had bid when the reserve was met is asked of the
log, who bid in an auction that is over of the bids that stand. Amounts are minor units of the
auction's currency.
"""

from collections.abc import Iterator, Mapping, Sequence, Set

from django.db.models import Max, Q

from apps.auctions.models import Auction, Watchlist
from apps.bidding.models import Bid, BidHistory
from apps.notifications.kinds import Kind, Note, auction_url, shown_amount
from apps.notifications.sentences import Says
from domain import events
from domain.auction import Closing
from domain.money import to_number

OFFERS_PAGE = "/offers"  # and the auction's id
#: The events after which everybody is told who bid.
_OVER = {kind.type for kind in (events.AuctionEnded, events.AuctionCancelled)}
_BIDS = {kind.type for kind in (events.BidPlaced, events.AutoBidTriggered, events.BoughtNow)}


def notes_of(rows: Sequence[BidHistory]) -> list[Note]:
    """Return what these rows tell, in their order; a few queries however many rows.

    The rows come with their auctions.
    """
    bidders = _bidders({row.auction_id for row in rows if row.type in _OVER})
    so_far = _bidders_until([row for row in rows if row.type == events.ReserveMet.type])
    watchers = _watchers({row.auction_id for row in rows if _is_cancellation(row)})
    notes: list[Note] = []
    for row in rows:
        if row.outbid_id is not None and row.type != events.BoughtNow.type:
            notes.append(_outbid(row))
        if row.type == events.BidPlaced.type and row.auction.closing == Closing.SELLER_CHOICE:
            notes.append(_offer(row))
        elif row.type == events.ReserveMet.type:
            notes += _reserve_met(row, so_far.get(row.pk, set()))
        elif row.type == events.AuctionEnded.type:
            notes += _ended(row, bidders.get(row.auction_id, set()))
        elif _is_cancellation(row):
            told = {*bidders.get(row.auction_id, ()), *watchers.get(row.auction_id, ())}
            notes += _cancelled(row, told)
        elif row.type == events.SecondChanceOffered.type and row.bidder_id is not None:
            notes.append(_second_chance(row, row.bidder_id))
    return notes


def _is_cancellation(row: BidHistory) -> bool:
    return row.type == events.AuctionCancelled.type


def _bidders(auction_ids: set[int]) -> dict[int, set[int]]:
    """Return auction -> whose bids stand, of auctions that take none any longer."""
    found: dict[int, set[int]] = {}
    rows = Bid.objects.filter(auction_id__in=auction_ids, void=False)
    for auction_id, bidder_id in rows.values_list("auction_id", "bidder_id").distinct():
        found.setdefault(auction_id, set()).add(bidder_id)
    return found


def _bidders_until(rows: Sequence[BidHistory]) -> dict[int, set[int]]:
    """Return row -> who had bid before it and had not taken it back.

    A query for the first of these rows of all auctions; a bid that is taken back later may bring
    another, rarely in the same batch.
    """
    found: dict[int, set[int]] = {}
    waiting = {row.pk: row for row in rows}
    while waiting:
        first = {row.auction_id: row for row in reversed(waiting.values())}
        before = Q()
        for row in first.values():
            found[row.pk] = set()
            before |= Q(auction_id=row.auction_id, number__lt=row.number)
            del waiting[row.pk]
        per_bidder = (
            BidHistory.objects.filter(before, bidder__isnull=False)
            .values("auction_id", "bidder_id")
            .annotate(
                bid=Max("number", filter=Q(type__in=_BIDS)),
                retracted=Max("number", filter=Q(type=events.BidRetracted.type)),
            )
        )
        for each in per_bidder.order_by():
            if each["bid"] is not None and each["bid"] > (each["retracted"] or 0):
                found[first[each["auction_id"]].pk].add(each["bidder_id"])
    return found


def _watchers(auction_ids: set[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    rows = Watchlist.objects.filter(auction_id__in=auction_ids)
    for auction_id, user_id in rows.values_list("auction_id", "user_id"):
        found.setdefault(auction_id, []).append(user_id)
    return found


def note_about(
    auction: Auction,
    row: BidHistory,
    user_id: int,
    kind: Kind,
    says: Says,
    title: str,
    **more: object,
) -> Note:
    """Return a note to one person that a row of the log gave rise to."""
    data: dict[str, object] = {"auction_id": auction.pk, "seq": row.seq, "title": auction.title}
    if row.amount_minor is not None:
        data["amount"] = to_number(row.amount_minor, auction.currency)
        data["currency"] = auction.currency
    given: Mapping[str, object] = {
        "source": f"auction:{auction.pk}:{row.number}:{kind}",
        "url": auction_url(auction.pk),
        "data": data,
        **more,
    }
    return Note(user_id=user_id, kind=kind, says=says, at=row.at, title=title, **given)  # type: ignore[arg-type]


def _outbid(row: BidHistory) -> Note:
    """Return the note to who lost the lead, or was answered at once (P14)."""
    auction = row.auction
    assert row.outbid_id is not None
    price = shown_amount(row.amount_minor or 0, auction.currency)
    return note_about(
        auction,
        row,
        row.outbid_id,
        Kind.OUTBID,
        Says.OUTBID,
        f"You were outbid on {auction.title}",
        body=f"The price is now {price}.",
        thread=f"outbid:{auction.pk}",
        title_many="You were outbid {count} times on " + auction.title,
    )


def _offer(row: BidHistory) -> Note:
    """Return the note to the seller, who chooses among offers while they are valid."""
    auction = row.auction
    price = shown_amount(row.amount_minor or 0, auction.currency)
    return note_about(
        auction,
        row,
        auction.seller_id,
        Kind.OFFER,
        Says.OFFER,
        f"An offer for {auction.title}",
        body=f"{price} is offered.",
        url=f"{OFFERS_PAGE}/{auction.pk}",
        thread=f"offers:{auction.pk}",
        title_many="{count} offers for " + auction.title,
    )


def _reserve_met(row: BidHistory, so_far: Set[int]) -> Iterator[Note]:
    """Tell the seller, and who had bid by then."""
    auction = row.auction
    for user_id in sorted({auction.seller_id, *so_far}):
        yield note_about(
            auction,
            row,
            user_id,
            Kind.RESERVE_MET,
            Says.RESERVE_MET,
            f"The reserve of {auction.title} is met",
            body="It will be sold to the highest bidder.",
        )


def _ended(row: BidHistory, bidders: Set[int]) -> Iterator[Note]:
    """Tell the winner, the seller, and who bid and did not win (once, even if sold later)."""
    auction, winner_id = row.auction, row.bidder_id
    if winner_id is not None:
        price = shown_amount(row.amount_minor or 0, auction.currency)
        won, sold = f"You won {auction.title}", f"{auction.title} is sold"
        told = (winner_id, Kind.WON, Says.WON, won)
        yield note_about(auction, row, *told, body=f"For {price}; please pay.")
        told = (auction.seller_id, Kind.SOLD, Says.SOLD, sold)
        yield note_about(auction, row, *told, body=f"For {price}.")
        lost = f"It went for {price}."
    else:
        unsold = f"{auction.title} ended unsold"
        says = Says.UNSOLD_RESERVE if bidders else Says.UNSOLD_NO_BIDS
        body = "The reserve was not met." if bidders else "Nobody bid."
        yield note_about(auction, row, auction.seller_id, Kind.UNSOLD, says, unsold, body=body)
        lost = "It was not sold."
    for user_id in sorted(bidders - {winner_id}):
        yield note_about(
            auction,
            row,
            user_id,
            Kind.LOST,
            Says.LOST_UNSOLD if winner_id is None else Says.LOST_SOLD,
            f"You did not win {auction.title}",
            body=lost,
            source=f"auction:{auction.pk}:lost",
        )


def _cancelled(row: BidHistory, told: set[int]) -> Iterator[Note]:
    for user_id in sorted({row.auction.seller_id, *told}):
        yield note_about(
            row.auction,
            row,
            user_id,
            Kind.CANCELLED,
            Says.CANCELLED,
            f"{row.auction.title} was cancelled",
            body="Nothing is sold, no bid counts any longer.",
        )


def _second_chance(row: BidHistory, user_id: int) -> Note:
    price = shown_amount(row.amount_minor or 0, row.auction.currency)
    return note_about(
        row.auction,
        row,
        user_id,
        Kind.SECOND_CHANCE,
        Says.SECOND_CHANCE,
        f"You can still have {row.auction.title}",
        body=f"It is yours at your own bid, {price}, if you want it.",
    )
