"""The dashboard against SQL of another making: one plain statement for each figure and window."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.auctions.models import Auction
from apps.backoffice.figures import dashboard
from apps.backoffice.models import Report
from apps.backoffice.windows import PERIODS, STEPS_OF, STEPS_SECONDS, window_of
from apps.bidding.models import Bid
from apps.core import clock
from apps.payments.models import Escrow, EscrowDispute, Payment, Sale
from apps.users.models import User
from domain.money import to_number
from tests.factories import AuctionFactory, UserFactory

pytestmark = pytest.mark.django_db
CHARTS = [(period, step) for period, steps in STEPS_OF.items() for step in steps]
DAYS = 800  # more than a year and the year before it


# --- a market at random -----------------------------------------------------------------------


def some_market(seed: int, *, auctions: int = 60, bids: int = 400) -> None:
    """Store two years at random; many instants lie on the edges of points, or a hair beside."""
    chance, now = random.Random(seed), clock.now()
    people = [UserFactory() for _ in range(12)]
    for person in people:
        User.objects.filter(pk=person.pk).update(date_joined=some_instant(chance, now))
    rows = []
    for _ in range(auctions):
        ended_at = some_instant(chance, now)
        rows.append(
            AuctionFactory(
                seller=people[0],
                ended=True,
                ended_at=ended_at,
                created_at=ended_at - timedelta(days=7),
                currency=chance.choice(["USD", "JPY"]),
            )
        )
    for auction in rows:
        if chance.random() < 0.7:
            store_sale(auction, chance.choice(people[1:]).pk, chance)
    store_bids(rows, people[1:], bids, chance)
    for number, person in enumerate(people[1:]):
        Report.objects.create(
            reporter=person,
            kind="user",
            target_id=people[0].pk,
            reason="spam",
            state=chance.choice(["upheld", "dismissed"]),
            created_at=now - timedelta(days=7 * number),
            resolved_at=now - timedelta(days=5 * number),
        )


def some_instant(chance: random.Random, now: datetime) -> datetime:
    """Return an instant of the last two years, often lately, often where two points meet."""
    days = chance.choice([1, 7, 30, 365, DAYS])
    length = STEPS_SECONDS[chance.choice(list(STEPS_SECONDS))]
    if chance.random() < 0.5:
        edge = now - timedelta(seconds=length * chance.randrange(0, days * 86_400 // length + 1))
        return edge + timedelta(microseconds=chance.choice([-1, 0, 0, 1, 999_999]))
    return now - timedelta(microseconds=chance.randrange(0, days * 86_400 * 10**6))


def store_sale(auction: Auction, buyer_id: int, chance: random.Random) -> None:
    hammer_minor = chance.randrange(1_00, 9_000_00)
    Auction.objects.filter(pk=auction.pk).update(
        sold=True, winner_id=buyer_id, final_minor=hammer_minor
    )
    sale = Sale.objects.create(
        auction=auction,
        seller=auction.seller,
        buyer_id=buyer_id,
        currency=auction.currency,
        hammer_minor=hammer_minor,
        premium_minor=hammer_minor // 10,
        total_minor=hammer_minor + hammer_minor // 10,
        commission_minor=hammer_minor // 20,
        status=chance.choice(["due", "offered", "paid", "paid", "lapsed", "cancelled"]),
        due_at=auction.ended_at,
        created_at=auction.ended_at,
    )
    if sale.status == "paid":
        store_dispute(sale, chance)


def store_dispute(sale: Sale, chance: random.Random) -> None:
    payment = Payment.objects.create(
        sale=sale,
        buyer_id=sale.buyer_id,
        method="stripe",
        provider="sandbox",
        currency=sale.currency,
        amount_minor=sale.total_minor,
        status="succeeded",
        created_at=sale.created_at,
        expires_at=sale.due_at,
    )
    hold = Escrow.objects.create(
        payment=payment,
        seller=sale.seller,
        buyer_id=sale.buyer_id,
        currency=sale.currency,
        amount_minor=sale.total_minor,
        state="held",
        held_at=sale.created_at,
    )
    opened_at = some_instant(chance, clock.now())
    EscrowDispute.objects.create(
        escrow=hold,
        reason="damaged",
        amount_minor=1,
        opened_at=opened_at,
        decided_at=opened_at if chance.random() < 0.5 else None,
    )


def store_bids(rows: Any, people: Any, count: int, chance: random.Random) -> None:
    now = clock.now()
    Bid.objects.bulk_create(
        Bid(
            auction=chance.choice(rows),
            bidder=chance.choice(people),
            amount_minor=100_00,
            led=True,
            seq=number + 1,
            placed_at=some_instant(chance, now),
            void=chance.random() < 0.1,
        )
        for number in range(count)
    )


# --- the other way to count -------------------------------------------------------------------

#: Section of the dashboard -> figure -> one statement for a window.
WITHIN = "{0} >= %(start)s AND {0} < %(end)s"
COUNTS = {
    "users": {"new": f"SELECT COUNT(*) FROM users_user WHERE {WITHIN.format('date_joined')}"},
    "auctions": {
        "created": f"SELECT COUNT(*) FROM auctions_auction WHERE {WITHIN.format('created_at')}",
        "ended": "SELECT COUNT(*) FROM auctions_auction WHERE status = 'ended' AND "
        + WITHIN.format("ended_at"),
        "sold": "SELECT COUNT(*) FROM auctions_auction WHERE status = 'ended' AND sold AND "
        + WITHIN.format("ended_at"),
    },
    "bids": {
        "count": "SELECT COUNT(*) FROM bidding_bid WHERE NOT void AND "
        + WITHIN.format("placed_at"),
        "active_bidders": "SELECT COUNT(*) FROM (SELECT bidder_id FROM bidding_bid WHERE NOT void"
        f" AND {WITHIN.format('placed_at')} GROUP BY bidder_id) AS people",
    },
    "payments": {
        "sales": "SELECT COUNT(*) FROM payments_sale WHERE status IN ('due', 'paid') AND "
        + WITHIN.format("created_at"),
        "paid": "SELECT COUNT(*) FROM payments_sale WHERE status = 'paid' AND "
        + WITHIN.format("created_at"),
        "lapsed": "SELECT COUNT(*) FROM payments_sale WHERE status = 'lapsed' AND "
        + WITHIN.format("created_at"),
    },
    "disputes": {
        "opened": f"SELECT COUNT(*) FROM payments_escrowdispute WHERE {WITHIN.format('opened_at')}"
    },
    "reports": {
        "opened": f"SELECT COUNT(*) FROM backoffice_report WHERE {WITHIN.format('created_at')}",
        "resolved": f"SELECT COUNT(*) FROM backoffice_report WHERE {WITHIN.format('resolved_at')}",
    },
}
GROSS = (
    "SELECT currency, SUM(hammer_minor), SUM(commission_minor), SUM(premium_minor)"
    f" FROM payments_sale WHERE status IN ('due', 'paid') AND {WITHIN.format('created_at')}"
    " GROUP BY currency ORDER BY currency"
)
STANDING = {
    ("users", "total"): "SELECT COUNT(*) FROM users_user",
    ("users", "suspended"): "SELECT COUNT(*) FROM users_user WHERE NOT is_active"
    " AND banned_at IS NULL",
    ("users", "banned"): "SELECT COUNT(*) FROM users_user WHERE banned_at IS NOT NULL",
    ("auctions", "active"): "SELECT COUNT(*) FROM auctions_auction WHERE status = 'active'",
    ("disputes", "open"): "SELECT COUNT(*) FROM payments_escrowdispute WHERE decided_at IS NULL",
    ("reports", "open"): "SELECT COUNT(*) FROM backoffice_report WHERE state = 'open'",
}


def asked(statement: str, start_at: datetime, end_at: datetime) -> list[Any]:
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(statement, {"start": adapt(start_at), "end": adapt(end_at)})
        return cursor.fetchall()


def slowly(start_at: datetime, end_at: datetime) -> dict[str, dict[str, Any]]:
    """Return each figure of a window by a statement of its own."""
    found: dict[str, dict[str, Any]] = {
        section: {
            name: asked(statement, start_at, end_at)[0][0] for name, statement in counts.items()
        }
        for section, counts in COUNTS.items()
    }
    found["payments"]["gmv"] = [
        {
            "currency": currency,
            "amount": to_number(int(hammer), currency),
            "taken": to_number(int(commission + premium), currency),
            "take_rate": int(commission + premium) / int(hammer),
        }
        for currency, hammer, commission, premium in asked(GROSS, start_at, end_at)
    ]
    sold, ended = found["auctions"]["sold"], found["auctions"]["ended"]
    lapsed, paid = found["payments"]["lapsed"], found["payments"]["paid"]
    found["auctions"]["conversion"] = sold / ended if ended else None
    found["payments"]["unpaid_rate"] = lapsed / (lapsed + paid) if lapsed + paid else None
    minutes = (end_at - start_at) / timedelta(minutes=1)
    found["bids"]["per_minute"] = found["bids"]["count"] / minutes
    return found


#: Section, figure -> what a point of the series calls it.
IN_POINTS = {
    ("users", "new"): "new_users",
    ("auctions", "ended"): "ended",
    ("auctions", "sold"): "sold",
    ("auctions", "conversion"): "conversion",
    ("bids", "count"): "bids",
    ("bids", "per_minute"): "bids_per_minute",
    ("bids", "active_bidders"): "active_bidders",
    ("payments", "sales"): "sales",
    ("payments", "paid"): "paid",
    ("payments", "lapsed"): "lapsed",
    ("payments", "gmv"): "gmv",
    ("payments", "unpaid_rate"): "unpaid_rate",
    ("disputes", "opened"): "disputes",
    ("reports", "opened"): "reports",
}


@pytest.mark.parametrize("seed", [7, 8])
@pytest.mark.parametrize("period", PERIODS)
def test_figures_are_those_of_plain_sql(period, seed, frozen_clock):
    some_market(seed)
    now = frozen_clock.instant

    shown = dashboard(period, now)

    for (section, name), statement in STANDING.items():
        assert shown[section].pop(name) == asked(statement, now, now)[0][0], name
    length = PERIODS[period]
    for section, figures in slowly(now - 2 * length, now - length).items():
        assert shown[section].pop("previous") == figures
    for section, figures in slowly(now - length, now).items():
        assert shown[section] == figures


@pytest.mark.parametrize(("period", "step"), CHARTS)
def test_points_are_those_of_plain_sql(period, step, frozen_clock):
    some_market(seed=9)
    now = frozen_clock.instant

    points = dashboard(period, now, step)["series"]

    start_at = now - PERIODS[period]
    for point in points:
        end_at = start_at + timedelta(seconds=STEPS_SECONDS[step])
        slow = slowly(start_at, end_at)
        named = {told: slow[section][name] for (section, name), told in IN_POINTS.items()}
        assert point == {"start_at": start_at, "end_at": end_at, **named}
        start_at = end_at
    assert start_at == now
    assert sum(point["bids"] for point in points) > 0


def test_a_period_counts_what_happened_within_the_present_second(frozen_clock):
    now = frozen_clock.instant + timedelta(microseconds=400_000)
    store_bids([AuctionFactory()], [UserFactory()], 1, random.Random(1))
    Bid.objects.update(placed_at=now, void=False)

    assert dashboard("day", now)["bids"]["count"] == 1
    assert window_of("day", now).end_at == frozen_clock.instant + timedelta(seconds=1)


@pytest.mark.parametrize(("period", "step"), CHARTS)
def test_the_door_answers_every_step_of_a_period(cast, api, period, step):
    answer = api(cast.staff).get(f"/api/admin/dashboard/?period={period}&step={step}")

    assert (answer.status_code, answer.json()["step"]) == (200, step)
    count = PERIODS[period] // timedelta(seconds=STEPS_SECONDS[step])
    assert len(answer.json()["series"]) == count


def test_a_step_too_fine_or_too_coarse_is_400(cast, api):
    answer = api(cast.staff).get("/api/admin/dashboard/?period=year&step=hour")

    assert (answer.status_code, answer.json()["fields"]) == (400, ["step"])


def test_figures_take_the_same_queries_however_much_there_is(frozen_clock):
    with CaptureQueriesContext(connection) as empty:
        dashboard("year", frozen_clock.instant)
    some_market(seed=8, auctions=10, bids=50)
    with CaptureQueriesContext(connection) as full:
        dashboard("year", frozen_clock.instant, "day")

    assert len(empty) == len(full) == 12
