"""What an API key may do: its scopes, and which of them each path asks for.

Plain Python, and the whole answer: a path that is not here is opened by no key. Accounts and how
they are protected, staff's doors and the moving of money are left out on purpose.
"""

import re
from collections.abc import Iterable

KEY_PREFIX = "bbk_"
READ_BIDS, WRITE_BIDS = "read:bids", "write:bids"
READ_LISTINGS, WRITE_LISTINGS = "read:listings", "write:listings"
READ_NOTIFICATIONS = "read:notifications"

#: Scope -> what it opens, for people.
SCOPES = {
    "read:account": "one's own name, address, profile and company",
    READ_LISTINGS: "auctions, products, categories, one's own and watched ones",
    WRITE_LISTINGS: "listing, changing, ending and watching auctions, their pictures",
    READ_BIDS: "bids, histories, one's own maximums, the live room",
    WRITE_BIDS: "bidding, buying at once, maximums",
    "read:money": "one's own payments, held money, invoices, statements, subscription",
    "read:messages": "one's own messages and blocks",
    "write:messages": "writing messages, marking them as read, blocking",
    READ_NOTIFICATIONS: "one's own notifications, and their socket",
    "write:notifications": "marking notifications as read",
    "read:webhooks": "one's own webhooks and their log",
    "write:webhooks": "making, changing, testing and replaying webhooks",
}

_ID = "[0-9]+"
#: Path (without its last slash) -> scope to read, scope to write; empty: for no key. The first
#: that fits counts.
_PATHS: tuple[tuple[str, str, str], ...] = (
    (f"/api/auctions/{_ID}/buy-now", "", WRITE_BIDS),
    (f"/api/auction/products/{_ID}/place-bid", "", WRITE_BIDS),
    (f"/api/auction/products/{_ID}/(bids|highest-bid|my-bids)", READ_BIDS, ""),
    ("/api/(auctions|auction|categories|saved-searches)(/.*)?", READ_LISTINGS, WRITE_LISTINGS),
    (f"/api/users/{_ID}", READ_LISTINGS, ""),
    ("/api/users/(me|profile|business)", "read:account", ""),
    ("/api/(bids|auto-bids|bid-history)(/.*)?", READ_BIDS, WRITE_BIDS),
    ("/api/(payments|escrow|invoices|subscriptions)(/.*)?", "read:money", ""),
    ("/api/messages(/.*)?", "read:messages", "write:messages"),
    ("/api/notifications(/unread|/settings)?", READ_NOTIFICATIONS, ""),
    (f"/api/notifications/({_ID}/read|read-all)", "", "write:notifications"),
    ("/api/webhooks(/.*)?", "read:webhooks", "write:webhooks"),
)
_COMPILED = tuple((re.compile(path, re.ASCII), read, write) for path, read, write in _PATHS)
_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def scope_for(method: str, path: str) -> str:
    """Return the scope that a request needs, empty where no key may make it."""
    plain = path.rstrip("/")
    for pattern, read, write in _COMPILED:
        if pattern.fullmatch(plain):
            return read if method in _READS else write
    return ""


def is_key(credential: str) -> bool:
    """Tell whether a bearer credential says it is an API key."""
    return credential.startswith(KEY_PREFIX)


def in_order(scopes: Iterable[str]) -> list[str]:
    """Return scopes in their usual order, none twice."""
    found = set(scopes)
    return [scope for scope in SCOPES if scope in found]
