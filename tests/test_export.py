"""Exports: what a reference manager is given must be taken."""

import json
import lzma
import re
from datetime import UTC, datetime

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares.names import (
    parse_single_name_into_parts,
    split_multiple_persons_names,
)
from fake_source import study
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text

from formatters.export import bibtex, citation_keys, markdown, ris
from formatters.text import readable

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
    assert "author = {van der Vorga, Imena and Brisk, Jr., Tolan and {The Lumen" in entry
    assert "  month = oct,\n" in entry
    for line in ("eprint = {2610.00001}", "archiveprefix = {arXiv}", "primaryclass = {cs.CV}"):
        assert f"  {line},\n" in entry
    assert "doi = {10.1000/a_b}" in entry


@pytest.mark.parametrize(
    ("name", "encoded"),
    [
        ("Łukasz Ünal", r"{\"U}nal, {\L}ukasz"),
        ("Søren Groß", r"Gro{\ss}, S{\o}ren"),
        ("Ana Núñez-Şahin", r"N{\'u}{\~n}ez-{\c{S}}ahin, Ana"),
        ("王小明", "{王小明}"),
        ("Vorga, Imena", "Vorga, Imena"),
        ("Tolan Brisk, Jr.", "Brisk, Jr., Tolan"),
        ("Brisk, Tolan, Jr.", "Brisk, Jr., Tolan"),
        ("Brisk III, Tolan", "Brisk, III, Tolan"),
        ("Brisk Jr.", "{Brisk Jr.}"),
        ("and Tolan Brisk", "Brisk, Tolan"),
        ("de Vorga", "{de Vorga}"),
        ("Imena de la Vorga", "de la Vorga, Imena"),
        ("Di Brisk", "Brisk, Di"),
    ],
)
def test_letters_with_accents_are_tex_in_bibtex(name, encoded):
    entry = bibtex([study("2610.00001", authors=(name,))], SITE)
    assert f"  author = {{{encoded}}},\n" in entry


GROUPS = {
    "Lumen Scientific Collaboration": "lumen",
    "The Far Horizon Telescope Collaboration": "far",
    "Collier Team": "collier",
    "Team Collier": "collier",
    "Brisk LongTail Team": "brisk",
    "2024 QRS Challenge Consortium": "qrs",
    "the Vorga Imaging Initiative": "vorga",
    "The VORGA-TBI Investigators": "vorgatbi",
    "TransVorga group": "transvorga",
    "Imaging, Sound and Touch Project": "imaging",
}


@pytest.mark.parametrize("name", GROUPS)
def test_a_collaboration_is_no_person(name):
    paper = study("2610.00001", title="Results", authors=(name, "Imena Vorga"))
    [entry] = bibtexparser.parse_string(bibtex([paper], SITE)).entries
    authors = split_multiple_persons_names(entry.fields_dict["author"].value)
    parts = [parse_single_name_into_parts(author) for author in authors]
    assert [(part.first, part.last) for part in parts] == [
        ([], [f"{{{name}}}"]),
        (["Imena"], ["Vorga"]),
    ]
    assert entry.key == f"{GROUPS[name]}2026results"
    assert rispy.loads(ris([paper], SITE))[0]["authors"] == [name.replace(",", ""), "Vorga, Imena"]


def test_the_suffix_of_a_name_stands_where_each_form_has_it():
    paper = study("2610.00001", authors=("Brisk, Tolan, Jr.", "Imena van der Vorga III"))
    [entry] = bibtexparser.parse_string(bibtex([paper], SITE)).entries
    authors = split_multiple_persons_names(entry.fields_dict["author"].value)
    one, other = (parse_single_name_into_parts(author) for author in authors)
    assert (one.first, one.von, one.last, one.jr) == (["Tolan"], [], ["Brisk"], ["Jr."])
    assert (other.first, other.von, other.last) == (["Imena"], ["van", "der"], ["Vorga"])
    assert other.jr == ["III"]
    assert rispy.loads(ris([paper], SITE))[0]["authors"] == [
        "Brisk, Tolan, Jr.",
        "van der Vorga, Imena, III",
    ]


def test_what_is_listed_among_authors_and_names_nobody_is_left_out():
    paper = study("2610.00001", title="Results", authors=(":", "Imena Vorga", " "))
    assert "author = {Vorga, Imena}" in bibtex([paper], SITE)
    assert rispy.loads(ris([paper], SITE))[0]["authors"] == ["Vorga, Imena"]
    assert citation_keys([paper]) == ["vorga2026results"]


def test_a_doi_stays_as_it_is():
    doi = "10.1002/(SICI)1097-0258(1998)17:15/16--19"
    paper = study("2610.00001", doi=f" {doi} 10.1000/second")
    assert f"  doi = {{{doi}}},\n" in bibtex([paper], SITE)
    assert rispy.loads(ris([paper], SITE))[0]["doi"] == doi


@pytest.mark.parametrize("title", ["Sets \\{a, b\\} of α", "50% & $x_1$ ~ #1 \\textbackslash"])
def test_a_title_reads_the_same_when_tex_has_set_it(title):
    [entry] = bibtexparser.parse_string(bibtex([study("2610.00001", title=title)], SITE)).entries
    shown = LatexNodes2Text().latex_to_text(entry.fields_dict["title"].value)
    assert shown == readable(title)


def test_a_brace_without_its_other_is_a_macro():
    entry = bibtex([study("2610.00001", title=r"Open \{ for ever")], SITE)
    assert r"title = {{Open {\textbraceleft} for ever}}" in entry


def test_a_paper_without_authors_is_sorted_by_its_key_and_is_no_article():
    entry = bibtex([study("2610.00001", authors=(), journal_ref="J. Inv. 3")], SITE)
    assert entry.startswith("@misc{2026invented,")
    assert "  key = {2026invented},\n" in entry


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
def test_bibtex_can_read_every_entry_whatever_the_papers_say(papers):
    text = bibtex(papers, SITE)
    depth = 0
    for brace in re.findall(r"[{}]", text):  # BibTeX counts those behind a backslash, too
        depth += {"{": 1, "}": -1}[brace]
        assert depth >= 0
    assert depth == 0
    library = bibtexparser.parse_string(text)
    keys = [entry.key for entry in library.entries]
    assert len(set(keys)) == len(keys) == len(papers)
    assert library.failed_blocks == []
    for entry in library.entries:
        said = {field.key: str(field.value) for field in entry.fields}
        assert all(re.fullmatch(r"[!-~]*", said.get(name, "")) for name in ("doi", "url"))
        told = "".join(value for name, value in said.items() if name not in ("doi", "url"))
        assert not re.search(r"(?<!\\)[%#&$_]", told)


@given(st.lists(PAPERS, max_size=3))
def test_a_reference_manager_reads_back_every_record_of_ris(papers):
    records = rispy.loads(ris(papers, SITE))
    assert len(records) == len(papers)
    for record, paper in zip(records, papers, strict=True):
        assert record["accession_number"] == f"arXiv:{paper.id}"
        assert record.get("title", "").strip() == readable(paper.title)
        assert not record.get("unknown_tag")


@given(st.lists(PAPERS, max_size=3))
def test_every_line_of_ris_is_a_tag_whatever_the_papers_say(papers):
    lines = [line for line in ris(papers, SITE).split("\r\n") if line]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)


@pytest.mark.real_data
def test_every_real_author_is_somebody_to_bibtex_and_every_team_is_one(real_data):
    with lzma.open(real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt") as lines:
        authors = sorted({name for line in lines for name in json.loads(line)["authors"]})
    [entry] = bibtexparser.parse_string(
        bibtex([study("2610.00001", authors=authors)], SITE)
    ).entries
    found = split_multiple_persons_names(entry.fields_dict["author"].value)
    assert len(found) == len(authors) - authors.count(":") > 70_000
    parts = [parse_single_name_into_parts(name) for name in found]
    team = re.compile(r"\b(?:team|group|consortium)\b", re.IGNORECASE)
    teams = [one for one in parts if team.search(str(one))]
    assert len(teams) > 20
    assert all(len(one.last) == 1 and not (one.first or one.von or one.jr) for one in teams)
