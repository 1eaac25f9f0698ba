"""Who is linked with whom: by what, how surely, and how far the graph reaches."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.risk.links import (
    HARD_KINDS,
    MEANINGS,
    NETWORK_WITHIN,
    SHARED_BY_MAX,
    KeyKind,
    Link,
    Sighting,
    links_of,
    reachable,
)

NOW = datetime(2026, 2, 22, 10, 30, tzinfo=UTC)
ALICE, BOB, CAROL, DAVE = 1, 2, 3, 4


def seen(user, kind=KeyKind.PAYER, digest="k", after=timedelta(0)):
    return Sighting(user, kind, digest, NOW + after)


@pytest.mark.parametrize("kind", KeyKind)
def test_two_accounts_with_one_key_are_linked(kind):
    (link,) = links_of([seen(BOB, kind), seen(ALICE, kind)])

    assert link == Link(ALICE, BOB, kind, NOW)
    assert link.is_hard is (kind in {KeyKind.PAYER, KeyKind.PAYOUT, KeyKind.WALLET})
    assert MEANINGS[kind]


def test_kinds_do_not_mix_and_nobody_is_linked_with_himself():
    assert links_of([seen(ALICE, KeyKind.PAYER), seen(BOB, KeyKind.PAYOUT)]) == []
    assert links_of([seen(ALICE), seen(ALICE, after=timedelta(days=1))]) == []
    assert links_of([seen(ALICE, digest="one"), seen(BOB, digest="other")]) == []


def test_one_network_links_within_a_day_only():
    apart = NETWORK_WITHIN
    assert links_of([seen(ALICE, KeyKind.NETWORK), seen(BOB, KeyKind.NETWORK, after=apart)]) == []

    near = apart - timedelta(seconds=1)
    (link,) = links_of([seen(ALICE, KeyKind.NETWORK), seen(BOB, KeyKind.NETWORK, after=near)])

    assert link.seen_at == NOW + near


def test_other_keys_link_however_far_apart():
    (link,) = links_of([seen(ALICE), seen(BOB, after=timedelta(days=900))])

    assert link.kind in HARD_KINDS


def test_the_same_link_is_told_once_with_its_beginning():
    later = timedelta(days=5)
    sightings = [
        seen(ALICE),
        seen(BOB, after=later),
        seen(ALICE, digest="x"),
        seen(BOB, digest="x"),
    ]

    assert links_of(sightings) == [Link(ALICE, BOB, KeyKind.PAYER, NOW)]


def test_what_very_many_share_links_nobody_unless_it_is_hard():
    many = range(1, SHARED_BY_MAX + 2)

    assert links_of(seen(user, KeyKind.ADDRESS) for user in many) == []
    assert (
        len(links_of(seen(user, KeyKind.PAYER) for user in many)) == len(many) * SHARED_BY_MAX / 2
    )


def test_graph_reaches_as_far_as_asked():
    links = [
        Link(ALICE, BOB, KeyKind.PAYER, NOW),
        Link(BOB, CAROL, KeyKind.ADDRESS, NOW),
        Link(CAROL, DAVE, KeyKind.ADDRESS, NOW),
    ]

    assert reachable(links, ALICE, hops_max=0) == {ALICE: 0}
    assert reachable(links, ALICE, hops_max=2) == {ALICE: 0, BOB: 1, CAROL: 2}
    assert reachable(links, DAVE, hops_max=9) == {DAVE: 0, CAROL: 1, BOB: 2, ALICE: 3}
