"""Paintings and prints, and the pictures on them."""

from collections.abc import Callable
from random import Random

from config.demo.board import (
    BLACK,
    WHITE,
    Board,
    Colour,
    Linear,
    Radial,
    dark,
    light,
    mix,
    rgb,
    sheen,
)
from config.demo.shapes import (
    Shape,
    arc,
    box,
    oval,
    rotated,
    smooth,
)

INK = rgb("2a2622")

#: sky above, sky below, sun, far to near
_SKIES = (
    ("f7d9a8", "e98f6b", "fff1c9", "8a5a78", "4f3f63", "2c2a48"),
    ("cfe3ea", "f4ead2", "fff6dc", "8fb0ae", "5f8a7f", "35594f"),
    ("bcd0ea", "f5d6cf", "fffaf0", "9a9cc0", "6d6f9f", "3f4472"),
    ("f2e3b3", "d9b25f", "fff7d6", "b3763f", "7f4a2c", "4a2c20"),
    ("27385f", "6f7fae", "f4f0df", "3c5480", "27395f", "16223f"),
)


def painting(board: Board, chance: Random, colour: Colour, *, subject: str) -> None:
    """Draw an oil painting in a moulded frame; `colour` is the frame's."""
    left, top, right, bottom = _format(chance, wide=0.65)
    outer = box(left, top, right, bottom)
    board.shadow(outer, 22, 34, blur=30, opacity=0.4)
    _moulding(board, (left, top, right, bottom), colour, 74)
    inset = box(left + 74, top + 74, right - 74, bottom - 74)
    _picture(board, chance, (left + 74, top + 74, right - 74, bottom - 74), subject)
    for tone in (WHITE, BLACK):
        strokes = []
        for _ in range(40):
            x, y = chance.uniform(left + 74, right - 74), chance.uniform(top + 74, bottom - 74)
            reach, thick = chance.uniform(20, 60), chance.uniform(3, 7)
            strokes.append(oval(x, y, reach, thick, turn=chance.uniform(-25, 25)))
        board.fill_all(strokes, tone, opacity=0.045, within=inset)
    board.soft(
        box(left + 60, top + 60, right - 60, top + 84), BLACK, blur=12, opacity=0.45, within=inset
    )
    board.soft(
        box(left + 60, top + 60, left + 84, bottom - 60), BLACK, blur=12, opacity=0.3, within=inset
    )


def poster(board: Board, chance: Random, colour: Colour, *, subject: str) -> None:
    """Draw a flat-coloured print behind glass in a narrow frame."""
    left, top, right, bottom = _format(chance, wide=0.2)
    outer = box(left, top, right, bottom)
    board.shadow(outer, 18, 28, blur=26, opacity=0.38)
    board.fill(outer, Linear((light(colour, 0.25), colour, dark(colour, 0.3)), 50))
    board.fill(
        box(left + 16, top + 16, right - 16, bottom - 16),
        Linear((rgb("fbf8f1"), rgb("ece6da")), 50),
    )
    board.soft(
        box(left + 10, top + 10, right - 10, top + 24), BLACK, blur=8, opacity=0.4, within=outer
    )
    area = (left + 66, top + 66, right - 66, bottom - 96)
    _picture(board, chance, area, subject)
    board.line([(left + 66, bottom - 60), (left + 190, bottom - 60)], 3, INK, opacity=0.5)
    board.line([(right - 130, bottom - 60), (right - 66, bottom - 60)], 3, INK, opacity=0.5)
    glare = [(left, top), (left + 240, top), (left + 40, bottom), (left, bottom)]
    board.soft(glare, WHITE, blur=10, opacity=0.14, within=outer)


def _format(chance: Random, *, wide: float) -> tuple[float, float, float, float]:
    if chance.random() < wide:
        return 215, 150, 985, 730
    return 350, 80, 850, 800


def _moulding(
    board: Board, edges: tuple[float, float, float, float], colour: Colour, width: float
) -> None:
    left, top, right, bottom = edges
    steps = ((0.0, 0.28, 0.1), (0.28, 0.72, 0.35), (0.72, 0.9, 0.0), (0.9, 1.0, 0.5))
    for start, end, glow in steps:
        a, b = width * start, width * end
        tone = light(colour, glow)
        sides = (
            (
                [
                    (left + a, top + a),
                    (right - a, top + a),
                    (right - b, top + b),
                    (left + b, top + b),
                ],
                90,
                0.0,
            ),
            (
                [
                    (left + a, bottom - a),
                    (right - a, bottom - a),
                    (right - b, bottom - b),
                    (left + b, bottom - b),
                ],
                270,
                0.32,
            ),
            (
                [
                    (left + a, top + a),
                    (left + b, top + b),
                    (left + b, bottom - b),
                    (left + a, bottom - a),
                ],
                0,
                0.10,
            ),
            (
                [
                    (right - a, top + a),
                    (right - b, top + b),
                    (right - b, bottom - b),
                    (right - a, bottom - a),
                ],
                180,
                0.24,
            ),
        )
        for shape, angle, shade in sides:
            shaded = dark(tone, shade)
            board.fill(shape, Linear((light(shaded, 0.25), shaded, dark(shaded, 0.25)), angle))


def _picture(
    board: Board, chance: Random, area: tuple[float, float, float, float], subject: str
) -> None:
    scene, sky = SUBJECTS[subject]
    scene(board, chance, area, tuple(rgb(code) for code in _SKIES[sky]))


Area = tuple[float, float, float, float]


Tones = tuple[Colour, ...]


def _hills(board: Board, chance: Random, area: Area, tones: Tones) -> None:
    left, top, right, bottom = area
    sheet = box(*area)
    width, height = right - left, bottom - top
    board.fill(sheet, Linear((tones[0], tones[1])))
    sun = oval(left + width * chance.uniform(0.25, 0.75), top + height * 0.34, width * 0.085)
    board.soft(sun, tones[2], blur=40, opacity=0.8, within=sheet)
    board.fill(sun, tones[2], within=sheet)
    for ridge in range(4):
        base = top + height * (0.46 + ridge * 0.14)
        line = [
            (left + width * (step - 1) / 7, base + chance.uniform(-0.10, 0.05) * height)
            for step in range(10)
        ]
        tone = mix(tones[3], tones[5], ridge / 3)
        hill = [*smooth(line, closed=False), (right + 100, bottom + 60), (left - 140, bottom + 60)]
        board.fill(hill, Linear((light(tone, 0.12), tone)), within=sheet)
        if ridge == 2:
            _trees(board, chance, line, dark(tones[5], 0.2), sheet)


def _trees(board: Board, chance: Random, line: Shape, tone: Colour, sheet: Shape) -> None:
    for x, y in line[2:-2]:
        for _ in range(3):
            tx, tall = x + chance.uniform(-40, 40), chance.uniform(40, 90)
            tree = smooth(
                [(tx, y - tall + 20), (tx + tall * 0.18, y), (tx, y + 26), (tx - tall * 0.18, y)]
            )
            board.fill(tree, mix(tone, WHITE, chance.uniform(0, 0.12)), within=sheet)


def _sea(board: Board, chance: Random, area: Area, tones: Tones) -> None:
    left, top, right, bottom = area
    sheet = box(*area)
    width, height = right - left, bottom - top
    board.fill(sheet, Linear((tones[0], tones[1])))
    for _ in range(4):
        cloud = oval(
            left + width * chance.random(),
            top + height * chance.uniform(0.08, 0.4),
            width * 0.22,
            16,
        )
        board.soft(cloud, WHITE, blur=14, opacity=0.6, within=sheet)
    line = top + height * 0.56
    sun_x = left + width * chance.uniform(0.3, 0.7)
    board.fill(oval(sun_x, line - height * 0.1, width * 0.06), tones[2], within=sheet)
    board.fill(box(left, line, right, bottom), Linear((tones[3], tones[5])), within=sheet)
    waves = []
    for wave in range(26):
        y = line + 6 + (wave / 26) ** 1.5 * (bottom - line)
        x = sun_x + chance.uniform(-1, 1) * (30 + wave * 5)
        waves.append(oval(x, y, 20 + wave * 1.6, 1.6 + wave * 0.12))
    board.fill_all(waves, tones[2], opacity=0.55, within=sheet)
    for boat in range(3):
        x = left + width * (0.2 + (0.62, 0.0, 0.34)[boat] + chance.uniform(-0.05, 0.05))
        y, size = line + 30 + boat * 44, 40 + boat * 22
        sail = [(x, y - size * 1.7), (x + size * 0.75, y - 6), (x, y - 6)]
        board.fill(sail, light(tones[2], 0.4), within=sheet)
        board.fill(
            [(x - 5, y - size * 1.4), (x - 5, y - 6), (x - size * 0.5, y - 6)],
            dark(tones[1], 0.05),
            within=sheet,
        )
        hull = smooth([(x - size, y), (x, y + size * 0.26), (x + size, y), (x, y + 3)])
        board.fill(hull, dark(tones[5], 0.35), within=sheet)


def _still_life(board: Board, chance: Random, area: Area, tones: Tones) -> None:
    left, top, right, bottom = area
    sheet = box(*area)
    width, height = right - left, bottom - top
    board.fill(sheet, Linear((dark(tones[5], 0.2), tones[4]), 40))
    line = top + height * 0.68
    board.fill(box(left, line, right, bottom), Linear((tones[1], dark(tones[1], 0.35))))
    unit = min(width, height)
    jug_x = left + width * 0.36
    jug = smooth(
        [
            (jug_x - unit * 0.08, line - unit * 0.44),
            (jug_x + unit * 0.08, line - unit * 0.44),
            (jug_x + unit * 0.07, line - unit * 0.32),
            (jug_x + unit * 0.17, line - unit * 0.12),
            (jug_x + unit * 0.1, line + unit * 0.06),
            (jug_x - unit * 0.1, line + unit * 0.06),
            (jug_x - unit * 0.17, line - unit * 0.12),
            (jug_x - unit * 0.07, line - unit * 0.32),
        ]
    )
    board.soft(
        oval(jug_x + 30, line + unit * 0.08, unit * 0.22, 18),
        BLACK,
        blur=14,
        opacity=0.5,
        within=sheet,
    )
    board.fill(jug, sheen(tones[0]), within=sheet)
    fruit = (rgb("c8452f"), rgb("dd9a32"), rgb("8fa24a"), rgb("b5342f"), rgb("e0b95a"))
    for number in range(5):
        x = left + width * (0.5 + number * 0.085)
        y = line + unit * (0.04 + number % 2 * 0.05)
        tone = fruit[number]
        board.soft(
            oval(x + 14, y + unit * 0.07, unit * 0.08, 10), BLACK, blur=9, opacity=0.5, within=sheet
        )
        board.fill(
            oval(x, y, unit * 0.082),
            Radial((light(tone, 0.5), tone, dark(tone, 0.5)), (0.35, 0.3), 1.1),
            within=sheet,
        )
        board.line([(x, y - unit * 0.07), (x + 6, y - unit * 0.11)], 4, INK, within=sheet)
    board.soft(
        oval(left, top, width * 0.5, height * 0.5), tones[2], blur=120, opacity=0.25, within=sheet
    )


def _abstract(board: Board, chance: Random, area: Area, tones: Tones) -> None:
    left, top, right, bottom = area
    sheet = box(*area)
    width, height = right - left, bottom - top
    board.fill(sheet, Linear((light(tones[0], 0.5), light(tones[1], 0.45))))
    colours = [*tones[1:], rgb("d8563f"), rgb("e8b84a"), rgb("f6efe0")]
    for number in range(9):
        tone = colours[number % len(colours)]
        x, y = left + width * chance.random(), top + height * chance.random()
        size = min(width, height) * chance.uniform(0.12, 0.34)
        shape = chance.choice(
            (
                oval(x, y, size),
                [(x, y), *arc(x, y, size * 1.2, 180, 360)],
                rotated(
                    box(x - size, y - size * 0.35, x + size, y + size * 0.35),
                    chance.choice((0, 45, 90)),
                    (x, y),
                ),
                [(x, y - size), (x + size, y + size), (x - size, y + size)],
            )
        )
        board.fill(shape, tone, opacity=0.92, within=sheet)
    for _ in range(5):
        x, y = left + width * chance.random(), top + height * chance.random()
        path = smooth(
            [(x, y), (x + 120, y - 60), (x + 220, y + 40), (x + 360, y - 20)], closed=False
        )
        board.line(path, 5, INK, within=sheet)


#: What a picture may show: how it is painted, under which sky.
SUBJECTS: dict[str, tuple[Callable[[Board, Random, Area, Tones], None], int]] = {
    "evening": (_hills, 0),
    "forest": (_hills, 1),
    "moonrise": (_hills, 4),
    "dusk": (_sea, 0),
    "noon": (_sea, 2),
    "night": (_sea, 4),
    "fruit": (_still_life, 1),
    "abstract": (_abstract, 3),
}
