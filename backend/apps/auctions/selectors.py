"""Reads of listings: who sees which, lists, detail, watchlist, categories, what is due.

A page costs a fixed number of queries whatever its size: rows first, then what stands around them
(names, categories, pictures, watchers) in one query each.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import BigIntegerField, Case, Count, Q, QuerySet, Value, When

from apps.auctions.fees import Shelf, shelves_of
from apps.auctions.models import CONDITIONS, Auction, AuctionImage, Lot, Watchlist
from domain.auction import Status
from domain.money import CURRENCIES, MAJOR_DIGITS_MAX, exponent_of

ENDING_SOON = timedelta(hours=24)  # roadmap: "List auctions ending in < 24 hours"
USUAL_EXPONENT = 2  # decimals of most currencies
LAST_BIDS = 20  # rows of the bid list that come with the detail


class Viewer(NamedTuple):
    """Who looks: nobody in particular, a user, or staff."""

    user_id: int | None = None
    is_staff: bool = False


class Picture(NamedTuple):
    """A picture's paths below MEDIA_ROOT."""

    id: int
    image: str
    thumbnail: str


class VisibleBid(NamedTuple):
    """A row of the bid list. Amount in minor units, instants aware UTC."""

    id: int
    bidder_id: int
    amount_minor: int
    auto: bool
    placed_at: datetime
    seq: int
    valid_from: datetime | None
    valid_until: datetime | None


@dataclass(slots=True)
class Surroundings:
    """What the rows of a page need from other tables, by id."""

    names: dict[int, str] = field(default_factory=dict)
    categories: dict[int | None, Shelf] = field(default_factory=dict)
    pictures: dict[int, list[Picture]] = field(default_factory=dict)
    watchers: dict[int, int] = field(default_factory=dict)
    lots: dict[int, list[Lot]] = field(default_factory=dict)
    bids: list[VisibleBid] = field(default_factory=list)


# -- who sees what ------------------------------------------------------------------------------


def visible_auctions(viewer: Viewer) -> QuerySet[Auction]:
    """Return what the viewer may see at all, in no particular order.

    A draft: its seller and staff. A removed listing: staff. One that its seller deleted, cancelled
    before the first bid: staff; one cancelled over its bidders' heads stays visible.
    """
    if viewer.is_staff:
        return Auction.objects.all()
    public = ~Q(status__in=(Status.DRAFT, Status.REMOVED))
    public &= ~Q(status=Status.CANCELLED, total_bids=0)
    if viewer.user_id is not None:
        public |= Q(status=Status.DRAFT, seller_id=viewer.user_id)
    return Auction.objects.filter(public)


def listed_auctions(viewer: Viewer) -> QuerySet[Auction]:
    """Return what lists show: nothing deleted or removed, not even to staff."""
    gone = Q(status=Status.REMOVED) | Q(status=Status.CANCELLED, total_bids=0)
    return visible_auctions(viewer).exclude(gone) if viewer.is_staff else visible_auctions(viewer)


def nothing() -> QuerySet[Auction]:
    """Return no listing."""
    return Auction.objects.none()


def active_auctions(now: datetime) -> QuerySet[Auction]:
    """Return what can be bid on at this instant."""
    return Auction.objects.filter(status=Status.ACTIVE, end_at__gt=now)


def auctions_ending_soon(now: datetime) -> QuerySet[Auction]:
    """Return the active with 0 < end - now < 24 h (register 19)."""
    return active_auctions(now).filter(end_at__lt=now + ENDING_SOON)


def auctions_of_seller(seller_id: int) -> QuerySet[Auction]:
    """Return a seller's own listings, drafts included."""
    return listed_auctions(Viewer(seller_id)).filter(seller_id=seller_id)


def watched_auctions(user_id: int, viewer: Viewer) -> QuerySet[Auction]:
    """Return what the user follows, as far as he may still see it."""
    return listed_auctions(viewer).filter(watchers__user_id=user_id)


def auction_of(auction_id: int, viewer: Viewer) -> Auction | None:
    """Return one listing if the viewer may see it; absent and hidden are the same None."""
    return visible_auctions(viewer).filter(pk=auction_id).first()


#: What a listing's detail shows besides its row: who follows it, what its sale would bear.
_AROUND = """
(SELECT COUNT(*) FROM auctions_watchlist WHERE auction_id = auctions_auction.id),
(SELECT COUNT(*) FROM auctions_feeschedule), (SELECT MAX(changed_at) FROM auctions_feeschedule)
"""


def detail_version(auction_id: int) -> tuple[object, ...] | None:
    """Return what changes with whatever a listing's detail shows; None for an absent one.

    Plain SQL: it is asked before every anonymous read and stands for ten queries.
    """
    return _columns(f"seq, updated_at, {_AROUND}", auction_id)


def around_version(auction_id: int) -> tuple[object, ...] | None:
    """Return what changes with the part of a listing's detail that is not in its row."""
    return _columns(_AROUND, auction_id)


def _columns(columns: str, auction_id: int) -> tuple[object, ...] | None:
    statement = f"SELECT {columns} FROM auctions_auction WHERE id = %s"  # noqa: S608 - our words
    with connection.cursor() as cursor:
        cursor.execute(statement, [auction_id])
        row: tuple[object, ...] | None = cursor.fetchone()
        return row


def last_change_id() -> int | None:
    """Return the id of the last edit of any listing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM auctions_listingchange")
        found: int | None = cursor.fetchone()[0]
        return found


def auction_for_update(auction_id: int) -> Auction | None:
    """Return the row locked until the transaction ends: bids on it wait, and it for them."""
    if not connection.in_atomic_block:
        raise RuntimeError("auction_for_update needs a transaction: its lock must outlive it")
    return Auction.objects.select_for_update().filter(pk=auction_id).first()


# -- what stands around the rows ----------------------------------------------------------------


def around_list(auctions: Sequence[Auction]) -> Surroundings:
    """Return what a page of a list needs: cover pictures only, no lots, no bids."""
    ids = [auction.pk for auction in auctions]
    return Surroundings(
        names=_names(_people(auctions)),
        categories=shelves_of(auction.category_id for auction in auctions),
        pictures=_covers(ids),
        watchers=_watchers(ids),
    )


def around_detail(auction: Auction) -> Surroundings:
    """Return what the detail needs: every picture, lots, the last bids."""
    bids = last_bids(auction)
    return Surroundings(
        names=_names(_people([auction]) | {bid.bidder_id for bid in bids}),
        categories=shelves_of([auction.category_id]),
        pictures={auction.pk: pictures_of(auction.pk)},
        watchers={auction.pk: watcher_count(auction.pk)},
        lots={auction.pk: list(Lot.objects.filter(auction_id=auction.pk))},
        bids=bids,
    )


def last_bids(auction: Auction) -> list[VisibleBid]:
    """Return the newest standing bids, newest first.

    None that came after the row was read: whoever goes on from the row's `seq` is told of those.
    """
    standing = auction.bids.filter(void=False, seq__lte=auction.seq)
    rows = standing.order_by("-seq", "-id")[:LAST_BIDS]
    return [VisibleBid(*row) for row in rows.values_list(*VisibleBid._fields)]


def pictures_of(auction_id: int) -> list[Picture]:
    """Return a listing's pictures, its cover first."""
    rows = AuctionImage.objects.filter(auction_id=auction_id)
    return [Picture(*row) for row in rows.values_list("id", "image", "thumbnail")]


def watcher_count(auction_id: int) -> int:
    """Return how many follow it."""
    return Watchlist.objects.filter(auction_id=auction_id).count()


def _people(auctions: Iterable[Auction]) -> set[int]:
    return {
        user_id
        for auction in auctions
        for user_id in (auction.seller_id, auction.leader_id, auction.winner_id)
        if user_id is not None
    }


def _names(user_ids: set[int]) -> dict[int, str]:
    users = get_user_model().objects.filter(pk__in=user_ids)
    return dict(users.values_list("pk", "username"))


def _covers(auction_ids: Sequence[int]) -> dict[int, list[Picture]]:
    rows = AuctionImage.objects.filter(auction_id__in=auction_ids)
    covers: dict[int, list[Picture]] = {}
    for auction_id, pk, image, thumbnail in rows.values_list(
        "auction_id", "id", "image", "thumbnail"
    ):
        covers.setdefault(auction_id, [Picture(pk, image, thumbnail)])
    return covers


def _watchers(auction_ids: Sequence[int]) -> dict[int, int]:
    rows = Watchlist.objects.filter(auction_id__in=auction_ids).order_by()
    return dict(rows.values_list("auction_id").annotate(Count("pk")))


# -- what is due --------------------------------------------------------------------------------


def due_auction_ids(now: datetime, limit: int) -> list[int]:
    """Return the auctions at which time has something to do, the longest overdue first.

    `now` must be the database's clock, which decides when something is due.
    """
    due = Auction.objects.filter(next_due_at__lte=now).order_by("next_due_at")
    return list(due.values_list("pk", flat=True)[:limit])


# -- products: what the BidBazaar guide lists ----------------------------------------------------


def products() -> QuerySet[Auction]:
    """Return what anybody may see, sold and cancelled over bids included, newest first."""
    return listed_auctions(Viewer()).prefetch_related("images").order_by("-created_at", "-id")


def products_in_condition(condition: str) -> QuerySet[Auction]:
    """Return the new or the used ones; none for any other word."""
    if condition not in dict(CONDITIONS):
        return products().none()
    return products().filter(condition=condition)


def products_priced(least: int | None, most: int | None) -> QuerySet[Auction]:
    """Return those whose starting price lies within the bounds, in whole major units.

    Each listing is measured in its own currency, as its price is shown.
    """
    found = products()
    if least is not None:
        found = found.filter(starting_minor__gte=_in_minor_units(least))
    if most is not None:
        found = found.filter(starting_minor__lte=_in_minor_units(most))
    return found


def products_sold_by(seller_id: int) -> QuerySet[Auction]:
    """Return what a seller has sold; none for an unknown one."""
    return products().filter(seller_id=seller_id, sold=True)


def products_open(now: datetime) -> QuerySet[Auction]:
    """Return what accepts bids by its dates, the first to end first (register 51)."""
    return (
        products()
        .filter(status__in=(Status.SCHEDULED, Status.ACTIVE), sold=False)
        .filter(start_at__lte=now, end_at__gt=now)
        .order_by("end_at", "id")
    )


def products_of_seller(seller_id: int) -> QuerySet[Auction]:
    """Return a seller's own, as everybody sees them: without drafts."""
    return products().filter(seller_id=seller_id)


def _in_minor_units(major: int) -> Case:
    """Return an amount as an expression in the minor units of each row's currency."""
    limit = 10**MAJOR_DIGITS_MAX  # no price is beyond it, and no database integer
    bounded = max(-limit, min(major, limit))
    unusual: dict[int, list[str]] = defaultdict(list)
    for currency in CURRENCIES:
        if exponent_of(currency) != USUAL_EXPONENT:
            unusual[exponent_of(currency)].append(currency)
    return Case(
        *(
            When(currency__in=currencies, then=Value(bounded * 10**exponent))
            for exponent, currencies in unusual.items()
        ),
        default=Value(bounded * 10**USUAL_EXPONENT),
        output_field=BigIntegerField(),
    )
