"""Bids as the BidBazaar guide lists them: ranked by amount, in force or lapsed (B2, B5, B6, B9).

A bid of a timed auction never lapses (R17); one whose window has passed on a listing that takes
offers is out of force, though still listed.
"""

from datetime import datetime

from django.db.models import BigIntegerField, Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.expressions import F
from django.db.models.functions import Coalesce

from apps.auctions.models import Auction
from apps.bidding.models import Bid
from domain.auction import Closing

#: Highest first, the earlier on a tie (B5). On a timed auction a tie means that the leader's
#: earlier maximum answered with the same amount, so there the bid that led comes first (R2).
_RANK = (
    "-amount_minor",
    Case(When(auction__closing=Closing.TIMED, led=False, then=Value(1)), default=Value(0)),
    "seq",
)


def bids_by_rank(auction_id: int) -> QuerySet[Bid]:
    """Return an auction's standing bids, highest first, with bidder, currency and window.

    `from_at` and `until_at` are the bid's window; a bid without one stands from its time to the
    auction's end (register 8).
    """
    return (
        Bid.objects.filter(auction_id=auction_id, void=False)
        .annotate(
            currency=F("auction__currency"),
            from_at=Coalesce("valid_from", "placed_at"),
            until_at=Coalesce("valid_until", "auction__end_at"),
        )
        .select_related("bidder")
        .order_by(*_RANK)
    )


def highest_bid(auction_id: int, *, now: datetime) -> Bid | None:
    """Return the highest bid in force, without one the highest there ever was (B5)."""
    ranked = Bid.objects.filter(auction_id=auction_id, void=False).order_by(*_RANK)
    highest = Coalesce(_first(ranked.filter(_in_force(now)), "pk"), _first(ranked, "pk"))
    return bids_by_rank(auction_id).filter(pk=highest).first()


def with_highest_bid(auctions: QuerySet[Auction], *, now: datetime) -> QuerySet[Auction]:
    """Annotate auctions with `highest_bid_id` and `highest_bid_minor` (B6), in the same query.

    Sold: the bid that was taken. Else the highest in force, without one no id and the highest
    amount there ever was.
    """
    ranked = Bid.objects.filter(auction_id=OuterRef("pk"), void=False).order_by(*_RANK)
    in_force = ranked.filter(_in_force(now))
    return auctions.annotate(
        highest_bid_id=Case(
            When(sold=True, then=Coalesce("sold_bid_id", _first(in_force, "pk"))),
            default=_first(in_force, "pk"),
        ),
        highest_bid_minor=Case(
            When(sold=True, then=F("final_minor")),
            default=Coalesce(_first(in_force, "amount_minor"), _first(ranked, "amount_minor")),
        ),
    )


def _in_force(now: datetime) -> Q:
    """B2: whatever has not expired counts, a pending bid too; its end is still inside."""
    return Q(auction__closing=Closing.TIMED) | Q(valid_until__gte=now)


def _first(bids: QuerySet[Bid], column: str) -> Subquery:
    return Subquery(bids.values(column)[:1], output_field=BigIntegerField())
