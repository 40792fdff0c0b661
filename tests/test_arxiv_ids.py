"""Ids and links that people paste."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.arxiv_ids import parse_paper_id


@pytest.mark.parametrize(
    ("text", "paper", "version"),
    [
        ("2602.06043", "2602.06043", None),
        ("2602.06043v2", "2602.06043", 2),
        ("2602.06043V12", "2602.06043", 12),
        ("0704.0001", "0704.0001", None),
        ("1412.9999v1", "1412.9999", 1),
        ("2702.123456", "2702.123456", None),
        ("arXiv:2602.06043", "2602.06043", None),
        ("ARXIV: 2602.06043v3", "2602.06043", 3),
        ("arXiv:2602.06043v2 [cs.CV] 5 Feb 2026", "2602.06043", 2),
        ("oai:arXiv.org:2602.04994v1", "2602.04994", 1),
        ("2602.06043v1.pdf", "2602.06043", 1),
        ("https://arxiv.org/abs/2602.06043", "2602.06043", None),
        ("http://www.arxiv.org/pdf/2602.06043v1.pdf", "2602.06043", 1),
        ("https://arxiv.org/pdf/2602.06043", "2602.06043", None),
        ("https://arxiv.org/html/2602.06043v1#S3.T1", "2602.06043", 1),
        ("https://export.arxiv.org/abs/2602.06043?context=cs.CV", "2602.06043", None),
        ("arxiv.org/abs/2602.06043/", "2602.06043", None),
        ("https://www.alphaxiv.org/overview/2602.06043", "2602.06043", None),
        ("https://alphaxiv.org/abs/2602.06043v1", "2602.06043", 1),
        ("https://huggingface.co/papers/2602.06043", "2602.06043", None),
        ("https://ar5iv.labs.arxiv.org/html/2602.06043", "2602.06043", None),
        ("https://papers.cool/arxiv/2602.06043", "2602.06043", None),
        ("https://doi.org/10.48550/arXiv.2602.06043", "2602.06043", None),
        ("<https://arxiv.org/abs/2602.06043|arxiv.org/abs/2602.06043>", "2602.06043", None),
        ("  (2602.06043).\n", "2602.06043", None),
        ("「2602.06043」，", "2602.06043", None),
        ("【arXiv：2602.06043】", "2602.06043", None),
        ("２６０２．０６０４３ｖ２", "2602.06043", 2),
        ("astro-ph/0601001", "astro-ph/0601001", None),
        ("astro-ph/0601001v1", "astro-ph/0601001", 1),
        ("math.GT/0309136v2", "math/0309136", 2),
        ("cond-mat.mtrl-sci/0102536", "cond-mat/0102536", None),
        ("https://arxiv.org/abs/hep-th/9901001v3", "hep-th/9901001", 3),
        ("http://arxiv.org/pdf/math.GT/0309136", "math/0309136", None),
    ],
)
def test_every_form_of_an_id_names_the_same_paper(text, paper, version):
    assert parse_paper_id(text) == (paper, version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "continual learning",
        "12345",
        "2602.0604",
        "1412.06043",
        "0808.05394",
        "2613.00001",
        "2600.00001",
        "0703.0001",
        "2602.06043v0",
        "2602.06043abc",
        "2602.06043 2602.06044",
        "12602.06043",
        "and/0601001",
        "math/0313001",
        "math/0704001",
        "https://arxiv.org/list/cs.CV/new",
        "https://arxiv.org.example.com/abs/2602.06043",
        "https://notarxiv.org/abs/2602.06043",
        "https://example.com/?u=arxiv.org/abs/2602.06043",
        "10.1000/2602.06043",
        "٢٦٠٢.٠٦٠٤٣",
        "2602.06043" + " " * 400,
    ],
)
def test_junk_names_no_paper(text):
    assert parse_paper_id(text) is None


@given(st.text(max_size=400))
@example("[" * 299)
@example("a-" * 140)
def test_no_text_upsets_the_reader_of_ids(text):
    result = parse_paper_id(text)
    assert result is None or parse_paper_id(result[0]) == (result[0], None)


@given(st.integers(15, 89), st.integers(1, 12), st.integers(0, 99999), st.integers(1, 999))
def test_ids_come_back_as_they_went_in(year, month, number, version):
    paper = f"{year:02}{month:02}.{number:05}"
    assert parse_paper_id(f"https://arxiv.org/abs/{paper}v{version}") == (paper, version)
