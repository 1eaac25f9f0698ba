"""Hard links and deposits, as the bid service must know them of a bidder.

Expressions that join the service's own statement, under its lock.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.risk.models import AccountKey, DepositNeed
from domain.risk.links import HARD_KINDS


def shares_hard_key(seller_id: int) -> Exists:
    """Return, for rows of accounts, whether one shares a hard key with the seller's."""
    return Exists(_hard_keys_of(seller_id).filter(user_id=OuterRef("pk")))


def hard_linked_ids(seller_id: int) -> QuerySet[AccountKey, int]:
    """Return the accounts that share a hard key with the seller's, itself among them."""
    return _hard_keys_of(seller_id).values_list("user_id", flat=True)


def _hard_keys_of(seller_id: int) -> QuerySet[AccountKey]:
    kinds = [kind.value for kind in HARD_KINDS]
    own = AccountKey.objects.filter(user_id=seller_id, kind__in=kinds)
    return AccountKey.objects.filter(kind__in=kinds, digest__in=own.values("digest"))


def needs_deposit(now: datetime) -> Exists:
    """Return, for rows of accounts, whether one may not bid without a deposit."""
    in_force = Q(until_at=None) | Q(until_at__gt=now)
    return Exists(DepositNeed.objects.filter(in_force, user_id=OuterRef("pk")))
