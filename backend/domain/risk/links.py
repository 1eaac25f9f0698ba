"""Which accounts share something: keys seen with accounts, links between them, the graph.

A hard link is one that two strangers do not share by accident: the card or account money comes
from, the account it goes to. A soft one they may: a flat's address, a browser behind one router.
Keys are digests here; what they stand for nobody needs.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations

NETWORK_WITHIN = timedelta(hours=24)  # two accounts in one network with one browser
SHARED_BY_MAX = 20  # accounts; what more than these share links nobody


class KeyKind(StrEnum):
    """What two accounts may share."""

    PAYER = "payer"  # a card's fingerprint, a PayPal payer
    PAYOUT = "payout"  # the bank account a seller is paid to
    WALLET = "wallet"  # one that is paid from and paid to, at PayPal
    NETWORK = "network"  # a network and a browser's name
    ADDRESS = "address"  # a postal address
    MAIL_DOMAIN = "mail_domain"  # of an address, unless it is a public mail service


HARD_KINDS = frozenset({KeyKind.PAYER, KeyKind.PAYOUT, KeyKind.WALLET})

#: Kind -> what a link by it says to a reviewer.
MEANINGS = {
    KeyKind.PAYER: "Both paid with the same card or account",
    KeyKind.PAYOUT: "Both are paid to the same account",
    KeyKind.WALLET: "Both use one PayPal account, to pay or to be paid",
    KeyKind.NETWORK: "Both came from one network with the same browser within a day",
    KeyKind.ADDRESS: "Both gave the same postal address",
    KeyKind.MAIL_DOMAIN: "Both have mail at the same small domain",
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """A key seen with an account."""

    user_id: int
    kind: KeyKind
    digest: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Two accounts that share a key, the lower id first; `seen_at` is when it became so."""

    user_id: int
    other_id: int
    kind: KeyKind
    seen_at: datetime

    @property
    def is_hard(self) -> bool:
        """Whether it is one that strangers do not share."""
        return self.kind in HARD_KINDS


def links_of(sightings: Iterable[Sighting]) -> list[Link]:
    """Return who is linked with whom, once per kind, in order of the accounts.

    A key that very many share is a street, not a person: it links nobody, unless it is hard.
    """
    by_key: dict[tuple[KeyKind, str], list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        by_key[sighting.kind, sighting.digest].append(sighting)
    earliest: dict[tuple[int, int, KeyKind], datetime] = {}
    for (kind, _), seen in by_key.items():
        if kind not in HARD_KINDS and len({one.user_id for one in seen}) > SHARED_BY_MAX:
            continue
        for one, other in combinations(sorted(seen, key=lambda s: s.seen_at), 2):
            if one.user_id == other.user_id or not _together(one, other):
                continue
            pair = (min(one.user_id, other.user_id), max(one.user_id, other.user_id), kind)
            earliest[pair] = min(earliest.get(pair, other.seen_at), other.seen_at)
    return sorted(Link(*pair, seen_at) for pair, seen_at in earliest.items())


def _together(one: Sighting, other: Sighting) -> bool:
    """Whether the later of two sightings of one key counts with the earlier."""
    return one.kind is not KeyKind.NETWORK or other.seen_at - one.seen_at < NETWORK_WITHIN


def reachable(links: Iterable[Link], start_id: int, *, hops_max: int) -> dict[int, int]:
    """Return the accounts around one, with how many links away each is; itself with 0."""
    neighbours: dict[int, set[int]] = defaultdict(set)
    for link in links:
        neighbours[link.user_id].add(link.other_id)
        neighbours[link.other_id].add(link.user_id)
    found = {start_id: 0}
    edge = [start_id]
    for hops in range(1, hops_max + 1):
        edge = sorted({other for user in edge for other in neighbours[user]} - found.keys())
        found.update(dict.fromkeys(edge, hops))
    return found
