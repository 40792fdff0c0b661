"""Good texts about real papers pass every check; real faults of other systems are caught."""

import json
import lzma
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from jobs.verify import FaultKind, Field, Kind, Source, Verdict, check, omitted
from storage.models import Lang

GOOD: dict[str, dict[str, str]] = tomllib.loads(
    Path(__file__).with_name("verify_good.toml").read_text("utf-8")
)
FIELDS = {
    "title": Field(Kind.TITLE, Lang.ZH),
    "tldr": Field(Kind.TLDR, Lang.ZH),
    "english": Field(Kind.TLDR, Lang.EN),
    "finding": Field(Kind.FINDING, Lang.ZH),
}
ROW = re.compile(r"\|\*\*[\d-]+\*\*\|\[.*?\]\(http://arxiv.org/abs/([\d.]+)\)\|.*?\|(.*)\|\n")
DAILY = re.compile(
    r"^\| (?!标题|--)(?P<title>.*?) \| [^|]*? \| \[PDF\]\(\w+://arxiv.org/pdf/(?P<id>[\d.]+)v\d\)"
    r" \| (?P<abstract>.*?) \|$",
    re.DOTALL | re.MULTILINE,
)

FINDINGS = re.compile(
    r"<a id='([\d.]+)v\d'></a>(?:(?!<a id=)[\s\S])*?\*\*Key Findings:\*\*\n\n((?:- .*\n)+)"
)


@cache
def papers(folder: Path) -> dict[str, Source]:
    found = {}
    with lzma.open(folder / "papers" / "papers-2026-q1.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            paper = json.loads(line)
            found[paper["id"]] = Source(paper["title"], paper["abstract"], tuple(paper["authors"]))
    return found


def daily(folder: Path) -> list[tuple[str, str, str]]:
    """Id, title and abstract of each paper in the daily tables."""
    files = sorted((folder.parent / "reference").glob("daily-table-*.md"))
    return [
        (row["id"], row["title"], row["abstract"])
        for file in files
        for row in DAILY.finditer(file.read_text("utf-8"))
    ]


def kinds(verdict: Verdict) -> set[FaultKind]:
    return {fault.kind for fault in verdict.faults}


def words_of(text: str) -> Source:
    """A source that says in Latin letters what the text does, where the paper isn't at hand."""
    return Source("", " ".join(re.findall("[!-~]+", text)))


@pytest.mark.real_data
def test_good_texts_about_real_papers_pass(real_data: Path) -> None:
    refused = [
        f"{paper} {name}: {text} {[fault.detail for fault in verdict.faults]} {verdict.mended}"
        for paper, texts in GOOD.items()
        for name, text in texts.items()
        if (verdict := check(text, FIELDS[name], papers(real_data)[paper])).faults
        or verdict.text != text
    ]
    assert len(GOOD) >= 60
    assert not refused, "\n".join(refused)


@pytest.mark.real_data
def test_a_changed_digit_or_name_is_caught(real_data: Path) -> None:
    """Not where the digit makes another number of the paper, nor for small counts."""
    missed = tried = 0
    for paper, texts in GOOD.items():
        source = papers(real_data)[paper]
        for name, text in texts.items():
            for number in re.finditer(r"(?<![A-Za-z\d.-])\d+(?:\.\d+)?(?![A-Za-z\d.])", text):
                digit = str((int(number[0][-1]) + 5) % 10)
                changed = text[: number.end() - 1] + digit + text[number.end() :]
                tried += 1
                found = kinds(check(changed, FIELDS[name], source))
                missed += not found & {FaultKind.NUMBER, FaultKind.UNIT}
            if coined := re.search("[A-Z][a-z]+[A-Z][A-Za-z]*", text):
                changed = text.replace(coined[0], "MoonFerry")
                tried += 1
                missed += FaultKind.NAME not in kinds(check(changed, FIELDS[name], source))
    assert tried > 140
    assert missed <= 0.02 * tried


@pytest.mark.real_data
def test_other_language_other_text_and_copies_are_caught(real_data: Path) -> None:
    for paper, texts in GOOD.items():
        source = papers(real_data)[paper]
        assert FaultKind.LANGUAGE in kinds(check(source.plain_title, FIELDS["title"], source))
        assert FaultKind.LANGUAGE in kinds(check(texts["english"], FIELDS["tldr"], source))
        assert FaultKind.LANGUAGE in kinds(check(texts["tldr"], FIELDS["english"], source))
        assert FaultKind.COPY in kinds(check(source.plain, FIELDS["english"], source))


@pytest.mark.real_data
def test_notes_behind_real_titles_are_cut(real_data: Path) -> None:
    noted = [title for _, title, _ in daily(real_data) if "\n" in title]
    assert len(noted) >= 8
    for title in noted:
        verdict = check(title, FIELDS["title"], words_of(title))
        assert verdict.text == title.partition("\n")[0].strip()


@pytest.mark.real_data
def test_real_faults_of_translated_titles_are_caught(real_data: Path) -> None:
    known = papers(real_data)
    found = {
        paper: kinds(check(title, FIELDS["title"], known[paper]))
        for paper, title, _ in daily(real_data)
        if paper in known
    }
    assert found["2512.05116"] == {FaultKind.TERM}, "a term"
    assert FaultKind.LOST_NAME in found["2512.05106"], "a translated name"
    assert FaultKind.ADDED in found["2510.14974"], "a noun that the title hasn't"


@pytest.mark.real_data
def test_an_english_word_left_in_a_real_abstract_is_caught_and_hardly_another(
    real_data: Path,
) -> None:
    table = (real_data.parent / "reference" / "topic-tables-2025-10-11.md").read_text("utf-8")
    texts = dict(ROW.findall(table)) | {paper: text for paper, _, text in daily(real_data)}
    left = {
        paper
        for paper, text in texts.items()
        if FaultKind.UNTRANSLATED
        in kinds(check(text, Field(Kind.ABSTRACT, Lang.ZH), words_of(text)))
    }
    assert "2512.05114" in left
    assert len(left) <= 0.02 * len(texts)


@pytest.mark.real_data
def test_translations_of_the_text_at_hand_are_seldom_refused(real_data: Path) -> None:
    """Thirteen of them differ from it: in version, a term, a name, a link or raw TeX."""
    table = (real_data.parent / "reference" / "topic-tables-2025-10-11.md").read_text("utf-8")
    known = papers(real_data)
    verdicts = {
        paper: check(text, Field(Kind.ABSTRACT, Lang.ZH), known[paper])
        for paper, text in ROW.findall(table)
        if paper in known
    }
    refused = {paper for paper, verdict in verdicts.items() if verdict.faults}
    assert len(verdicts) >= 30
    assert len(refused) <= 13, refused


@pytest.mark.real_data
def test_pleas_and_length_hints_of_a_real_report_are_caught(real_data: Path) -> None:
    report = (real_data.parent / "reference" / "daily-report-2026-02-06.md").read_text("utf-8")
    known = papers(real_data)
    plea = next(line for line in report.splitlines() if "请提供" in line)
    verdict = check(plea, Field(Kind.TEXT, Lang.ZH), known["2602.06034"])
    assert kinds(verdict) == {FaultKind.CHATTER}
    hinted = next(line for line in report.splitlines() if line.endswith("字)"))
    core = hinted.partition("**: ")[2]
    assert check(core, FIELDS["tldr"], known["2602.06032"]).mended[0] == "(19字)"
    hope = next(line[2:] for line in report.splitlines() if line.startswith("- We hope"))
    quoted = Field(Kind.FINDING, Lang.EN, quotation=True)
    assert kinds(check(hope, quoted, known["2602.04770"])) == {FaultKind.NO_FINDING}


@pytest.mark.real_data
def test_greetings_background_and_a_wrong_day_of_a_real_report_are_caught(real_data: Path) -> None:
    lines = (real_data.parent / "reference" / "daily-report-2026-02-06.md").read_text("utf-8")
    report, known = lines.splitlines(), papers(real_data)
    text, line = Field(Kind.TEXT, Lang.ZH), Field(Kind.LINE, Lang.ZH)
    for greeting in (said for said in report if said.startswith(("好的，这是", "好的，作为"))):
        assert kinds(check(greeting, text, known["2602.04770"])) == {FaultKind.EMPTY}
    background = next(said[2:] for said in report if said.startswith("- Adapting large"))
    quoted = Field(Kind.FINDING, Lang.EN, quotation=True)
    assert kinds(check(background, quoted, known["2602.06043"])) == {FaultKind.NO_FINDING}
    dated = next(said.strip("*") for said in report if "2026年2月4日" in said)
    morning = Source("Friday, 6 February 2026", known["2602.06043"].text)
    assert FaultKind.NUMBER in kinds(check(dated, line, morning))
    assert FaultKind.NUMBER not in kinds(check(dated.replace("4日", "6日"), line, morning))


@pytest.mark.real_data
def test_raw_tex_of_a_real_table_is_caught(real_data: Path) -> None:
    table = (real_data.parent / "reference" / "topic-tables-2025-10-11.md").read_text("utf-8")
    raw = [text for _, text in ROW.findall(table) if re.search(r"[$\\]", text)]
    assert len(raw) >= 30
    for text in raw:
        assert FaultKind.MARKUP in kinds(check(text, Field(Kind.ABSTRACT, Lang.ZH), words_of(text)))


@pytest.mark.real_data
def test_real_findings_that_leave_out_the_results_are_seen(real_data: Path) -> None:
    report = (real_data.parent / "reference" / "daily-report-2026-02-06.md").read_text("utf-8")
    found = {
        paper: omitted([line[2:] for line in findings.splitlines()], papers(real_data)[paper])
        for paper, findings in FINDINGS.findall(report)
    }
    assert {paper for paper, lacks in found.items() if lacks} >= {"2602.06043", "2602.06041"}
    assert not found["2602.04770"]
