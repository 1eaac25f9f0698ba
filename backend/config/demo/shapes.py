"""Outlines as lists of points, for the demo's drawings.

Everything a drawing fills is a polygon: a circle has corners too small to see. Coordinates are
those of a picture 1200 wide and 900 high, y downwards, angles in degrees, clockwise from the
right.
"""

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Shape = Sequence[Point]

CURVE_STEPS = 12  # corners between two given points of a smooth outline
ROUND_STEPS = 96  # corners of a full circle


def points(text: str) -> list[Point]:
    """Return the points written as `x,y x,y ...`."""
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x), float(y)) for x, y in pairs]


def curve(text: str) -> list[Point]:
    """Return the closed curve through the points written as `x,y x,y ...`."""
    return smooth(points(text))


def trail(text: str) -> list[Point]:
    """Return the open curve through the points written as `x,y x,y ...`."""
    return smooth(points(text), closed=False)


def oval(x: float, y: float, rx: float, ry: float | None = None, *, turn: float = 0) -> list[Point]:
    """Return an ellipse; a circle without `ry`."""
    ry = rx if ry is None else ry
    angles = (2 * math.pi * step / ROUND_STEPS for step in range(ROUND_STEPS))
    shape = [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]
    return rotated(shape, turn, (x, y)) if turn else shape


def box(x0: float, y0: float, x1: float, y1: float, radius: float = 0) -> list[Point]:
    """Return a rectangle, its corners rounded by `radius`."""
    if not radius:
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    r = min(radius, (x1 - x0) / 2, (y1 - y0) / 2)
    corners = (
        (x1 - r, y0 + r, -90),
        (x1 - r, y1 - r, 0),
        (x0 + r, y1 - r, 90),
        (x0 + r, y0 + r, 180),
    )
    return [point for x, y, start in corners for point in arc(x, y, r, start, start + 90, steps=10)]


def arc(
    x: float, y: float, r: float, start: float, end: float, *, ry: float = 0, steps: int = 40
) -> list[Point]:
    """Return an open arc from one angle to another; `ry` makes it elliptic."""
    angles = (math.radians(start + (end - start) * step / steps) for step in range(steps + 1))
    return [(x + r * math.cos(a), y + (ry or r) * math.sin(a)) for a in angles]


def band(x: float, y: float, inner: float, outer: float, start: float, end: float) -> list[Point]:
    """Return a piece of a ring."""
    return arc(x, y, outer, start, end) + arc(x, y, inner, end, start)


def smooth(points: Sequence[Point], *, closed: bool = True) -> list[Point]:
    """Return a curve through all points (Catmull-Rom)."""
    count = len(points)
    if closed:
        ring = [points[-1], *points, points[0], points[1]]
        spans = count
    else:
        ring = [points[0], *points, points[-1]]
        spans = count - 1
    curve = []
    for span in range(spans):
        curve += _span(*ring[span : span + 4])
    return curve if closed else [*curve, points[-1]]


def _span(p0: Point, p1: Point, p2: Point, p3: Point) -> list[Point]:
    points = []
    for step in range(CURVE_STEPS):
        t = step / CURVE_STEPS
        points.append(
            (
                _catmull_rom(p0[0], p1[0], p2[0], p3[0], t),
                _catmull_rom(p0[1], p1[1], p2[1], p3[1], t),
            )
        )
    return points


def _catmull_rom(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3
    )


def lathe(profile: Sequence[Point], x: float, *, curved: bool = True) -> list[Point]:
    """Return what turning a profile on a lathe shows: (radius, y) pairs mirrored about `x`."""
    side = smooth(profile, closed=False) if curved else list(profile)
    return [(x + r, y) for r, y in side] + [(x - r, y) for r, y in reversed(side)]


def star(
    x: float, y: float, r: float, points: int, *, inner: float = 0.5, turn: float = -90
) -> list[Point]:
    """Return a star of so many points."""
    shape = []
    for step in range(2 * points):
        angle = math.radians(turn + 180 * step / points)
        radius = r if step % 2 == 0 else r * inner
        shape.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
    return shape


def on_circle(x: float, y: float, r: float, angle: float) -> Point:
    """Return a point of a circle."""
    return x + r * math.cos(math.radians(angle)), y + r * math.sin(math.radians(angle))


def between(a: Point, b: Point, t: float) -> Point:
    """Return the point a share `t` of the way from one to another."""
    return a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t


def moved(shape: Iterable[Point], dx: float, dy: float) -> list[Point]:
    """Return a shape elsewhere."""
    return [(x + dx, y + dy) for x, y in shape]


def flipped(shape: Iterable[Point], x: float) -> list[Point]:
    """Return a shape mirrored left to right about `x`."""
    return [(2 * x - px, py) for px, py in shape]


def scaled(shape: Iterable[Point], factor: float, about: Point, *, fy: float = 0) -> list[Point]:
    """Return a shape larger or smaller; `fy` for another factor downwards."""
    ax, ay = about
    return [(ax + (x - ax) * factor, ay + (y - ay) * (fy or factor)) for x, y in shape]


def rotated(shape: Iterable[Point], angle: float, about: Point) -> list[Point]:
    """Return a shape turned clockwise."""
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    ax, ay = about
    return [
        (ax + (x - ax) * cos - (y - ay) * sin, ay + (x - ax) * sin + (y - ay) * cos)
        for x, y in shape
    ]
