"""The dashboard's series: the figures of each point of a period, for charts.

A query per kind of thing, whatever there is and however many points: each groups rows by the
number of their point. What is counted is what figures.py counts.
"""

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count, Model, Q, QuerySet, Sum

from apps.auctions.models import Auction
from apps.backoffice.models import Report
from apps.backoffice.windows import Window, rate
from apps.bidding.models import Bid
from apps.payments.models import EscrowDispute, Sale
from apps.users.models import User
from domain.auction import Status
from domain.money import to_number
from domain.settlement import SaleStatus

STANDS = (SaleStatus.DUE.value, SaleStatus.PAID.value)

Numbered = dict[int, dict[str, Any]]


def series(window: Window) -> list[dict[str, Any]]:
    """Return the points of a period in their order, amounts in major units."""
    people = _by_point(window, User.objects.all(), "date_joined", new_users=Count("pk"))
    bids = _by_point(
        window,
        Bid.objects.filter(void=False),
        "placed_at",
        bids=Count("pk"),
        active_bidders=Count("bidder", distinct=True),
    )
    ended = _by_point(
        window,
        Auction.objects.filter(status=Status.ENDED),
        "ended_at",
        ended=Count("pk"),
        sold=Count("pk", filter=Q(sold=True)),
    )
    disputes = _by_point(window, EscrowDispute.objects.all(), "opened_at", disputes=Count("pk"))
    reports = _by_point(window, Report.objects.all(), "created_at", reports=Count("pk"))
    sales = _sales(window)
    minutes = timedelta(seconds=window.step_seconds) / timedelta(minutes=1)
    points = []
    for number, (start_at, end_at) in enumerate(pairwise(window.edges)):
        point: dict[str, Any] = {"start_at": start_at, "end_at": end_at, **_NOTHING}
        for found in (people, bids, ended, disputes, reports):
            point.update(found.get(number, {}))
        point["bids_per_minute"] = point["bids"] / minutes
        point["conversion"] = rate(point["sold"], point["ended"])
        points.append(point | sales_figures(sales.get(number, [])))
    return points


#: A point in which nothing happened.
_NOTHING = {
    "new_users": 0,
    "bids": 0,
    "active_bidders": 0,
    "ended": 0,
    "sold": 0,
    "disputes": 0,
    "reports": 0,
}


def _by_point(window: Window, rows: "QuerySet[Any]", instant: str, **counts: Count) -> Numbered:
    return {row.pop("point"): row for row in _grouped(window, rows, instant).annotate(**counts)}


def _grouped(
    window: Window, rows: "QuerySet[Any]", instant: str, *keys: str
) -> "QuerySet[Model, dict[str, Any]]":
    numbered = rows.filter(window.now(instant)).annotate(point=window.point(instant))
    return numbered.values("point", *keys).order_by("point", *keys)


def _sales(window: Window) -> dict[int, list[dict[str, Any]]]:
    """Return a point's rows, one per currency."""
    grouped = _grouped(window, Sale.objects.all(), "created_at", "currency")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in grouped.annotate(**sales_counts(Q())):
        found[row["point"]].append(row)
    return found


def sales_counts(within: Q) -> dict[str, Any]:
    """Return what sales_figures reads of sales: sums and counts of those within a condition."""
    stands = within & Q(status__in=STANDS)
    return {
        "gross_minor": Sum("hammer_minor", filter=stands, default=0),
        "commissions_minor": Sum("commission_minor", filter=stands, default=0),
        "premiums_minor": Sum("premium_minor", filter=stands, default=0),
        "sales": Count("pk", filter=stands),
        "paid": Count("pk", filter=within & Q(status=SaleStatus.PAID)),
        "lapsed": Count("pk", filter=within & Q(status=SaleStatus.LAPSED)),
    }


def sales_figures(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of sales from a row of sales_counts per currency."""
    by_currency = []
    for row in rows:
        if row["sales"]:
            currency, gross_minor = row["currency"], row["gross_minor"]
            taken_minor = row["commissions_minor"] + row["premiums_minor"]
            by_currency.append(
                {
                    "currency": currency,
                    "amount": to_number(gross_minor, currency),
                    "taken": to_number(taken_minor, currency),
                    "take_rate": rate(taken_minor, gross_minor),
                }
            )
    sales, paid, lapsed = (sum(row[name] for row in rows) for name in ("sales", "paid", "lapsed"))
    return {
        "gmv": by_currency,
        "sales": sales,
        "paid": paid,
        "lapsed": lapsed,
        "unpaid_rate": rate(lapsed, paid + lapsed),
    }
