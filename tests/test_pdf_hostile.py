"""Whatever a page holds, its text is made, in bounded time and without an exception."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_press import Press, front, prose
from pdf_texts import PAPER

from formatters.text import strip_controls
from jobs.fulltext.pdf.assembly import text_of_pages
from jobs.fulltext.pdf.geometry import Box, Face, Fill, Page, Run
from jobs.fulltext.pdf.limits import PdfLimits, Unreadable
from jobs.fulltext.pdf.opening import pages_of
from jobs.fulltext.pdf.wire import heard
from jobs.fulltext.pdf.worker import answer
from storage.models.fulltext import texts_of

FRAME = Box(0, 0, 612, 792)
places = st.floats(-100, 900, allow_nan=False, width=32)
faces = st.builds(Face, st.sampled_from(["", "Times", "CMMI10"]), st.booleans(), st.booleans())
texts = st.one_of(
    st.text(min_size=1, max_size=12).filter(str.strip),
    st.sampled_from(
        ["1 Introduction", "References", "Abstract", "Table 1: x", "Figure 2", "[1]", "•", "7"]
    ),
)
runs = st.builds(
    lambda text, left, width, *rest: Run(text, left, left + width, *rest),
    texts,
    places,
    st.floats(0, 400, width=32),
    places,
    st.floats(0.125, 40, width=32),
    faces,
    st.booleans(),
    st.sampled_from([None, (0, 0, 0), (255, 255, 255)]),
)
boxes = st.builds(
    lambda left, low, width, height: Box(left, low, left + width, low + height),
    places,
    places,
    st.floats(0, 700, width=32),
    st.floats(0, 700, width=32),
)
some = st.lists(boxes, max_size=4).map(tuple)
pages = st.builds(
    Page,
    st.just(1),
    st.just(FRAME),
    st.lists(runs, max_size=15).map(tuple),
    some,
    some,
    some,
    st.lists(st.builds(Fill, boxes, st.just((0, 0, 0)), st.booleans()), max_size=3).map(tuple),
)


def everything(text):
    passages = (t for s in text.sections for p in s.passages for t in texts_of(p))
    titles = (s.name for s in text.sections)
    return " ".join([text.abstract, *titles, *passages, *text.references])


@settings(max_examples=60)
@given(st.lists(pages, min_size=1, max_size=2))
def test_any_page_becomes_a_text(found):
    text = text_of_pages(found, PAPER, 1, total=len(found))
    said = everything(text)
    assert strip_controls(said) == said
    assert all(hidden.place.startswith("page ") for hidden in text.hidden)


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data):
    press = Press()
    front(press)
    press.heading("1 Introduction")
    press.paragraph(prose(60))
    content = bytearray(press.done())
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    said = answer(bytes(content), PAPER, 1, PdfLimits())
    if said[:1] == b"-":
        with pytest.raises(Unreadable):
            heard(said)
    else:
        assert heard(said).pages


def crowded(count):
    """An enormous page of captions, rules and shapes, as many as asked."""
    face, frame = Face("Times"), Box(0, 0, 612, 20 * count)
    return Page(
        1,
        frame,
        tuple(Run(f"Table {n}: row", 20, 90, 20 * n + 10, 8, face) for n in range(count)),
        rules=tuple(Box(20, 20 * n, 600, 20 * n + 0.5) for n in range(count)),
        drawings=tuple(Box(20, 20 * n, 600, 20 * n + 5) for n in range(count)),
    )


def test_a_crowded_page_is_read_in_bounded_time():
    started = time.perf_counter()
    text_of_pages([crowded(1_000)], PAPER, 1, total=1)
    assert time.perf_counter() - started < 20


def test_many_pages_are_read_in_time_that_grows_with_them():
    press = Press()
    front(press)
    press.heading("1 Introduction")
    for number in range(60):
        press.paragraph(prose(200, number))
        press.turn()
    content = press.done()

    def seconds(limit):
        started = time.perf_counter()
        opened = pages_of(content, PdfLimits(pages=limit))
        text_of_pages(opened.pages, PAPER, 1, total=opened.total)
        return time.perf_counter() - started

    seconds(5)
    assert seconds(60) < 12 * seconds(10) + 0.5
