"""Staff take an auction away: no bid of it stands, people are told, money goes back.

What runs or has yet to start becomes `removed` by the desk's command, which tells its room. What
has ended stays on record as ended, for a finished auction never changes its status; what is left
of it goes: the sale is cancelled, open payments end, what is held returns to the buyer.

The desk commits by itself. A crash between that and the audit row leaves a removed auction
without one: removing it again writes the row. Raises HouseRefused, MoneyRefused, DeskFull.
"""

from datetime import datetime

from django.db import transaction

from apps.auctions.models import Auction
from apps.backoffice import audit
from apps.backoffice.models import AuditEntry
from apps.backoffice.refusals import HouseReason, HouseRefused
from apps.backoffice.sanctions import tell_sanctioned
from apps.bidding.desk import desk
from apps.core import clock
from apps.payments import escrow_services
from apps.payments.models import Escrow, Sale
from apps.payments.sales import cancel_sale_of_auction, sale_of_auction
from apps.payments.services import expire_open_payments
from domain.auction import Status
from domain.commands import CancelAuction
from domain.lifecycle import FINISHED
from domain.reasons import Reason, Refused
from domain.settlement import OPEN_SALES, EscrowState


def remove_auction(auction_id: int, *, actor_id: int, reason: str) -> AuditEntry:
    """Remove an auction for a reason that its people are told; returns the log's row.

    Its seller is mailed how to appeal. Source: register 27.
    """
    was = _status(auction_id, actor_id)
    removed = was == Status.REMOVED
    if was not in FINISHED:
        command = CancelAuction(actor_id=actor_id, is_staff=True, reason=reason, removed=True)
        try:
            desk.ask(auction_id, command)
            removed = True
        except Refused as refused:
            if refused.refusal.reason is not Reason.NOT_ACTIVE:
                raise
            was = _status(auction_id, actor_id)  # its time has just run out
    with transaction.atomic():
        now = clock.database_now()
        if removed and not _is_recorded(auction_id):
            before, after = {"status": was}, {"status": Status.REMOVED.value}
        elif was == Status.ENDED:
            before, after = _unwind_sale(auction_id, actor_id=actor_id, at=now)
        else:
            raise HouseRefused(HouseReason.NOT_REMOVABLE, status=was)
        entry = audit.record(
            audit.Act.AUCTION_REMOVE,
            actor_id=actor_id,
            target_id=auction_id,
            before=before,
            after=after,
            at=now,
            reason=reason,
        )
        tell_sanctioned(entry, f"your auction {auction_id} was removed")
    return entry


def _status(auction_id: int, actor_id: int) -> str:
    found = Auction.objects.filter(pk=auction_id).values_list("status", "seller_id").first()
    if found is None:
        raise HouseRefused(HouseReason.NO_AUCTION)
    if found[1] == actor_id:
        raise HouseRefused(HouseReason.OWN_MONEY)
    return str(found[0])


def _is_recorded(auction_id: int) -> bool:
    """Tell whether its removal was written down; two who ask at once wait for each other."""
    Auction.objects.select_for_update().get(pk=auction_id)
    acts = AuditEntry.objects.filter(act=audit.Act.AUCTION_REMOVE, target_id=auction_id)
    return acts.exists()


def _unwind_sale(
    auction_id: int, *, actor_id: int, at: datetime
) -> tuple[dict[str, str], dict[str, str]]:
    """Cancel the sale of an ended auction and give its money back; before and after."""
    cause = f"staff:{actor_id}"
    sale_of_auction(auction_id)  # opened if nobody has yet; the auction's row is locked from here
    open_ones = Sale.objects.filter(auction_id=auction_id, status__in=OPEN_SALES)
    found = open_ones.select_for_update().first()
    if found is None:
        raise HouseRefused(HouseReason.NOT_REMOVABLE, status=Status.ENDED.value)
    if found.buyer_id == actor_id:
        raise HouseRefused(HouseReason.OWN_MONEY)
    before = {"status": Status.ENDED.value, "sale": found.status}
    sale = cancel_sale_of_auction(auction_id, cause, at)
    assert sale is not None, "its row is locked"
    expire_open_payments(sale, cause=cause, at=at)
    after = {"status": Status.ENDED.value, "sale": sale.status}
    hold = Escrow.objects.filter(payment__sale=sale).exclude(state=EscrowState.REFUNDED).first()
    if hold is not None:
        before["held_money"] = hold.state
        if hold.state == EscrowState.DISPUTED:
            escrow_services.resolve_dispute(hold.pk, actor_id, outcome="refund", is_part=True)
        else:
            escrow_services.refund_hold(hold.pk, None, cause=cause, is_part=True)
        after["held_money"] = EscrowState.REFUND_PENDING.value
    return before, after
