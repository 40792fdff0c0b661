"""Which papers a topic holds for, and which of its words say so.

Pure: sets of rows, combined. What a single leaf finds comes from the index that is given
(`storage.search.DayIndex`, or the main database's). Orders nothing: `jobs.ranking` does.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from jobs.topics import asked_node
from storage.models import Topic
from storage.syntax import And, Author, Category, Field, Leaf, Node, Not, Or, PaperRef, Text, leaves

RowsOf = Callable[[Leaf], frozenset[int]]
"""What a leaf finds."""

_MOST_REASONS = 4


class Index(Protocol):
    """Papers that leaves can be asked of."""

    def rows(self, leaf: Leaf) -> frozenset[int]:
        """The rows that `leaf` holds for."""
        ...

    def scores(self, texts: Sequence[Text], rows: Collection[int]) -> Mapping[int, float]:
        """How well the rows fit the words; higher is better."""
        ...

    @property
    def universe(self) -> frozenset[int]:
        """All rows."""
        ...


@dataclass(frozen=True, slots=True)
class Matched:
    """One paper that a topic holds for."""

    row: int
    score: float
    """bm25 of the topic's words; 0 for a topic without any."""
    reasons: tuple[str, ...]


def evaluate(node: Node, rows_of: RowsOf, universe: frozenset[int]) -> frozenset[int]:
    """The rows of `universe` that the tree holds for."""
    match node:
        case And(children):
            for child in children:
                universe = evaluate(child, rows_of, universe)
            return universe
        case Or(children):
            return frozenset().union(*(evaluate(c, rows_of, universe) for c in children))
        case Not(child):
            return universe - evaluate(child, rows_of, universe)
        case _:
            return rows_of(node) & universe


def match(topics: Mapping[str, Topic], index: Index) -> dict[str, tuple[Matched, ...]]:
    """For each topic, under its key, the papers that it holds for, by ascending row."""
    return {key: _matched(topic, index) for key, topic in topics.items()}


def reasons(node: Node, row: int, rows_of: RowsOf) -> tuple[str, ...]:
    """The words, authors and categories of the tree that this paper has; at most four.

    As `ti: continual learning`, `author: Grace Hopper`, `cs.CV`. Only alternatives that hold
    as a whole count; categories come last, and what is excluded never.
    """
    only = frozenset({row})
    return _reasons(node, only, rows_of)[row] if evaluate(node, rows_of, only) else ()


def positive_texts(node: Node) -> tuple[Text, ...]:
    """The words and phrases that the tree asks for: what relevance is measured by."""
    asked = (leaf for leaf, negated in leaves(node) if isinstance(leaf, Text) and not negated)
    return tuple(dict.fromkeys(asked))


def _matched(topic: Topic, index: Index) -> tuple[Matched, ...]:
    rows = evaluate(topic.node, index.rows, index.universe)
    if not rows:
        return ()
    texts = positive_texts(topic.node)
    scores = index.scores(texts, rows) if texts else {}
    why = _reasons(asked_node(topic), rows, index.rows)
    return tuple(Matched(row, scores.get(row, 0.0), why[row]) for row in sorted(rows))


def _reasons(node: Node, rows: frozenset[int], rows_of: RowsOf) -> dict[int, tuple[str, ...]]:
    """The reasons of each of `rows`, for all of which the tree holds."""
    found: dict[int, list[str]] = {row: [] for row in rows}
    named = (
        label
        for leaf, having in _holding(node, rows, rows_of)
        for label in _labels(leaf, having, rows_of)
    )
    for _, label, having in sorted(named, key=lambda pair: pair[0]):
        for row in having:
            known = found[row]
            # `ti: continual` tells nothing beside `ti: continual learning`.
            if len(known) < _MOST_REASONS and not any(label in longer for longer in known):
                known.append(label)
    return {row: tuple(labels) for row, labels in found.items()}


def _holding(
    node: Node, rows: frozenset[int], rows_of: RowsOf
) -> list[tuple[Leaf, frozenset[int]]]:
    """Each leaf that is asked for, with those of `rows` that it holds for."""
    match node:
        case And(children):
            return [pair for child in children for pair in _holding(child, rows, rows_of)]
        case Or(children):
            return [
                pair
                for child in children
                for pair in _holding(child, evaluate(child, rows_of, rows), rows_of)
            ]
        case Not():
            return []
        case _:
            return [(node, rows_of(node) & rows)]


def _labels(
    leaf: Leaf, rows: frozenset[int], rows_of: RowsOf
) -> list[tuple[int, str, frozenset[int]]]:
    """The leaf as a reason of `rows`: (how late it is told, label, rows).

    A word that may be anywhere is told by where it stands, the title first.
    """
    match leaf:
        case Text(field=Field.ANY):
            in_title = rows_of(replace(leaf, field=Field.TITLE)) & rows if rows else rows
            shown = _shown(leaf)
            return [(0, f"ti: {shown}", in_title), (1, f"abs: {shown}", rows - in_title)]
        case Text(field=field):
            return [(int(field is not Field.TITLE), f"{field}: {_shown(leaf)}", rows)]
        case Author(name):
            return [(0, f"author: {name}", rows)]
        case Category(pattern):
            return [(2, pattern, rows)]
        case PaperRef(paper_id):
            return [(0, f"id: {paper_id}", rows)]


def _shown(leaf: Text) -> str:
    return leaf.text + "*" * leaf.prefix
