"""The durable readers: what was committed becomes events, and deliveries of those who asked.

Each reads rows that are the outbox anyway (an auction's log, the history of money) and writes
how far it got in the transaction that writes the deliveries: killed at any point, it loses
nothing and orders nothing twice. Several may run at once; whoever holds the lock reads.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet

from apps.auctions.models import Auction
from apps.bidding.models import BidHistory
from apps.core import clock
from apps.payments.models import StateChange
from apps.users.rights import Right, may
from apps.webhooks import auction_events, money_events, selectors, signing
from apps.webhooks.auction_events import Happening
from apps.webhooks.models import WebhookDelivery, WebhookEndpoint, WebhookEvent, WebhookReading

AUCTIONS_AT_ONCE_MAX = 200
ROWS_AT_ONCE_MAX = 1000
#: The frequent look goes over so many of the newest rows of all logs; what it misses the look
#: over everything finds.
LATELY_ROWS = 20_000
LOOKS_MAX = 200  # of one call that looks over everything


def gather(*, ever: bool = False) -> int:
    """Order what there is to deliver; returns how many rows of logs were read.

    `ever` looks at every auction's log until nothing is left, for the start of a worker and
    once an hour after it.
    """
    endpoints = list(selectors.listening())
    done = gather_money(endpoints)
    if endpoints:
        done += gather_auctions(endpoints, ever=ever)
    if ever:
        for _ in range(LOOKS_MAX):
            more = gather_auctions(endpoints, ever=True) if endpoints else 0
            done += more
            if not more:
                break
    return done


def gather_auctions(
    endpoints: Sequence[WebhookEndpoint],
    limit: int = ROWS_AT_ONCE_MAX,
    *,
    ever: bool = False,
) -> int:
    """Order what the logs of these endpoints' auctions say beyond where they were read.

    What happened before the first of the endpoints listened is told to none of them.
    """
    heads = dict(_behind(endpoints, ever=ever)[:AUCTIONS_AT_ONCE_MAX])
    if not heads:
        return 0
    since = min(endpoint.listens_since_at for endpoint in endpoints)
    with transaction.atomic():
        WebhookReading.objects.bulk_create(
            [WebhookReading(auction_id=pk) for pk in sorted(heads)], ignore_conflicts=True
        )
        readings = {row.pk: row for row in _locked(WebhookReading.objects.filter(pk__in=heads))}
        rows = list(
            BidHistory.objects.filter(
                auction_id__in=readings,
                number__gt=F("auction__webhook_reading__number"),
                at__gte=since,
            )
            .select_related("auction")
            .defer("action", "hash", "auction__description")
            .order_by("auction_id", "number")[:limit]
        )
        _order(auction_events.happenings_of(rows), endpoints)
        if len(rows) < limit:  # then all there was up to the heads has been seen
            for pk, reading in readings.items():
                reading.number = max(reading.number, heads[pk])
        for row in rows:
            readings[row.auction_id].number = max(readings[row.auction_id].number, row.number)
        WebhookReading.objects.bulk_update(readings.values(), ["number"])
    return len(rows)


def _behind(
    endpoints: Iterable[WebhookEndpoint], *, ever: bool
) -> "QuerySet[Auction, tuple[int, int]]":
    """Return id and head of the logs that were not read to their end and that somebody hears."""
    found = Auction.objects.filter(
        Q(webhook_reading__isnull=True) | Q(webhook_reading__number__lt=F("log_number")),
        log_number__gt=0,
    )
    if not any(_hears_everything(endpoint) for endpoint in endpoints):
        found = found.filter(seller_id__in={endpoint.user_id for endpoint in endpoints})
    if not ever:
        newest = BidHistory.objects.aggregate(newest=Max("pk"))["newest"] or 0
        lately = BidHistory.objects.filter(pk__gt=newest - LATELY_ROWS)
        found = found.filter(pk__in=lately.values("auction_id"))
    return found.order_by("pk").values_list("pk", "log_number")


def _locked(rows: "QuerySet[WebhookReading]") -> "QuerySet[WebhookReading]":
    skip_locked = connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(skip_locked=skip_locked).order_by("pk")


def gather_money(endpoints: Sequence[WebhookEndpoint], limit: int = ROWS_AT_ONCE_MAX) -> int:
    """Order what the history of money says and was not announced; returns how many rows."""
    waiting = StateChange.objects.filter(announced=False).order_by("pk")
    if not waiting.exists():  # no lock for nothing: SQLite has one writer
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        changes = list(waiting.select_for_update(skip_locked=skip_locked)[:limit])
        if endpoints:
            _order(money_events.happenings_of(changes), endpoints)
        ids = [change.pk for change in changes]
        StateChange.objects.filter(pk__in=ids).update(announced=True)
    return len(changes)


def _hears_everything(endpoint: WebhookEndpoint) -> bool:
    """Tell whether it hears of every auction: asked of the account, which may have changed."""
    return endpoint.everything and may(endpoint.user, Right.MONEY)


def _hears(endpoint: WebhookEndpoint, happening: Happening) -> bool:
    return (
        happening.kind.value in endpoint.kinds
        and endpoint.listens_since_at <= happening.at
        and (endpoint.user_id == happening.seller_id or _hears_everything(endpoint))
    )


def _order(happenings: Iterable[Happening], endpoints: Sequence[WebhookEndpoint]) -> None:
    """Write the events somebody hears, and a delivery to each who does; two statements."""
    heard = [
        (happening, listeners)
        for happening in happenings
        if (listeners := [each for each in endpoints if _hears(each, happening)])
    ]
    rows = WebhookEvent.objects.bulk_create(
        WebhookEvent(
            source=happening.source, kind=happening.kind, body=happening.body, at=happening.at
        )
        for happening, _ in heard
    )
    now = clock.now()
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            endpoint=endpoint,
            event=row,
            message_id=signing.new_message_id(),
            next_try_at=now,
            created_at=now,
        )
        for row, (_, listeners) in zip(rows, heard, strict=True)
        for endpoint in listeners
    )
