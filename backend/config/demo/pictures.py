"""Pictures for the demo's listings: drawn, encoded and named as uploaded ones are.

A thing is its kind, its colour and a number; the same three give the same picture for ever. The
first picture shows all of it, the next ones come closer or show it in another room.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import NamedTuple

from PIL import Image

from apps.core.uploads import OUTPUT_FORMAT, OUTPUT_QUALITY, THUMBNAILS, PreparedImage
from config.demo.board import Board, Colour, View, rgb
from config.demo.drawings import (
    art,
    home,
    leisure,
    motion,
    optics,
    paper,
    pocket,
    small,
    sound,
)
from config.demo.drawings.people import portrait
from config.demo.scenes import SETTINGS

THREADS = 2  # most of the work is Pillow's, which lets other threads run meanwhile
PORTRAIT_SIDE = 450  # pixels
ENCODING_EFFORT = 2  # of 0 to 6: a third of the usual time, files a twentieth larger

Draw = Callable[[Board, Random, Colour], None]
Place = tuple[float, float, float]  # x, y of the middle, zoom


class Drawing(NamedTuple):
    """How a kind of thing is drawn: where it stands, what part is shown from how near."""

    draw: Draw
    setting: str
    whole: Place
    closer: tuple[Place, ...]


_FRAME: Place = (600, 450, 1.05)
_FRAME_CLOSER: Place = (600, 440, 2.0)

#: Every kind of thing, some in several makes.
DRAWINGS: dict[str, Drawing] = {
    "bag": Drawing(leisure.bag, "table", (600, 470, 1.08), ((470, 640, 2.3), (600, 300, 1.7))),
    "bicycle tour": Drawing(
        partial(motion.bicycle, drop=True),
        "floor",
        (600, 470, 1.05),
        ((560, 590, 2.1), (800, 330, 2.0)),
    ),
    "bicycle town": Drawing(
        partial(motion.bicycle, drop=False),
        "floor",
        (600, 470, 1.05),
        ((560, 590, 2.1), (800, 330, 2.0)),
    ),
    "book": Drawing(paper.book, "table", (600, 500, 1.12), ((610, 400, 2.0), (560, 690, 2.2))),
    "bottle": Drawing(leisure.bottle, "table", (600, 500, 1.12), ((615, 620, 2.1),)),
    "camera": Drawing(optics.camera, "table", (580, 540, 1.15), ((600, 590, 2.2), (760, 450, 2.4))),
    "car": Drawing(motion.car, "table", (600, 560, 1.15), ((370, 620, 2.2), (820, 580, 2.2))),
    "chair": Drawing(home.chair, "floor", (600, 500, 1.08), ((600, 380, 1.9), (480, 640, 1.9))),
    "chart": Drawing(paper.chart, "flat", (600, 450, 1.0), ((840, 590, 2.2), (420, 380, 1.9))),
    "chess": Drawing(leisure.chess, "table", (600, 540, 1.12), ((640, 560, 1.9),)),
    "clock": Drawing(home.clock, "wall", (600, 450, 1.0), ((600, 450, 2.0),)),
    "coin": Drawing(small.coin, "flat", (620, 460, 1.05), ((450, 520, 1.6), (770, 340, 1.9))),
    "console": Drawing(pocket.console, "flat", (600, 450, 1.1), ((600, 450, 2.0), (880, 470, 2.4))),
    "electric": Drawing(
        sound.electric, "flat", (620, 440, 1.0), ((520, 500, 1.9), (930, 220, 2.2))
    ),
    "globe": Drawing(optics.globe, "table", (600, 450, 1.08), ((600, 380, 1.9),)),
    "guitar": Drawing(sound.guitar, "flat", (620, 440, 1.0), ((480, 490, 1.9), (930, 220, 2.2))),
    "headphones": Drawing(sound.headphones, "table", (600, 490, 1.12), ((370, 540, 2.2),)),
    "lamp dome": Drawing(
        partial(home.lamp, dome=True), "table", (600, 470, 1.1), ((600, 340, 1.8),)
    ),
    "lamp shade": Drawing(
        partial(home.lamp, dome=False), "table", (600, 470, 1.1), ((600, 340, 1.8),)
    ),
    "lens": Drawing(optics.lens, "table", (600, 540, 1.25), ((590, 400, 2.3),)),
    "phone": Drawing(pocket.phone, "flat", (600, 460, 1.1), ((690, 260, 2.4), (440, 400, 1.8))),
    "radio": Drawing(sound.radio, "table", (600, 520, 1.15), ((780, 520, 2.1), (440, 530, 1.9))),
    "ring": Drawing(small.ring, "table", (600, 480, 1.1), ((600, 380, 2.4),)),
    "rug": Drawing(home.rug, "flat", (600, 450, 1.0), ((300, 280, 2.1), (600, 450, 2.0))),
    "shoe": Drawing(leisure.shoe, "table", (620, 570, 1.15), ((430, 580, 1.9), (760, 640, 2.0))),
    "sideboard drawers": Drawing(
        partial(home.sideboard, drawers=True),
        "floor",
        (600, 540, 1.1),
        ((600, 560, 1.9), (290, 420, 2.0)),
    ),
    "sideboard slats": Drawing(
        partial(home.sideboard, drawers=False),
        "floor",
        (600, 540, 1.1),
        ((600, 560, 1.9), (290, 420, 2.0)),
    ),
    "skateboard stripes": Drawing(
        partial(motion.skateboard, striped=True), "flat", (600, 450, 1.08), ((330, 500, 2.2),)
    ),
    "skateboard waves": Drawing(
        partial(motion.skateboard, striped=False), "flat", (600, 450, 1.08), ((330, 500, 2.2),)
    ),
    "stamps": Drawing(pocket.stamps, "flat", (610, 460, 1.08), ((590, 250, 2.3), (340, 620, 2.3))),
    "synth": Drawing(sound.synth, "flat", (600, 460, 1.1), ((420, 370, 2.1), (820, 480, 2.0))),
    "teapot": Drawing(home.teapot, "table", (620, 560, 1.12), ((510, 590, 1.9), (960, 690, 2.4))),
    "telescope": Drawing(optics.telescope, "table", (570, 510, 1.1), ((360, 330, 2.0),)),
    "turntable": Drawing(
        sound.turntable, "flat", (600, 455, 1.1), ((720, 520, 1.9), (520, 455, 2.2))
    ),
    "typewriter": Drawing(
        paper.typewriter, "table", (600, 480, 1.08), ((600, 650, 2.0), (560, 360, 1.9))
    ),
    "vase": Drawing(home.vase, "table", (600, 430, 1.0), ((600, 560, 1.9),)),
    "watch dress": Drawing(
        partial(small.watch, gilt=False, dials=0),
        "flat",
        (600, 450, 1.1),
        ((600, 450, 1.9), (690, 470, 2.8)),
    ),
    "watch diver": Drawing(
        partial(small.watch, gilt=False, dials=1),
        "flat",
        (600, 450, 1.1),
        ((600, 450, 1.9), (690, 470, 2.8)),
    ),
    "watch chronograph": Drawing(
        partial(small.watch, gilt=True, dials=3),
        "flat",
        (600, 450, 1.1),
        ((600, 450, 1.9), (690, 470, 2.8)),
    ),
} | {
    f"{kind} {subject}": Drawing(partial(draw, subject=subject), "wall", _FRAME, (_FRAME_CLOSER,))
    for kind, draw in (("painting", art.painting), ("poster", art.poster))
    for subject in art.SUBJECTS
}


@dataclass(frozen=True, slots=True)
class Thing:
    """What is on a picture. `number` tells apart two things of a kind and a colour."""

    kind: str
    colour: str
    number: int


def prepare(thing: Thing, position: int) -> PreparedImage:
    """Draw one picture of a thing and encode it as an upload would be."""
    return _prepared(draw(thing, position))


def _prepared(picture: Image.Image) -> PreparedImage:
    thumbnails = {}
    for ending, side in THUMBNAILS.items():
        scaled = picture.copy()
        scaled.thumbnail((side, side), Image.Resampling.BOX)
        thumbnails[ending] = _encoded(scaled)
    return PreparedImage(image=_encoded(picture), thumbnails=thumbnails)


def draw(thing: Thing, position: int) -> Image.Image:
    """Draw the picture at a position in a listing's gallery: 0 is its cover."""
    drawing = DRAWINGS[thing.kind]
    shots = (drawing.whole, *drawing.closer)
    x, y, zoom = shots[position % len(shots)]
    board = Board(View((x, y), zoom))
    room = Random(f"{thing.kind} {thing.number} room {position // len(shots)}")
    SETTINGS[drawing.setting](board, room)
    drawing.draw(board, Random(f"{thing.kind} {thing.number}"), rgb(thing.colour))
    return board.image


def prepare_portrait(username: str, look: str) -> PreparedImage:
    """Draw and encode somebody's profile picture: a square."""
    board = Board(View())
    portrait(board, Random(username), look)
    left = (board.image.width - board.image.height) // 2
    square = board.image.crop((left, 0, board.image.width - left, board.image.height))
    return _prepared(square.resize((PORTRAIT_SIDE, PORTRAIT_SIDE), Image.Resampling.BOX))


def prepare_all(wanted: Sequence[tuple[Thing, int]]) -> Iterator["Future[PreparedImage]"]:
    """Start drawing pictures in the background; yields a future for each, in their order."""
    pool = ThreadPoolExecutor(THREADS, thread_name_prefix="demo-pictures")
    futures = [pool.submit(prepare, thing, position) for thing, position in wanted]
    pool.shutdown(wait=False)
    yield from futures


def _encoded(picture: Image.Image) -> bytes:
    target = io.BytesIO()
    picture.save(target, OUTPUT_FORMAT, quality=OUTPUT_QUALITY, method=ENCODING_EFFORT)
    return target.getvalue()
