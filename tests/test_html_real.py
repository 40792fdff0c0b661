"""Two real papers, read whole: what stands in their pages is counted by another hand."""

import re
from functools import cache

import pytest
from lxml import html

from jobs.fulltext.html import read
from storage.models import PaperId
from storage.models.fulltext import Equation, Figure, Paragraph, Table, texts_of

pytestmark = pytest.mark.real_data

PAPERS = ("1706.03762", "2004.14974")
TITLES = {
    "1706.03762": [
        "1 Introduction", "2 Background", "3 Model Architecture",
        "3.1 Encoder and Decoder Stacks", "3.2 Attention", "3.2.1 Scaled Dot-Product Attention",
        "3.2.2 Multi-Head Attention", "3.2.3 Applications of Attention in our Model",
        "3.3 Position-wise Feed-Forward Networks", "3.4 Embeddings and Softmax",
        "3.5 Positional Encoding", "4 Why Self-Attention", "5 Training",
        "5.1 Training Data and Batching", "5.2 Hardware and Schedule", "5.3 Optimizer",
        "5.4 Regularization", "6 Results", "6.1 Machine Translation", "6.2 Model Variations",
        "6.3 English Constituency Parsing", "7 Conclusion", "Attention Visualizations",
    ],
    "2004.14974": [
        "1 Introduction", "2 Background and task definition", "3 The SciFact dataset",
        "3.1 Data source and corpus construction", "3.2 Claim writing", "3.3 Claim verification",
        "4 The SciFact task", "5 VeriSci: Baseline model", "6 Experiments",
        "6.1 Pipeline components", "6.2 Full task", "6.3 Verifying claims about COVID-19",
        "6.4 Error analysis", "7 Related work", "8 Conclusion", "A Model implementation details",
        "A.1 Parameters for the final VeriSci system",
        "A.2 Training the RationaleSelection module",
        "A.3 Training the LabelPrediction module", "A.4 Additional Training details",
        "A.5 Hyperparameters search", "B Full task: additional performance measurements",
        "C Dataset collection and corpus statistics", "C.1 Annotation examples",
        "C.2 Annotators and quality control", "C.3 Corpus",
        "D Annotation interfaces and guidelines",
    ],
}  # fmt: skip
LABELS = {
    "1706.03762": {"Table 1", "Table 2", "Table 3", "Table 4"},
    "2004.14974": {f"Table {number}" for number in range(1, 9)},
}
WORD = re.compile(r"[A-Za-z]{2,}")


@cache
def content(folder, paper):
    return (folder / "html" / f"latexml_{paper}.html").read_bytes()


@cache
def text_of(folder, paper):
    return read(
        content(folder, paper), PaperId(paper), 1, base_url=f"https://arxiv.org/html/{paper}"
    )


def elements(folder, paper, name):
    root = html.fromstring(content(folder, paper).decode())
    return root.xpath(f"//*[contains(concat(' ', @class, ' '), ' {name} ')]")


def passages(text, kind):
    return [each for part in text.sections for each in part.passages if isinstance(each, kind)]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_section_is_there_in_order(real_data, paper):
    text = text_of(real_data, paper)
    assert [section.name for section in text.sections] == TITLES[paper]
    counted = sum(
        len(elements(real_data, paper, f"ltx_title_{kind}"))
        for kind in ("section", "subsection", "subsubsection", "appendix")
    )
    assert len(text.sections) == counted


def test_appendices_are_known(real_data):
    sections = text_of(real_data, "2004.14974").sections
    assert [each.name for each in sections if each.appendix] == TITLES["2004.14974"][15:]


@pytest.mark.parametrize("paper", PAPERS)
def test_every_table_is_there_with_its_label_and_all_its_words(real_data, paper):
    tables = passages(text_of(real_data, paper), Table)
    pages = elements(real_data, paper, "ltx_tabular")
    assert len(tables) == len(pages)
    assert {table.label for table in tables} == LABELS[paper]
    for table, page in zip(tables, pages, strict=True):
        lines = table.markdown.splitlines()
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
        shown = page.xpath(".//text()[not(ancestor::math or ancestor::*[@class='ltx_ERROR'])]")
        assert set(WORD.findall(" ".join(shown).replace("hdashline", ""))) - {"pt"} <= set(
            WORD.findall(table.markdown)
        )


def test_numbers_of_a_table_stand_under_their_headings(real_data):
    table = next(
        each for each in passages(text_of(real_data, "1706.03762"), Table)
        if each.label == "Table 2"
    )  # fmt: skip
    lines = [
        [cell.strip() for cell in line.split("|")[1:-1]] for line in table.markdown.split("\n")
    ]
    assert lines[0][1:3] == ["BLEU EN-DE", "BLEU EN-FR"]
    assert lines[-1][:3] == ["Transformer (big)", "28.4", "41.8"]


@pytest.mark.parametrize(("paper", "rows"), [("1706.03762", 7), ("2004.14974", 0)])
def test_every_displayed_formula_is_there(real_data, paper, rows):
    equations = passages(text_of(real_data, paper), Equation)
    shown = elements(real_data, paper, "ltx_eqn_row")
    assert len(shown) == rows
    said = " ".join(equation.tex for equation in equations)
    for row in shown:
        for formula in row.xpath(".//math/@alttext"):
            assert str(formula).removeprefix(r"\displaystyle").replace("%\n", " ").strip() in said
    numbers = [tag.text_content() for tag in elements(real_data, paper, "ltx_tag_equation")]
    assert [f"({each.number})" for each in equations if each.number] == numbers


@pytest.mark.parametrize("paper", PAPERS)
def test_every_figure_and_reference_is_there(real_data, paper):
    text = text_of(real_data, paper)
    labels = [
        tag.text_content().strip(" :") for tag in elements(real_data, paper, "ltx_tag_figure")
    ]
    assert [each.label for each in passages(text, Figure) if "Fig" in each.label] == labels
    assert len(text.references) == len(elements(real_data, paper, "ltx_bibitem"))


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paragraph_outside_the_front_is_said(real_data, paper):
    text = text_of(real_data, paper)
    said = " ".join(part for each in text.sections for p in each.passages for part in texts_of(p))
    said = f"{said} {text.abstract}"
    known = set(WORD.findall(said))
    for paragraph in elements(real_data, paper, "ltx_para"):
        words = paragraph.xpath(
            ".//text()[not(ancestor::math or ancestor::*[contains(@class, 'ltx_ERROR')])]"
        )
        missing = set(WORD.findall(" ".join(words))) - known
        assert missing <= {"Provided", "Google", "hereby", "grants", "permission", "journalistic",
                           "scholarly", "pt", "tables", "figures", "proper", "works",
                           "provided", "reproduce", "attribution"}  # fmt: skip


@pytest.mark.parametrize("paper", PAPERS)
def test_nothing_of_the_page_around_the_paper_is_said(real_data, paper):
    text = text_of(real_data, paper)
    said = " ".join(each.text for each in passages(text, Paragraph))
    for noise in ("LaTeXML", "footnotemark", "Generated on", "ltx_", "\\AND", "grants permission"):
        assert noise not in said
    assert text.hidden == ()


def test_the_address_of_the_code_is_named(real_data):
    assert "https://github.com/tensorflow/tensor2tensor" in text_of(real_data, "1706.03762").links
