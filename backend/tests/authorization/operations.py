"""Every operation this site answers, read from the URL resolver: a route and a method."""

import re
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

#: What any view answers by itself; tests of their own look at these two.
GIVEN = {"OPTIONS", "HEAD"}

#: Django's admin: its doors are tried by tests/services/test_office.py.
ELSEWHERE = "admin"

_CONVERTED = re.compile(r"<(?:[a-z_]+:)?([a-z_]+)>")
_NAMED_GROUP = re.compile(r"\(\?P<([a-z_]+)>[^)]*\)")


def operations() -> set[str]:
    """Return "METHOD /path/{id}/" of everything the resolver leads to."""
    found = {f"{method} {path}" for path, view in routes() for method in methods_of(path, view)}
    assert len(found) > 60, "the resolver was not understood"
    return found


def routes() -> Iterator[tuple[str, Any]]:
    """Yield each path, ids as {name}, and the callable behind it."""
    yield from _below(get_resolver(), "/")


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = prefix + _path_of(entry)
        if isinstance(entry, URLResolver):
            if entry.app_name != ELSEWHERE:
                yield from _below(entry, path)
        else:
            yield path, entry.callback


def _path_of(entry: URLPattern | URLResolver) -> str:
    if getattr(entry, "name", None) == "page":
        return ""  # the web app answers whatever nothing else does
    text = str(entry.pattern)
    if isinstance(entry.pattern, RegexPattern):
        text = text.removeprefix("^").removesuffix("$").replace("/?", "/")
        return _NAMED_GROUP.sub(r"{\1}", text)
    return _CONVERTED.sub(r"{\1}", text)


def methods_of(path: str, view: Any) -> set[str]:
    """Return the methods a view has, without those every view has."""
    actions = getattr(view, "actions", None)
    if actions:
        return {method.upper() for method in actions} - GIVEN
    kind = getattr(view, "cls", None) or getattr(view, "view_class", None)
    assert kind is not None, f"{path}: {view} is no class; its methods cannot be read"
    return {name.upper() for name in kind.http_method_names if hasattr(kind, name)} - GIVEN
