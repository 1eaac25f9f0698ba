"""Looks at what was bid, joined and left unpaid lately, and puts what stands out before people.

Each look reads the last hour again, for a rule's window may have begun in it. No bid waits for
this, and none is dropped by it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Max, Q

from apps.auctions.models import Auction
from apps.bidding.models import Bid
from apps.payments.models import Strike
from apps.risk.case_services import Finding, put_before_people
from apps.risk.collecting import network_of
from apps.risk.models import AccountKey, DepositNeed, RiskCase, ScanMark
from apps.users.models import LoginSession
from domain.auction import Status
from domain.risk import velocity
from domain.risk.links import HARD_KINDS, KeyKind, Link, Sighting, links_of

MARK = "bids"
READ_AGAIN = velocity.HOUR + timedelta(minutes=5)  # the longest window of bids, and late commits
BIDS_MAX = 20_000  # in one look
PRICES_MAX = 500  # of a category
PRICES_SINCE = timedelta(days=180)
JOINED_SINCE = 2 * velocity.DAY


class _Seen(NamedTuple):
    """A bid somebody made himself."""

    id: int
    bidder_id: int
    auction_id: int
    amount_minor: int
    placed_at: datetime
    joined_at: datetime


def look_for_patterns(now: datetime) -> int:
    """Apply every rule to what is new; returns how many cases were opened or renewed."""
    findings = [*_in_bids(now), *_in_accounts(now), *_in_links(), *_in_unpaid(now)]
    return sum(put_before_people(finding, at=now) for finding in findings)


# -- bids ---------------------------------------------------------------------------------------


def _in_bids(now: datetime) -> Iterator[Finding]:
    mark, _ = ScanMark.objects.get_or_create(pk=MARK, defaults={"at": now})
    bids = _bids_after(mark.row_id)
    yield from _bursts(bids)
    yield from _outliers(bids, now)
    read = [bid.id for bid in bids if bid.placed_at < now - READ_AGAIN]
    if read:
        ScanMark.objects.filter(pk=MARK).update(at=now, row_id=max(read))


def _bids_after(row_id: int) -> list[_Seen]:
    """Return the newest bids after a row; a maximum's answers are not its owner's doing."""
    rows = Bid.objects.filter(pk__gt=row_id, auto=False, void=False).order_by("-pk")
    columns = ("pk", "bidder_id", "auction_id", "amount_minor", "placed_at", "bidder__date_joined")
    return [_Seen(*row) for row in rows.values_list(*columns)[:BIDS_MAX]]


def _bursts(bids: Sequence[_Seen]) -> Iterator[Finding]:
    on_auction: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    of_new: dict[int, list[datetime]] = defaultdict(list)
    rule = velocity.BIDS_OF_NEW_ACCOUNT
    for bid in bids:
        on_auction[bid.bidder_id, bid.auction_id].append(bid.placed_at)
        if velocity.applies_to(rule, joined_at=bid.joined_at, at=bid.placed_at):
            of_new[bid.bidder_id].append(bid.placed_at)
    for (bidder_id, auction_id), instants in on_auction.items():
        found = velocity.burst(velocity.BIDS_ON_ONE_AUCTION, instants)
        if found is not None:
            kind = RiskCase.Kind.BIDS_ON_ONE_AUCTION
            yield _finding(found, kind, bidder_id, f"auction:{auction_id}", auction_id)
    for bidder_id, instants in of_new.items():
        found = velocity.burst(rule, instants)
        if found is not None:
            yield _finding(found, RiskCase.Kind.BIDS_OF_NEW_ACCOUNT, bidder_id, "account")


def _finding(
    found: velocity.Burst,
    kind: RiskCase.Kind,
    user_id: int,
    subject: str,
    auction_id: int | None = None,
) -> Finding:
    return Finding(
        kind=kind,
        user_id=user_id,
        subject=subject,
        auction_id=auction_id,
        evidence_at=found.ends_at,
        facts={
            "count": found.count,
            "allowed": found.rule.limit,
            "window_seconds": int(found.rule.window.total_seconds()),
            "begins_at": found.begins_at.isoformat(),
            "ends_at": found.ends_at.isoformat(),
        },
    )


def _outliers(bids: Iterable[_Seen], now: datetime) -> Iterator[Finding]:
    young = [bid for bid in bids if bid.placed_at - bid.joined_at < velocity.OUTLIER_AGE_MAX]
    auctions = Auction.objects.defer("description").in_bulk({bid.auction_id for bid in young})
    prices: dict[tuple[int | None, str], list[int]] = {}
    for bid in young:
        auction = auctions[bid.auction_id]
        place = (auction.category_id, auction.currency)
        if place not in prices:
            prices[place] = _prices(*place, now)
        known = prices[place]
        if velocity.is_outlier(
            bid.amount_minor, prices_minor=known, joined_at=bid.joined_at, at=bid.placed_at
        ):
            yield Finding(
                kind=RiskCase.Kind.OUTLIER_BID,
                user_id=bid.bidder_id,
                subject=f"auction:{bid.auction_id}",
                auction_id=bid.auction_id,
                seller_id=auction.seller_id,
                evidence_at=bid.placed_at,
                facts={
                    "amount_minor": bid.amount_minor,
                    "median_minor": velocity.median_minor(known),
                    "currency": auction.currency,
                    "prices": len(known),
                },
            )


def _prices(category_id: Any, currency: str, now: datetime) -> list[int]:
    """Return what the newest sales of a category went for."""
    sold = Auction.objects.filter(
        category_id=category_id,
        currency=currency,
        status=Status.ENDED,
        sold=True,
        final_minor__isnull=False,
        ended_at__gt=now - PRICES_SINCE,
    )
    found = sold.order_by("-ended_at").values_list("final_minor", flat=True)[:PRICES_MAX]
    return [price for price in found if price is not None]


# -- accounts -----------------------------------------------------------------------------------


def _in_accounts(now: datetime) -> Iterator[Finding]:
    """More new accounts from one network in a day than a household makes."""
    first_logins = LoginSession.objects.filter(
        user__date_joined__gt=now - JOINED_SINCE, ip_address__isnull=False
    ).order_by("created_at")
    joined: dict[str, dict[int, datetime]] = defaultdict(dict)
    placed: set[int] = set()
    for user_id, address, joined_at in first_logins.values_list(
        "user_id", "ip_address", "user__date_joined"
    ):
        if user_id not in placed:
            placed.add(user_id)
            joined[network_of(address)][user_id] = joined_at
    for users in joined.values():
        found = velocity.burst(velocity.NEW_ACCOUNTS, users.values())
        if found is not None:
            within = [u for u, at in users.items() if found.begins_at <= at <= found.ends_at]
            first = min(within)
            case = _finding(found, RiskCase.Kind.NEW_ACCOUNTS, first, f"account:{first}")
            yield replace(case, facts={**case.facts, "user_ids": sorted(within)})


def hard_links() -> list[Link]:
    """Return every hard link there is."""
    keys = AccountKey.objects.filter(kind__in=[kind.value for kind in HARD_KINDS]).order_by()
    users = keys.values("digest").annotate(users=Count("user_id", distinct=True))
    shared = users.filter(users__gt=1).values("digest")
    rows = keys.filter(digest__in=shared).values_list("user_id", "kind", "digest", "seen_at")
    return links_of(Sighting(user, KeyKind(kind), key, at) for user, kind, key, at in rows)


def _in_links() -> Iterator[Finding]:
    """Hard links between accounts of which one has bid on the other's auctions."""
    links = hard_links()
    linked = {user for link in links for user in (link.user_id, link.other_id)}
    bids = Bid.objects.filter(bidder_id__in=linked, auction__seller_id__in=linked).order_by()
    newest = {
        (bidder_id, seller_id): at
        for bidder_id, seller_id, at in bids.values("bidder_id", "auction__seller_id")
        .annotate(at=Max("placed_at"))
        .values_list("bidder_id", "auction__seller_id", "at")
    }
    for link in links:
        pair = (link.user_id, link.other_id)
        for bidder_id, seller_id in (pair, pair[::-1]):
            bid_at = newest.get((bidder_id, seller_id))
            if bid_at is not None:
                yield Finding(
                    kind=RiskCase.Kind.HARD_LINK,
                    user_id=bidder_id,
                    seller_id=seller_id,
                    subject=f"seller:{seller_id}",
                    evidence_at=max(bid_at, link.seen_at),
                    facts={"by": link.kind.value, "since": link.seen_at.isoformat()},
                )


# -- unpaid wins --------------------------------------------------------------------------------


def _in_unpaid(now: datetime) -> Iterator[Finding]:
    needs = DepositNeed.objects.filter(
        Q(until_at__gt=now), cause=DepositNeed.Cause.UNPAID
    ).values_list("pk", flat=True)
    unpaid: dict[int, list[datetime]] = defaultdict(list)
    rows = Strike.objects.filter(user_id__in=needs, at__gt=now - velocity.UNPAID_WINS_WINDOW)
    for user_id, at in rows.values_list("user_id", "at"):
        unpaid[user_id].append(at)
    for user_id, instants in unpaid.items():
        yield Finding(
            kind=RiskCase.Kind.UNPAID_WINS,
            user_id=user_id,
            subject="account",
            evidence_at=max(instants),
            facts={"count": len(instants), "days": velocity.UNPAID_WINS_WINDOW.days},
        )
