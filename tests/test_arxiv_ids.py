"""Ids and links that people paste."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jobs.arxiv_ids import first_paper_id, leading_paper_id, parse_paper_id, split_paper_ids


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
        ("2602.06043 v2", "2602.06043", 2),
        ("arXiv 2602.06043", "2602.06043", None),
        ("10.48550/arXiv.2602.06043", "2602.06043", None),
        ("**2602.06043**", "2602.06043", None),
        ("*https://arxiv.org/abs/2602.06043v2*", "2602.06043", 2),
        ("https://arxiv.org/pdf/2602.06043v2.PDF", "2602.06043", 2),
        ("https://arxiv.org/html/2602.06043v1/x1.png", "2602.06043", 1),
        ("https://www.alphaxiv.org/zh/overview/2602.06043v1", "2602.06043", 1),
        ("https://huggingface.co/papers/2602.06043/discussions", "2602.06043", None),
        ("<https://arxiv.org/abs/2602.06043|this paper>", "2602.06043", None),
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
        "2602.060431",
        "2602.06043v0",
        "2602.06043v2.5",
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


FOUND = [
    ("论文：https://arxiv.org/abs/2602.06043v1很好", ("2602.06043", 1)),
    ("论文2602.06043v2的方法", ("2602.06043", 2)),
    ("Look: **[Paper](https://arxiv.org/abs/2602.06043v3)**.", ("2602.06043", 3)),
    ("It is *2602.06043*, and _2602.06044_", ("2602.06043", None)),
    ("arXiv:2602.06043v2 [cs.CV] 6 Feb 2026", ("2602.06043", 2)),
    ("version 2.1 of 2026.02.06: see doi 10.48550/arXiv.2602.06043.", ("2602.06043", None)),
    ("Have you seen 2602.06043?", ("2602.06043", None)),
]


@pytest.mark.parametrize(("text", "named"), FOUND)
def test_a_longer_text_is_searched(text, named):
    assert first_paper_id(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "on 2026-02-06, 2026.02.06 and 06.02.2026 at 12:30",
        "python 3.11.7, torch 2.6.0, v1.2602.06043",
        "2602.060431 and 12602.06043 and 2602.06043.1",
        "it costs $1012.2345, or 1012.2345% more, -1012.2345 in all, 1,012.2345",
        "10.1000/2602.06043 and https://example.com/2602.06043",
        "https://example.com/?u=https://arxiv.org/abs/2602.06043",
        "https://notarxiv.org/abs/2602.06043",
        "run_2602.06043_a in /data/2602.06043",
        "cs/0112017a and and/or/0112017",
    ],
)
def test_other_numbers_are_no_papers(text):
    assert first_paper_id(text) is None


def test_a_text_is_split_into_papers_and_the_rest():
    papers, rest = split_paper_ids("2602.06043和arXiv: 2602.06044v2 zh, 2602.06043")
    assert papers == [("2602.06043", None), ("2602.06044", 2)]
    assert rest.split() == ["和", "zh,"]


@pytest.mark.parametrize(
    ("text", "named", "rest"),
    [
        ("arXiv: 2602.06043 v1 what data?", ("2602.06043", 1), "what data?"),
        ("《2602.06043》：什么是伪秩?", ("2602.06043", None), "什么是伪秩?"),
        ("2602.06043", ("2602.06043", None), ""),
        ("how does it differ from 2602.06043?", None, "how does it differ from 2602.06043?"),
    ],
)
def test_a_text_may_begin_with_its_paper(text, named, rest):
    assert leading_paper_id(text) == (named, rest)


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


months = st.builds("{:02}{:02}".format, st.integers(15, 60), st.integers(1, 12))
ids = st.builds("{}.{:05}".format, months, st.integers(0, 99_999))
versions = st.none() | st.integers(1, 99)
around = st.text(alphabet=" \n，。（）()<>[]*_~“”论文是很", max_size=12)


@given(ids, versions, around, around)
def test_an_id_is_found_wherever_it_stands(paper, version, before, behind):
    written = paper if version is None else f"{paper}v{version}"
    for text in (written, f"https://arxiv.org/abs/{written}", f"arXiv:{written}"):
        assert first_paper_id(f"{before}{text}{behind}") == (paper, version)


@given(ids, st.from_regex(r"[0-9A-Za-z./%-]", fullmatch=True), st.text("0123456789", min_size=1))
def test_an_id_within_something_longer_is_none(paper, glue, digits):
    assert first_paper_id(f"{digits}{paper}") is None
    assert first_paper_id(f"{digits}{glue}{paper}") is None
    assert first_paper_id(f"{paper}.{digits}") is None
    assert first_paper_id(f"{paper}-{digits}") is None
    assert first_paper_id(f"{paper}x{digits}") is None


@given(st.text(max_size=300))
@example("arXiv: 2602.06043v1 [cs.CV]")
@example("<https://arxiv.org/abs/2602.06043|2602.06043>")
def test_a_text_that_is_a_paper_is_found_to_name_it(text):
    whole = parse_paper_id(text)
    assert whole is None or first_paper_id(text) == whole == leading_paper_id(text)[0]


@given(st.from_regex(r"[0-9]{1,6}\.[0-9]{1,8}", fullmatch=True))
def test_a_number_is_a_paper_only_where_such_an_id_can_be(number):
    month, _, rest = number.partition(".")
    can_be = len(month) == 4 and 1 <= int(month[2:]) <= 12 and len(rest) in (4, 5, 6)
    assert can_be or first_paper_id(f"It measures {number} in all.") is None
