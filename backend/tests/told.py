"""What people should have been told, worked out anew by a naive reader of the tables.

Nothing of apps/notifications is used here: the rows of the logs are read in their order, one at a
time, by plain SELECTs, through whatever `query` reads with. What somebody was told is a Told:
(user, kind, auction or conversation, row or message); 0 stands for what a kind does not have.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

Query = Callable[[str], Sequence[tuple[Any, ...]]]
Told = tuple[int, str, int, int]

BIDS = {"bid_placed", "auto_bid_triggered", "buy_now"}
BOTH = ("buyer", "seller")
#: kind of row, before, after -> (who, what) he is told.
MONEY: dict[tuple[str, str, str], tuple[tuple[str, str], ...]] = {
    ("sale", "due", "paid"): (("buyer", "paid"), ("seller", "paid")),
    ("sale", "offered", "paid"): (("buyer", "paid"), ("seller", "paid")),
    ("sale", "due", "lapsed"): (("buyer", "payment_lapsed"), ("seller", "payment_lapsed")),
    ("sale", "offered", "lapsed"): (("buyer", "payment_lapsed"), ("seller", "payment_lapsed")),
    ("hold", "release_pending", "released"): (("seller", "released"),),
    ("hold", "refund_pending", "refunded"): (("buyer", "refund"), ("seller", "refund")),
    ("hold", "refund_pending", "held"): (("buyer", "refund"), ("seller", "refund")),
    ("hold", "held", "disputed"): (("buyer", "dispute"), ("seller", "dispute")),
    ("hold", "disputed", "release_pending"): (("buyer", "dispute"), ("seller", "dispute")),
    ("hold", "disputed", "refund_pending"): (("buyer", "dispute"), ("seller", "dispute")),
    ("hold", "disputed", "split_pending"): (("buyer", "dispute"), ("seller", "dispute")),
    ("hold", "split_pending", "split"): (("buyer", "refund"), ("seller", "released")),
}


def expected(query: Query, ending: Mapping[int, int] | None = None) -> Counter[Told]:
    """Return everything that should have been told; `ending`: auction -> seconds of its warning."""
    sellers = dict(query("SELECT id, seller_id FROM auctions_auction"))
    offers = {pk for (pk,) in query("SELECT id FROM auctions_auction WHERE closing <> 'timed'")}
    watchers: dict[int, set[int]] = {}
    for auction_id, user_id in query("SELECT auction_id, user_id FROM auctions_watchlist"):
        watchers.setdefault(auction_id, set()).add(user_id)
    logs: dict[int, list[tuple[Any, ...]]] = {auction_id: [] for auction_id in sellers}
    for auction_id, *row in query(
        "SELECT auction_id, type, bidder_id, outbid_id, seq FROM bidding_bidhistory"
        " ORDER BY auction_id, number"
    ):
        logs[auction_id].append(tuple(row))
    found: Counter[Told] = Counter()
    for auction_id, log in logs.items():
        bidders: set[int] = set()
        watching = watchers.get(auction_id, set())
        found.update(_of_auction(auction_id, sellers[auction_id], log, bidders, watching))
        if auction_id in offers:
            made = [(sellers[auction_id], seq) for kind, *_, seq in log if kind == "bid_placed"]
            found.update((seller, "offer", auction_id, seq) for seller, seq in made)
        if ending and auction_id in ending:
            warned = (bidders | watching) - {sellers[auction_id]}
            found.update((user, "ending_soon", auction_id, ending[auction_id]) for user in warned)
    found.update(_of_money(query))
    messages = query("SELECT recipient_id, conversation_id, id FROM notifications_message")
    found.update(
        (user, "message", conversation, message) for user, conversation, message in messages
    )
    return found


def _of_auction(
    auction_id: int,
    seller: int,
    log: list[tuple[Any, ...]],
    bidders: set[int],
    watching: set[int],
) -> Iterator[Told]:
    """Yield what the log of one auction tells; `bidders` ends as those whose bids stand."""
    for kind, bidder, outbid, seq in log:
        if kind in BIDS:
            bidders.add(bidder)
        told: list[tuple[int, str]] = []
        if outbid and kind != "buy_now":
            told.append((outbid, "outbid"))
        if kind == "bid_retracted":
            bidders.discard(bidder)
        if kind == "reserve_met":
            told += [(user, "reserve_met") for user in bidders | {seller}]
        if kind == "auction_ended":
            told += [(user, "lost") for user in bidders - {bidder}]
            told += [(bidder, "won"), (seller, "sold")] if bidder else [(seller, "unsold")]
        if kind == "auction_cancelled":
            told += [(user, "cancelled") for user in bidders | watching | {seller}]
        if kind == "second_chance_offer":
            told.append((bidder, "second_chance"))
        yield from ((user, what, auction_id, seq or 0) for user, what in told)


def _of_money(query: Query) -> Iterator[Told]:
    sales = {
        sale: (auction, {"buyer": buyer, "seller": seller})
        for sale, auction, buyer, seller in query(
            "SELECT id, auction_id, buyer_id, seller_id FROM payments_sale"
        )
    }
    sale_of_hold = dict(
        query(
            "SELECT payments_escrow.id, sale_id FROM payments_escrow"
            " JOIN payments_payment ON payments_payment.id = payment_id"
        )
    )
    for kind, number, was, became in query(
        "SELECT kind, object_id, was, became FROM payments_statechange ORDER BY id"
    ):
        for who, what in MONEY.get((kind, was, became), ()):
            auction, people = sales[number if kind == "sale" else sale_of_hold[number]]
            yield people[who], what, auction, 0


def told(query: Query) -> Counter[Told]:
    """Return everything that was told."""
    found: Counter[Told] = Counter()
    for user, kind, data in query("SELECT user_id, kind, data FROM notifications_notification"):
        facts = json.loads(data) if isinstance(data, str) else data
        about = facts.get("conversation_id") or facts["auction_id"]
        which = facts.get("message_id") or facts.get("seconds") or facts.get("seq") or 0
        found[user, kind, about, which] += 1
    return found


def shown(query: Query) -> Counter[tuple[int, str]]:
    """Return how many of each kind everybody's list speaks for: gathered ones by their `count`."""
    found: Counter[tuple[int, str]] = Counter()
    for user, kind, count in query(
        "SELECT user_id, kind, count FROM notifications_notification WHERE NOT replaced"
    ):
        found[user, kind] += count
    return found


def differences(query: Query, ending: Mapping[int, int] | None = None) -> str:
    """Return what is missing, extra or told twice, as text; empty where all is as it should be."""
    wanted, found = expected(query, ending), told(query)
    parts = {
        "missing": wanted - found,
        "extra": Counter({key: n for key, n in (found - wanted).items() if key not in wanted}),
        "twice": Counter({key: n for key, n in (found - wanted).items() if key in wanted}),
    }
    gathered = Counter((user, kind) for (user, kind, *_), n in wanted.items() for _ in range(n))
    if not any(parts.values()) and shown(query) != gathered:
        parts["counted wrongly"] = shown(query) - gathered
    return "; ".join(
        f"{sum(rows.values())} {word}: {sorted(rows)[:5]}" for word, rows in parts.items() if rows
    )
