"""Text on paper: what may be drawn, in which font, where lines break, in which order it is drawn.

Whatever users wrote comes through here and is drawn character by character; nothing of it is ever
read as markup. Arabic letters are joined, lines of Hebrew and Arabic ordered for the eye, and a
character that no font has becomes a box. Lengths are points (1/72 inch). Why these fonts and not
the toolkit's own shaping: docs/adr/0009.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path

from arabic_reshaper import ArabicReshaper
from bidi import get_display
from bidi.mirror import MIRRORED
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

CHARACTERS_MAX = 2000  # of one text; the rest is cut before anything is done with it
MARKS_MAX = 2  # accents on one letter
BOX = "\u25a1"  # stands for what no font has
ELLIPSIS = "\u2026"

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"
_FOLDER = Path(__file__).parent / "fonts"
_FILES = {
    REGULAR: "NotoSans-Regular.ttf",
    BOLD: "NotoSans-Bold.ttf",
    "NotoSansArabic": "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew": "NotoSansHebrew-Regular.ttf",
    "NotoEmoji": "NotoEmoji-Regular.ttf",
    "DejaVuSans": "DejaVuSans.ttf",
    "WenQuanYiMicroHei": "wqy-microhei.ttc",
}
#: Looked through in this order for what the face itself does not have; the largest is last.
_FALLBACKS = tuple(name for name in _FILES if name not in (REGULAR, BOLD))

_lock = threading.Lock()
_loaded: dict[str, TTFont] = {}

#: Whatever the environment's configuration of the library says: the bytes must not depend on it.
_reshaper = ArabicReshaper({"language": "Arabic", "support_ligatures": True})

_ZWNJ = "\u200c"  # keeps two Arabic letters apart
_GUARD = "\u034f"  # takes the direction of the character before it, draws nothing
_RIGHT_TO_LEFT = ("R", "AL", "AN")
_WIDE = re.compile(
    "[\u1100-\u11ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
    "\U0001f000-\U0001faff\U00020000-\U0003ffff]"
)
_NEVER_FIRST = frozenset(
    ",.:;!?)]}%\u2026\u3001\u3002\u300d\u300f\u3011\u30fc\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
)
_TURNS = "[" + re.escape("".join(MIRRORED)) + "]"
_GUARDED = re.compile(f"{_GUARD}({_TURNS})|({_TURNS}){_GUARD}")


@dataclass(frozen=True, slots=True)
class Run:
    """Characters in the order they are drawn, all in one font."""

    font: str
    text: str


@dataclass(frozen=True, slots=True)
class Face:
    """How a text is set."""

    size: float
    font: str = REGULAR

    @property
    def leading(self) -> float:
        """From one baseline to the next; Arabic needs the room."""
        return self.size * 1.42


@dataclass(frozen=True, slots=True)
class Line:
    """A line ready to be drawn from its left edge."""

    runs: tuple[Run, ...]
    face: Face
    width: float
    is_rtl: bool


def plain(text: str) -> str:
    """Return what of a text may stand on paper: no control, no direction override, no zalgo.

    Line feeds stay, other white space becomes blanks. Halves of characters become boxes. At most
    CHARACTERS_MAX characters; a longer text ends in an ellipsis.
    """
    cut = text[:CHARACTERS_MAX]
    found: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", _CARRIAGE.sub("\n", cut)):
        shown = _shown(character)
        marks = marks + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if marks <= MARKS_MAX:
            found.append(shown)
    return "".join(found) + (ELLIPSIS if len(text) > CHARACTERS_MAX else "")


_CARRIAGE = re.compile("\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def _shown(character: str) -> str:
    """Return what stands for a character, "" for one that has no place on paper."""
    if character in ("\n", _ZWNJ):
        return character
    kind = unicodedata.category(character)
    if kind in ("Zs", "Zl", "Zp") or character == "\t":
        return " "
    if kind == "Cs":
        return BOX
    if kind in ("Cc", "Cf"):
        return ""
    if kind in ("Mn", "Me") and _is_dropped_mark(character):
        return ""
    return "" if "\U0001f3fb" <= character <= "\U0001f3ff" else character  # skin tones


def _is_dropped_mark(mark: str) -> bool:
    """Whether a mark is left out: vowel points of Hebrew and Arabic, selectors, key caps."""
    return (
        unicodedata.category(mark) == "Me"
        or mark == _GUARD
        or unicodedata.name(mark, "").startswith(("HEBREW", "ARABIC", "VARIATION SELECTOR"))
    )


def lay_out(text: str, face: Face, width: float, lines_max: int) -> list[Line]:
    """Return a text as lines no wider than `width`, at most `lines_max`, then an ellipsis."""
    found = list(islice(_broken_text(plain(text), face, width), lines_max + 1))
    lines = [_line("".join(letters).strip(), is_rtl, face) for letters, is_rtl in found[:lines_max]]
    if len(found) > lines_max:
        letters, is_rtl = found[lines_max - 1]
        lines[-1] = _line(_shortened(letters, face, width), is_rtl, face)
    return lines


def single(text: str, face: Face) -> Line:
    """Return a text of our own as one line, however wide."""
    return _line(text, is_rtl=False, face=face)


def _shortened(letters: list[str], face: Face, width: float) -> str:
    room = width - _width(ELLIPSIS, face)
    while letters and _width("".join(letters).rstrip(), face) > room:
        letters.pop()
    return "".join(letters).strip().rstrip(ELLIPSIS) + ELLIPSIS


def _broken_text(text: str, face: Face, width: float) -> Iterator[tuple[list[str], bool]]:
    """Yield the letters of each line, and whether its paragraph goes from right to left."""
    for paragraph in text.split("\n"):
        if paragraph.strip():
            is_rtl = _is_rtl(paragraph)
            joined = _reshaper.reshape(paragraph).replace(_ZWNJ, "")
            for letters in _broken(joined, face, width):
                yield letters, is_rtl


def _is_rtl(paragraph: str) -> bool:
    """Whether the first letter with a direction goes from right to left."""
    strong = (unicodedata.bidirectional(character) for character in paragraph)
    return next((kind for kind in strong if kind in ("L", "R", "AL")), "L") != "L"


def _broken(paragraph: str, face: Face, width: float) -> Iterator[list[str]]:
    """Yield the letters of each line, each letter with its marks; words stay whole if they fit."""
    line: list[str] = []
    used, last_chance = 0.0, 0
    for letter in _letters(paragraph):
        if line and _may_break(line[-1], letter):
            last_chance = len(line)
        letter_width = _width(letter, face)
        if used + letter_width > width and line and letter != " ":
            at = last_chance or len(line)
            yield line[:at]
            line = line[at:]
            used, last_chance = _width("".join(line), face), 0
        line.append(letter)
        used += letter_width
    if line:
        yield line


def _letters(paragraph: str) -> Iterator[str]:
    letter = ""
    for character in paragraph:
        if letter and not unicodedata.combining(character):
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter


def _may_break(before: str, after: str) -> bool:
    if before == " ":
        return after != " "
    if after[0] in _NEVER_FIRST:
        return False
    return before == "-" or bool(_WIDE.match(before) or _WIDE.match(after))


def _line(text: str, is_rtl: bool, face: Face) -> Line:
    fonts = [
        (_font_of(character, face.font), character) for character in _for_the_eye(text, is_rtl)
    ]
    runs = tuple(
        Run(font or _boxes(), "".join(character if font else BOX for _, character in group))
        for font, group in groupby(fonts, key=lambda pair: pair[0])
    )
    return Line(runs, face, _width(text, face), is_rtl)


def _for_the_eye(text: str, is_rtl: bool) -> str:
    """Return a line's characters from left to right.

    Brackets that end up right to left are mirrored. Which ones do, the library does not tell; a
    guard behind each one does: it stays with its bracket, and comes out before it if turned.
    """
    if not any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in text):
        return text
    guarded = "".join(
        character + _GUARD if character in MIRRORED else character for character in text
    )
    shown = get_display(guarded, base_dir="R" if is_rtl else "L")
    return _GUARDED.sub(lambda found: MIRRORED[found[1]] if found[1] else found[2], shown)


# --- fonts ------------------------------------------------------------------------------------


def font(name: str) -> TTFont:
    """Return a font by name, read when it is first needed and known to the toolkit from then on."""
    with _lock:
        if name not in _loaded:
            loaded = TTFont(name, str(_FOLDER / _FILES[name]), shapable=False)
            registerFont(loaded)
            _loaded[name] = loaded
        return _loaded[name]


@lru_cache(maxsize=8192)
def _font_of(character: str, face: str) -> str | None:
    """Return the font that has a character, the face's own before others; None: no font has it."""
    code = ord(character)
    return next((name for name in (face, *_FALLBACKS) if code in font(name).face.charToGlyph), None)


@lru_cache(maxsize=8192)
def _thousandths(character: str, face: str) -> float:
    """Return a character's width in thousandths of the size."""
    name, drawn = _font_of(character, face), character
    if name is None:
        name, drawn = _boxes(), BOX
    width: float = font(name).face.getCharWidth(ord(drawn))
    return width


def _boxes() -> str:
    return "DejaVuSans"


def _width(text: str, face: Face) -> float:
    return sum(_thousandths(character, face.font) for character in text) * face.size / 1000
