"""The dashboard's figures: a period up to now beside the one before it, of the same length.

A constant number of queries whatever there is. What is counted:

* gross merchandise value: hammer prices of sales opened in the period that stand (due or paid);
  lapsed, cancelled and merely offered ones do not count. By currency; nothing is converted.
* take rate: commission and premium of those sales per gross merchandise value.
* conversion: sold per ended auctions. Unpaid rate: lapsed per decided (paid or lapsed) sales.
* bids: visible ones that are not void; active bidders: whose they are, each once.

Rates are fractions, None where there is nothing to divide by.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Q, When

from apps.auctions.models import Auction
from apps.backoffice.models import Report
from apps.backoffice.series import sales_counts, sales_figures, series
from apps.backoffice.windows import STEPS_OF, Window, rate, window_of
from apps.bidding.models import Bid
from apps.payments.models import EscrowDispute, Sale
from apps.users.models import User
from domain.auction import Status


def dashboard(period: str, now: datetime, step: str = "") -> dict[str, Any]:
    """Return the figures as the door shows them, amounts in major units."""
    step = step or STEPS_OF[period][0]
    window = window_of(period, now, step)
    sections: dict[str, dict[str, Any]] = {
        "users": _users(window),
        "auctions": _auctions(window),
        "bids": _bids(window),
        "payments": _payments(window),
        "disputes": _disputes(window),
        "reports": _reports(window),
    }
    return {"period": period, "step": step, **sections, "series": series(window)}


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
        found[f"conversion_{when}"] = rate(found[f"sold_{when}"], found[f"ended_{when}"])
    return {"active": found["active"]} | _both(found, "created", "ended", "sold", "conversion")


def _bids(window: Window) -> dict[str, Any]:
    """Return the figures of bids: the most rows there are, so with the fewest comparisons."""
    both = Q(placed_at__gte=window.before_at, placed_at__lt=window.end_at)
    found: dict[str, Any] = Bid.objects.filter(both, void=False).aggregate(
        count_now=Count("pk", filter=Q(placed_at__gte=window.start_at)),
        count=Count("pk"),
        active_bidders_now=Count(_bidder(placed_at__gte=window.start_at), distinct=True),
        active_bidders_then=Count(_bidder(placed_at__lt=window.start_at), distinct=True),
    )
    found["count_then"] = found["count"] - found["count_now"]
    minutes = (window.end_at - window.start_at) / timedelta(minutes=1)
    for when in ("now", "then"):
        found[f"per_minute_{when}"] = found[f"count_{when}"] / minutes
    return _both(found, "count", "per_minute", "active_bidders")


def _bidder(**within: datetime) -> Case:
    """Return whose a bid is, nobody's where it lies elsewhere; quicker than a filter on SQLite."""
    return Case(When(**within, then=F("bidder")))


def _payments(window: Window) -> dict[str, Any]:
    """Return the figures of sales, by when they were opened."""
    grouped = Sale.objects.filter(created_at__gte=window.before_at, created_at__lt=window.end_at)
    now, then = (sales_counts(within("created_at")) for within in (window.now, window.then))
    found = list(
        grouped.values("currency")
        .order_by("currency")
        .annotate(**{f"{name}_now": count for name, count in now.items()})
        .annotate(**{f"{name}_then": count for name, count in then.items()})
    )

    def of(when: str) -> dict[str, Any]:
        return sales_figures(
            [{name.removesuffix(f"_{when}"): value for name, value in row.items()} for row in found]
        )

    return of("now") | {"previous": of("then")}


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
