"""Watches, rings, coins."""

from collections.abc import Sequence
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
from config.demo.drawings.home import hands
from config.demo.scenes import GROUND, lie, stand
from config.demo.shapes import (
    Point,
    Shape,
    band,
    between,
    box,
    curve,
    moved,
    on_circle,
    oval,
    points,
    scaled,
    smooth,
    star,
)

STEEL = rgb("cdd1d5")
GOLD = rgb("dcae4f")
SILVER = rgb("c3c7cb")
INK = rgb("1c1e25")


def watch(board: Board, chance: Random, colour: Colour, *, gilt: bool, dials: int) -> None:
    """Draw a wristwatch from above; `colour` is its dial, `dials` the small ones on it."""
    x, y, r = 600, 450, 205
    metal = GOLD if gilt else STEEL
    leather = rgb(chance.choice(("7a4526", "2b2522", "4a5a4a", "a9703c", "26324a")))
    for side in (-1, 1):
        strap = [
            (x - 104, y + side * 150),
            (x + 104, y + side * 150),
            (x + 78, y + side * 560),
            (x - 78, y + side * 560),
        ]
        lie(board, strap, height=14)
        board.fill(
            strap,
            Linear((dark(leather, 0.3), light(leather, 0.16), leather, dark(leather, 0.4)), 0),
        )
        for edge in (-1, 1):
            seam = []
            for stitch in range(14):
                top = y + side * (224 + stitch * 24)
                left = x + edge * (84 - stitch * 1.5)
                seam.append([(left, top), (left, top + side * 13)])
            board.line_all(seam, 3.4, light(leather, 0.55))
        for lug in (-1, 1):
            horn = smooth(
                [
                    (x + lug * 150, y + side * 110),
                    (x + lug * 122, y + side * 220),
                    (x + lug * 98, y + side * 222),
                    (x + lug * 92, y + side * 150),
                ]
            )
            board.shadow(horn, 6, 10, blur=8, opacity=0.4)
            board.fill(horn, Linear((light(metal, 0.5), metal, dark(metal, 0.4)), 50))
    lie(board, oval(x, y, r), height=18)
    crown = box(x + r - 6, y - 26, x + r + 34, y + 26, 8)
    board.fill(crown, sheen(metal, angle=90))
    ridges = [[(x + r + 2, y - 20 + n * 7), (x + r + 32, y - 20 + n * 7)] for n in range(7)]
    board.line_all(ridges, 2, dark(metal, 0.6), opacity=0.6)
    board.fill(oval(x, y, r), Linear((light(metal, 0.75), metal, dark(metal, 0.45)), 50))
    board.fill(oval(x, y, r - 14), Linear((dark(metal, 0.35), metal, light(metal, 0.6)), 50))
    board.fill(
        oval(x, y, r - 26),
        Radial((light(colour, 0.22), colour, dark(colour, 0.4)), (0.4, 0.35), 1.2),
    )
    _dial(board, chance, (x, y), r - 26, colour, dials)
    glare = band(x, y, 20, r - 30, 200, 262)
    board.soft(glare, WHITE, blur=12, opacity=0.16, within=oval(x, y, r - 28))
    board.soft(
        band(x, y, r - 44, r - 28, 20, 110), BLACK, blur=10, opacity=0.25, within=oval(x, y, r - 26)
    )


def _dial(board: Board, chance: Random, at: Point, r: float, colour: Colour, dials: int) -> None:
    x, y = at
    pale = sum(colour) > 380
    mark = INK if pale else rgb("f4efe4")
    minutes = [
        [on_circle(x, y, r * 0.96, a), on_circle(x, y, r * 0.92, a)] for a in range(0, 360, 6)
    ]
    board.line_all(minutes, 1.8, mark, opacity=0.8)
    for angle in (90, 180, 0)[:dials]:
        cx, cy = on_circle(x, y, r * 0.45, angle)
        board.fill(oval(cx, cy, r * 0.23), dark(colour, 0.25) if not pale else dark(colour, 0.08))
        ticks = [
            [on_circle(cx, cy, r * 0.21, a), on_circle(cx, cy, r * 0.18, a)]
            for a in range(0, 360, 30)
        ]
        board.line_all(ticks, 1.6, mark)
        board.line([(cx, cy), on_circle(cx, cy, r * 0.17, chance.uniform(0, 360))], 3, GOLD)
    for hour in range(12):
        if dials and hour % 3 == 0 and hour != 9:
            continue
        a, b = on_circle(x, y, r * 0.88, hour * 30), on_circle(x, y, r * 0.72, hour * 30)
        board.line([a, b], 8, dark(GOLD, 0.2) if pale else light(GOLD, 0.3))
        board.line([a, b], 3, light(mark, 0.2) if pale else WHITE, opacity=0.7)
    hands(board, at, r, mark, chance)


def ring(board: Board, chance: Random, colour: Colour) -> None:
    """Draw a ring with a cut stone in an open box."""
    metal = chance.choice((GOLD, SILVER, rgb("d8a08a")))
    velvet = rgb(chance.choice(("32374f", "5b2436", "2f4a41")))
    stand(board, 330, 870, GROUND + 20)
    lid = box(350, 210, 850, 560, 40)
    board.fill(lid, Linear((dark(velvet, 0.15), dark(velvet, 0.45))))
    board.fill(box(378, 236, 822, 560, 26), Linear((rgb("f2ebe0"), rgb("d9cfc0"))))
    board.soft(
        box(378, 470, 822, 560), BLACK, blur=40, opacity=0.35, within=box(378, 236, 822, 560, 26)
    )
    front = box(330, 540, 870, GROUND + 20, 40)
    board.fill(front, Linear((light(velvet, 0.2), velvet, dark(velvet, 0.35))))
    board.relief(front, size=18, light=0.2, dark=0.4)
    cushion = curve("366,566 480,520 600,544 720,520 834,566 720,600 600,592 480,600")
    board.fill(cushion, Linear((light(velvet, 0.35), velvet)))
    x, y = 600, 470
    board.soft(oval(x + 26, 566, 90, 16), BLACK, blur=12, opacity=0.5)
    hoop = oval(x, y, 106, 112)
    board.fill(hoop, sheen(metal, angle=25), holes=[oval(x + 3, y + 4, 84, 92)])
    inner = oval(x + 3, y + 4, 84, 92)
    board.line([*inner, inner[0]], 4, dark(metal, 0.45), opacity=0.7)
    board.fill(
        curve("520,556 600,536 680,556 690,592 600,600 510,592"),
        Linear((light(velvet, 0.25), velvet)),
    )
    _gem(board, chance, (x, 330), 74, colour)
    for lean in (-1, 1):
        claw = smooth(
            [(x + lean * 60, 300), (x + lean * 72, 320), (x + lean * 34, 378), (x + lean * 20, 372)]
        )
        board.fill(claw, sheen(metal))
    for sparkle in range(3):
        sx, sy = x + chance.uniform(-90, 90), 270 + chance.uniform(-30, 60)
        size = 30 - sparkle * 7
        board.fill(star(sx, sy, size, 4, inner=0.12), WHITE, opacity=0.9)


def _gem(board: Board, chance: Random, at: Point, r: float, colour: Colour) -> None:
    x, y = at
    outline = [on_circle(x, y, r, 22.5 + step * 45) for step in range(8)]
    table = scaled(outline, 0.55, at)
    board.soft(moved(outline, 0, 8), BLACK, blur=8, opacity=0.4)
    board.fill(outline, colour)
    for step in range(8):
        face = [outline[step], outline[(step + 1) % 8], table[(step + 1) % 8], table[step]]
        tone = (
            light(colour, chance.uniform(0.1, 0.7))
            if 3 <= step <= 6
            else dark(colour, chance.uniform(0.05, 0.5))
        )
        board.fill(face, tone)
        middle = between(table[step], table[(step + 1) % 8], 0.5)
        board.fill([at, table[step], middle], light(colour, chance.uniform(0.15, 0.55)))
        board.fill([at, middle, table[(step + 1) % 8]], light(colour, chance.uniform(0.0, 0.3)))
    board.soft(oval(x - 20, y - 24, 22, 12, turn=-30), WHITE, blur=6, opacity=0.9)


def coin(board: Board, chance: Random, colour: Colour) -> None:
    """Draw two coins, the face of one and the back of the other."""
    for x, y, r, side in ((770, 340, 214, 1), (450, 520, 262, 0)):
        disc = oval(x, y, r)
        lie(board, disc, height=12)
        board.fill(disc, Linear((light(colour, 0.7), colour, dark(colour, 0.45)), 50))
        teeth = [[on_circle(x, y, r, a), on_circle(x, y, r * 0.955, a)] for a in range(0, 360, 4)]
        board.line_all(teeth, 3, dark(colour, 0.5), opacity=0.45)
        board.fill(
            oval(x, y, r * 0.94), Linear((dark(colour, 0.3), colour, light(colour, 0.45)), 50)
        )
        board.fill(
            oval(x, y, r * 0.91), Linear((light(colour, 0.35), colour, dark(colour, 0.22)), 35)
        )
        beads = [oval(*on_circle(x, y, r * 0.86, angle), r * 0.016) for angle in range(0, 360, 5)]
        board.fill_all(beads, light(colour, 0.45))
        if side == 0:
            _raised(board, [_profile(x, y, r)], colour)
        else:
            _wreath(board, x, y, r, colour)
        board.soft(
            band(x, y, r * 0.2, r * 0.9, 205, 240), WHITE, blur=r * 0.1, opacity=0.3, within=disc
        )
    small = oval(850, 690, 92)
    lie(board, small, height=8)
    other = mix(colour, rgb("b8764a"), 0.6)
    board.fill(small, Linear((light(other, 0.6), other, dark(other, 0.45)), 50))
    board.fill(oval(850, 690, 82), Linear((dark(other, 0.15), light(other, 0.25)), 50))
    _raised(board, [star(850, 692, 58, 5, inner=0.42)], other)


def _raised(board: Board, shapes: Sequence[Shape], colour: Colour) -> None:
    board.fill_all([moved(shape, 5, 6) for shape in shapes], dark(colour, 0.5), opacity=0.55)
    board.fill_all([moved(shape, -3, -3) for shape in shapes], light(colour, 0.75), opacity=0.8)
    board.fill_all(shapes, Linear((light(colour, 0.32), colour, dark(colour, 0.12)), 50))


def _profile(x: float, y: float, r: float) -> Shape:
    """Return a head in profile, looking left, as on a coin."""
    outline = points(
        "-0.1,-0.6 -0.34,-0.5 -0.42,-0.34 -0.44,-0.22 -0.55,-0.04 -0.5,0.02 "
        "-0.46,0.04 -0.48,0.12 -0.45,0.16 -0.46,0.22 -0.42,0.3 -0.3,0.34 "
        "-0.18,0.34 -0.16,0.48 -0.34,0.62 0.0,0.72 0.34,0.62 0.26,0.4 0.3,0.2 "
        "0.44,0.02 0.46,-0.26 0.34,-0.5 0.12,-0.62"
    )
    return smooth([(x + px * r * 0.98, y + py * r * 0.98) for px, py in outline])


def _wreath(board: Board, x: float, y: float, r: float, colour: Colour) -> None:
    blades = []
    for side in (-1, 1):
        for leaf in range(9):
            angle = 90 + side * (14 + leaf * 15)
            cx, cy = on_circle(x, y, r * 0.64, angle)
            for spread in (-1, 1):
                blade = oval(cx, cy, r * 0.10, r * 0.035, turn=angle + 90 + spread * 38)
                blades.append(moved(blade, 0, spread * 3))
    _raised(board, blades, colour)
    _raised(board, [star(x, y, r * 0.34, 8, inner=0.6, turn=-90)], colour)
    _raised(board, [oval(x, y, r * 0.14)], colour)
