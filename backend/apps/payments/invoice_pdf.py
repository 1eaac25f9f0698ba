"""An invoice on paper: A4, drawn from its frozen content and nothing else.

The same content gives the same bytes, on every day and in every process, as long as `toolkit()`
says the same. What users wrote is drawn as characters (invoice_text.py), never read as markup.
Lengths are points, y counts from the foot of the page; amounts are minor units.
"""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version
from io import BytesIO
from typing import Any
from unicodedata import unidata_version

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from apps.payments.invoice_text import BOLD, REGULAR, Face, Line, font, lay_out, plain, single
from apps.payments.invoice_words import (
    Content,
    amount,
    day_of,
    is_credit,
    note_of,
    percent,
    title_of,
)

#: Counted up whenever the same content comes out otherwise: a font, a word, a millimetre.
LAYOUT = 1

WIDTH, HEIGHT = A4
LEFT, RIGHT = 54.0, WIDTH - 54.0
TOP, FOOT = HEIGHT - 60.0, 66.0
BAND = 26.0  # height of the mark of play money
QUANTITY_END, TAX_END = RIGHT - 160.0, RIGHT - 100.0  # of columns set to the right
TITLE_WIDTH = 262.0
TOTALS_LEFT = RIGHT - 210.0

INK, GREY, RULE = HexColor(0x1C2430), HexColor(0x667085), HexColor(0xD5DAE1)
SHADE, AMBER, BROWN = HexColor(0xF4F6F8), HexColor(0xFDF0CC), HexColor(0x7A4F01)

BODY, STRONG = Face(9.25), Face(9.25, BOLD)
SMALL, LABEL = Face(8.0), Face(7.25, BOLD)
HOUSE, HEADING, SUM = Face(14, BOLD), Face(22), Face(11, BOLD)


def toolkit() -> str:
    """Return what the bytes of a drawing depend on besides the content."""
    libraries = ("reportlab", "arabic-reshaper", "python-bidi")
    versions = [f"layout {LAYOUT}", *(f"{name} {version(name)}" for name in libraries)]
    return ", ".join([*versions, f"zlib {zlib.ZLIB_RUNTIME_VERSION}", f"unicode {unidata_version}"])


def draw_invoice(content: Content) -> bytes:
    """Return the PDF of an invoice or credit note; `content` is what invoicing.py has frozen."""
    font(REGULAR)  # the canvas asks for it by name
    target = BytesIO()
    canvas = Canvas(
        target,
        pagesize=A4,
        invariant=1,
        pageCompression=1,
        initialFontName=REGULAR,
        lang="en",
    )
    issuer = plain(content["issuer"]["name"])
    canvas.setTitle(f"{title_of(content)} {content['number']}")
    canvas.setAuthor(issuer)
    canvas.setSubject(f"{title_of(content)} of {day_of(content['issued_at'])}")
    canvas.setCreator("BidBazaar")
    issued_at = datetime.fromisoformat(content["issued_at"])
    canvas.setDateFormatter(lambda *_: issued_at.strftime("D:%Y%m%d%H%M%SZ"))
    pen = Pen(canvas)
    pages = paginated(_blocks(content), _table_head(content), _top(content))
    for number, page in enumerate(pages, start=1):
        _dress(pen, content, number, len(pages))
        for block, y in page:
            block.draw(pen, y)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


# --- drawing ----------------------------------------------------------------------------------


class Pen:
    """A canvas that draws lines of text, rules and areas."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas

    def write(self, line: Line, x: float, y: float, colour: Color = INK) -> None:
        """Draw a line from its left edge, on the baseline y."""
        text = self._canvas.beginText(x, y)
        text.setFillColor(colour)
        for run in line.runs:
            text.setFont(run.font, line.face.size)
            text.textOut(run.text)
        self._canvas.drawText(text)

    def say(self, text: str, x: float, y: float, face: Face, colour: Color = INK) -> None:
        """Draw a text of our own, to the right of x."""
        self.write(single(text, face), x, y, colour)

    def end(self, text: str, x: float, y: float, face: Face, colour: Color = INK) -> None:
        """Draw a text of our own that ends at x; figures below each other align."""
        line = single(text, face)
        self.write(line, x - line.width, y, colour)

    def middle(self, text: str, y: float, face: Face, colour: Color) -> None:
        """Draw a text of our own in the middle of the page."""
        line = single(text, face)
        self.write(line, (WIDTH - line.width) / 2, y, colour)

    def write_all(self, lines: Sequence[Line], x: float, y: float, colour: Color = INK) -> None:
        """Draw lines below each other, the first on the baseline y.

        Those from right to left end where the widest of them does.
        """
        edge = max((line.width for line in lines if line.is_rtl), default=0.0)
        for line in lines:
            self.write(line, x + (edge - line.width if line.is_rtl else 0.0), y, colour)
            y -= line.face.leading

    def rule(
        self, x: float, end: float, y: float, colour: Color = RULE, width: float = 0.6
    ) -> None:
        """Draw a horizontal rule."""
        self._canvas.setStrokeColor(colour)
        self._canvas.setLineWidth(width)
        self._canvas.line(x, y, end, y)

    def area(self, x: float, y: float, width: float, height: float, colour: Color) -> None:
        """Fill a rectangle."""
        self._canvas.setFillColor(colour)
        self._canvas.rect(x, y, width, height, stroke=0, fill=1)


@dataclass(frozen=True, slots=True)
class Block:
    """Something of a height that is drawn from its upper edge; a row stands below the head."""

    height: float
    draw: Callable[[Pen, float], None]
    is_row: bool = False
    is_last_row: bool = False  # stays with the totals, lest they stand alone on a page


Page = list[tuple[Block, float]]


def paginated(blocks: Sequence[Block], head: Block, top: float) -> list[Page]:
    """Put blocks on pages from the top down; rows have the table's head above them on each."""
    pages: list[Page] = [[]]
    y, headed = top, False
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        needed = block.height + (head.height if block.is_row and not headed else 0.0)
        if block.is_last_row and following is not None:
            needed += following.height
        if y - needed < FOOT and pages[-1]:
            pages.append([])
            y, headed = top, False
        if block.is_row and not headed:
            pages[-1].append((head, y))
            y -= head.height
        headed = block.is_row
        pages[-1].append((block, y))
        y -= block.height
    return pages


def _top(content: Content) -> float:
    return TOP - (BAND if content["play_money"] else 0.0)


def _dress(pen: Pen, content: Content, number: int, count: int) -> None:
    """Draw what every page has: the mark of play money above, the footer below."""
    if content["play_money"]:
        what = "a credit note" if is_credit(content) else "an invoice"
        text = f"PLAY MONEY \u2013 not {what} for real goods"
        pen.area(0, HEIGHT - BAND, WIDTH, BAND, AMBER)
        pen.middle(text, HEIGHT - BAND + 9, STRONG, BROWN)
    pen.rule(LEFT, RIGHT, FOOT - 18)
    name = lay_out(content["issuer"]["name"], SMALL, 150, 1)
    pen.write_all(name, LEFT, FOOT - 31, GREY)
    pen.middle(f"{title_of(content)} {content['number']}", FOOT - 31, SMALL, GREY)
    pen.end(f"Page {number} of {count}", RIGHT, FOOT - 31, SMALL, GREY)


# --- the parts of a document, from the top down -----------------------------------------------


def _blocks(content: Content) -> list[Block]:
    blocks = [_letterhead(content), _parties(content)]
    *lines, last = content["lines"]
    blocks += [_row(line, content["currency"]) for line in lines]
    blocks += [_row(last, content["currency"], is_last=True), _totals(content)]
    if content["taxes"]:
        blocks += [_tax_summary(content)]
    return [*blocks, _note(content)]


def _letterhead(content: Content) -> Block:
    issuer = content["issuer"]
    name = lay_out(issuer["name"], HOUSE, 270, 2)
    tax_id = f"\nTax ID {issuer['tax_id']}" if issuer["tax_id"] else ""
    address = lay_out(issuer["address"] + tax_id, SMALL, 270, 7)
    height = max(len(name) * HOUSE.leading + len(address) * SMALL.leading, 44.0) + 26

    def draw(pen: Pen, y: float) -> None:
        pen.write_all(name, LEFT, y - HOUSE.size)
        below = y - len(name) * HOUSE.leading - SMALL.size
        pen.write_all(address, LEFT, below, GREY)
        pen.end(title_of(content), RIGHT, y - HEADING.size * 0.78, HEADING)
        pen.end(content["number"], RIGHT, y - HEADING.size * 0.78 - 18, STRONG, GREY)

    return Block(height, draw)


def _parties(content: Content) -> Block:
    """Return who pays, who has sold, and the dates."""
    columns = [("Credit to" if is_credit(content) else "Bill to", content["recipient"])]
    if content["seller"]:
        columns.append(("Sold by", content["seller"]))
    set_columns = [(label, _party(party)) for label, party in columns]
    facts = _facts(content)
    tallest = max(*(len(lines) for _, lines in set_columns), len(facts))
    height = 22 + tallest * BODY.leading + 30

    def draw(pen: Pen, y: float) -> None:
        pen.rule(LEFT, RIGHT, y)
        for index, (label, lines) in enumerate(set_columns):
            x = LEFT + index * 168
            pen.say(label.upper(), x, y - 18, LABEL, GREY)
            pen.write_all(lines, x, y - 34)
        for index, (label, value) in enumerate(facts):
            at = y - 18 - index * BODY.leading * 1.12
            pen.say(label, RIGHT - 142, at, SMALL, GREY)
            pen.end(value, RIGHT, at, BODY)

    return Block(height, draw)


def _party(party: Mapping[str, str]) -> list[Line]:
    name = lay_out(party["name"], STRONG, 156, 1)
    tax_id = f"\nTax ID {party['tax_id']}" if party["tax_id"] else ""
    return name + lay_out(party["address"] + tax_id, BODY, 156, 8)


def _facts(content: Content) -> list[tuple[str, str]]:
    facts = [("Date", day_of(content["issued_at"]))]
    if content["corrects"]:
        corrects = content["corrects"]
        facts += [("For invoice", corrects["number"]), ("Of", day_of(corrects["issued_at"]))]
    elif content["paid_at"]:
        facts += [("Paid", day_of(content["paid_at"]))]
    if content["auction"]:
        facts += [("Auction", f"No. {content['auction']['id']}")]
    return [*facts, ("Currency", content["currency"])]


def _table_head(content: Content) -> Block:
    def draw(pen: Pen, y: float) -> None:
        pen.area(LEFT, y - 20, RIGHT - LEFT, 20, SHADE)
        pen.say("DESCRIPTION", LEFT + 8, y - 13, LABEL, GREY)
        pen.end("QUANTITY", QUANTITY_END, y - 13, LABEL, GREY)
        pen.end("TAX", TAX_END, y - 13, LABEL, GREY)
        pen.end(f"AMOUNT {content['currency']}", RIGHT - 8, y - 13, LABEL, GREY)

    return Block(20, draw)


def _row(line: Mapping[str, Any], currency: str, *, is_last: bool = False) -> Block:
    title = lay_out(line["title"], BODY, TITLE_WIDTH, 4)
    detail = lay_out(line["detail"], SMALL, TITLE_WIDTH, 2)
    height = 14 + len(title) * BODY.leading + len(detail) * SMALL.leading

    def draw(pen: Pen, y: float) -> None:
        first = y - 8 - BODY.size
        pen.write_all(title, LEFT + 8, first)
        pen.write_all(detail, LEFT + 8, first - len(title) * BODY.leading, GREY)
        pen.end(f"{line['quantity']} {line['unit']}", QUANTITY_END, first, BODY)
        pen.end(percent(line["tax_bps"]), TAX_END, first, BODY)
        pen.end(amount(line["amount_minor"], currency), RIGHT - 8, first, BODY)
        pen.rule(LEFT, RIGHT, y - height)

    return Block(height, draw, is_row=True, is_last_row=is_last)


def _totals(content: Content) -> Block:
    show = partial(amount, currency=content["currency"])
    rows = [("Subtotal", show(content["subtotal_minor"]))]
    rows += [
        (f"{plain(tax['name'])} {percent(tax['rate_bps'])}", show(tax["amount_minor"]))
        for tax in content["taxes"]
    ]
    total = "Total credited" if is_credit(content) else "Total"
    after = [("Paid", show(content["total_minor"])), ("Amount due", show(0))]
    if not content["paid_at"]:
        after = []
    step = BODY.leading + 3

    def draw(pen: Pen, y: float) -> None:
        at = y - 22
        for label, value in rows:
            pen.say(label, TOTALS_LEFT, at, BODY, GREY)
            pen.end(value, RIGHT - 8, at, BODY)
            at -= step
        pen.rule(TOTALS_LEFT, RIGHT, at + 8, INK, 0.9)
        at -= 8
        pen.say(total, TOTALS_LEFT, at, SUM)
        pen.end(f"{content['currency']} {show(content['total_minor'])}", RIGHT - 8, at, SUM)
        at -= step + 4
        for label, value in after:
            pen.say(label, TOTALS_LEFT, at, BODY, GREY)
            pen.end(value, RIGHT - 8, at, BODY)
            at -= step

    return Block(22 + (len(rows) + len(after)) * step + 12 + step + 8, draw)


def _tax_summary(content: Content) -> Block:
    show = partial(amount, currency=content["currency"])

    def draw(pen: Pen, y: float) -> None:
        pen.say("TAX SUMMARY", LEFT, y - 12, LABEL, GREY)
        pen.end("RATE", LEFT + 170, y - 12, LABEL, GREY)
        pen.end("TAXABLE", LEFT + 270, y - 12, LABEL, GREY)
        pen.end("TAX", LEFT + 360, y - 12, LABEL, GREY)
        pen.rule(LEFT, LEFT + 360, y - 18)
        for index, tax in enumerate(content["taxes"]):
            at = y - 31 - index * BODY.leading
            pen.write_all(lay_out(tax["name"], BODY, 120, 1), LEFT, at)
            pen.end(percent(tax["rate_bps"]), LEFT + 170, at, BODY)
            pen.end(show(tax["base_minor"]), LEFT + 270, at, BODY)
            pen.end(show(tax["amount_minor"]), LEFT + 360, at, BODY)

    return Block(36 + len(content["taxes"]) * BODY.leading + 8, draw)


def _note(content: Content) -> Block:
    lines = lay_out(note_of(content), BODY, RIGHT - LEFT, 6)
    heading = "CREDIT" if is_credit(content) else "PAYMENT"

    def draw(pen: Pen, y: float) -> None:
        pen.say(heading, LEFT, y - 12, LABEL, GREY)
        pen.write_all(lines, LEFT, y - 27)

    return Block(30 + len(lines) * BODY.leading, draw)
