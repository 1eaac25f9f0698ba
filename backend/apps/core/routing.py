"""Paths that answer with and without their trailing slash, without a redirect."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponseBase
from django.urls import URLPattern, path, register_converter
from django.urls.resolvers import RoutePattern

ID_MAX = 2**63 - 1


class IdConverter:
    """A positive id that the database can hold; anything else is an unknown path (404)."""

    regex = "[0-9]{1,19}"

    def to_python(self, value: str) -> int:
        """Return the id; raises ValueError for 0 and for more than 2^63-1."""
        number = int(value)
        if not 1 <= number <= ID_MAX:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        """Return the id as it stands in a path."""
        return str(value)


register_converter(IdConverter, "id")


class EitherSlash(RoutePattern):
    """A route whose last slash is optional."""

    def match(self, path: str) -> tuple[str, tuple[Any, ...], dict[str, Any]] | None:
        """Match the path as written, or as if it ended with a slash."""
        found = super().match(path)
        if found is None and not path.endswith("/"):
            found = super().match(path + "/")
        return found


def route(pattern: str, view: Callable[..., HttpResponseBase], name: str) -> URLPattern:
    """Return a URL pattern for `pattern` (written with its final slash, ids as `<id:name>`)."""
    if not pattern.endswith("/"):
        raise ValueError(f"{pattern!r} must end with a slash")
    found = path(pattern, view, name=name)
    found.pattern = EitherSlash(pattern, name=name, is_endpoint=True)
    return found
