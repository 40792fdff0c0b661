"""What stands in a section of a made PDF: tables, formulas, listings, bullets, notes, links."""

import pytest
from pdf_press import BOLD, ITALIC, ROMAN, one_column, prose
from pdf_texts import paragraphs, read

from storage.models.fulltext import Equation, Listing, Table


def test_a_footnote_stands_apart_from_the_paragraph_around_it():
    words = prose(120).split()
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(" ".join(words[:70]))
    press.canvas.line(72, 90, 172, 90)
    press.at(y=80)
    press.canvas.setFont(ROMAN, 6)
    press.canvas.drawString(72, 83, "1")
    press.line("The code is at https://example.org/code.", size=8, x=76)
    press.turn()
    press.paragraph(" ".join(words[70:]), indent=0)
    text = read(press.done())
    assert paragraphs(text.sections[0]) == [
        prose(120),
        "¹The code is at https://example.org/code.",
    ]
    assert text.links == ("https://example.org/code",)


def test_a_hyphen_stays_only_in_a_compound():
    press = one_column()
    press.heading("1 Introduction")
    press.lines(
        "The long representation of a well-known docu-",
        "ment is a state-of-",
        "the-art question. A task-",
        "specific answer to a specific task is what we give for that docu-",
        "ment with GPT-",
        "4 alone.",
    )
    (said,) = paragraphs(read(press.done()).sections[0])
    assert said == (
        "The long representation of a well-known document is a state-of-the-art question. "
        "A task-specific answer to a specific task is what we give for that document with "
        "GPT-4 alone."
    )


def table(press):
    press.canvas.line(150, press.y + 10, 450, press.y + 10)
    for number, row in enumerate(
        [("Model", "Score", "Cost"), ("Plain", "81.2", "1"), ("Ours | new", "84.0", "2")]
    ):
        for x, cell in zip((155, 300, 400), row, strict=True):
            press.canvas.setFont(ROMAN, 9)
            press.canvas.drawString(x, press.y, cell)
        press.y -= 12
        if number in (0, 2):
            press.canvas.line(150, press.y + 9, 450, press.y + 9)
            press.y -= 3
    press.skip(5)


@pytest.mark.parametrize("above", [True, False])
def test_a_table_keeps_its_rows_and_cells(above):
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    press.skip(14)
    caption = "Table 1: Scores and costs of two models."
    if above:
        press.line(caption, size=9, centred=True)
        press.skip(8)
        table(press)
    else:
        table(press)
        press.line(caption, size=9, centred=True)
    press.skip(14)
    press.paragraph(prose(60, 8))
    section = read(press.done()).sections[0]
    assert paragraphs(section) == [prose(60), prose(60, 8)]
    tables = [p for p in section.passages if isinstance(p, Table)]
    assert tables == [
        Table(
            "| Model | Score | Cost |\n| --- | --- | --- |\n| Plain | 81.2 | 1 |\n"
            "| Ours \\| new | 84.0 | 2 |",
            "Table 1",
            "Scores and costs of two models.",
        )
    ]


def test_a_sentence_that_begins_with_a_table_is_no_caption():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    press.skip(14)
    press.paragraph("Table 2 shows that " + prose(40), indent=0)
    section = read(press.done()).sections[0]
    assert len(paragraphs(section)) == 2


def test_a_displayed_formula_keeps_its_number_and_stands_apart():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    press.skip(8)
    press.canvas.setFont(ITALIC, 10)
    press.canvas.drawString(250, press.y, "f(x) = ax + b")
    press.line("(3)", x=520)
    press.skip(8)
    press.paragraph("where x is the page and " + prose(40), indent=0)
    section = read(press.done()).sections[0]
    assert Equation("f(x) = ax + b", "3") in section.passages
    assert len(paragraphs(section)) == 2


def test_an_algorithm_is_a_listing_with_its_lines():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    press.skip(14)
    press.canvas.line(72, press.y + 12, 540, press.y + 12)
    press.line("Algorithm 1: Reading", font=BOLD)
    press.canvas.line(72, press.y + 9, 540, press.y + 9)
    press.skip(4)
    press.lines("for page in pages:", "    read(page)", x=80)
    press.canvas.line(72, press.y + 8, 540, press.y + 8)
    press.skip(14)
    press.paragraph(prose(60, 3))
    section = read(press.done()).sections[0]
    assert Listing("for page in pages:\nread(page)", "Algorithm 1", "Reading") in section.passages
    assert paragraphs(section) == [prose(60), prose(60, 3)]


def test_bullets_are_paragraphs_of_their_own():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(40))
    press.lines("•  We read pages that are very long and that nobody else has read before us", x=80)
    press.line("in any way;", x=90)
    press.lines("•  We count them.", x=80)
    said = paragraphs(read(press.done()).sections[0])
    assert len(said) == 3
    assert said[1].endswith("before us in any way;")


def test_clickable_addresses_are_links():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60) + " See https://example.org/data for all of it.")
    press.canvas.linkURL("https://example.org/clicked", (72, 72, 200, 90))
    press.canvas.linkURL("javascript:alert(1)", (72, 72, 200, 90))
    assert read(press.done()).links == ("https://example.org/data", "https://example.org/clicked")
