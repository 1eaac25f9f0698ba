"""Stripe's errors in the house's words (docs.stripe.com/api/errors)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from apps.payments.integrations.base import Declined, GatewayError

log = logging.getLogger(__name__)

#: The code of a kept 5xx: asking again with this key repeats it, though the thing may be done.
REPLAYED = "replayed"
NOT_FOUND = "not_found"


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn whatever goes wrong inside into GatewayError or Declined; `what` is for the log."""
    try:
        yield
    except stripe.CardError as error:
        code = getattr(error.error, "decline_code", None) or error.code or "declined"
        raise Declined(error.user_message or "The payment was declined", code=code) from error
    except stripe.StripeError as error:
        log.warning("Stripe did not %s: %s", what, error)
        raise _translated(error) from error
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        log.exception("Stripe's answer to %s makes no sense", what)
        raise GatewayError(
            "Stripe's answer could not be read", unknown=True, code="unreadable"
        ) from error


def existing(ref: str) -> str:
    """Return a provider's id; an empty one would ask for a list. Raises GatewayError."""
    if not ref:
        raise GatewayError("there is no such object at Stripe", permanent=True, code=NOT_FOUND)
    return ref


def _translated(error: stripe.StripeError) -> GatewayError:
    status = error.http_status
    text = (error.user_message or "Stripe refused").strip()
    code = error.code or getattr(error.error, "code", None) or ""
    if isinstance(error, stripe.APIConnectionError):
        return GatewayError("Stripe did not answer", unknown=True, code="no_answer")
    if isinstance(error, stripe.RateLimitError):
        return GatewayError(text, code="rate_limit")
    if status in (401, 403):  # a matter of our keys and rights: put right, it will do
        return GatewayError(text, code=code or "unauthorised")
    if status is not None and 400 <= status < 500 and status != 409:
        code = NOT_FOUND if code == "resource_missing" or status == 404 else code
        return GatewayError(text, permanent=True, code=code)
    if str((error.headers or {}).get("Idempotent-Replayed")) == "true" and status != 409:
        code = REPLAYED
    return GatewayError(text, unknown=True, code=code or "failed")
