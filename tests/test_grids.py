"""Tables on every platform: whole, in a fixed pitch where they fit, else row by row."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from slack_form import read
from telegram_form import bare, covered, shown

from formatters.document import Document, Grid, Span, plain
from formatters.grids import drawn, told
from formatters.slack import posts
from formatters.telegram import messages
from formatters.terminal import render
from formatters.text import display_width, strip_controls


def grid(*rows: tuple[str, ...], caption: str = "") -> Grid:
    cells = [tuple(plain(cell) for cell in row) for row in rows]
    return Grid(cells[0], tuple(cells[1:]), plain(caption) if caption else ())


NARROW = grid(
    ("Method", "准确率", "Tokens"),
    ("One look", "71.2", "100%"),
    ("Looking Twice, and then a third time", "75.3", "38%"),
    caption="Table 2. Accuracy.",
)
WIDE = grid(
    ("Method", *(f"Benchmark {n}" for n in range(9))),
    ("One look", *(f"7{n}.2" for n in range(9))),
    ("Looking Twice", *(f"7{n}.8" for n in range(8)), ""),
)
WORD = st.sampled_from(
    ["word", "模态，", "<b>", "&amp;", "@here", "|", "\x1b[2J", "x" * 30, "71.2", "", "/start", "`"]
)
CELL = st.lists(WORD, max_size=3).map(" ".join)


@st.composite
def grids(draw):
    width = draw(st.integers(1, 50))
    cells = st.lists(CELL, min_size=width, max_size=width).map(tuple)
    return grid(*draw(st.lists(cells, min_size=1, max_size=6)), caption=draw(CELL))


def cells_of(found: Grid) -> list[str]:
    return [
        bare(strip_controls(span.text))
        for row in (found.header, *found.rows)
        for cell in row
        for span in cell
    ]


def test_a_narrow_table_is_drawn_in_columns_and_long_cells_wrap():
    assert drawn(NARROW, 36) == (
        "Method                准确率  Tokens\n"
        "────────────────────────────────────\n"
        "One look              71.2    100%\n"
        "Looking Twice, and    75.3    38%\n"
        "then a third time"
    )


def test_a_table_that_is_too_wide_is_told_row_by_row_with_the_names_of_its_columns():
    assert drawn(WIDE, 60) is None
    first, second = ("".join(span.text for span in row) for row in told(WIDE))
    assert first.startswith("One look · Benchmark 0: 70.2 · Benchmark 1: 71.2")
    assert second.endswith("Benchmark 7: 77.8")


def test_a_table_stands_in_a_box_on_a_phone_where_it_fits():
    [message] = messages(Document((NARROW,)))
    text = shown(message)
    [box] = [covered(text, each) for each in text.entities if each["type"] == "pre"]
    assert text.plain == f"Table 2. Accuracy.\n{box}"
    assert box == drawn(NARROW, 36)


def test_a_wide_table_is_a_list_on_a_phone():
    [message] = messages(Document((WIDE,)))
    assert shown(message).plain.split("\n")[0].startswith("• One look · Benchmark 0: 70.2")


def test_a_table_stands_in_a_box_on_slack():
    [post] = posts(Document((NARROW,)))
    [block] = post.blocks
    kinds = [part["type"] for part in block["elements"]]
    assert kinds == ["rich_text_section", "rich_text_preformatted"]
    assert read(post).plain.endswith(drawn(NARROW, 72))


def test_a_terminal_draws_a_table_under_its_caption():
    page = render(Document((NARROW,)), columns=80, colour=False)
    assert page == f"Table 2. Accuracy.\n{drawn(NARROW, 80)}\n"


@given(grids(), st.integers(20, 120))
def test_a_drawn_table_keeps_every_sign_within_its_columns(found, columns):
    table = drawn(found, columns)
    if table is not None:
        assert all(display_width(line) <= columns for line in table.split("\n"))
        said = Counter(bare(table).replace("─", ""))
        assert said == Counter("".join(cells_of(found)))


@given(grids())
def test_a_told_table_keeps_every_cell_that_has_a_word(found):
    said = "".join(bare(strip_controls(span.text)) for row in told(found) for span in row)
    at = 0
    for row in found.rows:
        for cell in row:
            words = bare("".join(strip_controls(span.text) for span in cell))
            at = said.index(words, at) + len(words)


@given(grids())
@settings(max_examples=50)
def test_every_table_fits_every_platform(found):
    document = Document((found,))
    for message in messages(document):
        shown(message)
    for post in posts(document):
        read(post, thoroughly=False)
    assert "\x1b" not in render(document, columns=80, colour=False)


def test_formulas_in_cells_are_read():
    found = Grid(plain("Loss"), ((((Span("αₗ", tex=r"\alpha_l")),),),))
    assert "αₗ" in drawn(Grid((plain("Loss"),), found.rows), 20)
