"""What an invoice looks like on paper, whatever people have written into it."""

import hashlib
import io
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pypdf import PdfReader

from apps.payments.invoice_pdf import BODY, LAYOUT, TITLE_WIDTH, draw_invoice, toolkit
from apps.payments.invoice_text import BOX, CHARACTERS_MAX, Face, lay_out, plain, single
from apps.payments.invoice_words import amount, percent

BACKEND = Path(__file__).resolve().parents[2]


def line(title, amount_minor=4500_00, tax_bps=1900, **more):
    return {
        "title": title,
        "detail": "Hammer price",
        "quantity": 1,
        "unit": "lot",
        "amount_minor": amount_minor,
        "tax_bps": tax_bps,
        **more,
    }


def content(**changes):
    """Return the content of a paid sale's invoice."""
    return {
        "layout": 1,
        "kind": "sale",
        "number": "INV-2026-000123",
        "issued_at": "2026-02-22T10:30:00Z",
        "paid_at": "2026-02-22T10:30:00Z",
        "currency": "USD",
        "play_money": False,
        "drawn_with": toolkit(),
        "issuer": {
            "name": "Halcyon & Sons",
            "address": "14 Mercer Street\nDublin",
            "tax_id": "IE1",
        },
        "recipient": {"name": "Ada Byron", "address": "12 St James's Square", "tax_id": ""},
        "seller": {"name": "Kőszegi Kft.", "address": "Fő utca 8", "tax_id": "HU12345678"},
        "auction": {"id": 12, "title": "Walnut writing desk"},
        "corrects": None,
        "lines": [line("Walnut writing desk"), line("Buyer's premium", 900_00, detail="")],
        "subtotal_minor": 5400_00,
        "taxes": [
            {"name": "VAT", "rate_bps": 1900, "base_minor": 5400_00, "amount_minor": 1026_00}
        ],
        "total_minor": 6426_00,
        "payment": {"provider": "stripe", "method": "stripe", "reference": "pi_3Q8x"},
        **changes,
    }


CREDIT = {
    "kind": "credit_note",
    "number": "CN-2026-000004",
    "paid_at": None,
    "corrects": {"number": "INV-2026-000123", "issued_at": "2026-01-31T09:00:00Z"},
}


def read(body):
    return PdfReader(io.BytesIO(body))


def texts(body):
    """Return the text of each page, white space as single blanks."""
    return [" ".join(page.extract_text().split()) for page in read(body).pages]


def text_of(**changes):
    return " ".join(texts(draw_invoice(content(**changes))))


# --- the document -----------------------------------------------------------------------------


def test_an_invoice_says_who_what_and_how_much():
    text = text_of()

    for said in (
        *("Invoice", "INV-2026-000123", "22 February 2026", "No. 12", "Page 1 of 1"),
        *("Halcyon & Sons", "14 Mercer Street", "Dublin", "Tax ID IE1"),
        *("BILL TO", "Ada Byron", "12 St James's Square"),
        *("SOLD BY", "Kőszegi Kft.", "Fő utca 8", "Tax ID HU12345678"),
        *("Walnut writing desk", "Hammer price", "1 lot", "19%", "4,500.00"),
        *("Buyer's premium", "900.00", "Subtotal", "5,400.00", "VAT 19%", "1,026.00"),
        *("Total", "USD 6,426.00", "Amount due", "TAX SUMMARY", "TAXABLE"),
        "Paid in full on 22 February 2026 with Stripe, reference pi_3Q8x.",
    ):
        assert said in text
    assert "PLAY MONEY" not in text
    assert "No tax is charged" not in text


def test_a_credit_note_has_words_of_its_own():
    text = text_of(**CREDIT)

    for said in (
        *("Credit note CN-2026-000004", "CREDIT TO", "For invoice", "INV-2026-000123"),
        *("31 January 2026", "Total credited", "This note reduces invoice INV-2026-000123."),
        "The amount goes back the way it was paid: Stripe, reference pi_3Q8x.",
    ):
        assert said in text
    assert "BILL TO" not in text
    assert "Amount due" not in text


def test_a_commission_is_kept_back_and_a_sale_without_tax_says_so():
    text = text_of(kind="commission", payment=None, seller=None, taxes=[])

    assert "Kept back from the proceeds of the sale: nothing is left to pay." in text
    assert "No tax is charged." in text
    assert "SOLD BY" not in text
    assert "TAX SUMMARY" not in text


def test_play_money_is_marked_on_every_page_in_the_words_of_the_document():
    many = [line(f"Lot {number}") for number in range(40)]
    pages = texts(draw_invoice(content(play_money=True, lines=many)))

    assert len(pages) > 1
    assert all("PLAY MONEY \u2013 not an invoice for real goods" in page for page in pages)
    assert "PLAY MONEY \u2013 not a credit note for real goods" in text_of(
        play_money=True, **CREDIT
    )


def test_a_long_table_goes_on_over_pages_with_its_head_on_each():
    many = [line(f"Lot {number}.", amount_minor=number) for number in range(1, 101)]
    pages = texts(draw_invoice(content(lines=many)))

    assert len(pages) > 5
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert page.count("DESCRIPTION") == 1
    whole = " ".join(pages)
    assert all(whole.count(f"Lot {number}.") == 1 for number in range(1, 101))
    assert "Total USD 6,426.00" in pages[-1]


def test_the_file_says_what_it_is_and_when_it_was_issued():
    reader = read(draw_invoice(content()))

    assert reader.metadata.title == "Invoice INV-2026-000123"
    assert reader.metadata.author == "Halcyon & Sons"
    assert reader.metadata.creation_date.isoformat() == "2026-02-22T10:30:00+00:00"
    assert reader.trailer["/Root"]["/Lang"] == "en"
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == pytest.approx(
        [595.28, 841.89], abs=0.01
    )


def test_every_font_is_in_the_file():
    body = draw_invoice(content(lines=[line("desk стол 机 مكتب שולחן 🪑 →")]))
    fonts = [font.get_object() for font in read(body).pages[0]["/Resources"]["/Font"].values()]

    assert len(fonts) >= 7
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_figures_below_each_other_align():
    assert len({single(digit, BODY).width for digit in "0123456789"}) == 1


def test_amounts_have_the_decimals_of_their_currency():
    assert amount(123456789, "USD") == "1,234,567.89"
    assert amount(5, "EUR") == "0.05"
    assert amount(1234567, "JPY") == "1,234,567"
    assert amount(1234567, "KWD") == "1,234.567"
    assert [percent(bps) for bps in (0, 700, 825, 850, 10_000)] == [
        "\u2013",
        "7%",
        "8.25%",
        "8.5%",
        "100%",
    ]


# --- the same bytes ---------------------------------------------------------------------------

_ELSEWHERE = """
import concurrent.futures, hashlib, json, sys, threading
from apps.payments.invoice_pdf import draw_invoice
contents = json.load(sys.stdin)
together = threading.Barrier(4)
def draw(_):
    together.wait(20)
    return [hashlib.sha256(draw_invoice(content)).hexdigest() for content in contents]
with concurrent.futures.ThreadPoolExecutor(4) as pool:
    print(json.dumps(list(pool.map(draw, range(4)))))
"""


def test_the_bytes_are_the_same_in_another_process_in_another_order_and_in_threads():
    contents = [content(), content(lines=[line("机 مكتب שולחן 🪑")]), content(play_money=True)]
    here = [hashlib.sha256(draw_invoice(one)).hexdigest() for one in contents]

    there = subprocess.run(
        [sys.executable, "-c", _ELSEWHERE],
        input=json.dumps([dict(sorted(one.items())) for one in reversed(contents)]),
        env={"PYTHONPATH": str(BACKEND), "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
        capture_output=True,
        check=True,
        text=True,
    )

    assert json.loads(there.stdout) == [here[::-1]] * 4


def test_a_drawing_that_comes_out_otherwise_is_another_layout():
    # Another digest here: count LAYOUT up, or every earlier document is taken for a forgery.
    scripts = [line(title) for title in ("机 つくえ 책상", "مكتب לא (12)", "🪑 → ქართული")]
    samples = [content(), content(lines=scripts, play_money=True), content(**CREDIT)]
    pages = [page for sample in samples for page in read(draw_invoice(sample)).pages]
    drawn_bytes = b"".join(page.get_contents().get_data() for page in pages)

    assert (LAYOUT, hashlib.sha256(drawn_bytes).hexdigest()[:16]) == (1, "c39b8ec9c0594753")


# --- what people write ------------------------------------------------------------------------

HOSTILE = {
    "an image of this machine": '<img src="/etc/hostname"/>',
    "unbalanced markup": "<b>bold</i> &amp; <para",
    "a template": "%s {0} {title} ${HOME}",
    "a PDF operator": ") Tj ET endstream endobj (",
    "right to left": "שולחן כתיבה (1890)",
    "an override": "invoice \u202e exe.fdp",
    "emoji": "👩‍🚀🏳️‍🌈 🪑🇭🇺",
    "control characters": "a\x00b\x07c\x1b[31m\x7f",
    "half a character": "\ud83d desk \udc00",
    "accents without end": "e" + "\u0301" * 5000,
    "a noncharacter": "\ufffe\uffff\U0010ffff",
    "10,000 characters": "A" * 10_000,
    "200,000 words": "lorem ipsum " * 100_000,
    "200,000 line feeds": "\n" * 200_000,
    "a line of blanks": " \u3000\u2003" * 1000,
    "nothing": "",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_whatever_stands_in_every_field_gives_a_short_document_without_pictures(text):
    party = {"name": text, "address": text, "tax_id": text}
    hostile = content(
        issuer=party,
        recipient=party,
        seller=party,
        auction={"id": 1, "title": text},
        lines=[line(text, detail=text)],
        taxes=[{"name": text, "rate_bps": 1, "base_minor": 1, "amount_minor": 1}],
        payment={"provider": "paypal", "method": "paypal", "reference": text},
    )
    begun = time.perf_counter()
    body = draw_invoice(hostile)

    assert time.perf_counter() - begun < 2
    reader = read(body)
    assert len(reader.pages) <= 2
    assert all(not page.images for page in reader.pages)
    assert all("/XObject" not in page["/Resources"] for page in reader.pages)
    assert b"/JavaScript" not in body
    assert "INV-2026-000123" in texts(body)[0]


def test_markup_is_drawn_as_it_was_written():
    text = text_of(lines=[line('<img src="/etc/hostname"/> <b>&amp;')])

    assert '<img src="/etc/hostname"/> <b>&amp;' in text


def test_a_title_is_cut_with_an_ellipsis_after_four_lines():
    lines = lay_out("lorem ipsum " * 100_000, BODY, TITLE_WIDTH, 4)

    assert len(lines) == 4
    assert drawn(lines[-1]).endswith("…")
    assert all(found.width <= TITLE_WIDTH for found in lines)


def test_what_fits_is_not_cut():
    assert [drawn(found) for found in lay_out("Walnut desk\nwith key", BODY, 200, 2)] == [
        "Walnut desk",
        "with key",
    ]


def test_words_stay_whole_and_chinese_breaks_between_characters_but_not_before_a_stop():
    face = Face(10)
    assert [drawn(found) for found in lay_out("one two three", face, 50, 9)] == ["one two", "three"]
    assert [drawn(found) for found in lay_out("漢字漢字。漢", face, 40, 9)] == ["漢字漢", "字。漢"]


@example("a" * 500)
@example("שלום (" * 200)
@example("\u200c\u034f(\u0301" * 50)
@given(st.text(max_size=300))
def test_no_text_leaves_its_column(text):
    lines = lay_out(text, BODY, 120, 3)

    assert len(lines) <= 3
    assert all(found.width <= 120 + 1e-6 for found in lines)
    assert all(run.text for found in lines for run in found.runs)


# --- scripts ----------------------------------------------------------------------------------


def drawn(found):
    """Return a line's characters from left to right."""
    return "".join(run.text for run in found.runs)


def fonts_of(text):
    return {run.font for found in lay_out(text, Face(10), 1000, 1) for run in found.runs}


def eye(text):
    """Return a text as it is drawn, from left to right."""
    (found,) = lay_out(text, Face(10), 1000, 1)
    return drawn(found)


def test_hebrew_runs_from_right_to_left_and_its_numbers_do_not():
    assert eye("שולחן 1890") == "1890 ןחלוש"
    assert eye("desk שולחן 12") == "desk 12 ןחלוש"


def test_brackets_turn_where_the_text_turns_and_nowhere_else():
    assert eye("שולחן (1890)") == "(1890) ןחלוש"
    assert eye("desk (שולחן) 12") == "desk (ןחלוש) 12"
    assert eye("<שולחן>") == "<ןחלוש>"
    assert eye("desk (walnut) [1890]") == "desk (walnut) [1890]"


def test_arabic_letters_are_joined_and_ordered():
    # Initial, medial and final forms, the last letter leftmost; lam and alef are one.
    assert eye("بيت") == "\ufe96\ufef4\ufe91"
    assert eye("لا") == "\ufefb"
    assert eye("پژمان") == "\ufee5\ufe8e\ufee3\ufb8b\ufb58"


def test_the_first_letter_says_where_a_paragraph_begins():
    found = lay_out("1890 שולחן desk\ndesk שולחן", Face(10), 1000, 2)

    assert [one.is_rtl for one in found] == [True, False]
    assert [drawn(one) for one in found] == ["desk ןחלוש 1890", "desk ןחלוש"]


def test_every_script_of_the_list_has_a_font():
    written = "desk Ελληνικά Русский Հայերեն ქართული مكتب שולחן 机 つくえ 책상 🪑😀 → ✓ ₿ €"
    assert BOX not in eye(written)
    assert fonts_of("Ελληνικά Русский") == {"NotoSans-Regular"}


def test_what_no_font_has_is_a_box():
    assert eye("a \U00012000 b") == f"a {BOX} b"
    assert eye("\ud83d") == BOX


def test_what_draws_nothing_or_turns_the_reader_round_is_left_out():
    assert plain("a\u202eb\u200dc\ufeffd\x00e\tf\rg\u2028h") == "abcde f\ng\nh"
    assert plain("e" + "\u0301" * 50) == "é\u0301\u0301"
    assert plain("שָׁלוֹם") == "שלום"
    assert plain("👍🏽") == "👍"
    assert plain("x" * 200_000) == "x" * CHARACTERS_MAX + "…"
