"""What was kept from a human reader's sight is kept out, and told."""

import pytest
from pdf_press import HEIGHT, ROMAN, WIDTH, Press, front, prose
from pdf_texts import ORDER, all_text, paragraphs, read
from reportlab.lib.colors import Color, black, white

from jobs.fulltext.pdf.geometry import Box, Face, Fill, Page, Run
from jobs.fulltext.pdf.visibility import seen
from storage.models.fulltext import Hidden, HiddenKind


def paper():
    press = Press()
    front(press)
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    return press


def white_text(press):
    press.canvas.setFillColor(white)
    press.line(ORDER)
    press.canvas.setFillColor(black)


def nearly_white_text(press):
    press.canvas.setFillColor(Color(0.97, 0.98, 0.97))
    press.line(ORDER)
    press.canvas.setFillColor(black)


def undrawn_text(press):
    text = press.canvas.beginText(press.left, press.y)
    text.setTextRenderMode(3)
    text.setFont(ROMAN, 10)
    text.textOut(ORDER)
    text.setTextRenderMode(0)
    press.canvas.drawText(text)


def transparent_text(press):
    press.canvas.saveState()
    press.canvas.setFillAlpha(0.0)
    press.line(ORDER)
    press.canvas.restoreState()


def black_on_black(press):
    press.skip(20)
    press.canvas.rect(72, press.y - 5, 400, 20, fill=1)
    press.line(ORDER)


def tiny_text(press):
    press.line(ORDER, size=1.0)


def shrunk_text(press):
    press.canvas.saveState()
    press.canvas.translate(72, press.y)
    press.canvas.scale(0.1, 0.1)
    press.canvas.setFont(ROMAN, 10)
    press.canvas.drawString(0, 0, ORDER)
    press.canvas.restoreState()


def beside_the_page(press):
    press.line(ORDER, x=WIDTH + 40)


def above_the_page(press):
    press.canvas.setFont(ROMAN, 10)
    press.canvas.drawString(72, HEIGHT + 50, ORDER)


def letter_by_letter(press):
    press.canvas.setFillColor(white)
    press.canvas.setFont(ROMAN, 10)
    x = press.left
    for letter in ORDER:
        press.canvas.drawString(x, press.y, letter)
        x += press.canvas.stringWidth(letter, ROMAN, 10)
    press.canvas.setFillColor(black)


@pytest.mark.parametrize(
    ("hide", "kind"),
    [
        (white_text, HiddenKind.INVISIBLE),
        (nearly_white_text, HiddenKind.INVISIBLE),
        (undrawn_text, HiddenKind.INVISIBLE),
        (transparent_text, HiddenKind.INVISIBLE),
        (black_on_black, HiddenKind.INVISIBLE),
        (letter_by_letter, HiddenKind.INVISIBLE),
        (tiny_text, HiddenKind.TINY),
        (shrunk_text, HiddenKind.TINY),
        (beside_the_page, HiddenKind.OFF_PAGE),
        (above_the_page, HiddenKind.OFF_PAGE),
    ],
)
def test_hidden_text_is_kept_out_and_told(hide, kind):
    press = paper()
    press.turn()
    press.paragraph(prose(50, 9))
    hide(press)
    text = read(press.done())
    assert text.hidden == (Hidden(kind, ORDER, "page 2"),)
    assert "Ignore" not in all_text(text)
    assert prose(50, 9) in paragraphs(text.sections[0])


def test_text_cut_off_by_the_crop_box_is_off_the_page():
    press = paper()
    press.canvas.setCropBox((50, 50, 560, 740))
    press.canvas.setFont(ROMAN, 10)
    press.canvas.drawString(72, 20, ORDER)
    text = read(press.done())
    assert [hidden.kind for hidden in text.hidden] == [HiddenKind.OFF_PAGE]


def test_white_words_on_a_dark_box_are_seen():
    press = paper()
    press.skip(20)
    press.canvas.rect(72, press.y - 10, 400, 30, fill=1)
    press.canvas.setFillColor(white)
    press.line("The header of a table in white", x=80)
    press.canvas.setFillColor(black)
    text = read(press.done())
    assert text.hidden == ()
    assert "The header of a table in white" in all_text(text)


def test_white_words_on_a_white_box_are_not_seen():
    press = paper()
    press.canvas.setFillColor(white)
    press.canvas.rect(72, press.y - 20, 400, 40, fill=1, stroke=0)
    press.line(ORDER)
    text = read(press.done())
    assert [hidden.text for hidden in text.hidden] == [ORDER]


def test_small_indices_are_seen_and_not_told():
    press = paper()
    for number in range(6):
        press.canvas.setFont(ROMAN, 2.5)
        press.canvas.drawString(200 + 20 * number, press.y, f"i{number}")
    assert read(press.done()).hidden == ()


def page(*runs, images=(), fills=()):
    return Page(1, Box(0, 0, 600, 800), tuple(runs), images=images, fills=fills)


def run(text, colour=(0, 0, 0), size=10.0):
    return Run(text, 100, 300, 400, size, Face("Times"), colour=colour)


WHOLE = Box(0, 0, 600, 800)


def test_the_recognized_text_of_a_scan_is_text():
    scan = page(run(ORDER, colour=None), images=(WHOLE,))
    assert seen(scan) == (scan, ())


def test_undrawn_text_without_a_scan_is_hidden():
    bare, hidden = seen(page(run(ORDER, colour=None)))
    assert bare.runs == ()
    assert [each.text for each in hidden] == [ORDER]


def test_a_white_label_on_a_picture_is_seen():
    labelled = page(run("a bright label here", colour=(255, 255, 255)), images=(WHOLE,))
    assert seen(labelled) == (labelled, ())


def test_what_was_drawn_last_is_the_ground():
    black_box, white_box = (Fill(WHOLE, shade) for shade in ((0, 0, 0), (255, 255, 255)))
    written = run(ORDER, colour=(255, 255, 255))
    assert seen(page(written, fills=(white_box, black_box)))[1] == ()
    assert len(seen(page(written, fills=(black_box, white_box)))[1]) == 1


def test_a_shape_that_is_no_rectangle_hides_nothing():
    arrow = Fill(WHOLE, (0, 0, 0), whole=False)
    assert seen(page(run(ORDER), fills=(arrow,)))[1] == ()
    assert seen(page(run(ORDER, colour=(255, 255, 255)), fills=(arrow,)))[1] == ()


def test_a_shade_over_text_hides_nothing():
    press = paper()
    press.canvas.saveState()
    press.canvas.setFillAlpha(0.1)
    press.canvas.rect(60, 60, 480, 700, fill=1)
    press.canvas.restoreState()
    text = read(press.done())
    assert text.hidden == ()
    assert paragraphs(text.sections[0]) == [prose(60)]


def test_a_hidden_text_is_bounded():
    _, hidden = seen(page(run("word " * 10_000, colour=None)))
    assert len(hidden[0].text) <= 2_000
