"""Stamps, telephones, hand-held games."""

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
)
from config.demo.scenes import lie
from config.demo.shapes import (
    Shape,
    arc,
    box,
    curve,
    flipped,
    moved,
    oval,
    points,
    rotated,
    smooth,
    star,
    trail,
)

SILVER = rgb("c3c7cb")
INK = rgb("1c1e25")
PAPER = rgb("f6efe0")


def stamps(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a few old postage stamps, tweezers beside them."""
    tones = [colour, rgb("3f6f8f"), rgb("b5533f"), rgb("5b7f52"), rgb("c9973f"), rgb("6d4f7a")]
    places = ((310, 280), (590, 250), (870, 300), (330, 620), (610, 640), (880, 630))
    for number, (x, y) in enumerate(places):
        _stamp(board, chance, x, y, tones[number], chance.uniform(-9, 9))
    legs = trail("1010,800 1080,500 1120,160")
    board.line(moved(legs, 10, 14), 16, BLACK, opacity=0.25)
    board.line(legs, 16, dark(SILVER, 0.2))
    board.line(moved(legs, 10, 2), 12, light(SILVER, 0.3))


def _stamp(board: Board, chance: Random, x: float, y: float, colour: Colour, turn: float) -> None:
    w, h, at = 108, 134, (x, y)

    def placed(shape: Shape) -> Shape:
        return rotated(shape, turn, at)

    edge = placed(box(x - w, y - h, x + w, y + h))
    lie(board, edge, height=5)
    board.fill(edge, Linear((PAPER, dark(PAPER, 0.08)), 50))
    ground = mix(PAPER, BLACK, 0.35)
    holes = [(side, y - h + 11 + row * 20.5) for row in range(13) for side in (x - w, x + w)]
    holes += [(x - w + 6 + column * 20.5, end) for column in range(11) for end in (y - h, y + h)]
    board.fill_all([placed(oval(*hole, 6.5)) for hole in holes], ground, opacity=0.8)
    board.fill(placed(box(x - 88, y - 114, x + 88, y + 114)), dark(colour, 0.15))
    picture = placed(box(x - 80, y - 106, x + 80, y + 76))
    board.fill(picture, Linear((light(colour, 0.65), light(colour, 0.25))))
    board.fill(
        placed(oval(x + chance.uniform(-40, 40), y - 40, 24)), light(colour, 0.9), within=picture
    )
    for ridge in range(3):
        base = y + ridge * 26 - 10
        line = [(x - 100 + step * 40, base + chance.uniform(-30, 22)) for step in range(6)]
        hill = [*smooth(line, closed=False), (x + 100, y + 90), (x - 100, y + 90)]
        board.fill(
            placed(hill), mix(light(colour, 0.3), dark(colour, 0.5), ridge / 2.2), within=picture
        )
    for bar in range(3):
        left = x - 78 + bar * 54
        board.fill(
            placed(box(left, y + 86, left + 44, y + 106, 4)), light(colour, 0.75), opacity=0.9
        )
    if chance.random() < 0.6:
        cx, cy = x + chance.uniform(30, 80), y + chance.uniform(-110, 60)
        rings = [arc(cx, cy, radius, 0, 360) for radius in (62, 46)]
        board.line_all(rings, 3.4, INK, opacity=0.45, within=edge)


def phone(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a telephone face up on another of its kind face down."""
    back = rotated(box(590, 150, 890, 760, 52), 14, (740, 455))
    lie(board, back, height=12)
    board.fill(back, Linear((light(colour, 0.35), colour, dark(colour, 0.3)), 40))
    board.relief(back, size=6, light=0.5, dark=0.3)
    bump = rotated(box(612, 172, 742, 300, 36), 14, (740, 455))
    board.shadow(bump, 4, 6, blur=6, opacity=0.35)
    board.fill(bump, Linear((light(colour, 0.25), dark(colour, 0.12)), 40))
    for eye in ((648, 208), (648, 264), (706, 236)):
        cx, cy = rotated([eye], 14, (740, 455))[0]
        board.fill(oval(cx, cy, 25), dark(colour, 0.6))
        board.fill(oval(cx, cy, 19), Radial((rgb("2c3b66"), rgb("0b0c12")), (0.4, 0.4)))
        board.soft(oval(cx - 6, cy - 7, 4), WHITE, blur=2, opacity=0.9)
    _screen(board, chance, colour)


def _screen(board: Board, chance: Random, colour: Colour) -> None:
    turn, at = -10, (440, 460)

    def placed(shape: Shape) -> Shape:
        return rotated(shape, turn, at)

    body = placed(box(290, 150, 590, 770, 52))
    lie(board, body, height=14)
    board.fill(body, Linear((light(colour, 0.5), dark(colour, 0.3)), 30))
    board.fill(placed(box(296, 156, 584, 764, 48)), rgb("0e0f13"))
    glass = placed(box(306, 166, 574, 754, 40))
    sky = chance.choice(
        (
            ("2b3a78", "b0567f", "f2a65e"),
            ("12324f", "2f7f8f", "bfe0c6"),
            ("3a2358", "7a4aa0", "e79ac0"),
        )
    )
    board.fill(glass, Linear(tuple(rgb(code) for code in sky), 80))
    for ridge in range(3):
        base = 560 + ridge * 60
        line = [(290 + step * 60, base + chance.uniform(-46, 30)) for step in range(6)]
        hill = [*smooth(line, closed=False), (600, 800), (280, 800)]
        board.fill(placed(hill), dark(rgb(sky[0]), 0.15 + ridge * 0.22), within=glass)
    board.fill(placed(oval(500, 480, 34)), light(rgb(sky[2]), 0.6))
    board.fill(placed(box(404, 180, 476, 200, 10)), BLACK)
    for row in range(3):
        for column in range(4):
            tile = placed(
                box(326 + column * 61, 250 + row * 66, 370 + column * 61, 294 + row * 66, 12)
            )
            tone = rgb(chance.choice(("f4f4f6", "f0b35a", "e4694f", "6fb3d9", "7cc08a", "8a7bd0")))
            board.fill(tile, Linear((light(tone, 0.3), tone)), opacity=0.92)
    board.fill(placed(box(390, 736, 490, 742, 3)), WHITE, opacity=0.9)
    board.soft(
        placed(points("306,166 460,166 330,754 306,754")), WHITE, blur=5, opacity=0.12, within=glass
    )


def console(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a hand-held game from above."""
    turn, at = chance.uniform(-8, 8), (600, 450)

    def placed(shape: Shape) -> Shape:
        return rotated(shape, turn, at)

    body = placed(
        curve(
            "216,300 340,262 600,256 860,262 984,300 1010,450 976,610 860,648 600,634 "
            "340,648 224,610 190,450"
        )
    )
    lie(board, body, height=22)
    board.fill(body, Linear((light(colour, 0.28), colour, dark(colour, 0.25)), 60))
    board.relief(body, size=18, light=0.4, dark=0.4)
    bezel = placed(box(392, 290, 808, 606, 26))
    board.fill(bezel, rgb("24262c"))
    screen = placed(box(430, 316, 770, 580, 8))
    board.fill(screen, Linear((rgb("7fc4e0"), rgb("cfe9d5"))))
    for cloud in range(3):
        x, y = 460 + cloud * 110, 356 + chance.uniform(-10, 30)
        for dx, r in ((-22, 15), (0, 22), (24, 16)):
            board.fill(placed(oval(x + dx, y, r)), WHITE, opacity=0.9, within=screen)
    for tile in range(9):
        left, height = 430 + tile * 38, chance.choice((40, 40, 78, 116))
        board.fill(placed(box(left, 580 - height, left + 38, 580)), rgb("b5763f"), within=screen)
        board.fill(
            placed(box(left, 580 - height, left + 38, 594 - height)), rgb("6cae4a"), within=screen
        )
    for gem in range(4):
        board.fill(placed(star(476 + gem * 80, 438, 13, 4, inner=0.6)), rgb("f2c03e"))
    board.soft(
        placed(points("430,316 560,316 480,580 430,580")), WHITE, blur=4, opacity=0.2, within=screen
    )
    cross = [box(256, 424, 352, 456, 6), box(288, 392, 320, 488, 6)]
    for bar in cross:
        board.shadow(placed(bar), 3, 6, blur=4, opacity=0.5)
    for bar in cross:
        board.fill(placed(bar), Linear((rgb("4a4c54"), rgb("2a2b31"))))
    for x, y, tone in (
        (900, 396, "d9483b"),
        (940, 440, "e8b23a"),
        (860, 440, "3f8f6b"),
        (900, 484, "3f6fb5"),
    ):
        cx, cy = rotated([(x, y)], turn, at)[0]
        board.shadow(oval(cx, cy, 24), 3, 6, blur=4, opacity=0.5)
        board.fill(
            oval(cx, cy, 24),
            Radial((light(rgb(tone), 0.5), rgb(tone), dark(rgb(tone), 0.3)), (0.38, 0.34)),
        )
    slots = [placed([(872 + n * 5, 552 + n * 14), (932 + n * 5, 552 + n * 14)]) for n in range(4)]
    board.line_all(slots, 6, dark(colour, 0.5))
    for x in (270, 330):
        board.fill(placed(box(x - 22, 556, x + 22, 568, 6)), dark(colour, 0.55))
    flare = placed(flipped(arc(600, 1600, 1330, 250, 262), 600))
    board.line(flare, 4, WHITE, opacity=0.15, within=body)
