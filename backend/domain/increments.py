"""The minimum next bid: a fixed increment, or a ladder of bands `[from, next_from)`."""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Increments:
    """Band edges and steps in minor units, ascending; a fixed increment is a single band."""

    edges_minor: tuple[int, ...]
    steps_minor: tuple[int, ...]

    @classmethod
    def fixed(cls, step_minor: int) -> "Increments":
        """Return the same increment at every price."""
        return cls((0,), (step_minor,))

    @classmethod
    def ladder(cls, bands: list[tuple[int, int]]) -> "Increments":
        """Return a ladder from (from_minor, step_minor) pairs in any order."""
        edges, steps = zip(*sorted(bands), strict=True)
        return cls(edges, steps)

    def at(self, price_minor: int) -> int:
        """Return the increment in force at a price; below the first band, the first one's."""
        return self.steps_minor[max(0, bisect_right(self.edges_minor, price_minor) - 1)]
