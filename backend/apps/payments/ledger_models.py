"""The double-entry ledger as rows; the database itself refuses what must not be.

A transaction is the seal on its entries: they are written first, then the transaction's row,
which a trigger lets in only when the entries sum to zero. Neither is ever changed or deleted
(migration 0002). Amounts are minor units, debits positive, credits negative.
"""

from django.db import models
from django.db.models import Q


class LedgerAccount(models.Model):
    """An account in one currency; its balance is kept by a trigger on the entries.

    `sign` is 1 where debits increase it (assets, expenses), -1 where credits do. A guarded one
    never falls below zero in that direction.
    """

    name = models.CharField(max_length=80)  # "escrow:12", "psp_clearing:stripe"
    currency = models.CharField(max_length=3)
    sign = models.SmallIntegerField(choices=[(1, "debit"), (-1, "credit")])
    guarded = models.BooleanField(default=True)
    balance_minor = models.BigIntegerField(default=0)  # sum of its entries, as signed there

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "currency"], name="account_once"),
            models.CheckConstraint(
                condition=Q(guarded=False)
                | Q(sign=1, balance_minor__gte=0)
                | Q(sign=-1, balance_minor__lte=0),
                name="account_not_below_zero",
            ),
        ]


class LedgerTransaction(models.Model):
    """What balanced entries were for. Its key is the idempotency key: posted once, ever."""

    key = models.CharField(max_length=120, primary_key=True)  # "fund:7", "release:7"
    cause = models.CharField(max_length=120)  # the event, request or timer behind it (I8)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(cause="") & ~Q(key=""), name="ledger_has_cause"),
        ]


class LedgerEntry(models.Model):
    """One leg of a transaction."""

    transaction = models.ForeignKey(LedgerTransaction, models.PROTECT, related_name="entries")
    account = models.ForeignKey(LedgerAccount, models.PROTECT, related_name="entries")
    currency = models.CharField(max_length=3)  # that of the account
    amount_minor = models.BigIntegerField()  # debit positive, credit negative

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="entry_moves_something"),
        ]
