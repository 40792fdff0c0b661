"""Made PDFs in several layouts, read to sections in this process."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_press import BOLD, HEIGHT, ITALIC, ROMAN, SANS, WIDTH, Press, front, one_column, prose
from pdf_texts import all_text, names, paragraphs, read

from jobs.fulltext.pdf.limits import PdfLimits
from storage.models.fulltext import Figure

LEFT, RIGHT, NARROW = 54.0, 315.0, 243.0


def test_a_page_of_one_column_gives_its_sections_in_order():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    press.paragraph(prose(50, 7))
    press.heading("2 Methods")
    press.heading("2.1 Data", size=10.5)
    press.paragraph(prose(40, 11))
    text = read(press.done())
    assert names(text) == ["1 Introduction", "2 Methods", "2.1 Data"]
    assert [s.level for s in text.sections] == [1, 1, 2]
    assert paragraphs(text.sections[0]) == [prose(60), prose(50, 7)]
    assert paragraphs(text.sections[2]) == [prose(40, 11)]
    assert text.abstract == prose(45, 3)
    assert text.pages == 1
    assert text.lacks == ""


def test_title_and_names_are_not_in_the_text():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    assert "Papertown" not in all_text(read(press.done()))


def two_columns(left, right):
    press = Press(left=LEFT, width=NARROW)
    press.at(left=72, width=468)
    front(press)
    press.skip(20)
    top = press.y
    press.at(left=LEFT, width=NARROW)
    left(press)
    press.at(left=RIGHT, y=top)
    right(press)
    return press


def test_two_columns_are_read_left_before_right():
    def left(press):
        press.heading("1 Introduction")
        press.paragraph(prose(150))

    def right(press):
        press.paragraph(prose(120, 5))
        press.heading("2 Methods")
        press.paragraph(prose(60, 9))

    text = read(two_columns(left, right).done())
    assert names(text) == ["1 Introduction", "2 Methods"]
    assert paragraphs(text.sections[0]) == [prose(150), prose(120, 5)]
    assert paragraphs(text.sections[1]) == [prose(60, 9)]


def test_a_paragraph_goes_on_in_the_next_column():
    words = prose(200).split()

    def left(press):
        press.heading("1 Introduction")
        press.paragraph(" ".join(words[:120]))

    def right(press):
        press.paragraph(" ".join(words[120:]), indent=0)

    text = read(two_columns(left, right).done())
    assert paragraphs(text.sections[0]) == [prose(200)]


@settings(max_examples=15)
@given(
    left=st.lists(st.integers(90, 120), min_size=1, max_size=3),
    right=st.lists(st.integers(90, 120), min_size=1, max_size=3),
    drawn_first=st.booleans(),
)
def test_the_order_of_drawing_does_not_matter(left, right, drawn_first):
    columns = [(LEFT, [prose(n, n) for n in left]), (RIGHT, [prose(n, n + 1) for n in right])]
    press = Press(width=NARROW)
    press.at(left=72, width=468)
    front(press)
    press.skip(20)
    top = press.y
    heading = "1 Introduction"
    for x, texts in columns if drawn_first else reversed(columns):
        press.at(left=x, width=NARROW, y=top)
        if x == LEFT:
            press.heading(heading)
        for each in texts:
            press.paragraph(each)
    text = read(press.done())
    assert names(text) == [heading]
    assert paragraphs(text.sections[0]) == [*columns[0][1], *columns[1][1]]


def test_a_full_width_figure_parts_the_columns_above_from_those_below():
    press = Press(left=LEFT, width=NARROW)
    press.at(left=LEFT, y=HEIGHT - 80)
    press.heading("1 Introduction")
    press.paragraph(prose(90, 1))
    press.at(left=RIGHT, y=HEIGHT - 80)
    press.paragraph(prose(90, 2))
    press.canvas.rect(100, 380, 400, 120)
    press.at(left=100, width=400, y=440)
    press.line("input", font=SANS, size=8, x=150)
    press.line("output", font=SANS, size=8, x=420)
    press.at(left=LEFT, width=500, y=360)
    press.line(
        "Figure 1: What goes in and what comes out of the whole machine that we built.", size=9
    )
    press.at(left=LEFT, width=NARROW, y=330)
    press.paragraph(prose(90, 3))
    press.at(left=RIGHT, y=330)
    press.paragraph(prose(90, 4))
    text = read(press.done())
    assert paragraphs(text.sections[0]) == [prose(90, n) for n in (1, 2, 3, 4)]
    figures = [p for p in text.sections[0].passages if isinstance(p, Figure)]
    assert figures == [
        Figure("What goes in and what comes out of the whole machine that we built.", "Figure 1")
    ]


def test_headers_footers_and_page_numbers_are_dropped():
    press = one_column()
    press.heading("1 Introduction")
    texts = []
    for number in range(1, 5):
        if number > 1:
            press.turn()
        texts.append(prose(80, number))
        press.paragraph(texts[-1])
        press.canvas.setFont(ROMAN, 8)
        press.canvas.drawString(72, HEIGHT - 40, "Reader and Writer: Reading Long Documents")
        press.canvas.drawCentredString(WIDTH / 2, 36, str(number))
    text = read(press.done())
    assert paragraphs(text.sections[0]) == texts


def test_line_numbers_of_a_submission_are_dropped():
    press = Press(left=110, width=400)
    front(press)
    press.heading("1 Introduction")
    press.paragraph(prose(200))
    press.paragraph(prose(150, 4))
    for number in range(45):
        press.canvas.setFont(SANS, 6)
        press.canvas.drawRightString(98, HEIGHT - 80 - 12 * number, f"{number:03}")
    text = read(press.done())
    assert paragraphs(text.sections[0]) == [prose(200), prose(150, 4)]


def test_the_stamp_in_the_margin_is_dropped():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    press.canvas.saveState()
    press.canvas.translate(30, 250)
    press.canvas.rotate(90)
    press.canvas.setFont(ROMAN, 20)
    press.canvas.drawString(0, 0, "arXiv:2602.00103v1 [cs.CL] 2 Feb 2026")
    press.canvas.restoreState()
    assert "arXiv" not in all_text(read(press.done()))


def test_ieee_headings_are_found():
    def left(press):
        press.line("I. INTRODUCTION", centred=True)
        press.skip(6)
        press.paragraph(prose(100))
        press.skip(6)
        press.line("II. RELATED WORK", centred=True)
        press.skip(6)
        press.paragraph(prose(80, 5))
        press.skip(6)
        press.line("A. Retrieval", font=ITALIC)
        press.skip(4)
        press.paragraph(prose(60, 6))

    def right(press):
        press.paragraph(prose(100, 8))
        press.skip(6)
        press.line("REFERENCES", centred=True)
        press.skip(6)
        press.lines(
            "[1] A. Reader, “Pages,” 2020.",
            "[2] B. Writer, “More pages that fill",
            "a line,” 2021.",
        )

    text = read(two_columns(left, right).done())
    assert names(text) == ["I INTRODUCTION", "II RELATED WORK", "A Retrieval"]
    assert [s.level for s in text.sections] == [1, 1, 2]
    assert not any(s.appendix for s in text.sections)
    assert text.references == (
        "[1] A. Reader, “Pages,” 2020.",
        "[2] B. Writer, “More pages that fill a line,” 2021.",
    )


def test_an_abstract_that_runs_in_is_told_from_the_text():
    press = Press()
    press.line("Reading Long Documents", font=BOLD, size=16, centred=True)
    press.line("A. Reader", centred=True)
    press.skip(10)
    press.paragraph("Abstract—" + prose(50), indent=0, font=BOLD, size=9)
    press.skip(8)
    press.paragraph("Index Terms—reading, pages.", indent=0, font=BOLD, size=9)
    press.skip(10)
    press.line("I. INTRODUCTION", centred=True)
    press.skip(6)
    press.paragraph(prose(100))
    text = read(press.done())
    assert text.abstract == prose(50)
    assert names(text) == ["I INTRODUCTION"]


def test_appendices_come_last_and_are_marked():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    press.heading("2 Results")
    press.paragraph(prose(60))
    press.heading("3 Conclusion")
    press.paragraph(prose(30))
    press.heading("References")
    press.lines("A. Reader. 2020. Pages that were read by", x=72)
    press.line("one reader only. In Reading.", x=84)
    press.lines("B. Writer. 2021. Pages. In Writing.", x=72)
    press.heading("A Appendix")
    press.paragraph(prose(30, 4))
    press.heading("A.1 More Data", size=10.5)
    press.paragraph(prose(30, 5))
    text = read(press.done())
    assert names(text) == [
        "1 Introduction",
        "2 Results",
        "3 Conclusion",
        "A Appendix",
        "A.1 More Data",
    ]
    assert [s.appendix for s in text.sections] == [False, False, False, True, True]
    assert text.references == (
        "A. Reader. 2020. Pages that were read by one reader only. In Reading.",
        "B. Writer. 2021. Pages. In Writing.",
    )


def test_a_text_without_headings_is_one_section():
    press = Press()
    press.line("Reading Long Documents", font=BOLD, size=16, centred=True)
    press.skip(10)
    press.paragraph(prose(80))
    press.paragraph(prose(80, 4))
    text = read(press.done())
    assert [s.name for s in text.sections] == [""]
    assert paragraphs(text.sections[0]) == [prose(80), prose(80, 4)]


def test_a_table_of_contents_gives_no_sections():
    press = one_column()
    press.heading("Contents")
    for number, title in ((1, "Introduction"), (2, "Methods"), (3, "Results")):
        press.line(f"{number} {title}  {number + 1}", font=BOLD)
    for number, title in ((1, "Introduction"), (2, "Methods"), (3, "Results")):
        press.turn()
        press.heading(f"{number} {title}")
        press.paragraph(prose(60, number))
    text = read(press.done())
    assert names(text) == ["1 Introduction", "2 Methods", "3 Results"]
    assert paragraphs(text.sections[0]) == [prose(60, 1)]


def test_more_pages_than_allowed_are_left_and_told():
    press = one_column()
    press.heading("1 Introduction")
    for _ in range(5):
        press.paragraph(prose(60))
        press.turn()
    text = read(press.done(), PdfLimits(pages=2))
    assert (text.pages, text.lacks) == (5, "cut")
    assert len(paragraphs(text.sections[0])) == 2


def test_more_characters_than_allowed_are_left_and_told():
    press = one_column()
    press.heading("1 Introduction")
    press.paragraph(prose(400))
    text = read(press.done(), PdfLimits(characters=900))
    assert text.lacks == "cut"
    assert 0 < text.characters < 900
