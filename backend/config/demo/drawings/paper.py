"""Charts, books, typewriters."""

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
    rgb,
    sheen,
)
from config.demo.scenes import GROUND, lie, stand
from config.demo.shapes import (
    box,
    curve,
    moved,
    on_circle,
    oval,
    points,
    smooth,
    star,
)

GOLD = rgb("c79a45")
PAPER = rgb("f3e9d2")
INK = rgb("2a2622")


def chart(board: Board, chance: Random, colour: Colour) -> None:
    """Draw an old chart of an invented coast; `colour` is the sea's wash."""
    sheet = curve(
        "150,120 420,128 800,112 1054,126 1046,420 1060,780 760,788 400,774 146,786 156,450"
    )
    lie(board, sheet, height=8)
    board.fill(sheet, Radial((light(PAPER, 0.3), PAPER, dark(PAPER, 0.22)), (0.45, 0.45), 1.25))
    sea = box(196, 166, 1008, 738)
    board.fill(sea, colour, opacity=0.35)
    for inset, wide in ((0, 5), (12, 2)):
        frame = box(196 - inset, 166 - inset, 1008 + inset, 738 + inset)
        board.line([*frame, frame[0]], wide, INK, opacity=0.75)
    winds = [[(840, 600), on_circle(840, 600, 900, angle)] for angle in range(0, 360, 15)]
    board.line_all(winds, 1.4, INK, opacity=0.16, within=sea)
    for x, y, size in ((400, 380, 200), (700, 300, 120), (560, 640, 90), (900, 260, 60)):
        coast = smooth(
            [on_circle(x, y, size * chance.uniform(0.6, 1.15), step * 24) for step in range(15)]
        )
        for reach in (34, 12):
            board.soft(coast, dark(colour, 0.4), blur=reach, opacity=0.3, within=sea)
        board.fill(coast, Linear((rgb("efe0b4"), rgb("d9c188")), 40), within=sea)
        board.line([*coast, coast[0]], 3, INK, opacity=0.8, within=sea)
        peaks = []
        for _ in range(int(size / 14)):
            px, py = x + chance.uniform(-0.4, 0.4) * size, y + chance.uniform(-0.4, 0.4) * size
            peaks.append([(px - 14, py + 10), (px, py - 12), (px + 14, py + 10)])
        board.line_all(peaks, 2.6, INK, opacity=0.65)
    board.fill(oval(840, 600, 74), PAPER, opacity=0.85)
    for turn, reach, tone in ((45, 58, rgb("8a5a3a")), (0, 84, rgb("a8322a"))):
        board.fill(star(840, 600, reach, 4, inner=0.22, turn=turn), tone)
    for fold in (420, 740):
        board.soft(box(fold, 112, fold + 10, 790), BLACK, blur=7, opacity=0.2, within=sheet)
        board.soft(box(fold - 10, 112, fold, 790), WHITE, blur=5, opacity=0.4, within=sheet)


def book(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a bound book standing on two others."""
    stand(board, 320, 890, GROUND)
    tones = [
        rgb(code) for code in chance.sample(("6d2f2a", "2f4858", "8a6a3a", "3f5a45", "4a3a58"), 2)
    ]
    y = GROUND
    for number, tone in enumerate(tones):
        left, right, thick = 330 + number * 24, 880 - number * 16, 66 - number * 8
        _lying(board, tone, (left, y - thick, right, y))
        y -= thick
    cover = box(420, 190, 770, y, 6)
    pages = [(770, 200), (806, 186), (806, y - 12), (770, y)]
    board.shadow(cover, 30, 12, blur=26, opacity=0.35)
    board.fill(pages, Linear((rgb("d9cba8"), rgb("f6eed8"), rgb("cdbd97")), 0))
    leaves = [[(773 + n * 4, 198 - n), (773 + n * 4, y - 2 - n)] for n in range(8)]
    board.line_all(leaves, 1.4, rgb("a8966c"), opacity=0.6)
    board.fill(
        cover, Linear((dark(colour, 0.35), light(colour, 0.12), colour, dark(colour, 0.18)), 0)
    )
    board.relief(cover, size=6, light=0.3, dark=0.4)
    board.soft(box(452, 190, 462, y), BLACK, blur=6, opacity=0.55)
    middle = (190 + y) / 2
    for inset, wide in ((22, 5), (34, 2)):
        frame = box(468 + inset, 190 + inset, 768 - inset, y - inset, 14)
        board.line([*frame, frame[0]], wide, GOLD)
    _emblem(board, chance, 618, middle)
    for top in (262, y - 84):
        board.fill(box(544, top, 692, top + 12, 4), GOLD)
        board.fill(box(572, top + 24, 664, top + 30, 3), GOLD)
    ribbon = [(600, y - 6), (622, y - 6), (630, y + 96), (616, y + 80), (600, y + 92)]
    board.fill(ribbon, Linear((rgb("c23b32"), rgb("7a1f1c")), 20))


def _lying(board: Board, tone: Colour, edges: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = edges
    board.fill(box(left, top, right, bottom, 6), Linear((light(tone, 0.25), tone, dark(tone, 0.4))))
    board.fill(
        box(left + 60, top + 10, right - 6, bottom - 10), Linear((rgb("f4ecd6"), rgb("cbbb95")))
    )
    heights = [top + 14 + leaf * (bottom - top - 26) / 5 for leaf in range(5)]
    leaves = [[(left + 62, y), (right - 8, y)] for y in heights]
    board.line_all(leaves, 1.4, rgb("a8966c"), opacity=0.5)
    board.line_all([[(x, top + 3), (x, bottom - 3)] for x in (left + 16, left + 40)], 4, GOLD)
    board.soft(box(left, bottom - 8, right, bottom + 2), BLACK, blur=5, opacity=0.4)


def _emblem(board: Board, chance: Random, x: float, y: float) -> None:
    def tree() -> None:
        board.line([(x, y + 70), (x, y - 10)], 9, GOLD)
        tips = [on_circle(x, y, 70, angle - 90) for angle in range(-80, 81, 20)]
        board.line_all([[(x, y + 10), tip] for tip in tips], 5, GOLD)
        board.fill_all([oval(*tip, 12) for tip in tips], GOLD)

    def compass() -> None:
        ring = oval(x, y, 74)
        board.line([*ring, ring[0]], 5, GOLD)
        board.fill(star(x, y, 92, 4, inner=0.2), GOLD)
        board.fill(star(x, y, 56, 4, inner=0.3, turn=-45), light(GOLD, 0.3))

    def moth() -> None:
        for side in (-1, 1):
            wing = smooth(
                [
                    (x, y - 20),
                    (x + side * 60, y - 70),
                    (x + side * 92, y - 30),
                    (x + side * 40, y + 6),
                    (x + side * 56, y + 56),
                    (x + side * 16, y + 50),
                ]
            )
            board.fill(wing, GOLD)
            board.fill(oval(x + side * 58, y - 34, 11), light(GOLD, 0.6))
        board.line([(x, y - 40), (x, y + 60)], 10, light(GOLD, 0.3))

    emblems: tuple[Callable[[], None], ...] = (tree, compass, moth)
    chance.choice(emblems)()


def typewriter(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a portable typewriter with a sheet in it."""
    stand(board, 250, 950, GROUND + 6)
    sheet = points("420,130 780,130 780,420 420,420")
    board.shadow(sheet, 14, 8, blur=16, opacity=0.25)
    board.fill(sheet, Linear((rgb("fffdf7"), rgb("efe8d8"))))
    lengths = [chance.uniform(0.5, 1.0) if row % 4 == 3 else 1.0 for row in range(9)]
    rows = [
        [(460, 176 + n * 24), (460 + 280 * part, 176 + n * 24)] for n, part in enumerate(lengths)
    ]
    board.line_all(rows, 5, INK, opacity=0.5)
    roller = box(276, 386, 924, 446, 24)
    board.fill(roller, sheen(rgb("2c2c31"), angle=90))
    for x in (250, 908):
        board.fill(box(x, 380, x + 42, 452, 12), sheen(rgb("3a3a40"), angle=90))
    board.line(points("250,410 190,360 176,372"), 10, rgb("c9ccd0"))
    body = curve("318,440 600,424 882,440 930,560 960,720 940,762 600,770 260,762 240,720 270,560")
    board.fill(body, Linear((light(colour, 0.35), colour, dark(colour, 0.3))))
    board.relief(body, size=20, light=0.35, dark=0.4)
    board.fill(
        curve("420,452 600,444 780,452 800,520 600,530 400,520"),
        Linear((rgb("17181b"), rgb("3b3c42"))),
    )
    feet = [450 + arm * 21.4 for arm in range(15)]
    arms = [[(600 + (x - 600) * 0.5, 456), (x, 518)] for x in feet]
    board.line_all(arms, 4, rgb("b9bcc0"), opacity=0.8)
    keys = [
        (338 - row * 8 + key * (52.4 + row * 1.6) + row % 2 * 10, 566 + row * 46)
        for row in range(4)
        for key in range(11)
    ]
    board.fill_all([oval(x + 2, y + 7, 19) for x, y in keys], BLACK, opacity=0.4)
    board.fill_all([oval(x, y, 19) for x, y in keys], Linear((rgb("f4f1e8"), rgb("9a968a")), 60))
    board.fill_all([oval(x, y, 15.5) for x, y in keys], rgb("232327"))
    board.fill_all([oval(x - 2, y - 3, 10, 9) for x, y in keys], rgb("3d3d43"))
    board.line_all([[(x - 5, y), (x + 5, y)] for x, y in keys], 2.4, WHITE, opacity=0.8)
    board.fill(moved(box(420, 738, 780, 758, 10), 0, -6), Linear((rgb("3c3c42"), rgb("16161a"))))
