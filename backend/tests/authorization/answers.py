"""An answer as every test here looks at it: its status, its text, and what may not be in either."""

import json
from dataclasses import dataclass
from typing import Any

ERROR_KEYS = {"error", "details", "fields", "code", "min_next_bid"}
#: All but the first only where a login waits for its second factor.
UNAUTHORIZED_KEYS = {"detail", "code", "challenge", "methods", "expires_in"}
#: On every answer, whoever gives it. A page that may be framed or sniffed is a weapon.
HEADERS = {"x-content-type-options": "nosniff", "x-frame-options": "DENY"}


@dataclass(frozen=True)
class Answer:
    """What came back, from Django's test client or from httpx."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def json(self) -> Any:
        """Return the body's value; raises ValueError where it is no JSON."""
        return json.loads(self.text)

    @property
    def is_json(self) -> bool:
        """Tell whether the answer says it is JSON."""
        return self.headers.get("content-type", "").partition(";")[0] == "application/json"


def answer_of(response: Any) -> Answer:
    """Return a response of either client."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    if getattr(response, "streaming", False):
        content = b"".join(response.streaming_content)
    else:
        content = response.content
    # A PDF is no text; what it says is looked at as JSON.
    encoding = "latin-1" if headers.get("content-type") == "application/pdf" else "utf-8"
    return Answer(response.status_code, content.decode(encoding), headers)


def misshapen(answer: Answer) -> list[str]:
    """Return what is wrong with an answer whatever was asked: crashed, not JSON, not the shape.

    Errors are {"error", …}, for 401 {"detail"}; the guide's highest bid may say {"message"}.
    """
    wrong = [
        f"{name} is {answer.headers.get(name)}"
        for name, value in HEADERS.items()
        if answer.headers.get(name) != value
    ]
    if answer.status >= 500:
        wrong.append(f"crashed with {answer.status}")
    if answer.status >= 400:
        wrong += _misshapen_error(answer)
    return wrong


def _misshapen_error(answer: Answer) -> list[str]:
    if not answer.is_json:
        return [f"an error as {answer.headers.get('content-type')}"]
    body = answer.json
    if answer.status == 401:
        is_right = isinstance(body.get("detail"), str) and not set(body) - UNAUTHORIZED_KEYS
        has_scheme = answer.headers.get("www-authenticate") == "Bearer"
        return [] if is_right and has_scheme else [f"a 401 that says {body}, {answer.headers}"]
    if list(body) == ["message"] and answer.status == 404:
        return [] if body["message"] == "No bids found for this product" else [f"says {body}"]
    return [] if _is_error(body) else [f"an error that says {body}"]


def _is_error(body: Any) -> bool:
    if not isinstance(body, dict) or not isinstance(body.get("error"), str) or not body["error"]:
        return False
    if set(body) - ERROR_KEYS:
        return False
    fields = body.get("fields", [])
    return (
        isinstance(body.get("details", ""), str)
        and isinstance(body.get("code", ""), str)
        and isinstance(fields, list)
        and all(isinstance(name, str) for name in fields)
    )
