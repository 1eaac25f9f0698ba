"""Reads of bids, rules and history, and what the live room shows."""

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from apps.auctions.models import Auction
from apps.bidding.former_names import former_names, with_present_names
from apps.bidding.models import AutoBidRule, Bid, BidHistory
from apps.core.frames import RoomFrame
from apps.core.wire import frame
from domain.auction import Closing, Status
from domain.events import UserOutbid

#: Statuses whose bids nobody but the seller and staff may see.
_HIDDEN = (Status.DRAFT, Status.REMOVED)


def visible_bids() -> QuerySet[Bid]:
    """Return standing bids of auctions anybody may see, newest first, with names."""
    return (
        Bid.objects.filter(void=False)
        .exclude(auction__status__in=_HIDDEN)
        .select_related("bidder", "auction")
        .defer("auction__description")
        .order_by("-id")
    )


def bids_of_auction(auction_id: int) -> QuerySet[Bid]:
    """Return the bid list of an auction, newest first."""
    return visible_bids().filter(auction_id=auction_id).order_by("-seq", "-id")


def bids_of_user(user_id: int) -> QuerySet[Bid]:
    """Return all bids of a user, void ones included, newest first."""
    return (
        Bid.objects.filter(bidder_id=user_id)
        .select_related("bidder", "auction")
        .defer("auction__description")
        .order_by("-id")
    )


def contested_bids(user_id: int, *, winning: bool, now: Any) -> QuerySet[Bid]:
    """Return the user's highest live bid per active timed auction (register 14).

    Winning: he leads, whatever the reserve; losing: somebody else does. An offers listing
    counts by its offers in force (B10); on a timed auction a window is moot.
    """
    highest = (
        Bid.objects.filter(bidder_id=user_id, void=False, auction_id=OuterRef("auction_id"))
        .filter(Q(auction__closing=Closing.TIMED) | Q(valid_from__lte=now, valid_until__gte=now))
        .order_by("-amount_minor", "seq")
        .values("pk")[:1]
    )
    bids = Bid.objects.filter(
        pk=Subquery(highest),
        bidder_id=user_id,
        auction__status=Status.ACTIVE,
        auction__end_at__gt=now,
    )
    leads = Q(auction__leader_id=user_id)
    return (
        (bids.filter(leads) if winning else bids.exclude(leads))
        .select_related("bidder", "auction")
        .defer("auction__description")
        .order_by("auction__end_at", "id")
    )


def auto_bid_rules_of_user(user_id: int) -> QuerySet[AutoBidRule]:
    """Return the user's live maximums, newest first."""
    return (
        AutoBidRule.objects.filter(bidder_id=user_id, active=True)
        .select_related("auction")
        .order_by("-id")
    )


def auto_bid_rule(rule_id: int, *, user_id: int) -> AutoBidRule | None:
    """Return one's own live rule; another's is None like an absent one."""
    return auto_bid_rules_of_user(user_id).filter(pk=rule_id).first()


def public_history(auction_id: int) -> QuerySet[BidHistory]:
    """Return what the room was told, in order; drafts and removed auctions have none."""
    return (
        BidHistory.objects.filter(auction_id=auction_id, seq__isnull=False)
        .exclude(auction__status__in=_HIDDEN)
        .select_related("bidder", "auction")
        .defer("auction__description")
        .order_by("seq")
    )


def auction_accepts_reader(auction_id: int, *, user_id: int | None, is_staff: bool) -> bool:
    """Return whether the user may see the auction at all."""
    auction = Auction.objects.filter(pk=auction_id).only("status", "seller_id").first()
    if auction is None:
        return False
    if auction.status not in _HIDDEN or is_staff:
        return True
    return auction.status == Status.DRAFT and auction.seller_id == user_id


def room_frames(auction_id: int, after_seq: int, limit: int) -> list[RoomFrame]:
    """Return the room's frames after a seq, in order, at most `limit` that everybody sees.

    Each is followed by what it meant for the one bidder it cost the lead.
    """
    rows = BidHistory.objects.filter(auction_id=auction_id, seq__gt=after_seq).order_by("seq")
    columns = ("seq", "frame", "outbid_id", "at", "amount_minor", "auction__currency")
    frames: list[RoomFrame] = []
    names: dict[str, str] | None = None
    for seq, data, outbid_id, at, amount_minor, currency, has_former_names in rows.values_list(
        *columns, "auction__has_former_names"
    )[:limit]:
        if names is None:
            names = former_names(auction_id) if has_former_names else {}
        frames.append(RoomFrame(seq=seq, data=with_present_names(bytes(data), names)))
        if outbid_id is not None:
            event = UserOutbid(seq=seq, at=at, user_id=outbid_id, new_bid_minor=amount_minor)
            told = frame(event, auction_id, currency, {})
            frames.append(RoomFrame(seq=seq, data=told, user_id=outbid_id))
    return frames


def room_heads(auction_ids: Iterable[int]) -> dict[int, int]:
    """Return the last seq of each auction, in one query."""
    rows = Auction.objects.filter(pk__in=list(auction_ids))
    return dict(rows.values_list("pk", "seq"))


def last_event_id() -> int | None:
    """Return the id of the last row of any history: what a list of auctions shows is as of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT MAX(id) FROM bidding_bidhistory")
        found: int | None = cursor.fetchone()[0]
        return found


def own_standing(auction_id: int, user_id: int) -> dict[str, Any]:
    """Return what only the user himself may know of his place in an auction, minor units."""
    auction = Auction.objects.filter(pk=auction_id).annotate(
        own_max=Subquery(
            AutoBidRule.objects.filter(
                auction_id=OuterRef("pk"), bidder_id=user_id, active=True
            ).values("max_minor")[:1]
        ),
        own_bid=Subquery(
            Bid.objects.filter(auction_id=OuterRef("pk"), bidder_id=user_id, void=False)
            .order_by("-amount_minor")
            .values("amount_minor")[:1]
        ),
        own_currency=F("currency"),
    )
    row = auction.values("leader_id", "own_max", "own_bid", "currency", "seller_id").first()
    if row is None:
        return {}
    return {
        "leading": row["leader_id"] == user_id,
        "seller": row["seller_id"] == user_id,
        "max_minor": row["own_max"],
        "highest_minor": row["own_bid"],
        "currency": row["currency"],
    }


_currencies: dict[int, str] = {}
_CURRENCIES_MAX = 100_000  # entries; a currency is fixed once an auction is published


def currency_of(auction_id: int) -> str | None:
    """Return a published auction's currency; None where a bidder sees no auction.

    Kept in memory, because every bid needs it before it can be understood.
    """
    known = _currencies.get(auction_id)
    if known is not None:
        return known
    row = Auction.objects.filter(pk=auction_id).exclude(status__in=_HIDDEN).values("currency")
    found = row.first()
    if found is None:
        return None
    if len(_currencies) >= _CURRENCIES_MAX:
        _currencies.clear()
    currency: str = found["currency"]
    _currencies[auction_id] = currency
    return currency


def currency_known(auction_id: int) -> str | None:
    """Return the currency if it is in memory: for event loops, which must not ask a database."""
    return _currencies.get(auction_id)
