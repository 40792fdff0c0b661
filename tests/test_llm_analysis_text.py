"""A paper's text without a model: its parts, quotations of it, its sections and tables."""

from dataclasses import replace

import pytest
from analysis_stage import PAPER
from analyst_stage import long_text, text
from hypothesis import given
from hypothesis import strategies as st

from jobs.llm.analysis.layout import LEAST_HALVED, Part, laid_out, most_important, parted, room
from jobs.llm.analysis.places import Places
from jobs.llm.analysis.quoting import MOST_WORDS, Quotable
from storage.models import Equation, FullText, Origin, Paragraph, Section, Table

WORDS = st.text(st.sampled_from("abc dé-ﬁ’1. 2,()河流\n"), min_size=1, max_size=60)


def of(*passages: object, title: str = "Method", number: str = "2") -> FullText:
    section = Section(title, number, passages=passages)
    return FullText(PAPER.id, 1, Origin.HTML, (section,), PAPER.abstract)


# Parts


@st.composite
def papers(draw: st.DrawFn) -> FullText:
    sections = draw(
        st.lists(
            st.builds(
                Section,
                title=st.sampled_from(["Introduction", "Related Work", "Method", "Results"]),
                number=st.sampled_from(["", "1", "2.3"]),
                passages=st.lists(
                    st.one_of(
                        st.builds(Paragraph, WORDS.map(lambda words: f"x {words}")),
                        st.builds(Equation, st.just("a=b")),
                        st.builds(Table, st.just("| a | b |\n| --- | --- |"), st.just("Table 1")),
                    ),
                    max_size=5,
                ).map(tuple),
                appendix=st.booleans(),
            ),
            min_size=1,
            max_size=8,
        )
    )
    return FullText(PAPER.id, 1, Origin.HTML, tuple(sections))


@given(papers(), st.integers(40, 400))
def test_every_passage_is_in_one_part_and_no_part_is_too_long(of: FullText, most: int) -> None:
    whole = laid_out(of, most)
    parts = parted(whole, most)
    assert [piece for part in parts for piece in part.pieces] == list(whole.pieces)
    assert all(part.size <= most + 2 or len(part.pieces) == 1 for part in parts)
    assert sum(piece.characters for piece in whole.pieces) == of.characters
    assert {piece.section for piece in whole.pieces} == set(range(len(of.sections)))


@given(papers(), st.integers(40, 400))
def test_a_section_that_fits_is_not_cut(of: FullText, most: int) -> None:
    parts = parted(laid_out(of, most), most)
    for at in range(len(of.sections)):
        holding = [part for part in parts if at in part.sections]
        pieces = [piece for part in holding for piece in part.pieces if piece.section == at]
        assert len(holding) == 1 or Part(tuple(pieces)).size > most


@given(papers())
def test_halves_are_the_whole(of: FullText) -> None:
    whole = laid_out(replace(of, sections=of.sections * 40), 400)
    halves = whole.halves()
    assert len(halves) == (2 if whole.size >= LEAST_HALVED else 0)
    assert tuple(p for half in halves for p in half.pieces) in ((), whole.pieces)


def test_the_text_has_every_passage_under_its_heading() -> None:
    table = Table("| a |\n| --- |\n| 4.1 |", "Table 2", "Errors.")
    shown = laid_out(of(Paragraph("Of $d_{k}$ rivers."), Equation("a=b", "3"), table), 900).text
    assert shown == (
        "## 2 Method\n\nOf dₖ rivers.\n\na = b (3)\n\nTable 2: Errors.\n| a |\n| --- |\n| 4.1 |"
    )


def test_appendices_and_then_related_work_are_left_out_first() -> None:
    long = long_text(3, appendices=3)
    related = replace(long.sections[5], title="Related Work")
    long = replace(long, sections=(*long.sections[:5], related, *long.sections[6:]))
    parts = parted(laid_out(long, 1_900), 1_900)
    kept = most_important(parts, long, len(parts) - 4)
    names = [long.sections[at].name for part in kept for at in sorted(part.sections)]
    assert not any("More Gauges" in name for name in names)
    assert "6 Related Work" not in names
    assert names == [section.name for section in long.sections if section.name in names]


@pytest.mark.parametrize(
    ("context", "least"), [(4_000, 1_333), (8_000, 3_334), (24_000, 14_000), (128_000, 118_000)]
)
def test_a_context_leaves_room_for_the_answer(context: int, least: int) -> None:
    assert room(context, text()) == 3 * least
    assert room(context, replace(text(), abstract="河流水位计")) == least


# Quotations


QUOTED = of(
    Paragraph("The eﬃcient net-\nwork uses $d_{\\text{model}}=512$ units and κ of “0.75” in all."),
    Table("| a |\n| --- |", "Table 1", "Error of all gauges in the north."),
)


@pytest.mark.parametrize(
    ("said", "own"),
    [
        ("efficient network uses", "eﬃcient net-\nwork uses"),
        ("“The efficient network uses”", "The eﬃcient net-\nwork uses"),
        ("USES d_model = 512 UNITS", "uses $d_{\\text{model}}=512$ units"),
        ("uses $d_{\\text{model}}=512$ units", "uses $d_{\\text{model}}=512$ units"),
        ('units and κ of "0.75"', "units and κ of “0.75"),
        ("The efficient … and κ of 0.75 in all.", "and κ of “0.75” in all"),
        ("all gauges in the north", "all gauges in the north"),
        ("gauges fall silent in floods", "gauges fall silent in floods"),
    ],
)
def test_a_quotation_is_found_and_has_the_papers_own_form(said: str, own: str) -> None:
    found = Quotable(QUOTED).find(said)
    assert found is not None
    assert found.text == own


@pytest.mark.parametrize(
    "said",
    ["", "the", "κ of 0.75", "network used for rivers", "units and κ of 075", "cient network uses",
     "units and κ of 0.76 in all", "north. River gauges fall", "高效网络使用的单元"],
)  # fmt: skip
def test_what_does_not_stand_there_or_tells_nothing_is_no_quotation(said: str) -> None:
    assert Quotable(QUOTED).find(said) is None


def test_a_quotation_is_first_looked_for_where_it_is_said_to_be() -> None:
    found = Quotable(text()).find("River gauges fall silent in floods", "1 Introduction")
    assert found is not None
    assert found.section == "1 Introduction"
    found = Quotable(text()).find("River gauges fall silent in floods")
    assert found is not None
    assert found.section is None


@given(
    st.lists(st.sampled_from(["river", "$x_{1}$", "gauge,", "4.1", "é"]), min_size=6, max_size=90)
)
def test_any_words_of_a_paragraph_are_found_and_held_short(words: list[str]) -> None:
    paragraph = " ".join(["There we stand:", *words])
    found = Quotable(of(Paragraph(paragraph))).find(f"there we stand: {' '.join(words)}")
    assert found is not None
    assert paragraph.startswith(found.text.removesuffix("$"))
    assert len(found.text.split()) <= MOST_WORDS


@given(st.text(max_size=80))
def test_whatever_is_quoted_nothing_breaks(said: str) -> None:
    found = Quotable(QUOTED).find(said)
    paragraph, table = QUOTED.sections[0].passages
    lines = (QUOTED.abstract, paragraph.text, table.caption)
    assert found is None or any(found.text in line for line in lines)


# Sections and tables


PLACES = Places(
    FullText(
        PAPER.id,
        1,
        Origin.HTML,
        (
            Section("Method", "3"),
            Section("Training Details", "3.1", passages=(Table("", "Table 2"),)),
            Section("Limitations"),
            Section("More Results", "A", passages=(Table("", "Table A.1"), Table("", "Table IV"))),
        ),
    )
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("3.1 Training Details", "3.1 Training Details"),
        ("## 3.1 training details", "3.1 Training Details"),
        ("Section 3.1", "3.1 Training Details"),
        ("§3.1", "3.1 Training Details"),
        ("3.1.", "3.1 Training Details"),
        ("第3.1节", "3.1 Training Details"),
        ("Training Details", "3.1 Training Details"),
        ("4 Training Details", "3.1 Training Details"),
        ("Training", "3.1 Training Details"),
        ("Sec. 3: Our Method", "3 Method"),
        ("Limitations", "Limitations"),
        ("Appendix A", "A More Results"),
        ("5 Conclusion", None),
        ("Abstract", None),
        ("", None),
        ("§", None),
    ],
)
def test_a_section_is_known_by_its_number_or_its_title(said: str, name: str | None) -> None:
    assert PLACES.section(said) == name


@pytest.mark.parametrize(
    ("said", "label"),
    [("Table 2", "Table 2"), ("Tab. 2: Errors", "Table 2"), ("表2", "Table 2"), ("2", "Table 2"),
     ("Table A.1", "Table A.1"), ("table iv", "Table IV"), ("Table 3", None), ("", None),
     ("none", None), ("appendix", None)],
)  # fmt: skip
def test_a_table_is_known_by_its_number(said: str, label: str | None) -> None:
    assert PLACES.table(said) == label


@given(st.text(max_size=40))
def test_whatever_is_named_nothing_breaks(said: str) -> None:
    PLACES.section(said)
    PLACES.table(said)
