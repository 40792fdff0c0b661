"""The search index: each leaf of a topic finds the papers that it should, and no other."""

import json
import lzma
from functools import cache
from pathlib import Path

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from storage.search import (
    DayIndex,
    IndexedPaper,
    all_rows,
    create_index,
    index_papers,
    leaf_rows,
    text_scores,
    unindex,
)
from storage.syntax import Author, Category, Field, PaperRef, Text
from storage.words import fold, words

PAPERS = (
    IndexedPaper(
        row=1,
        paper_id="2602.00001",
        title="Adapting Vision Models to Poincaré Balls",
        abstract="We adapt networks in modern C++ with low-rank updates (see Section c).",
        authors=("Odile Brandt-Lefèvre", "Xiangyu Tarn"),
        categories=("cs.CV", "cs.LG"),
    ),
    IndexedPaper(
        row=2,
        paper_id="astro-ph/0601001",
        title="Domain Adaptation of Text-to-Image Diffusion",
        abstract="A text for an image. The rank is low; vision is left to others, GPT-4o too.",
        authors=("Søren Łucki", "Kaito He", "D'Arcy Stone"),
        categories=("eess.IV", "cs.CV"),
    ),
    IndexedPaper(
        row=3,
        paper_id="2602.00003",
        title="A C# Compiler for a Straße",
        abstract="Programs adapt. Nothing about pictures; data is NOT shown.",
        authors=("He Lindqvist", "Xiangyu Brandt", "韩梅"),
        categories=("cs.PL",),
    ),
)


@pytest.fixture(scope="module")
def index():
    with DayIndex() as filled:
        filled.add(PAPERS)
        yield filled


@pytest.mark.parametrize(
    ("leaf", "rows"),
    [
        (Text("adaptation"), {1, 2, 3}),
        (Text("adapting", Field.TITLE), {1, 2}),
        (Text("adapts", Field.ABSTRACT), {1, 3}),
        (Text("VISION"), {1, 2}),
        (Text("low rank", phrase=True), {1}),
        (Text("low-rank", phrase=True), {1}),
        (Text("text-to-image", phrase=True), {2}),
        (Text("GPT-4o", phrase=True), {2}),
        (Text("adaptat", prefix=True), {2}),
        (Text("adapti", Field.TITLE, prefix=True), {1}),
        (Text("text-to-im", phrase=True, prefix=True), {2}),
        (Text("poincare"), {1}),
        (Text("Poincaré"), {1}),
        (Text("strasse"), {3}),
        (Text("straße"), {3}),
        (Text("C++"), {1}),
        (Text("C#"), {3}),
        (Text("c"), {1}),
        (Text("NOT"), {3}),
        (Text("++"), set()),
        (Text(""), set()),
        (Category("cs.CV"), {1, 2}),
        (Category("cs.*"), {1, 2, 3}),
        (Category("eess.*"), {2}),
        (Category("cs"), set()),
        (PaperRef("2602.00001"), {1}),
        (PaperRef("astro-ph/0601001"), {2}),
        (PaperRef("2602.99999"), set()),
    ],
)
def test_a_leaf_finds_its_papers(index, leaf, rows):
    assert index.rows(leaf) == rows


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("Xiangyu Tarn", {1}),
        ("tarn, xiangyu", {1}),
        ("He Xiangyu", set()),
        ("Tarn Brandt", set()),
        ("Brandt", {1, 3}),
        ("Brandt Lefevre", {1}),
        ("Brandt-Lefèvre", {1}),
        ("O. Brandt", {1}),
        ("X. Brandt", {3}),
        ("K. He", {2}),
        ("He", {2, 3}),
        ("Soren Lucki", {2}),
        ("Søren Łucki", {2}),
        ("S. Łucki", {2}),
        ("D'Arcy", {2}),
        ("brand", set()),
        ("Brandts", set()),
        ("韩梅", {3}),
        ("...", set()),
    ],
)
def test_an_author_is_found_within_one_entry_of_the_list(index, name, rows):
    assert index.rows(Author(name)) == rows


ODD = st.text(st.sampled_from("aC+#*\"'():-^{}[]~\\/ NOTANDé\x00\ud800\u0301İ韩"), max_size=12)


@given(ODD, st.sampled_from(Field), st.booleans())
def test_no_text_is_a_syntax_error(text, field, prefix):
    with DayIndex() as index:
        index.add(PAPERS[:1])
        leaf = Text(text, field, prefix=prefix)
        assert index.rows(leaf) <= {1}
        assert index.rows(Author(text)) <= {1}
        assert set(index.scores([leaf], [1])) <= {1}


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing_that_is_searched(text):
    assert words(" ".join(words(text))) == words(text)


def test_letters_that_unicode_does_not_take_apart_are_folded():
    assert (
        fold("Ørsted Łódź Æther Đorđe Weiß ıspanak ﬁne")
        == "orsted lodz aether dorde weiss ispanak fine"
    )


def test_a_hit_in_the_title_counts_more_than_in_the_abstract(index):
    scores = index.scores([Text("vision"), Text("diffusion")], [1, 2, 3])
    assert set(scores) == {1, 2}
    assert all(score > 0 for score in scores.values())
    by_vision = index.scores([Text("vision")], [1, 2, 3])
    assert by_vision[1] > by_vision[2]


def test_scores_are_given_for_the_asked_rows_only(index):
    assert set(index.scores([Text("vision")], [2])) == {2}
    assert index.scores([Text("vision")], []) == {}
    assert index.scores([], [1, 2]) == {}


def test_beginnings_of_words_count_like_words(index):
    scores = index.scores([Text("poinc", prefix=True), Text("balls")], [1, 2, 3])
    assert scores[1] > index.scores([Text("balls")], [1])[1]


def test_a_query_of_hundreds_of_words_has_scores(index):
    many = [Text(f"word{i}") for i in range(500)]
    assert set(index.scores([*many, Text("vision")], [1, 2, 3])) == {1, 2}


@pytest.fixture
def stored():
    tx = sqlite_utils.Database(memory=True)
    create_index(tx)
    with tx.atomic():
        index_papers(tx, PAPERS)
    yield tx
    tx.close()


def test_the_main_database_answers_as_the_days_index_does(stored, index):
    leaves = [Text("adapt"), Author("Brandt"), Category("cs.*"), PaperRef("2602.00003")]
    assert [leaf_rows(stored, leaf) for leaf in leaves] == [index.rows(leaf) for leaf in leaves]
    assert text_scores(stored, [Text("vision")], [1, 2]) == index.scores([Text("vision")], [1, 2])
    assert all_rows(stored) == index.universe == {1, 2, 3}


def test_a_renewed_paper_is_found_by_its_new_text_alone(stored):
    renewed = IndexedPaper(1, "2602.00001", "Of Bees", "Honey.", ("Ute Falk",), ("q-bio.PE",))
    with stored.atomic():
        index_papers(stored, [renewed])
    gone = (Text("poincare"), Text("poinc", prefix=True), Author("Tarn"), Category("cs.LG"))
    assert [leaf_rows(stored, leaf) for leaf in gone] == [frozenset()] * 4
    new = (Text("bee"), Text("hon", prefix=True), Author("Falk"), Category("q-bio.PE"))
    assert [leaf_rows(stored, leaf) for leaf in new] == [frozenset({1})] * 4
    assert_sound(stored)


def test_a_paper_taken_out_leaves_nothing_behind(stored):
    with stored.atomic():
        for row in (1, 2, 3, 4):
            unindex(stored, row)
    for table in ("paper_text", "paper_stem", "paper_author", "paper_category", "paper_ref"):
        assert stored.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert leaf_rows(stored, Text("a", prefix=True)) == frozenset()
    assert_sound(stored)


def assert_sound(tx):
    for table in ("paper_stem", "paper_word", "paper_author"):
        tx.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")


def test_the_readable_text_is_kept_as_it_was_given(stored):
    found = stored.execute("SELECT title FROM paper_text WHERE paper = 1").fetchone()
    assert found == ("Adapting Vision Models to Poincaré Balls",)


def test_the_index_forgets_its_answers_when_papers_are_added():
    with DayIndex() as index:
        index.add(PAPERS[:1])
        assert index.rows(Text("adapt")) == {1}
        index.add(PAPERS[1:])
        assert index.rows(Text("adapt")) == {1, 2, 3}
        assert index.universe == {1, 2, 3}


def test_a_paper_with_thousands_of_authors_keeps_them_to_itself():
    crowd = tuple(f"Member{i} Collaboration" for i in range(5000))
    with DayIndex() as index:
        index.add(
            [
                IndexedPaper(1, "a", "t", "a", crowd, ()),
                IndexedPaper(2, "b", "t", "a", ("Una Solo",), ()),
            ]
        )
        assert index.rows(Author("Member4999")) == {1}
        assert index.rows(Author("Una Solo")) == {2}


@cache
def sample(real_data: Path, size: int) -> tuple[IndexedPaper, ...]:
    with lzma.open(
        real_data / "papers" / "papers-2026-q1.jsonl.xz", "rt", encoding="utf-8"
    ) as lines:
        papers = [json.loads(line) for line in lines]
    step = len(papers) // size
    return tuple(
        IndexedPaper(
            row, p["id"], p["title"], p["abstract"], tuple(p["authors"]), tuple(p["categories"])
        )
        for row, p in enumerate(papers[::step][:size])
    )


@pytest.mark.real_data
def test_real_papers_are_found_as_a_plain_reading_finds_them(real_data):
    papers = sample(real_data, 3000)
    with DayIndex() as index:
        index.add(papers)
        for word in ("federated", "splatting", "kolmogorov", "3d"):
            plainly = {p.row for p in papers if word in (*words(p.title), *words(p.abstract))}
            assert plainly <= index.rows(Text(word))
            assert plainly, word
        for prefix in ("adapti", "splat", "hallucin"):
            plainly = {
                p.row
                for p in papers
                if any(w.startswith(prefix) for w in (*words(p.title), *words(p.abstract)))
            }
            assert index.rows(Text(prefix, prefix=True)) == plainly
        for paper in papers[::50]:
            assert paper.row in index.rows(Author(paper.authors[-1]))
            assert index.rows(PaperRef(paper.paper_id)) == {paper.row}
            assert paper.row in index.rows(Text(paper.title, Field.TITLE, phrase=True))
