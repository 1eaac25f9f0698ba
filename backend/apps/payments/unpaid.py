"""What becomes of a sale nobody pays: a reminder, its lapse, a second chance for an underbidder.

Locks are taken in the order auction, sale, payments, as everywhere. Amounts are minor units,
instants aware UTC. Source: docs/bidding-rules.md 5.7, 5.8; docs/money.md.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from apps.auctions.models import Auction, BlockedBidder
from apps.bidding.desk import DeskFull, desk
from apps.bidding.models import Bid, BidHistory
from apps.payments import history, sales, services
from apps.payments.gateways import is_play_money
from apps.payments.models import Sale, Strike
from apps.risk.deposit_services import after_unpaid_win
from apps.risk.standing import hard_linked_ids
from apps.users import mailbox
from apps.users.letters import Kind
from apps.users.selectors import may_trade
from domain.auction import Closing
from domain.commands import OfferSecondChance
from domain.events import SecondChanceOffered
from domain.money import exponent_of
from domain.reasons import Refused
from domain.settlement import PAYABLE_SALES, PaymentStatus, SaleStatus

log = logging.getLogger(__name__)

REMIND_AHEAD = timedelta(hours=24)  # of the last moment to pay; once
SECOND_CHANCE_WITHIN = timedelta(days=60)  # of the auction's end (5.7)
PLAY = " of play money"
TELL_AGAIN_AFTER = timedelta(seconds=30)  # somebody else may be telling it right now


def look_after_unpaid(now: datetime, limit: int) -> int:
    """Remind, let lapse, offer, tell; returns how many sales it did something for.

    Each step finds what an earlier look did not finish. May run twice at once.
    """
    return remind(now, limit) + let_lapse(now, limit) + tell_offers(now, limit)


# -- reminders ----------------------------------------------------------------------------------


def remind(now: datetime, limit: int) -> int:
    """Order one mail to each winner who has a day left; returns how many."""
    owed = Sale.objects.filter(status=SaleStatus.DUE, reminded_at=None, due_at__gt=now)
    due = owed.filter(due_at__lte=now + REMIND_AHEAD)
    if not due.exists():
        return 0
    with transaction.atomic():
        rows = list(_unlocked(due, limit))
        for sale in rows:
            _write_to_buyer(Kind.PAYMENT_REMINDER, sale)
        Sale.objects.filter(pk__in=[sale.pk for sale in rows]).update(reminded_at=now)
    return len(rows)


def _unlocked(rows: QuerySet[Sale], limit: int) -> QuerySet[Sale]:
    """Lock rows nobody else is busy with, the most urgent first."""
    skip_locked = connection.features.has_select_for_update_skip_locked
    locked = rows.select_for_update(skip_locked=skip_locked, of=("self",))
    return locked.select_related("auction").order_by("due_at")[:limit]


def _write_to_buyer(kind: Kind, sale: Sale) -> None:
    decimals = exponent_of(sale.currency)
    total = Decimal(sale.total_minor).scaleb(-decimals)
    facts: dict[str, str | int] = {
        "title": sale.auction.title,
        "total": f"{total:,.{decimals}f} {sale.currency}{PLAY if is_play_money() else ''}",
        "due": f"{sale.due_at:%Y-%m-%d %H:%M} UTC",
        "auction_id": sale.auction_id,
    }
    mailbox.order(kind, user_id=sale.buyer_id, facts=facts)


# -- lapse, and whom it is offered to -----------------------------------------------------------


def let_lapse(now: datetime, limit: int) -> int:
    """End what was not paid in time, one transaction each; returns how many."""
    overdue = _overdue(now).order_by("due_at").values_list("pk", "auction_id")
    done = 0
    for sale_id, auction_id in overdue[:limit]:
        try:
            done += _lapse(sale_id, auction_id, now=now)
        except Exception:  # one that cannot lapse keeps no other from it
            log.exception("sale %s could not lapse; it is tried again at the next look", sale_id)
    return done


def _overdue(now: datetime) -> QuerySet[Sale]:
    """Return what is over; a payment the provider is still working on is the buyer's in time."""
    overdue = Sale.objects.filter(status__in=PAYABLE_SALES, due_at__lte=now)
    return overdue.exclude(payments__status=PaymentStatus.PROCESSING)


def _lapse(sale_id: int, auction_id: int, *, now: datetime) -> bool:
    """Let one sale lapse and open the next offer in its place, in one transaction.

    The offer's row comes first and the desk after the commit: a desk command is a transaction
    of its own. A crash in between leaves an offer that is not told, which `tell_offers` finds;
    the other way round would leave a bidder told of an offer there is not.
    """
    skip_locked = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        auctions = Auction.objects.select_for_update(skip_locked=skip_locked)
        auction = auctions.filter(pk=auction_id).first()
        sale = _overdue(now).select_for_update(of=("self",)).filter(pk=sale_id).first()
        if auction is None or sale is None:  # somebody is busy with it, or it was paid
            return False
        cause = "timer:due"
        if sale.status == SaleStatus.DUE:
            Strike.objects.create(user_id=sale.buyer_id, sale=sale, at=now)
            unpaid_at = Strike.objects.filter(user_id=sale.buyer_id).values_list("at", flat=True)
            after_unpaid_win(sale.buyer_id, unpaid_at, now=now)
        services.expire_open_payments(sale, cause=cause, at=now)
        history.advance(sale, SaleStatus.LAPSED, cause=cause, at=now)
        bid = next_underbid(auction, now)
        if bid is None:
            return True
        offer = sales.open_offer(
            auction, buyer_id=bid.bidder_id, hammer_minor=bid.amount_minor, now=now
        )
        _write_to_buyer(Kind.SECOND_CHANCE, offer)
    _tell(offer, now)
    return True


def next_underbid(auction: Auction, now: datetime) -> Bid | None:
    """Return the highest bid of somebody who may still have the auction, None without one.

    At or above the reserve: below it nobody but the seller may sell. Nobody who has had his
    turn, nobody the seller or the site refuses, and not where the seller picks the buyer himself.
    """
    ended_at = auction.ended_at
    if ended_at is None or now >= ended_at + SECOND_CHANCE_WITHIN:
        return None
    if auction.closing != Closing.TIMED:
        return None
    refused = BlockedBidder.objects.filter(
        Q(auction=auction) | Q(auction=None), seller_id=auction.seller_id
    )
    bids = (
        Bid.objects.filter(auction=auction, void=False)
        .filter(amount_minor__gte=auction.reserve_minor or 0)
        .filter(bidder__is_active=True, bidder__banned_at=None)
        .exclude(bidder_id__in=refused.values("bidder_id"))
        .exclude(bidder_id__in=hard_linked_ids(auction.seller_id))
        .exclude(bidder_id__in=Sale.objects.filter(auction=auction).values("buyer_id"))
        .select_related("bidder")
        .order_by("-amount_minor", "seq")
    )
    return next((bid for bid in bids.iterator() if may_trade(bid.bidder)), None)


# -- telling ------------------------------------------------------------------------------------


def tell_offers(now: datetime, limit: int) -> int:
    """Tell the rooms of offers that a crash or a full desk has left untold; returns how many."""
    untold = Sale.objects.filter(
        status=SaleStatus.OFFERED,
        reminded_at=None,
        due_at__gt=now,
        created_at__lte=now - TELL_AGAIN_AFTER,
    )
    return sum(_tell(sale, now) for sale in untold.order_by("due_at")[:limit])


def _tell(offer: Sale, now: datetime) -> bool:
    """Let the engine tell the underbidder, and the history keep it; no transaction is open.

    `reminded_at` of an offer says that it was told. Whoever crashed between the two has left
    the event in the history: it is not told again.
    """
    told = BidHistory.objects.filter(
        auction_id=offer.auction_id,
        type=SecondChanceOffered.type,
        bidder_id=offer.buyer_id,
    )
    if not told.exists():
        command = OfferSecondChance(actor_id=offer.seller_id, bidder_id=offer.buyer_id)
        try:
            desk.ask(offer.auction_id, command)
        except DeskFull:
            return False  # told at a later look
        except Refused as refused:  # his bids were taken back meanwhile; the mail has gone
            log.warning("sale %s is offered but not told: %s", offer.pk, refused)
    Sale.objects.filter(pk=offer.pk).update(reminded_at=now)
    return True
