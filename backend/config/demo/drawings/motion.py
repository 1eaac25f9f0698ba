"""Bicycles, model cars, skateboards."""

from random import Random

from config.demo.board import (
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
    Point,
    Shape,
    box,
    curve,
    moved,
    on_circle,
    oval,
    points,
    rotated,
    scaled,
    smooth,
    star,
)

STEEL = rgb("c9cdd2")
BRASS = rgb("cfa24f")
RUBBER = rgb("26262a")
INK = rgb("1d1e23")


def bicycle(board: Board, chance: Random, colour: Colour, *, drop: bool) -> None:
    """Draw a bicycle from the side; `drop`: with bent handlebars."""
    rear, front, r = (330, 610), (880, 610), 190
    stand(board, 190, 1020, 802, deep=1.1)
    leather = rgb(chance.choice(("8a5230", "2d2622", "b5773f")))
    for hub in (rear, front):
        _wheel(board, hub, r, light(leather, 0.5) if chance.random() < 0.4 else RUBBER)
    crank, head, fork = (565, 620), (800, 330), (812, 390)
    for a, b, width in ((rear, (516, 372), 13), (rear, crank, 14), (fork, front, 16)):
        _tube(board, a, b, width, colour)
    for a, b in ((crank, (516, 366)), (crank, fork), ((520, 376), head)):
        _tube(board, a, b, 22, colour)
    _tube(board, (796, 312), (814, 404), 24, colour)
    _tube(board, (516, 372), (504, 306), 12, STEEL)
    _tube(board, (798, 318), (788, 262), 12, STEEL)
    saddle = curve("426,296 450,276 540,284 606,290 600,304 530,308 470,322 432,318")
    board.shadow(saddle, 8, 12, blur=8, opacity=0.3)
    board.fill(saddle, Linear((light(leather, 0.3), leather, dark(leather, 0.4))))
    bar = (
        points("788,262 850,250 906,270 914,330 872,366 838,356")
        if drop
        else points("790,262 830,232 800,214 740,222 690,250")
    )
    board.line(smooth(bar, closed=False), 17, STEEL if not drop else leather)
    board.line(moved(smooth(bar, closed=False), -2, -4), 5, WHITE, opacity=0.45)
    if not drop:
        board.line(bar[-2:], 22, leather)
    _drive(board, crank, rear)
    lower = [(crank[0] - 4, crank[1] + 58), (rear[0], rear[1] + 22)]
    board.line_all([lower, [(crank[0], crank[1] - 58), (rear[0], rear[1] - 22)]], 5, rgb("4a4b50"))
    for tip, flip in (((632, 690), 1), ((498, 550), -1)):
        board.line([crank, tip], 12, STEEL)
        board.fill(box(tip[0] - 32, tip[1] - 8 + flip, tip[0] + 32, tip[1] + 8, 5), INK)
    board.fill(oval(*crank, 14), Radial((WHITE, STEEL, dark(STEEL, 0.4)), (0.4, 0.4)))


def _wheel(board: Board, hub: Point, r: float, tyre: Colour) -> None:
    x, y = hub
    spokes = []
    for spoke in range(18):
        start = on_circle(x, y, 14, spoke * 20 + 70)
        spokes.append([start, on_circle(x, y, r - 14, spoke * 20)])
    board.line_all(spokes, 1.8, rgb("8f9399"), opacity=0.9)
    board.fill(
        oval(x, y, r), Linear((light(tyre, 0.15), dark(tyre, 0.3)), 50), holes=[oval(x, y, r - 15)]
    )
    rim = Linear((light(STEEL, 0.6), dark(STEEL, 0.35)), 50)
    board.fill(oval(x, y, r - 13), rim, holes=[oval(x, y, r - 22)])
    board.fill(oval(x, y, 17), Radial((WHITE, STEEL, dark(STEEL, 0.5)), (0.4, 0.4)))


def _tube(board: Board, a: Point, b: Point, width: float, colour: Colour) -> None:
    board.line([a, b], width, dark(colour, 0.35))
    board.line(moved([a, b], -width * 0.06, -width * 0.1), width * 0.72, colour)
    board.line(moved([a, b], -width * 0.12, -width * 0.24), width * 0.22, light(colour, 0.65))


def _drive(board: Board, crank: Point, rear: Point) -> None:
    x, y = crank
    teeth = [box(-4, -66, 4, -52, 2)]
    board.fill_all([moved(rotated(teeth[0], step * 12, (0, 0)), x, y) for step in range(30)], STEEL)
    board.fill(
        oval(x, y, 56), Linear((light(STEEL, 0.6), dark(STEEL, 0.3)), 50), holes=[oval(x, y, 40)]
    )
    board.line_all([[crank, on_circle(x, y, 46, step * 72 - 90)] for step in range(5)], 10, STEEL)
    board.fill(oval(*rear, 26), dark(STEEL, 0.45))
    board.fill(oval(*rear, 16), STEEL)


def car(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a model of a car of the fifties on a wooden base."""
    stand(board, 190, 1010, GROUND + 24, deep=1.1)
    wood = rgb("7a4d2e")
    base = box(180, 716, 1020, GROUND + 22, 12)
    board.fill(base, Linear((light(wood, 0.3), wood, dark(wood, 0.4))))
    board.fill(box(540, 732, 660, 764, 4), Linear((light(BRASS, 0.6), BRASS, dark(BRASS, 0.2)), 30))
    two = rgb(chance.choice(("f4ecdc", "e8e6e0", "f0d9b0")))
    body = curve(
        "236,640 226,560 262,520 400,500 440,486 760,486 850,506 952,530 976,590 "
        "968,650 900,672 300,672"
    )
    roof = curve("410,500 470,402 560,372 680,378 752,428 800,496 600,506")
    board.fill(roof, Linear((light(two, 0.5), two, dark(two, 0.15))))
    for pane in (
        points("452,490 496,416 586,396 586,490"),
        points("604,490 604,396 672,402 728,444 762,490"),
    ):
        glass = scaled(pane, 0.98, pane[0])
        board.fill(glass, Linear((rgb("d4e8ef"), rgb("7fa3b5"), rgb("45606f")), 60))
        board.soft(
            [pane[0], pane[1], (pane[1][0] + 30, pane[1][1]), (pane[0][0] + 50, 490)],
            WHITE,
            blur=5,
            opacity=0.4,
            within=glass,
        )
    board.shadow(body, 0, 14, blur=14, opacity=0.45)
    board.fill(
        body,
        Linear(
            (light(colour, 0.55), light(colour, 0.1), colour, dark(colour, 0.35), dark(colour, 0.5))
        ),
    )
    flash = curve("250,586 500,566 820,574 972,600 960,640 700,606 420,604")
    board.fill(flash, Linear((light(two, 0.4), dark(two, 0.12))), within=body)
    board.line_all([points("248,586 500,566 820,574 972,600"), [(240, 654), (968, 654)]], 5, STEEL)
    board.line_all(
        [[(596, 500), (590, 640)], [(780, 500), (772, 640)], [(450, 502), (440, 560)]],
        3,
        dark(colour, 0.55),
        opacity=0.6,
    )
    board.fill(box(690, 530, 738, 540, 5), sheen(STEEL, angle=90))
    for x, tone in ((962, "fff3c9"), (238, "d4392b")):
        board.fill(oval(x, 556, 17, 24), Linear((light(STEEL, 0.6), dark(STEEL, 0.3)), 60))
        board.fill(
            oval(x, 556, 12, 18), Radial((WHITE, rgb(tone), dark(rgb(tone), 0.2)), (0.4, 0.35))
        )
    for x in (214, 930):
        board.fill(box(x, 640, x + 62, 664, 11), sheen(STEEL, angle=90))
    for x in (376, 826):
        board.fill(oval(x, 656, 82), dark(colour, 0.75), within=body)
        board.fill(oval(x, 656, 68), Radial((rgb("45454a"), rgb("1c1c20"))))
        board.fill(oval(x, 656, 50), rgb("f3efe6"))
        board.fill(oval(x, 656, 38), Linear((light(STEEL, 0.8), STEEL, dark(STEEL, 0.5)), 50))
        board.fill(oval(x, 656, 16), Radial((WHITE, colour, dark(colour, 0.4)), (0.4, 0.4)))
    board.soft(curve("300,516 600,500 900,524 600,524"), WHITE, blur=8, opacity=0.6, within=body)


def skateboard(board: Board, chance: Random, colour: Colour, *, striped: bool) -> None:
    """Draw a skateboard from below, striped or with waves."""
    turn, at = chance.uniform(-16, -8), (600, 450)

    def placed(shape: Shape) -> Shape:
        return rotated(shape, turn, at)

    deck = placed(
        curve(
            "150,450 176,368 270,336 600,330 930,336 1024,368 1050,450 1024,532 "
            "930,564 600,570 270,564 176,532"
        )
    )
    lie(board, deck, height=20)
    second, third = (
        rgb(code)
        for code in chance.choice(
            (("f4e7cf", "1f2a44"), ("f0b840", "2d2a32"), ("f7efe2", "c8452f"))
        )
    )
    board.fill(deck, Linear((light(colour, 0.15), colour, dark(colour, 0.2)), 70))
    if not striped:
        for number, tone in enumerate((second, third, light(colour, 0.35), dark(colour, 0.3))):
            crest = 400 + number * 42
            wave = [(120 + n * 80, crest + (26 if n % 2 else -26)) for n in range(13)]
            swell = [*smooth(wave, closed=False), (1100, 620), (100, 620)]
            board.fill(placed(swell), tone, within=deck)
        board.fill(placed(oval(560, 384, 34)), second, within=deck)
    else:
        for offset, tone in ((-150, second), (-60, third), (30, second), (120, third)):
            slash = [
                (560 + offset, 300),
                (620 + offset, 300),
                (500 + offset, 600),
                (440 + offset, 600),
            ]
            board.fill(placed(slash), tone, within=deck)
        board.fill(placed(star(820, 450, 74, 5, inner=0.45)), second, within=deck)
    board.relief(deck, size=12, light=0.35, dark=0.4)
    for x in (318, 882):
        for y in (348, 552):
            wheel = placed(box(x - 34, y - 38, x + 34, y + 38, 16))
            board.shadow(wheel, 10, 14, blur=10, opacity=0.45)
            board.fill(wheel, Linear((rgb("fdf7e8"), rgb("e8d9b4"), rgb("a8977a")), turn))
        truck = placed(box(x - 17, 380, x + 17, 520, 8))
        board.shadow(truck, 6, 9, blur=7, opacity=0.4)
        board.fill(truck, Linear((light(STEEL, 0.6), dark(STEEL, 0.35)), turn))
        plate = placed(box(x - 46, 412, x + 46, 488, 12))
        board.fill(plate, Linear((light(STEEL, 0.4), dark(STEEL, 0.2)), 60))
        board.fill_all(
            [placed(oval(x + dx, 450 + dy, 6)) for dx in (-34, 34) for dy in (-26, 26)], INK
        )
        board.fill(
            placed(oval(x, 450, 18)), Radial((light(colour, 0.5), dark(colour, 0.3)), (0.4, 0.4))
        )
