"""Refusals and exceptions in the roadmap's vocabulary: status and body.

Shape: `{"error": sentence, "details"?: string, "fields"?: [names], "code"?: reason}`; 401 answers
`{"detail": …}` as both documents have it.
"""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response

from domain.listing import InvalidTerms
from domain.money import to_number
from domain.reasons import Reason, Refusal, Refused

CREDENTIALS_MISSING = "Authentication credentials were not provided."
TOKEN_UNUSABLE = "Token is invalid or expired"  # noqa: S105 - a sentence, not a secret
LINKED_ACCOUNT = "This account and the seller's share a way to pay or to be paid"
DEPOSIT_NEEDED = "This account needs a deposit before it bids; the house says how to leave one"
EMAIL_UNVERIFIED = "Confirm your e-mail address before you bid or list"


class Busy(exceptions.APIException):
    """Too many requests wait for one auction; try again."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = "This auction is very busy; try again in a second"
    retry_after_seconds = 1


#: status and sentence; braces are filled with the facts, amounts in major units.
SENTENCES: dict[Reason, tuple[int, str]] = {
    Reason.NOT_AUTHENTICATED: (401, TOKEN_UNUSABLE),
    Reason.NOT_FOUND: (404, "Auction not found"),
    Reason.IDEMPOTENCY_KEY_REUSED: (
        422,
        "This Idempotency-Key was already used for another request; send a new key",
    ),
    Reason.INVALID_AMOUNT: (400, "Invalid amount"),
    Reason.INVALID_WINDOW: (400, "End date must be after start date"),
    Reason.FORBIDDEN: (403, "You do not have permission to do this"),
    Reason.SELLER_CANNOT_BID: (400, "You cannot bid on your own auction"),
    Reason.BANNED: (403, "This account may not bid"),
    Reason.EMAIL_UNVERIFIED: (403, EMAIL_UNVERIFIED),
    Reason.BLOCKED: (403, "The seller does not accept bids from this account"),
    Reason.LINKED_ACCOUNT: (400, LINKED_ACCOUNT),
    Reason.DEPOSIT_NEEDED: (403, DEPOSIT_NEEDED),
    Reason.ALREADY_SOLD: (400, "This auction has already been sold"),
    Reason.BID_NOT_FOUND: (404, "Bid not found"),
    Reason.BID_OF_OTHER_AUCTION: (400, "This bid is not for the specified auction"),
    Reason.BID_EXPIRED: (400, "This bid has expired"),
    Reason.BID_NOT_VALID_YET: (400, "This bid is not valid yet"),
    Reason.NOT_STARTED: (400, "The auction has not started yet"),
    Reason.ENDED: (400, "The auction has ended"),
    Reason.NOT_ACTIVE: (400, "Auction must be active; it is {status}"),
    Reason.NOT_ENDED: (400, "The auction has not ended yet"),
    Reason.ALREADY_STARTED: (400, "The auction cannot be activated; it is {status}"),
    Reason.HAS_BIDS: (400, "The auction has bids and can no longer be changed this way"),
    Reason.WRONG_CLOSING: (400, "This listing takes offers; automatic bids do not apply"),
    Reason.BUY_NOW_UNAVAILABLE: (400, "Buy-now is not available"),
    Reason.NO_AUTO_BID: (404, "You have no automatic bid on this auction"),
    Reason.MAX_UNCHANGED: (400, "This is already your maximum"),
    Reason.MAX_NOT_RAISED: (400, "A maximum can only be raised"),
    Reason.BELOW_CURRENT_PRICE: (
        400,
        "Your maximum cannot be below the current bid: {price}",
    ),
    Reason.ALREADY_LEADING: (400, "You already have the highest bid"),
    Reason.BELOW_START: (400, "Bid must be at least the starting price: {starting}"),
    Reason.BELOW_MINIMUM: (400, "Bid is too low. Minimum next bid: {min_next}"),
    Reason.NOTHING_TO_RETRACT: (400, "You have no bid to retract"),
    Reason.RETRACTION_WINDOW: (400, "Bids can no longer be retracted"),
    Reason.NOT_AN_UNDERBIDDER: (400, "This user did not bid, or won"),
}


#: A listing's terms inside -> the roadmap's names for them.
TERM_NAMES = {
    "category_id": "category",
    "starting_minor": "starting_price",
    "increment_strict": "increment_rule",
    "minimum_increment_minor": "minimum_increment",
    "reserve_minor": "reserve_price",
    "buy_now_minor": "buy_now_price",
    "start_at": "start_time",
    "end_at": "end_time",
}


def major_facts(refusal: Refusal, currency: str) -> dict[str, Any]:
    """Return a refusal's facts with `*_minor` amounts as major-unit numbers named without it."""
    return {
        name.removesuffix("_minor"): (
            to_number(value, currency)
            if name.endswith("_minor") and isinstance(value, int)
            else value
        )
        for name, value in refusal.facts.items()
    }


def refusal_reply(refusal: Refusal, currency: str) -> tuple[int, dict[str, Any]]:
    """Return status and body of a refusal."""
    code, sentence = SENTENCES[refusal.reason]
    facts = major_facts(refusal, currency)
    text = sentence.format(**facts)
    if code == status.HTTP_401_UNAUTHORIZED:
        return code, {"detail": text}
    body: dict[str, Any] = {"error": text, "code": refusal.reason.value}
    if facts.get("min_next") is not None:
        body["min_next_bid"] = facts["min_next"]
    if "detail" in facts:
        body["details"] = facts["detail"]
    return code, body


class Forbidden(exceptions.PermissionDenied):
    """A refusal whose reason a program can act on: `default_code` is the answer's `code`."""


class TooLarge(exceptions.APIException):
    """A body beyond the limit."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request is too large"


def handle_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error of the roadmap's views in the document's shape."""
    if isinstance(error, Refused):
        code, body = refusal_reply(error.refusal, error.currency)
        return Response(body, status=code)
    if isinstance(error, InvalidTerms):
        problems = {TERM_NAMES.get(name, name): [text] for name, text in error.problems.items()}
        return Response(validation_body(problems), status=400)
    error = _as_api_exception(error)
    if not isinstance(error, exceptions.APIException):
        return None
    return Response(_body(error), status=error.status_code, headers=_headers(error))


def _as_api_exception(error: Exception) -> Exception:
    """Return Django's exceptions as the framework's."""
    if isinstance(error, Http404):
        return exceptions.NotFound(str(error) or None)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied(str(error) or None)
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    if isinstance(error, SuspiciousOperation):  # too many parts of a form, a hostile file name
        return exceptions.ParseError(str(error) or None)
    return error


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = {}
    scheme = getattr(error, "auth_header", None)  # put there by APIView.handle_exception
    if scheme:
        headers["WWW-Authenticate"] = scheme
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(_wait_seconds(error))
    if isinstance(error, Busy):
        headers["Retry-After"] = str(error.retry_after_seconds)
    return headers


def _wait_seconds(error: exceptions.Throttled) -> int:
    return max(1, round(getattr(error, "wait", None) or 1))


def _body(error: exceptions.APIException) -> dict[str, Any]:
    if isinstance(error, exceptions.NotAuthenticated):
        return {"detail": CREDENTIALS_MISSING}
    if isinstance(error, exceptions.AuthenticationFailed):
        return {"detail": str(error.detail)}
    if isinstance(error, exceptions.ValidationError):
        return validation_body(error.detail)
    if isinstance(error, exceptions.NotFound):
        return {"error": str(error.detail) if error.detail != error.default_detail else "Not found"}
    if isinstance(error, exceptions.Throttled):
        return {"error": f"Too many requests; try again in {_wait_seconds(error)} s"}
    body = {"error": str(error.detail)}
    if isinstance(error, Forbidden):
        body["code"] = error.default_code
    return body


def validation_body(detail: Any) -> dict[str, Any]:
    """Return `{"error", "fields", "details"}` for a serializer's errors, fields in input order."""
    messages = [(path, text) for path, text in _flatten(detail, "")]
    fields = list(dict.fromkeys(path for path, _ in messages if path))
    sentences = [f"{path}: {text}" if path else text for path, text in messages]
    body: dict[str, Any] = {"error": sentences[0] if sentences else "Invalid input"}
    if fields:
        body["fields"] = fields
    if len(sentences) > 1:
        body["details"] = "; ".join(sentences)
    return body


def _flatten(detail: Any, path: str) -> list[tuple[str, str]]:
    if isinstance(detail, dict):
        return [
            pair
            for key, value in detail.items()
            for pair in _flatten(
                value,
                path if key == "non_field_errors" else f"{path}.{key}" if path else str(key),
            )
        ]
    if isinstance(detail, list):
        return [
            pair
            for index, value in enumerate(detail)
            for pair in _flatten(value, f"{path}[{index}]" if isinstance(value, dict) else path)
        ]
    return [(path, str(detail))]
