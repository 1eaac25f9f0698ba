"""What staff do to other people's listings, written down where staff's acts are."""

from django.db import transaction

from apps.auctions.models import Auction
from apps.core.witness import StaffAct, witness
from domain.auction import Status


@transaction.atomic
def write_down_end(auction_id: int, *, actor_id: int) -> None:
    """Write down that somebody of staff has just ended an auction; the seller's own is no act.

    The desk has committed by itself: a crash between leaves the end in the history alone.
    """
    auction = Auction.objects.get(pk=auction_id)
    if auction.seller_id != actor_id:
        witness(
            StaffAct(
                name="auction.end",
                actor_id=actor_id,
                target_id=auction_id,
                before={"status": Status.ACTIVE.value},
                after={"status": auction.status, "sold": auction.sold},
            )
        )
