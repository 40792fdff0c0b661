"""Two published papers, against a reference parse and by their known sections."""

import json
import re
import unicodedata
from difflib import SequenceMatcher
from functools import cache

import pytest
from pdf_texts import all_text, read

from jobs.fulltext.pdf import Cause, PdfLimits, Unreadable, read_pdf
from storage.models import PaperId
from storage.models.fulltext import Figure, Paragraph, Table, texts_of

pytestmark = pytest.mark.real_data

GRAPH, SPECTER = "N18-3011_arXiv1805.02262.pdf", "2020.acl-main.207_arXiv2004.07180.pdf"
MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")


@cache
def paper(folder, name):
    return read((folder / "pdf" / name).read_bytes())


@cache
def reference(folder):
    return json.loads((folder / "pdf" / "reference" / "N18-3011.json").read_text("utf-8"))[
        "pdf_parse"
    ]


def words(text):
    plain = unicodedata.normalize("NFKC", MARK.sub(" ", text)).casefold().replace("-", "")
    return re.findall(r"[^\W_]+", plain)


def prose_of(text):
    return [p.text for s in text.sections for p in s.passages if isinstance(p, Paragraph)]


def floats(text, kind):
    return {p.label for s in text.sections for p in s.passages if isinstance(p, kind)}


def test_every_section_of_the_reference_is_found_in_order(real_data):
    titles = list(
        dict.fromkeys(b["section"] for b in reference(real_data)["body_text"] if b["section"])
    )
    assert [s.title for s in paper(real_data, GRAPH).sections] == titles


def plain_text(reference):
    """The reference's body, without what it took for text: captions, rows, formulas, notes."""
    found = []
    for block in reference["body_text"]:
        text = block["text"]
        sound = block["section"] and not re.search(
            r"OE|LSTM\.|! k|Table \d :|Figure \d :|F1 Without", text
        )
        if sound and not text.startswith("Variants of this problem"):
            found.append(text)
    return " ".join(found)


def test_the_body_of_the_reference_is_there_in_order(real_data):
    expected = words(plain_text(reference(real_data)))
    got = words(" ".join(prose_of(paper(real_data, GRAPH))))
    same = SequenceMatcher(None, expected, got, autojunk=False).get_matching_blocks()
    assert len(expected) > 3500
    assert sum(block.size for block in same) >= 0.97 * len(expected)


def test_even_with_its_faults_the_reference_is_nearly_there(real_data):
    """Captions, rows, formulas and notes stand in its paragraphs, and in none of ours."""
    text = paper(real_data, GRAPH)
    blocks = (b["text"] for b in reference(real_data)["body_text"] if b["section"])
    expected = words(" ".join(blocks))
    said = " ".join(t for s in text.sections for p in s.passages for t in texts_of(p))
    same = SequenceMatcher(None, expected, words(said), autojunk=False).get_matching_blocks()
    assert sum(block.size for block in same) >= 0.95 * len(expected)


@pytest.mark.parametrize("name", [GRAPH, SPECTER])
def test_no_header_footer_or_page_number_is_in_a_paragraph(real_data, name):
    for text in prose_of(paper(real_data, name)):
        assert "Association for Computational Linguistics" not in text
        assert not re.search(r"\b(?:8[4-9]|9[01]|22[78]\d)\b(?! ?[%,.)–:])", text), text


def test_no_label_of_a_figure_is_in_a_paragraph(real_data):
    said = " ".join(prose_of(paper(real_data, SPECTER)))
    for label in ("Query paper", "Triplet loss ", "Transformer (initialized", "(a) SPECTER"):
        assert label not in said


def test_no_row_of_a_table_is_in_a_paragraph(real_data):
    for name in (GRAPH, SPECTER):
        for text in prose_of(paper(real_data, name)):
            assert not re.search(r"(?:\d\d\.\d ){3}", text)


def test_figures_and_tables_are_found(real_data):
    graph, specter = paper(real_data, GRAPH), paper(real_data, SPECTER)
    assert floats(graph, Figure) == {"Figure 1"}
    assert floats(graph, Table) == {f"Table {n}" for n in (1, 2, 3, 4)}
    assert floats(specter, Figure) == {"Figure 1", "Figure 2"}
    assert floats(specter, Table) == {f"Table {n}" for n in (1, 2, 3)}


def test_a_real_table_keeps_its_cells(real_data):
    tables = [
        p for s in paper(real_data, GRAPH).sections for p in s.passages if isinstance(p, Table)
    ]
    assert tables[0].markdown.splitlines()[:3] == [
        "| Field | Precision | Recall | F1 |",
        "| --- | --- | --- | --- |",
        "| title | 85.5 | 85.5 | 85.5 |",
    ]


def test_the_sections_of_a_paper_with_an_appendix(real_data):
    text = paper(real_data, SPECTER)
    assert [s.name for s in text.sections] == [
        "1 Introduction",
        "2 Model",
        "2.1 Overview",
        "2.2 Background: Pretrained Transformers",
        "2.3 Citation-Based Pretraining Objective",
        "2.4 Selecting Negative Distractors",
        "2.5 Inference",
        "3 SCIDOCS Evaluation Framework",
        "3.1 Document Classification",
        "3.2 Citation Prediction",
        "3.3 User Activity",
        "3.4 Recommendation",
        "4 Experiments",
        "5 Results",
        "6 Analysis",
        "7 Related Work",
        "8 Conclusions and Future Work",
        "Acknowledgements",
        "A Appendix A - Baseline Details",
    ]
    assert [s.appendix for s in text.sections] == [False] * 18 + [True]


def test_references_are_split_into_entries(real_data):
    assert len(paper(real_data, GRAPH).references) == 27
    entries = paper(real_data, SPECTER).references
    assert len(entries) == 57
    assert entries[0].startswith("Anant K. Agarwal, Ivan Zaitsev")
    assert all(re.search(r"\b(?:19|20)\d\d[a-z]?\b", entry) for entry in entries)


@pytest.mark.parametrize("name", [GRAPH, SPECTER])
def test_nothing_is_hidden_in_an_honest_paper(real_data, name):
    assert paper(real_data, name).hidden == ()


def test_titles_and_names_are_left_out(real_data):
    text = paper(real_data, GRAPH)
    assert text.abstract.startswith("We describe a deployed scalable system")
    assert text.abstract.endswith("www.semanticscholar.org.")
    assert "Groeneveld" not in all_text(text)


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("docling_corrupted.pdf", Cause.CORRUPTED),
        ("pikepdf_cyclic-toc_zero-pages.pdf", Cause.EMPTY),
        ("pikepdf_scan_image-only_congress.pdf", Cause.SCANNED),
        ("pypdf_enc_r4_aes_user-password.pdf", Cause.ENCRYPTED),
    ],
)
async def test_what_cannot_be_read_says_why(real_data, name, cause):
    with pytest.raises(Unreadable) as caught:
        await read_pdf((real_data / "pdf" / "nasty" / name).read_bytes(), PaperId("1"), 1)
    assert caught.value.cause is cause


async def test_what_needs_repair_is_read(real_data):
    content = (real_data / "pdf" / "nasty" / "pypdf_needs-repair_issue-297.pdf").read_bytes()
    assert (await read_pdf(content, PaperId("1"), 1)).characters > 0


async def test_a_real_paper_cut_to_its_first_pages(real_data):
    content = (real_data / "pdf" / GRAPH).read_bytes()
    text = await read_pdf(content, PaperId("1805.02262"), 1, PdfLimits(pages=3))
    assert (text.pages, text.lacks) == (8, "cut")
    assert [s.number for s in text.sections] == ["1", "2", "2.1", "2.2", "3"]
