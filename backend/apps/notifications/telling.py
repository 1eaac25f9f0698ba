"""The durable readers: what was committed, and what time brings, becomes notifications.

Each reads rows that are the outbox anyway and writes how far it got in the transaction that
writes the notifications: killed at any point, it loses nothing and tells nothing twice. Several
may run at once; whoever holds the lock reads. A constant number of statements per batch.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import CharField, Exists, F, Max, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from apps.auctions.models import Auction, Watchlist
from apps.bidding.models import Bid, BidHistory
from apps.core import clock
from apps.notifications import auction_events, money_events
from apps.notifications.kinds import Kind, Note, auction_url
from apps.notifications.models import AuctionReading, Notification
from apps.notifications.sentences import Says
from apps.notifications.services import notify
from apps.payments.models import Sale, StateChange
from apps.users.models import MailBounce
from domain.auction import Status
from domain.settlement import SaleStatus

AUCTIONS_AT_ONCE_MAX = 200
ROWS_AT_ONCE_MAX = 1000
#: The frequent look goes over so many of the newest rows of all logs: what a second may bring,
#: several times over. What it misses the look over everything finds.
LATELY_ROWS = 20_000
#: Seconds before an end, the longest first -> how it is said.
_WITHIN = {
    24 * 3600: ("24 hours", Says.ENDS_WITHIN_DAY),
    3600: ("an hour", Says.ENDS_WITHIN_HOUR),
}
WARNINGS_SECONDS = tuple(_WITHIN)
REMINDED_LATELY = timedelta(days=2)


def tell(limit: int = ROWS_AT_ONCE_MAX, *, ever: bool = False) -> int:
    """Tell what there is to tell; returns how many rows and auctions were looked at.

    `ever` looks at every auction's log, for the start of a worker and once an hour after it.
    """
    now = clock.now()
    done = tell_auctions(limit, ever=ever) + tell_money(limit)
    return done + tell_endings(now) + tell_reminders(now, limit) + tell_bounces(limit)


# -- bidding ------------------------------------------------------------------------------------


def tell_auctions(limit: int = ROWS_AT_ONCE_MAX, *, ever: bool = False) -> int:
    """Tell what the logs of auctions say beyond where they were read; returns how many rows.

    An auction's log is numbered without gaps in the order it was committed, so that a number is
    all there is to remember.
    """
    ids = list(_behind(ever=ever)[:AUCTIONS_AT_ONCE_MAX])
    if not ids:
        return 0
    with transaction.atomic():
        AuctionReading.objects.bulk_create(
            [AuctionReading(auction_id=auction_id) for auction_id in ids], ignore_conflicts=True
        )
        readings = {row.pk: row for row in _locked(AuctionReading.objects.filter(pk__in=ids))}
        rows = list(
            BidHistory.objects.filter(
                auction_id__in=readings, number__gt=F("auction__reading__number")
            )
            .select_related("auction")
            .defer("frame", "action", "hash", "auction__description")
            .order_by("auction_id", "number")[:limit]
        )
        notify(auction_events.notes_of(rows))
        for row in rows:
            readings[row.auction_id].number = row.number
        moved = {row.auction_id for row in rows}
        AuctionReading.objects.bulk_update([readings[pk] for pk in sorted(moved)], ["number"])
    return len(rows)


def _behind(*, ever: bool) -> "QuerySet[Auction, int]":
    """Return the ids of auctions whose log was not read to its end."""
    found = Auction.objects.filter(
        Q(reading__isnull=True) | Q(reading__number__lt=F("log_number")), log_number__gt=0
    )
    if not ever:
        newest = BidHistory.objects.aggregate(newest=Max("pk"))["newest"] or 0
        lately = BidHistory.objects.filter(pk__gt=newest - LATELY_ROWS)
        found = found.filter(pk__in=lately.values("auction_id"))
    return found.order_by("pk").values_list("pk", flat=True)


def _locked(rows: "QuerySet[AuctionReading]") -> "QuerySet[AuctionReading]":
    skip_locked = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=skip_locked).order_by("pk")


# -- money --------------------------------------------------------------------------------------


def tell_money(limit: int = ROWS_AT_ONCE_MAX) -> int:
    """Tell what the history of money says and was not told; returns how many rows."""
    untold = StateChange.objects.filter(told=False).order_by("pk")
    if not untold.exists():  # no lock for nothing: SQLite has one writer
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        changes = list(untold.select_for_update(skip_locked=skip_locked)[:limit])
        if changes:
            notify(money_events.notes_of(changes))
            ids = [change.pk for change in changes]
            StateChange.objects.filter(pk__in=ids).update(told=True)
    return len(changes)


def tell_reminders(now: datetime, limit: int = ROWS_AT_ONCE_MAX) -> int:
    """Tell winners whom a reminder was mailed that they have a day left; returns how many."""
    source = Concat(Value("sale:"), Cast(OuterRef("pk"), CharField()), Value(":due"))
    told = Notification.objects.filter(user_id=OuterRef("buyer_id"), source=source)
    owed = Sale.objects.filter(~Exists(told), status=SaleStatus.DUE, due_at__gt=now)
    lately = owed.filter(reminded_at__gt=now - REMINDED_LATELY).select_related("auction")
    sales = list(lately.order_by("due_at")[:limit])
    notify([money_events.reminder_of(sale) for sale in sales])
    return len(sales)


# -- mail ---------------------------------------------------------------------------------------


def tell_bounces(limit: int = ROWS_AT_ONCE_MAX) -> int:
    """Tell people that their address takes no mail; returns how many."""
    untold = MailBounce.objects.filter(told=False).order_by("pk")
    if not untold.exists():
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = list(untold.select_for_update(skip_locked=skip_locked)[:limit])
        notify([_unreachable(row) for row in rows])
        MailBounce.objects.filter(pk__in=[row.pk for row in rows]).update(told=True)
    return len(rows)


def _unreachable(row: MailBounce) -> Note:
    return Note(
        user_id=row.user_id,
        kind=Kind.EMAIL_OFF,
        says=Says.EMAIL_OFF,
        source=f"bounce:{row.at:%Y%m%dT%H%M%S%f}",
        at=row.at,
        title="Your e-mail address takes no mail",
        body=f"{row.email} refused a mail of ours, so we send it no more. Correct the address, or "
        "switch mail on again in your settings.",
        url="/settings",
        data={"address": row.email},
    )


# -- time ---------------------------------------------------------------------------------------


def tell_endings(now: datetime) -> int:
    """Tell watchers and bidders that an auction ends within a day, within an hour; how many.

    Once each, to who watches or has bid by then. An extension tells nobody again; an auction
    shorter than the time ahead has none of that warning.
    """
    due = [(auction, seconds) for seconds in WARNINGS_SECONDS for auction in _ending(now, seconds)]
    smallest = {auction.pk: (auction, seconds) for auction, seconds in due}
    if not smallest:
        return 0
    with transaction.atomic():
        AuctionReading.objects.bulk_create(
            [AuctionReading(auction_id=pk) for pk in sorted(smallest)], ignore_conflicts=True
        )
        readings = list(_locked(AuctionReading.objects.filter(pk__in=smallest)))
        mine = {row.pk: smallest[row.pk] for row in readings}
        notify(_warnings(mine, now))
        for row in readings:
            row.ending_seconds = mine[row.pk][1]
        AuctionReading.objects.bulk_update(readings, ["ending_seconds"])
    return len(mine)


def _ending(now: datetime, seconds: int) -> "QuerySet[Auction]":
    ahead = timedelta(seconds=seconds)
    unwarned = Q(reading__isnull=True) | Q(reading__ending_seconds__isnull=True)
    return (
        Auction.objects.filter(status=Status.ACTIVE, end_at__gt=now, end_at__lte=now + ahead)
        .filter(unwarned | Q(reading__ending_seconds__gt=seconds))
        .filter(original_end_at__gt=F("start_at") + ahead)
        .order_by("end_at", "pk")[:AUCTIONS_AT_ONCE_MAX]
    )


def _warnings(due: dict[int, tuple[Auction, int]], now: datetime) -> list[Note]:
    watchers = Watchlist.objects.filter(auction_id__in=due).values_list("auction_id", "user_id")
    bids = Bid.objects.filter(auction_id__in=due, void=False)
    told = {*watchers, *bids.values_list("auction_id", "bidder_id").distinct()}
    return [
        _warning(auction, user_id, seconds, now)
        for auction_id, user_id in sorted(told)
        for auction, seconds in (due[auction_id],)
        if user_id != auction.seller_id
    ]


def _warning(auction: Auction, user_id: int, seconds: int, now: datetime) -> Note:
    within, says = _WITHIN[seconds]
    return Note(
        user_id=user_id,
        kind=Kind.ENDING_SOON,
        says=says,
        source=f"auction:{auction.pk}:ending:{seconds}",
        at=now,
        title=f"{auction.title} ends within {within}",
        url=auction_url(auction.pk),
        data={"auction_id": auction.pk, "seconds": seconds, "title": auction.title},
    )
