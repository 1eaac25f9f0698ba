"""Hard links and deposits, as the bid service must know them of a bidder.

Expressions that join the service's own statement, under its lock. In SQL, because every batch of
bids pays for them: built by the ORM they cost more than the database takes to answer.
"""

from datetime import datetime

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from apps.risk.models import AccountKey, DepositNeed
from apps.users.models import User
from domain.risk.links import HARD_KINDS

_KEYS, _NEEDS, _USERS = (model._meta.db_table for model in (AccountKey, DepositNeed, User))
_HARD = tuple(sorted(kind.value for kind in HARD_KINDS))
_KINDS = ", ".join(["%s"] * len(_HARD))

_SHARED = (
    f"EXISTS(SELECT 1 FROM {_KEYS} own JOIN {_KEYS} other ON other.digest = own.digest"  # noqa: S608 - our names
    f" WHERE own.user_id = {_USERS}.id AND own.kind IN ({_KINDS}) AND other.user_id = %s)"
)
_NEEDED = (
    f"EXISTS(SELECT 1 FROM {_NEEDS} need WHERE need.user_id = {_USERS}.id"  # noqa: S608 - our names
    " AND (need.until_at IS NULL OR need.until_at > %s))"
)


def shares_hard_key(seller_id: int) -> RawSQL:
    """Return, for rows of accounts, whether one shares a hard key with the seller's.

    Equal digests are of one kind, so that one side's kind says it for both.
    """
    return RawSQL(_SHARED, (*_HARD, seller_id), output_field=BooleanField())  # noqa: S611


def needs_deposit(now: datetime) -> RawSQL:
    """Return, for rows of accounts, whether one may not bid without a deposit."""
    at = connection.ops.adapt_datetimefield_value(now)  # SQLite keeps instants as text
    return RawSQL(_NEEDED, (at,), output_field=BooleanField())  # noqa: S611


def hard_linked_ids(seller_id: int) -> QuerySet[AccountKey, int]:
    """Return the accounts that share a hard key with the seller's, itself among them."""
    own = AccountKey.objects.filter(user_id=seller_id, kind__in=_HARD)
    linked = AccountKey.objects.filter(kind__in=_HARD, digest__in=own.values("digest"))
    return linked.values_list("user_id", flat=True)
