"""The dashboard's figures: a period up to now beside the one before it, of the same length.

A constant number of queries whatever there is. What is counted:

* gross merchandise value: hammer prices of sales opened in the period that stand (due or paid);
  lapsed, cancelled and merely offered ones do not count. By currency; nothing is converted.
* take rate: commission and premium of those sales per gross merchandise value.
* conversion: sold per ended auctions. Unpaid rate: lapsed per decided (paid or lapsed) sales.
* bids: visible ones that are not void; active bidders: whose they are, each once.

Rates are fractions, None where there is nothing to divide by.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Sum, Value, When

from apps.auctions.models import Auction
from apps.backoffice.models import Report
from apps.bidding.models import Bid
from apps.payments.models import EscrowDispute, Sale
from apps.users.models import User
from domain.auction import Status
from domain.money import to_number
from domain.settlement import SaleStatus

#: Period -> its length, and how many points its series has.
PERIODS = {
    "day": (timedelta(days=1), 24),
    "week": (timedelta(days=7), 7),
    "month": (timedelta(days=30), 30),
    "year": (timedelta(days=365), 12),
}
STANDS = (SaleStatus.DUE.value, SaleStatus.PAID.value)


@dataclass(frozen=True, slots=True)
class Window:
    """`[start_at, end_at)`, the period; as long before it, the one it is compared with."""

    start_at: datetime
    end_at: datetime
    point_count: int

    @property
    def before_at(self) -> datetime:
        """When the period before began."""
        return self.start_at - (self.end_at - self.start_at)

    @property
    def edges(self) -> list[datetime]:
        """Where the points of the series begin, and where the last one ends."""
        step = (self.end_at - self.start_at) / self.point_count
        return [self.start_at + step * index for index in range(self.point_count)] + [self.end_at]

    def now(self, name: str) -> Q:
        """Return the rows whose instant lies in the period."""
        return Q(**{f"{name}__gte": self.start_at, f"{name}__lt": self.end_at})

    def then(self, name: str) -> Q:
        """Return the rows whose instant lies in the period before."""
        return Q(**{f"{name}__gte": self.before_at, f"{name}__lt": self.start_at})

    def point(self, name: str) -> Case:
        """Return the number of the point a row of the period belongs to."""
        return Case(
            *(
                When(**{f"{name}__lt": edge}, then=Value(number))
                for number, edge in enumerate(self.edges[1:-1])
            ),
            default=Value(self.point_count - 1),
            output_field=IntegerField(),
        )


def window_of(period: str, now: datetime) -> Window:
    """Return the period that ends now."""
    length, point_count = PERIODS[period]
    return Window(now - length, now, point_count)


def dashboard(period: str, now: datetime) -> dict[str, Any]:
    """Return the figures as the door shows them, amounts in major units."""
    window = window_of(period, now)
    sections: dict[str, dict[str, Any]] = {
        "users": _users(window),
        "auctions": _auctions(window),
        "bids": _bids(window),
        "payments": _payments(window),
        "disputes": _disputes(window),
        "reports": _reports(window),
    }
    return {"period": period, **sections, "series": _series(window)}


def _both(found: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return `{name: …, previous: {name: …}}` from `name_now` and `name_then`."""
    return {
        **{name: found[f"{name}_now"] for name in names},
        "previous": {name: found[f"{name}_then"] for name in names},
    }


def _counts(window: Window, **conditions: tuple[str, Q]) -> dict[str, Count]:
    """Return counts over both periods: name -> (its instant, what else must hold)."""
    counts: dict[str, Count] = {}
    for name, (instant, condition) in conditions.items():
        counts[f"{name}_now"] = Count("pk", filter=window.now(instant) & condition)
        counts[f"{name}_then"] = Count("pk", filter=window.then(instant) & condition)
    return counts


def _users(window: Window) -> dict[str, Any]:
    found = User.objects.aggregate(
        total=Count("pk"),
        suspended=Count("pk", filter=Q(is_active=False, banned_at=None)),
        banned=Count("pk", filter=Q(banned_at__isnull=False)),
        **_counts(window, new=("date_joined", Q())),
    )
    standing = {name: found[name] for name in ("total", "suspended", "banned")}
    return standing | _both(found, "new")


def _auctions(window: Window) -> dict[str, Any]:
    ended = Q(status=Status.ENDED)
    found = Auction.objects.aggregate(
        active=Count("pk", filter=Q(status=Status.ACTIVE)),
        **_counts(
            window,
            created=("created_at", Q()),
            ended=("ended_at", ended),
            sold=("ended_at", ended & Q(sold=True)),
        ),
    )
    for when in ("now", "then"):
        found[f"conversion_{when}"] = _rate(found[f"sold_{when}"], found[f"ended_{when}"])
    return {"active": found["active"]} | _both(found, "created", "ended", "sold", "conversion")


def _bids(window: Window) -> dict[str, Any]:
    rows = Bid.objects.filter(void=False, placed_at__gte=window.before_at)
    minutes = (window.end_at - window.start_at) / timedelta(minutes=1)
    found = rows.aggregate(
        **_counts(window, count=("placed_at", Q())),
        active_bidders_now=Count("bidder", distinct=True, filter=window.now("placed_at")),
        active_bidders_then=Count("bidder", distinct=True, filter=window.then("placed_at")),
    )
    for when in ("now", "then"):
        found[f"per_minute_{when}"] = found[f"count_{when}"] / minutes
    return _both(found, "count", "per_minute", "active_bidders")


def _payments(window: Window) -> dict[str, Any]:
    stands = Q(status__in=STANDS)
    sums: dict[str, Sum] = {}
    for when, within in (("now", window.now("created_at")), ("then", window.then("created_at"))):
        for name in ("hammer_minor", "commission_minor", "premium_minor"):
            sums[f"{name}_{when}"] = Sum(name, filter=within & stands, default=0)
    rows = (
        Sale.objects.filter(created_at__gte=window.before_at)
        .values("currency")
        .order_by("currency")
        .annotate(
            **sums,
            **_counts(
                window,
                sales=("created_at", stands),
                paid=("created_at", Q(status=SaleStatus.PAID)),
                lapsed=("created_at", Q(status=SaleStatus.LAPSED)),
            ),
        )
    )
    found = list(rows)
    return _money(found, "now") | {"previous": _money(found, "then")}


def _money(rows: list[Any], when: str) -> dict[str, Any]:
    """Return one period's figures from a row per currency."""
    by_currency = []
    for row in rows:
        hammer = row[f"hammer_minor_{when}"]
        taken = row[f"commission_minor_{when}"] + row[f"premium_minor_{when}"]
        if row[f"sales_{when}"]:
            by_currency.append(
                {
                    "currency": row["currency"],
                    "amount": to_number(hammer, row["currency"]),
                    "taken": to_number(taken, row["currency"]),
                    "take_rate": _rate(taken, hammer),
                }
            )
    sales, paid, lapsed = (
        sum(row[f"{name}_{when}"] for row in rows) for name in ("sales", "paid", "lapsed")
    )
    return {
        "gmv": by_currency,
        "sales": sales,
        "paid": paid,
        "lapsed": lapsed,
        "unpaid_rate": _rate(lapsed, paid + lapsed),
    }


def _disputes(window: Window) -> dict[str, Any]:
    found = EscrowDispute.objects.aggregate(
        open=Count("pk", filter=Q(decided_at=None)), **_counts(window, opened=("opened_at", Q()))
    )
    return {"open": found["open"]} | _both(found, "opened")


def _reports(window: Window) -> dict[str, Any]:
    found = Report.objects.aggregate(
        open=Count("pk", filter=Q(state=Report.State.OPEN)),
        **_counts(window, opened=("created_at", Q()), resolved=("resolved_at", Q())),
    )
    return {"open": found["open"]} | _both(found, "opened", "resolved")


def _series(window: Window) -> list[dict[str, Any]]:
    """Return the period in equal points; each query groups by a row's point."""
    bids = _by_point(
        window,
        Bid.objects.filter(void=False),
        "placed_at",
        count=Count("pk"),
        bidders=Count("bidder", distinct=True),
    )
    people = _by_point(window, User.objects.all(), "date_joined", count=Count("pk"))
    sales: dict[int, list[dict[str, Any]]] = defaultdict(list)
    grouped = (
        Sale.objects.filter(window.now("created_at"), status__in=STANDS)
        .annotate(point=window.point("created_at"))
        .values("point", "currency")
        .order_by("point", "currency")
        .annotate(amount_minor=Sum("hammer_minor"))
    )
    for row in grouped:
        amount = to_number(row["amount_minor"], row["currency"])
        sales[row["point"]].append({"currency": row["currency"], "amount": amount})
    return [
        {
            "start_at": start_at,
            "end_at": end_at,
            "new_users": people.get(number, {}).get("count", 0),
            "bids": bids.get(number, {}).get("count", 0),
            "active_bidders": bids.get(number, {}).get("bidders", 0),
            "gmv": sales[number],
        }
        for number, (start_at, end_at) in enumerate(
            zip(window.edges, window.edges[1:], strict=False)
        )
    ]


def _by_point(
    window: Window, rows: QuerySet[Any], instant: str, **counts: Count
) -> dict[int, dict[str, int]]:
    grouped = (
        rows.filter(window.now(instant))
        .annotate(point=window.point(instant))
        .values("point")
        .order_by("point")
        .annotate(**counts)
    )
    return {row["point"]: row for row in grouped}


def _rate(part: int, whole: int) -> float | None:
    return part / whole if whole else None
