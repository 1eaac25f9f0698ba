"""A listing once more: its terms, lots and pictures in a new draft of the same seller.

Who may, and when, is asked by whoever calls this: it depends on how the first one ended.
"""

from typing import Any

from apps.auctions import services
from apps.auctions.models import Auction, AuctionImage
from apps.auctions.terms import NewAuction, present_terms
from apps.core import clock


def copy_as_draft(auction: Auction) -> Auction:
    """Store a draft that says what this listing says, its times aside; returns it.

    Call it inside a transaction that has the listing's row locked: nobody may take its pictures
    away meanwhile, whose files both will show. Raises InvalidTerms where the house's limits have
    changed since.
    """
    terms: dict[str, Any] = present_terms(auction, list(auction.lots.all()))
    terms |= {"start_at": None, "end_at": None, "duration_seconds": _duration_seconds(auction)}
    hard_close = terms["soft_close"] is None
    asked = NewAuction(**terms, hard_close=hard_close)
    draft = services.create_auction(auction.seller_id, asked=asked)
    AuctionImage.objects.bulk_create(
        AuctionImage(
            auction=draft,
            image=picture.image,
            thumbnail=picture.thumbnail,
            position=picture.position,
            created_at=clock.now(),
        )
        for picture in auction.images.all()
    )
    return draft


def _duration_seconds(auction: Auction) -> int | None:
    """Return how long it was planned to run, as far as a draft may; None: the house's default."""
    seconds = auction.duration_seconds
    if auction.start_at is not None and auction.original_end_at is not None:
        seconds = int((auction.original_end_at - auction.start_at).total_seconds())
    if seconds is None:
        return None
    limits = services.house_limits()
    return max(limits.duration_seconds_min, min(seconds, limits.duration_seconds_max))
