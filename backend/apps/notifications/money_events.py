"""What the history of money says, as notes to the two people of a sale.

Made from StateChange rows: an arrow of a state machine tells the buyer, the seller or both.
Amounts are minor units of the sale's currency.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from apps.core.wire import instant
from apps.notifications.kinds import Kind, Note, auction_url, shown_amount
from apps.notifications.sentences import Says
from apps.payments.models import Escrow, Sale, StateChange
from domain.money import to_number
from domain.settlement import ESCROW, SALE, EscrowState, SaleStatus

ORDERS_URL = "/my/orders"
BUYER, SELLER = "buyer", "seller"


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told what of an arrow; {title} and {total} are the sale's."""

    who: str
    kind: Kind
    says: Says
    title: str
    body: str = ""


_H, _S = EscrowState, SaleStatus
_OPENED = (
    Told(
        SELLER,
        Kind.DISPUTE,
        Says.DISPUTED_TO_SELLER,
        "The buyer disputes {title}",
        "The money stays held until then.",
    ),
    Told(
        BUYER,
        Kind.DISPUTE,
        Says.DISPUTED_TO_BUYER,
        "Your dispute over {title} is open",
        "The money stays held.",
    ),
)
_FOR_SELLER = "The dispute over {title} is decided for the seller"
_FOR_BUYER = "The dispute over {title} is decided for the buyer"
_BANK_DISPUTES = Told(
    SELLER,
    Kind.DISPUTE,
    Says.BANK_DISPUTES,
    "The buyer's bank disputes the payment for {title}",
)
_REFUNDED = (
    Told(BUYER, Kind.REFUND, Says.REFUNDED_TO_BUYER, "You got money back for {title}"),
    Told(SELLER, Kind.REFUND, Says.REFUNDED_TO_SELLER, "The buyer of {title} got money back"),
)


def _both(says: Says, title: str) -> tuple[Told, ...]:
    """Tell the two of a dispute the same."""
    return tuple(Told(who, Kind.DISPUTE, says, title) for who in (BUYER, SELLER))


#: Machine, state before, state after -> who is told. What is not here is told to nobody.
ARROWS: dict[tuple[str, str, str], tuple[Told, ...]] = {
    **{
        (SALE.name, was, _S.PAID): (
            Told(
                SELLER,
                Kind.PAID,
                Says.PAID_TO_SELLER,
                "{title} is paid",
                "{total} is held until it has arrived.",
            ),
            Told(
                BUYER,
                Kind.PAID,
                Says.PAID_BY_BUYER,
                "You paid for {title}",
                "{total}, held until it has arrived.",
            ),
        )
        for was in (_S.DUE, _S.OFFERED)
    },
    (SALE.name, _S.DUE, _S.LAPSED): (
        Told(
            BUYER, Kind.PAYMENT_LAPSED, Says.LAPSED_TO_BUYER, "You did not pay for {title} in time"
        ),
        Told(SELLER, Kind.PAYMENT_LAPSED, Says.LAPSED_TO_SELLER, "{title} was not paid in time"),
    ),
    (SALE.name, _S.OFFERED, _S.LAPSED): (
        Told(
            BUYER, Kind.PAYMENT_LAPSED, Says.OFFER_LAPSED_TO_BUYER, "The offer of {title} is over"
        ),
        Told(
            SELLER,
            Kind.PAYMENT_LAPSED,
            Says.OFFER_LAPSED_TO_SELLER,
            "Nobody took the offer of {title}",
        ),
    ),
    (ESCROW.name, _H.RELEASE_PENDING, _H.RELEASED): (
        Told(SELLER, Kind.RELEASED, Says.RELEASED, "The money for {title} is on its way to you"),
    ),
    (ESCROW.name, _H.REFUND_PENDING, _H.REFUNDED): _REFUNDED,
    (ESCROW.name, _H.REFUND_PENDING, _H.HELD): _REFUNDED,  # a part of it
    (ESCROW.name, _H.HELD, _H.DISPUTED): _OPENED,
    (ESCROW.name, _H.HELD, _H.FROZEN): (_BANK_DISPUTES,),
    (ESCROW.name, _H.DISPUTED, _H.FROZEN): (_BANK_DISPUTES,),
    (ESCROW.name, _H.FROZEN, _H.HELD): (
        Told(
            SELLER, Kind.DISPUTE, Says.BANK_LEAVES_IT, "The bank leaves you the payment for {title}"
        ),
    ),
    (ESCROW.name, _H.FROZEN, _H.LOST): (
        Told(SELLER, Kind.DISPUTE, Says.BANK_TOOK_IT, "The bank took back the payment for {title}"),
    ),
    (ESCROW.name, _H.DISPUTED, _H.HELD): _both(
        Says.DISPUTE_CLOSED, "The dispute over {title} is closed"
    ),
    (ESCROW.name, _H.DISPUTED, _H.RELEASE_PENDING): _both(Says.DISPUTE_FOR_SELLER, _FOR_SELLER),
    (ESCROW.name, _H.DISPUTED, _H.REFUND_PENDING): _both(Says.DISPUTE_FOR_BUYER, _FOR_BUYER),
    (ESCROW.name, _H.DISPUTED, _H.SPLIT_PENDING): _both(
        Says.DISPUTE_SPLIT, "The dispute over {title} is decided: the money is divided"
    ),
    (ESCROW.name, _H.SPLIT_PENDING, _H.SPLIT): (
        Told(BUYER, Kind.REFUND, Says.SPLIT_TO_BUYER, "Your part of the money for {title} is back"),
        Told(
            SELLER,
            Kind.RELEASED,
            Says.SPLIT_TO_SELLER,
            "Your part of the money for {title} is on its way",
        ),
    ),
}


def notes_of(changes: Sequence[StateChange]) -> list[Note]:
    """Return what these changes tell, in their order; two queries however many."""
    told = [change for change in changes if _key(change) in ARROWS]
    sales = _sales(told)
    return [
        note
        for change in told
        if (sale := sales.get((change.kind, change.object_id))) is not None
        for note in _notes(change, sale)
    ]


def _key(change: StateChange) -> tuple[str, str, str]:
    return (change.kind, change.was, change.became)


def _sales(changes: Sequence[StateChange]) -> dict[tuple[str, int], Sale]:
    """Return the sale of every sale and hold that changed."""
    ids = {
        name: {change.object_id for change in changes if change.kind == name}
        for name in (SALE.name, ESCROW.name)
    }
    found: dict[tuple[str, int], Sale] = {}
    holds = Escrow.objects.filter(pk__in=ids[ESCROW.name]).values_list("pk", "payment__sale_id")
    sale_of_hold = dict(holds)
    wanted = Q(pk__in=ids[SALE.name] | set(sale_of_hold.values()))
    sales = Sale.objects.filter(wanted).select_related("auction").in_bulk()
    for sale_id in ids[SALE.name]:
        if sale_id in sales:
            found[SALE.name, sale_id] = sales[sale_id]
    for hold_id, sale_id in sale_of_hold.items():
        found[ESCROW.name, hold_id] = sales[sale_id]
    return found


def _notes(change: StateChange, sale: Sale) -> Iterator[Note]:
    facts = {
        "title": sale.auction.title,
        "total": shown_amount(sale.total_minor, sale.currency),
    }
    for told in ARROWS[_key(change)]:
        yield Note(
            user_id=sale.buyer_id if told.who == BUYER else sale.seller_id,
            kind=told.kind,
            says=told.says,
            source=f"money:{change.pk}:{told.who}",
            at=change.at,
            title=told.title.format(**facts),
            body=told.body.format(**facts),
            url=ORDERS_URL if told.who == BUYER else auction_url(sale.auction_id),
            data=_data(sale),
        )


def _data(sale: Sale) -> dict[str, object]:
    return {
        "auction_id": sale.auction_id,
        "title": sale.auction.title,
        "amount": to_number(sale.total_minor, sale.currency),
        "currency": sale.currency,
    }


def reminder_of(sale: Sale) -> Note:
    """Return the note to a winner who has a day left to pay."""
    return Note(
        user_id=sale.buyer_id,
        kind=Kind.PAYMENT_DUE,
        says=Says.PAYMENT_DUE,
        source=f"sale:{sale.pk}:due",
        at=sale.reminded_at or sale.created_at,
        title=f"Please pay for {sale.auction.title}",
        body=f"{shown_amount(sale.total_minor, sale.currency)} is due by "
        f"{sale.due_at:%Y-%m-%d %H:%M} UTC.",
        url=ORDERS_URL,
        data={**_data(sale), "sale_id": sale.pk, "due_at": instant(sale.due_at)},
    )
