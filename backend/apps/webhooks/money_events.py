"""What the history of money says, as events for webhooks.

An arrow of a sale's or of held money's state machine is one event at most. The sums are those
fixed when the auction was sold, in major units; what was released or refunded since is read at
`GET /api/escrow/{id}/`.
"""

from collections.abc import Iterator, Sequence

from apps.payments.models import Escrow, Sale, StateChange
from apps.webhooks.auction_events import Happening, body_of
from apps.webhooks.kinds import EventKind
from domain.money import to_number
from domain.settlement import ESCROW, SALE, EscrowState, SaleStatus

_S, _H = SaleStatus, EscrowState

#: Machine, state after -> kind. What is not here is told to no endpoint.
KINDS: dict[tuple[str, str], EventKind] = {
    (SALE.name, _S.DUE): EventKind.SALE_CREATED,
    (SALE.name, _S.OFFERED): EventKind.SALE_CREATED,
    (SALE.name, _S.PAID): EventKind.PAYMENT_PAID,
    (SALE.name, _S.LAPSED): EventKind.SALE_LAPSED,
    (SALE.name, _S.CANCELLED): EventKind.SALE_CANCELLED,
    (ESCROW.name, _H.RELEASED): EventKind.PAYMENT_RELEASED,
    (ESCROW.name, _H.SPLIT): EventKind.PAYMENT_RELEASED,
    (ESCROW.name, _H.REFUNDED): EventKind.PAYMENT_REFUNDED,
    (ESCROW.name, _H.DISPUTED): EventKind.PAYMENT_DISPUTED,
    (ESCROW.name, _H.FROZEN): EventKind.PAYMENT_DISPUTED,
    (ESCROW.name, _H.LOST): EventKind.PAYMENT_REFUNDED,
    (ESCROW.name, _H.CLAWED_BACK): EventKind.PAYMENT_REFUNDED,
}
#: Held again after a refund of a part.
_PARTLY = (ESCROW.name, _H.REFUND_PENDING, _H.HELD)


def kind_of(change: StateChange) -> EventKind | None:
    """Return what an arrow is told as, None where it is not."""
    if (change.kind, change.was, change.became) == _PARTLY:
        return EventKind.PAYMENT_REFUNDED
    return KINDS.get((change.kind, change.became))


def happenings_of(changes: Sequence[StateChange]) -> Iterator[Happening]:
    """Yield what these changes tell, in their order; two queries however many."""
    told = [change for change in changes if kind_of(change) is not None]
    holds = _holds(told)
    sales = _sales(told, holds)
    for change in told:
        hold = holds.get(change.object_id) if change.kind == ESCROW.name else None
        sale = sales.get(hold.payment.sale_id if hold is not None else change.object_id)
        kind = kind_of(change)
        if sale is not None and kind is not None:
            yield Happening(
                source=f"money:{change.pk}",
                kind=kind,
                seller_id=sale.seller_id,
                at=change.at,
                body=body_of(kind, change.at, _data(change, sale, hold)),
            )


def _holds(changes: Sequence[StateChange]) -> dict[int, Escrow]:
    ids = {change.object_id for change in changes if change.kind == ESCROW.name}
    return Escrow.objects.filter(pk__in=ids).select_related("payment").in_bulk()


def _sales(changes: Sequence[StateChange], holds: dict[int, Escrow]) -> dict[int, Sale]:
    ids = {change.object_id for change in changes if change.kind == SALE.name}
    ids |= {hold.payment.sale_id for hold in holds.values()}
    return Sale.objects.filter(pk__in=ids).select_related("auction", "buyer").in_bulk()


def _data(change: StateChange, sale: Sale, hold: Escrow | None) -> dict[str, object]:
    return {
        "sale_id": sale.pk,
        "auction_id": sale.auction_id,
        "title": sale.auction.title,
        "buyer": sale.buyer.username,
        "status": change.became,
        "previous_status": change.was or None,
        "currency": sale.currency,
        "hammer": to_number(sale.hammer_minor, sale.currency),
        "commission": to_number(sale.commission_minor, sale.currency),
        "total": to_number(sale.total_minor, sale.currency),
        "payment_id": None if hold is None else hold.payment_id,
        "escrow_id": None if hold is None else hold.pk,
    }
