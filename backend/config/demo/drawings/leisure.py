"""Shoes, bags, chessmen, bottles."""

from random import Random

from config.demo.board import (
    BLACK,
    WHITE,
    Board,
    Colour,
    Linear,
    dark,
    light,
    rgb,
    sheen,
)
from config.demo.scenes import GROUND, stand
from config.demo.shapes import (
    Point,
    Shape,
    band,
    box,
    curve,
    lathe,
    moved,
    oval,
    points,
    scaled,
    star,
    trail,
)

STEEL = rgb("c9cdd2")
BRASS = rgb("cfa24f")
INK = rgb("1d1e23")


def shoe(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a pair of trainers, one behind the other."""
    accent = rgb(chance.choice(("e4573d", "2f5f8a", "e2b23f", "2f7a63")))
    stand(board, 260, 980, GROUND)
    for dx, dy, shade in ((90, -34, 0.22), (0, 0, 0.0)):
        _trainer(board, dx, dy, dark(colour, shade), dark(accent, shade))


def _trainer(board: Board, dx: float, dy: float, colour: Colour, accent: Colour) -> None:
    def at(shape: Shape) -> Shape:
        return moved(shape, dx, dy)

    sole = at(
        curve(
            "226,690 240,668 420,690 640,694 860,684 944,690 948,736 900,760 600,760 "
            "280,760 232,742"
        )
    )
    upper = at(
        curve(
            "244,690 232,600 250,500 266,452 330,440 430,470 470,474 540,520 640,590 "
            "760,620 880,640 936,690 600,706 400,706"
        )
    )
    board.shadow(upper, 16, 10, blur=16, opacity=0.35)
    board.fill(upper, Linear((light(colour, 0.35), colour, dark(colour, 0.22)), 80))
    board.relief(upper, size=18, light=0.4, dark=0.3)
    toe = at(curve("790,626 880,640 938,690 860,704 770,702 764,660"))
    board.fill(toe, Linear((light(colour, 0.5), dark(colour, 0.08)), 60), within=upper)
    heel = at(curve("236,690 232,600 248,500 300,496 318,600 306,706"))
    board.fill(heel, Linear((light(accent, 0.2), accent, dark(accent, 0.3)), 60), within=upper)
    stripe = at(points("340,706 372,520 428,520 470,706"))
    board.fill(stripe, Linear((light(accent, 0.15), dark(accent, 0.15))), within=upper)
    board.fill(at(oval(352, 560, 34)), rgb("fbf8f0"), within=upper)
    board.fill(at(box(330, 552, 374, 568, 6)), accent, within=upper)
    collar = at(curve("262,470 330,446 434,474 420,500 330,480 272,500"))
    board.fill(collar, dark(colour, 0.62))
    tongue = at(curve("418,480 452,412 500,424 520,500 470,520"))
    board.shadow(tongue, 4, 6, blur=6, opacity=0.3)
    board.fill(tongue, Linear((light(accent, 0.25), accent), 50))
    laces = [
        at([(456 + step * 44, 486 + step * 30), (500 + step * 42, 470 + step * 33)])
        for step in range(6)
    ]
    board.line_all([moved(lace, 3, 6) for lace in laces], 13, BLACK, opacity=0.25)
    board.line_all(laces, 12, rgb("fbf8f0"))
    board.fill(sole, Linear((rgb("ffffff"), rgb("ece7db"), rgb("bdb5a4"))))
    board.line(at(trail("232,716 500,728 940,712")), 6, accent)
    board.fill(at(box(240, 748, 936, GROUND, 8)), rgb("b58a5a"), within=sole)
    board.line(
        at(trail("250,684 420,700 700,700 930,690")),
        3,
        dark(colour, 0.5),
        opacity=0.5,
    )


def bag(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a leather satchel."""
    stand(board, 320, 880, GROUND)
    strap = trail("352,420 380,220 600,130 820,220 848,420")
    board.line(moved(strap, 12, 14), 30, BLACK, opacity=0.15)
    board.line(strap, 30, dark(colour, 0.35))
    board.line(moved(strap, -3, -5), 14, colour)
    body = curve(
        "322,440 350,396 600,386 850,396 878,440 894,600 886,730 850,760 600,764 "
        "350,760 314,730 306,600"
    )
    board.fill(body, Linear((light(colour, 0.15), colour, dark(colour, 0.3))))
    board.relief(body, size=24, light=0.3, dark=0.45)
    pocket = box(376, 586, 824, 738, 26)
    board.shadow(pocket, 0, 6, blur=8, opacity=0.35)
    board.fill(pocket, Linear((light(colour, 0.12), dark(colour, 0.12))))
    board.relief(pocket, size=10, light=0.25, dark=0.35)
    flap = curve(
        "312,430 350,388 600,378 850,388 888,430 896,540 860,640 760,672 600,678 "
        "440,672 340,640 304,540"
    )
    board.shadow(flap, 4, 16, blur=14, opacity=0.45)
    board.fill(flap, Linear((light(colour, 0.38), light(colour, 0.1), colour, dark(colour, 0.12))))
    board.relief(flap, size=16, light=0.35, dark=0.35)
    seam = scaled(flap, 0.955, (600, 526), fy=0.92)
    stitches = [seam[step : step + 2] for step in range(0, len(seam) - 1, 2)]
    board.line_all(stitches, 3, light(colour, 0.6), opacity=0.9)
    board.soft(oval(470, 440, 120, 26, turn=-4), WHITE, blur=22, opacity=0.28, within=flap)
    metal = chance.choice((BRASS, STEEL))
    for x in (448, 752):
        belt = box(x - 24, 500, x + 24, 716, 12)
        board.shadow(belt, 5, 8, blur=7, opacity=0.4)
        board.fill(belt, Linear((dark(colour, 0.1), light(colour, 0.2), dark(colour, 0.28)), 0))
        buckle = box(x - 36, 606, x + 36, 664, 12)
        board.shadow(buckle, 3, 5, blur=4, opacity=0.5)
        board.fill(
            buckle,
            Linear((light(metal, 0.6), metal, dark(metal, 0.4)), 50),
            holes=[box(x - 24, 618, x + 24, 652, 6)],
        )
        board.line([(x, 634), (x + 30, 634)], 6, light(metal, 0.3))
        board.fill_all([oval(x, y, 4) for y in (530, 556, 582, 690)], dark(colour, 0.75))
    for x in (352, 848):
        hoop = band(x, 420, 15, 24, 0, 360)
        board.fill(hoop, Linear((light(metal, 0.6), metal, dark(metal, 0.4)), 50))


_MEN: dict[str, list[Point]] = {
    "pawn": points("2,-150 26,-140 30,-118 14,-98 24,-92 16,-76 26,-30 44,-16 48,0"),
    "rook": points("38,-190 38,-150 26,-144 24,-90 34,-34 54,-18 58,0"),
    "bishop": points("2,-238 10,-226 32,-188 26,-160 14,-146 28,-140 18,-110 30,-40 54,-18 58,0"),
    "queen": points("2,-286 14,-276 10,-262 44,-250 24,-190 34,-182 20,-150 34,-44 60,-20 66,0"),
    "king": points("2,-292 34,-284 46,-262 24,-200 36,-190 22,-154 36,-46 64,-20 70,0"),
}


def chess(board: Board, chance: Random, colour: Colour) -> None:
    """Draw chessmen on the edge of their board."""
    pale = rgb("ecdab5")
    top, bottom = 640, 810
    stand(board, 150, 1050, bottom + 34)
    board.fill([(230, top), (970, top), (1100, bottom), (100, bottom)], dark(colour, 0.2))
    for row in range(3):
        for column in range(8):
            corners = []
            for c, r in (
                (column, row),
                (column + 1, row),
                (column + 1, row + 1),
                (column, row + 1),
            ):
                share = r / 3
                left, right = 246 - 122 * share, 954 + 122 * share
                corners.append(
                    (left + (right - left) * c / 8, top + 8 + (bottom - top - 20) * share)
                )
            tone = pale if (row + column) % 2 else dark(colour, 0.05)
            board.fill(corners, Linear((dark(tone, 0.12), tone)))
    board.fill(
        box(100, bottom, 1100, bottom + 34, 6), Linear((light(colour, 0.2), dark(colour, 0.4)))
    )
    line = (
        ("rook", 250),
        ("pawn", 372),
        ("bishop", 486),
        ("king", 612),
        ("queen", 742),
        ("pawn", 858),
        ("rook", 956),
    )
    for number, (kind, x) in enumerate(line):
        tone = pale if number % 2 == 0 else colour
        y = 700 + (number % 2) * 60
        size = 1.35 if number % 2 else 1.2
        _man(board, kind, (x, y), size, tone)


def _man(board: Board, kind: str, at: Point, size: float, colour: Colour) -> None:
    x, y = at
    outline = [(px * size, py * size) for px, py in _MEN[kind]]
    foot = outline[-1][0]
    board.soft(oval(x + foot * 0.7, y + 2, foot * 1.4, 13), BLACK, blur=9, opacity=0.45)
    board.fill(oval(x, y - 4, foot + 3, foot * 0.28), dark(colour, 0.45))
    board.fill(moved(lathe(outline, 0), x, y - 4), sheen(colour, strength=0.9))
    if kind == "king":
        top = y + outline[0][1]
        board.line_all(
            [[(x, top - 42), (x, top)], [(x - 15, top - 28), (x + 15, top - 28)]], 9, colour
        )
    if kind == "rook":
        top = y + outline[0][1]
        teeth = [box(x + dx - 8, top - 24, x + dx + 8, top - 2, 2) for dx in (-34, -12, 12, 34)]
        board.fill_all(teeth, sheen(colour))
    if kind == "queen":
        top = y + outline[0][1]
        board.fill_all(
            [oval(x + dx, top + 34, 7) for dx in (-46, -23, 0, 23, 46)], light(colour, 0.3)
        )


def bottle(board: Board, chance: Random, colour: Colour) -> None:
    """Draw three old bottles, one behind the others."""
    tones = [colour, rgb(chance.choice(("3b2a1c", "25402f", "4a1e24"))), rgb("8a5a24")]
    for (x, size), tone in zip(((430, 0.92), (800, 0.86), (610, 1.0)), tones[::-1], strict=True):
        profile = points("30,160 30,200 27,330 40,390 92,460 100,520 100,720 92,760")
        outline = lathe([(r * size, GROUND - (GROUND - y) * size) for r, y in profile], x)
        stand(board, x - 92 * size, x + 92 * size, GROUND)
        board.fill(
            outline,
            Linear(
                (
                    dark(tone, 0.5),
                    light(tone, 0.22),
                    tone,
                    dark(tone, 0.35),
                    light(tone, 0.12),
                    dark(tone, 0.6),
                ),
                0,
            ),
        )
        top = GROUND - 600 * size
        foil = box(x - 34 * size, top - 6, x + 34 * size, top + 120 * size, 6)
        board.fill(foil, sheen(rgb(chance.choice(("7a2027", "23304a", "b08a3e")))))
        left, right = x - 99 * size, x + 99 * size
        upper, lower = GROUND - 232 * size, GROUND - 64 * size
        label = box(left, upper, right, lower, 4)
        board.fill(label, Linear((rgb("c9bc9a"), rgb("f8f1de"), rgb("f1e7cd"), rgb("b5a784")), 0))
        edge = box(left + 12, upper + 12, right - 12, lower - 12, 3)
        board.line([*edge, edge[0]], 3, BRASS)
        board.fill(star(x, upper + 54 * size, 28 * size, 8, inner=0.5), dark(tone, 0.1))
        rules = [
            [(x - w * size, upper + y * size), (x + w * size, upper + y * size)]
            for w, y in ((56, 98), (40, 114), (50, 130))
        ]
        board.line_all(rules, 4, INK, opacity=0.6)
        shine = box(x - 78 * size, GROUND - 330 * size, x - 62 * size, GROUND - 30 * size, 8)
        board.soft(shine, WHITE, blur=6, opacity=0.4, within=outline)
