"""Stripe's form bodies: brackets into trees, trees against the shapes of the routes.

A shape says a parameter's kind: INT, TEXT, FLAG, MAP (strings by any name), ANY, a list of a kind,
a dict of kinds, or a tuple of alternatives. What no shape names is refused, as Stripe does.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

INT, TEXT, FLAG, MAP, ANY = "integer", "string", "boolean", "map", "any"
SPAN = (INT, {"gt": INT, "gte": INT, "lt": INT, "lte": INT})
KEY_PARTS = re.compile(r"[^\[\]]+|\[\]")

Params = dict[str, Any]


class StripeError(Exception):
    """An answer of status 4xx, in Stripe's shape (docs: api/errors).

    `kept` says that an endpoint had begun its work, so that the answer belongs to the key.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        kind: str = "invalid_request_error",
        kept: bool = True,
        **more: object,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        self.error: dict[str, object] = {"message": message, "type": kind}
        if code is not None:
            self.error["code"] = code
            page = code.replace("_", "-")
            self.error["doc_url"] = f"https://stripe.com/docs/error-codes/{page}"
        if param is not None:
            self.error["param"] = param
        self.error.update(more)


def refused(message: str, code: str | None, param: str) -> StripeError:
    """Return the error of a parameter that fails before anything begins."""
    return StripeError(400, message, code=code, param=param, kept=False)


def parsed(text: str) -> Params:
    """Return `a[b][0][c]=d` as a tree of dicts, list indexes as their digits."""
    tree: Params = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        node = tree
        parts = KEY_PARTS.findall(name) or [name]
        for part in parts[:-1]:
            key = str(len(node)) if part == "[]" else part
            inner = node.setdefault(key, {})
            if not isinstance(inner, dict):
                raise refused(
                    "Invalid request (check that your POST content type is "
                    "application/x-www-form-urlencoded).",
                    None,
                    name,
                )
            node = inner
        last = str(len(node)) if parts[-1] == "[]" else parts[-1]
        node[last] = value
    return tree


def checked(params: Params, shape: Params, required: tuple[str, ...] = ()) -> Params:
    """Return the parameters as values; raises StripeError 400 for the first that does not fit."""
    result = _fields(params, {**shape, "expand": [TEXT]}, "")
    for name in required:
        if result.get(name) in (None, ""):
            raise refused(f"Missing required param: {name}.", "parameter_missing", name)
    return result


def _fields(params: Params, shape: Params, path: str) -> Params:
    result: Params = {}
    for name, value in params.items():
        full = f"{path}[{name}]" if path else name
        if name not in shape:
            raise refused(f"Received unknown parameter: {full}", "parameter_unknown", full)
        result[name] = _value(value, shape[name], full)
    return result


def _value(value: Any, kind: Any, path: str) -> Any:
    if isinstance(kind, tuple):
        plain = not isinstance(value, dict)
        kind = next(one for one in kind if plain is not isinstance(one, dict))
    if kind == ANY:
        return value
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            raise refused("Invalid object", None, path)
        return _fields(value, kind, path)
    if isinstance(kind, list):
        if not isinstance(value, dict):
            raise refused("Invalid array", None, path)
        return [_value(item, kind[0], f"{path}[{at}]") for at, item in value.items()]
    return _plain(value, kind, path)


def _plain(value: Any, kind: str, path: str) -> Any:
    if kind == MAP:
        if value == "":
            return {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise refused("Metadata must be a flat object of strings.", None, path)
        if len(value) > 50 or any(len(k) > 40 or len(v) > 500 for k, v in value.items()):
            raise refused(
                "Metadata has at most 50 keys of 40 characters and values of 500.", None, path
            )
        return value
    if not isinstance(value, str):
        raise refused(f"Invalid {kind}: {value}", None, path)
    if kind == INT:
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise refused(f"Invalid integer: {value}", "parameter_invalid_integer", path)
        return int(value)
    if kind == FLAG:
        if value not in ("true", "false"):
            raise refused(f"Invalid boolean: {value}", None, path)
        return value == "true"
    return value
