"""Guitars, turntables, radios, headphones, synthesisers."""

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
from config.demo.scenes import GROUND, lie, stand
from config.demo.shapes import (
    Point,
    Shape,
    arc,
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
    trail,
)

STEEL = rgb("c9ccd0")
BRASS = rgb("d0a556")
EBONY = rgb("2b211d")
ROSEWOOD = rgb("5a3423")
IVORY = rgb("f3ead8")
INK = rgb("1d1f24")


def _symmetric(half: list[Point]) -> Shape:
    """Return a smooth outline from its right half, about x = 0."""
    return smooth([*half, *reversed([(-x, y) for x, y in half])])


class _Placed:
    """Shapes drawn around a thing's own axis, laid on the picture turned."""

    def __init__(self, board: Board, turn: float, at: Point) -> None:
        self.board, self.turn, self.at = board, turn, at

    def __call__(self, shape: Shape) -> Shape:
        return moved(rotated(shape, self.turn, (0, 0)), *self.at)


def guitar(board: Board, chance: Random, colour: Colour) -> None:
    """Draw an acoustic guitar lying on its back."""
    place = _Placed(board, chance.uniform(52, 62), (520, 480))
    half = points("52,-66 116,-44 140,20 120,88 118,140 166,210 190,290 160,370 84,408")
    body = place(_symmetric(half))
    neck = place(points("-26,-420 26,-420 32,-40 -32,-40"))
    head = place(curve("-34,-424 34,-424 46,-500 40,-572 0,-562 -40,-572 -46,-500"))
    for part in (body, neck, head):
        lie(board, part, height=16)
    rim = place(_symmetric([(x * 1.03, y * 1.02) for x, y in half]))
    board.fill(rim, dark(colour, 0.62))
    board.fill(body, Radial((light(colour, 0.42), colour, dark(colour, 0.35)), (0.5, 0.55), 1.1))
    grain = [place([(step * 15, -80), (step * 16, 420)]) for step in range(-11, 12)]
    board.line_all(grain, 2, dark(colour, 0.5), opacity=0.13, within=body)
    board.relief(body, size=12, light=0.28, dark=0.30)
    for radius, tone in ((74, EBONY), (70, IVORY), (66, EBONY), (62, BRASS), (56, rgb("14100e"))):
        board.fill(place(oval(0, 92, radius)), tone)
    board.soft(place(oval(10, 104, 44)), BLACK, blur=14, opacity=0.6)
    board.fill(
        place(curve("-60,112 -110,130 -128,200 -92,214 -44,150")),
        rgb("3a1a14"),
        opacity=0.85,
    )
    board.fill(place(box(-78, 264, 78, 292, 10)), Linear((light(EBONY, 0.2), EBONY)))
    board.fill(place(box(-52, 262, 52, 268, 3)), IVORY)
    _neck(board, place, neck, head, (-416, 66, 264), dots=6)


def electric(board: Board, chance: Random, colour: Colour) -> None:
    """Draw an electric guitar lying on its back."""
    place = _Placed(board, chance.uniform(54, 64), (540, 470))
    outline = points(
        "36,6 62,-50 110,-96 136,-80 124,-20 112,60 124,140 160,230 146,310 "
        "70,352 -40,362 -130,326 -164,240 -138,150 -116,70 -122,-20 -152,-110 "
        "-136,-150 -96,-124 -58,-50 -34,4 0,14"
    )
    body = place(smooth(outline))
    neck = place(points("-25,-430 25,-430 31,20 -31,20"))
    head = place(curve("-27,-432 30,-432 52,-500 56,-566 20,-594 -30,-560 -40,-500"))
    for part in (body, neck, head):
        lie(board, part, height=12)
    shine = Radial((light(colour, 0.35), colour, colour, dark(colour, 0.65)), (0.45, 0.55), 1.2)
    board.fill(body, shine)
    board.relief(body, size=14, light=0.45, dark=0.4)
    guard = place(
        curve("40,-40 76,-76 84,0 76,90 110,170 96,230 20,216 -10,140 -70,110 -84,30 -40,20")
    )
    board.shadow(guard, 2, 3, blur=3, opacity=0.4)
    board.fill(guard, Linear((IVORY, dark(IVORY, 0.08)), 40))
    for y in (60, 124, 188):
        cover = place(box(-48, y - 13, 48, y + 13, 12))
        board.shadow(cover, 2, 3, blur=3, opacity=0.4)
        board.fill(cover, Linear((rgb("3c3d42"), INK)))
        board.fill_all([place(oval(-32 + pole * 12.8, y, 3.6)) for pole in range(6)], STEEL)
    board.fill(place(box(-52, 250, 52, 290, 6)), Linear((light(STEEL, 0.6), dark(STEEL, 0.4)), 60))
    for x, y in ((80, 214), (104, 252), (110, 296)):
        knob = place(oval(x, y, 17))
        board.shadow(knob, 3, 5, blur=4, opacity=0.5)
        board.fill(knob, Radial((light(IVORY, 0.5), IVORY, dark(IVORY, 0.35)), (0.35, 0.35)))
    _neck(board, place, neck, head, (-426, 20, 256), dots=7)


def _neck(
    board: Board,
    place: _Placed,
    neck: Shape,
    head: Shape,
    reach: tuple[float, float, float],
    *,
    dots: int,
) -> None:
    """Draw fingerboard, headstock and strings; `reach`: nut, last fret, bridge."""
    nut, last, bridge = reach
    board.fill(head, Linear((light(ROSEWOOD, 0.15), dark(ROSEWOOD, 0.3)), 40))
    board.relief(head, size=6, light=0.25, dark=0.3)
    board.fill(neck, Linear((light(ROSEWOOD, 0.12), ROSEWOOD, dark(ROSEWOOD, 0.4)), place.turn))
    fingers = place([(-26, nut), (26, nut), (32, last), (-32, last)])
    board.fill(fingers, Linear((light(EBONY, 0.18), EBONY), place.turn))

    def at(fret: float) -> float:
        share: float = (1 - 0.945**fret) / (1 - 0.945**20)
        return nut + (last - nut) * share

    frets = [place([(-29, at(fret)), (29, at(fret))]) for fret in range(1, 21)]
    board.line_all(frets, 2.6, light(STEEL, 0.2))
    board.fill_all([place(oval(0, at(2.5 + 2 * dot), 5)) for dot in range(dots)], IVORY)
    board.fill(place(box(-27, nut - 7, 27, nut, 2)), IVORY)
    for peg in range(3):
        y = nut - 42 - peg * 46
        for side in (-1, 1):
            board.fill(
                place(oval(side * 62, y, 13, 9)), Linear((light(STEEL, 0.6), dark(STEEL, 0.3)), 60)
            )
            board.line(place([(side * 34, y), (side * 54, y)]), 6, STEEL)
            board.fill(
                place(oval(side * 22, y, 7)), Radial((WHITE, STEEL, dark(STEEL, 0.4)), (0.4, 0.4))
            )
    strings = [place([(x * 0.9, nut), (x * 1.5, bridge)]) for x in range(-20, 21, 8)]
    board.line_all(strings[:3], 2.4, light(BRASS, 0.45))
    board.line_all(strings[3:], 1.6, light(STEEL, 0.45))


def turntable(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a record player from above."""
    plinth = box(210, 150, 990, 760, 26)
    lie(board, plinth, height=30)
    board.fill(plinth, Linear((light(colour, 0.18), colour, dark(colour, 0.2)), 30))
    grain = []
    for _ in range(26):
        y = chance.uniform(160, 750)
        line = [(200.0 + step * 160, y + chance.uniform(-7, 7)) for step in range(6)]
        grain.append(smooth(line, closed=False))
    board.line_all(grain, 2.4, dark(colour, 0.5), opacity=0.2, within=plinth)
    board.relief(plinth, size=10, light=0.35, dark=0.35)
    x, y, r = 520, 455, 272
    board.soft(oval(x + 10, y + 14, r), BLACK, blur=14, opacity=0.5)
    board.fill(oval(x, y, r), Linear((light(STEEL, 0.6), STEEL, dark(STEEL, 0.5)), 50))
    board.fill(oval(x, y, r - 12), rgb("17171a"))
    grooves = [arc(x, y, r - 20 - ring * 6.6, 0, 360, steps=90) for ring in range(24)]
    board.line_all(grooves, 1.6, rgb("3a3a40"), opacity=0.7)
    board.line_all(grooves[::6], 1.6, rgb("55555c"), opacity=0.7)
    for angle in (215, 35):
        shine: Shape = [(x, y), *arc(x, y, r - 16, angle - 16, angle + 16)]
        board.soft(shine, WHITE, blur=22, opacity=0.30, within=oval(x, y, r - 14))
    label = mix(rgb(chance.choice(("d8492f", "e3a32b", "2f6f8f", "547a4a"))), WHITE, 0.05)
    board.fill(oval(x, y, 84), Radial((light(label, 0.2), label, dark(label, 0.15)), (0.4, 0.4)))
    for radius in (70, 36):
        ring_line = oval(x, y, radius)
        board.line([*ring_line, ring_line[0]], 2, IVORY, opacity=0.7)
    board.fill(band(x, y, 44, 62, 200, 340), IVORY, opacity=0.85)
    board.fill(oval(x, y, 7), Radial((WHITE, STEEL, dark(STEEL, 0.5)), (0.4, 0.4)))
    _tonearm(board)
    for knob_x in (850, 920):
        _knob(board, knob_x, 690, 25, STEEL)


def _tonearm(board: Board) -> None:
    path = trail("880,250 882,440 846,560 742,640")
    board.soft(oval(892, 268, 66), BLACK, blur=14, opacity=0.4)
    board.fill(oval(880, 250, 64), Linear((light(STEEL, 0.5), dark(STEEL, 0.35)), 50))
    board.fill(oval(880, 250, 50), Linear((rgb("34363b"), rgb("55585e")), 50))
    board.line(moved(path, 12, 16), 12, BLACK, opacity=0.3)
    board.line([(880, 176), (880, 250)], 14, dark(STEEL, 0.2))
    board.fill(box(852, 168, 908, 214, 10), sheen(dark(STEEL, 0.45)))
    board.line(path, 13, dark(STEEL, 0.25))
    board.line(moved(path, -2, -2), 5, light(STEEL, 0.7))
    board.fill(oval(880, 250, 26), Radial((WHITE, STEEL, dark(STEEL, 0.5)), (0.4, 0.4)))
    board.fill(rotated(box(696, 628, 758, 660, 5), -36, (728, 644)), Linear((rgb("44464c"), INK)))


def _knob(board: Board, x: float, y: float, r: float, colour: Colour) -> None:
    board.soft(oval(x + 4, y + 7, r), BLACK, blur=6, opacity=0.5)
    board.fill(oval(x, y, r), Linear((light(colour, 0.5), dark(colour, 0.4)), 50))
    board.fill(
        oval(x, y, r * 0.78), Radial((light(colour, 0.4), colour, dark(colour, 0.2)), (0.4, 0.35))
    )
    board.line([on_circle(x, y, r * 0.3, -60), on_circle(x, y, r * 0.7, -60)], r * 0.13, INK)


def radio(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a table radio of the valve days."""
    stand(board, 250, 950, GROUND)
    for x in (310, 860):
        board.fill(box(x, 736, x + 40, GROUND + 2, 8), dark(colour, 0.7))
    case = box(244, 330, 956, 745, 70)
    board.fill(case, Linear((light(colour, 0.30), colour, dark(colour, 0.25))))
    grain = []
    for _ in range(16):
        y = chance.uniform(340, 740)
        line = [(240.0 + step * 180, y + chance.uniform(-8, 8)) for step in range(5)]
        grain.append(smooth(line, closed=False))
    board.line_all(grain, 3, dark(colour, 0.5), opacity=0.16, within=case)
    board.relief(case, size=22, light=0.40, dark=0.45)
    front = box(282, 366, 918, 708, 44)
    board.fill(front, dark(colour, 0.45))
    board.fill(box(287, 371, 913, 703, 40), Linear((rgb("e9d9b4"), rgb("cdb687"))))
    grille = box(300, 384, 640, 690, 30)
    board.fill(grille, rgb("a98b5a"))
    slats: list[Shape] = [[(300 + n * 14.4, 384), (300 + n * 14.4, 690)] for n in range(1, 24)]
    board.line_all(slats, 5, rgb("7d6238"), opacity=0.75, within=grille)
    shine = [moved(slat, 3, 0) for slat in slats]
    board.line_all(shine, 2, rgb("e9d4a3"), opacity=0.6, within=grille)
    board.relief(grille, size=12, light=0.0, dark=0.35)
    board.line(box(300, 384, 640, 690, 30), 5, BRASS)
    glass = box(664, 390, 900, 520, 18)
    board.fill(glass, Linear((rgb("3a2416"), rgb("6d4420"), rgb("a4692b"))))
    board.soft(oval(782, 500, 110, 40), rgb("ffc766"), blur=26, opacity=0.8, within=glass)
    scale: list[Shape] = [[(682, y), (882, y)] for y in (418, 448, 478)]
    for y in (418, 448, 478):
        for tick in range(13):
            x = 686 + tick * 16
            scale.append([(x, y), (x, y - (12 if tick % 3 else 18))])
    board.line_all(scale, 2, rgb("f4dfae"), opacity=0.8)
    needle = chance.uniform(700, 860)
    board.line([(needle, 396), (needle, 514)], 4, rgb("e2452b"))
    board.soft(points("664,390 760,390 690,520 664,520"), WHITE, blur=8, opacity=0.2, within=glass)
    for x in (720, 844):
        _knob(board, x, 612, 46, rgb("e8dcc0"))
    for key in range(5):
        board.fill(box(676 + key * 43, 678, 712 + key * 43, 700, 5), Linear((WHITE, rgb("d8cdb0"))))


def headphones(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a pair of headphones on their stand."""
    wood = rgb(chance.choice(("b98a58", "6d4a33", "d1b183")))
    stand(board, 440, 760, GROUND)
    board.fill(lathe([(150, 724), (160, 740), (156, GROUND)], 600), sheen(wood))
    board.fill(box(582, 240, 618, 730, 8), sheen(wood))
    hoop = band(600, 420, 232, 276, 180, 360)
    board.shadow(hoop, 16, 24, blur=18, opacity=0.3)
    board.fill(band(600, 420, 222, 240, 184, 356), dark(colour, 0.5))
    board.fill(hoop, Linear((light(colour, 0.2), colour, dark(colour, 0.35)), 30))
    board.relief(hoop, size=10, light=0.45, dark=0.4)
    board.fill(box(560, 172, 640, 212, 14), Linear((light(wood, 0.3), dark(wood, 0.2))))
    for side in (1, -1):

        def at(shape: Shape, side: int = side) -> Shape:
            return shape if side > 0 else flipped(shape, 600)

        board.fill(at(box(838, 400, 862, 520, 8)), sheen(STEEL))
        cushion = at(curve("800,424 842,436 850,536 842,640 800,652 782,540"))
        board.fill(cushion, Linear((rgb("3a3a40"), rgb("17171b")), 0 if side < 0 else 180))
        cup = at(curve("838,410 900,440 926,536 900,634 838,664 828,540"))
        board.shadow(cup, 12, 18, blur=14, opacity=0.35)
        board.fill(cup, Linear((light(colour, 0.4), colour, dark(colour, 0.5)), 0))
        board.relief(cup, size=14, light=0.4, dark=0.4)
        board.line(at(trail("872,436 896,536 872,638")), 4, BRASS)
    cable = trail("352,660 340,720 420,800 560,780 700,830 900,800")
    board.line(moved(cable, 4, 8), 8, BLACK, opacity=0.25)
    board.line(cable, 8, rgb("25262a"))


def synth(board: Board, chance: Random, colour: Colour) -> None:
    """Draw an analogue synthesiser from above."""
    case = box(130, 230, 1070, 690, 18)
    lie(board, case, height=24)
    board.fill(case, Linear((rgb("3b3d43"), rgb("232429"))))
    for x0, x1 in ((112, 150), (1050, 1088)):
        side = box(x0, 222, x1, 698, 12)
        board.fill(side, Linear((light(colour, 0.25), colour, dark(colour, 0.3)), 20))
        board.relief(side, size=6)
    board.line([(170, 262), (1030, 262)], 3, rgb("e36f3c"))
    board.line([(170, 270), (1030, 270)], 3, rgb("e8b04a"))
    for row in range(2):
        for column in range(11):
            _knob(
                board,
                196 + column * 62,
                318 + row * 74,
                20,
                rgb("d7d7d9" if column % 4 else "e3733c"),
            )
    for slot in range(5):
        x = 886 + slot * 32
        board.line([(x, 300), (x, 410)], 6, BLACK)
        slid = chance.uniform(306, 390)
        board.fill(box(x - 11, slid, x + 11, slid + 22, 4), Linear((WHITE, rgb("9a9ca0"))))
    keys = box(170, 452, 1030, 672, 4)
    board.fill(keys, rgb("101114"))
    wide = 860 / 21
    edges = [170 + key * wide for key in range(21)]
    whites = [box(x + 1.5, 454, x + wide - 1.5, 670, 5) for x in edges]
    board.fill_all(whites, Linear((rgb("d9d6cd"), rgb("fbf9f3"), rgb("fffefb"), rgb("cfcbc0"))))
    sharps = [x for key, x in enumerate(edges) if key and key % 7 not in (0, 3)]
    for sharp in sharps:
        board.shadow(box(sharp - 13, 452, sharp + 13, 590, 4), 6, 8, blur=5, opacity=0.45)
    blacks = [box(x - 13, 452, x + 13, 590, 4) for x in sharps]
    board.fill_all(blacks, Linear((rgb("45464b"), rgb("17181b"))))
    tops = [box(x - 9, 454, x + 9, 576, 4) for x in sharps]
    board.fill_all(tops, Linear((rgb("26272b"), rgb("3f4046"))))
