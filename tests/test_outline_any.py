"""The built-in reader on any text, absurd text and real papers: it never fails or misquotes."""

from pathlib import Path

import pytest
from absurd import TEXTS
from hypothesis import given
from hypothesis import strategies as st
from outline_stage import full, paper, section, told

from jobs.fulltext import html
from jobs.outline import outline
from storage.models import (
    Aspect,
    Equation,
    Figure,
    Lang,
    Listing,
    PaperId,
    Paragraph,
    Section,
    Table,
    texts_of,
)

PIECES = """
We propose However, existing methods fail . (1) $x_{i}$ \\frac{ } | Table 2 results 31% Our
contributions are : - limitation improves ¹ [12] (Rey et al., 2019) 我们 提出 。 ! “
"""
WORDS = st.sampled_from(PIECES.split())
SAID = st.lists(WORDS, max_size=40).map(" ".join) | st.text(max_size=60)
PASSAGES = st.one_of(
    st.builds(Paragraph, SAID),
    st.builds(Equation, SAID),
    st.builds(Table, SAID, SAID, SAID),
    st.builds(Figure, SAID),
    st.builds(Listing, SAID),
)
HEADINGS = st.sampled_from(["Introduction", "Method", "Results", "Limitations", "", "3"]) | SAID
ANY_SECTION = st.builds(
    Section,
    HEADINGS,
    st.sampled_from(["", "1", "2.1", "A"]),
    st.integers(0, 6),
    st.lists(PASSAGES, max_size=4).map(tuple),
    st.booleans(),
)


@given(st.lists(ANY_SECTION, max_size=6), SAID, SAID)
def test_any_text_gives_an_outline_whose_quotes_occur_in_it(sections, abstract, own) -> None:
    text = full(*sections, abstract=own)
    analysis = outline(paper(abstract), text, Lang.EN)
    said = [abstract, own]
    said += [each for s in sections for passage in s.passages for each in texts_of(passage)]
    for claims in analysis.claims.values():
        for claim in claims:
            assert claim.text
            assert claim.quote is None or any(claim.quote in each for each in said)


@pytest.mark.parametrize("name", TEXTS)
def test_absurd_text_is_told(name: str) -> None:
    endless = TEXTS[name].whole
    analysis = told(section("Introduction", endless), section("Method", endless))
    assert analysis.coverage.sections == 2


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["1706.03762", "2004.14974"])
def test_a_real_paper_is_told_in_its_own_words(real_data: Path, name: str) -> None:
    page = (real_data / "html" / f"latexml_{name}.html").read_bytes()
    text = html.read(page, PaperId(name), 1, base_url=f"https://arxiv.org/html/{name}v1")
    analysis = outline(paper(text.abstract), text, Lang.EN)
    said = [text.abstract]
    said += [each for s in text.sections for passage in s.passages for each in texts_of(passage)]
    for aspect, claims in analysis.claims.items():
        for claim in claims:
            assert "\\" not in claim.text
            assert len(claim.text.split()) <= 70 or aspect is Aspect.ABSTRACT
            assert claim.quote is None or any(claim.quote in each for each in said)
    assert {
        Aspect.CORE,
        Aspect.STEPS,
        Aspect.CONTRIBUTIONS,
        Aspect.RESULTS,
        Aspect.HARDWARE,
    } <= set(analysis.claims)
