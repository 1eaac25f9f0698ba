"""What the sandbox, the provider inside the house, knows: its own charges, moves, subscriptions."""

from django.db import models


class SandboxObject(models.Model):
    """An object of play money. Its ref is made of the idempotency key, so it exists once."""

    ref = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=12)  # charge, refund, transfer, reversal, subscription
    payment_id = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    amount_minor = models.BigIntegerField(default=0)
    status = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["payment_id"], name="sandbox_by_payment")]
