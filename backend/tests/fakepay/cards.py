"""Stripe's test cards and what they are published to do (docs: testing)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Card:
    """A card: its number, and what becomes of a payment with it."""

    number: str
    brand: str = "visa"
    decline: tuple[str, str | None, str] | None = None  # code, decline code, message
    authenticates: bool = False
    disputes: bool = False
    refunds: str = "succeeded"  # or "pending", or "failed" after having succeeded
    at_once: bool = False  # the money is available immediately


def _declined(code: str, decline_code: str | None, message: str) -> tuple[str, str | None, str]:
    return (code, decline_code, message)


DECLINED = "Your card was declined."
CARDS = (
    (Card("4242424242424242"), "pm_card_visa"),
    (Card("5555555555554444", "mastercard"), "pm_card_mastercard"),
    (Card("378282246310005", "amex"), "pm_card_amex"),
    (Card("4000000000000077", at_once=True), "pm_card_bypassPending"),
    (
        Card("4000000000000002", decline=_declined("card_declined", "generic_decline", DECLINED)),
        "pm_card_chargeDeclined",
    ),
    (
        Card(
            "4000000000009995",
            decline=_declined(
                "card_declined", "insufficient_funds", "Your card has insufficient funds."
            ),
        ),
        "pm_card_chargeDeclinedInsufficientFunds",
    ),
    (
        Card("4000000000009987", decline=_declined("card_declined", "lost_card", DECLINED)),
        "pm_card_chargeDeclinedLostCard",
    ),
    (
        Card("4000000000000069", decline=_declined("expired_card", None, "Your card has expired.")),
        "pm_card_chargeDeclinedExpiredCard",
    ),
    (
        Card(
            "4000000000000127",
            decline=_declined("incorrect_cvc", None, "Your card's security code is incorrect."),
        ),
        "pm_card_chargeDeclinedIncorrectCvc",
    ),
    (
        Card(
            "4000000000000119",
            decline=_declined(
                "processing_error",
                None,
                "An error occurred while processing your card. Try again in a little bit.",
            ),
        ),
        "pm_card_chargeDeclinedProcessingError",
    ),
    (Card("4000002760003184", authenticates=True), "pm_card_authenticationRequired"),
    (Card("4000002500003155", authenticates=True), "pm_card_authenticationRequiredOnSetup"),
    (Card("4000000000000259", disputes=True), "pm_card_createDispute"),
    (Card("4000000000007726", refunds="pending"), "pm_card_pendingRefund"),
    (Card("4000000000005126", refunds="failed"), "pm_card_refundFail"),
)
BY_TOKEN = {token: card for card, token in CARDS}
BY_NUMBER = {card.number: card for card, _token in CARDS}


def declined_card(code: str) -> Card | None:
    """Return a card that is declined with this code or decline code."""
    for card in BY_NUMBER.values():
        if card.decline is not None and code in card.decline[:2]:
            return card
    return None
