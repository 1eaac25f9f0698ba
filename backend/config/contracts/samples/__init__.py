"""Examples of every operation, by operation id; the documents' own samples where they have one."""

from config.contracts.samples import (
    accounts,
    api_keys,
    auctions,
    backoffice,
    bids,
    demo,
    guide,
    messages,
    notifications,
    payments,
    privacy,
    risk,
    security,
    subscriptions,
    webhooks,
)
from config.contracts.samples.base import Sample, named

__all__ = ["SAMPLES", "Sample", "named"]

SAMPLES: dict[str, Sample] = {
    **accounts.SAMPLES,
    **security.SAMPLES,
    **api_keys.SAMPLES,
    **auctions.SAMPLES,
    **bids.SAMPLES,
    **messages.SAMPLES,
    **notifications.SAMPLES,
    **payments.SAMPLES,
    **subscriptions.SAMPLES,
    **privacy.SAMPLES,
    **webhooks.SAMPLES,
    **backoffice.SAMPLES,
    **risk.SAMPLES,
    **demo.SAMPLES,
    **guide.SAMPLES,
}
