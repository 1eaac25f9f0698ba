"""From a sold auction to who owes whom what: sales are opened, found, cancelled here.

An auction's row is locked while a sale of it is opened, so that there is one; the constraint
one_open_sale is the backstop. What a sale costs is fixed when it is opened. Amounts are minor
units, instants aware UTC. Source: docs/money.md; docs/bidding-rules.md B8.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from apps.auctions.fees import fees_of, terms_in
from apps.auctions.models import Auction
from apps.core import clock
from apps.core.tunables import tunable
from apps.payments import history
from apps.payments.fee_terms import on_plan, plans_of
from apps.payments.models import Sale
from domain.auction import Status
from domain.fees import FeeTerms, charges_of
from domain.settlement import OPEN_SALES, PAYABLE_SALES, SaleStatus

SALES_AT_ONCE_MAX = 200  # opened in one transaction
LATELY = timedelta(days=1)  # how far back the frequent look goes


def open_sales(limit: int = SALES_AT_ONCE_MAX, *, ever: bool = False) -> int:
    """Open a sale for auctions that were sold and have none; returns for how many.

    Looks at what was sold lately, which costs the same however much was sold before; `ever`
    looks at everything, for the start of a worker and once an hour after it. May run twice at
    once: whoever has locked an auction's row opens its sale.
    """
    now = clock.now()
    found = _sold_without_sale()
    if not ever:
        found = found.filter(updated_at__gt=now - LATELY)
    ids = list(found.order_by("updated_at").values_list("pk", flat=True)[:limit])
    if not ids:
        return 0
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        auctions = _rows().filter(pk__in=ids).order_by("pk")
        locked = list(auctions.select_for_update(skip_locked=skip_locked))
        # Asked again now that nobody else can open one.
        left = set(_sold_without_sale().filter(pk__in=ids).values_list("pk", flat=True))
        return len(_open([auction for auction in locked if auction.pk in left], now))


def sale_of_auction(auction_id: int) -> Sale | None:
    """Return the sale an auction stands at, opened now if nobody has; None: never sold.

    That is its open one, else the last that lapsed or was cancelled. Call it inside the
    transaction that goes on with it: the auction's row stays locked until that ends.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("sale_of_auction needs a transaction: its lock must outlive it")
    auction = _rows().select_for_update().filter(pk=auction_id).first()
    if auction is None:
        return None
    sale = Sale.objects.filter(auction=auction).order_by("-pk").first()
    if sale is None and auction.sold and auction.status == Status.ENDED:
        sale = _open([auction], clock.now())[0]
    return sale


def open_offer(auction: Auction, *, buyer_id: int, hammer_minor: int, now: datetime) -> Sale:
    """Open a sale that an underbidder may take or leave, at what he bid himself.

    The auction's row is locked and it has no open sale.
    """
    sale = _sale(auction, buyer_id, hammer_minor, _terms_of([auction], now)[auction.pk])
    sale.status = SaleStatus.OFFERED.value
    sale.created_at = now
    sale.due_at = now + timedelta(hours=tunable("SECOND_CHANCE_HOURS"))
    sale.save(force_insert=True)
    history.began(sale, cause="timer:second_chance", at=now)
    return sale


def cancel_sale(sale: Sale, cause: str, at: datetime) -> None:
    """Cancel a locked sale: the auction was removed, or what was paid has been given back.

    The money of a paid one is not touched here: held funds decide that first. Raises
    IllegalTransition for one that is over.
    """
    history.advance(sale, SaleStatus.CANCELLED, cause=cause, at=at)


def cancel_sale_of_auction(auction_id: int, cause: str, at: datetime) -> Sale | None:
    """Cancel what is still owed or offered of an auction that staff take away.

    Returns its open sale: cancelled, or paid and left for held funds to refund. None without.
    """
    with transaction.atomic():
        open_ones = Sale.objects.filter(auction_id=auction_id, status__in=OPEN_SALES)
        sale = open_ones.select_for_update().first()
        if sale is not None and sale.status in PAYABLE_SALES:
            cancel_sale(sale, cause, at)
    return sale


def _rows() -> QuerySet[Auction]:
    return Auction.objects.only(
        "pk", "seller_id", "category_id", "currency", "status", "sold", "winner_id",
        "final_minor", "ended_at",
    )  # fmt: skip


def _sold_without_sale() -> QuerySet[Auction]:
    sales = Sale.objects.filter(auction_id=OuterRef("pk"))
    return Auction.objects.filter(~Exists(sales), sold=True, status=Status.ENDED)


def _open(auctions: Sequence[Auction], now: datetime) -> list[Sale]:
    """Store a sale for each to its winner; a constant number of statements however many."""
    terms = _terms_of(auctions, now)
    payable = timedelta(hours=tunable("PAYMENT_DUE_HOURS"))
    sales = []
    for auction in auctions:
        assert auction.winner_id is not None  # the constraint auction_sold_has_winner
        assert auction.final_minor is not None
        sale = _sale(auction, auction.winner_id, auction.final_minor, terms[auction.pk])
        sale.status = SaleStatus.DUE.value
        sale.created_at = now
        sold_at = max(auction.ended_at or now, now)
        sale.due_at = sold_at + payable
        sales.append(sale)
    Sale.objects.bulk_create(sales)
    history.all_began(sales, cause="timer:sold", at=now)
    return sales


def _sale(auction: Auction, buyer_id: int, hammer_minor: int, terms: FeeTerms) -> Sale:
    charges = charges_of(hammer_minor, terms)
    return Sale(
        auction=auction,
        seller_id=auction.seller_id,
        buyer_id=buyer_id,
        currency=auction.currency,
        hammer_minor=charges.hammer_minor,
        premium_minor=charges.premium_minor,
        tax_minor=charges.tax_minor,
        total_minor=charges.total_minor,
        commission_minor=charges.commission_minor,
        tax_bps=terms.tax_bps,
        tax_name=terms.tax_name,
    )


def _terms_of(auctions: Sequence[Auction], now: datetime) -> dict[int, FeeTerms]:
    """Return what each auction's sale bears as of today; two queries however many."""
    fees = fees_of({auction.category_id for auction in auctions})
    plans = plans_of({auction.seller_id for auction in auctions}, now)
    return {
        auction.pk: on_plan(
            terms_in(fees[auction.category_id], auction.currency), plans[auction.seller_id]
        )
        for auction in auctions
    }
