"""The tree in arXiv's search syntax: checked by words and by what it finds."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from arxiv_server_query import compile_query
from fakes import invented_paper
from hypothesis import given
from hypothesis import strategies as st

from jobs.arxiv_query import submitted_within, to_arxiv
from storage.errors import UserError
from storage.syntax import And, Author, Category, Field, Not, Or, PaperRef, Text

LORA = Text("LoRA", Field.TITLE)
SURVEY = Text("survey", Field.TITLE)
CV, LG = Category("cs.CV"), Category("cs.LG")


@pytest.mark.parametrize(
    ("node", "query"),
    [
        (LORA, "ti:LoRA"),
        (Text("LoRA"), "(ti:LoRA OR abs:LoRA)"),
        (Text("continual learning", Field.ABSTRACT, phrase=True), 'abs:"continual learning"'),
        (Text("adapt", Field.TITLE, prefix=True), "ti:adapt*"),
        (Text("vision-lang", Field.TITLE, prefix=True), "(ti:vision AND ti:lang*)"),
        (Text("C++", Field.TITLE), 'ti:"C++"'),
        (Text("OR", Field.TITLE), 'ti:"OR"'),
        (Text('a "quoted" word', Field.TITLE, phrase=True), 'ti:"a quoted word"'),
        (CV, "cat:cs.CV"),
        (Category("cs.*"), "cat:cs.*"),
        (Author("Tolan Brisk"), 'au:"Tolan Brisk"'),
        (Author("Brisk"), "au:Brisk"),
        (And((CV, LORA)), "(cat:cs.CV AND ti:LoRA)"),
        (Or((CV, LG)), "(cat:cs.CV OR cat:cs.LG)"),
        (And((CV, Not(SURVEY))), "(cat:cs.CV ANDNOT ti:survey)"),
        (And((Not(SURVEY), CV, LORA)), "((cat:cs.CV AND ti:LoRA) ANDNOT ti:survey)"),
        (And((CV, Not(Or((LORA, SURVEY))))), "(cat:cs.CV ANDNOT (ti:LoRA OR ti:survey))"),
        (And((CV, Or((LORA, Not(SURVEY))))), "(cat:cs.CV ANDNOT (ti:survey ANDNOT ti:LoRA))"),
        (Not(Not(CV)), "cat:cs.CV"),
    ],
)
def test_a_tree_is_written_in_arxivs_syntax(node, query):
    assert to_arxiv(node) == query


@pytest.mark.parametrize(
    "node", [Not(CV), And((Not(CV), Not(LORA))), Or((CV, Not(LORA))), Not(And((CV, LORA)))]
)
def test_everything_but_something_cannot_be_asked_of_arxiv(node):
    with pytest.raises(UserError) as raised:
        to_arxiv(node)
    assert raised.value.key == "search.only-negation"


def test_an_id_within_a_query_is_refused():
    with pytest.raises(UserError) as raised:
        to_arxiv(And((CV, PaperRef("2602.06043"))))
    assert raised.value.key == "search.id-in-query"


def test_a_span_of_submission_is_written_in_gmt():
    beijing = timezone(timedelta(hours=8))
    span = (datetime(2026, 2, 6, 7, 30, tzinfo=beijing), datetime(2026, 2, 6, 12, tzinfo=UTC))
    assert submitted_within(span) == "submittedDate:[202602052330 TO 202602061200]"


WORDS = ("lora", "survey", "splat")
PAPERS = [
    invented_paper(
        f"2602.{number:05}",
        title=" ".join(word for bit, word in enumerate(WORDS) if number >> bit & 1) or "none",
        abstract="nothing",
        primary_category="cs.CV" if number >> 3 & 1 else "cs.LG",
    )
    for number in range(16)
]
LEAVES = st.sampled_from([*(Text(word, Field.TITLE) for word in WORDS), CV])


def _groups(children):
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.one_of(several.map(And), several.map(Or), children.map(Not))


def _holds(node, paper):
    match node:
        case Text(text):
            return text in paper["title"].split()
        case Category(pattern):
            return pattern in paper["categories"]
        case And(children):
            return all(_holds(child, paper) for child in children)
        case Or(children):
            return any(_holds(child, paper) for child in children)
        case Not(child):
            return not _holds(child, paper)


@given(st.recursive(LEAVES, _groups, max_leaves=12))
def test_the_query_finds_what_the_tree_means(node):
    """arXiv has no complement; the compiler must find another way or say that there is none."""
    # A paper that has none of the words and categories belongs to a complement only.
    stranger = invented_paper("2602.99999", title="none", primary_category="math.AG")
    expected = [paper["id"] for paper in PAPERS if _holds(node, paper)]
    if _holds(node, stranger):
        with pytest.raises(UserError):
            to_arxiv(node)
    else:
        matches = compile_query(to_arxiv(node))
        assert [paper["id"] for paper in PAPERS if matches(paper)] == expected
