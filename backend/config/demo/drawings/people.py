"""Portraits for profiles: head and shoulders, simple and friendly."""

from random import Random

from config.demo.board import BLACK, WHITE, Board, Colour, Linear, Radial, dark, light, rgb
from config.demo.shapes import Shape, arc, box, curve, flipped, oval, points, trail

SKINS = {"fair": "f3d0b5", "peach": "e8b48e", "tan": "d39a70", "brown": "8a5636", "dark": "5f3a26"}
HAIRS = {
    "black": "2a211d",
    "brown": "4a3022",
    "auburn": "7a4a2a",
    "blond": "b98a4a",
    "red": "a3401f",
    "grey": "8d8d92",
    "white": "e0dcd4",
}
CLOTHES = ("3f6f8f", "b5533f", "5b7f52", "d9a441", "6d4f7a", "2f3a4a", "c77f6a", "e6dfd0")
GROUNDS = ("dfe9e8", "f3ead0", "f2e0d9", "d5dee7", "ece2ee", "cfd6cf", "e4d3bd")
INK = rgb("2b2326")


def portrait(board: Board, chance: Random, look: str) -> None:
    """Draw somebody who looks like that: `style hair skin`, then `glasses` or `beard`."""
    style, hair_name, skin_name, *extras = look.split()
    hair, skin = rgb(HAIRS[hair_name]), rgb(SKINS[skin_name])
    ground, cloth = rgb(chance.choice(GROUNDS)), rgb(chance.choice(CLOTHES))
    board.backdrop(Radial((light(ground, 0.4), ground, dark(ground, 0.15)), (0.4, 0.3), 1.3))
    if style == "long":
        back = curve("410,330 450,190 600,140 750,190 790,330 810,560 760,690 440,690 390,560")
        board.fill(back, Linear((hair, dark(hair, 0.3))))
    if style == "bun":
        board.fill(oval(600, 140, 78, 70), Radial((light(hair, 0.2), hair), (0.4, 0.3)))
    _body(board, skin, cloth, chance)
    head = curve("450,360 470,230 600,180 730,230 750,360 735,480 670,580 600,606 530,580 465,480")
    for x in (448, 752):
        board.fill(oval(x, 400, 30, 44), Linear((skin, dark(skin, 0.18))))
    board.shadow(head, 6, 26, blur=24, opacity=0.22)
    board.fill(head, Radial((light(skin, 0.18), skin, dark(skin, 0.12)), (0.42, 0.35), 1.2))
    if "beard" in extras:
        beard = curve(
            "458,420 480,440 530,470 600,478 670,470 720,440 742,420 728,510 665,600 600,622 "
            "535,600 472,510"
        )
        board.fill(beard, Linear((hair, dark(hair, 0.2))), within=head)
    _face(board, skin, hair, chance)
    _hair(board, hair, style, head)
    if "glasses" in extras:
        _glasses(board)


def _body(board: Board, skin: Colour, cloth: Colour, chance: Random) -> None:
    board.fill(box(536, 540, 664, 740, 40), Linear((dark(skin, 0.22), dark(skin, 0.05))))
    body = curve("520,690 600,720 680,690 800,730 900,800 930,960 600,1000 270,960 300,800 400,730")
    board.fill(body, Linear((light(cloth, 0.15), cloth, dark(cloth, 0.2))))
    board.relief(body, size=16, light=0.25, dark=0.2)
    if chance.random() < 0.5:
        for side in (False, True):
            lapel: Shape = [(520, 690), (600, 800), (540, 850), (470, 720)]
            board.fill(flipped(lapel, 600) if side else lapel, light(cloth, 0.35))
    else:
        neckline = curve("530,690 600,760 670,690 640,690 600,715 560,690")
        board.fill(neckline, dark(cloth, 0.25))


def _face(board: Board, skin: Colour, hair: Colour, chance: Random) -> None:
    brow = dark(hair, 0.3)
    for side in (False, True):
        eyebrow = trail("500,342 528,328 562,338")
        board.line(flipped(eyebrow, 600) if side else eyebrow, 11, brow)
        x = 666 if side else 534
        board.fill(oval(x, 392, 17, 20), WHITE)
        board.fill(oval(x, 394, 13, 16), INK)
        board.fill(oval(x - 4, 388, 4.5), WHITE)
        board.soft(oval(668 if side else 532, 462, 34, 22), rgb("d9604f"), blur=14, opacity=0.28)
    board.line(trail("604,392 592,446 612,456"), 8, dark(skin, 0.35))
    if chance.random() < 0.6:
        board.line(trail("552,506 600,532 648,506"), 10, rgb("8a3a34"))
    else:
        smile = [*arc(600, 500, 52, 0, 180, ry=38)]
        board.fill(smile, rgb("7a2a2a"))
        board.fill([*arc(600, 500, 46, 0, 180, ry=14)], WHITE)


def _hair(board: Board, hair: Colour, style: str, head: Shape) -> None:
    if style == "bald":
        board.soft(oval(560, 230, 60, 26, turn=-18), WHITE, blur=14, opacity=0.5, within=head)
        return
    if style == "curls":
        places = "460,330 470,240 540,178 630,168 710,208 744,290 750,360 452,392"
        for number, (x, y) in enumerate(points(places)):
            lock = oval(x, y, (58, 66, 70, 72, 66, 60, 46, 44)[number])
            board.fill(lock, Radial((light(hair, 0.18), hair), (0.35, 0.3)))
        return
    crowns = {
        "short": "440,372 436,250 520,160 640,150 740,210 764,372 738,330 716,276 600,262 "
        "500,290 462,330",
        "long": "430,420 432,250 520,160 600,148 690,160 768,250 770,420 742,360 700,270 "
        "600,230 500,280 458,360",
        "bun": "442,360 446,250 520,176 600,162 680,176 754,250 758,360 730,290 660,232 600,222 "
        "540,232 470,290",
    }
    crown = curve(crowns[style])
    board.fill(crown, Radial((light(hair, 0.25), hair, dark(hair, 0.15)), (0.4, 0.2)))
    board.soft(oval(540, 206, 70, 20, turn=-24), WHITE, blur=16, opacity=0.25, within=crown)


def _glasses(board: Board) -> None:
    rims = [arc(x, 396, 52, 0, 360, ry=46) for x in (534, 666)]
    board.fill_all(rims, WHITE, opacity=0.14)
    board.line_all([*rims, trail("586,390 600,382 614,390")], 8, BLACK)
    board.line_all([[(482, 388), (452, 378)], [(718, 388), (748, 378)]], 8, BLACK)
