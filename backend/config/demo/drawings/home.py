"""Vases, tea, lamps, chairs, sideboards, clocks, rugs."""

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
    band,
    box,
    curve,
    flipped,
    lathe,
    moved,
    on_circle,
    oval,
    points,
    rotated,
    smooth,
    star,
    trail,
)

TEAK = rgb("9a6638")
OAK = rgb("c69a63")
BRASS = rgb("cfa24f")
CREAM = rgb("f3ead9")
INK = rgb("23242a")

_PROFILES = (
    points("62,250 50,290 72,350 150,440 176,540 150,650 96,730 90,760"),
    points("44,200 40,260 40,400 96,490 132,590 122,700 86,740 84,760"),
    points("96,290 84,320 130,380 190,470 186,570 120,680 86,730 90,760"),
    points("120,240 96,330 90,460 128,580 134,680 100,736 98,760"),
)


def vase(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a thrown vase, sometimes with twigs in it."""
    profile = chance.choice(_PROFILES)
    outline = lathe(profile, 600)
    stand(board, 500, 700, GROUND)
    top, rim = profile[0][1], profile[0][0]
    if chance.random() < 0.6:
        _twigs(board, chance, top)
    shade = [(x + 150, y) for x, y in outline]
    board.soft(shade, BLACK, blur=50, opacity=0.10)
    board.fill(outline, sheen(colour, strength=0.85))
    glaze = rgb(chance.choice(("f5efe2", "2f4a57", "c2703d", "e0b454", "28343c")))
    _bands(board, chance, outline, glaze, profile[-1][1])
    specks = [
        oval(chance.uniform(420, 780), chance.uniform(top, GROUND), chance.uniform(1.2, 3.2))
        for _ in range(70)
    ]
    board.fill_all(specks, dark(colour, 0.6), opacity=0.4, within=outline)
    board.soft(box(430, top, 520, GROUND), WHITE, blur=26, opacity=0.22, within=outline)
    board.soft(oval(770, 620, 90, 260), BLACK, blur=44, opacity=0.42, within=outline)
    board.soft(oval(536, 480, 16, 76, turn=6), WHITE, blur=9, opacity=0.7, within=outline)
    board.fill(oval(600, top, rim, rim * 0.2), Linear((dark(colour, 0.15), light(colour, 0.4)), 20))
    board.fill(
        oval(600, top + 1, rim - 7, rim * 0.2 - 3),
        Linear((dark(colour, 0.75), dark(colour, 0.4)), 0),
    )


def _bands(board: Board, chance: Random, outline: Shape, glaze: Colour, bottom: float) -> None:
    style = chance.randrange(4)
    if style == 0:  # dipped in a second glaze, which runs
        edge = [(x, 520 + chance.uniform(-34, 34)) for x in range(360, 881, 52)]
        board.fill(
            [*smooth(edge, closed=False), (880, bottom), (360, bottom)],
            sheen(glaze),
            within=outline,
        )
    elif style == 1:
        for y, wide in ((430, 12), (456, 30), (492, 12)):
            board.fill(oval(600, y, 260, wide), glaze, opacity=0.85, within=outline)
    elif style == 2:
        leaf = curve("0,660 16,580 0,480 -16,580")
        leaves = [moved(leaf, 600 + step * 34, 0) for step in range(-7, 8)]
        board.fill_all(leaves, glaze, opacity=0.8, within=outline)
    else:
        dots = [
            oval(600 + step * 44 + row % 2 * 22, 470 + row * 48, 11)
            for row in range(4)
            for step in range(-6, 7)
        ]
        board.fill_all(dots, glaze, opacity=0.8, within=outline)


def _twigs(board: Board, chance: Random, top: float) -> None:
    bark, leaf = rgb("6b5138"), rgb(chance.choice(("7d9a72", "a9b58a", "c98d6b", "5f7f6a")))
    for side in (-1, 0.2, 1):
        lean = side * chance.uniform(90, 170)
        tip = chance.uniform(120, 170)
        path = smooth(
            [(600, top + 20), (600 + lean * 0.3, top - tip * 0.45), (600 + lean, top - tip)],
            closed=False,
        )
        board.line(path, 5, bark)
        blades = []
        for step in range(3, len(path), 3):
            x, y = path[step]
            turn = chance.uniform(20, 60) * (1 if step % 2 else -1) - 90 + lean * 0.2
            blade = smooth([(x, y), (x + 24, y - 11), (x + 52, y), (x + 24, y + 11)])
            blades.append(rotated(blade, turn, (x, y)))
        board.fill_all(blades, Linear((light(leaf, 0.3), dark(leaf, 0.2)), 60))


def teapot(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a teapot and a cup."""
    stand(board, 330, 700, GROUND)
    spout = curve("668,640 760,610 812,500 842,470 866,486 838,560 800,660 690,710")
    board.fill(spout, Linear((light(colour, 0.35), colour, dark(colour, 0.35)), 70))
    handle = trail("352,520 270,490 214,560 250,660 356,690")
    board.line(moved(handle, 4, 6), 34, BLACK, opacity=0.12)
    board.line(handle, 34, dark(colour, 0.2))
    board.line(moved(handle, -3, -6), 12, light(colour, 0.45), opacity=0.8)
    pot = lathe(points("96,470 150,500 200,580 196,670 140,735 112,760"), 515)
    board.fill(pot, Radial((light(colour, 0.5), colour, dark(colour, 0.5)), (0.34, 0.3), 1.15))
    pattern = rgb(chance.choice(("f7f1e3", "2f4858", "d9a441")))
    petal = oval(515, 582, 13, 36)
    flower = [rotated(petal, step * 45, (515, 622)) for step in range(8)]
    board.fill_all(flower, pattern, opacity=0.8, within=pot)
    board.fill(oval(515, 622, 15), pattern, opacity=0.9)
    board.soft(oval(420, 560, 26, 60, turn=18), WHITE, blur=14, opacity=0.65, within=pot)
    board.soft(oval(690, 680, 110, 120), BLACK, blur=40, opacity=0.35, within=pot)
    lid = lathe(points("10,424 60,436 104,470 100,482"), 515)
    board.fill(lid, sheen(colour))
    board.fill(
        oval(515, 410, 24, 22), Radial((light(colour, 0.6), colour, dark(colour, 0.5)), (0.35, 0.3))
    )
    board.line([(414, 480), (616, 480)], 4, dark(colour, 0.5), opacity=0.6)
    _cup(board, colour, pattern)


def _cup(board: Board, colour: Colour, pattern: Colour) -> None:
    stand(board, 880, 1060, GROUND + 30)
    board.fill(oval(970, GROUND + 22, 124, 22), Linear((light(colour, 0.5), dark(colour, 0.2)), 30))
    board.fill(oval(970, GROUND + 18, 92, 14), Linear((dark(colour, 0.15), light(colour, 0.2)), 30))
    ring = band(1052, 700, 22, 36, -110, 110)
    board.fill(ring, Linear((light(colour, 0.3), dark(colour, 0.3)), 40))
    bowl = lathe([(86, 646), (84, 690), (60, 745), (36, GROUND + 18)], 970)
    board.fill(bowl, sheen(colour, strength=0.8))
    board.line([(888, 676), (1052, 676)], 7, pattern, opacity=0.8, within=bowl)
    board.fill(oval(970, 646, 86, 17), Linear((light(colour, 0.6), colour), 20))
    board.fill(oval(970, 649, 77, 13), Linear((rgb("8a4f22"), rgb("b9743a")), 0))


def lamp(board: Board, chance: Random, colour: Colour, *, dome: bool) -> None:
    """Draw a table lamp that is lit, under a dome of metal or a shade of cloth."""
    warm = rgb("ffdf9e")
    board.soft(oval(600, 330, 430, 330), warm, blur=120, opacity=0.55)
    stand(board, 500, 700, GROUND)
    board.soft(oval(600, GROUND + 10, 330, 50), warm, blur=40, opacity=0.45)
    if dome:
        _dome_lamp(board, colour, warm)
        return
    foot = points("18,420 20,470 74,540 96,620 70,700 60,724 112,742 116,760")
    board.fill(lathe(foot, 600), sheen(colour))
    board.soft(oval(560, 600, 12, 52), WHITE, blur=8, opacity=0.6)
    board.fill(box(588, 372, 612, 440), sheen(BRASS))
    shade = points("500,170 700,170 790,410 410,410")
    cloth = Linear((dark(CREAM, 0.12), CREAM, rgb("fff4d8"), rgb("ffe7b4"), dark(CREAM, 0.1)), 0)
    board.fill(shade, cloth)
    folds: list[Shape] = [[(500 + n * 10, 170), (410 + n * 19, 410)] for n in range(1, 20)]
    board.line_all(folds, 2, dark(CREAM, 0.4), opacity=0.22)
    board.soft(oval(600, 340, 130, 90), rgb("fff6dd"), blur=50, opacity=0.75, within=shade)
    for y, half in ((170, 100), (410, 190)):
        board.line([(600 - half, y), (600 + half, y)], 7, mix(colour, CREAM, 0.35))


def _dome_lamp(board: Board, colour: Colour, warm: Colour) -> None:
    board.fill(lathe(points("26,420 26,690 120,734 124,760"), 600), sheen(colour))
    board.fill(oval(600, 420, 206, 34), Radial((rgb("fffaf0"), warm, dark(warm, 0.3))))
    dome = [*trail("390,420 410,300 500,210 600,186 700,210 790,300 810,420")]
    board.fill(dome, Radial((light(colour, 0.55), colour, dark(colour, 0.4)), (0.33, 0.28), 1.3))
    board.soft(oval(500, 290, 26, 60, turn=35), WHITE, blur=14, opacity=0.6)
    board.soft(box(390, 392, 810, 424), warm, blur=14, opacity=0.55, within=dome)
    board.fill(oval(600, 186, 20, 12), sheen(BRASS))


def chair(board: Board, chance: Random, colour: Colour) -> None:
    """Draw an upholstered chair on wooden legs."""
    stand(board, 380, 820, 800, deep=1.2)
    wood = rgb(chance.choice(("8a5a33", "b98850", "4d3424")))
    for x, lean in ((470, -30), (730, 30)):
        board.fill(
            [(x - 15, 600), (x + 15, 600), (x + lean * 0.5 + 8, 776), (x + lean * 0.5 - 8, 776)],
            sheen(dark(wood, 0.35)),
        )
    for x, lean in ((412, -34), (788, 34)):
        board.fill(
            [(x - 18, 600), (x + 18, 600), (x + lean + 9, 812), (x + lean - 9, 812)], sheen(wood)
        )
    back = curve("430,240 600,216 770,240 800,400 776,560 600,580 424,560 400,400")
    board.shadow(back, 40, 20, blur=40, opacity=0.2)
    board.fill(back, Radial((light(colour, 0.28), colour, dark(colour, 0.35)), (0.4, 0.3), 1.3))
    board.relief(back, size=26, light=0.25, dark=0.35)
    for row in range(2):
        for column in range(3 - row):
            x, y = 510 + column * 90 + row * 45, 340 + row * 84
            board.soft(oval(x, y + 5, 26, 20), BLACK, blur=12, opacity=0.35)
            board.fill(oval(x, y, 8), Radial((light(colour, 0.3), dark(colour, 0.4)), (0.4, 0.3)))
    for side in (0, 1):
        arm = curve("356,430 410,420 426,470 420,590 372,600 352,520")
        arm = flipped(arm, 600) if side else arm
        board.shadow(arm, 8, 12, blur=12, opacity=0.3)
        board.fill(arm, Linear((light(colour, 0.22), colour, dark(colour, 0.4))))
        board.relief(arm, size=16, light=0.3, dark=0.35)
    seat = curve("392,540 600,520 808,540 820,590 796,640 600,652 404,640 380,590")
    board.shadow(seat, 0, 18, blur=16, opacity=0.4)
    board.fill(seat, Linear((light(colour, 0.32), colour, dark(colour, 0.3))))
    board.relief(seat, size=20, light=0.25, dark=0.4)
    board.line(trail("396,604 600,618 804,604"), 3, dark(colour, 0.5), opacity=0.5)


def sideboard(board: Board, chance: Random, colour: Colour, *, drawers: bool) -> None:
    """Draw a long low cabinet, drawers or a slatted door in its middle."""
    stand(board, 150, 1050, 800, deep=1.3)
    for x, lean in ((230, -22), (970, 22), (330, -10), (870, 10)):
        board.fill(
            [(x - 13, 690), (x + 13, 690), (x + lean + 7, 806), (x + lean - 7, 806)],
            sheen(dark(colour, 0.3)),
        )
    case = box(140, 420, 1060, 704, 8)
    board.shadow(case, 20, 10, blur=34, opacity=0.25)
    board.fill(case, Linear((light(colour, 0.18), colour, dark(colour, 0.2))))
    for left, right in ((158, 440), (446, 754), (760, 1042)):
        door = box(left, 444, right, 688, 4)
        board.fill(
            door,
            Linear((light(colour, 0.12), colour, light(colour, 0.05)), chance.uniform(70, 110)),
        )
        _grain(board, chance, door, colour)
        board.relief(door, size=5, light=0.22, dark=0.35)
    if drawers:
        for row in range(1, 3):
            y = 444 + row * 81
            board.line([(446, y), (754, y)], 3, dark(colour, 0.6), opacity=0.7)
        for row in range(3):
            board.fill(box(576, 474 + row * 81, 624, 488 + row * 81, 6), sheen(BRASS))
    else:
        slats: list[Shape] = [[(446 + n * 14, 446), (446 + n * 14, 686)] for n in range(1, 22)]
        board.line_all(slats, 4, dark(colour, 0.5), opacity=0.6)
    for x in (420, 780):
        board.fill(
            oval(x, 566, 9), Radial((light(BRASS, 0.6), BRASS, dark(BRASS, 0.5)), (0.4, 0.35))
        )
    board.fill(box(132, 408, 1068, 426, 5), Linear((light(colour, 0.4), colour)))
    _on_top(board, chance)


def _grain(board: Board, chance: Random, door: Shape, colour: Colour) -> None:
    left, grain = min(x for x, _ in door), []
    for _ in range(11):
        y = chance.uniform(440, 690)
        line = [(left - 10 + step * 64, y + chance.uniform(-9, 9)) for step in range(7)]
        grain.append(smooth(line, closed=False))
    board.line_all(grain, 2.5, dark(colour, 0.5), opacity=0.22, within=door)


def _on_top(board: Board, chance: Random) -> None:
    clay = rgb(chance.choice(("c9765a", "5f7f86", "e0c27a")))
    jug = lathe(points("26,280 22,306 58,350 52,396 40,409"), 270)
    board.shadow(jug, 14, 4, blur=12, opacity=0.25)
    board.fill(jug, sheen(clay))
    for tone, left, y in (("46607a", 830, 388), ("b5533f", 842, 368), ("d9cfb8", 836, 350)):
        board.fill(box(left, y, left + 150, y + 20, 3), Linear((light(rgb(tone), 0.2), rgb(tone))))


def clock(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a sunburst wall clock."""
    x, y = 600, 450
    rays = chance.choice((16, 20, 24))
    for ray in range(rays):
        angle = ray * 360 / rays
        long = 372 if ray % 2 == 0 else 306
        spoke = rotated(
            [(x + 150, y - 8), (x + long, y - 3), (x + long, y + 3), (x + 150, y + 8)],
            angle,
            (x, y),
        )
        board.shadow(spoke, 12, 18, blur=8, opacity=0.28)
        board.fill(spoke, Linear((light(BRASS, 0.5), BRASS, dark(BRASS, 0.3)), angle))
        tip = on_circle(x, y, long, angle)
        board.fill(
            oval(*tip, 15 if ray % 2 == 0 else 10),
            Radial((light(colour, 0.6), colour, dark(colour, 0.45)), (0.36, 0.32)),
        )
    board.shadow(oval(x, y, 190), 16, 24, blur=22, opacity=0.4)
    board.fill(oval(x, y, 190), Linear((light(colour, 0.3), colour, dark(colour, 0.45)), 50))
    board.fill(oval(x, y, 168), Linear((dark(BRASS, 0.2), light(BRASS, 0.5), BRASS), 50))
    face = CREAM if chance.random() < 0.7 else INK
    mark = INK if face == CREAM else CREAM
    board.fill(oval(x, y, 160), Radial((light(face, 0.12), face, dark(face, 0.12)), (0.4, 0.35)))
    for hour in range(12):
        a = on_circle(x, y, 146, hour * 30)
        b = on_circle(x, y, 112 if hour % 3 == 0 else 126, hour * 30)
        board.line([a, b], 7 if hour % 3 == 0 else 4, mark)
    hands(board, (x, y), 160, mark, chance)


def hands(board: Board, at: tuple[float, float], r: float, colour: Colour, chance: Random) -> None:
    """Draw the hands of a clock or a watch whose dial has radius `r`: about ten past ten."""
    x, y = at
    minute = chance.uniform(-36, -24)
    for angle, reach, width in ((minute + 188, 0.55, 0.055), (minute, 0.82, 0.04)):
        tip, tail = on_circle(x, y, r * reach, angle), on_circle(x, y, -r * 0.14, angle)
        board.line(moved([tail, tip], r * 0.02, r * 0.035), r * width, BLACK, opacity=0.28)
        board.line([tail, tip], r * width, colour)
    second = chance.uniform(60, 130)
    red = rgb("d2402d")
    board.line(
        [on_circle(x, y, -r * 0.2, second), on_circle(x, y, r * 0.86, second)], r * 0.016, red
    )
    board.fill(oval(x, y, r * 0.055), red)
    board.fill(oval(x, y, r * 0.025), colour)


def rug(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a knotted rug from above."""
    whole = box(150, 130, 1050, 770)
    board.shadow(box(116, 130, 1084, 770), 8, 12, blur=14, opacity=0.4)
    for x0, x1 in ((150, 112), (1050, 1088)):
        fringe = [
            [(x0, y), (x1 + chance.uniform(-6, 6), y + chance.uniform(-4, 4))]
            for y in range(134, 770, 10)
        ]
        board.line_all(fringe, 4, rgb("e6dac2"))
    second = rgb(chance.choice(("26374a", "7a2a26", "d8a650", "3f5a4a")))
    sand = rgb("ecdcbb")
    board.fill(whole, colour)
    for inset, tone in (
        (18, sand),
        (26, second),
        (74, sand),
        (82, colour),
        (96, second),
        (102, dark(colour, 0.12)),
    ):
        board.fill(box(150 + inset, 130 + inset, 1050 - inset, 770 - inset), tone)
    stars = [(198.0 + step * 35, y, step % 2) for step in range(24) for y in (180.0, 720.0)]
    stars += [(x, 180 + step * 38.6, step % 2) for step in range(1, 14) for x in (200.0, 1000.0)]
    for odd, tone in enumerate((colour, sand)):
        board.fill_all([star(x, y, 17, 4, inner=0.45) for x, y, kind in stars if kind == odd], tone)
    for column in range(3):
        x = 600 + (column - 1) * 236
        for size, tone in (
            (150, second),
            (128, sand),
            (112, colour),
            (76, sand),
            (62, second),
            (30, sand),
        ):
            board.fill(
                [
                    (x - size * 0.78, 450),
                    (x, 450 - size * 1.25),
                    (x + size * 0.78, 450),
                    (x, 450 + size * 1.25),
                ],
                tone,
            )
        board.fill(star(x, 450, 22, 8, inner=0.55), colour)
    for tone in (BLACK, WHITE):
        rows = [chance.uniform(132, 768) for _ in range(30)]
        board.line_all([[(150, y), (1050, y)] for y in rows], 2, tone, opacity=0.06)
    board.soft(box(150, 760, 1050, 775), BLACK, blur=10, opacity=0.25, within=whole)
