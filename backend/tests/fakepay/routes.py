"""Which function answers which path."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

Shape = dict[str, Any]


@dataclass(frozen=True)
class Route:
    """A method and a path, `{}` where an id stands, and what may be said to it."""

    method: str
    parts: tuple[str, ...]
    answer: Callable[..., Any]
    shape: Shape
    required: tuple[str, ...]

    @property
    def pattern(self) -> str:
        """Return the path as it was written."""
        return "/" + "/".join(self.parts)


class Routes:
    """A table of routes."""

    def __init__(self) -> None:
        self._table: dict[tuple[str, int], list[Route]] = {}

    def on(
        self, method: str, path: str, shape: Shape | None = None, *, required: Iterable[str] = ()
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register the decorated function."""

        def register(answer: Callable[..., Any]) -> Callable[..., Any]:
            parts = tuple(path.strip("/").split("/"))
            self._add(Route(method, parts, answer, shape or {}, tuple(required)))
            return answer

        return register

    def _add(self, route: Route) -> None:
        self._table.setdefault((route.method, len(route.parts)), []).append(route)

    def include(self, *others: "Routes") -> "Routes":
        """Add the routes of other tables."""
        for other in others:
            for routes in other._table.values():
                for route in routes:
                    self._add(route)
        return self

    def find(self, method: str, segments: list[str]) -> tuple[Route, list[str]] | None:
        """Return the route and the ids in the path; a fixed word goes before an id."""
        best: tuple[Route, list[str]] | None = None
        for route in self._table.get((method, len(segments)), ()):
            pairs = list(zip(route.parts, segments, strict=True))
            if all(part in ("{}", segment) for part, segment in pairs):
                ids = [segment for part, segment in pairs if part == "{}"]
                if best is None or len(ids) < len(best[1]):
                    best = route, ids
        return best
