"""Cameras, lenses, telescopes, globes."""

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
from config.demo.scenes import GROUND, stand
from config.demo.shapes import (
    Shape,
    arc,
    band,
    box,
    lathe,
    moved,
    on_circle,
    oval,
    points,
    rotated,
    smooth,
    trail,
)

STEEL = rgb("c6c9cc")
BRASS = rgb("c99a4a")
INK = rgb("22242a")
WALNUT = rgb("6d4528")


def camera(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a rangefinder camera from the front."""
    stand(board, 300, 900, GROUND)
    body = box(300, 410, 900, GROUND, 58)
    _strap(board, dark(colour, 0.35))
    board.fill(body, Linear((STEEL, dark(STEEL, 0.25))))
    board.fill(box(300, 492, 900, 700), colour)
    board.soft(
        box(300, 492, 900, 520), WHITE, blur=16, opacity=0.12, within=box(300, 492, 900, 700)
    )
    board.soft(
        box(300, 650, 900, 710), BLACK, blur=26, opacity=0.35, within=box(300, 492, 900, 700)
    )
    pores = [
        box(x, y, x + 3, y + 3)
        for row in range(13)
        for y in (500 + row * 15.5,)
        for x in range(310 + row % 2 * 8, 890, 16)
    ]
    board.fill_all(pores, light(colour, 0.2), opacity=0.5)
    plate = box(300, 400, 900, 496, 34)
    board.fill(plate, Linear((light(STEEL, 0.65), STEEL, light(STEEL, 0.2), dark(STEEL, 0.22))))
    board.fill(box(300, 698, 900, GROUND, 34), Linear((light(STEEL, 0.5), STEEL, dark(STEEL, 0.4))))
    _dials(board)
    for left, right in ((480, 610), (690, 742), (780, 852)):
        window = box(left, 424, right, 472, 9)
        board.fill(window, dark(STEEL, 0.75))
        pane = box(left + 6, 430, right - 6, 466, 6)
        board.fill(pane, Linear((rgb("8fb7c9"), rgb("28323f"), rgb("6d8ba3")), 35))
    board.fill(
        oval(372, 448, 15), Radial((rgb("ffd9a8"), rgb("c2502d"), rgb("5a1d10")), (0.4, 0.35))
    )
    glass(board, 600, 592, 152, chance)
    board.relief(body, size=14, light=0.10, dark=0.35)


def _strap(board: Board, colour: Colour) -> None:
    path = trail("308,470 235,520 190,640 260,742 180,800 80,770")
    board.shadow([*path, *moved(reversed(path), 0, 24)], 14, 20, blur=12, opacity=0.3)
    board.line(path, 26, dark(colour, 0.2))
    board.line(moved(path, -2, -5), 6, light(colour, 0.25), opacity=0.5)
    board.fill(oval(306, 468, 13), light(STEEL, 0.4), holes=[oval(306, 468, 7)])
    board.fill(oval(894, 468, 13), light(STEEL, 0.4), holes=[oval(894, 468, 7)])


def _dials(board: Board) -> None:
    for x, width, height in ((352, 88, 40), (800, 74, 30), (722, 44, 20)):
        knob = box(x - width / 2, 402 - height, x + width / 2, 406, 6)
        board.fill(knob, sheen(STEEL))
        ridges = [x - width / 2 + 3 + tick * 6 for tick in range(int(width / 6))]
        ticks = [[(left, 404 - height), (left, 400)] for left in ridges]
        board.line_all(ticks, 1.4, dark(STEEL, 0.6), opacity=0.5)
    board.fill(box(548, 386, 652, 404, 3), Linear((light(STEEL, 0.5), dark(STEEL, 0.3))))
    board.fill(box(560, 391, 640, 404), dark(STEEL, 0.6))


def glass(board: Board, x: float, y: float, r: float, chance: Random) -> None:
    """Draw a lens seen from the front."""
    board.soft(oval(x + 14, y + 20, r * 1.02), BLACK, blur=18, opacity=0.5)
    board.fill(oval(x, y, r), Linear((light(STEEL, 0.7), STEEL, dark(STEEL, 0.5)), 55))
    board.fill(oval(x, y, r * 0.93), Linear((dark(STEEL, 0.6), dark(STEEL, 0.3)), 55))
    board.fill(oval(x, y, r * 0.90), INK)
    ticks = [
        [on_circle(x, y, r * 0.88, a), on_circle(x, y, r * 0.82, a)] for a in range(0, 360, 10)
    ]
    board.line_all(ticks, 2.2, rgb("f1efe8"), opacity=0.85)
    board.line_all(ticks[::3], 2.4, rgb("e7a13c"))
    board.fill(oval(x, y, r * 0.76), Linear((rgb("4a4e55"), rgb("101216")), 55))
    board.fill(oval(x, y, r * 0.70), rgb("0c0d10"))
    coating = chance.choice((("5b3f8c", "17325c"), ("2d6a7a", "1b2450"), ("7a4a2d", "3a1f55")))
    inner, outer = (rgb(code) for code in coating)
    board.fill(oval(x, y, r * 0.58), Radial((rgb("060608"), inner, outer), (0.5, 0.5)))
    board.fill(oval(x, y, r * 0.34), Radial((rgb("020203"), dark(inner, 0.4), inner)))
    board.soft(band(x, y, r * 0.36, r * 0.53, 195, 285), WHITE, blur=r * 0.05, opacity=0.55)
    board.soft(band(x, y, r * 0.40, r * 0.52, 30, 70), rgb("c9b6ff"), blur=r * 0.05, opacity=0.5)
    board.soft(oval(x - r * 0.12, y - r * 0.14, r * 0.07), WHITE, blur=r * 0.02, opacity=0.9)


def lens(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a lens standing upright, its cap beside it."""
    _cap(board, chance)
    stand(board, 420, 760, GROUND)
    parts = (
        (300, 330, 158, STEEL),
        (330, 470, 170, colour),
        (470, 500, 160, BRASS),
        (500, 640, 170, colour),
        (640, 668, 150, STEEL),
        (668, 742, 142, INK),
        (742, GROUND, 126, STEEL),
    )
    for top, bottom, radius, tone in parts:
        ring = box(590 - radius, top, 590 + radius, bottom, 7)
        board.fill(ring, sheen(tone))
        board.line([(592 - radius, bottom), (588 + radius, bottom)], 2, BLACK, opacity=0.5)
    for top, bottom in ((350, 450), (520, 620)):
        places = [590 + 166 * _bulge(-1 + ridge / 14) for ridge in range(29)]
        ridges = [[(x, top), (x, bottom)] for x in places]
        board.line_all(ridges, 4, dark(colour, 0.7), opacity=0.6)
        board.line_all(
            [moved(ridge, 3, 0) for ridge in ridges], 1.5, light(colour, 0.4), opacity=0.35
        )
    for step in range(9):
        x = 590 + 120 * _bulge(-1 + step / 4)
        mark = rgb("f3efe4") if step != 4 else rgb("e0562f")
        board.line([(x, 476), (x, 492)], 3, mark)
    board.fill(oval(590, 302, 158, 42), Linear((light(STEEL, 0.6), dark(STEEL, 0.4)), 20))
    board.fill(oval(590, 304, 140, 35), INK)
    board.fill(oval(590, 307, 116, 27), Radial((rgb("0a0a12"), rgb("3e3a86"), rgb("8a5fb0"))))
    board.soft(oval(545, 300, 50, 9), WHITE, blur=5, opacity=0.7)


def _bulge(share: float) -> float:
    """Return where a mark at an even angle around a cylinder is seen from its side."""
    return share * (1.5 - 0.5 * share * share)


def _cap(board: Board, chance: Random) -> None:
    x = chance.choice((840, 330))
    stand(board, x - 90, x + 90, GROUND + 18, deep=0.8)
    board.fill(oval(x, GROUND + 6, 96, 26), rgb("17181c"))
    board.fill(oval(x, GROUND - 6, 96, 26), Linear((rgb("44474e"), rgb("24262b")), 30))
    board.fill(oval(x, GROUND - 6, 76, 19), Linear((rgb("2c2e34"), rgb("3c3f46")), 30))


def telescope(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a brass telescope on a small tripod."""
    stand(board, 420, 780, GROUND + 6)
    for foot in (440, 600, 770):
        leg = [(588, 500), (612, 500), (foot + 10, GROUND), (foot - 10, GROUND)]
        board.fill(leg, sheen(WALNUT))
        board.fill(oval(foot, GROUND, 14, 7), BRASS)
    board.fill(lathe(points("20,430 30,470 22,500 40,516 34,530"), 600), sheen(BRASS))
    about = (600, 400)
    tilt = chance.uniform(14, 22)
    parts = (
        (250, 540, 66, colour),
        (540, 752, 56, BRASS),
        (752, 860, 46, BRASS),
        (860, 930, 38, BRASS),
        (190, 258, 76, BRASS),
    )
    for left, right, radius, tone in parts:
        tube = rotated(box(left, 400 - radius, right, 400 + radius, 5), tilt, about)
        board.fill(tube, sheen(tone, angle=90 + tilt))
        for edge in (left + 6, right - 12):
            rim = rotated(box(edge, 398 - radius, edge + 9, 402 + radius, 3), tilt, about)
            board.fill(rim, sheen(light(BRASS, 0.2), angle=90 + tilt))
    board.fill(rotated(oval(190, 400, 18, 76), tilt, about), Linear((BRASS, dark(BRASS, 0.5)), 60))
    front = rotated(oval(188, 400, 13, 62), tilt, about)
    board.fill(front, Linear((rgb("9fc6d8"), rgb("2a4058"), rgb("16202e")), 70))
    board.fill(rotated(box(560, 380, 640, 470, 10), tilt, about), sheen(dark(BRASS, 0.15)))
    board.fill(oval(600, 436, 17), Radial((light(BRASS, 0.6), BRASS, dark(BRASS, 0.5)), (0.4, 0.4)))


#: Rough coasts of the Atlantic hemisphere, on a disc of radius 1.
_COASTS: tuple[Shape, ...] = (
    points(
        "-0.75,-0.45 -0.4,-0.72 -0.12,-0.62 -0.28,-0.38 -0.42,-0.2 -0.5,0.0 -0.6,-0.05 -0.7,-0.2"
    ),
    points("-0.46,0.06 -0.24,0.08 -0.08,0.26 -0.2,0.5 -0.34,0.8 -0.42,0.6 -0.44,0.34 -0.54,0.2"),
    points(
        "0.22,-0.1 0.5,-0.18 0.72,-0.06 0.8,0.12 0.66,0.26 0.6,0.54 0.46,0.6 0.38,0.28 0.2,0.14"
    ),
    points("0.2,-0.5 0.36,-0.74 0.6,-0.62 0.84,-0.4 0.9,-0.14 0.6,-0.26 0.42,-0.24 0.26,-0.28"),
    points("-0.12,-0.86 0.06,-0.9 0.08,-0.74 -0.06,-0.72"),
)


def globe(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a globe in a brass meridian on a turned foot."""
    x, y, r = 600, 390, 236
    stand(board, 470, 730, GROUND)
    foot = [(20, 628), (26, 652), (70, 668), (40, 690), (34, 712), (120, 738), (136, GROUND)]
    board.fill(lathe(foot, x), sheen(WALNUT))
    tilt = chance.uniform(-26, -16)
    meridian = band(x, y, r + 10, r + 30, tilt + 86, tilt + 274)
    board.fill(meridian, Linear((light(BRASS, 0.5), BRASS, dark(BRASS, 0.45)), 30))
    ball = oval(x, y, r)
    land = mix(rgb("d9c48a"), rgb("8fa567"), chance.random())
    board.fill(ball, Radial((light(colour, 0.35), colour, dark(colour, 0.45)), (0.36, 0.32), 1.3))
    grid = [arc(x, y + r * angle / 100, r, 0, 180, ry=26) for angle in range(-60, 90, 30)]
    grid += [arc(x, y, r * width, 0, 360, ry=r) for width in (0.35, 0.72)]
    turned = [rotated(line, tilt, (x, y)) for line in grid]
    board.line_all(turned, 1.6, WHITE, opacity=0.3, within=ball)
    for coast in _COASTS:
        jagged = [
            (px + chance.uniform(-0.03, 0.03), py + chance.uniform(-0.03, 0.03)) for px, py in coast
        ]
        shape = rotated(smooth([(x + px * r, y + py * r) for px, py in jagged]), tilt, (x, y))
        board.fill(shape, Radial((light(land, 0.2), land), (0.3, 0.3)), within=ball)
        board.line([*shape, shape[0]], 2, dark(land, 0.5), opacity=0.5, within=ball)
    board.soft(oval(x + 120, y + 120, r * 0.9), BLACK, blur=70, opacity=0.28, within=ball)
    board.soft(oval(x - 90, y - 104, 58, 40, turn=-40), WHITE, blur=24, opacity=0.6, within=ball)
    for angle in (tilt - 90, tilt + 90):
        px, py = on_circle(x, y, r + 16, angle)
        board.fill(oval(px, py, 16), Radial((light(BRASS, 0.6), dark(BRASS, 0.4)), (0.4, 0.4)))
