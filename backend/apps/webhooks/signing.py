"""Secrets of endpoints and ids of messages: made, sealed, signed with (Standard Webhooks)."""

import base64
from datetime import datetime
from secrets import token_bytes, token_hex

from standardwebhooks import Webhook

from apps.users.sealing import unseal
from apps.webhooks.kinds import SECRET_PREFIX
from apps.webhooks.models import WebhookEndpoint

SECRET_BYTES = 32


def new_secret() -> str:
    """Return a secret as integrators' libraries take it."""
    return SECRET_PREFIX + base64.b64encode(token_bytes(SECRET_BYTES)).decode()


def new_message_id() -> str:
    """Return the id that a receiver knows a message by, however often it comes."""
    return f"msg_{token_hex(16)}"


def signature_headers(
    endpoint: WebhookEndpoint, message_id: str, body: str, now: datetime
) -> dict[str, str]:
    """Return the headers that prove a message is ours; two signatures while a secret is replaced.

    Raises apps.users.sealing.Unsealable.
    """
    sealed = [endpoint.sealed_secret]
    if endpoint.previous_until_at is not None and endpoint.previous_until_at > now:
        sealed.append(endpoint.sealed_previous)
    signatures = [Webhook(unseal(each)).sign(message_id, now, body) for each in sealed]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
