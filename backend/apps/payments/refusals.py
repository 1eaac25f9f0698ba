"""Why money's services refuse. The door turns a reason into its status and sentence."""

from enum import StrEnum


class MoneyReason(StrEnum):
    """The catalogue; the facts each sentence needs are named in brackets."""

    NOT_FOUND = "not_found"
    NOT_SOLD = "not_sold"
    NOT_THE_BUYER = "not_the_buyer"
    LAPSED = "sale_lapsed"
    KEY_REUSED = "idempotency_key_reused"
    METHOD_UNAVAILABLE = "method_unavailable"  # [detail]
    PROVIDER_REFUSED = "provider_refused"  # [detail]
    PROVIDER_SILENT = "provider_silent"
    DECLINED = "declined"  # [detail]
    PAYMENT_OVER = "payment_over"  # [status]
    HOLD_STATE = "hold_state"  # [state, wanted]
    NOT_A_PARTY = "not_a_party"
    NOT_ENOUGH_HELD = "not_enough_held"  # [held_minor]
    NOT_OVER = "not_over"  # [status]
    STILL_SOLD = "still_sold"
    PLAN_IS_FREE = "plan_is_free"
    PLAN_STILL_PAID = "plan_still_paid"  # [plan, until]
    NO_SUBSCRIPTION = "no_subscription"
    ADDRESS_NOT_YOURS = "address_not_yours"
    ADDRESS_UNVERIFIED = "address_unverified"


class MoneyRefused(Exception):
    """Raised with nothing changed. `facts` fill the sentence; amounts end in `_minor`."""

    def __init__(self, reason: MoneyReason, currency: str = "", **facts: object) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.currency = currency
        self.facts = facts
