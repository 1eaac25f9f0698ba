"""What staff see: accounts, auctions, payments, the audit log; all newest first."""

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower

from apps.auctions.models import Auction
from apps.backoffice.models import AuditEntry
from apps.bidding.models import AutoBidRule, Bid
from apps.payments.models import Payment
from apps.users.models import User
from apps.users.rights import Duty
from domain.auction import Status

USER_STATUSES = ("active", "suspended", "banned")
ROLES = ("user", "seller", "moderator", "finance", "staff")

_OF_STATUS = {
    "active": Q(is_active=True, banned_at=None),
    "suspended": Q(is_active=False, banned_at=None),
    "banned": Q(banned_at__isnull=False),
}
_OF_ROLE = {
    "user": Q(is_staff=False, can_sell=False),
    "seller": Q(is_staff=False, can_sell=True),
    "moderator": Q(is_staff=True, duty=Duty.MODERATOR),
    "finance": Q(is_staff=True, duty=Duty.FINANCE),
    "staff": Q(is_staff=True, duty=Duty.ALL),
}


def status_of(user: User) -> str:
    """Return an account's status, one of USER_STATUSES."""
    if user.banned_at is not None:
        return "banned"
    return "active" if user.is_active else "suspended"


def role_of(user: User) -> str:
    """Return an account's role, one of ROLES."""
    if user.is_staff:
        return user.duty or "staff"
    return "seller" if user.can_sell else "user"


def users(*, status: str = "", role: str = "", search: str = "") -> QuerySet[User]:
    """Return accounts; `search` is a part of a name or an address."""
    rows = User.objects.select_related("ban").annotate(strike_count=Count("strikes"))
    if status:
        rows = rows.filter(_OF_STATUS[status])
    if role:
        rows = rows.filter(_OF_ROLE[role])
    if search:
        folded = search.lower()
        rows = rows.alias(name=Lower("username"), address=Lower("email")).filter(
            Q(name__contains=folded) | Q(address__contains=folded)
        )
    return rows.order_by("-pk")


def user(user_id: int) -> User:
    """Return one account as the list has it."""
    return users().get(pk=user_id)


def auctions(
    *, status: str = "", seller_id: int | None = None, search: str = ""
) -> QuerySet[Auction]:
    """Return listings of every status, drafts and removed ones too."""
    rows = Auction.objects.select_related("seller", "winner")
    if status:
        rows = rows.filter(status=status)
    if seller_id is not None:
        rows = rows.filter(seller_id=seller_id)
    if search:
        rows = rows.filter(title__icontains=search)
    return rows.order_by("-pk")


def payments(
    *, status: str = "", provider: str = "", user_id: int | None = None
) -> QuerySet[Payment]:
    """Return payments; of a user those he makes and those for what he sold."""
    rows = Payment.objects.select_related("sale__auction", "sale__seller", "buyer", "escrow")
    if status:
        rows = rows.filter(status=status)
    if provider:
        rows = rows.filter(provider=provider)
    if user_id is not None:
        rows = rows.filter(Q(buyer_id=user_id) | Q(sale__seller_id=user_id))
    return rows.order_by("-pk")


def audit_entries(
    *, act: str = "", actor_id: int | None = None, target_id: int | None = None
) -> QuerySet[AuditEntry]:
    """Return what staff did."""
    rows = AuditEntry.objects.select_related("actor")
    if act:
        rows = rows.filter(act=act)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    if target_id is not None:
        rows = rows.filter(target_id=target_id)
    return rows.order_by("-pk")


def banned_with_bids(user_id: int | None = None) -> list[tuple[int, int]]:
    """Return (auction, bidder) of bids and maximums that the banned have in running auctions."""
    banned = User.objects.filter(banned_at__isnull=False)
    if user_id is not None:
        banned = banned.filter(pk=user_id)
    found: set[tuple[int, int]] = set()
    for rows in (Bid.objects.filter(void=False), AutoBidRule.objects.filter(active=True)):
        standing = rows.filter(auction__status=Status.ACTIVE, bidder__in=banned.values("pk"))
        found |= set(standing.values_list("auction_id", "bidder_id"))
    return sorted(found)
