"""JSON in and out: strict on the way in, fast on the way out.

In: numbers with a point arrive as Decimal, so no amount passes through a float; an exponent,
NaN, a duplicate key or nesting without end is refused. Out: msgspec.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer

encode = msgspec.json.Encoder().encode


class InvalidJSON(ValueError):
    """The text is not the JSON we accept; the message is for a person."""


def decode(body: bytes | str) -> Any:
    """Return the value of a JSON text; raises InvalidJSON."""
    try:
        return json.loads(
            # Ours to decode: json.loads would let halves of surrogate pairs and UTF-16 through.
            body.decode("utf-8-sig") if isinstance(body, bytes) else body,
            parse_float=_plain_decimal,
            parse_constant=_no_constant,
            object_pairs_hook=_unique_keys,
        )
    except InvalidJSON:
        raise
    except RecursionError as error:
        raise InvalidJSON("Invalid JSON: nested too deeply") from error
    except (ValueError, UnicodeDecodeError) as error:
        raise InvalidJSON("Invalid JSON: check quotes, commas and brackets") from error


def decode_object(body: bytes | str) -> dict[str, Any]:
    """Return the object of a JSON text, {} for an empty one; raises InvalidJSON."""
    value = decode(body) if body else {}
    if not isinstance(value, dict):
        raise InvalidJSON("The body must be a JSON object")
    return value


def _plain_decimal(text: str) -> Decimal:
    if "e" in text.lower():
        raise InvalidJSON(f"Invalid number {text[:40]}: write it without an exponent")
    return Decimal(text)


def _no_constant(text: str) -> None:
    raise InvalidJSON(f"Invalid number {text}: must be finite")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise InvalidJSON("Invalid JSON: the same key appears twice")
    return result


class JSONParser(BaseParser):
    """DRF parser over `decode_object`."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the body's object; raises RequestDataTooBig, whatever server stands in front."""
        body = stream.read(settings.REQUEST_BYTES_MAX + 1)
        if len(body) > settings.REQUEST_BYTES_MAX:
            raise RequestDataTooBig
        try:
            return decode_object(body)
        except InvalidJSON as error:
            raise ParseError(str(error)) from error


class JSONRenderer(BaseRenderer):
    """DRF renderer over msgspec: JSON numbers, aware instants as ISO 8601 with Z."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """Return the JSON text; nothing for no data, as 204 demands."""
        return b"" if data is None else encode(data)
