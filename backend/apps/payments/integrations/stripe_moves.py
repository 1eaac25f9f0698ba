"""Refunds, transfers and reversals at Stripe, each done once however often it is asked for."""

from collections.abc import Callable, Iterable
from typing import Any

from apps.payments.integrations.base import GatewayError, Move, MoveRequest
from apps.payments.integrations.stripe_errors import REPLAYED, asking
from apps.payments.integrations.stripe_shapes import move_of


def group_of(payment_id: int) -> str:
    """Return the transfer group of a payment: its charge and the transfers out of it."""
    return f"payment_{payment_id}"


def marks_of(request: MoveRequest) -> dict[str, str]:
    """Return the metadata of a move: the key finds it again when Stripe has forgotten the key."""
    return {"payment_id": str(request.payment_id), "key": request.idempotency_key}


def moved(request: MoveRequest, ask: Callable[[], Any], look: Callable[[], Iterable[Any]]) -> Move:
    """Ask for a move, unless a look shows that it has been done; raises GatewayError.

    An earlier try may have gone through; and a 500 given after the effect is kept under the key,
    so that asking again says nothing new.
    """
    found = _found(request, look) if request.first_sent_at is not None else None
    if found is not None:
        return found
    try:
        with asking("move money"):
            return move_of(ask().to_dict())
    except GatewayError as error:
        found = _found(request, look) if error.code == REPLAYED else None
        if found is None:
            raise
        return found


def _found(request: MoveRequest, look: Callable[[], Iterable[Any]]) -> Move | None:
    with asking("look for a move"):
        for thing in look():
            move = thing.to_dict()
            if move["metadata"].get("key") == request.idempotency_key:
                return move_of(move)
    return None
