"""What a case rests on, made for eyes: a small graph of accounts and auctions, and a time line.

Read when a reviewer asks; nothing of it is stored twice. Keys are named by kind, never shown.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from apps.bidding.models import Bid
from apps.payments.models import Strike
from apps.risk.models import AccountKey, RiskCase
from apps.users.models import User
from domain.risk.links import MEANINGS, KeyKind, Link, Sighting, links_of, reachable

HOPS_MAX = 2  # from the case's accounts
ACCOUNTS_MAX, AUCTIONS_MAX = 30, 20
KEYS_MAX = 2_000  # rows read
MOMENTS_MAX = 200  # the newest


@dataclass(frozen=True, slots=True)
class Node:
    """An account or an auction. `id` is its kind and number."""

    id: str
    kind: str  # account, auction
    name: str
    role: str = ""  # of an account: suspect, seller, linked


@dataclass(frozen=True, slots=True)
class Edge:
    """A shared key, or who sells or bids on what. `count` is of bids."""

    start: str  # the id of a node
    end: str
    kind: str  # sells, bids, or a KeyKind
    hard: bool
    text: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened. Amounts in minor units of the currency."""

    at: datetime
    what: str
    text: str
    user: str | None = None
    auction_id: int | None = None
    amount_minor: int | None = None
    currency: str | None = None


@dataclass(slots=True)
class Evidence:
    """All a reviewer sees of a case besides its parts."""

    nodes: list[Node] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)  # the oldest first


def evidence_of(case: RiskCase) -> Evidence:
    """Return the graph and the time line of a case, in a constant number of statements."""
    links = _links_around(_accounts_of(case))
    users = _named(_near(case, links))
    links = [link for link in links if link.user_id in users and link.other_id in users]
    bids = _bids_of(case)
    auctions = {bid["auction_id"]: bid for bid in bids}
    found = Evidence()
    found.nodes = [*_user_nodes(case, users), *_auction_nodes(auctions.values())]
    found.edges = [*_link_edges(links), *_market_edges(bids, users)]
    moments = [*_moments(case, users, links, bids)]
    found.moments = sorted(moments, key=lambda moment: moment.at)[-MOMENTS_MAX:]
    return found


def _accounts_of(case: RiskCase) -> set[int]:
    named = {case.user_id, *case.facts.get("user_ids", ())}
    return named | ({case.seller_id} if case.seller_id else set())


def _links_around(user_ids: set[int]) -> list[Link]:
    """Return the links of accounts and of those they are linked with."""
    around = user_ids
    rows: list[Any] = []
    for _ in range(HOPS_MAX):
        digests = AccountKey.objects.filter(user_id__in=around).values("digest")
        keys = AccountKey.objects.filter(digest__in=digests).order_by("-seen_at")
        rows = list(keys.values_list("user_id", "kind", "digest", "seen_at")[:KEYS_MAX])
        around = around | {row[0] for row in rows}
    return links_of(Sighting(user, KeyKind(kind), key, at) for user, kind, key, at in rows)


def _near(case: RiskCase, links: list[Link]) -> list[int]:
    """Return the accounts to show, the nearest first."""
    hops: dict[int, int] = {}
    for start_id in _accounts_of(case):
        for user_id, far in reachable(links, start_id, hops_max=HOPS_MAX).items():
            hops[user_id] = min(far, hops.get(user_id, far))
    return sorted(hops, key=lambda user_id: (hops[user_id], user_id))[:ACCOUNTS_MAX]


def _named(user_ids: list[int]) -> dict[int, User]:
    columns = ("pk", "username", "date_joined")
    rows = User.objects.filter(pk__in=user_ids).only(*columns).in_bulk()
    return {user_id: rows[user_id] for user_id in user_ids if user_id in rows}


def _bids_of(case: RiskCase) -> list[Any]:
    """Return what the case's accounts bid, on the seller's auctions or the auction it is about."""
    bids = Bid.objects.filter(bidder_id=case.user_id)
    if case.auction_id is not None:
        bids = bids.filter(auction_id=case.auction_id)
    elif case.seller_id is not None:
        bids = bids.filter(auction__seller_id=case.seller_id)
    newest = bids.order_by("-pk").values(
        "bidder_id", "auction_id", "amount_minor", "placed_at", "void", "auction__title",
        "auction__seller_id", "auction__currency", "auction__ended_at", "auction__winner_id",
    )  # fmt: skip
    shown: dict[int, None] = {}
    rows: list[Any] = []
    for bid in newest[:MOMENTS_MAX]:
        shown.setdefault(bid["auction_id"])
        if len(shown) > AUCTIONS_MAX:
            break
        rows.append(bid)
    return rows


def _user_nodes(case: RiskCase, users: dict[int, User]) -> Iterator[Node]:
    for user_id, user in users.items():
        role = {case.user_id: "suspect", case.seller_id: "seller"}.get(user_id, "linked")
        yield Node(f"account:{user_id}", "account", user.username, role)


def _auction_nodes(bids: Iterable[Any]) -> Iterator[Node]:
    for bid in bids:
        yield Node(f"auction:{bid['auction_id']}", "auction", bid["auction__title"])


def _link_edges(links: list[Link]) -> Iterator[Edge]:
    for link in links:
        yield Edge(
            start=f"account:{link.user_id}",
            end=f"account:{link.other_id}",
            kind=link.kind.value,
            hard=link.is_hard,
            text=MEANINGS[link.kind],
        )


def _market_edges(bids: list[Any], users: dict[int, User]) -> Iterator[Edge]:
    counts: dict[tuple[int, int], int] = {}
    sellers: dict[int, int] = {}
    for bid in bids:
        pair = (bid["bidder_id"], bid["auction_id"])
        counts[pair] = counts.get(pair, 0) + 1
        sellers[bid["auction_id"]] = bid["auction__seller_id"]
    for (bidder_id, auction_id), count in counts.items():
        start, end = f"account:{bidder_id}", f"auction:{auction_id}"
        yield Edge(start, end, "bids", hard=False, text="Bids", count=count)
    for auction_id, seller_id in sellers.items():
        if seller_id in users:
            start, end = f"account:{seller_id}", f"auction:{auction_id}"
            yield Edge(start, end, "sells", hard=False, text="Sells")


def _moments(
    case: RiskCase, users: dict[int, User], links: list[Link], bids: list[Any]
) -> Iterator[Moment]:
    for user in users.values():
        yield Moment(user.date_joined, "joined", "The account was made", user.username)
    for link in links:
        names = f"{users[link.user_id].username}, {users[link.other_id].username}"
        yield Moment(link.seen_at, "linked", MEANINGS[link.kind], names)
    for strike in Strike.objects.filter(user_id__in=users).select_related("sale"):
        name = users[strike.user_id].username
        yield Moment(strike.at, "unpaid", "A win was not paid", name, strike.sale.auction_id)
    yield from _bid_moments(bids, users)
    yield Moment(case.opened_at, "case_opened", "This case was opened")
    if case.decided_at is not None and case.decided_by is not None:
        by = case.decided_by.username
        yield Moment(case.decided_at, "decided", f"Staff decided: {case.state}", by)


def _bid_moments(bids: list[Any], users: dict[int, User]) -> Iterator[Moment]:
    ended: dict[int, Any] = {}
    for bid in bids:
        yield Moment(
            bid["placed_at"],
            "bid",
            "A bid, void since" if bid["void"] else "A bid",
            users[bid["bidder_id"]].username,
            bid["auction_id"],
            bid["amount_minor"],
            bid["auction__currency"],
        )
        if bid["auction__ended_at"] is not None:
            ended[bid["auction_id"]] = bid
    for auction_id, bid in ended.items():
        won = bid["auction__winner_id"] == bid["bidder_id"]
        text = "The auction ended; won by this account" if won else "The auction ended"
        yield Moment(bid["auction__ended_at"], "auction_ended", text, None, auction_id)
