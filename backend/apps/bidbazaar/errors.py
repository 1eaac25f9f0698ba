"""Refusals and exceptions in the BidBazaar guide's words: status and body.

Shapes of the guide: `{"error": sentence, "details"?: string}` by its error format, `{"error",
"fields"}` for a product with something missing, `{"message"}` where there is no bid at all, and
`{"detail"}` for every 401. Statuses stay inside the guide's list; docs/api-bidbazaar.md names
the exceptions that HTTP itself demands.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework import status
from rest_framework.response import Response

from apps.bidding.desk import DeskFull
from apps.core import api_errors
from apps.users.authentication import SCHEME
from apps.users.rules import AccountError
from apps.users.tokens import InvalidToken
from domain.auction import Status
from domain.listing import InvalidTerms
from domain.money import to_number
from domain.reasons import Reason, Refusal, Refused

PRODUCT_NOT_FOUND = "Product not found"
NO_BIDS = "No bids found for this product"
BID_AMOUNT_REQUIRED = "Bid amount is required"
BID_AMOUNT_INVALID = "Invalid bid amount"
DATES_REQUIRED = "Start date and end date are required"
DATE_FORMAT = "Invalid date format. Use ISO format (YYYY-MM-DDTHH:MM:SS)"
DATE_ORDER = "End date must be after start date"
FIELDS_MISSING = "Missing required fields"
REFRESH_REQUIRED = "Refresh token is required"
NO_IMAGES = "No images provided"
NOT_YOURS_TO_SELL = "You do not have permission to sell this product"
NOT_YOURS_TO_SHOW = "You do not have permission to upload images for this product"
UNAVAILABLE = "This product is not available for bidding"

#: Status and sentence; braces are filled with the facts, amounts in major units.
SENTENCES: dict[Reason, tuple[int, str]] = {
    Reason.NOT_AUTHENTICATED: (401, api_errors.TOKEN_UNUSABLE),
    Reason.NOT_FOUND: (404, PRODUCT_NOT_FOUND),
    Reason.IDEMPOTENCY_KEY_REUSED: (
        400,
        "This Idempotency-Key was already used for another request; send a new key",
    ),
    Reason.INVALID_AMOUNT: (400, BID_AMOUNT_INVALID),
    Reason.INVALID_WINDOW: (400, DATE_ORDER),
    Reason.FORBIDDEN: (403, NOT_YOURS_TO_SELL),
    Reason.SELLER_CANNOT_BID: (400, "You cannot bid on your own product"),
    Reason.BANNED: (400, UNAVAILABLE),
    Reason.EMAIL_UNVERIFIED: (403, api_errors.EMAIL_UNVERIFIED),
    Reason.BLOCKED: (400, UNAVAILABLE),
    Reason.LINKED_ACCOUNT: (400, UNAVAILABLE),
    Reason.DEPOSIT_NEEDED: (403, api_errors.DEPOSIT_NEEDED),
    Reason.ALREADY_SOLD: (400, "This product has already been sold"),
    Reason.BID_NOT_FOUND: (404, "Bid not found"),
    Reason.BID_OF_OTHER_AUCTION: (400, "This bid is not for the specified product"),
    Reason.BID_EXPIRED: (400, "This bid has expired"),
    Reason.BID_NOT_VALID_YET: (400, "This bid is not valid yet"),
    Reason.NOT_STARTED: (400, UNAVAILABLE),
    Reason.ENDED: (400, UNAVAILABLE),
    Reason.NOT_ACTIVE: (400, UNAVAILABLE),
    Reason.NOT_ENDED: (400, "This product is still listed"),
    Reason.ALREADY_STARTED: (400, "This product is already listed"),
    Reason.HAS_BIDS: (400, "This product has bids and can no longer be changed this way"),
    Reason.WRONG_CLOSING: (400, "This is not possible for this kind of product"),
    Reason.BUY_NOW_UNAVAILABLE: (400, "Buy-now is not available"),
    Reason.NO_AUTO_BID: (404, "You have no automatic bid on this product"),
    Reason.MAX_UNCHANGED: (400, "This is already your maximum"),
    Reason.MAX_NOT_RAISED: (400, "A maximum can only be raised"),
    Reason.BELOW_CURRENT_PRICE: (
        400,
        "Your maximum cannot be below the current highest bid: {price}",
    ),
    Reason.ALREADY_LEADING: (400, "You already have the highest bid"),
    Reason.BELOW_START: (400, "Bid must be at least the starting price: {starting}"),
    Reason.BELOW_MINIMUM: (400, "Bid must be higher than the current highest bid: {price}"),
    Reason.NOTHING_TO_RETRACT: (400, "You have no bid to retract"),
    Reason.RETRACTION_WINDOW: (400, "Bids can no longer be retracted"),
    Reason.NOT_AN_UNDERBIDDER: (400, "This user did not bid, or won"),
}

#: What the guide's own sentence leaves unsaid; goes into `details`.
DETAILS: dict[Reason, str] = {
    Reason.BANNED: "This account may not bid",
    Reason.BLOCKED: "The seller does not accept bids from this account",
    Reason.LINKED_ACCOUNT: api_errors.LINKED_ACCOUNT,
}

_HIDDEN = (Status.DRAFT, Status.REMOVED)

#: HTTP's own statuses that the guide's list does not have, as the one it does.
_AS_BAD_REQUEST = frozenset(
    {
        status.HTTP_415_UNSUPPORTED_MEDIA_TYPE,
        status.HTTP_422_UNPROCESSABLE_ENTITY,
    }
)


class GuideError(Exception):
    """An answer of the guide other than success: its status and its body, word for word."""

    def __init__(self, status_code: int, error: str, **more: object) -> None:
        super().__init__(error)
        self.status_code = status_code
        self.body: dict[str, Any] = {"error": error, **more}


def refusal_body(refusal: Refusal, currency: str) -> tuple[int, dict[str, Any]]:
    """Return status and body of a refusal; amounts in major units of the currency.

    Text 9 gains `details` where the increment asks for more than the next unit (register 8). What
    nobody sees does not exist, also for who bids on it.
    """
    hidden = refusal.reason is Reason.NOT_ACTIVE and refusal.facts["status"] in _HIDDEN
    code, sentence = SENTENCES[Reason.NOT_FOUND if hidden else refusal.reason]
    facts = api_errors.major_facts(refusal, currency)
    text = sentence.format(**facts)
    if code == status.HTTP_401_UNAUTHORIZED:
        return code, {"detail": text}
    details = DETAILS.get(refusal.reason) or _least_bid(refusal, currency)
    return code, {"error": text, "details": details} if details else {"error": text}


def _least_bid(refusal: Refusal, currency: str) -> str | None:
    if refusal.reason is not Reason.BELOW_MINIMUM:
        return None
    least, price = refusal.facts["min_next_minor"], refusal.facts["price_minor"]
    if not isinstance(least, int) or not isinstance(price, int) or least <= price + 1:
        return None
    return f"Minimum next bid: {to_number(least, currency)}"


def handle_exception(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler of this vocabulary's views."""
    reply = _reply(error)
    if reply is not None:
        code, body = reply
        headers = {"WWW-Authenticate": SCHEME} if code == status.HTTP_401_UNAUTHORIZED else None
        return Response(body, status=code, headers=headers)
    if isinstance(error, DeskFull):
        error = api_errors.Busy()
    response = api_errors.handle_exception(error, dict(context))
    if response is not None and response.status_code in _AS_BAD_REQUEST:
        response.status_code = status.HTTP_400_BAD_REQUEST
    return response


def _reply(error: Exception) -> tuple[int, dict[str, Any]] | None:
    """Return status and body of what services and this vocabulary refuse by."""
    match error:
        case Refused():
            return refusal_body(error.refusal, error.currency)
        case GuideError():
            return error.status_code, error.body
        case AccountError():
            return 400, {"error": error.message, **error.facts()}
        case InvalidTerms():
            return 400, {"error": "; ".join(error.problems.values())}
        case InvalidToken():
            return 401, {"detail": api_errors.TOKEN_UNUSABLE}
    return None
