"""Where a thing stands, hangs or lies: the backdrops of the demo's pictures."""

from collections.abc import Callable
from random import Random

from config.demo.board import (
    BLACK,
    HEIGHT,
    WHITE,
    WIDTH,
    Board,
    Colour,
    Linear,
    Radial,
    dark,
    light,
    mix,
    rgb,
)
from config.demo.shapes import Shape, box, moved, oval

HORIZON = 640  # where a table or a floor meets the wall
GROUND = 760  # where things stand

#: (wall, table): quiet colours that leave the thing the word.
PALETTES = (
    ("e4e8df", "b7c2ae"),
    ("f1e8da", "d6bf9f"),
    ("d5dee7", "a3b4c6"),
    ("f2e0d9", "d8b2a5"),
    ("e6e4df", "c0bab0"),
    ("dfe9e8", "9fbcb9"),
    ("ece2ee", "bba9c4"),
    ("f3ead0", "cfb67a"),
    ("dcd6cf", "8d7764"),
    ("cfd6cf", "74877a"),
)
DEEP = (
    ("3b4a55", "27323b"),
    ("48584f", "2f3c36"),
    ("5a4a57", "3c313b"),
    ("6b4b3c", "46301f"),
    ("33415e", "222c44"),
)


def palette(chance: Random) -> tuple[Colour, Colour]:
    """Return a wall and a table colour."""
    wall, table = chance.choice(PALETTES if chance.random() < 0.75 else DEEP)
    return rgb(wall), rgb(table)


def table(board: Board, chance: Random) -> None:
    """Paint a wall and the table before it."""
    wall, top = palette(chance)
    board.backdrop(Radial((light(wall, 0.35), wall, dark(wall, 0.16)), (0.36, 0.25), 1.5))
    if chance.random() < 0.6:
        _window(board, chance, HORIZON)
    surface = box(-900, HORIZON, WIDTH + 900, HEIGHT + 900)
    board.fill(surface, Linear((dark(top, 0.10), top, light(top, 0.22), light(top, 0.1))))
    board.soft(box(-900, HORIZON - 6, 2100, HORIZON + 10), dark(top, 0.6), blur=14, opacity=0.28)


def floor(board: Board, chance: Random) -> None:
    """Paint a room: wall, skirting board, planks."""
    wall, ground = palette(chance)
    board.backdrop(Radial((light(wall, 0.3), wall, dark(wall, 0.18)), (0.3, 0.25), 1.5))
    _window(board, chance, HORIZON - 30)
    line = HORIZON + 20
    board.fill(box(-900, line - 34, 2100, line), Linear((light(wall, 0.55), light(wall, 0.3))))
    board.line([(-900, line - 34), (2100, line - 34)], 2, dark(wall, 0.3), opacity=0.5)
    wood = mix(ground, rgb("b58d62"), 0.4)
    board.fill(box(-900, line, 2100, 1800), Linear((dark(wood, 0.22), wood, light(wood, 0.12))))
    for step, y in enumerate((line + 26, line + 68, line + 130, line + 214)):
        board.line([(-900, y), (2100, y)], 2 + step / 2, dark(wood, 0.5), opacity=0.35)
    board.soft(box(-900, line - 4, 2100, line + 14), BLACK, blur=10, opacity=0.3)


def wall(board: Board, chance: Random) -> None:
    """Paint a wall alone."""
    colour, _ = palette(chance)
    board.backdrop(Radial((light(colour, 0.4), colour, dark(colour, 0.2)), (0.35, 0.3), 1.6))
    _window(board, chance, HEIGHT + 200)


def flat(board: Board, chance: Random) -> None:
    """Paint a surface seen from above: cloth, wood or stone."""
    base, _ = palette(chance)
    chance.choice((_cloth, _planks, _stone))(board, chance, base)
    board.soft(oval(250, 120, 620, 420), WHITE, blur=170, opacity=0.28)
    board.soft(oval(1180, 960, 560, 380), BLACK, blur=170, opacity=0.24)


SETTINGS: dict[str, Callable[[Board, Random], None]] = {
    "table": table,
    "floor": floor,
    "wall": wall,
    "flat": flat,
}


def stand(board: Board, left: float, right: float, y: float, *, deep: float = 1.0) -> None:
    """Lay the shadow under something that stands from `left` to `right` on the ground at `y`."""
    middle, half = (left + right) / 2, (right - left) / 2
    shade = rgb("1c1416")
    board.soft(
        oval(middle + half * 0.22, y + 10, half * 1.2, 34 * deep), shade, blur=26, opacity=0.3
    )
    board.soft(oval(middle + 6, y + 2, half * 0.98, 13 * deep), shade, blur=8, opacity=0.55)


def lie(board: Board, shape: Shape, *, height: float = 12) -> None:
    """Lay the shadow of something that lies on a surface seen from above."""
    board.shadow(shape, height * 1.6, height * 2.0, blur=height * 2.4, opacity=0.3)
    board.shadow(shape, height * 0.4, height * 0.5, blur=height * 0.6, opacity=0.4)


def _window(board: Board, chance: Random, bottom: float) -> None:
    """Let light fall through a window onto the wall."""
    left, lean, wide = chance.uniform(60, 640), chance.uniform(90, 220), chance.uniform(150, 210)
    frame = box(-900, -900, 2100, bottom)
    for column in range(2):
        for row in range(2):
            x, y = left + column * (wide + 26), 40 + row * 290
            pane = [
                (x - lean * y / 600, y),
                (x + wide - lean * y / 600, y),
                (x + wide - lean * (y + 264) / 600, y + 264),
                (x - lean * (y + 264) / 600, y + 264),
            ]
            board.soft(pane, WHITE, blur=9, opacity=0.24, within=frame)


def _cloth(board: Board, chance: Random, base: Colour) -> None:
    board.backdrop(Linear((light(base, 0.2), base, dark(base, 0.1)), 60))
    for _ in range(7):
        x, y = chance.uniform(-100, 1300), chance.uniform(-100, 1000)
        fold = moved(oval(0, 0, chance.uniform(300, 600), 26, turn=chance.uniform(20, 60)), x, y)
        board.soft(fold, chance.choice((WHITE, BLACK)), blur=34, opacity=0.10)


def _planks(board: Board, chance: Random, base: Colour) -> None:
    wood = mix(base, rgb(chance.choice(("a97c50", "c9a273", "6f5138"))), 0.75)
    board.backdrop(wood)
    for row in range(-1, 6):
        top = row * 190 - 40
        tone = mix(wood, chance.choice((WHITE, BLACK)), chance.uniform(0.02, 0.09))
        board.fill(
            box(-900, top, 2100, top + 190), Linear((light(tone, 0.06), tone, dark(tone, 0.06)))
        )
        for _ in range(5):
            y = top + chance.uniform(14, 176)
            bend = [(x, y + chance.uniform(-5, 5)) for x in range(-300, 1700, 200)]
            board.line(bend, chance.uniform(1.5, 4), dark(tone, 0.4), opacity=0.16)
        board.line([(-900, top), (2100, top)], 4, dark(wood, 0.65), opacity=0.6)


def _stone(board: Board, chance: Random, base: Colour) -> None:
    stone = mix(base, rgb("dcd9d4"), 0.5)
    board.backdrop(Linear((light(stone, 0.25), stone), 70))
    for _ in range(9):
        x, y = chance.uniform(-100, 1300), chance.uniform(-100, 1000)
        vein = [(x, y)]
        for _ in range(6):
            x, y = x + chance.uniform(30, 150), y + chance.uniform(-90, 120)
            vein.append((x, y))
        board.line(vein, chance.uniform(1.5, 4), dark(stone, 0.45), opacity=0.13)
