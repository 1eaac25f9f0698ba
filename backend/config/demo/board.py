"""A drawing board over Pillow: filled outlines, gradients, soft shadows and light, clean edges.

Every shape is drawn into a mask three times as fine and scaled down: that is what smooths its
edge, and it costs a fraction of supersampling the whole picture. Knows nothing of what it draws.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from config.demo.shapes import Point, Shape, moved, rotated

WIDTH, HEIGHT = 1200, 900
FINENESS = 3  # of a mask, per pixel and direction
STRIP = 512  # colours of a gradient
COARSE_FROM = 300  # pixels of the shorter side, from which on a gradient is made small

Colour = tuple[int, int, int]
Bounds = tuple[int, int, int, int]

BLACK: Colour = (0, 0, 0)
WHITE: Colour = (255, 255, 255)


class Linear(NamedTuple):
    """Colours along a direction: 0 from left to right, 90 downwards."""

    colours: tuple[Colour, ...]
    angle: float = 90


class Radial(NamedTuple):
    """Colours from a point of the shape's box (shares of it) outwards."""

    colours: tuple[Colour, ...]
    at: Point = (0.5, 0.5)
    reach: float = 1.0  # share of the box's larger half at which the last colour is reached


Paint = Colour | Linear | Radial


def rgb(code: str) -> Colour:
    """Return a colour written as six hexadecimal digits."""
    value = int(code.removeprefix("#"), 16)
    return value >> 16, value >> 8 & 255, value & 255


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """Return a colour a share of the way from one to another."""
    red, green, blue = (round(x + (y - x) * share) for x, y in zip(a, b, strict=True))
    return red, green, blue


def light(colour: Colour, share: float) -> Colour:
    """Return a colour nearer to white."""
    return mix(colour, WHITE, share)


def dark(colour: Colour, share: float) -> Colour:
    """Return a colour nearer to a warm black."""
    return mix(colour, (18, 14, 20), share)


def sheen(colour: Colour, *, angle: float = 0, strength: float = 1.0) -> Linear:
    """Return the colours of something round and polished, lit from the left."""
    return Linear(
        (
            dark(colour, 0.30 * strength),
            light(colour, 0.10 * strength),
            light(colour, 0.55 * strength),
            colour,
            dark(colour, 0.18 * strength),
            dark(colour, 0.50 * strength),
        ),
        angle,
    )


@dataclass(frozen=True, slots=True)
class View:
    """What part of the scene the picture shows: a point in its middle, how close, how turned."""

    focus: Point = (WIDTH / 2, HEIGHT / 2)
    zoom: float = 1.0
    turn: float = 0.0


class Board:
    """A picture being drawn. Coordinates are the scene's, whatever the view."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.image = Image.new("RGB", (WIDTH, HEIGHT))

    # -- what a drawing asks for ----------------------------------------------------------------

    def fill(
        self,
        shape: Shape,
        paint: Paint,
        *,
        holes: Sequence[Shape] = (),
        opacity: float = 1.0,
        within: Shape | None = None,
    ) -> None:
        """Fill an outline, its holes left out, as far as it lies `within` another."""
        points = self._seen(shape)
        bounds = _bounds(points)
        if bounds is None:
            return
        mask = _mask(bounds, [points], [self._seen(hole) for hole in holes])
        self._lay(mask, bounds, paint, points, opacity, within)

    def fill_all(
        self,
        shapes: Iterable[Shape],
        paint: Paint,
        *,
        opacity: float = 1.0,
        within: Shape | None = None,
    ) -> None:
        """Fill many outlines at once, at the price of one."""
        seen = [self._seen(shape) for shape in shapes]
        points = [point for shape in seen for point in shape]
        bounds = _bounds(points)
        if bounds is not None:
            self._lay(_mask(bounds, seen, []), bounds, paint, points, opacity, within)

    def line(
        self,
        points: Sequence[Point],
        width: float,
        paint: Paint,
        *,
        opacity: float = 1.0,
        within: Shape | None = None,
    ) -> None:
        """Draw a line with round ends."""
        self.line_all([points], width, paint, opacity=opacity, within=within)

    def line_all(
        self,
        paths: Iterable[Sequence[Point]],
        width: float,
        paint: Paint,
        *,
        opacity: float = 1.0,
        within: Shape | None = None,
    ) -> None:
        """Draw many lines of one width at once, at the price of one."""
        seen, thick = [self._seen(path) for path in paths], width * self.view.zoom
        points = [point for path in seen for point in path]
        bounds = _bounds(points, thick / 2 + 1)
        if bounds is not None:
            self._lay(_strokes(bounds, seen, thick), bounds, paint, points, opacity, within)

    def soft(
        self,
        shape: Shape,
        colour: Colour,
        *,
        blur: float,
        opacity: float,
        within: Shape | None = None,
    ) -> None:
        """Lay a blurred patch of light or shade."""
        points, radius = self._seen(shape), blur * self.view.zoom
        bounds = _bounds(points, 2.2 * radius)
        if bounds is None:
            return
        self._lay(_soft_mask(bounds, points, radius), bounds, colour, points, opacity, within)

    def shadow(
        self, shape: Shape, dx: float, dy: float, *, blur: float = 14, opacity: float = 0.35
    ) -> None:
        """Lay the shadow a flat thing casts on what is behind it."""
        self.soft(moved(shape, dx, dy), (20, 14, 16), blur=blur, opacity=opacity)

    def relief(
        self, shape: Shape, *, size: float = 16, light: float = 0.35, dark: float = 0.35
    ) -> None:
        """Make a flat shape look round: light inside its upper left edge, shade opposite."""
        points, reach = self._seen(shape), size * self.view.zoom
        bounds = _bounds(points)
        if bounds is None:
            return
        inside = _mask(bounds, [points], [])
        for step, colour, opacity in ((-reach, BLACK, dark), (reach, WHITE, light)):
            if opacity:
                away = _soft_mask(bounds, moved(points, step * 0.6, step), reach * 0.8)
                edge = ImageChops.multiply(inside, ImageChops.invert(away))
                self._lay(edge, bounds, colour, points, opacity, None)

    def backdrop(self, paint: Paint) -> None:
        """Cover everything, whatever the view."""
        corners = [(0.0, 0.0), (WIDTH, 0.0), (WIDTH, HEIGHT), (0.0, HEIGHT)]
        bounds = (0, 0, WIDTH, HEIGHT)
        self.image.paste(_painted(paint, bounds, corners), bounds)

    # -- how it is done -------------------------------------------------------------------------

    def _seen(self, shape: Sequence[Point]) -> Shape:
        """Return where scene coordinates lie in the picture."""
        view = self.view
        turned = rotated(shape, view.turn, view.focus) if view.turn else shape
        (fx, fy), zoom = view.focus, view.zoom
        return [((x - fx) * zoom + WIDTH / 2, (y - fy) * zoom + HEIGHT / 2) for x, y in turned]

    def _lay(
        self,
        mask: Image.Image,
        bounds: Bounds,
        paint: Paint,
        points: Shape,
        opacity: float,
        within: Shape | None,
    ) -> None:
        if within is not None:
            mask = ImageChops.multiply(mask, _mask(bounds, [self._seen(within)], []))
        if opacity < 1:
            mask = mask.point([round(value * opacity) for value in range(256)])
        if isinstance(paint, Linear | Radial):
            self.image.paste(_painted(paint, bounds, points), bounds, mask)
        else:
            self.image.paste(paint, bounds, mask)


# -- masks --------------------------------------------------------------------------------------


def _bounds(points: Shape, margin: float = 1) -> Bounds | None:
    """Return the pixels a shape may touch, None if it lies outside the picture."""
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    left, top = max(0, int(min(xs) - margin)), max(0, int(min(ys) - margin))
    right = min(WIDTH, int(max(xs) + margin) + 1)
    bottom = min(HEIGHT, int(max(ys) + margin) + 1)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _mask(bounds: Bounds, shapes: Sequence[Shape], holes: Sequence[Shape]) -> Image.Image:
    fine, draw = _canvas(bounds)
    for shape, inside in [*((shape, 255) for shape in shapes), *((hole, 0) for hole in holes)]:
        draw.polygon(_placed(shape, bounds[0], bounds[1], FINENESS), fill=inside)
    return fine.reduce(FINENESS)


def _strokes(bounds: Bounds, paths: Sequence[Shape], width: float) -> Image.Image:
    fine, draw = _canvas(bounds)
    thick = max(1, round(width * FINENESS))
    half = thick / 2
    for path in paths:
        placed = _placed(path, bounds[0], bounds[1], FINENESS)
        draw.line(placed, fill=255, width=thick, joint="curve")
        for x, y in (placed[0], placed[-1]):
            draw.ellipse((x - half, y - half, x + half, y + half), fill=255)
    return fine.reduce(FINENESS)


def _canvas(bounds: Bounds) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    left, top, right, bottom = bounds
    fine = Image.new("L", ((right - left) * FINENESS, (bottom - top) * FINENESS))
    return fine, ImageDraw.Draw(fine)


def _soft_mask(bounds: Bounds, points: Shape, radius: float) -> Image.Image:
    """Return a blurred mask: made small, since nothing sharp is in it."""
    left, top, right, bottom = bounds
    coarse = max(1.0, min(12.0, radius / 2.5))
    margin = 2 * radius / coarse
    width, height = (right - left) / coarse, (bottom - top) / coarse
    small = Image.new("L", (int(width + 2 * margin) + 2, int(height + 2 * margin) + 2))
    shifted = [(x + margin * coarse, y + margin * coarse) for x, y in points]
    ImageDraw.Draw(small).polygon(_placed(shifted, left, top, 1 / coarse), fill=255)
    blurred = small.filter(ImageFilter.GaussianBlur(radius / coarse))
    return blurred.resize(
        (right - left, bottom - top),
        Image.Resampling.BILINEAR,
        box=(margin, margin, margin + width, margin + height),
    )


def _placed(points: Shape, left: float, top: float, scale: float) -> Shape:
    return [((x - left) * scale, (y - top) * scale) for x, y in points]


# -- paint --------------------------------------------------------------------------------------


def _painted(paint: Paint, bounds: Bounds, points: Shape) -> Image.Image:
    size = (bounds[2] - bounds[0], bounds[3] - bounds[1])
    if isinstance(paint, Linear):
        return _linear(paint, bounds, points, size)
    if isinstance(paint, Radial):
        return _radial(paint, bounds, points, size)
    return Image.new("RGB", size, paint)


def _strip(colours: Sequence[Colour]) -> Image.Image:
    """Return the colours in one row, blended from each to the next."""
    row = Image.new("RGB", (len(colours), 1))
    row.putdata(list(colours))
    ends = (0.5, 0, len(colours) - 0.5, 1)
    return row.resize((STRIP, 1), Image.Resampling.BILINEAR, box=ends)


def _linear(paint: Linear, bounds: Bounds, points: Shape, size: tuple[int, int]) -> Image.Image:
    """Return the gradient as one row of colours, stretched or sheared over the area."""
    ((dx, dy),) = rotated([(1.0, 0.0)], paint.angle, (0, 0))
    reaches = [x * dx + y * dy for x, y in points]
    start, length = min(reaches), max(max(reaches) - min(reaches), 1e-6)
    half = STRIP // 2
    strip = Image.new("RGB", (2 * STRIP, 1))
    strip.paste(paint.colours[0], (0, 0, half, 1))
    strip.paste(_strip(paint.colours), (half, 0))
    strip.paste(paint.colours[-1], (half + STRIP, 0, 2 * STRIP, 1))
    scale = (STRIP - 1) / length
    offset = (bounds[0] * dx + bounds[1] * dy - start) * scale + half
    if paint.angle == 90:  # one column, the same all the way across: much the commonest
        column = strip.transform((1, size[1]), Image.Transform.AFFINE, (0, scale, offset, 0, 0, 0))
        return column.resize(size, Image.Resampling.NEAREST)
    if paint.angle == 0:
        row = strip.transform((size[0], 1), Image.Transform.AFFINE, (scale, 0, offset, 0, 0, 0))
        return row.resize(size, Image.Resampling.NEAREST)
    return strip.transform(size, Image.Transform.AFFINE, (dx * scale, dy * scale, offset, 0, 0, 0))


def _radial(paint: Radial, bounds: Bounds, points: Shape, size: tuple[int, int]) -> Image.Image:
    """Return the gradient, made small where it is large: nothing in it is sharp."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    x = min(xs) + paint.at[0] * width
    y = min(ys) + paint.at[1] * height
    reach = max(width, height) / 2 * paint.reach
    wheel = _wheel(paint.colours)
    coarse = 4 if min(size) > COARSE_FROM else 1
    small = (-(-size[0] // coarse), -(-size[1] // coarse))
    scale = wheel.width / (2 * reach)
    gradient = wheel.transform(
        small,
        Image.Transform.AFFINE,
        (
            scale * coarse,
            0,
            (bounds[0] - x) * scale + wheel.width / 2,
            0,
            scale * coarse,
            (bounds[1] - y) * scale + wheel.height / 2,
        ),
        Image.Resampling.BILINEAR,
        fillcolor=paint.colours[-1],
    )
    if coarse == 1:
        return gradient
    box = (0, 0, size[0] / coarse, size[1] / coarse)
    return gradient.resize(size, Image.Resampling.BILINEAR, box=box)


@lru_cache(maxsize=64)
def _wheel(colours: tuple[Colour, ...]) -> Image.Image:
    distance = Image.radial_gradient("L")
    bands = _strip(colours).resize((256, 1)).split()
    return Image.merge("RGB", [distance.point(list(band.tobytes())) for band in bands])
