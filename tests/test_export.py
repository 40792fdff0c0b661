"""Exports: what a reference manager is given must be taken."""

import re
from datetime import UTC, datetime

from fake_source import study
from hypothesis import given
from hypothesis import strategies as st

from formatters.export import bibtex, citation_keys, markdown, ris

SITE = "https://arxiv.org"


def test_a_bibtex_entry_has_what_arxiv_recommends():
    paper = study(
        "2610.00001",
        title="Learning 100% of $O(n^2)$ {things} & more_or_less",
        authors=("Imena van der Vorga", "Tolan Brisk Jr.", "The Lumen Collaboration and Friends"),
        comment="12 pages",
        doi="10.1000/a_b",
        published=datetime(2026, 10, 14, tzinfo=UTC),
    )
    entry = bibtex([paper], SITE)
    assert entry.startswith("@misc{vandervorga2026learning,\n")
    assert r"title = {{Learning 100\% of O(n²) things \& more\_or\_less}}" in entry
    assert "author = {van der Vorga, Imena and Brisk Jr., Tolan and {The Lumen" in entry
    assert "  month = oct,\n" in entry
    for line in ("eprint = {2610.00001}", "archiveprefix = {arXiv}", "primaryclass = {cs.CV}"):
        assert f"  {line},\n" in entry
    assert r"doi = {10.1000/a\_b}" in entry


def test_a_published_paper_is_an_article():
    paper = study("2610.00001", journal_ref="Journal of Invented Results 3 (2026) 1-9")
    assert bibtex([paper], SITE).startswith("@article{")
    assert "journal = {Journal of Invented Results 3 (2026) 1-9}" in bibtex([paper], SITE)
    assert "TY  - JOUR" in ris([paper], SITE)


def test_equal_keys_are_told_apart_by_letters():
    keys = citation_keys([study(f"2610.{n:05}", title="The Same") for n in range(1, 31)])
    assert keys[:3] == ["vorga2026same", "vorga2026samea", "vorga2026sameb"]
    assert keys[26:28] == ["vorga2026samez", "vorga2026sameaa"]
    assert len(set(keys)) == len(keys)


def test_a_paper_without_authors_or_latin_letters_still_has_a_key():
    assert citation_keys([study("2610.00001", authors=(), title="论文", published=None)]) == [
        "paper"
    ]


def test_ris_ends_every_record_and_keeps_one_tag_a_line():
    text = ris([study("2610.00001"), study("2610.00002", abstract="Two\n\nlines")], SITE)
    assert text.count("ER  - \r\n") == 2
    assert "AU  - Vorga, Imena\r\n" in text
    assert "DA  - 2026/10/14\r\n" in text
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in text.split("\r\n") if line)


def test_markdown_is_a_list_whose_titles_can_not_break_the_link():
    text = markdown([study("2610.00001", title="On [brackets] | pipes and *stars*")], SITE)
    assert text.startswith(
        r"- [On \[brackets\] \| pipes and \*stars\*](https://arxiv.org/abs/2610.00001). Imena"
    )
    assert text.count("\n") == 1


PAPERS = st.builds(
    study,
    ident=st.just("2610.00001"),
    title=st.text(max_size=60),
    abstract=st.text(max_size=60),
    authors=st.lists(st.text(max_size=20), max_size=4).map(tuple),
    comment=st.none() | st.text(max_size=30),
    doi=st.none() | st.text(max_size=30),
    journal_ref=st.none() | st.text(max_size=30),
    published=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(st.lists(PAPERS, max_size=4))
def test_braces_balance_and_keys_are_unique_whatever_the_papers_say(papers):
    text = bibtex(papers, SITE)
    depth = 0
    for brace in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        assert depth >= 0
    assert depth == 0
    keys = re.findall(r"^@\w+\{([a-z0-9]*),$", text, re.MULTILINE)
    assert len(set(keys)) == len(keys) == len(papers)
    assert not re.search(r"(?<!\\)[%#&]", text)


@given(st.lists(PAPERS, max_size=3))
def test_every_line_of_ris_is_a_tag_whatever_the_papers_say(papers):
    lines = [line for line in ris(papers, SITE).split("\r\n") if line]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
