"""How an example is written down."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.bidbazaar.errors import refusal_body
from apps.core.api_errors import refusal_reply
from apps.payments.errors import refusal_response
from apps.payments.refusals import MoneyReason, MoneyRefused
from domain.reasons import Reason, refuse

CURRENCY = "USD"

Bodies = Mapping[str, Any]  # by a name of a few words


@dataclass(frozen=True, slots=True)
class Sample:
    """Examples of one operation: bodies it takes, bodies it answers by status, headers of 200."""

    sends: Bodies | None = None
    answers: Mapping[int, Bodies] = field(default_factory=dict)
    headers: tuple[str, ...] = ()


def named(bodies: Bodies) -> dict[str, Any]:
    """Return bodies as OpenAPI's `examples`."""
    return {_slug(name): {"summary": name, "value": body} for name, body in bodies.items()}


def _slug(name: str) -> str:
    words = re.findall(r"[a-z0-9]+", name.lower())
    return "-".join(words[:8])


def said(*sentences: str, **more: Any) -> Bodies:
    """Return errors that are a sentence each; `more` joins each of them."""
    return {sentence: {"error": sentence, **more} for sentence in sentences}


def refused(reason: Reason, **facts: Any) -> Bodies:
    """Return a refusal in the roadmap's words."""
    _, body = refusal_reply(refuse(reason, **facts), CURRENCY)
    return {reason.value.replace("_", " "): body}


def money_refused(reason: MoneyReason, **facts: Any) -> Bodies:
    """Return a refusal of money's services."""
    body = refusal_response(MoneyRefused(reason, CURRENCY, **facts)).data
    return {reason.value.replace("_", " "): body}


def guide_refused(reason: Reason, **facts: Any) -> Bodies:
    """Return a refusal in the guide's words."""
    _, body = refusal_body(refuse(reason, **facts), CURRENCY)
    return {reason.value.replace("_", " "): body}


def page_of(row: Any, *, address: str) -> Bodies:
    """Return the first of two pages of rows."""
    return {
        "first of two pages": {
            "count": 21,
            "next": f"https://bidbazaar.example{address}{'&' if '?' in address else '?'}page=2",
            "previous": None,
            "results": [row],
        }
    }


NO_SUCH_PAGE = said("Invalid page")
BAD_PAGE_SIZE = {
    "page size": {
        "error": "page_size: must be a number from 1 to 100",
        "fields": ["page_size"],
    }
}
NO_AUCTION = refused(Reason.NOT_FOUND)
NOT_JSON = said("Invalid JSON: check quotes, commas and brackets")
