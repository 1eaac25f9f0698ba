"""The state machines of money: sale, payment, held funds, provider call, subscription, invoice.

Each is a table of legal arrows and nothing else. A service locks the row, asks `Machine.move`,
and writes the new state together with its history row and its ledger transaction. What a table
does not name is refused by name. Sources: docs/money.md; the providers' published life cycles.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class IllegalTransition(ValueError):
    """An arrow the table does not have; `was` and `wanted` are the states' words."""

    def __init__(self, machine: str, was: str, wanted: str) -> None:
        super().__init__(f"a {machine} cannot go from {was} to {wanted}")
        self.machine = machine
        self.was = was
        self.wanted = wanted


@dataclass(frozen=True, slots=True)
class Machine(Generic[S]):
    """A named table: state -> the states it may become."""

    name: str
    arrows: Mapping[S, frozenset[S]]

    def allows(self, was: S, wanted: S) -> bool:
        """Whether the table has this arrow."""
        return wanted in self.arrows.get(was, frozenset())

    def move(self, was: S, wanted: S) -> S:
        """Return `wanted`; raises IllegalTransition for an arrow the table does not have."""
        if not self.allows(was, wanted):
            raise IllegalTransition(self.name, was.value, wanted.value)
        return wanted

    def is_final(self, state: S) -> bool:
        """Whether nothing follows this state."""
        return not self.arrows.get(state)


class SaleStatus(StrEnum):
    """What a won auction (or a second-chance offer) still needs."""

    DUE = "due"  # the winner owes it until `due_at`
    OFFERED = "offered"  # an underbidder may take it until `due_at`; he owes nothing
    PAID = "paid"
    LAPSED = "lapsed"  # not paid in time
    CANCELLED = "cancelled"  # refunded in full, or the auction was removed


SALE = Machine(
    "sale",
    {
        SaleStatus.DUE: frozenset({SaleStatus.PAID, SaleStatus.LAPSED, SaleStatus.CANCELLED}),
        SaleStatus.OFFERED: frozenset({SaleStatus.PAID, SaleStatus.LAPSED, SaleStatus.CANCELLED}),
        SaleStatus.PAID: frozenset({SaleStatus.CANCELLED}),
    },
)
#: At most one of these per auction.
OPEN_SALES = (SaleStatus.DUE, SaleStatus.OFFERED, SaleStatus.PAID)
PAYABLE_SALES = (SaleStatus.DUE, SaleStatus.OFFERED)


class PaymentStatus(StrEnum):
    """Where a buyer's payment stands."""

    CREATED = "created"  # ours only; the provider may or may not know of it
    REQUIRES_ACTION = "requires_action"  # the buyer's turn
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    PARTIALLY_REFUNDED = "partially_refunded"
    REFUNDED = "refunded"
    FAILED = "failed"
    CANCELED = "canceled"
    EXPIRED = "expired"
    DISPUTED = "disputed"  # the buyer's bank has taken the money back for now
    CHARGED_BACK = "charged_back"  # and keeps it


_P = PaymentStatus
_ENDED_UNPAID = frozenset({_P.FAILED, _P.CANCELED, _P.EXPIRED})
PAYMENT = Machine(
    "payment",
    {
        _P.CREATED: frozenset({_P.REQUIRES_ACTION, _P.PROCESSING, _P.SUCCEEDED}) | _ENDED_UNPAID,
        _P.REQUIRES_ACTION: frozenset({_P.PROCESSING, _P.SUCCEEDED}) | _ENDED_UNPAID,
        _P.PROCESSING: frozenset({_P.REQUIRES_ACTION, _P.SUCCEEDED}) | _ENDED_UNPAID,
        _P.SUCCEEDED: frozenset({_P.PARTIALLY_REFUNDED, _P.REFUNDED, _P.DISPUTED}),
        _P.PARTIALLY_REFUNDED: frozenset({_P.REFUNDED, _P.DISPUTED}),
        _P.DISPUTED: frozenset({_P.SUCCEEDED, _P.PARTIALLY_REFUNDED, _P.CHARGED_BACK}),
        # A charge that went through after all, paid at the last instant: taken and given back.
        _P.FAILED: frozenset({_P.SUCCEEDED}),
        _P.CANCELED: frozenset({_P.SUCCEEDED}),
        _P.EXPIRED: frozenset({_P.SUCCEEDED}),
    },
)
#: Not yet decided: the buyer may still pay it, the provider may still say how it went. At most
#: one of these per sale; what is paid is said by the sale.
OPEN_PAYMENTS = (_P.CREATED, _P.REQUIRES_ACTION, _P.PROCESSING)


class EscrowState(StrEnum):
    """Where the money of one payment is held, and who gets it."""

    HELD = "held"
    RELEASE_PENDING = "release_pending"  # decided for the seller; the transfer may have happened
    RELEASED = "released"
    REFUND_PENDING = "refund_pending"  # decided for the buyer; the refund may have happened
    REFUNDED = "refunded"
    DISPUTED = "disputed"  # buyer and seller disagree; staff decide
    SPLIT_PENDING = "split_pending"
    SPLIT = "split"
    FROZEN = "frozen"  # the buyer's bank disputes the charge; the bank decides
    LOST = "lost"  # the bank took it while it was held
    CLAWBACK_PENDING = "clawback_pending"  # the bank took it after release; the seller owes it
    CLAWED_BACK = "clawed_back"
    LOSS = "loss"  # and the house bears it


_E = EscrowState
ESCROW = Machine(
    "hold",
    {
        _E.HELD: frozenset({_E.RELEASE_PENDING, _E.REFUND_PENDING, _E.DISPUTED, _E.FROZEN}),
        _E.RELEASE_PENDING: frozenset({_E.RELEASED}),
        _E.REFUND_PENDING: frozenset({_E.REFUNDED, _E.HELD}),  # held again: a part was refunded
        _E.DISPUTED: frozenset(
            {_E.HELD, _E.RELEASE_PENDING, _E.REFUND_PENDING, _E.SPLIT_PENDING, _E.FROZEN}
        ),
        _E.SPLIT_PENDING: frozenset({_E.SPLIT}),
        _E.FROZEN: frozenset({_E.HELD, _E.LOST}),
        _E.RELEASED: frozenset({_E.CLAWBACK_PENDING}),
        _E.SPLIT: frozenset({_E.CLAWBACK_PENDING}),
        _E.CLAWBACK_PENDING: frozenset({_E.CLAWED_BACK, _E.LOSS}),
    },
)


class CallKind(StrEnum):
    """What a provider is asked to do with money."""

    TRANSFER = "transfer"  # to the seller
    REFUND = "refund"  # to the buyer
    REVERSAL = "reversal"  # of a transfer, back from the seller


class CallStatus(StrEnum):
    """Where such a request stands; `sent` means it may have happened."""

    WAITING = "waiting"
    SENT = "sent"
    DONE = "done"
    FAILED = "failed"  # refused for good; staff decide


_C = CallStatus
CALL = Machine(
    "provider call",
    {
        _C.WAITING: frozenset({_C.SENT}),
        _C.SENT: frozenset({_C.DONE, _C.FAILED, _C.WAITING}),
        _C.FAILED: frozenset({_C.WAITING}),  # tried again by staff, under a new key
        _C.DONE: frozenset({_C.FAILED}),  # a payout that came back
    },
)
OPEN_CALLS = (_C.WAITING, _C.SENT)


class InvoiceStatus(StrEnum):
    """An invoice is never changed; a credit note voids it."""

    ISSUED = "issued"
    PAID = "paid"
    VOID = "void"


_I = InvoiceStatus
INVOICE = Machine(
    "invoice", {_I.ISSUED: frozenset({_I.PAID, _I.VOID}), _I.PAID: frozenset({_I.VOID})}
)


class SubscriptionStatus(StrEnum):
    """A mirror of the provider's object, and the provider's words."""

    INCOMPLETE = "incomplete"
    INCOMPLETE_EXPIRED = "incomplete_expired"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    UNPAID = "unpaid"
    PAUSED = "paused"
    CANCELED = "canceled"


_B = SubscriptionStatus
_ENTITLED = frozenset({_B.ACTIVE, _B.TRIALING})
_FALLEN = frozenset({_B.PAST_DUE, _B.UNPAID, _B.PAUSED, _B.CANCELED})
SUBSCRIPTION = Machine(
    "subscription",
    {
        _B.INCOMPLETE: _ENTITLED | {_B.INCOMPLETE_EXPIRED, _B.CANCELED, _B.PAST_DUE},
        _B.TRIALING: frozenset({_B.ACTIVE}) | _FALLEN,
        _B.ACTIVE: _FALLEN,
        _B.PAST_DUE: frozenset({_B.ACTIVE, _B.UNPAID, _B.CANCELED, _B.PAUSED}),
        _B.UNPAID: frozenset({_B.ACTIVE, _B.CANCELED}),
        _B.PAUSED: frozenset({_B.ACTIVE, _B.PAST_DUE, _B.CANCELED}),
    },
)
