"""Matching: sets of rows combined as the tree says, with the reasons for each match."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.matching import Matched, evaluate, match, positive_texts, reasons
from jobs.topics import asked_node, parse
from storage.search import DayIndex, IndexedPaper
from storage.syntax import And, Author, Category, Field, Leaf, Node, Not, Or, PaperRef, Text

DEFAULTS = ("cs.LG", "cs.CV")
PAPERS = (
    IndexedPaper(
        row=1,
        paper_id="2602.00001",
        title="Continual Learning with LoRA",
        abstract="We learn without forgetting in vision.",
        authors=("Mira Okafor", "Jonas Weil"),
        categories=("cs.LG", "cs.CV"),
    ),
    IndexedPaper(
        row=2,
        paper_id="2602.00002",
        title="A Survey of Adapters",
        abstract="Continual learning and LoRA are reviewed.",
        authors=("Jonas Okafor",),
        categories=("cs.CL", "cs.LG"),
    ),
    IndexedPaper(
        row=3,
        paper_id="2602.00003",
        title="Robots That Forget",
        abstract="A study.",
        authors=("Li Arden",),
        categories=("cs.RO",),
    ),
)


@pytest.fixture(scope="module")
def index():
    with DayIndex() as filled:
        filled.add(PAPERS)
        yield filled


def topic(text):
    return parse(text, default_categories=DEFAULTS)


def found(text, index):
    return {m.row: m.reasons for m in match({"t": topic(text)}, index)["t"]}


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('"continual learning" LoRA', {1, 2}),
        ('"continual learning" NOT survey', {1}),
        ("NOT survey", {1}),
        ("cs.* NOT survey", {1, 3}),
        ("cs.* -LoRA -robots", set()),
        ("NOT (survey OR cs.CV) cs.*", {3}),
        ("cs.RO OR cs.CL", {2, 3}),
        ("forgetting", {1}),
        ("forget cs.*", {1, 3}),
        ('author:"Jonas Okafor"', {2}),
        ("id:2602.00003", {3}),
    ],
)
def test_a_topic_finds_its_papers(index, text, rows):
    assert set(found(text, index)) == rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '"continual learning" LoRA NOT robots',
            {
                1: ("ti: continual learning", "ti: LoRA"),
                2: ("abs: continual learning", "abs: LoRA"),
            },
        ),
        ("adapt*", {2: ("ti: adapt*",)}),
        ("cs.LG LoRA", {1: ("ti: LoRA", "cs.LG"), 2: ("abs: LoRA", "cs.LG")}),
        ("cs.*", {1: ("cs.*",), 2: ("cs.*",), 3: ("cs.*",)}),
        (
            "(author:Arden OR (robots AND survey)) cs.*",
            {3: ("author: Arden", "cs.*")},
        ),
        (
            "(LoRA vision) OR (LoRA survey)",
            {1: ("ti: LoRA", "abs: vision"), 2: ("ti: survey", "abs: LoRA")},
        ),
        ("NOT survey", {1: ()}),
        ("-cs.RO abs:LoRA", {2: ("abs: LoRA",)}),
        ("id:2602.00003", {3: ("id: 2602.00003",)}),
        (
            'ti:continual OR ti:"continual learning" OR LoRA',
            {1: ("ti: continual", "ti: continual learning", "ti: LoRA"), 2: ("abs: LoRA",)},
        ),
        ('ti:"continual learning" OR ti:continual', {1: ("ti: continual learning",)}),
        (
            "continual learn LoRA forget vision",
            {1: ("ti: continual", "ti: learn", "ti: LoRA", "abs: forget")},
        ),
    ],
)
def test_a_match_carries_the_words_that_made_it(index, text, expected):
    assert found(text, index) == expected
    node = asked_node(topic(text))
    assert {row: reasons(node, row, index.rows) for row in expected} == expected


def test_a_preset_gives_its_words_as_reasons_not_its_categories(index):
    why = found("continual-learning", index)
    assert why[1][0] == "ti: continual learning"
    assert not any(reason.startswith("cs.") for because in why.values() for reason in because)


def test_a_paper_that_does_not_match_has_no_reasons(index):
    assert reasons(Text("LoRA"), 3, index.rows) == ()


def test_papers_with_the_words_in_the_title_score_higher(index):
    first, second = match({"t": topic("LoRA OR vision")}, index)["t"]
    assert (first.row, second.row) == (1, 2)
    assert first.score > second.score > 0


def test_a_category_alone_has_no_scores(index):
    assert match({"t": topic("cs.RO")}, index) == {"t": (Matched(3, 0.0, ("cs.RO",)),)}


def test_what_is_excluded_is_no_measure_of_relevance():
    assert positive_texts(topic("a b -c NOT (d OR NOT e)").node) == (
        Text("a"),
        Text("b"),
        Text("e"),
    )


@dataclass
class CountingIndex:
    """An index that remembers what it was asked."""

    index: DayIndex
    asked: list[Leaf]
    scored: int = 0

    def rows(self, leaf: Leaf) -> frozenset[int]:
        self.asked.append(leaf)
        return self.index.rows(leaf)

    def scores(self, texts: Sequence[Text], rows: Collection[int]) -> Mapping[int, float]:
        self.scored += 1
        return self.index.scores(texts, rows)

    @property
    def universe(self) -> frozenset[int]:
        return self.index.universe


def test_each_distinct_topic_is_scored_once(index):
    counting = CountingIndex(index, [])
    matched = match({text: topic(text) for text in ('"LoRA"', "vision", "zebra")}, counting)
    assert {key: len(rows) for key, rows in matched.items()} == {
        '"LoRA"': 2,
        "vision": 1,
        "zebra": 0,
    }
    assert counting.scored == 2


WORDS = ("red", "green", "blue", "grey")
LEAVES = st.one_of(
    st.builds(Text, st.sampled_from(WORDS), st.sampled_from(Field)),
    st.builds(Text, st.sampled_from(["red green", "blue red"]), phrase=st.just(value=True)),
    st.builds(Text, st.sampled_from(["r", "gr", "gre"]), prefix=st.just(value=True)),
    st.builds(Category, st.sampled_from(["cs.CV", "cs.LG", "cs.*", "stat.*"])),
    st.builds(Author, st.sampled_from(["Ana Berg", "Berg", "Ben", "B. Ana"])),
    st.builds(PaperRef, st.sampled_from(["p0", "p1", "p9"])),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda c: And(tuple(c))),
        st.lists(inner, min_size=2, max_size=3).map(lambda c: Or(tuple(c))),
    ),
    max_leaves=8,
)
SENTENCES = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
DOCUMENTS = st.lists(
    st.tuples(
        SENTENCES,
        SENTENCES,
        st.lists(st.sampled_from(["Ana Berg", "Ben Ana", "Berg Ben"]), max_size=2),
        st.lists(st.sampled_from(["cs.CV", "cs.LG", "stat.ML"]), max_size=2),
    ),
    min_size=1,
    max_size=5,
)


def holds(node: Node, paper: IndexedPaper) -> bool:  # noqa: PLR0911 -- one line a kind of node
    """The plainest reading of a tree, one paper at a time."""
    match node:
        case And(children):
            return all(holds(child, paper) for child in children)
        case Or(children):
            return any(holds(child, paper) for child in children)
        case Not(child):
            return not holds(child, paper)
        case Category(pattern):
            return any(
                c == pattern or (pattern[-1] == "*" and c.startswith(pattern[:-1]))
                for c in paper.categories
            )
        case PaperRef(paper_id):
            return paper.paper_id == paper_id
        case Author(name):
            parts = name.lower().replace(".", "").split()
            return any(
                all(
                    any(w == p or (len(p) == 1 and w[0] == p) for w in entry.lower().split())
                    for p in parts
                )
                for entry in paper.authors
            )
        case Text(field=field):
            texts = {Field.TITLE: [paper.title], Field.ABSTRACT: [paper.abstract]}
            return any(
                contains(text, node) for text in texts.get(field, [paper.title, paper.abstract])
            )


def contains(text: str, leaf: Text) -> bool:
    if leaf.prefix:
        return any(word.startswith(leaf.text) for word in text.split())
    return f" {leaf.text} " in f" {text} "


@given(TREES, DOCUMENTS)
def test_evaluation_agrees_with_reading_each_paper(node, documents):
    papers = [
        IndexedPaper(row, f"p{row}", title, abstract, tuple(authors), tuple(categories))
        for row, (title, abstract, authors, categories) in enumerate(documents)
    ]
    with DayIndex() as index:
        index.add(papers)
        rows = evaluate(node, index.rows, index.universe)
        assert rows == {paper.row for paper in papers if holds(node, paper)}
        for paper in papers:
            assert len(reasons(node, paper.row, index.rows)) <= (4 if paper.row in rows else 0)
