"""The archive's Markdown, read by a parser: rows, cells, anchors, links, and nothing hostile."""

import json
import lzma
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from fake_source import study
from gfm import read
from hypothesis import given
from hypothesis import strategies as st
from site_stage import ARXIV, FRIDAY, SPLATTING, VISION, analysis, paper, summary

from formatters.archive.daily_table import daily_table
from formatters.archive.entries import ArchivedTopic, Entry
from formatters.archive.report import report
from formatters.archive.topic_tables import TopicTables, topic_files, topic_tables
from formatters.compose.cards import Frame
from formatters.text import readable
from formatters.text.links import code_links
from jobs.archive.formats import MarkdownFiles, executive_summary, with_findings
from jobs.archive.ports import Former
from storage.models import (
    AnnounceType,
    Direction,
    Lang,
    Overview,
    OverviewTheme,
    Paper,
    PaperId,
    Read,
)

ENGLISH, CHINESE = Frame(Lang.EN, ARXIV), Frame(Lang.ZH, ARXIV)
CODE = "https://github.com/example/splats"


def entry(number: int = 1, day: date = FRIDAY, lang: Lang = Lang.EN, **fields: object) -> Entry:
    found = paper(number)
    known = {"topics": (VISION.slug, SPLATTING.slug), "summary": summary(found, lang)}
    return Entry(found, day, AnnounceType.NEW, **{**known, **fields})


def tables(*entries: Entry, frame: Frame = ENGLISH, **fields: object) -> TopicTables:
    return TopicTables((VISION, SPLATTING), entries, FRIDAY, FRIDAY, frame, **fields)


def test_a_daily_table_has_title_first_author_pdf_and_abstract():
    file = read(daily_table(FRIDAY, [entry(1), entry(2)], ENGLISH))
    assert file.headings == [(1, "arXiv 2026-02-06")]
    [[head, first, second]] = file.tables
    assert [cell.text for cell in head] == ["Title", "Authors", "PDF", "Abstract"]
    assert [cell.text for cell in first] == [
        "Invented Study 1 of Gaussian Splatting in ℝ³",
        "Imena Vorga +2",
        "PDF",
        "We propose study 1. It finds that 97.2% of splats are round.",
    ]
    assert second[2].links == (f"{ARXIV}/pdf/2602.00002v1",)


def test_a_chinese_table_has_both_titles_and_the_abstract_in_chinese_where_there_is_one():
    bare = replace(summary(paper(2), Lang.ZH), abstract=None, title=None)
    shown = [entry(1, lang=Lang.ZH), entry(2, summary=bare), entry(3, summary=None)]
    [[head, first, second, third]] = read(daily_table(FRIDAY, shown, CHINESE)).tables
    assert [cell.text for cell in head] == ["标题", "作者", "PDF链接", "摘要"]
    assert first[0].text == "虚构研究：高斯泼溅\nInvented Study 1 of Gaussian Splatting in ℝ³"
    assert first[3].text == "我们提出一项研究，发现 97.2% 的泼溅是圆的。"
    assert second[0].text == "Invented Study 2 of Gaussian Splatting in ℝ³"
    assert second[3].text.startswith("原文：We propose study 2.")
    assert third[3].text.startswith("原文：")


def test_what_a_table_leaves_out_is_counted():
    text = daily_table(FRIDAY, [entry(n) for n in range(1, 6)], ENGLISH, most=2)
    file = read(text)
    assert len(file.tables[0]) == 3
    assert "5 papers" in file.text
    assert "3 more papers are not shown here." in file.text
    assert "not shown" not in daily_table(FRIDAY, [entry(1)], ENGLISH)


def test_a_day_without_papers_says_so_and_has_no_table():
    file = read(daily_table(FRIDAY, [], ENGLISH))
    assert (file.tables, "0 papers" in file.text) == ([], True)
    assert read(report(FRIDAY, [], ENGLISH)).headings == [(1, "arXiv papers of 2026-02-06")]


def test_topic_tables_have_date_title_code_and_abstract_newest_first_and_no_paper_twice():
    older, newer = FRIDAY - timedelta(days=1), FRIDAY
    shown = [entry(1, older, code=(CODE,)), entry(2, newer), entry(1, newer)]
    file = read(topic_tables(tables(*shown)))
    assert [name for _, name in file.headings] == [
        "Updated on 2026-02-06", "cs.CV", "3D Gaussian Splatting",
    ]  # fmt: skip
    head, *rows = file.tables[0]
    assert [cell.text for cell in head] == ["Announced", "Title", "Code", "Abstract"]
    assert [row[0].text for row in rows] == ["2026-02-06", "2026-02-05"]
    assert [row[1].links for row in rows] == [
        (f"{ARXIV}/abs/2602.00002v1",), (f"{ARXIV}/abs/2602.00001v1",),
    ]  # fmt: skip
    assert [(row[2].text, row[2].links) for row in rows] == [("–", ()), ("link", (CODE,))]


def test_the_contents_of_topic_tables_lead_to_their_topics():
    file = read(topic_tables(tables(entry(1))))
    assert file.inner_links == file.anchors == [VISION.slug, SPLATTING.slug]


def test_each_topic_has_a_file_and_the_index_leads_to_all():
    files = topic_files(tables(entry(1), entry(2, topics=(VISION.slug,)), most=1))
    assert set(files) == {"README.md", "cs-cv.md", "3dgs.md"}
    index = read(files["README.md"])
    assert index.links == ["cs-cv.md", "3dgs.md"]
    assert "cs.CV: 2 papers" in index.text
    vision = read(files["cs-cv.md"])
    assert vision.links[-1] == "README.md"
    assert "1 more paper is not shown here." in vision.text


def test_a_report_has_all_of_a_paper_under_headings_that_nest():
    shown = entry(
        1, analysis=analysis(paper(1)), code=(CODE,), project=("https://splats.github.io",)
    )
    file = read(report(FRIDAY, [shown], ENGLISH))
    assert [heading for heading in file.headings if heading[0] < 5] == [
        (1, "arXiv papers of 2026-02-06"),
        (2, "Papers"),
        (3, "Invented Study 1 of Gaussian Splatting in ℝ³"),
        (4, "Abstract"),
        (4, "Analysis"),
        (4, "Key findings"),
        (4, "Links"),
    ]
    levels = [level for level, _ in file.headings]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert file.inner_links == file.anchors == ["papers", "2602.00001v1"]
    for said in ("Imena Vorga, Tolan Brisk, Ada Umbra", "2026-02-04", "2026-02-06 · new",
                 "cs.CV, cs.LG", "97.2% of splats are round.", "Count the splats."):  # fmt: skip
        assert said in file.text
    assert {CODE, "https://splats.github.io", f"{ARXIV}/pdf/2602.00001v1"} <= set(file.links)
    assert not any("javascript" in link for link in file.links)


def test_a_report_begins_with_what_a_model_wrote_or_with_what_was_counted():
    shown = [entry(n) for n in range(1, 4)]
    ids = [one.paper.id for one in shown]
    said = Overview(
        "m#o1",
        (OverviewTheme("Round splats", "Most are round.", (ids[0], ids[1])),),
        (Direction("Square splats come.", (ids[2],)),),
        (Read(ids[2], "It is the first."),),
    )
    blocks = executive_summary(FRIDAY, shown, ENGLISH, overview=said)
    file = read(report(FRIDAY, shown, ENGLISH, summary=blocks))
    assert (2, "Executive summary") in file.headings
    assert file.headings.index((2, "Executive summary")) < file.headings.index((2, "Papers"))
    for words in ("Round splats: Most are round.", "Square splats come.", "It is the first."):
        assert words in file.text
    counted = executive_summary(FRIDAY, shown, ENGLISH)
    assert "(3): " in read(report(FRIDAY, shown, ENGLISH, summary=counted)).text


def test_findings_of_the_built_in_engine_are_called_the_original_in_chinese():
    [shown] = with_findings([entry(1, summary=None)], Lang.ZH)
    text = report(FRIDAY, [shown], CHINESE)
    assert "#### 关键发现（原文）" in text
    assert "97.2% of splats are round." in text


def test_the_archive_gets_each_day_and_each_span_in_both_languages():
    shown = {Lang.EN: [entry(1)], Lang.ZH: [entry(1, lang=Lang.ZH)]}
    make = MarkdownFiles(ARXIV)
    day = dict(make(FRIDAY, shown, Former()))
    assert set(day) == {
        f"markdown/2026/2026-02-06-{form}.{lang}.md"
        for form in ("daily-table", "report")
        for lang in Lang
    }
    assert dict(make(FRIDAY, shown, Former())) == day
    span = dict(make.of_span(FRIDAY, FRIDAY, shown, (VISION,)))
    assert set(span) == {
        f"markdown/topics/{lang}/{name}" for name in ("README.md", "cs-cv.md") for lang in Lang
    }
    ours = {path for path, text in span.items() if make.is_of_span(text)}
    assert ours == {path for path in span if path.endswith("cs-cv.md")}
    assert not any(map(make.is_of_span, day.values()))


WORDS = st.text(
    st.one_of(
        st.sampled_from([*"|\\`*_[]()<>#$~&!:-+=\n\t1.{}^", "é", "论"]),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
) | st.sampled_from(
    ["<script>alert(1)</script>", "|---|---|", "[x](javascript:alert(1))", "<br>", "https://a.b/c_d_e|f",
     "```", '<a id="x">', "- - -", "1) one", "$x|y$", "&lt;b&gt;", "\\|", "a\\", "www.a.com", "#"]
)  # fmt: skip
PAPERS = st.builds(
    study,
    ident=st.just("2602.00001"),
    title=WORDS,
    abstract=WORDS,
    authors=st.lists(WORDS, max_size=3).map(tuple),
    comment=st.none() | WORDS,
)


@given(found=PAPERS, title=st.none() | WORDS, text=st.none() | WORDS, name=WORDS)
def test_whatever_papers_and_topics_say_a_table_keeps_its_cells_and_has_no_html(
    found, title, text, name
):
    said = replace(summary(found, Lang.ZH), title=title, abstract=text, findings=(text or "x",))
    topic = ArchivedTopic("t", ((Lang.EN, name), (Lang.ZH, name)), "t")
    shown = Entry(found, FRIDAY, AnnounceType.NEW, ("t",), said, None, (CODE,))
    made = TopicTables((topic,), (shown, shown), FRIDAY, FRIDAY, CHINESE)
    for markdown, rows in (
        (daily_table(FRIDAY, [shown, shown], CHINESE), 3),
        (topic_tables(made), 2),
        (topic_files(made)["t.md"], 2),
        (report(FRIDAY, [shown], CHINESE), 0),
    ):
        file = read(markdown)
        assert [len(table) for table in file.tables] == ([rows] if rows else [])
        assert all(len(row) == 4 for table in file.tables for row in table)
        assert file.html == ""
        assert set(file.inner_links) == set(file.anchors)
        assert all(link.startswith(("https://", "http://", "#", "README")) for link in file.links)


@pytest.fixture(scope="module")
def everything(real_data) -> list[Entry]:
    """All captured papers as entries."""
    with lzma.open(real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt") as lines:
        return [_real(json.loads(line)) for line in lines]


def _real(fields) -> Entry:
    found = Paper(
        id=PaperId(fields["id"]),
        version=fields["version"] or 1,
        title=fields["title"],
        abstract=fields["abstract"],
        authors=tuple(fields["authors"]),
        primary_category=fields["primary_category"],
        categories=tuple(fields["categories"]),
        comment=fields["comment"],
    )
    code = code_links(found.abstract, found.comment or "")
    return Entry(found, FRIDAY, AnnounceType.NEW, (VISION.slug,), code=code)


EVERY = 5
"""Of the real papers one in so many is read: each is as good as another, and time is short."""


@pytest.mark.real_data
def test_every_real_paper_is_one_row_whose_cells_say_what_it_says(everything):
    assert len(everything) > 20_000
    some = everything[::EVERY]
    made = TopicTables((VISION,), some, FRIDAY, FRIDAY, ENGLISH)
    file = read(topic_files(made)["cs-cv.md"])
    [[_, *rows]] = file.tables
    assert len(rows) == len(some)
    assert file.html == ""
    for row, shown in zip(rows, some, strict=True):
        day, title, code, abstract = row
        assert day.text == "2026-02-06"
        assert title.text == readable(shown.paper.title)
        assert code.links == shown.code[:1]
        assert abstract.text == readable(shown.paper.abstract)


@pytest.mark.real_data
def test_a_daily_table_of_real_papers_has_their_authors_and_pdfs(everything):
    some = everything[::20]
    [[_, *rows]] = read(daily_table(FRIDAY, some, ENGLISH)).tables
    for row, shown in zip(rows, some, strict=True):
        assert len(row) == 4
        assert row[1].text.startswith(readable(shown.paper.authors[0]))
        assert row[2].links == (f"{ARXIV}/pdf/{shown.paper.id}v{shown.paper.version}",)


@pytest.mark.real_data
def test_a_report_of_real_papers_has_contents_that_lead_to_each(everything):
    some = everything[::40]
    file = read(report(FRIDAY, some, ENGLISH))
    assert file.anchors == ["papers", *(f"{e.paper.id}v{e.paper.version}" for e in some)]
    assert file.inner_links == file.anchors
    assert [text for level, text in file.headings if level == 3] == [
        readable(shown.paper.title) for shown in some
    ]
    assert (file.html, file.tables) == ("", [])
