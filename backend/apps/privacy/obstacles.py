"""What an account is still entangled in: reasons not to delete it yet, as sentences."""

from django.db.models import Q

from apps.auctions.models import Auction
from apps.bidding.models import Bid
from apps.core import clock
from apps.payments.models import Escrow, Sale, Subscription
from apps.users.models import User
from domain.auction import Status
from domain.settlement import EscrowState, SaleStatus, SubscriptionStatus

_RUNNING = (Status.ACTIVE, Status.SCHEDULED)
#: Money of these is yet to go to somebody.
HELD = (
    EscrowState.HELD,
    EscrowState.RELEASE_PENDING,
    EscrowState.REFUND_PENDING,
    EscrowState.DISPUTED,
    EscrowState.SPLIT_PENDING,
    EscrowState.FROZEN,
    EscrowState.CLAWBACK_PENDING,
)
#: Subscriptions of these are paid again unless they are cancelled.
RENEWING = (
    SubscriptionStatus.ACTIVE,
    SubscriptionStatus.TRIALING,
    SubscriptionStatus.PAST_DUE,
    SubscriptionStatus.UNPAID,
    SubscriptionStatus.PAUSED,
)


def obstacles_of(user: User) -> list[str]:
    """Return what keeps an account, each with what would end it; nothing: it may go."""
    counted = [
        (_led(user.pk), "you lead {n}: wait for the end", "running auction"),
        (_offers(user.pk), "you have {n} that may still be accepted: wait", "offer"),
        (_listed(user.pk), "you have {n}: end or delete it first", "running listing"),
        (_bought(user.pk), "you have {n} to pay for or to let lapse", "purchase"),
        (_sold(user.pk), "you have {n} that is not settled yet", "sale"),
        (_held(user.pk), "money is held for {n} of yours: wait until it has gone", "deal"),
        (_renewing(user.pk), "you have {n}: cancel it first", "subscription"),
    ]
    found = [sentence.format(n=_so_many(count, what)) for count, sentence, what in counted if count]
    if user.is_staff:
        found.insert(0, "you work here: let other staff take your role away first")
    return [f"The account cannot be deleted yet; {sentence}" for sentence in found]


def _so_many(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")


def _led(user_id: int) -> int:
    return Auction.objects.filter(leader_id=user_id, status__in=_RUNNING).count()


def _offers(user_id: int) -> int:
    in_force = Q(void=False, valid_until__gt=clock.now(), auction__status=Status.ACTIVE)
    return Bid.objects.filter(in_force, bidder_id=user_id).count()


def _listed(user_id: int) -> int:
    return Auction.objects.filter(seller_id=user_id, status__in=_RUNNING).count()


def _bought(user_id: int) -> int:
    due = Sale.objects.filter(buyer_id=user_id, status=SaleStatus.DUE).count()
    return due + Auction.objects.filter(winner_id=user_id, sold=True, sales=None).count()


def _sold(user_id: int) -> int:
    waiting = (SaleStatus.DUE, SaleStatus.OFFERED)
    due = Sale.objects.filter(seller_id=user_id, status__in=waiting).count()
    return due + Auction.objects.filter(seller_id=user_id, sold=True, sales=None).count()


def _held(user_id: int) -> int:
    party = Q(buyer_id=user_id) | Q(seller_id=user_id)
    return Escrow.objects.filter(party, state__in=HELD).count()


def _renewing(user_id: int) -> int:
    renewed = Subscription.objects.filter(user_id=user_id, status__in=RENEWING)
    return renewed.filter(cancel_at_period_end=False).count()
