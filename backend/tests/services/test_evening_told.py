"""An evening of fifty bidders: everybody is told exactly what a naive reader of the logs expects.

None missing, none extra, none twice: read now and then or all at once, with the reader killed at
every point where it writes, with the layer between processes forgetting everything. The same with
real processes, killed for good: tests/e2e/test_told_after_kills.py.
"""

import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.db import connection

from apps.bidding.desk import desk
from apps.notifications import telling
from apps.notifications.models import AuctionReading, Notification
from domain.commands import PlaceBid
from tests.cast import Cast
from tests.evenings import Evening
from tests.factories import AuctionFactory
from tests.told import differences, expected, told

pytestmark = pytest.mark.django_db(transaction=True)

KILLS = 10
KINDS = {
    *("outbid", "reserve_met", "won", "lost", "sold", "unsold", "cancelled", "message"),
    *("paid", "dispute", "refund", "released"),
}


def query(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def tell_all() -> None:
    while telling.tell(ever=True):
        pass


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_evening_tells_exactly_what_a_naive_reader_expects(seed: int) -> None:
    evening = Evening(seed)
    chance = random.Random(seed)
    for _ in evening.scenes():
        if chance.random() < 0.7:
            telling.tell(limit=chance.choice([3, 20, 1000]))
    evening.close()
    tell_all()

    assert differences(query) == ""
    kinds = Counter(kind for _, kind, *_ in told(query).elements())
    print(f"evening {seed}: {sum(kinds.values())} told, {dict(kinds)}")  # noqa: T201
    assert set(kinds) >= KINDS - {"unsold"}


class Killed(Exception):
    """The process is gone: what it had not committed never was."""


def test_reader_killed_at_every_point_tells_nobody_less_or_more(monkeypatch: Any) -> None:
    evening, chance, killed = Evening(seed=4), random.Random(4), Counter[str]()

    def flaky(place: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def maybe(*args: Any, **kwargs: Any) -> Any:
            if killed.total() < KILLS and killed[place] < 2 and chance.random() < 0.5:
                killed[place] += 1
                raise Killed
            done = work(*args, **kwargs)
            if killed.total() < KILLS and chance.random() < 0.5:
                killed[f"after {place}"] += 1
                raise Killed
            return done

        return maybe

    monkeypatch.setattr(telling, "notify", flaky("notify", telling.notify))
    for name in ("bulk_create", "bulk_update"):
        work = getattr(AuctionReading.objects, name)
        monkeypatch.setattr(AuctionReading.objects, name, flaky(name, work))

    def tell_until_killed() -> None:
        try:
            telling.tell(limit=25)
        except Killed:
            forget_layer()

    for _ in evening.scenes():
        tell_until_killed()
    evening.close()
    for _ in range(200):
        tell_until_killed()
    monkeypatch.undo()
    tell_all()

    assert killed.total() == KILLS
    assert differences(query) == ""


def forget_layer() -> None:
    """Let whatever ties processes together lose its groups; real ones are flushed elsewhere."""
    layer: Any = get_channel_layer()
    if isinstance(layer, InMemoryChannelLayer):
        async_to_sync(layer.flush)()


def test_the_naive_reader_sees_what_is_missing_extra_and_told_twice() -> None:
    evening = Evening(seed=5, bidders=10)
    evening.storm(100)
    evening.close()
    tell_all()
    assert differences(query) == ""

    row = Notification.objects.filter(kind="lost").order_by("pk").first()
    assert row is not None
    row.pk, row.source = None, "again"
    row.save()
    assert "1 twice" in differences(query)
    row.data = {**row.data, "seq": 10_000}
    row.save()
    assert "1 extra" in differences(query)
    row.delete()
    Notification.objects.filter(kind="sold").delete()
    missing = sum(kind == "sold" for _, kind, *_ in expected(query))
    assert f"{missing} missing" in differences(query)


def test_offers_are_told_the_seller(cast: Cast) -> None:
    auction = AuctionFactory(seller=cast.seller, seller_choice=True)
    for user, amount in ((cast.bidder1, 240_00), (cast.bidder2, 250_00)):
        desk.ask(auction.pk, PlaceBid(actor_id=user.pk, amount_minor=amount))
    tell_all()

    assert Counter(what for _, what, *_ in told(query)) == {"offer": 2, "outbid": 1}
    assert differences(query) == ""
